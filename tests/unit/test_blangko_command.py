"""``python -m services blangko``: each paper as a file, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli import main
from tests.unit.sample_store import OFFICE, sample_store

QUARTER = ("--tahun", "2026", "--triwulan", "3")


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample_store(tmp_path).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_STORE", f"sqlite:///{tmp_path}/monev.db")


def run(*arguments: str) -> int:
    return main(["blangko", *arguments])


@pytest.mark.parametrize(
    "arguments",
    [("isian", "--seksi", "pem"), ("monev", "--seksi", "pem"), ("jadwal",), ("sop",), ("ringkasan",)],
    ids=lambda arguments: arguments[0],
)
def test_each_paper_is_written_to_its_file(
    tmp_path: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "hasil.pdf"
    assert run(*arguments, *QUARTER, "--keluaran", str(target)) == 0
    assert target.read_bytes().startswith(b"%PDF-")
    assert "KB" in capsys.readouterr().out


def test_an_unknown_section_is_refused_with_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "hasil.pdf"
    assert run("isian", *QUARTER, "--seksi", "x", "--keluaran", str(target)) == 1
    assert "trantib" in capsys.readouterr().err
    assert not target.exists()


def test_another_ending_than_pdf_is_a_wrong_call(tmp_path: Path) -> None:
    assert run("jadwal", *QUARTER, "--keluaran", str(tmp_path / "hasil.doc")) == 2


def test_a_quarter_that_is_not_open_cannot_be_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("ringkasan", "--tahun", "2027", "--triwulan", "1", "--keluaran", str(tmp_path / "hasil.pdf"))
    assert code == 1
    assert "Triwulan I 2027 belum dibuka" in capsys.readouterr().err


def test_a_form_is_printed_before_its_quarter_is_opened(tmp_path: Path) -> None:
    target = tmp_path / "hasil.pdf"
    later = ("--tahun", "2027", "--triwulan", "1")
    assert run("isian", *later, "--seksi", "pem", "--keluaran", str(target)) == 0
