"""Secrets that are planted in the configuration never come out of a command: not in help, errors or the error log."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli import COMMANDS, main

CANARIES = tuple(f"kenari{number:02d}rahasia" for number in range(20))


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store, accounts and keys that need secrets, and cannot be reached."""
    folder = tmp_path / ".streamlit"
    folder.mkdir()
    keys = "\n".join(f'rahasia_{number} = "{canary}"' for number, canary in enumerate(CANARIES[5:15]))
    account = f'private_key = "{CANARIES[15]}"\nprivate_key_id = "{CANARIES[16]}"\nclient_email = "a@b.c"'
    oidc = f'client_secret = "{CANARIES[17]}"\ncookie_secret = "{CANARIES[18]}"'
    (folder / "secrets.toml").write_text(f"{keys}\n[gcp_service_account]\n{account}\n[auth]\n{oidc}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MONEV_STORE", f"postgresql+psycopg://{CANARIES[0]}:{CANARIES[1]}@127.0.0.1:1/x")
    monkeypatch.setenv("PGPASSWORD", CANARIES[2])
    monkeypatch.setenv("MONEV_RUNUT", "1")
    return tmp_path


CALLS = [[name, "--help"] for name in COMMANDS] + [
    ["periksa"],
    ["riwayat", "periksa"],
    ["pengguna", "daftar"],
    ["ekspor", "--semua"],
    ["cadangan", "buat", "x.zip"],
    ["periksa", "--store", f"postgresql+psycopg://u:{CANARIES[3]}@127.0.0.1:1/x"],
    ["periksa", "--store", f"mysql://u:{CANARIES[4]}@h/x"],
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(call)[:40])
def test_no_command_lets_a_secret_out(
    call: list[str], planted: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    main(call)
    said = "".join((*capfd.readouterr(), caplog.text))
    written = "".join(
        file.read_text("utf-8", "replace")
        for file in planted.rglob("*")
        if file.is_file() and file.name != "secrets.toml"
    )
    assert said
    assert [canary for canary in CANARIES[1:] if canary in said + written] == []
