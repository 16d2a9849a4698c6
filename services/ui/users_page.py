"""Pengguna: the accounts of the office, for the admin; first passwords are shown once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from services.actions.base import ActionError
from services.auth.accounts import FIRST_PASSWORD_LASTS, Account, AccountError
from services.auth.management import Management
from services.auth.pinned import line_of
from services.domain.numbers import format_datetime
from services.domain.roles import Actor, Role, needs_section
from services.store.store import StoreError
from services.ui import errors, frame, session, stand_in_parts
from services.ui.account_page import event_list, note, session_list
from services.ui.html import ProcessKind, esc, md, process_chip
from services.ui.reference import BLANK_CELL, STYLE, Column, heading, listing
from services.ui.stand_in_parts import Tell

_CHOSEN, _NEW = "pengguna-dipilih", "pengguna-baru"
_SECRET, _TOLD = "pengguna-sandi-pertama", "pengguna-kabar"
_ADD, _CHANGE, _PRESS = "tambah", "ubah", "tindakan"
_FIELDS = ("nama", "peran", "seksi", "surel")
_EVENTS_SHOWN = 20
_PAIRS_FROM = 240
_COLUMNS = (
    Column("Nama"),
    Column("Nama pengguna", named=True, width="8rem"),
    Column("Peran", named=True, width="9rem"),
    Column("Seksi", named=True, width="12rem"),
    Column("Keadaan", width="9rem"),
    Column("Sesi", numeric=True, named=True, width="4rem"),
)

_Work = Callable[[Management], tuple[str, str]]
"""What to say afterwards, and about which account."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of a press. It is said at the button: the page is long, and a first password is shown only once."""

    place: str
    failure: ActionError | StoreError | None = None
    message: str = ""
    username: str = ""
    password: str = ""


def draw(actor: Actor) -> None:
    """The whole page."""
    st.html(STYLE)
    accounts = session.runtime().accounts.all()
    active = sum(account.active for account in accounts)
    frame.header("Pengguna", (f"{active} akun aktif", f"{len(accounts) - active} nonaktif"))
    told: _Told | None = st.session_state.pop(_TOLD, None)
    tell = partial(_tell, told)
    _add(tell)
    with st.container():  # also while empty: what follows stays where it is, and open
        _manage(accounts, tell)
    running = session.runtime().accounts.sessions.running()
    st.html(heading("Semua akun") + _list(accounts, Counter(row.username for row in running)))
    stand_in_parts.draw(accounts, _do, tell)
    own = session.runtime().accounts.get(actor.username)
    places = own is not None and not own.sample
    with st.expander(f"Sesi yang berjalan: {len(running)}", icon=":material/devices:"):
        st.html(session_list(running, named=True, places=places))
    with st.expander("Kejadian terakhir", icon=":material/history:"):
        st.html(event_list(session.runtime().accounts.trail.latest(_EVENTS_SHOWN), places=places))


def _list(accounts: tuple[Account, ...], sessions: Counter[str]) -> str:
    office = session.office()
    return listing(
        _COLUMNS,
        [
            (
                esc(account.name),
                esc(account.username),
                esc(Role(account.role).label),
                esc(office.section(account.section_id).name) or BLANK_CELL,
                _state(account),
                str(sessions[account.username]),
            )
            for account in accounts
        ],
        "Akun",
    )


def _state(account: Account) -> str:
    kind: ProcessKind
    if not account.active:
        kind, text = "open", "Nonaktif"
    elif account.first_until is None:
        kind, text = "done", "Aktif"
    elif account.first_until <= session.runtime().accounts.now():
        kind, text = "late", "Sandi lewat waktu"
    else:
        kind, text = "now", "Sandi pertama"
    return process_chip(kind, text)


# --- results -----------------------------------------------------------------------------------------------------


def _tell(told: _Told | None, place: str) -> None:
    """Draw what came of the last press, if it was made at this place."""
    if told is None or told.place != place:
        return
    if told.failure:
        frame.error(told.failure)
        return
    frame.saved(told.message)
    if told.password:
        st.warning(
            f"**Sandi pertama {md(told.username)}, hanya ditampilkan sekali.** Sampaikan langsung kepada pemiliknya. "
            f"Berlaku {FIRST_PASSWORD_LASTS.days} hari dan harus diganti saat pertama kali masuk.",
            icon=":material/key:",
        )
        st.code(told.password, language=None)
    if told.username and told.username != st.session_state.get(_CHOSEN):  # whose line stands with his account
        _pin_line(told.username)


def _pin_line(username: str) -> None:
    """Where the disk does not last, the line that keeps this account in the secrets of the host."""
    account = session.runtime().accounts.get(username)
    if account is None or account.sample or session.runtime().accounts_last(username):
        return
    st.warning(
        "**Isi disk di layanan ini tidak bertahan.** Agar akun ini tetap ada setelah aplikasi dimulai ulang, tempel "
        "baris ini di rahasia (secrets), di bawah baris [pengguna], menggantikan baris lamanya.",
        icon=":material/save:",
    )
    known, today = session.runtime().accounts.access.stand_ins(username), session.today()
    st.code(line_of(account, [each for each in known if each.lasts(today)]), language="toml", wrap_lines=True)


@errors.pressed
def _do(place: str, work: _Work) -> None:
    """Do it in the name of whoever presses, with his rights at this moment; the answer stands at the place pressed."""
    try:
        person = session.context("Pengguna").actor
        sections = [section.id for section in session.office().sections]
        manager = Management(session.runtime().accounts, sections, person, session.sign_in().address())
        message, username = work(manager)
        st.session_state[_TOLD] = _Told(place, None, message, username, st.session_state.pop(_SECRET, ""))
    except (ActionError, StoreError) as error:
        st.session_state[_TOLD] = _Told(place, error)


# --- a new account -----------------------------------------------------------------------------------------------


def _add(tell: Tell) -> None:
    with st.expander("Tambah akun", icon=":material/person_add:"), st.form("pengguna-tambah", border=False):
        with st.grid(2, min_column_width=_PAIRS_FROM, gap="small"):
            st.text_input("Nama pengguna", key=f"{_NEW}-akun", placeholder="misalnya budi", autocomplete="off")
            _fields(_NEW, None)
            st.text_input("Alasan (hanya bila peran itu sudah dipegang akun lain)", key=f"{_NEW}-alasan")
        tell(_ADD)
        st.form_submit_button("Buat akun", type="primary", on_click=_do, args=(_ADD, _added))


def _added(manager: Management) -> tuple[str, str]:
    username = str(st.session_state[f"{_NEW}-akun"]).strip().lower()
    st.session_state[_SECRET] = manager.add(username, *_typed(_NEW), _text(f"{_NEW}-alasan"))
    for field in ("akun", "nama", "surel", "alasan"):
        st.session_state[f"{_NEW}-{field}"] = ""
    return f"Akun {username} dibuat.", username


def _fields(key: str, account: Account | None) -> None:
    names = {"": "tanpa seksi"} | {section.id: section.name for section in session.office().sections}
    roles, sections = list(Role), list(names)
    st.text_input("Nama lengkap", account.name if account else "", key=f"{key}-nama", autocomplete="off")
    st.selectbox(
        "Peran",
        roles,
        index=roles.index(Role(account.role)) if account else None,
        format_func=lambda role: role.label,
        key=f"{key}-peran",
        placeholder="Pilih peran",
    )
    own = [role.label for role in Role if needs_section(role)]
    st.selectbox(
        f"Seksi (wajib bagi {' dan '.join(own)})",
        sections,
        index=sections.index(account.section_id) if account and account.section_id in names else 0,
        format_func=names.__getitem__,
        key=f"{key}-seksi",
    )
    st.text_input(
        "Surel (hanya untuk masuk dengan Google)",
        account.email if account else "",
        key=f"{key}-surel",
        placeholder="boleh kosong",
        autocomplete="off",
    )


def _text(key: str) -> str:
    return str(st.session_state.get(key) or "")


def _typed(key: str) -> tuple[str, Role, str, str]:
    name, role, section_id, email = (st.session_state[f"{key}-{field}"] for field in _FIELDS)
    if role is None:
        raise AccountError("Pilih peran akun ini.")
    return str(name), Role(role), str(section_id or ""), str(email)


# --- an account that is there ------------------------------------------------------------------------------------


def _manage(accounts: tuple[Account, ...], tell: Tell) -> None:
    by_name = {account.username: account for account in accounts}
    chosen = st.selectbox(
        "Kelola akun",
        list(by_name),
        index=None,
        format_func=lambda username: f"{by_name[username].name} ({username})",
        key=_CHOSEN,
        placeholder="Pilih akun",
        width=480,
    )
    if chosen is None:
        return
    account = by_name[chosen]
    key = f"pengguna-{account.username}"
    with st.container(border=True, key="mv-akun"):
        with st.form(key, border=False):
            with st.grid(2, min_column_width=_PAIRS_FROM, gap="small"):
                _fields(key, account)
                st.text_input("Alasan (wajib bila peran, seksi, atau surel berubah)", key=f"{key}-alasan")
            tell(_CHANGE)
            work = _changed(account.username, key)
            st.form_submit_button("Simpan perubahan", type="primary", on_click=_do, args=(_CHANGE, work))
        _buttons(account, tell)
    _pin_line(account.username)


def _changed(username: str, key: str) -> _Work:
    def work(manager: Management) -> tuple[str, str]:
        manager.change(username, *_typed(key), _text(f"{key}-alasan"))
        st.session_state[f"{key}-alasan"] = ""
        return f"Akun {username} diubah.", username

    return work


def _why(username: str) -> str:
    """Key of the box in which the admin says why."""
    return f"pengguna-{username}-sebab"


def _buttons(account: Account, tell: Tell) -> None:
    username = account.username
    until = f" Sandi pertamanya berlaku sampai {format_datetime(account.first_until)}." if account.first_until else ""
    note(f"Sandi baru dan penonaktifan mengakhiri semua sesi akun ini.{until}")
    st.text_input(
        "Alasan memberi sandi baru atau mengaktifkan",
        key=_why(username),
        placeholder="misalnya lupa sandi",
        autocomplete="off",
    )
    tell(_PRESS)
    with st.container(horizontal=True, gap="small"):
        st.button("Beri sandi baru", icon=":material/key:", on_click=_do, args=(_PRESS, _password_for(username)))
        st.button("Akhiri semua sesi", icon=":material/logout:", on_click=_do, args=(_PRESS, _ended(username)))
        if account.active:
            st.button("Nonaktifkan akun", icon=":material/person_off:", on_click=_do, args=(_PRESS, _off(username)))
        else:
            st.button("Aktifkan akun", icon=":material/person_check:", on_click=_do, args=(_PRESS, _on(username)))


def _password_for(username: str) -> _Work:
    def work(manager: Management) -> tuple[str, str]:
        st.session_state[_SECRET] = manager.give_first_password(username, _text(_why(username)))
        st.session_state[_why(username)] = ""
        return f"Sandi {username} diganti.", username

    return work


def _ended(username: str) -> _Work:
    return lambda manager: (f"{manager.end_sessions(username)} sesi {username} diakhiri.", "")


def _off(username: str) -> _Work:
    def work(manager: Management) -> tuple[str, str]:
        manager.deactivate(username)
        return f"Akun {username} dinonaktifkan.", username

    return work


def _on(username: str) -> _Work:
    def work(manager: Management) -> tuple[str, str]:
        manager.activate(username, _text(_why(username)))
        st.session_state[_why(username)] = ""
        return f"Akun {username} diaktifkan.", username

    return work
