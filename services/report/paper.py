"""Building blocks of the report: a document that flows from block to block over pages.

Use::

    info = DocumentInfo(title=…, office=…, footer="No. …" or "DRAF v0.2", created=<aware datetime from the data>,
                        author="", subject="", watermark="" | "DRAF" | "CONTOH", emblem=<png/jpeg bytes> | None,
                        sample_emblem=False)
    built = build(info, render)         # render(paper: Paper) is called until all page numbers hold; the first
                                        # call only measures. The file is PDF/A-3A and PDF/UA-1
    build(info, render, embedded([Attachment(name, data, kind, description)]))      # with files in it
    built.pdf, built.pages, built.body_pages, built.unsupported, built.entries

Pages (mm, A4; blocks break pages by themselves and never leave a heading alone at the foot)::

    paper.cover(title_lines=[…], quarter=…, year=…, period=…, office_lines=[…], month_year=…, reference=…)
    paper.new_page(orientation="portrait" | "landscape", numbering=None | "roman" | "arabic" | "none")
    paper.letterhead(lines=[government, office], address=…)

Text::

    paper.chapter(label, title, new_page=True)      # navy band, e.g. chapter("BAB IV", "Penutup")
    paper.title(text)                               # centred, e.g. Ringkasan Eksekutif, Daftar Isi
    paper.heading(level, text, outline=True)        # level 1 "3.2 Capaian …", 2 "3.2.1 …", 3 without outline entry
    paper.paragraph(text), paper.numbered(items, start=1), paper.bullets(items), paper.space(mm)
    paper.note(text, tone="ochre", title="")        # panel with a coloured edge
    paper.definitions([(label, value)], label_width=45)
    paper.key_figures([KeyFigure(label, value, note, tone="navy" | "ochre" | "brick")])

Tables and charts (return the printed number, "Tabel 3"; ``key`` makes it known to ``paper.reference(key)``, which
also works before the table stands)::

    paper.table(caption, Table(columns=[Column(title, width, align, group)], rows=[Row([…]), GroupRow(text)],
                               totals=[Row([…], total=True)]), key="") -> str
    paper.chart(spec, caption, alt=…, width_mm=None, key="") -> str
    Cell(text, fill=Fill | None, bar=Bar(share, color) | None, bold, dashed, align), rating_cell(rank, word),
    state_cell(text, fill)                          # all in services.report.tables

    paper.remark(text)                              # small text close under the table

Lists, from the pass before::

    paper.table_of_contents(), paper.list_of_tables(), paper.list_of_figures(), paper.reference(key)

End matter::

    paper.signature_block(Signed(place_date, title, name, nip, pangkat=""))     # name "" leaves the place free (draft)
    paper.panel(title, lines, matrix=None, alt=…)   # box for checking the document; matrix: QR modules row by row
    paper.canvas                                    # services.report.canvas.Canvas for anything else: what is drawn
                                                    # inside ``canvas.tagged("P")`` or ``canvas.figure(alt, …)`` is
                                                    # read out, everything else is decoration
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from services.charts.palette import EDGE, LIGHT
from services.domain.numbers import NBSP
from services.report import fonts, vector
from services.report.canvas import Align, Canvas, DocumentInfo, Numbering, Orientation, PaperSize
from services.report.sealing import Attachment, Embedded, embedded, sealed
from services.report.tables import Table, TableWriter
from services.report.tagging import Element

__all__ = [
    "Attachment",
    "Built",
    "DocumentInfo",
    "Drawn",
    "Embedded",
    "Entry",
    "KeyFigure",
    "Paper",
    "Signed",
    "build",
    "drawn",
    "embedded",
]

BODY_SIZE = 10.5
BODY_LINE = 5.6
CAPTION_SIZE = 9.0
REMARK_LINE, REMARK_SPACE = 4.2, 1.5
PARAGRAPH_SPACE = 2.2
BLOCK_SPACE = 4.5
LIST_INDENT, LIST_SPACE = 8.0, 0.8
WIDEST_GAP = 4.0
"""mm by which the words of a justified line may be drawn apart."""
KEPT_LINES = 3
"""So many lines of a text go to the next page with what must not stand there alone, such as a signature."""
SIGNATURE_ROOM = 19.0
"""mm between post and name, for the hand."""
MAX_PASSES = 6
ROUNDING = 0.01
"""A line that is too tall by so many mm still fits."""
SHORT_PARAGRAPH, SHORT_WORD = 6, 11
"""Words of a paragraph, and letters of its last word, up to which it is short."""
QUIET_ZONE = 4
"""White modules around a QR code (ISO/IEC 18004)."""

Tone = Literal["navy", "ochre", "brick"]
EntryKind = Literal["heading", "table", "figure"]
_TONES: dict[Tone, str] = {"navy": LIGHT.navy, "ochre": LIGHT.ochre, "brick": LIGHT.brick}
_TONE_TEXT: dict[Tone, str] = {"navy": LIGHT.navy, "ochre": LIGHT.chip_now.text, "brick": LIGHT.brick}


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One card: label above, large value, a line of explanation under it."""

    label: str
    value: str
    note: str = ""
    tone: Tone = "navy"


class Signed(NamedTuple):
    """What stands in a signature block; an empty name leaves its place free."""

    place_date: str
    title: str
    name: str
    nip: str
    pangkat: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents or of the lists of tables and figures."""

    kind: EntryKind
    level: int
    text: str
    page: int
    page_label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Findings:
    """What one pass learned for the next."""

    entries: tuple[Entry, ...] = ()
    body_pages: int = 0


@dataclass(frozen=True, slots=True)
class Built:
    """The finished file. ``unsupported`` are characters printed as "□" because the fonts lack them."""

    pdf: bytes
    pages: int
    body_pages: int
    unsupported: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A block that must stand on one page with the block after it."""

    height: float
    draw: Callable[[], None]


def build(info: DocumentInfo, render: Callable[[Paper], object], attachments: Sequence[Embedded] = ()) -> Built:
    """All pages and the file at once: see ``drawn`` and ``Drawn.written``."""
    return drawn(info, render).written(attachments)


@dataclass(frozen=True, slots=True)
class Drawn:
    """All pages, finished. What they were made from is not needed any more."""

    canvas: Canvas
    found: _Findings

    def written(self, attachments: Sequence[Embedded] = ()) -> Built:
        """The file, PDF/A-3A and PDF/UA-1, with the attachments in it."""
        pdf, missing = sealed(self.canvas, attachments), tuple(sorted(self.canvas.missing))
        return Built(pdf, self.canvas.pages_count, self.found.body_pages, missing, self.found.entries)


def drawn(info: DocumentInfo, render: Callable[[Paper], object]) -> Drawn:
    """Draw until page numbers, contents and references are those of the pass before.

    Raises:
        RuntimeError: the layout did not settle, which means that ``render`` does not do the same on each call.
    """
    known = _measured(info, render)
    for _ in range(MAX_PASSES):
        paper = Paper(info, known)
        render(paper)
        found = paper.finish()
        if found == known:
            return Drawn(paper.canvas, found)
        known = found
    raise RuntimeError("Nomor halaman laporan tidak kunjung tetap. Ulangi pembuatan laporan.")


def _measured(info: DocumentInfo, render: Callable[[Paper], object]) -> _Findings:
    """A first pass whose page numbers cannot be right yet: nothing is drawn."""
    paper = Paper(info, only_measures=True)
    render(paper)
    found = paper.finish()
    paper.canvas.pages.clear()  # fpdf2's objects refer to each other, so that only the collector would take them
    return found


class Paper:
    """One pass over the document. Get it from ``build``."""

    def __init__(self, info: DocumentInfo, known: _Findings | None = None, *, only_measures: bool = False) -> None:
        self._known = known or _Findings()
        self._heading_level = 0
        self.canvas = Canvas(info, self._known.body_pages, only_measures=only_measures)
        self._waiting: list[_Waiting] = []
        self._entries: list[Entry] = []
        self._numbers: dict[EntryKind, int] = {"heading": 0, "table": 0, "figure": 0}

    def finish(self) -> _Findings:
        """Draw what still waits, and say where everything came to stand."""
        self._place(0.0)
        return _Findings(tuple(self._entries), self.canvas.pages_in_body)

    # Pages and flow

    def new_page(
        self,
        orientation: Orientation = "portrait",
        numbering: Numbering | None = None,
        paper_size: PaperSize = "A4",
    ) -> None:
        """Start a page. ``numbering`` changes the kind of page numbers from here on; each kind counts from 1."""
        if self.canvas.page:
            self._place(0.0)
        self.canvas.start_page(orientation, numbering, paper_size)

    def turn(self, orientation: Orientation) -> None:
        """Go on in this orientation: on the page in hand if it lies that way, else on a new one."""
        lies = "landscape" if self.canvas.w > self.canvas.h else "portrait"
        if not self.canvas.page or lies != orientation:
            self.new_page(orientation)

    def space(self, height: float) -> None:
        """White space in mm, not carried over to the next page."""
        self._place(0.0)
        self.canvas.y = min(float(self.canvas.y) + height, self.canvas.bottom)

    def reserve(self, height: float) -> None:
        """Go to the next page unless so many mm are left on this one."""
        self._place(height)

    def _place(self, height: float) -> None:
        """Make room for the waiting blocks and ``height`` more on one page, then draw the waiting blocks."""
        if not self.canvas.page:
            self.canvas.add_page()
        waiting, self._waiting = self._waiting, []
        needed = sum(block.height for block in waiting) + height
        if needed and needed > self.canvas.room and not self.canvas.at_top:
            self.canvas.next_page()
        for block in waiting:
            block.draw()

    def _wait(self, height: float, draw: Callable[[], None]) -> None:
        self._waiting.append(_Waiting(height, draw))

    # Text

    def chapter(self, label: str, title: str, new_page: bool = True) -> None:
        """Navy band with ochre foot; starts a page unless told otherwise or already at the top of one."""
        if new_page and not (self.canvas.page and self.canvas.at_top and not self._waiting):
            self.new_page("portrait")
        lines = fonts.wrap(self.canvas.seen(title.upper()), self.canvas.inner_width - 10, 13.5, "B")
        height = 10 + 6.2 * len(lines)
        self._wait(height + 7, lambda: self._draw_chapter(label, title, lines, height))

    def _draw_chapter(self, label: str, title: str, lines: Sequence[str], height: float) -> None:
        canvas, top = self.canvas, float(self.canvas.y)
        self._record("heading", 0, f"{label} {title}".strip())
        canvas.box(canvas.left, top, canvas.inner_width, height, LIGHT.navy)
        canvas.box(canvas.left, top + height, canvas.inner_width, 1.0, EDGE)
        with self._heading(0):
            canvas.put_line(
                canvas.left + 5, top + 5.6, label, canvas.inner_width - 10, size=9.5, style="B", color="#E5C77F"
            )
            for index, line in enumerate(lines):
                canvas.put(canvas.left + 5, top + 11.6 + 6.2 * index, line, size=13.5, style="B", color=LIGHT.page)
        canvas.y = top + height + 7

    def _heading(self, level: int) -> AbstractContextManager[None]:
        """A heading in the structure; none is more than one level below the heading before it (PDF/UA-1, 7.4.2)."""
        self._heading_level = min(level + 1, self._heading_level + 1)
        return self.canvas.tagged(f"H{self._heading_level}")

    def title(self, text: str, outline: bool = True) -> None:
        """Centred title of a part without number."""
        self._wait(14, lambda: self._draw_title(text, outline))

    def _draw_title(self, text: str, outline: bool) -> None:
        if outline:
            self._record("heading", 0, text)
        with self._heading(0):
            self._lines(text.upper(), size=14, line=6.4, style="B", color=LIGHT.navy, align="C")
        self.canvas.y += 3.5

    def heading(self, level: int, text: str, outline: bool = True) -> None:
        """Heading that stays with the block after it. Level 1 to 3."""
        size, line = {1: (12.5, 6.0), 2: (11.0, 5.6)}.get(level, (10.5, 5.4))
        lines = fonts.wrap(self.canvas.seen(text), self.canvas.inner_width, size, "B")
        color = LIGHT.navy if level < 3 else LIGHT.text

        def draw() -> None:
            if not self.canvas.at_top:
                self.canvas.y += 3.2
            if outline:
                self._record("heading", level, text)
            with self._heading(level):
                self._lines(text, size=size, line=line, style="B", color=color)
            self.canvas.y += 1.4

        self._wait(len(lines) * line + 4.6, draw)

    def paragraph(self, text: str, below: float = 0.0) -> None:
        """Justified text; may run over pages. Its last lines stay with the ``below`` mm that follow."""
        self._flow(text, self.canvas.left, self.canvas.inner_width, below=below and below + PARAGRAPH_SPACE)
        self.canvas.y += PARAGRAPH_SPACE

    def paragraphs(self, text: str, below: float = 0.0) -> None:
        """A paragraph for each line."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            self.paragraph(line, below if number == len(lines) else 0.0)

    def centred(self, lines: Sequence[str]) -> None:
        """Lines in the middle, such as those under a title."""
        self._place(len(lines) * BODY_LINE)
        with self.canvas.tagged("P"):
            for line in lines:
                self._lines(line, size=BODY_SIZE, line=BODY_LINE, style="", color=LIGHT.text, align="C")
        self.canvas.y += PARAGRAPH_SPACE

    def numbered(self, items: Sequence[str], start: int = 1, below: float = 0.0) -> None:
        """List with numbers, a single item without; its last lines stay with the ``below`` mm that follow."""
        if len(items) == 1:
            self.paragraph(items[0], below)
            return
        self._list([f"{number}." for number in range(start, start + len(items))], items, below)

    def bullets(self, items: Sequence[str]) -> None:
        """List with dots."""
        self._list(["•"] * len(items), items)

    def _list(self, marks: Sequence[str], items: Sequence[str], below: float = 0.0) -> None:
        self._place(2 * BODY_LINE if items else 0.0)
        with self.canvas.group("L"):
            for number, (mark, item) in enumerate(zip(marks, items, strict=True), start=1):
                self._list_item(mark, item, below and below + PARAGRAPH_SPACE if number == len(items) else 0.0)
        self.canvas.y += PARAGRAPH_SPACE - LIST_SPACE

    def paragraphs_height(self, text: str) -> float:
        """mm that ``paragraphs`` takes on one page."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        counts = [len(self._wrapped(line, self.canvas.inner_width)) for line in lines]
        return sum(counts) * BODY_LINE + len(counts) * PARAGRAPH_SPACE

    def list_height(self, items: Sequence[str]) -> float:
        """mm that a list takes on one page."""
        counts = [len(self._wrapped(item, self.canvas.inner_width - LIST_INDENT)) for item in items]
        return sum(counts) * BODY_LINE + len(counts) * LIST_SPACE + PARAGRAPH_SPACE

    def _wrapped(self, text: str, width: float) -> Sequence[str]:
        return fonts.wrap(_bound(self.canvas.seen(text)), width, BODY_SIZE)

    def _list_item(self, mark: str, item: str, below: float) -> None:
        canvas, indent = self.canvas, LIST_INDENT
        lines = self._wrapped(item, canvas.inner_width - indent)
        self._place(min(len(lines), 2) * BODY_LINE + (below if len(lines) <= KEPT_LINES else 0.0))
        with canvas.group("LI"):
            with canvas.tagged("Lbl"):
                canvas.put(canvas.left + 1.5, self._baseline(BODY_SIZE, BODY_LINE), mark, size=BODY_SIZE)
            self._flow(item, canvas.left + indent, canvas.inner_width - indent, role="LBody", below=below)
        canvas.y += LIST_SPACE

    def definitions(self, items: Sequence[tuple[str, str]], label_width: float = 45.0) -> None:
        """Label, colon, value: identity of the document and the like."""
        for label, value in items:
            self._place(2 * BODY_LINE)
            baseline = self._baseline(BODY_SIZE, BODY_LINE)
            with self.canvas.tagged("P"):
                self.canvas.put_line(self.canvas.left, baseline, label, label_width - 3, size=BODY_SIZE)
                self.canvas.put(self.canvas.left + label_width - 2, baseline, ":", size=BODY_SIZE)
            offset = label_width + 1.5
            self._flow(value, self.canvas.left + offset, self.canvas.inner_width - offset, align="L")
        self.canvas.y += PARAGRAPH_SPACE

    def _flow(
        self,
        text: str,
        x: float,
        width: float,
        align: Literal["J", "L"] = "J",
        role: str = "P",
        below: float = 0.0,
    ) -> None:
        """Text that breaks pages by itself; never one lonely first line at the foot."""
        canvas = self.canvas
        parts = [fonts.wrap(_bound(part), width, BODY_SIZE) for part in canvas.seen(text).split("\n")]
        left = sum(map(len, parts))
        self._place(min(left, 2) * BODY_LINE + (below if left <= KEPT_LINES else 0.0))
        with canvas.tagged(role):
            canvas.mark_content()
            for part in parts:
                for number, line in enumerate(part, start=1):
                    if below and left == KEPT_LINES and canvas.room < left * BODY_LINE + below:
                        canvas.next_page()
                    self._flow_line(line, x, width, spread=align == "J" and number < len(part))
                    left -= 1

    def _flow_line(self, line: str, x: float, width: float, *, spread: bool) -> None:
        canvas = self.canvas
        if canvas.room < BODY_LINE - ROUNDING:
            canvas.next_page()
        baseline = self._baseline(BODY_SIZE, BODY_LINE)
        if spread and width - fonts.width_mm(line, BODY_SIZE) <= WIDEST_GAP * line.count(" "):
            canvas.put_spread(x, baseline, line, width, size=BODY_SIZE)
        else:
            canvas.put(x, baseline, line, size=BODY_SIZE)
        canvas.y += BODY_LINE

    def _lines(self, text: str, *, size: float, line: float, style: str, color: str, align: Align = "L") -> None:
        canvas = self.canvas
        for part in fonts.wrap(canvas.seen(text), canvas.inner_width, size, style):
            if canvas.room < line:
                canvas.next_page()
            baseline = self._baseline(size, line)
            canvas.put_line(
                canvas.left, baseline, part, canvas.inner_width + 0.1, size=size, style=style, color=color, align=align
            )
            canvas.y += line

    def _baseline(self, size: float, line: float) -> float:
        return float(self.canvas.y) + line / 2 + size / fonts.POINTS_PER_MM * 0.3

    def note(self, text: str, tone: Tone = "ochre", title: str = "") -> None:
        """Panel with a coloured edge. A note longer than a page runs on as a plain paragraph."""
        canvas, size, line = self.canvas, 9.5, 4.8
        lines = fonts.wrap(canvas.seen(text), canvas.inner_width - 11, size)
        height = (len(lines) + bool(title)) * line + 5
        if height > canvas.bottom - canvas.t_margin:
            self.paragraph(f"{title}\n{text}" if title else text)
            return
        self._place(height)
        top = float(canvas.y)
        canvas.box(canvas.left, top, canvas.inner_width, height, LIGHT.panel)
        canvas.box(canvas.left, top, 1.2, height, _TONES[tone])
        canvas.y = top + 2.5
        rows = [(canvas.seen(title), "B")] * bool(title) + [(one, "") for one in lines]
        with canvas.tagged("P"):
            for row, style in rows:
                canvas.put(canvas.left + 5.5, self._baseline(size, line), row, size=size, style=style)
                canvas.y += line
        canvas.y = top + height + BLOCK_SPACE

    def key_figures(self, figures: Sequence[KeyFigure]) -> None:
        """Cards in one row, of equal width and height."""
        gap = 3.2
        width = (self.canvas.inner_width - gap * (len(figures) - 1)) / len(figures)
        inner = width - 6.5
        notes = [fonts.wrap(self.canvas.seen(figure.note), inner, 9) for figure in figures]
        labels = [fonts.wrap(self.canvas.seen(figure.label), inner, 9) for figure in figures]
        label_height, note_height = 4.2 * max(map(len, labels)), 4.0 * max(map(len, notes))
        height = 1.4 + 3 + label_height + 11 + note_height + 2.6
        self._place(height)
        top = float(self.canvas.y)
        for index, figure in enumerate(figures):
            x = self.canvas.left + index * (width + gap)
            self._draw_card(figure, x, top, width, height)
            with self.canvas.tagged("P"):
                self._card_lines(labels[index], x + 3.5, top + 7.2, 4.2, 9.0)
                self._card_value(figure, x + 3.5, top + 4.4 + label_height + 7.4, inner)
                self._card_lines(notes[index], x + 3.5, top + 4.4 + label_height + 13.4, 4.0, 9.0)
        self.canvas.y = top + height + BLOCK_SPACE

    def _draw_card(self, figure: KeyFigure, x: float, top: float, width: float, height: float) -> None:
        self.canvas.box(x, top, width, height, LIGHT.panel)
        self.canvas.box(x, top, width, 1.4, _TONES[figure.tone])

    def _card_lines(self, lines: Sequence[str], x: float, baseline: float, line: float, size: float) -> None:
        for index, text in enumerate(lines):
            self.canvas.put(x, baseline + index * line, text, size=size, color=LIGHT.muted)

    def _card_value(self, figure: KeyFigure, x: float, baseline: float, width: float) -> None:
        size = next((s for s in (19.0, 17.0, 15.0, 13.0) if fonts.width_mm(figure.value, s, "B") <= width), 11.0)
        color = _TONE_TEXT[figure.tone]
        self.canvas.put_line(x, baseline, figure.value, width, size=size, style="B", color=color)

    # Tables and charts

    def table(self, caption: str, table: Table, key: str = "") -> str:
        """Caption and table; the caption stays with the header and the first row."""
        self._place_if_no_page()
        writer = TableWriter(self.canvas, table)
        element = self.canvas.element("Table")
        number = self._caption_above(caption, key, element)
        self._place(writer.first_height())
        writer.draw(element)
        self.canvas.y += BLOCK_SPACE
        return number

    def remark(self, text: str) -> None:
        """Small text close under a table, such as how its figures are computed; goes with ``Table.below``."""
        self._place(0.0)
        self.canvas.y -= BLOCK_SPACE - REMARK_SPACE
        with self.canvas.tagged("P"):
            self._lines(text, size=CAPTION_SIZE, line=REMARK_LINE, style="", color=LIGHT.muted)
        self.canvas.y += BLOCK_SPACE

    def remark_height(self, text: str) -> float:
        """mm that a remark takes under its table."""
        lines = fonts.wrap(self.canvas.seen(text), self.canvas.inner_width, CAPTION_SIZE)
        return REMARK_SPACE + REMARK_LINE * len(lines)

    def _caption_above(self, caption: str, key: str, table: Element) -> str:
        number = self._next_number("table")
        text = f"{number} {caption}"
        lines = fonts.wrap(self.canvas.seen(text), self.canvas.inner_width, CAPTION_SIZE, "B")

        def draw() -> None:
            self._record("table", 0, text, key)
            self.canvas.add(table)
            with self.canvas.within(table.child("Caption")):
                self._lines(text, size=CAPTION_SIZE, line=4.5, style="B", color=LIGHT.text)
            self.canvas.y += 0.8

        self._wait(len(lines) * 4.5 + 0.8, draw)
        return number

    def chart(self, spec: vector.Spec, caption: str, *, alt: str, width_mm: float | None = None, key: str = "") -> str:
        """A Vega-Lite chart, centred, with its caption under it; too wide or tall charts are made smaller."""
        self._place_if_no_page()
        number = self._next_number("figure")
        text = f"{number} {caption}"
        self.canvas.missing |= vector.unsupported(spec)
        svg = vector.to_svg(spec, width_mm or self.canvas.inner_width)
        width, height = self._chart_size(svg, width_mm)
        caption_lines = fonts.wrap(self.canvas.seen(text), self.canvas.inner_width, CAPTION_SIZE, "I")
        self._place(height + 2 + 4.5 * len(caption_lines))
        self._record("figure", 0, text, key)
        self._draw_chart(svg, width, height, alt)
        self.canvas.y += height + 2
        with self.canvas.tagged("P"):
            self._lines(text, size=CAPTION_SIZE, line=4.5, style="I", color=LIGHT.muted, align="C")
        self.canvas.y += BLOCK_SPACE
        return number

    def _place_if_no_page(self) -> None:
        if not self.canvas.page:
            self._place(0.0)

    def _chart_size(self, svg: str, width_mm: float | None) -> tuple[float, float]:
        width, height = vector.size_mm(svg)
        tallest = self.canvas.bottom - self.canvas.t_margin - 25
        wanted = (width_mm or width) / width
        scale = min(wanted, self.canvas.inner_width / width, tallest / height)
        return width * scale, height * scale

    def _draw_chart(self, svg: str, width: float, height: float, alt: str) -> None:
        if self.canvas.only_measures:
            return
        x = self.canvas.left + (self.canvas.inner_width - width) / 2
        y = float(self.canvas.y)
        with self.canvas.figure(alt, x, y, width, height):
            try:
                self.canvas.picture(vector.prepared(svg), x, y, width, height)
            except Exception:  # fpdf2 raises many kinds for SVG beyond its subset; a picture can always be placed
                self.canvas.image(vector.to_png(svg), x, y, width, height)
        self.canvas.y = y

    # Numbers, contents, references

    def _next_number(self, kind: EntryKind) -> str:
        self._numbers[kind] += 1
        return f"{'Tabel' if kind == 'table' else 'Gambar'} {self._numbers[kind]}"

    def _record(self, kind: EntryKind, level: int, text: str, key: str = "") -> None:
        shown = self.canvas.seen(text).replace("\n", " ")
        self._entries.append(Entry(kind, level, shown, self.canvas.page, self.canvas.page_label, key))
        if kind == "heading":
            self.canvas.start_section(shown, level, strict=False)

    def reference(self, key: str) -> str:
        """The printed number, e.g. "Tabel 3", of a key given anywhere in the document."""
        entry = next((one for one in self._known.entries if one.key == key), None)
        return " ".join(entry.text.split(" ")[:2]) if entry else "Tabel ?"

    def table_of_contents(self, deepest: int = 2) -> None:
        """Headings with page numbers."""
        self._contents([one for one in self._known.entries if one.kind == "heading" and one.level <= deepest])

    def list_of_tables(self) -> None:
        self._contents([one for one in self._known.entries if one.kind == "table"])

    def list_of_figures(self) -> None:
        self._contents([one for one in self._known.entries if one.kind == "figure"])

    def _contents(self, entries: Sequence[Entry]) -> None:
        if entries:
            self._place(5.4)
            with self.canvas.group("TOC"):
                for entry in entries:
                    self._contents_line(entry)
        self.canvas.y += PARAGRAPH_SPACE

    def _contents_line(self, entry: Entry) -> None:
        canvas, indent = self.canvas, 6.0 * entry.level
        style = "B" if entry.kind == "heading" and entry.level == 0 else ""
        lines = fonts.wrap(entry.text, canvas.inner_width - indent - 16, 10, style)
        self._place(5.4 * len(lines))
        top = float(canvas.y)
        self._leader(lines, indent, style)
        with canvas.group("TOCI"), canvas.group("Reference"), canvas.tagged("Link"):
            for line in lines:
                canvas.put(canvas.left + indent, self._baseline(10, 5.4), line, size=10, style=style)
                canvas.y += 5.4
            baseline = self._baseline(10, 5.4) - 5.4
            canvas.put_line(canvas.right - 9, baseline, entry.page_label, 9, size=10, style=style, align="R")
            canvas.link_area(top, float(canvas.y) - top, entry.page, f"{entry.text}, halaman {entry.page_label}")

    def _leader(self, lines: Sequence[str], indent: float, style: str) -> None:
        """Dots from the end of the text to the page number."""
        canvas = self.canvas
        baseline = self._baseline(10, 5.4) + 5.4 * (len(lines) - 1)
        start = canvas.left + indent + fonts.width_mm(lines[-1], 10, style) + 1.5
        dot = fonts.width_mm(" .", 10)
        count = int((canvas.right - 9 - start) / dot)
        canvas.put(canvas.right - 9 - count * dot, baseline, " ." * count, size=10, color=LIGHT.plan)

    # Cover, letterhead, end matter

    def cover(
        self,
        *,
        title_lines: Sequence[str],
        quarter: str,
        year: int,
        period: str,
        office_lines: Sequence[str],
        month_year: str,
        reference: str,
    ) -> None:
        """Cover page without header and page number; navy band with ochre edge at the left."""
        self.new_page("portrait", "none")
        canvas = self.canvas
        canvas.box(0, 0, 26, float(canvas.h), LIGHT.navy)
        canvas.box(26, 0, 2, float(canvas.h), EDGE)
        canvas.emblem(119, 34, 35)
        y = self._cover_lines(title_lines, 92, 25, 12.2)
        canvas.box(97, y - 3.5, 44, 1.2, EDGE)
        y = self._cover_lines([f"Triwulan {quarter}", f"Tahun Anggaran {year}"], y + 9.5, 17, 9.0)
        self._cover_line(f"Periode {period}", y + 2.6, 11, "", LIGHT.muted)
        lower = sum(len(self._cover_wrapped(line, 14)) for line in office_lines)
        y = self._cover_lines(office_lines, 243 - 7.6 * (lower - 1), 14, 7.6)
        self._cover_line(month_year, y, 11, "", LIGHT.text)
        self._cover_line(reference, y + 6.6, 9.5, "", LIGHT.muted)
        canvas.y = canvas.bottom

    def _cover_lines(self, texts: Sequence[str], y: float, size: float, step: float) -> float:
        with self.canvas.tagged("P"):
            for text in texts:
                for line in self._cover_wrapped(text, size):
                    self._put_cover_line(line, y, size, "B", LIGHT.navy)
                    y += step
        return y

    def _cover_wrapped(self, text: str, size: float) -> Sequence[str]:
        return fonts.wrap(self.canvas.seen(text.upper()), _COVER_WIDTH, size, "B")

    def _cover_line(self, text: str, baseline: float, size: float, style: str, color: str) -> None:
        if text:
            with self.canvas.tagged("P"):
                self._put_cover_line(text, baseline, size, style, color)

    def _put_cover_line(self, text: str, baseline: float, size: float, style: str, color: str) -> None:
        x = 119 - _COVER_WIDTH / 2
        self.canvas.put_line(x, baseline, text, _COVER_WIDTH + 0.1, size=size, style=style, color=color, align="C")

    def letterhead(self, lines: Sequence[str], address: str = "") -> None:
        """Kop surat: emblem at the left, the last line larger, the whole address, a thick and a thin rule."""
        self._place_if_no_page()
        self._place(36)
        canvas, top, page = self.canvas, float(self.canvas.y), self.canvas.page
        least = top + 25 if canvas.emblem(canvas.left + 10, top, 20) else top
        for index, line in enumerate(lines):
            self._letterhead_lines(line.upper(), 16.0 if index == len(lines) - 1 else 12.5, "B", 7.0, 5.0)
        if address:
            self._letterhead_lines(address, 9.0, "", 4.2, 4.0)
        y = float(canvas.y) + 2.6
        if canvas.page == page:
            y = max(y, least)
        canvas.rule(canvas.left, y, canvas.right, LIGHT.text, 0.9)
        canvas.rule(canvas.left, y + 1.1, canvas.right, LIGHT.text, 0.25)
        canvas.y = y + 8

    def _letterhead_lines(self, text: str, size: float, style: str, line: float, ascent: float) -> None:
        """All lines of a text beside the emblem; each is ``line`` mm high and has its baseline ``ascent`` mm down."""
        canvas = self.canvas
        x, width = canvas.left + 22, canvas.inner_width - 44
        with canvas.tagged("P"):
            for part in fonts.wrap(canvas.seen(text), width, size, style):
                if canvas.room < line:
                    canvas.next_page()
                canvas.put_line(x, float(canvas.y) + ascent, part, width + 0.1, size=size, style=style, align="C")
                canvas.y += line

    def signature_block(self, signed: Signed) -> None:
        """Signature at the right, kept together with the block before it if that waits."""
        self._place(self.signature_height(signed))
        canvas = self.canvas
        above, below = _signature_texts(signed)
        canvas.y += 5
        for text, style in above:
            self._signature_line(text, style)
        canvas.y += SIGNATURE_ROOM
        for text, style in below:
            self._signature_line(text, style)
        canvas.y += 2 * BLOCK_SPACE

    def signature_height(self, signed: Signed) -> float:
        """mm that a signature block takes on one page."""
        texts = [text for part in _signature_texts(signed) for text in part]
        return 5 + SIGNATURE_ROOM + BODY_LINE * sum(len(self._signature_wrapped(*text)) for text in texts)

    @property
    def _signature_width(self) -> float:
        return min(self.canvas.inner_width / 2, 80.0)

    def _signature_wrapped(self, text: str, style: str) -> Sequence[str]:
        return fonts.wrap(self.canvas.seen(text), self._signature_width, BODY_SIZE, style)

    def _signature_line(self, text: str, style: str) -> None:
        canvas, width = self.canvas, self._signature_width
        with canvas.tagged("P"):
            for part in self._signature_wrapped(text, style):
                if canvas.room < BODY_LINE:
                    canvas.next_page()
                baseline = self._baseline(BODY_SIZE, BODY_LINE)
                canvas.put_line(
                    canvas.right - width, baseline, part, width + 0.1, size=BODY_SIZE, style=style, align="C"
                )
                canvas.y += BODY_LINE

    def panel(
        self, title: str, lines: Sequence[str], matrix: Sequence[Sequence[int]] | None = None, *, alt: str = "Kode QR"
    ) -> None:
        """Box with a title and small text, and at its left a QR code given as modules (true is dark)."""
        canvas, side = self.canvas, 31.0 if matrix else 0.0
        x = canvas.left + 4 + (side + 5 if matrix else 0)
        width = canvas.right - 4 - x
        wrapped = [part for line in lines for part in fonts.wrap(_bound(canvas.seen(line)), width, 9.0)]
        height = max(side, 5 + 4.3 * len(wrapped)) + 8
        self._place(height)
        top = float(canvas.y)
        canvas.box(canvas.left, top, canvas.inner_width, height, LIGHT.panel)
        if matrix:
            with canvas.figure(alt, canvas.left + 4, top + 4, side, side):
                self._modules(matrix, canvas.left + 4, top + 4, side)
        with canvas.tagged("P"):
            canvas.put_line(x, top + 7.2, title, width, size=10, style="B", color=LIGHT.navy)
            for index, line in enumerate(wrapped):
                canvas.put(x, top + 12.4 + 4.3 * index, line, size=9.0)
        canvas.y = top + height + BLOCK_SPACE

    def _modules(self, matrix: Sequence[Sequence[int]], x: float, y: float, side: float) -> None:
        self.canvas.box(x, y, side, side, LIGHT.page)
        unit, overlap = side / (len(matrix) + 2 * QUIET_ZONE), 0.02
        for row, modules in enumerate(matrix):
            start = 0
            for dark, run in groupby(modules):
                length = len(list(run))
                if dark:
                    left, top = x + (QUIET_ZONE + start) * unit, y + (QUIET_ZONE + row) * unit
                    self.canvas.box(left, top, length * unit + overlap, unit + overlap, LIGHT.text)
                start += length


_COVER_WIDTH = 160.0
_Styled = list[tuple[str, str]]


def _bound(text: str) -> str:
    """A paragraph whose last word, where it is short, is not left alone on the last line."""
    words = text.split(" ")
    if len(words) <= SHORT_PARAGRAPH or len(words[-1]) > SHORT_WORD or "" in words:
        return text
    return f"{' '.join(words[:-1])}{NBSP}{words[-1]}"


def _signature_texts(signed: Signed) -> tuple[_Styled, _Styled]:
    """Texts over and under the hand, each with its style of print."""
    below = ((signed.name, "B"), (signed.pangkat, ""), (f"NIP {signed.nip}" if signed.nip else "", ""))
    above = [(signed.place_date, ""), (f"{signed.title.rstrip(',').upper()},", "B")]
    return above, [(text, style) for text, style in below if text]
