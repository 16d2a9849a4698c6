"""Step 7: what was written for each section and objective, and the register of follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.store import schema
from services.store.store import Row
from services.views.office import Office

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
    def is_written(self) -> bool:
        """Complete enough for the report: a recommendation, and a driver or an obstacle."""
        return bool(self.text("recommendation") and (self.text("drivers") or self.text("obstacles")))


def analyses(office: Office, period: Period) -> tuple[Analysis, ...]:
    """Of every section with active indicators, then of every objective, whether written or not."""
    rows = {(str(r["scope"]), str(r["subject"])): r for r in office.rows_of(schema.ANALYSIS, period)}
    sections = [(SECTION, s.id, s.name) for s in office.sections if office.indicators_of(s.id)]
    objectives = dict.fromkeys(i.objective for i in office.indicators if i.objective)
    subjects = [*sections, *((OBJECTIVE, o, o) for o in objectives)]
    return tuple(Analysis(scope, of, title, period, rows.get((scope, of))) for scope, of, title in subjects)


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


def follow_ups(office: Office, period: Period) -> tuple[FollowUp, ...]:
    """The register as this quarter sees it: its own, and those of earlier quarters that are not finished."""
    found = (_follow_up(r) for r in office.snapshot.rows(schema.FOLLOW_UP))
    shown = [f for f in found if f.period == period or (f.period < period and f.status.is_open)]
    return tuple(sorted(shown, key=lambda f: (f.period, f.due_on, f.id)))


def follow_ups_from(office: Office, period: Period) -> tuple[FollowUp, ...]:
    """Those that one quarter agreed on, whatever became of them."""
    return tuple(f for f in follow_ups(office, period) if f.period == period)


def _follow_up(row: Row) -> FollowUp:
    status = str(row["status"])
    return FollowUp(
        id=str(row["id"]),
        period=Period(cast("int", row["year"]), cast("int", row["quarter"])),
        section_id=str(row["section_id"]),
        indicator_id=str(row["indicator_id"]),
        what=str(row["what"]),
        who=str(row["who"]),
        due_on=cast("date", row["due_on"]),
        status=FollowUpStatus(status) if status in list(FollowUpStatus) else FollowUpStatus.TODO,
        note=str(row["note"]),
        row=row,
    )
