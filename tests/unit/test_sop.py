"""The 13 steps as data, and their state replayed from the log of events."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.domain.clock import WIB, TimeUnit
from services.domain.process import Progress, StepState, progress, running
from services.domain.roles import Role
from services.domain.sop import SHORT_NAMES, SOP_2024, STEP_COUNT, VERIFYING, Event, StepEvent
from services.sample.reference import calendar

CALENDAR = calendar()
OPENED = datetime(2026, 7, 1, 8, tzinfo=WIB)
MUCH_LATER = datetime(2026, 12, 1, 8, tzinfo=WIB)


def at(day: int, hour: int = 8, minute: int = 0, month: int = 7) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


def done(step: int, when: datetime) -> StepEvent:
    return StepEvent(step, Event.FINISHED, when, "pkp")


def verified(when: datetime) -> StepEvent:
    return StepEvent(VERIFYING, Event.VERIFIED, when, "sekretaris")


def board(*events: StepEvent, now: datetime = MUCH_LATER, opened: datetime | None = OPENED) -> tuple[Progress, ...]:
    return progress(SOP_2024, opened, events, CALENDAR, now)


def up_to(step: int) -> list[StepEvent]:
    """Steps 1 to ``step``, each finished at noon of its own day, from 1 July on."""
    days = [1, 2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17]
    finished = [done(no, at(days[no - 1], 12)) for no in range(1, step + 1)]
    return [*finished, verified(at(days[VERIFYING - 1], 11))] if step >= VERIFYING else finished


def test_there_are_13_steps_numbered_in_order() -> None:
    assert [step.no for step in SOP_2024] == list(range(1, 14))
    assert STEP_COUNT == len(SHORT_NAMES) == 13


def test_the_whole_cycle_takes_31_working_days_and_three_and_a_half_hours() -> None:
    total = sum(CALENDAR.minutes(step.duration) for step in SOP_2024)
    assert total == 31 * CALENDAR.minutes_per_day + 210


@pytest.mark.parametrize(
    ("no", "time"),
    [
        (1, "15 menit"),
        (2, "2 hari"),
        (3, "7 hari"),
        (4, "2 hari"),
        (5, "7 hari"),
        (6, "3 jam"),
        (7, "1 hari"),
        (8, "2 hari"),
        (9, "1 minggu"),
        (10, "3 hari"),
        (11, "1 hari"),
        (12, "1 hari"),
        (13, "15 menit"),
    ],
)
def test_each_step_has_the_time_that_the_sop_gives_it(no: int, time: str) -> None:
    assert str(SOP_2024[no - 1].duration) == time


def test_no_executor_is_passed_off_as_confirmed() -> None:
    assert not any(step.confirmed for step in SOP_2024)
    assert all(step.executor for step in SOP_2024)


def test_the_secretary_leads_the_discussion_and_verifies() -> None:
    assert [step.no for step in SOP_2024 if step.executor[0] is Role.SEKRETARIS] == [5, 9, 11]


def test_minutes_hours_days_and_weeks_all_occur() -> None:
    assert {step.duration.unit for step in SOP_2024} == set(TimeUnit)


def test_before_opening_every_step_is_pending() -> None:
    items = board(opened=None)
    assert {p.state for p in items} == {StepState.PENDING}
    assert running(items) is None


def test_opening_starts_the_first_step_with_its_due_moment() -> None:
    items = board(now=at(1, 8, 5))
    assert running(items) is items[0]
    assert items[0].state is StepState.RUNNING
    assert items[0].due_at == at(1, 8, 15)


def test_a_finished_step_starts_the_next_one_at_the_same_moment() -> None:
    items = board(done(1, at(1, 8, 10)), now=at(1, 9))
    assert items[0].state is StepState.DONE
    assert items[1].started_at == at(1, 8, 10)
    assert items[1].due_at == at(3, 8, 10)


def test_a_running_step_past_its_due_moment_is_late_by_its_working_minutes() -> None:
    items = board(done(1, at(1, 8, 10)), now=at(3, 10, 10))
    assert items[1].state is StepState.LATE
    assert items[1].overrun == 120
    assert running(items) is items[1]


def test_a_step_is_not_late_at_the_very_due_moment() -> None:
    items = board(done(1, at(1, 8, 10)), now=at(3, 8, 10))
    assert items[1].state is StepState.RUNNING
    assert items[1].overrun == 0


def test_a_step_finished_late_is_done_and_keeps_its_overrun() -> None:
    items = board(done(1, at(1, 8, 10)), done(2, at(6, 8, 10)))
    assert items[1].state is StepState.DONE
    assert items[1].overrun == CALENDAR.minutes_per_day


def test_a_weekend_makes_nobody_late() -> None:
    items = board(done(1, at(1, 16)), now=at(5, 12))
    assert items[1].due_at == at(3, 16)
    assert items[1].state is StepState.RUNNING


def test_a_submission_of_a_section_finishes_no_step() -> None:
    sent = StepEvent(2, Event.SUBMITTED, at(2, 10), "kasi.pem", "pem")
    assert running(board(done(1, at(1, 8, 10)), sent, now=at(2, 11))) == running(
        board(done(1, at(1, 8, 10)), now=at(2, 11))
    )


def test_step_11_sends_the_draft_back_to_step_10() -> None:
    returned = StepEvent(11, Event.RETURNED, at(15, 14), "sekretaris", note="angka serapan berbeda")
    items = board(*up_to(10), returned, now=at(15, 15))
    assert items[9].state is StepState.RUNNING
    assert items[9].rounds == 1
    assert items[9].started_at == at(15, 14)
    assert items[9].due_at == at(20, 14)
    assert items[9].done_at is None
    assert items[10].state is StepState.PENDING
    assert items[10].due_at is None


def test_a_draft_may_be_sent_back_as_often_as_needed() -> None:
    events = up_to(10)
    for day in (15, 16, 17):
        events += [StepEvent(11, Event.RETURNED, at(day, 14), "sekretaris"), done(10, at(day, 15))]
    items = board(*events, verified(at(20, 8, 30)), done(11, at(20, 9)), now=at(20, 10))
    assert items[9].rounds == 3
    assert items[10].state is StepState.DONE
    assert running(items) is items[11]


def test_after_step_13_nothing_runs() -> None:
    items = board(*up_to(13))
    assert {p.state for p in items} == {StepState.DONE}
    assert running(items) is None


def test_the_log_may_be_read_in_any_order() -> None:
    assert board(*reversed(up_to(7))) == board(*up_to(7))
