"""Issued documents in SQLite, PostgreSQL and Google Sheets: their bytes, what they cost, and that they stay."""

from __future__ import annotations

import base64
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import create_engine, text

from services.actions.table_rules import RULES
from services.domain.indicators import Period
from services.report.document import build_report
from services.report.fingerprint import fingerprint_of
from services.sample.office import tables as sample_tables
from services.store import backup, schema
from services.store.backup import BackupError
from services.store.files import PIECE, pieces
from services.store.schema import ARCHIVE, DOCUMENT, FILE, Kind, Table
from services.store.sheets import SheetsStore
from services.store.sql import SqlStore
from services.store.store import DuplicateRow, Insert, InvalidChange, Row, StoreDamaged, StoreError, Update, Value
from services.views.office import Office
from tests.sheets_server.control import Edit, Server
from tests.store.helpers import NOW, Openable, action, everything, exact, now, row
from tests.store.sheets import Book, new_book
from tests.unit.sample_store import NOW as SAMPLE_NOW

CONTENT = random.Random(3).randbytes(PIECE * 2)
PERIOD = Period(2026, 3)
KEPT = (DOCUMENT, ARCHIVE, FILE)


def document(quarter: int) -> Row:
    said: dict[str, Value] = {"number": f"400/{quarter}", "place": "Silaut", "signatory": "Camat", "by": "pkp"}
    said |= {"year": 2026, "quarter": quarter, "day": date(2026, 11, 3), "at": NOW, "file_id": f"laporan-{quarter}"}
    return row(DOCUMENT, f"dokumen-{quarter}", size=len(CONTENT), pages=22, sha256="ab" * 32, **said)


def issued(store: Openable, quarter: int = 3, content: bytes = CONTENT) -> None:
    """One document with its bytes and its entry in the register."""
    said: dict[str, Value] = {"document_id": f"dokumen-{quarter}", "register": f"A-{quarter}", "by": "umum", "at": NOW}
    entry = row(ARCHIVE, f"arsip-{quarter}", year=2026, quarter=quarter, **said)
    store.commit(
        action(Insert(DOCUMENT, document(quarter)), *pieces(f"laporan-{quarter}", content), Insert(ARCHIVE, entry))
    )


def one_of(table: Table, store: Openable) -> Row:
    return everything(store)[table.name][0]


# --- they stay ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", KEPT, ids=lambda table: table.name)
def test_nothing_of_an_issued_document_is_ever_changed_or_written_again(empty: Openable, table: Table) -> None:
    issued(empty)
    before, found = exact(everything(empty)), one_of(table, empty)
    for column in table.columns[1:]:
        value: Value = {Kind.INTEGER: 9, Kind.DATE: date(2030, 1, 1), Kind.MOMENT: NOW}.get(column.kind, "lain")
        with pytest.raises(InvalidChange):
            empty.commit(action(Update(table, str(found["id"]), {}, {column.name: value})))
    with pytest.raises(DuplicateRow):
        empty.commit(action(Insert(table, found)))
    assert exact(everything(empty)) == before
    assert empty.file("laporan-3") == CONTENT


def test_no_table_of_the_archive_is_imported() -> None:
    assert all(table.append_only and table.name not in RULES for table in KEPT)


@pytest.fixture
def here(tmp_path: Path) -> SqlStore:
    return SqlStore(f"sqlite:///{tmp_path}/monev.db", "silaut", now)


def test_an_older_backup_does_not_take_a_document_out_of_the_archive(here: SqlStore, tmp_path: Path) -> None:
    issued(here, 2)
    backup.make(here, tmp_path / "lama.zip", NOW)
    issued(here, 3)
    backup.make(here, tmp_path / "baru.zip", NOW)
    before = exact(everything(here))
    with pytest.raises(BackupError, match=r"Dokumen nomor 400/3 tidak ada atau berbeda .* arsip"):
        backup.restore(here, tmp_path / "lama.zip")
    assert exact(everything(here)) == before
    backup.restore(here, tmp_path / "baru.zip")
    assert exact(everything(here)) == before
    elsewhere = SqlStore(f"sqlite:///{tmp_path}/kosong.db", "silaut", now)
    backup.restore(elsewhere, tmp_path / "lama.zip")
    assert elsewhere.file("laporan-2") == CONTENT


def test_a_backup_with_another_entry_in_the_register_is_refused(here: SqlStore, tmp_path: Path) -> None:
    issued(here)
    other = SqlStore(f"sqlite:///{tmp_path}/lain.db", "silaut", now)
    tables = everything(here)
    other.load({**tables, ARCHIVE.name: ({**tables[ARCHIVE.name][0], "register": "B-9"},)})
    backup.make(other, tmp_path / "lain.zip", NOW)
    with pytest.raises(BackupError, match=r"Arsip nomor A-3"):
        backup.restore(here, tmp_path / "lain.zip")


# --- bytes in a database -----------------------------------------------------------------------------------------


def stored(url: str) -> list[object]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [row[0] for row in connection.execute(text("SELECT content FROM berkas ORDER BY part"))]
    engine.dispose()
    return found


def test_a_database_keeps_the_very_bytes(url: str) -> None:
    store = SqlStore(url, "silaut", now)
    issued(store)
    store.close()
    assert b"".join(map(bytes, stored(url))) == CONTENT  # type: ignore[call-overload]


def test_a_database_that_kept_base64_text_is_read_and_goes_on_with_bytes(url: str) -> None:
    store = SqlStore(url, "silaut", now)
    issued(store, 2)
    before = exact(everything(store))
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE berkas ALTER content TYPE text USING encode(content, 'base64')"))
            connection.execute(text("UPDATE berkas SET content = replace(content, chr(10), '')"))
        else:
            for seq, content in connection.execute(text("SELECT seq, content FROM berkas")).all():
                back = {"seq": seq, "old": base64.b64encode(content).decode()}
                connection.execute(text("UPDATE berkas SET content = :old WHERE seq = :seq"), back)
    engine.dispose()
    store = SqlStore(url, "silaut", now)
    assert store.file("laporan-2") == CONTENT
    assert exact(everything(store)) == before
    issued(store, 3, b"baru")
    assert store.file("laporan-3") == b"baru"
    store.close()


def test_what_is_no_base64_is_refused_in_words(here: SqlStore) -> None:
    with pytest.raises(InvalidChange, match="Isi berkas di tab Berkas rusak"):
        here.commit(action(Insert(FILE, row(FILE, "x-1", file_id="x", part=1, content="bukan base64 é"))))


# --- pieces in a sheet -------------------------------------------------------------------------------------------


@pytest.fixture
def book(google: Server) -> Book:
    google.control.heal()
    return new_book(google)


def asked(store: SheetsStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ranges that are read from now on."""
    seen: list[str] = []
    read = store.client.values
    monkeypatch.setattr(store.client, "values", lambda ranges: seen.extend(ranges) or read(ranges))
    return seen


def test_the_usual_read_touches_no_file_and_a_file_costs_three_small_reads(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = book.open()
    for quarter in (1, 2, 3):
        issued(store, quarter, CONTENT if quarter == 2 else b"x")
    ranges = asked(store, monkeypatch)
    store.read()
    store.revision()
    assert ranges
    assert not [one for one in ranges if FILE.name in one]
    ranges.clear()
    book.control.forget()
    assert store.file("laporan-2") == CONTENT
    assert ranges == ["'Berkas'!1:1", "'Berkas'!B:B", f"'Berkas'!A3:D{2 + len(pieces('', CONTENT))}"]
    assert book.control.reads() == 3


def test_issuing_reads_no_document_that_was_issued_before(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    store = book.open()
    issued(store, 1)
    ranges = asked(store, monkeypatch)
    writes = book.control.writes()
    issued(store, 2)
    assert {one for one in ranges if FILE.name in one} == {"'Berkas'!1:1", "'Berkas'!A:A"}
    assert book.control.writes() == writes + 1
    assert store.file("laporan-1") == store.file("laporan-2") == CONTENT


def test_a_document_is_issued_wherever_people_put_the_rows_and_columns_of_the_others(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = book.open()
    issued(store, 1)
    book.human(Edit.sort(FILE.name, "C", descending=True), Edit.move_columns(FILE.name, "A", "D"))
    issued(store, 2, b"lain")
    read = store.client.values

    def moved_after_a_look_at_the_headers(ranges: list[str]) -> list[list[list[object]]]:
        found = read(ranges)
        if ranges == ["'Berkas'!1:1"]:
            monkeypatch.setattr(store.client, "values", read)
            book.human(Edit.move_columns(FILE.name, "A", "D"))
        return found

    monkeypatch.setattr(store.client, "values", moved_after_a_look_at_the_headers)
    issued(store, 3, b"ketiga")
    assert store.client.values == read
    assert (store.file("laporan-1"), store.file("laporan-2"), store.file("laporan-3")) == (CONTENT, b"lain", b"ketiga")


def test_a_piece_that_is_there_already_is_not_written_again(book: Book) -> None:
    """Such as that of a document whose own row somebody deleted."""
    store = book.open()
    issued(store, 2)
    book.human(Edit.delete_rows(DOCUMENT.name, 2), Edit.delete_rows(ARCHIVE.name, 2))
    with pytest.raises(DuplicateRow):
        issued(store, 2, b"lain")
    assert store.file("laporan-2") == CONTENT


def test_nothing_is_issued_while_the_tab_of_the_files_is_damaged(book: Book) -> None:
    store = book.open()
    book.human(Edit.type(FILE.name, "D1", "Lain"))
    with pytest.raises(StoreDamaged, match="Berkas"):
        issued(store, 2)
    assert not store.read().rows(DOCUMENT)


def test_a_piece_stays_below_what_a_cell_of_a_sheet_holds() -> None:
    assert all(len(str(piece.row["content"])) < 50_000 for piece in pieces("laporan", bytes(10**6)))


def test_a_file_is_found_wherever_people_put_its_rows_and_columns(book: Book) -> None:
    store = book.open()
    issued(store, 2, CONTENT)
    issued(store, 3, b"lain")
    book.human(Edit.sort(FILE.name, "C", descending=True), Edit.move_columns(FILE.name, "B", "E"))
    assert store.file("laporan-2") == CONTENT
    assert store.file("laporan-3") == b"lain"


def test_a_file_whose_piece_or_tab_is_gone_is_told(book: Book) -> None:
    store = book.open()
    issued(store, 2, CONTENT)
    book.human(Edit.delete_rows(FILE.name, 3))
    with pytest.raises(StoreError, match="hilang atau ganda"):
        store.file("laporan-2")
    book.human(Edit.rename_tab(FILE.name, "Lain"))
    with pytest.raises(StoreDamaged, match="Berkas"):
        store.file("laporan-2")


def test_all_documents_arrive_in_a_sheet_and_back(here: SqlStore, book: Book, tmp_path: Path) -> None:
    issued(here)
    backup.make(here, tmp_path / "a.zip", NOW)
    sheet = book.open()
    backup.restore(sheet, tmp_path / "a.zip")
    assert sheet.file("laporan-3") == CONTENT
    assert [r["sha256"] for r in sheet.read().rows(schema.DOCUMENT)] == ["ab" * 32]


# --- the report --------------------------------------------------------------------------------------------------


def test_the_same_data_in_a_database_and_in_a_sheet_give_the_same_report(here: SqlStore, book: Book) -> None:
    found = dict(sample_tables(SAMPLE_NOW))
    found["Pejabat"] = tuple({**row, "nip": ""} for row in found["Pejabat"])  # a sheet holds none
    moved = timedelta(microseconds=123457)
    found["Langkah"] = tuple({**row, "at": cast("datetime", row["at"]) + moved} for row in found["Langkah"])
    sheet = book.open()
    for store in (here, sheet):
        store.load(found)
    there, elsewhere = Office(here.read()), Office(sheet.read())
    assert fingerprint_of(there, PERIOD) == fingerprint_of(elsewhere, PERIOD)
    assert build_report(there, PERIOD, draft=True).pdf == build_report(elsewhere, PERIOD, draft=True).pdf
