"""Opening a spreadsheet: by its address, with a key that can be read, everywhere a store can be named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.store.open import BadAddress, open_store
from services.store.sheets import SheetsStore
from services.store.sheets_access import GoogleAccess, spreadsheet_id
from services.store.store import StoreUnavailable
from tests.sheets_server.control import Server
from tests.store.helpers import everything, large_office, now
from tests.store.sheets import Book, new_book


@pytest.fixture
def book(google: Server) -> Book:
    google.control.heal()
    return new_book(google)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://docs.google.com/spreadsheets/d/1AbC-dEf_GhIj", "1AbC-dEf_GhIj"),
        ("https://docs.google.com/spreadsheets/d/1AbC-dEf_GhIj/edit?usp=sharing#gid=7", "1AbC-dEf_GhIj"),
        ("https://docs.google.com/spreadsheets/u/0/d/1AbC-dEf_GhIj/edit", "1AbC-dEf_GhIj"),
        ("https://docs.google.com/document/d/1AbC-dEf_GhIj", None),
        ("sqlite:///data/monev.db", None),
    ],
)
def test_the_id_is_found_in_the_address_of_a_spreadsheet(url: str, found: str | None) -> None:
    assert spreadsheet_id(url) == found


def test_a_spreadsheet_is_opened_by_its_address(book: Book) -> None:
    url = f"https://docs.google.com/spreadsheets/d/{book.id}/edit#gid=0"
    store = open_store(url, "silaut", now, GoogleAccess(book.server.key, book.server.base))
    assert store.read().revision == 0
    assert store.address == f"https://docs.google.com/spreadsheets/d/{book.id}/edit"


def test_a_spreadsheet_without_a_key_is_refused() -> None:
    with pytest.raises(BadAddress, match=r"\[gcp_service_account\]"):
        open_store("https://docs.google.com/spreadsheets/d/1AbC-dEf_GhIj", "silaut", now)


WHY = ("--alasan", "Uji")


def test_commands_work_on_a_spreadsheet(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "kunci.json"
    key.write_text(json.dumps(book.server.key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setenv("MONEV_SHEETS_API_ENDPOINT", book.server.base)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path))
    store = book.open()
    store.load(large_office(2))
    assert main(["--store", store.address, "cadangan", "buat", str(tmp_path / "kantor.zip")]) == 0
    store.load({})
    assert main(["--store", store.address, "cadangan", "pulihkan", str(tmp_path / "kantor.zip"), "--ya", *WHY]) == 0
    restored = {name: rows for name, rows in everything(store).items() if rows}
    (line,) = restored.pop("Riwayat")
    assert str(line["action"]).endswith(": Uji")
    assert restored == large_office(2)


def changed(key: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**key, **fields}


def test_a_key_whose_line_ends_were_doubled_or_lost_is_still_read(book: Book) -> None:
    pem = str(book.server.key["private_key"])
    for written in (pem.replace("\n", "\\n"), pem.replace("\n", " "), f"\n{pem}\n\n"):
        key = changed(book.server.key, private_key=written)
        assert SheetsStore(book.id, "silaut", now, key, book.server.base).read().revision == 0


@pytest.mark.parametrize("fields", [{"private_key": "rusak"}, {"private_key": None}, {"client_email": 5}])
def test_a_key_that_cannot_be_read_says_where_it_comes_from(book: Book, fields: dict[str, Any]) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        SheetsStore(book.id, "silaut", now, changed(book.server.key, **fields), book.server.base)
    assert "Kunci akun layanan Google tidak terbaca" in str(caught.value)
    assert "BEGIN" not in str(caught.value)


def test_a_host_that_cannot_be_reached_is_said_and_nothing_leaves_this_machine(book: Book) -> None:
    store = Book(Server("http://127.0.0.1:9", book.control), book.id).open()
    with pytest.raises(StoreUnavailable, match="tidak dapat dihubungi saat ini"):
        store.read()
