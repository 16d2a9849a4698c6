"""Isian in a real browser: a Kasi gives figures on a telephone, others in a table; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from services.domain.roles import Role
from tests.browser.driver import settled, sign_in

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture
def own_office(fresh_server: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """A server for this test alone, which saves into it."""
    with fresh_server() as address:
        yield address


def open_form(page: Page, office: str, role: Role = Role.KASI) -> Page:
    page.goto(f"{office}/isian")
    return sign_in(page, role)


def go_to(page: Page, number: int) -> None:
    page.get_by_role("radio", name=f"{number}", exact=False).nth(0).click()
    expect(page.get_by_text(f"Indikator {number} dari 6")).to_be_visible()
    settled(page)


def actual(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Realisasi TW III")


def type_into(field: Locator, text: str) -> None:
    field.click()
    field.press_sequentially(text, delay=30)


def overflow(page: Page) -> int:
    """Pixels by which anything reaches beyond the right edge."""
    return page.evaluate("""() => {
        const main = document.querySelector('[data-testid=stMain]');
        return Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
    }""")


def test_a_kasi_gives_a_figure_on_a_telephone_and_sends_the_section(phone: Page, own_office: str) -> None:
    open_form(phone, own_office)
    assert overflow(phone) <= 0
    go_to(phone, 4)
    type_into(actual(phone), "5")
    expect(phone.locator(".mv-is-capaian")).to_contain_text("112,50\u00a0%")
    expect(phone.locator(".mv-is-capaian")).to_contain_text("9 / 8 × 100")
    expect(actual(phone)).to_be_focused()
    expect(phone.locator(".mv-is-status")).to_have_text("● Belum disimpan")
    phone.get_by_role("button", name="Simpan dan lanjut").click()
    expect(phone.get_by_text("Isian 4 tersimpan")).to_be_visible()
    settled(phone)
    phone.get_by_label("Alasan mengirim sebelum lengkap").fill("Data nagari belum masuk.")
    phone.get_by_role("button", name="Kirim ke Kasubag PKP").click()
    expect(phone.locator(".mv-say")).to_contain_text("Data Kesejahteraan Sosial diterima 3 November 2026")
    assert overflow(phone) <= 0


def test_everything_to_press_on_a_telephone_is_high_enough(phone: Page, office: str) -> None:
    open_form(phone, office)
    low = phone.evaluate("""() => [...document.querySelectorAll('[data-testid=stMain] button')]
        .filter(b => b.offsetParent && !b.closest('[data-testid=stWidgetLabel]'))
        .filter(b => b.getBoundingClientRect().height < 43.5).map(b => b.innerText)""")
    assert low == []


def test_the_table_and_its_switch_are_for_wide_screens_only(phone: Page, office: str) -> None:
    open_form(phone, office)
    expect(phone.get_by_role("radio", name="Tabel")).to_be_hidden()


def test_what_is_typed_survives_a_reload(page: Page, own_office: str) -> None:
    open_form(page, own_office)
    go_to(page, 4)
    type_into(actual(page), "2")
    expect(page.locator(".mv-is-capaian")).to_contain_text("6 / 8 × 100")
    settled(page.reload() and page)
    go_to(page, 4)
    expect(actual(page)).to_have_value("2")
    expect(page.get_by_text("dipulihkan")).to_be_visible()


def test_what_cannot_be_read_is_explained_while_typing(page: Page, office: str) -> None:
    open_form(page, office)
    go_to(page, 4)
    type_into(actual(page), "1.250")
    expect(page.locator(".mv-wrong").first).to_contain_text("Tulis 1250 bila maksudnya")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_text("! Belum tersimpan")).to_be_visible()
    expect(actual(page)).to_have_value("1.250")


def test_two_people_on_the_same_figure_see_both_values(page: Page, phone: Page, own_office: str) -> None:
    open_form(page, own_office)
    open_form(phone, own_office)
    go_to(page, 4)
    go_to(phone, 4)
    type_into(actual(page), "2")
    expect(page.locator(".mv-is-status")).to_have_text("● Belum disimpan")
    type_into(actual(phone), "1")
    phone.get_by_role("button", name="Simpan dan lanjut").click()
    expect(phone.get_by_text("Isian 4 tersimpan")).to_be_visible()
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator(".mv-three")).to_contain_text("Sekarang")
    expect(actual(page)).to_have_value("2")
    settled(page)
    page.get_by_role("button", name="Pakai isian saya").click()
    expect(page.get_by_text("Isian 4 tersimpan")).to_be_visible()


def test_an_edit_in_the_table_is_named_and_saved(page: Page, own_office: str) -> None:
    open_form(page, own_office)
    page.get_by_role("radio", name="Tabel").click()
    settled(page)
    fill_cell(page, "glide-cell-5-3", "2")
    expect(page.locator(".mv-is-changes")).to_contain_text("realisasi kosong → 2")
    page.get_by_role("button", name="Simpan 1 perubahan").click()
    expect(page.get_by_text("1 isian tersimpan: nomor 4.")).to_be_visible()
    expect(page.get_by_test_id("glide-cell-5-3")).to_have_text("2")


def fill_cell(page: Page, cell: str, text: str) -> None:
    """The grid is drawn on a canvas; its accessible twin says what stands in a cell."""
    expect(page.get_by_test_id(cell)).to_be_attached()
    editor = page.locator("#portal input, #portal textarea")
    for _ in range(10):  # a click before the grid listens is lost
        box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + COLUMN_OF_ACTUAL, box["y"] + HEADER + ROW * 3.5)
        page.keyboard.press("Enter")
        with suppress(PlaywrightTimeout):
            editor.wait_for(timeout=2_000)
            break
    editor.fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id(cell)).to_have_text(text)


COLUMN_OF_ACTUAL, HEADER, ROW = 600, 36, 40


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("role", [Role.KASI, Role.CAMAT], ids=str)
def test_nothing_on_the_page_breaks_the_rules_of_access(page: Page, office: str, theme: str, role: Role) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    open_form(page, office, role)
    results = Axe().run(page, context={"include": [["[data-testid=stMain]"]]}, options=WCAG)
    assert results.violations_count == 0, results.generate_report()
