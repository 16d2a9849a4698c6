"""``pengguna``: accounts, by the person who runs the server."""

from __future__ import annotations

import re
import secrets

import click

from services.cli import App
from services.commands.errors import Refused
from services.domain.roles import RIGHTS, Action, Role, Scope
from services.store.schema import SECTION

PASSWORD_LENGTH = 16
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0/O and 1/l, easily confused
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def random_password() -> str:
    """A first password, for its owner to change."""
    return "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LENGTH))


@click.group(help="Mengelola akun pengguna: menambah, mengganti sandi, menonaktifkan, mendaftar.")
def pengguna() -> None:
    pass


@pengguna.command(help="Menambah akun; sandi pertamanya acak dan hanya ditampilkan sekali.")
@click.argument("username", metavar="NAMA_PENGGUNA")
@click.option("--nama", "name", metavar="NAMA", required=True, help="Nama lengkap.")
@click.option("--peran", "role", type=click.Choice([r.value for r in Role]), required=True, help="Peran.")
@click.option("--seksi", "section_id", metavar="ID", default="", help="ID seksi; wajib bagi kasi dan umum.")
@click.pass_obj
def tambah(app: App, username: str, name: str, role: str, section_id: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise click.BadParameter("pakai 2 sampai 40 huruf kecil, angka, titik, - atau _.", param_hint="'NAMA_PENGGUNA'")
    _check_section(app, Role(role), section_id)
    password = random_password()
    app.accounts().add(username, name, role, password, app.now(), section_id=section_id)
    click.echo(f"Akun {username} ({Role(role).label}) dibuat. Sandi pertama, hanya ditampilkan sekali: {password}")


@pengguna.command(help="Mengganti sandi dengan sandi acak baru.")
@click.argument("username", metavar="NAMA_PENGGUNA")
@click.pass_obj
def sandi(app: App, username: str) -> None:
    password = random_password()
    app.accounts().set_password(username, password)
    click.echo(f"Sandi {username} diganti. Sandi baru, hanya ditampilkan sekali: {password}")


@pengguna.command(help="Menonaktifkan akun: tidak dapat masuk lagi, jejaknya di riwayat tetap ada.")
@click.argument("username", metavar="NAMA_PENGGUNA")
@click.pass_obj
def nonaktif(app: App, username: str) -> None:
    app.accounts().deactivate(username)
    click.echo(f"Akun {username} dinonaktifkan.")


@pengguna.command(help="Mendaftar semua akun.")
@click.pass_obj
def daftar(app: App) -> None:
    accounts = app.accounts().all()
    if not accounts:
        click.echo("Belum ada akun. Tambahkan dengan: pengguna tambah", err=True)
    for account in accounts:
        state = "aktif" if account.active else "nonaktif"
        click.echo("\t".join((account.username, account.name, account.role, account.section_id or "-", state)))


def _check_section(app: App, role: Role, section_id: str) -> None:
    """A role that fills in its own section needs one; a section that is named must exist."""
    needed = RIGHTS[Action.SAVE_ENTRY][1].get(role) is Scope.OWN
    if needed and not section_id:
        raise click.BadParameter(f"wajib bagi peran {role.value}.", param_hint="'--seksi'")
    known = [str(row["id"]) for row in app.store().read().rows(SECTION)] if section_id else []
    if section_id and section_id not in known:
        raise Refused(f"Seksi {section_id} tidak ada. Pilih salah satu: {', '.join(known) or 'belum ada seksi'}.")
