"""What Periksa data finds, and what it leaves alone."""

from __future__ import annotations

import random
import string
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.domain import findings as rules
from services.domain.findings import Finding, FindingKind, Severity
from services.domain.indicators import Bounds, Period
from services.domain.numbers import read_number
from services.domain.sop import Event
from services.store import schema
from services.store.store import Places, SheetProblem, Snapshot, Value
from services.views.findings import findings_of
from services.views.office import Office
from tests.unit import offices
from tests.unit.offices import NOW, PERIOD, cycle, entry, event, indicator, section, target

LINK = "https://drive.example/bukti"


def found(*placed: offices.Placed) -> list[Finding]:
    return [c.finding for c in findings_of(offices.office(section("pem"), cycle(), *placed), PERIOD)]


def of_one(actual: Value, spent: Value = None, *, unit: str = "dokumen", **texts: Value) -> list[Finding]:
    """Findings of an office with one indicator, target 100, budget 1 million, and this entry."""
    return found(
        indicator("a", "pem", unit=unit),
        target("a", 100, budget=Decimal(1_000_000)),
        entry("a", actual, spent, **{"evidence": LINK, "section_id": "pem"} | texts),
    )


@pytest.mark.parametrize(
    ("typed", "unit", "kind"),
    [
        ("1.250", "dokumen", FindingKind.AMBIGUOUS),
        ("#REF!", "dokumen", FindingKind.ERROR_VALUE),
        ("#DIV/0!", "dokumen", FindingKind.ERROR_VALUE),
        ("#N/A", "dokumen", FindingKind.ERROR_VALUE),
        ("3/4", "dokumen", FindingKind.DATE),
        ("2026-04-03", "dokumen", FindingKind.DATE),
        ("8.3 Nilai", "dokumen", FindingKind.UNIT),
        (Decimal("0.8"), "%", FindingKind.FRACTION),
        ("sudah baik", "dokumen", FindingKind.UNREADABLE),
        ("80 - 90", "dokumen", FindingKind.UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_a_finding_at_its_cell(typed: Value, unit: str, kind: FindingKind) -> None:
    (finding,) = of_one(typed, unit=unit)
    assert (finding.kind, finding.table, finding.column) == (kind, "Isian", "actual")
    assert finding.severity is Severity.WRONG
    assert finding.suggestion


@pytest.mark.parametrize(
    "typed", ["90", "3 dokumen", "12 Dok", "NA", "n/a", "-", None, "80,5", "1.250.000", " 80\u00a0"]
)
def test_what_can_be_read_or_is_missing_is_no_finding(typed: Value) -> None:
    assert of_one(typed) == []


def test_money_is_checked_in_its_own_cell() -> None:
    (finding,) = of_one(Decimal(90), "satu juta")
    assert (finding.kind, finding.column, finding.typed) == (FindingKind.UNREADABLE, "spent", "satu juta")


def test_spending_over_the_budget_and_an_exact_multiple_are_told_apart() -> None:
    assert [f.kind for f in of_one(Decimal(90), Decimal(1_000_001))] == [FindingKind.OVER_BUDGET]
    (multiple,) = of_one(Decimal(90), Decimal(10_000_000))
    assert multiple.kind is FindingKind.BUDGET_MULTIPLE
    assert "tepat 10 kali pagu" in multiple.why
    assert of_one(Decimal(90), Decimal(1_000_000)) == []


def test_a_budget_of_zero_and_one_that_cannot_be_read_are_findings() -> None:
    def kinds(budget: Value) -> list[FindingKind]:
        return [f.kind for f in found(indicator("a", "pem"), target("a", budget=budget), entry("a", None))]

    assert kinds(Decimal(0)) == [FindingKind.NO_BUDGET]
    assert kinds("banyak") == [FindingKind.UNREADABLE]
    assert kinds(None) == []


def test_two_spellings_of_one_indicator_are_found_on_both_rows() -> None:
    names = ["Persentase  layanan selesai", "prosentase Layanan Selesai."]
    placed = [indicator(f"i{n}", "pem", name=name) for n, name in enumerate(names)]
    pairs = [(target(f"i{n}"), entry(f"i{n}", None)) for n in range(2)]
    kinds = [(f.kind, f.row_id) for f in found(*placed, *(row for pair in pairs for row in pair))]
    assert kinds == [(FindingKind.DUPLICATE, "i0"), (FindingKind.DUPLICATE, "i1")]


def test_presentase_is_persentase_too_but_other_words_stay_different() -> None:
    assert rules.name_key("PRESENTASE  nagari") == rules.name_key("Persentase nagari")
    assert rules.name_key("Jumlah presensi") != rules.name_key("Jumlah persensi")


def test_a_row_whose_indicator_is_gone_is_named() -> None:
    (finding,) = found(entry("hilang", 3, section_id="pem"))
    assert (finding.kind, finding.typed) == (FindingKind.LOST_INDICATOR, "hilang")


def test_an_indicator_whose_row_was_deleted_is_named() -> None:
    kinds = [f.kind for f in found(indicator("a", "pem"), target("a"))]
    assert kinds == [FindingKind.NO_ROW]


def test_a_value_without_evidence_is_found_and_a_blank_one_is_not() -> None:
    assert [f.kind for f in of_one(Decimal(100), evidence="")] == [FindingKind.NO_EVIDENCE]
    assert of_one(None, evidence="") == []


def test_gaps_are_findings_once_the_section_has_sent() -> None:
    rows = [indicator("a", "pem"), target("a"), entry("a", None, section_id="pem")]
    assert found(*rows) == []
    sent = event(2, Event.SUBMITTED, NOW, section_id="pem")
    assert [f.kind for f in found(*rows, sent)] == [FindingKind.SENT_WITH_GAPS]


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (3, 30, FindingKind.TENFOLD),
        (90, 9, FindingKind.TENFOLD),
        (2, 200, FindingKind.HUNDREDFOLD),
        (86, "8,75", FindingKind.TENFOLD),
        (3, 20, None),
        (0, 30, None),
        (None, 30, None),
    ],
)
def test_leaps_against_the_last_quarter(before: Value, now: Value, kind: FindingKind | None) -> None:
    rows = (indicator("a", "pem"), target("a"), entry("a", before, period=PERIOD.previous(), evidence=LINK))
    kinds = [f.kind for f in found(*rows, entry("a", now, evidence=LINK))]
    assert kinds == ([kind] if kind else [])


def test_target_and_actual_in_each_others_place() -> None:
    rows = (indicator("a", "pem"), target("a", (95, 95, 60, 95)), entry("a", 95, evidence=LINK))
    assert [f.kind for f in found(*rows)] == [FindingKind.SWAPPED]


def test_an_actual_that_equals_its_own_target_is_no_swap() -> None:
    exactly = Bounds.exactly(Decimal(95))
    assert rules.swapped(Decimal(95), [exactly] * 4, 3, (exactly, Decimal(95))) is None


@pytest.mark.parametrize("code", ["7.1", "7.01.2", "7,01", "2026-01-07", "46029", "7.01.02.2.1"])
def test_a_code_that_lost_its_text_form(code: str) -> None:
    assert rules.broken_code(code) is not None


@pytest.mark.parametrize(
    "code", ["", "IKU.1", "7.01", "7.01.02", "7.01.02.2.01", "7.01.02.2.01.0001", "7.01.02.2.01.01"]
)
def test_codes_as_they_should_be(code: str) -> None:
    assert rules.broken_code(code) is None


def test_no_polarity_no_target_and_unknown_words() -> None:
    placed = (indicator("a", "pem", polarity=""), indicator("b", "pem", aggregation="jumlahkan", name="B"))
    kinds = {(f.kind, f.indicator_id) for f in found(*placed, target("b"), entry("a", None), entry("b", None))}
    assert kinds == {
        (FindingKind.NO_POLARITY, "a"),
        (FindingKind.NO_TARGET, "a"),
        (FindingKind.UNKNOWN_WORD, "b"),
    }


def test_an_ambiguous_number_has_two_readings_to_choose_from() -> None:
    assert rules.choices("1.250") == ("1250", "1,25")
    assert rules.choices("12,500 dokumen") == ("12500", "12,5")
    assert rules.choices("bagus") == ()
    for text in rules.choices("1.234"):
        assert read_number(text, "dokumen").value is not None


def test_problems_of_a_sheet_come_with_their_cell_and_values_with_their_address() -> None:
    base = offices.snapshot(section("pem"), cycle(), indicator("a", "pem"), target("a"), entry("a", "1.250", id="e1"))
    broken = SheetProblem("Target", "D7", "", "judul kolom ini ganda.", "Hapus salah satunya.", blocks=True)
    places = {"Isian": Places(99, {"actual": "G"}, {"e1": 12})}
    office = Office(Snapshot(base.office, 2, NOW, base.tables, (broken,), places))
    checked = findings_of(office, PERIOD)
    assert {(c.place, c.gid, c.cell) for c in checked} == {("Isian!G12", 99, "G12"), ("Target!D7", None, "D7")}


# --- whatever is typed -------------------------------------------------------------------------------------------

NOTATIONS = (
    "{n}", "{n},5", "{n}.5", "{n}.250", "{n},250", "{n}.250.000", "{n},250,000", "{n}.250.000,75", "{n},250,000.75",
    "Rp {n}", "Rp.{n}.000", "Rp {n}.000,-", "{n} rupiah", "{n}%", "{n} %", "{n} persen", "{n} dokumen", "{n} dok",
    "{n} Nilai", "{n}/4", "{n}-2", "{n}/4/2026", "{n} Maret", "{n} - 90", "{n} s.d. 90", "-{n}", "−{n}", "+{n}",
    "({n})", "{n}e5", "1e309", "{n}\u00a0", " {n}\n", "{n}..5", "{n},,5", "'{n}", "={n}+1", "½", "{n}²", "0x{n}",
)  # fmt: skip
ODD = (
    "NaN", "inf", "-inf", "#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "TRUE",
    "😀", "👨‍👩‍👧 3", "\u202e90",
    "٩٠", "९०", "９０", "１．２５０", "二", "\0", "9\0 0", "\ud800", "\ufeff90", "NA", "n/a", "-", "–", "", " ",
    "belum", "nihil", "tidak ada", "<script>", "=IMPORTXML(1)", "x" * 50_000, "9" * 50_000, "9." * 25_000,
    "\n" * 50_000,
)  # fmt: skip
VALUES = (Decimal("NaN"), Decimal("Infinity"), Decimal("1e309"), Decimal("-0"), Decimal("0.1"), None, Decimal(10) ** 40)


def cells(count: int) -> list[Any]:
    chance = random.Random(2026)
    made: list[Any] = [*ODD, *VALUES]
    while len(made) < count:
        pick = chance.random()
        if pick < 0.7:
            made.append(chance.choice(NOTATIONS).format(n=chance.randrange(0, 1000)))
        elif pick < 0.9:
            letters = string.printable + "٣９\u00a0\u200b\u202e😀½"
            made.append("".join(chance.choice(letters) for _ in range(chance.randrange(1, 12))))
        else:
            made.append(chance.choice(ODD[:28]))
    return made


def test_ten_thousand_cells_none_breaks_and_every_unreadable_one_is_found_with_its_address() -> None:
    assert len(NOTATIONS) == 40
    typed = cells(10_000)
    names = [f"i{n:05}" for n in range(len(typed))]
    base = offices.snapshot(
        section("pem"),
        cycle(),
        *(indicator(name, "pem", name=name) for name in names),
        *(target(name) for name in names),
        *(entry(name, value, id=name) for name, value in zip(names, typed, strict=True)),
    )
    rows = {name: n for n, name in enumerate(names, start=2)}
    office = Office(Snapshot(base.office, 1, NOW, base.tables, (), {"Isian": Places(1, {"actual": "G"}, rows)}))
    found_at = {c.finding.row_id: c for c in findings_of(office, PERIOD) if c.finding.column == "actual"}
    for name, value in zip(names, typed, strict=True):
        reading = office.entry(name, PERIOD).actual  # type: ignore[union-attr]
        if reading.problem:
            assert found_at[name].place == f"Isian!G{rows[name]}", value
            assert reading.value is None
        elif reading.value == 0:
            assert not isinstance(value, str) or set(value) & set("0"), value
    assert len([name for name in names if name in found_at]) > 3000


def test_a_leap_is_measured_against_the_quarter_before_and_of_annual_values_against_the_year_before() -> None:
    annual = indicator("a", "pem", aggregation="tahunan")
    before, now = Period(2025, 4), Period(2026, 4)
    at = NOW + timedelta(days=90)
    rows = (
        annual,
        target("a"),
        cycle(now, at),
        entry("a", 8, period=before),
        entry("a", 80, period=now, evidence=LINK),
    )
    checked = findings_of(offices.office(section("pem"), *rows), now)
    assert [c.finding.kind for c in checked] == [FindingKind.TENFOLD]
    assert schema.ENTRY.name == checked[0].finding.table
