"""Numbers that only look like numbers: a date, a time or a percentage that a person typed into an entry cell.

Google keeps "1/2" as 46054 and "83%" as 0.83, and only the cell's format tells. So the format of each number that was
not seen before is asked for once; after that the plain read is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Context
from typing import Any

from services.store.schema import Column, Kind, Table
from services.store.sheets_cells import Raw, encode, exact, raw
from services.store.sheets_reading import Sheet, letter, quoted
from services.store.store import Row

FIELDS = (
    "sheets(properties(sheetId),data(startRow,startColumn,"
    "rowData(values(effectiveValue,formattedValue,effectiveFormat(numberFormat(type))))))"
)
_AS_SHOWN = Context(prec=15)
_TIMES = frozenset({"DATE", "TIME", "DATE_TIME"})
_Key = tuple[str, str, str]


class Formats:
    """What people saw in the entry cells that hold numbers, by table, row id and column."""

    def __init__(self) -> None:
        self._seen: dict[_Key, tuple[Raw, Raw]] = {}
        self._new: set[_Key] = set()

    def as_typed(self, table: str, row_id: str, column: str, number: Raw) -> Raw:
        """The number, or the text that the person saw."""
        known = self._seen.get((table, row_id, column))
        if known is not None and known[0] == number:
            return known[1]
        self._new.add((table, row_id, column))
        return number

    def plain(self, table: str, row_id: str, column: str, written: Raw) -> None:
        """The application itself wrote this; a number with the format of a plain one."""
        self._seen[(table, row_id, column)] = (written, written)

    def plain_rows(self, table: Table, rows: Sequence[Row]) -> None:
        for column in entry_columns(table):
            for row in rows:
                self.plain(table.name, str(row["id"]), column.name, raw(encode(column, row[column.name])))

    def ranges(self, sheets: Mapping[str, Sheet]) -> list[str]:
        """Where the numbers stand whose format is not known yet."""
        return [_range(sheets[name], column, rows) for name, column, rows in self._unknown(sheets)]

    def take(self, sheets: Mapping[str, Sheet], answer: Mapping[str, Any]) -> None:
        """Learn from the answer; a row that has moved meanwhile stays unknown until the next read."""
        cells = {place: cell for sheet in answer.get("sheets", ()) for place, cell in _cells(sheet)}
        for name, column, rows in self._unknown(sheets):
            sheet = sheets[name]
            for row_id, row in rows.items():
                number = sheet.raw(row, sheet.columns[column])
                cell = cells.get((sheet.tab.gid, row, sheet.columns[column]), {})
                if isinstance(number, int | float) and cell.get("effectiveValue", {}).get("numberValue") == number:
                    self._seen[(name, row_id, column)] = (number, _as_seen(number, cell))
        self._new.clear()

    def _unknown(self, sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, str, dict[str, int]]]:
        for name, sheet in sheets.items():
            for column in entry_columns(sheet.table):
                if column.name in sheet.columns:
                    rows = {i: f.index for i, f in sheet.found.items() if (name, i, column.name) in self._new}
                    if rows:
                        yield name, column.name, rows


def _range(sheet: Sheet, column: str, rows: Mapping[str, int]) -> str:
    at = letter(sheet.columns[column])
    return f"{quoted(sheet.tab.title)}!{at}{min(rows.values()) + 1}:{at}{max(rows.values()) + 1}"


def _cells(sheet: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int, int], Mapping[str, Any]]]:
    gid = sheet.get("properties", {}).get("sheetId", 0)
    for data in sheet.get("data", ()):
        for row, content in enumerate(data.get("rowData", ()), data.get("startRow", 0)):
            for column, cell in enumerate(content.get("values", ()), data.get("startColumn", 0)):
                yield (gid, row, column), cell


def _as_seen(number: int | float, cell: Mapping[str, Any]) -> Raw:
    kind = cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type", "")
    if kind in _TIMES:
        return str(cell.get("formattedValue", ""))
    return _percent(number) if kind == "PERCENT" else number


def _percent(number: int | float) -> str:
    value = _AS_SHOWN.create_decimal(exact(number).scaleb(2))  # 83.33 % is kept as 0.8332999999999999
    return f"{value.normalize():f}%".replace(".", ",")


def entry_columns(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if column.kind is Kind.ENTRY)
