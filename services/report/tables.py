"""Tables drawn with text, rectangles and lines, in time that grows linearly with the rows.

The header repeats on each page, also when a row is taller than the rest of the page and is cut between two lines.
All text is ``TEXT_SIZE`` points, but for a form whose many columns are prescribed (``Table.sizes``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, TypeAlias, TypeVar

from services.charts.palette import LIGHT, Fill, rating_symbol
from services.report import fonts, widths
from services.report.canvas import Align, Canvas
from services.report.tagging import DECORATION, Element, Tag, columns_of, header_cell

TEXT_SIZE = 9.0
LINE_HEIGHT = 3.95
PAD_X = 1.4
PAD_Y = 1.25
BAR_HEIGHT = 0.9
BAR_ROOM = 1.5
BAR_ABOVE = 0.7
"""mm between a bar and the foot of its row."""
HAIRLINE = 0.15
ROUNDING = 0.02
"""mm that a word may be wider than it was measured."""
CENTRED_LINES = 6
"""In a row of more lines than this, all cells stand at the top where the row begins."""
LEAST_PART = 2
"""So many lines of a row that is cut stand on a page at least."""
NO_WRAP_SHARE = 0.4
"""A row lower than this share of a page moves to the next page as a whole instead of being cut."""
_T = TypeVar("_T")
_ROW_NAME = header_cell("Row")
_BLANK = ("",)


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is a share of the whole, more where a word needs it.

    Neighbours with the same ``group`` get one common upper header cell.
    """

    title: str
    width: float = 1.0
    align: Align = "L"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Small bar at the foot of a cell. ``share`` is limited to 0 to 1 of the cell's width."""

    share: float
    color: str = LIGHT.navy


@dataclass(frozen=True, slots=True)
class Cell:
    """Text with a fill (rating, state), a bar, bold print or a dashed frame (not yet rated).

    ``span`` columns are taken together for it; the cells that it covers are not looked at.
    """

    text: str
    fill: Fill | None = None
    bar: Bar | None = None
    bold: bool = False
    dashed: bool = False
    align: Align | None = None
    span: int = 1


_PLAIN = Cell("")
"""How a cell looks that is only a text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a plain string is a cell without decoration."""

    cells: Sequence[Cell | str]
    total: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A title over the rows that follow; never the last thing on a page."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, rows in order, and totals under them. ``empty`` is what stands there when there are no rows.

    ``sizes`` of the print in points, largest first: the first one in which no word is broken is taken, else the last.
    ``pad``: mm between the line of a column and its text. ``numbered`` puts a line of column numbers (1), (2), … under
    the header, where columns of one group share a number. The last total, or the last row of a table without totals,
    stays with the ``below`` mm that follow the table. ``top``: all cells begin in the first line of their row, as
    tables of longer texts are read.
    """

    columns: Sequence[Column]
    rows: Sequence[Row | GroupRow]
    totals: Sequence[Row] = field(default=())
    empty: str = "Tidak ada data untuk ditampilkan."
    sizes: Sequence[float] = (TEXT_SIZE,)
    pad: float = PAD_X
    numbered: bool = False
    below: float = 0.0
    top: bool = False

    def __post_init__(self) -> None:
        for row in (*self.rows, *self.totals):
            if isinstance(row, Row) and len(row.cells) != len(self.columns):
                raise ValueError(f"baris tabel berisi {len(row.cells)} sel, seharusnya {len(self.columns)}")


@lru_cache(maxsize=1024)
def rating_cell(rank: int | None, word: str) -> Cell:
    """Rating as symbol, word and colour; rank 0 is the best, ``None`` is not yet rated."""
    text = f"{rating_symbol(rank)} {word}".rstrip()
    if rank is None:
        return Cell(text, fill=Fill(LIGHT.page, LIGHT.unrated), dashed=True, align="C")
    return Cell(text, fill=LIGHT.ratings[rank], align="C")


def state_cell(text: str, fill: Fill) -> Cell:
    """A process state (symbol and word) on its tint, e.g. ``LIGHT.chip_late``."""
    return Cell(text, fill=fill, align="C")


_LaidCell: TypeAlias = tuple[Cell, Sequence[str], Align]
"""How a cell looks, and its text in lines. A plain tuple: a long report has some 600,000."""


class _LaidRow(NamedTuple):
    """``line_count`` lines of ``line`` mm; ``bar_room`` is what a bar at the foot needs.

    ``spans``: some of its cells take several columns together.
    """

    cells: Sequence[_LaidCell]
    background: str
    bold: bool
    spans: bool
    bar_room: float
    line: float
    line_count: int
    top: bool

    @property
    def height(self) -> float:
        return self.line_count * self.line + 2 * PAD_Y + self.bar_room

    def part(self, start: int, count: int) -> _LaidRow:
        cells = [(cell, lines[start : start + count] or _BLANK, align) for cell, lines, align in self.cells]
        return self._replace(cells=cells, line_count=max(len(lines) for _, lines, _ in cells))


class TableWriter:
    """Draws one table at the canvas's position. ``element`` is the table in the structure, its caption included."""

    def __init__(self, canvas: Canvas, table: Table) -> None:
        self.canvas = canvas
        self.table = table
        self.pad = table.pad
        self.size, self.edges = self._size_and_edges()
        self.line = LINE_HEIGHT * self.size / TEXT_SIZE
        # From the top of a line to its baseline.
        self.baseline = self.line / 2 + self.size / fonts.POINTS_PER_MM * 0.34
        self._aligned: list[Align] = [column.align for column in table.columns]
        self.header = _Header(self)
        self._row_header = next((n for n, column in enumerate(table.columns) if column.align == "L"), None)
        self._body: Element
        self._segment_top = 0.0
        self._zebra = 0

    def _size_and_edges(self) -> tuple[float, list[float]]:
        """The size of the print, and where the columns begin and end."""
        columns, total = self.table.columns, float(self.canvas.inner_width)
        words = self._longest_words(self.table.sizes[0])
        for size in self.table.sizes:
            needed = [word * size / self.table.sizes[0] + 2 * self.pad + ROUNDING for word in words]
            self._widen_for_groups(needed, size)
            if sum(needed) <= total:
                break
        numbers = [column.align != "L" for column in columns]
        places = widths.edges([column.width for column in columns], needed, numbers, total)
        return size, [self.canvas.left + place for place in places]

    def _longest_words(self, size: float) -> list[float]:
        """mm of the longest word of each column in a size of print."""
        table = self.table
        longest = [widths.Longest(size, column.title) for column in table.columns]
        for row in (*table.rows, *table.totals):
            if isinstance(row, Row):
                for one, cell in zip(longest, row.cells, strict=True):
                    if isinstance(cell, str):
                        if len(cell) > one.passed:
                            one.add(cell, "B" if row.total else "")
                    elif cell.span == 1:
                        one.add(cell.text, "B" if row.total or cell.bold else "")
        return [one.width for one in longest]

    def _widen_for_groups(self, needed: list[float], size: float) -> None:
        """The columns under a common title together have room for the longest word of it."""
        for name, start, end in _group_spans(self.table.columns):
            lacking = widths.Longest(size, name).width + 2 * self.pad + ROUNDING - sum(needed[start:end])
            if lacking > 0:
                needed[end - 1] += lacking

    def first_height(self) -> float:
        """Height that must be free for the table to start on this page: header and first row."""
        first = list(self.table.rows[:2] if self.table.rows and isinstance(self.table.rows[0], GroupRow) else ())
        rows = first or list(self.table.rows[:1])
        below = self._height_below if len(rows) == len(self.table.rows) else 0.0
        return self.header.height + (sum(map(self._least_height, rows)) or self.line + 2 * PAD_Y) + below

    def draw(self, element: Element) -> int:
        """Draw the table as content of a ``Table`` element and return how many rows with data were printed."""
        self.header.element = element.child("THead")
        self._body = element.child("TBody")
        self._begin_segment()
        printed = 0
        for row, following in _with_next(self.table.rows):
            if isinstance(row, GroupRow):
                self._draw_group(row, following)
            else:
                self._draw_row(self._laid(row), self._height_below if following is None else 0.0)
                printed += 1
        if not self.table.rows:
            self._draw_banner(self.table.empty, LIGHT.page, LIGHT.muted, "")
        for total, following in _with_next(self.table.totals):
            laid = self._laid(total)
            if following is None and self.canvas.room < laid.height + self.table.below <= self._whole_height:
                self._turn_page()
            self._draw_row(laid)
        self._end_segment()
        return printed

    # Rows

    @property
    def _height_below(self) -> float:
        """mm that stay with the end of the last row: totals and what follows, or the first total if that is much."""
        if not self.table.totals:
            return self.table.below
        heights = list(map(self._least_height, self.table.totals))
        whole = sum(heights) + self.table.below
        return whole if whole <= self._movable_height else heights[0]

    def _laid(self, row: Row) -> _LaidRow:
        bold = row.total
        cells = [self._laid_cell(cell, index, bold) for index, cell in enumerate(row.cells)]
        looks = [cell for cell, _, _ in cells if cell is not _PLAIN]
        background = LIGHT.chip_done.background if bold else (LIGHT.page, LIGHT.panel)[self._zebra % 2]
        bar_room = BAR_ROOM if any(look.bar for look in looks) else 0.0
        spans = any(look.span > 1 for look in looks)
        count = max([len(lines) for _, lines, _ in cells])
        top = self.table.top or count > CENTRED_LINES
        return _LaidRow(cells, background, bold, spans, bar_room, self.line, count, top)

    def _laid_cell(self, cell: Cell | str, index: int, bold: bool) -> _LaidCell:
        if isinstance(cell, str):
            text, cell, align, style = cell, _PLAIN, self._aligned[index], "B" if bold else ""
        else:
            text, align, style = cell.text, cell.align or self._aligned[index], "B" if bold or cell.bold else ""
        if not text:
            return cell, _BLANK, align
        return cell, fonts.wrap(self.canvas.seen(text), self._room(cell, index), self.size, style), align

    def _room(self, cell: Cell, index: int) -> float:
        """mm for the text of the cell of a column."""
        return self.edges[index + cell.span] - self.edges[index] - 2 * self.pad

    def _least_height(self, row: Row | GroupRow) -> float:
        if isinstance(row, GroupRow):
            return self.line + 2 * PAD_Y
        height = self._laid(row).height
        return height if height < self._movable_height else 3 * self.line + 2 * PAD_Y

    @property
    def _whole_height(self) -> float:
        """Room under the header on a page of its own."""
        return self.canvas.bottom - float(self.canvas.t_margin) - self.header.height

    @property
    def _movable_height(self) -> float:
        return NO_WRAP_SHARE * self._whole_height

    def _draw_row(self, row: _LaidRow, below: float = 0.0) -> None:
        """Draw a row whose end stays with the ``below`` mm that follow."""
        self._zebra += 1
        tags = () if self.canvas.only_measures else self._tags(row)
        if row.height + below <= self.canvas.room:
            self._draw_part(row, tags)
        elif row.height <= self._movable_height:
            self._turn_page()
            self._draw_part(row, tags)
        else:
            self._draw_in_parts(row, tags, below)

    def _tags(self, row: _LaidRow) -> Sequence[Tag]:
        """A row in the structure: the first column of text names the row."""
        line = self._body.child("TR")
        if row.spans:
            return tuple(self._spanning_tags(row, line))
        return [
            line.child("TH", attributes=_ROW_NAME) if index == self._row_header else line.child("TD")
            for index in range(len(row.cells))
        ]

    def _spanning_tags(self, row: _LaidRow, line: Element) -> Iterator[Tag]:
        """The first cell names the row; what a cell covers is no cell."""
        covered = 0
        for index, (cell, _, _) in enumerate(row.cells):
            if index < covered:
                yield DECORATION
                continue
            covered = index + cell.span
            name = header_cell("Row", cell.span)
            yield line.child("TD", attributes=columns_of(cell.span)) if index else line.child("TH", attributes=name)

    def _draw_in_parts(self, row: _LaidRow, tags: Sequence[Tag], below: float) -> None:
        done = 0
        while done < row.line_count:
            left = row.line_count - done
            fitting = self._fitting_lines(row, 0.0)
            if fitting >= left > self._fitting_lines(row, below):
                fitting = left - LEAST_PART
            if fitting < min(LEAST_PART, left):
                self._turn_page()
                continue
            self._draw_part(row.part(done, fitting), tags)
            done += fitting

    def _fitting_lines(self, row: _LaidRow, below: float) -> int:
        """Lines of a row that have room on this page over the ``below`` mm."""
        return int((self.canvas.room - below - 2 * PAD_Y - row.bar_room + 0.01) / self.line)

    def _draw_part(self, row: _LaidRow, tags: Sequence[Tag]) -> None:
        top, height = float(self.canvas.y), row.height
        if not self.canvas.only_measures:
            self._paint(row, tags, top, height)
        self.canvas.y = top + height
        if row.spans:
            self._part_columns(row, top, top + height)

    def _part_columns(self, row: _LaidRow, top: float, bottom: float) -> None:
        """Column lines stop above a row whose cells take several columns together."""
        self._draw_columns(top)
        covered = 0
        for index, (cell, _, _) in enumerate(row.cells):
            if index >= covered:
                self.canvas.rule(self.edges[index], top, self.edges[index], LIGHT.border, HAIRLINE, bottom)
                covered = index + cell.span
        self.canvas.rule(self.edges[-1], top, self.edges[-1], LIGHT.border, HAIRLINE, bottom)
        self._segment_top = bottom

    def _paint(self, row: _LaidRow, tags: Sequence[Tag], top: float, height: float) -> None:
        if row.background != LIGHT.page:
            self.canvas.box(self.edges[0], top, self.edges[-1] - self.edges[0], height, row.background)
        for index, (cell, lines, _) in enumerate(row.cells):
            if cell is not _PLAIN:
                self._decorate_cell(cell, index, top, height)
                if cell.bar is not None and lines is not _BLANK:
                    foot = top + PAD_Y + self.line * len(lines) + BAR_ROOM if row.top else top + height - BAR_ABOVE
                    left, room = self.edges[index] + self.pad, self.edges[index + 1] - self.edges[index] - 2 * self.pad
                    self._draw_bar(cell.bar, left, foot - BAR_HEIGHT, room)
        # The line above a row comes after the row's fills, which would cover half of it.
        self.canvas.rule(self.edges[0], top, self.edges[-1], LIGHT.border, HAIRLINE)
        for index, laid in enumerate(row.cells):
            if laid[1] is not _BLANK:
                self._write_cell(tags[index], laid, index, top, row)

    def _decorate_cell(self, cell: Cell, index: int, top: float, height: float) -> None:
        left, right = self.edges[index], self.edges[index + cell.span]
        if cell.fill is not None and cell.fill.background != LIGHT.page:
            self.canvas.box(left, top, right - left, height, cell.fill.background)
        if cell.dashed:
            self.canvas.dashed_frame(left + 0.4, top + 0.4, right - left - 0.8, height - 0.8, LIGHT.unrated)

    def _write_cell(self, tag: Tag, laid: _LaidCell, index: int, top: float, row: _LaidRow) -> None:
        cell, lines, _ = laid
        style = "B" if row.bold or cell.bold else ""
        color = cell.fill.text if cell.fill else LIGHT.text
        slack = row.line_count - len(lines)
        text_top = top + PAD_Y + (0.0 if row.top else (slack * self.line + row.bar_room) / 2)
        self._draw_lines(tag, laid, self.edges[index], text_top, self.edges[index + cell.span], style, color)

    def _draw_lines(
        self, tag: Tag, laid: _LaidCell, left: float, top: float, right: float, style: str, color: str
    ) -> None:
        _, lines, align = laid
        y, shown = top + self.baseline, []
        for number, line in enumerate(lines):
            if line:
                x = left + self.pad
                if align != "L":
                    slack = right - left - 2 * self.pad - fonts.width_mm(line, self.size, style)
                    x += slack if align == "R" else slack / 2
                shown.append((x, y + number * self.line, line))
        if shown and not self.canvas.only_measures:
            self.canvas.put_lines(tag, shown, size=self.size, style=style, color=color)

    def _draw_bar(self, bar: Bar, x: float, y: float, width: float) -> None:
        self.canvas.box(x, y, width, BAR_HEIGHT, LIGHT.grid)
        share = min(max(bar.share, 0.0), 1.0)
        if share > 0:
            self.canvas.box(x, y, width * share, BAR_HEIGHT, bar.color)

    # Rows over the whole width

    def _draw_group(self, row: GroupRow, following: Row | GroupRow | None) -> None:
        need = self.line + 2 * PAD_Y + (self._least_height(following) if following else 0.0)
        if need > self.canvas.room:
            self._turn_page()
        self._zebra = 0
        self._draw_banner(row.text, LIGHT.chip_done.background, LIGHT.navy, "B")

    def _draw_banner(self, text: str, background: str, color: str, style: str) -> None:
        """Text over all columns; the column lines stop above it."""
        self._end_segment()
        width = self.edges[-1] - self.edges[0]
        lines = fonts.wrap(self.canvas.seen(text), width - 2 * self.pad, self.size, style)
        top, height = float(self.canvas.y), len(lines) * self.line + 2 * PAD_Y
        self.canvas.box(self.edges[0], top, width, height, background)
        cell = self._body.child("TR").child("TH", attributes=header_cell("Row", len(self.table.columns)))
        self._draw_lines(cell, (_PLAIN, lines, "L"), self.edges[0], top + PAD_Y, self.edges[-1], style, color)
        self._frame_sides(top, top + height)
        self.canvas.y = top + height
        self._segment_top = top + height

    # Pages

    def _turn_page(self) -> None:
        self._end_segment()
        self.canvas.next_page()
        self._begin_segment()

    def _begin_segment(self) -> None:
        self.header.draw()
        self._segment_top = float(self.canvas.y)

    def _end_segment(self) -> None:
        """Column lines are drawn once for a run of rows, not once for each cell."""
        bottom = float(self.canvas.y)
        self._draw_columns(bottom)
        self.canvas.rule(self.edges[0], bottom, self.edges[-1], LIGHT.border, HAIRLINE)

    def _draw_columns(self, bottom: float) -> None:
        if bottom > self._segment_top:
            for x in self.edges:
                self.canvas.rule(x, self._segment_top, x, LIGHT.border, HAIRLINE, bottom)

    def _frame_sides(self, top: float, bottom: float) -> None:
        for x in (self.edges[0], self.edges[-1]):
            self.canvas.rule(x, top, x, LIGHT.border, HAIRLINE, bottom)


class _Header:
    """One or two header rows: group titles above, column titles below; a column without group takes both.

    In the structure it stands once, as ``element``; on later pages it is decoration.
    """

    def __init__(self, writer: TableWriter) -> None:
        self.canvas = writer.canvas
        self.columns = writer.table.columns
        self.size, self.line, self.baseline, self.pad = writer.size, writer.line, writer.baseline, writer.pad
        self.edges = writer.edges
        self.element: Element | None = None
        self.groups = list(_group_spans(self.columns))
        lower = [self._lines(i, i + 1, c.title) for i, c in enumerate(self.columns) if c.group]
        upper = [self._lines(start, end, name) for name, start, end in self.groups]
        tall = [self._lines(i, i + 1, c.title) for i, c in enumerate(self.columns) if not c.group]
        self.upper_height = self._block_height(upper) if upper else 0.0
        grouped = self.upper_height + (self._block_height(lower) if lower else 0.0)
        self.titles_height = max(grouped, self._block_height(tall))
        self.numbers = list(self._number_spans()) if writer.table.numbered else []
        self.height = self.titles_height + (self._block_height([[""]]) if self.numbers else 0.0)

    def _number_spans(self) -> Iterator[tuple[str, int, int]]:
        """Columns of one group share a number."""
        start = 0
        for number, (_, run) in enumerate(groupby(enumerate(self.columns), key=lambda c: c[1].group or c[0]), start=1):
            end = start + len(list(run))
            yield f"({number})", start, end
            start = end

    def _block_height(self, titles: Sequence[Sequence[str]]) -> float:
        return max((len(lines) for lines in titles), default=0) * self.line + 2 * PAD_Y

    def _lines(self, start: int, end: int, title: str) -> Sequence[str]:
        width = self.edges[end] - self.edges[start] - 2 * self.pad
        return fonts.wrap(self.canvas.seen(title), width, self.size, "B")

    def draw(self) -> None:
        top = float(self.canvas.y)
        if not self.canvas.only_measures:
            self._paint(top)
        self.element = None
        self.canvas.y = top + self.height

    def _paint(self, top: float) -> None:
        self.canvas.box(self.edges[0], top, self.edges[-1] - self.edges[0], self.height, LIGHT.navy)
        for _, start, end in self.groups:
            self.canvas.rule(self.edges[start], top + self.upper_height, self.edges[end], LIGHT.plan, HAIRLINE)
        self._draw_separators(top)
        self._draw_titles(top)
        self._draw_numbers(top + self.titles_height)

    def _draw_titles(self, top: float) -> None:
        """Upper row from left to right, then the titles under groups."""
        upper, lower = self._row(), self._row() if self.groups else None
        groups = {start: (name, end) for name, start, end in self.groups}
        for index, column in enumerate(self.columns):
            if index in groups:
                name, end = groups[index]
                with self.canvas.within(_title_cell(upper, end - index, 1)):
                    self._draw_title(name, index, end, top, self.upper_height)
            if not column.group:
                with self.canvas.within(_title_cell(upper, 1, 2 if self.groups else 1)):
                    self._draw_title(column.title, index, index + 1, top, self.titles_height)
        for index, column in enumerate(self.columns):
            if column.group:
                with self.canvas.within(_title_cell(lower, 1, 1)):
                    below = self.titles_height - self.upper_height
                    self._draw_title(column.title, index, index + 1, top + self.upper_height, below)

    def _draw_numbers(self, top: float) -> None:
        if self.numbers:
            self.canvas.rule(self.edges[0], top, self.edges[-1], LIGHT.plan, HAIRLINE)
        row = self._row() if self.numbers else None
        for number, start, end in self.numbers:
            with self.canvas.within(_title_cell(row, end - start, 1)):
                self._draw_title(number, start, end, top, self.height - self.titles_height)

    def _row(self) -> Element | None:
        return self.element.child("TR") if self.element else None

    def _draw_title(self, title: str, start: int, end: int, top: float, height: float) -> None:
        lines = self._lines(start, end, title)
        first = top + (height - len(lines) * self.line) / 2 + self.baseline
        for number, line in enumerate(lines):
            slack = self.edges[end] - self.edges[start] - fonts.width_mm(line, self.size, "B")
            x = self.edges[start] + slack / 2
            self.canvas.put(x, first + number * self.line, line, size=self.size, style="B", color=LIGHT.page)

    def _draw_separators(self, top: float) -> None:
        for index in range(1, len(self.columns)):
            before, after = self.columns[index - 1].group, self.columns[index].group
            inside = bool(before) and before == after
            start, end = (self.upper_height, self.titles_height) if inside else (0.0, self.height)
            self.canvas.rule(self.edges[index], top + start, self.edges[index], LIGHT.plan, HAIRLINE, top + end)


def _group_spans(columns: Sequence[Column]) -> Iterator[tuple[str, int, int]]:
    """Each common title, its first column and the one after its last."""
    for name, run in groupby(range(len(columns)), key=lambda index: columns[index].group):
        indexes = list(run)
        if name:
            yield name, indexes[0], indexes[-1] + 1


def _title_cell(row: Element | None, columns: int, rows: int) -> Tag:
    return row.child("TH", attributes=header_cell("Column", columns, rows)) if row else DECORATION


def _with_next(rows: Sequence[_T]) -> Iterator[tuple[_T, _T | None]]:
    for index, row in enumerate(rows):
        yield row, rows[index + 1] if index + 1 < len(rows) else None
