"""An office moves between any two stores, whole or not at all, and every value is compared afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.store.moving import NotMoved, differences, move
from services.store.schema import ENTRY, HOLIDAY
from services.store.sql import SqlStore
from services.store.store import Insert
from tests.sheets_server.control import Edit, Server
from tests.store.helpers import (
    Openable,
    action,
    as_in_a_sheet,
    change,
    entry,
    everything,
    fill,
    large_office,
    now,
    row,
)
from tests.store.sheets import Book, new_book


@pytest.fixture
def book(google: Server) -> Book:
    google.control.heal()
    return new_book(google)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[SqlStore]:
    """An office with a log, and values that are hard to keep."""
    store = SqlStore(f"sqlite:///{tmp_path}/lama.db", "silaut", now)
    fill(store)
    hard: dict[str, Any] = {"actual": Decimal("0.1234567890123456789"), "spent": "", "driver": "=1+1"}
    store.commit(action(change({"actual": None}, hard), Insert(ENTRY, entry("e2", quarter=2, actual=Decimal("83.30")))))
    yield store
    store.close()


def silent(_line: str) -> None:
    pass


def sqlite(folder: Path, name: str = "baru") -> SqlStore:
    return SqlStore(f"sqlite:///{folder}/{name}.db", "silaut", now)


def test_an_office_moves_into_any_empty_store_with_its_log(old: SqlStore, empty: Openable) -> None:
    moved = move(old, empty, silent)
    assert moved.differences == ()
    assert moved.before == moved.after
    assert moved.after["Riwayat"] > 0
    assert {row["id"] for row in everything(empty)["Isian"]} == {"e1", "e2"}


def test_an_office_comes_back_from_a_sheet_as_it_was(book: Book, tmp_path: Path) -> None:
    sheet = book.open()
    sheet.load(large_office(3))
    database = sqlite(tmp_path)
    assert move(sheet, database, silent).differences == ()
    assert as_in_a_sheet(everything(database)) == as_in_a_sheet(everything(sheet))


def test_a_target_with_data_is_refused_and_stays(old: SqlStore, tmp_path: Path) -> None:
    new = sqlite(tmp_path)
    fill(new)
    before = everything(new)
    with pytest.raises(NotMoved, match="Tujuan sudah berisi"):
        move(old, new, silent)
    assert everything(new) == before


def test_an_empty_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotMoved, match="tidak berisi data"):
        move(sqlite(tmp_path, "kosong"), sqlite(tmp_path), silent)


def test_a_sheet_with_cells_that_cannot_be_read_is_not_moved(book: Book, tmp_path: Path) -> None:
    sheet = book.open()
    sheet.load(large_office(1))
    book.human(Edit.type("Isian", "C2", "dua"))
    new = sqlite(tmp_path)
    with pytest.raises(NotMoved, match="Isian!C2"):
        move(sheet, new, silent)
    assert not any(everything(new).values())


def one(**values: Any) -> Mapping[str, Any]:
    return {ENTRY.name: (entry("e1", **values),)}


def test_every_value_that_differs_is_found() -> None:
    assert [str(d) for d in differences(one(driver="a"), one(driver="b"))] == [
        "Isian, baris e1, kolom Faktor pendorong"
    ]
    assert [str(d) for d in differences(one(), {})] == ["Isian, baris e1"]
    assert [str(d) for d in differences({}, one())] == ["Isian, baris e1"]
    assert list(differences(one(actual=None), one(actual=Decimal(0))))
    assert list(differences(one(actual=Decimal(83)), one(actual=Decimal("83.1"))))
    assert list(differences(one(actual="NA"), one(actual=None)))


def test_what_a_sheet_keeps_in_another_form_is_the_same() -> None:
    assert not list(differences(one(actual=Decimal("83.30")), one(actual=Decimal("83.3"))))
    assert not list(differences(one(actual=""), one(actual=None)))


def test_a_value_that_no_sheet_can_hold_is_compared_all_the_same() -> None:
    ancient = {HOLIDAY.name: (row(HOLIDAY, "h", day=date(1820, 1, 1)),)}
    assert not list(differences(ancient, ancient))
    assert list(differences(ancient, {HOLIDAY.name: (row(HOLIDAY, "h", day=date(1821, 1, 1)),)}))


def test_the_command_counts_each_table_and_ends_with_0(
    old: SqlStore, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "kunci.json"
    key.write_text(json.dumps(book.server.key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setenv("MONEV_SHEETS_API_ENDPOINT", book.server.base)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path))
    source, target = f"sqlite:///{tmp_path}/lama.db", f"https://docs.google.com/spreadsheets/d/{book.id}"
    assert main(["pindah", "--dari", source, "--ke", target]) == 0
    said = capsys.readouterr().out
    assert "Isian\t2 baris asal\t2 baris tujuan" in said
    assert "setiap nilai sama" in said
    assert main(["pindah", "--dari", source, "--ke", target]) == 1
    assert "Tujuan sudah berisi" in capsys.readouterr().err
    assert main(["pindah", "--dari", source, "--ke", source]) == 1
    assert main(["pindah", "--dari", source]) == 2
    assert main(["pindah", "--dari", "ftp://x", "--ke", target]) == 2


def test_sheet_siapkan_says_what_it_did_and_refuses_a_database(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "kunci.json"
    key.write_text(json.dumps(book.server.key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setenv("MONEV_SHEETS_API_ENDPOINT", book.server.base)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path))
    url = book.open().address
    assert main(["--store", url, "sheet", "siapkan", "--coba"]) == 0
    assert "belum ada yang diubah" in capsys.readouterr().out
    assert main(["--store", url, "sheet", "siapkan"]) == 0
    assert "Tab Baca saya dibuat" in capsys.readouterr().out
    assert main(["--store", url, "sheet", "siapkan"]) == 0
    assert "tidak ada yang diubah" in capsys.readouterr().out
    book.human(Edit.type("Isian", "F1", "Nilai kita"))
    book.human(Edit.type("Isian", "A2", "x"))
    assert main(["--store", url, "sheet", "siapkan"]) == 1
    assert "Nilai kita" in capsys.readouterr().err
    assert main(["--store", f"sqlite:///{tmp_path}/x.db", "sheet", "siapkan"]) == 1
    assert "bukan Google Sheets" in capsys.readouterr().err
