"""The audit bundle of a quarter: one ZIP that opens without this product, the same bytes for the same data."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from string import Template

from services.actions.documents import kept_bytes
from services.archive import figures
from services.domain.indicators import Period
from services.domain.numbers import format_date, format_datetime, format_number, official_period
from services.report.document import build_report, file_name
from services.report.fingerprint import short, to_csv
from services.report.forms.sop_paper import sop_pdf
from services.store import schema
from services.store.store import Row, Store
from services.tabular.export import export_table
from services.tabular.grids import TypedCell
from services.tabular.values import Form
from services.tabular.workbook import Sheet, workbook
from services.views.board import board_of
from services.views.documents import Document, document, register
from services.views.office import Office
from services.views.report_data import DataTable, data_of
from services.views.steps import steps_of

INDEX, SUMS = "index.html", "SHA256SUMS"
_PAGE = Path(__file__).parent / "assets" / "bundle.html"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ABOUT = {
    "riwayat.csv": "Setiap perubahan pada baris triwulan ini: waktu, pelaku, nilai lama, nilai baru",
    "bukti-dukung.csv": "Daftar bukti dukung per indikator",
    "langkah.csv": "Ke-13 langkah SOP: waktu baku, mulai, tenggat, selesai, dan keadaannya",
    "sop.pdf": "SOP dalam versi yang dipakai triwulan ini",
    "data/data.xlsx": "Semua data di bawah ini dalam satu buku kerja",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """The ZIP, and the files in it."""

    content: bytes
    files: tuple[str, ...]


class NoQuarter(Exception):
    """There is nothing to bundle; the message says what to do."""


def bundle(office: Office, store: Store, period: Period, now: datetime) -> Bundle:
    """Report, data, log, evidence, SOP, index and checksums of a quarter. Raises NoQuarter, StoreError."""
    if period not in office.cycles:
        raise NoQuarter(f"{official_period(period)} belum dibuka, jadi belum ada yang dibundel.")
    issued = document(office, period)
    tables = data_of(office, period)
    parts: dict[str, bytes] = {}
    parts[f"laporan/{file_name(period, draft=issued is None)}"] = _report(office, store, period, now, issued)
    parts["sop.pdf"] = _sop(office, period, now)
    parts["riwayat.csv"] = export_table(schema.HISTORY, _log(office, store, period), Form.CSV)
    parts["bukti-dukung.csv"] = to_csv(_evidence(office, period))
    parts["langkah.csv"] = to_csv(_steps(office, period, now))
    parts |= {f"data/{table.name}.csv": to_csv(table) for table in tables}
    parts["data/data.xlsx"] = workbook([_sheet(table) for table in tables])
    about = _ABOUT | {f"data/{table.name}.csv": table.about for table in tables}
    parts[INDEX] = _index(office, period, now, issued, parts, about).encode()
    parts[SUMS] = _sums(parts)
    return Bundle(_zip(parts), tuple(sorted(parts)))


def _report(office: Office, store: Store, period: Period, now: datetime, issued: Document | None) -> bytes:
    return kept_bytes(store, issued) if issued else build_report(office, period, now, draft=True).pdf


def _sop(office: Office, period: Period, now: datetime) -> bytes:
    return sop_pdf(office, office.head(office.cycles[period].sop_version), office.steps(period), now)


def _log(office: Office, store: Store, period: Period) -> list[Row]:
    """The lines about rows of this quarter, oldest first."""
    tables = [t for t in schema.SNAPSHOT_TABLES if {"year", "quarter"} <= set(t.names)]
    own = {(t.name, str(row["id"])) for t in tables for row in office.rows_of(t, period)}
    return [line for line in store.log().lines if (str(line["table"]), str(line["row_id"])) in own]


def _evidence(office: Office, period: Period) -> DataTable:
    rows = [
        (office.section(i.section_id).name, i.code, i.name, entry.text("evidence"))
        for i in office.all_indicators
        if (entry := office.entry(i.id, period)) and entry.text("evidence")
    ]
    return DataTable("bukti-dukung", "", ("Seksi", "Kode", "Indikator", "Bukti dukung"), tuple(rows))


def _steps(office: Office, period: Period, now: datetime) -> DataTable:
    columns = ("No", "Langkah", "Waktu baku", "Mulai", "Tenggat", "Selesai", "Keadaan")
    rows = tuple(
        (str(p.step.no), p.step.procedure, str(p.step.duration), *map(_moment, (p.started_at, p.due_at, p.done_at)),
         p.state.value)
        for p in steps_of(office, period, now).items
    )  # fmt: skip
    return DataTable("langkah", "", columns, rows)


def _moment(at: datetime | None) -> str:
    return format_datetime(at) if at else ""


def _sheet(table: DataTable) -> Sheet:
    return Sheet(table.name, [[TypedCell(cell) for cell in line] for line in (table.columns, *table.rows)])


def _sums(parts: Mapping[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha256(parts[name]).hexdigest()}  {name}\n" for name in sorted(parts)).encode()


def _zip(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts):
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, parts[name])
    return target.getvalue()


# --- the page that opens without the product ---------------------------------------------------------------------


def _index(
    office: Office,
    period: Period,
    now: datetime,
    issued: Document | None,
    parts: Mapping[str, bytes],
    about: Mapping[str, str],
) -> str:
    title = f"Bundel audit {official_period(period)}"
    sample = '<p class="mark">CONTOH, bukan angka resmi</p>' if office.profile.sample else ""
    shown = [*figures(board_of(office, period, now))[1:], *_identity(office, issued)]
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in shown)
    rows = "".join(_file_row(name, parts[name], about) for name in sorted(parts))
    return Template(_PAGE.read_text("utf-8")).substitute(
        title=escape(title), office=escape(office.profile.title), sample=sample, facts=facts, rows=rows, sums=SUMS,
        now=escape(format_datetime(now)),
    )  # fmt: skip


def _identity(office: Office, issued: Document | None) -> Sequence[tuple[str, str]]:
    if issued is None:
        return (("Keadaan laporan", "Draf, belum diterbitkan"),)
    entry = next((a for a in register(office) if a.document.id == issued.id), None)
    return (
        ("Nomor dokumen", issued.number),
        ("Tanggal", format_date(issued.day)),
        ("Nomor arsip", entry.register if entry else "belum diarsipkan"),
        ("Sidik data", short(issued.fingerprint)),
        ("SHA-256 PDF", issued.sha256),
    )


def _file_row(name: str, content: bytes, about: Mapping[str, str]) -> str:
    said = about.get(name, "Laporan monitoring dan evaluasi kinerja" if name.startswith("laporan/") else "")
    size = format_number(Decimal(max(1, round(len(content) / 1024))), 0)
    link = f'<a href="{escape(name, quote=True)}">{escape(name)}</a>'
    return f"<tr><td>{link}</td><td>{escape(said)}</td><td class='n'>{size} KB</td></tr>"
