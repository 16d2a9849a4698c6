"""The part of the page Pengguna about pelaksana harian (Plh.): who holds a role for whom, appointing, ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from services.auth.accounts import Account, AccountError
from services.auth.management import Management
from services.domain.numbers import format_date
from services.domain.roles import Role, needs_section
from services.domain.stand_in import LONGEST_DAYS, STAND_IN_ROLES, StandIn
from services.ui import capacity, errors, session
from services.ui.account_page import note
from services.ui.html import ProcessKind, esc, process_chip
from services.ui.reference import Column, heading, listing

Do = Callable[[str, Callable[[Management], tuple[str, str]]], None]
"""Does it in the name of whoever presses at a place."""
Tell = Callable[[str], None]
"""Draws what came of the last press, if it was made at this place."""
_KEY, _APPOINT, _END = "plh", "plh-tunjuk", "plh-akhiri"
_SHOWN = 20
_COLUMNS = (
    Column("Nama"),
    Column("Menjadi", named=True, width="11rem"),
    Column("Waktu", named=True, width="13rem"),
    Column("Dasar", named=True),
    Column("Keadaan", width="8rem"),
)


def draw(accounts: Sequence[Account], do: Do, tell: Tell) -> None:
    found = session.runtime().accounts.access.stand_ins()
    today = session.today()
    running = sum(each.covers(today) for each in found)
    st.html(heading("Pelaksana harian (Plh.)", f"{running} berlaku" if running else "tidak ada yang berlaku"))
    names = {account.username: account.name for account in accounts}
    with st.container():  # also while empty: the form below stays where it is, and open
        if found:
            st.html(listing(_COLUMNS, [_row(each, names, today) for each in found[:_SHOWN]], "Pelaksana harian"))
    with st.expander("Tunjuk Plh.", icon=":material/person_raised_hand:"), st.form(_APPOINT, border=False):
        _form(accounts, today)
        tell(_APPOINT)
        st.form_submit_button("Tunjuk Plh.", type="primary", on_click=errors.pressed(do), args=(_APPOINT, _appointed))
    _ending([each for each in found if each.lasts(today)], names, do, tell)


def _row(each: StandIn, names: dict[str, str], today: date) -> tuple[str, ...]:
    kind: ProcessKind
    if each.covers(today):
        kind, text = "now", "Berlaku"
    elif each.lasts(today):
        kind, text = "open", "Akan berlaku"
    else:
        kind, text = "done", "Berakhir"
    until = f", diakhiri {format_date(each.ended_on)}" if each.ended_on else ""
    return (
        esc(names.get(each.username, each.username)),
        esc(capacity.said(each)),
        esc(f"{_days(each)}{until}"),
        esc(each.basis),
        process_chip(kind, text),
    )


def _days(each: StandIn) -> str:
    first, last = format_date(each.first), format_date(each.last)
    return first if first == last else f"{first} sampai {last}"


def _form(accounts: Sequence[Account], today: date) -> None:
    note(
        "Selama waktunya, orang ini dapat memilih bertindak sebagai Plh. di bawah menu. Haknya mengikuti peran yang "
        f"digantikan, dan Riwayat mencatatnya sebagai Plh. Paling lama {LONGEST_DAYS} hari."
    )
    people = {a.username: a.name for a in accounts if a.active and a.role != Role.ADMIN}
    sections = {"": "tanpa seksi"} | {section.id: section.name for section in session.office().sections}
    st.selectbox(
        "Orang yang ditunjuk",
        list(people),
        index=None,
        format_func=lambda username: f"{people[username]} ({username})",
        key=f"{_KEY}-akun",
        placeholder="Pilih orang",
    )
    st.selectbox(
        "Menjadi Plh.",
        STAND_IN_ROLES,
        index=None,
        format_func=lambda role: role.label,
        key=f"{_KEY}-peran",
        placeholder="Pilih peran",
    )
    own = [role.label for role in STAND_IN_ROLES if needs_section(role)]
    st.selectbox(
        f"Seksi yang digantikan (hanya bagi {' dan '.join(own)})",
        list(sections),
        format_func=sections.__getitem__,
        key=f"{_KEY}-seksi",
    )
    with st.container(horizontal=True, gap="small"):
        st.date_input("Hari pertama", value=today, format="DD/MM/YYYY", key=f"{_KEY}-mulai")
        st.date_input("Hari terakhir", value=today, format="DD/MM/YYYY", key=f"{_KEY}-sampai")
    st.text_input("Dasar", key=f"{_KEY}-dasar", placeholder="nomor surat perintah, atau alasannya", autocomplete="off")


def _appointed(manager: Management) -> tuple[str, str]:
    typed = {
        name: st.session_state[f"{_KEY}-{name}"] for name in ("akun", "peran", "seksi", "mulai", "sampai", "dasar")
    }
    if typed["akun"] is None or typed["peran"] is None:
        raise AccountError("Pilih orang dan perannya.")
    role = Role(typed["peran"])
    section_id = str(typed["seksi"]) if needs_section(role) else ""
    made = manager.appoint(
        typed["akun"], role, section_id, typed["mulai"], typed["sampai"], typed["dasar"], session.today()
    )
    st.session_state[f"{_KEY}-dasar"] = ""
    return f"{made.username} menjadi {capacity.said(made)} sampai {format_date(made.last)}.", made.username


def _ending(found: Sequence[StandIn], names: dict[str, str], do: Do, tell: Tell) -> None:
    """For whoever comes back before the last day."""
    if not found:
        tell(_END)  # of the one that was the last
        return
    by_id = {each.id: each for each in found}
    with st.expander("Akhiri Plh. lebih awal", icon=":material/event_busy:"), st.form(_END, border=False):
        st.selectbox(
            "Plh. yang diakhiri",
            list(by_id),
            index=None,
            format_func=lambda id_: (
                f"{names.get(by_id[id_].username, by_id[id_].username)}, {capacity.said(by_id[id_])}"
            ),
            key=f"{_KEY}-akhiri",
            placeholder="Pilih Plh.",
        )
        st.text_input("Alasan", key=f"{_KEY}-alasan", placeholder="misalnya Camat sudah kembali", autocomplete="off")
        tell(_END)
        work = _ended(by_id)
        st.form_submit_button("Akhiri sekarang", type="primary", on_click=errors.pressed(do), args=(_END, work))


def _ended(by_id: dict[str, StandIn]) -> Callable[[Management], tuple[str, str]]:
    def work(manager: Management) -> tuple[str, str]:
        chosen = st.session_state[f"{_KEY}-akhiri"]
        if chosen not in by_id:
            raise AccountError("Pilih Plh. yang diakhiri.")
        manager.end_stand_in(by_id[chosen], st.session_state[f"{_KEY}-alasan"], session.today())
        st.session_state[f"{_KEY}-alasan"] = ""
        return f"{by_id[chosen].title} {by_id[chosen].username} diakhiri.", by_id[chosen].username

    return work
