"""Siapkan kantor: one step after the other, each checked before the next, and one press at the end.

Every text goes from its field into the draft when a step is left; the draft outlives the connection.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from services.actions.base import ActionError, Unreadable
from services.auth.passwords import RULE
from services.config import OFFICE, SECRETS_PATH, ConfigError, check_office_code
from services.domain.settings import BY_KEY
from services.setup.beginning import (
    ASKED,
    CAMAT,
    HEADS,
    SECRETARY,
    NewSection,
    check_sections,
    check_settings,
    tidy,
    usual_sections,
)
from services.setup.installation import Wish, administrator, install, is_fixed, try_sample
from services.setup.secrets_file import can_keep
from services.setup.state import Found
from services.store.store import StoreError
from services.ui import errors, invitation, session, setup_store
from services.ui.html import ProcessKind, md, process_chip
from services.ui.invitation import Draft
from services.ui.navigation import START
from services.ui.reference import STYLE, facts, heading
from services.ui.setup_parts import PROBLEM, buttons, draft_of_the_invited, go, key, line, note, nothing, tell, typed

_OWN_STYLE = Path(__file__).with_name("setup_page.css")
_NAMES = ("Profil", "Seksi", "Penyimpanan", "Akun admin", "Periksa")
_LAST = len(_NAMES)
_CODE = "kode"
_USERNAME, _NAME, _PASSWORD, _AGAIN = "akun", "nama", "sandi", "ulang"
_BLANK_SECTIONS = 3
_LEADERS = {CAMAT: "Camat", SECRETARY: "Sekretaris Kecamatan"}
_LONGEST_CODE = 40


def draw() -> None:
    """The whole page."""
    st.html(STYLE)
    st.html(_OWN_STYLE)
    with st.container(key="mv-pasang", width=760):
        installed = invitation.done()
        if installed is not None:
            _finished(installed.lines, installed.left)
            return
        draft = invitation.draft()
        st.html('<h1 class="mv-h1">Siapkan kantor</h1>')
        if draft.step:
            st.html(_progress(draft.step))
        (_choice, _profile, _sections, setup_store.draw, _account, _confirm)[draft.step](draft)


def _progress(step: int) -> str:
    def chip(number: int, name: str) -> str:
        kind: ProcessKind = "done" if number < step else "now" if number == step else "open"
        return process_chip(kind, f"{number} {name}")

    chips = "".join(chip(number, name) for number, name in enumerate(_NAMES, start=1))
    said = f"Langkah {step} dari {_LAST}: {_NAMES[step - 1]}"
    return f'<p class="mv-sr">{said}</p><div class="mv-chips" aria-hidden="true">{chips}</div>'


# --- the choice --------------------------------------------------------------------------------------------------


def _choice(draft: Draft) -> None:
    note(
        "Kantor disiapkan sekali saja, dalam lima langkah: profil, seksi, penyimpanan data, akun admin, lalu periksa. "
        "Yang sudah diisi tidak hilang bila sambungan terputus. Belum ada yang diubah sebelum langkah terakhir."
    )
    tell()
    st.button(
        "Siapkan kantor kami", type="primary", icon=":material/domain_add:", on_click=go, args=(draft.step, nothing, 1)
    )
    tried = st.button("Coba dengan data contoh", icon=":material/science:")
    note("Data contoh dapat dicoba tanpa kata sandi. Alamat halaman ini tetap berlaku untuk menyiapkan kantor nanti.")
    if tried and _sample_is_there():
        st.switch_page(f"pages/{START}.py")


def _sample_is_there() -> bool:
    was_there = session.office().profile.sample
    try:
        try_sample(invitation.key(), invitation.visitor(), invitation.site())
    except (ActionError, StoreError) as error:
        st.error(md(error), icon=":material/error:")
        return False
    if not was_there:
        invitation.reopen()  # the sample has a clock of its own
    return True


# --- 1 profile ---------------------------------------------------------------------------------------------------


def _profile(draft: Draft) -> None:
    with st.form("pasang-profil", border=False):
        for name in ASKED:
            setting = BY_KEY[name]
            label = setting.label if setting.required else f"{setting.label} (boleh kosong)"
            line(name, label, draft.settings.get(name, ""), note=setting.note)
        if is_fixed(os.environ, OFFICE):
            note(f"Kode kecamatan: {session.runtime().settings.office}, menurut {OFFICE.env}.")
        else:
            code = "Huruf kecil dan angka, misalnya lunang. Kosong: dibuat dari nama. Tidak dapat diganti nanti."
            line(_CODE, "Kode kecamatan", draft.code, note=code)
        buttons(draft, _take_profile)


def _take_profile(draft: Draft) -> None:
    draft.settings = {name: tidy(typed(name)) for name in ASKED}
    fixed = session.runtime().settings.office if is_fixed(os.environ, OFFICE) else ""
    draft.code = fixed or typed(_CODE).strip().lower() or _slug(draft.settings["nama_kecamatan"])
    check_settings(draft.settings)
    try:
        check_office_code(draft.code, "Kode kecamatan")
    except ConfigError:
        raise Unreadable({_CODE: f"Tulis {OFFICE.expected}."}) from None


def _slug(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")[:_LONGEST_CODE]


# --- 2 sections --------------------------------------------------------------------------------------------------


def _sections(draft: Draft) -> None:
    note("Kosongkan seksi yang tidak ada. Nama pejabat boleh diisi nanti, di halaman Kantor.")
    with st.form("pasang-seksi", border=False):
        for number, section in enumerate(_places(draft), start=1):
            kind = "Subbagian" if section.id in HEADS else "Seksi"
            name, head = st.columns([3, 2])
            with name:
                line(_of(section.id), f"{kind} {number}", section.name, placeholder=f"{kind} …")
            with head:
                line(_head_of(section.id), f"Kepala {kind.lower()} {number}", section.head, placeholder="boleh kosong")
        st.html(heading("Pimpinan"))
        for leader, label in _LEADERS.items():
            line(leader, label, draft.leaders.get(leader, ""), placeholder="nama, boleh kosong")
        buttons(draft, _take_sections)


def _places(draft: Draft) -> Iterator[NewSection]:
    """Those of the draft, those that are usual, and some blank ones."""
    known = {section.id: section for section in draft.sections}
    blank = (f"seksi-{n}" for n in range(1, _BLANK_SECTIONS + 1))
    for section_id in (*(section.id for section in usual_sections()), *blank):
        yield known.get(section_id, NewSection(section_id, ""))


def _of(section_id: str) -> str:
    return f"seksi-nama-{section_id}"


def _head_of(section_id: str) -> str:
    return f"seksi-kepala-{section_id}"


def _take_sections(draft: Draft) -> None:
    draft.sections = tuple(
        NewSection(place.id, tidy(typed(_of(place.id))), tidy(typed(_head_of(place.id)))) for place in _places(draft)
    )
    draft.leaders = {leader: tidy(typed(leader)) for leader in _LEADERS}
    try:
        check_sections(draft.sections, draft.leaders)
    except Unreadable as error:
        ids = {section.id for section in draft.sections}
        raise Unreadable({_of(k) if k in ids else k: why for k, why in error.problems.items()}) from None


# --- 4 account ---------------------------------------------------------------------------------------------------


def _account(draft: Draft) -> None:
    person = draft.person
    note("Akun pertama, untuk Anda yang mengelola aplikasi. Akun pegawai lain dibuat sesudahnya, di halaman Pengguna.")
    with st.form("pasang-akun", border=False):
        line(_NAME, "Nama lengkap", person.name if person else "")
        line(_USERNAME, "Nama pengguna", person.username if person else "admin", note="Huruf kecil tanpa spasi.")
        line(_PASSWORD, "Kata sandi", "", note=RULE, secret=True)
        line(_AGAIN, "Ulangi kata sandi", "", secret=True)
        buttons(draft, _take_account)


def _take_account(draft: Draft) -> None:
    """The password itself is kept nowhere; one that was chosen before stays where none is typed now."""
    password, again = typed(_PASSWORD), typed(_AGAIN)
    for name in (_PASSWORD, _AGAIN):
        st.session_state[key(name)] = ""
    same = draft.person and (typed(_USERNAME).strip().lower(), tidy(typed(_NAME))) == _named(draft)
    if same and not password and not again:
        return
    draft.person = administrator(typed(_USERNAME), typed(_NAME), password, again, draft.office)


def _named(draft: Draft) -> tuple[str, str]:
    return (draft.person.username, draft.person.name) if draft.person else ("", "")


# --- 5 the press -------------------------------------------------------------------------------------------------


def _confirm(draft: Draft) -> None:
    if draft.passed is None or draft.person is None:
        draft.step = 3 if draft.passed is None else 4
        st.rerun()
    found = draft.steps[-1].found if draft.steps else None
    st.html(facts(_summary(draft)))
    for text in _consequences(found):
        note(text)
    tell()
    with st.container(horizontal=True, gap="small"):
        st.button("Buat kantor", type="primary", icon=":material/domain_add:", on_click=_press)
        st.button("Kembali", on_click=go, args=(draft.step, nothing, -1))


def _summary(draft: Draft) -> Iterator[tuple[str, str]]:
    assert draft.passed is not None
    assert draft.person is not None
    for name in ASKED:
        yield BY_KEY[name].label, draft.settings.get(name, "")
    yield "Kode kecamatan", draft.code
    yield "Seksi", ", ".join(section.name for section in draft.sections if section.name)
    names = [*draft.leaders.values(), *(section.head for section in draft.sections)]
    yield "Nama pejabat", ", ".join(filter(None, names))
    yield "Penyimpanan", setup_store.shown(draft)
    yield "Akun admin", f"{draft.person.name} ({draft.person.username})"


def _consequences(found: Found | None) -> Iterator[str]:
    if found is Found.OFFICE:
        yield (
            "Penyimpanan itu sudah berisi data kantor. Data itu dipakai seperti adanya; profil dan seksi di atas tidak "
            "ditulis."
        )
    if session.office().profile.sample:
        yield "Data dan akun contoh dihapus."
    if can_keep(SECRETS_PATH, os.environ):
        yield f"Pengaturan ditulis ke {SECRETS_PATH}; yang sudah ada di sana tetap."
    else:
        yield f"{SECRETS_PATH} tidak dapat ditulis di sini. Barisnya ditampilkan sesudah kantor dibuat, untuk ditempel."


@errors.pressed
def _press() -> None:
    draft = draft_of_the_invited()
    if draft is None or draft.passed is None or draft.person is None:
        return
    wish = Wish(draft.office, draft.passed, draft.person)
    try:
        with st.spinner("Kantor sedang dibuat …"):
            invitation.finish(install(wish, invitation.key(), invitation.visitor(), invitation.site()))
    except (ActionError, StoreError, ConfigError) as error:
        st.session_state[PROBLEM] = f"Kantor belum dibuat. {error}"


def _finished(lines: str, left: tuple[str, ...]) -> None:
    st.html('<h1 class="mv-h1">Kantor siap</h1>')
    st.success("Masuklah dengan akun admin yang baru saja dibuat.", icon=":material/check_circle:")
    for text in left:
        st.warning(md(text), icon=":material/build:")
    if lines:
        st.warning(
            f"**Tempel baris ini sekarang** ke {md(SECRETS_PATH)}, atau ke rahasia (secrets) layanan ini. Tanpa baris "
            "ini kantor tidak ditemukan setelah aplikasi dimulai ulang. Isinya rahasia.",
            icon=":material/save:",
        )
        st.code(lines, language="toml", wrap_lines=True)
    if st.button("Masuk", type="primary", on_click=errors.pressed(invitation.leave)):
        st.switch_page(f"pages/{START}.py")
