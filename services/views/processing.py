"""Step 3: how many findings are answered, and what the corrections changed in the means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from services.domain.attainment import Mean
from services.domain.findings import BLANK, FindingKind
from services.domain.indicators import Period
from services.store import schema
from services.store.store import Row, Value
from services.views.findings import ACCEPTED, CORRECTED, RETURNED, findings_of
from services.views.measures import mean_of, measures
from services.views.office import Entry, Office, Section

_FIGURES = ("actual", "spent")


@dataclass(frozen=True, slots=True)
class Answered:
    """How the findings of a quarter stand. ``corrected`` counts answers; the others, what stands there now."""

    waiting: int
    returned: int
    accepted: int
    corrected: int

    @property
    def total(self) -> int:
        return self.waiting + self.done

    @property
    def done(self) -> int:
        return self.returned + self.accepted + self.corrected


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A mean before the first correction and now. ``section`` None: of the whole office."""

    section: Section | None
    before: Mean
    after: Mean

    @property
    def changed(self) -> bool:
        return self.before != self.after


def answered(office: Office, period: Period) -> Answered:
    """Answers to the findings of a quarter and of the dictionary."""
    answers = [c.answer.answer if c.answer else "" for c in findings_of(office, period)]
    corrected = sum(row["answer"] == CORRECTED for row in office.rows_of(schema.ANSWER, period))
    return Answered(
        waiting=sum(a not in (RETURNED, ACCEPTED) for a in answers),
        returned=answers.count(RETURNED),
        accepted=answers.count(ACCEPTED),
        corrected=corrected,
    )


@lru_cache(maxsize=8)
def recalculated(office: Office, period: Period) -> tuple[Recalculated, ...]:
    """The mean of the office, then of each section with indicators, before the corrections of Periksa data and now.

    A figure before its correction is the one that counted then: what the section had given in, else what stood there.
    """
    earlier = _before_corrections(office, period)
    sections = (s for s in office.sections if office.indicators_of(s.id))
    return tuple(_recalculated(earlier, office, period, section) for section in (None, *sections))


def _recalculated(earlier: Office, office: Office, period: Period, section: Section | None) -> Recalculated:
    section_id = section.id if section else None
    before = mean_of(earlier, measures(earlier, period, section_id))
    return Recalculated(section, before, mean_of(office, measures(office, period, section_id)))


def _before_corrections(office: Office, period: Period) -> Office:
    earlier = office
    for row in reversed(_corrections(office, period)):
        entry = _entry_of(earlier, str(row["row_id"]), period)
        if entry:
            figures = {name: entry.counted(name) for name in _FIGURES}
            earlier = earlier.with_typed(entry, figures | {str(row["column"]): _counted_then(office, entry, row)})
    return earlier


def _corrections(office: Office, period: Period) -> list[Row]:
    """Answers that changed a figure that counts, oldest first."""
    rows = (r for r in office.rows_of(schema.ANSWER, period) if r["table"] == schema.ENTRY.name and _changed_figure(r))
    return sorted(rows, key=_at)


def _changed_figure(row: Row) -> bool:
    taken_over = row["answer"] == ACCEPTED and row["kind"] == FindingKind.CHANGED.value
    return row["column"] in _FIGURES and (row["answer"] == CORRECTED or taken_over)


def _entry_of(office: Office, row_id: str, period: Period) -> Entry | None:
    """The entry with the figures that count."""
    found = office.entry_by_id(row_id)
    return office.entry(found.indicator_id, period) if found else None


def _counted_then(office: Office, entry: Entry, row: Row) -> Value:
    """What counted when the answer was given."""
    given = (r for r in office.rows_of(schema.GIVEN, entry.period) if r["indicator_id"] == entry.indicator_id)
    latest = max((r for r in given if _at(r) < _at(row)), key=_at, default=None)
    if latest is not None:
        return latest[str(row["column"])]
    return "" if row["typed"] == BLANK else row["typed"]


def _at(row: Row) -> datetime:
    return cast("datetime", row["at"])
