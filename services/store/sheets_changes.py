"""A transaction applied to the rows of a sheet as they were just read: what is to be written, or why nothing may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.store.changes import LogLine, clash, inserted, updated
from services.store.schema import Table
from services.store.sheets_cells import settled
from services.store.sheets_reading import Sheet, letter
from services.store.store import (
    Change,
    Clash,
    Conflict,
    DuplicateRow,
    Insert,
    InvalidChange,
    Row,
    StoreDamaged,
    Update,
    Value,
)

Key = tuple[Value, ...]


@dataclass(slots=True)
class _Rows:
    """The rows of one table while changes are being applied: by id, and which id has each unique key."""

    sheet: Sheet
    by_id: dict[str, Row]
    keys: dict[Key, str]


@dataclass(slots=True)
class Applied:
    """What a transaction does: new rows and new values by table and id, and its lines for the log."""

    lines: list[LogLine] = field(default_factory=list)
    inserts: dict[str, list[Row]] = field(default_factory=dict)
    updates: dict[tuple[str, str], dict[str, Value]] = field(default_factory=dict)


def apply(sheets: Mapping[str, Sheet], changes: Sequence[Change]) -> Applied:
    """Raises Conflict with every clash, DuplicateRow, InvalidChange or StoreDamaged; the sheets stay as they are."""
    work = _Work(sheets)
    clashes = [each for change in changes for each in work.change(change)]
    if clashes:
        raise Conflict(tuple(clashes))
    work.check_references()
    return work.applied


class _Work:
    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        self._sheets = sheets
        self._rows: dict[str, _Rows] = {}
        self.applied = Applied()

    def change(self, change: Change) -> list[Clash]:
        rows = self._rows_of(change.table)
        if isinstance(change, Update):
            return self._update(rows, change)
        self._insert(rows, change)
        return []

    def check_references(self) -> None:
        """What was written may point only to rows that are there."""
        for name, new in self.applied.inserts.items():
            for row in new:
                self._refer(self._sheets[name].table, row)
        for (name, _), values in self.applied.updates.items():
            self._refer(self._sheets[name].table, values)

    def _rows_of(self, table: Table) -> _Rows:
        if table.name not in self._rows:
            self._rows[table.name] = _rows_in(self._sheets[table.name])
        return self._rows[table.name]

    def _insert(self, rows: _Rows, change: Insert) -> None:
        table, row_id = change.table, str(change.row["id"])
        row = {name: settled(table.column(name), change.row[name]) for name in table.names}
        key = _key(table, row)
        if row_id in rows.by_id or (key and key in rows.keys):
            raise DuplicateRow(table.name, row_id)
        rows.by_id[row_id] = row
        rows.keys[key] = row_id
        self.applied.inserts.setdefault(table.name, []).append(change.row)
        self.applied.lines.append(inserted(table, change.row))

    def _update(self, rows: _Rows, change: Update) -> list[Clash]:
        before = rows.by_id.get(change.row_id)
        if before is None:
            where = f"Baris {change.row_id} tidak ada di tabel {change.table.name}"
            raise InvalidChange(f"{where}; tidak ada yang disimpan.")
        _refuse_unreadable(rows.sheet, change)
        clashes = [each for name in change.old if (each := clash(change, name, before[name], settled)) is not None]
        kept = {name: settled(change.table.column(name), value) for name, value in change.new.items()}
        changed = [name for name, value in kept.items() if not _same(value, before[name])]
        if changed and not clashes:
            self._take_key(rows, change, {**before, **kept})
            rows.by_id[change.row_id] = {**before, **kept}
            self._write(change, changed)
            self.applied.lines += [updated(change, name, before[name]) for name in changed]
        return clashes

    def _write(self, change: Update, changed: Sequence[str]) -> None:
        """Into the new row where this very transaction makes it, else into the row that is there."""
        new = {name: change.new[name] for name in changed}
        made = self.applied.inserts.get(change.table.name, [])
        for place, row in enumerate(made):
            if row["id"] == change.row_id:
                made[place] = {**row, **new}
                return
        self.applied.updates.setdefault((change.table.name, change.row_id), {}).update(new)

    def _take_key(self, rows: _Rows, change: Update, row: Row) -> None:
        key = _key(change.table, row)
        if key and rows.keys.get(key, change.row_id) != change.row_id:
            raise DuplicateRow(change.table.name, change.row_id)
        if key:
            rows.keys.pop(_key(change.table, rows.by_id[change.row_id]), None)
            rows.keys[key] = change.row_id

    def _refer(self, table: Table, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            target = table.column(name).references
            if target and value and str(value) not in self._rows_of(self._sheets[target].table).by_id:
                raise InvalidChange(f"Perubahan menunjuk baris {value} yang tidak ada di tabel {target}.")


def _rows_in(sheet: Sheet) -> _Rows:
    by_id = {row_id: found.row for row_id, found in sheet.found.items()}
    keys: dict[Key, str] = {}
    for row_id, row in by_id.items():
        keys.setdefault(_key(sheet.table, row), row_id)
    return _Rows(sheet, by_id, keys)


def _key(table: Table, row: Row) -> Key:
    return tuple(row[name] for name in table.unique)


def _same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _refuse_unreadable(sheet: Sheet, change: Update) -> None:
    """A cell that nobody could see as a value must not be overwritten as if it were blank."""
    found = sheet.found.get(change.row_id)
    unusable = sorted(found.unusable & set(change.old)) if found else []
    if found and unusable:
        column = change.table.column(unusable[0])
        cell = f"{letter(sheet.columns[column.name])}{found.index + 1}"
        where = f"Isi sel {change.table.name}!{cell} tidak dapat dibaca"
        raise StoreDamaged(change.table.name, cell, f"{where}. Perbaiki sel itu di spreadsheet, lalu simpan lagi.")
