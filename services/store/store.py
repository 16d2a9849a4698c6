"""What a store promises, whatever lies behind it: a SQL database or a shared sheet.

    StoreError                   anything below; catch it where an action is called
    ├── StoreUnavailable         the store cannot be reached: nothing was written; try again later
    ├── InvalidChange            the change does not fit the schema (unknown table, column, row, kind): a defect of ours
    ├── DuplicateRow             a row with this id or unique key is there already; nothing was written
    ├── NipWithheld              a NIP would come into a shared sheet, and the office does not allow it
    ├── StoreDamaged             people changed a shared sheet so that a write could hit wrong cells; repair it first
    └── Conflict                 somebody else changed a value since it was seen; nothing was written; ask the person

One user action is one ``Transaction``: it lands whole, with its lines in the log, or not at all. Sending a transaction
that has landed again changes nothing, so a caller who does not know may simply send it once more.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, TypeAlias

from services.store.schema import Table

Value: TypeAlias = str | Decimal | int | date | datetime | bool | None
Row: TypeAlias = Mapping[str, Value]


class StoreError(Exception):
    """Base of all store errors; the message is for people, in Indonesian."""


class StoreUnavailable(StoreError):
    pass


class InvalidChange(StoreError):
    pass


class StoreDamaged(StoreError):
    """Writing to this tab is not safe until a person repairs it; ``cell`` is "" where the whole tab is meant."""

    def __init__(self, tab: str, cell: str, message: str) -> None:
        super().__init__(message)
        self.tab, self.cell = tab, cell


class DuplicateRow(StoreError):
    def __init__(self, table: str, row_id: str) -> None:
        super().__init__(f"Baris {row_id} sudah ada di tabel {table}; tidak ada yang disimpan.")
        self.table, self.row_id = table, row_id


class NipWithheld(StoreError):
    def __init__(self) -> None:
        super().__init__(
            "Kantor belum mengizinkan NIP di spreadsheet bersama. Kosongkan NIP, atau izinkan dahulu di halaman Kantor "
            "bagian Data pribadi."
        )


@dataclass(frozen=True, slots=True)
class Clash:
    """One value on which two people disagree: what this person saw, what is there now, what this person wants."""

    table: str
    row_id: str
    column: str
    seen: Value
    found: Value
    wanted: Value


class Conflict(StoreError):
    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__("Nilai ini sudah diubah orang lain sejak Anda membukanya; tidak ada yang disimpan.")
        self.clashes = clashes


@dataclass(frozen=True, slots=True)
class Update:
    """New values of one row, with the values that the person saw.

    ``old`` has the keys of ``new`` that must still hold what the person saw; a key that is only in ``new`` (a stamp
    such as who and when) is written whatever stands there.
    """

    table: Table
    row_id: str
    old: Mapping[str, Value]
    new: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Insert:
    """One new row, complete, with its client-made id."""

    table: Table
    row: Row


Change: TypeAlias = Update | Insert


def new_id() -> str:
    """A random row or transaction id."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Transaction:
    """One user action: who did what, when (aware, WIB), through which page or command."""

    at: datetime
    by: str
    role: str
    action: str
    source: str
    changes: tuple[Change, ...]
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Receipt:
    """``repeated``: the transaction had landed before; nothing was written this time.

    ``revision`` is that of the data with this transaction; for a repeated one on a shared sheet, of the data now.
    """

    transaction_id: str
    revision: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a shared sheet did not take of a whole office: NIPs left blank, lines of the log written without them."""

    officials: int = 0
    lines: int = 0

    def __bool__(self) -> bool:
        return bool(self.officials or self.lines)

    def __str__(self) -> str:
        """For people: how many, why, and what to do."""
        parts = []
        if self.officials:
            parts.append(
                f"{self.officials} NIP di tabel Pejabat dikosongkan, karena kantor belum mengizinkan NIP di "
                "spreadsheet bersama. Ketik NIP penanda tangan saat menerbitkan dokumen, atau izinkan di halaman "
                "Kantor, lalu isi lagi."
            )
        if self.lines:
            parts.append(f"{self.lines} baris Riwayat ditulis tanpa NIP, sebab isi Riwayat tidak dapat dihapus lagi.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """A cell of a shared sheet that cannot be used: where, what stands there, why, and what to write (Indonesian).

    ``cell`` is an A1 address without the tab, or "" where the whole tab is meant. ``blocks``: the application writes
    nothing to this tab until it is repaired.
    """

    tab: str
    cell: str
    typed: str
    why: str
    suggestion: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where one table stands in a shared sheet: its tab's ``gid``, column letters by name, row numbers by id."""

    gid: int
    columns: Mapping[str, str]
    rows: Mapping[str, int]

    def cell(self, row_id: str, column: str) -> str:
        """A1 address such as ``G12``; "" where the row or the column is not there."""
        if row_id not in self.rows or column not in self.columns:
            return ""
        return f"{self.columns[column]}{self.rows[row_id]}"


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All tables but those on demand, as they were at one moment. ``revision`` changes whenever the data change.

    ``problems`` are the cells of a shared sheet that could not be used; a row that cannot be used is not in ``tables``.
    ``pending`` names the values (table, row id, column) that were saved here and wait to be sent to a remote store.
    """

    office: str
    revision: int
    read_at: datetime
    tables: Mapping[str, tuple[Row, ...]]
    problems: tuple[SheetProblem, ...] = ()
    places: Mapping[str, Places] = field(default_factory=dict)
    pending: frozenset[tuple[str, str, str]] = frozenset()

    def rows(self, table: Table) -> tuple[Row, ...]:
        return self.tables[table.name]

    def place(self, table: Table, row_id: str, column: str) -> str:
        """Where a value stands, for people: ``Isian!G12`` in a sheet, else ``Isian, kolom Realisasi``."""
        places = self.places.get(table.name)
        cell = places.cell(row_id, column) if places else ""
        return f"{table.name}!{cell}" if cell else f"{table.name}, kolom {table.column(column).header}"


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which lines of the log: newest first, at most ``limit``; empty fields do not restrict.

    ``since``/``until`` are inclusive days in WIB; ``row_ids`` any of these rows.
    """

    by: str = ""
    table: str = ""
    row_ids: tuple[str, ...] = ()
    transaction_id: str = ""
    since: date | None = None
    until: date | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Log:
    """The whole log as it lies there, oldest line first, whatever has been done to it.

    ``head`` is the seal of the newest line, kept in another place than the log; None where none was kept.
    """

    lines: tuple[Row, ...]
    head: str | None


class Store(Protocol):
    """Where the office's data live. Safe to use from several threads."""

    @property
    def address(self) -> str:
        """URL without secrets, for people."""
        ...

    def read(self) -> Snapshot:
        """All tables in one consistent read. Raises StoreUnavailable."""
        ...

    def revision(self) -> int:
        """The revision of the present data, to see whether a snapshot is still current.

        A database counts its transactions. A shared sheet has no counter that people's typing would move, so there it
        is a fingerprint of the data; 0 while there are none.
        """
        ...

    def commit(self, transaction: Transaction) -> Receipt:
        """Write all or nothing. Raises Conflict, DuplicateRow, InvalidChange, NipWithheld, StoreDamaged or
        StoreUnavailable.
        """
        ...

    def history(self, query: HistoryQuery) -> tuple[Row, ...]:
        """Lines of the log, newest first."""
        ...

    def log(self) -> Log:
        """The log for a check of its seals. Raises StoreUnavailable, or StoreDamaged where its columns are gone."""
        ...

    def file(self, file_id: str) -> bytes:
        """A kept file (table ``Berkas``). Raises StoreError where it is not whole, StoreUnavailable."""
        ...

    def dump(self) -> Iterator[tuple[Table, tuple[Row, ...]]]:
        """Every table with all its rows, the log included, from one consistent read: for backup and moving."""
        ...

    def load(self, tables: Mapping[str, tuple[Row, ...]]) -> Withheld:
        """Replace everything by these tables in one transaction, for restore and for a new office.

        What a shared sheet leaves blank is returned, to be said; a database takes everything.
        """
        ...
