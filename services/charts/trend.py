"""Mean capaian over the quarters, with the range in which the last one can still end."""

from __future__ import annotations

import json
from typing import Any

import altair as alt

from services.charts.palette import Palette
from services.charts.style import (
    TARGET,
    Record,
    Side,
    Spec,
    Table,
    base,
    layered,
    one_decimal,
    percent,
    position,
    span_text,
    specification,
)
from services.domain.indicators import ROMAN, Period
from services.domain.numbers import format_period
from services.views.board import Board, TrendPoint

_HEIGHT = 190
_FLOOR, _CEILING = 65.0, 104.0
_SHIFT: dict[Side, int] = {"left": -10, "center": 0, "right": 10}
_BESIDE_TARGET = f"abs(datum.value - {TARGET}) < 3 ? (datum.value < {TARGET} ? 11 : -11) : 0"
"""Vega expression: the last value stands under or over the target's line, which would run through it."""
_NEAR_TARGET = 93
"""A first value from here on would stand under the word "Target" at the left end."""


def trend(board: Board, palette: Palette, width: int | None = None) -> Spec:
    """One point per quarter, oldest first; a quarter without any value leaves a gap. A trend is never empty."""
    records = [_record(n, point) for n, point in enumerate(board.trend)]
    low, high = _domain(records)
    axes = _Axes(records, alt.Scale(domain=[low, high], nice=False, zero=False), _levels(low, high))
    last = board.trend[-1].period.key
    marks = (*_target(axes, palette, records), *_possible(axes, palette, last), *_line(axes, palette, last))
    return specification(layered(records, *marks).properties(height=_HEIGHT), palette, trend_alt(board), width)


def trend_table(board: Board) -> Table:
    headers = ("Triwulan", "Rata-rata capaian", "Terukur", "Masih mungkin")
    rows = tuple(
        (
            format_period(p.period),
            percent(p.mean.value),
            f"{p.mean.measured} dari {p.mean.expected}",
            "–" if p.mean.complete else span_text(p.mean.low, p.mean.high, 1),
        )
        for p in board.trend
    )
    return headers, rows


def trend_alt(board: Board) -> str:
    parts = [f"{format_period(p.period)} {percent(p.mean.value)}" for p in board.trend]
    possible = _range_text(board.trend[-1])
    ending = f"; triwulan terakhir {possible}" if possible else ""
    return f"Rata-rata capaian per triwulan: {'; '.join(parts)}{ending}."


def quarter_label(period: Period, *, with_year: bool) -> str:
    """``III`` or ``III '26``."""
    return f"{ROMAN[period.quarter]} '{period.year % 100:02}" if with_year else ROMAN[period.quarter]


class _Axes:
    """Both axes of the chart, given to every mark alike."""

    def __init__(self, records: list[Record], scale: alt.Scale, values: list[int]) -> None:
        keys = [r["key"] for r in records]
        labels = json.dumps({r["key"]: r["label"] for r in records}, ensure_ascii=False)
        axis = alt.Axis(labelExpr=f"{labels}[datum.value]", labelAngle=0, grid=False)
        self._x = alt.X("key:O", sort=keys, axis=axis, scale=alt.Scale(domain=keys, type="point", padding=0.6))
        self._scale, self._axis = scale, alt.Axis(values=values)

    def place(self, mark: alt.Chart, field: str = "value", **channels: Any) -> alt.Chart:
        """A mark at its quarter and at a field of its record."""
        return mark.encode(x=self._x, y=alt.Y(f"{field}:Q", scale=self._scale, axis=self._axis), **channels)

    def over(self, mark: alt.Chart, level: float) -> alt.Chart:
        """A mark at its quarter and at a fixed level."""
        return mark.encode(x=self._x, y=self._level(level))

    def across(self, mark: alt.Chart, level: float) -> alt.Chart:
        """One line through all quarters."""
        return mark.encode(y=self._level(level))

    def _level(self, level: float) -> alt.YDatum:
        return alt.YDatum(level, type="quantitative", scale=self._scale, axis=self._axis)


def _record(n: int, point: TrendPoint) -> Record:
    mean = point.mean
    return {
        "key": point.period.key,
        "label": quarter_label(point.period, with_year=n == 0 or point.period.quarter == 1),
        "value": position(mean.value),
        "text": "" if mean.value is None else one_decimal(mean.value),
        "low": position(mean.low),
        "high": position(mean.high),
        "possible": _range_text(point),
    }


def _range_text(point: TrendPoint) -> str:
    return "" if point.mean.complete else f"mungkin {span_text(point.mean.low, point.mean.high, 1)}"


def _domain(records: list[Record]) -> tuple[float, float]:
    """65 to 104, further where a value or the open range of the last quarter lies outside."""
    places = [r["value"] for r in records if r["value"] is not None]
    if records and records[-1]["possible"]:
        places += [records[-1]["low"], records[-1]["high"]]
    low, high = min([_FLOOR + 4, *places]), max([_CEILING - 4, *places])
    room = (high - low) * 0.12
    return min(_FLOOR, low - room), max(_CEILING, high + room)


def _levels(low: float, high: float) -> list[int]:
    """Grid lines: tens, or coarser where the values spread more; always the target."""
    step = next((s for s in (10, 20, 50, 100, 200, 500) if high - low <= 6 * s), 1000)
    first = -int(-low // step) * step
    return sorted({TARGET, *range(first, int(high) + 1, step)})


def _target(axes: _Axes, palette: Palette, records: list[Record]) -> tuple[alt.Chart, ...]:
    """The target's line with its word, at the left or, where a value stands there, over the lowest point."""
    rule = axes.across(base().mark_rule(color=palette.brick, strokeDash=[4, 3], strokeWidth=1.5), TARGET)
    known = [r for r in records if r["value"] is not None]
    lowest = min(known, key=lambda r: r["value"], default=None)
    at_left = not known or known[0] is not records[0] or known[0]["value"] < _NEAR_TARGET
    place = records[0] if at_left or lowest is None else lowest
    align: Side = "left" if place is records[0] else "right" if place is records[-1] else "center"
    word = base().transform_filter(f"datum.key === '{place['key']}'")
    text = word.mark_text(
        text=f"Target {TARGET}", color=palette.chip_late.text, fontSize=12.5, dy=-9, align=align, dx=_SHIFT[align]
    )
    return rule, axes.over(text, TARGET)


def _line(axes: _Axes, palette: Palette, last: str) -> tuple[alt.Chart, ...]:
    known = base().transform_filter("isValid(datum.value)")
    line = base().mark_line(color=palette.navy, strokeWidth=2.5, invalid="break-paths-show-path-domains")
    point = known.mark_point(shape="circle", filled=True, size=60, color=palette.navy, opacity=1)
    earlier = known.transform_filter(f"datum.key !== '{last}'").mark_text(dy=-13, fontSize=12.5)
    latest = known.transform_filter(f"datum.key === '{last}'")
    value = latest.mark_text(align="left", dx=9, fontSize=15, fontWeight=700, dy=alt.expr(_BESIDE_TARGET))
    return (
        axes.place(line),
        axes.place(point),
        axes.place(earlier, text="text:N"),
        axes.place(value, text="text:N"),
    )


def _possible(axes: _Axes, palette: Palette, last: str) -> tuple[alt.Chart, ...]:
    """What the last quarter can still become, while values are missing."""
    open_end = base().transform_filter(f"datum.key === '{last}' && datum.possible")
    rule = open_end.mark_rule(color=palette.ochre, strokeWidth=2.5)
    text = open_end.mark_text(color=palette.chip_now.text, fontSize=12.5, align="right", dy=12, dx=26)
    return axes.place(rule, "low", y2="high:Q"), axes.place(text, "low", text="possible:N")
