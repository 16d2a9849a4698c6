"""Running the quarter: open it with one row for every active indicator, finish its steps."""

from __future__ import annotations

from services.actions.base import Context, Denied, Refused, authorise, commit
from services.actions.entries import given
from services.domain.indicators import Period
from services.domain.numbers import format_period
from services.domain.roles import Action
from services.domain.sop import CORRECTING, STEP_COUNT, VERIFYING, Event, Progress
from services.store import schema
from services.store.store import Change, DuplicateRow, Insert, Receipt, Row, Update, Value, new_id
from services.views.entries import collection_due
from services.views.steps import steps_of


def open_quarter(context: Context, period: Period, transaction_id: str = "") -> Receipt:
    """Open a quarter: its cycle, and one empty entry for every active indicator."""
    authorise(context, Action.OPEN_QUARTER, period)
    if not context.office.indicators:
        raise Refused("Belum ada indikator aktif. Isi kamus indikator dahulu, lalu buka triwulan.")
    entries = (empty_entry(period, i.id, i.section_id) for i in context.office.indicators)
    changes = (Insert(schema.CYCLE, _cycle(context, period)), *entries)
    try:
        return commit(context, Action.OPEN_QUARTER, changes, transaction_id)
    except DuplicateRow as exc:
        raise Refused(f"{format_period(period)} sudah dibuka orang lain. Muat ulang halaman.") from exc


def finish_step(context: Context, period: Period, note: str = "", transaction_id: str = "") -> Receipt:
    """Finish the running step; the next one begins at the same moment."""
    current = _current(context, period)
    _authorise_step(context, period, current)
    event = _event(context, period, current.step.no, Event.FINISHED, note)
    closing = _closing(context, period) if current.step.no == STEP_COUNT else ()
    verified = _verified(context, period) if current.step.no == VERIFYING else ()
    return _commit_step(context, current, (event, *closing, *verified), transaction_id)


def return_draft(context: Context, period: Period, reason: str, transaction_id: str = "") -> Receipt:
    """At step 11: send the draft back to step 10, with a reason."""
    current = _current(context, period)
    _authorise_step(context, period, current)
    if current.step.no != VERIFYING:
        raise Refused(f"Draf hanya dapat dikembalikan pada langkah {VERIFYING}, ke langkah {CORRECTING}.")
    if not reason.strip():
        raise Refused("Tulis alasan pengembalian, supaya langkah 10 tahu apa yang diperbaiki.")
    event = _event(context, period, VERIFYING, Event.RETURNED, reason)
    return _commit_step(context, current, (event,), transaction_id)


def may_finish(context: Context, period: Period) -> bool:
    """Whether this person carries out the step that runs now."""
    try:
        _authorise_step(context, period, _current(context, period))
    except (Denied, Refused):
        return False
    return True


def _current(context: Context, period: Period) -> Progress:
    current = steps_of(context.office, period, context.now).current
    if current is None:
        raise Refused("Tidak ada langkah yang sedang berjalan pada triwulan ini.")
    return current


def _authorise_step(context: Context, period: Period, current: Progress) -> None:
    authorise(context, Action.FINISH_STEP, period)
    if context.actor.role not in current.step.executor:
        holders = " dan ".join(role.label for role in current.step.executor)
        raise Denied(f"Langkah {current.step.no} dari {STEP_COUNT} dipegang {holders}.")


def _commit_step(context: Context, current: Progress, changes: tuple[Change, ...], transaction_id: str) -> Receipt:
    try:
        return commit(context, Action.FINISH_STEP, changes, transaction_id)
    except DuplicateRow as exc:
        raise Refused(f"Langkah {current.step.no} sudah diselesaikan orang lain. Muat ulang halaman.") from exc


def _event(context: Context, period: Period, step: int, event: Event, note: str) -> Insert:
    row: dict[str, Value] = {
        # One event per step and round: twenty people pressing the same button make one event.
        "id": f"{period.key}-{step}-{event.value}-{_rounds(context, period)}",
        "year": period.year,
        "quarter": period.quarter,
        "step": step,
        "event": event.value,
        "section_id": "",
        "at": context.now,
        "by": context.actor.username,
        "note": note.strip(),
    }
    return Insert(schema.STEP_EVENT, row)


def _closing(context: Context, period: Period) -> tuple[Update, ...]:
    """The archived quarter takes no more figures."""
    cycle = context.office.cycles[period]
    return (Update(schema.CYCLE, cycle.id, {"locked_at": cycle.locked_at}, {"locked_at": context.now}),)


def _verified(context: Context, period: Period) -> tuple[Insert, ...]:
    """Figures of sections that have not given in: verified as they stand, they count as if they had."""
    entries = (context.office.entry(i.id, period) for i in context.office.all_indicators)
    return tuple(given(context, entry, entry.row) for entry in entries if entry and entry.given is None)


def _rounds(context: Context, period: Period) -> int:
    return sum(e.event is Event.RETURNED for e in context.office.events.get(period, ()))


def _cycle(context: Context, period: Period) -> Row:
    return {
        "id": f"siklus-{period.key}",
        "year": period.year,
        "quarter": period.quarter,
        "opened_at": context.now,
        "opened_by": context.actor.username,
        "due_on": collection_due(context.office, period, context.now),
        "locked_at": None,
        "sop_version": _sop_version(context),
    }


def _sop_version(context: Context) -> str:
    return max((str(r["version"]) for r in context.office.snapshot.rows(schema.SOP_STEP)), default="")


def empty_entry(period: Period, indicator_id: str, section_id: str) -> Insert:
    """The row that a section fills in for an indicator in a quarter."""
    blank = dict.fromkeys(("driver", "obstacle", "follow_up", "evidence", "entered_by"), "")
    row: dict[str, Value] = {
        "id": new_id(),
        "year": period.year,
        "quarter": period.quarter,
        "indicator_id": indicator_id,
        "section_id": section_id,
        "actual": None,
        "spent": None,
        "entered_at": None,
        **blank,
    }
    return Insert(schema.ENTRY, row)
