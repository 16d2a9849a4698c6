"""What has happened in the sample office, as the transactions that its people would have made.

The story is fixed in time: its present is Tuesday 3 November 2026, 10.20, when the third quarter stands at step 7. The
log and the final rows both come from these transactions, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.process import plan
from services.domain.roles import Action, Role
from services.domain.sop import COLLECTING, CORRECTING, PROCESSING, SOP_2024, VERIFYING, Event
from services.sample.catalogue import Sample, samples
from services.sample.people import BY_USERNAME, FILLER
from services.sample.reference import SECTION_IDS, SOP_VERSION, calendar
from services.store import schema
from services.store.store import Change, Insert, Row, Transaction, Update

PRESENT = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)
CURRENT = Period(2026, 3)
_REVISED_AT = datetime(2026, 8, 28, 10, 15, tzinfo=WIB)
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


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


QUARTERS = (
    Quarter(
        Period(2025, 1),
        _moment("2025-04-08 08:20"),
        (100, 160, 90, 95, 110, 100, 90, 120, 80, 90, 100, 90, 100),
        late=("pmn", "kesos"),
        notes=((2, "Seksi Pemberdayaan Masyarakat dan Nagari serta Kesejahteraan Sosial mengirim setelah tenggat."),),
    ),
    Quarter(
        Period(2025, 2),
        _moment("2025-07-01 08:15"),
        (60, 170, 85, 90, 100, 130, 100, 95, 80, 70, 90, 100, 70),
        late=("yanum",),
    ),
    Quarter(Period(2025, 3), _moment("2025-10-01 08:10"), (60, 95, 90, 80, 95, 90, 80, 100, 80, 70, 90, 80, 60)),
    Quarter(Period(2025, 4), _moment("2026-01-05 08:30"), (70, 98, 100, 90, 90, 100, 120, 90, 100, 80, 70, 90, 80)),
    Quarter(
        Period(2026, 1),
        _moment("2026-04-01 08:05"),
        (60, 165, 90, 85, 95, 100, 90, 90, 80, 60, 80, 90, 60),
        late=("kesos",),
    ),
    Quarter(
        Period(2026, 2),
        _moment("2026-07-01 08:10"),
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
        _moment("2026-10-01 08:10"),
        (70, 288, 99, 100, 100, 272),
        owing=("kesos", "yanum"),
        notes=(
            (2, "Seksi Kesejahteraan Sosial dan Pelayanan Umum belum mengirim; yang sudah ada diolah lebih dahulu."),
            (6, "Hasil monev Seksi Pelayanan Umum baru diterima hari ini."),
        ),
    ),
)


def transactions() -> Iterator[Transaction]:
    """Everything that happened, oldest first."""
    told = [t for quarter in QUARTERS for t in _quarter(quarter)]
    return iter(sorted((*told, _revision()), key=lambda t: t.at))


def _quarter(quarter: Quarter) -> Iterator[Transaction]:
    yield _opening(quarter)
    for section_id in SECTION_IDS:
        yield from _section(quarter, section_id)
    for finish in quarter.finishes:
        yield _finishing(quarter, finish)
    if quarter.owing:
        yield _exceptions(quarter)


def _opening(quarter: Quarter) -> Transaction:
    period = quarter.period
    cycle: Row = {
        "id": f"siklus-{period.key}",
        "year": period.year,
        "quarter": period.quarter,
        "opened_at": quarter.opened_at,
        "opened_by": "pkp",
        "due_on": quarter.due_at.date(),
        "locks_on": quarter.locks_at.date(),
        "locked_at": None,
        "sop_version": SOP_VERSION,
    }
    entries = (Insert(schema.ENTRY, _empty_entry(period, sample)) for sample in samples())
    changes = (Insert(schema.CYCLE, cycle), *entries)
    return _transaction(f"buka-{period.key}", quarter.opened_at, "pkp", Action.OPEN_QUARTER, changes, "Langkah")


def _section(quarter: Quarter, section_id: str) -> Iterator[Transaction]:
    """The section's figures one after the other, what PKP corrected in them later, and the submission."""
    own = [s for s in samples() if s.section_id == section_id and s.figures(quarter.period) is not None]
    sent_at = quarter.sent_at(section_id)
    available = calendar().between(quarter.filling_from, sent_at)
    for number, sample in enumerate(own, start=1):
        at = calendar().add(quarter.filling_from, available * number // (len(own) + 1))
        yield from _figures(quarter, sample, at)
    if section_id not in quarter.owing:
        yield _submission(quarter, section_id, sent_at)


def _figures(quarter: Quarter, sample: Sample, at: datetime) -> Iterator[Transaction]:
    key, by = f"{quarter.period.key}-{sample.id}", FILLER[sample.section_id]
    figures = dict(sample.figures(quarter.period) or {})
    corrected, typed = figures["actual"], sample.first_typed(quarter.period)
    if typed is not None:
        figures["actual"] = typed
    given = {name: value for name, value in figures.items() if value not in (None, "")}
    blank = {name: value for name, value in _empty_entry(quarter.period, sample).items() if name in given}
    yield _saving(f"isi-{key}", at, by, blank, given)
    if typed is not None:
        checked_at = calendar().add(quarter.collected_at, 60 + 10 * (int(str(sample.row["order"])) % 12))
        again = (_given(quarter.period, sample, checked_at, "pkp", corrected=True),)
        changes = again if sample.section_id not in quarter.owing else ()
        yield _saving(f"isi-{key}", checked_at, "pkp", {"actual": typed}, {"actual": corrected}, "koreksi-", changes)


def _saving(
    entry_id: str, at: datetime, by: str, old: Row, new: Row, prefix: str = "", more: Sequence[Change] = ()
) -> Transaction:
    # Only the sheet takes what is no plain number; a page would have stored the number that it understood.
    in_sheet = any(isinstance(new.get(name), str) for name in ("actual", "spent"))
    update = Update(schema.ENTRY, entry_id, old, {**new, "entered_by": by, "entered_at": at})
    source = "Lembar kerja" if in_sheet else "Isian"
    return _transaction(f"{prefix}{entry_id}", at, by, Action.SAVE_ENTRY, (update, *more), source)


def _submission(quarter: Quarter, section_id: str, at: datetime) -> Transaction:
    period, by = quarter.period, FILLER[section_id]
    key = f"kirim-{period.key}-{section_id}"
    event = _event(key, period, Finish(COLLECTING, at, event=Event.SUBMITTED), by, section_id)
    figures = (_given(period, sample, at, by) for sample in samples() if sample.section_id == section_id)
    return _transaction(key, at, by, Action.SUBMIT_SECTION, (event, *figures), "Isian")


def _given(period: Period, sample: Sample, at: datetime, by: str, *, corrected: bool = False) -> Insert:
    """The figures that count from this moment on: as first typed, or as the Kasubag PKP corrected them."""
    figures = sample.figures(period) or {"actual": None, "spent": None}
    typed = None if corrected else sample.first_typed(period)
    row: Row = {
        "id": f"kirim-{period.key}-{sample.id}{'-koreksi' if corrected else ''}",
        "year": period.year,
        "quarter": period.quarter,
        "indicator_id": sample.id,
        "actual": typed if typed is not None else figures["actual"],
        "spent": figures["spent"],
        "at": at,
        "by": by,
    }
    return Insert(schema.GIVEN, row)


def _finishing(quarter: Quarter, finish: Finish) -> Transaction:
    period, by = quarter.period, _holder(finish.step, finish.event)
    rounds = sum(f.event is Event.RETURNED and f.at < finish.at for f in quarter.finishes)
    key = f"{period.key}-{finish.step}-{finish.event.value}-{rounds}"
    changes: tuple[Change, ...] = (_event(key, period, finish, by),)
    if finish.step == PROCESSING:
        changes += (Update(schema.CYCLE, f"siklus-{period.key}", {"locked_at": None}, {"locked_at": finish.at}),)
    return _transaction(f"langkah-{key}", finish.at, by, Action.FINISH_STEP, changes, "Langkah")


def _exceptions(quarter: Quarter) -> Transaction:
    """The sections that owe figures after the lock may still give them until tomorrow."""
    period, at = quarter.period, _moment("2026-10-26 09:00")
    rows: Iterable[Row] = (
        {
            "id": f"kecuali-{period.key}-{section_id}",
            "year": period.year,
            "quarter": period.quarter,
            "section_id": section_id,
            "until": date(2026, 11, 4),
            "reason": "Data dari nagari baru terkumpul; laporan tidak dapat menunggu lebih lama.",
            "at": at,
            "by": "pkp",
        }
        for section_id in quarter.owing
    )
    changes = tuple(Insert(schema.EXCEPTION, row) for row in rows)
    return _transaction(f"kecuali-{period.key}", at, "pkp", Action.GRANT_EXCEPTION, changes, "Pengumpulan data")


def _revision() -> Transaction:
    changes = tuple(Insert(schema.TARGET, row) for s in samples() if (row := s.revision_row()) is not None)
    return _transaction("revisi-2026-3", _REVISED_AT, "pkp", Action.REVISE_TARGET, changes, "Indikator")


def _transaction(
    key: str, at: datetime, by: str, action: Action, changes: Sequence[Change], source: str
) -> Transaction:
    role = BY_USERNAME[by].role.value
    return Transaction(at, by, role, action.value, source, tuple(changes), id=f"contoh-{key}")


def _event(key: str, period: Period, finish: Finish, by: str, section_id: str = "") -> Insert:
    row: Row = {
        "id": key,
        "year": period.year,
        "quarter": period.quarter,
        "step": finish.step,
        "event": finish.event.value,
        "section_id": section_id,
        "at": finish.at,
        "by": by,
        "note": finish.note,
    }
    return Insert(schema.STEP_EVENT, row)


def _empty_entry(period: Period, sample: Sample) -> Row:
    texts = dict.fromkeys(("driver", "obstacle", "follow_up", "evidence", "entered_by"), "")
    return {
        "id": f"isi-{period.key}-{sample.id}",
        "year": period.year,
        "quarter": period.quarter,
        "indicator_id": sample.id,
        "section_id": sample.section_id,
        "actual": None,
        "spent": None,
        "entered_at": None,
        **texts,
    }


def _holder(step: int, event: Event) -> str:
    """Username of whoever finishes the step: the proposed executor, not counting the Kasi who only fill in."""
    if step == VERIFYING and event is Event.FINISHED:
        return Role.CAMAT.value
    return next(role.value for role in SOP_2024[step - 1].executor if role is not Role.KASI)


def _between(began: datetime, ended: datetime) -> datetime:
    """When the Sekretaris has verified what the Camat then approves."""
    return calendar().add(began, calendar().between(began, ended) * 3 // 4)


def _after(at: datetime, step: int, pace: int) -> datetime:
    """The moment at which the step is over, in round minutes."""
    exact = calendar().minutes(SOP_2024[step - 1].duration) * pace / 100
    minutes = max(1, round(exact / _MINUTES_OF_ROUNDING)) * _MINUTES_OF_ROUNDING
    return calendar().add(at, minutes)
