"""``cadangan buat|pulihkan FILE``: the whole office into one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from services.cli import App
from services.commands.errors import Refused, say_withheld
from services.commands.operator import operator
from services.commands.reasons import REASON, note_override, require_reason
from services.domain.numbers import format_datetime
from services.sample.clock import present
from services.store import backup
from services.store.changes import remark
from services.store.store import Transaction

CONFIRMATION = "PULIHKAN"

_file = click.argument("file", metavar="BERKAS", type=click.Path(path_type=Path, dir_okay=False))


@click.group(help="Membuat atau memulihkan cadangan seluruh data kantor dalam satu berkas. Akun pengguna tidak ikut.")
def cadangan() -> None:
    pass


@cadangan.command(help="Menulis cadangan seluruh data ke BERKAS. Berkas yang sudah ada tidak ditimpa.")
@_file
@click.pass_obj
def buat(app: App, file: Path) -> None:
    if file.exists():
        raise Refused(f"Berkas {file} sudah ada. Sebut nama lain agar cadangan lama tetap utuh.")
    summary = backup.make(app.store(), file, app.now())
    click.echo(f"Cadangan {_described(summary)} ditulis ke {file}.")


@cadangan.command(
    help="Mengganti seluruh data dengan isi cadangan BERKAS, setelah diperiksa utuh. "
    "Berkas yang terpotong atau pernah diubah ditolak dan data yang ada tidak diubah. Alasannya dicatat di Riwayat dan "
    "catatan masuk."
)
@_file
@click.option("--ya", "confirmed", is_flag=True, help="Tanpa menanyakan persetujuan.")
@REASON
@click.pass_obj
def pulihkan(app: App, file: Path, confirmed: bool, reason: str) -> None:
    summary = backup.inspect(file)
    store, reason = app.store(), require_reason(reason, "Alasan memulihkan cadangan")
    if not confirmed:
        _ask(f"Semua data di {store.address} akan diganti dengan cadangan {_described(summary)}.")
    what = f"memulihkan cadangan tanggal {format_datetime(summary.made_at)}"
    head = Transaction(present(store, app.now()), operator(), "", f"{what}: {reason}", "Perintah cadangan", ())
    note_override(app, what, reason)
    summary, withheld = backup.restore(store, file, remark(head))
    click.echo(f"Cadangan {_described(summary)} telah dipulihkan.")
    say_withheld(withheld)


def _ask(warning: str) -> None:
    click.echo(warning, err=True)
    typed = click.prompt(f"Ketik {CONFIRMATION} untuk melanjutkan", default="", show_default=False, err=True)
    if typed.strip() != CONFIRMATION:
        raise Refused("Tidak disetujui; data tidak diubah.")


def _described(summary: backup.Summary) -> str:
    return f"kecamatan {summary.office} tanggal {format_datetime(summary.made_at)} ({summary.rows} baris)"
