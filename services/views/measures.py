"""One indicator in one quarter, with everything that its figures come from.

The capaian that the office reports is the one up to the quarter ("s.d. triwulan"); a quarter whose own value is missing
is not measured, whatever the quarters before it said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from services.domain.attainment import Attainment, DownFormula, Mean, Outcome, Rating, attain, mean
from services.domain.indicators import (
    QUARTERS,
    Aggregation,
    Bounds,
    Indicator,
    Period,
    Target,
    actual_to_date,
    needed_per_quarter,
    target_to_date,
)
from services.domain.numbers import Problem
from services.views.office import Entry, Office


@dataclass(frozen=True, slots=True)
class Measure:
    """Figures of one indicator: of the quarter alone, up to the quarter (``to_date``), and against the year.

    ``blocked`` is why no formula of the quarter is asked at all. Money is in rupiah; ``spent`` and ``budget`` are up to
    the quarter and for the whole year.
    """

    indicator: Indicator
    period: Period
    entry: Entry | None
    target: Bounds | None
    actual: Decimal | None
    problem: Problem | None
    target_to_date: Bounds | None
    actual_to_date: Decimal | None
    in_force: Target | None
    to_date: Attainment
    rating: Rating | None
    blocked: Attainment | None
    down: DownFormula

    @property
    def quarter(self) -> Attainment:
        """Capaian of the quarter alone."""
        return self.blocked or attain(self.target, self.actual, self.indicator.polarity, self.down)

    @property
    def annual(self) -> Attainment:
        """Capaian up to the quarter against the target of the year."""
        goal = self.in_force.annual if self.in_force else None
        return self.blocked or attain(goal, self.actual_to_date, self.indicator.polarity, self.down)

    @property
    def budget(self) -> Decimal | None:
        return self.in_force.budget if self.in_force else None

    @property
    def spent(self) -> Decimal | None:
        return self.entry.spent.value if self.entry else None

    @property
    def is_due(self) -> bool:
        """Whether the section owes a value for this quarter."""
        outcome = self.quarter.outcome
        return outcome.expects_percentage or outcome in (Outcome.ACHIEVED, Outcome.NOT_ACHIEVED)

    @property
    def is_missing(self) -> bool:
        """Owed, and nothing readable stands there."""
        return self.is_due and self.actual is None

    @property
    def is_open(self) -> bool:
        """Due, or part of the N of a mean, and still without a figure."""
        return self.is_missing or (self.to_date.outcome.expects_percentage and self.to_date.value is None)


def actuals(office: Office, indicator: Indicator, periods: Iterable[Period]) -> list[Decimal | None]:
    """Realisasi of an indicator in each of the periods, None where there is none that can be read."""
    return _values([office.entry(indicator.id, period) for period in periods])


def _values(entries: Iterable[Entry | None]) -> list[Decimal | None]:
    return [entry.actual.value if entry else None for entry in entries]


@lru_cache(maxsize=256)
def _year_to(period: Period) -> tuple[Period, ...]:
    """The quarters of a year up to this one."""
    return tuple(Period(period.year, quarter) for quarter in QUARTERS[: period.quarter])


def measure(office: Office, indicator: Indicator, period: Period) -> Measure:
    """Compute all figures of an indicator in a quarter from what was given up to then."""
    entries = [office.entry(indicator.id, each) for each in _year_to(period)]
    values, entry = _values(entries), entries[-1]
    targets = office.quarterly_targets(indicator.id, period.year)[: period.quarter]
    in_force = office.target(indicator.id, period)
    down = office.profile.down_formula
    total = actual_to_date(indicator.aggregation, values, targets)
    goal = target_to_date(indicator.aggregation, values, targets)
    problem = entry.actual.problem if entry else None

    blocked = _blocked(indicator, period, problem, values[-1], targets[-1])
    if blocked is None and total is None and values[-1] is not None:
        to_date = Attainment(Outcome.EARLIER_MISSING)
    else:
        to_date = blocked or attain(goal, total, indicator.polarity, down)
    return Measure(
        indicator=indicator,
        period=period,
        entry=entry,
        target=targets[-1],
        actual=values[-1],
        problem=problem,
        target_to_date=goal,
        actual_to_date=total,
        in_force=in_force,
        to_date=to_date,
        rating=office.scale.rate(to_date.value),
        blocked=blocked,
        down=down,
    )


def needed(office: Office, m: Measure) -> Decimal | None:
    """What each remaining quarter must bring so that the year ends at the annual target."""
    values = actuals(office, m.indicator, _year_to(m.period))
    targets = office.quarterly_targets(m.indicator.id, m.period.year)[: m.period.quarter]
    return needed_per_quarter(m.indicator.aggregation, values, m.in_force.annual if m.in_force else None, targets)


def _blocked(
    indicator: Indicator, period: Period, problem: Problem | None, actual: Decimal | None, target: Bounds | None
) -> Attainment | None:
    """Why the quarter has no capaian, before any formula is asked."""
    if indicator.aggregation is Aggregation.ANNUAL and period.quarter < 4:
        return Attainment(Outcome.ANNUAL)
    if problem is not None:
        return Attainment(Outcome.UNREADABLE)
    if actual is None and target is not None and target.high != 0:
        return Attainment(Outcome.NOT_MEASURED)
    return None


def measures(office: Office, period: Period, section_id: str | None = None) -> tuple[Measure, ...]:
    """Every indicator of a quarter, of the whole office or of one section, in the office's order.

    A retired indicator still belongs to the quarters that were opened while it was active: what was reported stays.
    """
    return tuple(
        measure(office, indicator, period)
        for indicator in office.all_indicators
        if section_id in (None, indicator.section_id) and (indicator.active or office.entry(indicator.id, period))
    )


def mean_of(office: Office, items: Iterable[Measure]) -> Mean:
    """Mean capaian up to the quarter, with the office's cap where it has set one."""
    return mean((m.to_date for m in items), office.profile.mean_cap)


@dataclass(frozen=True, slots=True)
class Absorption:
    """Serapan: spent of budget in percent, over the ``known`` of ``total`` indicators with a budget.

    Budget and spending of indicators whose spending is missing are left out of ``percent``; ``budget`` has them all.
    """

    percent: Decimal | None
    spent: Decimal
    budget: Decimal
    known: int
    total: int


def absorption_of(items: Iterable[Measure]) -> Absorption:
    budgeted = [m for m in items if m.budget]
    known = [(m.spent, m.budget) for m in budgeted if m.spent is not None and m.budget is not None]
    spent = sum((s for s, _ in known), Decimal(0))
    base = sum((b for _, b in known), Decimal(0))
    return Absorption(
        percent=spent / base * 100 if base else None,
        spent=spent,
        budget=sum((m.budget for m in budgeted if m.budget is not None), Decimal(0)),
        known=len(known),
        total=len(budgeted),
    )
