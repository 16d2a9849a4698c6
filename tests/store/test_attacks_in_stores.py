"""Thirty malicious texts in every store: they come back as typed, each change is one line of the log, and in a
spreadsheet they are texts that nothing calculates. Files that people download keep them as texts too.
"""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import openpyxl
import pytest

from services.store.schema import ENTRY
from services.store.store import HistoryQuery, Row
from services.tabular.export import export_table
from services.tabular.upload import read_upload
from services.tabular.values import Form, from_cell
from tests.attacks import ATTACKS
from tests.sheets_server.control import Server
from tests.sheets_server_tests.api import send, token_of
from tests.store.helpers import Openable, action, change, entry, fill, found
from tests.store.sheets import new_book

TEXTS = tuple(text for text in ATTACKS if "\0" not in text)
"""NUL is refused by every action, because no database keeps it."""
FIELDS = ("driver", "obstacle", "follow_up")


def test_each_comes_back_as_typed_and_leaves_one_line_in_the_log(store: Openable) -> None:
    for old, new in pairwise(("", *TEXTS)):
        store.commit(action(change({"driver": old}, {"driver": new}), id=f"t{TEXTS.index(new)}"))
        assert found(store)["driver"] == new
    lines = [line for line in store.history(HistoryQuery(limit=100)) if line["column"] == "driver"]
    assert [(line["old"] or "", line["new"]) for line in lines] == list(pairwise(("", *TEXTS)))[::-1]


def test_in_a_spreadsheet_each_is_a_text_that_nothing_calculates(google: Server) -> None:
    book = new_book(google)
    store = book.open()
    fill(store)
    for number in range(0, len(TEXTS), len(FIELDS)):
        texts = dict(zip(FIELDS, TEXTS[number : number + len(FIELDS)], strict=False))
        old = {name: found(store)[name] for name in texts}
        store.commit(action(change(old, texts)))
        cells = written(google, book.id)
        assert all({"stringValue": text} in cells for text in texts.values())
        assert not any("formulaValue" in cell for cell in cells)
    store.close()


def written(google: Server, book: str) -> list[dict[str, object]]:
    """What stands in the cells of the tab of entries, as somebody entered it."""
    path = f"/v4/spreadsheets/{book}"
    answer = send(google.base, "GET", path, None, token_of(google.base), ranges=ENTRY.name, includeGridData="true")
    data = [grid for sheet in answer.json["sheets"] for grid in sheet.get("data", ())]
    rows = [row for grid in data for row in grid.get("rowData", ())]
    return [cell["userEnteredValue"] for row in rows for cell in row.get("values", ()) if "userEnteredValue" in cell]


ROWS: tuple[Row, ...] = tuple(entry(f"e{number}", driver=text) for number, text in enumerate(TEXTS))
PLACE = ENTRY.names.index("driver")


def test_in_a_workbook_each_is_a_text_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(export_table(ENTRY, ROWS, Form.XLSX))).active
    assert sheet is not None
    cells = [row[PLACE] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)
    assert len(cells) == len(TEXTS)


def test_in_csv_no_cell_begins_like_a_formula_and_no_row_breaks() -> None:
    text = export_table(ENTRY, ROWS, Form.CSV).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert {len(line) for line in lines} == {len(ENTRY.columns)}
    assert len(lines) == 1 + len(TEXTS)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in lines for cell in line)


@pytest.mark.parametrize("form", Form)
def test_a_downloaded_file_gives_each_back_as_typed(form: Form) -> None:
    upload = read_upload(f"isian.{form.value}", export_table(ENTRY, ROWS, form), ENTRY)
    column = ENTRY.column("driver")
    assert [from_cell(column, row.cells["driver"], form) for row in upload.rows] == list(TEXTS)
