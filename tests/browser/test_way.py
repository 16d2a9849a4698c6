"""The whole way in a browser: a Kasi gives missing figures in, the Camat sees them, the Kasubag has them on paper."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pymupdf
import pytest
from playwright.sync_api import Locator, Page, expect

from services.domain.roles import Role
from services.store.outbox import Outbox
from services.store.schema import ENTRY, GIVEN, STEP_EVENT
from services.store.sql import SqlStore
from services.store.store import Row
from tests import sample_folder
from tests.browser import server
from tests.browser.driver import fold_menu, settled, sign_in, sign_out
from tests.sheets_server.control import running_sheets_server
from tests.store.helpers import everything, now
from tests.store.sheets import Book, new_book

SECTION = "Kesejahteraan Sosial"
PROOF = "https://drive.google.com/drive/folders/bukti"


@pytest.fixture
def own_office(fresh_server: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    with fresh_server() as address:
        yield address


@pytest.fixture(params=["page", "phone"], ids=["desktop", "phone"])
def screen(request: pytest.FixtureRequest) -> Page:
    found: Page = request.getfixturevalue(request.param)
    return found


def test_figures_go_from_the_section_over_the_dashboard_to_the_report(
    screen: Page, own_office: str, tmp_path: Path
) -> None:
    go_the_whole_way(screen, own_office, tmp_path)


@pytest.fixture
def sheet(template: Path) -> Iterator[Book]:
    """The sample office in a spreadsheet of its own."""
    with running_sheets_server() as google:
        book = new_book(google)
        store = book.open()
        store.load(everything(SqlStore(f"sqlite:///{template}/monev.db", "silaut", now)))
        store.close()
        yield book


def test_on_a_google_sheet_the_same_way_leaves_every_figure_in_it_once(
    page: Page, sheet: Book, template: Path, tmp_path: Path
) -> None:
    folder = sample_folder.copy(template, tmp_path / "data")
    key = tmp_path / "kunci.json"
    key.write_text(json.dumps(sheet.server.key))
    settings = {
        "MONEV_STORE": sheet.open().address,
        "MONEV_SHEETS_API_ENDPOINT": sheet.server.base,
        "GOOGLE_APPLICATION_CREDENTIALS": str(key),
    }
    with server.running(folder, settings=settings) as address:
        go_the_whole_way(page, address, tmp_path)
        wait_until_all_is_sent(folder)
    tables = {name: of_the_quarter(rows) for name, rows in everything(sheet.open()).items()}
    entries = {str(row["indicator_id"]): row for row in tables[ENTRY.name]}
    assert [entries[f"ind-kesos-0{n}"]["actual"] for n in (3, 4, 6)] == [81, 5, 95]
    assert entries["ind-kesos-04"]["spent"] == 24_000_000
    assert [entries[f"ind-kesos-0{n}"]["evidence"] for n in (4, 5)] == [PROOF, PROOF]
    given = {str(row["indicator_id"]): row["actual"] for row in tables[GIVEN.name] if row["by"] == "kasi.kesos"}
    assert list(given.values()) == [81, 5, 95], "the others count as they stood when step 3 locked them"
    assert sum(row["by"] == "kasi.kesos" for row in tables[GIVEN.name]) == len(given)
    assert [row["by"] for row in tables[STEP_EVENT.name] if row["section_id"] == "kesos"] == ["kasi.kesos"]


def of_the_quarter(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if (row.get("year"), row.get("quarter")) == (2026, 3)]


def wait_until_all_is_sent(folder: Path) -> None:
    (queue,) = folder.glob("replika/*/antrean.db")
    outbox, end = Outbox(queue), time.monotonic() + 60
    while outbox.queue():
        assert time.monotonic() < end, "what the Kasi saved has not been sent"
        time.sleep(0.1)


def go_the_whole_way(page: Page, office: str, folder: Path) -> None:
    """Three people one after the other at one browser.

    Figures: 81 of 90 %, 4 + 5 of 8 lembaga and 95 of 95 % are added to 85, 100 and 76,67 %: 94,03 % on average.
    """
    with signed_in(page, f"{office}/dasbor", Role.CAMAT):
        expect(key_figures(page)).to_contain_text("36 dari 41")
        expect(own_bar(page)).to_contain_text("3 dari 6")
        expect(page.get_by_text(f"{SECTION}: 3 dari 6 kosong")).to_be_visible()
    with signed_in(page, f"{office}/isian", Role.KASI):
        give_the_missing_figures(page)
        send(page)
    with signed_in(page, f"{office}/dasbor", Role.CAMAT):
        expect(key_figures(page)).to_contain_text("39 dari 41")
        expect(key_figures(page)).to_contain_text("89,1\u00a0%")
        expect(own_bar(page)).to_contain_text("94,0")
        expect(own_bar(page)).to_contain_text("6 dari 6")
        expect(page.get_by_text(f"{SECTION}: ")).to_have_count(0)
    with signed_in(page, f"{office}/laporan", Role.PKP):
        report = words(download_report(page, folder))
    assert "(39 dari 41 indikator terukur)" in report
    assert "Seksi Kesejahteraan Sosial 6 dari 6 94,03" in report
    assert "112,50" in report


class signed_in:  # noqa: N801  (reads like a function)
    """From the page's address through the sign-in, and out again at the end."""

    def __init__(self, page: Page, address: str, role: Role) -> None:
        self.page, self.address, self.role = page, address, role

    def __enter__(self) -> None:
        self.page.goto(self.address)
        fold_menu(sign_in(self.page, self.role))

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None:
            sign_out(self.page)


# --- the Kasi ----------------------------------------------------------------------------------------------------


def give_the_missing_figures(page: Page) -> None:
    """The form opens at the first gap, which is indicator 3."""
    fill_in(page, 3, {"Realisasi TW III": "81"})
    fill_in(page, 4, {"Realisasi TW III": "5", "Realisasi anggaran": "24.000.000", "Tautan bukti dukung": PROOF})
    fill_in(page, 5, {"Tautan bukti dukung": PROOF})
    fill_in(page, 6, {"Realisasi TW III": "95"})


def fill_in(page: Page, number: int, texts: dict[str, str]) -> None:
    expect(page.get_by_text(f"Indikator {number} dari 6")).to_be_visible()
    settled(page)
    for label, text in texts.items():
        field = page.get_by_role("textbox", name=label).first
        field.fill(text)
        field.blur()
    expect(page.locator(".mv-is-status")).to_contain_text("Belum disimpan")
    settled(page)
    page.get_by_role("button", name=re.compile(r"^(chevron_right )?Simpan")).click()
    expect(page.get_by_text(f"Isian {number} tersimpan")).to_be_visible()
    settled(page)


def send(page: Page) -> None:
    """Nothing is missing any more, so that no reason is asked for."""
    expect(page.get_by_text("Semua isian lengkap")).to_be_visible()
    expect(page.get_by_label("Alasan mengirim sebelum lengkap")).to_have_count(0)
    page.get_by_role("button", name="Kirim ke Kasubag PKP").click()
    expect(page.locator(".mv-say")).to_contain_text(f"Data {SECTION} diterima 3 November 2026")
    settled(page)


# --- who reads ---------------------------------------------------------------------------------------------------


def key_figures(page: Page) -> Locator:
    return page.locator(".mv-figs")


def own_bar(page: Page) -> Locator:
    """The row of the section in the table behind the bars, which says in text what they draw."""
    return page.locator("details", has=page.get_by_text("Masih mungkin")).locator("tr", has_text=SECTION)


def download_report(page: Page, folder: Path) -> Path:
    page.get_by_role("button", name="Susun PDF").click()
    button = page.get_by_role("button", name="Unduh PDF")
    button.wait_for(timeout=90_000)
    settled(page)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename.endswith(".pdf")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def words(pdf: Path) -> str:
    """The text of all pages, with single spaces."""
    with pymupdf.open(pdf) as document:
        return " ".join(" ".join(page.get_text().split()) for page in document)
