"""Mutu baku: how long the steps really take against the standard time of the SOP, and who is in time."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from services.domain.indicators import Period
from services.domain.sop import Event, Step
from services.views.office import Office, Section
from services.views.steps import real_minutes


@dataclass(frozen=True, slots=True)
class StepTimes:
    """One step over the quarters: working minutes for each quarter (None: not done), ``in_time`` of ``measured``."""

    step: Step
    standard: int
    taken: tuple[int | None, ...]
    typical: int | None
    in_time: int
    measured: int


@dataclass(frozen=True, slots=True)
class SectionTimes:
    """Whether a section gave its data in time in each quarter (None: it has not given them)."""

    section: Section
    in_time: tuple[bool | None, ...]

    @property
    def kept(self) -> int:
        return sum(x is True for x in self.in_time)


@dataclass(frozen=True, slots=True)
class Standards:
    periods: tuple[Period, ...]
    steps: tuple[StepTimes, ...]
    sections: tuple[SectionTimes, ...]


def standards_of(office: Office) -> Standards:
    """Over all quarters that were opened, oldest first; the steps as the version in force has them."""
    periods = tuple(sorted(office.cycles))
    taken = [real_minutes(office, p) for p in periods]
    steps = office.steps_in(office.sop_in_force)
    return Standards(
        periods=periods,
        steps=tuple(_step(office, step, periods, tuple(t[step.no - 1] for t in taken)) for step in steps),
        sections=tuple(
            SectionTimes(s, tuple(_gave_in_time(office, s.id, p) for p in periods))
            for s in office.sections
            if office.indicators_of(s.id)
        ),
    )


def _step(office: Office, step: Step, periods: tuple[Period, ...], taken: tuple[int | None, ...]) -> StepTimes:
    """In time is judged by the standard time that held in each quarter."""
    known = [minutes for minutes in taken if minutes is not None]
    held = [office.calendar.minutes(office.steps(p)[step.no - 1].duration) for p in periods]
    in_time = sum(t is not None and t <= limit for t, limit in zip(taken, held, strict=True))
    standard = office.calendar.minutes(step.duration)
    return StepTimes(step, standard, taken, round(median(known)) if known else None, in_time, len(known))


def _gave_in_time(office: Office, section_id: str, period: Period) -> bool | None:
    events = (e for e in office.events.get(period, ()) if e.event is Event.SUBMITTED and e.section_id == section_id)
    first = min((e.at for e in events), default=None)
    return None if first is None else first.date() <= office.cycles[period].due_on
