"""Working time: office hours, weekends, and the official days off of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.clock import WIB, Calendar, Duration, TimeUnit, say_minutes
from services.sample.reference import calendar

OFFICE = calendar()
PLAIN = Calendar()


def wib(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WIB)


MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minute: wib(2025, 1, 1, 0) + timedelta(minutes=minute))
MINUTES = st.integers(0, 60 * 480)


@settings(max_examples=10_000, deadline=None)
@given(MOMENTS, MINUTES)
def test_the_time_between_a_start_and_its_end_is_what_was_added(start: datetime, minutes: int) -> None:
    assert OFFICE.between(start, OFFICE.add(start, minutes)) == minutes


@settings(max_examples=10_000, deadline=None)
@given(MOMENTS, MINUTES)
def test_a_duration_never_ends_outside_working_time(start: datetime, minutes: int) -> None:
    end = OFFICE.add(start, minutes)
    assert OFFICE.is_working_day(end.date())
    assert OFFICE.opens <= end.time() <= OFFICE.closes


@settings(max_examples=2_000, deadline=None)
@given(MOMENTS, MINUTES, MINUTES)
def test_adding_in_two_parts_takes_as_much_working_time_as_adding_at_once(at: datetime, a: int, b: int) -> None:
    assert OFFICE.between(at, OFFICE.add(OFFICE.add(at, a), b)) == a + b


@settings(max_examples=2_000, deadline=None)
@given(MOMENTS, MOMENTS)
def test_the_time_back_is_the_negative_of_the_time_forth(a: datetime, b: datetime) -> None:
    assert OFFICE.between(a, b) == -OFFICE.between(b, a)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), 55),
        (date(2026, 4, 1), date(2026, 6, 30), 57),
        (date(2026, 7, 1), date(2026, 9, 30), 64),
        (date(2026, 10, 1), date(2026, 12, 31), 64),
    ],
)
def test_each_quarter_of_2026_has_its_official_number_of_working_days(first: date, last: date, days: int) -> None:
    assert OFFICE.working_days(first, last) == days


def test_31_working_days_from_the_morning_of_1_april_end_with_19_may() -> None:
    assert OFFICE.add(wib(2026, 4, 1), 31 * OFFICE.minutes_per_day) == wib(2026, 5, 19, 16)


def test_the_three_and_a_half_hours_of_the_cycle_bring_it_to_20_may_at_half_past_eleven() -> None:
    assert OFFICE.add(wib(2026, 4, 1), 31 * OFFICE.minutes_per_day + 210) == wib(2026, 5, 20, 11, 30)


def test_29_february_is_a_working_day_in_a_leap_year() -> None:
    assert PLAIN.add(wib(2028, 2, 28, 15), 120) == wib(2028, 2, 29, 9)


def test_there_is_no_29_february_in_2026() -> None:
    assert OFFICE.add(wib(2026, 2, 27, 15), 120) == wib(2026, 3, 2, 9)


def test_a_moment_in_another_zone_counts_in_wib() -> None:
    one_in_the_night_utc = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    assert OFFICE.add(one_in_the_night_utc, 30) == wib(2026, 7, 1, 8, 30)
    assert OFFICE.between(one_in_the_night_utc, wib(2026, 7, 1, 9)) == 60


def test_what_starts_on_a_weekend_counts_from_monday_morning() -> None:
    assert OFFICE.add(wib(2026, 7, 4, 12), 60) == wib(2026, 7, 6, 9)


def test_what_ends_at_closing_ends_that_day_and_not_the_next_morning() -> None:
    assert OFFICE.add(wib(2026, 7, 1), OFFICE.minutes_per_day) == wib(2026, 7, 1, 16)


def test_cuti_bersama_is_no_working_day() -> None:
    assert not OFFICE.is_working_day(date(2026, 3, 18))


def test_a_year_without_data_is_not_known_and_only_its_weekends_are_free() -> None:
    assert 2027 not in OFFICE.known_years
    assert OFFICE.is_working_day(date(2027, 1, 1))
    assert not OFFICE.is_working_day(date(2027, 1, 2))


def test_the_years_with_data_are_known() -> None:
    assert OFFICE.known_years == {2025, 2026}


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        (Duration(15, TimeUnit.MINUTE), 15),
        (Duration(3, TimeUnit.HOUR), 180),
        (Duration(2, TimeUnit.DAY), 960),
        (Duration(1, TimeUnit.WEEK), 2400),
    ],
)
def test_hari_means_working_days_and_minggu_five_of_them(duration: Duration, minutes: int) -> None:
    assert OFFICE.minutes(duration) == minutes


def test_other_office_hours_make_another_day() -> None:
    early = Calendar(opens=time(7, 30), closes=time(14))
    assert early.minutes_per_day == 390
    assert early.add(wib(2026, 7, 1, 13, 30), 60) == wib(2026, 7, 2, 8)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 menit"), (15, "15 menit"), (220, "3 jam 40 menit"), (960, "2 hari"), (-1805, "3 hari 6 jam")],
)
def test_working_time_is_said_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert say_minutes(minutes, PLAIN) == words


def test_a_span_without_working_time_is_zero() -> None:
    assert OFFICE.between(wib(2026, 7, 3, 16), wib(2026, 7, 6, 8)) == 0
    assert OFFICE.between(wib(2026, 7, 4), wib(2026, 7, 4) + timedelta(hours=5)) == 0
