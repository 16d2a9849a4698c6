"""What has happened in the sample office, as the transactions that its people would have made.

The log and the final rows both come from these transactions, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from services.domain.indicators import Period
from services.domain.process import Phase, transition
from services.domain.roles import Action, Role
from services.domain.sop import COLLECTING, PROCESSING, SOP_2024, VERIFYING, Event
from services.sample.catalogue import Sample, samples
from services.sample.people import FILLER
from services.sample.quarters import QUARTERS, Finish, Quarter, moment, transaction
from services.sample.reference import SECTION_IDS, SOP_VERSION, calendar
from services.sample.work import follow_ups, returned_corrections, work_of
from services.store import schema
from services.store.store import Change, Insert, Row, Transaction, Update

_REVISED_AT = moment("2026-08-28 10:15")


def transactions() -> Iterator[Transaction]:
    """Everything that happened, oldest first."""
    told = [t for quarter in QUARTERS for t in (*_quarter(quarter), *work_of(quarter))]
    return iter(sorted((*told, *follow_ups(), _revision()), key=lambda t: t.at))


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
    return transaction(f"buka-{period.key}", quarter.opened_at, "pkp", Action.OPEN_QUARTER, changes, "Langkah")


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
        again = (_given(quarter.period, sample, checked_at, "pkp", "-koreksi"),)
        changes = again if sample.section_id not in quarter.owing else ()
        yield _saving(f"isi-{key}", checked_at, "pkp", {"actual": typed}, {"actual": corrected}, "koreksi-", changes)


def _saving(
    entry_id: str, at: datetime, by: str, old: Row, new: Row, prefix: str = "", more: Sequence[Change] = ()
) -> Transaction:
    # Only the sheet takes what is no plain number; a page would have stored the number that it understood.
    in_sheet = any(isinstance(new.get(name), str) for name in ("actual", "spent"))
    update = Update(schema.ENTRY, entry_id, old, {**new, "entered_by": by, "entered_at": at})
    source = "Lembar kerja" if in_sheet else "Isian"
    return transaction(f"{prefix}{entry_id}", at, by, Action.SAVE_ENTRY, (update, *more), source)


def _submission(quarter: Quarter, section_id: str, at: datetime) -> Transaction:
    period, by = quarter.period, FILLER[section_id]
    key = f"kirim-{period.key}-{section_id}"
    event = _event(key, period, Finish(COLLECTING, at, event=Event.SUBMITTED), by, section_id)
    figures = (_given(period, sample, at, by) for sample in samples() if sample.section_id == section_id)
    return transaction(key, at, by, Action.SUBMIT_SECTION, (event, *figures), "Isian")


def _given(period: Period, sample: Sample, at: datetime, by: str, again: str = "") -> Insert:
    """The figures that count from this moment on: as first typed, or ``again`` (ends the id) as they stood later."""
    figures = sample.figures(period) or {"actual": None, "spent": None}
    typed = None if again else sample.first_typed(period)
    row: Row = {
        "id": f"kirim-{period.key}-{sample.id}{again}",
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
        owed = (s for s in samples() if s.section_id in quarter.owing)
        changes += tuple(_given(period, sample, finish.at, by, "-kunci") for sample in owed)
    if finish.event is Event.RETURNED:
        changes += tuple(returned_corrections(quarter, finish.at, by))
    return transaction(f"langkah-{key}", finish.at, by, _right(finish), changes, "Langkah")


def _exceptions(quarter: Quarter) -> Transaction:
    """The sections that owe figures after the lock may still give them until tomorrow."""
    period, at = quarter.period, moment("2026-10-26 09:00")
    rows: Iterable[Row] = (
        {
            "id": f"kecuali-{period.key}-{section_id}-0",
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
    return transaction(f"kecuali-{period.key}", at, "pkp", Action.GRANT_EXCEPTION, changes, "Pengumpulan data")


def _revision() -> Transaction:
    changes = tuple(Insert(schema.TARGET, row) for s in samples() if (row := s.revision_row()) is not None)
    return transaction("revisi-2026-3", _REVISED_AT, "pkp", Action.REVISE_TARGET, changes, "Indikator")


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


def _right(finish: Finish) -> Action:
    """By which right the step moved, as the table of transitions says."""
    before = Phase.VERIFIED if (finish.step, finish.event) == (VERIFYING, Event.FINISHED) else Phase.RUNNING
    move = transition(finish.step, finish.event, before)
    assert move is not None
    return move.action
