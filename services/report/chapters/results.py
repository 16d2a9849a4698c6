"""Chapter III: per section, per indicator, money, findings and follow-ups."""

from __future__ import annotations

from datetime import date

from services.domain.attainment import Mean
from services.domain.numbers import NONE_MARK, NOT_MEASURED_MARK, format_number, official_period, short_period
from services.domain.passages import Part
from services.report import figures, texts
from services.report.chapters import follow_ups, indicator_tables
from services.report.chapters.indicator_tables import attainment_cell
from services.report.paper import Paper
from services.report.passages import Passages
from services.report.tables import Cell, Column, Row, Table, rating_cell
from services.report.texts import number, rating_label
from services.views.board import Board, SectionFigures
from services.views.measures import mean_of
from services.views.office import Office


def results(paper: Paper, office: Office, board: Board, words: Passages, today: date) -> None:
    """Chapter III: per section, per indicator, money, findings and follow-ups."""
    paper.chapter("BAB III", "Hasil Monitoring dan Evaluasi")
    paper.heading(1, "3.1 Capaian per Seksi")
    paper.paragraphs(words[Part.SECTIONS])
    table = _sections_table(board)
    if table.rows:
        paper.table(f"Capaian dan serapan per seksi sampai dengan {official_period(board.period)}", table)
    several = len(board.trend) > 1
    if board.mean.measured:
        if several:
            figures.trend(paper, board)
        figures.section_bars(paper, board)
        if several:
            paper.table("Rata-rata capaian per seksi menurut triwulan (%)", _trend_table(office, board))
    indicator_tables.per_section(paper, office, board)
    if board.absorption.total:
        paper.turn("portrait")
    paper.heading(1, "3.3 Anggaran dan Serapan")
    _budget(paper, board)
    follow_ups.agreed(paper, office, board, today)
    follow_ups.carried_over(paper, office, board.period, today)
    _missing(paper, board)


def _sections_table(board: Board) -> Table:
    columns = [
        Column("Seksi/subbagian", 45),
        Column("Terukur", 19, "C"),
        Column("Rata-rata capaian (%)", 18, "R"),
        Column("Rentang yang masih mungkin", 22, "C"),
        Column("Kategori", 35, "C"),
        Column("Serapan (%)", 16.5, "R"),
    ]
    total = Row(
        [
            "Seluruh indikator",
            texts.part_of(board.mean.measured, board.mean.expected),
            number(board.mean.value, 2),
            texts.possible_range(board.mean) or NONE_MARK,
            rating_cell(board.rating.rank if board.rating else None, rating_label(board.rating)),
            number(board.absorption.percent, 2),
        ],
        total=True,
    )
    return Table(columns, [_section_row(s) for s in board.sections if s.mean.expected or s.absorption.total], [total])


def _trend_table(office: Office, board: Board) -> Table:
    """The mean of each section in each quarter that the trend shows."""
    quarters = [Column(f"{short_period(p.period)}\n{p.period.year}", 1.0, "C") for p in board.trend]
    rows = []
    for group in board.heat:
        by_quarter = zip(*(row.cells for row in group.rows), strict=True)
        rows.append(Row([group.section.name, *(_rated(office, mean_of(office, items)) for items in by_quarter)]))
    total = Row(["Seluruh indikator", *(_rated(office, p.mean) for p in board.trend)], total=True)
    return Table([Column("Seksi/subbagian", 2.6), *quarters], rows, [total])


def _rated(office: Office, mean: Mean) -> Cell:
    rating = office.scale.rate(mean.value)
    return rating_cell(rating.rank if rating else None, number(mean.value, 1))


def _section_row(item: SectionFigures) -> Row:
    return Row(
        [
            item.section.name,
            texts.part_of(item.mean.measured, item.mean.expected),
            attainment_cell(item.mean.value),
            texts.possible_range(item.mean) or NONE_MARK,
            rating_cell(item.rating.rank if item.rating else None, rating_label(item.rating)),
            number(item.absorption.percent, 2),
        ]
    )


def _budget(paper: Paper, board: Board) -> None:
    paper.paragraph(texts.budget_sentence(board))
    if not board.absorption.total:
        return
    if board.absorption.percent is not None:
        figures.performance_and_budget(paper, board)
    columns = [
        Column("Seksi/subbagian", 3.4),
        Column("Pagu (Rp)", 1.8, "R"),
        Column("Realisasi s.d. triwulan (Rp)", 1.8, "R"),
        Column("Terlapor", 1.1, "C"),
        Column("Serapan (%)", 1.1, "R"),
    ]
    rows = [_budget_row(s.section.name, s) for s in board.sections if s.absorption.total]
    a = board.absorption
    total = [
        "Jumlah",
        format_number(a.budget, 0),
        format_number(a.spent, 0) if a.known else NOT_MEASURED_MARK,
        texts.part_of(a.known, a.total),
        number(a.percent, 2),
    ]
    paper.table("Pagu dan realisasi anggaran per seksi", Table(columns, rows, [Row(total, total=True)]))
    if a.known < a.total:
        paper.note(
            f"Realisasi anggaran {a.total - a.known} indikator belum dilaporkan dan tidak dihitung sebagai nol. "
            "Serapan dihitung dari pagu indikator yang sudah terlapor."
        )


def _budget_row(name: str, item: SectionFigures) -> Row:
    a = item.absorption
    spent = format_number(a.spent, 0) if a.known else NOT_MEASURED_MARK
    return Row([name, format_number(a.budget, 0), spent, texts.part_of(a.known, a.total), number(a.percent, 2)])


def _missing(paper: Paper, board: Board) -> None:
    if not board.missing:
        return
    paper.heading(1, "3.6 Data yang Belum Lengkap")
    paper.paragraph(texts.missing_sentence(board))
    columns = [Column("Seksi/subbagian", 2.4), Column("Kurang", 1.0, "C"), Column("Indikator yang belum ada", 5.0)]
    rows = [
        Row(
            [
                group.section.name,
                texts.part_of(len(group.missing), group.due),
                "; ".join(m.indicator.name for m in group.missing) or "Lengkap, tetapi belum dikirim",
            ]
        )
        for group in board.missing
    ]
    paper.table("Seksi yang datanya belum lengkap", Table(columns, rows, top=True))
