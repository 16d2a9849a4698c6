"""Every page begins with the guard, and the guard lets nobody pass who may not see the page."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from services.auth.accounts import Account
from services.auth.sessions import Visitor
from services.domain.roles import Role
from services.ui import session
from services.ui.guard import WRONG_ROLE
from services.ui.navigation import ENTRIES, Entry
from tests import canaries
from tests.pages.conftest import sign_in
from tests.sample_folder import ROOT

PAGES = sorted((ROOT / "pages").glob("*.py"))
USERNAMES = {role: "kasi.kesos" if role is Role.KASI else role.value for role in Role}


def name_of(item: Path | Entry) -> str:
    return item.stem if isinstance(item, Path) else item.name


def test_every_page_is_in_the_menu_and_every_entry_has_its_page() -> None:
    assert {page.stem for page in PAGES} == {entry.name for entry in ENTRIES}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_guard_is_the_first_statement_after_the_imports(page: Path) -> None:
    body = ast.parse(page.read_text("utf-8")).body
    statements = [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom) and not is_docstring(node)]
    assert called_first(statements[0]) == ("require_invitation" if page.stem == "pasang" else "require")


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def called_first(node: ast.stmt) -> str:
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) else None
    return value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""


@pytest.mark.cold
@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_a_page_run_alone_shows_the_sign_in_form_and_nothing_of_itself(app: AppTest, entry: Entry) -> None:
    app.run()
    app.switch_page(f"pages/{entry.name}.py").run()
    assert [button.label for button in app.button if button.key == "contoh-camat"] != []
    assert headings(app) == ["Masuk"]


@pytest.fixture
def with_secrets(office_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings with secrets, and a real account whose fingerprint and session are secrets too."""
    canaries.plant(tmp_path, monkeypatch)
    accounts = session.runtime().accounts
    person = Account("ani", "Ani", Role.PKP.value, "", canaries.CANARY["sandi akun"], True, accounts.now())
    accounts.put(person)
    accounts.sessions.start(person, Visitor(), canaries.CANARY["sesi orang lain"])


@pytest.mark.usefixtures("with_secrets")
@pytest.mark.parametrize("role", Role, ids=str)
@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_a_page_opens_for_its_roles_and_refuses_all_others(app: AppTest, open_page, entry: Entry, role: Role) -> None:
    """And no secret of the settings, of an account or of somebody's session is on the page or in the session."""
    open_page(entry.name, USERNAMES[role])
    assert not app.exception
    refused = headings(app) == [WRONG_ROLE]
    assert refused == bool(entry.roles and role not in entry.roles)
    assert canaries.found_in(canaries.shown(app)) == []
    assert canaries.found_in(canaries.kept(app)) == []


@pytest.mark.parametrize("role", Role, ids=str)
def test_the_guard_lets_only_the_named_roles_pass(office_folder: Path, role: Role) -> None:
    app = AppTest.from_string(RESTRICTED, default_timeout=30)
    sign_in(app, USERNAMES[role])
    assert headings(app.run()) == (["Rahasia"] if role in (Role.PKP, Role.UMUM) else [WRONG_ROLE])


RESTRICTED = """
import streamlit as st
from services.domain.roles import Role
from services.ui.guard import require
require(Role.PKP, Role.UMUM)
st.html("<h1>Rahasia</h1>")
"""


def headings(app: AppTest) -> list[str]:
    """Texts of our own H1 elements."""
    found = (element.proto.body for element in app.get("html") if "<h1" in element.proto.body)
    return [body.split(">", 1)[1].split("<", 1)[0] for body in found]
