"""``python -m services cadangan`` keeps its promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.auth.accounts import Accounts
from services.cli import main
from services.commands.operator import operator
from services.store.seals import verify
from services.store.sql import SqlStore
from services.store.store import HistoryQuery
from tests.store.helpers import everything, exact, large_office, now

WHY = ("--alasan", "Data terhapus 2 November")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqlStore:
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    store = SqlStore(f"sqlite:///{tmp_path}/monev.db", "silaut", now)
    store.load(large_office(2))
    return store


def cadangan(store: SqlStore, *arguments: str | Path) -> int:
    return main(["--store", store.address, "cadangan", *map(str, arguments)])


@pytest.fixture
def file(office: SqlStore, tmp_path: Path) -> Path:
    assert cadangan(office, "buat", tmp_path / "kantor.zip") == 0
    office.load({})
    return tmp_path / "kantor.zip"


def test_a_backup_is_made_and_restored(office: SqlStore, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cadangan(office, "pulihkan", file, "--ya", *WHY) == 0
    restored = {name: rows for name, rows in everything(office).items() if rows}
    before = large_office(2)
    assert {**restored, "Riwayat": restored["Riwayat"][:-1]} == {"Riwayat": (), **before}
    assert "telah dipulihkan" in capsys.readouterr().out


def test_a_restore_says_in_both_logs_who_did_it_and_why(office: SqlStore, file: Path) -> None:
    assert cadangan(office, "pulihkan", file, "--ya", *WHY) == 0
    line = office.history(HistoryQuery(limit=1))[0]
    assert (line["by"], line["source"]) == (operator(), "Perintah cadangan")
    assert str(line["action"]).startswith("memulihkan cadangan tanggal ")
    assert str(line["action"]).endswith(": Data terhapus 2 November")
    assert verify(office.log()).faults == ()
    entry = Accounts(office.address).trail.latest(1)[0]
    assert (entry.event, entry.by) == ("data kantor diubah dengan perintah", operator())
    assert entry.detail == line["action"]


def test_without_a_reason_nothing_is_restored(
    office: SqlStore, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert cadangan(office, "pulihkan", file, "--ya") == 2
    assert "--alasan" in capsys.readouterr().err
    assert not any(everything(office).values())


def test_an_existing_file_is_not_replaced(office: SqlStore, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert cadangan(office, "buat", file) == 1
    assert file.read_bytes() == before
    assert "sudah ada" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "code", "restored"), [("PULIHKAN\n", 0, True), ("ya\n", 1, False), ("", 1, False)])
def test_restoring_asks_for_a_typed_word(
    office: SqlStore, file: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, restored: bool
) -> None:
    answers = iter(typed.splitlines())

    def ask(*_: object, **__: object) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("click.termui.visible_prompt_func", ask)
    assert cadangan(office, "pulihkan", file, *WHY) == code
    assert bool(office.read().tables["Isian"]) is restored


def test_a_damaged_file_is_refused_in_one_line(
    office: SqlStore, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    before = exact(everything(office))
    capsys.readouterr()
    assert cadangan(office, "pulihkan", file, "--ya", *WHY) == 1
    assert exact(everything(office)) == before
    error = capsys.readouterr().err
    assert error.startswith("Galat: ")
    assert error.count("\n") == 1


def test_a_missing_file_is_a_wrong_call(office: SqlStore, tmp_path: Path) -> None:
    assert cadangan(office, "pulihkan", tmp_path / "tidak-ada.zip", "--ya", *WHY) == 2
