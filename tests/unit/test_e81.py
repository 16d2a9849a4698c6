"""Formulir E.81: what stands in which column, and that nothing unknown becomes a number."""

from __future__ import annotations

from decimal import Decimal

from services.domain.attainment import Outcome
from services.domain.indicators import Bounds, Period
from services.store import schema
from services.store.store import Value
from services.views.e81 import E81, E81Row, Pair, e81_of
from tests.unit.offices import PERIOD, Placed, _row, cycle, entry, indicator, office, section, target

Q1, Q2 = Period(2026, 1), Period(2026, 2)


def renstra(indicator_id: str, **values: Value) -> Placed:
    usual: dict[str, Value] = {"indicator_id": indicator_id, "year": 2026, "last_year": 2026}
    return _row(schema.RENSTRA, usual | values)


def form(*placed: Placed, **changes: Value) -> E81:
    changes = {"aggregation": "jumlah"} | changes
    base = (section("pem"), indicator("a", "pem", **changes), target("a", (3, 3, 3, 3), annual=Decimal(12)), cycle())
    return e81_of(office(*base, *placed), PERIOD)


def row(*placed: Placed, **changes: Value) -> E81Row:
    return form(*placed, **changes).rows[0]


def number(value: int) -> Decimal:
    return Decimal(value)


def test_the_quarters_stand_in_columns_8_to_11_and_their_sum_in_12() -> None:
    found = row(entry("a", 3, period=Q1), entry("a", 2, period=Q2), entry("a", 4))
    assert [q.performance for q in found.quarters] == [3, 2, 4, None]
    assert found.year.performance == 9


def test_money_of_a_quarter_is_what_was_added_since_the_one_before() -> None:
    found = row(entry("a", 3, 10, period=Q1), entry("a", 3, 25, period=Q2), entry("a", 3, 70))
    assert [q.money for q in found.quarters] == [10, 15, 45, None]
    assert found.year.money == 70


def test_money_of_a_quarter_after_a_gap_is_not_known() -> None:
    found = row(entry("a", 3, 10, period=Q1), entry("a", 3, None, period=Q2), entry("a", 3, 70))
    assert [q.money for q in found.quarters] == [10, None, None, None]


def test_column_13_adds_the_years_before_and_14_measures_against_the_renstra() -> None:
    plan = renstra("a", target="60", budget="1.000.000", actual="40", spent=number(500_000))
    found = row(plan, entry("a", 3, 100_000, period=Q1), entry("a", 2, 200_000, period=Q2), entry("a", 4, 250_000))
    assert found.renstra == Pair(Bounds.exactly(number(60)), number(1_000_000))
    assert found.total == Pair(number(49), number(750_000))
    assert found.attainment.value == number(49) / 60 * 100
    assert found.absorption == 75


def test_an_index_is_not_added_to_the_years_before() -> None:
    plan = renstra("a", target="90", actual="84")
    assert row(plan, entry("a", 88), aggregation="posisi akhir").total.performance == 88


def test_without_the_years_before_a_sum_is_not_known() -> None:
    found = row(renstra("a", target="60"), entry("a", 3, period=Q1), entry("a", 3, period=Q2), entry("a", 3))
    assert found.total.performance is None
    assert found.attainment.outcome is Outcome.NOT_MEASURED


def test_without_a_renstra_there_is_no_capaian_of_it_and_no_mean() -> None:
    found = form(entry("a", 3))
    assert found.rows[0].attainment.outcome is Outcome.NO_TARGET
    assert (found.mean.value, found.rating, found.last_year) == (None, None, None)


def test_a_missing_quarter_leaves_the_sum_open_and_is_not_zero() -> None:
    found = row(entry("a", 3, period=Q1), entry("a", None, period=Q2), entry("a", 4))
    assert found.year.performance is None


def test_the_predikat_follows_from_the_mean_of_column_14() -> None:
    plan = renstra("a", target="12", actual="0")
    found = form(plan, entry("a", 3, period=Q1), entry("a", 3, period=Q2), entry("a", 3))
    assert (found.mean.value, found.mean.measured, found.mean.expected) == (75, 1, 1)
    assert found.rating is not None
    assert found.rating.label == "Sedang"
