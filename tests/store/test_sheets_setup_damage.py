"""What people break is put right where that is safe, and named with what to do where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.store import sheets, sheets_reading, sheets_repair, sheets_setup, sheets_state
from services.store.schema import BY_NAME, CYCLE, ENTRY, TABLES, Column
from services.store.sheets import SheetsStore
from services.store.sheets_setup import Outcome, prepare
from services.store.store import Insert
from tests.sheets_server.control import Edit, Server
from tests.store.helpers import NOW, action, change, entry, everything, fill, found, row
from tests.store.sheets import Book


@pytest.fixture
def book(google: Server) -> Book:
    """A spreadsheet that is ready, with entries ``e1`` to ``e3`` of three open quarters."""
    google.control.heal()
    made = Book(google, google.control.create("Monev Silaut"))
    store = made.open()
    prepare(store)
    fill(store)
    stamps = {"opened_at": NOW, "due_on": NOW.date(), "sop_version": "1"}
    cycles = [Insert(CYCLE, row(CYCLE, f"s{q}", year=2026, quarter=q, **stamps)) for q in (1, 2, 3)]
    store.commit(action(Insert(ENTRY, entry("e2", quarter=2)), Insert(ENTRY, entry("e3", quarter=1)), *cycles))
    for row_id in ("e1", "e2", "e3"):
        new = {"actual": Decimal(7), "driver": f"lama {row_id}"}
        store.commit(action(change({"actual": None}, new, row_id)))
    return made


@pytest.fixture
def store(book: Book) -> SheetsStore:
    return book.open()


REPAIRED: dict[str, tuple[Sequence[Any], str]] = {
    "misspelled header": ([Edit.type("Isian", "F1", "Realisas")], "Isian!F1: judul “Realisasi” ditulis kembali"),
    "missing header": ([Edit.type("Isian", "F1", "")], "Isian!F1: judul “Realisasi” ditulis kembali"),
    "missing id header": ([Edit.type("Isian", "A1", "")], "Isian!A1: judul “ID” ditulis kembali"),
    "renamed tab": ([Edit.rename_tab("Isian", "Isian 2026")], "Tab “Isian 2026” dinamai Isian kembali"),
    "merged cells": ([Edit.merge("Isian", "I2:I3")], "Isian!I2:I3: gabungan sel dipisahkan"),
    "merged headers": ([Edit.merge("Isian", "F1:G1")], "Isian!F1:G1: gabungan sel dipisahkan"),
    "headers pushed down": ([Edit.insert_rows("Isian", 1)], "baris judul dipindahkan kembali dari baris 2"),
    "title above the headers": (
        [Edit.insert_rows("Isian", 1), Edit.type("Isian", "A1", "Isian 2026")],
        "baris judul dipindahkan kembali dari baris 2",
    ),
    "renamed tab and an empty one in its place": (
        [
            Edit.rename_tab("Isian", "Isian lama"),
            Edit.requests({"addSheet": {"properties": {"sheetId": 77, "title": "Isian"}}}),
        ],
        "Tab “Isian lama” dinamai Isian kembali",
    ),
    "columns moved": ([Edit.move_columns("Isian", "F", "B")], ""),
    "rows sorted": ([Edit.sort("Isian", "C", descending=True)], ""),
}


@pytest.mark.parametrize(("edits", "says"), REPAIRED.values(), ids=REPAIRED)
def test_what_can_be_repaired_safely_is_repaired_and_said(
    book: Book, store: SheetsStore, edits: Sequence[Any], says: str
) -> None:
    before = {name: sorted(rows, key=lambda r: str(r["id"])) for name, rows in everything(store).items()}
    book.human(*edits)
    outcome = prepare(store)
    assert any(says in line for line in (*outcome.done, "")), outcome
    after = {name: sorted(rows, key=lambda r: str(r["id"])) for name, rows in everything(store).items()}
    assert after == before
    assert [problem for problem in store.read().problems if problem.blocks] == []
    store.commit(action(change({"driver": "lama e1"}, {"driver": "baru"})))
    prepare(store)
    assert prepare(store).done == ()


NAMED: dict[str, tuple[Sequence[Any], str]] = {
    "doubled header": (
        [Edit.insert_columns("Isian", "N"), Edit.type("Isian", "N1", "Realisasi")],
        "Isian!N1: judul “Realisasi” sudah dipakai kolom F",
    ),
    "another header": ([Edit.type("Isian", "F1", "Nilai kita")], "Isian!F1: tertulis “Nilai kita”"),
    "deleted column": ([Edit.delete_columns("Isian", "F")], "kolom “Realisasi” hilang beserta isinya"),
    "header row deleted": ([Edit.delete_rows("Isian", 1)], "Tab Isian: baris 1 bukan baris judul"),
    "header row emptied": (
        [Edit.requests({"updateCells": {"range": {"endRowIndex": 1}, "fields": "userEnteredValue"}})],
        "Tab Isian: baris 1 bukan baris judul",
    ),
    "copied row": ([Edit.duplicate_row("Isian", 2)], "ID ini sudah dipakai baris 2"),
    "deleted row": ([Edit.delete_rows("Isian", 3)], "tahun 2026 triwulan 2 tidak ada"),
    "deleted id": ([Edit.type("Isian", "A3", "")], "baris ini tidak ber-ID"),
    "unreadable cell": ([Edit.type("Isian", "C3", "dua")], "bukan bilangan bulat"),
    "doubled tab with other data": (
        [Edit.requests({"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "Salinan Isian"}})],
        "Tab “Salinan Isian” berjudul kolom seperti tab Isian",
    ),
}


@pytest.mark.parametrize(("edits", "says"), NAMED.values(), ids=NAMED)
def test_what_only_people_can_repair_is_named_and_left_as_it_is(
    book: Book, store: SheetsStore, edits: Sequence[Any], says: str
) -> None:
    book.human(*_on_entries(store, edits))
    before = store.client.values(["'Isian'"])
    outcome = prepare(store)
    assert any(says in line for line in outcome.left), outcome
    assert store.client.values(["'Isian'"]) == before


def _on_entries(store: SheetsStore, edits: Sequence[Any]) -> list[Any]:
    """The edits; requests name the tab by its id, which the spreadsheet has."""
    gid = store.tabs()["Isian"].gid
    for one in (one for edit in edits for one in edit.get("requests", ())):
        if "duplicateSheet" in one:
            one["duplicateSheet"]["sourceSheetId"] = gid
        if "updateCells" in one:
            one["updateCells"]["range"]["sheetId"] = gid
    return list(edits)


def test_a_deleted_tab_is_made_again_and_its_loss_is_told(book: Book, store: SheetsStore) -> None:
    book.human(Edit.delete_tab("Isian"))
    outcome = prepare(store)
    assert any("Tab Isian dibuat" in line and "Riwayat versi" in line for line in outcome.done)
    assert any("triwulan 1 tidak ada" in line for line in outcome.left)


def test_an_empty_copy_of_a_tab_is_removed(book: Book, store: SheetsStore) -> None:
    gid = store.tabs()["Jawaban"].gid
    book.human(Edit.requests({"duplicateSheet": {"sourceSheetId": gid, "newSheetName": "Salinan"}}))
    store.commit(action(Insert(BY_NAME["Jawaban"], _answer())))
    outcome = prepare(store)
    assert any("Tab “Salinan” dihapus" in line for line in outcome.done)
    assert "Salinan" not in store.tabs()


def _answer() -> Any:
    texts = {"kind": "x", "table": "Isian", "row_id": "e1", "answer": "diterima", "by": "pkp"}
    return {**row(BY_NAME["Jawaban"], "j1", year=2026, quarter=1, at=NOW), **texts}


def test_a_damaged_tab_does_not_keep_the_others_from_being_made_ready(book: Book, store: SheetsStore) -> None:
    book.human(Edit.type("Isian", "F1", "Nilai kita"), Edit.type("Seksi", "B1", ""))
    outcome = prepare(store)
    assert any("Seksi!B1" in line for line in outcome.done)
    assert any("Isian!F1" in line for line in outcome.left)


def test_a_column_of_a_newer_version_is_added_at_the_end_and_old_data_stay(
    book: Book, store: SheetsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(ENTRY, columns=(*ENTRY.columns[:6], Column("sample", "Sampel"), *ENTRY.columns[6:]))
    tables = tuple(newer if table is ENTRY else table for table in TABLES)
    named = {table.name: table for table in tables}
    for module in (sheets, sheets_reading, sheets_repair):
        monkeypatch.setattr(module, "TABLES", tables)
    for module in (sheets, sheets_state, sheets_setup):
        monkeypatch.setattr(module, "BY_NAME", named)
    monkeypatch.setattr(sheets, "SNAPSHOT_TABLES", tuple(table for table in tables if not table.on_demand))
    old = found(store)
    outcome = prepare(store)
    assert any("Isian!N1: kolom “Sampel” ditambahkan di ujung" in line for line in outcome.done)
    assert outcome.left == ()
    assert {name: value for name, value in found(store).items() if name != "sample"} == {
        name: value for name, value in old.items() if name != "sample"
    }
    assert prepare(store) == Outcome((), ())
