"""The parts of the dashboard that are HTML: they reflow on a telephone and can be read aloud.

Every text that a person typed is escaped here; callers hand over views, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from services.charts.marks import cell_text, overrun_text
from services.charts.palette import rating_symbol
from services.charts.trend import quarter_label
from services.domain.attainment import UNRATED, Mean, Rating, Scale
from services.domain.clock import Calendar, say_minutes
from services.domain.indicators import Indicator, Period
from services.domain.numbers import (
    MONTHS,
    format_date,
    format_number,
    format_percent,
    format_period,
    format_short_date,
    format_time,
    period_range,
    round_half_up,
    short_period,
)
from services.domain.process import Progress, StepState
from services.ui.html import esc, process_chip, rating_chip
from services.views.board import Board, HeatGroup, HeatRow, MissingGroup
from services.views.findings import open_findings
from services.views.measures import Absorption, Measure
from services.views.office import Office
from services.views.steps import Steps

STYLE = Path(__file__).with_name("dashboard.css")
MILLION, BILLION = Decimal(10) ** 6, Decimal(10) ** 9


def nothing_to_show(office: Office, period: Period) -> tuple[str, str] | None:
    """Title and text of the empty state, when there is nothing yet that a figure could be about."""
    if not office.indicators:
        return (
            "Kamus indikator masih kosong",
            "Kasubag PKP mengisi indikator dan targetnya di halaman Kamus indikator, lalu membuka triwulan.",
        )
    if period not in office.cycles:
        return (
            f"{format_period(period)} belum dibuka",
            "Kasubag PKP membuka triwulan di halaman Buka triwulan; sejak saat itu langkah 1 berjalan dan angkanya "
            "tampil di sini.",
        )
    return None


def waiting_for_data(office: Office, board: Board) -> str:
    """Instead of charts without a single figure: who gives the data until when. Empty once there is one."""
    cycle = office.cycles.get(board.period)
    if cycle is None or board.mean.value is not None:
        return ""
    until = format_date(cycle.due_on)
    return (
        '<p class="mv-note">Belum ada realisasi yang dapat digambar. Setiap seksi mengisi dan mengirim datanya di '
        f"halaman Isian data sampai {until}.</p>"
    )


def heading(text: str) -> str:
    return f'<h2 class="mv-h">{text}</h2>'


def part(title: str, body: str) -> str:
    """A heading and what belongs to it; in one element, because the browser works on each of them in every run."""
    return f'<section class="mv-part">{heading(title)}{body}</section>'


def has_trend(board: Board) -> bool:
    return any(point.mean.value is not None for point in board.trend)


def scope(period: Period) -> tuple[str, ...]:
    """What the figures are about, for the line under the title."""
    return f"Capaian sampai dengan {format_period(period)}", f"periode {period_range(period)}"


# The sentence on top


def sentence(board: Board, now: datetime) -> str:
    """Where the quarter stands, in two sentences."""
    return f'<div class="mv-say mv-lead">{_standing(board)} {_report_due(board.steps, now)}</div>'


def _standing(board: Board) -> str:
    mean = board.mean
    if mean.value is None:
        due = f"dari {mean.expected} indikator" if mean.expected else "yang diukur pada triwulan ini"
        return f"Belum ada indikator terukur {due}."
    start = f"Rata-rata capaian <strong>{format_percent(mean.value)}</strong> {rating_chip(board.rating)}"
    count = f"<strong>{mean.measured} dari {mean.expected}</strong>"
    if mean.complete:
        return f"{start} dari {mean.expected} indikator; semuanya sudah terukur."
    return f"{start}, tetapi baru {count} indikator terukur: nilai akhirnya antara {_between(mean)}."


def _between(mean: Mean) -> str:
    low, high = mean.low or Decimal(0), mean.high or Decimal(0)
    return f"{format_number(low, 1)} dan {format_percent(high)}"


def _report_due(steps: Steps, now: datetime) -> str:
    if steps.forecast is None:
        return ""
    word = "selesai" if steps.finished else "diperkirakan selesai"
    return f"Laporan {word} <strong>{_day(steps.forecast, now)}</strong>{_delay(steps)}."


def _day(moment: datetime, now: datetime) -> str:
    """``19 November``, with the year when it is another one."""
    local = moment.astimezone(now.tzinfo).date()
    return f"{local.day} {MONTHS[local.month - 1]}" if local.year == now.year else format_date(local)


def _delay(steps: Steps) -> str:
    if steps.delay is None:
        return ""
    if steps.delay == 0:
        return ", sesuai rencana"
    side = "setelah" if steps.delay > 0 else "sebelum"
    return f", {_working_time(abs(steps.delay), steps.calendar)} {side} rencana"


def _working_time(minutes: int, calendar: Calendar) -> str:
    days = round_half_up(Decimal(minutes) / calendar.minutes_per_day)
    return f"{days} hari kerja" if days else f"{say_minutes(minutes, calendar)} kerja"


# The four key figures


def key_figures(board: Board) -> str:
    cards = (
        ("Rata-rata capaian", _mean_text(board), _change(board)),
        ("Indikator terukur", f"{board.mean.measured} dari {board.mean.expected}", _unmeasured(board)),
        ("Serapan anggaran", _absorption_text(board.absorption), _spent(board.absorption)),
        ("Langkah selesai", f"{board.steps.done} dari {len(board.steps.items)}", _late_steps(board.steps)),
    )
    return figures(cards)


def figures(cards: Iterable[tuple[str, str, str]]) -> str:
    """Key figures beside each other: name, value, and a note that is HTML already."""
    return f'<div class="mv-figs">{"".join(_card(*card) for card in cards)}</div>'


def _card(label: str, value: str, note: str) -> str:
    return (
        f'<div class="mv-card mv-fig"><div class="mv-fig-label">{esc(label)}</div>'
        f'<div class="mv-fig-value">{esc(value)}</div><div class="mv-fig-note">{note}</div></div>'
    )


def _mean_text(board: Board) -> str:
    return "–" if board.mean.value is None else format_percent(board.mean.value)


def _change(board: Board) -> str:
    if board.change is None:
        return pill("open", "belum ada pembanding")
    before = esc(f"dari {short_period(board.period.previous())}")
    rounded = round_half_up(board.change, 1)
    points = format_number(abs(rounded), 1)
    if rounded == 0:
        return pill("open", "tetap") + f"<span>{before}</span>"
    kind, arrow, sign = ("done", "↑", "+") if rounded > 0 else ("late", "↓", "−")
    return pill(kind, f"{arrow} {sign}{points} poin") + f"<span>{before}</span>"


def _unmeasured(board: Board) -> str:
    missing = board.mean.expected - board.mean.measured
    return pill("open", f"{missing} belum ada data") if missing else pill("done", "lengkap")


def _absorption_text(absorption: Absorption) -> str:
    return "–" if absorption.percent is None else format_percent(absorption.percent)


def _spent(absorption: Absorption) -> str:
    unknown = absorption.total - absorption.known
    if not absorption.total:
        return pill("open", "belum ada pagu")
    if unknown:
        return f"{pill('now', f'{unknown} belum diisi')}<span>{short_money(absorption.spent)}</span>"
    return f"<span>{short_money(absorption.spent)} dari {short_money(absorption.budget)}</span>"


def short_money(amount: Decimal) -> str:
    """``Rp 1,25 miliar``, ``Rp 840 juta``, ``Rp 12.500``: for tight places only."""
    for unit, word, places in ((BILLION, "miliar", 2), (MILLION, "juta", 0)):
        if abs(amount) >= unit:
            return f"Rp\u00a0{format_number(amount / unit, places)}\u00a0{word}"
    return f"Rp\u00a0{format_number(amount, 0)}"


def _late_steps(steps: Steps) -> str:
    return pill("late", f"{steps.late} terlambat") if steps.late else pill("done", "sesuai waktu baku")


def pill(kind: str, text: str) -> str:
    """A round chip in the note of a key figure."""
    return f'<span class="mv-chip mv-{kind}">{esc(text)}</span>'


# The strip of the 13 steps


def strip(board: Board, now: datetime) -> str:
    """The running step with its holder and time left, over one cell for each step."""
    return f'<section class="mv-card mv-steps">{_running(board.steps, now)}{strip_cells(board.steps)}</section>'


def strip_cells(steps: Steps) -> str:
    """One cell for each step: done, running, late, to come."""
    cells = "".join(_strip_cell(item, steps) for item in steps.items)
    return f'<ol class="mv-strip">{cells}</ol>'


def _running(steps: Steps, now: datetime) -> str:
    current = steps.current
    if current is None:
        text = "Ketiga belas langkah selesai" if steps.finished else "Langkah belum berjalan"
        return f'<div class="mv-running"><strong>{text}</strong></div>'
    title = f"Langkah {current.step.no} dari {len(steps.items)}: {current.step.procedure}"
    return (
        f'<div class="mv-running"><div><strong>{esc(title)}</strong> <span>{esc(_holder(current, now))}</span></div>'
        f"{_time_left(current, steps, now)}</div>"
    )


def _holder(current: Progress, now: datetime) -> str:
    people = " dan ".join(role.label for role in current.step.executor) or "belum ditetapkan"
    proposal = "" if current.step.confirmed else " (usulan)"
    again = f", putaran koreksi ke-{current.rounds}" if current.rounds else ""
    return f"dipegang {people}{proposal}{_due(current.due_at, now)}{again}"


def _due(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return ""
    local = due_at.astimezone(now.tzinfo)
    day = "hari ini" if local.date() == now.date() else format_short_date(local.date())
    return f", tenggat {day} {format_time(local)}"


def _time_left(current: Progress, steps: Steps, now: datetime) -> str:
    if current.due_at is None:
        return ""
    if current.state is StepState.LATE:
        return process_chip("late", f"Lewat {say_minutes(current.overrun, steps.calendar)} kerja")
    left = steps.calendar.between(now, current.due_at)
    return process_chip("now", f"Sisa {say_minutes(left, steps.calendar)} kerja")


_CELL_CLASSES = {
    StepState.DONE: "mv-s-done",
    StepState.RUNNING: "mv-s-now",
    StepState.LATE: "mv-s-late",
    StepState.PAUSED: "mv-s-now",
    StepState.PENDING: "mv-s-open",
}
_CELL_MARKS = {
    StepState.DONE: "✓",
    StepState.RUNNING: "● kini",
    StepState.LATE: "! kini",
    StepState.PAUSED: "● jeda",
    StepState.PENDING: "",
}


def _strip_cell(item: Progress, steps: Steps) -> str:
    over = overrun_text(item.overrun, steps) if item.overrun else ""
    was_late = bool(over) and item.state is StepState.DONE
    classes = f"{_CELL_CLASSES[item.state]}{' mv-s-over' if was_late else ''}"
    title = f"{item.step.no}. {item.step.procedure}: {item.state.value}{f', lewat {over}' if over else ''}"
    extra = f' <span class="mv-s-more">+{esc(over)}</span>' if was_late else ""
    return (
        f'<li class="{classes}" title="{esc(title)}"><i></i><span class="mv-s-no">{item.step.no}'
        f'<span class="mv-s-mark"> {_CELL_MARKS[item.state]}</span>{extra}</span>'
        f'<span class="mv-s-name">{esc(item.step.short)}</span></li>'
    )


# Lists


def worst_list(board: Board, sections: dict[str, str]) -> str:
    """The lowest capaian with its obstacle. ``sections``: short name by id."""
    if not board.worst:
        done = (
            "Semua indikator terukur mencapai targetnya." if board.mean.measured else "Belum ada capaian yang terukur."
        )
        return f'<p class="mv-note">{done}</p>'
    rows = "".join(_worst_row(m, sections, board.period) for m in board.worst)
    return f'<ol class="mv-worst">{rows}</ol>'


def _worst_row(m: Measure, sections: dict[str, str], period: Period) -> str:
    obstacle = m.entry.text("obstacle").strip() if m.entry else ""
    reason = esc(obstacle) if obstacle else "<em>penghambat belum dijelaskan</em>"
    value = format_percent(m.to_date.value or Decimal(0), 0)
    section = esc(sections.get(m.indicator.section_id, m.indicator.section_id))
    return (
        f'<li><span class="mv-worst-value">{value}</span><div>{_link(m.indicator, period)}'
        f'<p title="{esc(obstacle)}">{section} · {reason}</p></div></li>'
    )


def figure_address(indicator: Indicator, period: Period) -> str:
    """Where the page Riwayat shows what a figure comes from."""
    query = urlencode({"indikator": indicator.id, "tahun": period.year, "triwulan": period.quarter})
    return f"riwayat?{query}"


def _link(indicator: Indicator, period: Period) -> str:
    return f'<a href="{esc(figure_address(indicator, period))}">{esc(indicator.name)}</a>'


def missing_list(board: Board) -> str:
    """Sections that owe values or have not sent."""
    if not board.missing:
        return f'<p class="mv-chips">{process_chip("done", "Semua seksi sudah mengirim data")}</p>'
    return f'<p class="mv-chips">{"".join(_missing_chip(group) for group in board.missing)}</p>'


def findings_line(office: Office, period: Period) -> str:
    """How many doubtful cells wait for an answer, with the way to them."""
    count = len(open_findings(office, period))
    if not count:
        return ""
    address = f"periksa?{urlencode({'tahun': period.year, 'triwulan': period.quarter})}"
    return f'<p class="mv-note"><a href="{esc(address)}">{count} temuan di Periksa data</a></p>'


def _missing_chip(group: MissingGroup) -> str:
    text = f"{len(group.missing)} dari {group.due} kosong" if group.missing else "lengkap, belum dikirim"
    return process_chip("late" if group.late else "open", f"{group.section.short}: {text}")


# Legend and heat map


@lru_cache(maxsize=16)
def heat_map(board: Board, scale: Scale, *, only_attention: bool) -> str:
    """The legend, which is also the distribution, beside the table; made once for everybody who looks at the board."""
    shown = heat_table(board, only_attention=only_attention)
    return f'<div class="mv-map">{legend(board, scale)}<div>{shown}</div></div>'


def legend(board: Board, scale: Scale) -> str:
    """The rating scale, which is also its distribution in this quarter."""
    rows = "".join(_legend_row(share.rating, share.count, scale) for share in board.shares)
    annual = (
        '<li><span class="mv-cell mv-plain">thn</span><span>Diukur tahunan</span>'
        f"<strong>{board.annual_only}</strong></li>"
    )
    return f'<ul class="mv-legend">{rows}{annual if board.annual_only else ""}</ul>'


def _legend_row(rating: Rating | None, count: int, scale: Scale) -> str:
    css, symbol = (f"mv-r{rating.rank}", rating_symbol(rating.rank)) if rating else ("mv-na", rating_symbol(None))
    label, bounds = (rating.label, _bounds(rating, scale)) if rating else (UNRATED, "NA")
    return (
        f'<li><span class="mv-cell {css}" aria-hidden="true">{symbol}</span>'
        f"<span>{esc(label)}<small>{bounds}</small></span><strong>{count}</strong></li>"
    )


def _bounds(rating: Rating, scale: Scale) -> str:
    """``≥ 91``, ``76–90``, ``≤ 50``."""
    above = next((r.lower for r in scale.ratings if r.rank == rating.rank - 1), None)
    if rating.lower is None:
        return f"≤ {above - 1}" if above is not None else ""
    return f"{rating.lower}–{above - 1}" if above is not None else f"≥ {rating.lower}"


def heat_table(board: Board, *, only_attention: bool) -> str:
    """Indicator by quarter as a real table, grouped by section; names lead to where the figure comes from."""
    periods = [point.period for point in board.trend]
    bodies = "".join(_heat_group(group, rows, periods) for group, rows in _heat_rows(board, only_attention))
    if not bodies:
        return '<p class="mv-note">Tidak ada indikator yang perlu perhatian pada triwulan ini.</p>'
    heads = "".join(_heat_head(n, p) for n, p in enumerate(periods))
    caption = f"Capaian indikator per triwulan sampai {format_period(board.period)}, dalam persen"
    return (
        f'<table class="mv-heat" role="table" style="--mv-quarters:{len(periods)}"><caption class="mv-sr">{caption}'
        f'</caption><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">'
        f'<span class="mv-sr">Indikator</span></th>{heads}</tr></thead>{bodies}</table>'
    )


def _heat_rows(board: Board, only_attention: bool) -> Iterable[tuple[HeatGroup, list[HeatRow]]]:
    for group in board.heat:
        rows = [row for row in group.rows if row.needs_attention or not only_attention]
        if rows:
            yield group, rows


def _heat_head(n: int, period: Period) -> str:
    return (
        f'<th scope="col" role="columnheader"{_gap(n, period)} title="{format_period(period)}">'
        f"{quarter_label(period, with_year=n == 0 or period.quarter == 1)}</th>"
    )


def _heat_group(group: HeatGroup, rows: list[HeatRow], periods: list[Period]) -> str:
    head = (
        f'<tr role="row" class="mv-heat-group"><th scope="rowgroup" role="rowheader" colspan="{len(periods) + 1}">'
        f"{esc(group.section.short)}</th></tr>"
    )
    return f'<tbody role="rowgroup">{head}{"".join(_heat_row(row) for row in rows)}</tbody>'


def _heat_row(row: HeatRow) -> str:
    cells = "".join(_heat_cell(n, m) for n, m in enumerate(row.cells))
    name = _link(row.indicator, row.cells[-1].period)
    return f'<tr role="row"><th scope="row" role="rowheader">{name}</th>{cells}</tr>'


def _heat_cell(n: int, m: Measure) -> str:
    css = f"mv-r{m.rating.rank}" if m.rating else "mv-na" if m.is_open else "mv-plain"
    what = f"{format_percent(m.to_date.value)}, {m.rating.label}" if m.to_date.value is not None and m.rating else ""
    title = f"{format_period(m.period)}: {what or m.to_date.outcome.value}"
    cell = f'<span class="mv-cell {css}">{cell_text(m)}</span>'
    return f'<td role="cell"{_gap(n, m.period)} title="{esc(title)}">{cell}</td>'


def _gap(n: int, period: Period) -> str:
    """A year begins: a little room before it."""
    return ' class="mv-gap"' if n and period.quarter == 1 else ""
