"""Pengguna: the accounts of the office, for the admin; first passwords are shown once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

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
from services.ui.reference import STYLE, Column, heading, listing

_CHOSEN, _NEW = "pengguna-dipilih", "pengguna-baru"
_SECRET, _FAILURE, _TOUCHED = "pengguna-sandi-pertama", "pengguna-galat", "pengguna-terakhir"
_FIELDS = ("nama", "peran", "seksi", "surel")
_EVENTS_SHOWN = 20
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


def draw(actor: Actor) -> None:
    """The whole page."""
    st.html(STYLE)
    accounts = session.runtime().accounts.all()
    active = sum(account.active for account in accounts)
    frame.header("Pengguna", (f"{active} akun aktif", f"{len(accounts) - active} nonaktif"))
    _tell()
    running = session.runtime().accounts.sessions.running()
    st.html(_list(accounts, Counter(row.username for row in running)))
    _add()
    _manage(accounts)
    stand_in_parts.draw(accounts, _do)
    st.html(heading("Sesi yang berjalan", f"{len(running)} sesi"))
    own = session.runtime().accounts.get(actor.username)
    places = own is not None and not own.sample
    st.html(session_list(running, named=True, places=places))
    st.html(heading("Kejadian terakhir"))
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
                esc(office.section(account.section_id).name or "–"),
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


def _tell() -> None:
    failure = st.session_state.pop(_FAILURE, None)
    if failure:
        frame.error(failure)
    shown: tuple[str, str] | None = st.session_state.pop(_SECRET, None)
    if shown:
        username, password = shown
        st.warning(
            f"**Sandi pertama {md(username)}, hanya ditampilkan sekali.** Sampaikan langsung kepada pemiliknya. "
            f"Berlaku {FIRST_PASSWORD_LASTS.days} hari dan harus diganti saat pertama kali masuk.",
            icon=":material/key:",
        )
        st.code(password, language=None)
    touched = st.session_state.pop(_TOUCHED, "")
    if touched:
        _pin_line(touched)


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
def _do(work: _Work) -> None:
    """Do it in the name of whoever presses, with his rights at this moment; the answer stands under the head."""
    try:
        person = session.context("Pengguna").actor
        sections = [section.id for section in session.office().sections]
        manager = Management(session.runtime().accounts, sections, person, session.sign_in().address())
        message, username = work(manager)
        frame.saved(message, later=True)
        st.session_state[_TOUCHED] = username
    except (ActionError, StoreError) as error:
        st.session_state[_FAILURE] = error


def _show_once(username: str, password: str) -> None:
    st.session_state[_SECRET] = (username, password)


# --- a new account -----------------------------------------------------------------------------------------------


def _add() -> None:
    with st.expander("Tambah akun", icon=":material/person_add:"), st.form("pengguna-tambah", border=False):
        st.text_input("Nama pengguna", key=f"{_NEW}-akun", placeholder="misalnya budi", autocomplete="off")
        _fields(_NEW, None)
        st.text_input("Alasan (hanya bila peran itu sudah dipegang akun lain)", key=f"{_NEW}-alasan")
        st.form_submit_button("Buat akun", type="primary", on_click=_do, args=(_added,))


def _added(manager: Management) -> tuple[str, str]:
    username = str(st.session_state[f"{_NEW}-akun"]).strip().lower()
    _show_once(username, manager.add(username, *_typed(_NEW), _text(f"{_NEW}-alasan")))
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
        "Seksi",
        sections,
        index=sections.index(account.section_id) if account and account.section_id in names else 0,
        format_func=names.__getitem__,
        key=f"{key}-seksi",
        help=f"Wajib bagi {' dan '.join(own)}.",
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


def _manage(accounts: tuple[Account, ...]) -> None:
    st.html(heading("Kelola akun"))
    by_name = {account.username: account for account in accounts}
    chosen = st.selectbox(
        "Akun",
        list(by_name),
        index=None,
        format_func=lambda username: f"{by_name[username].name} ({username})",
        key=_CHOSEN,
        placeholder="Pilih akun",
        label_visibility="collapsed",
    )
    if chosen is None:
        return
    account = by_name[chosen]
    key = f"pengguna-{account.username}"
    with st.form(key, border=False):
        _fields(key, account)
        st.text_input("Alasan (wajib bila peran, seksi, atau surel berubah)", key=f"{key}-alasan")
        st.form_submit_button("Simpan perubahan", type="primary", on_click=_do, args=(_changed(account.username, key),))
    _buttons(account)
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


def _buttons(account: Account) -> None:
    username = account.username
    until = f" Sandi pertamanya berlaku sampai {format_datetime(account.first_until)}." if account.first_until else ""
    note(f"Sandi baru dan penonaktifan mengakhiri semua sesi akun ini.{until}")
    st.text_input(
        "Alasan memberi sandi baru atau mengaktifkan",
        key=_why(username),
        placeholder="misalnya lupa sandi, disampaikan sendiri di kantor",
        autocomplete="off",
    )
    with st.container(horizontal=True, gap="small"):
        st.button("Beri sandi baru", icon=":material/key:", on_click=_do, args=(_password_for(username),))
        st.button("Akhiri semua sesi", icon=":material/logout:", on_click=_do, args=(_ended(username),))
        if account.active:
            st.button("Nonaktifkan akun", icon=":material/person_off:", on_click=_do, args=(_off(username),))
        else:
            st.button("Aktifkan akun", icon=":material/person_check:", on_click=_do, args=(_on(username),))


def _password_for(username: str) -> _Work:
    def work(manager: Management) -> tuple[str, str]:
        _show_once(username, manager.give_first_password(username, _text(_why(username))))
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
