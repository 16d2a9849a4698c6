"""The step of Siapkan kantor in which the store is chosen and tried out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping

import streamlit as st

from services.config import KEY_FILE_ENV, STORE, ConfigError, default_store, service_account
from services.hosting import disk_lasts
from services.setup.checks import Step, check_database, check_sheet, plain_address
from services.setup.installation import Place, is_fixed
from services.store.sheets_access import spreadsheet_id
from services.ui import session
from services.ui.html import esc, process_chip
from services.ui.invitation import Draft
from services.ui.setup_parts import buttons, key, line, note, typed

_KIND, _ADDRESS, _PASTED, _UPLOADED = "jenis", "alamat-simpan", "kunci-tempel", "kunci-berkas"
_LOCAL, _GOOGLE, _POSTGRES = "lokal", "google", "postgresql"
_KINDS = {_LOCAL: "Berkas di komputer ini (SQLite)", _GOOGLE: "Google Sheets", _POSTGRES: "PostgreSQL"}


def draw(draft: Draft) -> None:
    """The whole step: what is chosen, what its checks found, and the way on once all of them succeeded."""
    fixed = is_fixed(os.environ, STORE)
    kind = _configured_kind() if fixed else _chosen_kind(draft)
    if fixed:
        note(f"Penyimpanan sudah ditetapkan oleh {STORE.env}: {session.runtime().store.address}")
    {_LOCAL: _local, _GOOGLE: _google, _POSTGRES: _postgres}[kind](draft, fixed)
    place = _place(kind, draft, fixed)
    ready = draft.passed is not None and draft.passed == place
    asked = st.button(  # once it succeeded, the way on is what to press
        "Periksa penyimpanan",
        icon=":material/fact_check:",
        type="secondary" if ready else "primary",
        key=key("coba"),
    )
    if asked:
        _try_out(draft, kind, place)
        if draft.passed:
            st.rerun()
    elif draft.kind == kind:
        st.html("".join(map(_said, draft.steps)))
    if draft.passed and not ready:
        note("Isian berubah sejak diperiksa. Periksa sekali lagi.")
    buttons(draft, lambda found: _take(found, kind, place), form=False, ready=ready)


def shown(draft: Draft) -> str:
    """The address of what was tried out, without any secret."""
    if draft.kind == _GOOGLE:
        return draft.address
    return next((step.said for step in draft.steps if step.what.startswith("Basis data")), "")


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
        key=key(_KIND),
    )
    return found


def _local(_draft: Draft, _fixed: bool) -> None:
    note("Cukup untuk satu kantor dengan satu peladen. Buat cadangan secara berkala.")


def _google(draft: Draft, fixed: bool) -> None:
    note(
        "Data dapat juga diketik langsung di spreadsheet. Buat spreadsheet kosong dan kunci akun layanan, lalu bagikan "
        "spreadsheet itu ke akun layanan sebagai Editor; caranya di docs/google-sheets.md, langkah 1 sampai 4."
    )
    if not fixed:
        line(
            _ADDRESS,
            "Alamat spreadsheet",
            draft.address if draft.kind == _GOOGLE else "",
            placeholder="https://docs.google.com/spreadsheets/d/…/edit",
        )
    if session.runtime().settings.google_key_file is not None:
        note(f"Kunci akun layanan dibaca dari berkas yang disebut {KEY_FILE_ENV}.")
        return
    file = st.file_uploader("Berkas JSON kunci akun layanan", type=["json"], key=key(_UPLOADED))
    if session.runtime().settings.google_key:
        note("Kosongkan untuk memakai kunci yang sudah ada di pengaturan.")
    hint = '{ "type": "service_account", …'
    st.text_area("atau tempel isi berkas itu", key=key(_PASTED), height=96, placeholder=hint)
    if file is not None:
        draft.key_text = file.getvalue().decode("utf-8-sig", "replace")
    elif typed(_PASTED).strip():
        draft.key_text = typed(_PASTED)
    if draft.key_text and file is None and not typed(_PASTED):
        note("Kunci yang tadi diunggah masih ada; unggah lagi hanya untuk menggantinya.")


def _postgres(draft: Draft, fixed: bool) -> None:
    note("Untuk data di peladen basis data. Tabelnya dibuat sendiri.")
    if not fixed:
        line(
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
        url = plain_address(typed(_ADDRESS))
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
    try:
        account = service_account(session.runtime().settings)
    except ConfigError:
        return ""
    return json.dumps(dict(account)) if account else ""


def _said(step: Step) -> str:
    chip = process_chip("done", "berhasil") if step.right else '<span class="mv-chip mv-late">✗ belum berhasil</span>'
    more = f": {esc(step.said)}" if step.right and step.said else f". {esc(step.said)}" if step.said else ""
    return f'<p class="mv-check">{chip} <span><strong>{esc(step.what)}</strong>{more}</span></p>'


def _take(draft: Draft, kind: str, place: Place) -> None:
    """What was chosen, also where it was not tried out yet."""
    if draft.passed != place:
        draft.passed, draft.steps = None, ()
    draft.kind, draft.address = kind, place.store
