"""Step 7: what was written for each section and objective, and the register of follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import cast

from services.domain.attainment import Mean, Rating
from services.domain.indicators import Period
from services.domain.monev import CheckAnswer, FollowUpStatus
from services.domain.narrative import says_nothing
from services.domain.numbers import clean, format_number, format_percent, format_period
from services.store import schema
from services.store.store import Row
from services.views.measures import Measure, mean_of, measures
from services.views.monev import Visit, visits
from services.views.office import Office, period_of

OBJECTIVE, SECTION = "sasaran", "seksi"
TEXTS = ("drivers", "obstacles", "comparison", "recommendation")


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is written about one section (its id) or one objective (its wording). ``row`` None: nothing yet."""

    scope: str
    subject: str
    title: str
    period: Period
    row: Row | None

    def text(self, column: str) -> str:
        return str(self.row[column] or "") if self.row else ""

    @property
    def key(self) -> str:
        """Names the subject in ids and addresses: the id of the section, else made from the wording."""
        return self.subject if self.scope == SECTION else sha256(self.subject.encode()).hexdigest()[:12]

    @property
    def is_written(self) -> bool:
        """Complete enough for the report: a recommendation, and a driver or an obstacle."""
        return bool(self.text("recommendation") and (self.text("drivers") or self.text("obstacles")))

    def owns(self, m: Measure) -> bool:
        """Whether an indicator belongs to this section or objective."""
        return self.subject == (m.indicator.section_id if self.scope == SECTION else m.indicator.objective)


def analyses(office: Office, period: Period) -> tuple[Analysis, ...]:
    """Of every section with active indicators, then of every objective, whether written or not."""
    rows = {(str(r["scope"]), str(r["subject"])): r for r in office.rows_of(schema.ANALYSIS, period)}
    sections = [(SECTION, s.id, s.name) for s in office.sections if office.indicators_of(s.id)]
    objectives = dict.fromkeys(i.objective for i in office.indicators if i.objective)
    subjects = [*sections, *((OBJECTIVE, o, o) for o in objectives)]
    return tuple(Analysis(scope, of, title, period, rows.get((scope, of))) for scope, of, title in subjects)


# --- figures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one subject in one quarter: its indicators, their mean, its rating."""

    period: Period
    measures: tuple[Measure, ...]
    mean: Mean
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """This quarter beside the one before and the same one last year; None where that one was never opened."""

    now: Figures
    previous: Figures | None
    last_year: Figures | None

    @property
    def known(self) -> tuple[Figures, ...]:
        return tuple(f for f in (self.now, self.previous, self.last_year) if f)

    @property
    def text(self) -> str:
        """The comparison in sentences, to be taken over and edited; "" while this quarter has no figure."""
        if self.now.mean.value is None:
            return ""
        rating = f", kategori {self.now.rating.label}" if self.now.rating else ""
        counted = f"{self.now.mean.measured} dari {self.now.mean.expected} indikator terukur"
        head = f"Rata-rata capaian {format_period(self.now.period)} {_percent(self.now.mean)}{rating} ({counted})."
        return " ".join((head, *(_compared(self.now, old) for old in (self.previous, self.last_year) if old)))


@lru_cache(maxsize=16)
def all_measures(office: Office, period: Period) -> tuple[Measure, ...]:
    """Every indicator of a quarter, computed once for all its subjects."""
    return measures(office, period)


def comparison(office: Office, analysis: Analysis) -> Comparison:
    period = analysis.period
    earlier = (period.previous(), Period(period.year - 1, period.quarter))
    previous, last_year = (_figures(office, analysis, p) if p in office.cycles else None for p in earlier)
    return Comparison(_figures(office, analysis, period), previous, last_year)


def change(now: Figures, old: Figures) -> Decimal | None:
    """Percentage points from the mean then to the mean now; None where one of them is missing."""
    return None if now.mean.value is None or old.mean.value is None else now.mean.value - old.mean.value


def _figures(office: Office, analysis: Analysis, period: Period) -> Figures:
    own = tuple(m for m in all_measures(office, period) if analysis.owns(m))
    found = mean_of(office, own)
    return Figures(period, own, found, office.scale.rate(found.value))


def _percent(value: Mean) -> str:
    return "belum ada" if value.value is None else format_percent(value.value)


def _compared(now: Figures, old: Figures) -> str:
    """As far as both are shown, so that the sentence agrees with the figures beside it."""
    difference = change(now, old)
    if difference is None:
        return f"{format_period(old.period)} belum mempunyai rata-rata capaian."
    shown = format_number(abs(difference), 1)
    word = (
        "sama dengan" if shown == "0,0" else f"naik {shown} poin dari" if difference > 0 else f"turun {shown} poin dari"
    )
    return f"Nilai ini {word} {format_period(old.period)} ({_percent(old.mean)})."


# --- material ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Material:
    """What others wrote that an analysis can be made from, one sentence each, with where it comes from in front."""

    drivers: tuple[str, ...]
    obstacles: tuple[str, ...]
    recommendations: tuple[str, ...]


def material(office: Office, analysis: Analysis) -> Material:
    """From the entries of the subject's indicators, and from the monev of the sections that they belong to."""
    own = [m for m in all_measures(office, analysis.period) if analysis.owns(m)]
    sections = {m.indicator.section_id for m in own}
    held = [v for v in visits(office, analysis.period) if v.section.id in sections]
    return Material(
        drivers=_unique(_entry_texts(own, "driver")),
        obstacles=_unique((*_entry_texts(own, "obstacle"), *(text for v in held for text in _found(v)))),
        recommendations=_unique((*_recommended(held), *_entry_texts(own, "follow_up"))),
    )


def _entry_texts(own: list[Measure], column: str) -> Iterator[str]:
    for m in own:
        text = m.entry.text(column) if m.entry else ""
        if not says_nothing(text):
            yield f"{m.indicator.name}: {clean(text)}"


def _found(held: Visit) -> Iterator[str]:
    if not says_nothing(held.text("findings")):
        yield f"Monev {held.section.short}: {clean(held.text('findings'))}"
    for check in held.checks:
        if check.answer in (CheckAnswer.PARTLY, CheckAnswer.NO) and not says_nothing(check.note):
            yield f"Monev {held.section.short}: {clean(check.note)}"


def _recommended(held: list[Visit]) -> Iterator[str]:
    for visited in held:
        if not says_nothing(visited.text("recommendation")):
            yield f"Monev {visited.section.short}: {clean(visited.text('recommendation'))}"


def _unique(texts: Iterator[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


# --- follow-ups --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One agreed thing to do: what, who, until when; ``period`` is the quarter that it comes from."""

    id: str
    period: Period
    section_id: str
    indicator_id: str
    what: str
    who: str
    due_on: date
    status: FollowUpStatus
    note: str
    row: Row

    def is_late(self, today: date) -> bool:
        return self.status.is_open and today > self.due_on


@lru_cache(maxsize=16)
def follow_ups(office: Office, period: Period) -> tuple[FollowUp, ...]:
    """The register as this quarter sees it: its own, and of earlier quarters those not finished before it began."""
    found = (_follow_up(r) for r in office.snapshot.rows(schema.FOLLOW_UP))
    shown = [f for f in found if f.period == period or (f.period < period and _is_carried(office, f, period))]
    return tuple(sorted(shown, key=lambda f: (f.period, f.due_on, f.id)))


def carried(office: Office, period: Period) -> tuple[FollowUp, ...]:
    """Those of the register that earlier quarters agreed on."""
    return tuple(f for f in follow_ups(office, period) if f.period < period)


def _is_carried(office: Office, item: FollowUp, period: Period) -> bool:
    """Still open, or ended while this quarter was the newest one."""
    ended, cycle, later = item.row["entered_at"], office.cycles.get(period), office.cycles.get(period.next())
    if item.status.is_open or not isinstance(ended, datetime) or cycle is None:
        return item.status.is_open
    return cycle.opened_at <= ended and (later is None or ended < later.opened_at)


def follow_up(office: Office, follow_up_id: str) -> FollowUp | None:
    row = next((r for r in office.snapshot.rows(schema.FOLLOW_UP) if r["id"] == follow_up_id), None)
    return _follow_up(row) if row else None


def follow_ups_from(office: Office, period: Period) -> tuple[FollowUp, ...]:
    """Those that one quarter agreed on, whatever became of them."""
    return tuple(f for f in follow_ups(office, period) if f.period == period)


@dataclass(frozen=True, slots=True)
class ProposedFollowUp:
    """A recommendation of the monev that is not in the register yet."""

    section_id: str
    what: str
    who: str


def proposed_follow_ups(office: Office, period: Period) -> tuple[ProposedFollowUp, ...]:
    """From the recommendations of the quarter's monev; one that was taken over as it stands is not proposed again."""
    known = {(f.section_id, clean(f.what)) for f in follow_ups_from(office, period)}
    found = (
        ProposedFollowUp(v.section.id, clean(v.text("recommendation")), _head(office, v))
        for v in visits(office, period)
    )
    return tuple(p for p in found if not says_nothing(p.what) and (p.section_id, p.what) not in known)


def _head(office: Office, visited: Visit) -> str:
    """Post of whoever leads the section."""
    posts = (o.post for o in office.officials if o.section_id == visited.section.id)
    return next(posts, visited.section.name)


_STATUSES = {status.value: status for status in FollowUpStatus}


def _follow_up(row: Row) -> FollowUp:
    return FollowUp(
        id=str(row["id"]),
        period=period_of(row),
        section_id=str(row["section_id"]),
        indicator_id=str(row["indicator_id"]),
        what=str(row["what"]),
        who=str(row["who"]),
        due_on=cast("date", row["due_on"]),
        status=_STATUSES.get(str(row["status"]), FollowUpStatus.TODO),
        note=str(row["note"]),
        row=row,
    )
