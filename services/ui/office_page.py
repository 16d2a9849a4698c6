"""The page Kantor: what the office is called, how it computes and works; Kasubag PKP and admin change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from services.actions import settings as actions
from services.actions.base import Context
from services.actions.office_tables import clear_nips
from services.domain.roles import Action, Actor, CycleState, allows
from services.domain.settings import BY_KEY, NIP_IN_SHEET, NO, SETTINGS, YES, Group, Setting, in_force
from services.store import schema
from services.store.privacy import NIP
from services.store.store import Receipt
from services.ui import errors, frame, holidays_part, office_tables_part, session, text_form
from services.ui.effect_notice import Read, effect_notice
from services.ui.press import once
from services.ui.reference import STYLE, facts, heading, quiet
from services.ui.text_form import Form
from services.views.office import Office, stored_settings
from services.views.settings_effect import effects, with_settings

SOURCE = "Kantor"
PART = "bagian"
_PART_BOX = "mv-kantor-bagian"
_PAIRS_FROM = 240


def draw(actor: Actor) -> None:
    st.html(STYLE)
    office = session.office()
    frame.header("Kantor", (f"{office.profile.title}, Kabupaten {office.profile.regency}",))
    context = Context(session.runtime().store, office, actor, session.now(), SOURCE)
    if not may_edit(actor):
        st.html(quiet("Data kantor diubah oleh Kasubag PKP atau admin."))
    _PARTS[_chosen()](context)


def may_edit(actor: Actor) -> bool:
    return allows(actor, Action.EDIT_SETTINGS, CycleState.NONE)


def in_sheet(office: Office) -> bool:
    """Whether the data stand in a spreadsheet that others open too."""
    return bool(office.snapshot.places)


def _chosen() -> str:
    """The part of the address, else the first."""
    asked = st.query_params.get(PART, "")
    st.session_state[_PART_BOX] = asked if asked in _PARTS else next(iter(_PARTS))
    st.segmented_control(
        "Bagian",
        tuple(_PARTS),
        required=True,
        format_func=_NAMES.__getitem__,
        label_visibility="collapsed",
        key=_PART_BOX,
        on_change=_part_chosen,
    )
    return str(st.session_state[_PART_BOX])


@errors.pressed
def _part_chosen() -> None:
    st.query_params[PART] = st.session_state[_PART_BOX]


# --- settings ----------------------------------------------------------------------------------------------------


def _identity(context: Context) -> None:
    _settings(context, Group.IDENTITY)


def _figures(context: Context) -> None:
    _settings(context, Group.FIGURES)
    office_tables_part.scale(context, may_edit(context.actor))


def _time(context: Context) -> None:
    _settings(context, Group.TIME)
    holidays_part.draw(context, may_edit(context.actor))


def _settings(context: Context, group: Group) -> None:
    """The form of one group of settings, or what they are for whoever may not change them."""
    chosen = [setting for setting in SETTINGS if setting.group is group]
    if not may_edit(context.actor):
        used = in_force(stored_settings(context.office.snapshot))
        st.html(heading(group.value) + facts([(s.label, _shown(s, used[s.key])) for s in chosen]))
        return
    stored = {setting.key: text for setting in chosen for text in [actions.shown(context.office)[setting.key]]}
    form = text_form.open_form(f"kantor-{group.name.lower()}", stored)
    with st.container(border=True, key=f"mv-kantor-{group.name.lower()}"):
        st.html(heading(group.value))
        text_form.notices(form, stored, {f"value.{s.key}": s.label for s in chosen})
        grid = st.grid(2, min_column_width=_PAIRS_FROM, gap="small")
        for setting in chosen:
            with grid.cell():
                _field(form, setting)
        read = _effect(context, form) if group is Group.FIGURES else None
        if group is Group.TIME and form.changed:
            st.html(quiet("Tenggat dan lama pengerjaan semua langkah dihitung ulang dengan waktu ini."))
        text_form.save_row(form, "Simpan", partial(_save, read), SOURCE, f"{group.value} disimpan.")


def _field(form: Form, setting: Setting) -> None:
    with st.container(gap="xsmall"):
        if setting.options:
            options = text_form.with_stored(setting.options, form.opened.seen[setting.key])
            text_form.pick(form, setting.key, setting.label, options)
        else:
            text_form.line(form, setting.key, setting.label)
        st.html(quiet(setting.note))


def _shown(setting: Setting, value: str) -> str:
    if setting.options:
        return setting.options[value]
    return value or ("tanpa batas" if setting.group is Group.FIGURES else "")


def _effect(context: Context, form: Form) -> Read:
    wanted = form.wanted
    if not form.changed or any(BY_KEY[key].problem(text) for key, text in wanted.items()):
        return None
    return effect_notice(form, effects(context.office, with_settings(context.office, wanted)))


def _save(
    read: Read, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return actions.save_settings(context, seen, typed, ticket, effect_read=read == typed)


# --- personal data -----------------------------------------------------------------------------------------------


def _privacy(context: Context) -> None:
    """Whether NIPs may stand in the shared sheet, and those that do."""
    office, setting = context.office, BY_KEY[NIP_IN_SHEET]
    shared = in_sheet(office)
    there = sum(bool(row[NIP]) for row in office.snapshot.rows(schema.OFFICIAL))
    where = "Google Sheets: semua yang membuka spreadsheet membacanya" if shared else "Basis data kantor"
    st.html(heading("NIP pejabat") + facts([("Tempat data", where), ("NIP yang terisi", str(there))]))
    st.html(quiet(_explained(shared=shared, allowed=office.profile.nip_in_sheet)))
    if not may_edit(context.actor):
        st.html(facts([(setting.label, "Ya" if office.profile.nip_in_sheet else "Tidak")]))
        return
    stored = {NIP_IN_SHEET: actions.shown(office)[NIP_IN_SHEET]}
    form = text_form.open_form("kantor-nip", stored)
    with st.container(border=True, key="mv-kantor-nip"):
        text_form.notices(form, stored, {f"value.{NIP_IN_SHEET}": setting.label})
        _field(form, setting)
        withdrawn = stored[NIP_IN_SHEET] == YES and form.opened.typed[NIP_IN_SHEET] == NO
        blank = False
        if withdrawn and shared and there:
            blank = st.checkbox(f"Kosongkan juga {there} NIP di tab Pejabat", value=True, key="mv-kantor-kosongkan")
            st.html(quiet("Versi lama spreadsheet (File > Riwayat versi) dan PDF yang diarsipkan tetap memuatnya."))
        text_form.save_row(form, "Simpan", partial(_save_permission, blank), SOURCE, f"{Group.PRIVACY.value} disimpan.")
    if shared and there and stored[NIP_IN_SHEET] != YES and not form.changed:
        st.button(f"Kosongkan {there} NIP di tab Pejabat", key="mv-kantor-bersihkan", on_click=_clear)


def _explained(*, shared: bool, allowed: bool) -> str:
    if not shared:
        return "Setelan ini baru berpengaruh bila kantor memakai Google Sheets."
    if allowed:
        return "NIP ditulis ke tab Pejabat. Riwayat tidak mencatat NIP."
    return (
        "NIP tidak ditulis ke spreadsheet. Saat menerbitkan dokumen, Kasubag PKP mengetik NIP penanda tangan untuk "
        "dicetak di PDF."
    )


def _save_permission(
    blank: bool, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return actions.save_settings(context, seen, typed, ticket, blank_nips=blank)


@errors.pressed
def _clear() -> None:
    once(clear_nips, source=SOURCE, ticket="mv-kantor-bersihkan-tiket", done="NIP di tab Pejabat dikosongkan.")


_PARTS: Mapping[str, Callable[[Context], None]] = {
    "identitas": _identity,
    "perhitungan": _figures,
    "waktu": _time,
    "pejabat": lambda context: office_tables_part.officials(context, may_edit(context.actor)),
    "seksi": lambda context: office_tables_part.sections(context, may_edit(context.actor)),
    "pribadi": _privacy,
}
_NAMES = {
    "identitas": "Identitas",
    "perhitungan": "Perhitungan",
    "waktu": "Waktu kerja",
    "pejabat": "Pejabat",
    "seksi": "Seksi",
    "pribadi": "Data pribadi",
}
