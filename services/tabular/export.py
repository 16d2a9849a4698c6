"""Tables of the store as files that a spreadsheet opens: XLSX, and CSV as an Indonesian Excel expects it.

The same rows give the same bytes. A file read back by ``tabular.upload`` changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from services.store.schema import Table
from services.store.store import Row
from services.tabular.grids import BOM, Line, TypedCell, joined
from services.tabular.values import Form, protected, to_cell
from services.tabular.workbook import Sheet, workbook

DELIMITER = ";"


def export_table(table: Table, rows: Iterable[Row], form: Form) -> bytes:
    """One table as a file. Raises BadFile where a text is too long for a cell of XLSX."""
    lines = _lines(table, rows, form)
    if form is Form.XLSX:
        return workbook([Sheet(table.name, lines)])
    return BOM + joined(([str(cell.value or "") for cell in line] for line in lines), DELIMITER).encode()


def export_rows(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Rows of no table as CSV; the texts among them stay texts."""
    lines = ([protected(cell) if isinstance(cell, str) else str(cell) for cell in row] for row in rows)
    return BOM + joined(lines, DELIMITER).encode()


def export_workbook(tables: Mapping[Table, Sequence[Row]]) -> bytes:
    """Several tables as one XLSX file with a sheet for each. Raises BadFile."""
    return workbook([Sheet(table.name, _lines(table, rows, Form.XLSX)) for table, rows in tables.items()])


def restricted(table: Table, rows: Iterable[Row], year: int | None = None, quarter: int | None = None) -> list[Row]:
    """The rows of a year, or of a quarter; a table without such a column is not restricted by it."""
    wanted = {"year": year, "quarter": quarter}
    by = {name: value for name, value in wanted.items() if value is not None and name in table.names}
    return [row for row in rows if all(row[name] == value for name, value in by.items())]


def _lines(table: Table, rows: Iterable[Row], form: Form) -> list[Line]:
    header = [TypedCell(column.header) for column in table.columns]
    return [header, *([to_cell(column, row[column.name], form) for column in table.columns] for row in rows)]
