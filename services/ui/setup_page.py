"""Siapkan kantor: one step after the other, each checked before the next, and one press at the end.

Every text goes from its field into the draft when a step is left; the draft outlives the connection.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import streamlit as st

from services.actions.base import ActionError, Unreadable
from services.auth.passwords import RULE
from services.config import OFFICE, SECRETS_PATH, STORE, ConfigError, check_office_code, default_store, google_access
from services.domain.settings import BY_KEY
from services.hosting import disk_lasts
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
from services.setup.checks import Step, check_database, check_sheet, plain_address
from services.setup.installation import Place, Wish, administrator, install, is_fixed, try_sample
from services.setup.secrets_file import can_keep
from services.setup.state import Found
from services.store.sheets_access import spreadsheet_id
from services.store.store import StoreError
from services.ui import errors, invitation, session
from services.ui.html import ProcessKind, esc, md, process_chip
from services.ui.invitation import Draft
from services.ui.navigation import START
from services.ui.reference import STYLE, facts, heading

_OWN_STYLE = Path(__file__).with_name("setup_page.css")
_NAMES = ("Profil", "Seksi", "Penyimpanan", "Akun admin", "Periksa")
_LAST = len(_NAMES)
_PROBLEMS, _PROBLEM = "mv-pasang-salah", "mv-pasang-galat"
_CODE, _KIND, _ADDRESS, _PASTED, _UPLOADED = "kode", "jenis", "alamat-simpan", "kunci-tempel", "kunci-berkas"
_USERNAME, _NAME, _PASSWORD, _AGAIN = "akun", "nama", "sandi", "ulang"
_LOCAL, _GOOGLE, _POSTGRES = "lokal", "google", "postgresql"
_KINDS = {_LOCAL: "Berkas di komputer ini (SQLite)", _GOOGLE: "Google Sheets", _POSTGRES: "PostgreSQL"}
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
        (_choice, _profile, _sections, _store, _account, _confirm)[draft.step](draft)


def _progress(step: int) -> str:
    def chip(number: int, name: str) -> str:
        kind: ProcessKind = "done" if number < step else "now" if number == step else "open"
        return process_chip(kind, f"{number} {name}")

    chips = "".join(chip(number, name) for number, name in enumerate(_NAMES, start=1))
    said = f"Langkah {step} dari {_LAST}: {_NAMES[step - 1]}"
    return f'<p class="mv-sr">{said}</p><div class="mv-chips" aria-hidden="true">{chips}</div>'


# --- from step to step -------------------------------------------------------------------------------------------


def _key(name: str) -> str:
    return f"pasang-{name}"


def _typed(name: str) -> str:
    return str(st.session_state.get(_key(name)) or "")


def _line(name: str, label: str, value: str, *, note: str = "", placeholder: str = "", secret: bool = False) -> None:
    with st.container(gap="xxsmall"):
        st.text_input(
            label,
            value,
            key=_key(name),
            placeholder=placeholder,
            type="password" if secret else "default",
            autocomplete="new-password" if secret else "off",
        )
        problem = st.session_state.get(_PROBLEMS, {}).get(name, "")
        if problem:
            st.html(f'<p class="mv-quiet mv-bad" role="alert">! {esc(problem)}</p>')
        elif note:
            st.html(f'<p class="mv-quiet">{esc(note)}</p>')


def _note(text: str) -> None:
    st.html(f'<p class="mv-sub">{esc(text)}</p>')


@errors.pressed
def _go(take: Callable[[Draft], None], by: int) -> None:
    """Take what was typed and go on; or say what is wrong with it, and stay. Going back takes it as it is."""
    draft = _draft_of_the_invited()
    if draft is None:
        return
    st.session_state[_PROBLEMS] = {}
    try:
        take(draft)
    except Unreadable as error:
        if by > 0:
            st.session_state[_PROBLEMS] = dict(error.problems)
            return
    except (ActionError, StoreError, ConfigError) as error:
        if by > 0:
            st.session_state[_PROBLEM] = str(error)
            return
    draft.step += by


def _draft_of_the_invited() -> Draft | None:
    """None where the key has become void meanwhile; the run that follows shows what there is instead."""
    return invitation.draft() if invitation.key() else None


def _tell() -> None:
    problem = st.session_state.pop(_PROBLEM, "")
    if problem:
        st.error(md(problem), icon=":material/error:")


def _buttons(take: Callable[[Draft], None], *, form: bool, ready: bool = True) -> None:
    """The way on is first, so that Enter takes it; back takes along what was typed."""
    _tell()
    with st.container(horizontal=True, gap="small"):
        if form:
            st.form_submit_button("Lanjut", type="primary", on_click=_go, args=(take, 1))
            st.form_submit_button("Kembali", on_click=_go, args=(take, -1))
        else:
            st.button("Lanjut", type="primary", disabled=not ready, on_click=_go, args=(take, 1))
            st.button("Kembali", on_click=_go, args=(take, -1))


# --- the choice --------------------------------------------------------------------------------------------------


def _choice(_draft: Draft) -> None:
    _note(
        "Kantor disiapkan sekali saja, dalam lima langkah: profil, seksi, penyimpanan data, akun admin, lalu periksa. "
        "Yang sudah diisi tidak hilang bila sambungan terputus. Belum ada yang diubah sebelum langkah terakhir."
    )
    _tell()
    st.button(
        "Siapkan kantor kami", type="primary", icon=":material/domain_add:", on_click=_go, args=(lambda _: None, 1)
    )
    tried = st.button("Coba dengan data contoh", icon=":material/science:")
    _note("Data contoh dapat dicoba tanpa kata sandi. Alamat halaman ini tetap berlaku untuk menyiapkan kantor nanti.")
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
            _line(name, label, draft.settings.get(name, ""), note=setting.note)
        if is_fixed(os.environ, OFFICE):
            _note(f"Kode kecamatan: {session.runtime().settings.office}, menurut {OFFICE.env}.")
        else:
            code = "Huruf kecil dan angka, misalnya lunang. Kosong: dibuat dari nama. Tidak dapat diganti nanti."
            _line(_CODE, "Kode kecamatan", draft.code, note=code)
        _buttons(_take_profile, form=True)


def _take_profile(draft: Draft) -> None:
    draft.settings = {name: tidy(_typed(name)) for name in ASKED}
    fixed = is_fixed(os.environ, OFFICE)
    typed = session.runtime().settings.office if fixed else _typed(_CODE).strip().lower()
    draft.code = typed or _slug(draft.settings["nama_kecamatan"])
    check_settings(draft.settings)
    try:
        check_office_code(draft.code, "Kode kecamatan")
    except ConfigError:
        raise Unreadable({_CODE: f"Tulis {OFFICE.expected}."}) from None


def _slug(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")[:_LONGEST_CODE]


# --- 2 sections --------------------------------------------------------------------------------------------------


def _sections(draft: Draft) -> None:
    _note("Kosongkan seksi yang tidak ada. Nama pejabat boleh diisi nanti, di halaman Kantor.")
    with st.form("pasang-seksi", border=False):
        for number, section in enumerate(_places(draft), start=1):
            kind = "Subbagian" if section.id in HEADS else "Seksi"
            name, head = st.columns([3, 2])
            with name:
                _line(_of(section.id), f"{kind} {number}", section.name, placeholder=f"{kind} …")
            with head:
                _line(_head_of(section.id), f"Kepala {kind.lower()} {number}", section.head, placeholder="boleh kosong")
        st.html(heading("Pimpinan"))
        for leader, label in _LEADERS.items():
            _line(leader, label, draft.leaders.get(leader, ""), placeholder="nama, boleh kosong")
        _buttons(_take_sections, form=True)


def _places(draft: Draft) -> Iterator[NewSection]:
    """Those of the draft, those that are usual, and some blank ones."""
    typed = {section.id: section for section in draft.sections}
    usual = [typed.pop(section.id, NewSection(section.id, "")) for section in usual_sections()]
    blank = [NewSection(f"seksi-{n}", "") for n in range(1, _BLANK_SECTIONS + 1)]
    yield from usual
    yield from (typed.get(section.id, section) for section in blank)


def _of(section_id: str) -> str:
    return f"seksi-nama-{section_id}"


def _head_of(section_id: str) -> str:
    return f"seksi-kepala-{section_id}"


def _take_sections(draft: Draft) -> None:
    draft.sections = tuple(
        NewSection(place.id, tidy(_typed(_of(place.id))), tidy(_typed(_head_of(place.id)))) for place in _places(draft)
    )
    draft.leaders = {leader: tidy(_typed(leader)) for leader in _LEADERS}
    try:
        check_sections(draft.sections, draft.leaders)
    except Unreadable as error:
        ids = {section.id for section in draft.sections}
        raise Unreadable({_of(k) if k in ids else k: why for k, why in error.problems.items()}) from None


# --- 3 store -----------------------------------------------------------------------------------------------------


def _store(draft: Draft) -> None:
    fixed = is_fixed(os.environ, STORE)
    kind = _configured_kind() if fixed else _chosen_kind(draft)
    if fixed:
        _note(f"Penyimpanan sudah ditetapkan oleh {STORE.env}: {session.runtime().store.address}")
    {_LOCAL: _local, _GOOGLE: _google, _POSTGRES: _postgres}[kind](draft, fixed)
    place = _place(kind, draft, fixed)
    asked = st.button("Periksa penyimpanan", icon=":material/fact_check:", type="secondary")
    if asked:
        _try_out(draft, kind, place)
    elif draft.kind == kind:
        st.html("".join(map(_said, draft.steps)))
    ready = draft.passed is not None and draft.passed == place
    if draft.passed and not ready:
        _note("Isian berubah sejak diperiksa. Periksa sekali lagi.")
    _buttons(lambda found: _take_store(found, kind), form=False, ready=ready)


def _configured_kind() -> str:
    url = session.runtime().settings.store
    return _GOOGLE if spreadsheet_id(url) else _LOCAL if url.startswith("sqlite") else _POSTGRES


def _chosen_kind(draft: Draft) -> str:
    kinds = list(_KINDS)
    begin = draft.kind or _configured_kind()
    found: str = st.radio(
        "Tempat data kantor disimpan",
        kinds,
        index=kinds.index(begin),
        format_func=_KINDS.__getitem__,
        key=_key(_KIND),
    )
    return found


def _local(_draft: Draft, _fixed: bool) -> None:
    _note("Cukup untuk satu kantor dengan satu peladen. Buat cadangan secara berkala.")


def _google(draft: Draft, fixed: bool) -> None:
    _note(
        "Data dapat juga diketik langsung di spreadsheet. Buat spreadsheet kosong dan kunci akun layanan, lalu bagikan "
        "spreadsheet itu ke akun layanan sebagai Editor; caranya di docs/google-sheets.md, langkah 1 sampai 4."
    )
    if not fixed:
        _line(
            _ADDRESS,
            "Alamat spreadsheet",
            draft.address if draft.kind == _GOOGLE else "",
            placeholder="https://docs.google.com/spreadsheets/d/…/edit",
        )
    if session.runtime().settings.google_key_file is not None:
        _note("Kunci akun layanan dibaca dari berkas GOOGLE_APPLICATION_CREDENTIALS.")
        return
    file = st.file_uploader("Berkas JSON kunci akun layanan", type=["json"], key=_key(_UPLOADED))
    hint = '{ "type": "service_account", …'
    st.text_area("atau tempel isi berkas itu", key=_key(_PASTED), height=96, placeholder=hint)
    if file is not None:
        draft.key_text = file.getvalue().decode("utf-8-sig", "replace")
    elif _typed(_PASTED).strip():
        draft.key_text = _typed(_PASTED)
    if draft.key_text and file is None and not _typed(_PASTED):
        _note("Kunci yang tadi diunggah masih ada; unggah lagi hanya untuk menggantinya.")


def _postgres(draft: Draft, fixed: bool) -> None:
    _note("Untuk data di peladen basis data. Tabelnya dibuat sendiri.")
    if not fixed:
        _line(
            _ADDRESS,
            "Alamat PostgreSQL",
            draft.address if draft.kind == _POSTGRES else "",
            placeholder="postgresql+psycopg://pengguna:sandi@peladen:5432/basisdata",
            secret=True,
        )


def _place(kind: str, draft: Draft, fixed: bool) -> Place:
    """What is chosen at this moment."""
    settings = session.runtime().settings
    if fixed:
        url = settings.store
    elif kind == _LOCAL:
        url = settings.store if settings.store.startswith("sqlite") else default_store(settings)
    else:
        url = plain_address(_typed(_ADDRESS))
    return Place(draft.code, url, _account_in(draft.key_text) if kind == _GOOGLE else None)


def _account_in(text: str) -> Mapping[str, object] | None:
    """The typed key; None where there is none, or where it is to be that of the settings."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _try_out(draft: Draft, kind: str, place: Place) -> None:
    """Each step is shown as soon as it is done."""
    draft.kind, draft.address, draft.passed, draft.steps = kind, place.store, None, ()
    for step in _checks(draft, kind, place):
        st.html(_said(step))
        draft.steps = (*draft.steps, step)
    if draft.steps and draft.steps[-1].found is not None:
        draft.passed = place


def _checks(draft: Draft, kind: str, place: Place) -> Iterator[Step]:
    opened = session.runtime()
    if kind == _GOOGLE:
        key = draft.key_text or _configured_key()
        return check_sheet(place.store, key, place.code, opened.accounts.now, opened.settings.api_endpoint)
    lasts = disk_lasts(opened.settings.data_folder, os.environ)
    return check_database(place.store, place.code, opened.accounts.now, lasts=lasts)


def _configured_key() -> str:
    settings = session.runtime().settings
    try:
        access = google_access(settings) if spreadsheet_id(settings.store) else None
    except ConfigError:
        access = None
    return json.dumps(dict(access.account if access else settings.google_key)) if access or settings.google_key else ""


def _said(step: Step) -> str:
    chip = process_chip("done", "berhasil") if step.right else '<span class="mv-chip mv-late">✗ belum berhasil</span>'
    more = f": {esc(step.said)}" if step.right and step.said else f". {esc(step.said)}" if step.said else ""
    return f'<p class="mv-check">{chip} <span><strong>{esc(step.what)}</strong>{more}</span></p>'


def _take_store(draft: Draft, kind: str) -> None:
    draft.kind = kind


# --- 4 account ---------------------------------------------------------------------------------------------------


def _account(draft: Draft) -> None:
    person = draft.person
    _note("Akun pertama, untuk Anda yang mengelola aplikasi. Akun pegawai lain dibuat sesudahnya, di halaman Pengguna.")
    with st.form("pasang-akun", border=False):
        _line(_NAME, "Nama lengkap", person.name if person else "")
        _line(_USERNAME, "Nama pengguna", person.username if person else "admin", note="Huruf kecil tanpa spasi.")
        _line(_PASSWORD, "Kata sandi", "", note=RULE, secret=True)
        _line(_AGAIN, "Ulangi kata sandi", "", secret=True)
        _buttons(_take_account, form=True)


def _take_account(draft: Draft) -> None:
    """The password itself is kept nowhere; one that was chosen before stays where none is typed now."""
    password, again = _typed(_PASSWORD), _typed(_AGAIN)
    for name in (_PASSWORD, _AGAIN):
        st.session_state[_key(name)] = ""
    same = draft.person and (_typed(_USERNAME).strip().lower(), tidy(_typed(_NAME))) == _named(draft)
    if same and not password and not again:
        return
    draft.person = administrator(_typed(_USERNAME), _typed(_NAME), password, again, draft.office)


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
        _note(text)
    _tell()
    with st.container(horizontal=True, gap="small"):
        st.button("Buat kantor", type="primary", icon=":material/domain_add:", on_click=_press)
        st.button("Kembali", on_click=_go, args=(lambda _: None, -1))


def _summary(draft: Draft) -> Iterator[tuple[str, str]]:
    assert draft.passed is not None
    assert draft.person is not None
    for name in ASKED:
        yield BY_KEY[name].label, draft.settings.get(name, "")
    yield "Kode kecamatan", draft.code
    yield "Seksi", ", ".join(section.name for section in draft.sections if section.name)
    names = [*draft.leaders.values(), *(section.head for section in draft.sections)]
    yield "Nama pejabat", ", ".join(filter(None, names))
    yield "Penyimpanan", _address(draft)
    yield "Akun admin", f"{draft.person.name} ({draft.person.username})"


def _address(draft: Draft) -> str:
    """Without any secret."""
    if draft.kind == _GOOGLE:
        return draft.address
    return next((step.said for step in draft.steps if step.what.startswith("Basis data")), "")


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
    draft = _draft_of_the_invited()
    if draft is None or draft.passed is None or draft.person is None:
        return
    wish = Wish(draft.office, draft.passed, draft.person)
    try:
        with st.spinner("Kantor sedang dibuat …"):
            invitation.finish(install(wish, invitation.key(), invitation.visitor(), invitation.site()))
    except (ActionError, StoreError, ConfigError) as error:
        st.session_state[_PROBLEM] = f"Kantor belum dibuat. {error}"


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
    if st.button("Masuk", type="primary", on_click=invitation.leave):
        st.switch_page(f"pages/{START}.py")
