"""How a quarter moves through the 13 steps: one table of transitions, and the state that a log of events makes of it.

A quarter stands at one step at a time. What a step goes through::

    PENDING ──start──▶ RUNNING ──selesai──▶ DONE            (finishing a step starts the next one)
                       RUNNING ──jeda──▶ PAUSED ──lanjut──▶ RUNNING
    step 11 only:      RUNNING ──verifikasi──▶ VERIFIED ──selesai──▶ DONE
                       RUNNING or VERIFIED ──kembali──▶ PENDING      (and step 10 runs again, one round more)

``TRANSITIONS`` says all of it: who may do it and what must be true first. An event that the table does not know for the
present state changes nothing, so that no log, however it was tampered with, leads to an undefined state. Nothing here
reads a clock or a store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.domain.clock import Calendar
from services.domain.roles import Action, Role
from services.domain.sop import (
    ANALYSING,
    ARCHIVING,
    CORRECTING,
    DISCUSSING,
    DRAFTING,
    GATHERING,
    ISSUING,
    PLANNING,
    PROCESSING,
    STEP_COUNT,
    VERIFYING,
    VISITING,
    Event,
    Step,
    StepEvent,
)


class Phase(StrEnum):
    """What the table knows of a step; lateness is the clock's business, not the table's."""

    PENDING = "belum"
    RUNNING = "berjalan"
    PAUSED = "dijeda"
    VERIFIED = "diverifikasi"
    DONE = "selesai"


class Condition(StrEnum):
    """What must be true before a step moves on; the value says it as what is missing."""

    REASON = "Tulis alasannya."
    SECTIONS_GIVEN = "Belum semua seksi mengirim datanya."
    FINDINGS_ANSWERED = "Masih ada temuan data yang belum dijawab."
    MONEV_PLANNED = "Belum semua seksi mempunyai jadwal monev."
    NO_CLASH = "Ada jadwal monev yang bertabrakan."
    MONEV_HELD = "Monev belum dilaksanakan di semua seksi."
    RESULTS_COMPLETE = "Hasil monev belum lengkap."
    ANALYSIS_WRITTEN = "Analisis belum ditulis untuk semua seksi."
    DRAFT_MADE = "Draf laporan belum disusun."
    MINUTES_KEPT = "Notulen pembahasan belum ditulis."
    CORRECTIONS_ANSWERED = "Masih ada koreksi yang belum dijawab."
    DRAFT_RENEWED = "Versi draf yang baru belum disusun sesudah perbaikan."
    FIGURES_VERIFIED = "Belum semua angka disetujui dalam verifikasi."
    FIGURES_UNCHANGED = "Ada angka yang berubah sesudah diverifikasi."
    DOCUMENT_ISSUED = "Dokumen akhir belum diterbitkan."

    @property
    def waivable(self) -> bool:
        """Whether the holder may go on all the same with a reason, which is kept."""
        return self in _WAIVABLE


_WAIVABLE = frozenset(
    {
        Condition.SECTIONS_GIVEN,
        Condition.FINDINGS_ANSWERED,
        Condition.MONEV_PLANNED,
        Condition.NO_CLASH,
        Condition.MONEV_HELD,
        Condition.RESULTS_COMPLETE,
        Condition.ANALYSIS_WRITTEN,
    }
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing that can happen to a step.

    ``action`` is the right that it takes; ``by_executor``: of those who have it, only the step's executors.
    ``starts`` is the step that begins with it, counted from this one (0: none). ``second_person``: whoever verified
    may not do it, in whatever role.
    """

    event: Event
    steps: tuple[int, ...]
    before: Phase
    after: Phase
    action: Action
    by_executor: bool = False
    starts: int = 0
    needs: tuple[Condition, ...] = ()
    second_person: bool = False


def _finish(step: int, *needs: Condition) -> Transition:
    return Transition(Event.FINISHED, (step,), Phase.RUNNING, Phase.DONE, Action.FINISH_STEP, True, +1, needs)


_ALL = tuple(range(1, STEP_COUNT + 1))
_LAST = (VERIFYING,)

TRANSITIONS: tuple[Transition, ...] = (
    _finish(1),
    _finish(2),
    _finish(PROCESSING, Condition.SECTIONS_GIVEN, Condition.FINDINGS_ANSWERED),
    _finish(PLANNING, Condition.MONEV_PLANNED, Condition.NO_CLASH),
    _finish(VISITING, Condition.MONEV_HELD),
    _finish(GATHERING, Condition.RESULTS_COMPLETE),
    _finish(ANALYSING, Condition.ANALYSIS_WRITTEN),
    _finish(DRAFTING, Condition.DRAFT_MADE),
    _finish(DISCUSSING, Condition.MINUTES_KEPT),
    _finish(CORRECTING, Condition.CORRECTIONS_ANSWERED, Condition.DRAFT_RENEWED),
    Transition(
        Event.VERIFIED, _LAST, Phase.RUNNING, Phase.VERIFIED, Action.VERIFY, True, 0, (Condition.FIGURES_VERIFIED,)
    ),
    Transition(
        Event.FINISHED,
        _LAST,
        Phase.VERIFIED,
        Phase.DONE,
        Action.APPROVE,
        False,
        +1,
        (Condition.FIGURES_UNCHANGED,),
        second_person=True,
    ),
    Transition(
        Event.RETURNED, _LAST, Phase.RUNNING, Phase.PENDING, Action.RETURN_DRAFT, False, -1, (Condition.REASON,)
    ),
    Transition(
        Event.RETURNED, _LAST, Phase.VERIFIED, Phase.PENDING, Action.RETURN_DRAFT, False, -1, (Condition.REASON,)
    ),
    Transition(
        Event.FINISHED,
        (ISSUING,),
        Phase.RUNNING,
        Phase.DONE,
        Action.ISSUE_DOCUMENT,
        True,
        +1,
        (Condition.FIGURES_UNCHANGED,),
    ),
    Transition(
        Event.FINISHED,
        (ARCHIVING,),
        Phase.RUNNING,
        Phase.DONE,
        Action.ARCHIVE,
        True,
        0,
        (Condition.DOCUMENT_ISSUED,),
    ),
    Transition(Event.PAUSED, _ALL, Phase.RUNNING, Phase.PAUSED, Action.PAUSE_STEP, needs=(Condition.REASON,)),
    Transition(Event.RESUMED, _ALL, Phase.PAUSED, Phase.RUNNING, Action.PAUSE_STEP),
)


def transition(step: int, event: Event, phase: Phase) -> Transition | None:
    """What the table says of an event of this step in this phase; None: it cannot happen."""
    found = (t for t in TRANSITIONS if t.event is event and step in t.steps and t.before is phase)
    return next(found, None)


def missing(move: Transition, unmet: Collection[Condition], reason: str) -> tuple[Condition, ...]:
    """What still stands in the way, given what is not met; a reason waives what may be waived."""
    given = bool(reason.strip())
    needed = (need for need in move.needs if need in unmet or need is Condition.REASON)
    return tuple(n for n in needed if not (given and (n.waivable or n is Condition.REASON)))


Phases = tuple[Phase, ...]
"""Phase of each of the 13 steps."""


def moved(phases: Phases, step: int, event: Event) -> Phases:
    """The phases after an event; the same ones where the table does not know it."""
    move = transition(step, event, phases[step - 1]) if 1 <= step <= STEP_COUNT else None
    if move is None:
        return phases
    after = list(phases)
    after[step - 1] = move.after
    if move.starts:
        after[step - 1 + move.starts] = Phase.RUNNING
    return tuple(after)


class StepState(StrEnum):
    """A step as people see it: its phase, and whether its time is over."""

    DONE = "Selesai"
    RUNNING = "Berjalan"
    LATE = "Terlambat"
    PAUSED = "Dijeda"
    PENDING = "Belum"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one step stands. ``due_at`` follows from the real end of the step before it, and moves with every pause.

    ``rounds`` counts how often the step was begun again after a return; ``overrun`` is working minutes past the due
    moment (0: in time); ``paused`` the working minutes that pauses took, of which ``paused_at`` begins the present one.
    """

    step: Step
    state: StepState
    phase: Phase = Phase.PENDING
    started_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    verified_at: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str = ""
    paused: int = 0
    rounds: int = 0
    overrun: int = 0


def progress(
    steps: Sequence[Step], opened_at: datetime | None, events: Iterable[StepEvent], calendar: Calendar, now: datetime
) -> tuple[Progress, ...]:
    """State of every step at ``now``, replayed from the log. ``opened_at`` None: the quarter has not been opened."""
    board = [Progress(step, StepState.PENDING) for step in steps]
    if opened_at is None:
        return tuple(board)
    board[0] = _started(board[0], opened_at, calendar)
    for event in sorted(events, key=lambda e: (e.at, e.step)):
        if event.event is not Event.SUBMITTED:
            _apply(board, event, calendar)
    return tuple(_judged(p, calendar, now) for p in board)


def _apply(board: list[Progress], event: StepEvent, calendar: Calendar) -> None:
    if not 1 <= event.step <= len(board):
        return
    index = event.step - 1
    move = transition(event.step, event.event, board[index].phase)
    if move is None:
        return
    board[index] = _changed(board[index], event, move.after, calendar)
    if move.starts:
        board[index + move.starts] = _started(board[index + move.starts], event.at, calendar, again=move.starts < 0)


def _changed(item: Progress, event: StepEvent, after: Phase, calendar: Calendar) -> Progress:
    item = replace(item, phase=after)
    match event.event:
        case Event.FINISHED:
            return replace(item, done_at=event.at)
        case Event.VERIFIED:
            return replace(item, verified_at=event.at)
        case Event.RETURNED:
            return replace(item, started_at=None, due_at=None, verified_at=None)
        case Event.PAUSED:
            return replace(item, paused_at=event.at, pause_reason=event.note)
        case _:
            return _resumed(item, event.at, calendar)


def _resumed(item: Progress, at: datetime, calendar: Calendar) -> Progress:
    if item.paused_at is None or item.due_at is None:
        return item
    away = calendar.between(item.paused_at, at)
    return replace(
        item, due_at=calendar.add(item.due_at, away), paused=item.paused + away, paused_at=None, pause_reason=""
    )


def _started(item: Progress, at: datetime, calendar: Calendar, *, again: bool = False) -> Progress:
    due = calendar.due(at, item.step.duration)
    rounds = item.rounds + again
    return replace(item, phase=Phase.RUNNING, started_at=at, due_at=due, done_at=None, paused=0, rounds=rounds)


_STATES: Mapping[Phase, StepState] = {
    Phase.PENDING: StepState.PENDING,
    Phase.RUNNING: StepState.RUNNING,
    Phase.VERIFIED: StepState.RUNNING,
    Phase.PAUSED: StepState.PAUSED,
    Phase.DONE: StepState.DONE,
}


def _judged(item: Progress, calendar: Calendar, now: datetime) -> Progress:
    state = _STATES[item.phase]
    if item.due_at is None:
        return replace(item, state=state)
    overrun = max(0, calendar.between(item.due_at, item.done_at or item.paused_at or now))
    late = state is StepState.RUNNING and overrun > 0
    return replace(item, overrun=overrun, state=StepState.LATE if late else state)


def running(board: Sequence[Progress]) -> Progress | None:
    """The step at which the quarter stands, paused or not; None before opening and after the last one."""
    return next((p for p in board if p.phase in (Phase.RUNNING, Phase.PAUSED, Phase.VERIFIED)), None)


@dataclass(frozen=True, slots=True)
class Planned:
    """When a step begins and is due if every step takes just its standard time."""

    step: Step
    start: datetime
    due: datetime


def plan(steps: Sequence[Step], start: datetime, calendar: Calendar) -> tuple[Planned, ...]:
    """The planned dates of a whole cycle that is opened at ``start``."""
    planned: list[Planned] = []
    for step in steps:
        due = calendar.due(start, step.duration)
        planned.append(Planned(step, start, due))
        start = due
    return tuple(planned)


def may_move(move: Transition, role: Role, executors: Collection[Role]) -> bool:
    """Whether, of those who have the right, this role is the one whose turn it is."""
    return not move.by_executor or role in executors
