"""The log in words, and the values behind a figure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from services.domain.attainment import DEFAULT_SCALE
from services.domain.indicators import Bounds, Period
from services.domain.sop import Event
from services.store.store import Row, Value
from services.ui.provenance import scale_rule
from services.views.history import BLANK, NEW_ROW, HistoryLine, history_lines, provenance, rows_of
from services.views.office import Office
from tests.unit.offices import NOW, OPENED, PERIOD, cycle, entry, event, indicator, office, section, target

SECOND = Period(2026, 2)


def small_office(*more: tuple[object, Row]) -> Office:
    return office(
        section("pem", "Pemerintahan"),
        indicator("laporan", "pem", unit="laporan", aggregation="jumlah"),
        target("laporan", 10, id="t1", legal_basis="PK 2026"),
        cycle(id="c1"),
        entry("laporan", 8, id="e1", entered_by="kasi.pem", entered_at=NOW),
        *more,  # type: ignore[arg-type]
    )


def logged(table: str = "Isian", row_id: str = "e1", column: str = "actual", **values: Value) -> Row:
    usual: dict[str, Value] = {
        "id": "x-1",
        "at": NOW,
        "by": "kasi.pem",
        "role": "kasi",
        "action": "menyimpan isian",
        "transaction_id": "x",
        "table": table,
        "row_id": row_id,
        "column": column,
        "old": None,
        "new": None,
        "source": "Isian",
    }
    return usual | values


def line(**values: Value) -> HistoryLine:
    (found,) = history_lines(small_office(), [logged(**values)])  # type: ignore[arg-type]
    return found


# --- lines -------------------------------------------------------------------------------------------------------


def test_a_line_names_the_thing_and_the_column_instead_of_ids() -> None:
    found = line(old=None, new=Decimal("83.33"))
    assert (found.subject, found.field) == ("Jumlah laporan, Triwulan III 2026", "Realisasi")
    assert (found.old, found.new, found.role) == (BLANK, "83,33", "Kasi")
    assert (found.indicator_id, found.period) == ("laporan", PERIOD)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("spent", Decimal(12450000), "Rp\u00a012.450.000"),
        ("spent", "12,4 juta", "12,4 juta"),
        ("actual", Decimal("1250.5"), "1.250,5"),
        ("actual", "1.250", "1.250"),
        ("obstacle", "", BLANK),
        ("year", Decimal(2026), "2026"),
        ("section_id", "pem", "Pemerintahan"),
        ("section_id", "hilang", "hilang"),
    ],
)
def test_a_value_is_shown_as_people_write_it(column: str, value: Value, shown: str) -> None:
    assert line(column=column, new=value).new == shown


def test_days_and_moments_are_in_words() -> None:
    assert line(table="Siklus", row_id="c1", column="due_on", new="2026-10-05").new == "5 Oktober 2026"
    locked = line(table="Siklus", row_id="c1", column="locked_at", new="2026-11-03 10:20:00+07:00")
    assert (locked.subject, locked.new) == ("Triwulan III 2026", "3 November 2026 10.20")


def test_a_moment_that_cannot_be_read_stays_as_it_is() -> None:
    assert line(table="Siklus", row_id="c1", column="locked_at", new="2026-11-0…").new == "2026-11-0…"


def test_a_new_row_is_told_in_words_and_a_semicolon_in_a_note_breaks_nothing() -> None:
    text = "Langkah: 7; Waktu: 2026-11-03 10:20:00+07:00; Seksi: pem; Catatan: satu; dua: tiga"
    found = line(table="Langkah", row_id="s", column="", new=text)
    assert found.field == NEW_ROW
    assert found.new == "Langkah: 7; Waktu: 3 November 2026 10.20; Seksi: Pemerintahan; Catatan: satu; dua: tiga"


def test_a_step_is_named_with_its_quarter() -> None:
    done = event(7, Event.FINISHED, NOW)
    rows = [logged("Langkah", str(done[1]["id"]), "", new="Langkah: 7")]
    (found,) = history_lines(small_office(done), rows)
    assert found.subject == "Langkah 7, Triwulan III 2026"


def test_an_action_without_a_row_has_no_values() -> None:
    found = line(table="", row_id="", column="")
    assert (found.subject, found.field, found.old, found.new) == ("", "", "", "")


def test_a_row_and_a_role_that_nobody_knows_any_more_keep_their_ids() -> None:
    found = line(row_id="hilang", role="bupati")
    assert (found.subject, found.role) == ("hilang", "bupati")


def test_stamps_that_repeat_who_and_when_are_left_out_and_others_are_not() -> None:
    rows = [
        logged(column="entered_by", new="kasi.pem"),
        logged(column="entered_at", new="2026-11-03 10:20:00+07:00"),
        logged(column="entered_by", new="orang lain"),
    ]
    assert [found.new for found in history_lines(small_office(), rows)] == ["orang lain"]


@pytest.mark.parametrize(("words", "fits"), [("REALISASI laporan", True), ("kasi.pem 83,33", True), ("camat", False)])
def test_a_search_needs_every_word_somewhere(words: str, fits: bool) -> None:
    assert line(new=Decimal("83.33")).contains(words) is fits


def test_the_rows_of_an_indicator_are_its_own_its_targets_and_its_entries() -> None:
    assert set(rows_of(small_office(), "laporan")) == {"laporan", "t1", "e1"}


# --- origin ------------------------------------------------------------------------------------------------------


def earlier(actual: Value = 9) -> tuple[object, Row]:
    return entry("laporan", actual, id="e2", period=SECOND, entered_by="pkp")


def two_quarters(**changes: Value) -> Office:
    changed = indicator("laporan", "pem", **({"unit": "laporan", "aggregation": "jumlah"} | changes))
    return office(
        section("pem"),
        changed,
        target("laporan", 10, id="t1", legal_basis="PK 2026"),
        cycle(SECOND, OPENED - timedelta(days=92)),
        cycle(),
        entry("laporan", 8, id="e1"),
        earlier(),  # type: ignore[arg-type]
        entry("laporan", 10, id="e3", period=Period(2026, 1)),
    )


def origin_of(seen: Office) -> tuple[list[Decimal | None], list[bool], set[str]]:
    found = provenance(seen, seen.indicator_by_id["laporan"], PERIOD)
    return [s.actual for s in found.sources], [s.counts for s in found.sources], set(found.row_ids)


def test_the_values_behind_a_sum_are_those_of_every_quarter_so_far() -> None:
    values, counts, rows = origin_of(two_quarters())
    assert values == [10, 9, 8]
    assert counts == [True, True, True]
    assert rows == {"e1", "e2", "e3", "t1"}


def test_of_a_position_only_the_quarter_itself_counts() -> None:
    assert origin_of(two_quarters(aggregation="posisi akhir"))[1] == [False, False, True]


def test_each_quarter_shows_the_target_of_its_own_revision() -> None:
    seen = small_office(target("laporan", 20, id="t2", valid_from=3, legal_basis="Perubahan PK"))
    found = provenance(seen, seen.indicator_by_id["laporan"], PERIOD)
    assert [s.goal for s in found.sources] == [Bounds(Decimal(n), Decimal(n)) for n in (10, 10, 20)]
    assert found.legal_basis == "Perubahan PK"


def test_what_was_typed_is_shown_as_typed_with_what_is_wrong_about_it() -> None:
    seen = office(section("pem"), indicator("a", "pem"), target("a"), cycle(), entry("a", "1.250"))
    source = provenance(seen, seen.indicator_by_id["a"], PERIOD).sources[-1]
    assert source.typed == "1.250"
    assert source.actual is None
    assert "Tertulis “1.250”" in source.note


def test_a_blank_cell_is_blank_and_a_quarter_that_was_not_opened_has_no_cell() -> None:
    seen = office(section("pem"), indicator("a", "pem"), target("a"), cycle(), entry("a", None))
    assert [s.typed for s in provenance(seen, seen.indicator_by_id["a"], PERIOD).sources] == ["", "", BLANK]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("90.5", "90,5 → 91, Sangat Tinggi (mulai 91)"),
        ("90.46", "90,46 → 90, Tinggi (mulai 76)"),
        ("90.4999", "90,4999 → 90, Tinggi (mulai 76)"),
        ("50.5", "50,5 → 51, Rendah (mulai 51)"),
        ("-20", "-20,0 → -20, Sangat Rendah"),
    ],
)
def test_the_rule_of_the_scale_shows_enough_decimals_to_follow_it(value: str, said: str) -> None:
    assert scale_rule(DEFAULT_SCALE, Decimal(value)) == f"dibulatkan ke bilangan bulat, setengah ke atas: {said}"
