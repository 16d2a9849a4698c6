"""Monitoring at the sections: what is planned (step 4), what was found (step 5), and what is still missing (step 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import cast

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.monev import CHECK_ITEMS, CheckAnswer, read_hour, spread
from services.domain.numbers import clean, format_date, format_percent, format_period
from services.domain.sop import VISITING
from services.store import schema
from services.store.store import Row
from services.views.board import worst
from services.views.calendar_file import Appointment, calendar_file
from services.views.findings import open_findings
from services.views.measures import measures
from services.views.office import Office, Official, Section, days_off
from services.views.steps import steps_of

_WEAKEST = 3
_VISIT = timedelta(hours=2)


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


@dataclass(frozen=True, slots=True)
class Span:
    """The days of step 5, both included: planned while it has not begun, real afterwards."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{format_date(self.first)} s.d. {format_date(self.last)}"


def visiting_span(office: Office, period: Period, now: datetime) -> Span | None:
    """When the visits should take place; None before the quarter was opened."""
    steps = steps_of(office, period, now)
    step = steps.items[VISITING - 1]
    if step.started_at and step.due_at:
        start, due = step.started_at, step.due_at
    else:
        expected = next((e for e in steps.expected if e.no == VISITING), None)
        if expected is None:
            return None
        start, due = expected.start, office.calendar.due(expected.start, step.step.duration)
    return Span(start.astimezone(WIB).date(), due.astimezone(WIB).date())


def doubts(office: Office, planned: Visit, span: Span | None) -> tuple[str, ...]:
    """What speaks against the day of a planned visit, in words; the same officer twice is a ``Clash``."""
    day = planned.planned_on
    if day is None:
        return ()
    said = []
    if not office.calendar.is_working_day(day):
        said.append(f"{format_date(day)} bukan hari kerja: {_day_off(office, day)}.")
    if span and not span.first <= day <= span.last:
        said.append(f"{format_date(day)} di luar waktu langkah {VISITING}, {span}.")
    return tuple(said)


def _day_off(office: Office, day: date) -> str:
    holiday = next((r for r in days_off(office.snapshot) if r["day"] == day), None)
    return clean(str(holiday["name"] or holiday["kind"])) if holiday else "akhir pekan"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day, hour and officer for a section that has none yet."""

    section: Section
    day: date
    hour: str
    officer: str


def proposed_schedule(office: Office, period: Period, now: datetime) -> tuple[Proposal, ...]:
    """The sections without a day, spread over the working days of step 5 that are left; fewer when they do not fit.

    The officers are the executors of step 5 in turn; nobody visits the own section.
    """
    span = visiting_span(office, period, now)
    known = visits(office, period)
    unplanned = [v.section for v in known if v.planned_on is None]
    if span is None:
        return ()
    first = max(span.first, now.astimezone(WIB).date())
    days = [day for day in _days(first, span.last) if office.calendar.is_working_day(day)]
    taken = {(v.planned_on, v.text("planned_at")) for v in known if v.planned_on}
    free = [slot for slot in spread(len(known), days) if slot not in taken]
    officers = _officers(office, period)
    return tuple(
        Proposal(section, day, hour, _officer_for(section, officers, n))
        for n, (section, (day, hour)) in enumerate(zip(unplanned, free, strict=False))
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))


def _officers(office: Office, period: Period) -> tuple[Official, ...]:
    executors = office.steps(period)[VISITING - 1].executor
    return tuple(o for role in executors if (o := office.official(role)))


def _officer_for(section: Section, officers: Sequence[Official], turn: int) -> str:
    able = [o for o in officers if o.section_id != section.id]
    return officer_name(able[turn % len(able)]) if able else ""


def officer_name(official: Official) -> str:
    """The name, or the post where the name is not filled in."""
    return official.name or official.post


def schedule_calendar(office: Office, period: Period) -> bytes:
    """The planned visits as a calendar file; one without an hour takes the whole day."""
    planned = [v for v in visits(office, period) if v.row and v.planned_on]
    stamps = [cast("datetime", v.row["entered_at"]) for v in planned if v.row and v.row["entered_at"]]
    stamp = max(stamps, default=office.cycles[period].opened_at)
    title = f"Jadwal monev {format_period(period)}, {office.profile.title}"
    return calendar_file(office, title, map(_appointment, planned), stamp)


def _appointment(planned: Visit) -> Appointment:
    assert planned.planned_on
    hour = read_hour(planned.text("planned_at"))
    begins = datetime.combine(planned.planned_on, time.fromisoformat(hour.replace(".", ":")), WIB) if hour else None
    return Appointment(
        key=f"monev-{planned.period.key}-{planned.section.id}",
        title=f"Monev {planned.section.name}",
        start=begins or planned.planned_on,
        end=begins + _VISIT if begins else None,
        details=" ".join(filter(None, (f"Petugas {planned.text('officer')}.", planned.text("focus")))),
        place=planned.text("place"),
    )


def proposed_focus(office: Office, period: Period, section_id: str) -> str:
    """What a visit should look at: the weakest indicators, missing values, and findings that are still open."""
    items = measures(office, period, section_id)
    weak = [
        f"{m.indicator.name} (capaian {format_percent(m.to_date.value)})"
        for m in worst(items, _WEAKEST)
        if m.to_date.value is not None
    ]
    missing = [m.indicator.name for m in items if m.is_missing]
    findings = [c for c in open_findings(office, period) if c.finding.section_id == section_id]
    kinds = ", ".join(sorted({c.finding.kind.value for c in findings}))
    parts = (
        f"Capaian terendah: {'; '.join(weak)}." if weak else "",
        f"Realisasi belum ada: {'; '.join(missing)}." if missing else "",
        f"Temuan Periksa data yang masih terbuka: {len(findings)} ({kinds})." if findings else "",
    )
    return " ".join(filter(None, parts))


def _checks(section_id: str, answers: Mapping[tuple[str, int], Row]) -> Iterator[Check]:
    for item in range(1, len(CHECK_ITEMS) + 1):
        row = answers.get((section_id, item))
        answer = str(row["answer"]) if row else ""
        known = CheckAnswer(answer) if answer in list(CheckAnswer) else None
        yield Check(item, known, str(row["note"]) if row else "")
