"""Moving a quarter from step to step: whatever the table of transitions allows, and nothing else.

Each move is one transaction: its event in the log of steps, and the changes that belong to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.actions.base import Context, Denied, Refused, authorise, commit, one_line
from services.actions.entries import given
from services.domain.indicators import Period
from services.domain.process import Progress, Transition, may_move, transition
from services.domain.roles import Action, allows
from services.domain.sop import CORRECTING, PROCESSING, STEP_COUNT, VERIFYING, Event
from services.store import schema
from services.store.store import Change, DuplicateRow, Insert, Receipt, Update, Value
from services.views.conditions import obstacles
from services.views.steps import steps_of
from services.views.verification import is_second_person

ANOTHER_APPROVES = "Anda sendiri yang memverifikasi draf ini, jadi orang lain yang menyetujuinya."
_PLACES = {
    Action.APPROVE: "Camat menyetujuinya di halaman Verifikasi",
    Action.ISSUE_DOCUMENT: "Kasubag PKP menerbitkan dokumennya di halaman Laporan",
    Action.ARCHIVE: "Kasubag Umum mengarsipkan dokumennya di halaman Laporan",
}
"""Where a step is finished that ends with more than a press."""


def finish_step(context: Context, period: Period, note: str = "", transaction_id: str = "") -> Receipt:
    """Finish the running step; the next one begins at the same moment. ``note`` is the reason where one is needed.

    Steps 11 to 13 end with the approval, the document and the archive, not with this. Finishing step 3 locks the
    figures. Raises Denied, Refused (with all that is missing), or what the store raises.
    """
    current = current_step(context, period)
    move = _known(current, Event.FINISHED)
    if move.action in _PLACES:
        raise Refused(f"Langkah {current.step.no} selesai ketika {_PLACES[move.action]}.")
    more = _locking(context, period) if current.step.no == PROCESSING else ()
    return move_step(context, period, Event.FINISHED, note, more, transaction_id)


def pause_step(context: Context, period: Period, reason: str, transaction_id: str = "") -> Receipt:
    """Stop the clock of the running step, with a reason."""
    return move_step(context, period, Event.PAUSED, reason, (), transaction_id)


def resume_step(context: Context, period: Period, transaction_id: str = "") -> Receipt:
    """Let the clock of a paused step run on; its due moment moves by the pause."""
    return move_step(context, period, Event.RESUMED, "", (), transaction_id)


def return_draft(
    context: Context, period: Period, reason: str, more: Sequence[Change] = (), transaction_id: str = ""
) -> Receipt:
    """At step 11: send the draft back to step 10, with a reason; one round more."""
    if current_step(context, period).step.no != VERIFYING:
        raise Refused(f"Draf hanya dapat dikembalikan pada langkah {VERIFYING}, ke langkah {CORRECTING}.")
    return move_step(context, period, Event.RETURNED, reason, more, transaction_id)


def move_step(
    context: Context,
    period: Period,
    event: Event,
    note: str = "",
    more: Sequence[Change] = (),
    transaction_id: str = "",
) -> Receipt:
    """Make a move of the running step together with ``more`` changes, or say everything that stands in its way."""
    current = current_step(context, period)
    move = _known(current, event)
    require_right(context, period, current, move)
    found = obstacles(context.office, period, move, note)
    if found:
        raise Refused(" ".join(found))
    changes = (_event(context, period, current.step.no, event, note), *more)
    try:
        return commit(context, move.action, changes, transaction_id)
    except DuplicateRow as exc:
        raise Refused(f"Langkah {current.step.no} sudah {event.value} oleh orang lain. Muat ulang halaman.") from exc


def may_move_on(context: Context, period: Period, event: Event) -> bool:
    """Whether it is this person's turn to do this to the step that runs now; what is missing does not matter here."""
    current = steps_of(context.office, period, context.now).current
    move = transition(current.step.no, event, current.phase) if current else None
    return current is not None and move is not None and _has_right(context, period, current, move)


def current_step(context: Context, period: Period) -> Progress:
    """The step at which the quarter stands. Raises Refused where there is none."""
    current = steps_of(context.office, period, context.now).current
    if current is None:
        raise Refused("Tidak ada langkah yang sedang berjalan pada triwulan ini.")
    return current


def require_right(context: Context, period: Period, current: Progress, move: Transition) -> None:
    """Raise Denied unless the table of rights and the SOP's executors let this person make the move."""
    authorise(context, move.action, period)
    if not may_move(move, context.actor.role, current.step.executor):
        holders = " dan ".join(role.label for role in current.step.executor)
        raise Denied(f"Langkah {current.step.no} dari {STEP_COUNT} dipegang {holders}.")
    if not is_second_person(context.office, period, move, context.actor.username):
        raise Denied(f"{ANOTHER_APPROVES} Bila Camat berhalangan, admin menunjuk pelaksana harian (Plh.) yang lain.")


def _has_right(context: Context, period: Period, current: Progress, move: Transition) -> bool:
    state = context.office.state(period, context.now)
    allowed = allows(context.actor, move.action, state) and may_move(move, context.actor.role, current.step.executor)
    return allowed and is_second_person(context.office, period, move, context.actor.username)


def _known(current: Progress, event: Event) -> Transition:
    move = transition(current.step.no, event, current.phase)
    if move is None:
        raise Refused(f"Langkah {current.step.no} sedang {current.phase.value}, jadi tidak dapat {event.value}.")
    return move


def _event(context: Context, period: Period, step: int, event: Event, note: str) -> Insert:
    # The same id for whoever makes the same move: twenty people pressing at once make one event.
    before = sum(e.event in (event, Event.RETURNED) for e in context.office.events.get(period, ()))
    row: dict[str, Value] = {
        "id": f"{period.key}-{step}-{event.value}-{before}",
        "year": period.year,
        "quarter": period.quarter,
        "step": step,
        "event": event.value,
        "section_id": "",
        "at": context.now,
        "by": context.actor.username,
        "note": one_line(note),
    }
    return Insert(schema.STEP_EVENT, row)


def _locking(context: Context, period: Period) -> tuple[Change, ...]:
    """Close the figures. Those of sections that have not given in count from now on as they stand there."""
    cycle = context.office.cycles[period]
    lock = Update(schema.CYCLE, cycle.id, {"locked_at": cycle.locked_at}, {"locked_at": context.now})
    entries = (context.office.entry(i.id, period) for i in context.office.all_indicators)
    return (lock, *(given(context, entry, entry.row) for entry in entries if entry and entry.given is None))
