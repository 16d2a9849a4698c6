"""A spreadsheet as it stands, as far as making it ready needs it, and the one batch of requests that is planned."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from services.store.schema import BY_NAME, ENTRY, HISTORY, Column, Table
from services.store.sheets import SheetsStore
from services.store.sheets_cells import Raw
from services.store.sheets_reading import letter, normal_header, quoted
from services.store.sheets_token import FIELDS as TOKEN_FIELDS
from services.store.sheets_token import token_in

Json: TypeAlias = Mapping[str, Any]
Request: TypeAlias = dict[str, Any]

GUIDE = "Baca saya"
NEW_ROWS = 200
_HEAD_OF_LOG = 10  # the log grows without end, and only its first rows matter here
_DEFAULT_WIDTH = 100
_BOOK = (
    f"properties(locale,timeZone),{TOKEN_FIELDS},"
    "sheets(properties(sheetId,title,sheetType,gridProperties),merges,protectedRanges,filterViews,conditionalFormats,"
    "developerMetadata(metadataKey,metadataValue,metadataId))"
)
_LOOK = (
    "sheets(properties(sheetId),data(startRow,rowData(values(note,dataValidation,userEnteredFormat(numberFormat,"
    "backgroundColor,textFormat,wrapStrategy))),columnMetadata(pixelSize)))"
)


@dataclass(slots=True)
class TabState:
    """One tab; ``grid`` and ``merges`` are changed as repairs are planned. ``meta``: the rest of Google's answer.

    ``look`` has the cells of the first two rows and of the last one, ``widths`` the columns' pixels, ``names`` the
    notes on the indicators of the entries by row.
    """

    gid: int
    title: str
    rows: int
    columns: int
    grid: list[list[Raw]]
    merges: list[Mapping[str, int]] = field(default_factory=list)
    meta: Json = field(default_factory=dict)
    look: Mapping[int, Sequence[Json]] = field(default_factory=dict)
    widths: Sequence[int] = ()
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        return [normal_header(cell) for cell in (self.grid[0] if self.grid else ())]

    @property
    def has_rows(self) -> bool:
        return any(is_filled(cell) for row in self.grid[1:] for cell in row)

    @property
    def is_blank(self) -> bool:
        return not any(is_filled(cell) for row in self.grid for cell in row)

    @property
    def used_columns(self) -> int:
        """Number of columns up to the last with anything in it."""
        places = [at for row in self.grid for at, cell in enumerate(row, 1) if is_filled(cell)]
        return max(places, default=0)

    def cell(self, row: int, column: int) -> Json:
        cells = self.look.get(row, ())
        return cells[column] if column < len(cells) else {}

    def width(self, column: int) -> int:
        return self.widths[column] if column < len(self.widths) else _DEFAULT_WIDTH

    def has_own_width(self, column: int) -> bool:
        """Whether somebody has chosen the width of this column."""
        return self.width(column) != _DEFAULT_WIDTH

    def put_header(self, column: int, text: str) -> None:
        if not self.grid:
            self.grid.append([])
        row = self.grid[0]
        row.extend([""] * (column + 1 - len(row)))
        row[column] = text


@dataclass(slots=True)
class Draft:
    """What one run sends, what it says about that, and what people must do themselves (Indonesian)."""

    requests: list[Request] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def do(self, said: str, *requests: Request) -> None:
        self.requests += requests
        self.done.append(said)


@dataclass(frozen=True, slots=True)
class Book:
    """All that was read; ``tabs`` by title, tabs that are not grids left out."""

    properties: Json
    token: str
    tabs: dict[str, TabState]
    gids: frozenset[int]

    def free_gid(self, title: str) -> int:
        """An id for a new tab, chosen here, so that the same batch can write into it."""
        gid = zlib.crc32(title.encode()) >> 1
        while gid in self.gids:
            gid += 1
        return gid


def read_book(store: SheetsStore) -> Book:
    """Three reads: the tabs, what stands in them, and how it looks. Raises Refused where a tab goes meanwhile."""
    answer = store.client.metadata(_BOOK)
    sheets = [sheet for sheet in answer.get("sheets", ()) if sheet["properties"].get("sheetType", "GRID") == "GRID"]
    tabs = {tab.title: tab for tab in map(_tab, sheets)}
    grids = store.client.values([_content(tab) for tab in tabs.values()])
    for tab, grid in zip(tabs.values(), grids, strict=True):
        tab.grid = [list(row) for row in grid]
    _read_look(store, [tab for tab in tabs.values() if tab.title in BY_NAME or tab.title == GUIDE])
    gids = frozenset(sheet["properties"].get("sheetId", 0) for sheet in answer.get("sheets", ()))
    return Book(answer.get("properties", {}), token_in(answer), tabs, gids)


def grid_range(gid: int, top: int, bottom: int | None, left: int, right: int) -> Request:
    """``bottom`` None: to the end of the grid."""
    found = {"sheetId": gid, "startRowIndex": top, "startColumnIndex": left, "endColumnIndex": right}
    return found if bottom is None else {**found, "endRowIndex": bottom}


def area(given: Json, tab: TabState) -> tuple[int, int, int, int]:
    """A GridRange with all its bounds, so that two can be compared."""
    return (
        given.get("startRowIndex", 0),
        min(given.get("endRowIndex", tab.rows), tab.rows),
        given.get("startColumnIndex", 0),
        min(given.get("endColumnIndex", tab.columns), tab.columns),
    )


def runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring places as (first, one after the last)."""
    start = end = -1
    for place in sorted(places):
        if place != end:
            if start >= 0:
                yield start, end
            start = place
        end = place + 1
    if start >= 0:
        yield start, end


def header_cells(columns: Sequence[Column]) -> list[Request]:
    return [{"userEnteredValue": {"stringValue": column.header}} for column in columns]


def headers_of(table: Table) -> list[str]:
    return [normal_header(column.header) for column in table.columns]


def is_filled(cell: Raw) -> bool:
    return cell is not None and cell != ""


def _content(tab: TabState) -> str:
    return f"{quoted(tab.title)}!1:{_HEAD_OF_LOG}" if tab.title == HISTORY.name else quoted(tab.title)


def _tab(sheet: Json) -> TabState:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    return TabState(
        properties.get("sheetId", 0),
        properties["title"],
        grid.get("rowCount", 0),
        grid.get("columnCount", 0),
        [],
        list(sheet.get("merges", ())),
        sheet,
    )


def _read_look(store: SheetsStore, tabs: Sequence[TabState]) -> None:
    if not tabs:
        return
    ranges = [text for tab in tabs for text in (*_probes(tab), *_names(tab))]
    found = {sheet["properties"].get("sheetId", 0): sheet for sheet in store.client.metadata(_LOOK, ranges)["sheets"]}
    for tab in tabs:
        data, count = found[tab.gid].get("data", ()), len(list(_probes(tab)))
        tab.look = {row: cells for each in data[:count] for row, cells in _cells(each)}
        tab.names = {row: cells[0].get("note", "") for each in data[count:] for row, cells in _cells(each) if cells}
        metadata = data[0].get("columnMetadata", ()) if data else ()
        tab.widths = [column.get("pixelSize", _DEFAULT_WIDTH) for column in metadata]


def _probes(tab: TabState) -> Iterator[str]:
    """The rows that tell how the whole tab looks: header, first row of data, and the newest row of the grid."""
    title = quoted(tab.title)
    yield f"{title}!1:2" if tab.rows > 1 else f"{title}!1:1"
    if tab.rows > 2:
        yield f"{title}!{tab.rows}:{tab.rows}"


def _names(tab: TabState) -> Iterator[str]:
    header = normal_header(ENTRY.column("indicator_id").header)
    if tab.title == ENTRY.name and header in tab.header:
        column = letter(tab.header.index(header))
        yield f"{quoted(tab.title)}!{column}1:{column}"


def _cells(data: Json) -> Iterator[tuple[int, Sequence[Json]]]:
    for row, content in enumerate(data.get("rowData", ()), data.get("startRow", 0)):
        yield row, content.get("values", ())
