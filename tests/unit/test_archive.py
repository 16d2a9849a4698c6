"""From the issued document to the file that somebody hands in years later: archive, check, folder, audit bundle."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from services import archive
from services.actions.documents import Made, archive_document, issue_document
from services.bundle import INDEX, SUMS, NoQuarter, bundle
from services.cli import main
from services.domain.indicators import Period
from services.domain.sop import VERIFYING
from services.report.document import build_report
from services.report.fingerprint import short
from services.report.issue import Issue
from services.report.verdict import Kind
from services.store.sql import SqlStore
from services.views.documents import document
from tests.unit.quarter_play import finish_up_to
from tests.unit.sample_store import NOW, OFFICE, acting, office_in, sample_store

PERIOD = Period(2026, 3)
NUMBER = "800/12/Silaut/2026"


@dataclass(frozen=True)
class Issued:
    """A store in which the report is issued and archived."""

    file: Path
    pdf: bytes
    now: datetime


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    folder = tmp_path_factory.mktemp("terbit")
    store = sample_store(folder)
    now = finish_up_to(store, VERIFYING) + timedelta(hours=1)
    context = acting(store, "pkp", now)
    details = Issue(NUMBER, now.date(), "Silaut", "Camat", "Nama (contoh)", "")
    report = build_report(context.office, PERIOD, now, draft=False, issue=details)
    made = Made(report.pdf, report.pages, report.fingerprint)
    issue_document(context, PERIOD, made, number=NUMBER, day=now.date(), place="Silaut", signatory="Camat")
    later = acting(store, "umum", now + timedelta(hours=1))
    archive_document(later, PERIOD, register_no="A-12", location="Lemari 2")
    store.close()
    return Issued(folder / "monev.db", report.pdf, now + timedelta(days=400))


@pytest.fixture
def store(issued: Issued, tmp_path: Path) -> Iterator[SqlStore]:
    shutil.copyfile(issued.file, tmp_path / "monev.db")
    store = SqlStore(f"sqlite:///{tmp_path}/monev.db", OFFICE, lambda: NOW)
    yield store
    store.close()


def kind(store: SqlStore, pdf: bytes, issued: Issued) -> Kind:
    return archive.judged(office_in(store), store, pdf, issued.now).kind


# --- a file ------------------------------------------------------------------------------------------------------


def test_the_file_that_was_issued_is_recognised_years_later(store: SqlStore, issued: Issued) -> None:
    found = archive.judged(office_in(store), store, issued.pdf, issued.now)
    assert (found.kind, found.accepted) == (Kind.UNCHANGED, True)
    assert NUMBER in found.message


def test_a_hundred_alterations_of_it_are_all_refused(store: SqlStore, issued: Issued) -> None:
    chance, office = random.Random(5), office_in(store)
    known = [archive.Archived(d.sha256, d.size, d.number, d.fingerprint) for d in archive.documents(office)]
    for number in range(100):
        at, pdf = chance.randrange(len(issued.pdf)), issued.pdf
        altered = (
            pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :],
            pdf[:at],
            pdf + b"x" * (at % 99 + 1),
            pdf[:at] + b"7" + pdf[at:],
        )[number % 4]
        assert not archive.check(altered, known, issued.now).accepted


def test_what_differs_is_said_for_a_changed_file(store: SqlStore, issued: Issued) -> None:
    found = archive.judged(office_in(store), store, issued.pdf + b"tambahan", issued.now)
    assert found.kind is Kind.CHANGED
    assert any("tambahan 8 bita" in line for line in found.details)


@pytest.mark.parametrize("upload", [b"", b"PK\x03\x04", b"x" * (archive.LARGEST_UPLOAD + 1)])
def test_what_is_no_pdf_is_not_judged_but_explained(store: SqlStore, issued: Issued, upload: bytes) -> None:
    with pytest.raises(archive.NotChecked, match=r"[A-Z].*\."):
        kind(store, upload, issued)


def test_a_draft_is_not_taken_for_the_issued_report(store: SqlStore, issued: Issued) -> None:
    draft = build_report(office_in(store), PERIOD, NOW, draft=True).pdf
    assert kind(store, draft, issued) is not Kind.UNCHANGED


# --- a fingerprint from paper ------------------------------------------------------------------------------------


def test_a_fingerprint_typed_from_paper_brings_the_figures_of_the_report(store: SqlStore, issued: Issued) -> None:
    office = office_in(store)
    wanted = document(office, PERIOD)
    assert wanted is not None
    found = archive.looked_up(office, store, short(wanted.fingerprint).lower())
    assert found is not None
    assert found.document.number == NUMBER
    assert dict(found.figures)["Indikator terukur"] == "36 dari 41"
    assert found.figures_certain


def test_a_digit_too_few_is_counted_and_a_wrong_one_is_hinted_at(store: SqlStore) -> None:
    office = office_in(store)
    wanted = document(office, PERIOD)
    assert wanted is not None
    with pytest.raises(archive.NotChecked, match="63 tanda"):
        archive.looked_up(office, store, wanted.fingerprint[:-1])
    slip = wanted.fingerprint[:-1] + ("0" if wanted.fingerprint[-1] != "0" else "1")
    assert archive.looked_up(office, store, slip) is None
    assert archive.nearly(office, slip) == wanted
    assert archive.nearly(office, "0" * 64) is None


# --- a folder ----------------------------------------------------------------------------------------------------


def test_a_copy_in_the_offices_folder_has_the_same_bytes_and_its_entry(
    store: SqlStore, issued: Issued, tmp_path: Path
) -> None:
    office = office_in(store)
    found = document(office, PERIOD)
    assert found is not None
    for _ in range(2):
        target = archive.keep_copy(tmp_path / "arsip", office, found, issued.pdf)
    assert target.read_bytes() == issued.pdf
    assert '"nomor_arsip": "A-12"' in target.with_suffix(".json").read_text("utf-8")
    assert len(list(target.parent.iterdir())) == 2


def test_another_file_of_that_name_is_never_overwritten(store: SqlStore, issued: Issued, tmp_path: Path) -> None:
    office = office_in(store)
    found = document(office, PERIOD)
    assert found is not None
    (tmp_path / "Laporan-Monev-TW-III-2026.pdf").write_bytes(b"lain")
    with pytest.raises(FileExistsError):
        archive.keep_copy(tmp_path, office, found, issued.pdf)
    assert (tmp_path / "Laporan-Monev-TW-III-2026.pdf").read_bytes() == b"lain"


# --- the bundle --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(issued: Issued) -> dict[str, bytes]:
    store = SqlStore(f"sqlite:///{issued.file}", OFFICE, lambda: NOW)
    made = bundle(office_in(store), store, PERIOD)
    assert bundle(office_in(store), store, PERIOD).content == made.content
    store.close()
    with zipfile.ZipFile(io.BytesIO(made.content)) as parts:
        assert parts.testzip() is None
        return {name: parts.read(name) for name in parts.namelist()}


def test_the_bundle_holds_the_issued_bytes_and_every_checksum_is_right(
    opened: dict[str, bytes], issued: Issued
) -> None:
    assert opened["laporan/Laporan-Monev-TW-III-2026.pdf"] == issued.pdf
    sums = dict(reversed(line.split("  ")) for line in opened[SUMS].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in opened.items() if name != SUMS}


def test_the_data_of_the_bundle_open_in_a_spreadsheet_and_agree(opened: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(opened["data/data.xlsx"]))
    csv_files = {name for name in opened if name.startswith("data/") and name.endswith(".csv")}
    assert {f"data/{title}.csv" for title in book.sheetnames} == csv_files
    assert book["hasil"].max_row == opened["data/hasil.csv"].decode().count("\r\n") == 47
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def test_the_index_leads_to_every_file_and_nowhere_else(opened: dict[str, bytes]) -> None:
    page = opened[INDEX].decode()
    links = Links()
    links.feed(page)
    assert set(links.found) == set(opened) - {INDEX, SUMS}
    assert NUMBER in page
    assert "CONTOH" in page
    assert "http" not in page


def test_the_log_in_the_bundle_is_that_of_the_quarter(opened: dict[str, bytes]) -> None:
    log = opened["riwayat.csv"].decode("utf-8-sig")
    assert NUMBER in log
    assert "siklus-2026-3" in log
    assert "siklus-2026-2" not in log


def test_a_quarter_that_was_never_opened_has_no_bundle(store: SqlStore) -> None:
    with pytest.raises(NoQuarter, match="belum dibuka"):
        bundle(office_in(store), store, Period(2031, 1))


# --- commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_STORE", f"sqlite:///{tmp_path}/monev.db")
    return tmp_path


def test_the_commands_list_fetch_and_check(settings: Path, issued: Issued, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["arsip", "daftar"]) == 0
    assert f"2026-3  {NUMBER}" in capsys.readouterr().out
    assert main(["arsip", "ambil", "--tahun", "2026", "--triwulan", "3", "--keluaran", "a.pdf"]) == 0
    assert (settings / "a.pdf").read_bytes() == issued.pdf
    assert main(["arsip", "periksa", "a.pdf"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("ASLI: ")
    (settings / "b.pdf").write_bytes(issued.pdf[:-9] + b"\n%%EOF\n--")
    assert main(["arsip", "periksa", "b.pdf"]) == 1
    assert "SUDAH DIUBAH" in capsys.readouterr().out


def test_the_command_looks_up_a_fingerprint(
    settings: Path, store: SqlStore, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(office_in(store), PERIOD)
    assert found is not None
    assert main(["arsip", "periksa", found.fingerprint]) == 0
    assert "Rata-rata capaian: 88,1\xa0%" in capsys.readouterr().out
    assert main(["arsip", "periksa", "0" * 64]) == 1
    assert main(["arsip", "periksa", "abc"]) == 1


@pytest.mark.parametrize(
    "call",
    [
        ["arsip", "ambil", "--tahun", "2026", "--triwulan", "4", "--keluaran", "x.pdf"],
        ["arsip", "periksa", "tidak-ada.pdf"],
        ["bundel", "--tahun", "2031", "--triwulan", "1", "--keluaran", "x.zip"],
        ["bundel", "--tahun", "2026", "--triwulan", "3", "--keluaran", "x.rar"],
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    settings: Path, call: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(call) in (1, 2)
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not list(settings.glob("x.*"))


def test_the_bundle_command_writes_the_zip(settings: Path) -> None:
    assert main(["bundel", "--tahun", "2026", "--triwulan", "3", "--keluaran", "b.zip"]) == 0
    assert zipfile.is_zipfile(settings / "b.zip")
