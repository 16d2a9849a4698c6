"""One press of a button, one transaction: what every page does around an action."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from services.actions.base import ActionError, Context
from services.store.store import StoreError, new_id
from services.ui import frame, session

Act = Callable[[Context, str], object]
"""An action with the id of its transaction; what it returns does not matter."""


def once(act: Act, *, source: str, ticket: str, done: str, problem: str = "") -> bool:
    """Do it, and whether it was done. ``done`` is shown under the head of the page in the next run.

    Pressed again after an interruption it lands once: the transaction's id is kept under ``ticket`` until it has
    landed. A refusal is shown at once, or kept under ``problem`` for the place that draws it.
    """
    try:
        act(session.context(source), str(st.session_state.setdefault(ticket, new_id())))
    except (ActionError, StoreError) as exc:
        if problem:
            st.session_state[problem] = exc
        else:
            frame.error(exc)
        return False
    finally:
        session.runtime().shared.invalidate()
    st.session_state.pop(ticket, None)
    frame.saved(done, later=True)
    return True
