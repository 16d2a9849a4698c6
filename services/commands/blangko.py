"""``blangko``: forms to fill in by hand, the schedule, the SOP and the page for the Camat, as PDF files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import click

from services.cli import App
from services.commands.errors import Refused
from services.commands.files import write_atomically
from services.commands.laporan import BYTES_PER_KB, ENDING, FIRST_YEAR, LAST_YEAR
from services.domain.indicators import Period
from services.domain.numbers import format_number, format_period
from services.domain.sop import SopHead, Step
from services.sample.clock import present
from services.views.office import Office, office_of

_Made = Callable[[Office, datetime], bytes]

_year = click.option(
    "--tahun", "year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), metavar="TAHUN", required=True, help="Tahun."
)
_quarter = click.option(
    "--triwulan", "quarter", type=click.IntRange(1, 4), metavar="1-4", required=True, help="Triwulan."
)
_section = click.option(
    "--seksi", "section_id", metavar="SEKSI", required=True, help="ID seksi atau subbagian, misalnya pem."
)
_target = click.option(
    "--keluaran",
    "target",
    type=click.Path(path_type=Path),
    metavar="BERKAS",
    required=True,
    help=f"Berkas hasil, berakhiran {ENDING}.",
)


@click.group(help="Membuat blangko, jadwal, dokumen SOP, dan Ringkasan Camat sebagai PDF.")
def blangko() -> None:
    pass


@blangko.command(help="Blangko isian satu seksi untuk diisi dengan tangan; juga sebelum triwulannya dibuka.")
@_year
@_quarter
@_section
@_target
@click.pass_obj
def isian(app: App, year: int, quarter: int, section_id: str, target: Path) -> None:
    from services.report.forms.entry_form import entry_form_pdf  # slow to import: fonts

    period = Period(year, quarter)
    _write(app, target, lambda office, now: entry_form_pdf(office, period, _known(office, section_id), now))


@blangko.command(help="Blangko monev satu seksi: daftar periksa, angka terakhir, temuan, dan rekomendasi.")
@_year
@_quarter
@_section
@_target
@click.pass_obj
def monev(app: App, year: int, quarter: int, section_id: str, target: Path) -> None:
    from services.report.forms.monev_form import monev_form_pdf

    period = Period(year, quarter)
    _write(app, target, lambda office, now: monev_form_pdf(office, period, _known(office, section_id), now))


@blangko.command(help="Jadwal monev semua seksi satu triwulan.")
@_year
@_quarter
@_target
@click.pass_obj
def jadwal(app: App, year: int, quarter: int, target: Path) -> None:
    from services.report.forms.schedule import schedule_pdf

    _write(app, target, lambda office, now: schedule_pdf(office, Period(year, quarter), now))


@blangko.command(help="Dokumen SOP dengan bagan alirnya, dalam versi yang berlaku pada satu triwulan.")
@_year
@_quarter
@_target
@click.pass_obj
def sop(app: App, year: int, quarter: int, target: Path) -> None:
    from services.report.forms.sop_paper import sop_pdf

    period = Period(year, quarter)
    _write(app, target, lambda office, now: sop_pdf(office, *_version(office, period), now))


@blangko.command(help="Ringkasan Camat: keadaan satu triwulan pada satu halaman.")
@_year
@_quarter
@_target
@click.pass_obj
def ringkasan(app: App, year: int, quarter: int, target: Path) -> None:
    from services.report.forms.one_page import one_page_pdf  # slow to import: charts and fonts

    period = Period(year, quarter)
    _write(app, target, lambda office, now: one_page_pdf(_opened(office, period), period, now))


def _write(app: App, target: Path, make: _Made) -> None:
    if target.suffix.lower() != ENDING:
        raise click.BadParameter(f"akhiran berkas harus {ENDING}.", param_hint="'--keluaran'")
    pdf = make(office_of(app.store().read()), present(app.store(), app.now()))
    write_atomically(target, pdf)
    click.echo(f"{target} ditulis: {format_number(Decimal(len(pdf)) / BYTES_PER_KB, 0)} KB.")


def _known(office: Office, section_id: str) -> str:
    known = [section.id for section in office.sections]
    if section_id not in known:
        raise Refused(f"Seksi “{section_id}” tidak ada. Yang ada: {', '.join(known) or 'belum ada seksi'}.")
    return section_id


def _version(office: Office, period: Period) -> tuple[SopHead, tuple[Step, ...]]:
    """Head and steps with which the quarter began, or with which it would be opened now."""
    cycle = office.cycles.get(period)
    return office.head(cycle.sop_version if cycle else office.sop_in_force), office.steps(period)


def _opened(office: Office, period: Period) -> Office:
    if period not in office.cycles:
        raise Refused(f"{format_period(period)} belum dibuka, sehingga belum ada yang diringkas.")
    return office
