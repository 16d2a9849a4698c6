"""Secrets of the settings, of accounts and of sessions come out of no command: not in its help, its errors, the log
or any file that it makes.
"""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path
from unittest import mock

import bcrypt
import pikepdf
import pytest

from services.auth.accounts import Accounts
from services.auth.sessions import Visitor
from services.cli import COMMANDS, main
from services.domain.roles import Role
from tests import canaries, sample_folder
from tests.canaries import CANARY

QUARTER = ["--tahun", "2026", "--triwulan", "3"]
FILES = (
    ["laporan", *QUARTER, "--keluaran", "laporan.pdf"],
    ["laporan", *QUARTER, "--draf", "--keluaran", "draf.pdf"],
    ["bundel", *QUARTER, "--keluaran", "bundel.zip"],
    ["blangko", "isian", "--seksi", "pem", *QUARTER, "--keluaran", "isian.pdf"],
    ["blangko", "monev", "--seksi", "pem", *QUARTER, "--keluaran", "monev.pdf"],
    ["blangko", "jadwal", *QUARTER, "--keluaran", "jadwal.pdf"],
    ["blangko", "ringkasan", *QUARTER, "--keluaran", "ringkasan.pdf"],
    ["blangko", "sop", *QUARTER, "--keluaran", "sop.pdf"],
    ["ekspor", "--semua", "--keluaran", "semua.xlsx"],
    ["ekspor", "--semua", "--keluaran", "semua"],
    ["ekspor", "--tabel", "Riwayat", "--keluaran", "riwayat.csv"],
    ["cadangan", "buat", "cadangan.zip"],
    ["pengguna", "data", "ani", "--keluaran", "ani.json"],
    ["pindah", "--dari", "sqlite:///data/monev.db", "--ke", "sqlite:///lain.db"],
)
"""Every command that writes a file, with an office that has secrets."""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store, accounts and keys that need secrets, and cannot be reached."""
    canaries.plant(tmp_path, monkeypatch)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MONEV_STORE", canaries.AWAY.format(CANARY))
    monkeypatch.setenv("MONEV_RUNUT", "1")
    return tmp_path


CALLS = [[name, "--help"] for name in COMMANDS] + [
    ["periksa"],
    ["riwayat", "periksa"],
    ["pengguna", "daftar"],
    ["ekspor", "--semua"],
    ["cadangan", "buat", "x.zip"],
    ["periksa", "--store", f"postgresql+psycopg://u:{CANARY['sandi akun']}@127.0.0.1:1/x"],
    ["periksa", "--store", f"mysql://u:{CANARY['sandi lemah']}@h/x"],
    ["pindah", "--dari", canaries.AWAY.format(CANARY), "--ke", "sqlite:///x.db"],
]


def lying_in(folder: Path) -> list[str]:
    """Every secret in a file of the folder, with all that is packed in it, but for the settings themselves."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "secrets.toml"]
    parts = ((file.name, part) for file in files for part in canaries.contents(file.read_bytes()))
    return [f"{name}: {secret}" for name, part in parts for secret in canaries.found_in(part)]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(call)[:40])
def test_no_command_lets_a_secret_out(
    call: list[str], planted: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    main(call)
    said = "".join((*capfd.readouterr(), caplog.text))
    assert said
    assert canaries.found_in(said) == []
    assert lying_in(planted) == []


@pytest.mark.parametrize("name", ["store", "accounts"])
def test_an_unexpected_error_that_names_secrets_is_logged_without_them(
    planted: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError(f"{canaries.SETTINGS.format(CANARY)} {canaries.AWAY.format(CANARY)} {CANARY['PGPASSWORD']}")

    monkeypatch.setattr(f"services.cli.App.{name}", fail)
    assert main(["pengguna", "daftar"] if name == "accounts" else ["periksa"]) == 2
    said = "".join(capfd.readouterr())
    assert "RuntimeError" in said
    assert "RuntimeError" in (planted / "data" / "galat.log").read_text("utf-8")
    assert canaries.found_in(said) == []
    assert lying_in(planted) == []


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_folder.build(tmp_path_factory.mktemp("contoh"))


@pytest.fixture
def lived_in(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample office with secrets in its settings, and a person who signed in and was given a password."""
    canaries.plant(tmp_path, monkeypatch)
    folder = sample_folder.copy(template, tmp_path / "data")
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(folder))
    monkeypatch.delenv("MONEV_STORE", raising=False)
    accounts = Accounts(f"sqlite:///{folder}/monev.db")
    salt = bcrypt.gensalt(4)
    with mock.patch("bcrypt.gensalt", return_value=salt):
        account = accounts.add("ani", "Ani", Role.PKP.value, CANARY["sandi akun"], accounts.now())
    accounts.sessions.start(account, Visitor("10.0.0.7", "Firefox di Linux"), CANARY["sesi orang lain"])
    return tmp_path


def test_no_file_that_a_command_makes_has_a_secret(lived_in: Path, capfd: pytest.CaptureFixture[str]) -> None:
    made = [call[-1] for call in FILES]
    for call in FILES:
        assert main(call) == 0, call
    kept = _fingerprint(lived_in)
    assert all((lived_in / name).exists() for name in made if ":" not in name)
    parts = [part for name in made for part in _parts(lived_in / name) if ":" not in name]
    assert len(parts) > 500
    assert {secret for part in parts for secret in canaries.found_in(part)} == set()
    assert [part[:40] for part in parts if kept in part] == []
    assert canaries.found_in("".join(capfd.readouterr())) == []
    assert lying_in(lived_in) == []


def test_this_test_sees_what_is_packed(lived_in: Path) -> None:
    assert main(FILES[0]) == 0
    with pikepdf.open(lived_in / "laporan.pdf") as pdf:
        pdf.attachments["x.txt"] = pikepdf.AttachedFileSpec(pdf, CANARY["sandi akun"].encode())
        pdf.docinfo["/Subject"] = "é" + CANARY["kunci kuki"]
        pdf.save(lived_in / "dalam.pdf")
    with zipfile.ZipFile(lived_in / "luar.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(lived_in / "dalam.pdf", f"{CANARY['sandi lemah']}.pdf")
    found = {secret for part in _parts(lived_in / "luar.zip") for secret in canaries.found_in(part)}
    assert found == {"sandi akun", "kunci kuki", "sandi lemah"}


def _parts(path: Path) -> list[bytes]:
    files = path.rglob("*") if path.is_dir() else [path]
    return [part for file in files if file.is_file() for part in canaries.contents(file.read_bytes(), file.name)]


def _fingerprint(folder: Path) -> bytes:
    """Of the password, which opens the account to whoever can guess on and on."""
    with sqlite3.connect(folder / "data" / "monev.db") as connection:
        [(kept,)] = connection.execute("SELECT password_hash FROM pengguna WHERE username = 'ani'").fetchall()
    return str(kept).encode()
