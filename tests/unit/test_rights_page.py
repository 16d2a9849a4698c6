"""docs/hak.md and the page Hak akses say what the tables say, cell for cell."""

from __future__ import annotations

import inspect

import pytest

from services.auth.management import DUTIES, Management
from services.domain.process import TRANSITIONS
from services.domain.roles import RIGHTS, Action, CycleState, Role
from services.domain.sop import SOP_2024
from services.views.rights import EVERYBODY, moves, rights
from tests.unit.test_roles import ALLOWED, COLUMNS, STATES
from tools import hak

MARKS = {"ya": "*", "seksi sendiri": "o", "–": "-"}


def test_the_page_in_the_docs_is_the_one_made_from_the_tables() -> None:
    assert hak.PAGE.read_text("utf-8") == hak.document()


def test_another_table_makes_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hak.document()
    states, roles = RIGHTS[Action.APPROVE]
    monkeypatch.setitem(RIGHTS, Action.APPROVE, (states, roles | {Role.ADMIN: roles[Role.CAMAT]}))
    assert hak.document() != before


def test_every_cell_in_the_docs_is_the_one_of_the_table_that_is_tested() -> None:
    """Read back from the page as a person reads it, and held against the table written out in test_roles."""
    lines = [line.strip("| ").split(" | ") for line in hak.document().splitlines() if line.startswith("| ")]
    head = lines[0]
    found = {line[0]: line for line in lines if len(line) == len(head)}
    for action in Action:
        line = found[action.value]
        when = set(STATES) if line[1] == "kapan saja" else {CycleState(each) for each in line[1].split(", ")}
        marks = "".join(MARKS[line[head.index(role.label)]] for role in COLUMNS)
        for state in STATES:
            assert ALLOWED[action, state] == (marks if state in when else "-" * len(COLUMNS)), (action, state)


def test_the_words_name_exactly_those_who_may() -> None:
    for right in rights():
        said = right.who.replace(" (seksi sendiri)", "").split(", ")
        named = set(Role) if right.who == EVERYBODY else {role for role in Role if role.label in said}
        assert named == set(RIGHTS[right.action][1]), right


def test_every_transition_is_told() -> None:
    told = {(move.step.split(".")[0], move.event) for move in moves(SOP_2024)}
    assert told == {("setiap langkah" if len(t.steps) > 1 else str(t.steps[0]), t.event.value) for t in TRANSITIONS}
    approval = next(m for m in moves(SOP_2024) if "memverifikasi" in m.who)
    assert (approval.step, approval.who.split(", ")[0]) == ("11. Verifikasi", "Camat")


def test_everything_that_an_admin_does_with_accounts_is_told() -> None:
    public = {name for name, _ in inspect.getmembers(Management, inspect.isfunction) if not name.startswith("_")}
    assert set(DUTIES) == public - {"holder"}


def test_every_command_that_changes_data_past_the_application_is_told() -> None:
    text = hak.document()
    for words in ("cadangan pulihkan", "contoh", "impor isian", "impor tabel", "pengguna sandi", "pengguna plh akhiri"):
        assert f"- `{words}`\n" in text, words
