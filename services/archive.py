"""The archive of issued reports: a file or a fingerprint judged against it, and copies in a folder of the office."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from services.actions.documents import kept_bytes
from services.domain.clock import WIB
from services.domain.numbers import format_date
from services.report.checking import check, manifest_in
from services.report.document import file_name
from services.report.fingerprint import LENGTH, short, typed
from services.report.verdict import Archived, Kind, Verdict
from services.store.store import Store, StoreError
from services.views.board import board_of
from services.views.documents import Document, documents, register
from services.views.key_figures import key_figures
from services.views.office import Office
from services.views.past import office_at

MOST_ADDED = 10 * 2**20
"""Bytes by which signatures may make an issued report longer."""
_PDF = b"%PDF-"
_CERTIFICATES = (".pem", ".crt", ".cer", ".der")


class NotChecked(Exception):
    """Nothing could be judged; the message says why and what to do."""


def trusted_roots(folder: Path | None) -> list[bytes]:
    """The root certificates in the office's folder, by name. Raises NotChecked where it cannot be read."""
    if folder is None:
        return []
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _CERTIFICATES)
        return [file.read_bytes() for file in files]
    except OSError as error:
        raise NotChecked(f"Folder sertifikat induk {folder} tidak dapat dibaca. Periksa folder_sertifikat.") from error


def largest_file(office: Office) -> int:
    """Bytes of the largest file that can be one of the issued reports, with signatures."""
    return max((d.size for d in documents(office)), default=0) + MOST_ADDED


def judged(office: Office, store: Store, pdf: bytes, now: datetime, roots: Sequence[bytes] = ()) -> Verdict:
    """Whether a file is one of the issued reports; ``roots`` say whose certificates are trusted in signatures.

    Raises NotChecked for what is no PDF at all, and where one of ``roots`` is no certificate.
    """
    if not pdf:
        raise NotChecked("Berkas ini kosong. Pilih berkas PDF laporan.")
    if len(pdf) > largest_file(office):
        raise NotChecked("Berkas ini jauh lebih besar daripada semua laporan yang pernah terbit, jadi bukan laporan.")
    if _PDF not in pdf[:1024]:
        raise NotChecked("Berkas ini bukan PDF. Pilih berkas laporan yang berakhiran .pdf.")
    known = {d.sha256: Archived(d.sha256, d.size, d.number, d.fingerprint) for d in documents(office)}
    try:
        found = check(pdf, list(known.values()), now, roots)
        if found.kind is Kind.CHANGED and found.archived and (near := _with_bytes(office, store, found.archived)):
            return check(pdf, list({**known, near.sha256: near}.values()), now, roots)
    except ValueError as error:
        raise NotChecked("Ada berkas di folder sertifikat induk yang bukan sertifikat (PEM atau DER).") from error
    return found


def _with_bytes(office: Office, store: Store, near: Archived) -> Archived | None:
    """With the archived bytes, so that what differs can be named; None where they cannot be read."""
    document = next(d for d in documents(office) if d.sha256 == near.sha256)
    try:
        return replace(near, pdf=kept_bytes(store, document))
    except StoreError:
        return None


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued report that belongs to a fingerprint, with figures to hold against the paper (name, value).

    ``typed``: so many digits of the fingerprint were given; all of them, or only its beginning.
    """

    document: Document
    figures: tuple[tuple[str, str], ...]
    figures_certain: bool
    typed: int = LENGTH

    @property
    def complete(self) -> bool:
        return self.typed == LENGTH


def looked_up(office: Office, store: Store, text: str) -> Issued | None:
    """The report with the fingerprint that somebody typed from paper, or with this beginning of one; None: none has it.

    Raises NotChecked.
    """
    wanted = typed(text)
    if wanted is None:
        digits = "".join(text.split())
        raise NotChecked(
            f"Sidik data terdiri atas {LENGTH} angka dan huruf A sampai F; yang ditulis {len(digits)} tanda. Salin "
            "kembali delapan kelompok dari kotak pemeriksaan laporan, atau sekurang-kurangnya kelompok pertama."
        )
    found = next((d for d in documents(office) if d.fingerprint.startswith(wanted)), None)
    return replace(described(office, store, found), typed=len(wanted)) if found else None


@dataclass(frozen=True, slots=True)
class Slip:
    """A report of whose fingerprint some groups were typed right, and the numbers of those that were not."""

    document: Document
    groups: tuple[int, ...]


def nearly(office: Office, text: str) -> Slip | None:
    """The report that was probably meant by a fingerprint that no report has."""
    wanted = short(typed(text) or "").split()
    for known in documents(office):
        pairs = list(zip(wanted, short(known.fingerprint).split(), strict=False))
        wrong = tuple(n for n, (one, other) in enumerate(pairs, start=1) if not other.startswith(one))
        if len(wrong) < len(pairs):
            return Slip(known, wrong)
    return None


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


def partly(found: Issued) -> str:
    """What is to be known where only the beginning of a fingerprint was given."""
    known = found.document
    return (
        f"{found.typed} tanda pertama cocok dengan laporan nomor {known.number}. Cocokkan juga tanda sesudahnya: "
        f"{short(known.fingerprint)}."
    )


def slip_hint(slip: Slip) -> str:
    groups = ", ".join(map(str, slip.groups))
    return f"Sebagian cocok dengan laporan nomor {slip.document.number}: periksa salah tulis di kelompok ke-{groups}."


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
