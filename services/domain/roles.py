"""Who may do what to which data in which state: one table; whatever is not in it is denied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    PKP = "pkp"
    KASI = "kasi"
    UMUM = "umum"
    SEKRETARIS = "sekretaris"
    CAMAT = "camat"
    PIMPINAN = "pimpinan"

    @property
    def label(self) -> str:
        return TITLES[self]


TITLES = {
    Role.ADMIN: "Admin",
    Role.PKP: "Kasubag PKP",
    Role.KASI: "Kasi",
    Role.UMUM: "Kasubag Umum",
    Role.SEKRETARIS: "Sekretaris",
    Role.CAMAT: "Camat",
    Role.PIMPINAN: "Pimpinan (baca saja)",
}


class Action(StrEnum):
    """What a person can do; the value is the wording in the log."""

    READ = "melihat data"
    SAVE_ENTRY = "menyimpan isian"
    SUBMIT_SECTION = "mengirim data seksi"
    OPEN_QUARTER = "membuka triwulan"
    FINISH_STEP = "menyelesaikan langkah"
    ANSWER_FINDING = "menjawab temuan"
    EDIT_INDICATOR = "mengubah kamus indikator"
    REVISE_TARGET = "merevisi target"
    MAKE_REPORT = "membuat laporan"
    READ_HISTORY = "melihat riwayat"


class CycleState(StrEnum):
    """State of the quarter that an action touches."""

    NONE = "belum dibuka"
    OPEN = "terbuka"
    LOCKED = "dikunci"


class Scope(StrEnum):
    """Which section's data: OWN includes nothing else, ANY includes data that belong to no section."""

    OWN = "seksi sendiri"
    ANY = "semua seksi"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts. ``section_id`` is "" for whoever has no section."""

    username: str
    name: str
    role: Role
    section_id: str = ""


_ALL_STATES = frozenset(CycleState)
_OPEN = frozenset({CycleState.OPEN})
_EVERYBODY = dict.fromkeys(Role, Scope.ANY)
_FILLERS = {Role.PKP: Scope.ANY, Role.KASI: Scope.OWN, Role.UMUM: Scope.OWN}

RIGHTS: dict[Action, tuple[frozenset[CycleState], dict[Role, Scope]]] = {
    Action.READ: (_ALL_STATES, _EVERYBODY),
    Action.READ_HISTORY: (_ALL_STATES, _EVERYBODY),
    Action.MAKE_REPORT: (frozenset({CycleState.OPEN, CycleState.LOCKED}), _EVERYBODY),
    Action.SAVE_ENTRY: (_OPEN, _FILLERS),
    Action.SUBMIT_SECTION: (_OPEN, _FILLERS),
    Action.OPEN_QUARTER: (frozenset({CycleState.NONE}), {Role.PKP: Scope.ANY}),
    Action.FINISH_STEP: (
        frozenset({CycleState.OPEN, CycleState.LOCKED}),
        {Role.PKP: Scope.ANY, Role.SEKRETARIS: Scope.ANY, Role.UMUM: Scope.ANY},
    ),
    Action.ANSWER_FINDING: (_OPEN, {Role.PKP: Scope.ANY}),
    Action.EDIT_INDICATOR: (_ALL_STATES, {Role.PKP: Scope.ANY}),
    Action.REVISE_TARGET: (frozenset({CycleState.NONE, CycleState.OPEN}), {Role.PKP: Scope.ANY}),
}


def allows(actor: Actor, action: Action, state: CycleState, section_id: str = "") -> bool:
    """Whether the table lets this person do this to the data of this section (""; of no section) in this state."""
    if action not in RIGHTS:
        return False
    states, roles = RIGHTS[action]
    scope = roles.get(actor.role)
    own = bool(actor.section_id) and actor.section_id == section_id
    return state in states and (scope is Scope.ANY or (scope is Scope.OWN and own))
