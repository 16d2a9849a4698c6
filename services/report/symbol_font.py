"""The small symbol font of the report: marks of the identity that Liberation Sans lacks (△ ▽ ✓ ◇ ◆).

The shipped file is what ``python -m services.report.symbol_font`` writes; a test compares the two. Shapes are drawn
here, to the measures of ▲ in Liberation Sans, so that filled and hollow marks stand side by side at one size.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]

SYMBOL_FILE = Path(__file__).resolve().parents[1] / "assets" / "fonts" / "MonevSymbols.ttf"
FAMILY = "Monev Symbols"
UNITS_PER_EM = 2048
ADVANCE = 2027

Contour = tuple[tuple[int, int], ...]

# Outer contours run clockwise, holes anticlockwise (TrueType non-zero winding).
SHAPES: dict[str, tuple[Contour, ...]] = {
    "△": (((414, 0), (1013, 1198), (1612, 0)), ((624, 130), (1402, 130), (1013, 907))),
    "▽": (((414, 1171), (1612, 1171), (1013, -27)), ((624, 1041), (1013, 264), (1402, 1041))),
    "◇": (((414, 599), (1013, 1198), (1612, 599), (1013, 0)), ((598, 599), (1013, 184), (1428, 599), (1013, 1014))),
    "◆": (((414, 599), (1013, 1198), (1612, 599), (1013, 0)),),
    "✓": (((360, 560), (500, 690), (810, 370), (1520, 1250), (1670, 1130), (820, 90)),),
}
_EPOCH_1904 = 3_786_825_600
"""1 January 2024 in seconds since 1904: a fixed date keeps the file the same on every run."""


def _glyph(contours: tuple[Contour, ...]) -> object:
    pen = TTGlyphPen(None)
    for contour in contours:
        pen.moveTo(contour[0])
        for point in contour[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def font_bytes() -> bytes:
    """The font file, the same bytes on every call."""
    names = {symbol: f"uni{ord(symbol):04X}" for symbol in SHAPES}
    order = [".notdef", *names.values()]
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(symbol): name for symbol, name in names.items()})
    builder.setupGlyf({".notdef": _glyph(()), **{names[symbol]: _glyph(shape) for symbol, shape in SHAPES.items()}})
    bearings = {names[symbol]: min(x for x, _ in shape[0]) for symbol, shape in SHAPES.items()}
    builder.setupHorizontalMetrics({name: (ADVANCE, bearings.get(name, 0)) for name in order})
    builder.setupHorizontalHeader(ascent=1854, descent=-434)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": "MonevSymbols-Regular"})
    builder.setupOS2(sTypoAscender=1491, sTypoDescender=-431, usWinAscent=1854, usWinDescent=434, sCapHeight=1409)
    builder.setupPost()
    builder.updateHead(created=_EPOCH_1904, modified=_EPOCH_1904)
    builder.font.recalcTimestamp = False
    stream = BytesIO()
    builder.save(stream)
    return stream.getvalue()


if __name__ == "__main__":
    SYMBOL_FILE.write_bytes(font_bytes())
