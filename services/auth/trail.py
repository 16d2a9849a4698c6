"""The log of the door: every sign-in, failure, denial and change of an account, each entry chained to the one before.

The seal of an entry is a SHA-256 over its fields and the seal before, so that whoever alters, removes, inserts or moves
an entry would have to make all later seals anew, and the head, which is kept apart. It does not stop somebody who may
write the whole database and knows how seals are made; noting the newest seal elsewhere does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from services.domain.numbers import clean
from services.store.access import AccessTables, TrailEntry, TrailHead

_LONGEST = 400
_FIELDS = attrgetter(*(field.name for field in fields(TrailEntry)))


class Event(StrEnum):
    """What happened; the value is the wording in the log."""

    ENTERED = "masuk"
    FAILED = "gagal masuk"
    HELD = "percobaan ditahan"
    DENIED = "ditolak"
    LEFT = "keluar"
    SESSION_ENDED = "sesi diakhiri"
    OWN_PASSWORD = "sandi diganti pemiliknya"  # noqa: S105
    FIRST_PASSWORD = "sandi pertama diberikan"  # noqa: S105
    ADDED = "akun ditambah"
    CHANGED = "akun diubah"
    DEACTIVATED = "akun dinonaktifkan"
    ACTIVATED = "akun diaktifkan"
    REMOVED = "akun dihapus"
    SET_UP = "kantor disiapkan"
    STAND_IN = "Plh. ditunjuk"
    STAND_IN_ENDED = "Plh. diakhiri"
    ACTING = "bertindak sebagai"
    OVERRIDE = "data kantor diubah dengan perintah"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which the chain does not hold, and what is wrong, in Indonesian."""

    number: int
    why: str


class Trail:
    """It only ever grows. Methods raise StoreUnavailable."""

    def __init__(self, tables: AccessTables, now: Callable[[], datetime]) -> None:
        self._tables, self._now = tables, now

    def record(self, event: Event, username: str, *, by: str = "", address: str = "", detail: str = "") -> TrailEntry:
        """Add an entry about ``username`` ("" for nobody known); ``by`` did it, "" for that person itself."""
        at = self._now().isoformat(timespec="seconds")
        where, what = clean(address)[:_LONGEST], clean(detail)[:_LONGEST]  # neither can look like another entry
        blank = TrailEntry(0, at, event.value, username, by or username, where, what, "")
        return self._tables.append(lambda head: sealed(blank, head))

    def latest(self, count: int, username: str = "") -> tuple[TrailEntry, ...]:
        return self._tables.latest(count, username)

    def whole(self) -> tuple[tuple[TrailEntry, ...], TrailHead]:
        """Every entry as it lies there, and what the newest one must be."""
        return self._tables.trail()

    def check(self) -> Broken | None:
        """The first place at which somebody changed the log; None where it is whole."""
        return verify(*self.whole())


def sealed(entry: TrailEntry, head: TrailHead) -> TrailEntry:
    """The entry as the next one after ``head``."""
    numbered = replace(entry, number=head.number + 1, seal=head.seal)
    return replace(numbered, seal=_seal(numbered))


def verify(entries: Sequence[TrailEntry], head: TrailHead) -> Broken | None:
    """The first entry that was altered, removed, inserted or moved; ``head`` is what the last one must be."""
    before = TrailHead(0, "")
    for entry in entries:
        expected = before.number + 1
        if entry.number != expected:
            return Broken(expected, f"Entri {expected} hilang atau dipindahkan; di tempatnya ada entri {entry.number}.")
        if _seal(replace(entry, seal=before.seal)) != entry.seal:
            return Broken(entry.number, f"Entri {entry.number} diubah, atau disisipkan, sesudah dicatat.")
        before = TrailHead(entry.number, entry.seal)
    return _end(before, head)


def _end(last: TrailHead, head: TrailHead) -> Broken | None:
    if last == head:
        return None
    if last.number < head.number:
        return Broken(last.number + 1, f"Entri {last.number + 1} sampai {head.number} hilang dari ujung.")
    return Broken(last.number, f"Entri {last.number} bukan entri terakhir yang pernah dicatat.")


def _seal(entry: TrailEntry) -> str:
    """Over all fields, ``seal`` being the one of the entry before."""
    return hashlib.sha256(json.dumps(_FIELDS(entry)).encode()).hexdigest()
