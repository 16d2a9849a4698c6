"""Common ground of all actions: the right to act, one transaction, and errors for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.domain.indicators import Period
from services.domain.numbers import clean
from services.domain.roles import Action, Actor, CycleState, allows
from services.store.store import Change, Receipt, Store, Transaction, Update
from services.views.office import Office


class ActionError(Exception):
    """An action that did not happen; the message says why and what to do. Nothing was written."""


class Denied(ActionError):
    """The table of rights does not allow it."""


class Refused(ActionError):
    """Allowed, but something that must be true first is not, or the input cannot be understood."""


class Unreadable(Refused):
    """Nothing was saved: each field that cannot be understood, with why and what to write instead."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # no database keeps NUL or half a surrogate pair
TEXT_LIMIT = 10_000
"""Letters of a text that a person writes."""


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, when, through which page or command, on which store, having seen which data."""

    store: Store
    office: Office
    actor: Actor
    now: datetime
    source: str


def authorise(context: Context, action: Action, period: Period, section_id: str = "") -> None:
    """Raise Denied unless the table of rights allows the action on this quarter and section."""
    state = context.office.state(period, context.now, section_id)
    if not allows(context.actor, action, state, section_id):
        who = context.actor.title
        raise Denied(f"{who} tidak berwenang {action.value} pada triwulan yang {state.value}. Tidak ada yang disimpan.")


def authorise_office(context: Context, action: Action) -> None:
    """Raise Denied unless the table of rights allows the action on what belongs to no quarter."""
    if not allows(context.actor, action, CycleState.NONE):
        raise Denied(f"{context.actor.title} tidak berwenang {action.value}. Tidak ada yang disimpan.")


def one_line(text: str) -> str:
    """What somebody wrote into a field of one line, as it is kept. Raises Refused where it is too long."""
    return not_too_long(clean(text))


def not_too_long(text: str) -> str:
    """The text itself. Raises Refused where it is too long: what somebody wrote is never cut off in silence."""
    if len(text) > TEXT_LIMIT:
        raise Refused(too_long(text))
    return text


def too_long(text: str) -> str:
    return f"Teks terlalu panjang: {len(text)} huruf. Ringkas menjadi paling banyak {TEXT_LIMIT} huruf."


def commit(
    context: Context, action: Action, changes: tuple[Change, ...], transaction_id: str = "", reason: str = ""
) -> Receipt:
    """Send one user action as one transaction. ``transaction_id`` makes a repeated press harmless.

    ``reason`` goes into the log with the action, where no column keeps it.
    """
    _require_storable(changes)
    transaction = Transaction(
        at=context.now,
        by=context.actor.username,
        role=context.actor.capacity,
        action=f"{action.value}: {one_line(reason)}" if reason else action.value,
        source=context.source,
        changes=changes,
        **({"id": transaction_id} if transaction_id else {}),
    )
    return context.store.commit(transaction)


def require_storable(texts: Iterable[object]) -> None:
    """Raise Refused where one of them is a text that no database keeps."""
    if any(isinstance(text, str) and _UNSTORABLE.search(text) for text in texts):
        raise Refused("Teks memuat karakter tak terlihat yang tidak dapat disimpan. Ketik ulang teksnya.")


def _require_storable(changes: tuple[Change, ...]) -> None:
    rows = (change.new if isinstance(change, Update) else change.row for change in changes)
    require_storable(value for row in rows for value in row.values())
