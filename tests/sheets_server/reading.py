"""From what a spreadsheet holds to what Google answers: values, cells, properties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.sheets_server.a1 import Box, parse_cells, range_name, split_title
from tests.sheets_server.errors import invalid
from tests.sheets_server.fields import Tree, wants
from tests.sheets_server.formulas import Problem, Value, evaluate
from tests.sheets_server.locales import locale_of, shown, tidy
from tests.sheets_server.model import DEFAULT_FORMAT, Cell, Json, Sheet, Spreadsheet, copied

DATES = {"DATE", "TIME", "DATE_TIME"}
ROW_PIXELS, COLUMN_PIXELS = 21, 100


class Place:
    """A range of a request: the sheet, the box filled out to the grid, and whether it names one cell only."""

    def __init__(self, sheet: Sheet, box: Box, single: bool) -> None:
        self.sheet, self.box, self.single = sheet, box, single

    @property
    def name(self) -> str:
        return range_name(self.sheet.title, self.box)


def locate(book: Spreadsheet, text: str) -> Place:
    """Raises 400 `Unable to parse range` where the text names nothing."""
    title, rest = split_title(text)
    if rest is None:
        sheet = book.by_title(title or "")
        if sheet is None:
            raise unparsable(text)
        return Place(sheet, sheet.whole, single=False)
    sheet = book.first() if title is None else book.by_title(title)
    cells = parse_cells(rest)
    if sheet is not None and cells is not None:
        box = cells.within(sheet.row_count, sheet.column_count)
        return Place(sheet, box, cells.single)
    named = book.by_title(rest) if title is None else None
    if named is not None:
        return Place(named, named.whole, single=False)
    return named_place(book, rest, text)


def named_place(book: Spreadsheet, name: str, text: str) -> Place:
    for one in book.named_ranges:
        if one["name"].lower() == name.lower():
            sheet = book.by_id(one["range"].get("sheetId", 0))
            if sheet is not None:
                return Place(sheet, box_of(one["range"], sheet), single=False)
    raise unparsable(text)


def unparsable(text: str) -> Exception:
    return invalid(f"Unable to parse range: {text}")


def box_of(grid_range: Json, sheet: Sheet) -> Box:
    return Box(
        grid_range.get("startRowIndex", 0),
        grid_range.get("startColumnIndex", 0),
        grid_range.get("endRowIndex", sheet.row_count),
        grid_range.get("endColumnIndex", sheet.column_count),
    )


def readable(book: Spreadsheet, text: str) -> Place:
    """A range to read: cut at the grid's end; 400 where it begins outside."""
    place = locate(book, text)
    sheet, box = place.sheet, place.box
    if box.top >= sheet.row_count or box.left >= sheet.column_count:
        raise outside(place)
    cut = Box(box.top, box.left, min(box.bottom, sheet.row_count), min(box.right, sheet.column_count))
    return Place(sheet, cut, place.single)


def outside(place: Place) -> Exception:
    sheet = place.sheet
    return invalid(
        f"Range ({place.name}) exceeds grid limits. Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    )


class Eyes:
    """Computes what the cells of one spreadsheet show; formulas once each."""

    def __init__(self, book: Spreadsheet) -> None:
        self.book = book
        self.locale = locale_of(book.locale)
        self.known: dict[tuple[int, int, int], Value | Problem] = {}
        self.open: set[tuple[int, int, int]] = set()

    def value(self, sheet: Sheet, row: int, column: int) -> Value | Problem:
        entered = sheet.cell(row, column).get("userEnteredValue", {})
        return self.of(entered, sheet, row, column) if entered else None

    def of(self, entered: Json, sheet: Sheet, row: int, column: int) -> Value | Problem:
        (kind, value), *_ = entered.items()
        if kind != "formulaValue":
            return Problem("#ERROR!") if kind == "errorValue" else value
        key = (sheet.id, row, column)
        if key in self.open:
            return Problem("#REF!")
        if key not in self.known:
            self.open.add(key)
            self.known[key] = evaluate(value, lambda title, r, c: self.looked_up(sheet, title, r, c))
            self.open.discard(key)
        return self.known[key]

    def looked_up(self, sheet: Sheet, title: str | None, row: int, column: int) -> Value | Problem:
        target = sheet if title is None else self.book.by_title(title)
        if target is None or row >= target.row_count or column >= target.column_count:
            return Problem("#REF!")
        return self.value(target, row, column)

    def formatted(self, cell: Cell, value: Value | Problem) -> str:
        if isinstance(value, Problem):
            return value.sign
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            return shown(value, cell.get("userEnteredFormat", {}).get("numberFormat"), self.locale)
        return value or ""

    def rendered(self, sheet: Sheet, row: int, column: int, option: str, dates: str) -> Any:
        cell = sheet.cell(row, column)
        entered = cell.get("userEnteredValue")
        if not entered:
            return ""
        if "stringValue" in entered:
            return entered["stringValue"]
        if option == "FORMULA" and "formulaValue" in entered:
            return entered["formulaValue"]
        value = self.of(entered, sheet, row, column)
        if option == "FORMATTED_VALUE" or isinstance(value, Problem) or self.is_date(cell, dates):
            return self.formatted(cell, value)
        return tidy(value) if isinstance(value, float) else value

    def is_date(self, cell: Cell, dates: str) -> bool:
        """True for a date that is wanted as text."""
        if dates != "FORMATTED_STRING":
            return False
        return cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type") in DATES


def value_range(eyes: Eyes, place: Place, query: Json) -> Json:
    """ValueRange: trailing empty cells and rows are cut, an empty range has no `values`."""
    option = query.get("valueRenderOption") or "FORMATTED_VALUE"
    dates = query.get("dateTimeRenderOption") or "SERIAL_NUMBER"
    dimension = query.get("majorDimension") or "ROWS"
    rows = grid_values(eyes, place, option, dates)
    if dimension == "COLUMNS":
        width = max(map(len, rows), default=0)
        padded = [row + [""] * (width - len(row)) for row in rows]
        rows = [trimmed(list(column)) for column in zip(*padded, strict=True)]
    answer: Json = {"range": place.name, "majorDimension": dimension}
    while rows and not rows[-1]:
        rows.pop()
    if rows:
        answer["values"] = rows
    return answer


def grid_values(eyes: Eyes, place: Place, option: str, dates: str) -> list[list[Any]]:
    sheet, box = place.sheet, place.box
    rows = []
    for at in range(box.top, min(box.bottom, len(sheet.rows))):
        last = max((c for c in sheet.rows[at] if box.left <= c < box.right), default=box.left - 1)
        rows.append(trimmed([eyes.rendered(sheet, at, column, option, dates) for column in range(box.left, last + 1)]))
    return rows


def trimmed(row: list[Any]) -> list[Any]:
    while row and isinstance(row[-1], str) and row[-1] == "":
        row.pop()
    return row


def spreadsheet_json(book: Spreadsheet, url: str, ranges: list[str], grid_data: bool, tree: Tree | None) -> Json:
    """Spreadsheet as GET answers it, before the mask is applied; what the mask leaves out may be left out here."""
    places = [readable(book, text) for text in ranges]
    data = wants(tree, "sheets", "data") if tree is not None else grid_data
    eyes = Eyes(book)
    answer: Json = {"spreadsheetId": book.id, "properties": book.props, "sheets": [], "spreadsheetUrl": url}
    for index, sheet in enumerate(book.sheets):
        own = [place for place in places if place.sheet is sheet]
        if not own and places:
            continue
        boxes = [place.box for place in own] or [sheet.whole]
        answer["sheets"].append(sheet_json(eyes, sheet, index, boxes if data else [], tree))
    if book.named_ranges:
        answer["namedRanges"] = [without_sheet_zero(one) for one in book.named_ranges]
    if book.developer_metadata:
        answer["developerMetadata"] = book.developer_metadata
    return answer


def sheet_json(eyes: Eyes, sheet: Sheet, index: int, boxes: list[Box], tree: Tree | None) -> Json:
    answer: Json = {"properties": properties_json(sheet, index)}
    if boxes:
        answer["data"] = [grid_data_json(eyes, sheet, box, tree) for box in boxes]
    for name, found in sheet.extras.items():
        if found:
            answer[name] = [without_sheet_zero(one) for one in found]
    if sheet.basic_filter:
        answer["basicFilter"] = without_sheet_zero(sheet.basic_filter)
    return answer


def properties_json(sheet: Sheet, index: int) -> Json:
    head = {"sheetId": sheet.id, "title": sheet.title, "index": index}
    return {**head, **{key: value for key, value in sheet.props.items() if key not in head}}


def without_sheet_zero(value: Any) -> Any:
    """Grid ranges of sheet 0 come without their sheetId."""
    if isinstance(value, list):
        return [without_sheet_zero(one) for one in value]
    if isinstance(value, dict):
        return {key: without_sheet_zero(one) for key, one in value.items() if not (key == "sheetId" and one == 0)}
    return value


def grid_data_json(eyes: Eyes, sheet: Sheet, box: Box, tree: Tree | None) -> Json:
    answer: Json = {}
    if box.top:
        answer["startRow"] = box.top
    if box.left:
        answer["startColumn"] = box.left
    rows = [row_json(eyes, sheet, at, box, tree) for at in range(box.top, min(box.bottom, len(sheet.rows)))]
    while rows and not rows[-1]:
        rows.pop()
    if rows:
        answer["rowData"] = rows
    if wants(tree, "sheets", "data", "rowMetadata") or tree is None:
        answer["rowMetadata"] = sizes_json(sheet, "ROWS", range(box.top, box.bottom), ROW_PIXELS)
    if wants(tree, "sheets", "data", "columnMetadata") or tree is None:
        answer["columnMetadata"] = sizes_json(sheet, "COLUMNS", range(box.left, box.right), COLUMN_PIXELS)
    return answer


def sizes_json(sheet: Sheet, dimension: str, places: Iterable[int], default: int) -> list[Json]:
    sizes = sheet.sizes[dimension]
    return [{"pixelSize": default, **sizes.get(at, {})} for at in places]


def row_json(eyes: Eyes, sheet: Sheet, at: int, box: Box, tree: Tree | None) -> Json:
    columns = [column for column, cell in sheet.rows[at].items() if box.left <= column < box.right and cell]
    if not columns:
        return {}
    return {"values": [cell_json(eyes, sheet, at, column, tree) for column in range(box.left, max(columns) + 1)]}


def cell_json(eyes: Eyes, sheet: Sheet, row: int, column: int, tree: Tree | None) -> Json:
    cell = sheet.cell(row, column)
    if not cell:
        return {}
    answer = dict(cell)
    if "userEnteredValue" in cell:
        value = eyes.value(sheet, row, column)
        answer["effectiveValue"] = effective_json(value)
        answer["formattedValue"] = eyes.formatted(cell, value)
    if tree is None or wants(tree, "sheets", "data", "rowData", "values", "effectiveFormat"):
        answer["effectiveFormat"] = overlaid(DEFAULT_FORMAT, cell.get("userEnteredFormat", {}))
    return answer


def effective_json(value: Value | Problem) -> Json:
    if isinstance(value, Problem):
        return value.json()
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": tidy(value) if isinstance(value, float) else value}
    return {"stringValue": value or ""}


def overlaid(below: Json, above: Json) -> Json:
    result: Json = copied(below)
    for key, value in above.items():
        deep = isinstance(value, dict) and isinstance(result.get(key), dict) and "olor" not in key
        result[key] = overlaid(result[key], value) if deep else value
    return result
