"""What can be said of a PDF that somebody hands in as a report of the office."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The verdict in a few words."""

    UNCHANGED = "asli"
    SIGNED = "asli, ditandatangani secara elektronik"
    CHANGED = "sudah diubah"
    NOT_ARCHIVED = "tidak ada di arsip"
    UNREADABLE = "tidak dapat dibaca"
    FOREIGN = "bukan laporan dari aplikasi ini"


@dataclass(frozen=True, slots=True)
class Archived:
    """One issued file: SHA-256 of its bytes, its size in bytes, and what the register says of it.

    With ``pdf``, the archived bytes themselves, a changed copy is compared page by page.
    """

    sha256: str
    size: int
    number: str = ""
    fingerprint: str = ""
    pdf: bytes | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What can be said of one electronic signature. ``details`` are sentences for people.

    ``valid``: it fits the file. ``trusted``: who issued its certificate is trusted; None where nobody can tell, since
    the office keeps no root certificates. Anybody can make a valid signature in the name of somebody else.
    """

    signer: str
    valid: bool
    details: tuple[str, ...]
    trusted: bool | None = None

    @property
    def state(self) -> str:
        """In a few words."""
        if not self.valid:
            return "tidak sah"
        if self.trusted is None:
            return "utuh, penerbitnya belum diperiksa"
        return "sah" if self.trusted else "utuh, penerbitnya tidak dipercaya"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``details`` say what differs, or what else is to be known; ``fingerprint`` is that of the data in the file."""

    kind: Kind
    message: str
    details: tuple[str, ...] = ()
    archived: Archived | None = None
    signatures: tuple[Signature, ...] = ()
    fingerprint: str = ""

    @property
    def accepted(self) -> bool:
        return self.kind in (Kind.UNCHANGED, Kind.SIGNED)
