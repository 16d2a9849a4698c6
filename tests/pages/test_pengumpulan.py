"""Pengumpulan data: who has given what, the reminder to whoever has not, and exceptions after the lock."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.quarters import open_quarter
from services.domain.indicators import Period
from services.ui import session
from tests.pages.conftest import Opener
from tests.pages.looking import labels, markup, press, text
from tests.unit.sample_store import acting, office_in

PERIOD, NEXT = Period(2026, 3), Period(2026, 4)
EVERYBODY = ["admin", "pkp", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]
RUNNERS = ("pkp", "sekretaris")
"""Who reminds sections and grants exceptions."""


def until(section_id: str) -> date | None:
    exception = office_in(session.runtime().store).exception(PERIOD, section_id)
    return exception.until if exception else None


def links(app: AppTest) -> list[str]:
    return [element.proto.url for element in app.get("link_button")]


def opened_next() -> None:
    opened = session.runtime()
    open_quarter(acting(opened.store, "pkp", opened.now()), NEXT)
    opened.shared.invalidate()


def test_the_page_says_what_is_in_and_what_is_missing(open_page: Opener) -> None:
    page = open_page("pengumpulan", "camat")
    assert not page.exception
    seen = text(page)
    assert "Seksi sudah mengirim 5 dari 7 2 terlambat" in seen
    assert "Indikator terisi 36 dari 41" in seen
    assert "Belum lengkap (2)" in seen
    assert "Jumlah pembinaan lembaga sosial: realisasi kosong" in seen
    assert "Isian dikunci 19 Oktober 2026 13.50" in seen


def test_every_square_can_be_read_aloud(open_page: Opener) -> None:
    seen = markup(open_page("pengumpulan", "camat"))
    assert "Jumlah pembinaan lembaga sosial: kosong" in seen
    assert "Persentase pemutakhiran standar pelayanan: kosong" in seen


@pytest.mark.parametrize("username", EVERYBODY)
def test_only_pkp_and_sekretaris_remind_and_grant_exceptions(open_page: Opener, username: str) -> None:
    page = open_page("pengumpulan", username)
    assert not page.exception
    assert bool(links(page)) is (username in RUNNERS)
    assert ("Perpanjang" in labels(page)) is (username in RUNNERS)


@pytest.mark.parametrize(("username", "count"), [("kasi.kesos", 1), ("pkp", 2), ("kasi.pem", 0), ("camat", 0)])
def test_whoever_may_fill_in_a_section_is_led_to_its_form(open_page: Opener, username: str, count: int) -> None:
    assert [link.proto.page for link in open_page("pengumpulan", username).get("page_link")] == ["isian"] * count


def test_the_reminder_is_handed_to_whatsapp_and_mail(open_page: Opener) -> None:
    page = open_page("pengumpulan", "pkp")
    assert page.code[0].value.startswith("[CONTOH] Yth. Kepala Seksi Kesejahteraan Sosial.")
    assert [link.partition("?")[0] for link in links(page)] == ["https://wa.me/", "mailto:"] * 2


def test_everybody_can_take_the_due_dates_into_a_calendar(open_page: Opener) -> None:
    page = open_page("pengumpulan", "pimpinan")
    assert "Unduh kalender tenggat (.ics)" in [button.label for button in page.get("download_button")]


def test_an_exception_is_extended_with_a_reason(open_page: Opener) -> None:
    page = open_page("pengumpulan", "pkp")
    page.date_input[0].set_value(date(2026, 11, 12))
    press(page, "Perpanjang")
    assert "Tulis alasan" in page.error[0].value
    page.text_input[0].set_value("Menunggu data BPS")
    press(page, "Perpanjang")
    assert page.success[0].value.startswith("Isian Seksi Kesejahteraan Sosial dibuka sampai Kamis, 12 November 2026")
    assert until("kesos") == date(2026, 11, 12)


def test_an_exception_is_ended_at_once(open_page: Opener) -> None:
    page = open_page("pengumpulan", "sekretaris")
    page.text_input[0].set_value("Data sudah lengkap")
    press(page, "Akhiri sekarang")
    assert until("kesos") == date(2026, 11, 2)
    assert "Beri pengecualian" in [popover.proto.popover.label for popover in page.get("popover")]


def test_a_section_that_has_sent_everything_can_be_opened_for_a_correction(open_page: Opener) -> None:
    page = open_page("pengumpulan", "pkp")
    page.text_input[-1].set_value("Salah ketik realisasi")
    press(page, "Buka isian seksi ini")
    assert until("pem") == date(2026, 11, 5)


def test_before_the_tenggat_the_days_left_are_counted_in_working_days(open_page: Opener, office_folder: object) -> None:
    opened_next()
    page = open_page("pengumpulan", "pkp", tahun="2026", triwulan="4")
    seen = text(page)
    assert "Sesudahnya data tetap diterima sebagai terlambat, sampai kunci" in seen
    assert "Sisa sampai tenggat 3 hari kerja" in seen
    assert "Buka isian seksi ini" not in labels(page)


def test_a_quarter_that_is_not_open_says_which_step_opens_it(open_page: Opener) -> None:
    page = open_page("pengumpulan", "camat", tahun="2026", triwulan="4")
    assert "Triwulan IV 2026 belum dibuka" in text(page)
