"""What the form and the table of Isian both show: states, figures, wording."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from services.actions.entries import is_link
from services.domain.attainment import Outcome
from services.domain.indicators import Aggregation, Period
from services.domain.numbers import (
    clean,
    format_bounds,
    format_datetime,
    format_day,
    format_money,
    format_number,
    format_percent,
    format_short_date,
    format_time,
    short_period,
)
from services.domain.roles import CycleState
from services.store import schema
from services.ui.html import esc, process_chip, rating_chip
from services.views.entries import Changed, Gap, GapKind, Item, ItemState, SectionForm
from services.views.history import shown
from services.views.measures import Measure
from services.views.office import Cycle, LockException, Office

SOURCE = "Halaman Isian data"
LABELS = {
    "actual": "realisasi",
    "spent": "realisasi anggaran",
    "obstacle": "faktor penghambat",
    "follow_up": "tindak lanjut",
    "evidence": "tautan bukti dukung",
    "driver": "faktor pendorong",
}
SYMBOLS = {ItemState.GIVEN: "✓", ItemState.DOUBTFUL: "?", ItemState.EMPTY: "○", ItemState.ANNUAL: "thn"}
_NONE = "belum ada"


@cache
def style() -> str:
    return f"<style>{Path(__file__).with_name('entry.css').read_text('utf-8')}</style>"


def symbol(form: SectionForm, item: Item) -> str:
    """State of one indicator: given but with something missing is "!"."""
    if item.state is ItemState.GIVEN and any(gap.number == item.number for gap in form.gaps):
        return "!"
    return SYMBOLS[item.state]


def unit_of(m: Measure) -> str:
    return clean(m.indicator.unit)


def actual_label(m: Measure, escape: Callable[[object], str] = str) -> str:
    """Name of the field; ``escape`` is for the unit, which is somebody's text."""
    alone = " saja" if m.indicator.aggregation is Aggregation.SUM else ""
    return f"Realisasi {short_period(m.period)}{alone} ({escape(unit_of(m))})"


def spent_label(m: Measure) -> str:
    return f"Realisasi anggaran s.d. {short_period(m.period)} (Rp)"


def moment(at: datetime, now: datetime) -> str:
    """``10.18``, on another day ``2 Nov 10.18``."""
    return format_time(at) if at.date() == now.date() else f"{format_short_date(at.date())} {format_time(at)}"


# --- state of the section ----------------------------------------------------------------------------------------


def banner(form: SectionForm, office: Office, now: datetime, *, editable: bool) -> str:
    """The line under the head: how far the section is, until when, whether it has been sent or closed."""
    cycle = office.cycles[form.period]
    locked = cycle.is_locked(now)
    if locked and not editable:
        return _say(process_chip("done", "Dikunci"), _closed(office, cycle, now), "mv-sent")
    until = _until(form, cycle, office.exception(form.period, form.section.id) if locked else None)
    if form.submission:
        return _say(process_chip("done", "Terkirim"), " ".join(filter(None, (_sent(form), until))), "mv-sent")
    text = f"<strong>{form.given} dari {form.due}</strong> terisi. {_due(form)} {until}".rstrip()
    if form.late:
        return _say(process_chip("late", "Terlambat"), text, "mv-bad")
    return _say(process_chip("now", "Berjalan"), text, "")


def _closed(office: Office, cycle: Cycle, now: datetime) -> str:
    if office.state(cycle.period, now) is CycleState.ARCHIVED:
        return "Laporan triwulan ini sudah diarsipkan; isiannya hanya dapat dibaca."
    when = format_datetime(cycle.locked_at) if cycle.locked_at else "karena tanggal kuncinya sudah lewat"
    text = f"Isian triwulan ini dikunci {when} dan hanya dapat dibaca."
    return f"{text} Bila ada yang harus diubah, mintalah pengecualian kepada Kasubag PKP."


def _until(form: SectionForm, cycle: Cycle, exception: LockException | None) -> str:
    """Until when figures are still taken, where it is another day than the tenggat."""
    if exception:
        day = format_day(exception.until)
        return f"Isian sudah dikunci, tetapi bagi seksi ini dibuka sampai <strong>{day}</strong>."
    if cycle.locks_on is None or not (form.late or form.submission):
        return ""
    return f"Isian masih diterima sampai kunci <strong>{format_day(cycle.locks_on)}</strong>."


def _say(chip: str, text: str, kind: str) -> str:
    return f'<div class="mv-say {kind}"><p>{chip} {text}</p></div>'


def _due(form: SectionForm) -> str:
    if form.due_on is None:
        return ""
    late = f", terlambat {form.late_days} hari kerja" if form.late else ""
    return f"Tenggat <strong>{format_day(form.due_on)}</strong>{late}."


def _sent(form: SectionForm) -> str:
    assert form.submission is not None
    late = f"terlambat {form.late_days} hari kerja" if form.late else "tepat waktu"
    text = f"Data {esc(form.section.short)} diterima {format_datetime(form.submission.at)}, {late}."
    reason = f" Alasan: {esc(form.submission.note)}" if form.submission.note else ""
    again = " Ada isian yang disimpan sesudahnya; kirim ulang bila sudah benar." if form.changed_since else ""
    return text + reason + again + _not_yet_counted(form)


def _not_yet_counted(form: SectionForm) -> str:
    """Which figures were changed after they were given in; dasbor and report keep the old ones until then."""
    if not form.changes:
        return ""
    numbers = {item.measure.indicator.id: item.number for item in form.items}
    lines = "; ".join(_change(change, numbers) for change in form.changes)
    return f" Dasbor dan laporan tetap memakai angka yang dikirim sampai dikirim ulang: {lines}."


def _change(change: Changed, numbers: Mapping[str, int]) -> str:
    column = schema.ENTRY.column(change.column)
    number = numbers.get(change.entry.indicator_id, 0)
    who = f", {change.by}" if change.by else ""
    when = format_datetime(change.since) if change.since else "di luar aplikasi"
    old, new = shown(change.old, column), shown(change.new, column)
    return f"nomor {number} {LABELS[change.column]} {esc(old)} menjadi {esc(new)} ({esc(when + who)})"


def section_state(form: SectionForm) -> str:
    """One line for the choice of section."""
    if form.submission:
        state = "terkirim, terlambat" if form.late else "terkirim"
    else:
        state = "terlambat" if form.late else "belum dikirim"
    return f"{form.section.short} · {form.given} dari {form.due} · {state}"


# --- one indicator -----------------------------------------------------------------------------------------------


def head(form: SectionForm, item: Item) -> str:
    """Number, code, direction and way of counting, name, target and the values before."""
    i = item.measure.indicator
    arah = f"arah {i.polarity.value}" if i.polarity else "arah belum diisi"
    meta = " · ".join(
        filter(None, (f"Indikator {item.number} dari {len(form.items)}", i.code, arah, i.aggregation.value))
    )
    return f'<p class="mv-meta">{esc(meta)}</p><h2 class="mv-h2">{esc(i.name)}</h2>{_figures(item)}'


def _figures(item: Item) -> str:
    m = item.measure
    cells = [_target(m), *((_period_name(p, m.period), _actual_at(item, p)) for p in compared_periods(m))]
    return f'<dl class="mv-is-lalu">{"".join(_figure(name, value) for name, value in cells)}</dl>'


def _target(m: Measure) -> tuple[str, str]:
    """Of the quarter, or of the year where only the year has one."""
    annual = m.indicator.aggregation is Aggregation.ANNUAL and m.in_force is not None
    bounds = m.in_force.annual if annual and m.in_force else m.target
    unit = unit_of(m) if unit_of(m) == "%" else ""
    return f"Target {m.period.year if annual else short_period(m.period)}", format_bounds(
        bounds, unit
    ) if bounds else ""


def _figure(name: str, value: str) -> str:
    mark = "" if value else ' class="mv-none"'
    return f"<div><dt>{esc(name)}</dt><dd{mark}>{esc(value or '–')}</dd></div>"


def compared_periods(m: Measure) -> tuple[Period, ...]:
    """Earlier quarters of the year (before TW I: the last of the year before), and the same quarter a year ago.

    Of an annual indicator only the end of the year before, for no other quarter has a value.
    """
    period = m.period
    if m.indicator.aggregation is Aggregation.ANNUAL:
        return (Period(period.year - 1, 4),)
    earlier = tuple(Period(period.year, q) for q in range(1, period.quarter)) or (period.previous(),)
    return (*earlier, Period(period.year - 1, period.quarter))


def _period_name(p: Period, current: Period) -> str:
    return short_period(p) if p.year == current.year else f"{short_period(p)} {p.year}"


def _actual_at(item: Item, period: Period) -> str:
    actual = next((m.actual for m in item.past if m.period == period), None)
    return "" if actual is None else format_number(actual)


def attainment(m: Measure) -> str:
    """Capaian with its class and its formula, or why there is none."""
    to_date = m.indicator.aggregation in (Aggregation.SUM, Aggregation.MEAN) and m.period.quarter > 1
    name = f"Capaian s.d. {short_period(m.period)}" if to_date else "Capaian"
    result = m.to_date
    if result.value is None:
        when = ", diisi pada Triwulan IV" if result.outcome is Outcome.ANNUAL else ""
        shown = f"{rating_chip(None)}<span>{esc(result.outcome.value)}{when}</span>"
    else:
        value = f"<strong>{format_percent(result.value, 2)}</strong>"
        shown = f"{value}{rating_chip(m.rating)}<span>{esc(result.formula)}</span>"
    return f'<div class="mv-is-capaian" role="status"><span>{name}</span>{shown}</div>'


def absorption(m: Measure) -> str:
    if not m.budget:
        return "Indikator ini tidak mempunyai pagu pada triwulan ini."
    budget = format_money(m.budget)
    if m.spent is None:
        return f"Pagu {budget}."
    over = " Melebihi pagu; periksa jumlah digitnya." if m.spent > m.budget else ""
    return f"Serapan {format_percent(m.spent / m.budget * 100)} dari pagu {budget}.{over}"


def meaning(m: Measure) -> str:
    """Definition, formula, source and planning place of an indicator."""
    i = m.indicator
    parts = (
        ("Definisi", i.definition),
        ("Rumus", i.formula),
        ("Sumber data", i.source),
        ("Sasaran", i.objective),
        ("Program atau kegiatan", i.programme),
        ("Dasar target", m.in_force.legal_basis if m.in_force else ""),
    )
    return _fields((name, esc(text)) for name, text in parts)


def read_only(m: Measure) -> str:
    """Everything that was given, without inputs."""
    entry = m.entry
    if entry is None:
        return _fields((("Isian", esc("Indikator ini belum mempunyai baris isian pada triwulan ini.")),))
    actual = format_number(m.actual) if m.actual is not None else entry.text("actual")
    spent = format_money(m.spent) if m.spent is not None else entry.text("spent")
    money = [(spent_label(m), esc(spent))] if m.budget or spent else []
    texts = [(LABELS[name].capitalize(), esc(entry.text(name))) for name in ("obstacle", "follow_up", "driver")]
    evidence = (LABELS["evidence"].capitalize(), _link(entry.text("evidence")))
    return attainment(m) + _fields([(actual_label(m), esc(actual)), *money, *texts, evidence])


def _link(text: str) -> str:
    """A web address can be followed; any other text stands as it is."""
    if not is_link(text):
        return esc(text)
    return f'<a href="{esc(text)}" target="_blank" rel="noopener noreferrer">{esc(text)}</a>'


def _fields(parts: Iterable[tuple[str, str]]) -> str:
    """Names with their values; the values are HTML already."""
    cells = []
    for name, value in parts:
        body = f"<dd>{value}</dd>" if value else f'<dd class="mv-none">{_NONE}</dd>'
        cells.append(f"<dt>{esc(name)}</dt>{body}")
    return f'<dl class="mv-is-fields">{"".join(cells)}</dl>'


def wrong(text: str) -> str:
    return f'<p class="mv-is-note mv-wrong" role="alert">{esc(text)}</p>'


def note(text: str) -> str:
    return f'<p class="mv-is-note">{esc(text)}</p>'


# --- gaps --------------------------------------------------------------------------------------------------------


def gap_symbol(gaps: tuple[Gap, ...]) -> str:
    kinds = {gap.kind for gap in gaps}
    if kinds & {GapKind.ACTUAL_UNREADABLE, GapKind.SPENT_UNREADABLE}:
        return "?"
    return "○" if any(kind.blocks for kind in kinds) else "!"


def gaps_by_item(form: SectionForm) -> list[tuple[Item, tuple[Gap, ...]]]:
    """Every indicator with its gaps; those that block come first."""
    found = [(item, tuple(g for g in form.gaps if g.number == item.number)) for item in form.items]
    return sorted(found, key=lambda pair: not any(gap.kind.blocks for gap in pair[1]))
