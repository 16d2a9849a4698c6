"""What leadership sees of one quarter: the dashboard, its charts and the report's summary come from this one view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.collector import uncollected
from services.domain.attainment import Mean, Outcome, Rating
from services.domain.indicators import Indicator, Period
from services.domain.sop import StepEvent
from services.views.measures import Absorption, Measure, absorption_of, mean_of, measures
from services.views.office import Office, Section
from services.views.steps import Steps, steps_of

TREND_LENGTH = 7
WORST_COUNT = 5


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """Mean, rating and absorption of one section."""

    section: Section
    mean: Mean
    rating: Rating | None
    absorption: Absorption


@dataclass(frozen=True, slots=True)
class TrendPoint:
    period: Period
    mean: Mean


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One indicator over the quarters of the trend, oldest first."""

    indicator: Indicator
    cells: tuple[Measure, ...]

    @property
    def needs_attention(self) -> bool:
        """Without a figure though due, or rated in the lower three classes."""
        latest = self.cells[-1]
        return latest.is_open or (latest.rating is not None and latest.rating.rank >= 2)


@dataclass(frozen=True, slots=True)
class HeatGroup:
    section: Section
    rows: tuple[HeatRow, ...]


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """A section that owes values or has not submitted. ``late``: the due date has passed."""

    section: Section
    missing: tuple[Measure, ...]
    due: int
    submission: StepEvent | None
    late: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many indicators have a rating; ``rating`` None counts those due but without one."""

    rating: Rating | None
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """One quarter at one moment. Equal only to itself, so that what is drawn of it can be kept by it."""

    period: Period
    measures: tuple[Measure, ...]
    mean: Mean
    rating: Rating | None
    change: Decimal | None
    absorption: Absorption
    sections: tuple[SectionFigures, ...]
    trend: tuple[TrendPoint, ...]
    heat: tuple[HeatGroup, ...]
    shares: tuple[Share, ...]
    annual_only: int
    worst: tuple[Measure, ...]
    missing: tuple[MissingGroup, ...]
    steps: Steps

    @property
    def attention_count(self) -> int:
        return sum(row.needs_attention for group in self.heat for row in group.rows)


@uncollected
def board_of(office: Office, period: Period, now: datetime) -> Board:
    """Everything the dashboard shows of a quarter at ``now``."""
    by_period = {p: measures(office, p) for p in shown_periods(office, period)}
    items = by_period[period]
    overall = mean_of(office, items)
    trend = tuple(TrendPoint(p, mean_of(office, found)) for p, found in by_period.items())
    before = trend[-2].mean.value if len(trend) > 1 else None
    return Board(
        period=period,
        measures=items,
        mean=overall,
        rating=office.scale.rate(overall.value),
        change=overall.value - before if overall.value is not None and before is not None else None,
        absorption=absorption_of(items),
        sections=tuple(_section_figures(office, s, items) for s in office.sections),
        trend=trend,
        heat=_heat(office, by_period),
        shares=_shares(office, items),
        annual_only=sum(m.to_date.outcome is Outcome.ANNUAL for m in items),
        worst=worst(items),
        missing=_missing(office, period, items, now),
        steps=steps_of(office, period, now),
    )


def _section_figures(office: Office, section: Section, items: tuple[Measure, ...]) -> SectionFigures:
    own = [m for m in items if m.indicator.section_id == section.id]
    result = mean_of(office, own)
    return SectionFigures(section, result, office.scale.rate(result.value), absorption_of(own))


def shown_periods(office: Office, period: Period) -> tuple[Period, ...]:
    """The quarters that trend and heat map show: those opened among the latest, and the chosen one."""
    return tuple(p for p in period.trailing(TREND_LENGTH) if p in office.cycles or p == period)


def _heat(office: Office, by_period: Mapping[Period, tuple[Measure, ...]]) -> tuple[HeatGroup, ...]:
    rows = [HeatRow(cells[-1].indicator, cells) for cells in zip(*by_period.values(), strict=True)]
    groups = (HeatGroup(s, tuple(row for row in rows if row.indicator.section_id == s.id)) for s in office.sections)
    return tuple(g for g in groups if g.rows)


def _shares(office: Office, items: tuple[Measure, ...]) -> tuple[Share, ...]:
    due = [m for m in items if m.to_date.outcome.expects_percentage]
    counts = Counter(m.rating.rank if m.rating else None for m in due)
    rated = (Share(rating, counts[rating.rank]) for rating in office.scale.ratings)
    return (*rated, Share(None, counts[None]))


def worst(items: tuple[Measure, ...], count: int = WORST_COUNT) -> tuple[Measure, ...]:
    """The lowest capaian under 100 %, worst first."""
    below = [m for m in items if m.to_date.value is not None and m.to_date.value < 100]
    return tuple(sorted(below, key=lambda m: m.to_date.value or Decimal(0))[:count])


def _missing(office: Office, period: Period, items: tuple[Measure, ...], now: datetime) -> tuple[MissingGroup, ...]:
    cycle = office.cycles.get(period)
    if cycle is None:
        return ()
    submissions = office.submissions(period)
    groups = []
    for section in office.sections:
        due = [m for m in items if m.indicator.section_id == section.id and m.is_due]
        missing, submission = tuple(m for m in due if m.is_missing), submissions.get(section.id)
        if due and (missing or submission is None):
            groups.append(MissingGroup(section, missing, len(due), submission, now.date() > cycle.due_on))
    return tuple(groups)
