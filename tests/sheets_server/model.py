"""What a spreadsheet holds. Cells and rows are never changed in place, so that a copy of a sheet is cheap.

A cell is the JSON object CellData of the API, without what is computed from it (effective and formatted values).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sheets_server.a1 import Box
from tests.sheets_server.errors import TOO_MANY_CELLS, invalid

Json = dict[str, Any]
Cell = Json
Row = dict[int, Cell]

MAX_CELLS = 10_000_000
MAX_TEXT = 50_000
SPAN = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}
GRID_KEYS = {key for pair in SPAN.values() for key in pair}
DEFAULT_FORMAT: Json = {
    "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
}
LISTS = (
    "merges",
    "conditionalFormats",
    "filterViews",
    "protectedRanges",
    "bandedRanges",
    "rowGroups",
    "columnGroups",
    "developerMetadata",
)


def copied(value: Any) -> Any:
    """A copy of JSON, several times faster than copy.deepcopy."""
    if isinstance(value, dict):
        return {key: copied(one) for key, one in value.items()}
    if isinstance(value, list):
        return [copied(one) for one in value]
    return value


def has_value(cell: Cell) -> bool:
    return bool(cell.get("userEnteredValue"))


@dataclass(slots=True)
class Sheet:
    props: Json
    rows: list[Row] = field(default_factory=list)
    extras: dict[str, list[Json]] = field(default_factory=lambda: {name: [] for name in LISTS})
    basic_filter: Json | None = None
    sizes: dict[str, dict[int, Json]] = field(default_factory=lambda: {"ROWS": {}, "COLUMNS": {}})

    @property
    def id(self) -> int:
        return int(self.props["sheetId"])

    @property
    def title(self) -> str:
        return str(self.props["title"])

    @property
    def grid(self) -> Json:
        found: Json = self.props["gridProperties"]
        return found

    @property
    def row_count(self) -> int:
        return int(self.grid["rowCount"])

    @property
    def column_count(self) -> int:
        return int(self.grid["columnCount"])

    @property
    def whole(self) -> Box:
        return Box(0, 0, self.row_count, self.column_count)

    def copy(self) -> Sheet:
        return Sheet(
            copied(self.props), list(self.rows), copied(self.extras), copied(self.basic_filter), copied(self.sizes)
        )

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].get(column, {}) if row < len(self.rows) else {}

    def put(self, row: int, column: int, cell: Cell) -> None:
        """The cell replaces what was there; an empty one removes it."""
        if row >= len(self.rows):
            if not cell:
                return
            self.rows.extend({} for _ in range(row + 1 - len(self.rows)))
        changed = dict(self.rows[row])
        if cell:
            changed[column] = cell
        else:
            changed.pop(column, None)
        self.rows[row] = changed

    def put_value(self, row: int, column: int, value: Json, number_format: Json | None = None) -> None:
        """Sets or empties the value and leaves format, note and validation alone."""
        cell = dict(self.cell(row, column))
        cell.pop("userEnteredValue", None)
        if value:
            cell["userEnteredValue"] = value
        if number_format:
            cell["userEnteredFormat"] = {**cell.get("userEnteredFormat", {}), "numberFormat": number_format}
        self.put(row, column, cell)

    def cells(self, box: Box, wanted: Callable[[Cell], bool] = bool) -> list[tuple[int, int]]:
        """Places of the wanted cells in reading order."""
        return [
            (at, column)
            for at in range(box.top, min(box.bottom, len(self.rows)))
            for column, cell in sorted(self.rows[at].items())
            if box.left <= column < box.right and wanted(cell)
        ]

    def last_data_row(self) -> int:
        """Index of the last row that holds a value; -1 in an empty sheet."""
        for at in range(len(self.rows) - 1, -1, -1):
            if any(has_value(cell) for cell in self.rows[at].values()):
                return at
        return -1

    def resize(self, rows: int, columns: int) -> None:
        self.grid["rowCount"], self.grid["columnCount"] = rows, columns
        del self.rows[rows:]
        if any(column >= columns for row in self.rows for column in row):
            self.rows = [{c: cell for c, cell in row.items() if c < columns} for row in self.rows]

    def insert(self, dimension: str, at: int, count: int, template: int | None = None) -> None:
        """New empty rows or columns; with `template`, they look like that row or column."""
        if dimension == "ROWS":
            look = self.look_of_row(template)
            if at < len(self.rows) or look:
                self.rows.extend({} for _ in range(at - len(self.rows)))
                self.rows[at:at] = [dict(look) for _ in range(count)]
            self.grid["rowCount"] += count
        else:
            self.rows = [self.wider(row, at, count, template) for row in self.rows]
            self.grid["columnCount"] += count
        self.shift(dimension, lambda start, end: (start + count * (start >= at), end + count * (end > at)))
        self.sizes[dimension] = {k + count * (k >= at): v for k, v in self.sizes[dimension].items()}

    def look_of_row(self, at: int | None) -> Row:
        if at is None or not 0 <= at < len(self.rows):
            return {}
        return {column: look for column, cell in self.rows[at].items() if (look := look_of(cell))}

    @staticmethod
    def wider(row: Row, at: int, count: int, template: int | None) -> Row:
        moved = {column + count * (column >= at): cell for column, cell in row.items()}
        look = look_of(row[template]) if template in row else {}
        return {**moved, **{at + k: look for k in range(count) if look}}

    def delete(self, dimension: str, start: int, end: int) -> None:
        count = end - start
        if dimension == "ROWS":
            del self.rows[start:end]
            self.grid["rowCount"] -= count
        else:
            self.rows = [
                {c - count * (c >= end): cell for c, cell in row.items() if not start <= c < end} for row in self.rows
            ]
            self.grid["columnCount"] -= count

        def moved(place: int) -> int:
            return place if place <= start else max(start, place - count)

        self.shift(dimension, lambda first, last: (moved(first), moved(last)))
        sizes = self.sizes[dimension]
        self.sizes[dimension] = {k - count * (k >= end): v for k, v in sizes.items() if not start <= k < end}

    def shift(self, dimension: str, move: Callable[[int, int], tuple[int, int]]) -> None:
        """Moves all ranges of the sheet; those left without a row or column go."""
        for name in LISTS:
            self.extras[name] = [kept for one in self.extras[name] if (kept := shifted(one, dimension, move))]
        self.basic_filter = shifted(self.basic_filter, dimension, move) if self.basic_filter else None


def look_of(cell: Cell) -> Cell:
    return {key: cell[key] for key in ("userEnteredFormat", "dataValidation") if key in cell}


def shifted(value: Any, dimension: str, move: Callable[[int, int], tuple[int, int]]) -> Any:
    """The JSON with its grid and dimension ranges moved; None where a range has become empty."""
    if isinstance(value, list):
        kept = [shifted(one, dimension, move) for one in value]
        return [one for one in kept if one is not None]
    if not isinstance(value, dict):
        return value
    keys = SPAN[dimension] if GRID_KEYS & set(value) else ("startIndex", "endIndex")
    if value.get("dimension", dimension) == dimension and keys[0] in value and keys[1] in value:
        start, end = move(value[keys[0]], value[keys[1]])
        return {**value, keys[0]: start, keys[1]: end} if end > start else None
    result = {}
    for key, one in value.items():
        new = shifted(one, dimension, move)
        if new is None or (new == [] and one and key != "unprotectedRanges"):
            return None
        result[key] = new
    return result


@dataclass(slots=True)
class Spreadsheet:
    id: str
    props: Json
    sheets: list[Sheet]
    named_ranges: list[Json] = field(default_factory=list)
    developer_metadata: list[Json] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    owner: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    mime_type: str = "application/vnd.google-apps.spreadsheet"

    def copy(self) -> Spreadsheet:
        return Spreadsheet(
            self.id,
            copied(self.props),
            [sheet.copy() for sheet in self.sheets],
            copied(self.named_ranges),
            copied(self.developer_metadata),
            self.created,
            self.modified,
            self.owner,
            dict(self.roles),
            self.mime_type,
        )

    @property
    def locale(self) -> str:
        return str(self.props["locale"])

    def by_id(self, sheet_id: int) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.id == sheet_id), None)

    def by_title(self, title: str) -> Sheet | None:
        """Titles differ by more than case."""
        return next((sheet for sheet in self.sheets if sheet.title.lower() == title.lower()), None)

    def first(self) -> Sheet:
        return next((sheet for sheet in self.sheets if not sheet.props.get("hidden")), self.sheets[0])

    def check_size(self) -> None:
        """Raises 400 where the grids together have more cells than a file may have."""
        if sum(sheet.row_count * sheet.column_count for sheet in self.sheets) > MAX_CELLS:
            raise invalid(TOO_MANY_CELLS)

    def to_json(self) -> Json:
        return {
            "id": self.id,
            "props": self.props,
            "sheets": [sheet_to_json(sheet) for sheet in self.sheets],
            "named_ranges": self.named_ranges,
            "developer_metadata": self.developer_metadata,
            "created": self.created,
            "modified": self.modified,
            "owner": self.owner,
            "roles": self.roles,
            "mime_type": self.mime_type,
        }

    @staticmethod
    def from_json(stored: Json) -> Spreadsheet:
        return Spreadsheet(**{**stored, "sheets": [sheet_from_json(one) for one in stored["sheets"]]})


def new_spreadsheet(file_id: str, title: str) -> Spreadsheet:
    """An empty file as Google makes it."""
    props = {
        "title": title,
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
        "defaultFormat": DEFAULT_FORMAT,
    }
    return Spreadsheet(file_id, props, [Sheet(new_sheet_props(0, "Sheet1"))])


def new_sheet_props(sheet_id: int, title: str) -> Json:
    grid = {"rowCount": 1000, "columnCount": 26}
    return {"sheetId": sheet_id, "title": title, "sheetType": "GRID", "gridProperties": grid}


def sheet_to_json(sheet: Sheet) -> Json:
    return {
        "props": sheet.props,
        "rows": sheet.rows,
        "extras": sheet.extras,
        "basic_filter": sheet.basic_filter,
        "sizes": sheet.sizes,
    }


def sheet_from_json(stored: Json) -> Sheet:
    rows = [{int(column): cell for column, cell in row.items()} for row in stored["rows"]]
    sizes = {name: {int(at): size for at, size in one.items()} for name, one in stored["sizes"].items()}
    return Sheet(stored["props"], rows, stored["extras"], stored["basic_filter"], sizes)
