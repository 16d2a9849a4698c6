"""In which capacity a person acts: by his own role, or as pelaksana harian (Plh.) while he is one."""

from __future__ import annotations

import streamlit as st

from services.domain.numbers import format_date
from services.domain.roles import Actor, Role, needs_section
from services.domain.stand_in import StandIn
from services.ui import errors, frame, session

_BOX = "mv-bertindak-sebagai"


def leave_if_over() -> None:
    """Whoever stands there in a capacity that is over gets back to his own role, and what he pressed is not done."""
    if session.sign_in().has_lapsed():
        session.sign_in().act_as("")
        frame.warned(session.CAPACITY_IS_OVER)
        st.rerun()


def choose(actor: Actor) -> None:
    """The box in the sidebar, for whoever has a choice."""
    possible = {each.id: each for each in session.sign_in().capacities(actor)}
    if not possible:
        return
    chosen = session.sign_in().acting()
    st.session_state[_BOX] = chosen if chosen in possible else ""
    account = session.runtime().accounts.get(actor.username)
    own = Role(account.role).label if account else ""
    st.selectbox(
        "Bertindak sebagai",
        ["", *possible],
        key=_BOX,
        format_func=lambda chosen: said(possible[chosen]) if chosen else own,
        on_change=_chosen,
    )
    if chosen in possible:
        st.caption(f"Sampai {format_date(possible[chosen].last)}. Riwayat mencatat Anda sebagai Plh.")


def said(stand_in: StandIn) -> str:
    """Such as "Plh. Camat"; of a role that there is once in each section with the section."""
    if not needs_section(stand_in.role):
        return stand_in.title
    return f"{stand_in.title}, {session.office().section(stand_in.section_id).short}"


@errors.pressed
def _chosen() -> None:
    session.sign_in().act_as(str(st.session_state[_BOX]))
