"""Akun saya: one's own password, the browsers one is signed in with, and what happened at the door lately."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from services.auth.accounts import Account
from services.auth.passwords import RULE, strength
from services.auth.sessions import IDLE, LONGEST, fingerprint
from services.domain.clock import WIB
from services.domain.numbers import format_datetime
from services.domain.roles import Actor
from services.store.access import SessionRow, TrailEntry
from services.ui import errors, frame, session
from services.ui.html import esc, process_chip
from services.ui.reference import STYLE, Column, facts, heading, listing

_CURRENT, _NEW, _AGAIN, _PROBLEM = "sandi-sekarang", "sandi-baru", "sandi-ulang", "sandi-galat"
_SAMPLE = "Akun contoh tidak memakai kata sandi. Di kantor sebenarnya, kata sandi diganti di sini."
_EVENTS_SHOWN = 10
SESSION_COLUMNS = (
    Column("Peramban"),
    Column("Masuk", named=True, width="14rem"),
    Column("Terakhir dipakai", named=True, width="14rem"),
    Column("Alamat jaringan", named=True, width="11rem"),
)
EVENT_COLUMNS = (Column("Waktu", width="14rem"), Column("Kejadian"), Column("Oleh", named=True, width="10rem"))


def draw(actor: Actor) -> None:
    """The whole page."""
    st.html(STYLE)
    frame.header("Akun saya")
    account = session.runtime().accounts.get(actor.username)
    if account is None:
        return
    section = session.office().section(actor.section_id).name
    st.html(
        facts(
            (
                ("Nama", account.name),
                ("Nama pengguna", account.username),
                ("Peran", actor.title),
                ("Seksi", section or "tanpa seksi"),
                ("Surel untuk Google", account.email),
            )
        )
    )
    _password(account)
    _sessions(account)
    _events(account)


def draw_first(account: Account) -> None:
    """For whoever has come in with a first password: nothing else opens before he has chosen his own."""
    st.html('<h1 class="mv-h2">Pilih kata sandi Anda</h1>')
    note(
        f"Anda masuk sebagai {account.username}. Sandi dari admin hanya untuk masuk pertama kali; pilih kata sandi "
        "yang hanya Anda ketahui."
    )
    _form("Simpan dan masuk", ask_current=False)
    st.button("Keluar", type="tertiary", icon=":material/logout:", on_click=errors.pressed(session.sign_in().sign_out))


# --- password ----------------------------------------------------------------------------------------------------


def _password(account: Account) -> None:
    st.html(heading("Kata sandi"))
    if not account.password_hash:
        st.info(_SAMPLE, icon=":material/info:")
        return
    if not session.runtime().accounts_last(account.username):
        note("Isi disk di layanan ini tidak bertahan: setelah mengganti kata sandi, minta admin menyimpan akun Anda.")
    with st.container(key="mv-sandi", width=520):
        _form("Ganti kata sandi", ask_current=True)


def _form(label: str, *, ask_current: bool) -> None:
    note(RULE)
    with st.form("sandi", border=False):
        if ask_current:
            st.text_input("Kata sandi sekarang", key=_CURRENT, type="password", autocomplete="current-password")
        st.text_input("Kata sandi baru", key=_NEW, type="password", autocomplete="new-password")
        st.text_input("Ulangi kata sandi baru", key=_AGAIN, type="password", autocomplete="new-password")
        problem = st.session_state.pop(_PROBLEM, "")
        if problem:
            st.error(problem, icon=":material/error:")
        st.form_submit_button(label, type="primary", on_click=_change)


@errors.pressed
def _change() -> None:
    typed = {name: str(st.session_state.get(name, "")) for name in (_CURRENT, _NEW, _AGAIN)}
    for name in typed:  # before anything can fail: what was typed stays nowhere
        if name in st.session_state:
            st.session_state[name] = ""
    if typed[_NEW] != typed[_AGAIN]:
        st.session_state[_PROBLEM] = "Kedua kata sandi baru tidak sama. Ketik lagi keduanya."
        return
    problem = session.sign_in().change_password(typed[_CURRENT], typed[_NEW], office_words())
    st.session_state[_PROBLEM] = problem
    if not problem:
        how = strength(typed[_NEW], office_words())
        frame.saved(f"Kata sandi diganti; kekuatannya {how}. Semua sesi lain sudah diakhiri.", later=True)


def note(text: str) -> None:
    """A remark below or above what it is about."""
    st.html(f'<p class="mv-meta">{esc(text)}</p>')


def office_words() -> tuple[str, ...]:
    """Names that whoever guesses a password in this office tries first."""
    office = session.office()
    profile = office.profile
    return (profile.district, profile.regency, profile.province, *(section.name for section in office.sections))


# --- sessions ----------------------------------------------------------------------------------------------------


def _sessions(account: Account) -> None:
    hours = f"{int(IDLE.total_seconds() // 3600)} jam tanpa dipakai, paling lama {int(LONGEST.total_seconds() // 3600)}"
    st.html(heading("Sesi yang berjalan", f"berakhir sendiri setelah {hours} jam"))
    ticket = session.sign_in().ticket()
    own = fingerprint(ticket.secret) if ticket else ""
    running = session.runtime().accounts.sessions.running(account.username)
    st.html(session_list(running, own, places=not account.sample))
    if len(running) > 1:
        st.button("Akhiri semua sesi lain", icon=":material/logout:", on_click=_end_others)


def session_list(rows: tuple[SessionRow, ...], own: str = "", *, named: bool = False, places: bool = True) -> str:
    """The sessions as a list; ``own`` is marked. ``named``: with whose each one is. ``places``: with the addresses,

    which visitors of the sample do not learn of each other.
    """
    return listing(
        SESSION_COLUMNS,
        [
            (
                (f"{esc(row.username)} · " if named else "")
                + esc(row.browser or "peramban lain")
                + (f" {process_chip('now', 'peramban ini')}" if row.id == own else ""),
                esc(format_datetime(row.started_at)),
                esc(format_datetime(row.seen_at)),
                esc((row.address if places else "disembunyikan") or "tidak diketahui"),
            )
            for row in rows
        ],
        "Sesi yang berjalan",
    )


@errors.pressed
def _end_others() -> None:
    count = session.sign_in().end_others()
    frame.saved(f"{count} sesi lain diakhiri.", later=True)


# --- log ---------------------------------------------------------------------------------------------------------


def _events(account: Account) -> None:
    st.html(heading("Kejadian terakhir pada akun ini"))
    latest = session.runtime().accounts.trail.latest(_EVENTS_SHOWN, account.username)
    st.html(event_list(latest, places=not account.sample))
    note("Bila ada yang bukan dari Anda, ganti kata sandi dan beri tahu admin.")


def _said(entry: TrailEntry, places: bool) -> str:
    about = entry.username if entry.username != entry.by else ""
    parts = (f"{entry.event} {about}".strip(), entry.detail, entry.address if places else "")
    return ", ".join(part for part in parts if part)


def event_list(entries: tuple[TrailEntry, ...], *, places: bool = True) -> str:
    """Lines of the log of the door, newest first."""
    rows = [
        (
            esc(format_datetime(datetime.fromisoformat(entry.at).astimezone(WIB))),
            esc(_said(entry, places)),
            esc(entry.by or "tidak dikenal"),
        )
        for entry in entries
    ]
    return listing(EVENT_COLUMNS, rows, "Kejadian")
