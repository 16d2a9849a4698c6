"""What a section has to give in one quarter, and what still stands between it and "Kirim"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from services.domain.indicators import Period
from services.domain.sop import StepEvent
from services.views.measures import Measure, measure, measures
from services.views.office import Office, Section


class ItemState(StrEnum):
    """Process state of one indicator's entry."""

    GIVEN = "terisi"
    DOUBTFUL = "perlu diperbaiki"
    EMPTY = "kosong"
    ANNUAL = "diukur tahunan"


class GapKind(StrEnum):
    """What is missing, and whether it keeps a section from sending without a reason."""

    ACTUAL_EMPTY = "realisasi kosong"
    ACTUAL_UNREADABLE = "realisasi tidak terbaca"
    SPENT_EMPTY = "realisasi anggaran kosong"
    SPENT_UNREADABLE = "realisasi anggaran tidak terbaca"
    NO_OBSTACLE = "penghambat belum dijelaskan"
    NO_EVIDENCE = "bukti dukung belum ada"

    @property
    def blocks(self) -> bool:
        return self in (GapKind.ACTUAL_EMPTY, GapKind.ACTUAL_UNREADABLE, GapKind.SPENT_UNREADABLE)


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
class SectionForm:
    section: Section
    period: Period
    items: tuple[Item, ...]
    gaps: tuple[Gap, ...]
    due_on: date | None
    submission: StepEvent | None
    late: bool

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
    """The form of one section in one quarter, with every gap named."""
    earlier = [p for p in period.trailing(7)[:-1] if p in office.cycles]
    items = tuple(
        Item(n, m, _state(m), tuple(measure(office, m.indicator, p) for p in earlier))
        for n, m in enumerate(measures(office, period, section_id), start=1)
    )
    cycle = office.cycles.get(period)
    submission = office.submissions(period).get(section_id)
    judged = submission.at.date() if submission else now.date()
    return SectionForm(
        section=office.section(section_id),
        period=period,
        items=items,
        gaps=tuple(gap for item in items for gap in _gaps(item)),
        due_on=cycle.due_on if cycle else None,
        submission=submission,
        late=cycle is not None and judged > cycle.due_on,
    )


def _state(m: Measure) -> ItemState:
    if m.problem or (m.entry and m.entry.spent.problem):
        return ItemState.DOUBTFUL
    if m.actual is not None:
        return ItemState.GIVEN
    return ItemState.EMPTY if m.is_due else ItemState.ANNUAL


def _gaps(item: Item) -> list[Gap]:
    return [Gap(item.number, item.measure, kind) for kind in _gap_kinds(item.measure)]


def _gap_kinds(m: Measure) -> list[GapKind]:
    if m.problem:
        return [GapKind.ACTUAL_UNREADABLE]
    if m.is_missing:
        return [GapKind.ACTUAL_EMPTY]
    if m.actual is None or m.entry is None:
        return []
    below = m.to_date.value is not None and m.to_date.value < Decimal(100)
    found = {
        GapKind.SPENT_UNREADABLE: m.entry.spent.problem is not None,
        GapKind.SPENT_EMPTY: bool(m.budget) and m.entry.spent.missing,
        GapKind.NO_OBSTACLE: below and not m.entry.text("obstacle"),
        GapKind.NO_EVIDENCE: not m.entry.text("evidence"),
    }
    return [kind for kind, present in found.items() if present]
