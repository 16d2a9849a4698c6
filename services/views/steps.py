"""The 13 steps of one quarter as people see them: state, holder, due moment, plan, forecast of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from statistics import median
from typing import cast

from services.domain.clock import Calendar
from services.domain.indicators import Period
from services.domain.process import Phase, Planned, Progress, StepState, plan, progress, running
from services.domain.sop import Event
from services.views.office import Office

FEWEST_CYCLES = 2
"""From so many finished quarters on, the office's own durations say more than the standard time."""


@dataclass(frozen=True, slots=True)
class Expected:
    """When a step that is not done will presumably begin and end."""

    no: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Steps:
    """``planned_end`` follows from the opening and the standard times; ``forecast`` from where the quarter stands now
    and from how long the office took for the steps before (``own_cycles`` quarters; 0: standard times).

    ``delay`` is the forecast behind the plan, in working minutes (negative: ahead); None before opening.
    """

    items: tuple[Progress, ...]
    current: Progress | None
    done: int
    late: int
    plan: tuple[Planned, ...]
    expected: tuple[Expected, ...]
    planned_end: datetime | None
    forecast: datetime | None
    delay: int | None
    own_cycles: int
    calendar: Calendar

    @property
    def finished(self) -> bool:
        return self.done == len(self.items)


def steps_of(office: Office, period: Period, now: datetime) -> Steps:
    """State of the steps at ``now``. ``late`` counts the steps that took or take longer than their standard time."""
    cycle = office.cycles.get(period)
    opened, steps, calendar = cycle.opened_at if cycle else None, office.steps(period), office.calendar
    items = progress(steps, opened, office.events.get(period, ()), calendar, now)
    planned = plan(steps, opened, calendar) if opened else ()
    typical, cycles = typical_minutes(office, period)
    expected = _expected(items, typical, now, calendar)
    end = planned[-1].due if planned else None
    forecast = items[-1].done_at or (expected[-1].end if expected else None)
    return Steps(
        items=items,
        current=running(items),
        done=sum(p.state is StepState.DONE for p in items),
        late=sum(p.overrun > 0 for p in items),
        plan=planned,
        expected=expected,
        planned_end=end,
        forecast=forecast,
        delay=calendar.between(end, forecast) if end and forecast else None,
        own_cycles=cycles,
        calendar=calendar,
    )


@lru_cache(maxsize=16)
def typical_minutes(office: Office, period: Period) -> tuple[tuple[int, ...], int]:
    """Working minutes that each step usually takes, and the number of finished quarters that say so.

    The median over the quarters that were finished before this one was opened; standard times where those are fewer
    than ``FEWEST_CYCLES``.
    """
    before = [taken for p in sorted(office.cycles) if p < period and None not in (taken := real_minutes(office, p))]
    if len(before) < FEWEST_CYCLES:
        return tuple(office.calendar.minutes(step.duration) for step in office.steps(period)), 0
    return tuple(round(median(cast("tuple[int, ...]", taken))) for taken in zip(*before, strict=True)), len(before)


@lru_cache(maxsize=64)
def real_minutes(office: Office, period: Period) -> tuple[int | None, ...]:
    """Working minutes that each step of a quarter took, all rounds together, without pauses; None where not done."""
    opened, events, calendar = office.cycles[period].opened_at, office.events.get(period, ()), office.calendar
    items = progress(office.steps(period), opened, events, calendar, opened)
    spent = [0] * len(items)
    start, paused, since = opened, 0, opened
    for event in sorted(events, key=lambda e: (e.at, e.step)):
        if event.event is Event.PAUSED:
            since = event.at
        elif event.event is Event.RESUMED:
            paused += calendar.between(since, event.at)
        elif event.event in (Event.FINISHED, Event.RETURNED):
            spent[event.step - 1] += calendar.between(start, event.at) - paused
            start, paused = event.at, 0
    return tuple(minutes if p.phase is Phase.DONE else None for minutes, p in zip(spent, items, strict=True))


def _expected(
    items: Sequence[Progress], typical: Sequence[int], now: datetime, calendar: Calendar
) -> tuple[Expected, ...]:
    """The running step ends at its usual time, at once where that is over; the rest follow one after the other."""
    current = running(items)
    if current is None or current.started_at is None:
        return ()
    minutes = typical[current.step.no - 1] + current.paused
    end = max(calendar.add(current.started_at, minutes), now)
    found = [Expected(current.step.no, current.started_at, end)]
    for item in items[current.step.no :]:
        start, end = end, calendar.add(end, typical[item.step.no - 1])
        found.append(Expected(item.step.no, start, end))
    return tuple(found)
