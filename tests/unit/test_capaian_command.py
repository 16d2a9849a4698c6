"""``capaian FILE``: the rows of a file with capaian, kategori and keterangan, whatever its rows hold."""

from __future__ import annotations

import csv
import io
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell

from services.commands.capaian import capaian

HEADER = "indikator,satuan,target,realisasi,arah"
BOM = b"\xef\xbb\xbf"


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(capaian, [str(a) for a in arguments], standalone_mode=False)


def _rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def _one(tmp_path: Path, cells: str, *options: str) -> dict[str, str]:
    """The result of one row, written as CSV."""
    path = tmp_path / "in.csv"
    path.write_text(f"{HEADER}\n{cells}\n", "utf-8")
    result = _run(path, *options)
    assert result.exception is None, result.exception
    return _rows(result.stdout)[0]


def _error(*arguments: object) -> tuple[str, int]:
    result = _run(*arguments)
    assert result.exception is not None
    assert result.stdout == ""
    return result.exception.format_message(), result.exception.exit_code  # type: ignore[attr-defined]


def _book(path: Path, rows: list[list[Any]], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for place, number_format in (formats or {}).items():
        book.active[place].number_format = number_format
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("cells", "value", "rating"),
    [
        ('A,%,95,"83,33",naik', "87,72", "Tinggi"),
        ('A,hari,32,"4,88",turun', "184,75", "Sangat Tinggi"),
        ('A,nilai,"0,35","0,43",turun', "77,14", "Tinggi"),
        ("A,%,80 - 90,85,naik", "100,00", "Sangat Tinggi"),
        ("A,hari,2,6,turun", "-100,00", "Sangat Rendah"),
        ("A,dokumen,8,1000 dokumen, NAIK ", "12.500,00", "Sangat Tinggi"),
        ("A,%,1000,905,naik", "90,50", "Sangat Tinggi"),
        ("A,%,10000,9049,naik", "90,49", "Tinggi"),
        ("A,dokumen,4,0,naik", "0,00", "Sangat Rendah"),
    ],
)
def test_a_row_that_can_be_computed(tmp_path: Path, cells: str, value: str, rating: str) -> None:
    row = _one(tmp_path, cells)
    assert (row["capaian"], row["kategori"], row["keterangan"]) == (value, rating, "")


def test_the_other_formula_of_arah_turun_by_option(tmp_path: Path) -> None:
    assert _one(tmp_path, 'A,hari,"4,20","4,65",turun', "--rumus-turun", "t/r")["capaian"] == "90,32"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("A,dokumen,,3,naik", "belum ada target"),
        ("A,dokumen,4,,naik", "belum ada realisasi"),
        ("A,dokumen,4,NA,naik", "belum ada realisasi"),
        ("A,dokumen,4,3,", "belum dapat dihitung: arah belum diisi; tulis naik atau turun"),
        ("A,dokumen,4,3,up", "Arah: Tertulis “up”"),
        ("A,temuan,0,0,turun", "Tercapai"),
        ("A,temuan,0,2,turun", "Tidak tercapai"),
        ("A,dokumen,0,2,naik", "tidak ditargetkan pada triwulan ini"),
        ("A,dokumen,4,1.250,naik", "Realisasi: Tertulis “1.250”"),
        ("A,dokumen,tiga,3,naik", "Target: Tertulis “tiga”"),
        ("A,dokumen,4,8 hari,naik", "Realisasi: Tertulis “8 hari”"),
        ('A,%,80,"0,8",naik', "Tulis 80%"),
        ("A,dokumen,4,#DIV/0!,naik", "Realisasi: Tertulis “#DIV/0!”"),
        ("A,dokumen", "belum ada target"),
        ("A,%,95,83,33,naik", "Baris ini berisi lebih banyak kolom daripada judulnya"),
    ],
)
def test_a_row_that_cannot_be_computed_says_why_and_has_no_number(tmp_path: Path, cells: str, says: str) -> None:
    row = _one(tmp_path, cells)
    assert (row["capaian"], row["kategori"]) == ("", "Belum dapat dinilai")
    assert says in row["keterangan"]


def test_every_problem_of_a_row_is_named(tmp_path: Path) -> None:
    remark = _one(tmp_path, "A,dokumen,x,y,z")["keterangan"]
    assert all(name in remark for name in ("Target: ", "Realisasi: ", "Arah: "))


def test_no_bad_row_stops_the_others_and_the_summary_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"{HEADER}\nA,%,x,1,naik\n,,,,\nB,%,50,25,naik\nC\n\n", "utf-8")
    result = _run(path)
    assert [(row["indikator"], row["capaian"]) for row in _rows(result.stdout)] == [
        ("A", ""),
        ("", ""),
        ("B", "50,00"),
        ("C", ""),
    ]
    assert "1 dari 3 baris terhitung (rumus arah turun: (2T − R) / T × 100).\n" in result.stderr


def test_other_columns_pass_through_unchanged_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    header = ["Kode", " REALISASI ", "Arah", "Catatan, lama", "satuan", "Target", "Indikator", ""]
    row = ["7.01.02.2.01.0001", " 5", "naik", 'a "b"\nc', "dokumen", "10", "A; B", "ekor"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, row])
    lines = list(csv.reader(io.StringIO(_run(path).stdout, newline="")))
    assert lines[0] == [*header, "capaian", "kategori", "keterangan"]
    assert lines[1] == [*row, "50,00", "Sangat Rendah", ""]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_and_encoding_are_recognised_and_the_delimiter_kept(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = tmp_path / "in.csv"
    cells = ["Nagari – é", "%", "50", "25", "naik"]
    path.write_text("\n".join(delimiter.join(line) for line in (HEADER.split(","), cells)), encoding)
    row = _rows(_run(path).stdout, delimiter)[0]
    assert (row["indikator"], row["capaian"]) == ("Nagari – é", "50,00")


def test_commas_in_the_title_of_a_column_do_not_hide_the_semicolon(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("indikator;satuan;target;realisasi;arah;a,b,c,d,e,f,g\nA;%;50;25;naik;x\n", "utf-8")
    assert _rows(_run(path).stdout, ";")[0]["capaian"] == "50,00"


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(f"{HEADER}\nCafé,%,50,25,naik\n".encode("cp1252"))
    result = _run(path)
    assert _rows(result.stdout)[0]["indikator"] == "Café"
    assert "dibaca sebagai Windows-1252" in result.stderr


def test_columns_with_the_names_of_the_results_are_kept_and_said(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"Keterangan,{HEADER}\nlama,A,%,50,25,naik\n", "utf-8")
    result = _run(path)
    assert result.stdout.splitlines()[1] == 'lama,A,%,50,25,naik,"50,00",Sangat Rendah,'
    assert "Kolom keterangan sudah ada di masukan dan dibiarkan" in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "kosong. Isi baris pertama dengan judul kolom: indikator, satuan, target, realisasi, arah."),
        (b"\n \n\n", "kosong"),
        (b"indikator,unit,target,realisasi\n", "tidak memuat kolom satuan, arah; kolom yang ada: indikator, unit"),
        (b"indikator,satuan,target,realisasi,arah,Target\n", "memuat kolom target lebih dari sekali"),
        (f'{HEADER}\nA,%,"50,25,naik\nB,%,1,1,naik\n'.encode(), "tanda kutip yang tidak ditutup"),
        (b"\x81\x8d\xff", "bukan teks CSV dan bukan XLSX"),
        (b"PK\x03\x04 no archive", "rusak atau bukan XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel lama atau bersandi"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    message, code = _error(path)
    assert says in message
    assert code == 2


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    assert _error(tmp_path / "none.csv") == (f"Berkas {tmp_path / 'none.csv'} tidak ada.", 2)
    assert "adalah folder" in _error(tmp_path)[0]


def test_a_file_with_only_a_header_gives_only_a_header(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(HEADER)
    result = _run(path)
    assert result.stdout_bytes.decode() == f"{HEADER},capaian,kategori,keterangan\r\n"
    assert "0 dari 0 baris terhitung" in result.stderr


def test_a_stray_quote_inside_a_cell_does_not_stop_the_file(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f'{HEADER}\n"Nagari "Silaut" maju",%,50,25,naik\nB "x",%,50,5,naik\n', "utf-8")
    assert [row["capaian"] for row in _rows(_run(path).stdout)] == ["50,00", "10,00"]


def test_a_cell_of_200_kilobytes_does_not_stop_the_file(tmp_path: Path) -> None:
    row = _one(tmp_path, f"{'x' * 200_000},%,50,{'9' * 200_000},naik")
    assert len(row["indikator"]) == 200_000
    assert row["keterangan"].startswith("Realisasi: ")


# --- XLSX --------------------------------------------------------------------------------------------------------


def test_typed_cells_of_a_workbook_are_read_by_their_format(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEADER.split(","),
        ["persen", "%", 0.95, 0.8333, "naik"],
        ["angka", "dokumen", 8, 2.5, "naik"],
        ["tanggal", "dokumen", 8, datetime(2026, 4, 3), "naik"],  # noqa: DTZ001  (what a spreadsheet makes of 3/4)
        ["benar", "dokumen", 8, True, "naik"],
        ["teks", "dokumen", "8 dok", "4", "naik"],
        ["galat", "dokumen", 8, "#REF!", "naik"],
        ["tiga desimal", "nilai", 2.5, 1.125, "naik"],
    ]
    path = _book(tmp_path / "in.xlsx", rows, {"C2": "0%", "D2": "0.00%"})
    found = _rows(_run(path).stdout, ";")
    assert [row["capaian"] for row in found] == ["87,72", "31,25", "", "", "50,00", "", "45,00"]
    assert "terbaca sebagai tanggal" in found[2]["keterangan"]
    assert "#REF!" in found[5]["keterangan"]
    assert (found[0]["target"], found[0]["realisasi"], found[2]["realisasi"]) == ("95%", "83,33%", "03/04/2026")
    assert found[6]["realisasi"] == "1,1250", "three decimals would be ambiguous when the result is read again"


def test_a_percent_sign_in_a_literal_is_no_percent_format(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEADER.split(","), ["A", "%", 95, 80, "naik"]]
    path = _book(tmp_path / "in.xlsx", rows, {"C2": '0"%"', "D2": r"0\%"})
    assert _rows(_run(path).stdout, ";")[0]["capaian"] == "84,21"


def test_a_formula_that_was_never_calculated_is_a_finding_not_a_blank(tmp_path: Path) -> None:
    path = _book(tmp_path / "in.xlsx", [HEADER.split(","), ["A", "dokumen", 8, "=1+1", "naik"]])
    assert "Tertulis “=1+1”" in _rows(_run(path).stdout, ";")[0]["keterangan"]


def test_a_workbook_keeps_types_and_formats_on_the_way_through(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*HEADER.split(","), "Tanggal"], ["A", "%", 0.95, 0.8333, "naik", datetime(2026, 4, 3)]]  # noqa: DTZ001
    source = _book(tmp_path / "in.xlsx", rows, {"C2": "0%", "D2": "0.00%", "F2": "dd/mm/yyyy"})
    target = tmp_path / "out.xlsx"
    assert _run(source, "--keluaran", target).exception is None
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:6] == rows[1]
    assert [cell.number_format for cell in sheet[2]][2:6] == ["0%", "0.00%", "General", "dd/mm/yyyy"]
    assert [cell.value for cell in sheet[2]][6:8] == ["87,72", "Tinggi"]


def test_only_the_first_sheet_is_read_and_that_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADER.split(","))
    book.create_sheet("Lain")
    book.save(tmp_path / "in.xlsx")
    assert "Hanya lembar pertama “Sheet” yang dibaca." in _run(tmp_path / "in.xlsx").stderr


# --- output ------------------------------------------------------------------------------------------------------

DANGEROUS = ('=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "  =1", "\t=1", "=cmd|'/c calc'!A0")
HARMLESS = ("-5", "+3,5 %", "-", "-1.250,75", "12", "", "a=b", "'sudah", "7.01.02")


def _with_notes(path: Path, notes: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [[*HEADER.split(","), "catatan"], *(["A", "%", "50", "25", "naik", n] for n in notes)]
        )
    return path


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe_in_csv(tmp_path: Path) -> None:
    rows = _rows(_run(_with_notes(tmp_path / "in.csv", DANGEROUS)).stdout)
    assert [row["catatan"] for row in rows] == [f"'{note}" for note in DANGEROUS]


def test_plain_numbers_and_marks_stay_as_they_are_in_csv(tmp_path: Path) -> None:
    rows = _rows(_run(_with_notes(tmp_path / "in.csv", HARMLESS)).stdout)
    assert [row["catatan"] for row in rows] == list(HARMLESS)


def test_a_text_that_a_spreadsheet_would_run_is_a_string_cell_in_xlsx(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    _run(_with_notes(tmp_path / "in.csv", (*DANGEROUS, "#N/A", "\x01x")), "--keluaran", target)
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    cells = [row[5] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*DANGEROUS, "#N/A", "_x0001_x"]
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_csv_file_begins_with_a_byte_order_mark_for_spreadsheets(tmp_path: Path) -> None:
    source, target = _with_notes(tmp_path / "in.csv", ("x",)), tmp_path / "out.csv"
    result = _run(source, "--keluaran", target)
    assert result.stdout == ""
    assert target.read_bytes().startswith(BOM + b"indikator,")


def test_the_input_is_never_overwritten_under_any_name(tmp_path: Path) -> None:
    source = _with_notes(tmp_path / "in.csv", ("x",))
    before = source.read_bytes()
    (tmp_path / "link.csv").symlink_to(source)
    for target in (source, tmp_path / "link.csv", tmp_path / "." / "in.csv"):
        message, code = _error(source, "--keluaran", target)
        assert "sama dengan berkas masukan" in message
        assert code == 1
    assert source.read_bytes() == before


@pytest.mark.parametrize("name", ["out.xls", "out", "out.pdf"])
def test_another_ending_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    message, code = _error(tmp_path / "none.csv", "--keluaran", tmp_path / name)
    assert "harus .csv atau .xlsx" in message
    assert code == 2


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = _with_notes(tmp_path / "in.csv", ("x",)), tmp_path / "out.csv"
    target.write_text("lama")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("services.commands.files.os.fsync", full)
    assert _error(source, "--keluaran", target) == (f"Berkas {target} tidak dapat ditulis: media penuh.", 2)
    assert target.read_text() == "lama"
    assert {p.name for p in tmp_path.iterdir()} == {"in.csv", "out.csv"}


def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    _run(_with_notes(tmp_path / "in.csv", ("x",)), "--keluaran", target)
    (tmp_path / "usual").touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)


def test_an_output_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    target = tmp_path / "none" / "out.csv"
    assert _error(_with_notes(tmp_path / "in.csv", ("x",)), "--keluaran", target) == (f"Berkas {target} tidak ada.", 2)


def test_ten_thousand_rows_of_a_workbook_are_all_computed(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER.split(","))
    for n in range(10_000):
        percent = WriteOnlyCell(sheet, 0.5)
        percent.number_format = "0%"
        sheet.append([f"Indikator {n}", "%", percent, "25%", "naik"])
    book.save(tmp_path / "in.xlsx")
    result = _run(tmp_path / "in.xlsx", "--keluaran", tmp_path / "out.xlsx")
    assert result.exception is None
    assert "10.000 dari 10.000 baris terhitung" in result.stderr


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(["naik", "50", "%"]),
            min_size=5,
            max_size=5,
        ),
        max_size=5,
    )
)
def test_any_text_in_any_cell_gives_a_row_and_never_an_error(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([HEADER.split(","), *rows])
    result = _run(path)
    assert result.exception is None, result.exception
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert f" dari {len(filled)} baris terhitung" in result.stderr
