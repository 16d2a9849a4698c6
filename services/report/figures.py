"""The dashboard's charts on paper: the same builders, with the paper's palette and width."""

from __future__ import annotations

from services.charts import matrix, sections, shares
from services.charts import trend as trends
from services.charts.palette import LIGHT
from services.domain.numbers import official_period
from services.report.paper import Paper
from services.report.vector import pixels
from services.views.board import Board

WIDTH = pixels(156)


def section_bars(paper: Paper, board: Board) -> None:
    caption = f"Rata-rata capaian per seksi sampai dengan {official_period(board.period)}"
    paper.chart(sections.section_bars(board, LIGHT, WIDTH), caption, alt=sections.section_bars_alt(board))


def performance_and_budget(paper: Paper, board: Board) -> None:
    spec = sections.performance_and_budget(board, LIGHT, WIDTH)
    paper.chart(spec, "Capaian kinerja dan serapan anggaran", alt=sections.performance_and_budget_alt(board))


def trend(paper: Paper, board: Board) -> None:
    spec = trends.trend(board, LIGHT, WIDTH)
    paper.chart(spec, "Rata-rata capaian menurut triwulan", alt=trends.trend_alt(board))


def step_strip(paper: Paper, board: Board) -> None:
    spec = matrix.step_strip(board, LIGHT, WIDTH)
    paper.chart(spec, "Keadaan 13 langkah SOP", alt=matrix.step_strip_alt(board))


def rating_shares(paper: Paper, board: Board) -> None:
    spec = shares.rating_shares(board, LIGHT, WIDTH)
    paper.chart(spec, "Sebaran kategori indikator", alt=shares.rating_shares_alt(board))
