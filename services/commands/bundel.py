"""``bundel``: the audit bundle of a quarter as one ZIP."""

from __future__ import annotations

from pathlib import Path

import click

from services.cli import App
from services.commands.errors import Refused
from services.commands.files import write_atomically
from services.domain.indicators import Period
from services.domain.numbers import format_period
from services.views.office import office_of

ENDING = ".zip"
FIRST_YEAR, LAST_YEAR = 2000, 2100


@click.command(
    help="Membuat bundel audit satu triwulan: laporan, data sebagai CSV dan XLSX, riwayat, daftar bukti, SOP, daftar "
    "isi yang dibuka dengan peramban, dan daftar SHA-256. ZIP ini dapat dibuka tanpa aplikasi Monev Silaut."
)
@click.option(
    "--tahun", "year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), metavar="TAHUN", required=True, help="Tahun laporan."
)
@click.option("--triwulan", "quarter", type=click.IntRange(1, 4), metavar="1-4", required=True, help="Triwulan.")
@click.option(
    "--keluaran", "target", type=click.Path(path_type=Path), metavar="BERKAS", required=True, help="Berkas hasil, .zip."
)
@click.pass_obj
def bundel(app: App, year: int, quarter: int, target: Path) -> None:
    if target.suffix.lower() != ENDING:
        raise click.BadParameter(f"akhiran berkas harus {ENDING}.", param_hint="'--keluaran'")
    from services.bundle import NoQuarter, bundle  # slow to import: charts and fonts

    period, store = Period(year, quarter), app.store()
    try:
        made = bundle(office_of(store.read()), store, period)
    except NoQuarter as error:
        raise Refused(str(error)) from error
    write_atomically(target, made.content)
    click.echo(f"Bundel audit {format_period(period)} ditulis ke {target}: {len(made.files)} berkas.")
