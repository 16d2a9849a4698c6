"""Export and removal of one person's data (UU 27/2022)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.auth.accounts import Accounts
from tests.unit.test_pengguna_command import accounts, add, own_configuration, run  # noqa: F401


def test_the_data_of_a_person_are_written_without_anything_that_opens_the_account(
    capsys: pytest.CaptureFixture[str],
    accounts: Accounts,  # noqa: F811
    tmp_path: Path,
) -> None:
    password = add(capsys, "camat", "--surel", "budi@example.go.id")
    code, _, _ = run(capsys, "data", "budi", "--keluaran", str(tmp_path / "budi.json"))
    written = (tmp_path / "budi.json").read_text(encoding="utf-8")
    found, account = json.loads(written), accounts.get("budi")
    assert account is not None
    assert code == 0
    assert found["akun"]["email"] == "budi@example.go.id"
    assert [entry["event"] for entry in found["catatan_masuk"]] == ["akun ditambah"]
    assert account.password_hash not in written
    assert password not in written


def test_an_account_is_removed_only_once_it_is_switched_off(
    capsys: pytest.CaptureFixture[str],
    accounts: Accounts,  # noqa: F811
) -> None:
    add(capsys)
    code, _, err = run(capsys, "hapus", "budi")
    assert (code, "masih aktif" in err) == (1, True)
    run(capsys, "nonaktif", "budi")
    assert run(capsys, "hapus", "budi")[0] == 0
    assert accounts.get("budi") is None
    assert [entry.event for entry in accounts.trail.latest(1)] == ["akun dihapus"]
    assert accounts.trail.check() is None
