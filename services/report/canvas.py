"""The sheet of paper under the report: pages with header, footer and watermark, fonts, and text at a place.

All lengths are in mm from the upper left corner, font sizes in points.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceCMYK, DeviceGray, DeviceRGB, convert_to_device_color

from services.charts.palette import EDGE, LIGHT
from services.report import fonts
from services.report.symbol_font import SYMBOL_FILE
from services.report.tagging import (
    DECORATION,
    PAGE_FOOTER,
    PAGE_HEADER,
    PAGE_WATERMARK,
    Element,
    Link,
    Structure,
    picture,
)

Orientation = Literal["portrait", "landscape"]
Numbering = Literal["none", "roman", "arabic"]
PaperSize = Literal["A4", "A3"]
Align = Literal["L", "C", "R"]

MARGIN_SIDE = 27.0
MARGIN_TOP = 26.0
MARGIN_BOTTOM = 24.0
HEADER_BASELINE = 15.3
HEADER_RULE = 18.0
FOOTER_BASELINE_ABOVE_EDGE = 13.0
FRAME_SIZE = 9.0
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


def roman(number: int) -> str:
    """Small roman numeral of a positive number."""
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


@cache
def _ink(color: str) -> DeviceRGB | DeviceGray | DeviceCMYK:
    """The colour of ``#RRGGBB`` as fpdf2 has it; it would read the text anew for every word."""
    return convert_to_device_color(color)


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
        self._leaf = DECORATION
        self._open: Element | None = None
        self.numbering: Numbering = "arabic"
        self.page_labels: dict[int, str] = {}
        self.missing: set[str] = set()
        self._frames: dict[int, Numbering] = {}
        self._counts: dict[Numbering, int] = {"none": 0, "roman": 0, "arabic": 0}
        self._set_up_page()
        self._set_up_fonts()
        self._set_up_metadata()

    def _set_up_page(self) -> None:
        self.set_margins(MARGIN_SIDE, MARGIN_TOP, MARGIN_SIDE)
        self.set_auto_page_break(True, MARGIN_BOTTOM)
        self.c_margin = 0.0
        # Compressed once, when the finished file is written: zlib is not the same on all machines.
        self.set_compression(False)
        # A person may type "{nb}": fpdf2 would put the number of pages there.
        self.alias_nb_pages("")

    def _set_up_fonts(self) -> None:
        for style, name in fonts.FILES.items():
            self.add_font(fonts.FAMILY, style, fonts.FONT_DIR / name)
            self.add_font(fonts.SYMBOL_FAMILY, style, SYMBOL_FILE)
        self.set_fallback_fonts([fonts.SYMBOL_FAMILY], exact_match=False)
        self.set_font(fonts.FAMILY, "", 10.5)

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
        return MARGIN_SIDE

    @property
    def right(self) -> float:
        return float(self.w) - MARGIN_SIDE

    @property
    def inner_width(self) -> float:
        return float(self.w) - 2 * MARGIN_SIDE

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
        with self.within(PAGE_WATERMARK):
            self._draw_watermark()
        if self.numbering != "none":
            with self.within(PAGE_HEADER):
                self._frame_line(HEADER_BASELINE, self.info.header or self.info.title, self.info.office)
                self.rule(self.left, HEADER_RULE, self.right, LIGHT.ochre, 0.5)
        self._resume()

    def footer(self) -> None:
        if self._frames[self.page] != "none":
            with self.within(PAGE_FOOTER):
                baseline = float(self.h) - FOOTER_BASELINE_ABOVE_EDGE
                self._frame_line(baseline, self.info.footer, self._page_text())
        self._end_mark()

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

    # Structure

    @contextmanager
    def group(self, role: str) -> Iterator[Element]:
        """Everything tagged inside stands in a new element, e.g. ``Table`` or ``L``."""
        with self.inside(self._container.child(role)) as element:
            yield element

    def add(self, element: Element) -> None:
        """Put a new element at the end of what is read so far."""
        element.parent = self._container
        self._container.kids.append(element)

    @contextmanager
    def inside(self, element: Element) -> Iterator[Element]:
        """Everything tagged inside stands in this element."""
        outer, self._container = self._container, element
        try:
            yield element
        finally:
            self._container = outer

    @contextmanager
    def tagged(self, role: str) -> Iterator[Element]:
        """Text drawn inside is the content of one new element."""
        with self.within(self._container.child(role)) as element:
            yield element

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
    def within(self, element: Element) -> Iterator[Element]:
        """Text drawn inside is content of this element."""
        outer, self._leaf = self._leaf, element
        try:
            yield element
        finally:
            self._leaf = outer

    def mark_content(self) -> None:
        """What fpdf2 draws by itself from here on belongs to the element in hand."""
        self._mark(self._leaf)

    def _mark_shape(self) -> None:
        self._mark(self._leaf if self._leaf.role in ("Figure", "Artifact") else DECORATION)

    def _mark(self, element: Element) -> None:
        if element is not self._open and not self.only_measures:
            self._end_mark()
            self._out(self.structure.begin(element, self.page))
            self._open = element

    def _end_mark(self) -> None:
        if self._open is not None:
            self._out("EMC")
            self._open = None

    def link_area(self, y: float, height: float, target: int, text: str) -> None:
        """Make the lines of the text column from ``y`` on lead to a page; the element in hand is a ``Link``."""
        k, page_height = float(self.k), float(self.h)
        area = (self.left * k, (page_height - y - height) * k, self.right * k, (page_height - y) * k)
        self.structure.add_link(Link(self.page, area, target, text), self._leaf)

    # Drawing

    def put(self, x: float, y: float, text: str, *, size: float, style: str = "", color: str = LIGHT.text) -> None:
        """Printable text with its baseline at y. Symbols outside Liberation Sans come from the symbol font."""
        if self.only_measures:
            return
        self._mark(self._leaf)
        self.set_text_color(_ink(color))
        for index, run in enumerate(fonts.symbol_runs(text)):
            if run:
                self.set_font(fonts.SYMBOL_FAMILY if index % 2 else fonts.FAMILY, style, size)
                self.text(x, y, run)
                x += fonts.width_mm(run, size, style)

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
        self.missing |= fonts.unsupported(text)
        return fonts.printable(text)

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
        self.set_fill_color(_ink(color))
        self.rect(x, y, width, height, style="F")

    def rule(self, x: float, y: float, x_end: float, color: str, thickness: float, y_end: float | None = None) -> None:
        """A straight line; horizontal unless ``y_end`` is given."""
        if self.only_measures:
            return
        self._mark_shape()
        self.set_draw_color(_ink(color))
        self.set_line_width(thickness)
        self.line(x, y, x_end, y if y_end is None else y_end)

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
            raise ValueError("Lambang tidak terbaca. Unggah ulang berkas PNG atau JPEG di menu Profil.") from error
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
