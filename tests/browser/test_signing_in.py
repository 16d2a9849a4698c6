"""Masuk and Keluar as a browser sees them: cookie, reload, deep link, two people, telephone, dark theme."""

from __future__ import annotations

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from services.domain.roles import Role
from tests.browser.driver import heading, settled, sign_in, sign_out

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def test_a_reload_keeps_the_person_signed_in_on_the_same_page(page: Page, office: str) -> None:
    settled(page.goto(f"{office}/riwayat") and page)
    sign_in(page, Role.SEKRETARIS)
    before = heading(page).text_content()
    settled(page.reload() and page)
    expect(heading(page)).to_have_text(before or "")
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()


def test_keluar_shows_the_form_and_a_reload_does_not_bring_the_person_back(page: Page, office: str) -> None:
    settled(page.goto(office) and page)
    sign_in(page, Role.CAMAT)
    sign_out(page)
    settled(page.reload() and page)
    expect(heading(page)).to_have_text("Masuk")


def test_a_copied_cookie_is_worth_nothing_after_keluar(page: Page, office: str) -> None:
    settled(page.goto(office) and page)
    sign_in(page, Role.CAMAT)
    stolen = page.context.cookies()
    sign_out(page)
    page.context.add_cookies(stolen)
    settled(page.reload() and page)
    expect(heading(page)).to_have_text("Masuk")


def test_the_cookie_lasts_half_a_day_and_stays_on_this_site(page: Page, office: str) -> None:
    settled(page.goto(office) and page)
    sign_in(page, Role.UMUM)
    cookie = next(c for c in page.context.cookies() if c["name"] == "monev_masuk")
    assert 11.9 * 3600 < cookie["expires"] - time.time() <= 12 * 3600 + 1  # an answer of the server has whole seconds
    assert cookie["sameSite"] == "Strict"


def test_no_script_of_the_page_can_read_the_cookie(page: Page, office: str) -> None:
    sign_in(settled(page.goto(office) and page), Role.UMUM)
    assert [c["httpOnly"] for c in page.context.cookies() if c["name"] == "monev_masuk"] == [True]
    assert "monev" not in page.evaluate("document.cookie")


def test_signing_in_draws_the_page_once(page: Page, office: str) -> None:
    """A list that is open on the page would fold, and what is shown for one run would be gone."""
    asked: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(kind_of(frame))))
    settled(page.goto(f"{office}/dasbor") and page)
    before = len(asked)
    sign_in(page, Role.PKP)
    assert [kind for kind in asked[before:] if kind == "rerun_script"] == ["rerun_script"]


def kind_of(frame: str | bytes) -> str:
    """Of a message from the browser to the server."""
    return str(BackMsg.FromString(frame).WhichOneof("type")) if isinstance(frame, bytes) else ""


def test_two_people_work_at_once_in_two_browsers(page: Page, browser: Browser, office: str) -> None:
    other = browser.new_context(locale="id-ID").new_page()
    sign_in(settled(page.goto(office) and page), Role.CAMAT)
    sign_in(settled(other.goto(office) and other), Role.KASI, "Trantibum")
    settled(page.reload() and page)
    expect(page.locator(".mv-who")).to_contain_text("Camat")
    expect(other.locator(".mv-who")).to_contain_text("Trantibum")
    other.context.close()


def test_a_wrong_password_is_said_in_the_form(page: Page, office: str) -> None:
    settled(page.goto(office) and page)
    page.get_by_label("Nama pengguna").fill("camat")
    page.get_by_label("Kata sandi", exact=True).fill("bukan ini")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("tidak cocok")


def test_after_keluar_another_person_signs_in_on_the_same_page(page: Page, office: str) -> None:
    sign_in(settled(page.goto(office) and page), Role.CAMAT)
    sign_out(page)
    sign_in(page, Role.PIMPINAN)
    settled(page.reload() and page)
    expect(page.locator(".mv-who")).to_contain_text("Pimpinan")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_on_the_sign_in_page_breaks_the_rules_of_access(page: Page, office: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    settled(page.goto(office) and page)
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found]


def test_on_a_telephone_nothing_runs_over_and_every_button_can_be_touched(phone: Page, office: str) -> None:
    settled(phone.goto(office) and phone)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    heights = [b.bounding_box() for b in phone.locator(".stButton button, .stFormSubmitButton button").all()]
    assert all(box and box["height"] >= 44 for box in heights)


def test_on_a_telephone_the_menu_is_one_drawer_with_keluar_last(phone: Page, office: str) -> None:
    sign_in(settled(phone.goto(office) and phone), Role.CAMAT)
    phone.get_by_test_id("stExpandSidebarButton").click()
    buttons = phone.get_by_test_id("stSidebar").get_by_role("button")
    expect(buttons.last).to_have_text("logoutKeluar")


def test_the_browser_asks_no_other_host(page: Page, office: str) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if request.url.startswith("http") else None)
    sign_in(settled(page.goto(office) and page), Role.CAMAT)
    assert hosts == {office.removeprefix("http://")}
