"""``pindah --dari URL --ke URL``: move the office into another store, with a check of every value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from services.commands.errors import REFUSED, Refused, say_withheld
from services.config import check_store_url, google_access
from services.store.moving import Moved, move
from services.store.open import open_store
from services.store.outbox import Item
from services.store.replica import outbox_in, replica_folder
from services.store.sheets_access import spreadsheet_id

if TYPE_CHECKING:
    from services.cli import App
    from services.store.store import Store

_MOST_NAMED = 20


@click.command(
    help="Memindahkan seluruh data kantor ke penyimpanan lain: SQLite, PostgreSQL, atau Google Sheets. Tujuan harus "
    "masih kosong; data asal tetap. Sesudahnya setiap nilai diperiksa. Akun pengguna tidak ikut."
)
@click.option("--dari", "source", metavar="ALAMAT", required=True, help="Alamat penyimpanan asal.")
@click.option("--ke", "target", metavar="ALAMAT", required=True, help="Alamat penyimpanan tujuan; harus kosong.")
@click.pass_obj
@click.pass_context
def pindah(ctx: click.Context, app: App, source: str, target: str) -> None:
    check_store_url(source, "--dari")
    check_store_url(target, "--ke")
    if _same(source, target):
        raise Refused("Alamat asal dan tujuan sama; tidak ada yang dipindahkan.")
    _refuse_waiting(app, source)
    moved = move(_opened(app, source), _opened(app, target), click.echo)
    _say(moved)
    if moved.differences:
        ctx.exit(REFUSED)


def _opened(app: App, url: str) -> Store:
    settings = replace(app.settings, store=url)
    return open_store(url, settings.office, app.now, google_access(settings))


def _same(one: str, other: str) -> bool:
    return (spreadsheet_id(one) or one.strip()) == (spreadsheet_id(other) or other.strip())


def _refuse_waiting(app: App, url: str) -> None:
    """What still waits to be sent would be left behind."""
    folder = replica_folder(app.settings.data_folder, url, app.settings.office)
    queue: tuple[Item, ...] = outbox_in(folder).queue() if folder.exists() else ()
    if queue:
        raise Refused(
            f"{len(queue)} perubahan masih menunggu terkirim ke penyimpanan asal. Jalankan dahulu: "
            "python -m services kirim"
        )


def _say(moved: Moved) -> None:
    for name, rows in moved.before.items():
        click.echo(f"{name}\t{rows} baris asal\t{moved.after[name]} baris tujuan")
    if not moved.differences:
        same = "setiap nilai lain sama" if moved.withheld else "setiap nilai sama"
        click.echo(f"Selesai: {sum(moved.after.values())} baris dipindahkan, {same}.")
        say_withheld(moved.withheld)
        click.echo("Tulis alamat tujuan sebagai store di pengaturan. Akun pengguna tidak ikut dipindahkan.")
        return
    for difference in moved.differences[:_MOST_NAMED]:
        click.echo(f"Berbeda: {difference}", err=True)
    click.echo(
        f"{len(moved.differences)} nilai berbeda di tujuan. Jangan memakai tujuan; data asal tidak berubah.", err=True
    )
