"""Accounts as a browser sees them: the first password, the cookies, the end of all sessions, and Google."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from services.auth.accounts import Accounts
from services.auth.management import Management
from services.domain.roles import Role
from tests import sample_folder
from tests.browser import openid as google
from tests.browser import server
from tests.browser.driver import PATIENCE_MS, cookie_answer, heading, pick, settled, sign_in

NEW = "sepeda biru naik bukit"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@dataclass
class Place:
    """A running office, and its accounts."""

    address: str
    accounts: Accounts


@pytest.fixture(scope="module")
def place(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = sample_folder.copy(template, tmp_path_factory.mktemp("akun"))
    with server.running(folder) as address:
        yield Place(address, Accounts(f"sqlite:///{folder}/monev.db"))


def enter(page: Page, username: str, password: str) -> None:
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()


@contextmanager
def let_in(page: Page) -> Iterator[None]:
    """Do within what lets somebody in; at the end the browser keeps what it was handed."""
    with cookie_answer(page):
        yield
    page.locator(".st-key-mv-keluar").wait_for(state="attached", timeout=PATIENCE_MS)
    settled(page)


def choose(page: Page, password: str) -> None:
    page.get_by_label("Kata sandi baru", exact=True).fill(password)
    page.get_by_label("Ulangi kata sandi baru").fill(password)
    with let_in(page):
        page.get_by_role("button", name="Simpan dan masuk").click()


def violations(page: Page) -> list[str]:
    """Of the page itself; the menu is Streamlit's own."""
    found = Axe().run(page, context="[data-testid=stMain]", options=WCAG).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found]


def test_a_newcomer_chooses_a_password_and_stays_signed_in(page: Page, place: Place) -> None:
    first = place.accounts.add_with_first_password("ani", "Ani Wijaya", Role.CAMAT.value)
    settled(page.goto(f"{place.address}/riwayat") and page)
    enter(page, "ani", first)
    expect(heading(page)).to_have_text("Pilih kata sandi Anda")
    expect(page.locator("[data-testid=stSidebarNavLink]")).to_have_count(0)
    assert violations(page) == []
    choose(page, NEW)
    settled(page.reload() and page)
    expect(page.locator(".mv-who")).to_contain_text("Ani Wijaya")
    found = {cookie["name"].rstrip("0123456789abcdef"): cookie for cookie in page.context.cookies()}
    assert {"monev_masuk", "monev_kenal_"} <= set(found)
    ours = [found[name] for name in ("monev_masuk", "monev_kenal_")]
    assert [(cookie["sameSite"], cookie["httpOnly"]) for cookie in ours] == [("Strict", True)] * 2
    assert page.evaluate("document.cookie.includes('monev')") is False


def test_another_browser_is_out_once_all_other_sessions_are_ended(page: Page, browser: Browser, place: Place) -> None:
    place.accounts.add("rudi", "Rudi", Role.PIMPINAN.value, NEW, place.accounts.now())
    elsewhere = browser.new_context(locale="id-ID").new_page()
    for one in (page, elsewhere):
        settled(one.goto(f"{place.address}/akun") and one)
        with let_in(one):
            enter(one, "rudi", NEW)
    settled(page.reload() and page)
    page.get_by_role("button", name="Akhiri semua sesi lain").click()
    expect(page.get_by_text("1 sesi lain diakhiri.", exact=True)).to_be_visible()
    settled(elsewhere.reload() and elsewhere)
    expect(heading(elsewhere)).to_have_text("Masuk")
    elsewhere.context.close()


def test_a_stand_in_stays_one_over_a_reload_and_begins_anew_by_his_own_role(page: Page, place: Place) -> None:
    """Also where a link loads the whole page; nothing but the cookie is left then."""
    today = date.fromisoformat(sample_folder.TODAY[:10])
    Management(place.accounts, ()).appoint("umum", Role.CAMAT, "", today, today, "SP 800/12/2026", today)
    sign_in(settled(page.goto(f"{place.address}/akun") and page), Role.UMUM)
    who = page.locator(".mv-who")
    expect(who).not_to_contain_text("Plh. Camat")
    pick(page, "Bertindak sebagai", "Plh. Camat")
    expect(who).to_contain_text("Plh. Camat")
    settled(page.goto(f"{place.address}/hak") and page)
    expect(who).to_contain_text("Plh. Camat")
    expect(page.get_by_text("menyetujui draf", exact=True)).to_be_visible()
    page.locator(".st-key-mv-keluar button").click()
    sign_in(page, Role.UMUM)
    expect(who).not_to_contain_text("Plh. Camat")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["akun", "hak", "pengguna"])
def test_the_pages_about_accounts_keep_the_rules_of_access(page: Page, place: Place, name: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    sign_in(settled(page.goto(place.address) and page), Role.ADMIN)
    settled(page.goto(f"{place.address}/{name}") and page)
    if name == "pengguna":
        pick(page, "Akun", "camat")
        expect(page.get_by_role("button", name="Beri sandi baru")).to_be_visible()
        page.get_by_text("Tambah akun").first.click()
        expect(page.get_by_placeholder("misalnya budi")).to_be_visible()
        page.get_by_text("Tunjuk Plh.").first.click()
        expect(page.get_by_placeholder("nomor surat perintah, atau alasannya")).to_be_visible()
        settled(page)
    assert violations(page) == []


# --- Google ------------------------------------------------------------------------------------------------------


@dataclass
class WithGoogle(Place):
    """An office that lets people sign in with Google, and the stand-in of Google."""

    google: google.Google


@pytest.fixture(scope="module")
def with_google(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithGoogle]:
    folder = sample_folder.copy(template, tmp_path_factory.mktemp("google"))
    application, port = tmp_path_factory.mktemp("aplikasi"), server.free_port()
    for name in ("services", "pages", ".streamlit"):
        shutil.copytree(sample_folder.ROOT / name, application / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(sample_folder.ROOT / "app.py", application)
    with google.running() as stand_in:
        section = {
            "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback",
            "cookie_secret": "9f2c7be4d1a805638e0b5d7f4c6a1932",
            "client_id": google.CLIENT,
            "client_secret": "x",
            "server_metadata_url": f"{stand_in.address}/.well-known/openid-configuration",
        }
        lines = "\n".join(f'{name} = "{value}"' for name, value in section.items())
        (application / ".streamlit" / "secrets.toml").write_text(f"[auth]\n{lines}\n")
        with server.running(folder, application, port=port) as address:
            accounts = Accounts(f"sqlite:///{folder}/monev.db")
            accounts.add("budi", "Budi Santoso", Role.PKP.value, NEW, accounts.now(), email="budi@contoh.go.id")
            yield WithGoogle(address, accounts, stand_in)


def through_google(page: Page, office: WithGoogle) -> None:
    settled(page.goto(office.address) and page)
    page.get_by_role("button", name="Masuk dengan Google").click()


def test_google_lets_in_whoever_has_an_account_with_that_address(page: Page, with_google: WithGoogle) -> None:
    with let_in(page):
        through_google(page, with_google)
    expect(page.locator(".mv-who")).to_contain_text("Budi Santoso")
    settled(page.reload() and page)
    expect(page.locator(".mv-who")).to_contain_text("Budi Santoso")
    page.get_by_role("button", name="Keluar").click()
    expect(heading(page)).to_have_text("Masuk")
    settled(page.reload() and page)
    expect(heading(page)).to_have_text("Masuk")


@pytest.mark.parametrize(("email", "verified"), [("siapa@contoh.go.id", True), ("budi@contoh.go.id", False)])
def test_google_lets_in_nobody_else(page: Page, with_google: WithGoogle, email: str, verified: bool) -> None:
    with_google.google.email, with_google.google.verified = email, verified
    before = with_google.accounts.all()
    through_google(page, with_google)
    expect(page.get_by_role("alert")).to_contain_text("belum dihubungkan dengan akun")
    assert with_google.accounts.all() == before


def test_an_ended_session_does_not_come_back_through_googles_cookie(page: Page, with_google: WithGoogle) -> None:
    with_google.google.email, with_google.google.verified = "budi@contoh.go.id", True
    with let_in(page):
        through_google(page, with_google)
    with_google.accounts.sessions.end_all("budi", "uji")
    settled(page.reload() and page)
    expect(heading(page)).to_have_text("Masuk")
