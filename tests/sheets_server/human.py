"""What people do to a sheet in their browser, as requests of the API."""

from __future__ import annotations

from tests.sheets_server import batch, values
from tests.sheets_server.a1 import column_index
from tests.sheets_server.errors import invalid
from tests.sheets_server.model import Json, Sheet, Spreadsheet
from tests.sheets_server.reading import box_of, locate


def apply(book: Spreadsheet, edit: Json, author: values.Author) -> None:
    """One edit on a draft; raises ApiError where it cannot be done."""
    kind = edit["edit"]
    if kind == "type":
        sheet = tab(book, edit["tab"])
        query = {"valueInputOption": "USER_ENTERED"}
        values.update(book, range_in(sheet, edit["cell"]), {"values": edit["rows"]}, query, author)
    else:
        batch.apply(book, requests_of(book, kind, edit), author)


def tab(book: Spreadsheet, title: str) -> Sheet:
    found = book.by_title(title)
    if found is None:
        raise invalid(f"No tab {title}")
    return found


def range_in(sheet: Sheet, text: str) -> str:
    return "'" + sheet.title.replace("'", "''") + f"'!{text}"


def requests_of(book: Spreadsheet, kind: str, edit: Json) -> list[Json]:
    if kind == "requests":
        found: list[Json] = edit["requests"]
        return found
    sheet = tab(book, edit["tab"])
    return REQUESTS[kind](book, sheet, edit)


def dimension(sheet: Sheet, edit: Json) -> Json:
    start = edit["at"]
    return {"sheetId": sheet.id, "dimension": edit["dimension"], "startIndex": start, "endIndex": start + edit["count"]}


def insert(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    return [{"insertDimension": {"range": dimension(sheet, edit), "inheritFromBefore": edit["at"] > 0}}]


def delete(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    return [{"deleteDimension": {"range": dimension(sheet, edit)}}]


def move(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    return [{"moveDimension": {"source": dimension(sheet, edit), "destinationIndex": edit["to"]}}]


def sort(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    order = "DESCENDING" if edit["descending"] else "ASCENDING"
    spec = {"dimensionIndex": column_index(edit["column"]), "sortOrder": order}
    area = {"sheetId": sheet.id, "startRowIndex": edit["header_rows"]}
    return [{"sortRange": {"range": area, "sortSpecs": [spec]}}]


def rename(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    properties = {"sheetId": sheet.id, "title": edit["title"]}
    return [{"updateSheetProperties": {"properties": properties, "fields": "title"}}]


def remove_tab(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    return [{"deleteSheet": {"sheetId": sheet.id}}]


def merge(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    box = box_of({}, sheet) if not edit["cells"] else locate(book, range_in(sheet, edit["cells"])).box
    return [{"mergeCells": {"range": batch.grid_range(sheet, box), "mergeType": "MERGE_ALL"}}]


def duplicate(book: Spreadsheet, sheet: Sheet, edit: Json) -> list[Json]:
    """The row once more, directly below."""
    at = edit["at"]
    below = {**edit, "at": at + 1, "count": 1, "dimension": "ROWS"}
    source = {"sheetId": sheet.id, "startRowIndex": at, "endRowIndex": at + 1}
    target = {"sheetId": sheet.id, "startRowIndex": at + 1, "endRowIndex": at + 2}
    return [*insert(book, sheet, below), {"copyPaste": {"source": source, "destination": target}}]


REQUESTS = {
    "insert": insert,
    "delete": delete,
    "move": move,
    "sort": sort,
    "rename": rename,
    "remove_tab": remove_tab,
    "merge": merge,
    "duplicate": duplicate,
}
