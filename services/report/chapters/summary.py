"""The executive summary, one page."""

from __future__ import annotations

from services.domain.passages import Part
from services.report import figures, texts
from services.report.paper import KeyFigure, Paper
from services.report.passages import Passages
from services.report.texts import percent, rating_label
from services.views.board import Board


def executive_summary(paper: Paper, board: Board, words: Passages) -> None:
    """One page: four figures, sections as bars, what is asked of leadership."""
    paper.new_page()
    paper.title("Ringkasan eksekutif")
    paper.key_figures(_key_figures(board))
    paper.paragraphs(words[Part.SUMMARY])
    if board.mean.measured:
        figures.section_bars(paper, board)
    asked = texts.decisions(board)
    if asked:
        paper.heading(3, "Hal yang memerlukan keputusan pimpinan", outline=False)
        paper.numbered(asked)


def _key_figures(board: Board) -> list[KeyFigure]:
    missing = board.mean.expected - board.mean.measured
    done, total = board.steps.done, len(board.steps.items)
    return [
        KeyFigure("Rata-rata capaian", percent(board.mean.value), rating_label(board.rating)),
        KeyFigure(
            "Indikator terukur",
            f"{board.mean.measured} dari {board.mean.expected}",
            f"{missing} belum ada data" if missing else f"{board.annual_only} diukur tahunan",
            "ochre" if missing else "navy",
        ),
        KeyFigure(
            "Serapan anggaran",
            percent(board.absorption.percent),
            f"{board.absorption.known} dari {board.absorption.total} pagu terlapor",
        ),
        KeyFigure(
            "Langkah selesai",
            f"{done} dari {total}",
            f"{board.steps.late} melewati waktu baku" if board.steps.late else "sesuai waktu baku",
            "brick" if board.steps.late else "navy",
        ),
    ]
