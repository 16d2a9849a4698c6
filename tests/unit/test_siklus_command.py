"""`python -m services siklus` says where a quarter stands, and `siklus rencana` when its steps are due."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.cli import main
from services.domain.sop import STEP_COUNT
from services.store import schema
from services.store.store import Transaction, Update
from tests.unit.sample_store import NOW, OFFICE, sample_store


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample_store(tmp_path).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_STORE", f"sqlite:///{tmp_path}/monev.db")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["siklus", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_running_quarter_is_told_step_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--tahun", "2026", "--triwulan", "3")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "Triwulan III 2026: langkah 7 dari 13; triwulan dikunci."
    assert "Tenggat data 5 Oktober 2026, kunci 14 Oktober 2026." in lines[1]
    assert " ".join(lines[4].split()) == "No Langkah Keadaan Pemegang Mulai Tenggat Selesai Oleh Putaran Terlambat"
    assert len(lines) == 5 + STEP_COUNT
    assert lines[11].startswith("7   Analisis      Berjalan  Kasubag PKP (usulan)")
    assert "3 November 2026 14.00" in lines[11]


def test_without_a_quarter_the_newest_one_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == run(capsys, "--tahun", "2026", "--triwulan", "3")


def test_json_has_the_same_with_moments_that_a_program_reads(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--tahun", "2026", "--triwulan", "2", "--format", "json")
    record = json.loads(out)
    assert (record["keadaan"], record["langkah_berjalan"]) == ("diarsipkan", None)
    assert [step["no"] for step in record["langkah"]] == list(range(1, STEP_COUNT + 1))
    assert [step["putaran"] for step in record["langkah"]] == [1] * 9 + [2, 1, 1, 1]
    assert (record["langkah"][10]["oleh"], record["langkah"][12]["oleh"]) == ("camat", "umum")
    assert record["langkah"][0]["mulai"] == "2026-07-01T08:10:00+07:00"


def test_an_archived_quarter_says_when_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--tahun", "2026", "--triwulan", "2")
    assert out.startswith("Triwulan II 2026: semua langkah selesai; triwulan diarsipkan.")
    assert "Selesai 11 Agustus 2026 11.10." in out


def test_a_quarter_that_was_not_opened_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--tahun", "2026", "--triwulan", "4")
    assert (code, out) == (1, "")
    assert "Triwulan IV 2026 belum dibuka" in err


def test_a_year_without_its_quarter_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--tahun", "2026")
    assert code == 2
    assert "bersama-sama" in err


def test_the_plan_of_a_cycle_opened_on_1_april_ends_on_20_may(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "rencana", "--mulai", "2026-04-01")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[1].split()[-4:] == ["1", "April", "2026", "08.15"]
    assert lines[-1].startswith("13  Arsip")
    assert lines[-1].split()[-8:] == ["20", "Mei", "2026", "11.15", "20", "Mei", "2026", "11.30"]


def test_the_plan_follows_the_calendar_and_the_sop_of_the_store(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store = sample_store(tmp_path)
    step = Update(schema.SOP_STEP, "sop-2024-08-13-02", {}, {"amount": 3})
    store.commit(Transaction(NOW, "pkp", "pkp", "uji", "Uji", (step,)))
    store.close()
    _, out, _ = run(capsys, "rencana", "--mulai", "2026-04-01", "--format", "json")
    planned = json.loads(out)
    assert (planned[1]["waktu"], planned[1]["tenggat"]) == ("3 hari", "2026-04-07T08:15:00+07:00")


def test_a_year_without_holidays_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "rencana", "--mulai", "2027-01-04")
    assert (code, len(out.splitlines())) == (0, STEP_COUNT + 1)
    assert err == "Perhatian: hari libur tahun 2027 belum diisi; hanya akhir pekan yang dihitung libur.\n"


@pytest.mark.parametrize("text", ["1 April 2026", "2026-02-30", ""])
def test_a_date_that_cannot_be_read_is_a_wrong_call(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert run(capsys, "rencana", "--mulai", text)[0] == 2


def test_the_store_may_be_named_after_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path}/kosong.db"
    code, _, err = run(capsys, "--store", empty)
    assert code == 1
    assert "belum dibuka" in err
