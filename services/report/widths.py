"""Widths of table columns: the wished shares, but no number and no ordinary word is broken where it can be helped.

The longest word of a column says how narrow it may get. Columns of numbers come first; a column of text may break a
word before a number is broken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from services.report import fonts

LONGEST_WORD = 30.0
"""mm that are kept for a word at most; a longer one, such as an address, is broken."""
LEAST_TEXT = 12.0
"""mm that a column of text keeps when the numbers need more."""
_NEARLY = 3
"""A word shorter than the longest by more letters than this is not wider."""
_WORD = re.compile(r"[^ \n]+")


class Longest:
    """The widest word of one column so far, in mm. Most cells are passed over, being shorter than it is long."""

    __slots__ = ("_length", "_size", "passed", "width")

    def __init__(self, size: float, title: str) -> None:
        self._size, self._length, self.passed, self.width = size, 0, -1, 0.0
        self.add(title, "B")

    def add(self, text: str, style: str = "") -> None:
        """A text of at most ``passed`` letters changes nothing."""
        if max(map(len, text.split(" "))) <= self.passed:  # no word is longer than what stands between spaces
            return
        for word in _WORD.findall(text):
            if len(word) > self.passed:
                self._length = max(self._length, len(word))
                self.passed = self._length - _NEARLY
                shown = fonts.seen(word[:100])[0]
                self.width = max(self.width, min(fonts.width_mm(shown, self._size, style), LONGEST_WORD))


def edges(shares: Sequence[float], needed: Sequence[float], numbers: Sequence[bool], total: float) -> list[float]:
    """Where the columns begin and end, from 0 to ``total``. ``numbers`` marks the columns that give way last."""
    if sum(needed) > total:
        needed = [n if strict else min(n, LEAST_TEXT) for n, strict in zip(needed, numbers, strict=True)]
    if sum(needed) > total:
        needed = [0.0] * len(shares)
    return [0.0, *accumulate(_given(list(shares), list(needed), total))]


def _given(shares: list[float], needed: list[float], total: float) -> list[float]:
    """Each column its share of the whole, and at least what it needs; the others give way by their shares."""
    fixed: dict[int, float] = {}
    while True:
        free = total - sum(fixed.values())
        whole = sum(share for index, share in enumerate(shares) if index not in fixed)
        short = [
            index
            for index, share in enumerate(shares)
            if index not in fixed and share / whole * free < needed[index] - 1e-9
        ]
        if not short:
            return [fixed.get(index, share / whole * free if whole else 0.0) for index, share in enumerate(shares)]
        fixed |= {index: needed[index] for index in short}
