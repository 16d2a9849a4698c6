"""What stands around the form of Isian: head, choice of section, state, and a quarter that is not open."""

from __future__ import annotations

import streamlit as st

from services.domain.indicators import Period
from services.domain.numbers import format_period
from services.domain.roles import RIGHTS, Action, Actor, Role, Scope, allows
from services.domain.sop import FORM
from services.ui import entry_form, entry_parts, entry_table, errors, frame, places, session
from services.views.entries import SectionForm, section_form
from services.views.office import Office

_SECTION, _MODE = "mv-isian-seksi", "mv-isian-cara"
_FORM, _TABLE = "Formulir", "Tabel"


def draw(actor: Actor) -> None:
    st.html(entry_parts.style())
    office = session.office()
    if not office.sections:
        frame.header("Isian data")
        frame.empty_state("Belum ada seksi", "Isi seksi dan indikator kantor dahulu.")
        return
    own = _writes_own_only(actor)
    section_id = _section_id(office, actor)
    period = _head(office, actor, section_id)
    if period not in office.cycles:
        _not_open(office, actor, period)
        return
    if not own:
        _choose_section(office, period)
    form = section_form(office, section_id, period, session.now())
    now = session.now()
    editable = allows(actor, Action.SAVE_ENTRY, office.state(period, now, section_id), section_id)
    st.html(entry_parts.banner(form, office, now, editable=editable))
    if not form.items:
        frame.empty_state("Belum ada indikator", "Seksi ini belum mempunyai indikator aktif di kamus indikator.")
        return
    _body(form, editable=editable)


def _body(form: SectionForm, *, editable: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        mode = st.session_state.get(_MODE, _FORM) if editable else _FORM
        if mode == _FORM:
            entry_form.navigator(form)
        if editable:
            with st.container(key="mv-cara", width="content"):
                _mode(mode)
    if mode == _TABLE:
        entry_table.draw(form)
    else:
        entry_form.draw(form, editable=editable)


def _mode(mode: str) -> None:
    st.session_state["mv-cara-isi"] = mode
    st.segmented_control(
        "Cara mengisi",
        (_FORM, _TABLE),
        required=True,
        key="mv-cara-isi",
        label_visibility="collapsed",
        on_change=_mode_chosen,
    )


@errors.pressed
def _mode_chosen() -> None:
    """Form and table share their drafts, so that each shows what was typed into the other."""
    entry_form.redraw()
    entry_form.close()
    entry_table.close()
    st.session_state[_MODE] = st.session_state["mv-cara-isi"]


# --- head --------------------------------------------------------------------------------------------------------


def _writes_own_only(actor: Actor) -> bool:
    """Whoever fills in the own section only sees that one, in the current quarter."""
    return RIGHTS[Action.SAVE_ENTRY][1].get(actor.role) is Scope.OWN


def _section_id(office: Office, actor: Actor) -> str:
    known = [s.id for s in office.sections]
    if _writes_own_only(actor):
        return actor.section_id
    chosen = st.session_state.get(_SECTION)
    return chosen if chosen in known else actor.section_id if actor.section_id in known else known[0]


def _head(office: Office, actor: Actor, section_id: str) -> Period:
    if not _writes_own_only(actor):
        return frame.header("Isian data", period_choice=True)
    period = frame.default_period(office)
    frame.header(f"Isian {office.section(section_id).short}", (format_period(period),))
    return period


def _choose_section(office: Office, period: Period) -> None:
    now = session.now()
    states = {s.id: entry_parts.section_state(section_form(office, s.id, period, now)) for s in office.sections}
    st.session_state[_SECTION + "-kotak"] = _section_id_shown(office)
    st.selectbox(
        "Seksi",
        list(states),
        format_func=states.__getitem__,
        key=_SECTION + "-kotak",
        on_change=_section_chosen,
        width=460,
    )


def _section_id_shown(office: Office) -> str:
    actor = session.actor()
    assert actor is not None
    return _section_id(office, actor)


@errors.pressed
def _section_chosen() -> None:
    entry_form.redraw()
    st.session_state[_SECTION] = st.session_state[_SECTION + "-kotak"]


# --- a quarter that is not open ----------------------------------------------------------------------------------


def _not_open(office: Office, actor: Actor, period: Period) -> None:
    holder = Role.PKP.label
    frame.empty_state(
        f"{format_period(period)} belum dibuka", f"Isian dapat diisi setelah {holder} membuka triwulan ini, langkah 1."
    )
    if allows(actor, Action.OPEN_QUARTER, office.state(period, session.now())):
        places.link(FORM, "Buka triwulan")
