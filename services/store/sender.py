"""Sends what waits in the outbox: in order, each exactly once, patiently while the store is away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.store.outbox import Item, Outbox, State
from services.store.overlay import RowKey, touched, written
from services.store.store import Conflict, Store, StoreDamaged, StoreError, StoreUnavailable, Transaction

_LOG = logging.getLogger("monev.antrean")
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=2), timedelta(seconds=60)
_BEHIND = "Menunggu perubahan sebelumnya pada baris yang sama."
_DEFECT = "Galat tak terduga saat mengirim; rinciannya di catatan galat. Dicoba lagi."
_UNREADABLE = "Perubahan ini dibuat oleh versi aplikasi lain dan tidak dapat dibaca lagi."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a transaction in one round. ``reason`` is "" where it was sent."""

    transaction: Transaction
    state: State
    reason: str = ""


class Sender:
    """Sends from the outbox to the store. One round at a time on this machine, whoever calls."""

    def __init__(self, remote: Store, outbox: Outbox, now: Callable[[], datetime]) -> None:
        self._remote, self._outbox, self._now = remote, outbox, now
        self._tried_at: datetime | None = None
        self._pause = timedelta()

    def tick(self) -> None:
        """Do a round, if something waits and the pause after a failure is over."""
        if self._due() and any(item.state is State.WAITING for item in self._outbox.queue()):
            self.round()

    def round(self, patience: float = 0) -> tuple[Outcome, ...] | None:
        """Try everything that waits, once; None: another process is sending now (waits ``patience`` seconds for it).

        What cannot land yet keeps back whatever touches the same rows; everything else goes on. When the store is
        away, the round ends.
        """
        with self._outbox.sending(patience) as my_turn:
            if not my_turn:
                return None
            outcomes = tuple(self._outcomes())
        self._note([outcome for outcome in outcomes if outcome.reason != _BEHIND])
        return outcomes

    def _outcomes(self) -> Iterator[Outcome]:
        held: set[RowKey] = set()
        away = ""
        for item in self._outbox.queue():
            if item.state is State.CONFLICT:
                held |= written(item.transaction)
                continue
            behind = bool(touched(item.transaction) & held)
            outcome = self._waits(item, away or _BEHIND) if away or behind else self._send(item)
            if outcome.state is not State.SENT:
                held |= written(item.transaction)
            if isinstance(outcome, _Away):
                away = outcome.reason
            yield outcome

    def _send(self, item: Item) -> Outcome:
        transaction = item.transaction
        try:
            if not item.readable:
                return self._refuse(item, _UNREADABLE, None)
            self._remote.commit(transaction)
        except StoreUnavailable as error:
            return _Away(transaction, State.WAITING, str(error))
        except StoreDamaged as error:
            return self._waits(item, str(error))
        except StoreError as error:
            return self._refuse(item, str(error), error)
        except Exception:
            _LOG.exception("Transaksi %s", transaction.id)
            return _Away(transaction, State.WAITING, _DEFECT)
        self._outbox.sent(transaction.id, self._now())
        return Outcome(transaction, State.SENT)

    def _refuse(self, item: Item, reason: str, error: StoreError | None) -> Outcome:
        clashes = error.clashes if isinstance(error, Conflict) else ()
        self._outbox.refused(item.transaction.id, reason, clashes, self._now())
        return Outcome(item.transaction, State.CONFLICT, reason)

    def _waits(self, item: Item, reason: str) -> Outcome:
        return Outcome(item.transaction, State.WAITING, reason)

    def _due(self) -> bool:
        return self._tried_at is None or abs(self._now() - self._tried_at) >= self._pause

    def _note(self, outcomes: list[Outcome]) -> None:
        """After a round that got nothing done, the next one comes later and later."""
        self._tried_at = self._now()
        stuck = bool(outcomes) and all(outcome.state is State.WAITING for outcome in outcomes)
        self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE) if stuck else timedelta()


class _Away(Outcome):
    """The store could not be reached, so that trying the next one makes no sense."""
