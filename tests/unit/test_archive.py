"""From the issued document to the file that somebody hands in years later: archive, check, folder, audit bundle."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from sqlalchemy import create_engine, text

from services import archive
from services.actions.documents import Made, archive_document, issue_document
from services.bundle import INDEX, SUMS, NoQuarter, bundle
from services.cli import main
from services.domain.indicators import Period
from services.domain.numbers import format_datetime
from services.domain.sop import VERIFYING
from services.report.document import build_report
from services.report.fingerprint import short
from services.report.issue import Issue
from services.report.verdict import Kind
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Transaction, Update
from services.views.documents import document
from tests.report.signer import SIGNER, certificate, signed
from tests.report.test_checking import edited
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


def test_what_differs_is_said_for_a_changed_file(store: SqlStore, issued: Issued) -> None:
    found = archive.judged(office_in(store), store, issued.pdf + b"tambahan", issued.now)
    assert found.kind is Kind.CHANGED
    assert any("tambahan 8 bita" in line for line in found.details)


@pytest.mark.parametrize("upload", [b"", b"PK\x03\x04", b"x" * 5000])
def test_what_is_no_pdf_is_not_judged_but_explained(store: SqlStore, issued: Issued, upload: bytes) -> None:
    with pytest.raises(archive.NotChecked, match=r"[A-Z].*\."):
        kind(store, upload, issued)


def test_a_report_is_recognised_however_large_it_is_and_what_is_far_larger_is_not_read(
    store: SqlStore, issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_ADDED", 100)
    assert kind(store, issued.pdf, issued) is Kind.UNCHANGED
    with pytest.raises(archive.NotChecked, match="jauh lebih besar"):
        kind(store, issued.pdf + b"\n" * 101, issued)


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


def test_it_is_understood_as_people_copy_it(store: SqlStore) -> None:
    office = office_in(store)
    wanted = document(office, PERIOD)
    assert wanted is not None
    printed = short(wanted.fingerprint)
    for copied in (printed, printed.lower(), printed.replace(" ", ""), printed.replace(" ", " - "), f"\t{printed}\n",
                   printed.replace("0", "O").replace("1", "l")):  # fmt: skip
        found = archive.looked_up(office, store, copied)
        assert found is not None
        assert (found.document, found.complete) == (wanted, True)


@pytest.mark.parametrize("digits", [8, 16, 20, 63])
def test_its_beginning_finds_the_report_but_is_called_a_part(store: SqlStore, digits: int) -> None:
    office = office_in(store)
    wanted = document(office, PERIOD)
    assert wanted is not None
    found = archive.looked_up(office, store, wanted.fingerprint[:digits])
    assert found is not None
    assert (found.document, found.complete) == (wanted, False)
    assert f"{digits} tanda pertama cocok" in archive.partly(found)


@pytest.mark.parametrize(("typed", "said"), [("a" * 65, "65 tanda"), ("abc", "3 tanda"), ("g" * 64, "64 tanda")])
def test_what_is_no_fingerprint_is_counted(store: SqlStore, typed: str, said: str) -> None:
    with pytest.raises(archive.NotChecked, match=said):
        archive.looked_up(office_in(store), store, typed)


def test_a_slip_is_hinted_at_with_its_group(store: SqlStore) -> None:
    office = office_in(store)
    wanted = document(office, PERIOD)
    assert wanted is not None
    slip = wanted.fingerprint[:-1] + ("0" if wanted.fingerprint[-1] != "0" else "1")
    assert archive.looked_up(office, store, slip) is None
    near = archive.nearly(office, slip)
    assert near == archive.Slip(wanted, (8,))
    assert "periksa salah tulis di kelompok ke-8" in archive.slip_hint(near)
    assert archive.nearly(office, "0" * 64) is None


def test_the_figures_are_those_that_were_printed_whatever_was_changed_since(store: SqlStore, issued: Issued) -> None:
    found = document(office_in(store), PERIOD)
    assert found is not None
    before = archive.described(office_in(store), store, found)
    entry = f"kirim-{PERIOD.key}-ind-pem-01"
    with create_engine(store.address).begin() as connection:  # beside the application, so that no log knows of it
        connection.execute(text("UPDATE kiriman SET actual = '1' WHERE id = :id"), {"id": entry})
    now = archive.described(office_in(store), store, found)
    assert (now.figures, now.figures_certain) == (before.figures, True)


def test_figures_of_a_file_that_is_damaged_are_computed_again_and_said_to_be(store: SqlStore) -> None:
    found = document(office_in(store), PERIOD)
    assert found is not None
    before = archive.described(office_in(store), store, found)
    with create_engine(store.address).begin() as connection:
        connection.execute(text("DELETE FROM berkas WHERE part = 2"))
    now = archive.described(office_in(store), store, found)
    assert (now.figures, now.figures_certain) == (before.figures, False)


# --- certificates ------------------------------------------------------------------------------------------------


def test_the_offices_root_certificates_say_whose_signature_is_trusted(
    store: SqlStore, issued: Issued, tmp_path: Path
) -> None:
    file, folder = signed(issued.pdf), tmp_path / "sertifikat"
    folder.mkdir()
    (folder / "bacalah.txt").write_text("bukan sertifikat")
    (folder / "induk.CER").write_bytes(certificate())

    def said(folder: Path | None) -> str:
        found = archive.judged(office_in(store), store, file, issued.now, archive.trusted_roots(folder))
        assert found.kind is Kind.SIGNED
        return " ".join(found.signatures[0].details)

    assert "Penerbit sertifikat dipercaya." in said(folder)
    assert "belum diperiksa" in said(None)
    assert "meliputi seluruh berkas" in said(None)
    (folder / "induk.CER").write_text("bukan sertifikat")
    with pytest.raises(archive.NotChecked, match="bukan sertifikat"):
        said(folder)
    with pytest.raises(archive.NotChecked, match="tidak dapat dibaca"):
        archive.trusted_roots(tmp_path / "tidak-ada")


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


def test_the_page_of_the_bundle_says_up_to_which_moment_the_report_itself_counts(opened: dict[str, bytes]) -> None:
    said = datetime.fromisoformat(json.loads(opened["data/manifest.json"])["keadaan_data"])
    assert f"menurut keadaan per {format_datetime(said)} WIB" in opened[INDEX].decode()


def test_the_data_of_the_bundle_open_in_a_spreadsheet_and_agree(opened: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(opened["data/data.xlsx"]))
    csv_files = {name for name in opened if name.startswith("data/") and name.endswith(".csv")}
    assert {f"data/{title}.csv" for title in book.sheetnames} == csv_files
    assert book["hasil"].max_row == opened["data/hasil.csv"].decode().count("\r\n") == 47
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    heads = [cell.value for cell in book["hasil"][1]]
    attained = [row[heads.index("Capaian s.d. triwulan (%)")].value for row in book["hasil"].iter_rows(min_row=2)]
    assert sum(isinstance(value, int | float) for value in attained) == 36
    assert not any(isinstance(value, str) and value.replace(".", "").isdigit() for value in attained)
    codes = [row[1].value for row in book["indikator"].iter_rows(min_row=2)]
    assert all(isinstance(code, str) for code in codes if code is not None)


@pytest.mark.parametrize("name", ["riwayat.csv", "bukti-dukung.csv", "langkah.csv"])
def test_what_people_read_opens_right_in_an_indonesian_excel(opened: dict[str, bytes], name: str) -> None:
    content = opened[name]
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
    assert len(rows) > 10
    assert len({len(row) for row in rows}) == 1


def test_moments_in_the_bundle_are_said_to_be_wib(opened: dict[str, bytes]) -> None:
    about = {
        name: re.search(rf'href="{name}".*?</tr>', opened[INDEX].decode()) for name in ("riwayat.csv", "langkah.csv")
    }
    assert all(row and "WIB" in row[0] for row in about.values())


def test_codes_in_the_list_of_evidence_do_not_become_times_of_day(opened: dict[str, bytes]) -> None:
    """An Indonesian Excel reads 7.01.06 as one minute and six seconds past seven."""
    lines = opened["bukti-dukung.csv"].decode("utf-8-sig").splitlines()
    codes = [line.split(";")[1] for line in lines[1:]]
    assert "'7.01.06" in codes
    assert "IKU.1" in codes
    assert not [code for code in codes if code[:1].isdigit()]
    assert opened["langkah.csv"].decode("utf-8-sig").splitlines()[1].startswith("1;")


def test_the_fingerprint_is_computed_from_the_bundle_alone(opened: dict[str, bytes]) -> None:
    """As the manifest says it, with nothing of the application."""
    said = json.loads(opened["data/manifest.json"])
    data = {}
    for one in said["lampiran"]:
        content = opened[f"data/{one['nama']}"]
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        rows = [
            [cell.removeprefix("'") for cell in row] for row in csv.reader(io.StringIO(content.decode(), newline=""))
        ]
        data[one["nama"].removesuffix(".csv")] = {"kolom": rows[0], "baris": sorted(rows[1:])}
    whole = {"data": data, "kantor": said["kantor"], "templat": said["templat"], "triwulan": said["triwulan"]}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == said["sidik_data"]


def test_the_checksums_are_those_that_sha256sum_checks(opened: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in opened.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(["sha256sum", "-c", "--strict", SUMS], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": OK\n") == len(opened) - 1


def test_the_data_of_the_bundle_stay_those_of_the_report_whatever_is_changed_later(
    store: SqlStore, opened: dict[str, bytes]
) -> None:
    renamed = Update(schema.INDICATOR, "ind-pem-01", {}, {"name": "Nama lain"})
    store.commit(Transaction(NOW, "pkp", "pkp", "kamus", "Uji", (renamed,)))
    with zipfile.ZipFile(io.BytesIO(bundle(office_in(store), store, PERIOD).content)) as parts:
        assert {n: parts.read(n) for n in opened if n.startswith("data/")} == {
            n: content for n, content in opened.items() if n.startswith("data/")
        }


def test_a_quarter_that_is_not_issued_has_a_draft_in_its_bundle(store: SqlStore) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle(office_in(store), store, Period(2026, 2)).content)) as parts:
        assert "laporan/Laporan-Monev-TW-II-2026-DRAF.pdf" in parts.namelist()
        assert "Draf, belum diterbitkan" in parts.read(INDEX).decode()


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
    assert links.found[:2] == ["laporan/Laporan-Monev-TW-III-2026.pdf", "data/data.xlsx"]
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


def test_the_report_command_hands_out_what_was_issued_and_a_draft_beside_it(
    settings: Path, issued: Issued, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["laporan", "--tahun", "2026", "--triwulan"]
    assert main([*asked, "3", "--keluaran", "a.pdf"]) == 0
    assert f"nomor {NUMBER} dari arsip" in capsys.readouterr().out
    assert (settings / "a.pdf").read_bytes() == issued.pdf
    assert main([*asked, "3", "--draf", "--keluaran", "b.pdf"]) == 0
    assert capsys.readouterr().out.startswith("Draf laporan")
    assert main(["arsip", "periksa", "b.pdf"]) == 1
    assert capsys.readouterr().out.startswith("TIDAK ADA DI ARSIP: Draf laporan")


def test_the_command_looks_up_a_fingerprint(
    settings: Path, store: SqlStore, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(office_in(store), PERIOD)
    assert found is not None
    assert main(["arsip", "periksa", found.fingerprint]) == 0
    assert "Rata-rata capaian: 88,1\xa0%" in capsys.readouterr().out
    capsys.readouterr()
    assert main(["arsip", "periksa", short(found.fingerprint)[:17]]) == 1
    assert capsys.readouterr().out.startswith("COCOK SEBAGIAN: 16 tanda pertama cocok")
    assert main(["arsip", "periksa", found.fingerprint[:40] + "0" * 24]) == 1
    assert f"Sebagian cocok dengan laporan nomor {NUMBER}: periksa salah tulis" in capsys.readouterr().out
    assert main(["arsip", "periksa", "0" * 64]) == 1
    assert main(["arsip", "periksa", "abc"]) == 1


def test_the_command_names_what_differs_and_who_signed(
    settings: Path, issued: Issued, capsys: pytest.CaptureFixture[str]
) -> None:
    def data_changed(document: pikepdf.Pdf) -> None:
        data = document.attachments["hasil.csv"].get_file().read_bytes()
        del document.attachments["hasil.csv"]
        document.attachments["hasil.csv"] = data.replace(b",Sangat Tinggi,", b",Rendah,", 1)

    (settings / "c.pdf").write_bytes(edited(issued.pdf, data_changed))
    assert main(["arsip", "periksa", "c.pdf"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"- Lampiran hasil\.csv, baris \S+, kolom Kategori: “Rendah”, arsipnya “Sangat Tinggi”\.", said)
    (settings / "d.pdf").write_bytes(signed(issued.pdf))
    assert main(["arsip", "periksa", "d.pdf"]) == 0
    assert f"Tanda tangan {SIGNER}: utuh, penerbitnya belum diperiksa" in capsys.readouterr().out


@pytest.mark.parametrize(
    "call",
    [
        ["arsip", "ambil", "--tahun", "2026", "--triwulan", "4", "--keluaran", "x.pdf"],
        ["arsip", "periksa", "tidak-ada.pdf"],
        ["arsip", "periksa", "tidak-ada.zip"],
        ["arsip", "periksa", "."],
        ["arsip", "periksa", "g" * 5000],
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
