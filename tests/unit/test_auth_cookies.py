"""What the browser is told about our cookies: only to this site, only by HTTPS where that is in use, not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from services.auth import cookies
from services.auth.cookies import TICKET, Cookie

UNTIL = datetime(2026, 11, 3, 22, 20, tzinfo=UTC)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the component in the browser is called with."""
    calls: list[dict[str, Any]] = []
    manager = SimpleNamespace(
        set=lambda name, value, **more: calls.append({"name": name, "value": value, **more}),
        delete=lambda name, **more: calls.append({"name": name, "gone": True, **more}),
    )
    monkeypatch.setattr(cookies, "CookieModel", lambda: SimpleNamespace(cookie_manager=manager))
    return calls


def draw(monkeypatch: pytest.MonkeyPatch, url: str | None, *jobs: Cookie) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(cookies, "st", SimpleNamespace(session_state=state, context=SimpleNamespace(url=url)))
    cookies.write(*jobs)
    cookies.draw_job()
    return state


@pytest.mark.parametrize(
    ("url", "secure"), [("https://monev.go.id/", True), ("http://192.168.1.4:8501/", None), (None, None)]
)
def test_a_cookie_is_sent_by_https_only_where_the_application_is_opened_so(
    monkeypatch: pytest.MonkeyPatch, told: list[dict[str, Any]], url: str | None, secure: bool | None
) -> None:
    draw(monkeypatch, url, Cookie(TICKET, "isi", UNTIL))
    assert [(call["name"], call["secure"], call["expires_at"]) for call in told] == [(TICKET, secure, UNTIL)]
    assert all("same_site" not in call or call["same_site"] == "strict" for call in told)


def test_a_forgotten_cookie_is_removed(monkeypatch: pytest.MonkeyPatch, told: list[dict[str, Any]]) -> None:
    draw(monkeypatch, "https://x/", Cookie(TICKET, "", UNTIL + timedelta(days=1)))
    assert told[0]["gone"]


def test_no_cookie_shows_its_value_when_it_is_printed(
    monkeypatch: pytest.MonkeyPatch, told: list[dict[str, Any]]
) -> None:
    state = draw(monkeypatch, None, Cookie(TICKET, "rahasia-kuki", UNTIL))
    assert told
    assert "rahasia-kuki" not in repr(state)
