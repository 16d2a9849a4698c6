"""Fonts of the report: which characters can be printed, how wide a text is, and how it breaks into lines.

Text typed by people goes through ``printable`` before it is drawn: a character without a glyph would otherwise vanish
from the page without an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from services.report import symbol_font

FONT_DIR = Path(__file__).resolve().parents[1] / "assets" / "fonts"
FAMILY = "Liberation Sans"
FILES = {
    "": "LiberationSans-Regular.ttf",
    "B": "LiberationSans-Bold.ttf",
    "I": "LiberationSans-Italic.ttf",
    "BI": "LiberationSans-BoldItalic.ttf",
}
SYMBOL_FAMILY = symbol_font.FAMILY
REPLACEMENT = "□"
POINTS_PER_MM = 72 / 25.4

_SYMBOL_RUN = re.compile("([" + "".join(symbol_font.SHAPES) + "]+)")
_BREAK_AFTER = "-/_.,;:&"
_CACHED_LENGTH, _CACHED_TEXTS = 64, 4096
"""Longer and more texts are measured and broken anew, so that the caches stay small."""
_NO_BREAK_SPACES = "\u00a0\u2007\u202f"
_TO_TIDY = re.compile("\n|^ |  | $")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


class _Advances(dict[str, float]):
    """Advance of each character in em; one without a glyph takes no room."""

    def __missing__(self, _character: str) -> float:
        return 0.0


@cache
def _advances(style: str) -> _Advances:
    """Symbols have one width in all styles."""
    with TTFont(FONT_DIR / FILES[style], lazy=True) as font:
        unit, metrics = font["head"].unitsPerEm, font["hmtx"]
        advances = {chr(code): metrics[name][0] / unit for code, name in font.getBestCmap().items()}
    symbol_advance = symbol_font.ADVANCE / symbol_font.UNITS_PER_EM
    return _Advances(advances | dict.fromkeys(symbol_font.SHAPES, symbol_advance))


@cache
def supported() -> frozenset[str]:
    """Characters that all four styles can print."""
    return frozenset.intersection(*(frozenset(_advances(style)) for style in FILES))


def _cleaned_character(character: str) -> str:
    if character in _NO_BREAK_SPACES:
        return "\u00a0"
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    return "" if category in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f" else character


class _Cleaned(dict[int, str]):
    """What becomes of each character in a cleaned text, found out once for each character."""

    def __missing__(self, code: int) -> str:
        cleaned = self[code] = _cleaned_character(chr(code))
        return cleaned


_CLEANED = _Cleaned({ord("\n"): "\n"})


def clean(text: str) -> str:
    """The text without control and invisible characters, in composed form, line breaks as ``\\n``."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", _LINE_BREAK.sub("\n", text))
    return composed.translate(_CLEANED)


def unsupported(text: str) -> set[str]:
    """Characters of the text that the fonts of the report cannot print."""
    return set(seen(text)[1])


def printable(text: str) -> str:
    """The text as it will stand on paper: cleaned, and ``□`` for each character without a glyph."""
    return seen(text)[0]


@lru_cache(maxsize=4096)
def seen(text: str) -> tuple[str, frozenset[str]]:
    """The text as it will stand on paper, and the characters without a glyph."""
    cleaned = clean(text)
    missing = frozenset(cleaned) - supported() - {"\n"}
    shown = cleaned.translate({ord(one): REPLACEMENT for one in missing}) if missing else cleaned
    return shown, missing


def symbol_runs(text: str) -> list[str]:
    """The text cut where the symbol font takes over; symbols stand at the odd places."""
    return _SYMBOL_RUN.split(text)


def _summed(text: str, style: str) -> float:
    return sum(map(_advances(style).__getitem__, text))


_word_width = lru_cache(maxsize=_CACHED_TEXTS)(_summed)


def _em_width(text: str, style: str) -> float:
    return _word_width(text, style) if len(text) < _CACHED_LENGTH else _summed(text, style)


def width_mm(text: str, size_pt: float, style: str = "") -> float:
    """Width of printable text on one line, in mm."""
    return _em_width(text, style) * size_pt / POINTS_PER_MM


def _fitting(word: str, limit: float, style: str) -> int:
    """How many characters of a too long word fit, at least one; better after a hyphen, slash or point."""
    advances, used, natural = _advances(style), 0.0, 0
    for index, character in enumerate(word):
        used += advances[character]
        if used > limit:
            return natural if natural > index // 2 else max(index, 1)
        if character in _BREAK_AFTER:
            natural = index + 1
    return len(word)


def _pieces(word: str, limit: float, style: str) -> list[str]:
    pieces = []
    while len(word) > 1 and _em_width(word, style) > limit:
        count = _fitting(word[:400], limit, style)
        pieces.append(word[:count])
        word = word[count:]
    return [*pieces, word]


def _wrap_paragraph(text: str, limit: float, style: str) -> list[str]:
    lines: list[str] = []
    line, used, space = "", 0.0, _em_width(" ", style)
    for word in filter(None, text.split(" ")):
        width = _em_width(word, style)
        if line and used + space + width <= limit:
            line, used = f"{line} {word}", used + space + width
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, limit, style)
        lines.extend(full)
        used = _em_width(line, style)
    return [*lines, line]


def wrap(text: str, available_mm: float, size_pt: float, style: str = "") -> Sequence[str]:
    """Lines of printable text within a width in mm; words that are too long are broken. Empty text is one line."""
    limit = max(available_mm, 0.1) * POINTS_PER_MM / size_pt
    return (_short_wrapped if len(text) < _CACHED_LENGTH else _wrapped)(text, limit, style)


def _wrapped(text: str, limit: float, style: str) -> Sequence[str]:
    if len(text) < _CACHED_LENGTH and not _TO_TIDY.search(text) and _summed(text, style) <= limit:
        return [text]
    return [line for part in text.split("\n") for line in _wrap_paragraph(part, limit, style)]


_short_wrapped = lru_cache(maxsize=_CACHED_TEXTS)(_wrapped)
