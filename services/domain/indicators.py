"""Indicators, their targets, and how the quarters of a year come together.

Source of the four ways (``Aggregation``): the office's own practice, kept per indicator as data; percentages and
indices are never summed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

QUARTERS = (1, 2, 3, 4)
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One quarter of one year."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        if self.quarter not in QUARTERS:
            raise ValueError(f"triwulan harus 1 sampai 4, bukan {self.quarter}")

    def __hash__(self) -> int:
        """Without the tuple that a dataclass would make each time: every figure is looked up by its quarter."""
        return 4 * self.year + self.quarter

    def previous(self) -> Period:
        return Period(self.year - 1, 4) if self.quarter == 1 else Period(self.year, self.quarter - 1)

    def next(self) -> Period:
        return Period(self.year + 1, 1) if self.quarter == 4 else Period(self.year, self.quarter + 1)

    def trailing(self, count: int) -> tuple[Period, ...]:
        """The ``count`` periods that end with this one, oldest first."""
        periods = [self]
        while len(periods) < count:
            periods.append(periods[-1].previous())
        return tuple(reversed(periods))

    @property
    def key(self) -> str:
        """Sortable text form, for ids and addresses: ``2026-3``."""
        return f"{self.year}-{self.quarter}"


class Level(StrEnum):
    """Where an indicator stands in the planning documents."""

    IKU = "IKU"
    PROGRAMME = "Program"
    ACTIVITY = "Kegiatan"
    OUTPUT = "Sub kegiatan"


class Polarity(StrEnum):
    """``arah``: whether more or less is better."""

    UP = "naik"
    DOWN = "turun"


class Aggregation(StrEnum):
    """``tipe``: how quarterly values become a value up to a quarter."""

    SUM = "jumlah"
    MEAN = "rata-rata"
    LAST = "posisi akhir"
    ANNUAL = "tahunan"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A target: one number (``low == high``) or a range such as "80 - 90"."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("batas bawah target lebih besar dari batas atasnya")

    @classmethod
    def exactly(cls, value: Decimal) -> Bounds:
        return cls(value, value)

    @property
    def is_range(self) -> bool:
        return self.low != self.high

    def nearest(self, actual: Decimal) -> Decimal:
        """The bound against which an actual outside the range is measured; inside it, the actual itself."""
        return min(max(actual, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Target:
    """Targets and budget of one indicator in one year, as they hold from quarter ``valid_from`` on.

    ``quarterly`` holds the targets of TW I to IV (None: no target set). A later revision leaves earlier quarters alone.
    """

    id: str
    indicator_id: str
    year: int
    valid_from: int
    annual: Bounds | None
    quarterly: tuple[Bounds | None, Bounds | None, Bounds | None, Bounds | None]
    budget: Decimal | None
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the dictionary of indicators (kamus indikator)."""

    id: str
    code: str
    name: str
    level: Level
    objective: str
    programme: str
    unit: str
    polarity: Polarity | None
    aggregation: Aggregation
    section_id: str
    definition: str
    formula: str
    source: str
    order: int
    active: bool


def target_in_force(targets: Sequence[Target], year: int, quarter: int) -> Target | None:
    """The revision that holds in a quarter: the latest one with ``valid_from`` not after it."""
    found: Target | None = None
    for target in targets:
        later = found is None or target.valid_from > found.valid_from
        if later and target.year == year and target.valid_from <= quarter:
            found = target
    return found


def quarterly_targets(targets: Sequence[Target], year: int) -> tuple[Bounds | None, ...]:
    """Target of each quarter of the year, each from the revision in force in that very quarter."""
    in_force = [target_in_force(targets, year, quarter) for quarter in QUARTERS]
    return tuple(t.quarterly[q - 1] if t else None for q, t in zip(QUARTERS, in_force, strict=True))


def actual_to_date(
    aggregation: Aggregation, actuals: Sequence[Decimal | None], targets: Sequence[Bounds | None]
) -> Decimal | None:
    """Value up to the last of the given quarters (TW I first), or None while it cannot be known.

    A sum with a hole would pass a missing value off as zero: it is None, unless that quarter had nothing to achieve.
    """
    known = [a for a in actuals if a is not None]
    match aggregation:
        case Aggregation.SUM:
            return sum(known, Decimal(0)) if known and not _has_hole(actuals, targets) else None
        case Aggregation.MEAN:
            return sum(known, Decimal(0)) / len(known) if known else None
        case Aggregation.LAST:
            return known[-1] if known else None
        case Aggregation.ANNUAL:
            return actuals[3] if len(actuals) == 4 else None


def target_to_date(
    aggregation: Aggregation, actuals: Sequence[Decimal | None], targets: Sequence[Bounds | None]
) -> Bounds | None:
    """Target up to the last of the given quarters, put together in the same way as the actuals."""
    match aggregation:
        case Aggregation.SUM:
            known = [t for t in targets if t is not None]
            return _total(known) if known else None
        case Aggregation.MEAN:
            # Mean against mean: only the quarters that have a value count on either side.
            pairs = [t for t, a in zip(targets, actuals, strict=True) if t is not None and a is not None]
            pairs = pairs or [t for t in targets[-1:] if t is not None]
            return Bounds(_total(pairs).low / len(pairs), _total(pairs).high / len(pairs)) if pairs else None
        case Aggregation.LAST:
            return targets[-1]
        case Aggregation.ANNUAL:
            return targets[3] if len(targets) == 4 else None


def needed_per_quarter(
    aggregation: Aggregation,
    actuals: Sequence[Decimal | None],
    annual: Bounds | None,
    targets: Sequence[Bounds | None] | None = None,
) -> Decimal | None:
    """What each remaining quarter must bring so that the year ends at the annual target (its lower bound).

    ``actuals`` are the quarters up to now, ``targets`` theirs (None: every quarter had something to achieve). The
    answer is None with no annual target, no quarter left, or a value missing; it is zero or negative once the target is
    reached.
    """
    remaining = 4 - len(actuals)
    if annual is None or remaining == 0:
        return None
    match aggregation:
        case Aggregation.SUM:
            hole = None in actuals if targets is None else _has_hole(actuals, targets)
            return None if hole else (annual.low - _sum(actuals)) / remaining
        case Aggregation.MEAN:
            known = [a for a in actuals if a is not None]
            return (annual.low * (len(known) + remaining) - _sum(known)) / remaining
        case Aggregation.LAST | Aggregation.ANNUAL:
            return annual.low


def _has_hole(actuals: Sequence[Decimal | None], targets: Sequence[Bounds | None]) -> bool:
    return any(a is None and _expects(t) for a, t in zip(actuals, targets, strict=True))


def _expects(target: Bounds | None) -> bool:
    return target is not None and target != Bounds(Decimal(0), Decimal(0))


def _sum(values: Sequence[Decimal | None]) -> Decimal:
    return sum((v for v in values if v is not None), Decimal(0))


def _total(targets: Sequence[Bounds]) -> Bounds:
    return Bounds(sum((t.low for t in targets), Decimal(0)), sum((t.high for t in targets), Decimal(0)))
