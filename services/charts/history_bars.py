"""Capaian of one indicator over the latest quarters, the current one last."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt

from services.charts.palette import Palette
from services.charts.style import (
    NO_VALUE,
    TARGET,
    Record,
    Spec,
    Table,
    base,
    layered,
    percent,
    position,
    specification,
)
from services.charts.trend import quarter_label
from services.domain.attainment import Outcome
from services.domain.numbers import format_number, format_period
from services.views.measures import Measure

_HEIGHT = 132
_TOP = 108.0
_EARLIER_OPACITY = 0.4


def history_bars(items: Sequence[Measure], palette: Palette, width: int | None = None) -> Spec:
    """A bar for each quarter with its value at the foot; a quarter without a value has none, which is not zero."""
    records = [_record(n, item, last=n == len(items) - 1) for n, item in enumerate(items)]
    x, y = _x(records), alt.Scale(domain=_domain(records), nice=False)
    bar = base().mark_bar(
        aria=False, cornerRadiusTopLeft=2, cornerRadiusTopRight=2, color=palette.navy, width={"band": 0.55}
    )
    rule = base().mark_rule(aria=False, color=palette.brick, strokeDash=[4, 3], strokeWidth=1.5)
    foot = {"expr": "datum.value < 0 ? 10 : -10"}
    text = base().mark_text(aria=False, fontSize=12.5, fontWeight=700, dy=foot)
    marks = (
        bar.encode(x=x, y=alt.Y("value:Q", scale=y, axis=None), opacity=alt.Opacity("opacity:Q", scale=None)),
        rule.encode(y=alt.YDatum(TARGET, type="quantitative", scale=y)),
        text.encode(
            x=x,
            y=alt.YDatum(0, type="quantitative", scale=y),
            text="text:N",
            color=alt.condition("datum.full", alt.value(palette.page), alt.value(palette.text)),
        ),
    )
    return specification(layered(records, *marks).properties(height=_HEIGHT), palette, history_alt(items), width)


def history_table(items: Sequence[Measure]) -> Table:
    rows = tuple((format_period(m.period), percent(m.to_date.value), _rating(m)) for m in items)
    return ("Triwulan", "Capaian", "Kategori"), rows


def history_alt(items: Sequence[Measure]) -> str:
    parts = "; ".join(f"{format_period(m.period)} {percent(m.to_date.value)}" for m in items)
    return f"Capaian per triwulan terhadap target {TARGET}: {parts or NO_VALUE}."


def _record(n: int, m: Measure, *, last: bool) -> Record:
    value = m.to_date.value
    return {
        "key": m.period.key,
        "label": quarter_label(m.period, with_year=n == 0 or m.period.quarter == 1),
        "value": position(value),
        "text": _mark(m) if value is None else format_number(value, 0),
        "opacity": 1 if last else _EARLIER_OPACITY,
        "full": last and value is not None and value >= _LOWEST_WITH_TEXT,
    }


_LOWEST_WITH_TEXT = 18
"""A lower bar is too short for its number, which then stands on the page."""


def _mark(m: Measure) -> str:
    return "thn" if m.to_date.outcome is Outcome.ANNUAL else "–"


def _rating(m: Measure) -> str:
    return m.rating.label if m.rating else m.to_date.outcome.value


def _x(records: list[Record]) -> alt.X:
    labels = json.dumps({r["key"]: r["label"] for r in records}, ensure_ascii=False)
    axis = alt.Axis(labelExpr=f"{labels}[datum.value]", labelAngle=0, grid=False, title=None, labelOverlap=False)
    return alt.X("key:O", sort=None, axis=axis, scale=alt.Scale(domain=[r["key"] for r in records]))


def _domain(records: list[Record]) -> list[float]:
    values = [r["value"] for r in records if r["value"] is not None]
    return [min([0.0, *values]), max([_TOP, *(v * 1.04 for v in values)])]
