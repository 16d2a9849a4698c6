"""The figures by which a printed report is held against the archive."""

from __future__ import annotations

from services.domain.numbers import format_number, format_percent, official_period
from services.views.board import Board


def key_figures(board: Board) -> tuple[tuple[str, str], ...]:
    """Names and values as the summary of the report shows them."""
    mean, absorbed = board.mean, board.absorption.percent
    return (
        ("Triwulan", official_period(board.period)),
        ("Rata-rata capaian", "NA" if mean.value is None else format_percent(mean.value)),
        ("Indikator terukur", f"{mean.measured} dari {mean.expected}"),
        ("Serapan anggaran", "NA" if absorbed is None else format_percent(absorbed)),
        ("Anggaran terlapor", f"{board.absorption.known} dari {board.absorption.total} pagu"),
        ("Realisasi anggaran", f"Rp {format_number(board.absorption.spent, 0)}" if board.absorption.known else "NA"),
    )
