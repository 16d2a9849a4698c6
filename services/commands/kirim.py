"""``kirim``: send what waits in the outbox, and say what became of each."""

from __future__ import annotations

import click

from services.cli import App
from services.commands.errors import REFUSED, Refused
from services.domain.numbers import format_datetime
from services.store.outbox import Item, State
from services.store.replica import outbox_in, replica_folder
from services.store.sender import Outcome, Sender

_PATIENCE = 30.0  # seconds to wait for the application's own sending to end
_WORDS = {State.SENT: "terkirim", State.WAITING: "masih menunggu", State.CONFLICT: "bentrok"}
_DECIDE = "Yang bentrok diputuskan di halaman Bentrok."


@click.command(
    help="Mengirim perubahan yang menunggu di antrean ke Google Sheets, dan menyebut hasil setiap perubahan. "
    "Aplikasi yang sedang berjalan mengirimnya sendiri; perintah ini untuk saat aplikasi mati."
)
@click.pass_obj
@click.pass_context
def kirim(ctx: click.Context, app: App) -> None:
    settings = app.settings
    folder = replica_folder(settings.data_folder, settings.store, settings.office)
    if not folder.exists() or not (queue := outbox_in(folder).queue()):
        click.echo("Tidak ada yang menunggu terkirim.")
        return
    outbox = outbox_in(folder)
    outcomes = Sender(app.store(), outbox, app.now).round(_PATIENCE)
    if outcomes is None:
        raise Refused("Aplikasi sedang mengirim antrean ini. Jalankan lagi sebentar lagi.")
    for outcome in (*_older(queue), *outcomes):
        click.echo(_line(outcome))
    left = outbox.queue()
    if left:
        click.echo(f"{len(left)} belum terkirim. {_DECIDE if _conflicts(left) else ''}".strip(), err=True)
        ctx.exit(REFUSED)


def _older(queue: tuple[Item, ...]) -> tuple[Outcome, ...]:
    """What was in conflict before."""
    return tuple(Outcome(item.transaction, item.state, item.reason) for item in queue if item.state is State.CONFLICT)


def _conflicts(queue: tuple[Item, ...]) -> bool:
    return any(item.state is State.CONFLICT for item in queue)


def _line(outcome: Outcome) -> str:
    made = outcome.transaction
    rows = f"{len(made.changes)} baris" if made.changes else "tidak terbaca"
    said = f"{format_datetime(made.at)}\t{made.by}\t{made.action} ({rows})\t{_WORDS[outcome.state]}"
    return f"{said}: {outcome.reason}" if outcome.reason else said
