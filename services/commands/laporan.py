"""``laporan``: the report of one quarter as a PDF file, without a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from services.actions.documents import kept_bytes
from services.cli import App
from services.commands.errors import Refused
from services.commands.files import write_atomically
from services.commands.terminal import bare
from services.domain.indicators import Period
from services.domain.numbers import format_number, format_period
from services.domain.roles import CycleState
from services.views.documents import document
from services.views.office import Office, office_of

if TYPE_CHECKING:
    from services.report.document import Report

ENDING = ".pdf"
FIRST_YEAR, LAST_YEAR = 2000, 2100
BYTES_PER_KB = 1024
_STEPS = 1000


@click.command(
    help="Menulis laporan PDF satu triwulan. Laporan yang sudah terbit diambil dari arsip, bita demi bita; yang belum "
    "terbit disusun dari data yang tersimpan dan ditandai draf. Penerbitan dilakukan di halaman Laporan.\n\n"
    "Data yang sama menghasilkan berkas yang sama, kapan dan di mana pun perintah ini dijalankan."
)
@click.option(
    "--tahun", "year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), metavar="TAHUN", required=True, help="Tahun laporan."
)
@click.option("--triwulan", "quarter", type=click.IntRange(1, 4), metavar="1-4", required=True, help="Triwulan.")
@click.option(
    "--keluaran",
    "target",
    type=click.Path(path_type=Path),
    metavar="BERKAS",
    required=True,
    help="Berkas hasil, berakhiran .pdf.",
)
@click.option(
    "--draf", "draft", is_flag=True, help="Menyusun draf dari data sekarang, juga bila laporannya sudah terbit."
)
@click.pass_obj
def laporan(app: App, year: int, quarter: int, target: Path, draft: bool) -> None:
    if target.suffix.lower() != ENDING:
        raise click.BadParameter(f"akhiran berkas harus {ENDING}.", param_hint="'--keluaran'")
    period, store = Period(year, quarter), app.store()
    office = office_of(store.read())
    issued = document(office, period)
    if issued and not draft:
        content = kept_bytes(store, issued)
        write_atomically(target, content)
        what = f"Laporan {format_period(period)} nomor {issued.number} dari arsip"
        click.echo(f"{what} ditulis ke {target}: {issued.pages} halaman, {_kilobytes(content)} KB.")
        return
    draft = draft or office.state(period, app.now()) is not CycleState.ARCHIVED
    report = _made(office, period, draft=draft)
    write_atomically(target, report.pdf)
    for warning in report.warnings:
        click.echo(f"Perhatian: {warning}", err=True)
    what = f"{'Draf laporan' if draft else 'Laporan'} {format_period(period)}"
    click.echo(f"{what} ditulis ke {target}: {report.pages} halaman, {_kilobytes(report.pdf)} KB.")


def _made(office: Office, period: Period, *, draft: bool) -> Report:
    """A final report without a number only of a quarter whose issued one was archived elsewhere."""
    from services.report.document import QuarterNotOpened, build_report  # slow to import: charts and fonts

    try:
        with _progress() as progress:
            return build_report(office, period, draft=draft, progress=progress)
    except QuarterNotOpened as error:
        raise Refused(str(error)) from error


def _kilobytes(content: bytes) -> str:
    return format_number(Decimal(len(content)) / BYTES_PER_KB, 0)


@contextmanager
def _progress() -> Iterator[Callable[[float, str], None]]:
    """A function that takes the share done (0 to 1) and what is being done, and shows it on a terminal."""
    with click.progressbar(
        length=_STEPS, label="Menyusun laporan", file=bare(sys.stderr), hidden=not sys.stderr.isatty()
    ) as bar:

        def show(share: float, what: str) -> None:
            bar.label = what
            bar.update(max(0, round(share * _STEPS) - bar.pos))

        yield show
