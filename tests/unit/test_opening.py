"""What is checked before a quarter is opened, and what opening it would make."""

from __future__ import annotations

from datetime import date, datetime

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.sop import STEP_COUNT
from services.store import schema
from services.views.opening import Check, Subject, opening
from tests.unit.offices import PERIOD, Placed, indicator, office, section, target

AFTER_QUARTER = datetime(2026, 10, 1, 8, 0, tzinfo=WIB)
HOLIDAY: Placed = (
    schema.HOLIDAY,
    {"id": "h", "day": date(2026, 8, 17), "kind": "libur nasional", "name": "Kemerdekaan", "basis": "SKB"},
)


def check(subject: Subject, *placed: Placed, period: Period = PERIOD, now: datetime = AFTER_QUARTER) -> Check:
    plan = opening(office(*placed), period, now)
    return next(c for c in plan.checks if c.subject is subject)


def doubts(subject: Subject, *placed: Placed, period: Period = PERIOD, now: datetime = AFTER_QUARTER) -> list[str]:
    return [d.text for d in check(subject, *placed, period=period, now=now).doubts]


def test_opening_is_announced_with_the_rows_of_every_section_and_all_dates() -> None:
    placed = (section("pem"), section("umum", order=1), indicator("a", "pem"), indicator("b", "umum"), target("a"))
    plan = opening(office(*placed), PERIOD, AFTER_QUARTER)
    assert plan.indicators == 2
    assert [(row.section.id, row.count) for row in plan.rows] == [("pem", 1), ("umum", 1)]
    assert len(plan.plan) == STEP_COUNT
    assert (plan.due_on, plan.locks_on) == (date(2026, 10, 5), date(2026, 10, 14))


def test_an_inactive_indicator_gets_no_row() -> None:
    assert opening(office(section("pem"), indicator("a", "pem", active=False)), PERIOD, AFTER_QUARTER).rows == ()


def test_a_section_without_indicators_gets_no_row() -> None:
    assert opening(office(section("pem")), PERIOD, AFTER_QUARTER).rows == ()


def test_what_is_measured_once_a_year_is_counted_apart_until_the_last_quarter() -> None:
    placed = (section("pem"), indicator("a", "pem", aggregation="tahunan"))
    annual = [opening(office(*placed), Period(2026, q), AFTER_QUARTER).rows[0].annual for q in (3, 4)]
    assert annual == [1, 0]


def test_indicators_without_direction_unit_or_target_are_named() -> None:
    bare = (section("pem"), indicator("a", "pem", polarity="", unit=" "))
    assert doubts(Subject.POLARITY, *bare) == ["Jumlah a"]
    assert doubts(Subject.UNIT, *bare) == ["Jumlah a"]
    assert doubts(Subject.TARGET, *bare) == ["Jumlah a"]


def test_a_complete_indicator_raises_no_doubt() -> None:
    full = (section("pem"), indicator("a", "pem"), target("a"))
    for subject in (Subject.POLARITY, Subject.UNIT, Subject.TARGET, Subject.READABLE, Subject.CODES, Subject.CHOICES):
        assert doubts(subject, *full) == []


def test_a_target_that_cannot_be_read_is_shown_as_it_was_typed() -> None:
    (said,) = doubts(Subject.READABLE, section("pem"), indicator("a", "pem"), target("a", ("1.250", 5, 5, 5)))
    assert said.startswith("Jumlah a: tertulis 1.250")


def test_two_indicators_of_one_name_are_to_be_looked_at() -> None:
    twins = (section("pem"), indicator("a", "pem", name="Jumlah rapat"), indicator("b", "pem", name="Jumlah  rapat"))
    assert len(doubts(Subject.CODES, *twins)) == 2


def test_a_code_that_several_indicators_share_is_only_to_be_known() -> None:
    shared = (section("pem"), indicator("a", "pem", code="7.01.02"), indicator("b", "pem", code="7.01.02"))
    found = check(Subject.SHARED_CODES, *shared)
    assert [d.text for d in found.doubts] == ["7.01.02, 2 indikator"]
    assert not found.is_wrong


def test_a_year_without_holidays_is_said() -> None:
    assert doubts(Subject.HOLIDAYS) == ["Tahun 2026"]
    assert doubts(Subject.HOLIDAYS, HOLIDAY) == []
    assert doubts(Subject.HOLIDAYS, HOLIDAY, now=datetime(2026, 12, 28, 8, 0, tzinfo=WIB)) == ["Tahun 2027"]


def test_executors_that_nobody_confirmed_are_named_by_step() -> None:
    assert doubts(Subject.EXECUTORS) == ["13 langkah: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"]


def test_a_quarter_that_is_not_over_yet_is_said_to_be_so() -> None:
    last = Period(2026, 4)
    assert doubts(Subject.QUARTER_ENDED, period=last) == ["Triwulan ini baru berakhir 31 Desember 2026"]
    assert doubts(Subject.QUARTER_ENDED, period=last, now=datetime(2027, 1, 1, 0, 0, tzinfo=WIB)) == []
