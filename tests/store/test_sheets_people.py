"""People type into the sheet, sort it, and break it: what can be used is used, the rest is named with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.store.schema import CYCLE, ENTRY, HISTORY, HOLIDAY, INDICATOR, SECTION, Table
from services.store.sheets import SheetsStore
from services.store.store import Conflict, HistoryQuery, Insert, SheetProblem, Snapshot, StoreDamaged, Value
from tests.sheets_server.control import Edit, Server
from tests.store.helpers import NOW, action, change, entry, fill, found, row, section
from tests.store.sheets import Book, new_book


@pytest.fixture
def book(google: Server) -> Book:
    """One section, its indicator ``i1``, and blank entries ``e1`` to ``e3`` of three quarters."""
    google.control.heal()
    made = new_book(google)
    store = made.open()
    fill(store)
    store.commit(action(Insert(ENTRY, entry("e2", quarter=2)), Insert(ENTRY, entry("e3", quarter=1))))
    return made


@pytest.fixture
def store(book: Book) -> SheetsStore:
    return book.open()


def cell(store: SheetsStore, row_id: str, column: str, table: Table = ENTRY) -> str:
    """Where a value stands, e.g. ``G2``."""
    return store.read().place(table, row_id, column).partition("!")[2]


def problem(snapshot: Snapshot) -> SheetProblem:
    assert len(snapshot.problems) == 1
    return snapshot.problems[0]


def driver(text: str, row_id: str = "e1", old: str = "") -> Any:
    return action(change({"driver": old}, {"driver": text}, row_id), id=f"t-{text}")


# --- what is typed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("83,33", Decimal("83.33")),
        ("12.450.000", Decimal(12450000)),
        ("0", Decimal(0)),
        ("NA", "NA"),
        ("'83,33", "83,33"),
        ("83,33%", "83,33%"),
        ("0,5%", "0,5%"),
        ("TRUE", "TRUE"),
        ("=1/0", "#DIV/0!"),
        ("lima", "lima"),
        (" ", " "),
    ],
)
def test_what_a_person_types_into_an_entry_is_what_the_domain_reads(
    book: Book, store: SheetsStore, typed: str, value: Value
) -> None:
    book.human(Edit.type("Isian", cell(store, "e1", "actual"), typed))
    assert repr(found(store)["actual"]) == repr(value)


@pytest.mark.parametrize("typed", ["1/2/2026", "17/8/2026"])
def test_a_date_in_an_entry_is_a_text_and_never_a_number(book: Book, store: SheetsStore, typed: str) -> None:
    book.human(Edit.type("Isian", cell(store, "e1", "actual"), typed))
    actual = found(store)["actual"]
    assert isinstance(actual, str)
    assert "2026" in actual


def test_a_number_saved_over_a_percentage_is_read_as_that_number(book: Book, store: SheetsStore) -> None:
    book.human(Edit.type("Isian", cell(store, "e1", "actual"), "83%"))
    store.commit(action(change({"actual": "83%"}, {"actual": Decimal("84.5")})))
    assert found(store)["actual"] == found(book.open())["actual"] == Decimal("84.5")


def test_the_format_of_a_number_is_asked_for_once(book: Book, store: SheetsStore) -> None:
    book.human(Edit.type("Isian", cell(store, "e1", "actual"), "83,5"))
    store.read()
    book.control.forget()
    store.read()
    assert book.control.reads() == 1
    book.human(Edit.type("Isian", cell(store, "e1", "actual"), "83%"))
    assert found(store)["actual"] == "83%"


def test_what_a_person_typed_changes_the_revision_and_is_a_clash_for_who_saw_something_else(
    book: Book, store: SheetsStore
) -> None:
    before = store.revision()
    book.human(Edit.type("Isian", cell(store, "e1", "driver"), "Orang lain"))
    assert store.revision() != before
    with pytest.raises(Conflict) as caught:
        store.commit(driver("A"))
    assert caught.value.clashes[0].found == "Orang lain"


@pytest.mark.parametrize(
    ("table", "row_id", "column", "typed", "why"),
    [
        (SECTION, "pem", "order", "satu", "bukan bilangan bulat"),
        (SECTION, "pem", "order", "1,5", "bukan bilangan bulat"),
        (INDICATOR, "i1", "active", "mungkin", "bukan ya atau tidak"),
        (ENTRY, "e1", "entered_at", "kemarin", "bukan waktu"),
        (SECTION, "pem", "name", "198001012005011001", "angka sepanjang ini kehilangan digit"),
        (ENTRY, "e1", "section_id", "tidak-ada", "tidak ada baris dengan ID ini"),
        (ENTRY, "e2", "quarter", "3", "sama dengan baris 2"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_with_what_stands_there(
    book: Book, store: SheetsStore, table: Table, row_id: str, column: str, typed: str, why: str
) -> None:
    place = cell(store, row_id, column, table)
    book.human(Edit.type(table.name, place, typed))
    found_problems = [p for p in store.read().problems if p.tab == table.name]
    assert [p for p in found_problems if why in p.why and p.suggestion]
    assert found_problems[0].cell[1:] == place[1:]


def test_a_row_that_lacks_what_it_must_have_is_left_out_and_named(book: Book, store: SheetsStore) -> None:
    place = cell(store, "e2", "year")
    book.human(Edit.type("Isian", place, ""))
    snapshot = store.read()
    assert [r["id"] for r in snapshot.rows(ENTRY)] == ["e1", "e3"]
    assert (problem(snapshot).cell, problem(snapshot).blocks) == (place, False)


def test_a_cell_that_nobody_could_read_is_not_overwritten(book: Book, store: SheetsStore) -> None:
    place = cell(store, "e1", "entered_at")
    book.human(Edit.type("Isian", place, "kemarin"))
    with pytest.raises(StoreDamaged, match=f"Isian!{place} tidak dapat dibaca"):
        store.commit(action(change({"entered_at": None}, {"entered_at": NOW})))
    store.commit(
        action(change({"driver": ""}, {"driver": "A", "entered_at": NOW}))
    )  # a stamp replaces whatever is there
    assert found(store)["entered_at"] == NOW


def test_a_row_that_a_person_added_without_an_id_is_reported_and_not_read(book: Book, store: SheetsStore) -> None:
    book.human(Edit.type("Isian", "B5", "2026", "4"))
    snapshot = store.read()
    assert len(snapshot.rows(ENTRY)) == 3
    assert "tidak ber-ID" in problem(snapshot).why


def test_dates_and_moments_typed_by_people_are_understood(book: Book, store: SheetsStore) -> None:
    day = row(HOLIDAY, "h1", day=date(2026, 8, 17), kind="libur nasional", name="HUT RI", basis="SKB")
    store.commit(action(Insert(HOLIDAY, day)))
    assert found(store, HOLIDAY, "h1")["day"] == date(2026, 8, 17)
    book.human(Edit.type("HariLibur", cell(store, "h1", "day", HOLIDAY), "18/8/2026"))
    book.human(Edit.type("Isian", cell(store, "e1", "entered_at"), "3/11/2026 10:20"))
    assert found(store, HOLIDAY, "h1")["day"] == date(2026, 8, 18)
    assert str(found(store)["entered_at"]) == "2026-11-03 10:20:00+07:00"


# --- what is rearranged -------------------------------------------------------------------------------------------


def test_sorted_rows_and_moved_columns_are_fine(book: Book, store: SheetsStore) -> None:
    first = book.open()
    first.read()
    book.human(Edit.sort("Isian", "C"), Edit.move_columns("Isian", "G", "B"), Edit.insert_columns("Isian", "C"))
    for n, reader in enumerate((store, first)):
        reader.commit(driver(f"A{n}", old="" if n == 0 else "A0"))
    snapshot = store.read()
    assert {r["id"]: r["driver"] for r in snapshot.rows(ENTRY)} == {"e1": "A1", "e2": "", "e3": ""}
    assert snapshot.problems == ()


def test_columns_that_people_added_are_left_alone(book: Book, store: SheetsStore) -> None:
    book.human(
        Edit.insert_columns("Isian", "A"), Edit.type("Isian", "A1", "Catatan kami"), Edit.type("Isian", "A2", "x")
    )
    store.commit(action(change({"driver": ""}, {"driver": "A"}), Insert(ENTRY, entry("e4", quarter=4))))
    assert found(store)["driver"] == "A"
    assert found(store, ENTRY, "e4")["quarter"] == 4
    assert store.client.values(["'Isian'!A1:A5"])[0][:2] == [["Catatan kami"], ["x"]]


DAMAGE: dict[str, tuple[Sequence[Any], str]] = {
    "renamed header": ([Edit.type("Isian", "F1", "Realisas")], "Tulis kembali “Realisasi” di F1"),
    "missing header": ([Edit.type("Isian", "F1", "")], "judul kolom “Realisasi” tidak ada"),
    "doubled header": (
        [Edit.insert_columns("Isian", "N"), Edit.type("Isian", "N1", "Realisasi")],
        "judul “Realisasi” sudah dipakai kolom F",
    ),
    "no headers at all": ([Edit.delete_rows("Isian", 1)], "judul kolom"),
    "deleted column": ([Edit.delete_columns("Isian", "F")], "judul kolom “Realisasi” tidak ada"),
    "renamed id header": ([Edit.type("Isian", "A1", "Nomor")], "judul kolom “ID” tidak ada"),
    "renamed tab": ([Edit.rename_tab("Isian", "Isian 2026")], "tab ini tidak ada"),
    "deleted tab": ([Edit.delete_tab("Isian")], "tab ini tidak ada"),
    "merged cells": ([Edit.merge("Isian", "F2:F3")], "sel-sel di sini digabungkan"),
    "merged headers": ([Edit.merge("Isian", "F1:G1")], "digabungkan"),
    "copied row": ([Edit.duplicate_row("Isian", 2)], "ID ini sudah dipakai baris 2"),
}


@pytest.mark.parametrize("warm", [True, False], ids=["known before", "first seen"])
@pytest.mark.parametrize(("edits", "says"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_named_blocks_writing_to_that_tab_and_nothing_else(
    book: Book, edits: Sequence[Any], says: str, warm: bool
) -> None:
    store = book.open()
    if warm:
        store.read()
    book.human(*edits)
    before = book.control.writes()
    with pytest.raises(StoreDamaged) as caught:
        store.commit(driver("A"))
    assert caught.value.tab == "Isian"
    snapshot = store.read()
    assert any(says in f"{p.why} {p.suggestion}" and p.blocks for p in snapshot.problems)
    assert [r["id"] for r in snapshot.rows(SECTION)] == ["pem"]
    store.commit(action(Insert(SECTION, section("tib"))))
    assert says.startswith("sel-sel") or book.control.writes() == before + 1


def test_a_merge_that_nobody_knew_of_is_found_by_the_write_itself_and_taken_back(
    book: Book, store: SheetsStore
) -> None:
    place = cell(store, "e2", "driver")
    book.human(Edit.merge("Isian", f"{place}:{place[0]}4"))
    with pytest.raises(StoreDamaged, match="digabungkan"):
        store.commit(driver("A", "e2"))
    assert found(store, ENTRY, "e2")["driver"] == ""
    assert store.history(HistoryQuery(transaction_id="t-A")) == ()


# --- while a write is on its way ----------------------------------------------------------------------------------

RACES: dict[str, Sequence[Any]] = {
    "sorted": [Edit.sort("Isian", "C")],
    "sorted the other way": [Edit.sort("Isian", "C", descending=True)],
    "a row inserted": [Edit.insert_rows("Isian", 2)],
    "rows inserted in the middle": [Edit.insert_rows("Isian", 3, 2)],
    "a row deleted": [Edit.delete_rows("Isian", 2)],
    "a column inserted": [Edit.insert_columns("Isian", "B")],
    "a column inserted in the log": [Edit.insert_columns("Riwayat", "B")],
    "a column moved": [Edit.move_columns("Isian", "F", "B")],
    "sorted and a column inserted": [Edit.sort("Isian", "C"), Edit.insert_columns("Isian", "D")],
}


@pytest.mark.parametrize("edits", RACES.values(), ids=RACES)
def test_a_write_that_people_pushed_aside_is_put_back_and_written_where_it_belongs(
    book: Book, edits: Sequence[Any]
) -> None:
    store = book.open()
    for row_id in ("e1", "e2", "e3"):
        new: dict[str, Value] = {"driver": f"lama {row_id}", "actual": Decimal(7)}
        store.commit(action(change({"driver": ""}, new, row_id)))
    book.control.human_before("batchUpdate", book.id, *edits)
    changes = (change({"driver": "lama e2"}, {"driver": "baru"}, "e2"), Insert(ENTRY, entry("e4", quarter=4)))
    store.commit(action(*changes, id="t"))
    snapshot = book.open().read()
    drivers = {r["id"]: r["driver"] for r in snapshot.rows(ENTRY)}
    left = {"e1": "lama e1", "e2": "baru", "e3": "lama e3", "e4": ""}
    assert drivers == ({**left} if "e1" in drivers else {k: v for k, v in left.items() if k != "e1"})
    assert {r["actual"] for r in snapshot.rows(ENTRY) if r["id"] != "e4"} == {Decimal(7)}
    assert snapshot.problems == ()
    assert len(store.history(HistoryQuery(transaction_id="t"))) == 2
    assert store.commit(action(*changes, id="t")).repeated


def test_a_row_deleted_by_a_person_while_it_is_written_is_told(book: Book, store: SheetsStore) -> None:
    store.commit(driver("lama", "e1"))
    book.control.human_before("batchUpdate", book.id, Edit.delete_rows("Isian", 2))
    with pytest.raises(Exception, match="Baris e1 tidak ada"):
        store.commit(driver("baru", "e1", old="lama"))
    assert {r["driver"] for r in store.read().rows(ENTRY)} == {""}
    assert store.history(HistoryQuery(transaction_id="t-baru")) == ()


def test_lines_of_the_log_are_read_from_its_end(book: Book, store: SheetsStore) -> None:
    for n in range(5):
        store.commit(driver(f"A{n}", old=f"A{n - 1}" if n else ""))
    assert [line["new"] for line in store.history(HistoryQuery(limit=2))] == ["A4", "A3"]
    assert HISTORY.name not in store.read().tables


def test_a_cycle_keeps_its_dates(store: SheetsStore) -> None:
    cycle = row(CYCLE, "s1", year=2026, quarter=3, opened_at=NOW, due_on=date(2026, 10, 9), sop_version="1")
    store.commit(action(Insert(CYCLE, cycle)))
    assert found(store, CYCLE, "s1") == cycle
