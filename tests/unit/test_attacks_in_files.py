"""Files made from an office whose every text is an attack: nothing in them runs, calls out or leaves its folder."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath, PureWindowsPath

import openpyxl
import pikepdf
import pytest

from services.bundle import bundle
from services.domain.filenames import name_part
from services.domain.indicators import Period
from services.report.document import build_report
from services.report.forms.entry_form import entry_form_pdf
from services.report.forms.monev_form import monev_form_pdf
from services.report.forms.one_page import one_page_pdf
from services.report.forms.schedule import schedule_pdf
from services.report.forms.sop_paper import sop_pdf
from services.store import schema
from services.store.sql import SqlStore
from services.tabular.export import export_table
from services.tabular.values import Form
from services.ui.blanks import all_forms
from services.views.calendar_file import due_dates
from services.views.monev import schedule_calendar
from services.views.office import Office
from tests.attacks import EVIL_LINKS, TOO_LONG
from tests.pages.test_attacks import STORABLE, dangers, poison
from tests.unit.sample_store import NOW, office_in, sample_store

PERIOD = Period(2026, 3)
SECTION = "../../pem\u202e\n"
"""The id of a section as somebody could type it into a shared sheet."""
ICS_LINE = re.compile(
    r"(BEGIN|END|VERSION|PRODID|CALSCALE|METHOD|X-WR-CALNAME|X-WR-TIMEZONE|UID|DTSTAMP|DTSTART(;VALUE=DATE)?"
    r"|DTEND(;VALUE=DATE)?|SUMMARY|DESCRIPTION|LOCATION|TRANSP):"
)
CALLS_OUT = re.compile(rb'TargetMode="External"|<f[ >]|hyperlink|vbaProject|ddeLink')
ACTIVE = ("/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/AA", "/RichMedia")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    made = sample_store(tmp_path_factory.mktemp("racun"))
    poison(made, [text for text in STORABLE if text != TOO_LONG])
    yield made
    made.close()


@pytest.fixture(scope="module")
def office(store: SqlStore) -> Office:
    return office_in(store)


@pytest.fixture(scope="module")
def bundled(store: SqlStore, office: Office) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle(office, store, PERIOD).content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- PDF ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["laporan", "isian", "monev", "jadwal", "sop", "ringkasan"])
def pdf(request: pytest.FixtureRequest, office: Office) -> pikepdf.Pdf:
    make = {
        "laporan": lambda: build_report(office, PERIOD, draft=True).pdf,
        "isian": lambda: entry_form_pdf(office, PERIOD, "pem", NOW),
        "monev": lambda: monev_form_pdf(office, PERIOD, "pem", NOW),
        "jadwal": lambda: schedule_pdf(office, PERIOD, NOW),
        "sop": lambda: sop_pdf(office, office.head(office.cycles[PERIOD].sop_version), office.steps(PERIOD), NOW),
        "ringkasan": lambda: one_page_pdf(office, PERIOD, NOW),
    }
    return pikepdf.open(io.BytesIO(make[request.param]()))


def test_a_pdf_runs_nothing_and_its_links_stay_inside(pdf: pikepdf.Pdf) -> None:
    keys = {key for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) for key in thing}
    assert keys & set(ACTIVE) == set()
    assert isinstance(pdf.Root.get("/OpenAction", pikepdf.Array()), pikepdf.Array)  # where to open, not what to do
    kinds = [note for page in pdf.pages for note in page.get("/Annots", [])]
    assert all(note["/Subtype"] == "/Link" for note in kinds)
    assert not any("/URI" in note.get("/A", {}) for note in kinds)
    assert all(is_harmless(name) for name in pdf.attachments)


# --- ZIP, XLSX, CSV, HTML ----------------------------------------------------------------------------------------


def is_harmless(name: str) -> bool:
    """Whether a name unpacks to its own folder on every system."""
    parts = PurePosixPath(name).parts
    plain = re.fullmatch(r"[A-Za-z0-9._/-]+", name) and not name.startswith("/") and ".." not in parts
    return bool(plain) and not any(PureWindowsPath(part).is_reserved() for part in parts)


def test_the_members_of_a_zip_stay_in_their_folder(bundled: dict[str, bytes], office: Office) -> None:
    with zipfile.ZipFile(io.BytesIO(all_forms(office, PERIOD, NOW))) as archive:
        names = [*bundled, *archive.namelist()]
    assert len(names) > 20
    assert [name for name in names if not is_harmless(name)] == []


def test_the_name_of_a_section_leads_to_no_other_folder(store: SqlStore) -> None:
    with zipfile.ZipFile(io.BytesIO(all_forms(Office(renamed(store)), PERIOD, NOW))) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names)) == 7
    assert [name for name in names if not is_harmless(name)] == []


def renamed(store: SqlStore):  # type: ignore[no-untyped-def]
    """The data, with one section under another id wherever it is meant."""
    snapshot = store.read()
    tables = {
        name: tuple({c: SECTION if v == "pem" and (c == "section_id" or name == "Seksi") else v for c, v in row.items()}
                    for row in rows)
        for name, rows in snapshot.tables.items()
    }  # fmt: skip
    return type(snapshot)(**{f: getattr(snapshot, f) for f in snapshot.__dataclass_fields__} | {"tables": tables})


@pytest.mark.parametrize(
    "text", ["../../etc", "a/b", "a\\b", "CON", "nul.txt", "\u202egnp", "a\nb", "", "..", "x" * 300]
)
def test_a_part_of_a_file_name_is_harmless(text: str) -> None:
    assert is_harmless(f"blangko-2026-3-{name_part(text)}.pdf")
    assert len(name_part(text)) <= 60


def test_other_texts_make_other_names_and_usual_ones_stay() -> None:
    assert len({name_part(text) for text in ("a/b", "a b", "a\\b", "a-b")}) == 4
    assert [name_part(text) for text in ("pem", "v0.1", "versi-2")] == ["pem", "v0.1", "versi-2"]


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_a_workbook_has_no_formula_no_link_and_calls_nothing(store: SqlStore, table: schema.Table) -> None:
    data = export_table(table, dumped(store)[table.name], Form.XLSX)
    assert_quiet_workbook(data)


def test_the_workbook_of_the_bundle_is_no_different(bundled: dict[str, bytes]) -> None:
    assert_quiet_workbook(bundled["data/data.xlsx"])


def assert_quiet_workbook(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert [name for name, part in parts.items() if CALLS_OUT.search(part)] == []
    assert not any("external" in name.lower() or "macro" in name.lower() for name in parts)
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []


@cache
def dumped(store: SqlStore) -> dict[str, tuple[schema.Table, ...]]:
    return {table.name: rows for table, rows in store.dump()}


def test_no_cell_of_a_csv_begins_like_a_formula(bundled: dict[str, bytes]) -> None:
    for_excel = [name for name in bundled if name.endswith(".csv") and not name.startswith("data/")]
    assert len(for_excel) == 3
    for name in for_excel:
        text = bundled[name].decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
        assert len({len(row) for row in rows}) == 1
        wrong = [cell for row in rows for cell in row if re.match(r"\s*[=+@]|\s*-(?![\d., ]*%?$)|[\t\r]", cell)]
        assert wrong == [], name


def test_the_page_of_the_bundle_links_to_its_files_only(bundled: dict[str, bytes]) -> None:
    page = bundled["index.html"].decode()
    assert dangers(page.partition("<body>")[2]) == []
    assert set(re.findall(r'href="([^"]*)"', page)) <= set(bundled)
    assert not re.search(r"<script|src=|@import|url\(", page)


def test_the_evidence_of_the_bundle_is_a_list_of_texts(bundled: dict[str, bytes]) -> None:
    text = bundled["bukti-dukung.csv"].decode("utf-8-sig")
    listed = [row[-1].removeprefix("'") for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")]
    assert set(EVIL_LINKS) & set(listed)


# --- calendar ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda o: due_dates(o, PERIOD, NOW), lambda o: schedule_calendar(o, PERIOD)])
def test_no_text_becomes_a_line_of_a_calendar(office: Office, make) -> None:  # type: ignore[no-untyped-def]
    unfolded = make(office).decode().replace("\r\n ", "")
    lines = unfolded.split("\r\n")[:-1]
    assert len(lines) > 10
    assert [line for line in lines if not ICS_LINE.match(line)] == []
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", unfolded)
