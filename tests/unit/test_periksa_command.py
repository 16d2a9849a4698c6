"""`python -m services periksa` names every doubtful cell, and its exit code says whether there is one."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from services.cli import main
from services.store import schema
from services.store.store import Transaction, Update
from tests.unit.sample_store import NOW, OFFICE, sample_store


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    sample_store(tmp_path).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_STORE", f"sqlite:///{tmp_path}/monev.db")
    return str(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["periksa", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_every_finding_has_its_place_what_stands_there_and_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert code == 1
    assert "Isian kolom Realisasi: angka bermakna ganda (Jumlah pelayanan PATEN" in out
    assert "tertulis  1.250\n" in out
    assert "Tulis 1250 bila maksudnya" in out
    assert err == "7 temuan pada Triwulan III 2026.\n"


def test_a_quarter_without_findings_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--tahun", "2026", "--triwulan", "2")
    assert (code, out.strip(), err) == (0, "", "Tidak ada temuan pada Triwulan II 2026.\n")


def test_json_and_csv_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _, as_json, _ = run(capsys, "--format", "json")
    _, as_csv, _ = run(capsys, "--format", "csv")
    records = json.loads(as_json)
    assert list(csv.DictReader(io.StringIO(as_csv, newline=""), delimiter=";")) == records
    assert {"1.250", "#DIV/0!"} <= {record["tertulis"] for record in records}


def test_a_cell_that_a_spreadsheet_would_run_as_a_formula_stays_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store = sample_store(tmp_path)
    update = Update(schema.ENTRY, "isi-2026-3-ind-kesos-05", {}, {"actual": "=1+1"})
    store.commit(Transaction(NOW, "lembar", "", "mengetik", "Lembar kerja", (update,)))
    assert ";'=1+1;" in run(capsys, "--format", "csv")[1]


def test_a_year_without_its_quarter_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--tahun", "2026")
    assert code == 2
    assert "Sebut --tahun dan --triwulan bersama-sama" in err
