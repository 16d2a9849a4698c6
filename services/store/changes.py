"""Whether changes fit the schema, and the lines that they leave in the log. The same for every kind of store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.store import codec
from services.store.schema import BY_NAME, HISTORY, Column, Table
from services.store.store import Change, Clash, Insert, InvalidChange, Row, Transaction, Update, Value


@dataclass(frozen=True, slots=True)
class LogLine:
    table: str
    row_id: str
    column: str
    old: str | Decimal | None
    new: str | Decimal | None


def check(change: Change) -> None:
    """Raise InvalidChange where a change does not fit the schema, or would write into the log."""
    if BY_NAME.get(change.table.name) is not change.table or change.table is HISTORY:
        raise InvalidChange(f"Tabel {change.table.name} tidak dapat diubah.")
    if isinstance(change, Insert):
        codec.check_row(change.table, change.row)
    else:
        _check_update(change)


def check_rows(tables: Mapping[str, Sequence[Row]]) -> None:
    """Raise InvalidChange unless all are rows of known tables."""
    for name, rows in tables.items():
        if name not in BY_NAME:
            raise InvalidChange(f"Tabel {name} tidak dikenal.")
        for row in rows:
            codec.check_row(BY_NAME[name], row)


def clash(
    change: Update, name: str, found: Value, as_kept: Callable[[Column, Value], Value] = codec.normal
) -> Clash | None:
    """The clash where the store holds another value than the person saw; ``as_kept``: what the store makes of one."""
    seen = change.old[name]
    if as_kept(change.table.column(name), seen) == found:
        return None
    return Clash(change.table.name, change.row_id, name, seen, found, change.new[name])


def updated(change: Update, name: str, found: Value) -> LogLine:
    column = change.table.column(name)
    old, new = codec.log_value(column, found), codec.log_value(column, change.new[name])
    return LogLine(change.table.name, change.row_id, name, old, new)


def inserted(table: Table, row: Row) -> LogLine:
    return LogLine(table.name, str(row["id"]), "", None, codec.summary(table, row))


def log_rows(transaction: Transaction, lines: Sequence[LogLine]) -> tuple[Row, ...]:
    """The rows for the log, not yet sealed; their ids follow from the transaction's, so that no line is there twice."""
    head: Row = {
        "at": transaction.at,
        "by": transaction.by,
        "role": transaction.role,
        "action": transaction.action,
        "transaction_id": transaction.id,
        "source": transaction.source,
        "seal": "",
    }
    rows = tuple({"id": f"{transaction.id}-{no}", **head, **_fields(line)} for no, line in enumerate(lines, start=1))
    for row in rows:
        codec.check_row(HISTORY, row)
    return rows


def remark(head: Transaction) -> Row:
    """The line for the log, not yet sealed, of what changed no rows one by one but the store as a whole."""
    return log_rows(head, [LogLine("", "", "", None, None)])[0]


def _fields(line: LogLine) -> Row:
    return {
        "table": line.table,
        "row_id": line.row_id,
        "column": line.column,
        "old": line.old,
        "new": line.new,
    }


def _check_update(change: Update) -> None:
    table, row_id = change.table, change.row_id
    if table.append_only:
        raise InvalidChange(f"Baris di tabel {table.name} tidak dapat diubah setelah disimpan.")
    unknown = set(change.new) - set(table.names)
    if unknown or "id" in change.new or set(change.old) - set(change.new):
        raise InvalidChange(f"Perubahan pada baris {row_id} di tabel {table.name} tidak sesuai skema.")
    for name, value in change.new.items():
        codec.check_value(table, table.column(name), value)
