"""Charts for paper: a Vega-Lite specification becomes an SVG whose text is real text in the report's font.

Measures: one pixel of the specification is 1/96 inch on paper, so a chart over the whole text width is
``pixels(156)`` wide and its 12 px text is printed at 9 points.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from services.charts.palette import LIGHT
from services.report import fonts, worker

Spec = Mapping[str, Any]

PIXELS_PER_MM = 96 / 25.4
_AXIS = {
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelColor": LIGHT.text,
    "titleColor": LIGHT.muted,
    "gridColor": LIGHT.grid,
    "domainColor": LIGHT.border,
    "tickColor": LIGHT.border,
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": LIGHT.text},
    "text": {"fontSize": 12, "color": LIGHT.text},
}
"""How a chart looks on paper where its specification says nothing."""

_FONT_KEYS = frozenset({"font", "labelFont", "titleFont", "subtitleFont"})
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_PIXEL_SIZE = re.compile(r"^([\d.]+)px$")

ElementTree.register_namespace("", "http://www.w3.org/2000/svg")


def pixels(width_mm: float) -> int:
    """Width for a specification whose chart shall be so wide on paper, axes included."""
    return round(width_mm * PIXELS_PER_MM)


def to_svg(spec: Spec, width_mm: float | None = None) -> str:
    """SVG of a Vega-Lite specification with Indonesian numbers and months, in Liberation Sans.

    ``width_mm`` sets the width of a specification that leaves it open (``"width": "container"``). The same
    specification is drawn once; the answer is kept by its canonical text.
    """
    paper_spec = _for_paper(spec)
    paper_spec["config"] = _merged(DEFAULTS, paper_spec.get("config", {})) | {"font": fonts.FAMILY}
    paper_spec["background"] = "transparent"
    if width_mm is not None and paper_spec.get("width", "container") == "container" and not _composed(paper_spec):
        paper_spec |= {"width": pixels(width_mm), "autosize": {"type": "fit-x", "contains": "padding"}}
    return _converted(_canonical(paper_spec))


def unsupported(spec: Spec) -> set[str]:
    """Characters of the specification that the fonts lack; they are printed as "□"."""
    return fonts.unsupported(_canonical(spec))


def _canonical(spec: Spec) -> str:
    # Decimals of the domain become plain numbers; anything else unknown is an error.
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, default=float)


def _merged(defaults: Spec, own: Spec) -> dict[str, Any]:
    """Two levels of configuration; what the specification itself says wins."""
    nested = {key: {**value, **own.get(key, {})} for key, value in defaults.items()}
    return {**own, **nested}


def _composed(spec: Spec) -> bool:
    return any(key in spec for key in ("hconcat", "vconcat", "concat", "facet", "repeat"))


def _for_paper(value: Any) -> Any:
    """The specification with printable text and without fonts of its own (another font would print no text)."""
    if isinstance(value, Mapping):
        return {key: _for_paper(inner) for key, inner in value.items() if key not in _FONT_KEYS}
    if isinstance(value, (list, tuple)):
        return [_for_paper(inner) for inner in value]
    return fonts.printable(value) if isinstance(value, str) else value


@lru_cache(maxsize=256)
def _converted(canonical: str) -> str:
    return worker.shared().draw("svg", canonical).decode()


@lru_cache(maxsize=64)
def to_png(svg: str) -> bytes:
    """Picture of an SVG, for charts that cannot be placed as vectors."""
    return worker.shared().draw("png", svg)


def warm_up() -> None:
    """Let the chart engine load while the figures are computed."""
    worker.shared().warm_up()


def size_mm(svg: str) -> tuple[float, float]:
    """Natural width and height on paper."""
    root = ElementTree.fromstring(svg)  # noqa: S314  (our own SVG, not a file from outside)
    return float(root.attrib["width"]) / PIXELS_PER_MM, float(root.attrib["height"]) / PIXELS_PER_MM


@lru_cache(maxsize=256)
def prepared(svg: str) -> str:
    """The SVG in the subset that fpdf2 draws rightly.

    Lines get all four ends (fpdf2 raises ``KeyError: 'x1'``), font sizes lose "px" (it would print them at 3/4), clip
    paths and empty shapes go, and symbols outside Liberation Sans become runs in the symbol font.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314  (our own SVG, not a file from outside)
    _without_invisible(root)
    for element in root.iter():
        element.attrib.pop("clip-path", None)
        _prepare_element(element)
    return ElementTree.tostring(root, encoding="unicode")


def _without_invisible(parent: ElementTree.Element) -> None:
    for child in list(parent):
        if _is_invisible(child):
            parent.remove(child)
        else:
            _without_invisible(child)


def _is_invisible(element: ElementTree.Element) -> bool:
    if element.tag == f"{_NAMESPACE}defs" or element.get("display") == "none":
        return True
    frame = element.get("class") in ("background", "foreground")
    return frame and element.get("fill") is None and element.get("stroke") is None


def _prepare_element(element: ElementTree.Element) -> None:
    if element.tag == f"{_NAMESPACE}line":
        for end in ("x1", "y1", "x2", "y2"):
            element.attrib.setdefault(end, "0")
    for paint in ("fill", "stroke"):
        if element.get(paint) == "transparent":
            element.set(paint, "none")
    if size := _PIXEL_SIZE.match(element.get("font-size", "")):
        element.set("font-size", size[1])
    if element.tag == f"{_NAMESPACE}text":
        _split_symbols(element)


def _split_symbols(text: ElementTree.Element) -> None:
    runs = fonts.symbol_runs(text.text or "")
    if len(runs) == 1:
        return
    text.text = None
    for index, run in enumerate(runs):
        if run:
            family = fonts.SYMBOL_FAMILY if index % 2 else fonts.FAMILY
            ElementTree.SubElement(text, f"{_NAMESPACE}tspan", {"font-family": family}).text = run
