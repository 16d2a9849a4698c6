"""Sessions on the server: what a ticket in a cookie is worth is decided here, so that a copy of it ends with it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.store.access import AccessTables, SessionRow
from services.store.people import Account

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
_TOUCHED_EVERY = timedelta(minutes=1)
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from. ``address`` "" where it is not known, ``device`` "" where it was never seen."""

    address: str = ""
    browser: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One sign-in. ``secret`` is known to the browser alone; the server keeps a fingerprint of it."""

    username: str
    secret: str = field(repr=False)
    since: datetime
    until: datetime


class Sessions:
    """All sessions of all processes. Methods raise StoreUnavailable."""

    def __init__(self, tables: AccessTables, now: Callable[[], datetime]) -> None:
        self._tables, self._now = tables, now

    def start(self, account: Account, visitor: Visitor, secret: str = "") -> Ticket:
        """A new session. ``secret`` only where the way of signing in has one of its own, good for one time."""
        now = self._now()
        ticket = Ticket(account.username, secret or secrets.token_urlsafe(32), now, now + LONGEST)
        self._tables.forget_sessions(now - _KEPT)
        self._tables.add_session(
            SessionRow(
                fingerprint(ticket.secret),
                account.username,
                stamp_of(account),
                now,
                now,
                ticket.until,
                visitor.address,
                visitor.browser,
            )
        )
        return ticket

    def open(self, ticket: Ticket, account: Account, *, used: bool = True) -> bool:
        """Whether the ticket still opens the door for this account, as it is now; notes that it was ``used``."""
        row, now = self._tables.session(fingerprint(ticket.secret)), self._now()
        if row is None or row.username != account.username or not _runs(row, now):
            return False
        if not hmac.compare_digest(row.stamp, stamp_of(account)):
            return False
        if used and now - row.seen_at >= _TOUCHED_EVERY:
            self._tables.seen(row.id, now)
        return True

    def known(self, secret: str) -> bool:
        """Whether there ever was a session with this secret."""
        return self._tables.session(fingerprint(secret)) is not None

    def acting(self, ticket: Ticket) -> str:
        """Id of the stand-in as which the person acted last in this session, in whatever tab; "" for his own role."""
        row = self._tables.session(fingerprint(ticket.secret))
        return row.acting if row else ""

    def act_as(self, ticket: Ticket, stand_in: str) -> None:
        self._tables.set_acting(fingerprint(ticket.secret), stand_in)

    def running(self, username: str = "") -> tuple[SessionRow, ...]:
        """Of one account, or of all; newest first."""
        now = self._now()
        return tuple(row for row in self._tables.sessions(username) if _runs(row, now))

    def end(self, ticket: Ticket, why: str) -> None:
        self._tables.end_sessions([fingerprint(ticket.secret)], self._now(), why)

    def end_all(self, username: str, why: str, spared: Ticket | None = None) -> int:
        """Every session of the account, but the one to spare; how many there were."""
        own = fingerprint(spared.secret) if spared else ""
        ids = [row.id for row in self.running(username) if row.id != own]
        return self._tables.end_sessions(ids, self._now(), why)


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def stamp_of(account: Account) -> str:
    """Changes with everything that decides what the account opens."""
    parts = (account.username, account.password_hash, account.role, account.section_id, str(account.active))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _runs(row: SessionRow, now: datetime) -> bool:
    # A session from the future would outlive its limits, whether the clock jumped or somebody made the row.
    fresh = row.started_at <= now + _TOUCHED_EVERY and now < min(row.until, row.started_at + LONGEST)
    return row.ended_at is None and fresh and now - row.seen_at < IDLE
