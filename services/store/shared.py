"""One snapshot for all who look: everybody of a process shares it, and it is read again only when something changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Condition

from services.store.store import Snapshot, Store, StoreUnavailable

_CHECK_EVERY = timedelta(seconds=1)


class SharedSnapshot:
    """The newest snapshot of a store, from the memory of the process whenever possible.

    The store is asked at most once a second, by one caller at a time; meanwhile the others get the snapshot that is
    there. While the store is away, they all get the last one, and ``stale`` is true.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._turn = Condition()
        self._checking = False
        self._snapshot: Snapshot | None = None
        self._asked_at: datetime | None = None
        self._checked_at: datetime | None = None
        self._answered = False
        self._changes = 0  # calls of invalidate(); a check that began before the last of them proves nothing
        self._changes_seen = 0

    def current(self) -> Snapshot:
        """Raises StoreUnavailable only when there has never been a snapshot."""
        with self._turn:
            while self._checking and self._must_wait():
                self._turn.wait()
            if self._snapshot is not None and (self._checking or not self._due()):
                return self._snapshot
            self._checking, changes = True, self._changes
        try:
            return self._check(changes)
        finally:
            with self._turn:
                self._checking = False
                self._turn.notify_all()

    def invalidate(self) -> None:
        """Ask the store at the next ``current()``: to be called after a commit, so that its author sees it."""
        with self._turn:
            self._changes += 1

    @property
    def stale(self) -> bool:
        """Whether the last question to the store went unanswered, or none was asked yet."""
        with self._turn:
            return not self._answered

    def age(self, now: datetime) -> timedelta:
        """Time since the store last said that the snapshot is current; zero before the first question."""
        with self._turn:
            return now - self._checked_at if self._checked_at is not None else timedelta()

    def _must_wait(self) -> bool:
        return self._snapshot is None or self._changes != self._changes_seen

    def _due(self) -> bool:
        if self._asked_at is None or self._changes != self._changes_seen:
            return True
        return abs(self._now() - self._asked_at) >= _CHECK_EVERY  # a clock set back must not stop the questions

    def _check(self, changes: int) -> Snapshot:
        asked_at, last = self._now(), self._snapshot
        try:
            fresh = last if last is not None and last.revision == self._store.revision() else self._store.read()
        except StoreUnavailable:
            self._note(changes, self._now(), answered=False)  # a slow failure must not be repeated at once
            if last is None:
                raise
            return last
        self._snapshot, self._checked_at = fresh, asked_at
        self._note(changes, asked_at, answered=True)
        return fresh

    def _note(self, changes: int, asked_at: datetime, *, answered: bool) -> None:
        with self._turn:
            self._asked_at, self._changes_seen, self._answered = asked_at, changes, answered
