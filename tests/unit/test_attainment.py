"""Capaian, categories and means, with the figures of the regulations and of published reports."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.attainment import (
    DEFAULT_SCALE,
    Attainment,
    DownFormula,
    Outcome,
    Rating,
    Scale,
    attain,
    mean,
    round_half_up,
)
from services.domain.indicators import Bounds, Polarity

D = Decimal
TINY = D("1e-20")
UP, DOWN = Polarity.UP, Polarity.DOWN
QUOTIENT = DownFormula.TARGET_OVER_ACTUAL

positive = st.decimals(min_value="0.01", max_value=10**9, places=2)
actuals = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
targets = st.one_of(
    positive.map(Bounds.exactly), st.tuples(positive, positive).map(sorted).map(lambda ends: Bounds(ends[0], ends[1]))
)
polarities = st.sampled_from(Polarity)
formulas = st.sampled_from(DownFormula)


def exactly(value: str | int) -> Bounds:
    return Bounds.exactly(D(value))


def capaian(target: Bounds, actual: str | int, polarity: Polarity, down: DownFormula | None = None) -> Decimal:
    """Capaian rounded to the two decimals that reports print."""
    result = attain(target, D(actual), polarity, down) if down else attain(target, D(actual), polarity)
    assert result.outcome is Outcome.MEASURED
    assert result.value is not None
    return round_half_up(result.value, 2)


def measured(value: str | int) -> Attainment:
    return Attainment(Outcome.MEASURED, D(value))


NOT_MEASURED = Attainment(Outcome.NOT_MEASURED)


# --- capaian of one indicator ------------------------------------------------------------------------------------


def test_arah_naik_is_actual_over_target() -> None:
    assert capaian(exactly(95), "83.33", UP) == D("87.72")
    assert capaian(exactly(3), 3, UP) == 100


def test_arah_turun_is_twice_the_target_minus_the_actual_over_the_target() -> None:
    assert capaian(exactly(32), "4.88", DOWN) == D("184.75")
    assert capaian(exactly("0.35"), "0.43", DOWN) == D("77.14")


def test_arah_turun_may_be_target_over_actual_where_the_office_chose_so() -> None:
    assert capaian(exactly("4.20"), "4.65", DOWN, QUOTIENT) == D("90.32")


def test_the_chosen_formula_says_nothing_about_arah_naik() -> None:
    assert capaian(exactly("4.20"), "4.65", UP, QUOTIENT) == capaian(exactly("4.20"), "4.65", UP)


def test_a_capaian_is_not_capped_in_either_direction() -> None:
    assert capaian(exactly(2), 9, UP) == 450
    assert capaian(exactly(2), -3, DOWN) == 350
    assert capaian(exactly(2), 9, DOWN) == -250


def test_the_two_directions_never_stand_in_for_each_other() -> None:
    assert capaian(exactly(28), 31, UP) == D("110.71")
    assert capaian(exactly(28), 31, DOWN) == D("89.29")


def test_a_blank_arah_gives_no_capaian_and_never_counts_as_naik() -> None:
    assert attain(exactly(28), D(31), None) == Attainment(Outcome.NO_POLARITY)
    assert Outcome.NO_POLARITY.value.startswith("belum dapat dihitung")


@pytest.mark.parametrize("polarity", [UP, DOWN, None])
def test_a_blank_target_gives_no_capaian_and_stays_out_of_averages(polarity: Polarity | None) -> None:
    result = attain(None, D(31), polarity)
    assert result == Attainment(Outcome.NO_TARGET)
    assert result.outcome.value == "belum ada target"
    assert not result.outcome.expects_percentage


@pytest.mark.parametrize("down", DownFormula)
def test_a_target_of_zero_with_arah_turun_is_met_or_not_without_percentage(down: DownFormula) -> None:
    assert attain(exactly(0), D(0), DOWN, down) == Attainment(Outcome.ACHIEVED)
    assert attain(exactly(0), D(1), DOWN, down) == Attainment(Outcome.NOT_ACHIEVED)
    assert [Outcome.ACHIEVED.value, Outcome.NOT_ACHIEVED.value] == ["Tercapai", "Tidak tercapai"]


@pytest.mark.parametrize("actual", [None, D(0), D(3)])
def test_a_target_of_zero_with_arah_naik_means_nothing_was_targeted(actual: Decimal | None) -> None:
    result = attain(exactly(0), actual, UP)
    assert result == Attainment(Outcome.NOT_TARGETED)
    assert result.outcome.value == "tidak ditargetkan pada triwulan ini"
    assert not result.outcome.expects_percentage


def test_a_missing_actual_is_no_capaian_and_a_real_zero_is_one() -> None:
    assert attain(exactly(4), None, UP) == Attainment(Outcome.NOT_MEASURED)
    assert capaian(exactly(4), 0, UP) == 0
    assert capaian(exactly(4), 0, DOWN) == 200


@pytest.mark.parametrize("polarity", [UP, DOWN])
@pytest.mark.parametrize("actual", [80, 85, 90])
def test_inside_a_range_the_capaian_is_100(polarity: Polarity, actual: int) -> None:
    assert capaian(Bounds(D(80), D(90)), actual, polarity) == 100


def test_outside_a_range_the_nearer_bound_counts() -> None:
    target = Bounds(D(80), D(90))
    assert capaian(target, 60, UP) == 75
    assert capaian(target, 99, UP) == 110
    assert capaian(target, 60, DOWN) == 125
    assert capaian(target, 99, DOWN) == 90
    assert capaian(target, 99, DOWN, QUOTIENT) == D("90.91")


def test_a_range_from_zero_undershot_by_a_negative_value_has_no_percentage() -> None:
    assert attain(Bounds(D(0), D(5)), D(-1), UP) == Attainment(Outcome.NOT_ACHIEVED)
    assert attain(Bounds(D(0), D(5)), D(-1), DOWN) == Attainment(Outcome.ACHIEVED)


@pytest.mark.parametrize("polarity", [UP, DOWN])
def test_both_ends_of_a_range_from_zero_belong_to_it(polarity: Polarity) -> None:
    assert capaian(Bounds(D(0), D(5)), 0, polarity) == 100
    assert capaian(Bounds(D(0), D(5)), 5, polarity) == 100


def test_a_negative_target_is_not_computed_with() -> None:
    assert attain(exactly(-4), D(1), UP).outcome is Outcome.BAD_TARGET
    assert attain(Bounds(D(-4), D(4)), D(1), DOWN).outcome is Outcome.BAD_TARGET


@pytest.mark.parametrize("actual", [0, -3])
def test_target_over_actual_needs_an_actual_above_zero(actual: int) -> None:
    assert attain(exactly(4), D(actual), DOWN, QUOTIENT) == Attainment(Outcome.NO_QUOTIENT)


def test_the_formula_is_shown_with_its_numbers() -> None:
    assert attain(exactly(95), D("83.33"), UP).formula == "83,33 / 95 × 100"
    assert attain(exactly(32), D("4.88"), DOWN).formula == "(2 × 32 − 4,88) / 32 × 100"
    assert attain(exactly("4.20"), D("4.65"), DOWN, QUOTIENT).formula == "4,2 / 4,65 × 100"
    assert attain(Bounds(D(80), D(90)), D(85), UP).formula == "85 di antara 80 dan 90"


# --- categories --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("184.75", "Sangat Tinggi"),
        ("91", "Sangat Tinggi"),
        ("90.5", "Sangat Tinggi"),
        ("90.49", "Tinggi"),
        ("90", "Tinggi"),
        ("76", "Tinggi"),
        ("75.5", "Tinggi"),
        ("75.49", "Sedang"),
        ("66", "Sedang"),
        ("65.5", "Sedang"),
        ("65.49", "Rendah"),
        ("51", "Rendah"),
        ("50.5", "Rendah"),
        ("50.49", "Sangat Rendah"),
        ("0", "Sangat Rendah"),
        ("-250", "Sangat Rendah"),
    ],
)
def test_a_capaian_is_rounded_half_up_before_it_is_classified(value: str, label: str) -> None:
    rating = DEFAULT_SCALE.rate(D(value))
    assert rating is not None
    assert rating.label == label


def test_without_a_capaian_there_is_no_category() -> None:
    assert DEFAULT_SCALE.rate(None) is None


def test_an_enormous_capaian_is_rated_too() -> None:
    rating = DEFAULT_SCALE.rate(D("1e40"))
    assert rating is not None
    assert rating.rank == 0


def test_labels_and_bounds_are_settings() -> None:
    scale = Scale((Rating(0, "Sangat Baik", 85), Rating(1, "Kurang", None)))
    ratings = [scale.rate(D(v)) for v in ("84.5", "84.49")]
    assert [r.label for r in ratings if r] == ["Sangat Baik", "Kurang"]


@given(actuals, actuals)
def test_a_higher_capaian_is_never_rated_worse(one: Decimal, other: Decimal) -> None:
    lower, higher = DEFAULT_SCALE.rate(min(one, other)), DEFAULT_SCALE.rate(max(one, other))
    assert lower is not None
    assert higher is not None
    assert higher.rank <= lower.rank


# --- means -------------------------------------------------------------------------------------------------------


def test_missing_values_are_left_out_of_the_divisor() -> None:
    result = mean([measured("83.33"), NOT_MEASURED, NOT_MEASURED])
    assert result.value == D("83.33")
    assert (result.measured, result.expected) == (1, 3)
    assert not result.complete


def test_a_real_zero_counts_in_the_mean() -> None:
    assert mean([measured(0), measured(100)]).value == 50


def test_what_has_no_percentage_by_rule_is_not_expected() -> None:
    outcomes = (Outcome.NO_TARGET, Outcome.NOT_TARGETED, Outcome.ACHIEVED, Outcome.NOT_ACHIEVED, Outcome.ANNUAL)
    result = mean([measured(80), *(Attainment(o) for o in outcomes)])
    assert (result.value, result.measured, result.expected) == (80, 1, 1)
    assert result.complete


@pytest.mark.parametrize(
    "outcome", [Outcome.NO_POLARITY, Outcome.NOT_MEASURED, Outcome.UNREADABLE, Outcome.NO_QUOTIENT]
)
def test_what_ought_to_have_a_percentage_is_expected(outcome: Outcome) -> None:
    result = mean([measured(80), Attainment(outcome)])
    assert (result.value, result.measured, result.expected) == (80, 1, 2)


def test_the_mean_says_what_it_can_still_become() -> None:
    result = mean([measured(80), measured(90), NOT_MEASURED, NOT_MEASURED])
    assert (result.low, result.high) == (D("42.5"), D("92.5"))


def test_values_beyond_0_and_100_widen_what_the_mean_can_become() -> None:
    result = mean([measured(-20), measured(180), NOT_MEASURED, NOT_MEASURED])
    assert (result.low, result.high) == (30, 130)


def test_a_mean_of_nothing_is_no_number() -> None:
    assert mean([]).value is None
    assert mean([]).low is None
    nothing_yet = mean([NOT_MEASURED, NOT_MEASURED])
    assert nothing_yet.value is None
    assert (nothing_yet.low, nothing_yet.high) == (0, 100)


def test_a_cap_limits_each_value_inside_the_mean_only() -> None:
    rows = [measured(180), measured(60)]
    assert mean(rows).value == 120
    assert mean(rows, cap=D(100)).value == 80
    assert rows[0].value == 180


def test_a_cap_limits_what_missing_values_can_become() -> None:
    result = mean([measured(180), NOT_MEASURED], cap=D(80))
    assert (result.low, result.value, result.high) == (40, 80, 80)


# --- laws --------------------------------------------------------------------------------------------------------


@given(targets, polarities, formulas)
def test_at_the_target_the_capaian_is_100(target: Bounds, polarity: Polarity, down: DownFormula) -> None:
    for actual in (target.low, target.high):
        assert attain(target, actual, polarity, down).value == 100


@given(targets, actuals, actuals)
def test_with_arah_naik_more_is_never_worse(target: Bounds, one: Decimal, other: Decimal) -> None:
    worse, better = (attain(target, a, UP).value for a in sorted((one, other)))
    assert worse is not None
    assert better is not None
    assert worse <= better


@given(targets, actuals, actuals)
def test_with_arah_turun_less_is_never_worse(target: Bounds, one: Decimal, other: Decimal) -> None:
    better, worse = (attain(target, a, DOWN).value for a in sorted((one, other)))
    assert worse is not None
    assert better is not None
    assert worse <= better


@given(targets, positive, positive)
def test_with_target_over_actual_less_is_never_worse(target: Bounds, one: Decimal, other: Decimal) -> None:
    better, worse = (attain(target, a, DOWN, QUOTIENT).value for a in sorted((one, other)))
    assert worse is not None
    assert better is not None
    assert worse <= better


@given(st.none() | targets, st.none() | actuals, st.none() | polarities, formulas)
def test_whatever_is_missing_there_is_never_a_number(
    target: Bounds | None, actual: Decimal | None, polarity: Polarity | None, down: DownFormula
) -> None:
    result = attain(target, actual, polarity, down)
    if target is None or actual is None or polarity is None:
        assert result.value is None
        assert result.formula == ""
    assert (result.value is not None) == (result.outcome is Outcome.MEASURED)


rows = st.lists(
    st.one_of(
        actuals.map(lambda v: Attainment(Outcome.MEASURED, v)),
        st.sampled_from([o for o in Outcome if o is not Outcome.MEASURED]).map(Attainment),
    )
)


@given(rows, st.none() | st.integers(50, 200).map(D))
def test_a_mean_lies_between_the_lowest_and_highest_it_can_become(row: list[Attainment], cap: Decimal | None) -> None:
    result = mean(row, cap)
    assert result.measured <= result.expected
    if result.low is not None and result.high is not None:
        assert result.low <= result.high
    if result.value is not None and result.low is not None and result.high is not None:
        assert result.low - TINY <= result.value <= result.high + TINY
        assert cap is None or result.value <= cap + TINY


@given(rows)
def test_a_complete_mean_can_become_nothing_else(row: list[Attainment]) -> None:
    complete = [a for a in row if a.outcome is Outcome.MEASURED]
    result = mean(complete)
    assert result.low == result.value == result.high


@given(rows, st.integers(1, 5))
def test_indicators_without_a_value_never_move_the_mean(row: list[Attainment], count: int) -> None:
    assert mean(row + [NOT_MEASURED] * count).value == mean(row).value
