"""``impor isian``: reading the file, who may, what is printed, and the exit code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services import cli, config
from services.commands.operator import operator
from services.store.people import Account, AccountTable
from services.store.sql import SqlStore
from services.store.store import HistoryQuery
from tests.unit.offices import NOW, PERIOD
from tests.unit.sample_store import OFFICE, office_in, sample_store, take_figures_again

EMPTY, EMPTY_ID = "7.01.03.2.01.0006", "ind-kesos-04"
SHARED, POSYANDU, POSYANDU_ID = "7.01.03.2.01", "Persentase posyandu aktif", "ind-kesos-06"
HEADER = ("kode", "indikator", "tahun", "triwulan", "realisasi", "anggaran", "pendorong")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """The sample office as the configured store, with three accounts."""
    for name in [n for n in os.environ if n.startswith(config.ENV_PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    store = sample_store(tmp_path)
    take_figures_again(store)
    take_figures_again(store)
    url = f"sqlite:///{tmp_path / 'monev.db'}"
    monkeypatch.setenv("MONEV_STORE", url)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    people = AccountTable(url)
    for username, role, section_id, active in (
        ("pkp", "pkp", "pkp", True),
        ("kasi.pem", "kasi", "pem", True),
        ("lama", "pkp", "pkp", False),
    ):
        people.insert(Account(username, username.title(), role, section_id, "-", active, NOW))
    yield store
    store.close()


def csv(folder: Path, *lines: str, header: str = ";".join(HEADER)) -> Path:
    path = folder / "isian.csv"
    path.write_text("\n".join((header, *lines)) + "\n", "utf-8")
    return path


def xlsx(folder: Path, *lines: Sequence[Any], header: Sequence[str] = HEADER, blank_above: int = 0) -> Path:
    """A workbook; a pair of a value and a number format makes a typed cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    for n, line in enumerate((header, *lines), start=1 + blank_above):
        for column, cell in enumerate(line, start=1):
            value, number_format = cell if isinstance(cell, tuple) else (cell, "")
            written = sheet.cell(n, column, value)
            written.number_format = number_format or written.number_format
    path = folder / "isian.xlsx"
    book.save(path)
    return path


WRITE = ("--terapkan", "--alasan", "Seksi tanpa sambungan")


def run(capsys: pytest.CaptureFixture[str], file: Path, *options: str, by: str = "pkp") -> tuple[int, str, str]:
    code = cli.main(["impor", "isian", str(file), "--sebagai", by, *options])
    out, err = capsys.readouterr()
    return code, out, err


def stored(store: SqlStore, indicator_id: str = EMPTY_ID) -> dict[str, Any]:
    found = office_in(store).entry(indicator_id, PERIOD)
    assert found is not None
    return dict(found.row)


# --- preview and writing -----------------------------------------------------------------------------------------


def test_the_preview_is_a_table_and_writes_nothing(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    before = store.revision()
    code, out, err = run(capsys, csv(tmp_path, f"{EMPTY};;2026;3;2;;", f"{EMPTY};;2026;2;2;;"))
    heading, new, refused = out.splitlines()
    assert re.fullmatch(r"Baris  Kode +Triwulan  Hasil +Keterangan", heading)
    assert re.fullmatch(rf" +2  {EMPTY}  3 2026    baru +realisasi kosong → 2", new)
    assert re.fullmatch(rf" +3  {EMPTY}  2 2026    ditolak  Triwulan II 2026 diarsipkan\. .+", refused)
    assert err.splitlines() == [
        "2 baris: 1 baru, 1 ditolak.",
        "Belum ada yang disimpan. Jalankan lagi dengan --terapkan dan --alasan untuk menyimpan.",
    ]
    assert (code, store.revision()) == (1, before)


def test_applied_rows_are_stored_in_the_name_of_the_person(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    code, out, err = run(capsys, csv(tmp_path, f'{EMPTY};;2026;3;2;Rp 1.250;"Cuaca; baik"'), *WRITE)
    assert (code, err) == (0, "1 baris: 1 tersimpan.\n")
    assert "tersimpan" in out
    row = stored(store)
    assert (row["actual"], row["spent"], row["driver"]) == (2, 1250, "Cuaca; baik")
    assert row["entered_by"] == "pkp"
    (line, *_) = store.history(HistoryQuery(limit=1))
    assert line["by"] == "pkp"


def test_a_second_run_of_the_same_file_says_that_all_is_the_same(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    file = csv(tmp_path, f"{EMPTY};;2026;3;2;;")
    run(capsys, file, *WRITE)
    before = store.revision()
    assert run(capsys, file, *WRITE)[2] == "1 baris: 1 sama.\n"
    assert run(capsys, file)[2] == "1 baris: 1 sama.\n"
    assert store.revision() == before


def test_one_refused_row_is_exit_code_1_and_keeps_no_other_back(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    file = csv(tmp_path, f"{EMPTY};;2026;3;1.250;;", "IKU.1;;2026;3;77;;")
    code, out, err = run(capsys, file, *WRITE)
    assert (code, err) == (1, "2 baris: 1 tersimpan, 1 ditolak.\n")
    assert "Tulis 1250 bila maksudnya" in out
    assert stored(store)["actual"] is None
    assert stored(store, "ind-pem-01")["actual"] == 77


def test_rights_are_those_of_the_named_person(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    file = csv(tmp_path, f"{EMPTY};;2026;3;2;;", "IKU.1;;2026;3;77;;")
    code, out, _ = run(capsys, file, *WRITE, by="KASI.PEM")
    assert code == 1
    assert "kasi.pem (Kasi) tidak berwenang" in out
    assert stored(store)["actual"] is None
    assert stored(store, "ind-pem-01")["entered_by"] == "kasi.pem"


@pytest.mark.parametrize("username", ["lama", "tidak.ada", ""])
def test_an_account_that_may_not_sign_in_imports_nothing(
    capsys: Any, store: SqlStore, tmp_path: Path, username: str
) -> None:
    code, out, err = run(capsys, csv(tmp_path, f"{EMPTY};;2026;3;2;;"), *WRITE, by=username)
    assert (code, out) == (1, "")
    assert "tidak ada atau nonaktif" in err
    assert stored(store)["actual"] is None


def test_a_person_must_be_named(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    assert cli.main(["impor", "isian", str(csv(tmp_path))]) == 2
    assert "--sebagai" in capsys.readouterr().err


# --- the file ----------------------------------------------------------------------------------------------------


def test_columns_are_found_by_header_in_any_order_and_case(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    header = " TRIWULAN ,Tindak  Lanjut,Realisasi,catatan,KODE,Tahun"
    code, _, err = run(capsys, csv(tmp_path, f"III,Rapat,2,x,{EMPTY},2026", header=header), *WRITE)
    assert (code, stored(store)["actual"], stored(store)["follow_up"]) == (0, 2, "Rapat")
    assert err.startswith("Kolom yang tidak dikenal dan tidak dibaca: catatan.\n")


def test_the_headers_of_the_sheet_itself_are_known_too(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    header = "Kode;Indikator kinerja;Tahun;Triwulan;Realisasi anggaran s.d. triwulan (Rp);Faktor penghambat"
    file = csv(tmp_path, f"{SHARED};{POSYANDU};2026;3;12.450.000;Hujan", header=header)
    assert run(capsys, file, *WRITE)[0] == 0
    row = stored(store, POSYANDU_ID)
    assert (row["spent"], row["obstacle"]) == (12450000, "Hujan")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("kode;tahun;realisasi", "tidak memuat kolom triwulan; kolom yang ada: kode, tahun, realisasi."),
        ("kode;tahun;triwulan", "tidak memuat kolom nilai (realisasi, anggaran,"),
        ("kode;tahun;triwulan;realisasi;Realisasi", "memuat kolom realisasi lebih dari sekali"),
    ],
)
def test_a_file_without_the_columns_is_exit_code_2(
    capsys: Any, store: SqlStore, tmp_path: Path, header: str, says: str
) -> None:
    code, out, err = run(capsys, csv(tmp_path, header=header))
    assert (code, out) == (2, "")
    assert says in err


def test_an_empty_file_and_a_header_alone_are_told_apart(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    empty = tmp_path / "kosong.csv"
    empty.touch()
    assert run(capsys, empty)[0] == 2
    assert run(capsys, csv(tmp_path))[::2] == (0, "Tidak ada baris di bawah judul kolom.\n")


def test_a_row_that_slipped_is_refused(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    header = ",".join(HEADER)
    code, out, _ = run(capsys, csv(tmp_path, f"{EMPTY},,2026,3,83,33,,", f"{EMPTY},,2026,3,83,3,,3", header=header))
    assert code == 1
    assert "lebih banyak kolom daripada judulnya" in out


def test_lines_are_numbered_as_in_the_spreadsheet(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    file = xlsx(tmp_path, [], [EMPTY, None, 2026, 3, 2], blank_above=3)
    assert run(capsys, file)[1].splitlines()[1].startswith("    6  ")


# --- typed cells -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (85, Decimal(85)),
        (83.33, Decimal("83.33")),
        ((0.8, "0%"), Decimal(80)),
        ((0.8333, "0.00%"), Decimal("83.33")),
        ((0.008, "0.0%"), "0,8%"),
        ("85 %", Decimal(85)),
        ("NA", "NA"),
        (0, Decimal(0)),
    ],
    ids=str,
)
def test_a_typed_cell_is_read_as_what_the_spreadsheet_shows(
    capsys: Any, store: SqlStore, tmp_path: Path, cell: object, kept: object
) -> None:
    run(capsys, xlsx(tmp_path, [SHARED, POSYANDU, 2026, 3, 12]), *WRITE)
    assert run(capsys, xlsx(tmp_path, [SHARED, POSYANDU, 2026, 3, cell]), *WRITE)[0] == 0
    assert stored(store, POSYANDU_ID)["actual"] == kept


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (0.8, "mungkin maksudnya ×100"),
        ("1.250", "Tulis 1250 bila maksudnya"),
        (date(2026, 4, 3), "terbaca sebagai tanggal"),
        (True, "bukan"),
        ("#REF!", "rumus di sel ini gagal"),
        ("=1+1", "tidak terbaca sebagai angka"),
    ],
    ids=str,
)
def test_a_typed_cell_that_is_no_clear_number_is_refused(
    capsys: Any, store: SqlStore, tmp_path: Path, cell: object, says: str
) -> None:
    before = store.revision()
    code, out, _ = run(capsys, xlsx(tmp_path, [SHARED, POSYANDU, 2026, 3, cell]), *WRITE)
    assert (code, store.revision()) == (1, before)
    assert says in out or (cell is True and "TRUE" in out)


def test_a_percentage_for_an_indicator_in_another_unit_is_refused(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    code, out, _ = run(capsys, xlsx(tmp_path, [EMPTY, None, 2026, 3, (0.8, "0%")]))
    assert (code, "berbeda dari satuan indikator “lembaga”" in out) == (1, True)


@pytest.mark.parametrize(("cell", "says"), [(7.1, "terbaca sebagai angka"), (date(2006, 1, 7), "sebagai tanggal")])
def test_a_code_that_the_spreadsheet_turned_into_something_else_is_refused(
    capsys: Any, store: SqlStore, tmp_path: Path, cell: object, says: str
) -> None:
    code, out, _ = run(capsys, xlsx(tmp_path, [cell, None, 2026, 3, 2]))
    assert (code, says in out) == (1, True)
    assert "Ubah format kolom kode menjadi teks" in out


def test_years_and_quarters_may_be_numbers_or_texts(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    file = xlsx(tmp_path, [EMPTY, None, "2026", 3.0, 2], ["IKU.1", None, 2026.0, "TW III", 77])
    assert run(capsys, file, *WRITE)[2] == "2 baris: 2 tersimpan.\n"


def test_control_characters_of_a_file_never_reach_the_terminal(capsys: Any, store: SqlStore, tmp_path: Path) -> None:
    _, out, _ = run(capsys, csv(tmp_path, "\x1b[31mX\x07;\x1b[2J;2026;3;\x1b[1m2;;"))
    assert re.search(r"[\x00-\x09\x0b-\x1f]", out) is None


def test_entries_in_anothers_name_need_a_reason_which_stands_in_riwayat(
    capsys: pytest.CaptureFixture[str], store: SqlStore, tmp_path: Path
) -> None:
    file = csv(tmp_path, f"{EMPTY};;2026;3;2;;")
    before = store.revision()
    code, _, err = run(capsys, file, "--terapkan", "--alasan", " ")
    assert (code, store.revision()) == (2, before)
    assert "--alasan" in err
    assert run(capsys, file, *WRITE)[0] == 0
    assert store.history(HistoryQuery(limit=1))[0]["source"] == f"Impor isian.csv, {operator()}: Seksi tanpa sambungan"
