"""How quarters come together, which target holds, and what the rest of the year must bring."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.indicators import (
    Aggregation,
    Bounds,
    Period,
    Target,
    actual_to_date,
    needed_per_quarter,
    quarterly_targets,
    target_in_force,
    target_to_date,
)

D = Decimal
TINY = D("1e-15")
SUM, MEAN, LAST, ANNUAL = Aggregation.SUM, Aggregation.MEAN, Aggregation.LAST, Aggregation.ANNUAL

values = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
annual_targets = st.decimals(min_value=0, max_value=10**6, places=2)


def row(*cells: int | str | None) -> list[Decimal | None]:
    return [None if cell is None else D(cell) for cell in cells]


def exact(*cells: int | str | None) -> list[Bounds | None]:
    return [None if cell is None else Bounds.exactly(D(cell)) for cell in cells]


def actual(
    tipe: Aggregation, actuals: list[Decimal | None], targets: list[Bounds | None] | None = None
) -> Decimal | None:
    return actual_to_date(tipe, actuals, targets or exact(*[3] * len(actuals)))


# --- periods and bounds ------------------------------------------------------------------------------------------


def test_periods_follow_each_other_over_the_turn_of_the_year() -> None:
    assert Period(2026, 1).previous() == Period(2025, 4)
    assert Period(2026, 4).next() == Period(2027, 1)
    assert Period(2026, 2).trailing(3) == (Period(2025, 4), Period(2026, 1), Period(2026, 2))
    assert Period(2026, 3).key == "2026-3"


@pytest.mark.parametrize("quarter", [0, 5])
def test_there_is_no_fifth_quarter(quarter: int) -> None:
    with pytest.raises(ValueError, match="triwulan harus 1 sampai 4"):
        Period(2026, quarter)


@given(st.integers(2000, 2100), st.integers(1, 4))
def test_the_next_period_has_this_one_before_it_and_sorts_after_it(year: int, quarter: int) -> None:
    period = Period(year, quarter)
    assert period.next().previous() == period
    assert period < period.next()
    assert period.key < period.next().key


def test_a_range_never_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="batas bawah"):
        Bounds(D(90), D(80))


# --- the four ways (tipe) ----------------------------------------------------------------------------------------


def test_jumlah_adds_the_quarters() -> None:
    assert actual(SUM, row(3, 3, 3, 3)) == 12
    assert actual(SUM, row(3, 2)) == 5
    assert target_to_date(SUM, row(3, 2), exact(3, 3)) == Bounds.exactly(D(6))


def test_jumlah_with_a_missing_quarter_is_not_known() -> None:
    assert actual(SUM, row(3, None, 3)) is None
    assert actual(SUM, row(None, None)) is None


def test_jumlah_counts_a_real_zero() -> None:
    assert actual(SUM, row(0, 3)) == 3
    assert actual(SUM, row(0)) == 0


@pytest.mark.parametrize("nothing_to_do", [0, None])
def test_jumlah_passes_over_a_quarter_that_had_nothing_to_achieve(nothing_to_do: int | None) -> None:
    targets = exact(nothing_to_do, 3)
    assert actual_to_date(SUM, row(None, 3), targets) == 3
    assert target_to_date(SUM, row(None, 3), targets) == Bounds.exactly(D(3))


def test_rata_rata_is_the_mean_of_the_quarters_that_have_a_value() -> None:
    assert actual(MEAN, row("83.33", None, None)) == D("83.33")
    assert actual(MEAN, row(80, None, 90)) == 85
    assert actual(MEAN, row(0, 90)) == 45
    assert actual(MEAN, row(None, None)) is None


def test_rata_rata_never_sums_percentages() -> None:
    assert actual(MEAN, row(80, 80, 80, 80)) == 80


def test_rata_rata_compares_with_the_targets_of_the_same_quarters() -> None:
    assert target_to_date(MEAN, row(80, None, 90), exact(70, 10, 90)) == Bounds.exactly(D(80))
    assert target_to_date(MEAN, row(None, None), exact(70, 90)) == Bounds.exactly(D(90))
    assert target_to_date(MEAN, row(80), exact(None)) is None


def test_rata_rata_of_ranges_is_a_range() -> None:
    targets = [Bounds(D(70), D(80)), Bounds(D(80), D(90))]
    assert target_to_date(MEAN, row(75, 85), targets) == Bounds(D(75), D(85))


def test_posisi_akhir_is_the_last_known_value() -> None:
    assert actual(LAST, row(70, 75, 80)) == 80
    assert actual(LAST, row(70, 75, None)) == 75
    assert actual(LAST, row(70, 0)) == 0
    assert actual(LAST, row(None, None)) is None
    assert target_to_date(LAST, row(70, None), exact(70, 75)) == Bounds.exactly(D(75))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_tahunan_is_not_measured_before_the_fourth_quarter(quarters: int) -> None:
    assert actual(ANNUAL, row(*[84] * quarters)) is None
    assert target_to_date(ANNUAL, row(*[84] * quarters), exact(*[84] * quarters)) is None


def test_tahunan_is_the_value_of_the_fourth_quarter() -> None:
    assert actual(ANNUAL, row(None, None, None, 84)) == 84
    assert actual(ANNUAL, row(1, 2, 3, None)) is None
    assert target_to_date(ANNUAL, row(None, None, None, 84), exact(None, None, None, 85)) == Bounds.exactly(D(85))


# --- revisions of targets ----------------------------------------------------------------------------------------


def revision(valid_from: int, *quarterly: int | None, year: int = 2026) -> Target:
    q1, q2, q3, q4 = exact(*quarterly)
    return Target(f"t{year}{valid_from}", "i", year, valid_from, None, (q1, q2, q3, q4), None, f"PK {valid_from}")


def test_a_revision_holds_from_its_quarter_and_earlier_quarters_keep_the_old_target() -> None:
    targets = [revision(3, 1, 1, 5, 5), revision(1, 3, 3, 3, 3)]
    assert [t.valid_from for q in (1, 2, 3, 4) if (t := target_in_force(targets, 2026, q))] == [1, 1, 3, 3]
    assert quarterly_targets(targets, 2026) == tuple(exact(3, 3, 5, 5))


def test_before_the_first_target_and_in_another_year_there_is_none() -> None:
    targets = [revision(2, 3, 3, 3, 3)]
    assert target_in_force(targets, 2026, 1) is None
    assert target_in_force(targets, 2027, 4) is None
    assert quarterly_targets(targets, 2026) == tuple(exact(None, 3, 3, 3))
    assert quarterly_targets([], 2026) == (None, None, None, None)


# --- what the rest of the year must bring ------------------------------------------------------------------------


def test_jumlah_spreads_what_is_left_over_the_remaining_quarters() -> None:
    assert needed_per_quarter(SUM, row(3, 2), Bounds.exactly(D(12))) == D("3.5")
    assert needed_per_quarter(SUM, row(9, 9), Bounds.exactly(D(12))) == -3


def test_jumlah_with_a_missing_quarter_cannot_say_what_is_left() -> None:
    assert needed_per_quarter(SUM, row(3, None), Bounds.exactly(D(12))) is None


def test_rata_rata_makes_up_for_what_was_missed() -> None:
    assert needed_per_quarter(MEAN, row(70, 80), Bounds.exactly(D(80))) == 85
    assert needed_per_quarter(MEAN, row(None, 70), Bounds.exactly(D(80))) == 85


def test_posisi_akhir_and_tahunan_need_the_annual_target_itself() -> None:
    assert needed_per_quarter(LAST, row(70), Bounds(D(80), D(90))) == 80
    assert needed_per_quarter(ANNUAL, row(None), Bounds.exactly(D(84))) == 84


@pytest.mark.parametrize("tipe", Aggregation)
def test_without_an_annual_target_or_a_quarter_left_nothing_is_needed(tipe: Aggregation) -> None:
    assert needed_per_quarter(tipe, row(3), None) is None
    assert needed_per_quarter(tipe, row(3, 3, 3, 3), Bounds.exactly(D(12))) is None


# --- laws --------------------------------------------------------------------------------------------------------


@given(st.sampled_from(Aggregation), st.lists(st.none() | values, min_size=0, max_size=3), annual_targets)
def test_following_what_is_needed_reaches_the_annual_target_exactly(
    tipe: Aggregation, done: list[Decimal | None], annual: Decimal
) -> None:
    needed = needed_per_quarter(tipe, done, Bounds.exactly(annual))
    if needed is None:
        assert tipe is SUM
        assert None in done
        return
    year = done + [needed] * (4 - len(done))
    reached = actual(tipe, year)
    assert reached is not None
    assert abs(reached - annual) < TINY


@given(st.lists(values, min_size=1, max_size=4))
def test_a_mean_of_quarters_lies_between_the_lowest_and_the_highest(quarters: list[Decimal]) -> None:
    result = actual(MEAN, list(quarters))
    assert result is not None
    assert min(quarters) - TINY <= result <= max(quarters) + TINY


@given(st.sampled_from(Aggregation), st.integers(1, 4))
def test_quarters_without_any_value_never_give_a_number(tipe: Aggregation, count: int) -> None:
    assert actual(tipe, row(*[None] * count)) is None


@given(st.sampled_from(Aggregation), st.lists(annual_targets, min_size=4, max_size=4))
def test_a_year_exactly_on_target_is_on_target_to_date(tipe: Aggregation, quarters: list[Decimal]) -> None:
    on_target = [Bounds.exactly(q) for q in quarters]
    for count in (1, 2, 3, 4):
        reached = actual_to_date(tipe, quarters[:count], on_target[:count])
        wanted = target_to_date(tipe, quarters[:count], on_target[:count])
        assert (wanted is None) == (reached is None)
        assert reached is None or wanted == Bounds.exactly(reached)
