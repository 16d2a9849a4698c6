"""Tugas saya: what one person has to do now, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.numbers import format_period
from services.domain.process import Phase, Progress, may_move, transition
from services.domain.roles import Action, Actor, CycleState, Role, allows
from services.domain.sop import COLLECTING, CORRECTING, DISCUSSING, PROCESSING, STEP_COUNT, VERIFYING, Event
from services.views.analysis import follow_ups
from services.views.drafts import CorrectionStatus, corrections
from services.views.entries import section_form
from services.views.findings import RETURNED, open_findings
from services.views.monev import visit
from services.views.office import Office
from services.views.steps import steps_of
from services.views.verification import is_second_person


class Urgency(IntEnum):
    LATE = 0
    TODAY = 1
    SOON = 2
    WHENEVER = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: ``page`` is where, ``step`` the SOP's step (None: none of them), ``due`` the last day."""

    title: str
    detail: str
    page: str
    period: Period
    urgency: Urgency
    due: date | None = None
    step: int | None = None
    part: str = ""


def tasks_of(office: Office, actor: Actor, now: datetime) -> tuple[Task, ...]:
    """Everything that waits for this person in the quarters that are not archived, most urgent first."""
    running = [p for p in sorted(office.cycles) if office.state(p, now) is not CycleState.ARCHIVED]
    found = [task for period in running for task in _of_period(office, actor, period, now)]
    found += _opening(office, actor, now)
    return tuple(sorted(found, key=lambda t: (t.urgency, t.due or date.max, t.period)))


def _of_period(office: Office, actor: Actor, period: Period, now: datetime) -> Iterator[Task]:
    yield from _own_data(office, actor, period, now)
    yield from _returned_findings(office, actor, period, now)
    yield from _step(office, actor, period, now)
    yield from _agreement(office, actor, period, now)
    yield from _discussion(office, actor, period, now)
    yield from _open_corrections(office, actor, period)
    yield from _own_follow_ups(office, actor, period, now)


def _own_data(office: Office, actor: Actor, period: Period, now: datetime) -> Iterator[Task]:
    """The section's figures, as long as they are not given in and may still be."""
    section = actor.section_id
    state = office.state(period, now, section)
    if not section or not office.indicators_of(section) or not allows(actor, Action.SUBMIT_SECTION, state, section):
        return
    form = section_form(office, section, period, now)
    if form.submission:
        return
    exception = office.exception(period, section)
    due = exception.until if exception and office.cycles[period].is_locked(now) else form.due_on
    open_count = form.due - form.given
    detail = f"{form.given} dari {form.due} indikator terisi"
    title = f"Isi dan kirim data {format_period(period)}" if open_count else f"Kirim data {format_period(period)}"
    urgency = Urgency.LATE if form.late else _urgency(due, now)
    yield Task(title, detail, "isian", period, urgency, due, COLLECTING)


def _returned_findings(office: Office, actor: Actor, period: Period, now: datetime) -> Iterator[Task]:
    """What PKP sent back to the section, or, for PKP, what nobody has answered yet."""
    found = open_findings(office, period)
    own = [
        c for c in found if c.answer and c.answer.answer == RETURNED and c.finding.section_id == actor.section_id != ""
    ]
    if own:
        yield Task(
            f"Perbaiki {len(own)} isian yang dikembalikan",
            own[0].answer.reason if own[0].answer else "",
            "periksa",
            period,
            Urgency.TODAY,
            step=PROCESSING,
        )
    unanswered = sum(c.answer is None for c in found)
    current = steps_of(office, period, now).current
    at_work = current is not None and current.step.no in (COLLECTING, PROCESSING)
    if unanswered and at_work and allows(actor, Action.ANSWER_FINDING, office.state(period, now)):
        yield Task(
            f"Jawab {unanswered} temuan data", "Sebelum data dikunci", "periksa", period, Urgency.SOON, step=PROCESSING
        )


def _step(office: Office, actor: Actor, period: Period, now: datetime) -> Iterator[Task]:
    """The running step, for whoever moves it on."""
    current = steps_of(office, period, now).current
    if current is None:
        return
    event = next((e for e in _events(current) if _may(office, actor, period, now, current, e)), None)
    if event is None:
        return
    due = current.due_at.astimezone(WIB).date() if current.due_at else None
    urgency = Urgency.LATE if current.overrun else _urgency(due, now)
    title = "Lanjutkan" if event is Event.RESUMED else _VERBS.get((current.step.no, event), current.step.procedure)
    detail = f"Langkah {current.step.no} dari {STEP_COUNT}, {format_period(period)}"
    yield Task(title, detail, "", period, urgency, due, current.step.no)


_VERBS = {
    (VERIFYING, Event.VERIFIED): "Verifikasi angka dan draf laporan",
    (VERIFYING, Event.FINISHED): "Setujui atau kembalikan draf laporan",
}


def _events(current: Progress) -> tuple[Event, ...]:
    return (Event.RESUMED,) if current.phase is Phase.PAUSED else (Event.FINISHED, Event.VERIFIED)


def _may(office: Office, actor: Actor, period: Period, now: datetime, current: Progress, event: Event) -> bool:
    move = transition(current.step.no, event, current.phase)
    if move is None or not allows(actor, move.action, office.state(period, now)):
        return False
    return may_move(move, actor.role, current.step.executor) and is_second_person(office, period, move, actor.username)


def _agreement(office: Office, actor: Actor, period: Period, now: datetime) -> Iterator[Task]:
    """A result of the monev that the kasi has not agreed to yet."""
    if not allows(actor, Action.AGREE_MONEV, office.state(period, now), actor.section_id) or actor.role is Role.PKP:
        return
    found = visit(office, actor.section_id, period)
    if found and found.held_on and found.text("recommendation") and found.agreed_at is None:
        yield Task(
            "Sepakati hasil monev seksi Anda",
            found.text("recommendation"),
            "monev",
            period,
            Urgency.SOON,
            part="pelaksanaan",
        )


def _discussion(office: Office, actor: Actor, period: Period, now: datetime) -> Iterator[Task]:
    """While the draft is discussed, everybody who may comment on it but the one who leads the discussion."""
    current = steps_of(office, period, now).current
    if current is None or current.step.no != DISCUSSING or actor.role in current.step.executor:
        return
    if allows(actor, Action.COMMENT, office.state(period, now)):
        due = current.due_at.astimezone(WIB).date() if current.due_at else None
        title = f"Baca dan beri catatan atas draf {format_period(period)}"
        yield Task(
            title, "Langkah 9, pembahasan", "draf", period, _urgency(due, now), due, DISCUSSING, part="pembahasan"
        )


def _open_corrections(office: Office, actor: Actor, period: Period) -> Iterator[Task]:
    if actor.role is not Role.PKP:
        return
    count = sum(c.status is CorrectionStatus.OPEN for c in corrections(office, period))
    if count:
        yield Task(
            f"Jawab {count} koreksi", "Catatan atas draf laporan", "draf", period, Urgency.SOON, step=CORRECTING,
            part="koreksi",
        )  # fmt: skip


def _own_follow_ups(office: Office, actor: Actor, period: Period, now: datetime) -> Iterator[Task]:
    today = now.astimezone(WIB).date()
    for item in follow_ups(office, period):
        if item.status.is_open and item.section_id and item.section_id == actor.section_id:
            late = Urgency.LATE if item.is_late(today) else _urgency(item.due_on, now)
            detail = f"Tindak lanjut, {item.who}"
            yield Task(item.what, detail, "analisis", period, late, item.due_on, part="tindaklanjut")


def _opening(office: Office, actor: Actor, now: datetime) -> list[Task]:
    """The quarter that just ended waits to be opened."""
    today = now.astimezone(WIB).date()
    ended = Period(today.year, (today.month - 1) // 3 + 1).previous()
    if ended in office.cycles or not allows(actor, Action.OPEN_QUARTER, office.state(ended, now)):
        return []
    return [Task(f"Buka {format_period(ended)}", "Triwulan sudah berakhir", "buka", ended, Urgency.TODAY, step=1)]


def _urgency(due: date | None, now: datetime) -> Urgency:
    if due is None:
        return Urgency.WHENEVER
    left = (due - now.astimezone(WIB).date()).days
    return Urgency.LATE if left < 0 else Urgency.TODAY if left == 0 else Urgency.SOON
