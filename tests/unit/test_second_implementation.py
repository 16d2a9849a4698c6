"""Two implementations of the same tables agree on 100,000 random cases."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from services.domain.attainment import DEFAULT_SCALE, UNRATED, Attainment, DownFormula, attain, mean
from services.domain.indicators import Aggregation, Bounds, Polarity, actual_to_date, target_to_date
from tests.unit import second_implementation as second

SEED = 20261104
NEAR = Fraction(1, 10**9)
CASES = {"capaian": 40_000, "to date": 40_000, "mean": 20_000}


@pytest.fixture
def rng() -> random.Random:
    return random.Random(SEED)


def some_value(rng: random.Random) -> Decimal | None:
    """Missing, zero, small whole numbers that often meet a target or a rounding limit, and arbitrary decimals."""
    kind = rng.randrange(10)
    if kind == 0:
        return None
    if kind == 1:
        return Decimal(0)
    if kind < 6:
        return Decimal(rng.randint(-2, 12))
    return Decimal(rng.randint(-5_000, 200_000)).scaleb(-rng.randint(0, 3))


def some_target(rng: random.Random) -> Bounds | None:
    low = some_value(rng)
    if low is None:
        return None
    return Bounds(low, low + rng.randint(1, 20)) if rng.randrange(4) == 0 else Bounds.exactly(low)


def some_polarity(rng: random.Random) -> Polarity | None:
    return rng.choice([Polarity.UP, Polarity.UP, Polarity.DOWN, Polarity.DOWN, None])


def fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def ends(target: Bounds | None) -> tuple[Fraction, Fraction] | None:
    return None if target is None else (Fraction(target.low), Fraction(target.high))


def both(
    target: Bounds | None, actual: Decimal | None, polarity: Polarity | None, down: DownFormula
) -> tuple[Attainment, Fraction | str]:
    """The capaian by the product and by the second implementation."""
    arah = None if polarity is None else polarity.value
    return attain(target, actual, polarity, down), second.capaian(ends(target), fraction(actual), arah, down.value)


def close(value: Decimal | None, expected: Fraction | None) -> bool:
    if value is None or expected is None:
        return value is None and expected is None
    return abs(Fraction(value) - expected) <= NEAR


def agree(result: Attainment, expected: Fraction | str) -> bool:
    if isinstance(expected, str):
        return result.value is None and result.outcome.value.startswith(expected)
    return close(result.value, expected)


def rating(value: Decimal | None) -> str:
    rated = DEFAULT_SCALE.rate(value)
    return rated.label if rated else UNRATED


def test_capaian_and_category_agree(rng: random.Random) -> None:
    for _ in range(CASES["capaian"]):
        case = some_target(rng), some_value(rng), some_polarity(rng), rng.choice(list(DownFormula))
        result, expected = both(*case)
        assert agree(result, expected), (case, result, expected)
        assert rating(result.value) == second.kategori(expected if isinstance(expected, Fraction) else None), case


def test_quarters_come_together_in_the_same_way(rng: random.Random) -> None:
    for _ in range(CASES["to date"]):
        tipe, count = rng.choice(list(Aggregation)), rng.randint(1, 4)
        actuals = [some_value(rng) for _ in range(count)]
        targets = [some_target(rng) for _ in range(count)]
        case = tipe.value, [fraction(a) for a in actuals], [ends(t) for t in targets]
        assert close(actual_to_date(tipe, actuals, targets), second.realisasi_sampai(*case)), case
        together, expected = target_to_date(tipe, actuals, targets), second.target_sampai(*case)
        low, high = expected or (None, None)
        assert close(together.low if together else None, low), case
        assert close(together.high if together else None, high), case


def test_means_agree_with_and_without_a_cap(rng: random.Random) -> None:
    for _ in range(CASES["mean"]):
        down, cap = rng.choice(list(DownFormula)), rng.choice([None, Decimal(100), Decimal(120)])
        pairs = [both(some_target(rng), some_value(rng), some_polarity(rng), down) for _ in range(rng.randrange(8))]
        result = mean([product for product, _ in pairs], cap)
        value, measured, expected = second.rata_rata([other for _, other in pairs], fraction(cap))
        assert close(result.value, value), pairs
        assert (result.measured, result.expected) == (measured, expected), pairs
