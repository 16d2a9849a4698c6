"""The fingerprint: the same for the same data, another for other data, and to be computed again from the PDF alone."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO

import pikepdf
import pymupdf
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from services import VERSION
from services.domain.indicators import Period
from services.report import manifest
from services.report.document import build_report
from services.report.fingerprint import TEMPLATE_VERSION, fingerprint, fingerprint_of, from_csv, short, to_csv, typed
from services.store import schema
from services.store.store import Row, Value
from services.views.office import Office
from services.views.report_data import DataTable, data_of
from tests.report.test_document import NOW, PERIOD, real_office, text
from tests.report.test_standards import ISSUE
from tests.unit import offices


def placed(**changes: Value) -> list[offices.Placed]:
    """A small office with fixed ids; ``changes`` replace values of the one entry."""
    values: dict[str, Value] = {"actual": Decimal(80), "spent": Decimal(1000), "obstacle": "hujan"} | changes
    actual, spent = values.pop("actual"), values.pop("spent")
    return [
        offices.setting("nama_kecamatan", "Silaut"),
        offices.section("pem"),
        offices.indicator("a", "pem"),
        offices.target("a", id="t1"),
        offices.cycle(id="c1"),
        offices.entry("a", actual, spent, **{"id": "e1"} | values),
    ]


def office(**changes: Value) -> Office:
    return offices.office(*placed(**changes))


USUAL = fingerprint_of(office(), PERIOD)


def changed(place: Office, table: schema.Table, row_id: str, values: Mapping[str, Value]) -> Office:
    rows: tuple[Row, ...] = tuple({**r, **values} if r["id"] == row_id else r for r in place.snapshot.rows(table))
    return Office(replace(place.snapshot, tables={**place.snapshot.tables, table.name: rows}))


def test_it_is_sha_256_in_64_hexadecimal_digits() -> None:
    assert re.fullmatch("[0-9a-f]{64}", USUAL)


def test_the_same_data_give_the_same_fingerprint() -> None:
    assert fingerprint_of(office(), PERIOD) == USUAL


def test_the_order_of_rows_the_revision_and_the_moment_of_reading_say_nothing() -> None:
    sample = real_office()
    shuffled = {}
    for name, rows in sample.snapshot.tables.items():
        mixed = list(rows)
        random.Random(7).shuffle(mixed)
        shuffled[name] = tuple(mixed)
    later = replace(sample.snapshot, tables=shuffled, revision=99, read_at=datetime(2031, 1, 1, tzinfo=UTC))
    assert fingerprint_of(Office(later), PERIOD) == fingerprint_of(sample, PERIOD)


@pytest.mark.parametrize("same", [Decimal("80.0"), Decimal("8E+1"), "80"])
def test_a_number_is_the_same_however_it_is_written_down(same: Value) -> None:
    assert fingerprint_of(office(actual=same), PERIOD) == USUAL


@pytest.mark.parametrize(
    "change",
    [{"actual": Decimal("80.01")}, {"actual": None}, {"spent": Decimal(0)}, {"obstacle": "hujan "}, {"evidence": "x"}],
)
def test_one_changed_value_gives_another_fingerprint(change: dict[str, Value]) -> None:
    assert fingerprint_of(office(**change), PERIOD) != USUAL


# Every column of every table that the report reads

EARLIER = Period(2026, 2)
NOT_PART_OF_IT = {
    **dict.fromkeys(("Pengecualian", "Jawaban", "CekMonev", "Draf", "Dokumen", "Arsip")),
    "Profil": {"note"},
    "Indikator": {"active"},
    "Siklus": {"opened_by"},
    "Kiriman": {"at", "by"},
    "Isian": {"entered_by", "entered_at", "actual", "spent"},  # what was given in counts
    **{name: {"entered_by", "entered_at"} for name in ("Monev", "Analisis", "TindakLanjut", "Pembahasan")},
    "Teks": {"entered_by", "entered_at"},
}
"""What may change without another fingerprint: whole tables (None), or columns."""
OTHER_WORDS = {
    ("Pejabat", "role"): ("camat", "kasi"),
    ("Indikator", "level"): ("IKU", "Program"),
    ("Indikator", "polarity"): ("naik", "turun"),
    ("Indikator", "aggregation"): ("jumlah", "posisi akhir"),
    ("Langkah", "event"): ("kirim", "jeda"),
    ("SOP", "unit"): ("jam", "hari"),
    ("TindakLanjut", "status"): ("belum", "selesai"),
    ("Koreksi", "status"): ("terbuka", "selesai"),
    ("Teks", "name"): ("kata_pengantar", "latar_belakang"),
}


def another(table: schema.Table, column: schema.Column, value: Value) -> Value:
    """A value of the same kind that is another one."""
    if words := OTHER_WORDS.get((table.name, column.name)):
        return next(word for word in words if word != value)
    match column.kind:
        case schema.Kind.TEXT:
            return f"{value}7"
        case schema.Kind.FLAG:
            return not value
        case schema.Kind.DATE:
            return value + timedelta(days=1) if isinstance(value, date) else date(2026, 7, 7)
        case schema.Kind.MOMENT:
            return value + timedelta(days=1) if isinstance(value, datetime) else NOW
        case schema.Kind.INTEGER:
            return (value if isinstance(value, int) else 0) + 1
        case _:
            return value + 1 if isinstance(value, Decimal) else Decimal(7)


def own_rows(place: Office, table: schema.Table) -> list[Row]:
    """Rows of the quarter where the table has a quarter; else all of them."""
    rows = place.snapshot.rows(table)
    key = (EARLIER.year, EARLIER.quarter)
    return [r for r in rows if "quarter" not in r or (r["year"], r["quarter"]) == key] or list(rows)


@cache
def complete() -> Office:
    """The sample with a row in every table."""
    place = real_office()
    text_row = {c.name: "" for c in schema.REPORT_TEXT.columns} | {"id": "t", "name": "kata_pengantar", "text": "Kata"}
    text_row |= {"year": None, "quarter": None, "entered_at": NOW}
    return Office(replace(place.snapshot, tables={**place.snapshot.tables, "Teks": (text_row,)}))


@pytest.mark.parametrize("table", schema.SNAPSHOT_TABLES, ids=lambda t: t.name)
def test_one_changed_value_of_any_column_gives_another_fingerprint_and_nothing_else_does(table: schema.Table) -> None:
    place = complete()
    usual, found = fingerprint_of(place, EARLIER), own_rows(place, table)
    rows = [*found[:1], *found[-2:]]
    for column in table.columns[1:]:
        left_out = NOT_PART_OF_IT.get(table.name, frozenset())
        tried = (
            changed(place, table, str(r["id"]), {column.name: another(table, column, r[column.name])}) for r in rows
        )
        differs = any(fingerprint_of(one, EARLIER) != usual for one in tried)
        assert differs == (left_out is not None and column.name not in left_out), column.name


def test_who_typed_and_when_and_the_steps_after_the_report_are_not_part_of_it() -> None:
    stamped = changed(office(), schema.ENTRY, "e1", {"entered_by": "rina", "entered_at": NOW})
    assert fingerprint_of(stamped, PERIOD) == USUAL
    steps = list(offices.finished(13))
    until = [fingerprint_of(offices.office(*placed(), *steps[:count]), PERIOD) for count in range(len(steps) + 1)]
    assert until[-1] == until[-2] == until[-3]
    assert len(set(until)) == len(until) - 2


def test_a_holiday_of_another_year_is_not_part_of_it() -> None:
    holiday = {"day": date(2031, 1, 1), "kind": "libur nasional", "name": "Tahun baru", "basis": "SKB"}
    assert fingerprint_of(offices.office(*placed(), (schema.HOLIDAY, {"id": "l", **holiday})), PERIOD) == USUAL


def test_a_figure_changed_after_it_was_given_in_does_not_count_yet() -> None:
    given_in = {"year": 2026, "quarter": 3, "indicator_id": "a", "actual": Decimal(80), "spent": Decimal(1000)}
    row: Row = {"id": "k1", "at": NOW, "by": "rina", **given_in}
    here = offices.office(*placed(actual=Decimal(99)), (schema.GIVEN, row))
    assert fingerprint_of(here, PERIOD) == USUAL


def test_another_quarter_and_another_template_give_another_fingerprint() -> None:
    tables = data_of(office(), PERIOD)
    assert fingerprint("Kecamatan Silaut", PERIOD, tables) == USUAL
    assert fingerprint("Kecamatan Silaut", Period(2026, 4), tables) != USUAL
    assert fingerprint("Kecamatan Silaut", PERIOD, tables, "lain") != USUAL


def test_moments_are_the_same_in_every_time_zone() -> None:
    here = data_of(changed(office(), schema.ENTRY, "e1", {"evidence": NOW}), PERIOD)
    there = data_of(changed(office(), schema.ENTRY, "e1", {"evidence": NOW.astimezone(UTC)}), PERIOD)
    assert here == there


def test_a_fingerprint_typed_from_paper_is_understood_with_spaces_and_in_capitals() -> None:
    printed = short(USUAL)
    assert re.fullmatch("([0-9A-F]{8} ){7}[0-9A-F]{8}", printed)
    assert typed(f"  {printed.replace(' ', '  ')}\n") == typed(printed.replace(" ", "-")) == USUAL


@pytest.mark.parametrize("text", ["", "1234567", short(USUAL) + "0", "z" * 64])
def test_what_is_no_fingerprint_is_not_taken_for_one(text: str) -> None:
    assert typed(text) is None


# The data inside the PDF

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_csv_gives_back_what_went_in_whatever_people_typed(rows: list[tuple[str, str]]) -> None:
    table = DataTable("isian", "", ("Kolom", "=Kolom"), tuple(rows))
    assert from_csv("isian", to_csv(table)) == table


@given(st.sampled_from("=+-@\t\r"), CELLS)
def test_no_cell_of_the_csv_is_a_formula_for_a_spreadsheet(start: str, rest: str) -> None:
    content = to_csv(DataTable("isian", "", ("K", "L"), ((f"{start}{rest}x", ""),))).decode()
    assert content.split("\r\n", 1)[1].lstrip('"').startswith("'")


def test_a_negative_number_stays_a_number() -> None:
    assert to_csv(DataTable("isian", "", ("K",), (("-12.5",),))) == b"K\r\n-12.5\r\n"


def attached(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}


def test_the_report_carries_its_data_and_a_manifest_over_them() -> None:
    report = build_report(real_office(), PERIOD, NOW, draft=False, issue=ISSUE)
    files = attached(report.pdf)
    said = json.loads(files.pop("manifest.json"))
    assert {one["nama"]: one["sha256"] for one in said["lampiran"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    assert {"indikator.csv", "target.csv", "isian.csv", "hasil.csv", "setelan.csv"} <= set(files)
    assert (said["kantor"], said["triwulan"], said["nomor"]) == ("Kecamatan Silaut", "2026-3", ISSUE.number)
    assert (said["templat"], said["versi_aplikasi"], said["keadaan_data"]) == (
        TEMPLATE_VERSION,
        VERSION,
        NOW.isoformat(),
    )
    assert said["sidik_data"] == report.fingerprint == fingerprint_of(real_office(), PERIOD)


def test_the_fingerprint_can_be_computed_from_the_attachments_by_the_recipe_in_the_manifest() -> None:
    """Nothing of the application is used here but the file."""
    files = attached(build_report(real_office(), PERIOD, NOW, draft=True).pdf)
    said = json.loads(files["manifest.json"])
    data = {}
    for name in (one["nama"] for one in said["lampiran"]):
        table = from_csv(name, files[name])
        data[name.removesuffix(".csv")] = {"kolom": list(table.columns), "baris": sorted(map(list, table.rows))}
    content = {"data": data, "kantor": said["kantor"], "templat": said["templat"], "triwulan": said["triwulan"]}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == said["sidik_data"]


def test_the_attached_figures_are_those_that_count() -> None:
    files = attached(build_report(office(actual="12,5 %"), PERIOD, NOW, draft=True).pdf)
    assert b",12.5 %," in files["isian.csv"] or b'"12,5 %"' in files["isian.csv"]
    assert b"Realisasi" in files["isian.csv"]


@pytest.mark.parametrize("broken", [b"", b"{}", b"[]", b'{"jenis": 1}', b"\xff", b'"x"'])
def test_a_broken_manifest_is_refused_with_a_clear_error(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        manifest.read(broken)


# On paper


def test_a_final_report_shows_its_fingerprint_number_and_quarter_and_is_no_tte() -> None:
    report = build_report(real_office(), PERIOD, NOW, draft=False, issue=ISSUE)
    said = text(report)
    assert short(report.fingerprint) in said
    assert "Nomor: 400/12/Silaut/2026 Triwulan III Tahun 2026, Kecamatan Silaut" in said
    assert "bukan tanda tangan elektronik (TTE)" in said
    assert "Silaut, 3 November 2026" in said


def test_a_draft_shows_no_fingerprint_no_number_and_no_code() -> None:
    report = build_report(real_office(), PERIOD, NOW, draft=True, issue=ISSUE)
    said = text(report)
    assert short(report.fingerprint)[:8] not in said
    assert ISSUE.number not in said
    assert "Kode QR" not in said


def test_an_issued_report_is_dated_and_signed_as_it_was_issued() -> None:
    issue = replace(ISSUE, day=date(2026, 11, 20), signatory_post="Plt. Camat Silaut", signatory_name="Nama Pelaksana")
    said = text(build_report(real_office(), PERIOD, NOW + timedelta(days=1), draft=False, issue=issue))
    assert "Silaut, 20 November 2026 PLT. CAMAT SILAUT, Nama Pelaksana" in said
    assert f"Nomor dokumen: {ISSUE.number}" in said


def test_the_printed_code_has_the_modules_of_the_standard_code() -> None:
    report = build_report(real_office(), PERIOD, NOW, draft=False, issue=ISSUE)
    wanted = segno.make(
        f"Laporan Monev Triwulan III Tahun 2026, Kecamatan Silaut\nNomor: {ISSUE.number}\n"
        f"Sidik data (SHA-256): {report.fingerprint}",
        micro=False,
        error="m",
        boost_error=False,
    ).matrix
    with pikepdf.open(BytesIO(report.pdf)) as pdf:
        figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        code = next(one for one in figures if "Kode QR" in str(one.Alt))
        number = next(n for n, page in enumerate(pdf.pages) if page.objgen == code.Pg.objgen)
        left, _, right, upper = map(float, code.A.BBox)
    page = pymupdf.open(stream=report.pdf, filetype="pdf")[number]
    picture = page.get_pixmap(matrix=pymupdf.Matrix(6, 6), colorspace="gray")
    unit, height = (right - left) / (len(wanted) + 8), page.rect.height
    for row, modules in enumerate(wanted):
        for column, dark in enumerate(modules):
            x, y = left + (column + 4.5) * unit, height - upper + (row + 4.5) * unit
            assert (picture.pixel(int(x * 6), int(y * 6))[0] < 128) == bool(dark)
