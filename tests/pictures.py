"""Takes the pictures of README and docs/panduan.md: ``make pictures`` (or ``python -m tests.pictures [NAME ...]``).

A server of its own on a copy of the sample, a clock that starts at the sample's moment, fixed sizes: but for a minute
here and there, the pictures change only when the pages do.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from services.config import OFFICE
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.roles import Role
from services.report.document import build_report
from services.setup.keys import SetupKeys
from services.setup.notice import KEY, PAGE
from services.store.open import open_store
from services.views.office import office_of
from tests import sample_folder
from tests.browser import server
from tests.browser.conftest import CHROMIUM_NAMES, FLAGS, INDONESIA
from tests.browser.driver import DESKTOP, PHONE, settled, sign_in

FOLDER = sample_folder.ROOT / "docs" / "gambar"
PERIOD = Period(2026, 3)
LARGEST = 250_000
"""Bytes of one picture: the repository is cloned by offices with a slow connection."""
_COLOURS = 256
_STILL_MS = 600
_STILL = "[data-testid=stStatusWidget] { visibility: hidden } * { caret-color: transparent !important }"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: who looks at which page on which screen, and what is done before it is taken."""

    name: str
    path: str
    role: Role | None = None
    screen: str = "desktop"
    prepare: Callable[[Page], object] = settled
    height: int = 0


def _type_a_value(page: Page) -> None:
    """An empty indicator, and its capaian while the value is being typed."""
    page.locator(".st-key-mv-nav button", has_text="○").first.click()
    field = page.get_by_role("textbox", name="Realisasi TW III saja")
    field.wait_for()
    settled(page)
    field.fill("3")
    page.get_by_text("Belum disimpan").wait_for()
    page.evaluate("document.activeElement.blur()")
    settled(page)


def _list_sections(page: Page) -> None:
    page.get_by_role("combobox", name="Seksi").click()
    page.get_by_role("option").first.wait_for()


def _make_report(page: Page) -> None:
    page.get_by_role("button", name="Susun PDF").click()
    page.get_by_role("button", name="Unduh PDF").wait_for(timeout=120_000)
    settled(page)


def _origin_of_the_lowest(page: Page) -> None:
    address = page.locator(".mv-worst a").first.get_attribute("href") or ""
    page.goto(f"{page.url.split('/dasbor')[0]}/{address}")
    settled(page)


def _first_indicator(page: Page) -> None:
    address = page.locator("[data-testid=stMain] a[href*='indikator=']").first.get_attribute("href") or ""
    page.goto(f"{page.url.split('/indikator')[0]}/{address.lstrip('/')}")
    settled(page)


def _choose_a_spreadsheet(key: str, page: Page) -> None:
    """Siapkan kantor at its third step, as whoever has the key sees it."""
    page.goto(f"{page.url.split('/dasbor')[0]}/{PAGE}?{KEY}={key}")
    settled(page).get_by_role("button", name="Siapkan kantor kami").click()
    page.get_by_label("Nama kecamatan").fill("Lunang")
    page.get_by_label("Kabupaten").fill("Pesisir Selatan")
    for wanted in ("Seksi 1", "Google Sheets"):
        page.get_by_role("button", name="Lanjut").click()
        page.get_by_text(wanted, exact=True).wait_for()
    page.get_by_text("Google Sheets", exact=True).click()
    page.get_by_label("Alamat spreadsheet").fill("https://docs.google.com/spreadsheets/d/1AbC-dEf_GhIj/edit")
    page.get_by_label("Alamat spreadsheet").blur()
    settled(page)


SHOTS = (
    Shot("masuk", "dasbor", height=820),
    Shot("dasbor", "dasbor", Role.CAMAT),
    Shot("dasbor-ponsel", "dasbor", Role.CAMAT, screen="phone"),
    Shot("isian-ponsel", "isian", Role.KASI, screen="phone"),
    Shot("isian", "isian", Role.KASI, prepare=_type_a_value),
    Shot("isian-pkp", "isian", Role.PKP, prepare=_list_sections),
    Shot("periksa", "periksa", Role.PKP, height=720),
    Shot("indikator", "indikator", Role.PKP),
    Shot("indikator-satu", "indikator", Role.PKP, prepare=_first_indicator),
    Shot("laporan", "laporan", Role.SEKRETARIS, prepare=_make_report, height=720),
    Shot("riwayat", "riwayat", Role.PIMPINAN),
    Shot("asal-angka", "dasbor", Role.PIMPINAN, prepare=_origin_of_the_lowest),
)
REPORT_PAGES = {"laporan-ringkasan": "Ringkasan Eksekutif", "laporan-seksi": "Pemberdayaan Masyarakat dan Nagari"}
"""Pictures of pages of the report, by a word of the bookmark that leads there."""


def main(names: Iterable[str]) -> None:
    """Take the pictures of these names; all without names."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = sample_folder.build(Path(temporary))
        key = SetupKeys(folder, lambda: datetime.now(WIB)).make()
        shots = (*SHOTS, Shot("siapkan", "dasbor", prepare=partial(_choose_a_spreadsheet, key), height=720))
        wanted = set(names) or {shot.name for shot in shots} | set(REPORT_PAGES)
        _report_pages(folder, wanted)
        with server.running(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=list(FLAGS))
            for shot in shots:
                if shot.name in wanted:
                    _save(shot.name, _take(browser, address, shot))


def _take(browser: Browser, address: str, shot: Shot) -> bytes:
    context = browser.new_context(**_screen(shot), **INDONESIA, reduced_motion="reduce", color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/{shot.path}?tahun={PERIOD.year}&triwulan={PERIOD.quarter}")
    settled(page)
    if shot.role:
        sign_in(page, shot.role)
    shot.prepare(page)
    page.add_style_tag(content=_STILL)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.wait_for_timeout(_STILL_MS)  # charts are drawn after the page says that it is ready
    picture = page.screenshot(animations="disabled")
    context.close()
    return picture


def _screen(shot: Shot) -> dict[str, Any]:
    if shot.screen == "phone":
        return {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
    return {"viewport": {**DESKTOP, "height": shot.height or DESKTOP["height"]}}


def _report_pages(folder: Path, wanted: set[str]) -> None:
    """Pages of the report of the sample, as they looked at the moment of its story."""
    chosen = sorted(wanted & set(REPORT_PAGES))
    if not chosen:
        return
    pdf = folder / "laporan.pdf"
    now = datetime.fromisoformat(sample_folder.TODAY).replace(tzinfo=WIB)
    store = open_store(f"sqlite:///{folder / 'monev.db'}", OFFICE.default, lambda: now)
    pdf.write_bytes(build_report(office_of(store.read()), PERIOD, now, draft=False).pdf)
    with pymupdf.open(pdf) as document:
        bookmarks = document.get_toc()
    for name in chosen:
        number = next(str(page) for _, title, page in bookmarks if REPORT_PAGES[name] in title)
        out = folder / name
        _run("pdftoppm", "-png", "-singlefile", "-r", "90", "-f", number, "-l", number, str(pdf), str(out))
        _save(name, out.with_suffix(".png").read_bytes())


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _save(name: str, png: bytes) -> None:
    """Write a picture with no more colours than the pages have."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    path = FOLDER / f"{name}.png"
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path} has {size} bytes; at most {LARGEST} are wanted")
    print(f"{path.relative_to(sample_folder.ROOT)} {image.width} × {image.height}, {size // 1000} kB")


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise SystemExit("Chromium is not installed. Install it: apt-get install chromium")
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
