"""A remote store that can be away, and a replica in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from services.store.replica import Replica
from services.store.schema import Table
from services.store.sql import SqlStore
from services.store.store import (
    Clash,
    HistoryQuery,
    Log,
    Receipt,
    Row,
    Snapshot,
    StoreDamaged,
    StoreUnavailable,
    Transaction,
    Withheld,
)
from tests.store.helpers import NOW

AWAY = "Google tidak dapat dihubungi."


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Remote:
    """A SQL store that plays the remote one. ``away``: nothing gets through; ``loses_answers``: a commit lands, but its
    sender never learns it; ``damaged``: tables that cannot be written.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.store = SqlStore(f"sqlite:///{path}", "silaut", clock)
        self.away = self.loses_answers = False
        self.damaged: set[str] = set()
        self.reads = self.writes = self.questions = 0

    @property
    def address(self) -> str:
        return "https://docs.google.com/spreadsheets/d/contoh"

    def read(self) -> Snapshot:
        self.reads += 1
        self._reach()
        return self.store.read()

    def revision(self) -> int:
        raise AssertionError("a sheet has no cheap revision")

    def commit(self, transaction: Transaction) -> Receipt:
        self.writes += 1
        self._reach()
        for change in transaction.changes:
            if change.table.name in self.damaged:
                raise StoreDamaged(change.table.name, "C1", "Judul kolom C1 berubah.")
        receipt = self.store.commit(transaction)
        if self.loses_answers:
            raise StoreUnavailable(AWAY)
        return receipt

    def history(self, query: HistoryQuery) -> tuple[Row, ...]:
        self.questions += 1
        self._reach()
        return self.store.history(query)

    def log(self) -> Log:
        self._reach()
        return self.store.log()

    def file(self, file_id: str) -> bytes:
        self._reach()
        return self.store.file(file_id)

    def dump(self) -> Iterator[tuple[Table, tuple[Row, ...]]]:
        return self.store.dump()

    def load(self, tables: Mapping[str, tuple[Row, ...]]) -> Withheld:
        return self.store.load(tables)

    def _reach(self) -> None:
        if self.away:
            raise StoreUnavailable(AWAY)


def look(replica: Replica) -> Snapshot:
    """One view of a page, and what the background does at that moment."""
    replica.touch()
    snapshot = replica.current()
    replica.tick()
    replica.sender.tick()
    return snapshot


def value_in(snapshot: Snapshot, table: Table, row_id: str, column: str) -> object:
    return next(row for row in snapshot.rows(table) if row["id"] == row_id)[column]


def three(clashes: tuple[Clash, ...]) -> list[tuple[object, object, object]]:
    return [(clash.seen, clash.found, clash.wanted) for clash in clashes]
