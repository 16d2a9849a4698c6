"""The first request of a fresh server: Streamlit would run a page's file alone, without app.py and its sign-in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from services.domain.roles import Role
from services.ui.guard import WRONG_ROLE
from services.ui.navigation import ENTRIES, START
from tests import sample_folder
from tests.browser.driver import at, heading, settled, sign_in, sign_out
from tests.browser.server import running
from tests.sample_folder import ROOT

Servers = Callable[[], AbstractContextManager[str]]


@pytest.mark.parametrize("name", [START, "riwayat", "pengguna", "pasang"])
def test_the_first_visitor_sees_the_form_and_after_signing_in_the_page(
    page: Page, fresh_server: Servers, name: str
) -> None:
    """A page for all, one further down the menu, one of the admin's, one that no menu lists.

    That every page file guards itself alone is shown in tests/pages/test_guard.py.
    """
    seen: list[str] = []
    page.expose_function("seen", lambda text: seen.append(text))
    page.add_init_script(
        "new MutationObserver(() => document.querySelectorAll('[data-testid=stMain] h1').forEach("
        "h => window.seen(h.textContent))).observe(document, {childList: true, subtree: true})"
    )
    with fresh_server() as address:
        settled(page.goto(f"{address}/{name}") and page)
        expect(heading(page)).to_have_text("Masuk")
        expect(page.locator("[data-testid=stSidebarNavLink]")).to_have_count(0)
        assert set(seen) == {"Masuk"}
        sign_in(page, Role.PKP)
        expect(heading(page)).not_to_have_text("Masuk")
        expect(page).to_have_url(at(address, name))


def test_the_bare_address_leads_to_the_dashboard_and_keeps_the_quarter(page: Page, office: str) -> None:
    sign_in(settled(page.goto(f"{office}/?tahun=2025&triwulan=2") and page), Role.CAMAT)
    expect(page).to_have_url(f"{office}/{START}?tahun=2025&triwulan=2")


def test_every_address_is_known_to_a_warm_server_too(page: Page, warm: str) -> None:
    """Streamlit would cover the page with an English "Page not found" that makes it unusable."""
    _every_address_is_known(page, warm)
    sign_in(page, Role.PKP)
    _every_address_is_known(page, warm)


def _every_address_is_known(page: Page, address: str) -> None:
    for entry in ENTRIES:
        settled(page.goto(f"{address}/{entry.name}") and page)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page).to_have_url(at(address, entry.name))


@pytest.fixture
def warm(office: str, browser: Browser) -> str:
    """A server that somebody has visited before."""
    first = browser.new_page()
    settled(first.goto(office) and first)
    first.close()
    return office


SECRET_PAGE = """
import streamlit as st
from services.domain.roles import Role
from services.ui.guard import require
require(Role.PKP, Role.ADMIN)
st.html("<h1>Rahasia</h1>")
"""


@pytest.fixture
def with_a_restricted_page(template: Path, tmp_path: Path) -> Iterator[str]:
    """A cold server of an application in which "riwayat" is for the Kasubag PKP and the admin only."""
    application = tmp_path / "aplikasi"
    shutil.copytree(ROOT / "pages", application / "pages")
    (application / "pages" / "riwayat.py").write_text(SECRET_PAGE, "utf-8")
    shutil.copy2(ROOT / "app.py", application)
    for name in ("services", ".streamlit"):
        (application / name).symlink_to(ROOT / name)
    with running(sample_folder.copy(template, tmp_path / "data"), application) as address:
        yield address


def test_a_restricted_page_as_first_request_is_for_its_roles_only(page: Page, with_a_restricted_page: str) -> None:
    settled(page.goto(f"{with_a_restricted_page}/riwayat") and page)
    expect(heading(page)).to_have_text("Masuk")
    sign_in(page, Role.CAMAT)
    expect(heading(page)).to_have_text(WRONG_ROLE)
    sign_out(page)
    sign_in(page, Role.PKP)
    expect(heading(page)).to_have_text("Rahasia")


def test_a_cookie_signs_in_on_a_server_that_has_just_been_restarted(page: Page, template: Path, tmp_path: Path) -> None:
    folder = sample_folder.copy(template, tmp_path / "data")
    with running(folder) as address:
        sign_in(settled(page.goto(address) and page), Role.CAMAT)
    with running(folder) as address:  # another port of the same host, so the browser sends the same cookie
        settled(page.goto(f"{address}/riwayat") and page)
        expect(page.get_by_role("button", name="Keluar")).to_be_visible()
        expect(page).to_have_url(at(address, "riwayat"))
