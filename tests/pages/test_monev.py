"""Monev lapangan: plan, result and completeness, each for those who may."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.base import Context
from services.actions.monev import record_result
from services.domain.indicators import Period
from services.domain.roles import Actor
from services.sample.people import BY_USERNAME
from services.ui import session
from services.views.monev import Visit, visit
from services.views.office import Office
from tests.no_monev import forget_monev
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text

PERIOD = Period(2026, 3)


@pytest.fixture
def blank(office_folder: Path) -> None:
    """No monev in this quarter."""
    forget_monev(office_folder / "monev.db", PERIOD)


def office() -> Office:
    return Office(session.runtime().store.read())


def stored(section_id: str = "kesos") -> Visit:
    found = visit(office(), section_id, PERIOD)
    assert found
    return found


def recorded(section_id: str = "kesos") -> None:
    opened, person = session.runtime(), BY_USERNAME["pkp"]
    actor = Actor(person.username, person.name, person.role, person.section_id)
    typed = {"held_on": "2026-10-27", "recommendation": "Lengkapi register.", "findings": "Register kosong."}
    record_result(Context(opened.store, office(), actor, opened.now(), "Uji"), PERIOD, section_id, {}, typed)
    opened.shared.invalidate()


def box(elements: Any, label: str) -> Any:
    return next(e for e in elements if e.label.startswith(label))


def opened(open_page: Opener, who: str, part: str, section: str = "kesos") -> AppTest:
    page = open_page("monev", who, bagian=part, seksi=section)
    assert not page.exception
    return page


@pytest.mark.parametrize("who", ["pkp", "sekretaris", "kasi.kesos", "umum", "camat", "pimpinan", "admin"])
def test_everybody_may_look(open_page: Opener, who: str) -> None:
    page = opened(open_page, who, "rencana")
    writes = "Simpan rencana" in labels(page)
    page.query_params["bagian"] = "hasil"
    assert "7 dari 7 hasil monev lengkap" in text(page.run())
    page.query_params["bagian"] = "pelaksanaan"
    assert "Angka seksi: rata-rata" in text(page.run())
    assert writes is ("Simpan hasil monev" in labels(page)) is (who in ("pkp", "sekretaris"))
    assert not page.exception


@pytest.mark.usefixtures("blank")
def test_the_plan_of_a_section_is_saved(open_page: Opener) -> None:
    page = opened(open_page, "pkp", "rencana")
    box(page.date_input, "Tanggal").set_value(date(2026, 10, 27))
    box(page.text_input, "Pukul").set_value("9")
    press(page, "Simpan rencana")
    assert page.success[0].value == "Rencana monev Kesejahteraan Sosial disimpan\\."
    assert (stored().planned_on, stored().text("planned_at")) == (date(2026, 10, 27), "09.00")
    assert "1 dari 7 seksi dijadwalkan" in text(page)


@pytest.mark.usefixtures("blank")
def test_the_focus_is_proposed_and_taken_over_only_by_a_press(open_page: Opener) -> None:
    page = opened(open_page, "pkp", "rencana")
    assert "Usulan fokus dari capaian dan temuan Capaian terendah:" in text(page)
    assert box(page.text_area, "Fokus").value == ""
    press(page, "Pakai usulan fokus")
    assert box(page.text_area, "Fokus").value.startswith("Capaian terendah:")
    assert stored().row is None
    press(page, "Simpan rencana")
    assert stored().text("focus").startswith("Capaian terendah:")


@pytest.mark.usefixtures("blank")
def test_what_cannot_be_read_is_named_under_its_field_and_stays(open_page: Opener) -> None:
    page = opened(open_page, "pkp", "rencana")
    box(page.text_input, "Pukul").set_value("pagi")
    press(page, "Simpan rencana")
    assert "Belum tersimpan" in page.error[0].value
    assert "Tulis seperti 09.00" in text(page)
    assert box(page.text_input, "Pukul").value == "pagi"


@pytest.mark.usefixtures("blank")
def test_a_result_is_recorded_with_its_check_list(open_page: Opener) -> None:
    page = opened(open_page, "sekretaris", "pelaksanaan")
    assert "Angka seksi: rata-rata" in text(page)
    box(page.date_input, "Tanggal").set_value(date(2026, 10, 28))
    box(page.segmented_control, "1. ").set_value("tidak").run()
    box(page.text_input, "Catatan butir 1").set_value("Berbeda dari register")
    box(page.text_area, "Temuan").set_value("Register belum lengkap.")
    press(page, "Simpan hasil monev")
    found = stored()
    assert (found.held_on, found.text("findings")) == (date(2026, 10, 28), "Register belum lengkap.")
    assert (found.checks[0].answer, found.checks[0].note) == ("tidak", "Berbeda dari register")


@pytest.mark.usefixtures("blank")
def test_what_is_typed_and_not_saved_is_there_again_after_the_connection_was_lost(open_page: Opener) -> None:
    page = opened(open_page, "pkp", "pelaksanaan")
    box(page.text_area, "Temuan").set_value("Register belum lengkap.").run()
    del page.session_state["mv-teks-kerja-pkp"]
    page.run()
    assert "Draf dari 3 November 2026" in text(page)
    assert box(page.text_area, "Temuan").value == "Register belum lengkap."
    press(page, "Buang draf")
    assert box(page.text_area, "Temuan").value == ""


@pytest.mark.usefixtures("blank")
def test_somebody_elses_text_is_shown_beside_ones_own(open_page: Opener) -> None:
    page = opened(open_page, "sekretaris", "pelaksanaan")
    box(page.text_area, "Temuan").set_value("Temuan saya.").run()
    recorded()
    press(page, "Simpan hasil monev")
    assert "Yang Anda lihat kosong Isian Anda Temuan saya. Sekarang Register kosong." in text(page)
    press(page, "Pakai isian saya")
    assert stored().text("findings") == "Temuan saya."
    assert stored().text("recommendation") == "Lengkapi register."


@pytest.mark.usefixtures("blank")
def test_somebody_elses_text_may_be_taken_instead(open_page: Opener) -> None:
    page = opened(open_page, "sekretaris", "pelaksanaan")
    box(page.text_area, "Temuan").set_value("Temuan saya.")
    box(page.text_area, "Yang hadir").set_value("Staf").run()
    recorded()
    press(page, "Simpan hasil monev")
    press(page, "Pakai nilai sekarang")
    assert box(page.text_area, "Temuan").value == "Register kosong."
    found = stored()
    assert (found.text("findings"), found.text("attendees")) == ("Register kosong.", "Staf")


@pytest.mark.usefixtures("blank")
def test_the_kasi_agrees_to_the_recommendation(open_page: Opener) -> None:
    session.runtime()
    recorded()
    page = opened(open_page, "kasi.kesos", "pelaksanaan")
    assert "Simpan hasil monev" not in labels(page)
    assert "Menunggu kesepakatan kasi Lengkapi register." in text(page)
    press(page, "Sepakati rekomendasi")
    assert stored().text("agreed_by") == "kasi.kesos"
    assert "Disepakati 3 November 2026" in text(page)


@pytest.mark.usefixtures("blank")
def test_another_kasi_sees_it_and_may_not_agree(open_page: Opener) -> None:
    session.runtime()
    recorded()
    page = opened(open_page, "kasi.yanum", "pelaksanaan")
    assert "Lengkapi register." in text(page)
    assert "Sepakati rekomendasi" not in labels(page)


@pytest.mark.usefixtures("blank")
def test_what_is_missing_is_named_for_each_section(open_page: Opener) -> None:
    session.runtime()
    recorded()
    seen = text(opened(open_page, "camat", "hasil"))
    assert "0 dari 7 hasil monev lengkap" in seen
    assert "petugas, yang hadir, daftar periksa, kesepakatan kasi" in seen


def test_a_quarter_that_is_not_open_says_so(open_page: Opener) -> None:
    page = open_page("monev", "pkp", tahun="2027", triwulan="1")
    assert "Triwulan I 2027 belum dibuka" in text(page)
