"""``riwayat``: whether somebody has changed the log of the data or the log of the door."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

import click

from services.auth.trail import verify as verify_door
from services.cli import App
from services.commands.errors import REFUSED
from services.domain.numbers import clean, format_datetime, format_number
from services.store.access import TrailEntry, TrailHead
from services.store.seals import Fault, Findings, verify
from services.store.store import Row

_FORMATS = ("teks", "json")
_MOST_NAMED = 50
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Report:
    """One log: how many entries, how many of them without a seal, its end, and every place where it does not hold."""

    riwayat: str
    entri: int
    tanpa_segel: int
    ujung: str
    kerusakan: list[dict[str, str | int]]


@click.group(help="Memeriksa riwayat perubahan data dan catatan masuk.")
def riwayat() -> None:
    pass


@riwayat.command(
    help="Memeriksa segel setiap entri riwayat data dan catatan masuk, lalu menyebut entri yang diubah, dihapus, "
    "disisipkan, atau dipindahkan: nomor, waktu, pelaku, dan tindakannya.\n\n"
    "Catatlah ujung yang disebut di tempat lain, misalnya di buku agenda: riwayat yang disegel ulang seluruhnya hanya "
    "ketahuan dengan membandingkannya. Kode keluar 1 bila ada kerusakan, 0 bila utuh."
)
@click.option(
    "--format", "shape", type=click.Choice(_FORMATS), default=_FORMATS[0], show_default=True, help="Bentuk keluaran."
)
@click.pass_obj
def periksa(app: App, shape: str) -> None:
    reports = [_data_report(verify(app.store().log())), _door_report(*app.accounts().trail.whole())]
    if shape == "json":
        click.echo(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(line for report in reports for line in _lines(report)))
    if any(report.kerusakan for report in reports):
        raise click.exceptions.Exit(REFUSED)


def _data_report(found: Findings) -> Report:
    faults = [_data_fault(fault) for fault in found.faults]
    return Report("Riwayat data", found.lines, found.unsealed, str(found.head), faults)


def _data_fault(fault: Fault) -> dict[str, str | int]:
    return {
        "jenis": fault.kind.value,
        "nomor": fault.number,
        "sampai": fault.last,
        "sebab": fault.why,
        "entri": _line(fault.line) if fault.line else "",
    }


def _line(row: Row) -> str:
    """When, who and what, on one line whatever stands there."""
    at = row["at"]
    when = format_datetime(at) if isinstance(at, datetime) else str(at or "waktu kosong")
    where = ", ".join(str(row[name]) for name in ("table", "row_id", "column") if row[name])
    return _short((when, row["by"], row["action"], where))


def _door_report(entries: tuple[TrailEntry, ...], head: TrailHead) -> Report:
    broken = verify_door(entries, head)
    there = {entry.number: entry for entry in entries}
    faults: list[dict[str, str | int]] = []
    if broken is not None:
        entry = there.get(broken.number)
        named = _short((entry.at, entry.by, entry.event, entry.username)) if entry else ""
        place: dict[str, str | int] = {"jenis": "rusak", "nomor": broken.number, "sampai": broken.number}
        faults.append({**place, "sebab": broken.why, "entri": named})
    return Report("Catatan masuk", len(entries), 0, f"{head.number} {head.seal}".strip(), faults)


def _short(parts: Iterable[object]) -> str:
    text = " · ".join(clean(str(part)) for part in parts if part).encode("utf-8", "replace").decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _lines(report: Report) -> Iterator[str]:
    state = f"{len(report.kerusakan)} kerusakan" if report.kerusakan else "utuh"
    unsealed = (
        f", {format_number(Decimal(report.tanpa_segel))} di antaranya dari versi tanpa segel"
        if report.tanpa_segel
        else ""
    )
    yield f"{report.riwayat}: {state}; {format_number(Decimal(report.entri))} entri{unsealed}."
    for fault in report.kerusakan[:_MOST_NAMED]:
        yield f"  {fault['sebab']}"
        if fault["entri"]:
            yield f"    {fault['entri']}"
    if len(report.kerusakan) > _MOST_NAMED:
        yield f"  … dan {len(report.kerusakan) - _MOST_NAMED} lagi; seluruhnya dengan --format json."
    yield f"  Ujung: {report.ujung}"
