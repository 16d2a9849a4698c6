"""Heat map and strip of the 13 steps for paper. On the screen both are HTML, which reflows and can be read aloud.

Everything is placed in pixels, because the width of paper is known.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import altair as alt

from services.charts.palette import RATING_SYMBOLS, Fill, Palette
from services.charts.style import Record, Side, Spec, Table, base, layered, specification
from services.charts.trend import quarter_label
from services.domain.attainment import Outcome
from services.domain.indicators import Period
from services.domain.numbers import format_number, format_period
from services.domain.process import Progress, StepState
from services.views.board import Board, HeatGroup, HeatRow
from services.views.measures import Measure
from services.views.steps import Steps

PAPER_WIDTH = 590
"""Pixels of the text width of an A4 page (156 mm at 96 pixels an inch)."""

SYMBOL_FROM_RANK = 3
"""The two lowest classes carry their symbol inside the cell, since in grey they look like the two highest."""


# Heat map

_CELL, _CELL_HEIGHT, _YEAR_GAP = 44, 20, 8
_LINE, _HEADER, _GROUP = 14, 24, 26
_CHARACTER = 6.4
"""Mean width of a character at 12 pixels, on the safe side."""


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


def heat_map(
    board: Board, palette: Palette, width: int = PAPER_WIDTH, groups: Sequence[HeatGroup] | None = None
) -> Spec:
    """Capaian of every indicator in every quarter, grouped by section. ``groups`` restricts it to what fits a page."""
    shown = board.heat if groups is None else tuple(groups)
    layout = _HeatLayout([p.period for p in board.trend], width, palette)
    for group in shown:
        layout.add(group)
    return in_pixels(layout.records, palette, heat_map_alt(board), width, layout.height)


def heat_map_table(board: Board) -> Table:
    headers = ("Seksi", "Indikator", *(format_period(p.period) for p in board.trend))
    rows = tuple(
        (group.section.short, row.indicator.name, *(cell_text(m) for m in row.cells))
        for group in board.heat
        for row in group.rows
    )
    return headers, rows


def heat_map_alt(board: Board) -> str:
    counts = [f"{s.rating.label} {s.count}" for s in board.shares if s.rating]
    unrated = sum(s.count for s in board.shares if s.rating is None)
    return (
        f"Capaian {len(board.measures)} indikator dalam {len(board.trend)} triwulan. {format_period(board.period)}: "
        f"{', '.join(counts)}, belum dapat dinilai {unrated}, diukur tahunan {board.annual_only}."
    )


class _HeatLayout:
    """Places texts and cells from top to bottom."""

    def __init__(self, periods: list[Period], width: int, palette: Palette) -> None:
        self._palette = palette
        gaps = [sum(q.quarter == 1 for q in periods[1 : n + 1]) for n in range(len(periods))]
        total = len(periods) * _CELL + gaps[-1] * _YEAR_GAP
        self._left = [width - total + n * _CELL + gap * _YEAR_GAP for n, gap in enumerate(gaps)]
        self._name_length = max(12, int((width - total - 12) / _CHARACTER))
        self.height = _HEADER
        self.records: list[Record] = [
            self._text(x + _CELL / 2, 8, quarter_label(p, with_year=n == 0 or p.quarter == 1), palette.muted, "center")
            for n, (x, p) in enumerate(zip(self._left, periods, strict=True))
        ]

    def add(self, group: HeatGroup) -> None:
        heading = self._text(0, self.height + _GROUP / 2, group.section.short, self._palette.navy, bold=True)
        self.records.append(heading)
        self.height += _GROUP
        for row in group.rows:
            self._add_row(row)

    def _add_row(self, row: HeatRow) -> None:
        lines = textwrap.wrap(row.indicator.name, self._name_length) or [""]
        height = max(_CELL_HEIGHT + 2, len(lines) * _LINE + 6)
        middle = self.height + height / 2
        first = middle - (len(lines) - 1) * _LINE / 2
        self.records += [self._text(0, first + n * _LINE, line, self._palette.text) for n, line in enumerate(lines)]
        for x, m in zip(self._left, row.cells, strict=True):
            self.records += self._cell(x, middle, m)
        self.height += height

    def _cell(self, x: float, middle: float, m: Measure) -> Iterable[Record]:
        fill = self._palette.ratings[m.rating.rank] if m.rating else Fill("transparent", self._palette.unrated)
        top, bottom = middle - _CELL_HEIGHT / 2, middle + _CELL_HEIGHT / 2
        if m.rating or m.is_open:
            yield box_record(x, x + _CELL - 2, top, bottom, fill.background, dashed=not m.rating)
        yield self._text(x + _CELL / 2 - 1, middle, cell_text(m), fill.text, "center")

    def _text(self, x: float, y: float, text: str, colour: str, align: Side = "left", *, bold: bool = False) -> Record:
        return text_record(x, y, text, colour, align, bold=bold)


# Strip of the 13 steps

_SEGMENT_HEIGHT, _STRIP_ROW = 7, 52
_SEGMENT_MINIMUM = 70
_LATE_SHARE = 0.35
"""Part of a segment that is shown in brick when the step took longer than its standard time."""


def step_strip(board: Board, palette: Palette, width: int = PAPER_WIDTH) -> Spec:
    """The 13 steps as segments, in two rows where one would be too narrow for their names."""
    items = board.steps.items
    per_row = len(items) if width / len(items) >= _SEGMENT_MINIMUM else -(-len(items) // 2)
    size = width / per_row
    records: list[Record] = []
    for n, item in enumerate(items):
        records += _segment(item, n % per_row * size, n // per_row * _STRIP_ROW, size, board.steps, palette)
    height = -(-len(items) // per_row) * _STRIP_ROW - 8
    return in_pixels(records, palette, step_strip_alt(board), width, height)


def step_strip_table(board: Board) -> Table:
    headers = ("Langkah", "Uraian", "Keadaan", "Lewat waktu baku")
    rows = tuple(
        (
            str(p.step.no),
            p.step.procedure,
            p.state.value,
            overrun_text(p.overrun, board.steps) if p.overrun else "–",
        )
        for p in board.steps.items
    )
    return headers, rows


def step_strip_alt(board: Board) -> str:
    steps = board.steps
    now = f"; kini langkah {steps.current.step.no}, {steps.current.step.short}" if steps.current else ""
    return f"{steps.done} dari {len(steps.items)} langkah selesai, {steps.late} melewati waktu baku{now}."


def overrun_text(minutes: int, steps: Steps) -> str:
    """``2 hari``, ``5 jam`` or ``20 menit``: only the largest unit, for tight places."""
    days, rest = divmod(minutes, steps.calendar.minutes_per_day)
    hours = rest // 60
    return f"{days} hari" if days else f"{hours} jam" if hours else f"{rest} menit"


def segment_colour(item: Progress, palette: Palette) -> str:
    return {
        StepState.DONE: palette.navy,
        StepState.RUNNING: palette.ochre,
        StepState.LATE: palette.brick,
        StepState.PAUSED: palette.ochre,
        StepState.PENDING: palette.pending,
    }[item.state]


def _segment(item: Progress, x: float, y: float, size: float, steps: Steps, palette: Palette) -> Iterable[Record]:
    end, bottom = x + size - 3, y + _SEGMENT_HEIGHT
    late = item.state is StepState.DONE and item.overrun > 0
    border = end - _LATE_SHARE * size if late else end
    yield box_record(x, border, y, bottom, segment_colour(item, palette))
    if late:
        yield box_record(border, end, y, bottom, palette.brick)
    current = item.state in (StepState.RUNNING, StepState.LATE, StepState.PAUSED)
    colour = palette.text if item.state is not StepState.PENDING else palette.muted
    yield text_record(x, y + 17, _segment_mark(item, steps), colour, bold=current)
    yield text_record(x, y + 32, item.step.short, colour, bold=current)


def _segment_mark(item: Progress, steps: Steps) -> str:
    mark = {
        StepState.DONE: " ✓",
        StepState.RUNNING: " ● kini",
        StepState.LATE: " ! kini",
        StepState.PAUSED: " ● jeda",
        StepState.PENDING: "",
    }
    over = f" +{overrun_text(item.overrun, steps)}" if item.overrun and item.state is StepState.DONE else ""
    return f"{item.step.no}{mark[item.state]}{over}"


# Drawing in pixels


def text_record(x: float, y: float, text: str, colour: str, align: Side = "left", *, bold: bool = False) -> Record:
    """A text whose middle line is at ``y``."""
    weight = 700 if bold else 400
    return {"kind": "text", "x": x, "y": y, "text": text, "colour": colour, "align": align, "weight": weight}


def box_record(x: float, x2: float, y: float, y2: float, fill: str, *, dashed: bool = False) -> Record:
    """A filled box, or a dashed outline for what has no value."""
    return {"kind": "open" if dashed else "box", "x": x, "x2": x2, "y": y, "y2": y2, "fill": fill}


def in_pixels(records: list[Record], palette: Palette, description: str, width: int, height: float) -> Spec:
    """Boxes and texts at their places, y downwards."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    full = base().transform_filter("datum.kind === 'box'").mark_rect(cornerRadius=2)
    dashed = base().transform_filter("datum.kind === 'open'")
    outline = dashed.mark_rect(fillOpacity=0, stroke=palette.unrated, strokeDash=[3, 2], strokeWidth=0.75)
    words = (
        base()
        .transform_filter("datum.kind === 'text'")
        .mark_text(
            fontSize=12,
            align={"expr": "datum.align"},
            fontWeight={"expr": "datum.weight"},
            color={"expr": "datum.colour"},
        )
    )
    chart = layered(
        records,
        full.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", fill=alt.Fill("fill:N", scale=None, legend=None)),
        outline.encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        words.encode(x=x, y=y, text="text:N"),
    ).properties(height=height)
    return specification(chart, palette, description, width)
