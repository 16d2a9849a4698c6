"""What the holder of the running step can do from the dashboard: finish it, and at step 11 send the draft back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from services.actions import quarters
from services.actions.base import ActionError, Context
from services.domain.indicators import Period
from services.domain.roles import Actor
from services.domain.sop import COLLECTING, CORRECTING, VERIFYING, Progress
from services.store.store import DuplicateRow, Receipt, StoreError, new_id
from services.ui import frame, session
from services.ui.html import md
from services.views.board import Board
from services.views.office import Office
from services.views.steps import steps_of

SOURCE = "Dasbor"
_OVERTAKEN = "Langkah ini sudah diselesaikan lebih dahulu. Tidak ada yang diubah."


def draw(office: Office, actor: Actor, board: Board) -> None:
    """The button of whoever carries out the running step; nothing for all others."""
    current = board.steps.current
    if current is None or not _may_act(office, actor, board.period):
        return
    label = f"Selesaikan langkah {current.step.no}"
    with st.popover(label, type="primary", icon=":material/task_alt:", wrap=True, key=_key("buka", current)):
        st.markdown(f"**Langkah {current.step.no}.** {md(current.step.procedure)}")
        _warn_of_gaps(board, current)
        _finish(board.period, current)
        if current.step.no == VERIFYING:
            _send_back(board.period, current)


def _may_act(office: Office, actor: Actor, period: Period) -> bool:
    opened = session.runtime()
    return quarters.may_finish(Context(opened.store, office, actor, opened.now(), SOURCE), period)


def _warn_of_gaps(board: Board, current: Progress) -> None:
    if current.step.no != COLLECTING or not board.missing:
        return
    names = ", ".join(group.section.short for group in board.missing)
    st.markdown(f"Belum lengkap atau belum dikirim: {md(names)}. Langkah ini tetap dapat diselesaikan.")


def _finish(period: Period, current: Progress) -> None:
    st.text_area("Catatan (boleh kosong)", key=_key("catatan", current), height=80)
    st.button(
        f"Selesaikan langkah {current.step.no}",
        type="primary",
        key=_key("selesai", current),
        on_click=_press,
        args=(quarters.finish_step, period, current, "catatan", f"Langkah {current.step.no} selesai."),
    )


def _send_back(period: Period, current: Progress) -> None:
    st.text_area("Alasan pengembalian", key=_key("alasan", current), height=80)
    st.button(
        f"Kembalikan ke langkah {CORRECTING}",
        key=_key("kembali", current),
        on_click=_press,
        args=(quarters.return_draft, period, current, "alasan", f"Draf dikembalikan ke langkah {CORRECTING}."),
    )


def _press(
    act: Callable[[Context, Period, str, str], Receipt], period: Period, current: Progress, field: str, done: str
) -> None:
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
        frame.error(exc)
    else:
        session.runtime().shared.invalidate()
        frame.saved(done, later=True)


def _still_running(context: Context, period: Period, seen: Progress) -> bool:
    """Whether the step that the person saw is the one that runs; otherwise the press would finish the next one."""
    found = steps_of(context.office, period, context.now).current
    return found is not None and (found.step.no, found.rounds) == (seen.step.no, seen.rounds)


def _key(part: str, current: Progress) -> str:
    """Keys change with step and round, so that a note does not move on to the next step."""
    return f"langkah-{part}-{current.step.no}-{current.rounds}"
