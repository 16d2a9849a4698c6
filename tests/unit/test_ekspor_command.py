"""``ekspor``: which tables go where, and what is said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services import cli, config
from services.store import schema
from services.store.sql import SqlStore
from services.tabular.upload import read_upload
from tests.unit.sample_store import OFFICE, sample_store


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """The sample office as the configured store."""
    for name in [n for n in os.environ if n.startswith(config.ENV_PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    store = sample_store(tmp_path)
    monkeypatch.setenv("MONEV_STORE", f"sqlite:///{tmp_path / 'monev.db'}")
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    yield store
    store.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["ekspor", *arguments])
        return code, *capsys.readouterr()

    return call


def test_one_table_becomes_a_workbook(run: Any, store: SqlStore) -> None:
    rows = store.read().rows(schema.HOLIDAY)
    assert run("--tabel", "harilibur", "--keluaran", "libur.xlsx") == (
        0,
        f"Tabel HariLibur ditulis ke libur.xlsx: {len(rows)} baris.\n",
        "",
    )
    sheet = openpyxl.load_workbook("libur.xlsx").worksheets[0]
    assert (sheet.title, sheet.max_row) == ("HariLibur", len(rows) + 1)


def test_a_quarter_of_a_table_becomes_csv(run: Any, store: SqlStore) -> None:
    assert run("--tabel", "Isian", "--keluaran", "isian.csv", "--tahun", "2026", "--triwulan", "3")[0] == 0
    found = read_upload("isian.csv", Path("isian.csv").read_bytes(), schema.ENTRY)
    wanted = [row["id"] for row in store.read().rows(schema.ENTRY) if (row["year"], row["quarter"]) == (2026, 3)]
    assert [row.cells["id"].value for row in found.rows] == wanted
    assert wanted


def test_all_tables_become_one_workbook_or_a_folder(run: Any) -> None:
    names = [table.name for table in schema.SNAPSHOT_TABLES]
    assert run("--semua", "--keluaran", "semua.xlsx")[0] == 0
    assert openpyxl.load_workbook("semua.xlsx").sheetnames == names
    code, out, _ = run("--semua", "--keluaran", "folder")
    assert (code, out.split(":")[0]) == (0, f"{len(names)} tabel ditulis ke folder")
    assert {path.name for path in Path("folder").iterdir()} == {f"{name}.csv" for name in names}


def test_the_log_is_written_when_it_is_named(run: Any) -> None:
    assert run("--tabel", "Riwayat", "--keluaran", "riwayat.csv")[0] == 0
    assert len(Path("riwayat.csv").read_bytes().splitlines()) > 100


def test_twice_gives_the_same_bytes(run: Any) -> None:
    run("--semua", "--keluaran", "a.xlsx")
    run("--semua", "--keluaran", "b.xlsx")
    assert Path("a.xlsx").read_bytes() == Path("b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--keluaran", "a.csv"), "Sebut salah satu"),
        (("--semua", "--tabel", "Isian", "--keluaran", "a.csv"), "Sebut salah satu"),
        (("--tabel", "Isian", "--keluaran", "a.pdf"), "harus .xlsx atau .csv"),
        (("--semua", "--keluaran", "a.csv"), "folder"),
        (("--tabel", "Akun", "--keluaran", "a.csv"), "bukan salah satu dari"),
        (("--tabel", "Isian", "--keluaran", "a.csv", "--triwulan", "3"), "Sebut --tahun"),
        (("--tabel", "Isian", "--keluaran", "tidak/ada/a.csv"), "tidak ada"),
        (("--semua", "--keluaran", "monev.db/x"), "monev.db/x"),
    ],
)
def test_a_wrong_call_says_what_to_do(run: Any, arguments: tuple[str, ...], says: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
