"""Tables as files and back: nothing is lost, nothing runs, the same rows give the same bytes."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.clock import WIB
from services.store import schema
from services.store.schema import Column, Kind, Table
from services.store.sheets_cells import Unusable
from services.store.store import Row
from services.tabular import grids
from services.tabular.export import export_table, export_workbook, restricted
from services.tabular.grids import BadFile, ErrorValue, Formula, TypedCell
from services.tabular.upload import Upload, read_upload
from services.tabular.values import Form, from_cell, same
from tests.unit import offices
from tests.unit.nasty import naive, text_values, values_of


def rows_of(table: Table) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries({column.name: values_of(column) for column in table.columns})


def differences(table: Table, rows: list[Row], found: Upload) -> list[tuple[int, str]]:
    """Cells of the file that do not say what is stored."""
    return [
        (number, column.name)
        for number, (row, read) in enumerate(zip(rows, found.rows, strict=True))
        for column in table.columns
        if not same(column, read.cells[column.name], row[column.name], found.form)
    ]


def texts(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


EVERY_KIND = Table(
    "Semua",
    (*(Column(kind.value, f"Kolom {kind.value}", kind) for kind in Kind), Column("id", "ID", required=True)),
)


@pytest.mark.parametrize("form", Form)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_file_read_back_says_what_is_stored(form: Form, data: st.DataObject) -> None:
    rows = data.draw(st.lists(rows_of(EVERY_KIND), max_size=4))
    assert differences(EVERY_KIND, rows, read_upload("a", export_table(EVERY_KIND, rows, form), EVERY_KIND)) == []


@pytest.mark.parametrize("form", Form)
@settings(max_examples=150, deadline=None)
@given(text=text_values())
def test_a_text_comes_back_as_it_was(form: Form, text: str) -> None:
    table = schema.PROFILE
    row: Row = {"id": "x", "value": text, "note": ""}
    read = read_upload("a", export_table(table, [row], form), table).rows[0].cells["value"]
    if "E+" not in text:
        assert from_cell(table.column("value"), read, form) == text


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("form", Form)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_table_can_be_written_and_read(table: Table, form: Form, data: st.DataObject) -> None:
    rows = data.draw(st.lists(rows_of(table), min_size=1, max_size=2))
    found = read_upload("a", export_table(table, rows, form), table)
    assert differences(table, rows, found) == []
    assert found.notes == ()


def test_another_value_is_seen_as_another() -> None:
    column = schema.PROFILE.column("value")
    assert not same(column, TypedCell("a"), "b", Form.CSV)
    assert not same(column, TypedCell(Formula("=1")), "=1", Form.XLSX)
    assert not same(schema.TARGET.column("q1"), TypedCell(83.3), Decimal("83.33"), Form.XLSX)
    assert not same(schema.TARGET.column("q1"), TypedCell(0), None, Form.XLSX)


# --- XLSX --------------------------------------------------------------------------------------------------------


def sheet_of(table: Table, *rows: Row) -> Any:
    return openpyxl.load_workbook(io.BytesIO(export_table(table, rows, Form.XLSX))).worksheets[0]


def test_the_header_is_bold_and_frozen_and_has_a_filter() -> None:
    sheet = sheet_of(schema.HOLIDAY, {"id": "a", "day": date(2026, 8, 17), "kind": "x", "name": "y", "basis": "z"})
    assert [cell.value for cell in sheet[1]] == [column.header for column in schema.HOLIDAY.columns]
    assert all(cell.font.bold for cell in sheet[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.title) == ("A2", "A1:E2", "HariLibur")
    assert not sheet["A2"].font.bold


def test_numbers_and_dates_are_typed_and_codes_are_texts() -> None:
    _, row = offices.target("a", 100, budget=Decimal("12450000.5"))
    sheet = sheet_of(schema.TARGET, row)
    cells = {cell.value: sheet.cell(2, cell.column) for cell in sheet[1]}
    assert (cells["Tahun"].value, cells["Tahun"].number_format) == (2026, "0")
    assert (cells["Pagu (Rp)"].value, cells["Pagu (Rp)"].number_format) == (12450000.5, "#,##0.0")
    _, code = offices.indicator("a", "pem", code="7.01")
    found = sheet_of(schema.INDICATOR, code)["B2"]
    assert (found.value, found.data_type, found.quotePrefix) == ("7.01", "s", True)
    day = sheet_of(schema.HOLIDAY, {"id": "a", "day": date(2026, 8, 17), "kind": "", "name": "", "basis": ""})["B2"]
    assert (day.value, day.number_format) == (naive("2026-08-17"), "dd/mm/yyyy")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "#N/A", "2026-01-01", "TRUE"])
def test_no_text_runs_or_changes_in_a_workbook(text: str) -> None:
    cell = sheet_of(schema.PROFILE, {"id": "x", "value": text, "note": ""})["B2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert grids.unescaped(cell.value) == text


def test_a_text_too_long_for_a_cell_is_refused_with_what_to_do() -> None:
    row: Row = {"id": "x", "value": "a" * 32_768, "note": ""}
    with pytest.raises(BadFile, match=r"\.csv"):
        export_table(schema.PROFILE, [row], Form.XLSX)
    assert len(export_table(schema.PROFILE, [{**row, "value": "a" * 32_767}], Form.XLSX)) > 0


def test_a_workbook_of_all_tables_has_a_sheet_for_each() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export_workbook({table: [] for table in schema.TABLES})))
    assert book.sheetnames == [table.name for table in schema.TABLES]
    assert read_upload("a", export_workbook({t: [] for t in schema.TABLES}), schema.TARGET).rows == ()


@pytest.mark.parametrize("form", Form)
def test_the_same_rows_give_the_same_bytes(form: Form) -> None:
    _, row = offices.entry("a", 80, driver="=x")
    assert export_table(schema.ENTRY, [row], form) == export_table(schema.ENTRY, [dict(row)], form)


def test_no_time_of_writing_is_in_a_workbook() -> None:
    with zipfile.ZipFile(io.BytesIO(export_table(schema.PROFILE, [], Form.XLSX))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/core.xml" not in archive.namelist()


# --- CSV ---------------------------------------------------------------------------------------------------------


def test_csv_is_as_an_indonesian_excel_wants_it() -> None:
    _, row = offices.target("a", 100, annual=Decimal("83.33"), budget=Decimal(12450000))
    data = export_table(schema.TARGET, [row], Form.CSV)
    assert data.startswith(b"\xef\xbb\xbfID;Indikator;Tahun;")
    assert data.count(b"\r\n") == 2
    header, values = texts(data)
    cells = dict(zip(header, values, strict=True))
    assert (cells["Target tahunan"], cells["Pagu (Rp)"], cells["Tahun"]) == ("83,33", "12450000", "2026")


@pytest.mark.parametrize("text", ["=1+1", "+62812", "@x", "\t=1", "\r=1", " =1", "00123", "197206051993031005", "7.01"])
def test_a_text_that_a_spreadsheet_would_change_gets_an_apostrophe(text: str) -> None:
    data = export_table(schema.PROFILE, [{"id": "x", "value": text, "note": ""}], Form.CSV)
    assert texts(data)[1][1] == f"'{text}"


@pytest.mark.parametrize("text", ["-", "a-b", "Jalan 5", "'a"])
def test_other_texts_stand_as_they_are(text: str) -> None:
    data = export_table(schema.PROFILE, [{"id": "x", "value": text, "note": ""}], Form.CSV)
    assert texts(data)[1][1] == text


def test_dates_and_moments_are_iso() -> None:
    moment = datetime(2026, 11, 3, 10, 20, 30, 123456, tzinfo=WIB)
    _, row = offices.cycle(opened_at=moment, locked_at=None)
    header, values = texts(export_table(schema.CYCLE, [row], Form.CSV))
    cells = dict(zip(header, values, strict=True))
    assert (cells["Dibuka pada"], cells["Tenggat data"]) == ("2026-11-03 10:20:30", "2026-11-07")
    assert cells["Dikunci pada"] == ""


# --- which rows --------------------------------------------------------------------------------------------------


def test_rows_are_restricted_by_the_columns_a_table_has() -> None:
    rows = [offices.entry("a", 1)[1], {**offices.entry("b", 1)[1], "quarter": 2}]
    assert restricted(schema.ENTRY, rows, 2026, 3) == rows[:1]
    assert restricted(schema.ENTRY, rows, 2026) == rows
    assert restricted(schema.ENTRY, rows, 2025) == []
    targets = [offices.target("a")[1]]
    assert restricted(schema.TARGET, targets, 2026, 3) == targets
    sections = [offices.section("pem")[1]]
    assert restricted(schema.SECTION, sections, 2025, 1) == sections


# --- reading what others made ------------------------------------------------------------------------------------


def book(*lines: list[Any], title: str = "Profil", formats: dict[str, str] | None = None, merge: str = "") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    if merge:
        sheet.merge_cells(merge)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


HEADER = ["ID", "Nilai", "Keterangan"]


def problem_of(cell: TypedCell, kind: Kind = Kind.ENTRY) -> str:
    with pytest.raises(Unusable) as error:
        from_cell(Column("x", "X", kind), cell, Form.XLSX)
    return f"{error.value.why}. {error.value.suggestion}"


def test_a_formula_is_a_problem_whatever_it_last_gave() -> None:
    cell = read_upload("a.xlsx", book(HEADER, ["x", "=1+1", ""]), schema.PROFILE).rows[0].cells["value"]
    assert "rumus" in problem_of(cell)


def test_an_error_of_a_formula_is_a_problem_but_the_same_text_is_not() -> None:
    assert "galat rumus" in problem_of(TypedCell(ErrorValue("#REF!")))
    assert from_cell(schema.PROFILE.column("value"), TypedCell("#REF!"), Form.XLSX) == "#REF!"


def test_a_percentage_is_a_problem_and_says_which_number_to_write() -> None:
    table = schema.TARGET
    data = book([c.header for c in table.columns], ["t", "a", 2026, 1, 0.8], title="Target", formats={"E2": "0%"})
    assert "tulis 80." in problem_of(read_upload("a.xlsx", data, table).rows[0].cells["annual"])


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.ENTRY, Kind.NUMBER, Kind.INTEGER, Kind.FLAG])
def test_a_date_is_a_problem_where_no_date_belongs(kind: Kind) -> None:
    assert "tanggal" in problem_of(TypedCell(naive("2026-04-03")), kind)
    assert "tanggal" in problem_of(TypedCell(timedelta(hours=3)), kind)


def test_a_code_that_became_a_number_is_a_problem() -> None:
    assert "Teks" in problem_of(TypedCell(7.1), Kind.TEXT)
    assert "Teks" in problem_of(TypedCell(197206051993031005), Kind.TEXT)
    assert "digit" in problem_of(TypedCell("1,97206E+17"), Kind.TEXT)
    assert from_cell(schema.PROFILE.column("value"), TypedCell(2026), Form.XLSX) == "2026"


def test_a_date_may_be_a_text_of_the_usual_forms() -> None:
    day = schema.HOLIDAY.column("day")
    for typed in ("17/08/2026", "2026-08-17", "17 Agustus 2026"):
        assert from_cell(day, TypedCell(typed), Form.CSV) == date(2026, 8, 17)
    assert "tanggal" in problem_of(TypedCell("Senin depan"), Kind.DATE)


def test_merged_cells_refuse_their_rows_only() -> None:
    data = book(HEADER, ["a", "1", ""], ["b", "2", ""], ["c", "3", ""], merge="B3:B4")
    found = read_upload("a.xlsx", data, schema.PROFILE)
    assert [bool(row.problem) for row in found.rows] == [False, True, True]
    assert "B3:B4" in found.rows[1].problem


def test_the_sheet_named_like_the_table_is_read() -> None:
    made = openpyxl.Workbook()
    made.create_sheet("profil").append(HEADER)
    buffer = io.BytesIO()
    made.save(buffer)
    assert read_upload("a.xlsx", buffer.getvalue(), schema.PROFILE).notes == ("Hanya lembar “profil” yang dibaca.",)
    with pytest.raises(BadFile, match="tidak satu pun bernama “Seksi”"):
        read_upload("a.xlsx", buffer.getvalue(), schema.SECTION)


def test_headers_are_found_wherever_they_stand_and_strange_ones_are_named() -> None:
    data = b"keterangan;NILAI;Catatan;id\nk;v;c;x\n"
    found = read_upload("a.csv", data, schema.PROFILE)
    assert {name: cell.value for name, cell in found.rows[0].cells.items()} == {"id": "x", "value": "v", "note": "k"}
    assert found.notes == (
        "Kolom yang tidak dikenal dan tidak dibaca: Catatan.",
        "Urutan kolom lain dari biasanya; kolom dikenali menurut judulnya.",
    )


def test_a_missing_column_is_named_and_a_near_header_is_understood_as_meant() -> None:
    notes = read_upload("a.csv", b"ID;Nilai;Keterangn\nx;v;k\n", schema.PROFILE).notes
    assert notes == (
        "Kolom yang tidak dikenal dan tidak dibaca: Keterangn. Mungkin “Keterangn” maksudnya “Keterangan”.",
        "Kolom yang tidak ada di berkas, sehingga nilainya tidak berubah: Keterangan.",
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "kosong"),
        (b"ID;Nilai;Nilai\nx;1;2\n", "lebih dari sekali"),
        (b"a;b\n1;2\n", "tidak memuat kolom tabel Profil"),
        (b'ID;Nilai\nx;"a\n', "kutip"),
        (b"PK\x03\x04rusak", "rusak"),
        (b"\xd0\xcf\x11\xe0", "Excel lama"),
        (b"\xff\xfe\x00", "bukan teks CSV"),
        (b"\x81\x8d", "bukan teks CSV"),
        (b"x" * (grids.LARGEST_FILE + 1), "lebih besar dari 20 MB"),
        (b"ID;Nilai" + b";" * grids.MOST_CELLS, "terlalu banyak sel"),
        (b"ID;Nilai\n" + b";\n" * grids.MOST_CELLS, "terlalu banyak sel"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(data: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read_upload("a", data, schema.PROFILE)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO(book(HEADER))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a", "w") as part:
        for _ in range(grids.LARGEST_UNPACKED // 10_000_000 + 1):
            part.write(bytes(10_000_000))
    assert len(buffer.getvalue()) < 1_000_000
    with pytest.raises(BadFile, match="lebih besar dari 100 MB bila dibuka"):
        read_upload("a.xlsx", buffer.getvalue(), schema.PROFILE)


def test_a_lonely_cell_at_the_far_end_does_not_make_a_giant() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet["XFD1048576"] = "x"
    buffer = io.BytesIO()
    made.save(buffer)
    with pytest.raises(BadFile, match="terlalu banyak sel"):
        read_upload("a.xlsx", buffer.getvalue(), schema.PROFILE)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(BadFile):
        read_upload("a", data, schema.PROFILE)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 3000), byte=st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused(at: int, byte: int) -> None:
    data = bytearray(export_table(schema.PROFILE, [{"id": "x", "value": "y", "note": ""}], Form.XLSX))
    data[at % len(data)] = byte
    with contextlib.suppress(BadFile):
        read_upload("a", bytes(data), schema.PROFILE)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + ']><x xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&a9;</x>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{0}">]><x>&e;</x>'


@pytest.mark.parametrize("part", ["worksheets/sheet1", "workbook", "styles", "sharedStrings"])
def test_a_workbook_whose_xml_is_a_bomb_or_points_outside_does_no_harm(part: str, tmp_path: Path) -> None:
    (tmp_path / "rahasia").write_text("isi berkas rahasia", "utf-8")
    for text in (BOMB, OUTSIDE.format((tmp_path / "rahasia").as_uri()), OUTSIDE.format("http://127.0.0.1:1/x")):
        said = outcome(with_part(f"xl/{part}.xml", text.encode()))
        assert "isi berkas rahasia" not in said
        assert len(said) < 500
        assert part != "worksheets/sheet1" or "rusak atau bukan XLSX" in said


def outcome(data: bytes) -> str:
    """What is read, or why nothing is."""
    try:
        return str([dict(row.cells) for row in read_upload("a.xlsx", data, schema.PROFILE).rows])
    except BadFile as error:
        return str(error)


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one part put in place of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(HEADER, ["x", "y", ""]))) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return buffer.getvalue()


def test_what_a_workbook_links_to_outside_is_not_opened_and_its_value_is_a_problem() -> None:
    line = ["x", "='http://127.0.0.1:1/[b.xlsx]S'!A1", '=WEBSERVICE("http://127.0.0.1:1/")']
    [row] = read_upload("a.xlsx", book(HEADER, line), schema.PROFILE).rows
    assert all("rumus" in problem_of(row.cells[column]) for column in ("value", "note"))


@pytest.mark.parametrize("name", ["data.xlsx", "data.csv", "../../data.xlsx", "\u202exslx.exe"])
def test_what_a_file_is_decides_its_content_not_its_name(name: str) -> None:
    for data in (b"MZ\x90\x00\x03\x00", b"\x7fELF\x02\x01\x01\x00", b"%PDF-1.7\n\x9d\x81"):
        with pytest.raises(BadFile):
            read_upload(name, data, schema.PROFILE)
    assert len(read_upload(name, book(HEADER, ["x", "y", ""]), schema.PROFILE).rows) == 1
