"""What leadership sees of a quarter, and the 13 steps: every figure with how much of it is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.process import StepState
from services.domain.sop import STEP_COUNT, Event
from services.store.store import Value
from services.views.board import WORST_COUNT, Board, board_of, shown_periods
from services.views.steps import steps_of
from tests.unit.offices import (
    NOW,
    OPENED,
    PERIOD,
    Placed,
    cycle,
    entry,
    event,
    finished,
    indicator,
    office,
    section,
    target,
)


def rows_of(*values: Value, section_id: str = "a") -> list[Placed]:
    rows: list[Placed] = []
    for n, value in enumerate(values):
        name = f"{section_id}{n}"
        rows += [indicator(name, section_id, order=n), target(name), entry(name, value)]
    return rows


def board(*values: Value, extra: tuple[Placed, ...] = (), now: datetime = NOW) -> Board:
    return board_of(office(section("a"), cycle(), *rows_of(*values), *extra), PERIOD, now)


def test_the_mean_says_how_many_are_measured_and_what_is_still_possible() -> None:
    mean = board(80, 100, None).mean
    assert (mean.value, mean.measured, mean.expected) == (90, 2, 3)
    assert (mean.low, mean.high) == (60, Decimal(280) / 3)


def test_a_quarter_in_which_nothing_is_measured_has_no_mean() -> None:
    found = board(None, None)
    assert (found.mean.value, found.rating, found.change) == (None, None, None)


def test_an_office_without_indicators_has_an_empty_board() -> None:
    found = board_of(office(section("a")), PERIOD, NOW)
    assert (found.measures, found.heat, found.worst, found.missing) == ((), (), (), ())
    assert (found.mean.value, found.mean.expected) == (None, 0)


def test_the_change_is_against_the_quarter_before() -> None:
    before = Period(2026, 2)
    extra = (cycle(before), entry("a0", 70, period=before))
    assert board(80, extra=extra).change == 10


def test_there_is_no_change_without_a_quarter_before() -> None:
    assert board(80).change is None


def test_the_trend_shows_at_most_seven_opened_quarters_ending_with_the_chosen_one() -> None:
    opened = [cycle(p) for p in PERIOD.trailing(9)]
    assert shown_periods(office(*opened), PERIOD) == PERIOD.trailing(7)
    assert shown_periods(office(opened[0]), PERIOD) == (PERIOD,)


def test_the_worst_five_come_lowest_first_and_none_that_attained_its_target() -> None:
    found = board(10, 90, 30, 120, 50, 60, 70, None, 100)
    assert [m.to_date.value for m in found.worst] == [10, 30, 50, 60, 70]
    assert len(found.worst) == WORST_COUNT


def test_attention_goes_to_what_is_missing_or_in_the_lower_three_classes() -> None:
    found = board(95, 80, 70, 55, 20, None)
    needing = [row.indicator.id for group in found.heat for row in group.rows if row.needs_attention]
    assert needing == ["a2", "a3", "a4", "a5"]
    assert found.attention_count == 4


def test_the_shares_count_what_is_due_and_leave_out_annual_indicators() -> None:
    annual = (indicator("t", "a", aggregation="tahunan"), target("t"), entry("t", None))
    found = board(95, 80, None, extra=annual)
    assert [share.count for share in found.shares] == [1, 1, 0, 0, 0, 1]
    assert (found.annual_only, found.mean.expected) == (1, 3)


def test_a_section_that_owes_values_is_named_until_it_has_given_and_sent() -> None:
    (group,) = board(80, None).missing
    assert (len(group.missing), group.due, group.submission, group.late) == (1, 2, None, True)
    sent = event(2, Event.SUBMITTED, NOW, section_id="a")
    assert board(80, 90, extra=(sent,)).missing == ()
    assert len(board(80, 90).missing[0].missing) == 0


def test_before_the_due_date_nobody_is_late() -> None:
    (group,) = board(None, now=OPENED + timedelta(hours=1)).missing
    assert not group.late


def test_a_quarter_that_was_not_opened_misses_nothing() -> None:
    found = board_of(office(section("a"), *rows_of(None)), PERIOD, NOW)
    assert found.missing == ()


def test_sections_without_indicators_show_no_group_in_the_heat_map() -> None:
    found = board(80, extra=(section("b", order=1),))
    assert [group.section.id for group in found.heat] == ["a"]


@given(st.lists(st.none() | st.integers(-500, 500), min_size=1, max_size=12))
def test_the_mean_of_every_section_lies_within_its_range(values: list[int | None]) -> None:
    for figures in board(*values).sections:
        mean = figures.mean
        assert mean.low is not None
        assert mean.high is not None
        if mean.value is not None:
            assert mean.low <= mean.value <= mean.high


# The 13 steps


def test_before_opening_no_step_runs() -> None:
    steps = steps_of(office(), PERIOD, NOW)
    assert (steps.current, steps.done, steps.late, steps.forecast, steps.delay) == (None, 0, 0, None, None)
    assert len(steps.items) == STEP_COUNT


def test_the_step_after_the_last_finished_one_runs() -> None:
    steps = steps_of(office(cycle(), *finished(6)), PERIOD, NOW)
    assert steps.current is not None
    assert (steps.done, steps.current.step.no) == (6, 7)
    assert not steps.finished


def test_a_step_past_its_due_moment_is_late_and_delays_the_forecast() -> None:
    steps = steps_of(office(cycle()), PERIOD, OPENED + timedelta(minutes=75))
    assert steps.current is not None
    assert (steps.current.state, steps.current.overrun, steps.late) == (StepState.LATE, 60, 1)
    assert steps.delay == 60


def test_at_the_opening_the_forecast_is_the_plan() -> None:
    steps = steps_of(office(cycle()), PERIOD, OPENED)
    assert steps.forecast == steps.planned_end
    assert steps.delay == 0


def test_a_finished_quarter_ends_when_its_last_step_ended() -> None:
    steps = steps_of(office(cycle(), *finished(STEP_COUNT)), PERIOD, NOW + timedelta(days=60))
    assert steps.finished
    assert steps.current is None
    assert steps.forecast == OPENED + timedelta(days=STEP_COUNT)


def test_a_returned_draft_runs_the_correction_again() -> None:
    sent_back = event(11, Event.RETURNED, datetime(2026, 10, 20, 9, 0, tzinfo=WIB))
    steps = steps_of(office(cycle(), *finished(10), sent_back), PERIOD, NOW)
    assert steps.current is not None
    assert (steps.current.step.no, steps.current.rounds, steps.done) == (10, 1, 9)
