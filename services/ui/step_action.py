"""What the holder of the running step can do with it: finish it, or see what still stands in the way; pause it.

Used wherever a step can be moved: the dashboard, the page of the steps, and the places of the steps.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from services.actions import steps
from services.actions.base import ActionError, Context, Refused
from services.domain.indicators import Period
from services.domain.process import Phase, Progress, transition
from services.domain.roles import Action, Actor
from services.domain.sop import PROCESSING, Event
from services.store.store import DuplicateRow, Receipt, StoreError, new_id
from services.ui import errors, frame, places, session
from services.ui.html import md
from services.views.conditions import obstacles, waivable
from services.views.office import Office
from services.views.steps import steps_of

SOURCE = "Langkah"
_OVERTAKEN = "Langkah ini sudah berpindah lebih dahulu. Tidak ada yang diubah."
_AT_ITS_PLACE = {
    Action.APPROVE: "Setujui atau kembalikan draf",
    Action.ISSUE_DOCUMENT: "Terbitkan dokumen",
    Action.ARCHIVE: "Arsipkan dokumen",
}
"""Steps that end with more than a press, and the name of the link to where they end."""

Press = Callable[[Context, Period, str, str], Receipt]


def draw(office: Office, actor: Actor, period: Period, *, at: str = "") -> None:
    """The button of whoever carries out the running step; nothing for all others.

    ``at``: the page that asks, where it is the place of steps; then only those steps are finished there.
    """
    current = steps_of(office, period, session.now()).current
    if current is None or (at and places.PLACES[current.step.no].page != at):
        return
    context = _looking(office, actor)
    move = transition(current.step.no, Event.FINISHED, current.phase)
    if current.phase is Phase.PAUSED or move is None or not steps.may_move_on(context, period, Event.FINISHED):
        return
    if move.action in _AT_ITS_PLACE:
        if not at:
            places.link(current.step.no, _AT_ITS_PLACE[move.action])
        return
    label = f"Selesaikan langkah {current.step.no}"
    with st.popover(label, type="primary", icon=":material/task_alt:", wrap=True, key=_key("buka", current)):
        st.markdown(f"**Langkah {current.step.no}.** {md(current.step.procedure)}")
        _finish(office, period, current)


def draw_pause(office: Office, actor: Actor, period: Period) -> None:
    """Stop the clock of the running step with a reason, or let it run on; nothing for those who may not."""
    current = steps_of(office, period, session.now()).current
    context = _looking(office, actor)
    if current is None:
        return
    if current.phase is Phase.PAUSED and steps.may_move_on(context, period, Event.RESUMED):
        st.button(
            f"Lanjutkan langkah {current.step.no}",
            type="primary",
            key=_key("lanjut", current),
            on_click=_press,
            args=(_resume, period, current, "", f"Langkah {current.step.no} berjalan lagi."),
        )
    elif steps.may_move_on(context, period, Event.PAUSED):
        with st.popover("Jeda dengan alasan", key=_key("jeda-buka", current)):
            st.text_area("Alasan jeda", key=_key("alasan-jeda", current), height=80)
            st.button(
                f"Jeda langkah {current.step.no}",
                key=_key("jeda", current),
                on_click=_press,
                args=(steps.pause_step, period, current, "alasan-jeda", f"Langkah {current.step.no} dijeda."),
            )


def _looking(office: Office, actor: Actor) -> Context:
    """Only to see what this person may do; an action asks for a context of its own."""
    opened = session.runtime()
    return Context(opened.store, office, actor, opened.now(), SOURCE)


def _finish(office: Office, period: Period, current: Progress) -> None:
    move = transition(current.step.no, Event.FINISHED, current.phase)
    assert move is not None
    blocking = obstacles(office, period, move, "-")
    excused = waivable(office, period, move)
    for sentence in (*blocking, *excused):
        st.markdown(f"- {md(sentence)}")
    if excused:
        st.markdown("Langkah ini tetap dapat diselesaikan dengan alasan, yang dicatat.")
    if current.step.no == PROCESSING:
        st.markdown("Isian semua seksi dikunci saat langkah ini selesai.")
    st.text_area("Alasan" if excused else "Catatan (boleh kosong)", key=_key("catatan", current), height=80)
    st.button(
        f"Selesaikan langkah {current.step.no}",
        type="primary",
        disabled=bool(blocking),
        key=_key("selesai", current),
        on_click=_press,
        args=(steps.finish_step, period, current, "catatan", f"Langkah {current.step.no} selesai."),
    )


def _resume(context: Context, period: Period, _: str, transaction_id: str) -> Receipt:
    return steps.resume_step(context, period, transaction_id)


@errors.pressed
def _press(act: Press, period: Period, current: Progress, field: str, done: str) -> None:
    """One press, one transaction: pressed twice, the second finds that it has landed."""
    transaction = st.session_state.setdefault(_key(act.__name__, current), new_id())
    try:
        context = session.context(SOURCE)
        if not _still_running(context, period, current):
            frame.saved(_OVERTAKEN, later=True)
            return
        act(context, period, st.session_state.get(_key(field, current), ""), transaction)
    except DuplicateRow:
        frame.saved(_OVERTAKEN, later=True)
    except (ActionError, StoreError) as exc:
        if isinstance(exc, Refused):
            st.session_state.pop(_key(act.__name__, current), None)
        frame.error(exc)
    else:
        session.runtime().shared.invalidate()
        frame.saved(done, later=True)


def _still_running(context: Context, period: Period, seen: Progress) -> bool:
    """Whether the step that the person saw is the one that runs; otherwise the press would finish the next one."""
    found = steps_of(context.office, period, context.now).current
    return found is not None and (found.step.no, found.rounds) == (seen.step.no, seen.rounds)


def _key(part: str, current: Progress) -> str:
    """Keys change with step, round and pauses, so that a note does not move on to the next step."""
    return f"langkah-{part}-{current.step.no}-{current.rounds}-{current.paused}"
