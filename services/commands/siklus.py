"""``siklus``: where a quarter stands in its 13 steps; ``siklus rencana``: the planned dates of a cycle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from services.cli import App
from services.commands.errors import Refused
from services.domain.clock import WIB, Calendar, say_minutes
from services.domain.indicators import Period
from services.domain.numbers import format_date, format_datetime, format_period
from services.domain.process import Planned, Progress, plan
from services.domain.roles import CycleState
from services.domain.sop import Event, Step
from services.sample.clock import present
from services.views.office import Cycle, Office, office_of
from services.views.steps import Steps, steps_of

FORMATS = ("teks", "json")
_DAY = "%Y-%m-%d"
_NONE = "–"

_shape = click.option(
    "--format", "shape", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True, help="Bentuk keluaran."
)


@click.group(
    invoke_without_command=True,
    help="Menampilkan keadaan satu triwulan: 13 langkah dengan pemegang, mulai, tenggat, selesai, dan putarannya.\n\n"
    "Tanpa --tahun dan --triwulan: triwulan terbaru yang sudah dibuka.",
)
@click.option("--tahun", "year", type=click.IntRange(2000, 2100), metavar="TAHUN", help="Tahun, bersama --triwulan.")
@click.option("--triwulan", "quarter", type=click.IntRange(1, 4), metavar="1-4", help="Triwulan, bersama --tahun.")
@_shape
@click.pass_context
def siklus(ctx: click.Context, year: int | None, quarter: int | None, shape: str) -> None:
    if ctx.invoked_subcommand is not None:
        return
    if (year is None) != (quarter is None):
        raise click.UsageError("Sebut --tahun dan --triwulan bersama-sama, atau tidak keduanya.")
    app: App = ctx.obj
    office, now = office_of(app.store().read()), present(app.store(), app.now())
    period = Period(year, quarter) if year is not None and quarter is not None else office.latest_period()
    cycle = office.cycles.get(period) if period else None
    if period is None or cycle is None:
        which = format_period(period) if period else "Triwulan mana pun"
        raise Refused(f"{which} belum dibuka. Kasubag PKP membukanya di halaman Buka triwulan.")
    record = _record(office, period, cycle, now)
    click.echo(_as_json(record) if shape == "json" else _as_text(record, period))


@siklus.command(help="Menampilkan tanggal rencana ke-13 langkah bila triwulan dibuka pada awal jam kerja tanggal itu.")
@click.option(
    "--mulai", "start", type=click.DateTime([_DAY]), metavar="TTTT-BB-HH", required=True, help="Tanggal pembukaan."
)
@_shape
@click.pass_obj
def rencana(app: App, start: datetime, shape: str) -> None:
    office = office_of(app.store().read())
    opened = datetime.combine(start.date(), office.calendar.opens, WIB)
    planned = plan(office.steps_in(office.sop_in_force), opened, office.calendar)
    records = [_planned(p) for p in planned]
    click.echo(_as_json(records) if shape == "json" else _table(records, _PLAN_HEADERS))
    for year in _unknown_years(office.calendar, planned):
        click.echo(f"Perhatian: hari libur tahun {year} belum diisi; hanya akhir pekan yang dihitung libur.", err=True)


def _record(office: Office, period: Period, cycle: Cycle, now: datetime) -> dict[str, Any]:
    """Everything about a quarter: moments in ISO form, texts as people read them."""
    steps = steps_of(office, period, now)
    return {
        "tahun": period.year,
        "triwulan": period.quarter,
        "keadaan": office.state(period, now).value,
        "per": now.isoformat(),
        "dibuka": cycle.opened_at.isoformat(),
        "tenggat_data": cycle.due_on.isoformat(),
        "tanggal_kunci": cycle.locks_on.isoformat() if cycle.locks_on else None,
        "dikunci": _iso(cycle.locked_at),
        "langkah_berjalan": steps.current.step.no if steps.current else None,
        "rencana_selesai": _iso(steps.planned_end),
        "perkiraan_selesai": _iso(steps.forecast),
        "langkah": [_step(office, period, steps, p) for p in steps.items],
    }


def _step(office: Office, period: Period, steps: Steps, item: Progress) -> dict[str, Any]:
    finished = [e for e in office.events.get(period, ()) if (e.step, e.event) == (item.step.no, Event.FINISHED)]
    return {
        "no": item.step.no,
        "langkah": item.step.short,
        "uraian": item.step.procedure,
        "keadaan": item.state.value,
        "pemegang": _holders(item.step),
        "mulai": _iso(item.started_at),
        "tenggat": _iso(item.due_at),
        "selesai": _iso(item.done_at),
        "oleh": finished[-1].by if item.done_at and finished else None,
        "putaran": item.rounds + 1,
        "terlambat_menit": item.overrun,
        "terlambat": say_minutes(item.overrun, steps.calendar) if item.overrun else None,
    }


def _planned(planned: Planned) -> dict[str, Any]:
    return {
        "no": planned.step.no,
        "langkah": planned.step.short,
        "uraian": planned.step.procedure,
        "waktu": str(planned.step.duration),
        "pemegang": _holders(planned.step),
        "mulai": planned.start.isoformat(),
        "tenggat": planned.due.isoformat(),
    }


def _holders(step: Step) -> str:
    names = " dan ".join(role.label for role in step.executor) or _NONE
    return names if step.confirmed else f"{names} (usulan)"


def _unknown_years(calendar: Calendar, planned: Sequence[Planned]) -> list[int]:
    years = {moment.year for p in planned for moment in (p.start, p.due)}
    return sorted(years - calendar.known_years)


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(WIB).isoformat() if moment else None


# --- output ------------------------------------------------------------------------------------------------------

_STEP_HEADERS = {
    "no": "No",
    "langkah": "Langkah",
    "keadaan": "Keadaan",
    "pemegang": "Pemegang",
    "mulai": "Mulai",
    "tenggat": "Tenggat",
    "selesai": "Selesai",
    "oleh": "Oleh",
    "putaran": "Putaran",
    "terlambat": "Terlambat",
}
_PLAN_HEADERS = {n: _STEP_HEADERS.get(n, "Waktu") for n in ("no", "langkah", "waktu", "pemegang", "mulai", "tenggat")}
_MOMENTS = ("mulai", "tenggat", "selesai")


def _as_json(record: object) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)


def _as_text(record: dict[str, Any], period: Period) -> str:
    current = record["langkah_berjalan"]
    where = f"langkah {current} dari {len(record['langkah'])}" if current else "semua langkah selesai"
    # A quarter that is not archived has an end that is only expected.
    ending = "Selesai" if record["keadaan"] == CycleState.ARCHIVED.value else "Diperkirakan selesai"
    lines = [
        f"{format_period(period)}: {where}; triwulan {record['keadaan']}.",
        f"Dibuka {_moment(record['dibuka'])}. Tenggat data {_date(record['tenggat_data'])}, "
        f"kunci {_date(record['tanggal_kunci'])}.",
        f"Rencana selesai {_moment(record['rencana_selesai'])}. {ending} {_moment(record['perkiraan_selesai'])}.",
        "",
        _table(record["langkah"], _STEP_HEADERS),
    ]
    return "\n".join(lines)


def _table(records: Sequence[dict[str, Any]], headers: dict[str, str]) -> str:
    rows = [list(headers.values()), *([_cell(name, record[name]) for name in headers] for record in records)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(headers))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in padded)


def _cell(name: str, value: Any) -> str:
    return _moment(value) if name in _MOMENTS else _NONE if value is None else str(value)


def _moment(text: str | None) -> str:
    return format_datetime(datetime.fromisoformat(text)) if text else _NONE


def _date(text: str | None) -> str:
    return format_date(datetime.fromisoformat(text).date()) if text else _NONE
