"""What somebody sees in the browser when a page, a part of it, a press or a download fails."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.domain.roles import Role
from tests import sample_folder
from tests.browser.driver import settled, sign_in
from tests.browser.server import running
from tests.sample_folder import ROOT

FAULTS = """
from services.auth.gate import Gate
from services.ui import dashboard, history_table, report_page

def fail(*_, **__):
    raise RuntimeError("rahasia dapur")

def fail_when_filtered(board, scale, *, only_attention):
    return dashboard.unbroken(board, scale, only_attention=only_attention) if only_attention else fail()

if not hasattr(dashboard, "unbroken"):  # this file runs at each press, the module is loaded once
    dashboard.unbroken, dashboard.heat_map = dashboard.heat_map, fail_when_filtered
history_table.draw = fail
report_page.bundle = fail
Gate.leave = fail
"""
"""Stands at the top of app.py: a fault in each kind of place."""
NO_PAGE = 'raise ImportError("rahasia dapur")'
BEGINNING = "from __future__ import annotations\n"
CODE = re.compile(r"Kode ([0-9A-F]{6})\.")
LEFTOVERS = ("dapur", "Traceback", "RuntimeError", "Failed to", "Error")


@dataclass(frozen=True)
class Broken:
    address: str
    folder: Path

    def explained(self, page: Page, where: str = "") -> None:
        """The page names a code and nothing of the error; galat.log and standard error explain that code."""
        shown = page.locator("body").inner_text()
        found = CODE.search(where or shown)
        assert found, shown
        assert [word for word in LEFTOVERS if word in shown] == []
        for file in ("galat.log", "server.log"):
            assert f"Galat {found[1]}: rahasia dapur" in (self.folder / file).read_text("utf-8")


@pytest.fixture(scope="module")
def broken(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    folder = sample_folder.copy(template, tmp_path_factory.mktemp("rusak"))
    application = tmp_path_factory.mktemp("aplikasi")
    for name in ("services", ".streamlit"):
        (application / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "pages", application / "pages")
    (application / "pages" / "hak.py").write_text(NO_PAGE, "utf-8")
    (application / "app.py").write_text((ROOT / "app.py").read_text("utf-8").replace(BEGINNING, BEGINNING + FAULTS))
    with running(folder, application) as address:
        yield Broken(address, folder)


def test_a_page_that_cannot_even_be_imported_is_told_also_as_first_request(page: Page, broken: Broken) -> None:
    """Streamlit runs its file alone then, without app.py around it."""
    settled(page.goto(f"{broken.address}/hak") and page)
    expect(page.get_by_role("alert")).to_contain_text("Halaman ini tidak dapat ditampilkan.")
    broken.explained(page)


def test_whatever_fails_is_told_with_a_code_and_without_a_trace(page: Page, broken: Broken) -> None:
    sign_in(settled(page.goto(f"{broken.address}/dasbor") and page), Role.PKP)

    page.get_by_text("Semua ", exact=False).last.click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Halaman ini tidak dapat ditampilkan.")
    expect(page.get_by_text("Kinerja dan anggaran", exact=True)).to_be_visible()
    broken.explained(page)

    page.goto(f"{broken.address}/riwayat")
    expect(alert).to_contain_text("Halaman ini tidak dapat ditampilkan.")
    broken.explained(page)

    page.goto(f"{broken.address}/laporan")
    page.locator(".st-key-bundel button").click()
    said = page.get_by_text("Berkas tidak dapat dibuat.", exact=False)
    expect(said).to_be_visible()
    broken.explained(page)

    page.locator(".st-key-mv-keluar button").click()
    expect(alert).to_contain_text("Tindakan terakhir tidak selesai.")
    expect(page.locator(".st-key-bundel button")).to_be_visible()
    broken.explained(page)
