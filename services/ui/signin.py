"""Masuk: the cover of the report on the left, the form on the right, one-click roles in the sample office."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

import streamlit as st

from services.domain.roles import Role
from services.setup.state import Found, found_in, waits_for_office
from services.ui import account_page, errors, session
from services.ui.html import esc, sample_chip
from services.ui.navigation import APP_NAME, LOGO
from services.views.office import Office, Profile

_NAME, _PASSWORD, _PROBLEM, _SECTION = "masuk-nama", "masuk-sandi", "masuk-galat", "masuk-seksi"
_DEFAULT_SECTION = "kesos"
_ON_THE_TERMINAL = (
    "alamatnya tercetak di terminal tempat aplikasi ini dijalankan. Untuk mencetak yang baru, jalankan di sana: "
    "<code>python -m services pasang</code>."
)


@dataclass(frozen=True, slots=True)
class _SampleRole:
    role: Role
    does: str
    icon: str


_SAMPLE_ROLES = (
    _SampleRole(Role.CAMAT, "Melihat capaian, menyetujui", "account_balance"),
    _SampleRole(Role.SEKRETARIS, "Membahas, memverifikasi", "gavel"),
    _SampleRole(Role.PKP, "Menjalankan 13 langkah", "assignment"),
    _SampleRole(Role.UMUM, "Menyimpan arsip", "archive"),
    _SampleRole(Role.PIMPINAN, "Melihat tanpa mengubah", "visibility"),
    _SampleRole(Role.ADMIN, "Mengelola akun", "manage_accounts"),
    _SampleRole(Role.KASI, "Mengisi data seksi", "edit_note"),
)


def draw() -> None:
    """The page for whoever is not signed in, or not wholly."""
    waiting = session.sign_in().pending()
    if waiting is None:
        _return_from_google()
    office = session.office()
    with st.container(key="mv-masuk"):
        cover, form = st.columns([46, 56], gap="medium")
        with cover:
            st.html(_cover(office.profile))
        with form:
            if waiting:
                account_page.draw_first(waiting)
            else:
                _ways_in(office)


def _ways_in(office: Office) -> None:
    if found_in(office.snapshot) is Found.EMPTY and not session.runtime().accounts.all():
        _not_set_up()
        return
    _form()
    if session.sign_in().google:
        st.button("Masuk dengan Google", width="stretch", icon=":material/passkey:", on_click=errors.pressed(st.login))
    if office.profile.sample:
        _sample(office)
    if waits_for_office(office.snapshot):
        st.html(f'<p class="mv-try">Menyiapkan kantor sebenarnya: {_ON_THE_TERMINAL}</p>')


def _not_set_up() -> None:
    """There is nothing to sign in to yet."""
    st.html(
        '<h1 class="mv-h2">Kantor belum disiapkan</h1>'
        f'<p class="mv-try">Penyimpanannya masih kosong. Siapkan lewat peramban: {_ON_THE_TERMINAL}</p>'
    )


def _office_lines(profile: Profile) -> str:
    """Name of the office; nothing while the store is still empty."""
    if not profile.district:
        return ""
    return f"<strong>{esc(profile.title)}</strong><br>Kabupaten {esc(profile.regency)}<br>"


def _cover(profile: Profile) -> str:
    return (
        f'<div class="mv-cover"><div><img src="{_logo()}" alt=""><div class="mv-cover-title">{APP_NAME}</div>'
        "<p>Pemantauan capaian kinerja internal per triwulan, mengikuti 13 langkah SOP.</p><hr></div>"
        f'<div class="mv-cover-foot">{_office_lines(profile)}<small>SOP No. {esc(profile.sop_number)}</small></div>'
        "</div>"
    )


def _logo() -> str:
    """The logo inside the page itself; drawn as an element it would be taken out as unsafe."""
    return "data:image/svg+xml;base64," + b64encode(LOGO.read_bytes()).decode("ascii")


def _form() -> None:
    st.html('<h1 class="mv-h2">Masuk</h1>')
    with st.form("masuk", border=False):
        st.text_input("Nama pengguna", key=_NAME, autocomplete="username")
        st.text_input("Kata sandi", key=_PASSWORD, type="password", autocomplete="current-password")
        problem = st.session_state.pop(_PROBLEM, "")
        if problem:
            st.error(problem, icon=":material/error:")
        elif session.sign_in().has_ended():
            st.info("Sesi Anda sudah berakhir. Masuk lagi untuk melanjutkan.", icon=":material/info:")
        st.form_submit_button("Masuk", type="primary", width="stretch", on_click=_enter)


@errors.pressed
def _enter() -> None:
    """Runs before the page is drawn, so that the signed-in page follows at once and nothing has to be run again."""
    password = st.session_state[_PASSWORD]
    st.session_state[_PASSWORD] = ""  # before anything can fail: it stays nowhere
    st.session_state[_PROBLEM] = session.sign_in().with_password(st.session_state[_NAME], password)


def _return_from_google() -> None:
    """Google sends people back as a new session; where that opens the door, the page begins anew."""
    problem = session.sign_in().with_google()
    if problem == "":
        st.rerun()
    if problem:
        st.session_state[_PROBLEM] = problem


def _sample(office: Office) -> None:
    st.html(
        f"<p class='mv-try'>{sample_chip()} <strong>Coba tanpa kata sandi.</strong> Data ini bukan angka resmi.</p>"
    )
    with st.container(key="mv-peran"), st.grid(2, min_column_width=150, gap=8):
        for choice in _SAMPLE_ROLES:
            st.button(
                f"**{choice.role.label}**  \n{choice.does}",
                key=f"contoh-{choice.role.value}",
                icon=f":material/{choice.icon}:",
                width="stretch",
                wrap=True,
                on_click=_enter_sample,
                args=(choice.role,),
            )
        _section_choice(office)


def _section_choice(office: Office) -> None:
    names = {o.section_id: office.section(o.section_id).short for o in office.officials if o.role is Role.KASI}
    if not names:
        return
    options = list(names)
    index = options.index(_DEFAULT_SECTION) if _DEFAULT_SECTION in options else 0
    st.selectbox("Seksi untuk Kasi", options, index=index, key=_SECTION, format_func=names.__getitem__)


@errors.pressed
def _enter_sample(role: Role) -> None:
    """Whether this is allowed is decided here, on the server, not by whether the button is shown."""
    if not session.office().profile.sample:
        return
    section = st.session_state.get(_SECTION) or _DEFAULT_SECTION
    username = f"{role.value}.{section}" if role is Role.KASI else role.value
    st.session_state[_PROBLEM] = session.sign_in().as_sample(username)
