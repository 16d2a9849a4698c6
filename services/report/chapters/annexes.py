"""The annexes."""

from __future__ import annotations

from services.domain.attainment import Outcome
from services.domain.numbers import (
    NONE_MARK,
    NOT_MEASURED_MARK,
    format_number,
    short_period,
)
from services.report import figures
from services.report.paper import Paper
from services.report.tables import Cell, Column, GroupRow, Row, Table, rating_cell
from services.views.board import Board
from services.views.measures import Measure


def heat_map(paper: Paper, board: Board) -> None:
    """Annex: every indicator over the quarters."""
    paper.new_page("landscape")
    paper.chapter("LAMPIRAN 1", "Capaian semua indikator per triwulan", new_page=False)
    columns = [
        Column("Indikator kinerja", 4.0),
        *(Column(f"{short_period(p.period)} {p.period.year}", 1.0, "C") for p in board.trend),
    ]
    rows: list[Row | GroupRow] = []
    for group in board.heat:
        rows.append(GroupRow(group.section.name))
        rows += [Row([row.indicator.name, *map(_heat_cell, row.cells)]) for row in group.rows]
    paper.table("Capaian sampai dengan setiap triwulan (%)", Table(columns, rows))
    paper.note("thn: diukur tahunan. NA: belum terukur. Warna dan tanda menyatakan kategori.", tone="navy")
    if board.mean.measured:
        figures.rating_shares(paper, board)


def _heat_cell(m: Measure) -> Cell:
    if m.rating and m.to_date.value is not None:
        return rating_cell(m.rating.rank, format_number(m.to_date.value, 0))
    if m.to_date.outcome is Outcome.ANNUAL:
        return Cell("thn", align="C")
    if m.to_date.outcome in (Outcome.NO_TARGET, Outcome.NOT_TARGETED):
        return Cell(NONE_MARK, align="C")
    return rating_cell(None, NOT_MEASURED_MARK)
