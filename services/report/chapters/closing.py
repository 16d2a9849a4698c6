"""Chapter IV: conclusions and advice."""

from __future__ import annotations

from services.report import texts
from services.report.paper import Paper
from services.views.board import Board
from services.views.office import Office


def closing(paper: Paper, office: Office, board: Board) -> None:
    """Chapter IV without the signature under it."""
    paper.chapter("BAB IV", "Penutup")
    paper.heading(1, "4.1 Kesimpulan")
    paper.numbered(texts.conclusions(office, board))
    paper.heading(1, "4.2 Saran")
    paper.numbered(texts.advice(board))
