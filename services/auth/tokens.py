"""What stands in our cookies: signed, so that a made-up one is thrown away before the database is asked.

A ticket says who signed in and carries the secret of that one session; a device says that this browser was let in
with the right password before. Neither grants anything by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from services.auth.sessions import LONGEST, Ticket

DEVICE_LASTS = timedelta(days=180)
_ALGORITHM = "HS256"
_TICKET, _DEVICE = "masuk", "perangkat"
_CLAIMS = ("aud", "sub", "jti", "iat", "exp")
_SKEW = timedelta(minutes=1)


def encode_ticket(key: str, ticket: Ticket) -> str:
    return _encode(key, _TICKET, ticket.username, ticket.secret, ticket.since, ticket.until)


def decode_ticket(key: str, token: str, now: datetime) -> Ticket | None:
    """The ticket; None for anything that is not ours, not yet or not any more good."""
    found = _decode(key, _TICKET, token, LONGEST, now)
    return Ticket(found["sub"], found["jti"], _moment(found["iat"]), _moment(found["exp"])) if found else None


def encode_device(key: str, username: str, now: datetime) -> str:
    """A new mark for a browser, good for this one person."""
    return _encode(key, _DEVICE, username, secrets.token_urlsafe(16), now, now + DEVICE_LASTS)


def decode_device(key: str, token: str, username: str, now: datetime) -> str:
    """Which device it is; "" where the mark is not ours, is of somebody else, or has run out."""
    found = _decode(key, _DEVICE, token, DEVICE_LASTS, now)
    return str(found["jti"]) if found and found["sub"] == username else ""


def _encode(key: str, kind: str, username: str, secret: str, since: datetime, until: datetime) -> str:
    times = {"iat": since.timestamp(), "exp": until.timestamp()}
    return jwt.encode({"aud": kind, "sub": username, "jti": secret, **times}, key, algorithm=_ALGORITHM)


def _decode(key: str, kind: str, token: str, longest: timedelta, now: datetime) -> Mapping[str, Any] | None:
    # The library would read the clock of its own; the times are checked below.
    options: Any = {"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        found = jwt.decode(token, key, algorithms=[_ALGORITHM], audience=kind, options=options)
        since, until = _moment(found["iat"]), _moment(found["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, OSError):
        return None
    named = isinstance(found["sub"], str) and isinstance(found["jti"], str)
    return found if named and since - _SKEW <= now < until <= since + longest + _SKEW else None


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(float(stamp), UTC)
