"""The page Bentrok: what the shared sheet refused when it was sent, for whoever wrote it to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from services.actions import conflicts as actions
from services.actions.base import ActionError, Context
from services.domain.numbers import format_datetime
from services.domain.roles import Actor
from services.store.outbox import Item, Outbox, State
from services.store.schema import BY_NAME
from services.store.store import Conflict, StoreError
from services.ui import errors, frame, session
from services.ui.conflicts import active, of
from services.ui.html import esc, process_chip, table
from services.views.history import HistoryLine
from services.views.waiting import changes_in_words

_PROBLEM = "mv-bentrok-galat"
_SHOWN = 8
Decide = Callable[[Context, Outbox, Item, frozenset[str]], None]


def draw(actor: Actor) -> None:
    frame.header("Bentrok", ("Perubahan yang ditolak saat dikirim",), lead_to_conflicts=False)
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        frame.error(problem)
    items = of(actor)
    for item in items:
        _card(item)
    if not items:
        frame.empty_state(
            "Tidak ada yang bentrok", "Semua yang Anda simpan sudah terkirim, atau sedang menunggu giliran."
        )
    replica = session.runtime().replica
    if replica is not None:
        waits = [item for item in replica.outbox.queue() if item.state is State.WAITING]
        _list("Menunggu terkirim", waits)
        _list("Sudah diputuskan", replica.outbox.decided())


def _card(item: Item) -> None:
    """Three values where values clash; otherwise the reason, and what was to be changed."""
    if item.clashes:
        _three_values(item)
        return
    with st.container(border=True, key=f"mv-tolak-{item.place}"):
        st.html(
            process_chip("doubt", "Perubahan ini ditolak saat dikirim") + _head(item) + f"<p>{esc(item.reason)}</p>"
        )
        st.html(_changes(item))
        with st.container(horizontal=True, gap="xsmall"):
            _button("Coba kirim lagi", "mv-lagi", item, actions.send_again)
            _button("Batalkan perubahan ini", "mv-batal", item, actions.keep_theirs)


def _three_values(item: Item) -> None:
    subjects = list(dict.fromkeys(line.subject for line in _lines(item)))
    names = {c.column: BY_NAME[c.table].column(c.column).header for c in item.clashes}
    title = f"{', '.join(subjects[:3])} (disimpan {format_datetime(item.transaction.at)})"
    answer = frame.conflict(Conflict(item.clashes), names, title=title, key=f"mv-bentrok-{item.place}")
    if answer:
        _decide(item, actions.keep_mine if answer == "mine" else actions.keep_theirs)
        st.rerun()


def _button(label: str, key: str, item: Item, decide: Decide) -> None:
    st.button(label, key=f"{key}-{item.place}", on_click=_decide, args=(item, decide))


@errors.pressed
def _decide(item: Item, decide: Decide) -> None:
    replica = session.runtime().replica
    if replica is None:
        return
    try:
        decide(session.context(actions.SOURCE), replica.outbox, item, active())
    except (ActionError, StoreError) as exc:
        st.session_state[_PROBLEM] = exc
        return
    replica.wake()
    frame.saved("Perubahan dibatalkan." if decide is actions.keep_theirs else "Dikirim ulang.", later=True)


def _list(title: str, items: Sequence[Item]) -> None:
    if items:
        with st.expander(f"{title} ({len(items)})"):
            st.html(table(("Disimpan", "Oleh", "Perubahan", "Keadaan"), map(_row, items), caption=title))


def _row(item: Item) -> tuple[str, str, str, str]:
    decided = f" oleh {item.decided_by}" if item.decided_by else ""
    state = f"{item.state.value}{decided}, {format_datetime(item.at)}"
    head = item.transaction
    return esc(format_datetime(head.at)), esc(head.by), _words(_lines(item)) or esc(head.action), esc(state)


def _head(item: Item) -> str:
    head = item.transaction
    return f'<p class="mv-clash"><strong>{esc(head.action)}</strong>, disimpan {esc(format_datetime(head.at))}</p>'


def _lines(item: Item) -> tuple[HistoryLine, ...]:
    return changes_in_words(session.office(), item.transaction)


def _changes(item: Item) -> str:
    return f'<p class="mv-meta">{_words(_lines(item))}</p>'


def _words(lines: Iterable[HistoryLine]) -> str:
    """The first changes, one a line."""
    shown = [f"{esc(line.subject)}: {esc(line.field)} {esc(line.new)}" for line in lines]
    more = [f"dan {len(shown) - _SHOWN} lagi"] if len(shown) > _SHOWN else []
    return "<br>".join([*shown[:_SHOWN], *more])
