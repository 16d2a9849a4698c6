"""A form of several texts that is saved as one: nothing typed is lost, and nobody's words are run over.

What is typed is kept as a draft on the server at once; a value that somebody else saved meanwhile is shown beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import streamlit as st

from services.actions.base import ActionError, Context, Unreadable
from services.domain.numbers import clean, format_datetime, read_date
from services.store.store import Conflict, Receipt, StoreError, StoreUnavailable
from services.ui import entry_state, errors, frame, session
from services.ui.entry_state import Opened
from services.ui.html import esc, process_chip

NEW = "baru"
"""Chosen in place of a row's id, for a row that is not there yet."""
_WORKS, _GENERATION = "mv-teks-kerja", "mv-teks-ke"
Save = Callable[[Context, Mapping[str, str], Mapping[str, str], str], Receipt | None]
"""Saves what was typed over what was seen, under a transaction id; None: there was nothing to save."""


@dataclass(slots=True)
class Form:
    """One form in this person's hands. ``generation`` makes new fields, which begin with the texts in ``start``.

    ``tried``: how it was to be saved when that failed, to be done again once a clash is decided.
    """

    opened: Opened
    generation: int = 0
    start: dict[str, str] = field(default_factory=dict)
    error: ActionError | StoreError | None = None
    undrafted: str = ""
    tried: tuple[Save, str, str] | None = None

    @property
    def key(self) -> str:
        return self.opened.entry_id

    @property
    def changed(self) -> bool:
        return bool(self.opened.changed)

    @property
    def wanted(self) -> dict[str, str]:
        """What was typed, as it would be saved."""
        return {name: clean(text) for name, text in self.opened.typed.items()}

    def widget(self, name: str) -> str:
        return f"{self.key}-{name}-{self.generation}"

    def problem(self, name: str) -> str:
        return self.error.problems.get(name, "") if isinstance(self.error, Unreadable) else ""


def choose_row(label: str, names: Mapping[str, str], key: str, placeholder: str) -> str | None:
    """The key of the row whose form shall be shown, NEW among them; None until one is chosen."""
    chosen: str | None = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=key,
        placeholder=placeholder,
        width=480,
    )
    return chosen


def open_form(key: str, stored: Mapping[str, str]) -> Form:
    """The form under this key: as it was left, else with the draft of this person over what is stored."""
    form = _forms().get(key)
    if form is None or (not form.changed and form.opened.seen != stored):
        form = Form(_restored(key, stored))
        _forms()[key] = form
        _renew(form)
    return form


def notices(form: Form, stored: Mapping[str, str], labels: Mapping[str, str]) -> None:
    """Above the fields: a clash to decide, why nothing was saved, a draft that was restored."""
    if isinstance(form.error, Conflict):
        answer = frame.conflict(form.error, labels, key=f"bentrok-{form.key}")
        if answer:
            _settle(form, stored, keep_mine=answer == "mine")
            if form.changed and form.tried:
                _save(form.key, *form.tried)
            st.rerun()
    elif form.error is not None:
        frame.error(form.error)
    elif form.opened.draft_at and form.changed:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            text = f"Draf dari {format_datetime(form.opened.draft_at)} dipulihkan"
            st.html(process_chip("now", text), width="content")
            st.button("Buang draf", key=f"buang-{form.key}", type="tertiary", on_click=_discard, args=(form.key,))


def line(form: Form, name: str, label: str, placeholder: str = "") -> None:
    st.text_input(
        label,
        _begin(form, name),
        key=form.widget(name),
        placeholder=placeholder,
        autocomplete="off",
        on_change=_typed,
        args=(form.key, name),
    )
    _said(form, name)


def area(form: Form, name: str, label: str, placeholder: str = "", height: int = 112) -> None:
    st.text_area(
        label,
        _begin(form, name),
        key=form.widget(name),
        placeholder=placeholder,
        height=height,
        on_change=_typed,
        args=(form.key, name),
    )
    _said(form, name)


def day(form: Form, name: str, label: str, latest: date | None = None) -> None:
    """A date; its text in the form is ISO 8601."""
    found = read_date(_begin(form, name))
    st.date_input(
        label,
        found if isinstance(found, date) else None,
        max_value=latest,
        key=form.widget(name),
        format="DD/MM/YYYY",
        on_change=_typed,
        args=(form.key, name),
    )
    _said(form, name)


def choice(form: Form, name: str, label: str, options: Sequence[str]) -> None:
    """One of a list, or anything else that is typed."""
    text = _begin(form, name)
    known = list(dict.fromkeys((*options, *([text] if text else []))))
    st.selectbox(
        label,
        known,
        index=known.index(text) if text else None,
        placeholder="Pilih atau ketik",
        accept_new_options=True,
        key=form.widget(name),
        on_change=_typed,
        args=(form.key, name),
    )
    _said(form, name)


def pick(form: Form, name: str, label: str, options: Mapping[str, str]) -> None:
    """One of a list, the first where nothing fits; ``options`` are the stored values with what people read."""
    text = _begin(form, name)
    if form.opened.typed[name] not in options:
        form.opened.typed[name] = next(iter(options))
    known = tuple(options)
    st.selectbox(
        label,
        known,
        index=known.index(text) if text in options else 0,
        format_func=lambda key: options.get(key, key),
        key=form.widget(name),
        on_change=_typed,
        args=(form.key, name),
    )
    _said(form, name)


def with_stored(options: Mapping[str, str], stored: str) -> Mapping[str, str]:
    """The options, after a stored value that is none of them, so that no other is taken for it unseen."""
    return options if stored in options else {stored: f"{stored or 'kosong'} (tidak dikenal)", **options}


def answer(form: Form, name: str, label: str, options: Sequence[str]) -> None:
    """One of a few, or none yet."""
    text = _begin(form, name)
    st.segmented_control(
        label,
        options,
        default=text if text in options else None,
        format_func=str.capitalize,
        key=form.widget(name),
        on_change=_typed,
        args=(form.key, name),
    )
    _said(form, name)


def save_row(form: Form, label: str, save: Save, source: str, done: str) -> None:
    """The button, and beside it whether anything waits to be saved."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(label, type="primary", key=f"simpan-{form.key}", on_click=_save, args=(form.key, save, source, done))
        if form.undrafted:
            st.html(f'<p class="mv-meta">{esc(form.undrafted)}</p>', width="content")
        elif form.changed:
            st.html('<p class="mv-meta" role="status">● Belum disimpan</p>', width="content")


@errors.pressed
def take_over(key: str, name: str, text: str) -> None:
    """Add a text to what stands in a field; nothing is saved by that."""
    form = _forms().get(key)
    if form is not None:
        _collect(form)
        before = form.opened.typed[name].rstrip()
        form.opened.typed[name] = f"{before}\n{text}" if before else text
        _renew(form)
        _keep(form)


@errors.pressed
def fill(key: str, texts: Mapping[str, str]) -> None:
    """Put texts in place of what stands in some fields; nothing is saved by that."""
    form = _forms().get(key)
    if form is not None:
        _collect(form)
        form.opened.typed |= texts
        _renew(form)
        _keep(form)


# --- what the fields and buttons do ------------------------------------------------------------------------------


def _forms() -> dict[str, Form]:
    """Those of this person: whoever signs in here next begins with the own ones."""
    found: dict[str, Form] = st.session_state.setdefault(f"{_WORKS}-{_username()}", {})
    return found


def _renew(form: Form) -> None:
    """New fields with the texts as they are now."""
    form.generation = st.session_state.get(_GENERATION, 0) + 1
    st.session_state[_GENERATION] = form.generation
    form.start = dict(form.opened.typed)


def _begin(form: Form, name: str) -> str:
    """The text with which a field begins; a field that was away begins anew with what was typed into it."""
    if form.widget(name) not in st.session_state:
        form.start[name] = form.opened.typed[name]
    return form.start[name]


def _said(form: Form, name: str) -> None:
    problem = form.problem(name)
    if problem:
        st.html(f'<p class="mv-tf-wrong" role="alert">{esc(problem)}</p>')


def _restored(key: str, stored: Mapping[str, str]) -> Opened:
    try:
        draft = session.runtime().drafts.get(_username(), key)
    except StoreUnavailable:
        draft = None
    kept = entry_state.differing(draft.fields, stored) if draft else {}
    seen = entry_state.seen_in(draft, kept, stored) if draft else {}
    return Opened(key, {**stored, **seen}, {**stored, **kept}, draft.at if draft and kept else None)


def _username() -> str:
    actor = session.actor()
    return actor.username if actor else ""


def _collect(form: Form) -> None:
    """Take over what stands in the fields. A person empties one field at a time; a browser that lost them, several."""
    now = {n: _text(st.session_state[form.widget(n)]) for n in form.opened.typed if form.widget(n) in st.session_state}
    emptied = {name for name, text in now.items() if form.opened.typed[name] and not text}
    form.opened.typed |= now if len(emptied) <= 1 else {n: text for n, text in now.items() if n not in emptied}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _keep(form: Form) -> None:
    try:
        entry_state.keep(session.runtime().drafts, _username(), form.opened, session.now())
        form.undrafted = ""
    except StoreError as exc:
        form.undrafted = str(exc)


@errors.pressed
def _typed(key: str, name: str) -> None:
    form = _forms().get(key)
    if form is not None and form.widget(name) in st.session_state:
        form.opened.typed[name] = _text(st.session_state[form.widget(name)])
        form.error = None
        _keep(form)


@errors.pressed
def _save(key: str, save: Save, source: str, done: str) -> None:
    form = _forms().get(key)
    if form is None:
        return
    _collect(form)
    form.tried = (save, source, done)
    try:
        receipt = save(session.context(source), form.opened.seen, form.opened.typed, form.opened.transaction_id)
    except (ActionError, StoreError) as exc:
        form.error = exc
        _keep(form)
        return
    except PermissionError:  # the sign-in has ended: its form comes up, and the draft waits behind it
        _keep(form)
        return
    finally:
        session.runtime().shared.invalidate()
    _forms().pop(key)
    entry_state.forget(session.runtime().drafts, _username(), key)
    frame.saved(done if receipt else "Tidak ada yang berubah.", later=True)


@errors.pressed
def _discard(key: str) -> None:
    entry_state.forget(session.runtime().drafts, _username(), key)
    _forms().pop(key, None)


def _settle(form: Form, stored: Mapping[str, str], *, keep_mine: bool) -> None:
    """After a clash: what is stored now counts as seen. Of what both changed, this person's words stay or go."""
    mine = form.opened.changed if keep_mine else {}
    form.opened.typed |= {n: text for n, text in stored.items() if text != form.opened.seen[n] and n not in mine}
    form.opened.seen = dict(stored)
    form.error = None
    _renew(form)
    _keep(form)
