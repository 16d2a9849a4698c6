"""Answering a finding of Periksa data: correct the cell, accept it with a reason, or return it to its section.

Every answer is remembered with who and when. A correction in data that the section has given in already counts at once:
whoever answers gives this one figure in anew.
"""

from __future__ import annotations

from services.actions.base import Context, Refused, authorise, commit, one_line
from services.actions.entries import FIELDS, NUMBER_FIELDS, given, understood
from services.domain.findings import Finding, FindingKind
from services.domain.indicators import Period
from services.domain.numbers import clean
from services.domain.roles import Action, allows
from services.store import schema
from services.store.store import Change, Insert, Receipt, Update, Value, new_id
from services.views.findings import ACCEPTED, CORRECTED, RETURNED, findings_of, stored_typed
from services.views.office import Entry, Office

GONE = "Temuan ini sudah berubah atau sudah dibetulkan. Muat ulang halaman untuk melihat keadaan terbaru."


def can_correct(finding: Finding) -> bool:
    """Whether a new value can be written here; cells of the dictionary and of targets have their own page."""
    return finding.table == schema.ENTRY.name and finding.column in FIELDS and bool(finding.row_id)


def may_correct(context: Context, finding: Finding, period: Period) -> bool:
    state = context.office.state(period, context.now, finding.section_id)
    return can_correct(finding) and allows(context.actor, Action.SAVE_ENTRY, state, finding.section_id)


def may_judge(context: Context, finding: Finding, period: Period) -> bool:
    """Whether this person may accept the finding, or return it to its section."""
    state = context.office.state(period, context.now, finding.section_id)
    return allows(context.actor, Action.ANSWER_FINDING, state, finding.section_id)


def may_accept(context: Context, finding: Finding, period: Period) -> bool:
    """Whether this person may let the value stand; one changed after it was sent only while its section is open."""
    takes_over = finding.kind is FindingKind.CHANGED
    return (
        finding.kind.acceptable
        and may_judge(context, finding, period)
        and (may_correct(context, finding, period) or not takes_over)
    )


def correct(context: Context, finding: Finding, period: Period, text: str, transaction_id: str = "") -> Receipt:
    """Write a value into the cell. Raises Denied, Refused, Unreadable, Conflict or what else the store raises."""
    authorise(context, Action.SAVE_ENTRY, period, finding.section_id)
    _require_current(context.office, finding, period)
    entry = context.office.entry_by_id(finding.row_id)
    if entry is None or not can_correct(finding):
        raise Refused(GONE)
    column = finding.column
    new = understood(context.office, entry, {column: text})
    stamp: dict[str, Value] = {"entered_by": context.actor.username, "entered_at": context.now}
    update = Update(schema.ENTRY, entry.id, {column: entry.row[column]}, {**new, **stamp})
    again = _given_anew(context, entry, column, new[column])
    answer = _answer(context, finding, period, CORRECTED, f"menjadi {clean(text) or '(kosong)'}")
    return commit(context, Action.ANSWER_FINDING, (update, answer, *again), transaction_id)


def accept(context: Context, finding: Finding, period: Period, reason: str, transaction_id: str = "") -> Receipt:
    """Let the value stand, with a reason; the finding stays away until another value stands there.

    A value that was changed after it was given in counts from now on. Raises Denied, Refused or what the store raises.
    """
    authorise(context, Action.ANSWER_FINDING, period, finding.section_id)
    _require_current(context.office, finding, period)
    if not finding.kind.acceptable:
        raise Refused("Temuan ini tidak dapat diterima begitu saja, karena selnya tidak menghasilkan nilai. Betulkan.")
    if not clean(reason):
        raise Refused("Tulis alasan mengapa nilai ini dapat diterima.")
    changes: list[Change] = [_answer(context, finding, period, ACCEPTED, reason)]
    if finding.kind is FindingKind.CHANGED:
        changes += _changed_value_counts(context, finding)
    return commit(context, Action.ANSWER_FINDING, tuple(changes), transaction_id)


def send_back(context: Context, finding: Finding, period: Period, note: str, transaction_id: str = "") -> Receipt:
    """Ask the section to look at it; the finding stays open and says so. Raises Denied or Refused."""
    authorise(context, Action.ANSWER_FINDING, period, finding.section_id)
    _require_current(context.office, finding, period)
    if not finding.section_id:
        raise Refused("Temuan ini tidak milik satu seksi, jadi tidak dapat dikembalikan.")
    answer = _answer(context, finding, period, RETURNED, note)
    return commit(context, Action.ANSWER_FINDING, (answer,), transaction_id)


def _require_current(office: Office, finding: Finding, period: Period) -> None:
    """What the person answered must be what stands there now."""
    if finding not in (checked.finding for checked in findings_of(office, period)):
        raise Refused(GONE)


def _given_anew(context: Context, entry: Entry, column: str, value: Value) -> list[Insert]:
    counted = context.office.entry(entry.indicator_id, entry.period)
    if column not in NUMBER_FIELDS or counted is None or counted.given is None:
        return []
    authorise(context, Action.SUBMIT_SECTION, entry.period, entry.section_id)
    return [given(context, entry, {**counted.given, column: value})]


def _changed_value_counts(context: Context, finding: Finding) -> list[Insert]:
    entry = context.office.entry_by_id(finding.row_id)
    if entry is None:
        raise Refused(GONE)
    reading = entry.actual if finding.column == "actual" else entry.spent
    if reading.problem:
        raise Refused(f"Nilai yang baru tidak terbaca: {reading.problem.message()} Betulkan dahulu.")
    return _given_anew(context, entry, finding.column, entry.row[finding.column])


def _answer(context: Context, finding: Finding, period: Period, answer: str, reason: str) -> Insert:
    row: dict[str, Value] = {
        "id": new_id(),
        "year": period.year,
        "quarter": period.quarter,
        "kind": finding.kind.value,
        "table": finding.table,
        "row_id": finding.row_id,
        "column": finding.column,
        "typed": stored_typed(finding),
        "answer": answer,
        "reason": one_line(reason),
        "at": context.now,
        "by": context.actor.username,
    }
    return Insert(schema.ANSWER, row)
