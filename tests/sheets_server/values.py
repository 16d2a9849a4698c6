"""spreadsheets.values: get, update, append, clear and their batches, on a draft of one spreadsheet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.sheets_server.a1 import Box, column_name, range_name
from tests.sheets_server.errors import CELL_TOO_LONG, PROTECTED, invalid
from tests.sheets_server.locales import Typed, locale_of, tidy, typed
from tests.sheets_server.model import MAX_TEXT, Json, Sheet, Spreadsheet, has_value
from tests.sheets_server.protection import may_edit
from tests.sheets_server.reading import Eyes, Place, locate, outside, readable, value_range


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and on which day (dates typed without a year are of this year)."""

    user: str
    today: date


def get(book: Spreadsheet, text: str, query: Json) -> Json:
    return value_range(Eyes(book), readable(book, text), query)


def batch_get(book: Spreadsheet, texts: list[str], query: Json) -> Json:
    eyes = Eyes(book)
    answer: Json = {"spreadsheetId": book.id}
    if texts:
        answer["valueRanges"] = [value_range(eyes, readable(book, text), query) for text in texts]
    return answer


def update(book: Spreadsheet, text: str, body: Json, query: Json, author: Author) -> Json:
    place = locate(book, text)
    rows = rows_of(body)
    box = written_box(place, rows)
    check_inside(place, box)
    touched = write(book, place.sheet, box, rows, option_of(query), author)
    return updated(book, Place(place.sheet, box, False), touched, query)


def batch_update(book: Spreadsheet, body: Json, author: Author) -> Json:
    query = {
        "valueInputOption": body.get("valueInputOption"),
        "includeValuesInResponse": body.get("includeValuesInResponse"),
        "responseValueRenderOption": body.get("responseValueRenderOption"),
        "responseDateTimeRenderOption": body.get("responseDateTimeRenderOption"),
    }
    option_of(query)
    responses = [update(book, one.get("range", ""), one, query, author) for one in body.get("data", [])]
    sheets = {locate(book, one["updatedRange"]).sheet.id for one in responses}
    return {
        "spreadsheetId": book.id,
        "totalUpdatedRows": sum(one.get("updatedRows", 0) for one in responses),
        "totalUpdatedColumns": sum(one.get("updatedColumns", 0) for one in responses),
        "totalUpdatedCells": sum(one.get("updatedCells", 0) for one in responses),
        "totalUpdatedSheets": len(sheets),
        "responses": responses,
    }


def option_of(query: Json) -> str:
    option = query.get("valueInputOption") or ""
    if option not in {"RAW", "USER_ENTERED"}:
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def rows_of(body: Json) -> list[list[Any]]:
    rows: list[list[Any]] = body.get("values", [])
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, list | dict):
                kind = "list_value" if isinstance(value, list) else "struct_value"
                raise invalid(f"Invalid values[{at}][{column}]: {kind} {json.dumps(value, ensure_ascii=False)}")
    if body.get("majorDimension") == "COLUMNS":
        width = max(map(len, rows), default=0)
        padded = [row + [None] * (width - len(row)) for row in rows]
        return [list(row) for row in zip(*padded, strict=True)]
    return rows


def written_box(place: Place, rows: list[list[Any]]) -> Box:
    """The box that the body fills; 400 where it is larger than a range with two corners."""
    box = place.box
    height, width = len(rows), max(map(len, rows), default=0)
    written = Box(box.top, box.left, box.top + max(height, 1), box.left + max(width, 1))
    inside = place.sheet.whole
    if not place.single and inside.covers(box) and not box.covers(written):
        requested = range_name(place.sheet.title, box)
        what = f"row [{box.bottom + 1}]" if written.bottom > box.bottom else f"column [{column_name(box.right)}]"
        raise invalid(f"Requested writing within range [{requested}], but tried writing to {what}")
    return written


def check_inside(place: Place, written: Box) -> None:
    for box in (place.box, written):
        if not place.sheet.whole.covers(box):
            raise outside(Place(place.sheet, box, False))


@dataclass(frozen=True, slots=True)
class Touched:
    rows: int
    columns: int
    cells: int


def write(book: Spreadsheet, sheet: Sheet, box: Box, rows: list[list[Any]], option: str, author: Author) -> Touched:
    """Writes the body from the box's first cell on; null leaves a cell alone and does not count."""
    if not may_edit(book, sheet, box, author.user):
        raise invalid(PROTECTED)
    places = [
        (box.top + at, box.left + column, value)
        for at, row in enumerate(rows)
        for column, value in enumerate(row)
        if value is not None
    ]
    for row, column, value in places:
        new = entered(value, option, book, author, sheet.cell(row, column))
        sheet.put_value(row, column, new.value, new.number_format)
    return Touched(len({row for row, _, _ in places}), len({column for _, column, _ in places}), len(places))


def entered(value: Any, option: str, book: Spreadsheet, author: Author, cell: Json) -> Typed:
    if isinstance(value, bool):
        return Typed({"boolValue": value})
    if isinstance(value, int | float):
        return Typed({"numberValue": tidy(float(value)) if isinstance(value, float) else value})
    if len(value) > MAX_TEXT:
        raise invalid(CELL_TOO_LONG)
    if option == "RAW" or is_text_cell(cell):
        return Typed({"stringValue": value} if value else {})
    return typed(value, locale_of(book.locale), author.today)


def is_text_cell(cell: Json) -> bool:
    """A cell with the format "plain text" keeps what is typed as text."""
    return bool(cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type") == "TEXT")


def updated(book: Spreadsheet, place: Place, touched: Touched, query: Json) -> Json:
    answer: Json = {"spreadsheetId": book.id, "updatedRange": place.name}
    counts = {"updatedRows": touched.rows, "updatedColumns": touched.columns, "updatedCells": touched.cells}
    answer.update({key: count for key, count in counts.items() if count})
    if str(query.get("includeValuesInResponse")).lower() == "true":
        options = {
            "valueRenderOption": query.get("responseValueRenderOption"),
            "dateTimeRenderOption": query.get("responseDateTimeRenderOption"),
        }
        answer["updatedData"] = value_range(Eyes(book), place, options)
    return answer


def append(book: Spreadsheet, text: str, body: Json, query: Json, author: Author) -> Json:
    """After the last table that the range meets; the grid grows where the rows do not fit."""
    option = option_of(query)
    place, rows = readable(book, text), rows_of(body)
    sheet, table = place.sheet, table_in(place)
    top = table.bottom if table else place.box.top
    left = table.left if table else place.box.left
    height, width = max(len(rows), 1), max(map(len, rows), default=1) or 1
    if query.get("insertDataOption") == "INSERT_ROWS":
        sheet.insert("ROWS", min(top, sheet.row_count), height)
    box = Box(top, left, top + height, left + width)
    sheet.resize(max(sheet.row_count, box.bottom), max(sheet.column_count, box.right))
    book.check_size()
    touched = write(book, sheet, box, rows, option, author)
    answer: Json = {"spreadsheetId": book.id}
    if table:
        answer["tableRange"] = range_name(sheet.title, table)
    answer["updates"] = updated(book, Place(sheet, box, False), touched, query)
    return answer


def table_in(place: Place) -> Box | None:
    """The island of values that holds the last value in the range."""
    last = last_value(place)
    if last is None:
        return None
    sheet, (row, column) = place.sheet, last
    top, left, bottom, right = row, column, row + 1, column + 1
    while True:
        before = (top, left, bottom, right)
        while top > 0 and filled(sheet, top - 1, left - 1, right + 1):
            top -= 1
        while filled(sheet, bottom, left - 1, right + 1):
            bottom += 1
        beside = sheet.rows[max(top - 1, 0) : bottom + 1]
        left -= left > 0 and any(has_value(row[left - 1]) for row in beside if left - 1 in row)
        right += any(has_value(row[right]) for row in beside if right in row)
        if before == (top, left, bottom, right):
            return Box(top, left, bottom, right)


def last_value(place: Place) -> tuple[int, int] | None:
    sheet, box = place.sheet, place.box
    for at in range(min(box.bottom, len(sheet.rows)) - 1, box.top - 1, -1):
        row = sheet.rows[at].items()
        columns = [column for column, cell in row if box.left <= column < box.right and has_value(cell)]
        if columns:
            return at, max(columns)
    return None


def filled(sheet: Sheet, row: int, left: int, right: int) -> bool:
    if row >= len(sheet.rows):
        return False
    cells = sheet.rows[row]
    return any(column in cells and has_value(cells[column]) for column in range(left, right))


def clear(book: Spreadsheet, text: str, author: Author) -> str:
    """Empties the values and leaves formats, notes and validation; the range that was cleared."""
    place = readable(book, text)
    if not may_edit(book, place.sheet, place.box, author.user):
        raise invalid(PROTECTED)
    for row, column in place.sheet.cells(place.box, has_value):
        place.sheet.put_value(row, column, {})
    return place.name
