"""Verifikasi: what each role sees of step 11 and may do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from services.actions import verification as actions
from services.actions.base import Context
from services.domain.indicators import Period
from services.domain.roles import Actor
from services.domain.sop import CORRECTING, ISSUING
from services.sample.people import BY_USERNAME
from services.ui import session
from services.views.drafts import corrections
from services.views.office import Office
from services.views.steps import steps_of
from services.views.verification import AGREE, RETURN, VerdictState, unverified, verdicts
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


def at_step_11() -> None:
    ended = finish_up_to(session.runtime().store, 10)
    session.runtime().set_clock(ended + timedelta(hours=1))
    session.runtime().shared.invalidate()


def verified() -> None:
    at_step_11()
    context = acting("sekretaris")
    actions.judge(context, PERIOD, unverified(context.office, PERIOD), AGREE)
    actions.hand_on(acting("sekretaris"), PERIOD)


def step() -> int | None:
    current = steps_of(office(), PERIOD, session.now()).current
    return current.step.no if current else None


def agreed() -> int:
    return sum(v.state is VerdictState.AGREED for v in verdicts(office(), PERIOD))


def tick(page: AppTest, *indicator_ids: str) -> None:
    for box in page.checkbox:
        if any(f"mv-pilih-{i}-" in str(box.key) for i in indicator_ids):
            box.check()


@pytest.mark.parametrize("username", BY_USERNAME)
@pytest.mark.usefixtures("office_folder")
def test_everybody_sees_the_figures_and_only_the_sekretaris_may_choose_some(open_page: Opener, username: str) -> None:
    at_step_11()
    page = open_page("verifikasi", username)
    assert not page.exception
    assert "0 dari 46 angka" in text(page)
    assert labels(page).count("Asal angka") == 46
    assert bool(page.checkbox) is (username == "sekretaris")
    assert ("Setujui yang dipilih" in labels(page)) is (username == "sekretaris")


def test_before_step_11_the_page_says_where_the_quarter_stands(open_page: Opener) -> None:
    page = open_page("verifikasi", "sekretaris")
    assert "sekarang langkah 7 dari 13" in text(page)
    assert not page.checkbox


@pytest.mark.usefixtures("office_folder")
def test_all_unchanged_figures_are_agreed_to_by_one_press(open_page: Opener) -> None:
    at_step_11()
    page = open_page("verifikasi", "sekretaris")
    (label,) = (each for each in labels(page) if each.startswith("Setujui semua yang tidak berubah"))
    press(page, label)
    assert not page.exception
    assert label.endswith(f"({agreed()})")
    assert agreed() > 40


@pytest.mark.usefixtures("office_folder")
def test_chosen_figures_are_agreed_to_and_others_are_not(open_page: Opener) -> None:
    at_step_11()
    page = open_page("verifikasi", "sekretaris")
    tick(page, "ind-pem-01", "ind-pem-02")
    press(page, "Setujui yang dipilih")
    assert agreed() == 2


@pytest.mark.usefixtures("office_folder")
def test_nothing_chosen_is_nothing_decided(open_page: Opener) -> None:
    at_step_11()
    page = press(open_page("verifikasi", "sekretaris"), "Setujui yang dipilih")
    assert "Pilih dahulu angka" in page.error[0].value
    assert agreed() == 0


@pytest.mark.usefixtures("office_folder")
def test_a_returned_figure_sends_the_draft_back_with_its_correction(open_page: Opener) -> None:
    at_step_11()
    page = open_page("verifikasi", "sekretaris")
    tick(page, "ind-pem-01")
    page.text_area(key="mv-verif-kembali-alasan").set_value("Tidak cocok dengan bukti")
    press(page, "Kembalikan angka")
    assert not page.exception
    assert "Tidak cocok dengan bukti" in text(page)
    next(a for a in page.text_area if a.label == "Alasan" and "kembali-0" in str(a.key)).set_value("Perbaiki")
    press(page, "Kembalikan draf")
    assert step() == CORRECTING
    assert {c.indicator_id for c in corrections(office(), PERIOD)} == {"", "ind-pem-01"}


@pytest.mark.usefixtures("office_folder")
def test_the_origin_of_a_figure_opens_beside_it(open_page: Opener) -> None:
    at_step_11()
    page = open_page("verifikasi", "camat")
    page.button(key="mv-asal-ind-pem-01").click().run()
    assert "Cara menghitung" in text(page)


@pytest.mark.usefixtures("office_folder")
def test_the_camat_sees_what_was_decided_and_approves(open_page: Opener) -> None:
    verified()
    page = open_page("verifikasi", "camat")
    seen = text(page)
    assert "menunggu keputusan Camat" in seen
    assert "46 dari 46 angka" in seen
    assert "46 angka disetujui" in seen
    press(page, "Setujui draf")
    assert not page.exception
    assert step() == ISSUING


@pytest.mark.usefixtures("office_folder")
def test_the_camat_returns_with_a_reason_only(open_page: Opener) -> None:
    verified()
    page = open_page("verifikasi", "camat")
    press(page, "Kembalikan draf")
    assert "Tulis alasannya" in page.error[0].value
    next(a for a in page.text_area if a.label == "Alasan").set_value("Jelaskan serapan")
    press(page, "Kembalikan draf")
    assert step() == CORRECTING


@pytest.mark.usefixtures("office_folder")
def test_while_figures_are_open_the_button_to_the_camat_says_what_is_missing(open_page: Opener) -> None:
    at_step_11()
    context = acting("sekretaris")
    first, *rest = verdicts(context.office, PERIOD)
    actions.judge(context, PERIOD, rest, AGREE)
    actions.judge(acting("sekretaris"), PERIOD, [first], RETURN, "Tidak cocok")
    page = open_page("verifikasi", "sekretaris")
    button = next(b for b in page.button if b.label == "Teruskan ke Camat")
    assert button.disabled
    assert any(first.measure.indicator.name in m.value for m in page.markdown)


def test_a_quarter_that_is_not_open_says_what_to_do(open_page: Opener) -> None:
    assert "belum dibuka" in text(open_page("verifikasi", "camat", tahun="2031", triwulan="1"))
