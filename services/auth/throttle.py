"""Slows down guessing of passwords, without letting anybody lock out somebody else.

Failures are counted for the name together with the address, for the address with whatever name, and for the name with
whatever address. After some free attempts each further one has to wait, and the wait doubles. Many failures of one
name never close it: they only leave one free attempt to every address from which nobody has tried yet. A device on
which the person signed in before has a count of its own, so that an attack from elsewhere, or from the same office,
does not touch it. What is kept are fingerprints: a password typed into the wrong field is not kept here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from services.auth.sessions import Visitor
from services.store.access import AccessTables, Failures

REMEMBERED = timedelta(hours=24)
ATTACKED_FROM = 20
"""So many failures of a name, with never an hour between two of them, are an attack on it."""
ATTACK_OVER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """Failures that cost nothing, then the first wait, which doubles up to the longest."""

    free: int
    first: timedelta
    longest: timedelta

    def open_at(self, failures: Failures) -> datetime:
        if failures.count < self.free:
            return failures.last
        doublings = min(failures.count - self.free, 20)
        return failures.last + min(self.first * (1 << doublings), self.longest)


NAME_AT_ADDRESS = Limit(5, timedelta(seconds=5), timedelta(minutes=5))
ATTACKED_NAME = Limit(1, timedelta(seconds=30), timedelta(minutes=5))
KNOWN_DEVICE = Limit(5, timedelta(seconds=5), timedelta(minutes=5))
ADDRESS = Limit(20, timedelta(seconds=5), timedelta(minutes=1))
UNKNOWN_ADDRESS = Limit(5, timedelta(seconds=5), timedelta(seconds=30))
"""Behind a proxy that hides the addresses, everybody shares one."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """Under which the failures of one attempt are counted; "" where one does not count."""

    own: str
    address: str
    name: str

    def all(self) -> tuple[str, ...]:
        return tuple(key for key in (self.own, self.address, self.name) if key)


class Throttle:
    """Lasts over restarts and holds for all processes. Names are counted whether or not they exist."""

    def __init__(self, tables: AccessTables) -> None:
        self._tables = tables

    def charge(self, name: str, visitor: Visitor, now: datetime) -> timedelta:
        """How long this attempt has to wait; zero: it may go on, and counts as failed until it is forgiven.

        Counting first leaves no gap in which many attempts at once would all be free.
        """
        keys = _keys(name, visitor)
        wait = timedelta()

        def work(found: Mapping[str, Failures]) -> Mapping[str, Failures | None]:
            nonlocal wait
            current = {key: failures for key, failures in found.items() if _counts(key, keys, failures, now)}
            wait = max(_open_at(keys, visitor, current, now) - now, timedelta())
            return {} if wait else {key: Failures(_count(current, key) + 1, now) for key in keys.all()}

        self._tables.change_attempts(keys.all(), work)
        return wait

    def forgive(self, name: str, visitor: Visitor, now: datetime) -> None:
        """The attempt succeeded: this person's own count is cleared, the others are as if it had not been."""
        keys = _keys(name, visitor)

        def work(found: Mapping[str, Failures]) -> Mapping[str, Failures | None]:
            others = {key: f for key, f in found.items() if key != keys.own}
            less = {key: Failures(f.count - 1, f.last) if f.count > 1 else None for key, f in others.items()}
            return {keys.own: None, **less}

        self._tables.change_attempts(keys.all(), work)
        self._tables.forget_attempts(now - REMEMBERED)


def _keys(name: str, visitor: Visitor) -> _Keys:
    if visitor.device:
        return _Keys(_key("device", visitor.device, name), "", "")
    place = network(visitor.address)
    return _Keys(_key("pair", name, place), _key("address", place) if place else "", _key("name", name))


def _key(kind: str, *parts: str) -> str:
    return f"{kind}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"


def network(address: str) -> str:
    """What one visitor can hardly change: an IPv4 address, or the 64 bits of an IPv6 network. "" where unreadable."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped) if found.ipv4_mapped else str(IPv6Address(int(found) >> 64 << 64))
    return str(found)


def _counts(key: str, keys: _Keys, failures: Failures, now: datetime) -> bool:
    return now - failures.last < (REMEMBERED if key == keys.own else ATTACK_OVER)


def _count(found: Mapping[str, Failures], key: str) -> int:
    return found[key].count if key in found else 0


def _open_at(keys: _Keys, visitor: Visitor, found: Mapping[str, Failures], now: datetime) -> datetime:
    limits = {keys.own: _own_limit(keys, visitor, found), keys.address: ADDRESS}
    return max((limit.open_at(found[key]) for key, limit in limits.items() if key in found), default=now)


def _own_limit(keys: _Keys, visitor: Visitor, found: Mapping[str, Failures]) -> Limit:
    if visitor.device:
        return KNOWN_DEVICE
    if not keys.address:
        return UNKNOWN_ADDRESS
    return ATTACKED_NAME if _count(found, keys.name) >= ATTACKED_FROM else NAME_AT_ADDRESS
