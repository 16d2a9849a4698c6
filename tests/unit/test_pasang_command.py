"""``pasang``: a fresh address of the set-up on the terminal, as long as there is no office."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.cli import main
from services.config import load
from services.runtime import wib_now
from services.setup.keys import FILE, SetupKeys
from services.store import schema
from services.store.open import open_store
from tests.store.helpers import row

Outcome = tuple[int, str, str]


@pytest.fixture(autouse=True)
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("MONEV_STORE", raising=False)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    code = main(["pasang", *arguments])
    return code, *capsys.readouterr()


def key_in(said: str) -> str:
    (found,) = re.findall(r"/pasang\?kunci=([\w-]{43})\n$", said)
    return str(found)


def keys(machine: Path) -> SetupKeys:
    return SetupKeys(machine / "data", wib_now)


def test_on_an_empty_machine_one_line_says_the_address(capsys: pytest.CaptureFixture[str], empty_machine: Path) -> None:
    code, out, err = run(capsys)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert "http://localhost:8501/pasang?kunci=" in out
    assert keys(empty_machine).knows(key_in(out))
    kept = b"".join(file.read_bytes() for file in empty_machine.rglob("*") if file.is_file())
    assert key_in(out).encode() not in kept


def test_a_fresh_address_ends_the_one_before(capsys: pytest.CaptureFixture[str], empty_machine: Path) -> None:
    first, second = (key_in(run(capsys)[1]) for _ in range(2))
    assert [keys(empty_machine).knows(key) for key in (first, second)] == [False, True]


def test_the_address_of_the_application_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "https://monev.example.go.id/pasang?kunci=" in run(capsys, "--alamat", "https://monev.example.go.id/")[1]


def test_it_is_printed_while_the_sample_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contoh"]) == 0
    capsys.readouterr()
    assert key_in(run(capsys)[1])


@pytest.mark.parametrize("quietly", [False, True])
def test_where_an_office_is_there_nothing_is_printed(
    capsys: pytest.CaptureFixture[str], empty_machine: Path, quietly: bool
) -> None:
    settings = load({"MONEV_FOLDER_DATA": str(empty_machine / "data")})
    profile = (row(schema.PROFILE, "nama_kecamatan", value="Lunang"),)
    open_store(settings.store, settings.office, wib_now).load({schema.PROFILE.name: profile})
    code, out, err = run(capsys, *(["--bila-perlu"] if quietly else []))
    assert out == ""
    assert (code, err) == (0, "") if quietly else (1, "Galat: Kantor sudah disiapkan, jadi tidak ada alamat lagi.\n")
    assert not (empty_machine / "data" / FILE).exists()


def test_a_store_that_cannot_be_opened_does_not_keep_make_run_from_starting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONEV_STORE", "postgresql+psycopg://u:kenari@127.0.0.1:1/x")
    code, out, err = run(capsys, "--bila-perlu")
    assert (code, out) == (0, "")
    assert "Galat" not in err
    code, out, err = run(capsys)
    assert (code, out) == (2, "")
    assert "Galat" in err
    assert "kenari" not in err
