"""The page Hak akses: who may do what, when, for whose data; everybody may read it."""

from __future__ import annotations

import streamlit as st

from services.auth.management import DUTIES
from services.domain.roles import Actor, Role
from services.ui import frame, session
from services.ui.account_page import note
from services.ui.html import esc
from services.ui.reference import STYLE, Column, heading, listing
from services.views.rights import NO, TWO_PEOPLE, YES, Right, moves, rights

_RIGHTS = (Column("Tindakan"), Column("Keadaan triwulan", named=True, width="15rem"))
_ALL, _ONE = Column("Yang berhak", named=True, width="24rem"), Column("Data", named=True, width="12rem")
_MOVES = (Column("Langkah"), Column("Kejadian", named=True, width="10rem"), _ALL)
_DUTIES = (Column("Tindakan"), Column("Alasan wajib", named=True, width="24rem"))


def draw(actor: Actor) -> None:
    st.html(STYLE)
    frame.header("Hak akses", ("Yang tidak disebut di sini ditolak",))
    chosen = st.selectbox(
        "Peran",
        ["", *Role],
        index=1 + list(Role).index(actor.role),
        format_func=lambda name: Role(name).label if name else "Semua peran",
        key="hak-peran",
        width=320,
    )
    role = Role(chosen) if chosen else None
    found = [right for right in rights() if role is None or right.cell(role) != NO]
    st.html(heading("Tindakan", f"{len(found)} dari {len(rights())}"))
    st.html(listing((*_RIGHTS, _ONE if role else _ALL), [_row(right, role) for right in found], "Tindakan"))
    st.html(heading("Memindahkan langkah"))
    office = session.office()
    turns = moves(office.steps_in(office.sop_in_force))
    mine = [turn for turn in turns if role is None or role.label in turn.who.split(", ")]
    if mine:
        rows = [(esc(turn.step), esc(turn.event), esc(turn.who)) for turn in mine]
        st.html(listing(_MOVES, rows, "Memindahkan langkah"))
    else:
        note("Peran ini tidak memindahkan langkah.")
    st.html(heading("Dua orang"))
    for sentence in TWO_PEOPLE:
        note(sentence)
    if role in (None, Role.ADMIN):
        st.html(heading("Akun", "hanya Admin; semuanya tercatat"))
        duties = [(esc(duty.what), esc(duty.reason or "tidak")) for duty in DUTIES.values()]
        st.html(listing(_DUTIES, duties, "Akun"))


def _row(right: Right, role: Role | None) -> tuple[str, str, str]:
    who = right.who if role is None else "semua seksi" if right.cell(role) == YES else right.cell(role)
    return esc(right.action.value), esc(right.when), esc(who)
