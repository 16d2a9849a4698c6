"""Who may do what, for people: the table of rights and the one of transitions, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from services.domain.process import TRANSITIONS, Transition
from services.domain.roles import RIGHTS, Action, CycleState, Role, Scope
from services.domain.sop import SHORT_NAMES, STEP_COUNT, Step

YES, NO = "ya", "–"
EVERY_STATE, EVERYBODY = "kapan saja", "semua peran"
TWO_PEOPLE = (
    "Yang pernah mengisi atau mengirim sebuah angka tidak dapat memverifikasinya.",
    "Yang memverifikasi angka atau meneruskan draf tidak dapat menyetujui draf itu.",
    "Keduanya berlaku bagi orangnya, bukan perannya: juga bila ia bertindak sebagai pelaksana harian (Plh.).",
)


@dataclass(frozen=True, slots=True)
class Right:
    """One action of the table: in which states of the quarter, and who, for whose data."""

    action: Action
    states: frozenset[CycleState]
    scopes: dict[Role, Scope]

    @property
    def when(self) -> str:
        """In words; what belongs to no quarter may be done in any state."""
        if self.states == frozenset(CycleState):
            return EVERY_STATE
        return ", ".join(state.value for state in CycleState if state in self.states)

    def cell(self, role: Role) -> str:
        """Of one role: yes, own section only, or not."""
        scope = self.scopes.get(role)
        return NO if scope is None else YES if scope is Scope.ANY else scope.value

    @property
    def who(self) -> str:
        """All who may, in words."""
        if all(self.scopes.get(role) is Scope.ANY for role in Role):
            return EVERYBODY
        of_all = [role.label for role, scope in self.scopes.items() if scope is Scope.ANY]
        of_own = [f"{role.label} ({scope.value})" for role, scope in self.scopes.items() if scope is Scope.OWN]
        return ", ".join([*of_all, *of_own])


def rights() -> tuple[Right, ...]:
    """The whole table, in the order in which it is written."""
    return tuple(Right(action, states, scopes) for action, (states, scopes) in RIGHTS.items())


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can happen to a step, and whose turn it is."""

    step: str
    event: str
    who: str


def moves(steps: Sequence[Step]) -> tuple[Move, ...]:
    """Every transition, with those who may make it by the executors of these steps."""
    return tuple(dict.fromkeys(_moves(steps)))


def _moves(steps: Sequence[Step]) -> Iterator[Move]:
    for move in TRANSITIONS:
        first = move.steps[0]
        name = "setiap langkah" if len(move.steps) == STEP_COUNT else f"{first}. {SHORT_NAMES[first - 1]}"
        yield Move(name, move.event.value, who_moves(move, steps[first - 1].executor))


def who_moves(move: Transition, executors: Collection[Role]) -> str:
    """Those who have the right, and among them, where it takes that, the executors of the step."""
    roles = (role for role in RIGHTS[move.action][1] if not move.by_executor or role in executors)
    return ", ".join(role.label for role in roles) + (", bukan yang memverifikasi" if move.second_person else "")
