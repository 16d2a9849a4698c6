"""The SQL tables, made from the schema.

Every table carries ``kode_kecamatan``, so that many offices fit one database and none sees another. ``seq`` keeps the
rows in the order in which they came. Foreign keys are checked when a transaction ends, so the order inside it is free.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.types import TypeEngine

from services.store.schema import FILE, HISTORY, TABLES, Kind, Table
from services.store.schema import Column as Field
from services.store.store import InvalidChange

METADATA = MetaData()

# Its row is what a writer locks: the writers of one office queue up, those of another do not wait.
OFFICES = SqlTable(
    "kantor",
    METADATA,
    Column("kode_kecamatan", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("ujung_riwayat", Text),  # seal of the newest line of the log: whoever cuts the log off forgets it here
)
LANDED = SqlTable(
    "transaksi",
    METADATA,
    Column("kode_kecamatan", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)


class Blob(TypeDecorator[str]):
    """Base64 text for the application, its bytes in the database: a quarter smaller, and of use to SQL alone."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        try:
            return None if value is None else base64.b64decode(value, validate=True)
        except ValueError:
            raise InvalidChange("Isi berkas di tab Berkas rusak, jadi tidak dapat disimpan.") from None

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[Any], Any]:
        return _as_base64


def _as_base64(value: Any) -> Any:
    """A SQLite file of an earlier version may still hold the text."""
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


# Sorted by code point, as on SQLite: a language's own order may pass over the signs in a moment.
_PLAIN_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.INTEGER: BigInteger(),
    Kind.FLAG: Boolean(),
    Kind.DATE: _PLAIN_TEXT,
    Kind.MOMENT: _PLAIN_TEXT,
}
_BLOBS = frozenset({FILE.column("content")})


def _column(field: Field) -> Column[Any]:
    if field in _BLOBS:
        return Column(field.name, Blob(), nullable=False)
    kind = _TYPES.get(field.kind, Text())
    if field.kind is Kind.FLAG:
        return Column(field.name, kind, nullable=False, server_default=false())
    if field.kind is Kind.TEXT and not field.references:
        return Column(field.name, kind, nullable=False, server_default=text("''"))
    return Column(field.name, kind, nullable=not field.required)


def _foreign_key(field: Field) -> ForeignKeyConstraint:
    target = field.references.lower()
    return ForeignKeyConstraint(
        ["kode_kecamatan", field.name],
        [f"{target}.kode_kecamatan", f"{target}.id"],
        deferrable=True,
        initially="DEFERRED",
    )


def _sql_table(table: Table) -> SqlTable:
    name = table.name.lower()
    referring = [field for field in table.columns if field.references]
    unique = [("id",), *([table.unique] if table.unique else [])]
    return SqlTable(
        name,
        METADATA,
        Column("seq", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
        Column("kode_kecamatan", Text, nullable=False),
        *(_column(field) for field in table.columns),
        *(UniqueConstraint("kode_kecamatan", *names) for names in unique),
        *(_foreign_key(field) for field in referring),
        *(Index(f"ix_{name}_{field.name}", "kode_kecamatan", field.name) for field in referring),
    )


SQL_TABLES = {table.name: _sql_table(table) for table in TABLES}

_log = SQL_TABLES[HISTORY.name].c
Index("ix_riwayat_at", _log.kode_kecamatan, _log["at"])
Index("ix_riwayat_row_id", _log.kode_kecamatan, _log["row_id"])
Index("ix_riwayat_transaction_id", _log.kode_kecamatan, _log["transaction_id"])
