"""Ringkasan Camat: one quarter on one page with large print, to be read and passed on with a telephone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from services.charts.palette import LIGHT, rating_symbol
from services.domain.indicators import Period
from services.domain.numbers import NBSP, format_datetime, official_period, period_range
from services.report import fonts, texts
from services.report.forms.base import paper_info
from services.report.paper import Built, KeyFigure, Paper, build
from services.report.texts import percent, rating_label
from services.views.board import Board, MissingGroup, SectionFigures, board_of
from services.views.measures import Measure
from services.views.office import Office

TITLE = "Ringkasan capaian kinerja"
SIZE, LINE = 11.0, 5.3
SMALL, SMALL_LINE = 9.5, 4.6
BAR = 2.6
FULL = Decimal(100)
"""The whole width of a bar is this capaian."""


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much stands on the page; 0 leaves a part out. ``narrative``: with the sentence over the quarter.

    ``named``: the decision on missing data names the sections, which stand above as well.
    """

    sections: int
    holding: int
    obstacles: bool
    late: int
    narrative: bool = True
    named: bool = True


_DETAILS = (
    _Detail(20, 3, obstacles=True, late=8),
    _Detail(12, 3, obstacles=True, late=5),
    _Detail(9, 3, obstacles=True, late=4, narrative=False),
    _Detail(7, 2, obstacles=True, late=3, narrative=False),
    _Detail(7, 2, obstacles=False, late=3, narrative=False, named=False),
    _Detail(5, 1, obstacles=False, late=1, narrative=False, named=False),
    _Detail(3, 0, obstacles=False, late=0, narrative=False, named=False),
    _Detail(0, 0, obstacles=False, late=0, narrative=False, named=False),
)
"""From much to little; the first one that fits the page is taken, and what is left out is counted on the page."""


def one_page_pdf(office: Office, period: Period, now: datetime) -> bytes:
    """The page for a quarter as it stands at ``now``."""
    board = board_of(office, period, now)
    return next(b for b in (_built(office, board, now, detail) for detail in _DETAILS) if _fits(b)).pdf


def _fits(built: Built) -> bool:
    return built.pages == 1


def _built(office: Office, board: Board, now: datetime, detail: _Detail) -> Built:
    title = f"{TITLE} {official_period(board.period)}"
    info = paper_info(office, title, now, f"Keadaan {format_datetime(now)} WIB")
    return build(info, lambda paper: _render(paper, office, board, detail))


def _render(paper: Paper, office: Office, board: Board, detail: _Detail) -> None:
    paper.new_page("portrait")
    paper.title(f"{TITLE} {office.profile.title}")
    paper.space(-3.5)
    _centred(paper, f"{official_period(board.period)} ({period_range(board.period)})")
    paper.key_figures(_figures(board))
    if detail.narrative:
        _text(paper, texts.reached(board) or "Belum ada indikator kinerja yang dipantau.")
    _sections(paper, board, detail.sections)
    _holding(paper, board, detail)
    _late(paper, board, detail.late)
    _asked(paper, board, detail.named)


def _figures(board: Board) -> list[KeyFigure]:
    steps = board.steps
    missing = board.mean.expected - board.mean.measured
    between = texts.possible_range(board.mean)
    running = f"kini {steps.current.step.no}, {steps.current.step.short}" if steps.current else "belum berjalan"
    return [
        KeyFigure(
            "Rata-rata capaian",
            percent(board.mean.value),
            f"{rating_label(board.rating)}, mungkin {between}" if between else rating_label(board.rating),
            "ochre" if missing else "navy",
        ),
        KeyFigure("Indikator terukur", f"{board.mean.measured} dari {board.mean.expected}", texts.measured_note(board)),
        KeyFigure("Serapan anggaran", percent(board.absorption.percent), texts.absorption_note(board)),
        KeyFigure(
            "Langkah selesai",
            f"{steps.done} dari {len(steps.items)}",
            "semua selesai" if steps.finished else f"{running}; {steps.late} terlambat" if steps.late else running,
            "brick" if steps.late else "navy",
        ),
    ]


# Sections as bars


def _sections(paper: Paper, board: Board, most: int) -> None:
    found = [s for s in board.sections if s.mean.expected]
    ordered = sorted(found, key=lambda s: (s.mean.value is None, -(s.mean.value or Decimal(0))))
    if not found:
        return
    # Where not all fit, the lowest ones are those to talk about.
    shown = ordered if len(ordered) <= most else ordered[len(ordered) - most :]
    _heading(paper, "Capaian per seksi")
    for item in shown:
        _section(paper, item)
    _left_out(paper, len(found) - len(shown), "seksi lain dengan capaian lebih tinggi" if shown else "seksi")
    paper.space(1.5)


def _section(paper: Paper, item: SectionFigures) -> None:
    canvas = paper.canvas
    value = item.mean.value
    word = f"{percent(value)}  {rating_symbol(item.rating.rank if item.rating else None)} {rating_label(item.rating)}"
    measured = f"({item.mean.measured} dari {item.mean.expected} indikator)".replace(" ", NBSP)
    count = "" if item.mean.complete else f" {measured}"
    side = max(fonts.width_mm(word, SIZE, "B"), 52.0)
    names = fonts.wrap(canvas.seen(item.section.name + count), canvas.inner_width - side - 4, SIZE)
    paper.space(0.0)
    if canvas.room < LINE * len(names) + BAR + 2:
        paper.new_page()
    top = float(canvas.y)
    with canvas.tagged("P"):
        for n, name in enumerate(names):
            canvas.put(canvas.left, top + LINE * n + 4.0, name, size=SIZE)
        canvas.put_line(canvas.right - side, top + 4.0, word, side + 0.1, size=SIZE, style="B", align="R")
    canvas.y = top + LINE * len(names)
    _bar(paper, value, LIGHT.navy if item.mean.complete else LIGHT.plan)


def _bar(paper: Paper, value: Decimal | None, color: str) -> None:
    canvas, top = paper.canvas, float(paper.canvas.y) + 0.4
    canvas.box(canvas.left, top, canvas.inner_width, BAR, LIGHT.grid)
    if value is not None:
        share = float(min(max(value / FULL, Decimal(0)), Decimal(1)))
        if share:
            canvas.box(canvas.left, top, canvas.inner_width * share, BAR, color)
    canvas.y = top + BAR + 1.3


# What holds back, who is late, what is asked


def _holding(paper: Paper, board: Board, detail: _Detail) -> None:
    shown = board.worst[: detail.holding]
    below = sum(m.to_date.value is not None and m.to_date.value < FULL for m in board.measures)
    if not shown:
        return
    _heading(paper, "Yang menahan capaian")
    for m in shown:
        _item(paper, f"{m.indicator.name}: {percent(m.to_date.value, 2)}", _obstacle(m) if detail.obstacles else "")
    _left_out(paper, below - len(shown), "indikator lain di bawah target")


def _obstacle(m: Measure) -> str:
    written = m.entry.text("obstacle") if m.entry else ""
    return written if written.strip() not in ("", "-") else "Penghambat belum dijelaskan."


def _late(paper: Paper, board: Board, most: int) -> None:
    shown = board.missing[:most]
    if not shown:
        return
    late = any(group.late for group in board.missing)
    _heading(paper, "Seksi yang terlambat" if late else "Seksi yang datanya belum lengkap")
    for group in shown:
        _item(paper, f"{group.section.name}: {_lacking(group)}", "")
    _left_out(paper, len(board.missing) - len(shown), "seksi lain")


def _lacking(group: MissingGroup) -> str:
    if not group.missing:
        return "lengkap, belum dikirim"
    return f"{len(group.missing)} dari {group.due} indikator belum ada"


def _asked(paper: Paper, board: Board, named: bool) -> None:
    asked = texts.decisions(board) if named else _decisions_without_names(board)
    if not asked:
        return
    _heading(paper, "Keputusan yang diminta")
    for n, text in enumerate(asked, start=1):
        _item(paper, text, "", f"{n}.")


def _decisions_without_names(board: Board) -> list[str]:
    asked = texts.decisions(replace(board, missing=()))
    if board.missing:
        asked.insert(1 if board.worst else 0, f"Penyelesaian data {len(board.missing)} seksi yang belum lengkap.")
    return asked[:3]


# Lines


def _heading(paper: Paper, text: str) -> None:
    paper.heading(2, text)
    paper.space(0.0)


def _item(paper: Paper, text: str, below: str, mark: str = "•") -> None:
    _text(paper, text, indent=6.0, mark=mark, after=0.0 if below else 0.9)
    if below:
        _text(paper, below, indent=6.0, size=SMALL, line=SMALL_LINE, color=LIGHT.muted, after=0.9)


def _text(
    paper: Paper,
    text: str,
    *,
    indent: float = 0.0,
    mark: str = "",
    size: float = SIZE,
    line: float = LINE,
    color: str = LIGHT.text,
    after: float = 1.0,
) -> None:
    canvas = paper.canvas
    paper.space(0.0)
    with canvas.tagged("P"):
        for n, part in enumerate(fonts.wrap(canvas.seen(text), canvas.inner_width - indent, size)):
            if canvas.room < line:
                paper.new_page()
            baseline = float(canvas.y) + line * 0.75
            canvas.put(canvas.left, baseline, mark if n == 0 else "", size=size, color=color)
            canvas.put(canvas.left + indent, baseline, part, size=size, color=color)
            canvas.y += line
    paper.space(after)


def _centred(paper: Paper, text: str) -> None:
    canvas = paper.canvas
    paper.space(0.0)
    with canvas.tagged("P"):
        canvas.put_line(canvas.left, float(canvas.y) + 4, text, canvas.inner_width, size=SIZE, align="C")
    canvas.y += 8.5


def _left_out(paper: Paper, count: int, what: str) -> None:
    if count > 0:
        _text(paper, f"dan {count} {what}", size=SMALL, line=SMALL_LINE, color=LIGHT.muted)
