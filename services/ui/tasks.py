"""The page Tugas saya: the first thing after signing in, what this person has to do now."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from services.domain.numbers import format_day
from services.domain.roles import Actor, Role
from services.ui import dashboard, errors, frame, session, step_action
from services.ui.charts import current_board
from services.ui.html import ProcessKind, esc, process_chip
from services.ui.places import PLACES
from services.views.office import Office
from services.views.tasks import Task, Urgency, tasks_of

STYLE = Path(__file__).with_name("tasks.css")
REFRESH_EVERY = 30  # seconds
_CHIPS: dict[Urgency, tuple[ProcessKind, str]] = {
    Urgency.LATE: ("late", "Terlambat"),
    Urgency.TODAY: ("now", "Hari ini"),
    Urgency.SOON: ("now", "Berjalan"),
    Urgency.WHENEVER: ("open", "Terbuka"),
}


def draw(actor: Actor) -> None:
    st.html(dashboard.STYLE)
    st.html(STYLE)
    frame.header("Tugas saya", (_greeting(actor),))
    content(actor)


@st.fragment(run_every=REFRESH_EVERY)
@errors.shielded
def content(actor: Actor) -> None:
    if session.actor(watching=True) != actor:  # signed out meanwhile, or in another capacity, here or elsewhere
        st.rerun()
    frame.messages()
    office, now = session.office(), session.now()
    found = tasks_of(office, actor, now)
    if not found:
        _nothing(actor)
    for number, task in enumerate(found):
        _task(office, actor, task, number)
    _where_it_stands(office)


def _greeting(actor: Actor) -> str:
    return actor.name if actor.role is Role.KASI and not actor.stand_in else actor.title


def _nothing(actor: Actor) -> None:
    text = "Tidak ada yang menunggu Anda saat ini. Keadaan triwulan dapat dilihat di Dasbor."
    if actor.role is Role.PIMPINAN:
        text = "Akun ini hanya membaca. Keadaan triwulan dapat dilihat di Dasbor dan Langkah SOP."
    frame.empty_state("Tidak ada tugas", text)


def _task(office: Office, actor: Actor, task: Task, number: int) -> None:
    with st.container(border=True, key=f"mv-tugas-{number}"):
        st.html(card(task))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            place = PLACES[task.step] if task.step and not task.page else None
            page, part = (place.page, place.part) if place else (task.page, task.part)
            parameters = {"tahun": str(task.period.year), "triwulan": str(task.period.quarter)}
            if part:
                parameters["bagian"] = part
            icon = ":material/arrow_forward:"
            st.page_link(f"pages/{page}.py", label="Kerjakan", icon=icon, query_params=parameters)
            if place:
                step_action.draw(office, actor, task.period)


def card(task: Task) -> str:
    kind, word = _CHIPS[task.urgency]
    due = f" · paling lambat {esc(format_day(task.due))}" if task.due else ""
    chip = process_chip(kind, word)
    return (
        f'<div class="mv-task">{chip}<h2 class="mv-h3">{esc(task.title)}</h2>'
        f'<p class="mv-sub">{esc(task.detail)}{due}</p></div>'
    )


def _where_it_stands(office: Office) -> None:
    """The strip of the steps, so that everybody knows what the others are at."""
    period = office.latest_period()
    if period is None:
        return
    now = session.now()
    board = current_board(office, period, now)
    st.html(dashboard.heading("Keadaan triwulan") + dashboard.strip(board, now))
