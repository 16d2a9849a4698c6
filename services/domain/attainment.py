"""Capaian: how far a target was attained, its rating, and means over incomplete data.

Sources: PermenPAN-RB 8/2021 (formula 2T-R for "arah turun"), Permendagri 86/2017 (rating scale). No row is capped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from services.domain.indicators import Bounds, Polarity
from services.domain.numbers import format_number
from services.domain.numbers import round_half_up as round_half_up

HUNDRED = Decimal(100)
ZERO = Decimal(0)


class DownFormula(StrEnum):
    """The one formula that the whole office uses for indicators where less is better."""

    TWICE_TARGET_MINUS_ACTUAL = "2t-r"
    TARGET_OVER_ACTUAL = "t/r"


class Outcome(StrEnum):
    """Why a capaian is a number, or why it is none. The value is what a person reads."""

    MEASURED = "terukur"
    ACHIEVED = "Tercapai"
    NOT_ACHIEVED = "Tidak tercapai"
    NO_POLARITY = "belum dapat dihitung: arah belum diisi"
    NO_TARGET = "belum ada target"
    BAD_TARGET = "belum dapat dihitung: target negatif"
    NOT_TARGETED = "tidak ditargetkan pada triwulan ini"
    NOT_MEASURED = "belum ada realisasi"
    EARLIER_MISSING = "realisasi triwulan sebelumnya belum ada"
    UNREADABLE = "realisasi perlu diperbaiki"
    NO_QUOTIENT = "belum dapat dihitung: realisasi 0 atau negatif tidak dapat dipakai pada rumus T / R"
    ANNUAL = "diukur tahunan"

    @property
    def expects_percentage(self) -> bool:
        """Whether an indicator with this outcome belongs to the N of a mean ("n dari N")."""
        return self in _IN_AVERAGE


_IN_AVERAGE = frozenset(
    {
        Outcome.MEASURED,
        Outcome.NO_POLARITY,
        Outcome.NOT_MEASURED,
        Outcome.EARLIER_MISSING,
        Outcome.UNREADABLE,
        Outcome.NO_QUOTIENT,
    }
)


@dataclass(frozen=True, slots=True)
class Attainment:
    """Capaian in percent with its reason; ``value`` is None unless ``outcome`` is MEASURED.

    ``pattern`` is how it was computed, ``terms`` are the numbers in it.
    """

    outcome: Outcome
    value: Decimal | None = None
    pattern: str = ""
    terms: tuple[Decimal, ...] = ()

    @property
    def formula(self) -> str:
        """The computation with its numbers, e.g. ``83,33 / 95 × 100``."""
        return self.pattern.format(*map(format_number, self.terms))


def attain(
    target: Bounds | None,
    actual: Decimal | None,
    polarity: Polarity | None,
    down: DownFormula = DownFormula.TWICE_TARGET_MINUS_ACTUAL,
) -> Attainment:
    """Capaian of one value against one target, by the office's formulas. Never raises on missing data."""
    reason = _why_not(target, actual, polarity)
    if reason is not None:
        return Attainment(reason)
    assert target is not None
    assert actual is not None
    if target.is_range and target.low <= actual <= target.high:
        return Attainment(Outcome.MEASURED, HUNDRED, "{} di antara {} dan {}", (actual, target.low, target.high))
    bound = target.nearest(actual) if target.is_range else target.low
    return _upward(bound, actual) if polarity is Polarity.UP else _downward(bound, actual, down)


def _why_not(target: Bounds | None, actual: Decimal | None, polarity: Polarity | None) -> Outcome | None:
    if target is None:
        return Outcome.NO_TARGET
    if target.low < 0:
        return Outcome.BAD_TARGET
    if polarity is Polarity.UP and target.high == 0:
        return Outcome.NOT_TARGETED
    if actual is None:
        return Outcome.NOT_MEASURED
    return Outcome.NO_POLARITY if polarity is None else None


def _upward(target: Decimal, actual: Decimal) -> Attainment:
    if target == 0:  # the lower bound of a range such as 0 - 5, undershot by a negative value
        return Attainment(Outcome.NOT_ACHIEVED)
    return Attainment(Outcome.MEASURED, actual / target * HUNDRED, "{} / {} × 100", (actual, target))


def _downward(target: Decimal, actual: Decimal, down: DownFormula) -> Attainment:
    if target == 0:
        return Attainment(Outcome.ACHIEVED if actual <= 0 else Outcome.NOT_ACHIEVED)
    if down is DownFormula.TWICE_TARGET_MINUS_ACTUAL:
        value = (2 * target - actual) / target * HUNDRED
        return Attainment(Outcome.MEASURED, value, "(2 × {0} − {1}) / {0} × 100", (target, actual))
    if actual <= 0:
        return Attainment(Outcome.NO_QUOTIENT)
    return Attainment(Outcome.MEASURED, target / actual * HUNDRED, "{} / {} × 100", (target, actual))


@dataclass(frozen=True, slots=True)
class Rating:
    """One class of the scale; ``rank`` 0 is the best and chooses colour and symbol."""

    rank: int
    label: str
    lower: int | None


@dataclass(frozen=True, slots=True)
class Scale:
    """Rating classes from best to worst; the last one has no lower bound."""

    ratings: tuple[Rating, ...]

    def rate(self, value: Decimal | None) -> Rating | None:
        """Class of a capaian, rounded half up to a whole number first; None: "Belum dapat dinilai"."""
        if value is None:
            return None
        rounded = round_half_up(value)
        return next(r for r in self.ratings if r.lower is None or rounded >= r.lower)


DEFAULT_SCALE = Scale(
    (
        Rating(0, "Sangat Tinggi", 91),
        Rating(1, "Tinggi", 76),
        Rating(2, "Sedang", 66),
        Rating(3, "Rendah", 51),
        Rating(4, "Sangat Rendah", None),
    )
)
UNRATED = "Belum dapat dinilai"
MOST_RATINGS = len(DEFAULT_SCALE.ratings)
"""So many have a colour and a symbol of their own."""


def scale_of(ratings: Sequence[tuple[str, int | None]]) -> Scale:
    """The scale of these names and lower bounds, best first, also where somebody typed them in disorder.

    The last one takes whatever is below the others. One of the others without a bound takes nothing, for what is
    missing must not count as good; nor does one that is too many.
    """
    *upper, (last, _) = ratings
    bounded = [(label, lower) for label, lower in upper if lower is not None][: MOST_RATINGS - 1]
    return Scale(tuple(Rating(rank, label, lower) for rank, (label, lower) in enumerate([*bounded, (last, None)])))


def disorder(bounds: Sequence[tuple[int, int | None]]) -> str:
    """What is wrong with a scale of these ranks and lower bounds, best first; "" where nothing is.

    There are not too many, ranks count up from 0, bounds fall, and the last one alone has none.
    """
    lower = [bound for _, bound in bounds]
    if len(bounds) > MOST_RATINGS:
        return f"Skala memuat paling banyak {MOST_RATINGS} kategori."
    if [rank for rank, _ in bounds] != list(range(len(bounds))):
        return "Urutan semua kategori harus 0, 1, 2, dan seterusnya tanpa celah."
    if not lower or lower[-1] is not None or None in lower[:-1]:
        return "Hanya kategori terakhir yang batas bawahnya kosong."
    falling = all(high > low for high, low in pairwise(bound for bound in lower if bound is not None))
    return "" if falling else "Batas bawah harus makin kecil dari kategori terbaik ke terendah."


@dataclass(frozen=True, slots=True)
class Mean:
    """Plain mean of capaian over the indicators that ought to have one.

    ``measured`` of ``expected`` have a value; ``low`` and ``high`` bound what the mean can still become.
    ``value`` is None when nothing is measured; ``low``/``high`` are None when nothing is expected.
    """

    value: Decimal | None
    measured: int
    expected: int
    low: Decimal | None
    high: Decimal | None

    @property
    def complete(self) -> bool:
        return self.measured == self.expected


def mean(attainments: Iterable[Attainment], cap: Decimal | None = None) -> Mean:
    """Mean with "n dari N" and the range still possible.

    A missing value is taken to end between 0 and 100, or as far out as the lowest and highest value already measured
    (usulan: no rule was found; a capaian itself is not bounded). ``cap`` limits each value inside the mean only.
    """
    expected = [a for a in attainments if a.outcome.expects_percentage]
    values = [min(a.value, cap) if cap is not None else a.value for a in expected if a.value is not None]
    if not expected:
        return Mean(None, 0, 0, None, None)
    missing, total = len(expected) - len(values), sum(values, ZERO)
    low = (total + missing * min([ZERO, *values])) / len(expected)
    best = max([HUNDRED, *values])
    high = (total + missing * (best if cap is None else min(best, cap))) / len(expected)
    return Mean(total / len(values) if values else None, len(values), len(expected), low, high)
