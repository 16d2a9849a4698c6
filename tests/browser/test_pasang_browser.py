"""The first office, in a browser: from the line on the terminal to the admin's first page, on an empty machine."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from services.config import load
from services.store.open import open_store
from services.views.office import office_of
from tests import sample_folder
from tests.browser import server
from tests.browser.driver import heading, settled
from tests.sample_folder import ROOT
from tests.store.helpers import now

PASSWORD = "sepeda biru naik bukit"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@dataclass
class Machine:
    """A fresh installation with a folder of its own, into which it may write its configuration."""

    folder: Path
    application: Path
    address: str = ""

    @property
    def terminal(self) -> str:
        return (self.folder / "server.log").read_text()

    def printed(self) -> str:
        """The path and key on the terminal, after the first visit."""
        (found,) = re.findall(r"http://localhost:\d+(/pasang\?kunci=\S+)", self.terminal)
        return str(found)


@pytest.fixture
def machine(template: Path, tmp_path: Path) -> Iterator[Machine]:
    application = tmp_path / "aplikasi"
    (application / ".streamlit").mkdir(parents=True)
    shutil.copy2(ROOT / ".streamlit" / "config.toml", application / ".streamlit")
    shutil.copy2(ROOT / "app.py", application)
    for name in ("services", "pages"):
        (application / name).symlink_to(ROOT / name)
    made = Machine(sample_folder.copy(template, tmp_path / "data"), application)
    with server.running(made.folder, application) as made.address:
        yield made


def fill(page: Page, **texts: str) -> None:
    for label, value in texts.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


def go(page: Page, then: str) -> None:
    """On to the step that shows this."""
    page.get_by_role("button", name="Lanjut", exact=True).click()
    expect(page.get_by_text(then, exact=True).first).to_be_visible()
    settled(page)


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found]


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_from_the_terminal_to_the_admins_first_page(
    request: pytest.FixtureRequest, machine: Machine, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    settled(page.goto(f"{machine.address}/pasang") and page)
    expect(heading(page)).to_have_text("Masuk")
    settled(page.goto(machine.address + machine.printed()) and page)
    expect(heading(page)).to_have_text("Siapkan kantor")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Siapkan kantor kami").click()
    fill(page, Nama_kecamatan="Lunang", Kabupaten="Pesisir Selatan")
    assert violations(page) == []
    go(page, "Seksi 1")
    fill(page, Seksi_8="Seksi Kebersihan", Camat="Budi, S.Sos.")
    assert violations(page) == []
    go(page, "Google Sheets")
    settled(page.reload() and page)  # a lost connection, on a telephone in the field
    page.get_by_role("button", name="Periksa penyimpanan").click()
    expect(page.get_by_text("masih kosong")).to_be_visible()
    assert violations(page) == []
    go(page, "Nama lengkap")
    fill(page, Nama_lengkap="Ani Wijaya", Nama_pengguna="ani", Kata_sandi=PASSWORD, Ulangi_kata_sandi=PASSWORD)
    go(page, "Ani Wijaya (ani)")
    assert violations(page) == []
    page.get_by_role("button", name="Buat kantor").click()
    expect(heading(page)).to_have_text("Kantor siap")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_label("Nama pengguna")).to_be_visible()
    expect(page.get_by_text("Coba tanpa kata sandi")).to_have_count(0)
    fill(page, Nama_pengguna="ani", Kata_sandi=PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.locator(".mv-who")).to_contain_text("Ani Wijaya")
    settings = load({}, machine.application / ".streamlit" / "secrets.toml")
    assert office_of(open_store(settings.store, settings.office, now).read()).profile.district == "Lunang"
    kept = (file for file in machine.folder.rglob("*") if file.is_file() and file.name != "server.log")
    key = machine.printed().partition("=")[2].encode()
    assert [file.name for file in kept if key in file.read_bytes()] == []
    assert machine.terminal.count(key.decode()) == 1
