"""Transactions on their way to a remote store, durable before anybody is told "tersimpan".

    menunggu ──sent──────────────────────────▶ terkirim
       │  ▲
       │  └──retried (same transaction)──┐
       └──refused by the store──▶ bentrok ──a person: the value that is there──▶ dibatalkan
                                    └──────a person: my value─▶ diganti, and a new transaction waits in its place

Nothing leaves this file unsent but by the decision of a person, and then it stays as ``dibatalkan`` or ``diganti``.
The file is SQLite with every commit flushed to the disk; any number of threads and processes may use it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from services.domain.clock import WIB
from services.store import payload
from services.store.store import Clash, InvalidChange, StoreUnavailable, Transaction

_BUSY_SECONDS = 10
_TABLES = (
    """CREATE TABLE IF NOT EXISTS antrean (
        nomor INTEGER PRIMARY KEY AUTOINCREMENT, tempat INTEGER NOT NULL, id TEXT NOT NULL UNIQUE,
        keadaan TEXT NOT NULL, isi TEXT NOT NULL, alasan TEXT NOT NULL, bentrok TEXT NOT NULL, pada TEXT NOT NULL,
        oleh TEXT NOT NULL, urutan INTEGER)""",
    "CREATE INDEX IF NOT EXISTS menurut_keadaan ON antrean (keadaan, tempat)",
    "CREATE TABLE IF NOT EXISTS hitungan (nama TEXT PRIMARY KEY, angka INTEGER NOT NULL)",
    "INSERT OR IGNORE INTO hitungan VALUES ('versi', 0), ('urutan', 0)",
)
_FOUND = "SELECT tempat, keadaan, isi, alasan, bentrok, pada, oleh, urutan FROM antrean WHERE "


class State(StrEnum):
    """Where a transaction stands; the value is the wording in the file."""

    WAITING = "menunggu"
    SENT = "terkirim"
    CONFLICT = "bentrok"
    DROPPED = "dibatalkan"
    REPLACED = "diganti"


@dataclass(frozen=True, slots=True)
class Item:
    """A transaction and what became of it.

    ``place`` is its place in the order; one that is not ``readable`` was made under another schema and is shown without
    its changes; ``reason`` says why the store refused it or why it still waits (Indonesian); ``at`` when it came into
    this state, ``decided_by`` who decided on it; ``ordinal`` counts what was sent.
    """

    place: int
    transaction: Transaction
    readable: bool
    state: State
    reason: str
    clashes: tuple[Clash, ...]
    at: datetime
    decided_by: str
    ordinal: int | None


class Outbox:
    """The queue in the file at ``path``, which is made when needed. Every method raises StoreUnavailable when the file
    cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in _TABLES:
                connection.execute(statement)

    def add(self, transaction: Transaction, at: datetime, after: int, check: Callable[[Sequence[Item]], None]) -> bool:
        """Put a transaction at the end; it is on the disk when this returns. False: it was here before.

        ``check`` gets ``live(after)`` and may raise to refuse; nobody else adds meanwhile.
        """
        with self._changing() as connection:
            if connection.execute("SELECT 1 FROM antrean WHERE id = ?", (transaction.id,)).fetchone():
                return False
            check(_live(connection, after))
            last = connection.execute("SELECT coalesce(max(tempat), 0) FROM antrean").fetchone()[0]
            _insert(connection, transaction, last + 1, at)
        return True

    def version(self) -> int:
        """A number that grows with each change of the queue."""
        return self._counter("versi")

    def sent_count(self) -> int:
        """How many transactions have been sent in the life of this queue; the ordinal of the newest."""
        return self._counter("urutan")

    def live(self, after: int) -> tuple[Item, ...]:
        """What waits or is in conflict, and what was sent with an ordinal greater than ``after``, in order."""
        with self._connection() as connection:
            return _live(connection, after)

    def queue(self) -> tuple[Item, ...]:
        """What waits or is in conflict, in order."""
        return tuple(item for item in self.live(self.sent_count()) if item.state is not State.SENT)

    def decided(self, limit: int = 50) -> tuple[Item, ...]:
        """What people decided after a conflict, the newest first."""
        states = (State.DROPPED.value, State.REPLACED.value, limit)
        with self._connection() as connection:
            where = "keadaan IN (?, ?) ORDER BY pada DESC, nomor DESC LIMIT ?"
            return _items(connection.execute(_FOUND + where, states))

    def find(self, transaction_id: str) -> Item | None:
        with self._connection() as connection:
            rows = connection.execute(_FOUND + "id = ?", (transaction_id,))
            return next(iter(_items(rows)), None)

    def sent(self, transaction_id: str, at: datetime) -> None:
        """The store has it, for sure."""
        with self._changing() as connection:
            connection.execute("UPDATE hitungan SET angka = angka + 1 WHERE nama = 'urutan'")
            ordinal = _count(connection, "urutan")
            _turn(connection, transaction_id, State.WAITING, State.SENT, at, reason="", ordinal=ordinal)

    def refused(self, transaction_id: str, reason: str, clashes: Sequence[Clash], at: datetime) -> None:
        """The store will not take it as it is: a person must decide."""
        found = payload.write_clashes(clashes)
        with self._changing() as connection:
            _turn(connection, transaction_id, State.WAITING, State.CONFLICT, at, reason=reason, clashes=found)

    def retry(self, transaction_id: str, at: datetime) -> bool:
        """A person wants it sent once more as it is. False: it is no longer in conflict."""
        with self._changing() as connection:
            return _turn(connection, transaction_id, State.CONFLICT, State.WAITING, at, reason="", clashes="[]")

    def drop(self, transaction_id: str, by: str, at: datetime) -> bool:
        """A person wants the value that is in the store. False: it is no longer in conflict."""
        with self._changing() as connection:
            return _turn(connection, transaction_id, State.CONFLICT, State.DROPPED, at, by=by)

    def replace(self, transaction_id: str, by: Transaction, at: datetime) -> bool:
        """A person wants another transaction in its place. False: it is no longer in conflict."""
        with self._changing() as connection:
            if not _turn(connection, transaction_id, State.CONFLICT, State.REPLACED, at, by=by.by):
                return False
            place = connection.execute("SELECT tempat FROM antrean WHERE id = ?", (transaction_id,)).fetchone()[0]
            _insert(connection, by, place, at)
            return True

    def forget_sent(self, before: datetime) -> None:
        """Forget what was sent before this moment. What people decided stays."""
        with self._connection() as connection:
            old = (State.SENT.value, _text(before))
            connection.execute("DELETE FROM antrean WHERE keadaan = ? AND pada < ?", old)

    @contextmanager
    def sending(self, patience: float = 0) -> Iterator[bool]:
        """The turn to send, for one thread of one process at a time; False: somebody else has it.

        The operating system takes it back from a process that dies.
        """
        with closing(sqlite3.connect(self._path.with_suffix(".kunci"), timeout=patience, isolation_level=None)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
                return
            yield True

    def _counter(self, name: str) -> int:
        with self._connection() as connection:
            return _count(connection, name)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE hitungan SET angka = angka + 1 WHERE nama = 'versi'")
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """One short transaction on a connection of its own, as threads may not share one."""
        with self._explained(), closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
            # EXTRA is FULL that also flushes the folder, without which a power cut could bring back the old state.
            connection.execute("PRAGMA synchronous = EXTRA")
            with connection:
                yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(
                f"Berkas antrean {self._path} tidak dapat dipakai; tidak ada yang disimpan."
            ) from error


def _count(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute("SELECT angka FROM hitungan WHERE nama = ?", (name,)).fetchone()[0])


def _live(connection: sqlite3.Connection, after: int) -> tuple[Item, ...]:
    states = (State.WAITING.value, State.CONFLICT.value, State.SENT.value, after)
    where = "keadaan IN (?, ?) OR (keadaan = ? AND urutan > ?) ORDER BY tempat, nomor"
    return _items(connection.execute(_FOUND + where, states))


def _insert(connection: sqlite3.Connection, transaction: Transaction, place: int, at: datetime) -> None:
    connection.execute(
        "INSERT INTO antrean (tempat, id, keadaan, isi, alasan, bentrok, pada, oleh)"
        " VALUES (?, ?, ?, ?, '', '[]', ?, '')",
        (place, transaction.id, State.WAITING.value, payload.write(transaction), _text(at)),
    )


def _turn(
    connection: sqlite3.Connection,
    transaction_id: str,
    before: State,
    after: State,
    at: datetime,
    *,
    reason: str | None = None,
    clashes: str | None = None,
    by: str | None = None,
    ordinal: int | None = None,
) -> bool:
    """Change the state, and what else is given; False where the state is no longer ``before``."""
    done = connection.execute(
        "UPDATE antrean SET keadaan = ?, pada = ?, alasan = coalesce(?, alasan), bentrok = coalesce(?, bentrok),"
        " oleh = coalesce(?, oleh), urutan = coalesce(?, urutan) WHERE id = ? AND keadaan = ?",
        (after.value, _text(at), reason, clashes, by, ordinal, transaction_id, before.value),
    )
    return done.rowcount == 1


def _items(rows: sqlite3.Cursor) -> tuple[Item, ...]:
    return tuple(map(_item, rows.fetchall()))


def _item(row: tuple[int, str, str, str, str, str, str, int | None]) -> Item:
    place, state, content, reason, clashes, at, by, ordinal = row
    try:
        transaction, readable = payload.read(content), True
        found = payload.read_clashes(clashes)
    except InvalidChange:
        transaction, readable, found = payload.read_head(content), False, ()
    moment = datetime.fromisoformat(at).astimezone(WIB)
    return Item(place, transaction, readable, State(state), reason, found, moment, by, ordinal)


def _text(moment: datetime) -> str:
    return moment.astimezone(WIB).isoformat(timespec="microseconds")
