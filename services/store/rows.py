"""Plain reading and writing of one office's rows within one database transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Select, delete, insert, select, tuple_, update

from services.store import codec
from services.store.schema import Table
from services.store.store import InvalidChange, Row, Value
from services.store.tables import LANDED, METADATA, OFFICES, SQL_TABLES

Key: TypeAlias = tuple[codec.Stored, ...]
_T = TypeVar("_T")

_CHUNK = 400  # rows named in one query; SQLite takes a limited number of parameters


def key_of(table: Table, columns: Sequence[str], row: Row) -> Key:
    return tuple(codec.encode(table.column(name), row[name]) for name in columns)


@dataclass(frozen=True, slots=True)
class OfficeRows:
    connection: Connection
    office: str
    _decoder: codec.Decoder = field(default_factory=codec.Decoder)

    def enter(self) -> None:
        """Make the office known, with revision 0."""
        if self.connection.execute(select(OFFICES).where(OFFICES.c.kode_kecamatan == self.office)).first() is None:
            self.connection.execute(insert(OFFICES).values(kode_kecamatan=self.office, revision=0))

    def revision(self) -> int:
        return int(self.connection.execute(self._office()).scalar_one())

    def lock(self) -> int:
        """Keep other writers of this office out until the transaction ends; the present revision."""
        return int(self.connection.execute(self._office().with_for_update()).scalar_one())

    def log_head(self) -> str | None:
        """What was kept of the newest line of the log."""
        kept = select(OFFICES.c.ujung_riwayat).where(OFFICES.c.kode_kecamatan == self.office)
        head: str | None = self.connection.execute(kept).scalar_one()
        return head

    def keep_log_head(self, head: str) -> None:
        mine = update(OFFICES).where(OFFICES.c.kode_kecamatan == self.office)
        self.connection.execute(mine.values(ujung_riwayat=head))

    def landed(self, transaction_id: str) -> int | None:
        """The revision that a transaction made, or None when it has not landed."""
        found = select(LANDED.c.revision).where(LANDED.c.kode_kecamatan == self.office, LANDED.c.id == transaction_id)
        return self.connection.execute(found).scalar_one_or_none()

    def advance(self, revision: int, transaction_ids: Iterable[str]) -> None:
        """Set the revision, and remember that these transactions landed in it."""
        landed = [{"kode_kecamatan": self.office, "id": name, "revision": revision} for name in transaction_ids]
        if landed:
            self.connection.execute(insert(LANDED), landed)
        self.connection.execute(
            update(OFFICES).where(OFFICES.c.kode_kecamatan == self.office).values(revision=revision)
        )

    def select(self, table: Table) -> Select[Any]:
        sql = SQL_TABLES[table.name]
        return select(*(sql.c[name] for name in table.names)).where(sql.c.kode_kecamatan == self.office)

    def fetch(self, table: Table, query: Select[Any]) -> tuple[Row, ...]:
        return self._decoder.rows(table, self.connection.execute(query))

    def all(self, table: Table, *, as_it_lies: bool = False) -> tuple[Row, ...]:
        """Every row, in the order in which they came. For ``as_it_lies`` see ``codec.Decoder``."""
        query = self.select(table).order_by(SQL_TABLES[table.name].c["seq"])
        return self._decoder.rows(table, self.connection.execute(query), as_it_lies=as_it_lies)

    def one(self, table: Table, row_id: str) -> Row:
        found = self.fetch(table, self.select(table).where(SQL_TABLES[table.name].c["id"] == row_id))
        if not found:
            raise InvalidChange(f"Baris {row_id} tidak ada di tabel {table.name}; tidak ada yang disimpan.")
        return found[0]

    def taken(self, table: Table, columns: Sequence[str], keys: Sequence[Key]) -> Mapping[Key, str]:
        """Which of these keys are in the table, each with the id of its row."""
        sql = SQL_TABLES[table.name]
        key = [sql.c[name] for name in columns]
        found: dict[Key, str] = {}
        for chunk in _chunks(keys):
            query = select(sql.c["id"], *key).where(sql.c.kode_kecamatan == self.office, tuple_(*key).in_(chunk))
            found |= {tuple(row[1:]): row[0] for row in self.connection.execute(query)}
        return found

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            stored = [{"kode_kecamatan": self.office, **codec.encode_row(table, row)} for row in rows]
            self.connection.execute(insert(SQL_TABLES[table.name]), stored)

    def update(self, table: Table, row_id: str, values: Mapping[str, Value]) -> None:
        sql = SQL_TABLES[table.name]
        stored = {name: codec.encode(table.column(name), value) for name, value in values.items()}
        wanted = update(sql).where(sql.c.kode_kecamatan == self.office, sql.c["id"] == row_id)
        self.connection.execute(wanted.values(stored))

    def clear(self) -> None:
        """Delete all rows of the office and forget its transactions; referring tables first."""
        for sql in reversed(METADATA.sorted_tables):
            if sql is not OFFICES:
                self.connection.execute(delete(sql).where(sql.c.kode_kecamatan == self.office))

    def _office(self) -> Select[int]:
        return select(OFFICES.c.revision).where(OFFICES.c.kode_kecamatan == self.office)


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
