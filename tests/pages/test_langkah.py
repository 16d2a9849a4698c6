"""Langkah SOP, Tugas saya, Mutu baku and Dokumen SOP as their readers see them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.actions.sop import next_version
from services.domain.indicators import Period
from services.domain.process import Phase
from services.domain.sop import STEP_COUNT
from services.ui import session
from services.views.steps import steps_of
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text
from tests.pages.test_guard import USERNAMES
from tests.unit.sample_store import NOW

PERIOD = Period(2026, 3)


def paused() -> bool:
    session.runtime().shared.invalidate()
    current = steps_of(session.office(), PERIOD, NOW + timedelta(hours=1)).current
    return current is not None and current.phase is Phase.PAUSED


@pytest.mark.parametrize("username", USERNAMES.values())
@pytest.mark.parametrize("page", ["langkah", "tugas", "mutu", "sop"])
def test_everybody_can_read_the_page(open_page: Opener, page: str, username: str) -> None:
    app = open_page(page, username)
    assert not app.exception
    assert not app.error


def test_the_running_step_stands_in_the_words_of_the_sop_with_its_holder(open_page: Opener) -> None:
    page = text(open_page("langkah", "camat"))
    assert "7 · Mengolah dan menganalisa data informasi hasil monitoring evaluasi" in page
    assert "Dipegang Kasubag PKP (usulan, belum dikonfirmasi) sejak 2 November 2026 14.00" in page
    assert f"6 dari {STEP_COUNT}" in page
    assert "1 minggu berarti 5 hari; jam kerja 08.00 sampai 16.00 WIB" in page


def test_a_quarter_that_is_not_open_says_so(open_page: Opener) -> None:
    assert "Triwulan IV 2026 belum dibuka" in text(open_page("langkah", "camat", tahun="2026", triwulan="4"))


def test_only_those_who_may_are_offered_a_pause(open_page: Opener) -> None:
    assert "Jeda langkah 7" in labels(open_page("langkah", "pkp"))
    assert "Jeda langkah 7" not in labels(open_page("langkah", "camat"))


def test_a_step_is_paused_with_a_reason_and_goes_on(open_page: Opener) -> None:
    app = open_page("langkah", "pkp")
    next(t for t in app.text_area if t.label == "Alasan jeda").set_value("Listrik padam")
    press(app, "Jeda langkah 7")
    assert paused()
    assert "dijeda: Listrik padam" in text(app)
    press(app, "Lanjutkan langkah 7")
    assert not paused()


def test_a_pause_without_a_reason_is_refused(open_page: Opener) -> None:
    app = press(open_page("langkah", "pkp"), "Jeda langkah 7")
    assert "Tulis alasannya" in app.error[0].value
    assert not paused()


def test_pkp_sees_what_stands_in_the_way_of_the_step_before_finishing_it(open_page: Opener) -> None:
    app = open_page("langkah", "pkp")
    said = " ".join(m.value for m in app.markdown)
    assert "Analisis belum ditulis untuk semua seksi" in said
    assert "tetap dapat diselesaikan dengan alasan" in said


def test_the_first_task_of_pkp_is_the_running_step(open_page: Opener) -> None:
    page = text(open_page("tugas", "pkp"))
    assert "Mengolah dan menganalisa data informasi hasil monitoring evaluasi" in page
    assert "paling lambat Selasa, 3 November 2026" in page


def test_a_kasi_who_owes_data_is_led_to_the_form(open_page: Opener) -> None:
    page = text(open_page("tugas", "kasi.kesos"))
    assert "Terlambat" in page
    assert "Isi dan kirim data Triwulan III 2026" in page


def test_who_has_nothing_to_do_is_told_so(open_page: Opener) -> None:
    assert "Tidak ada tugas" in text(open_page("tugas", "pimpinan"))


def test_mutu_baku_proposes_a_longer_time_only_where_the_office_needs_it(open_page: Opener) -> None:
    app = open_page("mutu", "sekretaris")
    page = text(app)
    assert "2 Kumpul data 2 hari" in page
    assert "4 hari" in page
    assert len(app.get("download_button")) == 1


def test_the_sop_page_shows_its_five_legal_bases_and_a_lane_for_each_executor(open_page: Opener) -> None:
    page = text(open_page("sop", "kasi.pem"))
    assert page.count("Undang-Undang Nomor 23 Tahun 2014") == 1
    assert "Garis putus-putus: pelaksana usulan, belum dikonfirmasi" in page
    assert "0 dari 13 dikonfirmasi" in page


def test_the_sekretaris_confirms_an_executor_on_the_page(open_page: Opener) -> None:
    press(open_page("sop", "sekretaris"), "Konfirmasi")
    session.runtime().shared.invalidate()
    assert session.office().steps(PERIOD)[0].confirmed


def test_pkp_writes_the_next_version_and_puts_it_into_force(open_page: Opener) -> None:
    app = press(open_page("sop", "pkp"), "Susun versi berikutnya")
    session.runtime().shared.invalidate()
    found = next_version(session.office())
    assert found is not None
    next(t for t in app.text_input if t.label == "Nomor SOP").set_value("800/9/Silaut/2026")
    press(app, "Simpan kepala SOP")
    app.date_input[1].set_value(date(2026, 11, 3))
    press(app, "Berlakukan")
    session.runtime().shared.invalidate()
    assert session.office().sop_in_force == found.version
