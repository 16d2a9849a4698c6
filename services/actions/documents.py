"""Steps 12 and 13: issue the final document with its bytes, and enter it into the register of the archive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from services.actions.base import Context, Refused, one_line
from services.actions.steps import current_step, move_step
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.numbers import clean, format_date
from services.domain.sop import ARCHIVING, ISSUING, Event
from services.store import schema
from services.store.files import pieces
from services.store.store import Insert, Receipt, Row, Store, StoreError
from services.views.documents import Document, document, documents, register


@dataclass(frozen=True, slots=True)
class Made:
    """The finished PDF as it is handed to people: its bytes, its pages, and the fingerprint of its data."""

    pdf: bytes
    pages: int
    fingerprint: str


def checked_number(context: Context, period: Period, number: str, day: date) -> str:
    """The number as it will stand on the document. Raises Refused: blank, given before, or dated outside its time."""
    number = one_line(number)
    if not number:
        raise Refused("Tulis nomor dokumennya.")
    if taken := next((d for d in documents(context.office) if d.number.casefold() == number.casefold()), None):
        raise Refused(f"Nomor {taken.number} sudah dipakai dokumen tanggal {format_date(taken.day)}. Tulis nomor lain.")
    today = context.now.astimezone(WIB).date()
    if day > today:
        raise Refused(f"Tanggal dokumen tidak boleh sesudah hari ini, {format_date(today)}.")
    approved = current_step(context, period).started_at
    if approved and day < (since := approved.astimezone(WIB).date()):
        raise Refused(f"Tanggal dokumen tidak boleh sebelum Camat menyetujui laporannya, {format_date(since)}.")
    return number


def issue_document(
    context: Context,
    period: Period,
    made: Made,
    *,
    number: str,
    day: date,
    place: str,
    signatory: str,
    transaction_id: str = "",
) -> Receipt:
    """Keep the final PDF with its number, and finish step 12: from now on these bytes are the document.

    Raises Denied, Refused, or what the store raises.
    """
    _require_step(context, period, ISSUING, "Dokumen akhir diterbitkan")
    number = checked_number(context, period, number, day)
    if not clean(place) or not clean(signatory):
        raise Refused("Tulis tempat dan penanda tangannya.")
    sha256 = hashlib.sha256(made.pdf).hexdigest()
    file_id = f"laporan-{period.key}"
    row: Row = {
        "id": f"dokumen-{period.key}",
        "year": period.year,
        "quarter": period.quarter,
        "number": number,
        "day": day,
        "place": one_line(place),
        "signatory": one_line(signatory),
        "file_id": file_id,
        "size": len(made.pdf),
        "pages": made.pages,
        "sha256": sha256,
        "fingerprint": made.fingerprint,
        "at": context.now,
        "by": context.actor.username,
    }
    more = (Insert(schema.DOCUMENT, row), *pieces(file_id, made.pdf))
    return move_step(context, period, Event.FINISHED, f"Nomor {number}", more, transaction_id)


def archive_document(
    context: Context, period: Period, *, register_no: str, location: str, note: str = "", transaction_id: str = ""
) -> Receipt:
    """Enter the document into the register, and finish step 13; the quarter is closed. Raises as ``issue_document``."""
    _require_step(context, period, ARCHIVING, "Dokumen diarsipkan")
    found = document(context.office, period)
    if found is None:
        raise Refused("Dokumen akhir belum diterbitkan.")
    register_no = one_line(register_no)
    if not register_no:
        raise Refused("Tulis nomor arsipnya.")
    if any(entry.register.casefold() == register_no.casefold() for entry in register(context.office)):
        raise Refused(f"Nomor arsip {register_no} sudah dipakai. Tulis nomor lain.")
    kept_bytes(context.store, found)  # what is archived must be there, and be what was issued
    row: Row = {
        "id": f"arsip-{period.key}",
        "year": period.year,
        "quarter": period.quarter,
        "document_id": found.id,
        "register": register_no,
        "location": one_line(location),
        "note": one_line(note),
        "at": context.now,
        "by": context.actor.username,
    }
    more = (Insert(schema.ARCHIVE, row),)
    return move_step(context, period, Event.FINISHED, f"Nomor arsip {register_no}", more, transaction_id)


def kept_bytes(store: Store, found: Document) -> bytes:
    """The document's bytes as they were issued. Raises StoreError where they are gone or altered."""
    content = store.file(found.file_id)
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise StoreError(
            f"Berkas dokumen {found.number} tidak lagi sama dengan yang diterbitkan. Pulihkan dari cadangan."
        )
    return content


def _require_step(context: Context, period: Period, step: int, said: str) -> None:
    if current_step(context, period).step.no != step:
        raise Refused(f"{said} pada langkah {step}.")
