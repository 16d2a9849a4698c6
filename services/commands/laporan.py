"""``laporan``: the report of one quarter as a PDF file, without a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import click

from services.cli import App
from services.commands.errors import Refused
from services.commands.files import write_atomically
from services.domain.indicators import Period
from services.domain.numbers import format_number, format_period
from services.sample.clock import present
from services.views.office import office_of

ENDING = ".pdf"
FIRST_YEAR, LAST_YEAR = 2000, 2100
BYTES_PER_KB = 1024
_STEPS = 1000


@click.command(help="Membuat laporan PDF satu triwulan dari data yang tersimpan.")
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
@click.option("--draf", "draft", is_flag=True, help="Menandai setiap halaman sebagai draf.")
@click.pass_obj
def laporan(app: App, year: int, quarter: int, target: Path, draft: bool) -> None:
    if target.suffix.lower() != ENDING:
        raise click.BadParameter(f"akhiran berkas harus {ENDING}.", param_hint="'--keluaran'")
    from services.report.document import QuarterNotOpened, build_report  # slow to import: charts and fonts

    period = Period(year, quarter)
    snapshot = app.store().read()
    try:
        with _progress() as progress:
            report = build_report(
                office_of(snapshot), period, present(app.store(), app.now()), draft=draft, progress=progress
            )
    except QuarterNotOpened as error:
        raise Refused(str(error)) from error
    write_atomically(target, report.pdf)
    for warning in report.warnings:
        click.echo(f"Perhatian: {warning}", err=True)
    size = format_number(Decimal(len(report.pdf)) / BYTES_PER_KB, 0)
    click.echo(f"Laporan {format_period(period)} ditulis ke {target}: {report.pages} halaman, {size} KB.")


@contextmanager
def _progress() -> Iterator[Callable[[float, str], None]]:
    """A function that takes the share done (0 to 1) and what is being done, and shows it on a terminal."""
    with click.progressbar(
        length=_STEPS, label="Menyusun laporan", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def show(share: float, what: str) -> None:
            bar.label = what
            bar.update(max(0, round(share * _STEPS) - bar.pos))

        yield show
