"""Transactions that wait on their way to a remote store, laid over its last snapshot: what the data will be then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from services.store import codec
from services.store.changes import check, clash
from services.store.privacy import refuse_nip
from services.store.schema import BY_NAME, PROFILE, Table
from services.store.store import (
    Change,
    Clash,
    Conflict,
    DuplicateRow,
    Insert,
    InvalidChange,
    Row,
    Snapshot,
    Transaction,
    Update,
    Value,
)

RowKey: TypeAlias = tuple[str, str]
"""Table name and row id."""


def overlaid(base: Snapshot, landed: Sequence[Transaction], waiting: Sequence[Transaction]) -> Snapshot:
    """The snapshot with ``landed`` (sent, not yet read back) and ``waiting`` in it; the values of the latter pend.

    A change that no longer fits (its row is gone, or is there already) is left out: the store decides on it when it
    is sent. Without any transaction this is ``base`` itself.
    """
    if not landed and not waiting:
        return base
    rows = _Rows(base.tables)
    for transaction in (*landed, *waiting):
        for change in transaction.changes:
            rows.lay(change)
    pending = frozenset(cell for transaction in waiting for cell in _cells(transaction))
    revision = _revision(base.revision, [*(t.id for t in landed), "", *(t.id for t in waiting)])
    return replace(base, revision=revision, tables=rows.tables(), pending=pending)


def verify(seen: Snapshot, transaction: Transaction) -> None:
    """Raise what the store would raise if these were its data.

    That is InvalidChange, DuplicateRow, NipWithheld, or Conflict.
    """
    for change in transaction.changes:
        check(change)
    if seen.places:
        refuse_nip(seen.rows(PROFILE), transaction.changes)
    rows = _Rows(seen.tables)
    clashes = [found for change in transaction.changes for found in rows.apply(change)]
    if clashes:
        raise Conflict(tuple(clashes))
    for change in transaction.changes:
        rows.check_references(change)


def written(transaction: Transaction) -> frozenset[RowKey]:
    """The rows that a transaction makes or changes."""
    return frozenset(_row_of(change) for change in transaction.changes)


def touched(transaction: Transaction) -> frozenset[RowKey]:
    """The rows that a transaction writes, and those that it refers to."""
    return written(transaction) | frozenset(key for change in transaction.changes for key in _referred(change))


class _Rows:
    """Tables by id, copied when they are first changed."""

    def __init__(self, tables: Mapping[str, tuple[Row, ...]]) -> None:
        self._tables = tables
        self._changed: dict[str, dict[str, Row]] = {}
        self._keys: dict[str, dict[tuple[Value, ...], str]] = {}

    def tables(self) -> dict[str, tuple[Row, ...]]:
        return {**self._tables, **{name: tuple(rows.values()) for name, rows in self._changed.items()}}

    def lay(self, change: Change) -> None:
        """Change what can be changed, of what a snapshot holds."""
        if change.table.on_demand:
            return
        rows = self._of(change.table)
        if isinstance(change, Insert):
            rows.setdefault(str(change.row["id"]), change.row)
        elif change.row_id in rows:
            rows[change.row_id] = {**rows[change.row_id], **change.new}

    def apply(self, change: Change) -> list[Clash]:
        """Change as a store would; the clashes, if any. Raises InvalidChange or DuplicateRow."""
        if change.table.on_demand:
            return []  # not part of a snapshot: only the store itself knows
        clashes = [] if isinstance(change, Insert) else self._clashes(change)
        if not clashes:
            self._refuse_taken_key(change)
            self.lay(change)
        return clashes

    def check_references(self, change: Change) -> None:
        """Raise InvalidChange where the change refers to a row that is not there."""
        for name, row_id in _referred(change):
            if row_id not in self._of(BY_NAME[name]):
                raise InvalidChange(f"Perubahan menunjuk baris {row_id} yang tidak ada di tabel {name}.")

    def _of(self, table: Table) -> dict[str, Row]:
        if table.name not in self._changed:
            self._changed[table.name] = {str(row["id"]): row for row in self._tables.get(table.name, ())}
        return self._changed[table.name]

    def _clashes(self, change: Update) -> list[Clash]:
        table, row_id = change.table, change.row_id
        row = self._of(table).get(row_id)
        if row is None:
            raise InvalidChange(f"Baris {row_id} tidak ada di tabel {table.name}; tidak ada yang disimpan.")
        found = (clash(change, name, row[name], codec.normal) for name in change.old)
        return [each for each in found if each is not None]

    def _refuse_taken_key(self, change: Change) -> None:
        rows, row_id = self._of(change.table), _row_of(change)[1]
        if isinstance(change, Insert) and row_id in rows:
            raise DuplicateRow(change.table.name, row_id)
        unique = change.table.unique
        if not unique or (isinstance(change, Update) and not set(unique) & set(change.new)):
            return
        before = rows.get(row_id, {})
        key, keys = _key(unique, {**before, **_values(change)}), self._keys_of(change.table)
        if keys.get(key, row_id) != row_id:
            raise DuplicateRow(change.table.name, row_id)
        if before:
            keys.pop(_key(unique, before), None)
        keys[key] = row_id

    def _keys_of(self, table: Table) -> dict[tuple[Value, ...], str]:
        if table.name not in self._keys:
            self._keys[table.name] = {_key(table.unique, row): row_id for row_id, row in self._of(table).items()}
        return self._keys[table.name]


def _key(columns: Iterable[str], row: Row) -> tuple[Value, ...]:
    return tuple(row[name] for name in columns)


def _row_of(change: Change) -> RowKey:
    row_id = str(change.row["id"]) if isinstance(change, Insert) else change.row_id
    return change.table.name, row_id


def _values(change: Change) -> Row:
    return change.row if isinstance(change, Insert) else change.new


def _referred(change: Change) -> Iterator[RowKey]:
    for name, value in _values(change).items():
        target = change.table.column(name).references
        if target in BY_NAME and value:
            yield target, str(value)


def _cells(transaction: Transaction) -> Iterator[tuple[str, str, str]]:
    for change in transaction.changes:
        for name in _values(change):
            yield (*_row_of(change), name)


def _revision(base: int, ids: Iterable[str]) -> int:
    """Another number for other data, the same in every process."""
    digest = hashlib.sha256("\n".join([str(base), *ids]).encode()).digest()
    return int.from_bytes(digest[:8]) >> 1
