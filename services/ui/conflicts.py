"""What the shared sheet refused when it was sent, and who is to decide on it."""

from __future__ import annotations

from services.actions.conflicts import to_decide
from services.domain.roles import Actor
from services.store.outbox import Item, State
from services.store.store import StoreError
from services.ui import session


def of(actor: Actor) -> tuple[Item, ...]:
    """What this person has to decide, the oldest first."""
    replica = session.runtime().replica
    if replica is None:
        return ()
    queue = replica.outbox.queue()
    if not any(item.state is State.CONFLICT for item in queue):
        return ()
    return to_decide(queue, actor, active())


def active() -> frozenset[str]:
    """Whose accounts are active, so that they decide themselves."""
    return frozenset(account.username for account in session.runtime().accounts.all() if account.active)


def any_for(actor: Actor) -> bool:
    """Whether the menu lists the page for this person."""
    try:
        return bool(of(actor))
    except StoreError:
        return False  # the page says so itself
