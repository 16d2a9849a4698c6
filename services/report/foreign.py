"""Reading a PDF that anybody may have made or altered: within limits, and part by part."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

from pikepdf import Name, Pdf, PdfError

LARGEST_PART = 64 * 2**20
"""Bytes to which one part of a foreign file may unpack; a larger one counts as unreadable."""

# pikepdf answers a missing key or a wrong kind with several errors of Python's own.
UNREADABLE = (PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, zlib.error, RecursionError)
"""What reading any part of such a file may raise."""


def attached_files(pdf: bytes) -> dict[str, bytes]:
    """Embedded files that can be read, by name. Raises UNREADABLE where there is no PDF."""
    files = {}
    with Pdf.open(BytesIO(pdf), suppress_warnings=True) as document:
        listed = list(document.Root.Names.EmbeddedFiles.Names) if Name.Names in document.Root else []
        for name, specification in zip(listed[::2], listed[1::2], strict=True):
            try:
                files[str(name)] = _unpacked(specification.EF.F)
            except UNREADABLE:
                continue
    return files


def pages_of(pdf: bytes) -> list[bytes]:
    """What each page draws; an unreadable page is empty. Raises UNREADABLE."""
    with Pdf.open(BytesIO(pdf), suppress_warnings=True) as document:
        return [_drawn(page.obj) for page in document.pages]


def metadata_of(pdf: bytes) -> tuple[bytes, bytes]:
    """The two places in which a PDF says its title, author and dates. Raises UNREADABLE."""
    with Pdf.open(BytesIO(pdf), suppress_warnings=True) as document:
        packet = document.Root.get(Name.Metadata)
        info = document.trailer.get("/Info")
        written = b"" if info is None else bytes(info.unparse(resolved=True))
        return b"" if packet is None else _unpacked(packet), written


def _drawn(page: Any) -> bytes:
    try:
        return _unpacked(page.Contents)
    except UNREADABLE:
        return b""


def _unpacked(stream: Any) -> bytes:
    """The content of a stream, within a limit: a small file may unpack to more than the memory holds."""
    raw: bytes = stream.read_raw_bytes()
    kind = stream.get(Name.Filter)
    if kind is None:
        return raw
    if kind != Name.FlateDecode:
        raise ValueError("packed in another way than ours")
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(raw, LARGEST_PART)
    if not unpacking.eof:
        raise ValueError("too large or cut off")
    return content
