"""Formulir E.81, Evaluasi Terhadap Hasil Renja Perangkat Daerah (Permendagri 86/2017), as figures.

Columns as the form numbers them: 5 target of the Renstra, 6 realised up to last year, 7 target of this year, 8 to 11
the quarters, 12 the year up to now, 13 = 6 + 12, 14 = 13 / 5 × 100. Each holds K (kinerja) and Rp.

A percentage or an index is never added up: for a tipe other than "jumlah" the state reached (12) stands in column 13.
Whatever is not known stays None; nothing is taken for zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from services.domain.attainment import Attainment, Mean, Outcome, Rating, attain, mean
from services.domain.indicators import QUARTERS, Aggregation, Bounds, Indicator, Period
from services.domain.monev import FollowUpStatus
from services.domain.numbers import read_money, read_number, read_target
from services.store import schema
from services.store.store import Row
from services.views.analysis import SECTION, all_measures, analyses, follow_ups
from services.views.measures import Measure
from services.views.office import Office, Section


@dataclass(frozen=True, slots=True)
class Pair:
    """One column of the form: K (a target may be a range) and Rp; None: not known."""

    performance: Decimal | Bounds | None
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class E81Row:
    """One indicator. ``quarters`` are columns 8 to 11; those after the period are None in both parts."""

    indicator: Indicator
    section: Section
    renstra: Pair
    before: Pair
    target: Pair
    quarters: tuple[Pair, Pair, Pair, Pair]
    year: Pair
    total: Pair
    attainment: Attainment
    absorption: Decimal | None


@dataclass(frozen=True, slots=True)
class E81:
    """The form of a quarter. ``last_year`` of the Renstra is None where no row says it; texts are the footer's rows."""

    period: Period
    last_year: int | None
    rows: tuple[E81Row, ...]
    mean: Mean
    absorption: Decimal | None
    rating: Rating | None
    drivers: tuple[str, ...]
    obstacles: tuple[str, ...]
    next_quarter: tuple[str, ...]
    next_plan: tuple[str, ...]


def e81_of(office: Office, period: Period) -> E81:
    """The form as it stands at the end of a quarter."""
    renstra = {str(r["indicator_id"]): r for r in office.snapshot.rows(schema.RENSTRA) if r["year"] == period.year}
    rows = tuple(_row(office, m, renstra.get(m.indicator.id)) for m in all_measures(office, period))
    result = mean((row.attainment for row in rows), office.profile.mean_cap)
    written = [a for a in analyses(office, period) if a.scope == SECTION]
    return E81(
        period=period,
        last_year=max((cast("int", r["last_year"]) for r in renstra.values()), default=None),
        rows=rows,
        mean=result,
        absorption=_mean_of([row.absorption for row in rows]),
        rating=office.scale.rate(result.value),
        drivers=_texts(a.text("drivers") for a in written),
        obstacles=_texts(a.text("obstacles") for a in written),
        next_quarter=_texts(
            f"{f.what} ({f.who})" for f in follow_ups(office, period) if f.status is not FollowUpStatus.DROPPED
        ),
        next_plan=_texts(a.text("recommendation") for a in analyses(office, period) if a.scope != SECTION),
    )


def _row(office: Office, m: Measure, renstra: Row | None) -> E81Row:
    unit = m.indicator.unit
    plan = Pair(read_target(renstra["target"], unit).value, read_money(renstra["budget"]).value) if renstra else _NONE
    past = Pair(read_number(renstra["actual"], unit).value, read_money(renstra["spent"]).value) if renstra else _NONE
    quarters = _quarters(office, m)
    year = Pair(m.actual_to_date, m.spent)
    total = Pair(_total(m.indicator.aggregation, past, year), _added(past.money, year.money))
    goal = plan.performance if isinstance(plan.performance, Bounds) else None
    actual = total.performance if isinstance(total.performance, Decimal) else None
    reached = attain(goal, actual, m.indicator.polarity, office.profile.down_formula)
    return E81Row(
        indicator=m.indicator,
        section=office.section(m.indicator.section_id),
        renstra=plan,
        before=past,
        target=Pair(m.in_force.annual if m.in_force else None, m.budget),
        quarters=cast("tuple[Pair, Pair, Pair, Pair]", quarters),
        year=year,
        total=total,
        attainment=Attainment(Outcome.NO_TARGET) if goal is None else reached,
        absorption=_share(total.money, plan.money),
    )


def _quarters(office: Office, m: Measure) -> tuple[Pair, ...]:
    """Each quarter alone; the money of a quarter is what was spent up to it less what was spent before."""
    found: list[Pair] = []
    spent: Decimal | None = Decimal(0)
    for quarter in QUARTERS:
        entry = office.entry(m.indicator.id, Period(m.period.year, quarter)) if quarter <= m.period.quarter else None
        now = entry.spent.value if entry else None
        found.append(Pair(entry.actual.value if entry else None, _less(now, spent)))
        spent = now
    return tuple(found)


def _total(aggregation: Aggregation, past: Pair, year: Pair) -> Decimal | None:
    before = past.performance if isinstance(past.performance, Decimal) else None
    now = year.performance if isinstance(year.performance, Decimal) else None
    return _added(before, now) if aggregation is Aggregation.SUM else now


def _added(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a + b


def _less(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a - b


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole * 100 if part is not None and whole else None


def _mean_of(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [v for v in values if v is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def _texts(texts: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in cast("Sequence[str]", texts) if t))


_NONE = Pair(None, None)
