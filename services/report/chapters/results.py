"""Chapter III: per section, per indicator, money, obstacles and follow-ups."""

from __future__ import annotations

from decimal import Decimal

from services.domain.attainment import Mean, Outcome
from services.domain.indicators import Aggregation, Bounds, Period, Polarity
from services.domain.numbers import (
    NONE_MARK,
    NOT_MEASURED_MARK,
    format_bounds,
    format_number,
    official_period,
    short_period,
)
from services.report import figures, texts
from services.report.paper import Paper
from services.report.tables import Bar, Cell, Column, GroupRow, Row, Table, rating_cell
from services.report.texts import number, rating_label
from services.views.board import Board, SectionFigures
from services.views.measures import Measure, actuals
from services.views.office import Office


def results(paper: Paper, office: Office, board: Board) -> None:
    """Chapter III: per section, per indicator, money, obstacles and follow-ups."""
    paper.chapter("BAB III", "Hasil monitoring dan evaluasi")
    paper.heading(1, "3.1 Capaian per seksi")
    paper.paragraph(texts.sections_sentence(board))
    paper.table(f"Capaian dan serapan per seksi sampai dengan {official_period(board.period)}", _sections_table(board))
    if board.mean.measured:
        figures.trend(paper, board)
    paper.heading(1, "3.2 Kinerja dan anggaran")
    _budget(paper, board)
    _section_details(paper, office, board)
    _obstacles(paper, board)
    _missing(paper, board)


def _sections_table(board: Board) -> Table:
    columns = [
        Column("Seksi/subbagian", 3.6),
        Column("Terukur", 1.1, "C"),
        Column("Rata-rata capaian (%)", 1.3, "R"),
        Column("Rentang yang masih mungkin", 1.7, "C"),
        Column("Kategori", 1.7, "C"),
        Column("Serapan (%)", 1.2, "R"),
    ]
    total = Row(
        [
            "Seluruh indikator",
            f"{board.mean.measured} dari {board.mean.expected}",
            number(board.mean.value, 2),
            texts.possible_range(board.mean) or NONE_MARK,
            rating_cell(board.rating.rank if board.rating else None, rating_label(board.rating)),
            number(board.absorption.percent, 2),
        ],
        total=True,
    )
    return Table(columns, [_section_row(s) for s in board.sections if s.mean.expected or s.absorption.total], [total])


def _section_row(item: SectionFigures) -> Row:
    return Row(
        [
            item.section.name,
            f"{item.mean.measured} dari {item.mean.expected}",
            _capaian_cell(item.mean.value),
            texts.possible_range(item.mean) or NONE_MARK,
            rating_cell(item.rating.rank if item.rating else None, rating_label(item.rating)),
            number(item.absorption.percent, 2),
        ]
    )


def _capaian_cell(value: Decimal | None) -> Cell:
    """Capaian with a small bar; 100 % fills the cell."""
    if value is None:
        return Cell(NOT_MEASURED_MARK, align="R")
    return Cell(format_number(value, 2), bar=Bar(max(0.0, min(1.0, float(value) / 100))), align="R")


def _budget(paper: Paper, board: Board) -> None:
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
        f"{a.known} dari {a.total}",
        number(a.percent, 2),
    ]
    paper.table(
        "Pagu dan realisasi anggaran per seksi",
        Table(columns, rows, [Row(total, total=True)] if rows else [], empty="Belum ada pagu yang dicatat."),
    )
    if a.known < a.total:
        paper.note(
            f"Realisasi anggaran {a.total - a.known} indikator belum dilaporkan dan tidak dihitung sebagai nol. "
            "Serapan dihitung dari pagu indikator yang sudah terlapor."
        )


def _budget_row(name: str, item: SectionFigures) -> Row:
    a = item.absorption
    spent = format_number(a.spent, 0) if a.known else NOT_MEASURED_MARK
    return Row([name, format_number(a.budget, 0), spent, f"{a.known} dari {a.total}", number(a.percent, 2)])


def _section_details(paper: Paper, office: Office, board: Board) -> None:
    for n, item in enumerate((s for s in board.sections if _own(board, s)), start=1):
        own = _own(board, item)
        paper.new_page("landscape")
        if n == 1:
            paper.heading(1, "3.3 Capaian indikator per seksi")
        paper.heading(2, f"3.3.{n} {item.section.name}")
        paper.paragraph(texts.section_sentence(item.section.name, own, item.mean, item.rating))
        table = _indicator_table(office, board.period, own, item.mean)
        paper.table(f"Capaian indikator {item.section.name}", table)
        for m in own:
            if m.problem:
                paper.note(f"{m.indicator.name}: {m.problem.message()}", title="Realisasi perlu diperbaiki")
        paper.note(texts.formula_note(office), tone="navy")


def _own(board: Board, item: SectionFigures) -> list[Measure]:
    return [m for m in board.measures if m.indicator.section_id == item.section.id]


def _indicator_table(office: Office, period: Period, items: list[Measure], mean: Mean) -> Table:
    quarters = [Period(period.year, q) for q in range(1, period.quarter + 1)]
    columns = [
        Column("No", 0.6, "C"),
        Column("Indikator kinerja", 5.0),
        Column("Satuan", 1.7, "C"),
        Column("Arah", 0.8, "C"),
        Column(f"Target {period.year}", 1.2, "R"),
        Column(f"Target s.d. {short_period(period)}", 1.2, "R"),
        *(Column(short_period(p), 1.1, "R", "Realisasi") for p in quarters),
        Column(f"s.d. {short_period(period)}", 1.2, "R", "Realisasi"),
        Column("Capaian (%)", 1.3, "R"),
        Column("Kategori", 2.2, "C"),
    ]
    rows = [_indicator_row(office, n, m, quarters) for n, m in enumerate(items, start=1)]
    blank = [""] * (len(columns) - 3)
    average = ["", f"Rata-rata ({texts.measured(mean)})", *blank[:-1], number(mean.value, 2)]
    rating = office.scale.rate(mean.value)
    total = Row([*average, rating_cell(rating.rank if rating else None, rating_label(rating))], total=True)
    return Table(columns, rows, [total])


def _indicator_row(office: Office, n: int, m: Measure, quarters: list[Period]) -> Row:
    polarity = {Polarity.UP: "naik", Polarity.DOWN: "turun", None: NONE_MARK}[m.indicator.polarity]
    annual = m.in_force.annual if m.in_force else None
    values = [texts.brief(v) for v in actuals(office, m.indicator, quarters)]
    return Row(
        [
            str(n),
            m.indicator.name,
            m.indicator.unit,
            polarity,
            _target(annual),
            _target(m.target_to_date) if m.to_date.outcome is not Outcome.ANNUAL else NONE_MARK,
            *values,
            texts.brief(m.actual_to_date) if m.to_date.value is not None else NOT_MEASURED_MARK,
            _capaian_cell(m.to_date.value),
            _outcome_cell(m),
        ]
    )


def _target(bounds: Bounds | None) -> str:
    return format_bounds(bounds) if bounds else NONE_MARK


def _outcome_cell(m: Measure) -> Cell:
    """The rating, or in its place why there is none."""
    if m.rating:
        return rating_cell(m.rating.rank, m.rating.label)
    if m.indicator.aggregation is Aggregation.ANNUAL and m.to_date.outcome is Outcome.ANNUAL:
        return Cell("diukur tahunan", align="C")
    return rating_cell(None, str(m.to_date.outcome))


def _obstacles(paper: Paper, board: Board) -> None:
    paper.new_page("landscape")
    paper.heading(1, "3.4 Hambatan dan tindak lanjut")
    below = [m for m in board.measures if m.to_date.value is not None and m.to_date.value < 100]
    if not below:
        paper.paragraph("Tidak ada indikator terukur yang berada di bawah target.")
        return
    paper.paragraph(
        f"Tabel berikut memuat {len(below)} indikator di bawah target beserta faktor pendorong, faktor penghambat, dan "
        "tindak lanjut sebagaimana ditulis seksi."
    )
    columns = [
        Column("Indikator kinerja", 3.0),
        Column("Capaian (%)", 1.1, "R"),
        Column("Faktor pendorong", 2.4),
        Column("Faktor penghambat", 2.6),
        Column("Tindak lanjut", 2.6),
    ]
    rows: list[Row | GroupRow] = []
    for item in board.sections:
        own = [m for m in below if m.indicator.section_id == item.section.id]
        rows += [GroupRow(item.section.name), *map(_obstacle_row, own)] if own else []
    paper.table("Hambatan dan tindak lanjut indikator di bawah target", Table(columns, rows))


def _obstacle_row(m: Measure) -> Row:
    words = [(m.entry.text(name) if m.entry else "") or NONE_MARK for name in ("driver", "obstacle", "follow_up")]
    return Row([m.indicator.name, number(m.to_date.value, 2), *words])


def _missing(paper: Paper, board: Board) -> None:
    if not board.missing:
        return
    paper.heading(1, "3.5 Data yang belum lengkap")
    columns = [Column("Seksi/subbagian", 2.4), Column("Kurang", 1.0, "C"), Column("Indikator yang belum ada", 5.0)]
    rows = [
        Row(
            [
                group.section.name,
                f"{len(group.missing)} dari {group.due}",
                "; ".join(m.indicator.name for m in group.missing) or "Lengkap, tetapi belum dikirim",
            ]
        )
        for group in board.missing
    ]
    paper.table("Seksi yang datanya belum lengkap", Table(columns, rows))
