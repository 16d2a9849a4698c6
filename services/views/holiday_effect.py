"""What another list of days off does to the planned dates of the quarters, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.domain.indicators import Period
from services.domain.process import plan
from services.views.office import Office


@dataclass(frozen=True, slots=True)
class Shift:
    """One quarter: how many of its steps get another planned end, and the end of the last one before and after."""

    period: Period
    steps: int
    before: datetime
    after: datetime


def shifts(office: Office, changed: Office) -> tuple[Shift, ...]:
    """The opened quarters whose plan moves, the newest first."""
    found = (_shift(office, changed, period) for period in sorted(office.cycles, reverse=True))
    return tuple(shift for shift in found if shift and shift.steps)


def _shift(office: Office, changed: Office, period: Period) -> Shift | None:
    steps, opened = office.steps(period), office.cycles[period].opened_at
    before, after = plan(steps, opened, office.calendar), plan(steps, opened, changed.calendar)
    if not before:
        return None
    moved = sum(old.due != new.due for old, new in zip(before, after, strict=True))
    return Shift(period, moved, before[-1].due, after[-1].due)
