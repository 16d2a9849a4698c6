"""Section 3.2: one landscape table of indicators for each section."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from services.domain.attainment import Mean, Outcome
from services.domain.indicators import Aggregation, Bounds, Period, Polarity
from services.domain.numbers import NBSP, NONE_MARK, NOT_MEASURED_MARK, format_bounds, format_number, short_period
from services.report import texts
from services.report.paper import Paper
from services.report.tables import Bar, Cell, Column, Row, Table, rating_cell
from services.report.texts import number, rating_label
from services.views.board import Board, SectionFigures
from services.views.measures import Measure, actuals
from services.views.office import Office

TITLE = "3.2 Capaian Indikator per Seksi"
LEAST_ROOM = 80.0
"""mm of a page that a section gets at least: heading, sentence, header of the table and some rows."""


def attainment_cell(value: Decimal | None) -> Cell:
    """Capaian with a small bar; 100 % fills the cell."""
    if value is None:
        return Cell(NOT_MEASURED_MARK, align="R")
    return Cell(format_number(value, 2), bar=Bar(max(0.0, min(1.0, float(value) / 100))), align="R")


def per_section(paper: Paper, office: Office, board: Board) -> None:
    """Target, realisasi up to now, capaian, kategori, and what the section wrote about it."""
    shown = [item for item in board.sections if _own(board, item)]
    if shown:
        paper.new_page("landscape")
    paper.heading(1, TITLE)
    formula = texts.formula_note(office)
    if not shown:
        paper.note(formula, tone="navy")
        paper.paragraph("Belum ada indikator yang dipantau.")
    for n, item in enumerate(shown, start=1):
        own = _own(board, item)
        paper.reserve(LEAST_ROOM)
        paper.heading(2, f"3.2.{n} {item.section.name}")
        paper.paragraph(texts.section_sentence(item.section.name, own, item.mean, item.rating))
        table = _indicator_table(office, board.period, own, item.mean)
        paper.table(f"Capaian indikator {item.section.name}", replace(table, below=paper.remark_height(formula)))
        paper.remark(formula)
        for m in own:
            if m.problem:
                paper.note(f"{m.indicator.name}: {m.problem.message()}", title="Realisasi perlu diperbaiki")


def _own(board: Board, item: SectionFigures) -> list[Measure]:
    return [m for m in board.measures if m.indicator.section_id == item.section.id]


def _indicator_table(office: Office, period: Period, items: list[Measure], mean: Mean) -> Table:
    quarters = [Period(period.year, q) for q in range(1, period.quarter + 1)]
    columns = [
        Column("No", 8, "C"),
        Column(f"Indikator kinerja (satuan,{NBSP}arah)", 44),
        Column(str(period.year), 12, "R", "Target"),
        Column(f"s.d. {short_period(period)}", 12, "R", "Target"),
        *(Column(short_period(p), 12, "R", "Realisasi") for p in quarters),
        Column(f"s.d. {short_period(period)}", 12, "R", "Realisasi"),
        Column("Capaian (%)", 17.5, "R"),
        Column("Kategori", 24, "C"),
        Column("Faktor pendorong", 38),
        Column("Faktor penghambat", 42),
    ]
    rows = [_indicator_row(office, n, m, quarters) for n, m in enumerate(items, start=1)]
    rating = office.scale.rate(mean.value)
    result = (number(mean.value, 2), rating_cell(rating.rank if rating else None, rating_label(rating)), "", "")
    span = len(columns) - len(result)
    label = Cell(f"Rata-rata ({texts.measured(mean)})", span=span, align="R")
    total = Row([label, *[""] * (span - 1), *result], total=True)
    return Table(columns, rows, [total])


def _indicator_row(office: Office, n: int, m: Measure, quarters: list[Period]) -> Row:
    polarity = {Polarity.UP: "naik", Polarity.DOWN: "turun", None: "arah belum diisi"}[m.indicator.polarity]
    annual = m.in_force.annual if m.in_force else None
    values = [texts.brief(v) for v in actuals(office, m.indicator, quarters)]
    return Row(
        [
            str(n),
            f"{m.indicator.name} ({m.indicator.unit},{NBSP}{polarity})",
            _target(annual),
            _target(m.target_to_date) if m.to_date.outcome is not Outcome.ANNUAL else NONE_MARK,
            *values,
            texts.brief(m.actual_to_date) if m.to_date.value is not None else NOT_MEASURED_MARK,
            attainment_cell(m.to_date.value),
            _outcome_cell(m),
            *(texts.written(m, name) for name in ("driver", "obstacle")),
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
