"""``manifest.json``: what a report was made from and by which rules, attached to it beside its data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services import VERSION
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.numbers import NBSP
from services.report import texts
from services.report.fingerprint import MOST_CELLS, TEMPLATE_VERSION, cells_in, fingerprint, from_csv, to_csv
from services.report.issue import Issue
from services.report.sealing import Attachment, Embedded
from services.views.board import Board
from services.views.key_figures import key_figures
from services.views.office import Office
from services.views.report_data import DataTable

NAME = "manifest.json"
KIND = "Laporan monitoring dan evaluasi kinerja"
APPLICATION = "Monev Silaut"
_HOW = (
    "Sidik data adalah SHA-256 (heksadesimal) dari JSON berkode UTF-8 dengan kunci terurut dan tanpa spasi: "
    '{"data":{nama tabel:{"baris":[…],"kolom":[…]}},"kantor":…,"templat":…,"triwulan":…}. Baris tabel diurutkan; '
    "semua nilai adalah teks seperti di berkas CSV, tanpa tanda petik tunggal di awal sel."
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says, read back from a PDF."""

    office: str
    period: Period
    number: str
    draft: bool
    fingerprint: str
    template: str
    as_of: datetime
    """Up to which moment the report counts days and lateness."""
    files: dict[str, str]
    """SHA-256 of each attached file."""
    about: dict[str, str]
    """What each of them holds."""
    figures: tuple[tuple[str, str], ...]


def data_files(tables: Iterable[DataTable]) -> Iterator[Attachment]:
    """The data as CSV files, one after the other, since they are large."""
    return (Attachment(f"{table.name}.csv", to_csv(table), "text/csv", table.about) for table in tables)


def manifest_file(
    office: Office,
    board: Board,
    as_of: datetime,
    seal: str,
    files: Iterable[Embedded],
    *,
    draft: bool,
    issue: Issue | None,
) -> Attachment:
    """The manifest over the files of the data. ``seal`` is the fingerprint of the data."""
    content = _content(office, board.period, as_of, draft=draft, issue=issue)
    content |= {"sidik_data": seal, "angka_kunci": key_figures(board), "lampiran": list(map(_file, files))}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
    return Attachment(NAME, text.encode("utf-8"), "application/json", "Asal-usul laporan dan lampirannya")


def _content(office: Office, period: Period, as_of: datetime, *, draft: bool, issue: Issue | None) -> dict[str, Any]:
    cycle = office.cycles[period]
    return {
        "jenis": KIND,
        "aplikasi": APPLICATION,
        "versi_aplikasi": VERSION,
        "templat": TEMPLATE_VERSION,
        "kantor": office.profile.title,
        "triwulan": period.key,
        "draf": draft,
        "contoh": office.profile.sample,
        "nomor": issue.number if issue else "",
        "tanggal": issue.day.isoformat() if issue else "",
        "keadaan_data": as_of.astimezone(WIB).isoformat(timespec="seconds"),
        "versi_sop": cycle.sop_version,
        "nomor_sop": office.profile.sop_number,
        "rumus": texts.formula_note(office).replace(NBSP, " "),
        "kategori": texts.scale_note(office.scale),
        "cara_menghitung_sidik": _HOW,
    }


def _file(file: Embedded) -> dict[str, Any]:
    return {"nama": file.name, "isi": file.description, "bita": file.size, "sha256": file.sha256}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(data: bytes) -> Manifest:
    """What the manifest of a report says. Raises ValueError when it is none of this application."""
    try:
        content = json.loads(data)
        json.dumps(content, ensure_ascii=False).encode()  # a text that cannot be written out can be shown nowhere
        if content["jenis"] != KIND or content["aplikasi"] != APPLICATION:
            raise ValueError("manifest milik dokumen lain")
        year, quarter = map(int, content["triwulan"].split("-"))
        return Manifest(
            office=str(content["kantor"]),
            period=Period(year, quarter),
            number=str(content["nomor"]),
            draft=bool(content["draf"]),
            fingerprint=str(content["sidik_data"]),
            template=str(content["templat"]),
            as_of=datetime.fromisoformat(str(content["keadaan_data"])),
            files={str(one["nama"]): str(one["sha256"]) for one in content["lampiran"]},
            about={str(one["nama"]): str(one["isi"]) for one in content["lampiran"]},
            figures=tuple((str(name), str(value)) for name, value in content["angka_kunci"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("manifest tidak lengkap") from error


def recomputed(manifest: Manifest, files: dict[str, bytes]) -> str:
    """The fingerprint of the data that are really attached. Raises ValueError where they cannot be read."""
    attached = {name: files[name] for name in manifest.files if name in files}
    if sum(map(cells_in, attached.values())) > MOST_CELLS:
        raise ValueError("lampiran terlalu besar")
    tables = [from_csv(name.removesuffix(".csv"), data) for name, data in attached.items()]
    return fingerprint(manifest.office, manifest.period, tables, manifest.template)
