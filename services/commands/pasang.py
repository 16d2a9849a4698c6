"""``pasang``: print a fresh address of the set-up, where no office is there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from services.commands.errors import Refused
from services.config import ConfigError
from services.setup.keys import SetupKeys
from services.setup.notice import notice
from services.setup.state import waits_for_office
from services.store.store import StoreError

if TYPE_CHECKING:
    from services.cli import App

_THERE = "Kantor sudah disiapkan, jadi tidak ada alamat lagi."


@click.command(
    help="Mencetak alamat baru untuk menyiapkan kantor lewat peramban, selama kantornya belum ada. Alamat yang lama "
    "tidak berlaku lagi. Alamat ini rahasia: siapa pun yang memilikinya dapat membuat kantor dan akun adminnya."
)
@click.option(
    "--alamat", "base", metavar="URL", default="http://localhost:8501", show_default=True, help="Alamat aplikasi."
)
@click.option("--bila-perlu", "quietly", is_flag=True, help="Diam bila kantor sudah ada atau datanya tidak terbuka.")
@click.pass_obj
def pasang(app: App, base: str, quietly: bool) -> None:
    try:
        _print(app, base)
    except (Refused, ConfigError, StoreError):
        if not quietly:
            raise


def _print(app: App, base: str) -> None:
    if not waits_for_office(app.store().read()):
        raise Refused(_THERE)
    click.echo(notice(SetupKeys(app.settings.data_folder, app.now).make(alone=True), base))
