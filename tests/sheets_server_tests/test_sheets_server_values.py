"""Reading and writing values as the real API does it."""

from __future__ import annotations

import pytest

from tests.sheets_server_tests.api import Book, add_sheet, cells, write


def test_raw_text_is_never_parsed(book: Book) -> None:
    book.update("A1:F1", [["42", "=1+1", "TRUE", "2026-01-31", "1,5", "'x"]])
    assert book.values("A1:F1") == [["42", "=1+1", "TRUE", "2026-01-31", "1,5", "'x"]]


def test_raw_json_types_stay_what_they_are(book: Book) -> None:
    book.update("A1:D1", [[42, 1.5, True, ""]])
    assert book.values("A1:D1") == [[42, 1.5, True]]
    assert book.values("A1:D1", "FORMATTED_VALUE") == [["42", "1.5", "TRUE"]]


def test_null_leaves_a_cell_alone_and_empty_text_empties_it(book: Book) -> None:
    book.update("A1:C1", [["a", "b", "c"]])
    reply = book.update("A1:C1", [[None, "", "C"]])
    assert reply.json["updatedCells"] == 2
    assert book.values("A1:C1") == [["a", "", "C"]]


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("1.500", 1500, "1.500"),
        ("1,5", 1.5, "1,5"),
        ("1.234.567,89", 1234567.89, "1.234.567,89"),
        ("88,5%", 0.885, "88,50%"),
        ("Rp1.500", 1500, "Rp1.500"),
        ("31/01/2026", 46053, "31/1/2026"),
        ("2026-01-31", 46053, "2026-01-31"),
        ("31 Januari 2026", 46053, "31 Januari 2026"),
        ("12.30", 0.5208333333333334, "12:30"),
        ("TRUE", True, "TRUE"),
        ("'007", "007", "007"),
        ("belum ada", "belum ada", "belum ada"),
        ("12 orang", "12 orang", "12 orang"),
        ("31/02/2026", "31/02/2026", "31/02/2026"),
    ],
)
def test_typing_is_read_as_indonesia_writes(office: Book, text: str, value: object, shown: str) -> None:
    office.update("A1", [[text]], "USER_ENTERED")
    assert office.values("A1") == [[value]]
    assert office.values("A1", "FORMATTED_VALUE") == [[shown]]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,500", 1500), ("1.5", 1.5), ("1/31/2026", 46053), ("0042", 42), ("$1,500.25", 1500.25), ("1E3", 1000)],
)
def test_typing_is_read_as_america_writes(book: Book, text: str, value: float) -> None:
    book.update("A1", [[text]], "USER_ENTERED")
    assert book.values("A1") == [[value]]


def test_a_cell_of_plain_text_keeps_typing_as_text(office: Book) -> None:
    look = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    office.batch(write(0, 0, {"values": [look]}, fields="userEnteredFormat.numberFormat"))
    office.update("A1", [["1,5"]], "USER_ENTERED")
    assert office.values("A1") == [["1,5"]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [("=4/2", 2), ("=1/0", "#DIV/0!"), ("=A9+1", 1), ("=NOSUCH(1)", "#NAME?"), ("=B1", "#REF!"), ('="a"&1', "a1")],
)
def test_a_formula_is_computed_or_shows_its_error(book: Book, formula: str, value: object) -> None:
    book.update("B1", [[formula]], "USER_ENTERED")
    assert book.values("B1") == [[value]]
    assert book.values("B1", "FORMULA") == [[formula]]


@pytest.mark.parametrize("formula", ["=(0-1)^0.5", "=1E308*10", "=0^(0-1)", "=IF()", "=((", '="', "=\x00", "=A1:B2:C3"])
def test_a_formula_without_a_result_shows_an_error(book: Book, formula: str) -> None:
    assert book.update("C1", [[formula]], "USER_ENTERED").status == 200
    assert str(book.values("C1")[0][0]).startswith("#")


def test_any_text_can_be_typed(office: Book) -> None:
    texts = [
        "9" * 400,
        "１２３",
        "١٢",
        "\u202e1,5",
        "1.2.3",
        "-",
        "%",
        "Rp",
        "1/0",
        "99/99/9999",
        "24.00",
        "1e999",
        "\ud800",
    ]
    assert office.update("A1", [texts], "USER_ENTERED").status == 200
    assert office.values("A1:Z1")[0][:-1] == texts[:-1]


def test_a_sum_follows_its_cells(book: Book) -> None:
    book.update("A1:A3", [[1], [2], [3.5]])
    book.update("A4", [["=SUM(A1:A3)"]], "USER_ENTERED")
    book.update("A1", [[10]])
    assert book.values("A4") == [[15.5]]


def test_an_empty_range_has_no_values(book: Book) -> None:
    assert "values" not in book.send("GET", "/values/A1:C3").json


def test_the_range_of_an_answer_is_filled_out_to_the_grid(book: Book) -> None:
    ranges = ["Sheet1", "B2:C", "3:4", "B:B", "D4:A1"]
    found = book.send("GET", "/values:batchGet", ranges=ranges).json["valueRanges"]
    assert [one["range"] for one in found] == [
        "Sheet1!A1:Z1000",
        "Sheet1!B2:C1000",
        "Sheet1!A3:Z4",
        "Sheet1!B1:B1000",
        "Sheet1!A1:D4",
    ]


@pytest.mark.parametrize("text", ["Tidak ada", "'Tidak ada'!A1", "A1:", "Sheet1!A0", "'Sheet1"])
def test_a_range_that_names_nothing_is_refused(book: Book, text: str) -> None:
    reply = book.send("GET", "/values:batchGet", ranges=[text])
    assert (reply.status, reply.message) == (400, f"Unable to parse range: {text}")
    assert reply.error["status"] == "INVALID_ARGUMENT"


def test_a_tab_named_like_a_cell_is_read_when_it_is_quoted(book: Book) -> None:
    book.batch(add_sheet("CRM26"))
    book.update("'CRM26'!A1", [["di sini"]])
    assert book.values("'CRM26'") == [["di sini"]]
    assert book.values("CRM26") == []


@pytest.mark.parametrize("cells_", ["A1001", "AA1", "A1000:A1001"])
def test_writing_outside_the_grid_is_refused(book: Book, cells_: str) -> None:
    reply = book.update(f"Sheet1!{cells_}", [["x"]])
    limits = "exceeds grid limits. Max rows: 1000, max columns: 26"
    assert (reply.status, reply.message) == (400, f"Range (Sheet1!{cells_}) {limits}")


def test_reading_that_begins_outside_the_grid_is_refused(book: Book) -> None:
    assert "exceeds grid limits" in book.send("GET", "/values/AA1:AB2").message


def test_a_body_larger_than_its_range_is_refused(book: Book) -> None:
    reply = book.update("Sheet1!A1:B1", [["a", "b", "c"]])
    assert reply.message == "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]"
    assert book.values("A1:C1") == []


def test_a_cell_takes_50000_characters_and_not_one_more(book: Book) -> None:
    assert book.update("A1", [["x" * 50_000]]).status == 200
    reply = book.update("A2", [["x" * 50_001]])
    assert reply.message == "Your input contains more than the maximum of 50000 characters in a single cell."


def test_a_list_inside_a_row_is_refused(book: Book) -> None:
    assert book.update("A1", [["a", [1]]]).message == "Invalid values[0][1]: list_value [1]"


def test_updates_need_their_input_option(book: Book) -> None:
    reply = book.send("PUT", "/values/A1", {"values": [["x"]]})
    assert reply.message == "'valueInputOption' is required but not specified"


def test_one_bad_range_of_a_batch_leaves_all_cells_alone(book: Book) -> None:
    data = [{"range": "A1", "values": [["x"]]}, {"range": "Nowhere!A1", "values": [["y"]]}]
    assert book.send("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data}).status == 400
    assert book.values("Sheet1") == []


def test_an_append_grows_the_grid(book: Book) -> None:
    book.update("A1000", [["akhir"]])
    reply = book.append("Sheet1", [["baru"], ["lagi"]])
    assert reply.json["updates"]["updatedRange"] == "Sheet1!A1001:A1002"
    assert book.sheet()["properties"]["gridProperties"]["rowCount"] == 1002


def test_an_append_overwrites_what_stands_below_the_table(book: Book) -> None:
    book.batch(write(0, 0, cells("id"), cells("a")), write(2, 4, cells("milik orang")))
    book.append("A1", [["b", 1, 2, 3, "tertimpa"]])
    assert book.values("E3") == [["tertimpa"]]


def test_an_append_with_insert_rows_moves_the_rest_down(book: Book) -> None:
    book.batch(write(0, 0, cells("id"), cells("a")), write(2, 4, cells("milik orang")))
    book.append("A1", [["b", 1, 2, 3, "baru"]], insertDataOption="INSERT_ROWS")
    assert book.values("E3:E4") == [["baru"], ["milik orang"]]
    assert book.sheet()["properties"]["gridProperties"]["rowCount"] == 1001


@pytest.mark.parametrize(
    ("text", "target"), [("Sheet1", "B7"), ("B4", "B7"), ("C5:D5", "B7"), ("A3:G10", "B7"), ("A1", "A3"), ("E4", "E4")]
)
def test_rows_go_below_the_last_table_of_the_range(book: Book, text: str, target: str) -> None:
    """The example of Google's guide to appending: tables A1:C2 and B4:D6."""
    book.update("A1:C2", [["x", "y", "z"]] * 2)
    book.update("B4:D6", [["x", "y", "z"]] * 3)
    assert book.append(text, [["neu"]]).json["updates"]["updatedRange"] == f"Sheet1!{target}"


def test_clearing_leaves_format_note_and_validation(book: Book) -> None:
    rule = {"condition": {"type": "BOOLEAN"}}
    cell = {"userEnteredValue": {"numberValue": 1}, "note": "catatan", "dataValidation": rule}
    book.batch(write(0, 0, {"values": [cell]}, fields="*"))
    assert book.send("POST", "/values/A1:clear", {}).json["clearedRange"] == "Sheet1!A1"
    data = book.get(ranges="A1", fields="sheets.data.rowData.values(note,dataValidation,userEnteredValue)")
    assert data["sheets"][0]["data"][0]["rowData"][0]["values"][0] == {"note": "catatan", "dataValidation": rule}


def test_columns_come_as_columns(book: Book) -> None:
    book.update("A1:B2", [["a", "b"], ["c"]])
    assert book.values("A1:B2", majorDimension="COLUMNS") == [["a", "c"], ["b"]]


def test_a_number_that_no_double_holds_is_refused(book: Book) -> None:
    reply = book.send("PUT", "/values/A1", b'{"values": [[1e309]]}', valueInputOption="RAW")
    assert reply.status == 400
    assert reply.message.startswith("Invalid JSON payload received.")
