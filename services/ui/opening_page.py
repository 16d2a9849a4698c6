"""The page Buka triwulan: step 1, a preview of the quarter to open, its dates, and the blangko for each section."""

from __future__ import annotations

import streamlit as st

from services.actions.base import ActionError
from services.actions.quarters import move_dates, open_quarter
from services.domain.indicators import Period
from services.domain.numbers import format_period
from services.domain.roles import Action, Actor, CycleState, allows
from services.domain.sop import FORM
from services.store.store import Conflict, DuplicateRow, StoreError, new_id
from services.ui import blanks, errors, frame, opening_parts, places, reference, session, sop_says, step_action
from services.ui.press import once
from services.views.office import Cycle, Office
from services.views.opening import opening
from services.views.steps import steps_of

SOURCE = "Halaman Buka triwulan"
_TICKET, _PROBLEM = "mv-buka-tiket", "mv-buka-galat"
_DUE, _LOCK, _REASON = "mv-geser-tenggat", "mv-geser-kunci", "mv-geser-alasan"


def draw(actor: Actor) -> None:
    st.html(reference.STYLE)
    asked = frame.asked_period()
    period = frame.header("Buka triwulan", ("Langkah 1", format_period(asked)), period_choice=True)
    office = session.office()
    sop_says.draw(office, period, FORM)
    if not office.indicators:
        frame.empty_state(
            "Kamus indikator masih kosong", "Isi indikator dan targetnya di Kamus indikator, lalu buka triwulan."
        )
        return
    if period in office.cycles:
        _opened(office, actor, period)
    else:
        _preview(office, actor, period)


# --- before ------------------------------------------------------------------------------------------------------


def _preview(office: Office, actor: Actor, period: Period) -> None:
    plan = opening(office, period, session.now())
    st.html(opening_parts.announcement(plan, period))
    if allows(actor, Action.OPEN_QUARTER, office.state(period, session.now())):
        _open_button(period)
    else:
        st.html('<p class="mv-quiet">Triwulan dibuka oleh Kasubag PKP.</p>')
    st.html(opening_parts.checks(plan.checks))
    st.html(opening_parts.rows(plan.rows))
    st.html(reference.heading("Blangko isian", "untuk diisi dengan tangan"))
    blanks.draw(office, period)
    st.html(opening_parts.planned(plan.plan))


def _open_button(period: Period) -> None:
    st.button(
        f"Buka {format_period(period)}",
        key="mv-buka-triwulan",
        type="primary",
        icon=":material/event_available:",
        on_click=_open,
        args=(period,),
    )
    _show_problem(period)


@errors.pressed
def _open(period: Period) -> None:
    try:
        open_quarter(session.context(SOURCE), period, _ticket("buka", period))
    except DuplicateRow:
        frame.saved(f"{format_period(period)} baru saja dibuka orang lain.", later=True)
    except (ActionError, StoreError) as exc:
        st.session_state[f"{_PROBLEM}-{period.key}"] = exc
    else:
        frame.saved(f"{format_period(period)} dibuka.", later=True)
    finally:
        session.runtime().shared.invalidate()


# --- after -------------------------------------------------------------------------------------------------------


def _opened(office: Office, actor: Actor, period: Period) -> None:
    cycle, steps = office.cycles[period], steps_of(office, period, session.now())
    st.html(opening_parts.state(office, cycle, session.now()))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if steps.current and steps.current.step.no == FORM:
            step_action.draw(office, actor, period, at="buka")
        elif steps.current:
            places.link(steps.current.step.no, f"Ke langkah {steps.current.step.no}")
        if _may_move(office, actor, cycle):
            _move_dates(cycle)
    _show_problem(period)
    st.html(reference.heading("Blangko isian", "untuk diisi dengan tangan"))
    blanks.draw(office, period)
    st.html(opening_parts.carried_out(steps))


def _may_move(office: Office, actor: Actor, cycle: Cycle) -> bool:
    state = office.state(cycle.period, session.now())
    return cycle.locked_at is None and state is not CycleState.ARCHIVED and allows(actor, Action.MOVE_DATES, state)


def _move_dates(cycle: Cycle) -> None:
    with st.popover("Geser tenggat atau kunci", icon=":material/edit_calendar:", key="mv-geser", wrap=True):
        st.date_input("Tenggat data", cycle.due_on, format="DD/MM/YYYY", key=_field(_DUE, cycle))
        st.date_input("Tanggal kunci", cycle.locks_on or cycle.due_on, format="DD/MM/YYYY", key=_field(_LOCK, cycle))
        st.text_input("Alasan", key=_field(_REASON, cycle))
        st.button("Geser tanggal", type="primary", key="mv-geser-simpan", on_click=_move, args=(cycle,))


@errors.pressed
def _move(seen: Cycle) -> None:
    period = seen.period
    due, lock, reason = (st.session_state[_field(name, seen)] for name in (_DUE, _LOCK, _REASON))
    once(
        lambda context, id_: move_dates(context, period, due, lock, reason, id_, (seen.due_on, seen.locks_on)),
        source=SOURCE,
        ticket=_ticket_key(f"geser-{seen.due_on}-{seen.locks_on}", period),
        done="Tanggal digeser.",
        problem=f"{_PROBLEM}-{period.key}",
    )


def _field(name: str, seen: Cycle) -> str:
    """Changes with the dates that stand there, so that the boxes begin with them."""
    return f"{name}-{seen.period.key}-{seen.due_on}-{seen.locks_on}"


def _show_problem(period: Period) -> None:
    problem = st.session_state.pop(f"{_PROBLEM}-{period.key}", None)
    if isinstance(problem, Conflict):
        st.warning(opening_parts.moved_meanwhile(problem), icon=":material/call_split:")
    elif problem is not None:
        frame.error(problem)


def _ticket(what: str, period: Period) -> str:
    """One press, one transaction: sent again after an interruption, it lands once."""
    return str(st.session_state.setdefault(_ticket_key(what, period), new_id()))


def _ticket_key(what: str, period: Period) -> str:
    return f"{_TICKET}-{what}-{period.key}"
