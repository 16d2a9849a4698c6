"""What the steps of Siapkan kantor have in common: their fields, what is wrong with them, and the way on and back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from services.actions.base import ActionError, Unreadable
from services.config import ConfigError
from services.store.store import StoreError
from services.ui import errors, invitation
from services.ui.html import esc, md
from services.ui.invitation import Draft

PROBLEM = "mv-pasang-galat"
_PROBLEMS = "mv-pasang-salah"
Take = Callable[[Draft], None]
"""Puts what was typed into the draft. Raises ActionError, StoreError or ConfigError where it cannot stay like that."""


def key(name: str) -> str:
    """Of the field with this name."""
    return f"pasang-{name}"


def typed(name: str) -> str:
    """What stands in the field."""
    return str(st.session_state.get(key(name)) or "")


def line(name: str, label: str, value: str, *, note: str = "", placeholder: str = "", secret: bool = False) -> None:
    """A field of one line, below it what is wrong, else what it is for."""
    with st.container(gap="xxsmall"):
        st.text_input(
            label,
            value,
            key=key(name),
            placeholder=placeholder,
            type="password" if secret else "default",
            autocomplete="new-password" if secret else "off",
        )
        problem = st.session_state.get(_PROBLEMS, {}).get(name, "")
        if problem:
            st.html(f'<p class="mv-quiet mv-bad" role="alert">! {esc(problem)}</p>')
        elif note:
            st.html(f'<p class="mv-quiet">{esc(note)}</p>')


def note(text: str) -> None:
    """A remark of its own."""
    st.html(f'<p class="mv-sub">{esc(text)}</p>')


@errors.pressed
def go(step: int, take: Take, by: int) -> None:
    """Take what was typed at this step and go on; or say what is wrong with it, and stay. Going back takes it as it is.

    Pressed twice, or on a page that another browser has left behind, it does nothing.
    """
    draft = draft_of_the_invited()
    if draft is None or draft.step != step:
        return
    st.session_state[_PROBLEMS] = {}
    try:
        take(draft)
    except (ActionError, StoreError, ConfigError) as error:
        if by > 0:
            _keep(error)
            return
    draft.step += by


def _keep(error: Exception) -> None:
    if isinstance(error, Unreadable):
        st.session_state[_PROBLEMS] = dict(error.problems)
    else:
        st.session_state[PROBLEM] = str(error)


def draft_of_the_invited() -> Draft | None:
    """None where the key has become void meanwhile; the run that follows shows what there is instead."""
    return invitation.draft() if invitation.key() else None


def tell() -> None:
    """Why the last press did not go on."""
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.error(md(problem), icon=":material/error:")


def buttons(draft: Draft, take: Take, *, form: bool = True, ready: bool = True) -> None:
    """The way on is first, so that Enter takes it; back takes along what was typed."""
    tell()
    with st.container(horizontal=True, gap="small"):
        if form:
            st.form_submit_button("Lanjut", type="primary", on_click=go, args=(draft.step, take, 1))
            st.form_submit_button("Kembali", on_click=go, args=(draft.step, take, -1))
        else:
            st.button("Lanjut", type="primary", disabled=not ready, on_click=go, args=(draft.step, take, 1))
            st.button("Kembali", on_click=go, args=(draft.step, take, -1))


def nothing(_draft: Draft) -> None:
    """There was nothing to type."""
