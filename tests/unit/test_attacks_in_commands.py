"""Whatever stands in the office's texts, in accounts and in files, a command prints it so that it commands nothing."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path

import pytest

from services.auth.accounts import Account, Accounts
from services.auth.sessions import Visitor
from services.cli import COMMANDS, main
from services.domain.roles import Role
from services.domain.stand_in import StandIn
from tests.attacks import TOO_LONG
from tests.pages.test_attacks import STORABLE, poison
from tests.unit.sample_store import NOW, OFFICE, sample_store

TERMINAL = "nama\x1b[2J\x1b]0;judul\x07\r\nGalat: palsu\u202e\u2066\x9b31m"
QUARTER = ["--tahun", "2026", "--triwulan", "3"]
CALLS = (
    ["periksa", *QUARTER],
    ["siklus", *QUARTER],
    ["siklus", "rencana", "--mulai", "2026-07-01"],
    ["riwayat", "periksa"],
    ["pengguna", "daftar"],
    ["pengguna", "sesi"],
    ["pengguna", "sesi", "ani"],
    ["pengguna", "ubah", TERMINAL, "--nama", "x"],
    ["pengguna", "tambah", "baru", "--nama", TERMINAL, "--peran", "camat"],
    ["arsip", "daftar"],
    ["pengguna", "plh", "daftar", "--semua"],
    ["pengguna", "plh", "akhiri", TERMINAL, "--alasan", "x"],
    ["pengguna", "sandi", "ani", "--alasan", TERMINAL * 9],
    ["arsip", "periksa", TERMINAL],
    ["ekspor", "--tabel", TERMINAL, "--keluaran", "x.csv"],
    ["laporan", *QUARTER, "--keluaran", f"{TERMINAL}.doc"],
    ["capaian", f"{TERMINAL}.csv"],
    ["impor", "harilibur", "libur.csv", "--sebagai", "ani"],
    ["impor", "isian", "capaian.csv", "--sebagai", TERMINAL],
    ["capaian", "capaian.csv"],
    [TERMINAL],
)


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = sample_store(tmp_path)
    poison(store, [TERMINAL, *(text for text in STORABLE if text != TOO_LONG)])
    store.close()
    accounts = Accounts(f"sqlite:///{tmp_path}/monev.db", lambda: NOW)
    person = Account("ani", TERMINAL, Role.PKP.value, TERMINAL, "", True, NOW)
    accounts.put(person)
    accounts.sessions.start(person, Visitor("10.0.0.7", TERMINAL))
    accounts.access.add_stand_in(StandIn("p", "ani", Role.CAMAT, TERMINAL, NOW.date(), NOW.date(), TERMINAL))
    for name in ("libur.csv", "capaian.csv"):
        (tmp_path / name).write_text(f'ID;Nama;{TERMINAL}\n"{TERMINAL}";"{TERMINAL}";"{TERMINAL}"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path))
    monkeypatch.delenv("MONEV_STORE", raising=False)
    return tmp_path


class Terminal(io.StringIO):
    """Where everything lands that a person would see."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(call).encode("unicode_escape").decode()[:40])
def test_what_a_command_prints_commands_no_terminal_and_forges_no_line(
    call: list[str], poisoned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setattr("sys.stderr", terminal)
    main(call)
    said = terminal.getvalue()
    assert said
    assert [c for c in said if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"] == []
    assert not re.search("^(Galat: palsu|2026-11-03 10:20:00,000 ERROR palsu)", said, re.MULTILINE)


def test_every_command_that_prints_texts_of_people_is_called_here() -> None:
    quiet = {"blangko", "bundel", "cadangan", "contoh", "kirim", "pasang", "pindah", "sheet"}
    assert set(COMMANDS) - {call[0] for call in CALLS} == quiet


def test_what_goes_into_another_program_stays_as_it_is(poisoned: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = "indikator;satuan;target;realisasi;arah\na\u200bb\x1b[1m;x;1;1;naik\n"
    (poisoned / "rapi.csv").write_text(text, "utf-8")
    main(["capaian", "rapi.csv"])
    assert "a\u200bb\x1b[1m;x;1;1;naik;" in capfd.readouterr().out
