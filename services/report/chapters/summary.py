"""The executive summary: one page, whatever the figures and the words are."""

from __future__ import annotations

from collections.abc import Sequence

from services.domain.passages import Part
from services.report import figures, texts
from services.report.paper import KeyFigure, Paper
from services.report.passages import Passages
from services.report.texts import percent, rating_label
from services.views.board import Board

ASKED_HEADING = 10.4
"""mm of the heading over what is asked of leadership."""


def executive_summary(paper: Paper, board: Board, words: Passages) -> None:
    """Four figures, the shares of the ratings, sections as bars, what is asked of leadership.

    Own words that leave no room for what is asked stand on the page after it, and the sentences built from the figures
    in their place.
    """
    paper.new_page()
    paper.title("Ringkasan Eksekutif")
    paper.key_figures(_key_figures(board))
    asked = texts.decisions(board)
    text, too_long = words[Part.SUMMARY], ""
    if _room(paper, text, asked) < 0:
        text, too_long = words.built_summary, text
    room = _room(paper, text, asked)
    paper.paragraphs(text)
    if board.mean.measured:
        if room > figures.BAND_HEIGHT:
            figures.rating_band(paper, board)
            room -= figures.BAND_HEIGHT
        figures.lowest_sections(paper, board, room)
    paper.heading(3, "Hal yang memerlukan keputusan pimpinan", outline=False)
    if asked:
        paper.numbered(asked)
    else:
        paper.paragraph("Tidak ada hal yang memerlukan keputusan pimpinan pada triwulan ini.")
    if too_long:
        paper.new_page()
        paper.title("Uraian Ringkasan Eksekutif")
        paper.paragraphs(too_long)


def _room(paper: Paper, text: str, asked: Sequence[str]) -> float:
    """mm left for charts between the text and what is asked."""
    taken = paper.paragraphs_height(text) + paper.list_height(asked) + ASKED_HEADING
    return float(paper.canvas.room) - taken


def _key_figures(board: Board) -> list[KeyFigure]:
    missing = board.mean.expected - board.mean.measured
    done, total = board.steps.done, len(board.steps.items)
    return [
        KeyFigure("Rata-rata capaian", percent(board.mean.value), rating_label(board.rating)),
        KeyFigure(
            "Indikator terukur",
            f"{board.mean.measured} dari {board.mean.expected}",
            texts.measured_note(board),
            "ochre" if missing else "navy",
        ),
        KeyFigure(
            "Serapan anggaran",
            percent(board.absorption.percent),
            texts.absorption_note(board),
        ),
        KeyFigure(
            "Langkah selesai",
            f"{done} dari {total}",
            f"{board.steps.late} melewati waktu baku" if board.steps.late else "sesuai waktu baku",
            "brick" if board.steps.late else "navy",
        ),
    ]
