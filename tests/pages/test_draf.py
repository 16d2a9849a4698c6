"""Draf dan koreksi: versions, comments, minutes and corrections as each role sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from services.actions import drafts as actions
from services.actions.base import Context
from services.domain.indicators import Period
from services.domain.roles import Actor
from services.sample.people import BY_USERNAME
from services.ui import session
from services.views.drafts import WHOLE, CorrectionStatus, corrections, drafts, meeting
from services.views.office import Office
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text
from tests.unit.quarter_play import finish_up_to

PERIOD = Period(2026, 3)


def office() -> Office:
    return Office(session.runtime().store.read())


def acting(username: str) -> Context:
    person, opened = BY_USERNAME[username], session.runtime()
    actor = Actor(person.username, person.name, person.role, person.section_id)
    return Context(opened.store, office(), actor, opened.now(), "Uji")


def at_step_8() -> None:
    ended = finish_up_to(session.runtime().store, 7)
    session.runtime().set_clock(ended + timedelta(hours=1))
    session.runtime().shared.invalidate()


def drafted() -> None:
    at_step_8()
    actions.make_draft(acting("pkp"), PERIOD, "Draf awal")


def remarked() -> None:
    drafted()
    actions.comment(acting("camat"), PERIOD, WHOLE, "Ringkas lagi <b>")


def part(page: AppTest, name: str) -> AppTest:
    page.segmented_control(key="mv-draf-bagian").set_value(name).run()
    return page


@pytest.mark.parametrize("username", BY_USERNAME)
@pytest.mark.usefixtures("office_folder")
def test_everybody_may_read_all_three_parts(open_page: Opener, username: str) -> None:
    remarked()
    page = open_page("draf", username)
    for name in ("versi", "pembahasan", "koreksi"):
        assert not part(page, name).exception
    assert "Ringkas lagi <b>" in text(page)


def test_before_step_8_nobody_can_make_a_draft(open_page: Opener) -> None:
    page = open_page("draf", "pkp")
    assert "Belum ada draf" in text(page)
    assert not [label for label in labels(page) if label.startswith("Susun draf")]


@pytest.mark.usefixtures("office_folder")
def test_the_kasubag_makes_the_first_version_and_then_the_second(open_page: Opener) -> None:
    at_step_8()
    page = open_page("draf", "pkp")
    next(box for box in page.text_input if box.label.startswith("Catatan versi")).set_value("Untuk dibahas")
    press(page, "Susun draf v0.1")
    assert "v0.1 disusun" in text(page)
    assert "Untuk dibahas" in text(page)
    press(page, "Susun draf v0.2")
    found = drafts(office(), PERIOD)
    assert [d.label for d in found] == ["v0.1", "v0.2"]
    assert all(len(d.fingerprint) == 64 for d in found)


@pytest.mark.usefixtures("office_folder")
@pytest.mark.parametrize("username", ["kasi.pem", "umum", "sekretaris", "camat", "admin", "pimpinan"])
def test_others_see_the_versions_without_the_button(open_page: Opener, username: str) -> None:
    drafted()
    page = open_page("draf", username)
    assert "v0.1 disusun" in text(page)
    assert not [label for label in labels(page) if label.startswith("Susun draf")]


@pytest.mark.usefixtures("office_folder")
def test_a_version_is_downloaded_as_it_was_when_it_was_made(open_page: Opener) -> None:
    drafted()
    page = open_page("draf", "camat")
    press(page, "Siapkan PDF v0.1")
    assert not page.exception
    (button,) = page.get("download_button")
    assert button.proto.label == "Unduh v0.1"


@pytest.mark.usefixtures("office_folder")
def test_a_comment_is_sent_once_and_shown_with_its_name(open_page: Opener) -> None:
    drafted()
    page = part(open_page("draf", "sekretaris"), "pembahasan")
    page.selectbox(key=next(b.key for b in page.selectbox if b.label == "Bagian laporan")).set_value(WHOLE).run()
    next(b for b in page.text_area if b.label == "Catatan").set_value("Tambah grafik anggaran").run()
    press(page, "Kirim catatan")
    assert "Sekretaris Kecamatan" in text(page)
    (found,) = corrections(office(), PERIOD)
    assert (found.text, found.raised_by) == ("Tambah grafik anggaran", "sekretaris")


@pytest.mark.usefixtures("office_folder")
def test_minutes_typed_and_not_saved_are_there_after_a_lost_connection(open_page: Opener) -> None:
    drafted()
    page = part(open_page("draf", "sekretaris"), "pembahasan")
    next(b for b in page.text_area if b.label == "Notulen").set_value("Rapat dibuka").run()
    again = part(open_page("draf", "sekretaris"), "pembahasan")
    field = next(b for b in again.text_area if b.label == "Notulen")
    assert field.value == "Rapat dibuka"
    press(again, "Simpan notulen")
    found = meeting(office(), PERIOD)
    assert found is not None
    assert found.minutes == "Rapat dibuka"


@pytest.mark.usefixtures("office_folder")
def test_a_correction_is_answered_and_counted(open_page: Opener) -> None:
    remarked()
    page = part(open_page("draf", "pkp"), "koreksi")
    next(b for b in page.text_area if b.label.startswith("Jawaban")).set_value("Sudah diringkas")
    press(page, "Selesai diperbaiki")
    (found,) = corrections(office(), PERIOD)
    assert (found.status, found.answer) == (CorrectionStatus.DONE, "Sudah diringkas")


@pytest.mark.usefixtures("office_folder")
def test_what_changed_between_two_versions_is_shown(open_page: Opener) -> None:
    drafted()
    session.runtime().set_clock(session.now() + timedelta(hours=1))
    actions.comment(acting("camat"), PERIOD, WHOLE, "Ringkas")
    actions.keep_minutes(acting("pkp"), PERIOD, {}, {"minutes": "Draf dibahas"})
    actions.make_draft(acting("pkp"), PERIOD, "")
    seen = text(open_page("draf", "pkp"))
    assert "0 angka dan 1 teks berubah" in seen
    assert "Pembahasan draf Notulen Draf dibahas" in seen


def test_a_quarter_that_is_not_open_says_what_to_do(open_page: Opener) -> None:
    assert "belum dibuka" in text(open_page("draf", "pkp", tahun="2031", triwulan="1"))
