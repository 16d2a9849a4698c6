"""What all charts share: fonts, theme, Indonesian number and time formats, and how a chart becomes a specification."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import altair as alt

from services.charts.locale import NUMBER_LOCALE, TIME_LOCALE
from services.charts.palette import Palette
from services.domain.numbers import format_number, format_percent

Spec: TypeAlias = dict[str, Any]
Record: TypeAlias = dict[str, Any]
Table: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Headers and rows of a chart's table view."""

Side: TypeAlias = Literal["left", "center", "right"]

SCREEN_FONT = "Source Sans, Liberation Sans, sans-serif"
PAPER_FONT = "Liberation Sans"
NO_VALUE = "belum ada"
TARGET = 100
TARGET_LABEL = f"datum.value === {TARGET} ? 'target {TARGET}' : datum.label"
"""Vega expression of an axis label that names the target."""


def specification(chart: alt.LayerChart, palette: Palette, description: str, width: int | None) -> Spec:
    """The chart as Vega-Lite. ``width`` in pixels fixes it for paper; without one it fills its place on the screen."""
    sized = chart.properties(width="container" if width is None else width, description=description)
    spec: Spec = sized.to_dict(validate=False)  # the tests do that; here the first visitor would wait for it
    (records,) = spec.pop("datasets").values()  # Altair files them under a hash
    return spec | {
        "data": {"values": records},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "right": 0, "top": 4, "bottom": 0},
        "config": _config(palette, width is not None),
    }


def _config(palette: Palette, paper: bool) -> Record:
    return {
        "background": "transparent",
        "font": PAPER_FONT if paper else SCREEN_FONT,
        "locale": {"number": NUMBER_LOCALE, "time": TIME_LOCALE},
        "view": {"stroke": None},
        "axis": {
            "domain": False,
            "ticks": False,
            "title": None,
            "gridColor": palette.grid,
            "labelColor": palette.muted,
            "labelFontSize": 12.5,
            "labelPadding": 8,
        },
        "text": {"color": palette.text, "fontSize": 13, "baseline": "middle"},
    }


@dataclass(frozen=True, slots=True)
class Rows:
    """Marks in rows from top to bottom along one horizontal axis; names stand above the marks, not beside them."""

    scale: alt.Scale
    axis: alt.Axis

    def place(self, mark: alt.Chart, field: str, **channels: Any) -> alt.Chart:
        """A mark at a field of its record; further channels as Altair takes them."""
        return mark.encode(x=alt.X(f"{field}:Q", scale=self.scale, axis=self.axis), y=self._row(), **channels)

    def at(self, mark: alt.Chart, place: float, **channels: Any) -> alt.Chart:
        """A mark at the same place of the axis in every row."""
        return mark.encode(x=self._fixed(place), y=self._row(), **channels)

    def across(self, mark: alt.Chart, place: float) -> alt.Chart:
        """One line through all rows."""
        return mark.encode(x=self._fixed(place))

    def _row(self) -> alt.Y:
        return alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))

    def _fixed(self, place: float) -> alt.XDatum:
        return alt.XDatum(place, type="quantitative", scale=self.scale, axis=self.axis)


def layered(records: list[Record], *marks: alt.Chart) -> alt.LayerChart:
    """Marks over one shared set of records."""
    return alt.LayerChart(layer=marks, data=alt.InlineData(values=records))


def base() -> alt.Chart:
    """A mark's beginning; its records come from the layer."""
    return alt.Chart()


def position(value: Decimal | None) -> float | None:
    """Where a value stands. Only places on the drawing are floats; every printed figure comes from the Decimal."""
    return None if value is None else float(value)


def one_decimal(value: Decimal | None) -> str:
    return NO_VALUE if value is None else format_number(value, 1)


def percent(value: Decimal | None) -> str:
    return NO_VALUE if value is None else format_percent(value)


def span_text(low: Decimal | None, high: Decimal | None, places: int = 0) -> str:
    """``60–93``; nothing when there is no range."""
    if low is None or high is None:
        return ""
    return f"{format_number(low, places)}–{format_number(high, places)}"


def ticks(low: float, high: float) -> list[int]:
    """Round values between two ends for an axis on which the target of 100 must stand, its label undisturbed."""
    span = high - low
    step = next(s for s in _STEPS if span <= 5 * s) if span <= 5 * _STEPS[-1] else int(span / 4)
    first = -int(-low // step) * step if low < 0 else 0
    found = range(first, int(high) + 1, step)
    return sorted({TARGET, *(tick for tick in found if abs(tick - TARGET) >= 0.14 * span)})


_STEPS = (50, 100, 200, 500, 1000, 2000, 5000)
