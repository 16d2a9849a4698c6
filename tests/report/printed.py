"""What stands on the pages of a finished PDF, and where: for the tests of the small papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import pymupdf

from services.report.canvas import MARGIN_BOTTOM, MARGIN_SIDE, MARGIN_TOP

MM = 72 / 25.4
WATERMARK_SIZE = 60
TOUCHING = 0.6
"""Points by which boxes of letters may overlap: they are higher than the letters."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One line of text of one page; lengths in points."""

    page: int
    text: str
    size: float
    left: float
    top: float
    right: float
    bottom: float


def opened(pdf: bytes) -> pymupdf.Document:
    return pymupdf.open(stream=pdf, filetype="pdf")


def lines(pdf: bytes) -> Iterator[Printed]:
    """All text but the watermark."""
    for page in opened(pdf):
        for block in page.get_text("dict")["blocks"]:
            for line in block.get("lines", []):
                for span in line["spans"]:
                    if span["size"] < WATERMARK_SIZE and span["text"].strip():
                        yield Printed(page.number, span["text"], span["size"], *span["bbox"])


def pages(pdf: bytes) -> list[str]:
    return [page.get_text() for page in opened(pdf)]


def squeezed(text: str) -> str:
    """Without white space, so that line breaks do not matter."""
    return re.sub(r"\s", "", text)


def said(pdf: bytes) -> str:
    return squeezed("".join(pages(pdf)))


def outside(pdf: bytes) -> list[Printed]:
    """Text that runs into the margins; head and foot of the page have their own place."""
    document = opened(pdf)
    return [one for one in lines(pdf) if not _inside(one, document[one.page].rect)]


def _inside(one: Printed, rect: pymupdf.Rect) -> bool:
    across = one.left >= MARGIN_SIDE * MM - 0.5 and one.right <= rect.width - MARGIN_SIDE * MM + 0.5
    in_body = one.top >= MARGIN_TOP * MM - 1 and one.bottom <= rect.height - MARGIN_BOTTOM * MM + 1
    in_frame = one.bottom <= 18 * MM or one.top >= rect.height - 18 * MM
    return across and (in_body or in_frame)


def overlapping(pdf: bytes) -> list[tuple[str, str]]:
    """Texts that lie over each other."""
    found = list(lines(pdf))
    return [
        (a.text, b.text)
        for a, b in combinations(found, 2)
        if a.page == b.page
        and min(a.right, b.right) - max(a.left, b.left) > TOUCHING
        and min(_foot(a), _foot(b)) - max(_head(a), _head(b)) > TOUCHING
    ]


def _head(one: Printed) -> float:
    """Top of the capitals."""
    return one.bottom - 0.95 * one.size


def _foot(one: Printed) -> float:
    """Baseline."""
    return one.bottom - 0.21 * one.size


def too_small(pdf: bytes) -> set[str]:
    return {one.text for one in lines(pdf) if one.size < 8.95} - {"contoh lambang"}
