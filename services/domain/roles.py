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
    READ_HISTORY = "melihat riwayat"
    MAKE_REPORT = "membuat laporan"
    SAVE_ENTRY = "menyimpan isian"
    SUBMIT_SECTION = "mengirim data seksi"
    EDIT_INDICATOR = "mengubah kamus indikator"
    REVISE_TARGET = "merevisi target"
    OPEN_QUARTER = "membuka triwulan"
    MOVE_DATES = "menggeser tenggat atau kunci"
    GRANT_EXCEPTION = "memberi pengecualian kunci"
    PAUSE_STEP = "menjeda langkah"
    FINISH_STEP = "menyelesaikan langkah"
    ANSWER_FINDING = "menjawab temuan"
    PLAN_MONEV = "menyusun rencana monev"
    RECORD_MONEV = "mencatat hasil monev"
    AGREE_MONEV = "menyepakati hasil monev"
    ANALYSE = "menulis analisis"
    ADD_FOLLOW_UP = "menambah tindak lanjut"
    UPDATE_FOLLOW_UP = "memperbarui tindak lanjut"
    MAKE_DRAFT = "menyusun draf"
    COMMENT = "memberi catatan atas draf"
    KEEP_MINUTES = "menulis notulen pembahasan"
    ANSWER_CORRECTION = "menjawab koreksi"
    VERIFY = "memverifikasi angka"
    APPROVE = "menyetujui draf"
    RETURN_DRAFT = "mengembalikan draf"
    ISSUE_DOCUMENT = "menerbitkan dokumen"
    ARCHIVE = "mengarsipkan dokumen"
    EDIT_SOP = "menyusun versi SOP"
    CONFIRM_EXECUTOR = "mengonfirmasi pelaksana"
    EDIT_SETTINGS = "mengubah setelan kantor"
    EDIT_REPORT_TEXT = "menulis teks laporan"


class CycleState(StrEnum):
    """State of the quarter that an action touches, and of the section's data in it.

    OPEN: figures are taken. LOCKED: the figures are closed, the steps go on. ARCHIVED: all steps are done.
    """

    NONE = "belum dibuka"
    OPEN = "terbuka"
    LOCKED = "dikunci"
    ARCHIVED = "diarsipkan"


class Scope(StrEnum):
    """Which section's data: OWN includes nothing else, ANY includes data that belong to no section."""

    OWN = "seksi sendiri"
    ANY = "semua seksi"


_STAND_IN_MARK = " (Plh.)"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, in one capacity. ``section_id`` is "" for whoever has no section.

    ``stand_in``: role and section are somebody else's, held as pelaksana harian (Plh.).
    """

    username: str
    name: str
    role: Role
    section_id: str = ""
    stand_in: bool = False

    @property
    def capacity(self) -> str:
        """The role as the logs keep it: ``camat``, of a stand-in ``camat (Plh.)``."""
        return self.role.value + (_STAND_IN_MARK if self.stand_in else "")

    @property
    def title(self) -> str:
        """The role for people: Camat, of a stand-in Plh. Camat."""
        return title_of(self.capacity)


def title_of(capacity: str) -> str:
    """A role as the logs keep it, for people; a text that is none stays as it is."""
    role = capacity.removesuffix(_STAND_IN_MARK)
    if role not in list(Role):
        return capacity
    return TITLES[Role(role)] if role == capacity else f"Plh. {TITLES[Role(role)]}"


_ALL_STATES = frozenset(CycleState)
_BEFORE = frozenset({CycleState.NONE})
_OPEN = frozenset({CycleState.OPEN})
_RUNNING = frozenset({CycleState.OPEN, CycleState.LOCKED})
_OPENED = _RUNNING | {CycleState.ARCHIVED}

_EVERYBODY = dict.fromkeys(Role, Scope.ANY)
_PKP = {Role.PKP: Scope.ANY}
_SEKRETARIS = {Role.SEKRETARIS: Scope.ANY}
_LEADERS = _SEKRETARIS | {Role.CAMAT: Scope.ANY}
_HEADS = {Role.KASI: Scope.OWN, Role.UMUM: Scope.OWN}
_FILLERS = _PKP | _HEADS

RIGHTS: dict[Action, tuple[frozenset[CycleState], dict[Role, Scope]]] = {
    Action.READ: (_ALL_STATES, _EVERYBODY),
    Action.READ_HISTORY: (_ALL_STATES, _EVERYBODY),
    Action.MAKE_REPORT: (_OPENED, _EVERYBODY),
    Action.SAVE_ENTRY: (_OPEN, _FILLERS),
    Action.SUBMIT_SECTION: (_OPEN, _FILLERS),
    Action.EDIT_INDICATOR: (_ALL_STATES, _PKP),
    Action.REVISE_TARGET: (_BEFORE | _OPEN, _PKP),
    Action.OPEN_QUARTER: (_BEFORE, _PKP),
    Action.MOVE_DATES: (_RUNNING, _PKP),
    Action.GRANT_EXCEPTION: (frozenset({CycleState.LOCKED}), _PKP | _SEKRETARIS),
    Action.PAUSE_STEP: (_RUNNING, _PKP | _SEKRETARIS),
    Action.FINISH_STEP: (_RUNNING, _PKP | _SEKRETARIS | {Role.UMUM: Scope.ANY}),
    Action.ANSWER_FINDING: (_RUNNING, _PKP),
    Action.PLAN_MONEV: (_RUNNING, _PKP | _SEKRETARIS),
    Action.RECORD_MONEV: (_RUNNING, _PKP | _SEKRETARIS),
    Action.AGREE_MONEV: (_RUNNING, _FILLERS),
    Action.ANALYSE: (_RUNNING, _PKP),
    Action.ADD_FOLLOW_UP: (_RUNNING, _PKP | _SEKRETARIS),
    Action.UPDATE_FOLLOW_UP: (_OPENED, _FILLERS | _SEKRETARIS),
    Action.MAKE_DRAFT: (_RUNNING, _PKP),
    Action.COMMENT: (_RUNNING, dict.fromkeys((*_FILLERS, *_LEADERS), Scope.ANY)),
    Action.KEEP_MINUTES: (_RUNNING, _PKP | _SEKRETARIS),
    Action.ANSWER_CORRECTION: (_RUNNING, _PKP),
    Action.VERIFY: (_RUNNING, _SEKRETARIS),
    Action.APPROVE: (_RUNNING, {Role.CAMAT: Scope.ANY}),
    Action.RETURN_DRAFT: (_RUNNING, _LEADERS),
    Action.ISSUE_DOCUMENT: (_RUNNING, _PKP),
    Action.ARCHIVE: (_RUNNING, {Role.UMUM: Scope.ANY}),
    Action.EDIT_SOP: (_ALL_STATES, _PKP),
    Action.CONFIRM_EXECUTOR: (_ALL_STATES, _PKP | _SEKRETARIS),
    Action.EDIT_SETTINGS: (_ALL_STATES, _PKP | {Role.ADMIN: Scope.ANY}),
    Action.EDIT_REPORT_TEXT: (_BEFORE | _RUNNING, _PKP),
}


def allows(actor: Actor, action: Action, state: CycleState, section_id: str = "") -> bool:
    """Whether the table lets this person do this to the data of this section (""; of no section) in this state."""
    if action not in RIGHTS:
        return False
    states, roles = RIGHTS[action]
    scope = roles.get(actor.role)
    own = bool(actor.section_id) and actor.section_id == section_id
    return state in states and (scope is Scope.ANY or (scope is Scope.OWN and own))


def needs_section(role: Role) -> bool:
    """Whether the role fills in one section only, its own."""
    return RIGHTS[Action.SAVE_ENTRY][1].get(role) is Scope.OWN
