"""Short words in the cells of the heat map and on the steps, where there is room for a few letters only."""

from __future__ import annotations

from services.charts.palette import RATING_SYMBOLS
from services.domain.attainment import Outcome
from services.domain.numbers import format_number
from services.views.measures import Measure
from services.views.steps import Steps

SYMBOL_FROM_RANK = 3
"""The two lowest classes carry their symbol inside the cell, since in grey they look like the two highest."""


def cell_text(m: Measure) -> str:
    """What stands in a cell: the rounded capaian, "thn", "NA", or the outcome of a target of zero."""
    if m.to_date.value is not None:
        symbol = RATING_SYMBOLS[m.rating.rank] if m.rating and m.rating.rank >= SYMBOL_FROM_RANK else ""
        return f"{symbol}{format_number(m.to_date.value, 0)}"
    return _WORDS.get(m.to_date.outcome, "NA")


_WORDS = {
    Outcome.ANNUAL: "thn",
    Outcome.ACHIEVED: "ya",
    Outcome.NOT_ACHIEVED: "tdk",
    Outcome.NOT_TARGETED: "–",
    Outcome.NO_TARGET: "–",
    Outcome.BAD_TARGET: "–",
}


def overrun_text(minutes: int, steps: Steps) -> str:
    """``2 hari``, ``5 jam`` or ``20 menit``: only the largest unit, for tight places."""
    days, rest = divmod(minutes, steps.calendar.minutes_per_day)
    hours = rest // 60
    return f"{days} hari" if days else f"{hours} jam" if hours else f"{rest} menit"
