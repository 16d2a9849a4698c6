"""Who may do what: every role, action, state and section against a table written out here."""

from __future__ import annotations

from itertools import product
from typing import cast

import pytest

from services.domain.roles import RIGHTS, Action, Actor, CycleState, Role, allows, title_of

SECTION = {Role.KASI: "pem", Role.PKP: "pkp", Role.UMUM: "umum"}
FOREIGN = "kesos"

# One text for each state of the quarter, one sign for each role: admin, pkp, kasi, umum, sekretaris, camat, pimpinan.
# "o" own section only, "*" any section and data of no section, "-" never.
TABLE = {
    Action.READ: ("*******", "*******", "*******", "*******"),
    Action.READ_HISTORY: ("*******", "*******", "*******", "*******"),
    Action.MAKE_REPORT: ("-------", "*******", "*******", "*******"),
    Action.SAVE_ENTRY: ("-------", "-*oo---", "-------", "-------"),
    Action.SUBMIT_SECTION: ("-------", "-*oo---", "-------", "-------"),
    Action.EDIT_INDICATOR: ("-*-----", "-*-----", "-*-----", "-*-----"),
    Action.REVISE_TARGET: ("-*-----", "-*-----", "-------", "-------"),
    Action.OPEN_QUARTER: ("-*-----", "-------", "-------", "-------"),
    Action.MOVE_DATES: ("-------", "-*-----", "-*-----", "-------"),
    Action.GRANT_EXCEPTION: ("-------", "-------", "-*--*--", "-------"),
    Action.PAUSE_STEP: ("-------", "-*--*--", "-*--*--", "-------"),
    Action.FINISH_STEP: ("-------", "-*-**--", "-*-**--", "-------"),
    Action.ANSWER_FINDING: ("-------", "-*-----", "-*-----", "-------"),
    Action.PLAN_MONEV: ("-------", "-*--*--", "-*--*--", "-------"),
    Action.RECORD_MONEV: ("-------", "-*--*--", "-*--*--", "-------"),
    Action.AGREE_MONEV: ("-------", "-*oo---", "-*oo---", "-------"),
    Action.ANALYSE: ("-------", "-*-----", "-*-----", "-------"),
    Action.ADD_FOLLOW_UP: ("-------", "-*--*--", "-*--*--", "-------"),
    Action.UPDATE_FOLLOW_UP: ("-------", "-*oo*--", "-*oo*--", "-*oo*--"),
    Action.MAKE_DRAFT: ("-------", "-*-----", "-*-----", "-------"),
    Action.COMMENT: ("-------", "-*****-", "-*****-", "-------"),
    Action.KEEP_MINUTES: ("-------", "-*--*--", "-*--*--", "-------"),
    Action.ANSWER_CORRECTION: ("-------", "-*-----", "-*-----", "-------"),
    Action.VERIFY: ("-------", "----*--", "----*--", "-------"),
    Action.APPROVE: ("-------", "-----*-", "-----*-", "-------"),
    Action.RETURN_DRAFT: ("-------", "----**-", "----**-", "-------"),
    Action.ISSUE_DOCUMENT: ("-------", "-*-----", "-*-----", "-------"),
    Action.ARCHIVE: ("-------", "---*---", "---*---", "-------"),
    Action.EDIT_SOP: ("-*-----", "-*-----", "-*-----", "-*-----"),
    Action.CONFIRM_EXECUTOR: ("-*--*--", "-*--*--", "-*--*--", "-*--*--"),
    Action.EDIT_REPORT_TEXT: ("-*-----", "-*-----", "-*-----", "-------"),
    Action.EDIT_SETTINGS: ("**-----", "**-----", "**-----", "**-----"),
}
STATES = (CycleState.NONE, CycleState.OPEN, CycleState.LOCKED, CycleState.ARCHIVED)
ALLOWED = {(action, state): row[n] for action, row in TABLE.items() for n, state in enumerate(STATES)}
COLUMNS = (Role.ADMIN, Role.PKP, Role.KASI, Role.UMUM, Role.SEKRETARIS, Role.CAMAT, Role.PIMPINAN)


def actor(role: Role) -> Actor:
    return Actor(role.value, role.label, role, SECTION.get(role, ""))


def test_the_table_here_knows_every_role_action_and_state() -> None:
    assert (set(COLUMNS), set(STATES)) == (set(Role), set(CycleState))
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
    others = {action: right for action, right in RIGHTS.items() if action is not Action.READ}
    monkeypatch.setattr("services.domain.roles.RIGHTS", others)
    assert not allows(actor(Role.PKP), Action.READ, CycleState.OPEN)


def test_a_kasi_without_a_section_owns_nothing_not_even_data_without_a_section() -> None:
    lost = Actor("kasi", "Kasi", Role.KASI)
    assert not allows(lost, Action.SAVE_ENTRY, CycleState.OPEN)
    assert not allows(lost, Action.SAVE_ENTRY, CycleState.OPEN, "pem")


@pytest.mark.parametrize("role", [Role.CAMAT, Role.KASI])
def test_the_logs_and_people_are_told_of_a_stand_in(role: Role) -> None:
    own, plh = Actor("a", "A", role), Actor("a", "A", role, stand_in=True)
    assert (own.capacity, own.title) == (role.value, role.label)
    assert (plh.capacity, plh.title) == (f"{role.value} (Plh.)", f"Plh. {role.label}")
    assert (title_of(own.capacity), title_of(plh.capacity)) == (own.title, plh.title)


@pytest.mark.parametrize("text", ["", "bupati", "bupati (Plh.)", "Plh."])
def test_a_text_that_is_no_role_stays_as_it_is(text: str) -> None:
    assert title_of(text) == text


def test_every_role_has_a_name_for_people() -> None:
    assert all(role.label for role in Role)
