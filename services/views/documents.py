"""Steps 12 and 13: the issued document and its place in the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from services.domain.indicators import Period
from services.domain.roles import Role
from services.store import schema
from services.store.people import Account
from services.store.store import Row
from services.views.office import Office


@dataclass(frozen=True, slots=True)
class Document:
    """The final report as it was issued; its bytes are kept under ``file_id``. ``size`` in bytes."""

    id: str
    period: Period
    number: str
    day: date
    place: str
    signatory: str
    file_id: str
    size: int
    pages: int
    sha256: str
    fingerprint: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Archived:
    """The entry of a document in the register of the archive."""

    document: Document
    register: str
    location: str
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs a final document; ``post`` as it stands over the name."""

    post: str
    name: str = ""
    nip: str = ""
    rank: str = ""


def signatory(office: Office, stand_in: Account | None = None) -> Signatory:
    """The Camat, or whoever stands in for him, with NIP and rank where the table of officials has them."""
    camat = office.official(Role.CAMAT)
    post = camat.post if camat else Role.CAMAT.label
    if stand_in is None:
        return Signatory(post, camat.name, camat.nip, camat.rank) if camat else Signatory(post)
    own_post = (stand_in.role, stand_in.section_id)
    own = next((o for o in office.officials if o.name and (o.role, o.section_id) == own_post), None)
    return Signatory(f"Plh. {post}", own.name, own.nip, own.rank) if own else Signatory(f"Plh. {post}", stand_in.name)


def document(office: Office, period: Period) -> Document | None:
    return next((d for d in documents(office) if d.period == period), None)


def documents(office: Office) -> tuple[Document, ...]:
    """All issued documents, oldest first."""
    return tuple(sorted(map(_document, office.snapshot.rows(schema.DOCUMENT)), key=lambda d: d.at))


def register(office: Office) -> tuple[Archived, ...]:
    """The register of the archive, oldest first."""
    by_id = {d.id: d for d in documents(office)}
    rows = (r for r in office.snapshot.rows(schema.ARCHIVE) if str(r["document_id"]) in by_id)
    found = (_archived(by_id[str(r["document_id"])], r) for r in rows)
    return tuple(sorted(found, key=lambda a: a.at))


def _document(row: Row) -> Document:
    return Document(
        id=str(row["id"]),
        period=Period(cast("int", row["year"]), cast("int", row["quarter"])),
        number=str(row["number"]),
        day=cast("date", row["day"]),
        place=str(row["place"]),
        signatory=str(row["signatory"]),
        file_id=str(row["file_id"]),
        size=cast("int", row["size"]),
        pages=cast("int", row["pages"]),
        sha256=str(row["sha256"]),
        fingerprint=str(row["fingerprint"]),
        at=cast("datetime", row["at"]),
        by=str(row["by"]),
    )


def _archived(of: Document, row: Row) -> Archived:
    return Archived(
        document=of,
        register=str(row["register"]),
        location=str(row["location"]),
        note=str(row["note"]),
        at=cast("datetime", row["at"]),
        by=str(row["by"]),
    )
