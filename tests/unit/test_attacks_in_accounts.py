"""Thirty malicious texts in every field about accounts: kept as typed or refused with a reason, one line in the log."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.auth.accounts import Accounts
from services.auth.management import Management
from services.auth.passwords import AccountError
from services.domain.roles import Role
from tests.attacks import ATTACKS

TODAY = date(2026, 11, 3)
WHY = "SP 800/12"
Do = Callable[[Management, str], object]


def _appoint(m: Management, basis: str) -> object:
    return m.appoint("budi", Role.CAMAT, "", TODAY, TODAY + timedelta(1), basis, TODAY)


CASES: dict[tuple[str, str], Do] = {
    ("add", "username"): lambda m, t: m.add(t, "Ani", Role.PIMPINAN),
    ("add", "name"): lambda m, t: m.add("ani", t, Role.PIMPINAN),
    ("add", "email"): lambda m, t: m.add("ani", "Ani", Role.PIMPINAN, email=t),
    ("add", "section_id"): lambda m, t: m.add("ani", "Ani", Role.KASI, t),
    ("add", "reason"): lambda m, t: m.add("ani", "Ani", Role.SEKRETARIS, reason=t),
    ("change", "name"): lambda m, t: m.change("budi", t, Role.SEKRETARIS, "", ""),
    ("change", "email"): lambda m, t: m.change("budi", "Budi", Role.SEKRETARIS, "", t, WHY),
    ("change", "section_id"): lambda m, t: m.change("budi", "Budi", Role.KASI, t, "", WHY),
    ("change", "reason"): lambda m, t: m.change("budi", "Budi", Role.PIMPINAN, "", "", t),
    ("give_first_password", "reason"): lambda m, t: m.give_first_password("budi", t),
    ("activate", "reason"): lambda m, t: m.activate("budi", t),
    ("appoint", "section_id"): lambda m, t: m.appoint("budi", Role.KASI, t, TODAY, TODAY, WHY, TODAY),
    ("appoint", "basis"): _appoint,
    ("end_stand_in", "reason"): lambda m, t: m.end_stand_in(_appoint(m, WHY), t, TODAY),  # type: ignore[arg-type]
}


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(f"sqlite:///{tmp_path}/akun.db")


def test_every_text_about_an_account_has_a_case_here() -> None:
    methods = [(name, m) for name, m in vars(Management).items() if inspect.isfunction(m) and not name.startswith("_")]
    texts = {
        (name, p)
        for name, m in methods
        for p, about in inspect.signature(m).parameters.items()
        if about.annotation == "str"
    }
    of_an_account = {(name, "username") for name, _ in methods if name != "add"} | {("holder", "section_id")}
    assert texts - of_an_account == set(CASES)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_each_is_kept_as_typed_or_refused(
    accounts: Accounts, case: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.auth.accounts.hash_password", lambda _: "sha256:x")
    management, taken = Management(accounts, ["pem"]), 0
    for text in ATTACKS:
        with contextlib.suppress(AccountError):
            accounts.remove("budi")
            accounts.remove("ani")
            management.add("budi", "Budi", Role.SEKRETARIS)
            CASES[case](management, text)
            taken += 1
            kept = accounts.get("ani") or accounts.get("budi")
            assert kept is not None
            assert case[1] != "name" or kept.name == text.strip()
            assert case[1] != "email" or kept.email == text.strip().lower()
            assert kept.username in ("ani", "budi")
            assert kept.section_id in ("", "pem")
    entries, head = accounts.trail.whole()
    assert len(entries) == head.number
    assert all(part.isprintable() for entry in entries for part in (entry.detail, entry.username, entry.by))
    assert accounts.trail.check() is None
    assert taken == 0 if case[1] in ("username", "section_id", "email") else taken > 10


@pytest.mark.parametrize(
    "name", ["Ani\nWijaya", "Ani\u202eayajiW", "Ani\x00", "Ani\x1b[1m", "Ani\u200b", "  ", "x" * 201]
)
def test_a_name_that_hides_something_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="nama"):
        Management(accounts, []).add("ani", name, Role.CAMAT)
    assert accounts.all() == ()
