"""What people type into a sheet is understood, missing, or a clear finding; what is written can be read again."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.indicators import Bounds, Period
from services.domain.numbers import (
    NBSP,
    WIB,
    Problem,
    ProblemKind,
    clean,
    format_age,
    format_bounds,
    format_date,
    format_datetime,
    format_day,
    format_money,
    format_nip,
    format_number,
    format_percent,
    format_period,
    format_short_date,
    format_time,
    official_period,
    period_range,
    place_and_date,
    read_date,
    read_money,
    read_number,
    read_target,
    round_half_up,
    short_period,
)

D = Decimal
EIGHTY_TO_HUNDRED = Bounds(D(80), D(100))

numbers = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
amounts = st.decimals(min_value=0, max_value=10**12, places=2)
dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31))
cells = st.one_of(
    st.none(),
    st.text(),
    st.text(alphabet="0123456789.,-–−+%Rp /#sd\u00a0\n"),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
)
units = st.sampled_from(["", "%", "persen", "dokumen", "laporan", "orang-bulan", "Rp", "m2"])


# --- realisasi ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("1.250.000", "", "1250000"),
        ("4,395,868,582", "", "4395868582"),
        ("83,33", "", "83.33"),
        ("2.5", "", "2.5"),
        ("80%", "%", "80"),
        ("80 %", "%", "80"),
        ("80 persen", "%", "80"),
        ("80%", "persen", "80"),
        ("12.5%", "%", "12.5"),
        ("3 dokumen", "dokumen", "3"),
        ("18 dok", "dokumen", "18"),
        ("18 dok.", "dokumen", "18"),
        ("12 Laporan", "laporan", "12"),
        ("12laporan", "Laporan", "12"),
        ("8.3 Nilai", "nilai", "8.3"),
        ("15 orang bulan", "Orang-bulan", "15"),
        ("3 m2", "m2", "3"),
        ("12 desa", "desa", "12"),
        ("3 ha", "ha", "3"),
        ("1.250,5", "", "1250.5"),
        ("1.250,500", "", "1250.5"),
        ("1,250.75", "", "1250.75"),
        ("1250", "", "1250"),
        ("1234,567", "", "1234.567"),
        ("0,125", "", "0.125"),
        ("0.125", "", "0.125"),
        ("-2,5", "", "-2.5"),
        ("−2,5", "", "-2.5"),
        ("+3", "", "3"),
        ("03", "", "3"),
        ("0", "", "0"),
        ("-0", "", "0"),
        ("Rp 1.250.000,-", "Rp", "1250000"),
    ],
)
def test_a_clear_text_is_understood(typed: str, unit: str, value: str) -> None:
    reading = read_number(typed, unit)
    assert reading.problem is None
    assert reading.value == D(value)


def test_a_minus_zero_is_plain_zero() -> None:
    assert str(read_number("-0").value) == "0"
    assert str(read_number(-0.0).value) == "0"


@pytest.mark.parametrize(
    ("typed", "unit", "kind"),
    [
        ("1.250", "", ProblemKind.AMBIGUOUS),
        ("1,250", "", ProblemKind.AMBIGUOUS),
        ("-1.250", "", ProblemKind.AMBIGUOUS),
        ("012.500", "", ProblemKind.AMBIGUOUS),
        ("1.250 dokumen", "dokumen", ProblemKind.AMBIGUOUS),
        ("8 hari", "dokumen", ProblemKind.UNIT),
        ("3 do", "dokumen", ProblemKind.UNIT),
        ("18 dokumentasi", "dokumen", ProblemKind.UNIT),
        ("80%", "dokumen", ProblemKind.UNIT),
        ("80%", "", ProblemKind.UNIT),
        ("#REF!", "", ProblemKind.ERROR_VALUE),
        ("#DIV/0!", "", ProblemKind.ERROR_VALUE),
        ("#N/A", "", ProblemKind.ERROR_VALUE),
        ("3/4", "", ProblemKind.DATE),
        ("1-2", "", ProblemKind.DATE),
        ("3 Apr", "", ProblemKind.DATE),
        ("13.08.2024", "", ProblemKind.DATE),
        ("2026-04-03", "", ProblemKind.DATE),
        ("80 - 90", "%", ProblemKind.RANGE),
        ("1.2.3", "", ProblemKind.NOT_A_NUMBER),
        ("1.25.000", "", ProblemKind.NOT_A_NUMBER),
        ("1.250.00", "", ProblemKind.NOT_A_NUMBER),
        ("1,250,75", "", ProblemKind.NOT_A_NUMBER),
        ("1 250", "", ProblemKind.NOT_A_NUMBER),
        ("--", "", ProblemKind.NOT_A_NUMBER),
        ("- 5", "", ProblemKind.NOT_A_NUMBER),
        ("(5)", "", ProblemKind.NOT_A_NUMBER),
        ("1e5", "", ProblemKind.NOT_A_NUMBER),
        ("1e309", "", ProblemKind.NOT_A_NUMBER),
        ("NaN", "", ProblemKind.NOT_A_NUMBER),
        ("inf", "", ProblemKind.NOT_A_NUMBER),
        (",5", "", ProblemKind.NOT_A_NUMBER),
        ("5.", "", ProblemKind.NOT_A_NUMBER),
        ("tiga", "", ProblemKind.NOT_A_NUMBER),
        ("１２", "", ProblemKind.NOT_A_NUMBER),
        ("٣", "", ProblemKind.NOT_A_NUMBER),
        ("1٣", "", ProblemKind.NOT_A_NUMBER),
        ("nihil", "", ProblemKind.NOT_A_NUMBER),
        ("9" * 16, "", ProblemKind.OUT_OF_RANGE),
    ],
)
def test_an_unclear_text_is_a_finding(typed: str, unit: str, kind: ProblemKind) -> None:
    reading = read_number(typed, unit)
    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.kind is kind
    assert reading.problem.typed == typed
    assert reading.problem.why.endswith(".")
    assert reading.problem.suggestion.endswith(".")
    assert typed in reading.problem.message()


@pytest.mark.parametrize("cell", [None, "", "   ", "\u00a0\n\t\u200b", "NA", "na", "n/a", "N/A", "-", "–", " NA "])
def test_a_blank_or_na_cell_is_missing_and_not_zero(cell: str | None) -> None:
    for reading in (read_number(cell, "%"), read_money(cell)):
        assert reading.missing
        assert reading.value is None
    assert read_target(cell).value is None
    assert read_target(cell).problem is None
    assert read_date(cell) is None


def test_a_real_zero_is_a_value() -> None:
    assert read_number(0).value == 0
    assert not read_number("0").missing


@pytest.mark.parametrize(
    "typed", ["1\u00a0dokumen", "1  dokumen", "1\ndokumen", " 1\u200b dokumen\r\n", "\x001 dokumen"]
)
def test_spaces_and_line_breaks_inside_a_value_are_cleaned(typed: str) -> None:
    assert clean(typed) == "1 dokumen"
    assert read_number(typed, "dokumen").value == 1


@pytest.mark.parametrize(
    ("cell", "value"), [(1.25, "1.25"), (0.1, "0.1"), (1250, "1250"), (D("1.250"), "1.25"), (-3, "-3"), (1e14, "1E14")]
)
def test_a_numeric_cell_is_taken_as_it_is(cell: float | Decimal, value: str) -> None:
    assert read_number(cell).value == D(value)


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), D("NaN"), D("sNaN"), D("-Infinity")])
def test_a_numeric_cell_without_a_finite_number_is_a_finding(cell: float | Decimal) -> None:
    problem = read_number(cell).problem
    assert problem is not None
    assert problem.kind is ProblemKind.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (True, ProblemKind.BOOLEAN),
        (False, ProblemKind.BOOLEAN),
        (date(2026, 4, 3), ProblemKind.DATE),
        (datetime(2026, 2, 1, tzinfo=UTC), ProblemKind.DATE),
        (1e308, ProblemKind.OUT_OF_RANGE),
        (10**4000, ProblemKind.OUT_OF_RANGE),
    ],
)
def test_a_check_mark_a_date_or_an_absurd_number_is_a_finding(cell: bool | date | float, kind: ProblemKind) -> None:
    for reading in (read_number(cell), read_money(cell), read_target(cell)):
        assert reading.value is None
        assert reading.problem is not None
        assert reading.problem.kind is kind


def test_a_whole_number_too_long_for_python_to_print_is_a_finding() -> None:
    problem = read_number(10**5000).problem
    assert problem is not None
    assert problem.kind is ProblemKind.OUT_OF_RANGE


def test_a_date_made_by_the_spreadsheet_is_shown_as_the_day_it_became() -> None:
    problem = read_number(date(2026, 4, 3)).problem
    assert problem is not None
    assert problem.typed == "3/4/2026"


def test_a_percent_format_makes_eighty_of_the_number_0_8() -> None:
    assert read_number(0.8, "%", percent_format=True, target=EIGHTY_TO_HUNDRED).value == 80
    assert read_number(1, "%", percent_format=True, target=EIGHTY_TO_HUNDRED).value == 100


def test_a_percent_format_where_the_unit_is_no_percentage_is_a_finding() -> None:
    problem = read_number(0.8, "dokumen", percent_format=True).problem
    assert problem is not None
    assert problem.kind is ProblemKind.UNIT


@pytest.mark.parametrize("cell", [0.8, D("0.8"), "0,8", "0.8", 1])
def test_a_plain_fraction_against_a_target_of_80_to_100_percent_is_a_finding(cell: float | str) -> None:
    problem = read_number(cell, "%", target=EIGHTY_TO_HUNDRED).problem
    assert problem is not None
    assert problem.kind is ProblemKind.FRACTION_OF_PERCENT
    assert "×100" in problem.why


@pytest.mark.parametrize(
    ("cell", "unit", "target"),
    [
        ("0,8%", "%", EIGHTY_TO_HUNDRED),
        (0.8, "%", Bounds.exactly(D(2))),
        (0.8, "%", None),
        (0.8, "indeks", EIGHTY_TO_HUNDRED),
    ],
)
def test_a_fraction_that_is_meant_stays_what_it_is(cell: float | str, unit: str, target: Bounds | None) -> None:
    assert read_number(cell, unit, target=target).value == D("0.8")


def test_zero_percent_is_no_fraction() -> None:
    assert read_number(0, "%", target=EIGHTY_TO_HUNDRED).value == 0


def test_the_finding_on_a_fraction_names_both_ways_to_write_it() -> None:
    problem = read_number("0,8", "%", target=EIGHTY_TO_HUNDRED).problem
    assert problem is not None
    assert "Tulis 80% " in problem.suggestion
    assert "0,8%" in problem.suggestion


@pytest.mark.parametrize(
    ("typed", "whole", "words", "decimal"),
    [
        ("1.250", "1250", "seribu dua ratus lima puluh", "1,25"),
        ("83,125", "83125", "delapan puluh tiga ribu seratus dua puluh lima", "83,1250"),
        ("110.011", "110011", "seratus sepuluh ribu sebelas", "110,0110"),
        ("12.000", "12000", "dua belas ribu", "12"),
        ("-1.001", "-1001", "minus seribu satu", "-1,0010"),
    ],
)
def test_an_ambiguous_number_suggests_both_readings_in_unambiguous_form(
    typed: str, whole: str, words: str, decimal: str
) -> None:
    problem = read_number(typed).problem
    assert problem is not None
    assert problem.suggestion == f"Tulis {whole} bila maksudnya {words}, atau {decimal} bila maksudnya desimal."
    assert read_number(whole).value == D(whole)
    assert read_number(decimal).value == D(decimal.replace(",", "."))


def test_a_text_of_50_kilobytes_is_a_finding_at_once_and_shortened_in_the_message() -> None:
    started = time.perf_counter()
    for text in ("tiga " * 10_000, "1." * 25_000, "9" * 50_000, "1-" * 25_000):
        for reading in (read_number(text), read_money(text), read_target(text)):
            assert reading.problem is not None
            assert len(reading.problem.typed) == 60
        assert isinstance(read_date(text), Problem)
    assert time.perf_counter() - started < 2


# --- money -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.250.000", "1250000"),
        ("Rp 1.250.000,-", "1250000"),
        ("Rp.499.471.900", "499471900"),
        ("Rp. 499.471.900", "499471900"),
        ("Rp 1.250.000,00", "1250000"),
        ("Rp\u00a01.250.000", "1250000"),
        ("1.250.000 rupiah", "1250000"),
        ("4,395,868,582", "4395868582"),
        ("Rp1.250", "1250"),
        ("rp 1.250", "1250"),
        ("Rp 012.500", "12500"),
        ("1.250,-", "1250"),
        ("Rp 1.250.-", "1250"),
        ("Rp 0,-", "0"),
        ("1250000", "1250000"),
    ],
)
def test_an_amount_in_rupiah_is_understood(typed: str, value: str) -> None:
    assert read_money(typed).value == D(value)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("1.250", ProblemKind.AMBIGUOUS),
        ("Rp 1,250", ProblemKind.AMBIGUOUS),
        ("-5", ProblemKind.NEGATIVE),
        ("Rp -5.000.000", ProblemKind.NEGATIVE),
        ("(5)", ProblemKind.NOT_A_NUMBER),
        ("2,5 juta", ProblemKind.NOT_A_NUMBER),
        ("Rp", ProblemKind.NOT_A_NUMBER),
        ("Rp -", ProblemKind.NOT_A_NUMBER),
        ("#REF!", ProblemKind.ERROR_VALUE),
    ],
)
def test_an_unclear_amount_is_a_finding(typed: str, kind: ProblemKind) -> None:
    problem = read_money(typed).problem
    assert problem is not None
    assert problem.kind is kind


def test_a_negative_numeric_amount_is_a_finding() -> None:
    problem = read_money(-1250.5).problem
    assert problem is not None
    assert problem.kind is ProblemKind.NEGATIVE
    assert problem.typed == "-1250,5"


# --- targets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["80 - 90", "80-90", "80–90", "80 — 90", "80 s.d. 90", "80 s.d 90", "80 s/d 90", "80 sd 90", "80 sampai dengan 90",
     "80 hingga 90", "80 - 90 %", "80% – 90%", "80\u00a0s.d.\n90"],
)  # fmt: skip
def test_a_range_is_understood_in_every_usual_form(typed: str) -> None:
    assert read_target(typed, "%").value == Bounds(D(80), D(90))


@pytest.mark.parametrize("cell", ["80", "80%", 80, 80.0, D(80), "80,0"])
def test_a_single_number_is_a_target(cell: float | str) -> None:
    assert read_target(cell, "%").value == Bounds.exactly(D(80))


def test_a_target_cell_with_a_percent_format_is_a_hundredfold() -> None:
    assert read_target(0.95, "%", percent_format=True).value == Bounds.exactly(D(95))


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("90 - 80", ProblemKind.RANGE),
        ("-5", ProblemKind.NEGATIVE),
        (-5, ProblemKind.NEGATIVE),
        ("≥ 80", ProblemKind.NOT_A_NUMBER),
        ("1.250 - 2.000", ProblemKind.AMBIGUOUS),
        ("80 - 90 - 95", ProblemKind.RANGE),
        ("12 hari", ProblemKind.UNIT),
        ("80 - 90 hari", ProblemKind.UNIT),
        (date(2026, 2, 1), ProblemKind.DATE),
    ],
)
def test_an_unclear_target_is_a_finding(cell: str | int | date, kind: ProblemKind) -> None:
    reading = read_target(cell, "%")
    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.kind is kind


@pytest.mark.parametrize("typed", ["90 - 80", "80 - 90 - 95", "1.250 - 2.000", "80 - 90 hari"])
def test_a_finding_on_a_range_shows_the_whole_cell(typed: str) -> None:
    problem = read_target(typed, "%").problem
    assert problem is not None
    assert problem.typed == typed


# --- dates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["13 Agustus 2024", "13 agustus 2024", "13 Agu 2024", "13/08/2024", "13/8/2024", "13-08-2024", "13.8.2024",
     "2024-08-13",
     "Selasa, 13 Agustus 2024", "Selasa 13 Agustus 2024", date(2024, 8, 13), datetime(2024, 8, 13, 9, tzinfo=UTC)],
)  # fmt: skip
def test_a_date_is_understood(cell: str | date) -> None:
    assert read_date(cell) == date(2024, 8, 13)
    assert type(read_date(cell)) is date


@pytest.mark.parametrize(
    "cell",
    ["30 Februari 2026", "31/11/2026", "04/13/2026", "3/4", "13/08/24", "13 Agust 2024", "Rabu, 13 Agustus 2024",
     "besok", "0001-01-01", "#REF!", 46000, 46000.5, True],
)  # fmt: skip
def test_what_is_no_date_is_a_finding(cell: str | float) -> None:
    problem = read_date(cell)
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.NOT_A_DATE


# --- writing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("1250000.5", None, "1.250.000,5"),
        ("83.33", None, "83,33"),
        ("2.50", None, "2,5"),
        ("100", None, "100"),
        ("1E+3", None, "1.000"),
        ("0", None, "0"),
        ("-0.00001", None, "0"),
        ("-1250.5", None, "-1.250,5"),
        ("0.00005", None, "0,0001"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("88", 1, "88,0"),
        ("999.95", 1, "1.000,0"),
        ("1E+40", None, "1" + "0" + ".000" * 13),
    ],
)
def test_a_number_is_written_the_indonesian_way(value: str, places: int | None, text: str) -> None:
    assert format_number(D(value), places) == text


def test_a_repeating_quotient_is_written_with_four_decimals() -> None:
    assert format_number(D(1) / D(3)) == "0,3333"
    assert format_number(D(2) / D(3)) == "0,6667"


def test_rounding_goes_away_from_zero_at_the_half() -> None:
    assert [round_half_up(D(v)) for v in ("90.5", "90.49", "-0.5", "0.5")] == [91, 90, -1, 1]


def test_a_percentage_keeps_its_sign_on_the_same_line() -> None:
    assert format_percent(D(88)) == f"88,0{NBSP}%"
    assert format_percent(D("184.75"), 2) == f"184,75{NBSP}%"
    assert NBSP == "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1250000", "1.250.000"),
        ("1250000.00", "1.250.000"),
        ("1250000.5", "1.250.000,50"),
        ("0", "0"),
        ("99.999", "100"),
    ],
)
def test_money_has_decimals_only_if_there_are_any(value: str, text: str) -> None:
    assert format_money(D(value)) == f"Rp{NBSP}{text}"


def test_a_target_is_written_with_its_unit() -> None:
    assert format_bounds(Bounds.exactly(D(95)), "%") == f"95{NBSP}%"
    assert format_bounds(Bounds(D(80), D(90)), "%") == f"80–90{NBSP}%"
    assert format_bounds(Bounds.exactly(D(12)), "laporan") == "12 laporan"
    assert format_bounds(Bounds(D("2.5"), D(3))) == "2,5–3"


def test_dates_and_times_are_written_in_indonesian() -> None:
    assert format_date(date(2024, 8, 13)) == "13 Agustus 2024"
    assert place_and_date("Silaut", date(2024, 8, 13)) == "Silaut, 13 Agustus 2024"
    assert format_day(date(2026, 11, 4)) == "Rabu, 4 November 2026"
    assert format_short_date(date(2026, 8, 18)) == "18 Agu"
    assert format_datetime(datetime(2026, 11, 3, 10, 20, tzinfo=WIB)) == "3 November 2026 10.20"
    assert format_time(datetime(2026, 11, 3, 8, 5, tzinfo=WIB)) == "08.05"


def test_a_moment_with_a_time_zone_is_shown_in_wib() -> None:
    assert format_datetime(datetime(2026, 11, 3, 20, 5, tzinfo=UTC)) == "4 November 2026 03.05"


def test_periods_use_roman_numerals() -> None:
    assert format_period(Period(2026, 3)) == "Triwulan III 2026"
    assert official_period(Period(2026, 2)) == "Triwulan II Tahun 2026"
    assert short_period(Period(2026, 3)) == "TW III"
    assert [period_range(Period(2026, q)) for q in (1, 2, 3, 4)] == [
        "1 Januari – 31 Maret 2026",
        "1 April – 30 Juni 2026",
        "1 Juli – 30 September 2026",
        "1 Oktober – 31 Desember 2026",
    ]


def test_a_nip_is_grouped_and_anything_else_is_left_alone() -> None:
    assert format_nip("197206051993031005") == "19720605 199303 1 005"
    assert format_nip("19720605 199303 1 005") == "19720605 199303 1 005"
    assert format_nip("1972") == "1972"
    assert format_nip("") == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "baru saja"), (59, "baru saja"), (60, "1 menit lalu"), (3599, "59 menit lalu"), (3600, "1 jam lalu"),
     (86399, "23 jam lalu"), (86400, "1 hari lalu"), (5 * 86400, "5 hari lalu")],
)  # fmt: skip
def test_an_age_is_said_in_the_largest_whole_unit(seconds: int, text: str) -> None:
    assert format_age(seconds) == text


# --- laws --------------------------------------------------------------------------------------------------------


def _is_value_or_names_it(value: Decimal | None, problem: Problem | None, expected: Decimal) -> bool:
    """A written number is read back, or it is ambiguous and the finding offers the very number."""
    if problem is None:
        return value == expected
    offers = {f"{expected:f}".replace(".", ","), f"{expected.normalize():f}".replace(".", ",")}
    return problem.kind is ProblemKind.AMBIGUOUS and any(f" {offer} " in problem.suggestion for offer in offers)


@given(numbers)
def test_a_written_number_is_never_read_as_another_one(value: Decimal) -> None:
    reading = read_number(format_number(value))
    assert _is_value_or_names_it(reading.value, reading.problem, value)


@given(numbers)
def test_a_number_written_with_one_decimal_is_always_read_back(value: Decimal) -> None:
    assert read_number(format_number(value, 1)).value == round_half_up(value, 1)


@given(numbers)
def test_a_written_percentage_is_read_back(value: Decimal) -> None:
    assert read_number(format_percent(value, 2), "%").value == round_half_up(value, 2)


@given(amounts)
def test_written_money_is_always_read_back(value: Decimal) -> None:
    assert read_money(format_money(value)).value == value


@given(st.tuples(amounts, amounts).map(sorted), st.sampled_from(["", "%", "laporan", "orang-bulan", "hari kerja"]))
def test_a_written_target_is_read_back_or_ambiguous(ends: list[Decimal], unit: str) -> None:
    bounds = Bounds(ends[0], ends[1])
    reading = read_target(format_bounds(bounds, unit), unit)
    ambiguous = reading.problem is not None and reading.problem.kind is ProblemKind.AMBIGUOUS
    assert ambiguous or reading.value == bounds


@given(dates)
def test_a_written_date_is_read_back(day: date) -> None:
    assert read_date(format_date(day)) == day
    assert read_date(format_day(day)) == day
    assert read_date(day.isoformat()) == day


@given(cells, units, st.booleans())
def test_reading_never_raises_and_never_gives_value_and_problem_together(
    cell: str | float | date | None, unit: str, percent_format: bool
) -> None:
    number = read_number(cell, unit, percent_format=percent_format, target=EIGHTY_TO_HUNDRED)
    for reading in (number, read_money(cell), read_target(cell, unit, percent_format=percent_format)):
        assert reading.value is None or reading.problem is None
        if reading.problem is not None:
            assert len(reading.problem.typed) <= 60
            assert "\n" not in reading.problem.message()
    assert number.value is None or number.value.is_finite()
    read_date(cell)


@given(st.text(alphabet=" \t\n\r\u00a0\u202f\u200b\ufeff\x00"))
def test_whatever_blank_is_made_of_it_is_missing(blank: str) -> None:
    assert read_number(blank).missing
    assert read_money(blank).missing


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
