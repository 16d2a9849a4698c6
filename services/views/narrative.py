"""Whether the texts of a quarter fit its figures: those of Isian, of the monev and of the analysis (step 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from services.domain.attainment import HUNDRED, Outcome
from services.domain.indicators import Bounds, Period
from services.domain.narrative import Facts, Remark, explanation, link, wording
from services.views.analysis import SECTION, TEXTS, Analysis, all_measures, analyses
from services.views.measures import Measure, absorption_of, mean_of, needed
from services.views.monev import Visit, visits
from services.views.office import Office

_COMPARED = 7
"""Quarters, the present one included, whose figures a text may name."""
_ENTRY_TEXTS = {"driver": "Faktor pendorong", "obstacle": "Faktor penghambat", "follow_up": "Tindak lanjut"}
_MONEV_TEXTS = {"findings": "Temuan", "recommendation": "Rekomendasi"}
ANALYSIS_TEXTS = dict(zip(TEXTS, ("Faktor pendorong", "Faktor penghambat", "Perbandingan", "Rekomendasi"), strict=True))


@dataclass(frozen=True, slots=True)
class Warned:
    """A doubtful text: where it stands (``source`` Isian, Monev or Analisis; whose; which field), and why."""

    source: str
    section_id: str
    subject: str
    field: str
    remark: Remark


@lru_cache(maxsize=4)
def warnings(office: Office, period: Period) -> tuple[Warned, ...]:
    """All doubtful texts of a quarter, those of the sections first."""
    items = all_measures(office, period)
    return (
        *(found for m in items for found in of_measure(office, m)),
        *(found for visit in visits(office, period) for found in of_visit(office, visit)),
        *(found for analysis in analyses(office, period) for found in of_analysis(office, analysis)),
    )


def of_measure(office: Office, m: Measure) -> Iterator[Warned]:
    """What a section wrote about one indicator."""
    if m.entry is None:
        return
    found = facts(office, m.period, lambda other: other.indicator.section_id == m.indicator.section_id)
    own = Facts(int(_missed(m)), int(_reached(m)), found.figures, found.labels, found.ratings)

    def at(field: str, remarks: Iterable[Remark]) -> Iterator[Warned]:
        return (Warned("Isian", m.indicator.section_id, m.indicator.name, field, remark) for remark in remarks)

    yield from at(_ENTRY_TEXTS["obstacle"], explanation(m.entry.text("obstacle"), own))
    for column, label in _ENTRY_TEXTS.items():
        yield from at(label, wording(m.entry.text(column), own))
    yield from at("Tautan bukti dukung", link(m.entry.text("evidence")))


def of_visit(office: Office, visit: Visit) -> Iterator[Warned]:
    """What the officer wrote at a section."""
    found = facts(office, visit.period, lambda m: m.indicator.section_id == visit.section.id)

    def at(field: str, remarks: Iterable[Remark]) -> Iterator[Warned]:
        return (Warned("Monev", visit.section.id, visit.section.name, field, remark) for remark in remarks)

    for column, label in _MONEV_TEXTS.items():
        yield from at(label, wording(visit.text(column), found))
    for address in visit.evidence:
        yield from at("Tautan bukti", link(address))


def of_analysis(office: Office, analysis: Analysis) -> Iterator[Warned]:
    """What was written about a section or an objective; nothing while it is not written."""
    if analysis.row is None:
        return
    section_id = analysis.subject if analysis.scope == SECTION else ""
    found = facts(office, analysis.period, analysis.owns)
    for column, label in ANALYSIS_TEXTS.items():
        for remark in remarks(column, analysis.text(column), found):
            yield Warned("Analisis", section_id, analysis.title, label, remark)


def remarks(column: str, text: str, found: Facts) -> tuple[Remark, ...]:
    """What is doubtful in one text of an analysis, saved or still being typed."""
    unexplained = explanation(text, found) if column == "obstacles" else ()
    return (*unexplained, *wording(text, found))


# --- what the data say -------------------------------------------------------------------------------------------


def facts(office: Office, period: Period, belongs: Callable[[Measure], bool]) -> Facts:
    """Of the indicators chosen by ``belongs``: their figures in the latest quarters, and those of the whole office."""
    quarters = [p for p in period.trailing(_COMPARED) if p in office.cycles]
    chosen = {p: [m for m in all_measures(office, p) if belongs(m)] for p in quarters}
    figures: set[Decimal] = {HUNDRED}
    for p, own in chosen.items():
        figures.update(value for m in own for value in _numbers(office, m))
        figures.update(_common(office, own))
        figures.update(_common(office, all_measures(office, p)))
    figures |= _differences(office, chosen, period)
    own = chosen.get(period, [])
    return Facts(
        missed=sum(map(_missed, own)),
        reached=sum(map(_reached, own)),
        figures=frozenset(figures),
        labels=tuple(rating.label for rating in office.scale.ratings),
        ratings=frozenset(_ratings(office, chosen.values())),
    )


def _missed(m: Measure) -> bool:
    value = m.to_date.value
    return m.to_date.outcome is Outcome.NOT_ACHIEVED or (value is not None and value < HUNDRED)


def _reached(m: Measure) -> bool:
    value = m.to_date.value
    return m.to_date.outcome is Outcome.ACHIEVED or (value is not None and value >= HUNDRED)


def _numbers(office: Office, m: Measure) -> Iterator[Decimal]:
    """Every number that belongs to one indicator in one quarter, and how far it is from its target."""
    annual = m.in_force.annual if m.in_force else None
    quarterly = office.quarterly_targets(m.indicator.id, m.period.year)
    bounds: list[Bounds | None] = [m.target, m.target_to_date, annual, *quarterly]
    goals = [value for b in bounds if b for value in (b.low, b.high)]
    attained = [a.value for a in (m.quarter, m.to_date, m.annual) if a.value is not None]
    actual = [value for value in (m.actual, m.actual_to_date) if value is not None]
    yield from (*goals, *attained, *actual)
    yield from (value - HUNDRED for value in attained)
    yield from (value - goal for value in actual for goal in goals)
    if (more := needed(office, m)) is not None:
        yield more
    yield from _money(m)


def _money(m: Measure) -> Iterator[Decimal]:
    if m.budget is not None:
        yield m.budget
    if m.spent is not None:
        yield m.spent
    if m.budget and m.spent is not None:
        yield m.budget - m.spent
        yield m.spent / m.budget * HUNDRED


def _common(office: Office, own: Sequence[Measure]) -> Iterator[Decimal]:
    """Mean and money of several indicators together."""
    mean, absorbed = mean_of(office, own), absorption_of(own)
    yield from (value for value in (mean.value, mean.low, mean.high, absorbed.percent) if value is not None)
    yield from (absorbed.spent, absorbed.budget)


def _differences(office: Office, chosen: dict[Period, list[Measure]], period: Period) -> set[Decimal]:
    """Changes since each of the quarters before: of the mean, and of every indicator."""
    if period not in chosen:
        return set()
    now = _values(office, chosen[period])
    then = [_values(office, own) for p, own in chosen.items() if p != period]
    return {now[key] - old[key] for old in then for key in now.keys() & old.keys()}


def _values(office: Office, own: Sequence[Measure]) -> dict[str, Decimal]:
    """Capaian and realisasi by indicator; the mean under ""."""
    found = {f"c {m.indicator.id}": m.to_date.value for m in own if m.to_date.value is not None}
    found |= {f"r {m.indicator.id}": m.actual_to_date for m in own if m.actual_to_date is not None}
    mean = mean_of(office, own).value
    return found | ({"": mean} if mean is not None else {})


def _ratings(office: Office, quarters: Iterable[Sequence[Measure]]) -> Iterator[str]:
    for own in quarters:
        rating = office.scale.rate(mean_of(office, own).value)
        yield from (r.label for r in (rating, *(m.rating for m in own)) if r)
