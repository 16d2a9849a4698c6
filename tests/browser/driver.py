"""What browser tests do with a page: wait until it stands still, sign in by one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from playwright.sync_api import Locator, Page, expect

from services.auth.handover import PATH
from services.domain.roles import Role

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 30_000

_AT_REST = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app && app.dataset.testConnectionState === 'CONNECTED' && app.dataset.testScriptState === 'notRunning'
        && document.querySelector('[data-testid=stMain] h1')
        && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
}"""


def settled(page: Page) -> Page:
    """Wait until the server has answered and nothing on the page is old: each of ours has a heading of level 1."""
    page.wait_for_function(_AT_REST, timeout=PATIENCE_MS)
    return page


def sign_in(page: Page, role: Role | str, section: str = "") -> Page:
    """From the sign-in page through the one-click button, until the browser keeps the cookie."""
    settled(page)
    if section:
        page.get_by_label("Seksi untuk Kasi").click()
        page.get_by_role("option", name=section).click()
        settled(page)
    with cookie_answer(page):
        page.locator(f".st-key-contoh-{Role(role).value} button").click()
    # The menu may be folded on a phone, but "Keluar" is in the page as soon as somebody is signed in.
    page.locator(".st-key-mv-keluar").wait_for(state="attached", timeout=PATIENCE_MS)
    return settled(page)


@contextmanager
def cookie_answer(page: Page) -> Iterator[None]:
    """Do within what signs somebody in or out; at the end the browser has fetched or dropped the cookie."""
    with page.expect_response(f"**/{PATH}", timeout=PATIENCE_MS) as fetched:
        yield
    assert fetched.value.status == HTTPStatus.NO_CONTENT


def pick(page: Page, box: str, option: str) -> None:
    """Choose in a box. A list folds when the page scrolls, so that this is done before."""
    found = page.get_by_role("combobox", name=box)
    found.scroll_into_view_if_needed()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found.press("ArrowDown")
    page.get_by_role("option", name=option).first.click()


def fold_menu(page: Page) -> Page:
    """On a phone the menu lies over the page, and Streamlit remembers that somebody opened it."""
    width = (page.viewport_size or DESKTOP)["width"]
    if width < DESKTOP["width"] and page.locator("[data-testid=stSidebar][data-collapsed=false]").count():
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
        page.locator("[data-testid=stSidebar][data-collapsed=true]").wait_for(state="attached", timeout=PATIENCE_MS)
    return settled(page)


def sign_out(page: Page) -> Page:
    leave = page.locator(".st-key-mv-keluar button")
    menu = page.get_by_test_id("stExpandSidebarButton")
    expect(leave.or_(menu).filter(visible=True).first).to_be_visible()
    if menu.is_visible():  # folded, as it begins on a phone
        menu.click()
    with cookie_answer(page):
        leave.click()
    expect(heading(page)).to_have_text("Masuk")
    return settled(page)


def heading(page: Page) -> Locator:
    return page.locator("[data-testid=stMain] h1")


def at(address: str, path: str) -> re.Pattern[str]:
    """Matches the address of a page, whatever quarter is chosen."""
    return re.compile(re.escape(f"{address}/{path}") + r"(\?.*)?$")
