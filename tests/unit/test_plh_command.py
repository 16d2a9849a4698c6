"""``pengguna plh``: the same rules as on the page, by whoever runs the server."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from services.auth.accounts import Accounts
from services.commands.operator import operator
from services.domain.clock import WIB
from services.store.people import Account
from tests.unit.test_pengguna_command import WHY, own_configuration, run

__all__ = ["own_configuration"]
SP = ("--dasar", "SP 800/12")


def today() -> date:
    return datetime.now(WIB).date()


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    found = Accounts(f"sqlite:///{tmp_path}/data/monev.db")
    for username, role in (("seki", "sekretaris"), ("kepala", "admin")):
        found.put(Account(username, username.title(), role, "", "x", True, found.now()))
    return found


def days(first: int, last: int) -> tuple[str, ...]:
    start = today()
    return "--mulai", f"{start + timedelta(first)}", "--sampai", f"{start + timedelta(last):%d/%m/%Y}"


def appoint(capsys: pytest.CaptureFixture[str], *more: str, username: str = "seki") -> tuple[int, str, str]:
    return run(capsys, "plh", "tunjuk", username, "--peran", "camat", *(more or (*days(0, 6), *SP)))


def test_a_stand_in_is_appointed_listed_and_ended(capsys: pytest.CaptureFixture[str], accounts: Accounts) -> None:
    assert run(capsys, "plh", "daftar") == (0, "", "Tidak ada Plh. yang berlaku atau akan berlaku.\n")
    code, out, _ = appoint(capsys)
    assert (code, out.partition(",")[0]) == (0, "seki menjadi Plh. Camat")
    until = (today() + timedelta(6)).isoformat()
    listed = run(capsys, "plh", "daftar")[1]
    assert listed == "\t".join(("seki", "camat", "-", today().isoformat(), until, "berlaku", "SP 800/12")) + "\n"
    assert run(capsys, "plh", "akhiri", "seki")[0] == 2
    assert run(capsys, "plh", "akhiri", "seki", *WHY) == (0, "Plh. Camat seki diakhiri.\n", "")
    assert run(capsys, "plh", "daftar")[1] == ""
    assert "\tberakhir\t" in run(capsys, "plh", "daftar", "--semua")[1]
    events = [(e.event, e.username, e.by) for e in accounts.trail.latest(2)]
    assert events == [("Plh. diakhiri", "seki", operator()), ("Plh. ditunjuk", "seki", operator())]


def test_one_that_is_still_ahead_is_ended_too(capsys: pytest.CaptureFixture[str], accounts: Accounts) -> None:
    assert appoint(capsys, *days(3, 9), *SP)[0] == 0
    assert "\takan berlaku\t" in run(capsys, "plh", "daftar")[1]
    assert run(capsys, "plh", "akhiri", "seki", *WHY)[0] == 0
    seki = accounts.get("seki")
    assert seki is not None
    assert accounts.stand_ins_of(seki, today() + timedelta(5)) == ()


@pytest.mark.usefixtures("accounts")
def test_of_several_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    appoint(capsys)
    assert run(capsys, "plh", "tunjuk", "seki", "--peran", "pkp", *days(0, 3), *SP)[0] == 0
    code, _, err = run(capsys, "plh", "akhiri", "seki", *WHY)
    assert code == 1
    assert "--peran" in err
    assert run(capsys, "plh", "akhiri", "seki", "--peran", "pkp", *WHY)[0] == 0
    assert run(capsys, "plh", "akhiri", "seki", "--peran", "pkp", *WHY)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "username", "code", "says"),
    [
        ((*days(0, 90), *SP), "seki", 1, "paling lama 90 hari"),
        ((*days(0, 6), *SP), "kepala", 1, "Admin tidak dapat menjadi Plh."),
        ((*days(0, 6), *SP), "siapa", 1, "tidak ada"),
        (days(0, 6), "seki", 2, "--dasar"),
        (("--mulai", "3 Nov", "--sampai", "2026-11-09", *SP), "seki", 2, "--mulai"),
    ],
)
def test_what_cannot_be_is_refused_on_one_line(
    capsys: pytest.CaptureFixture[str],
    accounts: Accounts,
    arguments: tuple[str, ...],
    username: str,
    code: int,
    says: str,
) -> None:
    got, out, err = appoint(capsys, *arguments, username=username)
    assert (got, out) == (code, "")
    assert says in err
    assert accounts.access.stand_ins() == ()
