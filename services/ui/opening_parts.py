"""The HTML of Buka triwulan: what opening makes, what was checked, and the planned dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from services.domain.indicators import Period
from services.domain.numbers import (
    format_date,
    format_datetime,
    format_day,
    format_period,
    format_short_date,
    format_time,
)
from services.domain.process import Planned, Progress
from services.domain.sop import Step
from services.store import schema
from services.store.store import Conflict
from services.ui.html import esc, process_chip, step_chip
from services.ui.reference import Column, dictionary_address, heading, listing
from services.views.office import Cycle, Office
from services.views.opening import Check, Doubt, Opening, Rows
from services.views.steps import Steps

_SHOWN = 5
"""Doubts shown of one check before the rest folds."""


def announcement(plan: Opening, period: Period) -> str:
    """What opening the quarter now would make, before anybody presses."""
    return (
        f'<div class="mv-say">Membuka <strong>{format_period(period)}</strong> sekarang menyiapkan '
        f"<strong>{plan.indicators} baris isian kosong</strong> untuk {len(plan.rows)} seksi dan subbagian. "
        f"Tenggat data <strong>{format_day(plan.due_on)}</strong>, kunci <strong>{format_day(plan.locks_on)}</strong>; "
        f"laporan direncanakan selesai {format_day(plan.plan[-1].due.date())}.</div>"
    )


def state(office: Office, cycle: Cycle, now: datetime) -> str:
    """When and by whom the quarter was opened, and what its two dates are."""
    (row,) = office.rows_of(schema.CYCLE, cycle.period)
    by = f" oleh {esc(row['opened_by'])}" if row["opened_by"] else ""
    chip = process_chip("done", "Dibuka")
    return (
        f'<div class="mv-say">{chip} {format_period(cycle.period)} dibuka <strong>'
        f"{format_datetime(cycle.opened_at)}</strong>{by}. {_dates(cycle, now)}</div>"
    )


def _dates(cycle: Cycle, now: datetime) -> str:
    due = f"Tenggat data <strong>{format_day(cycle.due_on)}</strong>"
    if cycle.locked_at:
        return f"{due}; isian dikunci <strong>{format_datetime(cycle.locked_at)}</strong>."
    if cycle.locks_on is None:
        return f"{due}; tanggal kunci belum ada."
    word = "isian dikunci sejak lewat" if cycle.is_locked(now) else "kunci"
    return f"{due}, {word} <strong>{format_day(cycle.locks_on)}</strong>."


def checks(found: Sequence[Check]) -> str:
    """One row to each check that found something, those to put right first; the others in one line."""
    doubtful = sorted((c for c in found if c.doubts), key=lambda c: not c.is_wrong)
    fine = "".join(process_chip("done", c.subject.value) for c in found if not c.doubts)
    columns = (Column("Pemeriksaan", width="14rem"), Column("Hasil", width="10rem"), Column("Yang ditemukan"))
    body = [(f"<strong>{esc(c.subject.value)}</strong>", _verdict(c), _doubts(c)) for c in doubtful]
    table = listing(columns, body, "Pemeriksaan sebelum triwulan dibuka") if body else ""
    return f'{heading("Pemeriksaan sebelum dibuka")}{table}<p class="mv-chips">{fine}</p>'


def _verdict(check: Check) -> str:
    return process_chip("late", "Perlu dibetulkan") if check.is_wrong else process_chip("doubt", "Perlu diketahui")


def _doubts(check: Check) -> str:
    shown, rest = check.doubts[:_SHOWN], check.doubts[_SHOWN:]
    advice = f'<p class="mv-quiet">{esc(check.subject.advice)}</p>'
    more = f"<details><summary>{len(rest)} lagi</summary>{_items(rest)}</details>" if rest else ""
    return _items(shown) + more + advice


def _items(doubts: Iterable[Doubt]) -> str:
    return "".join(f"<p>{_linked(doubt)}</p>" for doubt in doubts)


def _linked(doubt: Doubt) -> str:
    if not doubt.indicator_id:
        return esc(doubt.text)
    return f'<a href="{esc(dictionary_address(doubt.indicator_id))}">{esc(doubt.text)}</a>'


def rows(found: Iterable[Rows]) -> str:
    columns = (
        Column("Seksi"),
        Column("Baris isian", numeric=True, named=True, width="9rem"),
        Column("Diukur tahunan", numeric=True, named=True, width="9rem"),
    )
    body = [(esc(r.section.name), str(r.count), str(r.annual) if r.annual else "") for r in found]
    return heading("Baris isian per seksi") + listing(columns, body, "Baris isian per seksi")


def planned(plan: Iterable[Planned]) -> str:
    """The dates of all steps if each takes just its standard time."""
    columns = (
        *_STEP_COLUMNS,
        Column("Mulai", named=True, fixed=True, width="9.5rem"),
        Column("Tenggat", named=True, fixed=True, width="9.5rem"),
    )
    body = [(*_step(p.step), _moment(p.start), _moment(p.due)) for p in plan]
    note = "bila setiap langkah memakai waktu baku"
    return heading("Rencana 13 langkah", note) + listing(columns, body, "Rencana tanggal 13 langkah")


def carried_out(steps: Steps) -> str:
    """Plan beside reality, as the quarter was opened and as it went."""
    columns = (
        *_STEP_COLUMNS,
        Column("Rencana", named=True, fixed=True, width="9.5rem"),
        Column("Kenyataan", named=True, fixed=True, width="9.5rem"),
        Column("Keadaan", fixed=True, width="8rem"),
    )
    body = [
        (*_step(p.step), _moment(p.due), _real(item), step_chip(item.state))
        for p, item in zip(steps.plan, steps.items, strict=True)
    ]
    return heading("Rencana dan kenyataan 13 langkah") + listing(columns, body, "Rencana dan kenyataan 13 langkah")


_STEP_COLUMNS = (Column("Langkah"), Column("Waktu baku", named=True, fixed=True, width="7rem"))


def _step(step: Step) -> tuple[str, str]:
    return f"{step.no}. {esc(step.procedure)}", esc(step.duration)


def _real(item: Progress) -> str:
    return _moment(item.done_at) if item.done_at else ""


def _moment(moment: datetime) -> str:
    return f"{format_short_date(moment.date())} {moment.year}, {format_time(moment)}"


def moved_meanwhile(conflict: Conflict) -> str:
    """Somebody else moved the dates after they were drawn; nothing was saved."""
    found = [clash.found for clash in conflict.clashes]
    now = " dan ".join(format_date(value) for value in found if isinstance(value, date))
    return f"**Belum tersimpan.** Tanggalnya baru saja digeser orang lain ({now}). Periksa, lalu geser lagi bila perlu."
