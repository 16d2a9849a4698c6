"""Figures of one indicator: the quarter alone, up to the quarter, against the year; missing is never zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.domain.attainment import Outcome
from services.domain.indicators import Period
from services.store.store import Value
from services.views.measures import Measure, absorption_of, mean_of, measure, measures, needed
from services.views.office import Office
from tests.unit.offices import PERIOD, Placed, cycle, entry, indicator, office, section, setting, target


def one(*rows: Placed, period: Period = PERIOD, **changes: Value) -> Measure:
    found = office(section("a"), indicator("i", "a", **changes), cycle(), *rows)
    return measure(found, found.indicator_by_id["i"], period)


def quarters(*values: Value) -> list[Placed]:
    return [entry("i", value, period=Period(2026, q)) for q, value in enumerate(values, start=1)]


def test_a_value_against_its_target_is_the_capaian() -> None:
    m = one(target("i", 80), entry("i", 60))
    assert (m.to_date.value, m.rating and m.rating.label) == (75, "Sedang")


@pytest.mark.parametrize("blank", [None, "", "-", "NA"])
def test_a_blank_cell_is_not_zero(blank: Value) -> None:
    m = one(target("i"), entry("i", blank))
    assert (m.actual, m.to_date.value, m.to_date.outcome) == (None, None, Outcome.NOT_MEASURED)
    assert m.is_missing


def test_a_typed_zero_is_a_value() -> None:
    m = one(target("i"), entry("i", 0))
    assert (m.to_date.value, m.is_missing) == (0, False)


def test_a_cell_that_cannot_be_read_counts_as_missing_and_says_why() -> None:
    m = one(target("i"), entry("i", "#DIV/0!"))
    assert m.to_date.outcome is Outcome.UNREADABLE
    assert m.problem is not None
    assert m.is_missing


def test_quarters_are_summed_up_to_the_quarter() -> None:
    rows = (target("i", (10, 10, 20, 20), annual=Decimal(60)), *quarters(10, 5, 15))
    m = one(*rows, aggregation="jumlah")
    assert (m.actual_to_date, m.to_date.value, m.quarter.value, m.annual.value) == (30, 75, 75, 50)
    assert needed(office(section("a"), indicator("i", "a", aggregation="jumlah"), cycle(), *rows), m) == 30


def test_a_sum_with_a_hole_is_unknown() -> None:
    m = one(target("i", 10), *quarters(10, None, 10), aggregation="jumlah")
    assert (m.actual_to_date, m.to_date.value) == (None, None)
    assert m.to_date.outcome is Outcome.EARLIER_MISSING
    assert (m.is_missing, m.is_open) == (False, True)


def test_a_mean_leaves_out_a_missing_earlier_quarter() -> None:
    m = one(target("i", 100), *quarters(60, None, 80), aggregation="rata-rata")
    assert m.actual_to_date == 70


def test_a_quarter_whose_own_value_is_missing_is_not_measured_whatever_came_before() -> None:
    m = one(target("i"), *quarters(90, 90, None))
    assert m.to_date.outcome is Outcome.NOT_MEASURED


def test_an_annual_indicator_owes_nothing_before_the_fourth_quarter() -> None:
    rows = (target("i"), entry("i", None), cycle(Period(2026, 4)), entry("i", None, period=Period(2026, 4)))
    third = one(*rows, aggregation="tahunan")
    fourth = one(*rows, period=Period(2026, 4), aggregation="tahunan")
    assert (third.is_due, third.to_date.outcome) == (False, Outcome.ANNUAL)
    assert (fourth.is_due, fourth.is_missing) == (True, True)


def test_a_revised_target_leaves_earlier_quarters_alone() -> None:
    rows = (target("i", 100), target("i", 50, valid_from=3), *quarters(50, 50, 50))
    assert one(*rows, period=Period(2026, 2)).to_date.value == 50
    assert one(*rows, period=Period(2026, 3)).to_date.value == 100


def test_without_target_there_is_no_capaian_and_nothing_is_owed() -> None:
    m = one(entry("i", 5))
    assert (m.to_date.outcome, m.is_due) == (Outcome.NO_TARGET, False)


def test_less_is_better_where_the_indicator_says_so() -> None:
    assert one(target("i", 10), entry("i", 8), polarity="turun").to_date.value == 120


def test_without_arah_the_indicator_still_counts_as_owed() -> None:
    m = one(target("i"), entry("i", 5), polarity="")
    assert m.to_date.outcome is Outcome.NO_POLARITY
    assert m.is_due


def test_only_active_indicators_count() -> None:
    found = office(section("a"), indicator("i", "a"), indicator("j", "a", active=False))
    assert [m.indicator.id for m in measures(found, PERIOD)] == ["i"]


def two_values(*settings: Placed) -> Office:
    rows = [part for i in ("i", "j") for part in (indicator(i, "a"), target(i))]
    return office(section("a"), cycle(), *settings, *rows, entry("i", 150), entry("j", 50))


def test_the_mean_counts_values_above_one_hundred_in_full() -> None:
    found = two_values()
    assert mean_of(found, measures(found, PERIOD)).value == 100


def test_the_mean_is_capped_where_the_office_has_set_a_cap() -> None:
    found = two_values(setting("batas_rata_rata", "110"))
    assert mean_of(found, measures(found, PERIOD)).value == 80


def test_absorption_leaves_out_indicators_whose_spending_is_missing() -> None:
    rows = [part for i in ("i", "j", "k") for part in (indicator(i, "a"),)]
    budgets = (target("i", budget=Decimal(200)), target("j", budget=Decimal(800)), target("k"))
    found = office(section("a"), cycle(), *rows, *budgets, entry("i", 1, 100), entry("j", 1), entry("k", 1, 70))
    absorption = absorption_of(measures(found, PERIOD))
    assert (absorption.percent, absorption.spent, absorption.budget) == (50, 100, 1000)
    assert (absorption.known, absorption.total) == (1, 2)


def test_without_any_spending_there_is_no_absorption() -> None:
    found = office(section("a"), cycle(), indicator("i", "a"), target("i", budget=Decimal(200)), entry("i", 1))
    assert absorption_of(measures(found, PERIOD)).percent is None
