"""What was measured, beside its goal: lines of a table that prints the same on a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

HEADERS = ("what", "measured", "against", "ratio", "of the best", "goal", "verdict")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. With ``against`` (the empty page, or the smaller office) the goal is about the ratio of the two.

    ``best`` is the ratio of the best runs, where there were several.
    """

    what: str
    measured: float
    unit: str
    against: float | None = None
    goal: float | None = None
    best: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.measured / self.against if self.against else None

    @property
    def judged(self) -> float:
        """The figure that the goal is about."""
        return self.measured if self.ratio is None else self.ratio

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        return None if self.goal is None else self.judged <= self.goal

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        missed = f"MISSED by {self.judged / self.goal - 1:.0%}" if self.goal else "MISSED"
        return "met" if self.met else missed

    @property
    def cells(self) -> tuple[str, ...]:
        goal_unit = "×" if self.against else self.unit
        return (
            self.what,
            amount(self.measured, self.unit),
            "" if self.against is None else amount(self.against, self.unit),
            _times(self.ratio),
            _times(self.best),
            "" if self.goal is None else f"≤ {self.goal:g} {goal_unit}",
            self.verdict,
        )


def compared(what: str, measured: Sequence[float], against: Sequence[float], unit: str, goal: float | None) -> Line:
    """A line of medians."""
    return Line(what, median(measured), unit, median(against), goal, min(measured) / min(against))


def growth(what: str, by_size: Sequence[tuple[int, float]], unit: str, goal: float) -> list[Line]:
    """One line for each size, compared with the size before it."""
    smaller: list[float | None] = [None, *(value for _, value in by_size[:-1])]
    return [
        Line(f"{what}, {size:,} indicators", value, unit, before, goal if before else None)
        for (size, value), before in zip(by_size, smaller, strict=True)
    ]


def amount(value: float, unit: str) -> str:
    """Three digits are all that such figures are good for."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f} ×"


def render(lines: Iterable[Line]) -> str:
    """A Markdown table with columns of even width."""
    rows = [HEADERS, *(line.cells for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADERS))]
    drawn = [_row(row, widths) for row in rows]
    return "\n".join((drawn[0], _row(["-" * width for width in widths], widths), *drawn[1:]))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, figures to the right."""
    words = (HEADERS.index("what"), HEADERS.index("verdict"))
    sized = enumerate(zip(cells, widths, strict=True))
    return f"| {' | '.join(cell.ljust(width) if n in words else cell.rjust(width) for n, (cell, width) in sized)} |"
