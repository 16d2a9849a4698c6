"""``pengguna``: accounts, by the person who runs the server."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from services.auth.accounts import FIRST_PASSWORD_LASTS, Account, AccountError
from services.auth.management import check_username
from services.auth.pinned import line_of
from services.cli import App
from services.commands.errors import Refused
from services.commands.plh import lasting, management, plh
from services.commands.reasons import REASON, require_reason
from services.commands.terminal import cells
from services.config import PEOPLE_SECTION
from services.domain.numbers import format_datetime
from services.domain.roles import Role, needs_section
from services.store.drafts import DRAFTS_FILE, Drafts
from services.store.store import HistoryQuery

_SECRET = frozenset({"password_hash", "id", "stamp"})  # what opens or proves something is nobody's personal data
_ALL_LINES = 10**9
_USERNAME = click.argument("username", metavar="NAMA_PENGGUNA")
_LASTS = f"berlaku {FIRST_PASSWORD_LASTS.days} hari dan harus diganti saat pertama kali masuk"


@click.group(help="Mengelola akun pengguna: menambah, mengubah, mengganti sandi, menonaktifkan, sesi.")
def pengguna() -> None:
    pass


pengguna.add_command(plh)


@pengguna.command(help=f"Menambah akun; sandi pertamanya acak, hanya ditampilkan sekali, {_LASTS}.")
@_USERNAME
@click.option("--nama", "name", metavar="NAMA", required=True, help="Nama lengkap.")
@click.option("--peran", "role", type=click.Choice([r.value for r in Role]), required=True, help="Peran.")
@click.option("--seksi", "section_id", metavar="ID", default="", help="ID seksi; wajib bagi kasi dan umum.")
@click.option("--surel", "email", metavar="ALAMAT", default="", help="Surel untuk masuk dengan Google; boleh kosong.")
@REASON
@click.pass_obj
def tambah(app: App, username: str, name: str, role: str, section_id: str, email: str, reason: str) -> None:
    try:
        check_username(username)
    except AccountError as error:
        raise click.BadParameter(str(error), param_hint="'NAMA_PENGGUNA'") from error
    _require_section(Role(role), section_id)
    managed = management(app)
    holder = managed.holder(Role(role), section_id)
    if holder and holder.username != username:
        reason = require_reason(
            reason, f"{Role(role).label} sudah dipegang {holder.username}. Alasan menambah akun kedua"
        )
    password = managed.add(username, name, Role(role), section_id, email, reason)
    click.echo(
        f"Akun {username} ({Role(role).label}) dibuat. Sandi pertama {_LASTS}; hanya ditampilkan sekali: {password}"
    )


@pengguna.command(
    help="Mengubah nama, peran, seksi, atau surel; selain nama, dengan alasan. Peran atau seksi baru mengakhiri semua "
    "sesinya."
)
@_USERNAME
@click.option("--nama", "name", metavar="NAMA", help="Nama lengkap.")
@click.option("--peran", "role", type=click.Choice([r.value for r in Role]), help="Peran.")
@click.option("--seksi", "section_id", metavar="ID", help="ID seksi; kosong berarti tanpa seksi.")
@click.option("--surel", "email", metavar="ALAMAT", help="Surel untuk masuk dengan Google; kosong berarti tanpa surel.")
@click.option("--aktifkan", "activate", is_flag=True, help="Mengaktifkan lagi akun yang dinonaktifkan.")
@REASON
@click.pass_obj
def ubah(
    app: App,
    username: str,
    name: str | None,
    role: str | None,
    section_id: str | None,
    email: str | None,
    activate: bool,
    reason: str,
) -> None:
    old = _account(app, username)
    new_role = Role(role or old.role)
    new_section = old.section_id if section_id is None else section_id
    new_email = old.email if email is None else email
    if activate or (new_role, new_section, new_email) != (old.role, old.section_id, old.email):
        reason = require_reason(reason)
    managed = management(app)
    managed.change(username, old.name if name is None else name, new_role, new_section, new_email, reason)
    if activate:
        managed.activate(username, reason)
    click.echo(f"Akun {username} diubah.")


@pengguna.command(help=f"Mengganti sandi dengan sandi acak baru, yang {_LASTS}.")
@_USERNAME
@REASON
@click.pass_obj
def sandi(app: App, username: str, reason: str) -> None:
    _account(app, username)
    password = management(app).give_first_password(username, require_reason(reason))
    click.echo(f"Sandi {username} diganti. Sandi baru {_LASTS}; hanya ditampilkan sekali: {password}")


@pengguna.command(help="Menonaktifkan akun: tidak dapat masuk lagi, jejaknya di riwayat tetap ada.")
@_USERNAME
@click.pass_obj
def nonaktif(app: App, username: str) -> None:
    management(app).deactivate(username)
    click.echo(f"Akun {username} dinonaktifkan.")


@pengguna.command(help="Mendaftar semua akun.")
@click.pass_obj
def daftar(app: App) -> None:
    accounts = app.accounts().all()
    if not accounts:
        click.echo("Belum ada akun. Tambahkan dengan: pengguna tambah", err=True)
    for account in accounts:
        state = "aktif" if account.active else "nonaktif"
        click.echo(cells(account.username, account.name, account.role, account.section_id or "-", state))


@pengguna.command(help="Mencetak baris akun untuk rahasia (secrets) layanan yang disknya tidak bertahan.")
@click.argument("username", metavar="[NAMA_PENGGUNA]", default="")
@click.pass_obj
def baris(app: App, username: str) -> None:
    accounts = [_account(app, username)] if username else [a for a in app.accounts().all() if not a.sample]
    click.echo(f"[{PEOPLE_SECTION}]")
    for account in accounts:
        click.echo(line_of(account, lasting(app, account.username)))


@pengguna.command(help="Mendaftar sesi yang berjalan, semuanya atau milik satu pengguna; --akhiri mengakhirinya.")
@click.argument("username", metavar="[NAMA_PENGGUNA]", default="")
@click.option("--akhiri", "end", is_flag=True, help="Mengakhiri semua sesi pengguna ini di setiap peramban.")
@click.pass_obj
def sesi(app: App, username: str, end: bool) -> None:
    if end and not username:
        raise click.UsageError("--akhiri memerlukan NAMA_PENGGUNA.")
    if username:
        _account(app, username)
    if end:
        count = management(app).end_sessions(username)
        click.echo(f"{count} sesi {username} diakhiri." if count else f"Tidak ada sesi {username} yang berjalan.")
        return
    found = app.accounts().sessions.running(username)
    if not found:
        click.echo("Tidak ada sesi yang berjalan.", err=True)
    for session in found:
        since, seen = format_datetime(session.started_at), format_datetime(session.seen_at)
        click.echo(cells(session.username, since, seen, session.address or "-", session.browser or "-"))


@pengguna.command(help="Menulis semua data pribadi seorang pengguna ke berkas JSON, tanpa sidik sandinya.")
@_USERNAME
@click.option("--keluaran", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Berkas JSON.")
@click.pass_obj
def data(app: App, username: str, path: Path) -> None:
    account, accounts = _account(app, username), app.accounts()
    entries, _ = accounts.trail.whole()
    lines = app.store().history(HistoryQuery(by=username, limit=_ALL_LINES))
    content = {
        "akun": {name: value for name, value in asdict(account).items() if name not in _SECRET},
        "sesi": [
            {name: value for name, value in asdict(session).items() if name not in _SECRET}
            for session in accounts.access.sessions(username)
        ],
        "plh": [asdict(each) for each in accounts.access.stand_ins(username)],
        "draf": [asdict(draft) for draft in _drafts(app).for_user(username)],
        "catatan_masuk": [asdict(entry) for entry in entries if username in (entry.username, entry.by)],
        "riwayat": lines,
    }
    path.touch(0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    click.echo(f"Data {username} ditulis ke {path}: {len(lines)} entri riwayat.")


@pengguna.command(help="Menghapus akun yang sudah nonaktif, sesi, Plh., dan drafnya; namanya di riwayat tetap ada.")
@_USERNAME
@click.pass_obj
def hapus(app: App, username: str) -> None:
    _account(app, username)
    management(app).remove(username)
    _drafts(app).discard_all(username)
    click.echo(
        f"Akun {username}, sesi, dan drafnya dihapus. Nama penggunanya di riwayat tetap ada, agar riwayat tetap utuh."
    )


def _drafts(app: App) -> Drafts:
    return Drafts(app.settings.data_folder / DRAFTS_FILE)


def _account(app: App, username: str) -> Account:
    account = app.accounts().get(username)
    if account is None:
        raise Refused(f"Pengguna {username} tidak ada.")
    return account


def _require_section(role: Role, section_id: str) -> None:
    if needs_section(role) and not section_id:
        raise click.BadParameter(f"wajib bagi peran {role.value}.", param_hint="'--seksi'")
