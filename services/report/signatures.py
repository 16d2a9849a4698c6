"""Electronic signatures that were put under an issued report afterwards (PAdES: bytes appended, ISO 32000-1, 7.5.6).

What was appended may add signature fields and what belongs to them, and change nothing that was there. That is compared
object by object here, since pyHanko looks only at what came after a signature, not at what came with it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pikepdf import Dictionary, Name, Object, Pdf, Stream
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from services.domain.numbers import format_datetime
from services.report.verdict import Signature

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # Its verdicts are told in words; without a handler Python would also print its stack traces.
    logging.getLogger(_name).addHandler(logging.NullHandler())

_CATALOG_MAY_CHANGE = ("/AcroForm", "/Perms", "/DSS", "/Extensions", "/Version", "/Metadata")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
_UNKNOWN = "tidak diketahui"
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


@dataclass(frozen=True, slots=True)
class Appended:
    """What stands behind the archived bytes. ``changed`` says what it alters in them, "" for nothing."""

    signatures: tuple[Signature, ...]
    changed: str = ""
    notes: tuple[str, ...] = ()


def appended(pdf: bytes, size: int, now: datetime, trusted: Sequence[bytes]) -> Appended:
    """Look at the bytes behind the first ``size``, whatever they are.

    Raises ValueError when something in ``trusted`` is no certificate.
    """
    roots = [root for data in trusted for root in load_certs_from_pemder_data(data)]
    try:
        if not _END.search(pdf):
            return Appended((), "Di belakang tanda tangan ada bita yang bukan bagian dari PDF.")
        changed, notes = _compared(pdf[:size], pdf)
        return Appended(tuple(_signatures(pdf, now, roots)), changed, notes)
    except Exception:  # both libraries raise many kinds on files that were made to deceive them
        return Appended((), "Tambahan itu tidak dapat dibaca.")


# What came with the signatures


def _compared(original: bytes, whole: bytes) -> tuple[str, tuple[str, ...]]:
    with Pdf.open(BytesIO(original)) as before, Pdf.open(BytesIO(whole)) as after:
        changed = next(_changes(before, after), "")
        pages = [n for n, page in enumerate(after.pages, start=1) if any(map(_shows, page.obj.get("/Annots", [])))]
    where = ", ".join(map(str, pages))
    notes = (f"Tanda tangan tampak di halaman {where} (dihitung dari sampul).",) if pages else ()
    return changed, notes


def _changes(before: Pdf, after: Pdf) -> Iterator[str]:
    """Why the later revision is not only the earlier one with signatures."""
    if before.Root.objgen != after.Root.objgen:
        yield "Susunan dokumen diganti."
        return
    special = {before.Root.objgen, *(page.objgen for page in before.pages)}
    special |= {one.objgen for one in (before.Root.Metadata, before.trailer.get("/Info")) if one is not None}
    special |= {before.Root.StructTreeRoot.objgen, before.Root.StructTreeRoot.K.objgen}  # may name the new field
    if _without(before.Root, _CATALOG_MAY_CHANGE) != _without(after.Root, _CATALOG_MAY_CHANGE):
        yield "Susunan dokumen diubah."
    for number, (old, new) in enumerate(zip(before.pages, after.pages, strict=False), start=1):
        if old.objgen != new.objgen or not _page_kept(old.obj, new.obj):
            yield f"Halaman {number} diubah."
    if any(not _same(one, after.get_object(one.objgen)) for one in before.objects if one.objgen not in special):
        yield "Isi yang diarsipkan diganti dengan yang lain."


def _page_kept(old: Object, new: Object) -> bool:
    """A page may get signature fields, and nothing else."""
    if _without(old, ("/Annots",)) != _without(new, ("/Annots",)):
        return False
    kept, found = list(old.get("/Annots", [])), list(new.get("/Annots", []))
    return [one.objgen for one in found[: len(kept)]] == [one.objgen for one in kept] and all(
        map(_is_signature, found[len(kept) :])
    )


def _is_signature(annotation: Any) -> bool:
    field = annotation if "/FT" in annotation else annotation.get("/Parent", Dictionary())
    return bool(annotation.get("/Subtype") == Name.Widget and field.get("/FT") == Name.Sig)


def _shows(annotation: Any) -> bool:
    if not _is_signature(annotation):
        return False
    left, lower, right, upper = map(float, annotation.Rect)
    return right != left and upper != lower


def _without(dictionary: Object, keys: Sequence[str]) -> dict[str, bytes]:
    return {key: _written(value) for key, value in dictionary.items() if key not in keys}


def _written(value: Any) -> bytes:
    """The value as it stands in the file, a reference as a reference."""
    return bytes(value.unparse()) if isinstance(value, Object) else repr(value).encode()


def _same(old: Object, new: Object) -> bool:
    if isinstance(old, Stream):
        return isinstance(new, Stream) and _content(old) == _content(new)
    return old.unparse(resolved=True) == new.unparse(resolved=True)


def _content(stream: Stream) -> tuple[bytes, dict[str, bytes]]:
    return stream.read_raw_bytes(), _without(stream.stream_dict, ())


# The signatures themselves


def _signatures(pdf: bytes, now: datetime, roots: Sequence[Any]) -> Iterator[Signature]:
    for embedded in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures:
        context = ValidationContext(trust_roots=roots, moment=now, allow_fetching=False)
        yield _judged(embedded, validate_pdf_signature(embedded, context), judged_issuer=bool(roots))


def _judged(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, judged_issuer: bool) -> Signature:
    certificate = embedded.signer_cert
    signer = _common_name(certificate.subject.native)
    whole, trusted = status.coverage in _WHOLE, bool(status.trusted) if judged_issuer else None
    valid = bool(status.intact and status.valid and status.docmdp_ok and whole)
    details = [
        f"Ditandatangani oleh {signer}.",
        f"Sertifikat diterbitkan oleh {_common_name(certificate.issuer.native)}.",
        _when(status.signer_reported_dt),
        "Tanda tangan utuh dan sah secara kriptografis." if valid else _why_invalid(status),
        _covered(status.coverage),
        _issuer_verdict(trusted),
    ]
    return Signature(signer, valid, tuple(details), trusted)


def _common_name(name: dict[str, Any]) -> str:
    found = name.get("common_name") or name.get("organization_name") or _UNKNOWN
    return ", ".join(found) if isinstance(found, list) else str(found)


def _when(moment: datetime | None) -> str:
    if moment is None:
        return "Waktu penandatanganan tidak dicantumkan."
    return f"Waktu menurut penanda tangan: {format_datetime(moment)}."


def _covered(coverage: SignatureCoverageLevel | None) -> str:
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "Tanda tangan meliputi seluruh berkas; tidak ada yang ditambahkan sesudahnya."
    if coverage is SignatureCoverageLevel.ENTIRE_REVISION:
        return "Tanda tangan meliputi seluruh isi pada saat itu; sesudahnya berkas masih ditambahi."
    return "Tanda tangan hanya meliputi sebagian berkas."


def _why_invalid(status: PdfSignatureStatus) -> str:
    if not status.intact:
        return "Tanda tangan tidak cocok dengan isi berkas: berkas diubah sesudah ditandatangani."
    if not status.valid:
        return "Tanda tangan tidak sah secara kriptografis."
    if status.coverage not in _WHOLE:
        return "Tanda tangan tidak meliputi seluruh isi."
    return "Berkas diubah sesudah ditandatangani, melebihi yang diperbolehkan penanda tangan."


def _issuer_verdict(trusted: bool | None) -> str:
    if trusted is None:
        return (
            "Penerbit sertifikat belum diperiksa karena sertifikat induknya tidak tersedia di aplikasi ini. "
            "Periksa penanda tangan di layanan resmi penerbit sertifikat."
        )
    return "Penerbit sertifikat dipercaya." if trusted else "Penerbit sertifikat tidak dapat dipercaya."
