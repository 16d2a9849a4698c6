"""``pengguna plh``: who holds a role for somebody else, from when until when."""

from __future__ import annotations

from datetime import date, datetime

import click

from services.auth.management import Management
from services.cli import App
from services.commands.errors import Refused
from services.commands.operator import operator
from services.commands.reasons import REASON, require_reason
from services.commands.terminal import cells
from services.domain.numbers import format_date
from services.domain.roles import Role
from services.domain.stand_in import LONGEST_DAYS, STAND_IN_ROLES, StandIn
from services.sample.clock import present
from services.store.schema import SECTION

_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
_ROLES = click.Choice([role.value for role in STAND_IN_ROLES])


@click.group(help="Menunjuk, mengakhiri, dan mendaftar pelaksana harian (Plh.).")
def plh() -> None:
    pass


@plh.command(
    help=f"Menunjuk NAMA_PENGGUNA sebagai Plh. suatu peran, paling lama {LONGEST_DAYS} hari. Selama itu ia dapat "
    "memilih bertindak sebagai Plh. di bawah menu; hak, halaman, dan tugasnya mengikuti peran itu."
)
@click.argument("username", metavar="NAMA_PENGGUNA")
@click.option("--peran", "role", type=_ROLES, required=True, help="Peran yang digantikan.")
@click.option("--seksi", "section_id", metavar="ID", default="", help="ID seksi, bagi kasi dan umum.")
@click.option("--mulai", "first", type=_DAY, metavar="TTTT-BB-HH", required=True, help="Hari pertama.")
@click.option("--sampai", "last", type=_DAY, metavar="TTTT-BB-HH", required=True, help="Hari terakhir, masih berlaku.")
@click.option("--dasar", "basis", metavar="TEKS", required=True, help="Nomor surat perintah, atau alasannya.")
@click.pass_obj
def tunjuk(app: App, username: str, role: str, section_id: str, first: datetime, last: datetime, basis: str) -> None:
    made = management(app).appoint(username, Role(role), section_id, first.date(), last.date(), basis, _today(app))
    click.echo(f"{username} menjadi {_described(made)}.")


@plh.command(help="Mengakhiri Plh. yang dipegang NAMA_PENGGUNA sebelum hari terakhirnya, seketika.")
@click.argument("username", metavar="NAMA_PENGGUNA")
@click.option("--peran", "role", type=_ROLES, help="Peran yang digantikan, bila lebih dari satu.")
@REASON
@click.pass_obj
def akhiri(app: App, username: str, role: str | None, reason: str) -> None:
    found = [each for each in lasting(app, username) if role in (None, each.role.value)]
    if not found:
        raise Refused(f"Tidak ada Plh. {username} yang berlaku atau akan berlaku.")
    if len(found) > 1:
        raise Refused(f"{username} memegang {', '.join(map(_described, found))}. Sebut satu dengan --peran.")
    management(app).end_stand_in(found[0], require_reason(reason), _today(app))
    click.echo(f"{found[0].title} {username} diakhiri.")


@plh.command(help="Mendaftar Plh. yang berlaku atau akan berlaku; --semua juga yang sudah berakhir.")
@click.option("--semua", "all_", is_flag=True, help="Juga yang sudah berakhir.")
@click.pass_obj
def daftar(app: App, all_: bool) -> None:
    today = _today(app)
    found = [each for each in app.accounts().access.stand_ins() if all_ or each.lasts(today)]
    if not found:
        click.echo("Tidak ada Plh." if all_ else "Tidak ada Plh. yang berlaku atau akan berlaku.", err=True)
    for each in found:
        state = "berlaku" if each.covers(today) else "akan berlaku" if each.lasts(today) else "berakhir"
        days = (each.first.isoformat(), each.last.isoformat())
        click.echo(cells(each.username, each.role.value, each.section_id or "-", *days, state, each.basis))


def _described(each: StandIn) -> str:
    section = f" ({each.section_id})" if each.section_id else ""
    return f"{each.title}{section}, {format_date(each.first)} sampai {format_date(each.last)}"


def lasting(app: App, username: str) -> list[StandIn]:
    """What this person stands in for now, or will."""
    today = _today(app)
    return [each for each in app.accounts().access.stand_ins(username) if each.lasts(today)]


def _today(app: App) -> date:
    return present(app.store(), app.now()).date()


def management(app: App) -> Management:
    """In the name of whoever runs the command."""
    sections = [str(row["id"]) for row in app.store().read().rows(SECTION)]
    return Management(app.accounts(), sections, operator=operator())
