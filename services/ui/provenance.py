"""Asal angka: one figure, its formula with its numbers, and every value behind it, as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from services.domain.attainment import Outcome, Scale, round_half_up
from services.domain.indicators import ROMAN, Aggregation, Bounds
from services.domain.numbers import (
    format_bounds,
    format_datetime,
    format_number,
    format_percent,
    format_period,
    short_period,
)
from services.ui.html import esc, process_chip, rating_chip
from services.ui.reference import Column, heading, listing
from services.views.history import Provenance, Source
from services.views.measures import Measure
from services.views.office import Office

HOW = {
    Aggregation.SUM: "jumlah: realisasi tiap triwulan dijumlahkan, begitu pula targetnya",
    Aggregation.MEAN: "rata-rata: rata-rata triwulan yang sudah ada nilainya, begitu pula targetnya",
    Aggregation.LAST: "posisi akhir: nilai triwulan ini, bukan jumlah",
    Aggregation.ANNUAL: "tahunan: diukur sekali, pada Triwulan IV",
}
"""How the quarters of a year come together, for each tipe."""

_COLUMNS = (
    Column("Triwulan", fixed=True, width="6rem"),
    Column("Target", numeric=True, named=True, width="9rem"),
    Column("Tertulis", numeric=True, named=True, width="9rem"),
    Column("Diisi oleh", named=True, width="13rem"),
    Column("Catatan"),
)
_MOST_PLACES = 8


def figure(found: Provenance, office: Office) -> str:
    """The figure with its class, large, and what it is about."""
    m = found.measure
    section = office.section(m.indicator.section_id).name
    line = f"{section} · {format_period(m.period)} · {m.indicator.level.value}"
    value = format_percent(m.to_date.value) if m.to_date.value is not None else _capital(m.to_date.outcome.value)
    return (
        f'<h2 class="mv-title">{esc(m.indicator.name)}</h2><p class="mv-sub">{esc(line)}</p>'
        f'<p class="mv-figure"><strong>{esc(value)}</strong>{_chip(m)}'
        f'<span class="mv-sub">capaian s.d. {esc(format_period(m.period))}</span></p>'
    )


def working(found: Provenance, office: Office) -> str:
    """The way from the values to the class, line by line."""
    items = "".join(f"<li><span>{esc(name)}</span>{text}</li>" for name, text in _lines(found, office))
    return heading("Cara menghitung") + f'<ul class="mv-working">{items}</ul>'


def sources(found: Provenance) -> str:
    """Each quarter's typed value, with who gave it and when."""
    rows = [_source_row(source) for source in found.sources]
    marks = ["" if source.counts else "mv-off" for source in found.sources]
    return heading("Nilai yang dipakai") + listing(_COLUMNS, rows, "Nilai setiap triwulan", marks)


def scale_rule(scale: Scale, value: Decimal) -> str:
    """How a capaian gets its class: ``dibulatkan ke bilangan bulat, setengah ke atas: 90,5 → 91``."""
    rating = scale.rate(value)
    bound = "" if rating is None or rating.lower is None else f" (mulai {rating.lower})"
    label = rating.label if rating else ""
    whole = format_number(round_half_up(value))
    return f"dibulatkan ke bilangan bulat, setengah ke atas: {_telling(value)} → {whole}, {label}{bound}"


def _telling(value: Decimal) -> str:
    """The value with as many decimals as it takes to see how it is rounded: 90,46 and not 90,5."""
    right = round_half_up(value)
    for places in range(1, _MOST_PLACES):
        if round_half_up(round_half_up(value, places)) == right:
            return format_number(value, places)
    return format_number(value, _MOST_PLACES)


def _lines(found: Provenance, office: Office) -> Iterator[tuple[str, str]]:
    m = found.measure
    unit = m.indicator.unit
    yield "Tipe", esc(HOW[m.indicator.aggregation])
    # A value of an earlier quarter must not pass for this one's.
    total = None if m.to_date.outcome in (Outcome.NOT_MEASURED, Outcome.UNREADABLE) else m.actual_to_date
    yield "Realisasi s.d. triwulan", esc(_sum(found, total, actual_of) + _amount(total, unit))
    goal = m.target_to_date.low if m.target_to_date else None
    yield "Target s.d. triwulan", esc(_sum(found, goal, goal_of) + _target(m.target_to_date, unit)) + _revision(found)
    if m.to_date.value is not None:
        result = format_percent(m.to_date.value, 2)
        yield "Capaian", f"{esc(m.to_date.formula)} = <strong>{esc(result)}</strong>{_polarity(m)}"
        yield "Kategori", esc(scale_rule(office.scale, m.to_date.value))
    else:
        yield "Capaian", esc(m.to_date.outcome.value)
    if m.problem:
        yield "Perlu diperbaiki", esc(m.problem.message())
    yield "Triwulan ini saja", _part(m.quarter.value, m.quarter.formula, m.quarter.outcome)
    yield "Terhadap target tahunan", _annual(m)


def actual_of(source: Source) -> Decimal | None:
    return source.actual


def goal_of(source: Source) -> Decimal | None:
    return source.goal.low if source.goal and not source.goal.is_range else None


def _sum(found: Provenance, total: Decimal | None, part: Callable[[Source], Decimal | None]) -> str:
    """How the quarters come together: ``15 + 15 + 12 = ``; "" where there is nothing to put together."""
    averaged = found.measure.indicator.aggregation is Aggregation.MEAN
    used = [s for s in found.sources if s.counts and (s.actual is not None or not averaged)]
    parts = [value for value in map(part, used) if value is not None]
    if len(parts) < 2 or (sum(parts) / len(parts) if averaged else sum(parts)) != total:
        return ""
    text = " + ".join(map(format_number, parts))
    return f"({text}) / {len(parts)} = " if averaged else f"{text} = "


def _polarity(m: Measure) -> str:
    return f' <span class="mv-quiet">arah {esc(m.indicator.polarity.value)}</span>' if m.indicator.polarity else ""


def _annual(m: Measure) -> str:
    goal = m.in_force.annual if m.in_force else None
    text = _part(m.annual.value, m.annual.formula, m.annual.outcome)
    return f"{text} <span class='mv-quiet'>target tahunan {esc(_target(goal, m.indicator.unit))}</span>"


def _part(value: Decimal | None, formula: str, outcome: Outcome) -> str:
    return f"{esc(formula)} = {esc(format_percent(value, 2))}" if value is not None else esc(outcome.value)


def _revision(found: Provenance) -> str:
    target = found.measure.in_force
    if target is None:
        return ""
    when = f"revisi mulai Triwulan {ROMAN[target.valid_from]}" if target.valid_from > 1 else "target awal tahun"
    basis = f", {target.legal_basis}" if target.legal_basis else ", tanpa dasar hukum"
    return f' <span class="mv-quiet">{esc(when + basis)}</span>'


def _source_row(source: Source) -> tuple[str, ...]:
    at = f'<p class="mv-quiet">{esc(format_datetime(source.entered_at))}</p>' if source.entered_at else ""
    note = f'<span class="mv-quiet mv-bad">{esc(source.note)}</span>' if source.note else ""
    unused = "" if source.counts else '<span class="mv-quiet">tidak ikut dihitung</span>'
    return (
        f"<strong>{esc(short_period(source.period))}</strong>",
        esc(source.target or "belum ada"),
        esc(source.typed or "belum dibuka"),
        esc(source.entered_by) + at,
        note or unused,
    )


def _amount(value: Decimal | None, unit: str) -> str:
    return format_bounds(Bounds(value, value), unit) if value is not None else "belum dapat diketahui"


def _target(target: Bounds | None, unit: str) -> str:
    return format_bounds(target, unit) if target else "belum ada"


def _chip(m: Measure) -> str:
    if m.to_date.outcome in (Outcome.ANNUAL, Outcome.ACHIEVED, Outcome.NOT_ACHIEVED, Outcome.NOT_TARGETED):
        return ""
    return process_chip("doubt", "Perlu diperbaiki") if m.problem else rating_chip(m.rating)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
