"""Making a spreadsheet ready: everything is there after one run, a second changes nothing, typed values stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.domain.clock import WIB
from services.store import schema
from services.store.schema import ENTRY, INDICATOR, PROFILE, SECTION, TABLES
from services.store.sheets import SheetsStore
from services.store.sheets_look import INPUTS
from services.store.sheets_setup import Outcome, prepare
from services.store.sheets_state import GUIDE
from services.store.store import HistoryQuery, Insert, StoreUnavailable
from tests.sheets_server.control import Edit, Effect, Server
from tests.store.helpers import NOW, action, change, entry, everything, fill, found, large_office, row
from tests.store.sheets import Book

ALL = "properties,namedRanges,sheets(properties,merges,protectedRanges,filterViews,conditionalFormats,developerMetadata"
ALL += ",data(rowData(values(userEnteredValue,note,userEnteredFormat,dataValidation)),columnMetadata))"


@pytest.fixture
def book(google: Server) -> Book:
    """An empty spreadsheet as a person makes it."""
    google.control.heal()
    return Book(google, google.control.create("Monev Silaut", locale="en_US"))


@pytest.fixture
def store(book: Book) -> SheetsStore:
    return book.open()


@pytest.fixture
def ready(book: Book, store: SheetsStore) -> Book:
    """A spreadsheet that is ready, with one section, its indicator, and entries ``e1`` to ``e3``."""
    prepare(store)
    fill(store)
    store.commit(action(Insert(ENTRY, entry("e2", quarter=2)), Insert(ENTRY, entry("e3", quarter=1))))
    prepare(store)
    return book


@pytest.fixture(scope="module")
def prepared(google: Server) -> SheetsStore:
    """A spreadsheet just made ready, for the tests that only look at it."""
    google.control.heal()
    store = Book(google, google.control.create("Monev Silaut", locale="en_US")).open()
    prepare(store)
    return store


@pytest.fixture(scope="module")
def looks(prepared: SheetsStore) -> Mapping[str, Any]:
    return whole(prepared)


@pytest.fixture(scope="module")
def sheets(looks: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return by_title(looks)


def whole(store: SheetsStore) -> Mapping[str, Any]:
    """The spreadsheet without the token that every write renews."""
    return {key: value for key, value in store.client.metadata(ALL).items() if key != "namedRanges"}


def by_title(spreadsheet: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {sheet["properties"]["title"]: sheet for sheet in spreadsheet["sheets"]}


def tab(store: SheetsStore, title: str = "Isian") -> Mapping[str, Any]:
    return by_title(whole(store))[title]


def cell(sheet: Mapping[str, Any], place: int, column: int) -> Mapping[str, Any]:
    cells: Mapping[str, Any] = sheet["data"][0]["rowData"][place]["values"][column]
    return cells


def column_of(name: str, table: schema.Table = ENTRY) -> int:
    return table.names.index(name)


ROOT = Path(__file__).parents[2]


# --- everything is there ------------------------------------------------------------------------------------------


def test_an_empty_spreadsheet_becomes_ready_in_one_write_and_a_second_run_changes_nothing(
    book: Book, store: SheetsStore
) -> None:
    writes = book.control.writes()
    outcome = prepare(store)
    assert book.control.writes() == writes + 1
    assert any("Tab Isian dibuat" in line for line in outcome.done)
    assert store.read().problems == ()
    before = whole(store)
    assert prepare(store) == Outcome((), ())
    assert book.control.writes() == writes + 1
    assert whole(store) == before


def test_every_tab_has_its_headers_and_key_columns_frozen(sheets: Mapping[str, Any]) -> None:
    for table in TABLES:
        sheet = sheets[table.name]
        headers = [c["userEnteredValue"]["stringValue"] for c in sheet["data"][0]["rowData"][0]["values"]]
        assert headers == [column.header for column in table.columns]
        assert sheet["properties"]["gridProperties"]["frozenRowCount"] == 1
        assert sheet["properties"]["gridProperties"]["frozenColumnCount"] >= 1


def test_the_spreadsheet_speaks_indonesian_in_jakarta_time(looks: Mapping[str, Any]) -> None:
    properties = looks["properties"]
    assert (properties["locale"], properties["timeZone"]) == ("id_ID", "Asia/Jakarta")


def test_a_code_that_a_person_types_stays_a_text(ready: Book, store: SheetsStore) -> None:
    code = cell(tab(store, "Indikator"), 1, column_of("code", INDICATOR))
    assert code["userEnteredFormat"]["numberFormat"]["type"] == "TEXT"
    place = store.read().place(INDICATOR, "i1", "code").partition("!")[2]
    ready.human(Edit.type("Indikator", place, "7.01.02.2.01.0001"))
    assert found(store, INDICATOR, "i1")["code"] == "7.01.02.2.01.0001"


def test_dates_are_shown_as_dates_and_entries_keep_the_format_of_what_is_typed(
    sheets: Mapping[str, Any],
) -> None:
    due = cell(sheets["Siklus"], 1, column_of("due_on", schema.CYCLE))
    assert due["userEnteredFormat"]["numberFormat"] == {"type": "DATE", "pattern": "dd/mm/yyyy"}
    assert "userEnteredFormat" not in cell(sheets["Isian"], 1, column_of("actual"))


@pytest.mark.parametrize(
    ("table", "column", "kind", "value"),
    [
        (ENTRY, "indicator_id", "ONE_OF_RANGE", "='Indikator'!$A$2:$A"),
        (ENTRY, "section_id", "ONE_OF_RANGE", "='Seksi'!$A$2:$A"),
        (ENTRY, "quarter", "ONE_OF_LIST", "4"),
        (INDICATOR, "polarity", "ONE_OF_LIST", "turun"),
        (INDICATOR, "aggregation", "ONE_OF_LIST", "posisi akhir"),
        (INDICATOR, "level", "ONE_OF_LIST", "Sub kegiatan"),
        (INDICATOR, "active", "ONE_OF_LIST", "tidak"),
        (schema.OFFICIAL, "role", "ONE_OF_LIST", "kasi"),
    ],
)
def test_a_cell_with_few_possible_values_offers_them(
    sheets: Mapping[str, Any], table: schema.Table, column: str, kind: str, value: str
) -> None:
    condition = cell(sheets[table.name], 1, column_of(column, table))["dataValidation"]["condition"]
    assert condition["type"] == kind
    assert value in [each["userEnteredValue"] for each in condition["values"]]


def test_every_header_explains_its_column(sheets: Mapping[str, Any]) -> None:
    headers = {table: sheets[table.name]["data"][0]["rowData"][0]["values"] for table in TABLES}
    for table, header in headers.items():
        assert all(each.get("note") for each in header[: len(table.columns)]), table.name
    assert "NA bila belum terukur" in headers[ENTRY][column_of("actual")]["note"]


def test_only_the_input_cells_can_be_edited_by_everybody(prepared: SheetsStore, sheets: Mapping[str, Any]) -> None:
    for table in TABLES:
        (protected,) = sheets[table.name]["protectedRanges"]
        assert "startRowIndex" not in protected["range"]
        assert prepared.client.email in protected["editors"]["users"]
        free = protected.get("unprotectedRanges", [])
        columns = {at for one in free for at in range(one["startColumnIndex"], one["endColumnIndex"])}
        assert columns == ({column_of(name) for name in INPUTS} if table is ENTRY else set())
        assert all(one["startRowIndex"] == 1 for one in free)


def test_the_cells_of_a_section_whose_address_is_known_are_its_own(ready: Book, store: SheetsStore) -> None:
    store.commit(action(Insert(PROFILE, row(PROFILE, "surel.pem", value="kasi.pem@example.go.id, staf@example.go.id"))))
    prepare(store)
    own = [one for one in tab(store)["protectedRanges"] if "isian Pem" in one["description"]]
    assert {"kasi.pem@example.go.id", "staf@example.go.id"} <= set(own[0]["editors"]["users"])
    assert (own[0]["range"]["startRowIndex"], own[0]["range"]["endRowIndex"]) == (1, 4)
    assert prepare(store) == Outcome((), ())
    store.commit(
        action(change({"value": "kasi.pem@example.go.id, staf@example.go.id"}, {"value": ""}, "surel.pem", PROFILE))
    )
    prepare(store)
    assert len(tab(store)["protectedRanges"]) == 1


def test_each_section_has_its_view_of_the_entries(ready: Book, store: SheetsStore) -> None:
    (view,) = tab(store)["filterViews"]
    assert view["title"] == "Seksi: Pem"
    (spec,) = view["filterSpecs"]
    assert spec["columnIndex"] == column_of("section_id")
    assert spec["filterCriteria"]["condition"]["values"] == [{"userEnteredValue": "pem"}]
    store.commit(action(Insert(SECTION, row(SECTION, "tib", name="Trantib", short="Tib", order=2))))
    prepare(store)
    assert [one["title"] for one in tab(store)["filterViews"]] == ["Seksi: Pem", "Seksi: Tib"]


def test_blank_unreadable_and_locked_cells_are_coloured_and_nothing_is_green(ready: Book, store: SheetsStore) -> None:
    cycle = row(schema.CYCLE, "s1", year=2026, quarter=1, opened_at=NOW, due_on=NOW.date(), sop_version="1")
    store.commit(action(Insert(schema.CYCLE, {**cycle, "locked_at": NOW.astimezone(WIB)})))
    prepare(store)
    rules = tab(store)["conditionalFormats"]
    formulas = [rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for rule in rules]
    assert formulas[0].startswith("=ISERROR(F2)")
    assert formulas[1] == '=($A2<>"")*(LEN(B2)=0)'
    assert formulas[2] == "=($B2=2026)*($C2=1)"
    assert not any(separator in formula for formula in formulas for separator in ",;")
    colours = [rule["booleanRule"]["format"]["backgroundColor"] for rule in rules]
    assert all(colour["green"] < max(colour["red"], colour["blue"]) for colour in colours)
    assert prepare(store) == Outcome((), ())


def test_the_guide_tells_how_to_fill_in_and_whom_to_ask(ready: Book, store: SheetsStore) -> None:
    official = row(schema.OFFICIAL, "o1", post="Kasubag PKP", name="Rina Wati", role="pkp")
    store.commit(action(Insert(schema.OFFICIAL, official)))
    prepare(store)
    texts = [one[0] for one in store.client.values([f"'{GUIDE}'!A:A"])[0] if one]
    assert "Cara mengisi" in texts
    assert "Kasubag PKP: Rina Wati" in texts
    assert tab(store, GUIDE)["protectedRanges"]
    assert prepare(store) == Outcome((), ())


def test_each_entry_says_which_indicator_it_is_for_and_notes_of_people_stay(ready: Book, store: SheetsStore) -> None:
    at = column_of("indicator_id")
    assert cell(tab(store), 1, at)["note"] == "i1: Cakupan pelayanan (%)"
    sheet = {"sheetId": tab(store)["properties"]["sheetId"], "columnIndex": at}
    own = {"start": {**sheet, "rowIndex": 2}, "rows": [{"values": [{"note": "Tanya Bu Rina"}]}], "fields": "note"}
    stale = {"start": {**sheet, "rowIndex": 9}, "rows": [{"values": [{"note": "i1: Lama (%)"}]}], "fields": "note"}
    ready.human(Edit.requests({"updateCells": own}, {"updateCells": stale}))
    assert prepare(store).done == ("Isian: nama indikator sebagai catatan selnya.",)
    assert cell(tab(store), 2, at)["note"] == "Tanya Bu Rina"
    assert prepare(store) == Outcome((), ())
    store.commit(action(change({"name": "Cakupan pelayanan"}, {"name": "Cakupan baru"}, "i1", INDICATOR)))
    prepare(store)
    assert cell(tab(store), 1, at)["note"] == "i1: Cakupan baru (%)"
    assert prepare(store) == Outcome((), ())


def test_every_message_in_the_guide_to_google_sheets_is_one_of_the_program() -> None:
    page = (ROOT / "docs" / "google-sheets.md").read_text("utf-8")
    table = page.partition("### Saat mulai")[2].partition("###")[0]
    messages = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")][1:]
    sources = [file.read_text("utf-8") for file in (ROOT / "services").rglob("*.py")]
    program = re.sub(r'"\s*f?"', "", "\n".join(sources))
    parts = [part.strip() for message in messages if not message.startswith("---") for part in message.split("…")]
    assert len(parts) > 10
    assert [part for part in parts if part not in program] == []


# --- what people did stays ----------------------------------------------------------------------------------------


def test_what_people_typed_and_arranged_stays(ready: Book, store: SheetsStore) -> None:
    ready.human(
        Edit.type("Isian", "F2", "83%"),
        Edit.type("Isian", "G3", "12.450.000"),
        Edit.type("Isian", "H3", "=1/0"),
        Edit.insert_columns("Isian", "N"),
        Edit.type("Isian", "N1", "Catatan kami"),
        Edit.type("Isian", "N2", "x"),
        Edit.sort("Isian", "C"),
        Edit.move_columns("Isian", "F", "B"),
        Edit.requests(
            {
                "updateDimensionProperties": {
                    "range": {
                        "sheetId": tab(store)["properties"]["sheetId"],
                        "dimension": "COLUMNS",
                        "startIndex": 4,
                        "endIndex": 5,
                    },
                    "properties": {"pixelSize": 333},
                    "fields": "pixelSize",
                }
            }
        ),
    )
    before, values = everything(store), store.client.values(["'Isian'"])
    prepare(store)
    assert everything(store) == before
    assert store.client.values(["'Isian'"]) == values
    assert found(store)["actual"] == "83%"
    assert tab(store)["data"][0]["columnMetadata"][4]["pixelSize"] == 333
    assert prepare(store).done == ()


def test_the_application_can_write_into_a_spreadsheet_that_is_ready(ready: Book, store: SheetsStore) -> None:
    store.commit(action(change({"actual": None}, {"actual": Decimal("83.5")}), id="t"))
    assert found(ready.open())["actual"] == Decimal("83.5")
    assert store.history(HistoryQuery(transaction_id="t"))
    assert prepare(store) == Outcome((), ())


def test_a_whole_office_can_be_loaded_into_a_spreadsheet_that_is_ready(book: Book, store: SheetsStore) -> None:
    prepare(store)
    store.load(large_office(30))
    outcome = prepare(store)
    assert outcome.left == ()
    assert {name: rows for name, rows in everything(store).items() if rows} == large_office(30)
    assert prepare(store) == Outcome((), ())


def test_a_rule_and_a_protection_that_people_made_stay(ready: Book, store: SheetsStore) -> None:
    gid = tab(store)["properties"]["sheetId"]
    cells = {"sheetId": gid, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 5, "endColumnIndex": 6}
    condition = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "90"}]}
    rule = {"ranges": [cells], "booleanRule": {"condition": condition, "format": {"textFormat": {"bold": True}}}}
    ready.human(
        Edit.requests(
            {"addConditionalFormatRule": {"rule": rule, "index": 0}},
            {"addProtectedRange": {"protectedRange": {"range": cells, "description": "Punya kami"}}},
        )
    )
    assert prepare(store).done == ()
    assert "Punya kami" in [one["description"] for one in tab(store)["protectedRanges"]]


def test_a_trial_says_the_same_and_writes_nothing(book: Book, store: SheetsStore) -> None:
    before, writes = whole(store), book.control.writes()
    trial = prepare(store, trial=True)
    assert book.control.writes() == writes
    assert whole(store) == before
    assert trial.done == prepare(store).done


@pytest.mark.parametrize("effect", [Effect.UNAVAILABLE_AFTER, Effect.UNAVAILABLE, Effect.RESET_AFTER])
def test_a_failure_on_the_way_leads_to_the_same_result(book: Book, store: SheetsStore, effect: Effect) -> None:
    book.control.fault("batchUpdate", effect)
    assert any("Tab Isian dibuat" in line for line in prepare(store).done)
    assert prepare(store) == Outcome((), ())
    assert [sheet["properties"]["title"] for sheet in whole(store)["sheets"]].count("Isian") == 1


def test_a_spreadsheet_that_is_not_shared_says_with_whom_to_share_it(book: Book, store: SheetsStore) -> None:
    book.control.share(book.id, "reader")
    with pytest.raises(StoreUnavailable, match="sebagai Editor"):
        prepare(store)
