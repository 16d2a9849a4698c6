"""batchUpdate: atomic, checked against Google's own description, and true to its messages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sheets_server_tests.api import Book, Json, add_sheet, append, area, cells, span, write


def test_a_failing_request_leaves_nothing_of_the_others(book: Book) -> None:
    before = book.get()
    reply = book.batch(write(0, 0, cells("x")), add_sheet("Baru"), {"deleteSheet": {"sheetId": 99}})
    assert reply.message == "Invalid requests[2].deleteSheet: No grid with id: 99"
    assert book.get() == before
    assert book.values("Sheet1") == []


def test_a_kind_that_is_not_known_here_leaves_nothing_either(book: Book) -> None:
    reply = book.batch(write(0, 0, cells("x")), {"trimWhitespace": {"range": area(0, 0, 1, 1)}})
    assert (reply.status, reply.error["status"]) == (501, "UNIMPLEMENTED")
    assert book.values("Sheet1") == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"sing": {}}, "Unknown name \"sing\" at 'requests[0]': Cannot find field."),
        (
            {"addSheet": {"properties": {"tittle": "x"}}},
            "Unknown name \"tittle\" at 'requests[0].add_sheet.properties': Cannot find field.",
        ),
        (
            {"deleteSheet": {"sheetId": "x"}},
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\"",
        ),
        (
            {"mergeCells": {"mergeType": "MERGE_IT"}},
            "Invalid value at 'requests[0].merge_cells.merge_type' (TYPE_ENUM), \"MERGE_IT\"",
        ),
    ],
)
def test_a_body_that_google_does_not_know_is_refused(book: Book, request_: Json, message: str) -> None:
    reply = book.batch(request_)
    assert reply.status == 400
    assert reply.message.endswith(message)
    assert reply.error["details"][0]["@type"] == "type.googleapis.com/google.rpc.BadRequest"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("", "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"),
        ("userEnteredValu", "Invalid field: userEnteredValu"),
    ],
)
def test_a_mask_must_name_fields_that_exist(book: Book, fields: str, message: str) -> None:
    reply = book.batch(write(0, 0, cells("x"), fields=fields))
    assert reply.message == f"Invalid requests[0].updateCells: {message}"


def test_typed_text_stays_text_and_is_no_formula(office: Book) -> None:
    office.batch(write(0, 0, cells("=1+1", "1,5", 1.5, True)))
    assert office.values("A1:D1") == [["=1+1", "1,5", 1.5, True]]


def test_cells_of_a_range_that_no_row_reaches_are_emptied(book: Book) -> None:
    book.update("A1:B2", [[1, 2], [3, 4]])
    update = {"range": area(0, 0, 2, 2), "rows": [cells("a")], "fields": "userEnteredValue"}
    book.batch({"updateCells": update})
    assert book.values("A1:B2") == [["a"]]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (write(1000, 0, cells("x")), "GridCoordinate.rowIndex[1000] is after last row in grid[999]"),
        (write(0, 26, cells("x")), "GridCoordinate.columnIndex[26] is after last column in grid[25]"),
        (write(999, 0, cells("x"), cells("y")), "Attempting to write row: 1000, beyond the last requested row of: 999"),
    ],
)
def test_cells_outside_the_grid_are_refused(book: Book, request_: Json, message: str) -> None:
    assert book.batch(request_).message == f"Invalid requests[0].updateCells: {message}"


def test_appended_cells_go_below_the_last_data_and_grow_the_grid(book: Book) -> None:
    book.batch(add_sheet("Kecil", rows=2, columns=2, sheetId=7))
    book.batch(write(0, 0, cells("id"), sheet=7), append(cells("a", 1, "lebar"), cells("b"), sheet=7))
    assert book.values("Kecil") == [["id"], ["a", 1, "lebar"], ["b"]]
    grid = book.sheet(1)["properties"]["gridProperties"]
    assert grid == {"rowCount": 3, "columnCount": 3}


def test_appended_cells_begin_in_the_first_column_below_data_anywhere(book: Book) -> None:
    book.batch(write(4, 3, cells("jauh")), append(cells("a")))
    assert book.values("A6") == [["a"]]


def test_formats_and_notes_are_no_data_for_an_append(book: Book) -> None:
    book.batch(write(9, 0, {"values": [{"note": "hanya catatan"}]}, fields="note"), append(cells("a")))
    assert book.values("A1") == [["a"]]


def test_rows_and_columns_are_added_at_the_end(book: Book) -> None:
    book.batch(
        {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}},
        {"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 1}},
    )
    assert book.sheet()["properties"]["gridProperties"] == {"rowCount": 1005, "columnCount": 27}


def test_a_workbook_has_at_most_ten_million_cells(book: Book) -> None:
    reply = book.batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}})
    assert "above the limit of 10000000 cells." in reply.message


@pytest.mark.parametrize("title", ["Sheet1", "SHEET1"])
def test_a_title_that_is_taken_is_refused(book: Book, title: str) -> None:
    reply = book.batch(add_sheet(title))
    words = f'A sheet with the name "{title}" already exists. Please enter another name.'
    assert reply.message == f"Invalid requests[0].addSheet: {words}"


def test_the_last_visible_sheet_stays(book: Book) -> None:
    assert book.batch({"deleteSheet": {"sheetId": 0}}).status == 400


def test_the_answer_can_hold_the_ranges_that_were_written(book: Book) -> None:
    book.update("A1:B3", [["id", "nilai"], ["a", 1], ["b", 2]])
    reply = book.batch(
        write(1, 1, cells(10)),
        append(cells("c", 3)),
        includeSpreadsheetInResponse=True,
        responseRanges=["Sheet1!A2:B2", "Sheet1!A4:B4"],
        responseIncludeGridData=True,
    )
    data = reply.json["updatedSpreadsheet"]["sheets"][0]["data"]
    assert [[cell["formattedValue"] for cell in one["rowData"][0]["values"]] for one in data] == [
        ["a", "10"],
        ["c", "3"],
    ]
    assert data[0]["startRow"] == 1


def test_the_answer_holds_no_cells_unless_they_are_asked_for(book: Book) -> None:
    reply = book.batch(write(0, 0, cells("x")), includeSpreadsheetInResponse=True)
    assert "data" not in reply.json["updatedSpreadsheet"]["sheets"][0]


def test_inserted_rows_move_everything_that_has_a_place(book: Book) -> None:
    place = {"locationType": "ROW", "dimensionRange": span("ROWS", 1, 2)}
    metadata = {"metadataKey": "id", "metadataValue": "a", "visibility": "DOCUMENT", "location": place}
    rule = {"ranges": [area(1, 0, 5, 1)], "booleanRule": {"condition": {"type": "BLANK"}, "format": {}}}
    book.batch(
        write(1, 0, cells("a")),
        {"mergeCells": {"range": area(1, 2, 2, 4), "mergeType": "MERGE_ALL"}},
        {"addProtectedRange": {"protectedRange": {"range": area(1, 0, 2, 1)}}},
        {"addNamedRange": {"namedRange": {"name": "satu", "range": area(1, 0, 2, 1)}}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"createDeveloperMetadata": {"developerMetadata": metadata}},
    )
    book.batch({"insertDimension": {"range": span("ROWS", 0, 3)}})
    sheet = book.sheet()
    assert book.values("satu") == [["a"]]
    assert sheet["merges"][0]["startRowIndex"] == 4
    assert sheet["protectedRanges"][0]["range"]["startRowIndex"] == 4
    assert sheet["conditionalFormats"][0]["ranges"][0]["endRowIndex"] == 8
    assert sheet["developerMetadata"][0]["location"]["dimensionRange"]["startIndex"] == 4


def test_metadata_of_a_row_dies_with_the_row(book: Book) -> None:
    place = {"dimensionRange": span("ROWS", 1, 2)}
    metadata = {"metadataKey": "id", "metadataValue": "a", "visibility": "DOCUMENT", "location": place}
    book.batch({"createDeveloperMetadata": {"developerMetadata": metadata}})
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "id"}}]}
    found = book.send("POST", "/developerMetadata:search", lookup).json["matchedDeveloperMetadata"]
    assert found[0]["developerMetadata"]["metadataValue"] == "a"
    book.batch({"deleteDimension": {"range": span("ROWS", 0, 2)}})
    assert book.send("POST", "/developerMetadata:search", lookup).json == {"matchedDeveloperMetadata": []}


def test_a_sort_puts_numbers_before_text_and_blanks_last(book: Book) -> None:
    book.update("A1:B5", [["b", 1], ["", 2], [10, 3], ["a", 4], [9, 5]])
    spec = {"dimensionIndex": 0, "sortOrder": "DESCENDING"}
    book.batch({"sortRange": {"range": area(0, 0, 5, 2), "sortSpecs": [spec]}})
    assert [row[1] for row in book.values("A1:B5")] == [1, 4, 3, 5, 2]


def test_a_merge_keeps_the_first_value_only(book: Book) -> None:
    book.update("A1:B2", [[1, 2], [3, 4]])
    book.batch({"mergeCells": {"range": area(0, 0, 2, 2), "mergeType": "MERGE_ALL"}})
    assert book.values("A1:B2") == [[1]]
    reply = book.batch({"unmergeCells": {"range": area(0, 0, 1, 1)}})
    assert "You must select all cells in a merged range" in reply.message


def test_a_column_can_be_moved(book: Book) -> None:
    book.update("A1:C1", [["a", "b", "c"]])
    book.batch({"moveDimension": {"source": span("COLUMNS", 0, 1), "destinationIndex": 3}})
    assert book.values("A1:C1") == [["b", "c", "a"]]


def test_a_protected_range_keeps_others_out_and_its_editors_in(book: Book) -> None:
    edits = {"range": {"sheetId": 0}, "unprotectedRanges": [area(1, 1, 9, 2)], "editors": {"users": ["a@contoh.go.id"]}}
    person = {"edit": "requests", "requests": [{"addProtectedRange": {"protectedRange": edits}}]}
    book.control.human(book.id, person)
    assert book.update("B2", [["boleh"]]).status == 200
    reply = book.batch(write(0, 0, cells("tidak")))
    assert (reply.status, "protected cell or object" in reply.message) == (400, True)
    assert book.values("A1:B2") == [[], ["", "boleh"]]


def test_who_protects_a_range_is_among_its_editors(book: Book) -> None:
    book.batch({"addProtectedRange": {"protectedRange": {"range": area(0, 0, 1, 1)}}})
    assert book.sheet()["protectedRanges"][0]["editors"]["users"] == ["monev@proyek-uji.iam.gserviceaccount.com"]
    assert book.update("A1", [["boleh"]]).status == 200


CYCLE: list[tuple[str, str, Json, str]] = [
    ("ProtectedRange", "protectedRangeId", {"range": area(0, 0, 1, 1), "description": "lama"}, "protectedRanges"),
    ("FilterView", "filterViewId", {"range": area(0, 0, 9, 3), "title": "lama"}, "filterViews"),
]


@pytest.mark.parametrize(("kind", "key", "thing", "member"), CYCLE, ids=lambda value: str(value)[:14])
def test_things_with_an_id_are_added_changed_and_deleted(
    book: Book, kind: str, key: str, thing: Json, member: str
) -> None:
    name = "filter" if kind == "FilterView" else "protectedRange"
    text = "title" if kind == "FilterView" else "description"
    reply = book.batch({f"add{kind}": {name: thing}}).json["replies"][0]
    number = reply[f"add{kind}"][name][key]
    book.batch({f"update{kind}": {name: {key: number, text: "baru"}, "fields": text}})
    assert book.sheet()[member][0][text] == "baru"
    gone: dict[str, Any] = {"filterId": number} if kind == "FilterView" else {key: number}
    book.batch({f"delete{kind}": gone})
    assert member not in book.sheet()


def test_conditional_rules_keep_their_order(book: Book) -> None:
    def rule(kind: str) -> Json:
        return {"ranges": [area(0, 0, 5, 1)], "booleanRule": {"condition": {"type": kind}, "format": {}}}

    book.batch(
        {"addConditionalFormatRule": {"rule": rule("BLANK"), "index": 0}},
        {"addConditionalFormatRule": {"rule": rule("NOT_BLANK"), "index": 0}},
        {"updateConditionalFormatRule": {"rule": rule("TEXT_IS_EMAIL"), "index": 1}},
        {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}},
    )
    kinds = [one["booleanRule"]["condition"]["type"] for one in book.sheet()["conditionalFormats"]]
    assert kinds == ["TEXT_IS_EMAIL"]


def test_a_colour_is_read_back_with_its_style(book: Book) -> None:
    look = {"userEnteredFormat": {"backgroundColor": {"red": 1}}}
    book.batch({"repeatCell": {"range": area(0, 0, 1, 2), "cell": look, "fields": "userEnteredFormat.backgroundColor"}})
    data = book.get(ranges="B1", fields="sheets.data.rowData.values.userEnteredFormat")
    found = data["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    assert found == {"backgroundColor": {"red": 1}, "backgroundColorStyle": {"rgbColor": {"red": 1}}}


def test_groups_have_the_depths_of_googles_examples(book: Book) -> None:
    book.batch(
        {"addDimensionGroup": {"range": span("COLUMNS", 1, 4)}}, {"addDimensionGroup": {"range": span("COLUMNS", 2, 5)}}
    )
    assert group_spans(book) == [(1, 5, 1), (2, 4, 2)]
    book.batch({"deleteDimensionGroup": {"range": span("COLUMNS", 3, 5)}})
    assert group_spans(book) == [(1, 4, 1), (2, 3, 2)]


def group_spans(book: Book) -> list[tuple[int, int, int]]:
    groups = book.sheet()["columnGroups"]
    return [(one["range"]["startIndex"], one["range"]["endIndex"], one["depth"]) for one in groups]


def test_an_answer_has_only_what_its_mask_names(book: Book) -> None:
    book.batch(write(0, 0, cells("x")))
    assert book.get(fields="sheets(properties(title,index)),spreadsheetId") == {
        "spreadsheetId": book.id,
        "sheets": [{"properties": {"title": "Sheet1", "index": 0}}],
    }
    assert book.send("GET", fields="sheets.propertys").status == 400


def test_all_cells_come_with_their_values_when_grid_data_is_asked_for(book: Book) -> None:
    book.update("A1:A2", [["=1/0"], [0.5]], "USER_ENTERED")
    data = book.get(includeGridData="true", ranges="A1:A2")["sheets"][0]["data"][0]
    first, second = (row["values"][0] for row in data["rowData"])
    assert first["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert (second["effectiveValue"], second["formattedValue"]) == ({"numberValue": 0.5}, "0.5")
    assert [one["pixelSize"] for one in data["rowMetadata"]] == [21, 21]


def test_appends_at_the_same_time_lose_nothing(book: Book) -> None:
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda number: book.batch(append(cells(number))), range(80)))
    assert {reply.status for reply in replies} == {200}
    assert sorted(row[0] for row in book.values("A1:A100")) == list(range(80))
