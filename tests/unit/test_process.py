"""The table of transitions: what each event does, who may make it, and that no log leads anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.clock import WIB, Calendar
from services.domain.process import (
    TRANSITIONS,
    Condition,
    Phase,
    Phases,
    Progress,
    StepState,
    may_move,
    missing,
    moved,
    plan,
    progress,
    running,
    transition,
)
from services.domain.roles import RIGHTS, Actor, CycleState, Role, allows
from services.domain.sop import (
    ARCHIVING,
    CORRECTING,
    ISSUING,
    SOP_2024,
    STEP_COUNT,
    VERIFYING,
    Event,
    StepEvent,
)
from services.sample.reference import calendar

OFFICE = calendar()
STEPS = range(1, STEP_COUNT + 1)
BEFORE_OPENING: Phases = (Phase.PENDING,) * STEP_COUNT
OPENED: Phases = (Phase.RUNNING, *BEFORE_OPENING[1:])


def wib(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WIB)


def standing_at(phases: Phases) -> int | None:
    """The step at which the quarter stands; None before opening and after the last step."""
    at_work = (Phase.RUNNING, Phase.PAUSED, Phase.VERIFIED)
    return next((no for no, phase in enumerate(phases, start=1) if phase in at_work), None)


def standing(step: int, phase: Phase = Phase.RUNNING) -> Phases:
    """A quarter that stands at this step, all steps before it done."""
    return (Phase.DONE,) * (step - 1) + (phase,) + (Phase.PENDING,) * (STEP_COUNT - step)


# --- every transition --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [n for n in STEPS if n not in (VERIFYING, ARCHIVING)])
def test_finishing_a_step_starts_the_next_one(step: int) -> None:
    assert moved(standing(step), step, Event.FINISHED) == standing(step + 1)


def test_step_11_is_verified_before_it_can_be_finished() -> None:
    assert moved(standing(VERIFYING), VERIFYING, Event.FINISHED) == standing(VERIFYING)
    verified = moved(standing(VERIFYING), VERIFYING, Event.VERIFIED)
    assert verified == standing(VERIFYING, Phase.VERIFIED)
    assert moved(verified, VERIFYING, Event.FINISHED) == standing(ISSUING)


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.VERIFIED])
def test_step_11_returns_the_draft_to_step_10_verified_or_not(phase: Phase) -> None:
    assert moved(standing(VERIFYING, phase), VERIFYING, Event.RETURNED) == standing(CORRECTING)


def test_after_the_archive_every_step_is_done() -> None:
    assert moved(standing(ARCHIVING), ARCHIVING, Event.FINISHED) == (Phase.DONE,) * STEP_COUNT


@pytest.mark.parametrize("step", STEPS)
def test_every_running_step_can_be_paused_and_run_on(step: int) -> None:
    paused = moved(standing(step), step, Event.PAUSED)
    assert paused == standing(step, Phase.PAUSED)
    assert moved(paused, step, Event.RESUMED) == standing(step)
    assert moved(paused, step, Event.FINISHED) == paused


@pytest.mark.parametrize(("step", "event", "phase"), list(product(STEPS, Event, Phase)))
def test_what_the_table_does_not_know_changes_nothing(step: int, event: Event, phase: Phase) -> None:
    before = standing(step, phase)
    if transition(step, event, phase) is None:
        assert moved(before, step, event) == before
    else:
        assert moved(before, step, event) != before


@pytest.mark.parametrize("event", Event)
def test_no_event_moves_a_quarter_that_was_not_opened_or_a_step_that_does_not_exist(event: Event) -> None:
    assert all(moved(BEFORE_OPENING, step, event) == BEFORE_OPENING for step in STEPS)
    assert moved(OPENED, 0, event) == moved(OPENED, STEP_COUNT + 1, event) == OPENED


def test_each_step_event_and_phase_stands_in_the_table_once() -> None:
    keys = [(step, t.event, t.before) for t in TRANSITIONS for step in t.steps]
    assert len(keys) == len(set(keys))


def test_only_step_11_is_verified_and_returned() -> None:
    special = (Event.VERIFIED, Event.RETURNED)
    assert {step for t in TRANSITIONS if t.event in special for step in t.steps} == {VERIFYING}


def test_every_right_of_the_table_is_in_the_table_of_rights() -> None:
    assert {t.action for t in TRANSITIONS} <= set(RIGHTS)


def test_every_condition_is_asked_for_somewhere() -> None:
    assert {need for t in TRANSITIONS for need in t.needs} == set(Condition)


@pytest.mark.parametrize("step", STEPS)
def test_somebody_may_make_every_move(step: int) -> None:
    for t in (t for t in TRANSITIONS if step in t.steps):
        states, roles = RIGHTS[t.action]
        assert CycleState.LOCKED in states
        assert any(may_move(t, role, SOP_2024[step - 1].executor) for role in roles), (step, t.event)


# --- what must be true -------------------------------------------------------------------------------------------


def test_step_3_waits_for_the_sections_unless_a_reason_is_recorded() -> None:
    move = transition(3, Event.FINISHED, Phase.RUNNING)
    assert move is not None
    unmet = {Condition.SECTIONS_GIVEN}
    assert missing(move, unmet, "  ") == (Condition.SECTIONS_GIVEN,)
    assert missing(move, unmet, "Nagari terendam banjir") == ()


@pytest.mark.parametrize(
    ("step", "phase", "event", "condition"),
    [
        (8, Phase.RUNNING, Event.FINISHED, Condition.DRAFT_MADE),
        (9, Phase.RUNNING, Event.FINISHED, Condition.MINUTES_KEPT),
        (10, Phase.RUNNING, Event.FINISHED, Condition.CORRECTIONS_ANSWERED),
        (10, Phase.RUNNING, Event.FINISHED, Condition.DRAFT_RENEWED),
        (11, Phase.RUNNING, Event.VERIFIED, Condition.FIGURES_VERIFIED),
        (11, Phase.VERIFIED, Event.FINISHED, Condition.FIGURES_UNCHANGED),
        (12, Phase.RUNNING, Event.FINISHED, Condition.FIGURES_UNCHANGED),
        (13, Phase.RUNNING, Event.FINISHED, Condition.DOCUMENT_ISSUED),
    ],
)
def test_no_reason_waives_what_the_report_stands_on(
    step: int, phase: Phase, event: Event, condition: Condition
) -> None:
    move = transition(step, event, phase)
    assert move is not None
    assert missing(move, set(Condition), "Ada alasannya") == tuple(n for n in move.needs if not n.waivable)
    assert condition in missing(move, {condition}, "Ada alasannya")


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.VERIFIED])
def test_a_return_needs_its_reason(phase: Phase) -> None:
    move = transition(VERIFYING, Event.RETURNED, phase)
    assert move is not None
    assert missing(move, (), "") == (Condition.REASON,)
    assert missing(move, (), "Serapan berbeda") == ()


# --- any order of commands, by anybody ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """What somebody tries at the step so far from the one at work, with a reason or not, while something is not met."""

    role: Role
    event: Event
    ahead: int
    reason: str
    unmet: Condition | None


ANYTHING = [Command(*each) for each in product(Role, Event, (0, 0, 0, -1, 1, 5), ("", "Banjir"), (None, *Condition))]
STANDINGS = [
    *(standing(step, phase) for step in STEPS for phase in (Phase.RUNNING, Phase.PAUSED)),
    standing(VERIFYING, Phase.VERIFIED),
]
"""Every state of a quarter that is on its way."""
FINISHED = (Phase.DONE,) * STEP_COUNT
EXAMPLES, COMMANDS = 400, 250


def executors(step: int) -> tuple[Role, ...]:
    return SOP_2024[step - 1].executor


def carried_out(phases: Phases, command: Command) -> Phases:
    """What the process makes of a command: the rights, the executors and the conditions decide."""
    step = (standing_at(phases) or STEP_COUNT) + command.ahead
    move = transition(step, command.event, phases[step - 1]) if 1 <= step <= STEP_COUNT else None
    state = CycleState.LOCKED if standing_at(phases) else CycleState.ARCHIVED
    someone = Actor(command.role.value, command.role.label, command.role)
    if move is None or not allows(someone, move.action, state) or not may_move(move, command.role, executors(step)):
        return phases
    unmet = {command.unmet} if command.unmet else set()
    return phases if missing(move, unmet, command.reason) else moved(phases, step, command.event)


def assert_lawful(before: Phases, after: Phases, command: Command) -> None:
    """The holder moved the step at work, by one step at most, and back only from 11 to 10 with a reason."""
    was, now = standing_at(before), standing_at(after) or STEP_COUNT + 1
    assert was is not None
    assert command.ahead == 0
    assert command.role not in (Role.ADMIN, Role.KASI, Role.PIMPINAN)
    if now < was:
        assert (was, now, command.event, command.reason) == (VERIFYING, CORRECTING, Event.RETURNED, "Banjir")
    elif now > was:
        assert now == was + 1
        assert command.role in (executors(was) if was != VERIFYING else (Role.CAMAT,))
        assert before[was - 1] is (Phase.RUNNING if was != VERIFYING else Phase.VERIFIED)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(STANDINGS), st.lists(st.sampled_from(ANYTHING), min_size=COMMANDS, max_size=COMMANDS))
def test_100_000_random_commands_reach_no_undefined_state_and_skip_no_step(
    phases: Phases, commands: list[Command]
) -> None:
    for command in commands:
        before, phases = phases, carried_out(phases, command)
        assert phases in STANDINGS or phases == FINISHED
        if phases != before:
            assert_lawful(before, phases, command)


def test_from_the_opening_exactly_the_known_states_can_be_reached() -> None:
    reached, found = {OPENED}, [OPENED]
    while found:
        phases = found.pop()
        after = {carried_out(phases, command) for command in ANYTHING} - reached
        reached |= after
        found += after
    assert reached == {*STANDINGS, FINISHED}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 15), st.sampled_from(Event), st.integers(0, 90_000)), max_size=40))
def test_a_log_that_was_tampered_with_still_leads_to_a_known_state(lines: list[tuple[int, Event, int]]) -> None:
    opened = wib(2026, 4, 1)
    log = [StepEvent(step, event, opened + timedelta(minutes=later), "x") for step, event, later in lines]
    found = progress(SOP_2024, opened, log, OFFICE, wib(2026, 8, 1))
    assert tuple(p.phase for p in found) in (*STANDINGS, FINISHED)
    for item in found:
        assert item.due_at is None or OFFICE.between(item.due_at, OFFICE.add(item.due_at, 0)) == 0
        assert item.overrun >= 0


# --- the clock of a step -----------------------------------------------------------------------------------------


def run(*events: StepEvent, opened: datetime, now: datetime, office: Calendar = OFFICE) -> tuple[Progress, ...]:
    return progress(SOP_2024, opened, events, office, now)


def of(step: int, event: Event, at: datetime, note: str = "") -> StepEvent:
    return StepEvent(step, event, at, "pkp", note=note)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.integers(0, 5_000), min_size=2, max_size=12))
def test_every_pause_moves_the_due_moment_by_its_working_minutes(gaps: list[int]) -> None:
    opened = wib(2026, 4, 1)
    moments = [opened]
    for gap in gaps[: len(gaps) // 2 * 2]:
        moments.append(moments[-1] + timedelta(minutes=gap))
    pauses = list(zip(moments[1::2], moments[2::2], strict=True))
    events = [e for a, b in pauses for e in (of(1, Event.PAUSED, a, "x"), of(1, Event.RESUMED, b))]
    item = run(*events, opened=opened, now=moments[-1])[0]
    away = sum(OFFICE.between(a, b) for a, b in pauses)
    due = OFFICE.due(opened, SOP_2024[0].duration)
    assert item.paused == away
    assert item.due_at is not None
    assert OFFICE.between(due, item.due_at) == away
    assert OFFICE.opens <= item.due_at.time() <= OFFICE.closes


def test_a_paused_step_is_not_late_however_long_the_pause_lasts() -> None:
    opened = wib(2026, 4, 1)
    paused = of(1, Event.PAUSED, wib(2026, 4, 1, 8, 10), "Listrik padam")
    item = run(paused, opened=opened, now=wib(2026, 7, 1))[0]
    assert (item.state, item.overrun, item.pause_reason) == (StepState.PAUSED, 0, "Listrik padam")


def test_a_pause_that_begins_after_the_due_moment_keeps_the_lateness() -> None:
    opened = wib(2026, 4, 1)
    late = of(1, Event.PAUSED, wib(2026, 4, 1, 9, 15), "Listrik padam")
    assert run(late, opened=opened, now=wib(2026, 4, 6))[0].overrun == 60
    resumed = of(1, Event.RESUMED, wib(2026, 4, 2, 9, 15))
    assert run(late, resumed, opened=opened, now=wib(2026, 4, 2, 9, 15))[0].overrun == 60


def test_the_due_moment_follows_the_real_end_of_the_step_before() -> None:
    early, late = wib(2026, 4, 1, 8, 5), wib(2026, 4, 10, 15)
    for end in (early, late):
        item = run(of(1, Event.FINISHED, end), opened=wib(2026, 4, 1), now=late)[1]
        assert (item.started_at, item.due_at) == (end, OFFICE.due(end, SOP_2024[1].duration))


# --- planned dates -----------------------------------------------------------------------------------------------


def test_the_cycle_opened_on_1_april_2026_is_planned_to_end_on_20_may() -> None:
    planned = plan(SOP_2024, wib(2026, 4, 1), OFFICE)
    assert [p.due for p in planned] == [
        wib(2026, 4, 1, 8, 15),
        wib(2026, 4, 6, 8, 15),
        wib(2026, 4, 15, 8, 15),
        wib(2026, 4, 17, 8, 15),
        wib(2026, 4, 28, 8, 15),
        wib(2026, 4, 28, 11, 15),
        wib(2026, 4, 29, 11, 15),
        wib(2026, 5, 4, 11, 15),
        wib(2026, 5, 11, 11, 15),
        wib(2026, 5, 18, 11, 15),
        wib(2026, 5, 19, 11, 15),
        wib(2026, 5, 20, 11, 15),
        wib(2026, 5, 20, 11, 30),
    ]


@settings(max_examples=1_000, deadline=None)
@given(st.integers(0, 2 * 365 * 24 * 60))
def test_planned_steps_follow_one_another_and_never_end_outside_working_time(minute: int) -> None:
    planned = plan(SOP_2024, wib(2025, 1, 1, 0) + timedelta(minutes=minute), OFFICE)
    assert [p.start for p in planned[1:]] == [p.due for p in planned[:-1]]
    for p in planned:
        assert OFFICE.is_working_day(p.due.date())
        assert OFFICE.opens <= p.due.time() <= OFFICE.closes
        assert OFFICE.between(p.start, p.due) == OFFICE.minutes(p.step.duration)


def test_a_cycle_rolls_over_the_end_of_the_year() -> None:
    planned = plan(SOP_2024, wib(2025, 12, 22), OFFICE)
    assert planned[2].due.year == 2026
    assert OFFICE.working_days(date(2025, 12, 22), planned[-1].due.date()) == 32


def test_29_february_counts_in_a_leap_year() -> None:
    office = Calendar()
    planned = plan(SOP_2024, wib(2028, 2, 28), office)
    assert planned[1].due == wib(2028, 3, 1, 8, 15)
    assert date(2028, 2, 29).weekday() == 1


def test_a_step_that_would_end_in_the_holiday_week_of_idul_fitri_ends_after_it() -> None:
    started = wib(2026, 3, 17, 9)
    days_off = [date(2026, 3, day) for day in range(18, 25)]
    assert not any(OFFICE.is_working_day(day) for day in days_off)
    item = run(of(1, Event.FINISHED, started), opened=wib(2026, 3, 17), now=wib(2026, 3, 24, 12))[1]
    assert item.due_at == wib(2026, 3, 26, 9)
    assert item.state is StepState.RUNNING


def test_hari_may_mean_calendar_days_and_still_ends_in_working_time() -> None:
    office = replace(OFFICE, calendar_days=True)
    planned = plan(SOP_2024, wib(2026, 4, 1), office)
    assert planned[1].due == wib(2026, 4, 6, 8)  # 3 April is Good Friday, then a weekend
    assert planned[-1].due < plan(SOP_2024, wib(2026, 4, 1), OFFICE)[-1].due
    assert all(office.is_working_day(p.due.date()) for p in planned)


# --- WIB, wherever the server stands -----------------------------------------------------------------------------


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-8))])
def test_the_plan_is_the_same_whatever_the_zone_of_the_moment(zone: timezone) -> None:
    start = wib(2026, 4, 1)
    assert [p.due for p in plan(SOP_2024, start.astimezone(zone), OFFICE)] == [
        p.due for p in plan(SOP_2024, start, OFFICE)
    ]


PRINT_PLAN = """
from datetime import datetime
from services.domain.clock import WIB
from services.domain.process import plan
from services.domain.sop import SOP_2024
from services.sample.reference import calendar
print([p.due.isoformat() for p in plan(SOP_2024, datetime(2026, 4, 1, 8, tzinfo=WIB), calendar())])
"""


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo"])
def test_the_plan_is_in_wib_whatever_the_zone_of_the_server(zone: str) -> None:
    environment = os.environ | {"TZ": zone}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_PLAN], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str([p.due.isoformat() for p in plan(SOP_2024, wib(2026, 4, 1), OFFICE)])


def test_a_cycle_without_an_opening_has_no_step_at_work() -> None:
    assert running(progress(SOP_2024, None, (), OFFICE, wib(2026, 4, 1))) is None
