"""``contoh``: fill an empty store with the sample office, or end the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from services.commands.errors import Refused, say_withheld
from services.commands.operator import operator
from services.commands.reasons import REASON, note_override, require_reason
from services.sample.office import NotASampleError, end, fill, is_sample
from services.sample.quarters import PRESENT
from services.store import schema

if TYPE_CHECKING:
    from services.cli import App
    from services.store.store import Snapshot


@click.command(help="Mengisi penyimpanan kosong dengan data contoh, atau mengakhiri contoh dengan --kosongkan.")
@click.option(
    "--kosongkan",
    is_flag=True,
    help="Hapus semua data dan akun contoh; setelan, seksi, kategori, hari libur, dan SOP tetap. "
    "Meminta nama kecamatan diketik sebagai persetujuan.",
)
@REASON
@click.pass_obj
def contoh(app: App, kosongkan: bool, reason: str) -> None:
    if kosongkan:
        _end(app, reason)
    else:
        _fill(app)


def _fill(app: App) -> None:
    withheld = fill(app.store(), app.accounts(), PRESENT)
    click.echo("Data contoh sudah diisikan. Jalankan aplikasi, lalu pilih peran pada halaman Masuk.")
    say_withheld(withheld)
    click.echo("Untuk mengakhiri contoh: python -m services contoh --kosongkan")


def _end(app: App, reason: str) -> None:
    snapshot = app.store().read()
    if not is_sample(snapshot):
        raise NotASampleError("Penyimpanan ini tidak berisi data contoh, jadi tidak ada yang dikosongkan.")
    reason = require_reason(reason, "Alasan mengakhiri data contoh")
    _confirm(_district(snapshot))
    note_override(app, "mengakhiri data contoh", reason)
    password, withheld = end(app.store(), app.accounts(), app.now(), by=operator(), reason=reason)
    click.echo("Data contoh sudah dihapus. Mulai ulang aplikasi bila sedang berjalan: tanggalnya kembali ke hari ini.")
    say_withheld(withheld)
    if password is None:
        click.echo("Akun admin yang sudah ada tetap berlaku.")
    else:
        click.echo(f"Akun pertama: admin, kata sandi: {password}")
        click.echo("Catat kata sandi ini sekarang; tidak akan ditampilkan lagi.")
    click.echo("Selanjutnya: buat akun lain dengan perintah pengguna, lalu Kasubag PKP mengisi kamus indikator.")


def _district(snapshot: Snapshot) -> str:
    return next(str(r["value"]) for r in snapshot.rows(schema.PROFILE) if r["id"] == "nama_kecamatan")


def _confirm(district: str) -> None:
    click.echo("Semua indikator, target, isian, langkah, riwayat, pejabat, dan akun contoh akan dihapus.")
    typed = click.prompt(f"Ketik nama kecamatan ({district}) untuk melanjutkan", default="", show_default=False)
    if typed.strip().casefold() not in (district.casefold(), f"kecamatan {district}".casefold()):
        raise Refused("Nama yang diketik tidak sama; tidak ada yang dihapus.")
