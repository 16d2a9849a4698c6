"""The sheet of paper under the report: pages with header, footer and watermark, fonts, and text at a place.

All lengths are in mm from the upper left corner, font sizes in points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Literal, cast

from fpdf import FPDF
from fpdf.drawing_primitives import convert_to_device_color
from fpdf.fonts import TTFFont
from fpdf.syntax import PDFContentStream

from services.charts.palette import EDGE, LIGHT
from services.report import fonts
from services.report.deflate import deflated
from services.report.symbol_font import SYMBOL_FILE
from services.report.tagging import (
    DECORATION,
    PAGE_FOOTER,
    PAGE_HEADER,
    PAGE_WATERMARK,
    Artifact,
    Element,
    Link,
    Structure,
    Tag,
    picture,
)

Orientation = Literal["portrait", "landscape"]
Numbering = Literal["none", "roman", "arabic"]
PaperSize = Literal["A4", "A3"]
Align = Literal["L", "C", "R"]

MARGIN_SIDE, MARGIN_SIDE_A3 = 27.0, 14.0
A4_LENGTH = 297.0
MARGIN_TOP = 26.0
MARGIN_BOTTOM = 24.0
HEADER_BASELINE = 15.3
HEADER_RULE = 18.0
FOOTER_BASELINE_ABOVE_EDGE = 13.0
FRAME_SIZE = 9.0
PAGES_AT_ONCE = 32
"""So many finished pages are compressed together."""
PRODUCER = "Monev Silaut"
LANGUAGE = "id-ID"
SAMPLE_EMBLEM = "Contoh lambang, bukan lambang daerah yang sebenarnya"
WATERMARK = "#F1F4F8"
"""Light enough that nine-point text over it keeps its contrast."""
_LABEL_STYLES: dict[Numbering, str | None] = {"none": None, "roman": "r", "arabic": "D"}
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What every page and the file's metadata say about the document.

    ``created`` comes from the data, never from the clock, so that the same data give the same bytes. ``footer`` stands
    at the lower left: the document number, or "DRAF v0.2"; ``header`` at the upper left, the title where it is blank.
    ``watermark`` is "", "DRAF v0.2" or "CONTOH".
    """

    title: str
    office: str
    footer: str
    created: datetime
    author: str = ""
    subject: str = ""
    watermark: str = ""
    emblem: bytes | None = None
    sample_emblem: bool = False
    header: str = ""

    def __post_init__(self) -> None:
        if self.created.tzinfo is None:
            raise ValueError("waktu pembuatan dokumen harus memuat zona waktu")


def side_margin(width: float) -> float:
    """Left and right margin of a page so many mm wide; only a form with many columns lies on A3."""
    return MARGIN_SIDE_A3 if width > A4_LENGTH + 1 else MARGIN_SIDE


def roman(number: int) -> str:
    """Small roman numeral of a positive number."""
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


@cache
def _ink(color: str) -> str:
    """The operator that fills with the colour ``#RRGGBB``."""
    return convert_to_device_color(color).serialize().lower()


@cache
def _pen(color: str) -> str:
    """The operator that draws lines in the colour ``#RRGGBB``."""
    return convert_to_device_color(color).serialize().upper()


class _Codes(dict[int, str]):
    """How a font writes each character in the text of a page, asked of fpdf2 once for each character."""

    def __init__(self, font: TTFFont) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, character: int) -> str:
        code = self[character] = self._font.encode_text(chr(character)).removeprefix("(").removesuffix(") Tj")
        return code


class Canvas(FPDF):
    """Pages with the frame of the report. ``body_pages`` is the Y of "Halaman X dari Y", known from an earlier pass.

    ``only_measures``: nothing is drawn at a place, since only the positions are wanted.
    """

    def __init__(self, info: DocumentInfo, body_pages: int = 0, *, only_measures: bool = False) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.info = info
        self.body_pages = body_pages
        self.only_measures = only_measures
        self.structure = Structure()
        self._container = self.structure.root
        self._leaf: Tag = DECORATION
        self._open: Tag | None = None
        self._operators: list[str] = []
        self._codes: dict[str, _Codes] = {}
        self._faces: dict[tuple[str, str, float, str], tuple[str, _Codes]] = {}
        self._compressed: list[bytes] = []
        self.numbering: Numbering = "arabic"
        self.page_labels: dict[int, str] = {}
        self.missing: set[str] = set()
        self._frames: dict[int, Numbering] = {}
        self._counts: dict[Numbering, int] = {"none": 0, "roman": 0, "arabic": 0}
        self._set_up_page()
        self._set_up_metadata()

    def _set_up_page(self) -> None:
        self.set_margins(MARGIN_SIDE, MARGIN_TOP, MARGIN_SIDE)
        self.set_auto_page_break(True, MARGIN_BOTTOM)
        self.c_margin = 0.0
        # Compressed once, when the finished file is written: zlib is not the same on all machines.
        self.set_compression(False)
        # A person may type "{nb}": fpdf2 would put the number of pages there.
        self.alias_nb_pages("")

    def _set_up_metadata(self) -> None:
        self.set_creation_date(self.info.created)
        self.set_producer(PRODUCER)
        self.set_creator(PRODUCER)
        self.set_lang(LANGUAGE)
        self.set_title(fonts.clean(self.info.title))
        self.set_author(fonts.clean(self.info.author or self.info.office))
        self.set_subject(fonts.clean(self.info.subject))

    # Measures of the current page

    @property
    def left(self) -> float:
        return side_margin(float(self.w))

    @property
    def right(self) -> float:
        return float(self.w) - self.left

    @property
    def inner_width(self) -> float:
        return float(self.w) - 2 * self.left

    @property
    def bottom(self) -> float:
        return float(self.h) - MARGIN_BOTTOM

    @property
    def room(self) -> float:
        """Height left on this page."""
        return self.bottom - float(self.y)

    @property
    def at_top(self) -> bool:
        return float(self.y) <= MARGIN_TOP + 0.01

    @property
    def page_label(self) -> str:
        """The page number as printed: ``iv``, ``7``, or empty on the cover."""
        return self.page_labels.get(self.page, "")

    @property
    def pages_in_body(self) -> int:
        return self._counts["arabic"]

    # Frame

    def header(self) -> None:
        self._count_page()
        if self.only_measures:
            return
        with self.within(PAGE_WATERMARK):
            self._draw_watermark()
        if self.numbering != "none":
            with self.within(PAGE_HEADER):
                self._frame_line(HEADER_BASELINE, self.info.header or self.info.title, self.info.office)
                self.rule(self.left, HEADER_RULE, self.right, LIGHT.ochre, 0.5)
        self._resume()

    def footer(self) -> None:
        if self.only_measures:
            self._operators.clear()
            return
        if self._frames[self.page] != "none":
            with self.within(PAGE_FOOTER):
                baseline = float(self.h) - FOOTER_BASELINE_ABOVE_EDGE
                self._frame_line(baseline, self.info.footer, self._page_text())
        self._end_mark()
        self._hand_over()

    def _resume(self) -> None:
        """A text that runs on over the page break goes on in its element."""
        if self._leaf is DECORATION:
            self._end_mark()
        else:
            self._mark(self._leaf)

    def _frame_line(self, baseline: float, left: str, right: str) -> None:
        wide, narrow = self.inner_width * 0.66, self.inner_width * 0.32
        self.put_line(self.left, baseline, left, wide, size=FRAME_SIZE, color=LIGHT.muted)
        self.put_line(self.right - narrow, baseline, right, narrow, size=FRAME_SIZE, color=LIGHT.muted, align="R")

    def _page_text(self) -> str:
        label = self.page_labels[self.page]
        return f"Halaman {label} dari {self.body_pages}" if self._frames[self.page] == "arabic" else f"Halaman {label}"

    def _count_page(self) -> None:
        self._counts[self.numbering] += 1
        count = self._counts[self.numbering]
        labels = {"none": "", "roman": roman(count), "arabic": str(count)}
        self.page_labels[self.page] = labels[self.numbering]
        self._frames[self.page] = self.numbering

    def _draw_watermark(self) -> None:
        if not self.info.watermark:
            return
        x, y, size = float(self.w) / 2, float(self.h) / 2, 110.0
        half = fonts.width_mm(self.info.watermark, size, "B") / 2
        self._mark(self._leaf)
        with self.rotation(45, x, y):
            self.put(x - half, y + size * 0.125, self.info.watermark, style="B", size=size, color=WATERMARK)

    # Content of pages

    def _out(self, operators: str | bytes) -> None:
        """What fpdf2 and this class draw, gathered until the page is full."""
        self._operators.append(operators if isinstance(operators, str) else operators.decode("latin-1"))

    def _hand_over(self) -> None:
        """The page is finished; of finished pages, only compressed content is kept."""
        self._operators.append("")
        self.pages[self.page].contents = bytearray("\n".join(self._operators).encode("latin-1"))
        self._operators.clear()
        self._faces.clear()
        if self.page - len(self._compressed) == PAGES_AT_ONCE and not self.only_measures:
            self._compress()

    def _compress(self) -> None:
        pages = [self.pages[number] for number in range(len(self._compressed) + 1, self.page + 1)]
        self._compressed += deflated([bytes(cast(bytearray, page.contents)) for page in pages])
        for page in pages:
            page.contents = bytearray()

    def compressed_contents(self) -> dict[int, bytes]:
        """Contents that the file that fpdf2 writes does not have, by the numbers of the streams that they belong into.

        They are given away: the file is large.
        """
        given, self._compressed = self._compressed, []
        numbers = (cast(PDFContentStream, self.pages[n].contents).id for n in range(1, len(given) + 1))
        return dict(zip(numbers, given, strict=True))

    # Structure

    @contextmanager
    def group(self, role: str) -> Iterator[Element]:
        """Everything tagged inside stands in a new element, e.g. ``Table`` or ``L``."""
        with self.inside(self._container.child(role)) as element:
            yield element

    def element(self, role: str) -> Element:
        """A new element, to be put in its place by ``add``."""
        return self.structure.element(role)

    def add(self, element: Element) -> None:
        """Put a new element at the end of what is read so far."""
        self.structure.put_into(self._container.index, element.index)

    @contextmanager
    def inside(self, element: Element) -> Iterator[Element]:
        """Everything tagged inside stands in this element."""
        outer, self._container = self._container, element
        try:
            yield element
        finally:
            self._container = outer

    @contextmanager
    def tagged(self, role: str) -> Iterator[None]:
        """Text drawn inside is the content of one new element."""
        with self.within(self._container.child(role)):
            yield

    @contextmanager
    def figure(self, alt: str, x: float, y: float, width: float, height: float) -> Iterator[None]:
        """Text, shapes and pictures drawn inside are one picture at this place, said in words by ``alt``."""
        k, page_height = float(self.k), float(self.h)
        area = (x * k, (page_height - y - height) * k, (x + width) * k, (page_height - y) * k)
        element = self._container.child("Figure", attributes=picture(area), alt=fonts.clean(alt))
        with self.within(element):
            self._mark(element)
            yield

    @contextmanager
    def within(self, tag: Tag) -> Iterator[None]:
        """Text drawn inside is content of this element, or decoration."""
        outer, self._leaf = self._leaf, tag
        try:
            yield
        finally:
            self._leaf = outer

    def mark_content(self) -> None:
        """What fpdf2 draws by itself from here on belongs to the element in hand."""
        self._mark(self._leaf)

    def _mark_shape(self) -> None:
        tag = self._leaf
        self._mark(tag if isinstance(tag, Artifact) or tag.role == "Figure" else DECORATION)

    def _mark(self, tag: Tag) -> None:
        if tag is not self._open and not self.only_measures:
            if self._open is not None:
                self._operators.append("EMC")
            self._operators.append(self.structure.begin(tag, self.page))
            self._open = tag

    def _end_mark(self) -> None:
        if self._open is not None:
            self._out("EMC")
            self._open = None

    def link_area(self, y: float, height: float, target: int, text: str) -> None:
        """Make the lines of the text column from ``y`` on lead to a page; the element in hand is a ``Link``."""
        k, page_height = float(self.k), float(self.h)
        area = (self.left * k, (page_height - y - height) * k, self.right * k, (page_height - y) * k)
        self.structure.add_link(Link(self.page, area, target, text), cast(Element, self._leaf))

    # Drawing

    def put(self, x: float, y: float, text: str, *, size: float, style: str = "", color: str = LIGHT.text) -> None:
        """Printable text with its baseline at y. Symbols outside Liberation Sans come from the symbol font."""
        if self.only_measures:
            return
        self._mark(self._leaf)
        for index, run in enumerate(fonts.symbol_runs(text)):
            if run:
                start, codes = self._face(fonts.SYMBOL_FAMILY if index % 2 else fonts.FAMILY, style, size, color)
                place = f"{x * self.k:.2f} {(self.h - y) * self.k:.2f} Td"
                self._operators.append(f"{start} {place} ({run.translate(codes)}) Tj ET Q")
                x += fonts.width_mm(run, size, style)

    def put_lines(
        self, tag: Tag, lines: Sequence[tuple[float, float, str]], *, size: float, style: str, color: str
    ) -> None:
        """Content of an element: lines with their places. Does what ``put`` does, faster, for the cells of tables."""
        for _, _, line in lines:
            if not line.isascii() and len(fonts.symbol_runs(line)) > 1:
                self._put_each(tag, lines, size, style, color)
                return
        self._mark(tag)
        start, codes = self._face(fonts.FAMILY, style, size, color)
        k, height, at_x, at_y, shown = self.k, self.h, 0.0, 0.0, []
        for x, y, line in lines:
            right, up = round(x * k, 2), round((height - y) * k, 2)
            shown.append(f"{right - at_x:.2f} {up - at_y:.2f} Td ({line.translate(codes)}) Tj")
            at_x, at_y = right, up
        self._operators.append(f"{start} {' '.join(shown)} ET Q")

    def _put_each(
        self, tag: Tag, lines: Sequence[tuple[float, float, str]], size: float, style: str, color: str
    ) -> None:
        with self.within(tag):
            for x, y, line in lines:
                self.put(x, y, line, size=size, style=style, color=color)

    def _face(self, family: str, style: str, size: float, color: str) -> tuple[str, _Codes]:
        """The operators with which a text of this look begins on this page, and how its characters are written."""
        face = self._faces.get((family, style, size, color))
        if face is None:
            font = self._font(family, style)
            codes = self._codes.setdefault(font.fontkey, _Codes(font))
            start = f"q {_ink(color)} BT {self._set_font_for_page(font, size, False)}"
            face = self._faces[family, style, size, color] = (start, codes)
        return face

    def _font(self, family: str, style: str) -> TTFFont:
        """A font is read, and later put into the file, only when something is printed in it."""
        key = family.lower() + style
        if key not in self.fonts:
            symbols = family == fonts.SYMBOL_FAMILY
            self.add_font(family, style, SYMBOL_FILE if symbols else fonts.FONT_DIR / fonts.FILES[style])
        return cast(TTFFont, self.fonts[key])

    def picture(self, svg: str, x: float, y: float, width: float, height: float) -> None:
        """An SVG in the subset that fpdf2 draws, as vectors and text."""
        for family in (fonts.FAMILY, fonts.SYMBOL_FAMILY):
            for style in ("", "B" * ("font-weight" in svg), "I" * ("italic" in svg)):
                if family in svg:
                    self._font(family, style)
        self.image(BytesIO(svg.encode()), x, y, width, height)

    def put_spread(self, x: float, y: float, text: str, width: float, *, size: float) -> None:
        """Printable text with its baseline at y, its spaces made wider so that it fills the width."""
        words = text.split(" ")
        if self.only_measures or len(words) == 1:
            self.put(x, y, text, size=size)
            return
        more = (width - fonts.width_mm(text, size)) / (len(words) - 1)
        if len(fonts.symbol_runs(text)) > 1:
            for word in words:
                self.put(x, y, word, size=size)
                x += fonts.width_mm(f"{word} ", size) + more
            return
        self._mark(self._leaf)
        start, codes = self._face(fonts.FAMILY, "", size, LIGHT.text)
        place = f"{x * self.k:.2f} {(self.h - y) * self.k:.2f} Td"
        step = f"{codes[32]}) {-more * self.k / size * 1000:.0f} ("
        shown = step.join(word.translate(codes) for word in words)
        self._operators.append(f"{start} {place} [({shown})] TJ ET Q")

    def put_line(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        *,
        size: float,
        style: str = "",
        color: str = LIGHT.text,
        align: Align = "L",
    ) -> None:
        """One line within ``width``; what does not fit ends in "…"."""
        shown = self._shortened(self.seen(text).replace("\n", " "), width, size, style)
        slack = width - fonts.width_mm(shown, size, style)
        self.put(x + {"L": 0.0, "C": slack / 2, "R": slack}[align], y, shown, size=size, style=style, color=color)

    def seen(self, text: str) -> str:
        """The text as it can be printed; characters without a glyph are remembered in ``missing``."""
        if text.isascii() and text.isprintable():
            return text
        shown, missing = fonts.seen(text)
        self.missing |= missing
        return shown

    def _shortened(self, text: str, width: float, size: float, style: str) -> str:
        if fonts.width_mm(text, size, style) <= width:
            return text
        first = fonts.wrap(text.replace(" ", "\u00a0"), width - fonts.width_mm("…", size, style), size, style)[0]
        return first.rstrip("\u00a0") + "…"

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled rectangle without border."""
        if self.only_measures:
            return
        self._mark_shape()
        k = self.k
        area = f"{x * k:.2f} {(self.h - y) * k:.2f} {width * k:.2f} {-height * k:.2f} re"
        self._operators.append(f"q {_ink(color)} {area} f Q")

    def rule(self, x: float, y: float, x_end: float, color: str, thickness: float, y_end: float | None = None) -> None:
        """A straight line; horizontal unless ``y_end`` is given."""
        if self.only_measures:
            return
        self._mark_shape()
        k, height = self.k, self.h
        end = f"{x_end * k:.2f} {(height - (y if y_end is None else y_end)) * k:.2f} l"
        self._operators.append(f"q {_pen(color)} {thickness * k:.2f} w {x * k:.2f} {(height - y) * k:.2f} m {end} S Q")

    def dashed_frame(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A rectangle of dashes."""
        if self.only_measures:
            return
        self._mark_shape()
        self.set_draw_color(color)
        self.set_line_width(0.2)
        self.set_dash_pattern(dash=0.8, gap=0.7)
        self.rect(x, y, width, height)
        self.set_dash_pattern()

    def start_page(
        self, orientation: Orientation, numbering: Numbering | None = None, paper_size: PaperSize = "A4"
    ) -> None:
        """A page; a new kind of numbers counts from 1, on paper and in the page list of the reader's program."""
        if numbering is None or (numbering == self.numbering and self.page):
            self.add_page(orientation=orientation, format=paper_size)
            return
        self.numbering = numbering
        label = _LABEL_STYLES[numbering]
        self.add_page(orientation=orientation, format=paper_size, label_style=label, label_start=1)

    def next_page(self) -> None:
        """A page of the same size and orientation."""
        self.add_page(same=True)

    def emblem(self, x: float, y: float, height: float) -> float:
        """Draw the office's emblem with its upper edge centred at x; return the height used, 0 without emblem."""
        if self.info.emblem is not None:
            with self.figure(f"Lambang daerah {self.info.office}", x - height / 2, y, height, height):
                return self._uploaded_emblem(self.info.emblem, x, y, height)
        if self.info.sample_emblem:
            with self.figure(SAMPLE_EMBLEM, x - height / 2, y, height, height):
                return self._sample_emblem(x, y, height)
        return 0.0

    def _uploaded_emblem(self, data: bytes, x: float, y: float, height: float) -> float:
        try:
            self.image(data, x - height / 2, y, height, height, keep_aspect_ratio=True)
        except Exception as error:  # Pillow and fpdf2 raise many kinds for a broken file
            raise ValueError("Lambang tidak terbaca. Unggah ulang di halaman Teks laporan.") from error
        return height

    def _sample_emblem(self, x: float, y: float, height: float) -> float:
        """A neutral shield that cannot be taken for a real coat of arms."""
        unit = height / 34
        shield = [(-14, 4), (0, 0), (14, 4), (14, 21), (0, 34), (-14, 21)]
        self.set_draw_color(LIGHT.navy)
        self.set_line_width(0.02 * height)
        self.set_fill_color(LIGHT.chip_done.background)
        self.polygon([(x + dx * unit, y + dy * unit) for dx, dy in shield], style="DF")
        self.set_fill_color(EDGE)
        self.star(x, y + 11 * unit, 2.3 * unit, 5.4 * unit, 5, rotate_degrees=180, style="F")
        self.box(x - 9 * unit, y + 19 * unit, 18 * unit, 1.8 * unit, LIGHT.navy)
        self.box(x - 6.5 * unit, y + 22.2 * unit, 13 * unit, 1.8 * unit, LIGHT.navy)
        self.put_line(
            x - height, y + height + 2.8, "contoh lambang", 2 * height, size=7, style="B", color=LIGHT.muted, align="C"
        )
        return height + 3.5
