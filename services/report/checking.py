"""Whether a PDF is a report that the office has issued: unchanged, signed afterwards, changed, or none of ours.

Only the archive decides: a file is accepted when its bytes, or its first bytes before an electronic signature (PAdES),
are exactly those that were archived. What stands inside a file that is not accepted serves to say what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pikepdf import PasswordError

from services.domain.numbers import format_number, official_period
from services.report import manifest
from services.report.differing import absent, differences
from services.report.foreign import UNREADABLE, attached_files
from services.report.manifest import Manifest, sha256
from services.report.verdict import Archived, Kind, Verdict

__all__ = ["Archived", "Kind", "Verdict", "check"]


def check(pdf: bytes, archived: Sequence[Archived], now: datetime, trusted: Sequence[bytes] = ()) -> Verdict:
    """Compare a file, whatever it is, with all issued ones.

    ``now`` is when certificates are looked at; ``trusted`` are root certificates (PEM or DER), without which the issuer
    of a signature's certificate cannot be judged. Raises ValueError when one of those is no certificate.
    """
    for one in archived:
        if one.size == len(pdf) and one.sha256 == sha256(pdf):
            return Verdict(Kind.UNCHANGED, f"Berkas ini sama persis dengan arsip {_name(one)}.", (), one)
    for one in archived:
        if 0 < one.size < len(pdf) and one.sha256 == sha256(pdf[: one.size]):
            return _appended(pdf, one, now, trusted)
    return _not_ours(pdf, archived)


def manifest_in(pdf: bytes) -> Manifest | None:
    """What a report says of itself; None where it says nothing that can be read."""
    return _inside(pdf).manifest


def _name(archived: Archived) -> str:
    return f"nomor {archived.number}" if archived.number else f"dengan SHA-256 {archived.sha256[:16]}…"


# Ours, with something behind it


def _appended(pdf: bytes, archived: Archived, now: datetime, trusted: Sequence[bytes]) -> Verdict:
    from services.report.signatures import appended  # slow to import, and seldom needed

    found = appended(pdf, archived.size, now, trusted)
    if found.signatures and not found.changed and all(one.valid for one in found.signatures):
        message = f"Isi berkas sama persis dengan arsip {_name(archived)}; tambahannya hanya tanda tangan elektronik"
        message += "." if all(one.trusted for one in found.signatures) else ", yang penanda tangannya belum dipastikan."
        return Verdict(Kind.SIGNED, message, found.notes, archived, found.signatures)
    message = f"Berkas ini berasal dari arsip {_name(archived)}, tetapi ditambahi sesuatu yang tidak dapat diterima."
    size = f"Sesudah isi arsip ada tambahan {_count(len(pdf) - archived.size)} bita."
    reason = found.changed or "Tambahan itu bukan tanda tangan elektronik yang sah."
    return Verdict(Kind.CHANGED, message, (size, reason, *found.notes), archived, found.signatures)


def _count(number: int) -> str:
    return format_number(Decimal(number), 0)


# Not ours, or no longer


def _not_ours(pdf: bytes, archived: Sequence[Archived]) -> Verdict:
    inside = _inside(pdf)
    near = _nearest(pdf, inside, archived)
    if inside.manifest is None and near is None:
        return Verdict(Kind.FOREIGN if inside.readable else Kind.UNREADABLE, inside.problem)
    differences = [*inside.differences, *(_differences(pdf, inside, near) if near else ())]
    if near:
        message = f"Berkas ini tidak sama dengan arsip {_name(near)}."
        details = tuple(dict.fromkeys(differences))
        return Verdict(Kind.CHANGED, message, details, near, fingerprint=inside.fingerprint)
    if differences:
        message = "Lampiran data di dalam berkas ini sudah diubah, dan berkasnya tidak ada di arsip."
        return Verdict(Kind.CHANGED, message, tuple(differences), fingerprint=inside.fingerprint)
    return Verdict(Kind.NOT_ARCHIVED, _not_archived(inside.manifest), fingerprint=inside.fingerprint)


def _not_archived(found: Manifest | None) -> str:
    if found is None:
        return "Berkas ini tidak ada di arsip."
    what = f"{'Draf laporan' if found.draft else 'Laporan'} {official_period(found.period)} {found.office}"
    return f"{what} ini tidak ada di arsip. Data lampirannya utuh, tetapi isi halamannya tidak dapat dipastikan."


def _nearest(pdf: bytes, inside: _Inside, archived: Sequence[Archived]) -> Archived | None:
    """The issued file of which this one seems to be a changed copy."""
    claimed = inside.manifest
    same_number = [one for one in archived if claimed and claimed.number and one.number == claimed.number]
    issued = claimed if claimed and not claimed.draft else None  # a draft has the same data, and is no copy
    same_data = [one for one in archived if issued and one.fingerprint == issued.fingerprint]
    same_size = [one for one in archived if one.size == len(pdf)]
    return next(iter([*same_number, *same_data, *same_size]), None)


def _differences(pdf: bytes, inside: _Inside, near: Archived) -> Iterator[str]:
    if near.size != len(pdf):
        yield f"Ukurannya {_count(len(pdf))} bita, arsipnya {_count(near.size)} bita."
    if inside.fingerprint and near.fingerprint and inside.fingerprint != near.fingerprint:
        yield "Data di dalam berkas ini lain dari data yang diarsipkan: sidik datanya berbeda."
    if near.pdf is not None:
        yield from differences(pdf, near.pdf)
    elif inside.problem:
        yield inside.problem
    elif not inside.differences:
        yield "Data lampirannya utuh; yang berbeda adalah halaman atau susunan berkas, misalnya karena disimpan ulang."


# What a file says of itself

_LOCKED = "PDF ini dikunci dengan kata sandi. Laporan yang terbit tidak pernah dikunci, jadi ini bukan berkas aslinya."
_DAMAGED = "Berkas ini rusak, terpotong, atau bukan PDF, jadi bukan berkas yang terbit. Minta salinan yang utuh."


@dataclass(frozen=True, slots=True)
class _Inside:
    """What was found of ours, or ``problem``: why nothing was; ``differences`` are contradictions within the file."""

    manifest: Manifest | None = None
    fingerprint: str = ""
    differences: tuple[str, ...] = ()
    problem: str = ""
    readable: bool = True


def _inside(pdf: bytes) -> _Inside:
    try:
        files = attached_files(pdf)
    except PasswordError:
        return _Inside(problem=_LOCKED, readable=False)
    except UNREADABLE:
        return _Inside(problem=_DAMAGED, readable=False)
    if manifest.NAME not in files:
        return _Inside(problem="PDF ini tidak memuat data laporan dari aplikasi ini.")
    try:
        found = manifest.read(files[manifest.NAME])
    except ValueError:
        return _Inside(problem="PDF ini memuat manifest yang tidak dikenal.")
    return _contradictions(found, files)


def _contradictions(found: Manifest, files: dict[str, bytes]) -> _Inside:
    differences = list(absent([name for name in found.files if name not in files]))
    for name, expected in found.files.items():
        if name in files and sha256(files[name]) != expected:
            differences.append(f"Lampiran {name} tidak sesuai dengan manifest.")
    try:
        fingerprint = manifest.recomputed(found, files)
    except ValueError:
        return _Inside(found, "", (*differences, "Data lampiran tidak dapat dibaca."))
    if fingerprint != found.fingerprint:
        differences.append("Sidik data yang dihitung dari lampiran berbeda dari yang tertulis di manifest.")
    return _Inside(found, fingerprint, tuple(differences))
