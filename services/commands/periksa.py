"""``periksa``: every doubtful cell with its place, what stands there, why, and what to write."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from services.cli import App
from services.commands.errors import REFUSED
from services.domain.indicators import Period
from services.domain.numbers import clean, format_period
from services.tabular.grids import TypedCell, csv_text
from services.views.findings import Checked, open_findings
from services.views.office import Office, office_of

FIELDS = ("temuan", "tingkat", "seksi", "indikator", "tab", "sel", "tertulis", "sebab", "saran")
FORMATS = ("teks", "csv", "json")
_LONGEST = 200


@click.command(
    help="Memeriksa isian satu triwulan dan kamus indikator, lalu menyebut setiap temuan: tab dan selnya, apa yang "
    "tertulis, sebabnya, dan apa yang sebaiknya ditulis.\n\n"
    "Temuan yang sudah diterima dengan alasan tidak disebut lagi. Kode keluar 1 bila ada temuan, 0 bila tidak ada."
)
@click.option(
    "--tahun", "year", type=click.IntRange(2000, 2100), metavar="TAHUN", help="Tahun; bawaan: triwulan terbaru."
)
@click.option("--triwulan", "quarter", type=click.IntRange(1, 4), metavar="1-4", help="Triwulan, bersama --tahun.")
@click.option(
    "--format", "shape", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True, help="Bentuk keluaran."
)
@click.pass_obj
def periksa(app: App, year: int | None, quarter: int | None, shape: str) -> None:
    if (year is None) != (quarter is None):
        raise click.UsageError("Sebut --tahun dan --triwulan bersama-sama, atau tidak keduanya.")
    office = office_of(app.store().read())
    period = _period(office, year, quarter)
    found = open_findings(office, period)
    records = [_record(office, checked) for checked in found]
    click.echo(_WRITERS[shape](records), nl=shape != "csv")
    click.echo(_summary(len(found), period), err=True)
    if found:
        raise click.exceptions.Exit(REFUSED)


def _period(office: Office, year: int | None, quarter: int | None) -> Period:
    if year is not None and quarter is not None:
        return Period(year, quarter)
    latest = office.latest_period()
    if latest is None:
        raise click.UsageError("Belum ada triwulan yang dibuka. Sebut --tahun dan --triwulan.")
    return latest


def _summary(count: int, period: Period) -> str:
    return (
        f"{count} temuan pada {format_period(period)}." if count else f"Tidak ada temuan pada {format_period(period)}."
    )


def _record(office: Office, checked: Checked) -> dict[str, str]:
    finding = checked.finding
    cell = checked.place.partition("!")[2] or checked.place.partition(", ")[2]
    section = office.section(finding.section_id).name if finding.section_id else ""
    indicator = checked.indicator.name if checked.indicator else finding.indicator_id
    values = (finding.kind.value, finding.severity.value, section, indicator, finding.table, cell)
    texts = (_short(finding.typed), finding.why, finding.suggestion)
    return dict(zip(FIELDS, map(clean, (*values, *texts)), strict=True))


def _short(text: str) -> str:
    """On one line, and printable whatever a cell holds."""
    line = clean(text).encode("utf-8", "replace").decode()
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _as_text(records: Sequence[dict[str, str]]) -> str:
    return "\n\n".join(_block(record) for record in records)


def _block(record: dict[str, str]) -> str:
    place = f"{record['tab']}!{record['sel']}" if record["sel"].isalnum() else f"{record['tab']} {record['sel']}"
    whose = " · ".join(filter(None, (record["indikator"], record["seksi"])))
    return (
        f"{place.strip()}: {record['temuan']}{f' ({whose})' if whose else ''}\n"
        f"  tertulis  {record['tertulis']}\n  sebab     {record['sebab']}\n  saran     {record['saran']}"
    )


def _as_csv(records: Sequence[dict[str, str]]) -> str:
    lines = [list(FIELDS), *([record[name] for name in FIELDS] for record in records)]
    return csv_text([[TypedCell(text) for text in line] for line in lines], ";")


def _as_json(records: Sequence[dict[str, str]]) -> str:
    return json.dumps(records, ensure_ascii=False, indent=1)


_WRITERS = {"teks": _as_text, "csv": _as_csv, "json": _as_json}
