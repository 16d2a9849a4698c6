"""Mesin waktu: what is shown of a past moment is that moment's, and nobody can take it for today's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.domain.indicators import Period
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.store import Transaction, Update
from services.ui import session
from services.ui.past_page import moments
from services.views.office import Office
from tests.pages.conftest import Opener
from tests.pages.looking import text

PERIOD = Period(2026, 3)


def office() -> Office:
    return Office(session.runtime().store.read())


@pytest.mark.parametrize("username", BY_USERNAME)
def test_everybody_may_look_back(open_page: Opener, username: str) -> None:
    page = open_page("mesinwaktu", username)
    assert not page.exception
    assert "Bukan keadaan sekarang" in text(page)


def test_the_moment_is_named_and_the_figures_stand_beside_those_of_now(open_page: Opener) -> None:
    page = open_page("mesinwaktu", "camat")
    page.date_input[0].set_value(date(2026, 10, 12)).run()
    seen = text(page)
    assert "Keadaan 12 Oktober 2026 16.00" in seen
    assert "Angka pokok Saat itu Sekarang Beda Rata-rata capaian" in seen
    assert "tidak tercatat di riwayat" in seen


def test_a_moment_before_the_opening_says_that_the_quarter_was_not_open(open_page: Opener) -> None:
    page = open_page("mesinwaktu", "camat")
    opened = office().cycles[PERIOD].opened_at.date()
    page.date_input[0].set_value(opened - timedelta(days=3)).run()
    assert "belum dibuka" in text(page)


def test_a_figure_changed_since_shows_its_old_value(open_page: Opener) -> None:
    opened = session.runtime()
    before = office()
    rows = [r for r in before.snapshot.rows(schema.ENTRY) if (r["year"], r["quarter"]) == (2026, 3)]
    gone = tuple(Update(schema.ENTRY, str(r["id"]), {}, {"actual": Decimal(0)}) for r in rows)
    page = open_page("mesinwaktu", "camat")
    page.date_input[0].set_value(date(2026, 11, 2)).run()
    seen = text(page)
    mean = seen.split("Rata-rata capaian ")[1].split()[0]
    opened.store.commit(Transaction(opened.now(), "pkp", "pkp", "uji", "Uji", gone))
    opened.shared.invalidate()
    after = text(page.run())
    assert after.split("Rata-rata capaian ")[1].split()[0] == mean


def test_the_moments_to_go_back_to_are_the_opening_and_the_end_of_each_step(open_page: Opener) -> None:
    page = open_page("mesinwaktu", "pkp")
    known = moments(office(), PERIOD)
    assert list(known)[-1].endswith("Triwulan dibuka")
    assert any(label.endswith("Langkah 3 selesai") for label in known)
    last = next(iter(known))
    page.selectbox(key=f"mv-saat-{PERIOD.key}").set_value(last).run()
    assert f"Keadaan {last.split(': ')[0]}" in text(page)


def test_a_quarter_that_was_never_opened_has_no_past(open_page: Opener) -> None:
    assert "belum dibuka" in text(open_page("mesinwaktu", "pkp", tahun="2031", triwulan="1"))
