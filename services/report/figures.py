"""The dashboard's charts on paper: the same builders, with the paper's palette and width."""

from __future__ import annotations

from services.charts import matrix, sections, shares
from services.charts import trend as trend_chart
from services.charts.palette import LIGHT
from services.domain.numbers import official_period
from services.report.paper import Paper
from services.views.board import Board

WIDTH = 600
"""Width in pixels for which the charts are laid out; the paper scales them to its columns."""


def section_bars(paper: Paper, board: Board) -> None:
    spec = sections.section_bars(board, LIGHT, width=WIDTH)
    caption = f"Rata-rata capaian per seksi sampai dengan {official_period(board.period)}"
    paper.chart(spec, caption, alt=sections.section_bars_alt(board))


def performance_and_budget(paper: Paper, board: Board) -> None:
    spec = sections.performance_and_budget(board, LIGHT, width=WIDTH)
    paper.chart(spec, "Capaian kinerja dan serapan anggaran per seksi", alt=sections.performance_and_budget_alt(board))


def trend(paper: Paper, board: Board) -> None:
    spec = trend_chart.trend(board, LIGHT, width=WIDTH)
    paper.chart(spec, "Rata-rata capaian menurut triwulan", alt=trend_chart.trend_alt(board))


def step_strip(paper: Paper, board: Board) -> None:
    spec = matrix.step_strip(board, LIGHT, width=WIDTH)
    paper.chart(spec, "Keadaan 13 langkah SOP", alt=matrix.step_strip_alt(board))


def rating_shares(paper: Paper, board: Board) -> None:
    spec = shares.rating_shares(board, LIGHT, width=WIDTH)
    paper.chart(spec, "Sebaran kategori indikator", alt=shares.rating_shares_alt(board))
