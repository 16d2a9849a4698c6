"""`python -m services riwayat periksa` names what somebody did to the log; its exit code says whether anybody did."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from services.cli import main
from tests.unit.sample_store import OFFICE, sample_store


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sample_store(tmp_path).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_STORE", f"sqlite:///{tmp_path}/monev.db")
    return tmp_path / "monev.db"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["riwayat", "periksa", *arguments])
    return code, capsys.readouterr().out


def tamper(database: Path, statement: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(statement)


def numbered(database: Path, number: int) -> str:
    """Condition on the line of this number."""
    with sqlite3.connect(database) as connection:
        (seq,) = connection.execute("SELECT seq FROM riwayat ORDER BY seq LIMIT 1 OFFSET ?", (number - 1,)).fetchone()
    return f"seq = {seq}"


def test_the_log_of_the_sample_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys)
    assert code == 0
    assert "Riwayat data: utuh;" in out
    assert "Catatan masuk: utuh; 0 entri." in out
    assert "tanpa segel" not in out


def test_an_altered_entry_is_named_with_when_who_and_what(capsys: pytest.CaptureFixture[str], database: Path) -> None:
    tamper(database, f"UPDATE riwayat SET \"by\" = 'orang\nlain' WHERE {numbered(database, 12)}")
    code, out = run(capsys)
    assert code == 1
    assert "Riwayat data: 1 kerusakan;" in out
    assert "Entri 12 diubah sesudah dicatat" in out
    assert " · orang lain · " in out


def test_a_deleted_entry_and_the_last_ones_are_named(capsys: pytest.CaptureFixture[str], database: Path) -> None:
    count = json.loads(run(capsys, "--format", "json")[1])[0]["entri"]
    tamper(database, f"DELETE FROM riwayat WHERE {numbered(database, 30)}")
    tamper(database, "DELETE FROM riwayat WHERE seq = (SELECT MAX(seq) FROM riwayat)")
    code, out = run(capsys, "--format", "json")
    faults = json.loads(out)[0]["kerusakan"]
    assert code == 1
    assert [(fault["jenis"], fault["nomor"]) for fault in faults] == [("hilang", 30), ("hilang", count)]


def test_a_changed_log_of_the_door_is_named(capsys: pytest.CaptureFixture[str], database: Path) -> None:
    main(["pengguna", "tambah", "wali", "--nama", "Wali", "--peran", "pkp"])
    main(["pengguna", "nonaktif", "wali"])
    tamper(database, "UPDATE akun_jejak SET username = 'lain' WHERE number = 1")
    capsys.readouterr()
    code, out = run(capsys)
    assert code == 1
    assert "Entri 1 diubah" in out
