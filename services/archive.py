"""The archive of issued reports: a file or a fingerprint judged against it, and copies in a folder of the office."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from services.actions.documents import kept_bytes
from services.domain.clock import WIB
from services.domain.numbers import format_date
from services.report.checking import check, manifest_in
from services.report.document import file_name
from services.report.fingerprint import short, typed
from services.report.verdict import Archived, Kind, Verdict
from services.store.store import Store, StoreError
from services.views.board import board_of
from services.views.documents import Document, documents, register
from services.views.key_figures import key_figures
from services.views.office import Office
from services.views.past import office_at

LARGEST_UPLOAD = 10 * 2**20
_PDF = b"%PDF-"


class NotChecked(Exception):
    """Nothing could be judged; the message says why and what to do."""


def judged(office: Office, store: Store, pdf: bytes, now: datetime) -> Verdict:
    """Whether a file is one of the issued reports. Raises NotChecked for what is no PDF at all."""
    if not pdf:
        raise NotChecked("Berkas ini kosong. Pilih berkas PDF laporan.")
    if len(pdf) > LARGEST_UPLOAD:
        raise NotChecked("Berkas ini lebih besar dari 10 MB, jadi bukan laporan dari aplikasi ini.")
    if _PDF not in pdf[:1024]:
        raise NotChecked("Berkas ini bukan PDF. Pilih berkas laporan yang berakhiran .pdf.")
    known = [Archived(d.sha256, d.size, d.number, d.fingerprint) for d in documents(office)]
    found = check(pdf, known, now)
    if found.kind is Kind.CHANGED and found.archived:
        return _with_pages(office, store, pdf, now, found.archived) or found
    return found


def _with_pages(office: Office, store: Store, pdf: bytes, now: datetime, near: Archived) -> Verdict | None:
    """The same verdict with the pages that differ, where the archived bytes can be read."""
    document = next(d for d in documents(office) if d.sha256 == near.sha256)
    try:
        original = kept_bytes(store, document)
    except StoreError:
        return None
    known = [Archived(d.sha256, d.size, d.number, d.fingerprint) for d in documents(office) if d != document]
    return check(pdf, [replace(near, pdf=original), *known], now)


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued report that belongs to a fingerprint, with figures to hold against the paper (name, value)."""

    document: Document
    figures: tuple[tuple[str, str], ...]
    figures_certain: bool


def looked_up(office: Office, store: Store, text: str) -> Issued | None:
    """The report with the fingerprint that somebody typed from paper; None: none has it. Raises NotChecked."""
    wanted = typed(text)
    if wanted is None:
        digits = "".join(text.split())
        raise NotChecked(
            f"Sidik data terdiri atas 64 angka dan huruf a sampai f; yang ditulis {len(digits)} tanda. "
            "Salin kembali delapan kelompok dari kotak pemeriksaan laporan."
        )
    found = next((d for d in documents(office) if d.fingerprint == wanted), None)
    return described(office, store, found) if found else None


def nearly(office: Office, text: str) -> Document | None:
    """A report whose fingerprint shares a group of eight digits at the same place: probably a slip of the pen."""
    wanted = typed(text) or ""
    groups = set(enumerate(short(wanted).split()))
    shared = (d for d in documents(office) if d.fingerprint and groups & set(enumerate(short(d.fingerprint).split())))
    return next(shared, None)


def described(office: Office, store: Store, document: Document) -> Issued:
    """The figures that the archived file says of itself; where it cannot be read, those of the data of that day."""
    try:
        said = manifest_in(kept_bytes(store, document))
    except StoreError:
        said = None
    if said is not None:
        return Issued(document, said.figures, figures_certain=True)
    then = office_at(store, office, document.at)
    return Issued(document, key_figures(board_of(then, document.period, document.at)), figures_certain=False)


# --- copies in a folder ------------------------------------------------------------------------------------------


def keep_copy(folder: Path, office: Office, document: Document, content: bytes) -> Path:
    """Write an issued report and its entry in the register into a folder; what is there is never overwritten.

    Raises OSError where the folder cannot be written to, FileExistsError where another file has the name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file_name(document.period, draft=False)
    if target.exists():
        if target.read_bytes() != content:
            raise FileExistsError(f"{target} sudah ada dengan isi lain")
    else:
        _write(target, content)
    entry = next((a for a in register(office) if a.document.id == document.id), None)
    said = {
        "nomor": document.number,
        "tanggal": document.day.isoformat(),
        "triwulan": document.period.key,
        "sha256": document.sha256,
        "sidik_data": document.fingerprint,
        "bita": document.size,
        "diterbitkan": document.at.astimezone(WIB).isoformat(timespec="seconds"),
        "oleh": document.by,
        "nomor_arsip": entry.register if entry else "",
        "tempat_simpan": entry.location if entry else "",
    }
    _write(target.with_suffix(".json"), (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())
    return target


def _write(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def line(document: Document, register_no: str) -> str:
    """One line of the list of issued reports."""
    kept = f"arsip {register_no}" if register_no else "belum diarsipkan"
    return (
        f"{document.period.key}  {document.number}  {format_date(document.day)}  {kept}  "
        f"SHA-256 {document.sha256[:16]}…  sidik {short(document.fingerprint)[:17]}…"
    )
