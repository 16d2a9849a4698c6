"""``sheet siapkan``: make the office's Google Sheet ready, or say what would be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from services.commands.errors import REFUSED, Refused
from services.store.sheets_access import spreadsheet_id

if TYPE_CHECKING:
    from services.cli import App
    from services.store.sheets_setup import Outcome

_NO_SHEET = (
    "Penyimpanan yang dipakai bukan Google Sheets. Sebut alamat spreadsheet dengan --store, atau tulis alamat itu di "
    "pengaturan store."
)


@click.group(help="Mengurus spreadsheet kantor di Google Sheets.")
def sheet() -> None:
    pass


@sheet.command(
    help="Menyiapkan spreadsheet: tab dan judul, format, daftar pilihan, keterangan, perlindungan, tampilan filter, "
    "warna, dan petunjuk. Hanya yang berbeda yang diubah; yang diketik orang tidak disentuh. Dapat dijalankan kapan "
    "saja. Kode keluar 1 bila masih ada yang harus dibetulkan orang."
)
@click.option("--coba", "trial", is_flag=True, help="Hanya menyebut apa yang akan diubah.")
@click.pass_obj
@click.pass_context
def siapkan(ctx: click.Context, app: App, trial: bool) -> None:
    if spreadsheet_id(app.settings.store) is None:
        raise Refused(_NO_SHEET)
    from services.store.sheets import SheetsStore  # gspread takes long to import
    from services.store.sheets_setup import prepare

    store = app.store()
    if not isinstance(store, SheetsStore):
        raise Refused(_NO_SHEET)
    outcome = prepare(store, trial)
    _say(outcome, trial)
    if outcome.left:
        ctx.exit(REFUSED)


def _say(outcome: Outcome, trial: bool) -> None:
    if outcome.done:
        click.echo("Yang akan dilakukan (belum ada yang diubah):" if trial else "Yang dilakukan:")
        click.echo("\n".join(f"- {line}" for line in outcome.done))
    else:
        click.echo("Spreadsheet sudah siap; tidak ada yang diubah.")
    if outcome.left:
        click.echo("Yang perlu dibetulkan sendiri:", err=True)
        click.echo("\n".join(f"- {line}" for line in outcome.left), err=True)
