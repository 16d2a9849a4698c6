"""``pengguna``: the same rules as on the page, and what it does stands in the log of the door."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import bcrypt
import pytest

from services import cli, config
from services.auth.accounts import Accounts
from services.auth.passwords import matches
from services.auth.pinned import keep_pinned
from services.auth.sessions import Visitor
from services.commands.operator import operator

WHY = ("--alasan", "  Mutasi  SK 12/2026 ")


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the configuration or the data of this machine, nor waits for slow fingerprints."""
    for name in [n for n in os.environ if n.startswith(config.ENV_PREFIX)]:
        monkeypatch.delenv(name)
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr("bcrypt.gensalt", lambda: salt)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(f"sqlite:///{tmp_path}/data/monev.db")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["pengguna", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def add(capsys: pytest.CaptureFixture[str], role: str = "camat", *more: str) -> str:
    """Make the account budi; its first password."""
    code, out, _ = run(capsys, "tambah", "budi", "--nama", "Budi", "--peran", role, *more)
    assert code == 0
    return out.split()[-1]


def test_the_first_password_opens_the_account_and_has_an_end(
    capsys: pytest.CaptureFixture[str], accounts: Accounts
) -> None:
    first = add(capsys)
    account = accounts.get("budi")
    assert account is not None
    assert matches(first, account.password_hash)
    assert account.first_until is not None


def test_another_role_ends_the_sessions_and_another_name_does_not(
    capsys: pytest.CaptureFixture[str], accounts: Accounts
) -> None:
    add(capsys)
    account = accounts.get("budi")
    assert account is not None
    accounts.sessions.start(account, Visitor())
    assert run(capsys, "ubah", "budi", "--nama", "Budi Santoso")[0] == 0
    assert len(accounts.sessions.running("budi")) == 1
    assert run(capsys, "ubah", "budi", "--peran", "pimpinan", *WHY) == (0, "Akun budi diubah.\n", "")
    assert accounts.sessions.running("budi") == ()
    changed = accounts.get("budi")
    assert changed is not None
    assert (changed.name, changed.role) == ("Budi Santoso", "pimpinan")


def test_a_role_that_needs_a_section_is_refused_without_one(capsys: pytest.CaptureFixture[str]) -> None:
    add(capsys)
    code, _, err = run(capsys, "ubah", "budi", "--peran", "kasi", *WHY)
    assert code == 1
    assert "memerlukan seksi" in err


def test_sessions_are_listed_and_ended(capsys: pytest.CaptureFixture[str], accounts: Accounts) -> None:
    add(capsys)
    assert run(capsys, "sesi")[2] == "Tidak ada sesi yang berjalan.\n"
    account = accounts.get("budi")
    assert account is not None
    accounts.sessions.start(account, Visitor("36.72.10.20", "Chrome di Android"))
    listed = run(capsys, "sesi")[1].rstrip("\n").split("\t")
    assert (listed[0], listed[3], listed[4]) == ("budi", "36.72.10.20", "Chrome di Android")
    assert run(capsys, "sesi", "budi", "--akhiri")[1] == "1 sesi budi diakhiri.\n"
    assert run(capsys, "sesi", "budi", "--akhiri")[1] == "Tidak ada sesi budi yang berjalan.\n"


def test_all_sessions_of_everybody_are_never_ended_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "sesi", "--akhiri")[0] == 2


@pytest.mark.parametrize("command", ["sandi", "nonaktif", "ubah", "sesi", "baris"])
def test_an_unknown_account_is_said(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run(capsys, command, "siapa") == (1, "", "Galat: Pengguna siapa tidak ada.\n")


def test_an_account_is_switched_off_and_on(capsys: pytest.CaptureFixture[str], accounts: Accounts) -> None:
    add(capsys)
    run(capsys, "nonaktif", "budi")
    run(capsys, "ubah", "budi", "--aktifkan", *WHY)
    account = accounts.get("budi")
    assert account is not None
    assert account.active


def test_the_printed_line_brings_the_account_back_on_an_empty_disk(
    capsys: pytest.CaptureFixture[str], accounts: Accounts, tmp_path: Path
) -> None:
    first = add(capsys)
    out = run(capsys, "baris")[1]
    elsewhere = Accounts(f"sqlite:///{tmp_path}/kosong.db")
    keep_pinned(elsewhere, tomllib.loads(out)["pengguna"])
    account = elsewhere.get("budi")
    assert account is not None
    assert matches(first, account.password_hash)


def test_every_change_stands_in_the_log_without_the_password(
    capsys: pytest.CaptureFixture[str], accounts: Accounts
) -> None:
    passwords = [add(capsys), run(capsys, "sandi", "budi", *WHY)[1].split()[-1]]
    run(capsys, "ubah", "budi", "--peran", "pimpinan", *WHY)
    run(capsys, "nonaktif", "budi")
    log = list(reversed(accounts.trail.latest(10)))
    assert [(entry.event, entry.username, entry.by) for entry in log] == [
        (event, "budi", operator())
        for event in ("akun ditambah", "sandi pertama diberikan", "akun diubah", "akun dinonaktifkan")
    ]
    assert [entry.detail for entry in log[1:3]] == ["Mutasi SK 12/2026", "camat menjadi pimpinan: Mutasi SK 12/2026"]
    assert [password for password in passwords if password in str(log)] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("sandi", "budi"),
        ("ubah", "budi", "--peran", "pimpinan"),
        ("ubah", "budi", "--seksi", ""),
        ("ubah", "budi", "--surel", "lain@contoh.go.id"),
        ("ubah", "budi", "--aktifkan"),
        ("tambah", "ani", "--nama", "Ani", "--peran", "camat"),
    ],
)
@pytest.mark.parametrize("reason", [(), ("--alasan", " \n "), ("--alasan", "x" * 201)], ids=["none", "blank", "long"])
def test_what_opens_an_account_or_gives_it_more_is_refused_without_a_reason(
    capsys: pytest.CaptureFixture[str], accounts: Accounts, arguments: tuple[str, ...], reason: tuple[str, ...]
) -> None:
    add(capsys)
    accounts.set_role("budi", "camat", "pem")
    before, entries = accounts.all(), accounts.trail.latest(5)
    code, out, err = run(capsys, *arguments, *reason)
    assert (code, out) == (2, "")
    assert "alasan" in err
    assert (accounts.all(), accounts.trail.latest(5)) == (before, entries)


def test_a_person_at_the_terminal_is_asked_for_the_reason(
    capsys: pytest.CaptureFixture[str], accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(capsys)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda question, **_: f"Jawaban atas {question}")
    assert run(capsys, "sandi", "budi")[0] == 0
    assert accounts.trail.latest(1)[0].detail == "Jawaban atas Alasan"


def test_another_name_needs_no_reason_and_a_second_holder_gets_one(
    capsys: pytest.CaptureFixture[str], accounts: Accounts
) -> None:
    add(capsys)
    assert run(capsys, "ubah", "budi", "--nama", "Budi Santoso")[0] == 0
    assert run(capsys, "tambah", "ani", "--nama", "Ani", "--peran", "sekretaris")[0] == 0
    assert run(capsys, "tambah", "tuti", "--nama", "Tuti", "--peran", "camat", *WHY)[0] == 0
    assert accounts.trail.latest(1)[0].detail == "camat: Mutasi SK 12/2026"


def test_the_name_of_whoever_runs_the_command_is_that_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "orang-lain")
    assert operator().startswith("perintah (")
    assert "orang-lain" not in operator()
