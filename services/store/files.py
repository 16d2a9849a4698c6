"""Whole files in a store that keeps rows: pieces of base64 text, each small enough for a cell of a sheet."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import cast

from services.store.schema import FILE
from services.store.store import Insert, Row, StoreError

PIECE = 45_000
"""Characters of one piece. A cell of a Google Sheet holds 50,000 (Google's limit)."""


def pieces(file_id: str, content: bytes) -> tuple[Insert, ...]:
    """The rows that keep a file; an empty file cannot be kept, since a piece holds something."""
    text = base64.b64encode(content).decode("ascii")
    parts = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    return tuple(
        Insert(FILE, {"id": f"{file_id}-{no}", "file_id": file_id, "part": no, "content": part})
        for no, part in enumerate(parts, start=1)
    )


def joined(file_id: str, rows: Iterable[Row]) -> bytes:
    """The file that these rows keep. Raises StoreError where there is none, or a piece of it is missing or altered."""
    found = sorted((r for r in rows if r["file_id"] == file_id), key=lambda r: cast("int", r["part"]))
    if not found:
        raise StoreError("Berkas ini tidak ada di penyimpanan.")
    if [r["part"] for r in found] != list(range(1, len(found) + 1)):
        raise StoreError("Bagian berkas ini ada yang hilang atau ganda di tab Berkas. Pulihkan dari riwayat versi.")
    try:
        return base64.b64decode("".join(str(r["content"]) for r in found), validate=True)
    except binascii.Error as exc:
        raise StoreError("Isi berkas ini di tab Berkas berubah. Pulihkan dari riwayat versi.") from exc
