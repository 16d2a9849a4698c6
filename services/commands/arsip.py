"""``arsip``: the issued reports, their bytes, and whether a file or a fingerprint is one of theirs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from services import archive
from services.actions.documents import kept_bytes
from services.cli import App
from services.commands.errors import REFUSED, Refused
from services.commands.files import read_bytes, write_atomically
from services.domain.indicators import Period
from services.domain.numbers import format_date, format_period
from services.report.fingerprint import LENGTH, typed
from services.report.verdict import Verdict
from services.views.documents import document, documents, register
from services.views.office import office_of

FIRST_YEAR, LAST_YEAR = 2000, 2100


@click.group(help="Menampilkan arsip laporan, mengambil berkasnya, dan memeriksa keaslian.")
def arsip() -> None:
    pass


@arsip.command(help="Menampilkan semua laporan yang sudah terbit.")
@click.pass_obj
def daftar(app: App) -> None:
    office = office_of(app.store().read())
    numbers = {a.document.id: a.register for a in register(office)}
    lines = [archive.line(d, numbers.get(d.id, "")) for d in documents(office)]
    click.echo("\n".join(lines) or "Belum ada laporan yang terbit.")


@arsip.command(help="Mengambil PDF yang diterbitkan, persis seperti saat terbit.")
@click.option(
    "--tahun", "year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), metavar="TAHUN", required=True, help="Tahun laporan."
)
@click.option("--triwulan", "quarter", type=click.IntRange(1, 4), metavar="1-4", required=True, help="Triwulan.")
@click.option(
    "--keluaran", "target", type=click.Path(path_type=Path), metavar="BERKAS", required=True, help="Berkas hasil, .pdf."
)
@click.pass_obj
def ambil(app: App, year: int, quarter: int, target: Path) -> None:
    period, store = Period(year, quarter), app.store()
    found = document(office_of(store.read()), period)
    if found is None:
        raise Refused(f"Laporan {format_period(period)} belum diterbitkan, jadi tidak ada di arsip.")
    write_atomically(target, kept_bytes(store, found))
    click.echo(f"Laporan nomor {found.number} ditulis ke {target}. SHA-256 {found.sha256} cocok dengan register.")


@arsip.command(
    help="Memeriksa apakah sebuah PDF adalah laporan kantor ini dan tidak berubah. Sebagai ganti berkas, sidik data "
    f"({LENGTH} angka dan huruf, di dalam tanda kutip bila berspasi) dari kertas dapat ditulis, juga awalnya saja.\n\n"
    "Kode keluar 0 bila asli, 1 bila tidak atau hanya sebagian cocok."
)
@click.argument("subject", metavar="BERKAS|SIDIK")
@click.pass_obj
def periksa(app: App, subject: str) -> None:
    store = app.store()
    office = office_of(store.read())
    try:
        if _names_a_file(subject):
            roots = archive.trusted_roots(app.settings.certificate_folder)
            content = read_bytes(Path(subject), archive.largest_file(office) + 1)
            accepted, lines = _judged(archive.judged(office, store, content, app.now(), roots))
        else:
            accepted, lines = _issued(archive.looked_up(office, store, subject), archive.nearly(office, subject))
    except archive.NotChecked as error:
        raise Refused(str(error)) from error
    click.echo("\n".join(lines))
    if not accepted:
        raise click.exceptions.Exit(REFUSED)


def _names_a_file(subject: str) -> bool:
    """Whether somebody meant a file, be it there or not, and no fingerprint."""
    there = os.path.exists(subject)  # noqa: PTH110 - Path.exists raises where a name is too long
    return there or (typed(subject) is None and bool(Path(subject).suffix))


def _judged(found: Verdict) -> tuple[bool, list[str]]:
    lines = [f"{found.kind.value.upper()}: {found.message}", *(f"- {detail}" for detail in found.details)]
    for signature in found.signatures:
        lines.append(f"Tanda tangan {signature.signer}: {signature.state}")
        lines += [f"- {detail}" for detail in signature.details]
    return found.accepted, lines


def _issued(found: archive.Issued | None, slip: archive.Slip | None) -> tuple[bool, list[str]]:
    if found is None:
        hint = f" {archive.slip_hint(slip)}" if slip else ""
        return False, [f"TIDAK ADA DI ARSIP: tidak ada laporan dengan sidik data ini.{hint}"]
    head = f"ADA DI ARSIP: laporan nomor {found.document.number}, {format_date(found.document.day)}."
    if not found.complete:
        head = f"COCOK SEBAGIAN: {archive.partly(found)}"
    check = "Cocokkan angka berikut dengan kertasnya:"
    doubt = (
        [] if found.figures_certain else ["Perhatian: PDF di arsip tidak terbaca; angka dihitung kembali dari data."]
    )
    return found.complete, [head, check, *(f"- {name}: {value}" for name, value in found.figures), *doubt]
