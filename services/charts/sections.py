"""Charts that compare the sections of the office: capaian, and capaian beside the absorption of the budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import altair as alt

from services.charts.palette import Palette, rating_symbol
from services.charts.style import (
    NO_VALUE,
    TARGET,
    TARGET_LABEL,
    Record,
    Rows,
    Side,
    Spec,
    Table,
    base,
    layered,
    one_decimal,
    percent,
    position,
    span_text,
    specification,
    ticks,
)
from services.domain.attainment import UNRATED, Mean
from services.domain.numbers import format_number
from services.views.board import Board, SectionFigures

_NAME_OFFSET, _MARK_OFFSET = -9, 9
_FADED = 0.38
_NARROW = 440
"""Below this width in pixels the notes beside the names are shortened."""


def ranked(board: Board) -> tuple[SectionFigures, ...]:
    """Best section first; those without any value last, in the office's order."""
    return tuple(sorted(board.sections, key=lambda s: (s.mean.value is None, -(s.mean.value or 0))))


# Capaian per seksi

STEPS = (44, 39, 34)
"""Pixels from one section to the next: usually, and where room is scarce."""
_ROOM_FOR_VALUE = 1.16
"""The axis reaches so far beyond the longest bar that the value fits behind it."""


def section_bars(board: Board, palette: Palette, width: int | None = None, step: int = STEPS[0]) -> Spec:
    """Mean capaian of each section against the target of 100, with the range still possible where data are missing."""
    records = [_bar_record(n, s) for n, s in enumerate(ranked(board))]
    low, high = _bar_domain(records)
    axis = alt.Axis(values=ticks(low, high), labelExpr=TARGET_LABEL, labelFlush=True)
    rows = Rows(alt.Scale(domain=[low, high], nice=False, zero=False), axis)
    target = rows.across(base().mark_rule(color=palette.brick, strokeDash=[4, 3], strokeWidth=1.5), TARGET)
    marks = (*_bars(rows, palette), target, *_whiskers(rows, palette), *_bar_texts(rows, palette, low, high))
    chart = layered(records, *marks).properties(height=alt.Step(step))
    return specification(chart, palette, section_bars_alt(board), width)


def section_bars_table(board: Board) -> Table:
    headers = ("Seksi", "Capaian", "Kategori", "Terukur", "Masih mungkin")
    rows = tuple(
        (
            s.section.short,
            percent(s.mean.value),
            s.rating.label if s.rating else UNRATED,
            f"{s.mean.measured} dari {s.mean.expected}",
            _open_range(s.mean, 1) or "–",
        )
        for s in ranked(board)
    )
    return headers, rows


def section_bars_alt(board: Board) -> str:
    parts = [f"{s.section.short} {percent(s.mean.value)} ({_note(s.mean)})" for s in ranked(board)]
    return f"Capaian per seksi terhadap target {TARGET}: {'; '.join(parts) or NO_VALUE}."


def _bar_record(row: int, figures: SectionFigures) -> Record:
    mean = figures.mean
    symbol = rating_symbol(figures.rating.rank if figures.rating else None)
    return {
        "row": row,
        "name": figures.section.short,
        "value": position(mean.value),
        "low": None if mean.complete else position(mean.low),
        "high": None if mean.complete else position(mean.high),
        "complete": mean.complete,
        "label": f"{symbol} {'NA' if mean.value is None else one_decimal(mean.value)}",
        "note": _note(mean),
        "brief": _brief_note(mean),
    }


def _note(mean: Mean) -> str:
    if not mean.expected:
        return "tidak diukur pada triwulan ini"
    possible = _open_range(mean)
    measured = f"{mean.measured} dari {mean.expected} indikator"
    return f"{measured} · mungkin {possible}" if possible else measured


def _brief_note(mean: Mean) -> str:
    if not mean.expected:
        return "tidak diukur"
    possible = _open_range(mean)
    measured = f"{mean.measured} dari {mean.expected}"
    return f"{measured} · {possible}" if possible else measured


def _open_range(mean: Mean, places: int = 0) -> str:
    return "" if mean.complete else span_text(mean.low, mean.high, places)


def _bar_domain(records: list[Record]) -> tuple[float, float]:
    places = [r[key] for r in records for key in ("value", "low", "high") if r[key] is not None]
    low, high = min([0.0, *places]), max([float(TARGET), *places])
    return low, low + (high - low) * _ROOM_FOR_VALUE


def _bars(rows: Rows, palette: Palette) -> tuple[alt.Chart, ...]:
    bar = base().mark_bar(height=13, yOffset=_MARK_OFFSET, color=palette.navy)
    complete, partial = bar.transform_filter("datum.complete"), bar.transform_filter("!datum.complete")
    full = rows.place(complete, "value", x2=alt.X2Datum(0))
    return full, rows.place(partial, "value", x2=alt.X2Datum(0), opacity=alt.value(_FADED))


def _whiskers(rows: Rows, palette: Palette) -> tuple[alt.Chart, ...]:
    missing = base().transform_filter("isValid(datum.low)")
    end = missing.mark_tick(orient="vertical", color=palette.ochre, thickness=2, size=11, yOffset=_MARK_OFFSET)
    line = missing.mark_rule(color=palette.ochre, strokeWidth=2, yOffset=_MARK_OFFSET)
    return rows.place(line, "low", x2="high:Q"), rows.place(end, "low"), rows.place(end, "high")


def _bar_texts(rows: Rows, palette: Palette, low: float, high: float) -> tuple[alt.Chart, ...]:
    limit = f"(width < {_NARROW} ? 0.58 : 0.5) * width"  # as far as the longest note beside it
    name = base().mark_text(align="left", fontWeight=600, yOffset=_NAME_OFFSET, limit={"expr": limit})
    shortened = {"expr": f"width < {_NARROW} ? datum.brief : datum.note"}
    note = base().mark_text(
        align="right", fontSize=12, color=palette.muted, dx=-4, yOffset=_NAME_OFFSET, text=shortened
    )
    value = base().mark_text(align="right", fontWeight=700, fontSize=13.5, yOffset=_MARK_OFFSET)
    return rows.at(name, low, text="name:N"), rows.at(note, TARGET), rows.at(value, high, text="label:N")


# Kinerja dan anggaran

_DUMBBELL_STEP = 40
_WORD_SPACE = 17
"""Percent points that two neighbouring words need on a phone."""
_CHARACTER_SPACE = 2.4
"""Percent points that one character of a name takes on a phone."""


def performance_and_budget(board: Board, palette: Palette, width: int | None = None) -> Spec:
    """Capaian and absorption of each section as two points on one line."""
    records = [_pair_record(n, s) for n, s in enumerate(ranked(board))]
    low, high = _pair_domain(records)
    axis = alt.Axis(values=[t for t in ticks(low, high) if t >= 0], labelExpr=_PERCENT_LABEL, labelFlush=True)
    rows = Rows(alt.Scale(domain=[low, high], nice=False, zero=False), axis)
    marks = (*_pair_marks(rows, palette), *_pair_texts(rows, palette, low), *_pair_words(rows, palette, records))
    chart = layered(records, *marks).properties(height=alt.Step(_DUMBBELL_STEP))
    return specification(chart, palette, performance_and_budget_alt(board), width)


def performance_and_budget_table(board: Board) -> Table:
    """Every section, and the office: capaian, and the budget with what was spent of it, in rupiah."""
    headers = ("Seksi", "Capaian", "Serapan anggaran", "Anggaran terisi", "Pagu (Rp)", "Realisasi (Rp)")
    rows = [(s.section.short, s.mean, s.absorption) for s in ranked(board)]
    if rows:
        rows.append(("Jumlah", board.mean, board.absorption))
    return headers, tuple(
        (
            name,
            percent(mean.value),
            percent(a.percent),
            f"{a.known} dari {a.total}",
            format_number(a.budget, 0) if a.total else NO_VALUE,
            format_number(a.spent, 0) if a.known else NO_VALUE,
        )
        for name, mean, a in rows
    )


def performance_and_budget_alt(board: Board) -> str:
    parts = [
        f"{s.section.short} capaian {percent(s.mean.value)}, serapan {percent(s.absorption.percent)}"
        for s in ranked(board)
    ]
    return f"Capaian dan serapan anggaran per seksi: {'; '.join(parts) or NO_VALUE}."


_PERCENT_LABEL = "datum.label + '\u00a0%'"


def _pair_record(row: int, figures: SectionFigures) -> Record:
    value, spent = figures.mean.value, figures.absorption.percent
    spent_is_left = value is None or spent is None or spent <= value
    return {
        "row": row,
        "name": figures.section.short,
        "value": position(value),
        "spent": position(spent),
        "value_label": _whole(value),
        "spent_label": _whole(spent),
        "spent_is_left": spent_is_left,
        "absent": " · ".join(_absent(value, spent)),
    }


def _absent(value: Decimal | None, spent: Decimal | None) -> list[str]:
    return [f"{word} {NO_VALUE}" for word, v in (("capaian", value), ("serapan", spent)) if v is None]


def _whole(value: Decimal | None) -> str:
    return "" if value is None else format_number(value, 0)


def _pair_domain(records: list[Record]) -> tuple[float, float]:
    """From 0 to 110, further where a point lies beyond, with room for the numbers outside the points."""
    places = [r[key] for r in records for key in ("value", "spent") if r[key] is not None]
    low, high = min([12.0, *places]), max([float(TARGET), *places])
    room = (high - low) * 0.1
    return min(0.0, low - room), high + room


def _pair_marks(rows: Rows, palette: Palette) -> tuple[alt.Chart, ...]:
    line = base().mark_rule(color=palette.plan, strokeWidth=1.5, yOffset=_MARK_OFFSET)
    both = line.transform_filter("isValid(datum.value) && isValid(datum.spent)")
    spent = base().mark_point(
        shape="diamond", size=70, filled=True, fill=palette.page, stroke=palette.ochre, strokeWidth=1.8,
        yOffset=_MARK_OFFSET, opacity=1,
    )  # fmt: skip
    value = base().mark_point(shape="circle", size=80, filled=True, color=palette.navy, yOffset=_MARK_OFFSET, opacity=1)
    return (
        rows.place(both, "spent", x2="value:Q"),
        rows.place(spent.transform_filter("isValid(datum.spent)"), "spent"),
        rows.place(value.transform_filter("isValid(datum.value)"), "value"),
    )


def _pair_texts(rows: Rows, palette: Palette, low: float) -> tuple[alt.Chart, ...]:
    name = base().mark_text(align="left", yOffset=_NAME_OFFSET, limit={"expr": "0.7 * width"})
    absent = base().mark_text(align="left", fontSize=12, color=palette.muted, yOffset=_MARK_OFFSET)
    spent = _outside("datum.spent_is_left", fontSize=12.5, color=palette.chip_now.text)
    value = _outside("!datum.spent_is_left", fontWeight=700, color=palette.navy)
    return (
        rows.at(name, low, text="name:N"),
        rows.at(absent, low, text="absent:N"),
        rows.place(spent, "spent", text="spent_label:N"),
        rows.place(value, "value", text="value_label:N"),
    )


def _outside(is_left: str, **style: Any) -> alt.Chart:
    """Numbers on the outer side of their points, so that the line between the two stays free."""
    align, shift = {"expr": f"{is_left} ? 'right' : 'left'"}, {"expr": f"{is_left} ? -9 : 9"}
    mark: alt.Chart = base().mark_text(align=align, dx=shift, yOffset=_MARK_OFFSET, **style)
    return mark


def _pair_words(rows: Rows, palette: Palette, records: list[Record]) -> tuple[alt.Chart, ...]:
    """The two words, once, over the first row that has both points."""
    row = next((r for r in records if r["value"] is not None and r["spent"] is not None), None)
    if row is None:
        return ()
    near = abs(row["value"] - row["spent"]) < _WORD_SPACE
    left = min(row["value"], row["spent"])
    over_name = left < _CHARACTER_SPACE * len(row["name"]) + _WORD_SPACE / 2
    offset = _NAME_OFFSET - 14 if over_name else _MARK_OFFSET - 15
    sides = _word_sides(near, row["spent_is_left"])
    first = base().transform_filter(f"datum.row === {row['row']}")
    spent = first.mark_text(text="serapan", color=palette.chip_now.text, fontSize=12, yOffset=offset, align=sides[0])
    value = first.mark_text(
        text="capaian", color=palette.navy, fontSize=12, fontWeight=700, yOffset=offset, align=sides[1]
    )
    return rows.place(spent, "spent"), rows.place(value, "value")


def _word_sides(near: bool, spent_is_left: bool) -> tuple[Side, Side]:
    """Both words over their points, or leaning away from each other where the points are near."""
    if not near:
        return "center", "center"
    return ("right", "left") if spent_is_left else ("left", "right")
