"""Step 2: what every section has given for each of its indicators, when, and what is still owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from services.domain.attainment import Outcome
from services.domain.clock import WIB
from services.domain.findings import Severity
from services.domain.indicators import Period
from services.domain.roles import CycleState
from services.store import schema
from services.store.store import Row
from services.views.entries import Gap, Item, ItemState, SectionForm, section_form
from services.views.findings import open_findings
from services.views.office import Cycle, LockException, Office

_FIGURES = ("actual", "spent")


class CellState(StrEnum):
    """State of one indicator's figures. LATE: they came after the tenggat. DOUBTFUL: given, with an open finding."""

    GIVEN = "terisi"
    LATE = "terisi sesudah tenggat"
    DOUBTFUL = "meragukan"
    MISSING = "kosong"
    ANNUAL = "diukur tahunan"
    NOT_DUE = "tidak ditagih"


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of a section. ``since``: when its figure first stood there; None where nobody recorded it."""

    item: Item
    state: CellState
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Collected:
    """One section. ``exception``: the one that keeps its data open after the lock, while it lasts.

    ``is_open``: whether it can give figures now.
    """

    form: SectionForm
    cells: tuple[Cell, ...]
    exception: LockException | None
    is_open: bool

    @property
    def is_complete(self) -> bool:
        """Sent, and nothing owed is missing or unreadable."""
        return self.form.submission is not None and not self.form.blocking

    @property
    def owed(self) -> tuple[Gap, ...]:
        """What to ask the section for: all its gaps, once it has sent only those that leave a figure out."""
        return self.form.blocking if self.form.submission else self.form.gaps


@dataclass(frozen=True, slots=True)
class Collection:
    """All sections with indicators. ``days_to_due`` and ``days_to_lock`` are working days, today included; 0: over."""

    cycle: Cycle
    state: CycleState
    sections: tuple[Collected, ...]
    days_to_due: int
    days_to_lock: int

    @property
    def incomplete(self) -> tuple[Collected, ...]:
        return tuple(s for s in self.sections if not s.is_complete)

    @property
    def complete(self) -> tuple[Collected, ...]:
        return tuple(s for s in self.sections if s.is_complete)

    @property
    def sent(self) -> int:
        return sum(s.form.submission is not None for s in self.sections)

    @property
    def given(self) -> int:
        return sum(s.form.given for s in self.sections)

    @property
    def due(self) -> int:
        return sum(s.form.due for s in self.sections)

    @property
    def exceptions(self) -> tuple[LockException, ...]:
        return tuple(s.exception for s in self.sections if s.exception)

    def count(self, state: CellState) -> int:
        return sum(cell.state is state for s in self.sections for cell in s.cells)


def collection(office: Office, period: Period, now: datetime) -> Collection:
    """The collection of a quarter that was opened, as the entries stand there now, sent or not."""
    cycle = office.cycles[period]
    doubtful = _doubtful(office, period)
    first = _first_given(office, period)
    owners = (s for s in office.sections if office.indicators_of(s.id))
    return Collection(
        cycle=cycle,
        state=office.state(period, now),
        sections=tuple(_collected(office, s.id, cycle, now, doubtful, first) for s in owners),
        days_to_due=_days_left(office, cycle.due_on, now),
        days_to_lock=_days_left(office, cycle.locks_on, now),
    )


def _collected(
    office: Office,
    section_id: str,
    cycle: Cycle,
    now: datetime,
    doubtful: frozenset[str],
    first: Mapping[str, datetime],
) -> Collected:
    form = section_form(office, section_id, cycle.period, now)
    exception = office.exception(cycle.period, section_id)
    return Collected(
        form=form,
        cells=tuple(_cell(item, cycle, doubtful, first) for item in form.items),
        exception=exception if exception and cycle.is_locked(now) and exception.is_valid(now) else None,
        is_open=office.state(cycle.period, now, section_id) is CycleState.OPEN,
    )


def _cell(item: Item, cycle: Cycle, doubtful: frozenset[str], first: Mapping[str, datetime]) -> Cell:
    entry = item.measure.entry
    moments = (first.get(item.measure.indicator.id), entry.entered_at if entry else None)
    since = min((m for m in moments if m), default=None)
    state = _state(item, cycle, since, is_doubtful=entry is not None and entry.id in doubtful)
    return Cell(item, state, since)


def _state(item: Item, cycle: Cycle, since: datetime | None, *, is_doubtful: bool) -> CellState:
    if item.state is ItemState.EMPTY:
        return CellState.MISSING
    if item.state is ItemState.DOUBTFUL or is_doubtful:
        return CellState.DOUBTFUL
    if item.state is ItemState.ANNUAL:
        return CellState.ANNUAL if item.measure.quarter.outcome is Outcome.ANNUAL else CellState.NOT_DUE
    late = since is not None and since.astimezone(WIB).date() > cycle.due_on
    return CellState.LATE if late else CellState.GIVEN


def _doubtful(office: Office, period: Period) -> frozenset[str]:
    """Ids of the entries with a figure that is doubted and that nobody has accepted."""
    found = (checked.finding for checked in open_findings(office, period))
    return frozenset(
        f.row_id
        for f in found
        if f.table == schema.ENTRY.name and f.column in _FIGURES and f.severity is not Severity.MISSING
    )


def _first_given(office: Office, period: Period) -> dict[str, datetime]:
    """When each indicator's figure was first given in, by the indicator's id."""
    with_figure = (r for r in office.rows_of(schema.GIVEN, period) if r["actual"] not in (None, ""))
    newest_first = sorted(with_figure, key=_at, reverse=True)
    return {str(row["indicator_id"]): _at(row) for row in newest_first}


def _at(row: Row) -> datetime:
    return cast("datetime", row["at"])


def _days_left(office: Office, last: date | None, now: datetime) -> int:
    today = now.astimezone(WIB).date()
    return office.calendar.working_days(today, last) if last and last >= today else 0
