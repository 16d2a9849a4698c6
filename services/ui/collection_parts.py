"""The HTML of Pengumpulan data: dates, figures, the cells of each section, and how punctually it sent."""

from __future__ import annotations

from services.domain.numbers import format_datetime, format_day, format_period, format_short_date
from services.domain.roles import CycleState
from services.ui.dashboard import figures, pill
from services.ui.html import ProcessKind, esc, process_chip
from services.views.collection import Cell, CellState, Collected, Collection
from services.views.office import Office
from services.views.reminders import addressee

SYMBOLS = {
    CellState.GIVEN: "✓",
    CellState.LATE: "✓",
    CellState.DOUBTFUL: "?",
    CellState.MISSING: "○",
    CellState.ANNUAL: "thn",
    CellState.NOT_DUE: "–",
}


def meta(found: Collection | None) -> tuple[str, ...]:
    """The line under the title: step, tenggat and kunci."""
    if found is None:
        return ("Langkah 2",)
    due = f"tenggat {format_short_date(found.cycle.due_on)}"
    if found.cycle.locked_at:
        return ("Langkah 2", due, f"data dikunci {format_short_date(found.cycle.locked_at.date())}")
    locks = (f"kunci {format_short_date(found.cycle.locks_on)}",) if found.cycle.locks_on else ()
    return ("Langkah 2", due, *locks)


def lead(found: Collection) -> str:
    """What the two dates mean now."""
    return f'<div class="mv-say mv-lead">{_dates(found)}</div>'


def _dates(found: Collection) -> str:
    cycle = found.cycle
    if found.state is CycleState.ARCHIVED:
        return f"{format_period(cycle.period)} sudah diarsipkan. Isiannya hanya dapat dibaca."
    if found.state is CycleState.LOCKED:
        since = format_datetime(cycle.locked_at) if cycle.locked_at else "karena tanggal kuncinya sudah lewat"
        return f"Isian dikunci <strong>{since}</strong>. Hanya seksi dengan pengecualian yang masih dapat mengisi."
    due = f"Tenggat <strong>{format_day(cycle.due_on)}</strong>"
    lock = f"kunci <strong>{format_day(cycle.locks_on)}</strong>" if cycle.locks_on else ""
    if found.days_to_due:
        later = f" Sesudahnya data tetap diterima sebagai terlambat, sampai {lock}." if lock else ""
        return f"{due}, sisa {found.days_to_due} hari kerja.{later}"
    later = f" Data masih diterima sebagai terlambat sampai {lock}, sisa {found.days_to_lock} hari kerja."
    return f"{due} sudah lewat.{later if lock else ' Data masih diterima sebagai terlambat.'}"


def key_figures(found: Collection) -> str:
    annual, doubtful = found.count(CellState.ANNUAL), found.count(CellState.DOUBTFUL)
    cards = (
        ("Seksi sudah mengirim", f"{found.sent} dari {len(found.sections)}", _late_sections(found)),
        (
            "Indikator terisi",
            f"{found.given} dari {found.due}",
            pill("open", f"{annual} diukur tahunan") if annual else "",
        ),
        ("Perlu diperiksa", str(doubtful), pill("doubt" if doubtful else "open", "sel meragukan")),
        _time_left(found),
    )
    return figures(cards)


def _late_sections(found: Collection) -> str:
    late = sum(s.form.late for s in found.sections)
    return pill("late", f"{late} terlambat") if late else pill("done", "tidak ada yang terlambat")


def _time_left(found: Collection) -> tuple[str, str, str]:
    if found.state is not CycleState.OPEN:
        until = max((e.until for e in found.exceptions), default=None)
        note = pill("now", f"s.d. {format_short_date(until)}") if until else pill("open", "tidak ada yang berlaku")
        return "Pengecualian kunci", str(len(found.exceptions)), note
    if found.days_to_due:
        return "Sisa sampai tenggat", f"{found.days_to_due} hari kerja", pill("now", "sebelum terlambat")
    if found.cycle.locks_on is None:
        return "Sisa sampai kunci", "–", pill("open", "tanggal kunci belum ada")
    return "Sisa sampai kunci", f"{found.days_to_lock} hari kerja", pill("late", "tenggat sudah lewat")


def legend(found: Collection) -> str:
    """The kinds of cells that occur."""
    there = [state for state in CellState if found.count(state)]
    items = "".join(f"<li>{_square(state)}<span>{state.value}</span></li>" for state in there)
    return f'<ul class="mv-co-legend">{items}</ul>'


def section_line(office: Office, section: Collected) -> str:
    """Name, cells, count and state of one section."""
    form = section.form
    squares = "".join(f'<li title="{esc(_cell_text(cell))}">{_square(cell)}</li>' for cell in section.cells)
    return (
        f'<div class="mv-co-row"><div class="mv-co-who"><strong>{esc(form.section.name)}</strong>'
        f"<span>{esc(addressee(office, form.section.id))}</span></div>"
        f'<div class="mv-co-given"><ul class="mv-co-cells">{squares}</ul>'
        f"<span><strong>{form.given}</strong> dari {form.due}</span></div>"
        f'<div class="mv-co-state">{"".join(_chips(section))}</div></div>'
    )


def sent_list(office: Office, sections: tuple[Collected, ...]) -> str:
    return f'<div class="mv-card mv-co-list">{"".join(section_line(office, s) for s in sections)}</div>'


def owed_list(section: Collected) -> str:
    """For those who only look: what the section still owes."""
    if not section.owed:
        return '<p class="mv-note">Semua indikator sudah terisi; datanya belum dikirim.</p>'
    items = "".join(
        f"<li>{esc(gap.measure.indicator.name)}: {gap.kind.value}</li>" for gap in section.owed if gap.kind.blocks
    )
    more = sum(not gap.kind.blocks for gap in section.owed)
    rest = f"<li>{more} penjelasan, anggaran, atau bukti belum ada</li>" if more else ""
    return f'<ul class="mv-co-owed">{items}{rest}</ul>'


def _square(of: Cell | CellState) -> str:
    state = of.state if isinstance(of, Cell) else of
    said = f'<span class="mv-sr">{esc(_cell_text(of))}</span>' if isinstance(of, Cell) else ""
    symbol = f'<span aria-hidden="true">{SYMBOLS[state]}</span>'
    return f'<span class="mv-co-cell mv-co-s-{state.name.lower()}">{symbol}{said}</span>'


def _cell_text(cell: Cell) -> str:
    since = f", {format_datetime(cell.since)}" if cell.since and cell.state in (CellState.GIVEN, CellState.LATE) else ""
    return f"{cell.item.number}. {cell.item.measure.indicator.name}: {cell.state.value}{since}"


def _chips(section: Collected) -> list[str]:
    form = section.form
    late = f"terlambat {form.late_days} hari kerja"
    chips = []
    if form.submission is None:
        chips.append(process_chip("late", late.capitalize()) if form.late else process_chip("open", "Belum dikirim"))
    else:
        sent = f"Dikirim {format_short_date(form.submission.at.date())}"
        kind: ProcessKind = "late" if form.late else "done" if section.is_complete else "doubt"
        remarks = (sent, *([late] if form.late else []), *([] if section.is_complete else ["belum lengkap"]))
        chips.append(process_chip(kind, ", ".join(remarks)))
    if section.exception:
        chips.append(process_chip("now", f"Dibuka sampai {format_short_date(section.exception.until)}"))
    return chips
