"""Reading a PDF that anybody may have made or altered: within limits, and part by part."""

from __future__ import annotations

import hashlib
import zlib
from io import BytesIO
from typing import Any

from pikepdf import Name, Pdf, PikepdfError
from pikepdf.settings import set_qpdf_limits

LARGEST_PART = 64 * 2**20
"""Bytes to which one part of a foreign file may unpack; a larger one counts as unreadable."""
LARGEST_ATTACHED = 64 * 2**20
"""Bytes to which all embedded files together may unpack; those of 6,000 indicators take 13 MB."""
LARGEST_PAGES = 256 * 2**20
"""Bytes to which all pages together may unpack; those of 6,000 indicators take 53 MB."""

# What qpdf unpacks by itself (tables of references, streams of objects) has no limit unless it is given one.
set_qpdf_limits(
    flate_max_memory=LARGEST_PART,
    png_max_memory=LARGEST_PART,
    run_length_max_memory=LARGEST_PART,
    tiff_max_memory=LARGEST_PART,
)

# pikepdf answers a missing key or a wrong kind with several errors of Python's own.
UNREADABLE = (PikepdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, zlib.error, RecursionError)
"""What reading any part of such a file may raise; ``pikepdf.PasswordError`` where it is locked."""


def attached_files(pdf: bytes) -> dict[str, bytes]:
    """Embedded files that can be read, by name. Raises UNREADABLE where there is no PDF."""
    files, unpack = {}, _Unpacking(LARGEST_ATTACHED)
    with Pdf.open(BytesIO(pdf), suppress_warnings=True) as document:
        listed = list(document.Root.Names.EmbeddedFiles.Names) if Name.Names in document.Root else []
        for name, specification in zip(listed[::2], listed[1::2], strict=True):
            try:
                files[str(name)] = unpack(specification.EF.F)
            except UNREADABLE:
                continue
    return files


def pages_of(pdf: bytes) -> list[bytes]:
    """SHA-256 of what each page draws; an unreadable page has none (b""). Raises UNREADABLE."""
    unpack = _Unpacking(LARGEST_PAGES)
    with Pdf.open(BytesIO(pdf), suppress_warnings=True) as document:
        return [_drawn(page.obj, unpack) for page in document.pages]


def metadata_of(pdf: bytes) -> tuple[bytes, bytes]:
    """The two places in which a PDF says its title, author and dates. Raises UNREADABLE."""
    with Pdf.open(BytesIO(pdf), suppress_warnings=True) as document:
        packet = document.Root.get(Name.Metadata)
        info = document.trailer.get("/Info")
        written = b"" if info is None else bytes(info.unparse(resolved=True))
        return b"" if packet is None else _Unpacking(LARGEST_PART)(packet), written


class _Unpacking:
    """Gives the content of streams, until all of them together are larger than ``limit``.

    A small file may unpack to more than the memory holds: one stream by itself, or the same stream used many times.
    """

    def __init__(self, limit: int) -> None:
        self._left = limit

    def __call__(self, stream: Any) -> bytes:
        """Raises UNREADABLE."""
        content = _unpacked(stream, min(self._left, LARGEST_PART))
        self._left -= len(content)
        return content


def _drawn(page: Any, unpack: _Unpacking) -> bytes:
    try:
        return hashlib.sha256(unpack(page.Contents)).digest()
    except UNREADABLE:
        return b""


def _unpacked(stream: Any, limit: int) -> bytes:
    if limit <= 0:
        raise ValueError("too much already")
    raw: bytes = stream.read_raw_bytes()
    kind = stream.get(Name.Filter)
    if kind is None:
        if len(raw) > limit:
            raise ValueError("too large")
        return raw
    if kind != Name.FlateDecode:
        raise ValueError("packed in another way than ours")
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(raw, limit)
    if not unpacking.eof:
        raise ValueError("too large or cut off")
    return content
