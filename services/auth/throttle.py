"""Slows down guessing of passwords: some free attempts, then a wait that doubles, never a lasting lock-out."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
REMEMBERED = timedelta(hours=1)
MAX_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last: datetime

    @property
    def open_at(self) -> datetime:
        if self.count < FREE_ATTEMPTS:
            return self.last
        doublings = min(self.count - FREE_ATTEMPTS, 10)
        return self.last + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


class Throttle:
    """Counts failures per name typed, known or not, so that the wait does not tell which names exist."""

    def __init__(self) -> None:
        self._failures: dict[str, _Failures] = {}
        self._lock = threading.Lock()

    def wait(self, name: str, now: datetime) -> timedelta:
        """How long until the next attempt is allowed; zero: now."""
        with self._lock:
            failures = self._failures.get(name)
        return max(failures.open_at - now, timedelta()) if failures else timedelta()

    def failed(self, name: str, now: datetime) -> None:
        with self._lock:
            self._forget_old(now)
            before = self._failures.get(name)
            self._failures[name] = _Failures(before.count + 1 if before else 1, now)

    def succeeded(self, name: str) -> None:
        with self._lock:
            self._failures.pop(name, None)

    def _forget_old(self, now: datetime) -> None:
        if len(self._failures) >= MAX_NAMES:
            self._failures = {n: f for n, f in self._failures.items() if now - f.last < REMEMBERED}
        while len(self._failures) >= MAX_NAMES:
            del self._failures[next(iter(self._failures))]
