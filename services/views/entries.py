"""What a section has to give in one quarter, and what still stands between it and "Kirim"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import cast

from services.domain.indicators import Period
from services.domain.numbers import Reading
from services.domain.process import plan
from services.domain.sop import COLLECTING, PROCESSING, Event, StepEvent
from services.store.store import Row, Value
from services.views.measures import Measure, measure, measures
from services.views.office import Entry, Office, Section


class ItemState(StrEnum):
    """Process state of one indicator's entry."""

    GIVEN = "terisi"
    DOUBTFUL = "perlu diperbaiki"
    EMPTY = "kosong"
    ANNUAL = "diukur tahunan"


class GapKind(StrEnum):
    """What is missing, and whether it keeps a section from sending without a reason."""

    ACTUAL_EMPTY = "realisasi kosong"
    ACTUAL_ABSENT = "realisasi ditulis tidak ada"
    ACTUAL_UNREADABLE = "realisasi tidak terbaca"
    SPENT_EMPTY = "realisasi anggaran kosong"
    SPENT_UNREADABLE = "realisasi anggaran tidak terbaca"
    NO_OBSTACLE = "penghambat belum dijelaskan"
    NO_EVIDENCE = "bukti dukung belum ada"

    @property
    def blocks(self) -> bool:
        return self in _BLOCKING


_BLOCKING = frozenset(
    {GapKind.ACTUAL_EMPTY, GapKind.ACTUAL_ABSENT, GapKind.ACTUAL_UNREADABLE, GapKind.SPENT_UNREADABLE}
)


@dataclass(frozen=True, slots=True)
class Gap:
    number: int
    measure: Measure
    kind: GapKind


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of the form: its number, its figures, and the capaian of the quarters before."""

    number: int
    measure: Measure
    state: ItemState
    past: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure (``actual`` or ``spent``) that stands there otherwise than it was given in; ``old`` is what counts.

    ``since`` and ``by`` are known where it was saved through the application after it was given in.
    """

    entry: Entry
    column: str
    old: Value
    new: Value
    given_at: datetime
    since: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class SectionForm:
    """``late``: given in first after the due date, or not yet and the due date has passed, by ``late_days`` hari kerja.

    ``changed_since``: something was saved after the last submission; ``changes``: the figures that since then stand
    there otherwise than they were given in, whoever changed them.
    """

    section: Section
    period: Period
    items: tuple[Item, ...]
    gaps: tuple[Gap, ...]
    due_on: date | None
    submission: StepEvent | None
    late: bool
    late_days: int
    changed_since: bool
    changes: tuple[Changed, ...] = ()

    @property
    def due(self) -> int:
        return sum(item.measure.is_due for item in self.items)

    @property
    def given(self) -> int:
        return sum(item.measure.is_due and item.state is ItemState.GIVEN for item in self.items)

    @property
    def blocking(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.kind.blocks)


def section_form(office: Office, section_id: str, period: Period, now: datetime) -> SectionForm:
    """The form of one section in one quarter as it stands there now, with every gap named."""
    changes = changes_since_given(office, period, section_id)
    office = office.working(period)
    earlier = [p for p in period.trailing(7)[:-1] if p in office.cycles]
    items = tuple(
        Item(n, m, _state(m), tuple(measure(office, m.indicator, p) for p in earlier))
        for n, m in enumerate(measures(office, period, section_id), start=1)
    )
    cycle = office.cycles.get(period)
    submission = office.submissions(period).get(section_id)
    first = _first_submission(office, section_id, period)
    judged = first.at.date() if first else now.date()
    late = cycle is not None and judged > cycle.due_on
    return SectionForm(
        section=office.section(section_id),
        period=period,
        items=items,
        gaps=tuple(gap for item in items for gap in _gaps(item)),
        due_on=cycle.due_on if cycle else None,
        submission=submission,
        late=late,
        late_days=office.calendar.working_days(cycle.due_on + timedelta(days=1), judged) if cycle and late else 0,
        changed_since=submission is not None
        and (bool(changes) or any(_saved_after(item.measure, submission.at) for item in items)),
        changes=changes,
    )


def preview(office: Office, entry: Entry, typed: Mapping[str, str]) -> Measure | None:
    """The figures that an entry would have with these texts in it; None for an indicator that is gone."""
    indicator = office.indicator_by_id.get(entry.indicator_id)
    working = office.working(entry.period)
    return measure(working.with_typed(entry, typed), indicator, entry.period) if indicator else None


def changes_since_given(office: Office, period: Period, section_id: str = "") -> tuple[Changed, ...]:
    """Figures of a quarter, of one section or of all, that were changed without being given in again."""
    rows = office.entries_of(period)
    ids = [str(row["indicator_id"]) for row in rows if section_id in ("", row["section_id"])]
    return tuple(change for indicator_id in ids for change in _changes(office, indicator_id, period))


def _changes(office: Office, indicator_id: str, period: Period) -> list[Changed]:
    counted, now = office.entry(indicator_id, period), office.working(period).entry(indicator_id, period)
    if counted is None or now is None or counted.given is None:
        return []
    pairs = {"actual": (counted.actual, now.actual), "spent": (counted.spent, now.spent)}
    changed = [name for name, (old, new) in pairs.items() if not _same_figure(old, new)]
    return [_changed(counted, counted.given, name) for name in changed]


def _same_figure(old: Reading, new: Reading) -> bool:
    """The same number, whatever its spelling, or the same text that is none; a blank and "NA" are no number alike."""
    typed = [reading.problem.typed if reading.problem else "" for reading in (old, new)]
    return old.value == new.value and typed[0] == typed[1]


def _changed(entry: Entry, given: Row, column: str) -> Changed:
    given_at = cast("datetime", given["at"])
    saved = entry.entered_at if entry.entered_at and entry.entered_at > given_at else None
    by = entry.entered_by if saved else ""
    return Changed(entry, column, given[column], entry.row[column], given_at, saved, by)


def collection_due(office: Office, period: Period, opened_at: datetime) -> date:
    """Last day on which sections give their data in without being late: the planned end of step 2."""
    return plan(office.steps(period), opened_at, office.calendar)[COLLECTING - 1].due.date()


def lock_due(office: Office, period: Period, opened_at: datetime) -> date:
    """Last day on which figures are taken at all, unless PKP moves it: the planned end of step 3."""
    return plan(office.steps(period), opened_at, office.calendar)[PROCESSING - 1].due.date()


def _first_submission(office: Office, section_id: str, period: Period) -> StepEvent | None:
    """What counts for punctuality: a correction that is sent again later does not make a section late."""
    events = (e for e in office.events.get(period, ()) if e.event is Event.SUBMITTED and e.section_id == section_id)
    return min(events, key=lambda e: e.at, default=None)


def _saved_after(m: Measure, moment: datetime) -> bool:
    at = m.entry.entered_at if m.entry else None
    return at is not None and at > moment


def _state(m: Measure) -> ItemState:
    if m.problem or (m.entry and m.entry.spent.problem):
        return ItemState.DOUBTFUL
    if m.actual is not None:
        return ItemState.GIVEN
    return ItemState.EMPTY if m.is_due else ItemState.ANNUAL


def _gaps(item: Item) -> list[Gap]:
    return [Gap(item.number, item.measure, kind) for kind in gap_kinds(item.measure)]


def gap_kinds(m: Measure) -> list[GapKind]:
    """What is missing or unreadable in the entry of one indicator."""
    return [kind for kind in (_actual_gap(m), _spent_gap(m)) if kind] + _missing_texts(m)


def _actual_gap(m: Measure) -> GapKind | None:
    if m.problem:
        return GapKind.ACTUAL_UNREADABLE
    if not m.is_missing:
        return None
    return GapKind.ACTUAL_ABSENT if m.entry and m.entry.text("actual") else GapKind.ACTUAL_EMPTY


def _spent_gap(m: Measure) -> GapKind | None:
    if m.entry is None:
        return None
    if m.entry.spent.problem:
        return GapKind.SPENT_UNREADABLE
    return GapKind.SPENT_EMPTY if m.budget and m.entry.spent.missing else None


def _missing_texts(m: Measure) -> list[GapKind]:
    """Explanations are asked for once there is a value to explain."""
    if m.actual is None or m.entry is None:
        return []
    below = m.to_date.value is not None and m.to_date.value < Decimal(100)
    found = {
        GapKind.NO_OBSTACLE: below and not m.entry.text("obstacle"),
        GapKind.NO_EVIDENCE: not m.entry.text("evidence"),
    }
    return [kind for kind, present in found.items() if present]
