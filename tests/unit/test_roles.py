"""Who may do what: every role, action, state and section against a table written out here."""

from __future__ import annotations

from itertools import product
from typing import cast

import pytest

from services.domain.roles import RIGHTS, Action, Actor, CycleState, Role, allows

SECTION = {Role.KASI: "pem", Role.PKP: "pkp", Role.UMUM: "umum"}
FOREIGN = "kesos"

# "o" own section only, "*" any section and data of no section, "-" never.      admin pkp kasi umum sekr camat pimpinan
ALLOWED = {
    (Action.READ, CycleState.NONE): "*******",
    (Action.READ, CycleState.OPEN): "*******",
    (Action.READ, CycleState.LOCKED): "*******",
    (Action.SAVE_ENTRY, CycleState.NONE): "-------",
    (Action.SAVE_ENTRY, CycleState.OPEN): "-*oo---",
    (Action.SAVE_ENTRY, CycleState.LOCKED): "-------",
    (Action.SUBMIT_SECTION, CycleState.NONE): "-------",
    (Action.SUBMIT_SECTION, CycleState.OPEN): "-*oo---",
    (Action.SUBMIT_SECTION, CycleState.LOCKED): "-------",
    (Action.OPEN_QUARTER, CycleState.NONE): "-*-----",
    (Action.OPEN_QUARTER, CycleState.OPEN): "-------",
    (Action.OPEN_QUARTER, CycleState.LOCKED): "-------",
    (Action.FINISH_STEP, CycleState.NONE): "-------",
    (Action.FINISH_STEP, CycleState.OPEN): "-*-**--",
    (Action.FINISH_STEP, CycleState.LOCKED): "-*-**--",
    (Action.ANSWER_FINDING, CycleState.NONE): "-------",
    (Action.ANSWER_FINDING, CycleState.OPEN): "-*-----",
    (Action.ANSWER_FINDING, CycleState.LOCKED): "-------",
    (Action.EDIT_INDICATOR, CycleState.NONE): "-*-----",
    (Action.EDIT_INDICATOR, CycleState.OPEN): "-*-----",
    (Action.EDIT_INDICATOR, CycleState.LOCKED): "-*-----",
    (Action.REVISE_TARGET, CycleState.NONE): "-*-----",
    (Action.REVISE_TARGET, CycleState.OPEN): "-*-----",
    (Action.REVISE_TARGET, CycleState.LOCKED): "-------",
    (Action.MAKE_REPORT, CycleState.NONE): "-------",
    (Action.MAKE_REPORT, CycleState.OPEN): "*******",
    (Action.MAKE_REPORT, CycleState.LOCKED): "*******",
    (Action.READ_HISTORY, CycleState.NONE): "*******",
    (Action.READ_HISTORY, CycleState.OPEN): "*******",
    (Action.READ_HISTORY, CycleState.LOCKED): "*******",
}
COLUMNS = (Role.ADMIN, Role.PKP, Role.KASI, Role.UMUM, Role.SEKRETARIS, Role.CAMAT, Role.PIMPINAN)


def actor(role: Role) -> Actor:
    return Actor(role.value, role.label, role, SECTION.get(role, ""))


def test_the_table_here_knows_every_role_action_and_state() -> None:
    assert set(COLUMNS) == set(Role)
    assert set(ALLOWED) == set(product(Action, CycleState))


@pytest.mark.parametrize(("action", "state"), list(ALLOWED))
@pytest.mark.parametrize("role", COLUMNS)
def test_each_role_may_do_exactly_what_the_table_says(role: Role, action: Action, state: CycleState) -> None:
    mark = ALLOWED[action, state][COLUMNS.index(role)]
    own = SECTION.get(role, "trantib")
    assert allows(actor(role), action, state, own) is (mark in "*o")
    assert allows(actor(role), action, state, FOREIGN) is (mark == "*")
    assert allows(actor(role), action, state) is (mark == "*")


def test_an_unknown_action_is_denied_to_everybody() -> None:
    unknown = cast("Action", "menghapus semua")
    assert not any(allows(actor(role), unknown, state, "pem") for role, state in product(Role, CycleState))


def test_an_action_that_is_missing_in_the_table_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RIGHTS, Action.READ)
    assert not allows(actor(Role.PKP), Action.READ, CycleState.OPEN)


def test_a_kasi_without_a_section_owns_nothing_not_even_data_without_a_section() -> None:
    lost = Actor("kasi", "Kasi", Role.KASI)
    assert not allows(lost, Action.SAVE_ENTRY, CycleState.OPEN)
    assert not allows(lost, Action.SAVE_ENTRY, CycleState.OPEN, "pem")


def test_every_role_has_a_name_for_people() -> None:
    assert all(role.label for role in Role)
