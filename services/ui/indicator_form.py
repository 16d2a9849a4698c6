"""What the Kasubag PKP changes in the dictionary: texts, targets, and whether an indicator is still measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import streamlit as st

from services.actions.base import ActionError, Context, Unreadable
from services.actions.indicators import (
    TEXT_FIELDS,
    TargetChange,
    add_indicator,
    fields_from,
    indicator_texts,
    preview_revision,
    revise_target,
    save_indicator,
    set_active,
    target_texts,
)
from services.domain.indicators import Aggregation, Indicator, Level, Period, Polarity
from services.domain.numbers import format_period
from services.store import schema
from services.store.store import Conflict, StoreError, new_id
from services.ui import errors, frame, session
from services.ui.html import esc, md
from services.ui.indicator_list import DIRECTIONS, open_quarters
from services.ui.reference import Column, heading, listing
from services.views.office import Office

SOURCE = "Kamus indikator"

_WORK, _PROBLEMS, _FAILURE = "kamus-kerja", "kamus-masalah", "kamus-gagal"
_QUARTER = "kamus-mulai"
_LONG_TEXTS = ("definition", "formula", "source")
_GROUPS = (
    ("name",),
    ("section_id", "level"),
    ("unit", "code"),
    ("polarity", "aggregation"),
    ("programme", "objective"),
)
_CHANGES = (
    Column("Yang berubah"),
    Column("Sekarang", numeric=True, named=True, width="12rem"),
    Column("Menjadi", numeric=True, named=True, width="12rem"),
)
_AUTOFILL, _NONE = "off", "belum ada"


class Kind(StrEnum):
    ADD = "baru"
    EDIT = "ubah"
    REVISE = "revisi"
    SWITCH = "nonaktif"


@dataclass(frozen=True, slots=True)
class Work:
    """What is being changed. ``seen``: the texts as they stood when the form was opened; ``ticket``: the press to come,

    so that a press that is sent twice changes once.
    """

    kind: Kind
    indicator_id: str
    seen: Mapping[str, str]
    ticket: str
    period: Period | None = None


@errors.pressed
def begin(kind: Kind, indicator_id: str = "", period: Period | None = None) -> None:
    """Open a form with what stands now (a callback, so that the fields can be filled)."""
    office = session.office()
    seen = _texts(office, kind, indicator_id, period)
    st.session_state[_WORK] = Work(kind, indicator_id, seen, new_id(), period)
    st.session_state[_PROBLEMS], st.session_state[_FAILURE] = {}, None
    for name, text in seen.items():
        st.session_state[_key(name)] = text


@errors.pressed
def end() -> None:
    for name in (_WORK, _PROBLEMS, _FAILURE):
        st.session_state.pop(name, None)


def work_on(indicator_id: str) -> Work | None:
    """The open form of this indicator; "" for the one of a new indicator."""
    work: Work | None = st.session_state.get(_WORK)
    return work if work and work.indicator_id == indicator_id else None


def buttons(office: Office, indicator: Indicator) -> None:
    """The three things that can be done with an indicator."""
    quarters = list(open_quarters(office, session.now().year))
    latest = office.latest_period()
    switch = "Nonaktifkan" if indicator.active else "Aktifkan lagi"
    with st.container(horizontal=True, gap="xsmall"):
        _button("Ubah", "edit", Kind.EDIT, indicator.id)
        start = latest if latest in quarters else quarters[0]
        _button("Revisi target", "flag", Kind.REVISE, indicator.id, start)
        _button(switch, "block" if indicator.active else "undo", Kind.SWITCH, indicator.id)


def new_button() -> None:
    _button("Indikator baru", "add", Kind.ADD)


def draw(office: Office, work: Work) -> None:
    """The open form, with what went wrong above it."""
    with st.container(border=True, key="mv-kamus-kerja"):
        _failure(work)
        if work.kind is Kind.SWITCH:
            _confirm(office.indicator_by_id[work.indicator_id])
        elif work.kind is Kind.REVISE:
            _revision(office, work)
        else:
            _text_form(office, work)


def _button(label: str, icon: str, kind: Kind, indicator_id: str = "", period: Period | None = None) -> None:
    st.button(label, key=f"kamus-{kind}", icon=f":material/{icon}:", on_click=begin, args=(kind, indicator_id, period))


def _texts(office: Office, kind: Kind, indicator_id: str, period: Period | None) -> dict[str, str]:
    if kind is Kind.ADD:
        return dict.fromkeys(TEXT_FIELDS, "")
    if kind is Kind.EDIT:
        return indicator_texts(office, indicator_id)
    if kind is Kind.REVISE and period:
        shown = target_texts(office, indicator_id, period)
        return {name: shown[name] for name in fields_from(period)}
    return {}


# --- saving ------------------------------------------------------------------------------------------------------


@errors.pressed
def _save() -> None:
    """Runs before the page is drawn, so that problems stand beside their fields."""
    work: Work | None = st.session_state.get(_WORK)
    if work is None or session.actor() is None:
        return
    st.session_state[_PROBLEMS], st.session_state[_FAILURE] = {}, None
    try:
        message = _act(session.context(SOURCE), work, _typed(work))
    except Unreadable as exc:
        st.session_state[_PROBLEMS] = dict(exc.problems)
    except (ActionError, StoreError) as exc:
        st.session_state[_FAILURE] = exc
    else:
        session.runtime().shared.invalidate()
        frame.saved(message, later=True)
        end()


def _act(context: Context, work: Work, typed: Mapping[str, str]) -> str:
    """Carry out the one action of the form; what to tell the person."""
    match work.kind:
        case Kind.ADD:
            add_indicator(context, typed, work.ticket)
            return f"Indikator “{typed['name']}” ditambahkan. Tetapkan targetnya lewat Revisi target."
        case Kind.EDIT:
            saved = save_indicator(context, work.indicator_id, work.seen, typed, work.ticket)
            return "Perubahan indikator tersimpan." if saved else "Tidak ada yang berubah."
        case Kind.REVISE:
            assert work.period is not None
            revise_target(context, work.indicator_id, work.period, work.seen, typed, work.ticket)
            return f"Target mulai {format_period(work.period)} tersimpan."
        case Kind.SWITCH:
            active = not context.office.indicator_by_id[work.indicator_id].active
            set_active(context, work.indicator_id, active, work.ticket)
            return "Indikator aktif lagi." if active else "Indikator dinonaktifkan."


def _typed(work: Work) -> dict[str, str]:
    return {name: str(st.session_state.get(_key(name)) or "") for name in work.seen}


def _failure(work: Work) -> None:
    """Why nothing was saved; two different values are put side by side."""
    failure: ActionError | StoreError | None = st.session_state.get(_FAILURE)
    if isinstance(failure, Conflict) and work.kind is not Kind.SWITCH:
        answer = frame.conflict(failure, _labels(work.kind), key="kamus-bentrok")
        if answer:
            _settle(work, failure, mine=answer == "mine")
    elif failure:
        frame.error(failure)


def _settle(work: Work, conflict: Conflict, *, mine: bool) -> None:
    """Go on from the value that stands there now: keep what was typed, or take that value."""
    now = _texts(session.office(), work.kind, work.indicator_id, work.period)
    clashed = {clash.column for clash in conflict.clashes}
    seen = {name: now.get(name, text) if name in clashed else text for name, text in work.seen.items()}
    st.session_state[_WORK], st.session_state[_FAILURE] = replace(work, seen=seen), None
    if mine:
        _save()
    else:
        for name in clashed & set(now):
            st.session_state[_key(name)] = now[name]
    st.rerun()


# --- forms -------------------------------------------------------------------------------------------------------


def _text_form(office: Office, work: Work) -> None:
    new = work.kind is Kind.ADD
    st.html(heading("Indikator baru" if new else "Ubah indikator"))
    if new:
        note = "Indikator baru masuk ke triwulan yang sedang terbuka, dan dihitung begitu targetnya ada."
        st.html(f'<p class="mv-quiet">{note}</p>')
    with st.form("kamus-isian", border=False):
        for group in _GROUPS:
            _row(office, group)
        for name in _LONG_TEXTS:
            st.text_area(_label(schema.INDICATOR, name), key=_key(name), height=80)
            _problem(name)
        with st.container(horizontal=True, gap="xsmall"):
            st.form_submit_button("Simpan", type="primary", on_click=_save, key="kamus-simpan")
            st.form_submit_button("Batal", on_click=end, key="kamus-batal")


def _row(office: Office, names: tuple[str, ...]) -> None:
    grid = st.grid(len(names), min_column_width=240, gap="small")
    for name in names:
        with grid.cell():
            _field(office, name)
            _problem(name)


def _field(office: Office, name: str) -> None:
    label, options = _label(schema.INDICATOR, name), _options(office).get(name)
    if options is None:
        st.text_input(label, key=_key(name), autocomplete=_AUTOFILL)
        return
    chosen = st.session_state.get(_key(name), "")
    known = list(dict.fromkeys(["", *options, chosen]))  # a value that is stored and unknown stays to be seen
    st.selectbox(label, known, key=_key(name), format_func=lambda value: options.get(value, value or "belum dipilih"))


def _options(office: Office) -> dict[str, dict[str, str]]:
    """Choices of a field with their texts."""
    return {
        "section_id": {s.id: s.name for s in office.sections},
        "level": {item.value: item.value for item in Level},
        "polarity": {item.value: DIRECTIONS[item] for item in Polarity},
        "aggregation": {item.value: item.value for item in Aggregation},
    }


def _revision(office: Office, work: Work) -> None:
    """Fields without a form around them, so that the preview follows what is typed."""
    assert work.period is not None
    indicator = office.indicator_by_id[work.indicator_id]
    st.session_state[_PROBLEMS] = {k: v for k, v in st.session_state[_PROBLEMS].items() if k == "legal_basis"}
    changes = _changes(office, work)
    st.html(heading("Revisi target", indicator.unit))
    periods = list(open_quarters(office, session.now().year))
    st.session_state[_QUARTER] = work.period
    st.selectbox("Berlaku mulai", periods, key=_QUARTER, format_func=format_period, on_change=_other_quarter, width=240)
    note = "Target triwulan sebelumnya tidak berubah. Triwulan yang sudah dikunci tidak dapat direvisi."
    st.html(f'<p class="mv-quiet">{note}</p>')
    numbers = [name for name in work.seen if name != "legal_basis"]
    grid = st.grid(3, min_column_width=150, gap="small")
    for name in numbers:
        with grid.cell():
            st.text_input(_label(schema.TARGET, name), key=_key(name), autocomplete=_AUTOFILL)
            _problem(name)
    st.text_input(
        _label(schema.TARGET, "legal_basis"),
        key=_key("legal_basis"),
        placeholder="Misalnya: Perubahan PK Nomor 3 Tahun 2026",
        autocomplete=_AUTOFILL,
    )
    _problem("legal_basis")
    if changes:
        st.html(heading("Yang akan berubah") + _preview(changes))
    with st.container(horizontal=True, gap="xsmall"):
        st.button("Simpan revisi", type="primary", on_click=_save, key="kamus-simpan")
        st.button("Batal", on_click=end, key="kamus-batal")


@errors.pressed
def _other_quarter() -> None:
    work: Work = st.session_state[_WORK]
    begin(work.kind, work.indicator_id, st.session_state[_QUARTER])


def _changes(office: Office, work: Work) -> tuple[TargetChange, ...]:
    """What would change as the fields stand; what cannot be read is said beside its field."""
    assert work.period is not None
    try:
        return preview_revision(office, work.indicator_id, work.period, _typed(work))
    except Unreadable as exc:
        st.session_state[_PROBLEMS] = {**st.session_state[_PROBLEMS], **exc.problems}
        return ()


def _preview(changes: tuple[TargetChange, ...]) -> str:
    rows = [(_label(schema.TARGET, c.field), esc(c.old or _NONE), _strong(c.new or _NONE)) for c in changes]
    return listing(_CHANGES, rows, "Target sekarang dan sesudah revisi")


def _strong(text: str) -> str:
    return f"<strong>{esc(text)}</strong>"


def _confirm(indicator: Indicator) -> None:
    active = indicator.active
    st.html(heading("Nonaktifkan indikator ini" if active else "Aktifkan lagi indikator ini"))
    st.markdown(
        "Indikator tidak ikut lagi pada triwulan yang dibuka sesudah ini. Yang sudah dilaporkan tetap ada."
        if active
        else f"“{md(indicator.name)}” ikut lagi sejak triwulan yang sedang terbuka."
    )
    with st.container(horizontal=True, gap="xsmall"):
        label = "Nonaktifkan" if active else "Aktifkan lagi"
        st.button(label, type="primary", on_click=_save, key="kamus-simpan")
        st.button("Batal", on_click=end, key="kamus-batal")


def _problem(name: str) -> None:
    problems: Mapping[str, str] = st.session_state.get(_PROBLEMS) or {}
    if name in problems:
        st.html(f'<p class="mv-quiet mv-bad" role="alert">{esc(problems[name])}</p>')


def _labels(kind: Kind) -> dict[str, str]:
    table = schema.TARGET if kind is Kind.REVISE else schema.INDICATOR
    return {column.name: column.header for column in table.columns}


def _label(table: schema.Table, name: str) -> str:
    return table.column(name).header


def _key(name: str) -> str:
    return f"kamus-isi-{name}"
