"""What stands in the tabs of a spreadsheet: where the columns are, which rows can be used, and what is wrong.

Headers are found by their names wherever they stand, rows by their ids; columns that people added are left alone.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from services.store.schema import TABLES, Column, Kind, Table
from services.store.sheets_cells import Raw, Unusable, blank, decode, shown
from services.store.store import Places, Row, SheetProblem, StoreDamaged, Value

Grid = Sequence[Sequence[Raw]]
AsTyped = Callable[[str, str, str, Raw], Raw]
"""Table, row id, column and a number in an ENTRY cell -> the number, or the text that the person saw (a date, a %)."""

PREPARE = "python -m services sheet siapkan"
_NEAR = 0.7


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab as the metadata give it; ``merges`` are GridRanges with all four bounds."""

    gid: int
    title: str
    rows: int
    merges: tuple[Mapping[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One row: its index in the sheet from 0, its values, and the columns whose cells could not be understood."""

    index: int
    row: Row
    unusable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it stands in its tab. ``left_out``: ids of rows that no page may use; ``layout`` blocks writing."""

    table: Table
    tab: Tab
    grid: Grid
    columns: Mapping[str, int]
    found: Mapping[str, Found] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    layout: tuple[SheetProblem, ...] = ()
    cells: tuple[SheetProblem, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(found.row for row_id, found in self.found.items() if row_id not in self.left_out)

    @property
    def width(self) -> int:
        return max(self.columns.values()) + 1

    @property
    def problems(self) -> tuple[SheetProblem, ...]:
        return self.layout + self.cells

    def raw(self, row: int, column: int) -> Raw:
        cells = self.grid[row] if row < len(self.grid) else ()
        return cells[column] if column < len(cells) else None

    def places(self) -> Places:
        letters = {name: letter(index) for name, index in self.columns.items()}
        return Places(self.tab.gid, letters, {row_id: found.index + 1 for row_id, found in self.found.items()})

    def refuse_if_damaged(self) -> None:
        """Raise StoreDamaged where writing to this tab is not safe."""
        for problem in self.problems:
            if problem.blocks:
                raise damaged(problem)


def damaged(problem: SheetProblem) -> StoreDamaged:
    where = f"{problem.tab}!{problem.cell}" if problem.cell else f"Tab {problem.tab}"
    return StoreDamaged(
        problem.tab, problem.cell, f"{where}: {problem.why}. {problem.suggestion} Tidak ada yang disimpan."
    )


def letter(index: int) -> str:
    """The letters of a column, from 0: A, B … Z, AA."""
    text = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        text, index = chr(65 + rest) + text, index - 1
    return text


def quoted(title: str) -> str:
    """The title as A1 notation wants it; always quoted, since a title may look like a cell."""
    return "'" + title.replace("'", "''") + "'"


def normal_header(cell: Raw) -> str:
    return " ".join(str("" if cell is None else cell).split()).casefold()


def missing_tab(table: Table) -> SheetProblem:
    suggestion = f"Kembalikan nama tab itu bila telah diganti atau dihapus, atau jalankan {PREPARE}."
    return SheetProblem(table.name, "", "", "tab ini tidak ada", suggestion, blocks=True)


def read_sheet(table: Table, tab: Tab, grid: Grid, as_typed: AsTyped) -> Sheet:
    """The table in this tab. Never raises: whatever is wrong is among its problems."""
    columns, layout = _find_columns(table, grid)
    layout += _merged(table, tab, columns)
    sheet = Sheet(table, tab, grid, columns, layout=tuple(layout))
    return _Rows(sheet, as_typed).read() if "id" in columns else sheet


def ids_only(table: Table, tab: Tab, header: Grid, ids: Grid) -> Sheet:
    """A table to which rows are added, without what its rows hold: ``ids`` is its column of ids, from the first row."""
    sheet = read_sheet(table, tab, header, lambda _table, _row_id, _column, number: number)
    nothing: Row = dict.fromkeys(table.names)
    names = {n: str(cells[0]) for n, cells in enumerate(ids) if n and any(cells)}
    found = {row_id: Found(n, {**nothing, "id": row_id}) for n, row_id in names.items()}
    return replace(sheet, grid=[*header, *([] for _ in ids[1:])], found=found)


def every_row(sheet: Sheet) -> tuple[Row, ...]:
    """All rows that are not blank, also those that no page may use; a cell that does not fit is a text."""
    lines = (
        {c.name: _whatever(c, sheet.raw(at, sheet.columns[c.name])) for c in sheet.table.columns} for at in _data(sheet)
    )
    return tuple(line for line in lines if any(value not in (None, "") for value in line.values()))


def check_references(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """The same sheets without rows that point to nothing, or that share a key with an earlier row."""
    checked: dict[str, Sheet] = {}
    for table in TABLES:
        if table.name in sheets:
            checked[table.name] = _checked(sheets[table.name], checked)
    return checked


def fingerprint(sheets: Mapping[str, Sheet]) -> int:
    """A number that changes whenever the data, their places or the problems do; 0 while there are none."""
    content = [(name, [(f.index, list(f.row.values())) for f in s.found.values()]) for name, s in sheets.items()]
    problems = [problem for sheet in sheets.values() for problem in sheet.problems]
    if not problems and not any(rows for _, rows in content):
        return 0
    digest = blake2b(repr((content, problems)).encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1  # 63 bits fit an integer of every database


def _data(sheet: Sheet) -> range:
    return range(1, len(sheet.grid))


def _whatever(column: Column, cell: Raw) -> Value:
    try:
        return decode(column, cell)
    except Unusable:
        return shown(cell)


# --- columns ------------------------------------------------------------------------------------------------------


def _find_columns(table: Table, grid: Grid) -> tuple[dict[str, int], list[SheetProblem]]:
    header = [normal_header(cell) for cell in (grid[0] if grid else ())]
    if not any(header):
        why, suggestion = "baris judul (baris 1) kosong", f"Kembalikan baris judul, atau jalankan {PREPARE}."
        return {}, [SheetProblem(table.name, "1:1", "", why, suggestion, blocks=True)]
    columns: dict[str, int] = {}
    problems: list[SheetProblem] = []
    for column in table.columns:
        places = [index for index, text in enumerate(header) if text == normal_header(column.header)]
        if places:
            columns[column.name] = places[0]
        problems += _doubled(table, column, places) if places else [_missing(table, column, grid[0], header)]
    return columns, problems


def _doubled(table: Table, column: Column, places: Sequence[int]) -> Iterator[SheetProblem]:
    for index in places[1:]:
        why = f"judul “{column.header}” sudah dipakai kolom {letter(places[0])}"
        suggestion = "Ganti judul kolom yang bukan milik aplikasi, atau hapus kolom itu."
        yield SheetProblem(table.name, f"{letter(index)}1", column.header, why, suggestion, blocks=True)


def _missing(table: Table, column: Column, shown_header: Sequence[Raw], header: Sequence[str]) -> SheetProblem:
    known = {normal_header(c.header) for c in table.columns}
    strange = [text for text in header if text and text not in known]
    near = difflib.get_close_matches(normal_header(column.header), strange, 1, _NEAR)
    why = f"judul kolom “{column.header}” tidak ada di baris 1"
    if near:
        index = header.index(near[0])
        suggestion = f"Tulis kembali “{column.header}” di {letter(index)}1."
        return SheetProblem(table.name, f"{letter(index)}1", shown(shown_header[index]), why, suggestion, blocks=True)
    suggestion = f"Tulis kembali judul itu di atas kolomnya, atau jalankan {PREPARE}."
    return SheetProblem(table.name, "1:1", "", why, suggestion, blocks=True)


def _merged(table: Table, tab: Tab, columns: Mapping[str, int]) -> list[SheetProblem]:
    return [
        SheetProblem(
            table.name,
            f"{letter(merge['startColumnIndex'])}{merge['startRowIndex'] + 1}"
            f":{letter(merge['endColumnIndex'] - 1)}{merge['endRowIndex']}",
            "",
            "sel-sel di sini digabungkan",
            "Pisahkan kembali lewat Format > Gabungkan sel > Pisahkan.",
            blocks=True,
        )
        for merge in tab.merges
        if any(merge["startColumnIndex"] <= index < merge["endColumnIndex"] for index in columns.values())
    ]


# --- rows ---------------------------------------------------------------------------------------------------------


class _Rows:
    """Reads the rows of one sheet and gathers what is wrong with them."""

    def __init__(self, sheet: Sheet, as_typed: AsTyped) -> None:
        self._sheet, self._as_typed = sheet, as_typed
        self._found: dict[str, Found] = {}
        self._left_out: set[str] = set()
        self._problems: list[SheetProblem] = []

    def read(self) -> Sheet:
        sheet = self._sheet
        for index in range(1, len(sheet.grid)):
            self._row(index)
        return Sheet(
            sheet.table,
            sheet.tab,
            sheet.grid,
            sheet.columns,
            self._found,
            frozenset(self._left_out),
            sheet.layout,
            tuple(self._problems),
        )

    def _row(self, index: int) -> None:
        row_id = _row_id(self._sheet, index)
        if not row_id:
            self._without_id(index)
        elif row_id in self._found:
            first = self._found[row_id].index + 1
            suggestion = "Hapus baris yang disalin, atau kosongkan ID-nya bila barisnya bukan milik aplikasi."
            self._problem(index, "id", row_id, f"ID ini sudah dipakai baris {first}", suggestion, blocks=True)
        else:
            self._values(index, row_id)

    def _without_id(self, index: int) -> None:
        sheet = self._sheet
        filled = next((name for name, at in sheet.columns.items() if sheet.raw(index, at) not in (None, "", False)), "")
        if filled:
            typed = shown(sheet.raw(index, sheet.columns[filled]))
            suggestion = (
                "Baris baru dibuat lewat aplikasi. Pindahkan isinya ke baris yang ber-ID, atau hapus baris ini."
            )
            self._problem(index, filled, typed, "baris ini tidak ber-ID, jadi tidak dibaca", suggestion)

    def _values(self, index: int, row_id: str) -> None:
        row: dict[str, Value] = {}
        unusable = []
        for column in self._sheet.table.columns:
            try:
                row[column.name] = self._value(index, row_id, column)
            except Unusable as error:
                row[column.name] = blank(column)
                unusable.append(column.name)
                typed = shown(self._sheet.raw(index, self._sheet.columns[column.name]))
                self._problem(index, column.name, typed, error.why, error.suggestion)
        self._found[row_id] = Found(index, {**row, "id": row_id}, frozenset(unusable))
        self._require(index, row_id, row, unusable)

    def _value(self, index: int, row_id: str, column: Column) -> Value:
        if column.name not in self._sheet.columns:
            return blank(column)
        cell = self._sheet.raw(index, self._sheet.columns[column.name])
        if column.kind is Kind.ENTRY and isinstance(cell, int | float) and not isinstance(cell, bool):
            cell = self._as_typed(self._sheet.table.name, row_id, column.name, cell)
        return decode(column, cell)

    def _require(self, index: int, row_id: str, row: Row, unusable: Sequence[str]) -> None:
        """A row without what it must have is left out: nothing may be computed from half a row."""
        empty = [c for c in self._sheet.table.columns if c.required and row[c.name] in (None, "")]
        for column in empty:
            self._left_out.add(row_id)
            if column.name not in unusable and column.name in self._sheet.columns:
                self._problem(index, column.name, "", "kolom ini wajib diisi", f"Isi kolom {column.header}.")

    def _problem(self, index: int, column: str, typed: str, why: str, suggestion: str, *, blocks: bool = False) -> None:
        cell = f"{letter(self._sheet.columns[column])}{index + 1}"
        self._problems.append(SheetProblem(self._sheet.table.name, cell, typed, why, suggestion, blocks))


def _row_id(sheet: Sheet, index: int) -> str:
    cell = sheet.raw(index, sheet.columns["id"])
    try:
        return str(decode(sheet.table.column("id"), cell))
    except Unusable:
        return shown(cell)


def _checked(sheet: Sheet, before: Mapping[str, Sheet]) -> Sheet:
    left_out, problems, keys = set(sheet.left_out), list(sheet.cells), dict[tuple[Value, ...], int]()
    for row_id, found in sheet.found.items():
        if row_id in left_out:
            continue
        if _points_into_nothing(sheet, found, before):
            left_out.add(row_id)
            continue
        for problem in (*_dangling(sheet, found, before), *_same_key(sheet, found, keys)):
            problems.append(problem)
            left_out.add(row_id)
    return Sheet(
        sheet.table,
        sheet.tab,
        sheet.grid,
        sheet.columns,
        sheet.found,
        frozenset(left_out),
        sheet.layout,
        tuple(problems),
    )


def _points_into_nothing(sheet: Sheet, found: Found, before: Mapping[str, Sheet]) -> bool:
    """The tab that a row refers to is missing or has lost its ids; that alone is reported, not every row."""
    referring = [c for c in sheet.table.columns if c.references and found.row[c.name]]
    return any(c.references not in before or "id" not in before[c.references].columns for c in referring)


def _dangling(sheet: Sheet, found: Found, before: Mapping[str, Sheet]) -> Iterator[SheetProblem]:
    for column in sheet.table.columns:
        value, table = found.row[column.name], column.references
        if table and value and not _is_usable(before[table], str(value)):
            cell = f"{letter(sheet.columns[column.name])}{found.index + 1}"
            why = f"tidak ada baris dengan ID ini yang dapat dipakai di tab {table}"
            yield SheetProblem(sheet.table.name, cell, str(value), why, f"Tulis ID yang ada di tab {table}.")


def _is_usable(sheet: Sheet, row_id: str) -> bool:
    return row_id in sheet.found and row_id not in sheet.left_out


def _same_key(sheet: Sheet, found: Found, keys: dict[tuple[Value, ...], int]) -> Iterator[SheetProblem]:
    """Of several rows with one key only the first is used, and the others are reported."""
    unique = sheet.table.unique
    if not unique:
        return
    key = tuple(found.row[name] for name in unique)
    first = keys.setdefault(key, found.index)
    if first != found.index:
        names = ", ".join(sheet.table.column(name).header for name in unique)
        cell = f"{letter(sheet.columns.get(unique[0], 0))}{found.index + 1}"
        why = f"{names} pada baris ini sama dengan baris {first + 1}"
        suggestion = "Hapus salah satu baris, atau perbaiki isinya."
        yield SheetProblem(sheet.table.name, cell, "", why, suggestion)
