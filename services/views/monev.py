"""Monitoring at the sections: what is planned (step 4), what was found (step 5), and what is still missing (step 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import cast

from services.domain.indicators import Period
from services.domain.monev import CHECK_ITEMS, CheckAnswer
from services.store import schema
from services.store.store import Row
from services.views.office import Office, Section


@dataclass(frozen=True, slots=True)
class Check:
    """Answer to one question of the check list; ``answer`` None: not answered yet."""

    item: int
    answer: CheckAnswer | None
    note: str

    @property
    def question(self) -> str:
        return CHECK_ITEMS[self.item - 1]


@dataclass(frozen=True, slots=True)
class Visit:
    """Plan and result of the monev of one section in one quarter. ``row`` None: nothing is planned yet."""

    section: Section
    period: Period
    row: Row | None
    checks: tuple[Check, ...]

    def text(self, column: str) -> str:
        return str(self.row[column] or "") if self.row else ""

    def _day(self, column: str) -> date | None:
        return cast("date | None", self.row[column]) if self.row else None

    @property
    def planned_on(self) -> date | None:
        return self._day("planned_on")

    @property
    def held_on(self) -> date | None:
        return self._day("held_on")

    @property
    def agreed_at(self) -> datetime | None:
        return cast("datetime | None", self.row["agreed_at"]) if self.row else None

    @property
    def evidence(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text("evidence").splitlines() if line.strip())

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the result still lacks, in words."""
        lacking = {
            "pelaksanaan": self.held_on is None,
            "petugas": not self.text("officer"),
            "yang hadir": not self.text("attendees"),
            "daftar periksa": any(check.answer is None for check in self.checks),
            "temuan": not self.text("findings"),
            "rekomendasi": not self.text("recommendation"),
            "kesepakatan kasi": self.agreed_at is None,
        }
        return tuple(name for name, is_missing in lacking.items() if is_missing)


def visits(office: Office, period: Period) -> tuple[Visit, ...]:
    """One for each section that has active indicators, planned or not."""
    rows = {str(r["section_id"]): r for r in office.rows_of(schema.MONEV, period)}
    answers = {(str(r["section_id"]), cast("int", r["item"])): r for r in office.rows_of(schema.MONEV_CHECK, period)}
    return tuple(
        Visit(section, period, rows.get(section.id), tuple(_checks(section.id, answers)))
        for section in office.sections
        if office.indicators_of(section.id)
    )


def visit(office: Office, section_id: str, period: Period) -> Visit | None:
    return next((v for v in visits(office, period) if v.section.id == section_id), None)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two visits that the same officer cannot both make: same day, same hour (or one of them without an hour)."""

    first: Visit
    second: Visit

    @property
    def message(self) -> str:
        a, b = self.first, self.second
        return f"{a.text('officer')} dijadwalkan di {a.section.short} dan {b.section.short} pada waktu yang sama."


def clashes(found: Sequence[Visit]) -> tuple[Clash, ...]:
    return tuple(Clash(a, b) for a, b in combinations(found, 2) if _clash(a, b))


def _clash(a: Visit, b: Visit) -> bool:
    same_officer = a.text("officer").casefold() == b.text("officer").casefold() != ""
    hours = {a.text("planned_at"), b.text("planned_at")}
    return (
        same_officer and a.planned_on is not None and a.planned_on == b.planned_on and (len(hours) < 2 or "" in hours)
    )


def _checks(section_id: str, answers: Mapping[tuple[str, int], Row]) -> Iterator[Check]:
    for item in range(1, len(CHECK_ITEMS) + 1):
        row = answers.get((section_id, item))
        answer = str(row["answer"]) if row else ""
        known = CheckAnswer(answer) if answer in list(CheckAnswer) else None
        yield Check(item, known, str(row["note"]) if row else "")
