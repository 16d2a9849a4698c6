"""The HTML above the findings: how far they are answered, the lock of the figures, and the means before and after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.domain.attainment import Mean
from services.domain.indicators import Period
from services.domain.numbers import format_datetime, format_day, format_number
from services.domain.roles import CycleState
from services.domain.sop import PROCESSING, Event
from services.ui.html import esc, process_chip, table
from services.views.office import Cycle, Office
from services.views.processing import Answered, Recalculated


def progress(found: Answered) -> str:
    """How many findings are answered, and how."""
    if not found.total:
        return ""
    kinds = ((found.corrected, "dibetulkan"), (found.accepted, "diterima"), (found.returned, "dikembalikan ke seksi"))
    parts = ", ".join(f"{count} {word}" for count, word in kinds if count)
    done = f"<strong>{found.done} dari {found.total}</strong> temuan sudah dijawab{f': {parts}' if parts else ''}."
    rest = f" {found.waiting} menunggu jawaban." if found.waiting else ""
    return f'<div class="mv-say">{done}{rest}</div>'


def lock(office: Office, period: Period, now: datetime) -> str:
    """Whether the figures are closed, since when and by whom, and which sections are open all the same."""
    cycle = office.cycles[period]
    if office.state(period, now) is CycleState.ARCHIVED:
        return _line(process_chip("done", "Diarsipkan"), "Laporan triwulan ini sudah diarsipkan.")
    if not cycle.is_locked(now):
        last = f", paling lambat sesudah {format_day(cycle.locks_on)}" if cycle.locks_on else ""
        return _line(process_chip("now", "Terbuka"), f"Isian dikunci ketika langkah 3 selesai{last}.")
    text = f"Isian dikunci {_since(office, cycle)}. {_exceptions(office, cycle, now)}"
    return _line(process_chip("done", "Dikunci"), text)


def _line(chip: str, text: str) -> str:
    return f'<p class="mv-pd-lock">{chip} {text}</p>'


def _since(office: Office, cycle: Cycle) -> str:
    if cycle.locked_at is None:
        return f"sejak tanggal kunci {format_day(cycle.locks_on)} lewat" if cycle.locks_on else ""
    events = office.events.get(cycle.period, ())
    by = next((e.by for e in events if e.step == PROCESSING and e.event is Event.FINISHED), "")
    return f"<strong>{format_datetime(cycle.locked_at)}</strong>{f' oleh {esc(by)}' if by else ''}"


def _exceptions(office: Office, cycle: Cycle, now: datetime) -> str:
    found = ((s, office.exception(cycle.period, s.id)) for s in office.sections)
    valid = [f"{esc(s.short)} sampai {format_day(e.until)}" for s, e in found if e and e.is_valid(now)]
    return f"Masih dibuka: {'; '.join(valid)}." if valid else "Tidak ada seksi yang dikecualikan."


def means(found: Sequence[Recalculated]) -> str:
    """The means before the corrections and now, folded; what changed stands in the line that opens it."""
    changed = [r for r in found if r.changed]
    if not changed:
        return '<p class="mv-pd-more">Belum ada pembetulan yang mengubah rata-rata capaian.</p>'
    whole = found[0]
    summary = f"Rata-rata capaian kantor {_value(whole.before)} → {_value(whole.after)} sesudah pembetulan"
    rows = [_row(r) for r in found]
    headers = ("", "Sebelum", "Terukur", "Sekarang", "Terukur")
    body = table(headers, rows, caption="Rata-rata capaian sebelum dan sesudah pembetulan", numeric=(1, 2, 3, 4))
    return f'<details class="mv-figures"><summary>{esc(summary)}</summary>{body}</details>'


def _row(found: Recalculated) -> tuple[str, ...]:
    name = esc(found.section.name if found.section else "Seluruh kantor")
    cells = (_value(found.before), _measured(found.before), _value(found.after), _measured(found.after))
    return (f"<strong>{name}</strong>", *map(_bold, cells)) if found.changed else (name, *cells)


def _bold(text: str) -> str:
    return f"<strong>{text}</strong>"


def _value(mean: Mean) -> str:
    return "belum ada" if mean.value is None else format_number(mean.value, 1)


def _measured(mean: Mean) -> str:
    return f"{mean.measured} dari {mean.expected}"
