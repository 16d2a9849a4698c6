"""Drawing in pixels, for paper: its width is known, so every box and text has its place."""

from __future__ import annotations

import altair as alt

from services.charts.palette import Palette
from services.charts.style import Record, Side, Spec, base, layered, specification

PAPER_WIDTH = 590
"""Pixels of the text width of an A4 page (156 mm at 96 pixels an inch)."""


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
