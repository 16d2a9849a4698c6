"""The dashboard's charts on paper: the same builders, with the paper's palette and width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from services.charts import gantt as gantts
from services.charts import matrix, sections, shares
from services.charts import trend as trends
from services.charts.palette import LIGHT, Palette
from services.domain.numbers import official_period
from services.report.paper import Paper
from services.report.vector import Spec, pixels
from services.views.board import Board

WIDTH = pixels(156)
CHARTS = 6


@lru_cache(maxsize=CHARTS)
def _spec(builder: Callable[[Board, Palette, int], Spec], board: Board) -> Spec:
    """The chart of a board, built once for all passes over the document."""
    return builder(board, LIGHT, WIDTH)


def section_bars(paper: Paper, board: Board) -> None:
    caption = f"Rata-rata capaian per seksi sampai dengan {official_period(board.period)}"
    paper.chart(_spec(sections.section_bars, board), caption, alt=sections.section_bars_alt(board))


def performance_and_budget(paper: Paper, board: Board) -> None:
    spec = _spec(sections.performance_and_budget, board)
    paper.chart(spec, "Capaian kinerja dan serapan anggaran", alt=sections.performance_and_budget_alt(board))


def trend(paper: Paper, board: Board) -> None:
    spec = _spec(trends.trend, board)
    paper.chart(spec, "Rata-rata capaian menurut triwulan", alt=trends.trend_alt(board))


def time_chart(paper: Paper, board: Board, as_of: datetime) -> None:
    """Plan and reality of the 13 steps."""
    caption = f"Rencana dan kenyataan 13 langkah SOP {official_period(board.period)}"
    paper.chart(_gantt(board, as_of), caption, alt=gantts.gantt_alt(board.steps, as_of))


@lru_cache(maxsize=CHARTS)
def _gantt(board: Board, as_of: datetime) -> Spec:
    return gantts.gantt(board.steps, as_of, LIGHT, WIDTH, moment="Keadaan data")


def step_strip(paper: Paper, board: Board) -> None:
    spec = _spec(matrix.step_strip, board)
    paper.chart(spec, "Keadaan 13 langkah SOP", alt=matrix.step_strip_alt(board))


def rating_shares(paper: Paper, board: Board) -> None:
    spec = _spec(shares.rating_shares, board)
    paper.chart(spec, "Sebaran kategori indikator", alt=shares.rating_shares_alt(board))
