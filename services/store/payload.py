"""Transactions and clashes as JSON texts, for the outbox: values in the forms of the codec, without any loss."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.domain.clock import WIB
from services.store import codec
from services.store.schema import BY_NAME, Column, Table
from services.store.store import Change, Clash, Insert, InvalidChange, Row, Transaction, Update, Value

_HEAD = ("id", "by", "role", "action", "source")


def write(transaction: Transaction) -> str:
    head = {name: getattr(transaction, name) for name in _HEAD}
    changes = [_write_change(change) for change in transaction.changes]
    content = {**head, "at": transaction.at.isoformat(), "changes": changes}
    return json.dumps(content, ensure_ascii=False)


def read_head(text: str) -> Transaction:
    """Who did what, when; without the changes."""
    return _head(json.loads(text), ())


def read(text: str) -> Transaction:
    """Raises InvalidChange where a change was written under another schema."""
    content = json.loads(text)
    try:
        changes = tuple(map(_read_change, content["changes"]))
    except (LookupError, ValueError, TypeError, ArithmeticError) as error:
        raise InvalidChange("Perubahan ini dibuat oleh versi aplikasi lain dan tidak dapat dibaca lagi.") from error
    return _head(content, changes)


def write_clashes(clashes: Sequence[Clash]) -> str:
    return json.dumps([_write_clash(clash) for clash in clashes], ensure_ascii=False)


def read_clashes(text: str) -> tuple[Clash, ...]:
    return tuple(map(_read_clash, json.loads(text)))


def _head(content: Mapping[str, Any], changes: tuple[Change, ...]) -> Transaction:
    at = datetime.fromisoformat(content["at"]).astimezone(WIB)
    return Transaction(at=at, changes=changes, **{name: content[name] for name in _HEAD})


def _write_change(change: Change) -> dict[str, Any]:
    table = change.table
    if isinstance(change, Insert):
        return {"table": table.name, "row": _stored(table, change.row)}
    old, new = _stored(table, change.old), _stored(table, change.new)
    return {"table": table.name, "row_id": change.row_id, "old": old, "new": new}


def _read_change(content: Mapping[str, Any]) -> Change:
    table = BY_NAME[content["table"]]
    if "row" in content:
        return Insert(table, _values(table, content["row"]))
    return Update(table, content["row_id"], _values(table, content["old"]), _values(table, content["new"]))


def _stored(table: Table, values: Row) -> dict[str, codec.Stored]:
    return {name: codec.encode(table.column(name), value) for name, value in values.items()}


def _values(table: Table, stored: Mapping[str, codec.Stored]) -> dict[str, Value]:
    return {name: codec.decode(_column(table, name), value) for name, value in stored.items()}


def _column(table: Table, name: str) -> Column:
    if name not in table.names:
        raise LookupError(name)
    return table.column(name)


def _write_clash(clash: Clash) -> dict[str, Any]:
    table = BY_NAME[clash.table]
    values = {"seen": clash.seen, "found": clash.found, "wanted": clash.wanted}
    stored = {name: codec.encode(table.column(clash.column), value) for name, value in values.items()}
    return {"table": clash.table, "row_id": clash.row_id, "column": clash.column, **stored}


def _read_clash(content: Mapping[str, Any]) -> Clash:
    column = BY_NAME[content["table"]].column(content["column"])
    values = (codec.decode(column, content[name]) for name in ("seen", "found", "wanted"))
    return Clash(content["table"], content["row_id"], content["column"], *values)
