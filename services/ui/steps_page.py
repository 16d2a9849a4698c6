"""The page Langkah SOP: the running step first, then plan against reality, then all 13 steps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from services.charts.gantt import gantt, gantt_table
from services.domain.clock import say_minutes
from services.domain.indicators import Period
from services.domain.numbers import format_date, format_datetime, format_day, format_period, format_short_date
from services.domain.process import Phase, Progress, StepState
from services.domain.roles import Actor
from services.domain.sop import STEP_COUNT, VERIFYING
from services.ui import charts, dashboard, errors, frame, places, session, step_action
from services.ui.html import esc, process_chip, step_chip, table
from services.ui.sop_says import PROPOSED
from services.views.board import Board
from services.views.office import Office
from services.views.steps import Steps

STYLE = Path(__file__).with_name("steps_page.css")
REFRESH_EVERY = 30  # seconds
_KEY = (
    ("rencana", "mv-k-plan"),
    ("nyata", "mv-k-real"),
    ("melewati tenggat", "mv-k-late"),
    ("berjalan", "mv-k-now"),
    ("perkiraan", "mv-k-expected"),
)


def draw(actor: Actor) -> None:
    st.html(dashboard.STYLE)
    st.html(STYLE)
    office = session.office()
    period = frame.header("Langkah SOP", scope(office, frame.asked_period()), period_choice=True)
    content(actor, period)


@st.fragment(run_every=REFRESH_EVERY)
@errors.shielded
def content(actor: Actor, period: Period) -> None:
    if session.actor(watching=True) is None:  # signed out meanwhile, here or elsewhere
        st.rerun()
    frame.messages()
    office, now = session.office(), session.now()
    if period not in office.cycles:
        frame.empty_state(
            f"{format_period(period)} belum dibuka",
            "Ketiga belas langkah mulai berjalan setelah Kasubag PKP membuka triwulan ini (langkah 1).",
        )
        places.link(1, "Ke Buka triwulan")
        return
    board = charts.current_board(office, period, now)
    steps = board.steps
    _running_card(office, actor, board, now)
    st.html(figures(steps))
    st.html(dashboard.heading("Rencana dan kenyataan") + legend(steps))
    charts.put(("gantt", period.key, f"{now:%Y%m%d%H}"), office, lambda colours: gantt(steps, now, colours))
    st.html(charts.figures(gantt_table(steps), "Rencana, kenyataan, dan perkiraan selesai setiap langkah"))
    st.html(dashboard.heading("Semua langkah") + all_steps(steps) + settings(office, period))


def scope(office: Office, period: Period) -> tuple[str, ...]:
    cycle = office.cycles.get(period)
    if cycle is None:
        return (f"Siklus {format_period(period)}", "belum dibuka")
    opened = format_day(cycle.opened_at.date())
    return (f"Siklus {format_period(period)}", f"dibuka {opened}", f"SOP No. {office.head(cycle.sop_version).number}")


def _running_card(office: Office, actor: Actor, board: Board, now: datetime) -> None:
    with st.container(border=True, key="mv-langkah"):
        st.html(running_step(office, board.steps, now) + dashboard.strip_cells(board.steps))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            current = board.steps.current
            if current is None:
                return
            places.link(current.step.no, f"Buka tempat kerja langkah {current.step.no}")
            step_action.draw(office, actor, board.period)
            step_action.draw_pause(office, actor, board.period)


def running_step(office: Office, steps: Steps, now: datetime) -> str:
    """The running step in the SOP's own words, who holds it since when, and the time that is left."""
    current = steps.current
    if current is None:
        done = "Ketiga belas langkah selesai" if steps.finished else "Langkah belum berjalan"
        return f'{process_chip("done", "Selesai")}<h2 class="mv-run">{done}</h2>'
    return (
        f'<div class="mv-run-card"><div>{_chip(current)}'
        f'<h2 class="mv-run">{current.step.no} · {esc(current.step.procedure)}</h2>'
        f'<p class="mv-sub">{_holder(current)}</p>{_warning(office, current)}</div>'
        f'<dl class="mv-run-time">{_time(current, steps, now)}</dl></div>'
    )


def _chip(current: Progress) -> str:
    if current.phase is Phase.VERIFIED:
        return process_chip("now", "Menunggu persetujuan Camat")
    return process_chip("now", "Sedang berjalan") if current.state is StepState.RUNNING else step_chip(current.state)


def _holder(current: Progress) -> str:
    people = " dan ".join(role.label for role in current.step.executor) or "belum ditetapkan"
    mark = "" if current.step.confirmed else f" <small>({PROPOSED})</small>"
    since = f" sejak {esc(format_datetime(current.started_at))}" if current.started_at else ""
    again = f" · putaran koreksi ke-{current.rounds}" if current.rounds else ""
    stopped = f" · dijeda: {esc(current.pause_reason)}" if current.paused_at else ""
    return f"Dipegang <strong>{esc(people)}</strong>{mark}{since} · waktu baku {current.step.duration}{again}{stopped}"


def _warning(office: Office, current: Progress) -> str:
    """What the SOP itself warns of, where a step is late."""
    if current.state is not StepState.LATE:
        return ""
    warning = office.head(office.sop_in_force).warning
    return f'<p class="mv-warn"><strong>Peringatan SOP.</strong> {esc(warning)}</p>'


def _time(current: Progress, steps: Steps, now: datetime) -> str:
    if current.due_at is None:
        return ""
    calendar = steps.calendar
    if current.overrun:
        left = ("Lewat waktu kerja", say_minutes(current.overrun, calendar))
    else:
        left = ("Sisa waktu kerja", say_minutes(calendar.between(current.paused_at or now, current.due_at), calendar))
    due = "berhenti selama jeda" if current.paused_at else format_datetime(current.due_at)
    return "".join(f"<div><dt>{name}</dt><dd>{esc(text)}</dd></div>" for name, text in (left, ("Tenggat", due)))


def figures(steps: Steps) -> str:
    rounds = steps.items[VERIFYING - 2].rounds
    cards = (
        ("Laporan selesai" if steps.finished else "Laporan diperkirakan selesai", *_forecast(steps)),
        ("Langkah selesai", f"{steps.done} dari {STEP_COUNT}", *_late(steps)),
        ("Putaran koreksi", str(rounds), "open" if not rounds else "now", _returned(rounds)),
    )
    body = "".join(
        f'<div class="mv-card"><span>{esc(name)}</span><strong>{esc(value)}</strong>'
        f'<span class="mv-chip mv-{kind}">{esc(note)}</span></div>'
        for name, value, kind, note in cards
    )
    return f'<div class="mv-run-figures">{body}</div>'


def _forecast(steps: Steps) -> tuple[str, str, str]:
    """Date, and how far it is behind the plan; below it what the forecast rests on and what holds it up."""
    if steps.forecast is None or steps.planned_end is None or steps.delay is None:
        return "belum ada", "open", "belum dibuka"
    planned = format_short_date(steps.planned_end.date())
    basis = f"dari {steps.own_cycles} triwulan lalu" if steps.own_cycles else "dari waktu baku"
    if steps.delay <= 0:
        return format_date(steps.forecast.date()), "done", f"sesuai rencana {planned}, {basis}"
    behind = say_minutes(steps.delay, steps.calendar)
    cause = f", tertahan langkah {worst}" if (worst := _slowest(steps)) else ""
    return format_date(steps.forecast.date()), "late", f"+{behind} dari {planned}{cause}"


def _slowest(steps: Steps) -> str:
    """The step that is most past its time."""
    worst = max(steps.items, key=lambda p: p.overrun)
    return f"{worst.step.no}" if worst.overrun else ""


def _late(steps: Steps) -> tuple[str, str]:
    return ("late", f"{steps.late} terlambat") if steps.late else ("done", "sesuai waktu baku")


def _returned(rounds: int) -> str:
    return f"draf dikembalikan {rounds} kali" if rounds else "belum pernah dikembalikan"


def legend(steps: Steps) -> str:
    used = _KEY if not steps.finished else tuple(k for k in _KEY if k[0] not in ("berjalan", "perkiraan"))
    return '<p class="mv-key">' + "".join(f'<span><i class="{css}"></i>{word}</span>' for word, css in used) + "</p>"


def all_steps(steps: Steps) -> str:
    expected = {e.no: e.end for e in steps.expected}
    rows = (_row(item, planned.due, expected, steps) for item, planned in zip(steps.items, steps.plan, strict=True))
    headers = ("No", "Langkah", "Pelaksana", "Waktu baku", "Tenggat", "Selesai", "Keadaan")
    return '<div class="mv-all-steps">' + table(headers, rows, caption="Ketiga belas langkah SOP") + "</div>"


def _row(item: Progress, planned: datetime, expected: dict[int, datetime], steps: Steps) -> tuple[str, ...]:
    current = steps.current is item
    people = ", ".join(role.label for role in item.step.executor)
    due = item.due_at or expected.get(item.step.no) or planned
    mark = "" if item.due_at else ' <small class="mv-quiet">perkiraan</small>'
    name = f'<span class="mv-step-name{" mv-step-now" if current else ""}">{esc(item.step.procedure)}</span>'
    proposal = "" if item.step.confirmed else ' <small class="mv-quiet">usulan</small>'
    return (
        str(item.step.no),
        name,
        esc(people) + proposal,
        esc(item.step.duration),
        esc(_moment(due)) + mark,
        esc(_moment(item.done_at)) if item.done_at else "",
        _state(item, steps),
    )


def _moment(at: datetime) -> str:
    return f"{format_short_date(at.date())} {at:%H.%M}"


def _state(item: Progress, steps: Steps) -> str:
    if item.state is StepState.DONE and item.overrun:
        return process_chip("late", f"Selesai, +{say_minutes(item.overrun, steps.calendar)}")
    return step_chip(item.state)


def settings(office: Office, period: Period) -> str:
    """How time is counted here, and for which years the days off are known."""
    calendar = office.calendar
    day = "hari kalender" if calendar.calendar_days else "hari kerja"
    years = {office.cycles[period].opened_at.year, period.year} - calendar.known_years
    text = (
        f"Cara menghitung: hari dalam SOP berarti {day}; 1 minggu berarti {calendar.days_per_week} hari; jam kerja "
        f"{calendar.opens:%H.%M} sampai {calendar.closes:%H.%M} WIB, Senin sampai Jumat, tanpa libur nasional dan cuti "
        "bersama."
    )
    if years:
        missing = " dan ".join(map(str, sorted(years)))
        text += f" Hari libur tahun {missing} belum ada di data, jadi hanya Sabtu dan Minggu yang dikecualikan."
    return f'<p class="mv-quiet">{esc(text)}</p>'
