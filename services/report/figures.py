"""The dashboard's charts on paper: the same builders, with the paper's palette and width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from services.charts import gantt as gantts
from services.charts import sections, shares
from services.charts import trend as trends
from services.charts.palette import LIGHT, Palette
from services.domain.numbers import format_datetime, official_period
from services.report.paper import Paper
from services.report.vector import Spec, pixels
from services.views.board import Board

WIDTH, LANDSCAPE_WIDTH = pixels(156), pixels(243)
MM_PER_PIXEL = 25.4 / 96
CHARTS = 16
MOST_BARS = 16
"""So many sections stand in one chart."""
LEAST_BARS = 3
_BARS_FRAME = 18.4
"""mm of a chart of sections beside its bars: axis, caption, and the space after it."""
BAND_HEIGHT = 28.8
"""mm of the band of ratings with its caption."""


@lru_cache(maxsize=CHARTS)
def _spec(builder: Callable[[Board, Palette, int], Spec], board: Board) -> Spec:
    """The chart of a board, built once for all passes over the document."""
    return builder(board, LIGHT, WIDTH)


def section_bars(paper: Paper, board: Board) -> None:
    """All sections, over several charts where they are many."""
    caption = f"Rata-rata capaian per seksi sampai dengan {official_period(board.period)}"
    for part, of_parts in _parts(board):
        spec = _spec(sections.section_bars, part)
        paper.chart(spec, caption + of_parts, alt=sections.section_bars_alt(part))


def lowest_sections(paper: Paper, board: Board, room: float) -> None:
    """The sections in so many mm, the lowest ones where not all have room; nothing where not even a few have."""
    board = _measured(board)
    step = next((s for s in sections.STEPS if _bars_in(room, s) >= len(board.sections)), sections.STEPS[-1])
    count = _bars_in(room, step)
    if count < LEAST_BARS:
        return
    shown = _lowest(board, min(count, len(board.sections)))
    caption = f"Rata-rata capaian per seksi sampai dengan {official_period(board.period)}"
    if len(shown.sections) < len(board.sections):
        caption += f" ({len(shown.sections)} terendah dari {len(board.sections)})"
    paper.chart(_spec(_BARS[step], shown), caption, alt=sections.section_bars_alt(shown))


def _bars_in(room: float, step: int) -> int:
    """So many bars stand in a chart of so many mm."""
    return int((room - _BARS_FRAME) / (step * MM_PER_PIXEL))


def _stepped(step: int) -> Callable[[Board, Palette, int], Spec]:
    return lambda board, palette, width: sections.section_bars(board, palette, width, step)


_BARS = {step: _stepped(step) for step in sections.STEPS}


@lru_cache(maxsize=CHARTS)
def _measured(board: Board) -> Board:
    """The board without the sections that have nothing to measure in this quarter."""
    return replace(board, sections=tuple(s for s in board.sections if s.mean.expected or s.absorption.total))


@lru_cache(maxsize=CHARTS)
def _lowest(board: Board, count: int) -> Board:
    return replace(board, sections=sections.ranked(board)[-count:])


@lru_cache(maxsize=CHARTS)
def _parts(board: Board) -> tuple[tuple[Board, str], ...]:
    """The board with as many sections as one chart holds, and which part of how many it is."""
    ranked = sections.ranked(_measured(board))
    if len(ranked) <= MOST_BARS:
        return ((_measured(board), ""),)
    cut = [ranked[start : start + MOST_BARS] for start in range(0, len(ranked), MOST_BARS)]
    return tuple((replace(board, sections=own), f" ({n} dari {len(cut)})") for n, own in enumerate(cut, start=1))


def performance_and_budget(paper: Paper, board: Board) -> None:
    for part, of_parts in _parts(board):
        spec = _spec(sections.performance_and_budget, part)
        alt = sections.performance_and_budget_alt(part)
        paper.chart(spec, f"Capaian kinerja dan serapan anggaran{of_parts}", alt=alt)


def trend(paper: Paper, board: Board) -> None:
    spec = _spec(trends.trend, board)
    paper.chart(spec, "Rata-rata capaian menurut triwulan", alt=trends.trend_alt(board))


def time_chart(paper: Paper, board: Board, as_of: datetime) -> None:
    """Plan and reality of the 13 steps."""
    caption = f"Rencana dan kenyataan 13 langkah SOP {official_period(board.period)}"
    paper.chart(_gantt(board, as_of), caption, alt=gantts.gantt_alt(board.steps, as_of))
    paper.note(
        "Batang tipis abu-abu: rencana menurut waktu baku. Biru tua: pelaksanaan. Merah bata: melewati waktu baku. "
        "Kuning tua: sedang berjalan. Garis putus-putus: perkiraan. Bidang abu-abu: hari libur. Keadaan dan "
        f"keterlambatan dihitung sampai data terbaru laporan ini, {format_datetime(as_of)} WIB.",
        tone="navy",
    )


@lru_cache(maxsize=CHARTS)
def _gantt(board: Board, as_of: datetime) -> Spec:
    return gantts.gantt(board.steps, as_of, LIGHT, LANDSCAPE_WIDTH, moment="Keadaan data")


def forget() -> None:
    """Let go of the charts of a finished report, and so of all its figures."""
    for kept in (_spec, _measured, _lowest, _parts, _gantt):
        kept.cache_clear()


def rating_band(paper: Paper, board: Board) -> None:
    spec = _spec(shares.rating_band, board)
    paper.chart(spec, "Sebaran kategori indikator", alt=shares.rating_shares_alt(board))


def rating_shares(paper: Paper, board: Board) -> None:
    spec = _spec(shares.rating_shares, board)
    paper.chart(spec, "Sebaran kategori indikator", alt=shares.rating_shares_alt(board))
