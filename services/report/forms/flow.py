"""The flow chart of the SOP on paper: a table with one lane for each executor, over as many pages as it needs.

Where a page ends the flow goes on through a pentagon. The symbols are those of PermenPAN-RB 35/2012.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.charts.flowchart import NO, PROPOSED, YES, Flow, FlowRow, Mark, Shape
from services.charts.palette import LIGHT
from services.report import fonts
from services.report.paper import Paper
from services.report.tables import HAIRLINE, LINE_HEIGHT, PAD_X, PAD_Y, TEXT_SIZE
from services.report.tagging import DECORATION, Element, header_cell

LANE, LOWEST_ROW, LOWEST_DECISION = 20.0, 17.0, 20.0
BAND = 8.5
"""Height of the strip in which a pentagon stands at the head or the foot of a page."""
JOG = 1.6
"""Below the upper edge of a row the way changes the lane."""
STROKE, HEAD, HEAD_HALF = 0.4, 1.7, 1.0
TURN = 0.45
"""Where a refusal runs back, in lanes beside the middle of its symbol."""
SIZES = {Shape.TERMINATOR: (12.0, 7.0), Shape.PROCESS: (12.0, 7.0), Shape.DECISION: (15.0, 10.5)}
PENTAGON = 6.0
_BASELINE = LINE_HEIGHT / 2 + TEXT_SIZE / fonts.POINTS_PER_MM * 0.34
_BEFORE = (("No", 8.0), ("Uraian prosedur", 46.0))
_AFTER = (("Kelengkapan", 33.5), ("Waktu", 18.0), ("Output", 33.5), ("Keterangan", 27.0))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A row, or the part of a very long row that fits a page. Only the first part carries the symbols."""

    row: FlowRow
    cells: tuple[tuple[str, ...], ...]
    marks: tuple[Mark, ...]
    enters: int
    height: float
    back: int | None = None


class FlowTable:
    """Draws the chart at the paper's position, on landscape pages."""

    def __init__(self, paper: Paper, flow: Flow) -> None:
        self.paper = paper
        self.canvas = paper.canvas
        self.flow = flow
        self.edges = self._edges()
        self.first_lane = len(_BEFORE)
        self.last_lane = self.first_lane + max(len(flow.lanes), 1)
        self.header_height = self._header_height()
        self.pieces = list(self._cut(flow))
        self._middles: dict[int, float] = {}

    # Measures

    def _edges(self) -> list[float]:
        lanes = max(len(self.flow.lanes), 1)
        shares = [w for _, w in _BEFORE] + [LANE] * lanes + [w for _, w in _AFTER]
        edges = [self.canvas.left]
        for share in shares:
            edges.append(edges[-1] + share / sum(shares) * self.canvas.inner_width)
        return edges

    def _x(self, lane: int, offset: float = 0.0) -> float:
        """Middle of a lane; ``offset`` in lanes."""
        left, right = self.edges[self.first_lane + lane], self.edges[self.first_lane + lane + 1]
        return (left + right) / 2 + offset * (right - left)

    def _wrapped(self, text: str, start: int, end: int, style: str = "", pad: float = PAD_X) -> tuple[str, ...]:
        width = self.edges[end] - self.edges[start] - 2 * pad
        return tuple(fonts.wrap(self.canvas.seen(text), width, TEXT_SIZE, style))

    def _titles(self) -> list[tuple[str, int, int, int, int]]:
        """Text, first and last column, first and last header row."""
        lanes = [role.label for role in self.flow.lanes] or [""]
        titles = [(text, n, n + 1, 0, 2) for n, (text, _) in enumerate(_BEFORE)]
        titles.append(("Pelaksana", self.first_lane, self.last_lane, 0, 1))
        titles += [(text, self.first_lane + n, self.first_lane + n + 1, 1, 2) for n, text in enumerate(lanes)]
        titles.append(("Mutu baku", self.last_lane, self.last_lane + 3, 0, 1))
        titles += [(text, self.last_lane + n, self.last_lane + n + 1, 1, 2) for n, (text, _) in enumerate(_AFTER[:3])]
        return [*titles, (_AFTER[3][0], self.last_lane + 3, self.last_lane + 4, 0, 2)]

    def _header_height(self) -> float:
        lower = (self._wrapped(t, a, b, "B", 0.6) for t, a, b, first, _ in self._titles() if first)
        return LINE_HEIGHT + max(map(len, lower)) * LINE_HEIGHT + 4 * PAD_Y

    def _cut(self, flow: Flow) -> Iterator[_Piece]:
        page = self.canvas.bottom - self.canvas.t_margin - self.header_height - 2 * BAND
        most = int((page - 2 * PAD_Y) / LINE_HEIGHT)
        starts: list[int] = []
        count = 0
        for row in flow.rows:
            starts.append(count)
            cells = self._cells(row)
            back = starts[row.returns_to] if row.returns_to is not None else None
            for first in range(0, max(map(len, cells)), most):
                part = tuple(lines[first : first + most] or ("",) for lines in cells)
                yield self._piece(row, part, back) if first == 0 else self._continued(row, part)
                count += 1

    def _cells(self, row: FlowRow) -> tuple[tuple[str, ...], ...]:
        step = row.step
        before = [self._wrapped(text, n, n + 1) for n, text in enumerate((str(step.no), step.procedure))]
        texts = (step.requirement, str(step.duration), step.output, self.flow.remark(row))
        after = [self._wrapped(text, self.last_lane + n, self.last_lane + n + 1) for n, text in enumerate(texts)]
        return (*before, *after)

    def _piece(self, row: FlowRow, cells: tuple[tuple[str, ...], ...], back: int | None) -> _Piece:
        decision = any(mark.shape is Shape.DECISION for mark in row.marks)
        least = LOWEST_DECISION if decision else LOWEST_ROW
        return _Piece(row, cells, row.marks, row.enters, max(_text_height(cells), least), back)

    def _continued(self, row: FlowRow, cells: tuple[tuple[str, ...], ...]) -> _Piece:
        return _Piece(row, cells, (), row.leaves, _text_height(cells))

    # Pages

    def draw(self) -> None:
        if self.canvas.room < self.header_height + self._needed(0) + BAND:
            self._new_page()
        table = self.canvas.element("Table")
        self.canvas.add(table)
        self._draw_header(table.child("THead"))
        body = table.child("TBody")
        for n in range(len(self.pieces)):
            last = n == len(self.pieces) - 1
            if n and self.canvas.room < self._needed(n) + (0.0 if last else BAND):
                self._turn_page(n)
            self._draw_piece(n, body)

    def _needed(self, n: int) -> float:
        """Height that must be free for piece ``n``: a decision stands on the page of the step it returns to."""
        group = [m for m, piece in enumerate(self.pieces) if piece.back == n]
        height = sum(piece.height for piece in self.pieces[n : group[-1] + 1]) if group else self.pieces[n].height
        page = self.canvas.bottom - self.canvas.t_margin - self.header_height - 2 * BAND
        return height if height <= page else self.pieces[n].height

    def _new_page(self) -> None:
        self.paper.new_page("landscape")
        self._middles.clear()

    def _turn_page(self, n: int) -> None:
        lane = self.pieces[n - 1].row.leaves
        self._draw_band(lane, leaving=True)
        self._new_page()
        self._draw_header(None)
        self._draw_band(lane, leaving=False)

    def _draw_band(self, lane: int, *, leaving: bool) -> None:
        """Strip with the pentagon through which the flow leaves this page or comes from the page before."""
        top, x = float(self.canvas.y), self._x(lane)
        self._frame(top, BAND)
        if self.flow.lanes:
            y = top + (2.2 if leaving else 0.6)
            if leaving:
                self._line(x, top, x, y)
            else:
                self._line(x, y + PENTAGON - 1.0, x, top + BAND)
            self._pentagon(x, y, "")
        words = "Ke halaman berikutnya" if leaving else "Dari halaman sebelumnya"
        x, width = self.edges[1] + PAD_X, self.edges[2] - self.edges[1] - PAD_X
        self.canvas.put_line(x, top + PAD_Y + _BASELINE, words, width, size=TEXT_SIZE, color=LIGHT.muted)
        self.canvas.y = top + BAND

    # Table

    def _draw_header(self, head: Element | None) -> None:
        """``head`` None: repeated on a later page, where nobody needs to hear it again."""
        canvas, top = self.canvas, float(self.canvas.y)
        upper = LINE_HEIGHT + 2 * PAD_Y
        canvas.box(self.edges[0], top, self.edges[-1] - self.edges[0], self.header_height, LIGHT.navy)
        tops = (top, top + upper, top + self.header_height)
        rows = [head.child("TR") for _ in range(2)] if head else None
        for text, start, end, first, last in self._titles():
            lines = self._wrapped(text, start, end, "B", 0.6)
            y = (tops[first] + tops[last] - len(lines) * LINE_HEIGHT) / 2
            spans = header_cell("Column", end - start, last - first)
            with canvas.within(rows[first].child("TH", attributes=spans) if rows else DECORATION):
                self._put_lines(lines, start, end, y, LIGHT.page, "C", "B")
            if start:
                canvas.rule(self.edges[start], tops[first], self.edges[start], LIGHT.plan, HAIRLINE, tops[last])
            if last == 1:
                canvas.rule(self.edges[start], tops[1], self.edges[end], LIGHT.plan, HAIRLINE)
        canvas.y = top + self.header_height

    def _frame(self, top: float, height: float) -> None:
        """Lines round the cells of one row; none between them in a strip."""
        for x in self.edges:
            self.canvas.rule(x, top, x, LIGHT.border, HAIRLINE, top + height)
        self.canvas.rule(self.edges[0], top + height, self.edges[-1], LIGHT.border, HAIRLINE)

    def _put_lines(
        self,
        lines: Sequence[str],
        start: int,
        end: int,
        top: float,
        color: str,
        align: str = "L",
        style: str = "",
    ) -> None:
        left, width = self.edges[start], self.edges[end] - self.edges[start]
        for k, line in enumerate(lines):
            slack = width - fonts.width_mm(line, TEXT_SIZE, style)
            x = left + (slack / 2 if align == "C" else PAD_X)
            self.canvas.put(x, top + k * LINE_HEIGHT + _BASELINE, line, size=TEXT_SIZE, style=style, color=color)

    def _draw_piece(self, n: int, body: Element) -> None:
        piece, top = self.pieces[n], float(self.canvas.y)
        self._frame(top, piece.height)
        row = body.child("TR")
        self._draw_cells(row, piece, top, (0, 1))
        lanes = self.last_lane - self.first_lane
        with self.canvas.inside(row.child("TD", attributes=f"/O/Table/ColSpan {lanes}")):
            x = self.edges[self.first_lane]
            with self.canvas.figure(_said(piece), x, top, self.edges[self.last_lane] - x, piece.height):
                self._draw_way(n, top)
        self._draw_cells(row, piece, top, range(self.last_lane, self.last_lane + len(_AFTER)))
        self.canvas.y = top + piece.height

    def _draw_cells(self, row: Element, piece: _Piece, top: float, places: Sequence[int]) -> None:
        for place in places:
            lines = piece.cells[place if place < self.first_lane else place - self.last_lane + self.first_lane]
            y = top + (piece.height - len(lines) * LINE_HEIGHT) / 2
            with self.canvas.within(row.child("TH", attributes=header_cell("Row")) if place == 0 else row.child("TD")):
                align = "C" if place in (0, self.last_lane + 1) else "L"
                self._put_lines(lines, place, place + 1, y, LIGHT.text, align)

    # Flow

    def _draw_way(self, n: int, top: float) -> None:
        if not self.flow.lanes:
            return
        piece = self.pieces[n]
        middle = top + piece.height / 2
        self._middles[n] = middle
        if n:
            self._arrive(n, top, middle)
        if n < len(self.pieces) - 1:
            self._line(self._x(piece.row.leaves), middle, self._x(piece.row.leaves), top + piece.height)
        if piece.back is not None:
            self._refuse(piece, piece.back, middle, top)
        for before, after in zip(piece.marks, piece.marks[1:], strict=False):
            self._line(self._x(before.lane), middle, self._x(after.lane), middle)
            self._point_sideways(after, middle, rightwards=after.lane > before.lane)
        for mark in piece.marks:
            self._symbol(mark, middle, piece.row)

    def _arrive(self, n: int, top: float, middle: float) -> None:
        piece = self.pieces[n]
        start, end = self._x(self.pieces[n - 1].row.leaves), self._x(piece.enters)
        self._line(start, top, start, top + JOG)
        self._line(start, top + JOG, end, top + JOG)
        self._line(end, top + JOG, end, middle)
        if piece.marks:
            tip = middle - SIZES[piece.marks[0].shape][1] / 2
            self._head([(end, tip), (end - HEAD_HALF, tip - HEAD), (end + HEAD_HALF, tip - HEAD)])

    def _refuse(self, piece: _Piece, back: int, middle: float, top: float) -> None:
        """The way back to the step that corrects; through a pentagon with its number if it is on another page."""
        side, x = self.flow.side(piece.row), self._x(piece.row.leaves)
        turn = self._x(piece.row.leaves, side * TURN)
        self._line(x, middle, turn, middle)
        self._say(YES, x + 1.2, middle + SIZES[Shape.DECISION][1] / 2 + 2.6)
        target = self.pieces[back]
        if back not in self._middles or not target.marks:
            self._line(turn, middle, turn, middle - 4.0)
            self._pentagon(turn, max(top + 0.5, middle - 8.5), str(target.row.step.no))
            return
        goal = self._middles[back]
        self._line(turn, middle, turn, goal)
        mark = target.marks[-1]
        self._line(turn, goal, self._x(mark.lane) + side * SIZES[mark.shape][0] / 2, goal)
        width = fonts.width_mm(NO, TEXT_SIZE)
        self._say(NO, turn + 1.0 if side < 0 else turn - 1.0 - width, goal - 1.2)
        self._point_sideways(mark, goal, rightwards=side < 0)

    def _say(self, text: str, x: float, baseline: float) -> None:
        self.canvas.put(x, baseline, text, size=TEXT_SIZE, color=LIGHT.muted)

    # Symbols

    def _line(self, x: float, y: float, x_end: float, y_end: float) -> None:
        self.canvas.rule(x, y, x_end, LIGHT.navy, STROKE, y_end)

    def _head(self, points: Sequence[tuple[float, float]]) -> None:
        draw_polygon(self.paper, points, LIGHT.navy)

    def _point_sideways(self, mark: Mark, y: float, *, rightwards: bool) -> None:
        sign = -1 if rightwards else 1
        tip = self._x(mark.lane) + sign * SIZES[mark.shape][0] / 2
        self._head([(tip, y), (tip + sign * HEAD, y - HEAD_HALF), (tip + sign * HEAD, y + HEAD_HALF)])

    def _symbol(self, mark: Mark, middle: float, row: FlowRow) -> None:
        x = self._x(mark.lane)
        draw_symbol(self.paper, mark.shape, x, middle, proposed=not row.step.confirmed)
        self._number(str(row.step.no), x, middle)

    def _number(self, text: str, x: float, middle: float) -> None:
        half = fonts.width_mm(text, TEXT_SIZE, "B") / 2
        self.canvas.put(x - half, middle + 1.1, text, size=TEXT_SIZE, style="B")

    def _pentagon(self, x: float, top: float, text: str) -> None:
        draw_pentagon(self.paper, x, top)
        if text:
            self._number(text, x, top + PENTAGON * 0.4)


def _said(piece: _Piece) -> str:
    """What the symbols of a row say, in words."""
    return f"Pelaksana langkah {piece.row.step.no}: {piece.row.who}" if piece.marks else "Alir berlanjut"


def _text_height(cells: Sequence[Sequence[str]]) -> float:
    return max(map(len, cells)) * LINE_HEIGHT + 2 * PAD_Y


def draw_symbol(paper: Paper, shape: Shape, x: float, middle: float, *, proposed: bool) -> None:
    """A symbol round a point; dashed while its executor is a proposal."""
    canvas, (width, height) = paper.canvas, SIZES[shape]
    if proposed:
        canvas.set_dash_pattern(dash=1.1, gap=0.7)
    left, top = x - width / 2, middle - height / 2
    _pen(paper, LIGHT.page)
    if shape is Shape.DECISION:
        canvas.polygon([(x, top), (x + width / 2, middle), (x, top + height), (left, middle)], style="DF")
    elif shape is Shape.TERMINATOR:
        # Half the height would be taken for a share of it by fpdf2.
        canvas.rect(left, top, width, height, style="DF", round_corners=True, corner_radius=0.499 * height)
    else:
        canvas.rect(left, top, width, height, style="DF")
    canvas.set_dash_pattern()


def draw_pentagon(paper: Paper, x: float, top: float) -> None:
    """The connector between pages, its point downwards."""
    half, shoulder = PENTAGON / 2, top + PENTAGON * 0.6
    corners = [(x - half, top), (x + half, top), (x + half, shoulder), (x, top + PENTAGON), (x - half, shoulder)]
    draw_polygon(paper, corners, LIGHT.page)


def draw_polygon(paper: Paper, corners: Sequence[tuple[float, float]], fill: str) -> None:
    _pen(paper, fill)
    paper.canvas.polygon(list(corners), style="DF")


def _pen(paper: Paper, fill: str) -> None:
    """Colours and stroke for a shape that fpdf2 draws by itself."""
    paper.canvas.mark_content()
    paper.canvas.set_draw_color(LIGHT.navy)
    paper.canvas.set_fill_color(fill)
    paper.canvas.set_line_width(STROKE)


def draw_legend(paper: Paper, flow: Flow) -> None:
    """The five symbols with their meaning in one line, and what a dashed one says."""
    canvas = paper.canvas
    x, middle = canvas.left, float(canvas.y) + 5.0
    for shape in Shape:
        width = SIZES[shape][0]
        draw_symbol(paper, shape, x + width / 2, middle, proposed=False)
        x = _legend_text(paper, x + width + 2, middle, shape.value)
    draw_pentagon(paper, x + PENTAGON / 2, middle - PENTAGON / 2)
    x = _legend_text(paper, x + PENTAGON + 2, middle, "sambungan halaman")
    canvas.rule(x, middle, x + 8, LIGHT.navy, STROKE)
    tail = x + 9 - HEAD
    draw_polygon(paper, [(x + 9, middle), (tail, middle - HEAD_HALF), (tail, middle + HEAD_HALF)], LIGHT.navy)
    _legend_text(paper, x + 11, middle, "arah alir")
    canvas.y = middle + 7
    if not flow.confirmed:
        with canvas.tagged("P"):
            canvas.put(canvas.left, middle + 8.5, f"Garis putus-putus: pelaksana {PROPOSED}.", size=TEXT_SIZE)
        canvas.y = middle + 11


def _legend_text(paper: Paper, x: float, middle: float, text: str) -> float:
    with paper.canvas.tagged("P"):
        paper.canvas.put(x, middle + 1.1, text, size=TEXT_SIZE)
    return x + fonts.width_mm(text, TEXT_SIZE) + 7
