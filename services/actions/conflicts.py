"""Deciding on a change that the remote store refused when it was sent: mine, theirs, or once more."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from services.actions.base import Context, Denied, Refused, authorise
from services.domain.indicators import Period
from services.domain.roles import Action, Actor, Role
from services.store.outbox import Item, Outbox, State
from services.store.store import Change, Clash, Insert, Row, Transaction, Update, Value, new_id

SOURCE = "Bentrok"
_LOG = logging.getLogger("monev.bentrok")
_DECIDED = "Perubahan ini sudah diputuskan. Muat ulang halaman untuk melihat keadaan terbaru."


def may_decide(actor: Actor, item: Item, active: frozenset[str]) -> bool:
    """Whoever wrote it decides; where that account is not ``active`` any more, the Kasubag PKP does."""
    by = item.transaction.by
    return by == actor.username or (actor.role is Role.PKP and by not in active)


def keep_mine(context: Context, outbox: Outbox, item: Item, active: frozenset[str]) -> None:
    """Send the change again, now over the values that were found. Raises Denied or Refused."""
    _require_own(context, item, active)
    changes = tuple(_over(change, item.clashes) for change in item.transaction.changes)
    again = replace(
        item.transaction,
        id=new_id(),
        at=context.now,
        by=context.actor.username,
        role=context.actor.capacity,
        source=SOURCE,
        changes=changes,
    )
    _authorise(context, again)
    if not item.clashes or not outbox.replace(item.transaction.id, again, context.now):
        raise Refused(_DECIDED)


def keep_theirs(context: Context, outbox: Outbox, item: Item, active: frozenset[str]) -> None:
    """Let the change go; it stays in the outbox's list of decisions. Raises Denied or Refused."""
    _require_own(context, item, active)
    if not outbox.drop(item.transaction.id, context.actor.username, context.now):
        raise Refused(_DECIDED)
    _LOG.warning("Transaksi %s dibatalkan oleh %s", item.transaction.id, context.actor.username)


def send_again(context: Context, outbox: Outbox, item: Item, active: frozenset[str]) -> None:
    """Try the same change once more, after whatever stood in its way was repaired. Raises Denied or Refused."""
    _require_own(context, item, active)
    if not outbox.retry(item.transaction.id, context.now):
        raise Refused(_DECIDED)


def to_decide(queue: Sequence[Item], actor: Actor, active: frozenset[str]) -> tuple[Item, ...]:
    return tuple(item for item in queue if item.state is State.CONFLICT and may_decide(actor, item, active))


def _require_own(context: Context, item: Item, active: frozenset[str]) -> None:
    if not may_decide(context.actor, item, active):
        raise Denied("Perubahan ini diputuskan oleh penulisnya. Tidak ada yang diubah.")


def _over(change: Change, clashes: Sequence[Clash]) -> Change:
    """The change with the values that were found as those that the person has seen."""
    if isinstance(change, Insert):
        return change
    place = (change.table.name, change.row_id)
    found: Mapping[str, Value] = {c.column: c.found for c in clashes if (c.table, c.row_id) == place}
    return Update(change.table, change.row_id, {**change.old, **found}, change.new)


def _authorise(context: Context, transaction: Transaction) -> None:
    """The right to act is that of now: the quarter may have been locked since."""
    if transaction.action not in list(Action):
        raise Denied("Perubahan ini tidak dapat dikirim ulang dari halaman ini. Tidak ada yang disimpan.")
    for change in transaction.changes:
        row = _row(context, change)
        authorise(context, Action(transaction.action), _period(context, row), str(row.get("section_id", "")))


def _row(context: Context, change: Change) -> Row:
    if isinstance(change, Insert):
        return change.row
    rows = context.office.snapshot.rows(change.table)
    return next((row for row in rows if row["id"] == change.row_id), {})


def _period(context: Context, row: Row) -> Period:
    """The quarter that a row belongs to; of a target the one from which it is valid; else the present one."""
    quarter = row.get("quarter", row.get("valid_from"))
    if row.get("year") and quarter:
        return Period(cast("int", row["year"]), cast("int", quarter))
    return context.office.latest_period() or Period(context.now.year, (context.now.month - 1) // 3 + 1)
