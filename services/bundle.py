"""The audit bundle of a quarter: one ZIP that opens without this product, the same bytes for the same data."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from string import Template

from services.actions.documents import kept_bytes
from services.domain.indicators import Period
from services.domain.numbers import format_date, format_datetime, format_number, official_period
from services.report import manifest
from services.report.document import build_report, file_name
from services.report.fingerprint import from_csv, short
from services.report.foreign import attached_files
from services.report.forms.sop_paper import sop_pdf
from services.report.manifest import Manifest
from services.store import schema
from services.store.store import Row, Store
from services.tabular.export import export_rows, export_table
from services.tabular.grids import TypedCell
from services.tabular.values import Form
from services.tabular.workbook import Sheet, workbook
from services.views.documents import Document, document, register
from services.views.monev import visits
from services.views.office import Office
from services.views.report_data import DataTable, data_moment, number_columns
from services.views.steps import steps_of

INDEX, SUMS = "index.html", "SHA256SUMS"
_PAGE = Path(__file__).parent / "assets" / "bundle.html"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
_FIRST = ("laporan/", "data/data.xlsx", "riwayat", "bukti", "langkah", "sop.pdf")
_LONG = 17
"""Characters from which a fact takes the whole width of a telephone."""
_ABOUT = {
    "riwayat.csv": "Setiap perubahan pada baris triwulan ini: waktu (WIB), pelaku, nilai lama, nilai baru",
    "bukti-dukung.csv": "Daftar bukti dukung per indikator dan per kunjungan monitoring",
    "langkah.csv": "Ke-13 langkah SOP: waktu baku, lalu mulai, tenggat, dan selesai (WIB), serta keadaannya",
    "sop.pdf": "SOP dalam versi yang dipakai triwulan ini",
    "data/data.xlsx": "Semua data di bawah ini dalam satu buku kerja",
    f"data/{manifest.NAME}": "Asal-usul laporan, SHA-256 setiap lampiran, dan cara menghitung sidik data",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """The ZIP, and the files in it."""

    content: bytes
    files: tuple[str, ...]


class NoQuarter(Exception):
    """There is nothing to bundle; the message says what to do."""


def bundle(office: Office, store: Store, period: Period) -> Bundle:
    """Report, its data, log, evidence, SOP, index and checksums of a quarter. Raises NoQuarter, StoreError.

    The data are those inside the report, so that they are what was reported, whatever was changed since.
    """
    if period not in office.cycles:
        raise NoQuarter(f"{official_period(period)} belum dibuka, jadi belum ada yang dibundel.")
    issued, as_of = document(office, period), data_moment(office, period)
    report = kept_bytes(store, issued) if issued else build_report(office, period, draft=True).pdf
    attached = attached_files(report)
    said = manifest.read(attached[manifest.NAME])
    tables = [from_csv(name.removesuffix(".csv"), attached[name]) for name in said.files]
    parts: dict[str, bytes] = {f"data/{name}": content for name, content in attached.items()}
    parts["data/data.xlsx"] = workbook([_sheet(table) for table in tables])
    parts[f"laporan/{file_name(period, draft=issued is None)}"] = report
    parts["sop.pdf"] = sop_pdf(office, office.head(office.cycles[period].sop_version), office.steps(period), as_of)
    parts["riwayat.csv"] = export_table(schema.HISTORY, _log(office, store, period), Form.CSV)
    parts["bukti-dukung.csv"] = export_rows(_evidence(office, period))
    parts["langkah.csv"] = export_rows(_steps(office, period, as_of))
    about = _ABOUT | {f"data/{name}": text for name, text in said.about.items()}
    parts[INDEX] = _index(office, said, issued, parts, about).encode()
    parts[SUMS] = _sums(parts)
    return Bundle(_zip(parts), tuple(sorted(parts)))


def _log(office: Office, store: Store, period: Period) -> list[Row]:
    """The lines about rows of this quarter, oldest first."""
    tables = [t for t in schema.SNAPSHOT_TABLES if {"year", "quarter"} <= set(t.names)]
    own = {(t.name, str(row["id"])) for t in tables for row in office.rows_of(t, period)}
    return [line for line in store.log().lines if (str(line["table"]), str(line["row_id"])) in own]


def _evidence(office: Office, period: Period) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("Seksi", "Kode", "Indikator atau kegiatan", "Bukti dukung")]
    for i in office.all_indicators:
        if (entry := office.entry(i.id, period)) and entry.text("evidence"):
            rows.append((office.section(i.section_id).name, i.code, i.name, entry.text("evidence")))
    for visit in visits(office, period):
        rows += [(visit.section.name, "", "Monitoring ke seksi", link) for link in visit.evidence]
    return rows


def _steps(office: Office, period: Period, as_of: datetime) -> list[tuple[str | int, ...]]:
    return [
        ("No", "Langkah", "Waktu baku", "Mulai", "Tenggat", "Selesai", "Keadaan"),
        *(
            (p.step.no, p.step.procedure, str(p.step.duration),
             *map(_moment, (p.started_at, p.due_at, p.done_at)), p.state.value)
            for p in steps_of(office, period, as_of).items
        ),
    ]  # fmt: skip


def _moment(at: datetime | None) -> str:
    return format_datetime(at) if at else ""


def _sheet(table: DataTable) -> Sheet:
    """Figures as numbers, everything else as text."""
    numeric = [column in number_columns(table.name) for column in table.columns]
    header = [TypedCell(column) for column in table.columns]
    return Sheet(table.name, [header, *([*map(_cell, row, numeric)] for row in table.rows)])


def _cell(text: str, numeric: bool) -> TypedCell:
    return TypedCell(Decimal(text) if numeric and _NUMBER.fullmatch(text) else text)


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
    said: Manifest,
    issued: Document | None,
    parts: Mapping[str, bytes],
    about: Mapping[str, str],
) -> str:
    title = f"Bundel audit {official_period(said.period)}"
    sample = '<p class="mark">CONTOH, bukan angka resmi</p>' if office.profile.sample else ""
    shown = [*said.figures[1:], *_identity(office, issued)]
    facts = "".join(_fact(name, value) for name, value in shown)
    rows = "".join(_file_row(name, parts[name], about) for name in sorted(parts, key=_rank))
    return Template(_PAGE.read_text("utf-8")).substitute(
        title=escape(title), office=escape(office.profile.title), sample=sample, facts=facts, rows=rows, sums=SUMS,
        as_of=escape(format_datetime(said.as_of)),
    )  # fmt: skip


def _rank(name: str) -> tuple[int, str]:
    """The report and what people open first, then the data one by one."""
    first = next((n for n, beginning in enumerate(_FIRST) if name.startswith(beginning)), len(_FIRST))
    return first, name


def _fact(name: str, value: str) -> str:
    wide = ' class="wide"' if len(value) > _LONG else ""
    return f"<div{wide}><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"


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
