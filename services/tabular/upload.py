"""A file with the rows of one table, as somebody gave it: its columns found by their headers, its cells not yet judged.

Columns may stand in any order and some may be missing. Nothing here looks at the store.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter, range_boundaries

from services.domain.numbers import clean
from services.store.schema import Table
from services.tabular.grids import SLIPPED, BadFile, Grid, Line, TypedCell, cell_text, header_key, read_grid, slipped
from services.tabular.values import Form

_SHOWN = 300
_NEAR = 0.7


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One row: its number in the file, its cells by column name, and what makes the whole row unusable, or ""."""

    line: int
    cells: Mapping[str, TypedCell]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """The rows of a file that are not blank. ``places`` holds the column of the file (from 1) of each known column.

    ``notes`` are for people: columns that are not read, that are missing, or stand elsewhere than usual.
    """

    name: str
    table: Table
    form: Form
    places: Mapping[str, int]
    rows: tuple[UploadRow, ...]
    notes: tuple[str, ...]

    def place(self, row: UploadRow, column: str) -> str:
        """Where a cell is, for people: ``sel D5`` in a workbook, ``baris 5`` in CSV, with the header."""
        header = self.table.column(column).header
        if self.form is Form.CSV or column not in self.places:
            return f"kolom {header}"
        return f"sel {get_column_letter(self.places[column])}{row.line} ({header})"


def read_upload(name: str, data: bytes, table: Table) -> Upload:
    """The rows of ``table`` in a CSV or XLSX file called ``name``. Raises BadFile."""
    headers = [column.header for column in table.columns]
    grid = read_grid(data, name, headers, sheet=table.name, saved_values=False)
    if not grid.lines:
        raise BadFile(f"Berkas {name} kosong. Isi baris pertama dengan judul kolom: {', '.join(headers)}.")
    places = _places(grid, name, table)
    rows = tuple(_rows(grid, places))
    form = Form.CSV if grid.is_csv else Form.XLSX
    notes = (*grid.notes, *_notes(grid, places, table))
    return Upload(name, table, form, {column: at + 1 for column, at in places.items()}, rows, notes)


# --- columns -----------------------------------------------------------------------------------------------------


def _places(grid: Grid, name: str, table: Table) -> dict[str, int]:
    keys = [header_key(cell_text(cell)) for cell in grid.lines[0]]
    doubled = [c.header for c in table.columns if keys.count(header_key(c.header)) > 1]
    if doubled:
        raise BadFile(f"Berkas {name} memuat kolom {', '.join(doubled)} lebih dari sekali. Sisakan satu.")
    places = {c.name: keys.index(header_key(c.header)) for c in table.columns if header_key(c.header) in keys}
    if set(places) <= {"id"}:
        raise BadFile(
            f"Berkas {name} tidak memuat kolom tabel {table.name}; judul yang ada: {_listed(grid.lines[0])}. "
            f"Tulis di baris pertama: {', '.join(c.header for c in table.columns)}."
        )
    return places


def _notes(grid: Grid, places: Mapping[str, int], table: Table) -> Iterator[str]:
    unknown = [cell for at, cell in enumerate(grid.lines[0]) if at not in places.values() and not cell.blank]
    missing = [column.header for column in table.columns if column.name not in places and column.name != "id"]
    if unknown:
        yield f"Kolom yang tidak dikenal dan tidak dibaca: {_listed(unknown)}.{_meant(unknown, missing)}"
    if missing:
        yield f"Kolom yang tidak ada di berkas, sehingga nilainya tidak berubah: {', '.join(missing)}."
    if list(places.values()) != sorted(places.values()):
        yield "Urutan kolom lain dari biasanya; kolom dikenali menurut judulnya."


def _meant(unknown: Sequence[TypedCell], missing: Sequence[str]) -> str:
    """What a header that is nearly right should say."""
    near = {clean(cell_text(cell)): difflib.get_close_matches(cell_text(cell), missing, 1, _NEAR) for cell in unknown}
    return "".join(f" Mungkin “{typed}” maksudnya “{found[0]}”." for typed, found in near.items() if found)


def _listed(cells: Sequence[TypedCell]) -> str:
    return ", ".join(clean(cell_text(cell)) for cell in cells if not cell.blank)[:_SHOWN]


# --- rows --------------------------------------------------------------------------------------------------------


def _rows(grid: Grid, places: Mapping[str, int]) -> Iterator[UploadRow]:
    merged = _merged_lines(grid)
    for number, line in enumerate(grid.lines[1:], start=grid.first + 1):
        if any(not cell.blank for cell in line):
            cells = {column: line[at] for column, at in places.items()}
            yield UploadRow(number, cells, merged.get(number, "") or _problem(line, grid.header_width))


def _problem(line: Line, width: int | None) -> str:
    return SLIPPED if slipped(line, width) else ""


def _merged_lines(grid: Grid) -> dict[int, str]:
    """Rows that merged cells reach into: only the first of them still holds what was written."""
    found: dict[int, str] = {}
    last = grid.first + len(grid.lines)
    for area in grid.merged:
        _, top, _, bottom = range_boundaries(area)
        for number in range(int(top or 1), min(int(bottom or 1), last) + 1):
            found[number] = f"Sel {area} digabungkan. Pisahkan dahulu, lalu isi setiap selnya."
    return found
