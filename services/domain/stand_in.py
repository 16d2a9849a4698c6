"""Pelaksana harian (Plh.): somebody holds a role that is not his own, from one day to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.domain.roles import Actor, Role, needs_section

STAND_IN_ROLES = (Role.CAMAT, Role.SEKRETARIS, Role.PKP, Role.UMUM, Role.KASI)
"""Roles that can be stood in for: those with work to do in a quarter."""
LONGEST_DAYS = 90


@dataclass(frozen=True, slots=True)
class StandIn:
    """One appointment. ``first`` and ``last`` are days in WIB, both included; ``basis``: surat perintah or reason.

    ``ended_on``: the first day on which it holds no more, where it was ended early.
    """

    id: str
    username: str
    role: Role
    section_id: str
    first: date
    last: date
    basis: str
    ended_on: date | None = None

    @property
    def title(self) -> str:
        return f"Plh. {self.role.label}"

    def covers(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.first <= day <= self.last and (self.ended_on is None or day < self.ended_on)

    def lasts(self, day: date) -> bool:
        """Whether it holds on this day, or will later."""
        return self.ended_on is None and day <= self.last

    def overlaps(self, other: StandIn) -> bool:
        """Whether there is a day on which both would hold the same post. Of Kasi and Umum there is one a section."""
        same = self.role is other.role and (not needs_section(self.role) or self.section_id == other.section_id)
        start = max(self.first, other.first)
        return same and self.covers(start) and other.covers(start)

    def actor(self, name: str) -> Actor:
        """The person in this capacity."""
        return Actor(self.username, name, self.role, self.section_id, stand_in=True)


def problem(first: date, last: date, today: date) -> str:
    """Why nobody can be appointed for these days; "" where he can."""
    if last < first:
        return "Hari terakhir Plh. lebih awal daripada hari pertamanya."
    if last < today:
        return "Hari terakhir Plh. sudah lewat."
    if (last - first).days >= LONGEST_DAYS:
        return f"Plh. paling lama {LONGEST_DAYS} hari. Pendekkan waktunya; sesudah itu dapat ditunjuk lagi."
    return ""
