"""What the browser is told about our cookies: only to this site, only by HTTPS where that is in use, not for ever, and
for no script to read.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from services.auth import cookies
from services.auth.cookies import TICKET
from services.auth.handover import HEADER, LASTS, Cookie, Handover
from services.domain.clock import WIB
from services.ui import server

UNTIL = datetime(2026, 11, 4, 5, 20, tzinfo=WIB)


class Page:
    """What a page is drawn with."""

    def __init__(self, url: str | None) -> None:
        self.session_state: dict[str, Any] = {}
        self.context = SimpleNamespace(url=url)
        self.scripts: list[str] = []

    def html(self, body: str, *, unsafe_allow_javascript: bool) -> None:
        assert unsafe_allow_javascript
        self.scripts.append(body)

    @property
    def code(self) -> str:
        return str(self.session_state["mv-kuki"])


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, now: list[float]) -> Handover:
    made = Handover(lambda: now[0])
    made.served = True
    monkeypatch.setattr(cookies, "handover", lambda: made)
    return made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the component in the browser is called with."""
    calls: list[dict[str, Any]] = []
    manager = SimpleNamespace(
        set=lambda name, value, **more: calls.append({"name": name, "value": value, **more}),
        delete=lambda name, **more: calls.append({"name": name, "gone": True, **more}),
    )
    monkeypatch.setattr("streamlit_authenticator.models.CookieModel", lambda: SimpleNamespace(cookie_manager=manager))
    return calls


def draw(monkeypatch: pytest.MonkeyPatch, url: str | None, *jobs: Cookie) -> Page:
    page = Page(url)
    monkeypatch.setattr(cookies, "st", page)
    cookies.write(*jobs)
    cookies.draw_job()
    return page


def fetched(code: str) -> list[str]:
    """What the answer to this code lets the browser keep."""
    scope = {"type": "http", "method": "POST", "headers": [(HEADER.lower().encode(), code.encode())]}
    answer = asyncio.run(server.hand_over(Request(scope)))
    assert answer.status_code == 204
    assert answer.body == b""
    return answer.headers.getlist("set-cookie")


@pytest.mark.parametrize(
    ("url", "secure"), [("https://monev.go.id/", True), ("http://192.168.1.4:8501/", False), (None, False)]
)
def test_a_cookie_is_sent_by_https_only_where_the_application_is_opened_so(
    monkeypatch: pytest.MonkeyPatch, shelf: Handover, url: str | None, secure: bool
) -> None:
    page = draw(monkeypatch, url, Cookie(TICKET, "isi", UNTIL))
    [kept] = fetched(page.code)
    parts = kept.split("; ")
    assert parts[0] == f"{TICKET}=isi"
    assert {"HttpOnly", "Path=/", "SameSite=strict", "expires=Tue, 03 Nov 2026 22:20:00 GMT"} <= set(parts)
    assert ("Secure" in parts) is secure


def test_a_forgotten_cookie_is_removed(monkeypatch: pytest.MonkeyPatch, shelf: Handover) -> None:
    page = draw(monkeypatch, "https://x/", Cookie(TICKET, "", UNTIL + timedelta(days=1)))
    [kept] = fetched(page.code)
    assert kept.startswith(f'{TICKET}=""; ')
    assert "Max-Age=0" in kept


def test_the_page_gets_a_code_and_never_the_cookie(monkeypatch: pytest.MonkeyPatch, shelf: Handover) -> None:
    page = draw(monkeypatch, None, Cookie(TICKET, "rahasia-kuki", UNTIL))
    assert page.code in page.scripts[0]
    assert "rahasia-kuki" not in page.scripts[0] + repr(page.session_state)


def test_the_cookies_are_handed_out_once(monkeypatch: pytest.MonkeyPatch, shelf: Handover) -> None:
    page = draw(monkeypatch, None, Cookie(TICKET, "a", UNTIL), Cookie("monev_kenal_1", "b", UNTIL))
    assert [kept.split("=")[0] for kept in fetched(page.code)] == [TICKET, "monev_kenal_1"]
    assert fetched(page.code) == []


def test_a_code_that_was_never_given_gets_the_same_answer_with_nothing_in_it(shelf: Handover) -> None:
    shelf.offer(Cookie(TICKET, "a", UNTIL))
    assert [fetched(code) for code in ("", "x" * 43, "../kuki")] == [[], [], []]


def test_nobody_comes_too_late(monkeypatch: pytest.MonkeyPatch, shelf: Handover, now: list[float]) -> None:
    page = draw(monkeypatch, None, Cookie(TICKET, "a", UNTIL))
    now[0] += LASTS
    assert fetched(page.code) == []
    assert not shelf.waits(page.code)


def test_what_nobody_fetched_is_not_kept(shelf: Handover, now: list[float]) -> None:
    old = shelf.offer(Cookie(TICKET, "a", UNTIL))
    now[0] += LASTS
    shelf.offer(Cookie(TICKET, "b", UNTIL))
    assert old not in shelf._offers


def test_a_cookie_that_was_overtaken_does_not_come_late(monkeypatch: pytest.MonkeyPatch, shelf: Handover) -> None:
    page = draw(monkeypatch, None, Cookie(TICKET, "", UNTIL))
    overtaken = page.code
    cookies.write(Cookie(TICKET, "baru", UNTIL))
    assert fetched(overtaken) == []
    assert len(fetched(page.code)) == 1


def test_the_job_is_drawn_until_the_browser_has_come(monkeypatch: pytest.MonkeyPatch, shelf: Handover) -> None:
    page = draw(monkeypatch, None, Cookie(TICKET, "a", UNTIL))
    cookies.draw_job()
    assert len(page.scripts) == 2
    fetched(page.code)
    cookies.draw_job()
    cookies.draw_job()
    assert len(page.scripts) == 2
    assert page.session_state == {}


@pytest.mark.parametrize(("url", "secure"), [("https://monev.go.id/", True), (None, None)])
def test_a_server_without_our_part_of_it_has_the_component_write_them(
    monkeypatch: pytest.MonkeyPatch, shelf: Handover, told: list[dict[str, Any]], url: str | None, secure: bool | None
) -> None:
    shelf.served = False
    page = draw(monkeypatch, url, Cookie(TICKET, "rahasia-kuki", UNTIL))
    assert [(call["name"], call["secure"], call["expires_at"]) for call in told] == [(TICKET, secure, UNTIL)]
    assert all("same_site" not in call or call["same_site"] == "strict" for call in told)
    assert "rahasia-kuki" not in repr(page.session_state)
    page.session_state[told[0]["key"]] = True
    cookies.draw_job()
    assert len(told) == 1
    assert "mv-kuki" not in page.session_state


def test_the_component_removes_a_forgotten_cookie_too(
    monkeypatch: pytest.MonkeyPatch, shelf: Handover, told: list[dict[str, Any]]
) -> None:
    shelf.served = False
    draw(monkeypatch, "https://x/", Cookie(TICKET, "", datetime.now(UTC)))
    assert told[0]["gone"]
