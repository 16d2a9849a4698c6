"""The 13 steps of one quarter as people see them: state, holder, due moment, forecast of the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.domain.clock import Calendar
from services.domain.indicators import Period
from services.domain.sop import Progress, StepState, progress, running
from services.views.office import Office


@dataclass(frozen=True, slots=True)
class Steps:
    """``planned_end`` follows from the opening and the standard times; ``forecast`` from where the quarter stands now.

    ``delay`` is the forecast behind the plan, in working minutes (negative: ahead); None before opening.
    """

    items: tuple[Progress, ...]
    current: Progress | None
    done: int
    late: int
    planned_end: datetime | None
    forecast: datetime | None
    delay: int | None
    calendar: Calendar

    @property
    def finished(self) -> bool:
        return self.done == len(self.items)


def steps_of(office: Office, period: Period, now: datetime) -> Steps:
    """State of the steps at ``now``. ``late`` counts the steps that took or take longer than their standard time."""
    cycle = office.cycles.get(period)
    opened = cycle.opened_at if cycle else None
    items = progress(office.steps(period), opened, office.events.get(period, ()), office.calendar, now)
    planned = _planned_end(items, opened, office.calendar)
    forecast = _forecast(items, now, office.calendar)
    return Steps(
        items=items,
        current=running(items),
        done=sum(p.state is StepState.DONE for p in items),
        late=sum(p.overrun > 0 for p in items),
        planned_end=planned,
        forecast=forecast,
        delay=office.calendar.between(planned, forecast) if planned and forecast else None,
        calendar=office.calendar,
    )


def _planned_end(items: tuple[Progress, ...], opened: datetime | None, calendar: Calendar) -> datetime | None:
    return calendar.add(opened, sum(calendar.minutes(p.step.duration) for p in items)) if opened else None


def _forecast(items: tuple[Progress, ...], now: datetime, calendar: Calendar) -> datetime | None:
    """End of the last step: its real end, or now's step by its due moment and the rest by their standard times."""
    if items[-1].done_at:
        return items[-1].done_at
    current = running(items)
    if current is None or current.due_at is None:
        return None
    rest = sum(calendar.minutes(p.step.duration) for p in items[current.step.no :])
    return calendar.add(max(current.due_at, now), rest)
