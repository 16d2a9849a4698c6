"""Nothing leaves the office: no page asks any other server, and an error shows a reference instead of a trace."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page

from services.domain.roles import Role
from services.ui.navigation import ENTRIES
from tests.browser.driver import settled, sign_in

OWN = ("data", "blob", "about")


def test_no_page_asks_any_server_but_its_own(page: Page, office: str) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.on("websocket", lambda socket: asked.add(socket.url))
    page.goto(office)
    sign_in(page, Role.ADMIN)
    seen = 0
    for entry in ENTRIES:
        page.goto(f"{office}/{entry.name}")
        settled(page)
        seen += 1
    host = urlsplit(office).netloc
    strangers = {url for url in asked if urlsplit(url).scheme not in OWN and urlsplit(url).netloc != host}
    assert strangers == set()
    assert seen == len(ENTRIES)
    assert len(asked) > seen
