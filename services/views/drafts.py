"""Steps 8 to 10: versions of the draft, the discussion, and the corrections that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from services.domain.indicators import Period
from services.domain.sop import Event
from services.store import schema
from services.store.store import Row
from services.views.office import Office


@dataclass(frozen=True, slots=True)
class Draft:
    """One version: the data as they were at ``at``. What stood in it is read from the log, not kept twice."""

    id: str
    number: int
    at: datetime
    by: str
    note: str
    fingerprint: str

    @property
    def label(self) -> str:
        """``v0.2``"""
        return f"v0.{self.number}"


def drafts(office: Office, period: Period) -> tuple[Draft, ...]:
    """All versions of the quarter's draft, oldest first."""
    rows = sorted(office.rows_of(schema.DRAFT, period), key=lambda r: cast("int", r["number"]))
    return tuple(
        Draft(
            id=str(r["id"]),
            number=cast("int", r["number"]),
            at=cast("datetime", r["at"]),
            by=str(r["by"]),
            note=str(r["note"]),
            fingerprint=str(r["fingerprint"]),
        )
        for r in rows
    )


@dataclass(frozen=True, slots=True)
class Meeting:
    """The discussion of the draft (step 9)."""

    held_on: date | None
    place: str
    attendees: tuple[str, ...]
    minutes: str
    decisions: tuple[str, ...]
    row: Row


def meeting(office: Office, period: Period) -> Meeting | None:
    row = next(iter(office.rows_of(schema.MEETING, period)), None)
    if row is None:
        return None
    return Meeting(
        held_on=cast("date | None", row["held_on"]),
        place=str(row["place"]),
        attendees=_lines(row["attendees"]),
        minutes=str(row["minutes"]),
        decisions=_lines(row["decisions"]),
        row=row,
    )


class CorrectionStatus(StrEnum):
    OPEN = "terbuka"
    DONE = "selesai"
    REFUSED = "ditolak"


DISCUSSION, VERIFICATION = "pembahasan", "verifikasi"
"""Where a correction comes from."""
WHOLE, RESULTS = "Seluruh laporan", "Bab III Hasil monitoring dan evaluasi"
CHAPTERS = (
    WHOLE,
    "Ringkasan eksekutif",
    "Bab I Pendahuluan",
    "Bab II Pelaksanaan monitoring dan evaluasi",
    RESULTS,
    "Bab IV Penutup",
    "Lampiran",
)
"""What a comment on the draft can be about."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A comment on a part of the draft, and what became of it."""

    id: str
    round: int
    origin: str
    chapter: str
    indicator_id: str
    text: str
    raised_by: str
    raised_at: datetime
    status: CorrectionStatus
    answer: str
    answered_by: str
    answered_at: datetime | None
    row: Row


def corrections(office: Office, period: Period) -> tuple[Correction, ...]:
    """All corrections of the quarter, oldest first."""
    rows = sorted(office.rows_of(schema.CORRECTION, period), key=lambda r: cast("datetime", r["raised_at"]))
    return tuple(map(_correction, rows))


def round_of(office: Office, period: Period) -> int:
    """1 for the first time through steps 10 and 11, one more after every return."""
    return 1 + sum(e.event is Event.RETURNED for e in office.events.get(period, ()))


def _correction(row: Row) -> Correction:
    status = str(row["status"])
    return Correction(
        id=str(row["id"]),
        round=cast("int", row["round"]),
        origin=str(row["origin"]),
        chapter=str(row["chapter"]),
        indicator_id=str(row["indicator_id"]),
        text=str(row["text"]),
        raised_by=str(row["raised_by"]),
        raised_at=cast("datetime", row["raised_at"]),
        status=CorrectionStatus(status) if status in list(CorrectionStatus) else CorrectionStatus.OPEN,
        answer=str(row["answer"]),
        answered_by=str(row["answered_by"]),
        answered_at=cast("datetime | None", row["answered_at"]),
        row=row,
    )


def _lines(value: object) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(value or "").splitlines() if line.strip())
