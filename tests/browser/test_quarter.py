"""A whole quarter in a browser, all 13 steps by role: opened in January, returned once, issued and archived."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from services import runtime
from services.domain.indicators import Period
from services.domain.roles import CycleState, Role
from services.domain.sop import Event
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Store
from services.views.documents import document, register
from services.views.office import Office
from tests import sample_folder
from tests.browser import server
from tests.browser.driver import settled
from tests.browser.test_way import sheet, signed_in, wait_until_all_is_sent
from tests.store.helpers import now
from tests.store.sheets import Book

__all__ = ["sheet"]

PERIOD = Period(2026, 4)
ADDRESS = "tahun=2026&triwulan=4"
JANUARY = {runtime.CLOCK_ENV: "2027-01-04T08:30"}
REASON = "Kantor sepakat melanjutkan lebih dahulu."
NUMBER = "800/7/Silaut/2027"


@pytest.fixture(params=["sqlite"])
def office(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Address of a server in January 2027, and its data folder; with the data in a file, or in a spreadsheet."""
    folder = sample_folder.copy(template, tmp_path / "data")
    settings = JANUARY | (on_sheets(request, tmp_path) if request.param == "sheets" else {})
    with server.running(folder, settings=settings) as address:
        yield address, folder


@pytest.fixture
def store(request: pytest.FixtureRequest, office: tuple[str, Path]) -> Store:
    if "sheets" in request.node.name:
        book: Book = request.getfixturevalue("sheet")
        return book.open()
    return SqlStore(f"sqlite:///{office[1]}/monev.db", "silaut", now)


def on_sheets(request: pytest.FixtureRequest, folder: Path) -> dict[str, str]:
    book: Book = request.getfixturevalue("sheet")
    key = folder / "kunci.json"
    key.write_text(json.dumps(book.server.key))
    return {
        "MONEV_STORE": book.open().address,
        "MONEV_SHEETS_API_ENDPOINT": book.server.base,
        "GOOGLE_APPLICATION_CREDENTIALS": str(key),
    }


def test_a_quarter_goes_from_its_opening_to_the_archive(page: Page, office: tuple[str, Path], store: Store) -> None:
    address, folder = office
    way = Way(page, address)
    with way.as_(Role.PKP, "buka"):
        way.press("Buka Triwulan IV 2026")
        way.finish(1)
    with way.as_(Role.KASI, "isian"):
        send_with_a_reason(page)
    with way.as_(Role.PKP, "langkah"):
        way.finish(2)
        way.finish(3, REASON)
        way.visit("monev", "rencana")
        way.press("Susun usulan jadwal")
        way.finish(4)
    with way.as_(Role.SEKRETARIS, "langkah"):
        way.finish(5, REASON)
    with way.as_(Role.PKP, "langkah"):
        way.finish(6, REASON)
        way.finish(7, REASON)
        way.visit("draf", "versi")
        way.press("Susun draf v0.1")
        way.finish(8)
    with way.as_(Role.KASI, "draf", "pembahasan"):
        comment(page, "Tambahkan penyebab keterlambatan data.")
    with way.as_(Role.SEKRETARIS, "draf", "pembahasan"):
        keep_minutes(page)
        way.finish(9)
    with way.as_(Role.PKP, "draf", "koreksi"):
        answer(page, "Sudah ditambahkan pada Bab III.")
        way.visit("draf", "versi")
        way.press("Susun draf v0.2")
        way.finish(10)
    with way.as_(Role.SEKRETARIS, "verifikasi"):
        way.decide("Kembalikan draf", "Sebutkan pula nagari yang terlambat.")
    with way.as_(Role.PKP, "draf", "koreksi"):
        answer(page, "Nagari yang terlambat sudah disebut.")
        way.visit("draf", "versi")
        way.press("Susun draf v0.3")
        way.finish(10)
    with way.as_(Role.SEKRETARIS, "verifikasi"):
        agree_to_all(page)
        way.decide("Teruskan ke Camat")
    with way.as_(Role.CAMAT, "verifikasi"):
        way.decide("Setujui draf")
    with way.as_(Role.PKP, "laporan"):
        page.get_by_role("textbox", name="Nomor dokumen").fill(NUMBER)
        way.press("Terbitkan dokumen")
        issued = download(page)
    with way.as_(Role.UMUM, "laporan"):
        page.get_by_role("textbox", name="Nomor arsip").fill("A-1/2027")
        way.press("Simpan ke arsip")
        expect(page.get_by_text("Register arsip", exact=True).first).to_be_visible()
        archived = download(page)
    if "MONEV_STORE" in on_disk(folder):
        wait_until_all_is_sent(folder)
    assert archived == issued
    check_what_is_left(Office(store.read()), hashlib.sha256(issued).hexdigest())


def on_disk(folder: Path) -> set[str]:
    """Whether the office writes through a queue, which then must be empty before anybody looks into the store."""
    return {"MONEV_STORE"} if any(folder.glob("replika/*/antrean.db")) else set()


def check_what_is_left(office: Office, sha256: str) -> None:
    found = document(office, PERIOD)
    assert found is not None
    assert (found.number, found.sha256) == (NUMBER, sha256)
    assert [entry.register for entry in register(office)] == ["A-1/2027"]
    cycle = office.cycles[PERIOD]
    assert office.state(PERIOD, cycle.opened_at) is CycleState.ARCHIVED
    events = [e for e in office.events[PERIOD] if e.event is not Event.SUBMITTED]
    assert [e.step for e in events if e.event is Event.FINISHED] == [*range(1, 11), 10, 11, 12, 13]
    assert sum(e.event is Event.RETURNED for e in events) == 1
    assert {e.note for e in events if e.step in (3, 5, 6, 7)} == {REASON}
    assert len({str(row["id"]) for row in office.snapshot.rows(schema.STEP_EVENT)}) == len(
        office.snapshot.rows(schema.STEP_EVENT)
    )


class Way:
    """One browser, one person after the other."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def as_(self, role: Role, name: str, part: str = "") -> signed_in:
        return signed_in(self.page, self._of(name, part), role)

    def visit(self, name: str, part: str = "") -> None:
        self.page.goto(self._of(name, part))
        settled(self.page)

    def press(self, label: str) -> None:
        self._button(self.page, label).click()
        settled(self.page)
        expect(self.page.get_by_text("Belum tersimpan")).to_have_count(0)

    def finish(self, step: int, reason: str = "") -> None:
        """On the page of the steps, where every step can be finished by its holder."""
        self.visit("langkah")
        self.decide(f"Selesaikan langkah {step}", reason)
        expect(self.page.get_by_text(f"Langkah {step} selesai.")).to_be_visible()

    def decide(self, label: str, reason: str = "") -> None:
        """Open what the button hides, write the reason, and press the button of the same name in it."""
        self._button(self.page, label).click()
        box = self.page.get_by_test_id("stPopoverBody")
        expect(box).to_be_visible()
        if reason:
            field = box.locator("textarea")
            field.fill(reason)
            field.blur()
            settled(self.page)
        self._button(box, label).click()
        expect(self._button(self.page, label)).to_have_count(0)  # what it did cannot be done again
        settled(self.page)
        expect(self.page.get_by_text("Belum tersimpan")).to_have_count(0)

    def _of(self, name: str, part: str) -> str:
        return f"{self.address}/{name}?{ADDRESS}" + (f"&bagian={part}" if part else "")

    @staticmethod
    def _button(place: Page | Locator, label: str) -> Locator:
        return place.get_by_role("button", name=re.compile(rf"{re.escape(label)}( expand_more)?$")).last


def send_with_a_reason(page: Page) -> None:
    field = page.get_by_role("textbox", name="Alasan mengirim sebelum lengkap")
    field.fill("Data dari nagari belum masuk.")
    field.blur()
    settled(page)
    page.get_by_role("button", name="Kirim ke Kasubag PKP").click()
    expect(page.locator(".mv-say")).to_contain_text("diterima")
    settled(page)


def comment(page: Page, text: str) -> None:
    page.get_by_role("combobox", name="Bagian laporan").click()
    page.get_by_role("option").first.click()
    settled(page)
    write(page, "Catatan", text)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.get_by_text("Catatan terkirim.")).to_be_visible()


def keep_minutes(page: Page) -> None:
    fill_date(page, "04012027")
    write(page, "Yang hadir", "Sekretaris\nKasubag PKP")
    write(page, "Notulen", "Draf dibahas bab demi bab.")
    page.get_by_role("button", name="Simpan notulen").click()
    expect(page.get_by_text("Notulen tersimpan.")).to_be_visible()


def fill_date(page: Page, digits: str) -> None:
    """The boxes of a date go on by themselves as the digits are typed."""
    box = page.get_by_test_id("stDateInput").first
    box.locator("[role=spinbutton], input").first.click()
    page.keyboard.type(digits)
    page.keyboard.press("Tab")
    settled(page)


def answer(page: Page, text: str) -> None:
    page.get_by_role("button", name=re.compile(r"^Jawab")).first.click()
    box = page.get_by_test_id("stPopoverBody")
    field = box.locator("textarea")
    field.fill(text)
    field.blur()
    settled(page)
    box.get_by_role("button", name="Selesai diperbaiki").click()
    expect(page.get_by_text("Jawaban tersimpan.")).to_be_visible()
    settled(page)


def agree_to_all(page: Page) -> None:
    button = page.get_by_role("button", name=re.compile("Setujui semua yang tidak berubah"))
    button.click()
    expect(button).to_have_count(0)
    settled(page)


def write(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label).first
    field.fill(text)
    field.blur()
    settled(page)


def download(page: Page) -> bytes:
    with page.expect_download() as caught:
        page.get_by_role("button", name="Unduh PDF").click()
    return Path(caught.value.path()).read_bytes()
