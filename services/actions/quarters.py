"""The quarter as a whole: open it with one row for every active indicator, move its dates, and except a section."""

from __future__ import annotations

from datetime import date, timedelta

from services.actions.base import Context, Refused, authorise, commit, one_line
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.numbers import clean, format_date, format_period
from services.domain.roles import Action
from services.store import schema
from services.store.store import DuplicateRow, Insert, Receipt, Row, Update, Value, new_id
from services.views.entries import collection_due, lock_due


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


def move_dates(
    context: Context,
    period: Period,
    due_on: date,
    locks_on: date,
    reason: str,
    transaction_id: str = "",
    seen: tuple[date, date | None] | None = None,
) -> Receipt:
    """Move tenggat (late after it) and kunci (closed after it) while the figures are not locked by step 3.

    ``seen``: the two dates as the person saw them, so that somebody else's move is a Conflict and not overwritten.
    """
    authorise(context, Action.MOVE_DATES, period)
    cycle = context.office.cycles[period]
    if cycle.locked_at is not None:
        raise Refused("Data triwulan ini sudah dikunci pada langkah 3. Beri pengecualian kepada seksi yang perlu.")
    if locks_on < due_on:
        raise Refused(f"Tanggal kunci tidak boleh mendahului tenggat {format_date(due_on)}.")
    before = seen or (cycle.due_on, cycle.locks_on)
    if before == (due_on, locks_on):
        raise Refused("Tenggat dan kuncinya tidak berubah. Pilih tanggal yang lain.")
    if not clean(reason):
        raise Refused("Tulis alasan menggeser tanggalnya.")
    old: dict[str, Value] = {"due_on": before[0], "locks_on": before[1]}
    update = Update(schema.CYCLE, cycle.id, old, {"due_on": due_on, "locks_on": locks_on})
    return commit(context, Action.MOVE_DATES, (update,), transaction_id, reason)


def grant_exception(
    context: Context, period: Period, section_id: str, until: date, reason: str, transaction_id: str = ""
) -> Receipt:
    """Let one section give figures after the lock, up to and including a day; the newest one of a section counts."""
    authorise(context, Action.GRANT_EXCEPTION, period)
    if until < _today(context):
        raise Refused("Tanggal pengecualian sudah lewat. Pilih hari ini atau sesudahnya.")
    return _except(context, period, section_id, until, reason, transaction_id)


def end_exception(context: Context, period: Period, section_id: str, reason: str, transaction_id: str = "") -> Receipt:
    """Close the data of a section again at once, though its exception would still last."""
    authorise(context, Action.GRANT_EXCEPTION, period)
    exception = context.office.exception(period, section_id)
    if exception is None or not exception.is_valid(context.now):
        raise Refused("Seksi ini tidak mempunyai pengecualian yang masih berlaku. Muat ulang halaman.")
    return _except(context, period, section_id, _today(context) - timedelta(days=1), reason, transaction_id)


def _except(
    context: Context, period: Period, section_id: str, until: date, reason: str, transaction_id: str
) -> Receipt:
    if section_id not in {section.id for section in context.office.sections}:
        raise Refused("Seksi ini tidak ada. Muat ulang halaman.")
    if not clean(reason):
        raise Refused("Tulis alasan pengecualiannya.")
    before = sum(e.section_id == section_id for e in context.office.exceptions.get(period, ()))
    row: dict[str, Value] = {
        # The same id for whoever grants the next one: twenty people pressing at once grant one.
        "id": f"kecuali-{period.key}-{section_id}-{before}",
        "year": period.year,
        "quarter": period.quarter,
        "section_id": section_id,
        "until": until,
        "reason": one_line(reason),
        "at": context.now,
        "by": context.actor.username,
    }
    try:
        return commit(context, Action.GRANT_EXCEPTION, (Insert(schema.EXCEPTION, row),), transaction_id)
    except DuplicateRow as exc:
        raise Refused("Pengecualian seksi ini baru saja diubah orang lain. Muat ulang halaman.") from exc


def _today(context: Context) -> date:
    return context.now.astimezone(WIB).date()


def _cycle(context: Context, period: Period) -> Row:
    return {
        "id": f"siklus-{period.key}",
        "year": period.year,
        "quarter": period.quarter,
        "opened_at": context.now,
        "opened_by": context.actor.username,
        "due_on": collection_due(context.office, period, context.now),
        "locks_on": lock_due(context.office, period, context.now),
        "locked_at": None,
        "sop_version": context.office.sop_in_force,
    }


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
