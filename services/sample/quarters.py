"""The quarters of the sample office: when each was opened, how fast its steps went, who was late.

The story is fixed in time: its present is Tuesday 3 November 2026, 10.20, when the third quarter stands at step 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.process import plan
from services.domain.roles import Action
from services.domain.sop import COLLECTING, CORRECTING, PROCESSING, SOP_2024, VERIFYING, Event
from services.sample.people import BY_USERNAME
from services.sample.reference import SECTION_IDS, calendar
from services.store.store import Change, Transaction

PRESENT = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)
CURRENT = Period(2026, 3)
_MINUTES_OF_ROUNDING = 5
_LAST_SUBMISSION = 15


@dataclass(frozen=True, slots=True)
class Returned:
    """A draft sent back from step 11 to step 10: why, and how long the second round took (% of standard time)."""

    reason: str
    correcting: int
    verifying: int


@dataclass(frozen=True, slots=True)
class Finish:
    """One event of a step as the story tells it."""

    step: int
    at: datetime
    note: str = ""
    event: Event = Event.FINISHED


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a step was worked at."""

    began: datetime
    ended: datetime

    def at(self, percent: int) -> datetime:
        """The moment at which so much of its working time is over, in whole minutes."""
        return calendar().add(self.began, calendar().between(self.began, self.ended) * percent // 100)


@dataclass(frozen=True)
class Quarter:
    """One quarter. ``paces`` are the times that the steps took in % of their standard time, ``late`` the sections that
    sent after the due date, ``owing`` those that have not sent at all."""

    period: Period
    opened_at: datetime
    paces: tuple[int, ...]
    late: tuple[str, ...] = ()
    owing: tuple[str, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    returned: Returned | None = None

    @cached_property
    def finishes(self) -> tuple[Finish, ...]:
        notes = dict(self.notes)
        events: list[Finish] = []
        at = self.opened_at
        for step, pace in enumerate(self.paces, start=1):
            began, at = at, _after(at, step, pace)
            if step == VERIFYING and self.returned:
                events.append(Finish(step, at, self.returned.reason, Event.RETURNED))
                at = _after(at, CORRECTING, self.returned.correcting)
                events.append(Finish(CORRECTING, at))
                began, at = at, _after(at, VERIFYING, self.returned.verifying)
            if step == VERIFYING:
                events.append(Finish(step, _between(began, at), event=Event.VERIFIED))
            events.append(Finish(step, at, notes.get(step, "")))
        return tuple(events)

    @cached_property
    def spans(self) -> dict[tuple[int, int], Span]:
        """When each step began and ended, by step and round (0: the first time)."""
        found: dict[tuple[int, int], Span] = {}
        began, rounds = self.opened_at, 0
        for finish in self.finishes:
            if finish.event is Event.VERIFIED:
                continue
            found[finish.step, rounds if finish.step in (CORRECTING, VERIFYING) else 0] = Span(began, finish.at)
            began, rounds = finish.at, rounds + (finish.event is Event.RETURNED)
        return found

    @property
    def filling_from(self) -> datetime:
        return self.finishes[0].at

    @property
    def collected_at(self) -> datetime:
        return self.finishes[COLLECTING - 1].at

    @property
    def due_at(self) -> datetime:
        minutes = sum(calendar().minutes(step.duration) for step in SOP_2024[:COLLECTING])
        return calendar().add(self.opened_at, minutes)

    @property
    def locks_at(self) -> datetime:
        return plan(SOP_2024, self.opened_at, calendar())[PROCESSING - 1].due

    def sent_at(self, section_id: str) -> datetime:
        """When the section gives its data in; for a section that owes them, when its first figures were all there."""
        available = calendar().between(self.filling_from, self.due_at)
        if section_id in (*self.late, *self.owing):
            late = calendar().between(self.filling_from, self.collected_at)
            return calendar().add(self.filling_from, late - _LAST_SUBMISSION * (1 + SECTION_IDS.index(section_id)))
        share = 40 + 7 * SECTION_IDS.index(section_id)
        return calendar().add(self.filling_from, available * share // 100)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


QUARTERS = (
    Quarter(
        Period(2025, 1),
        moment("2025-04-08 08:20"),
        (100, 160, 90, 95, 110, 100, 90, 120, 80, 90, 100, 90, 100),
        late=("pmn", "kesos"),
        notes=((2, "Seksi Pemberdayaan Masyarakat dan Nagari serta Kesejahteraan Sosial mengirim setelah tenggat."),),
    ),
    Quarter(
        Period(2025, 2),
        moment("2025-07-01 08:15"),
        (60, 170, 85, 90, 100, 130, 100, 95, 80, 70, 90, 100, 70),
        late=("yanum",),
    ),
    Quarter(Period(2025, 3), moment("2025-10-01 08:10"), (60, 95, 90, 80, 95, 90, 80, 100, 80, 70, 90, 80, 60)),
    Quarter(Period(2025, 4), moment("2026-01-05 08:30"), (70, 98, 100, 90, 90, 100, 120, 90, 100, 80, 70, 90, 80)),
    Quarter(
        Period(2026, 1),
        moment("2026-04-01 08:05"),
        (60, 165, 90, 85, 95, 100, 90, 90, 80, 60, 80, 90, 60),
        late=("kesos",),
    ),
    Quarter(
        Period(2026, 2),
        moment("2026-07-01 08:10"),
        (60, 96, 95, 90, 90, 80, 95, 90, 80, 70, 60, 80, 70),
        returned=Returned(
            "Serapan Subbagian PKP pada Bab III berbeda dengan laporan realisasi anggaran; perbaiki dan lampirkan "
            "rekonsiliasinya.",
            correcting=50,
            verifying=60,
        ),
    ),
    Quarter(
        CURRENT,
        moment("2026-10-01 08:10"),
        (70, 288, 99, 100, 100, 272),
        owing=("kesos", "yanum"),
        notes=(
            (2, "Seksi Kesejahteraan Sosial dan Pelayanan Umum belum mengirim; yang sudah ada diolah lebih dahulu."),
            (6, "Hasil monev Seksi Pelayanan Umum baru diterima hari ini."),
        ),
    ),
)


def transaction(key: str, at: datetime, by: str, action: Action, changes: Sequence[Change], source: str) -> Transaction:
    role = BY_USERNAME[by].role.value
    return Transaction(at, by, role, action.value, source, tuple(changes), id=f"contoh-{key}")


def _between(began: datetime, ended: datetime) -> datetime:
    """When the Sekretaris has verified what the Camat then approves."""
    return calendar().add(began, calendar().between(began, ended) * 3 // 4)


def _after(at: datetime, step: int, pace: int) -> datetime:
    """The moment at which the step is over, in round minutes."""
    exact = calendar().minutes(SOP_2024[step - 1].duration) * pace / 100
    minutes = max(1, round(exact / _MINUTES_OF_ROUNDING)) * _MINUTES_OF_ROUNDING
    return calendar().add(at, minutes)
