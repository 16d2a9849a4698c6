"""Compression that gives the same bytes on all machines.

Python's zlib is the operating system's, and there are several; pikepdf brings its own with every version.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pikepdf import Array, ObjectStreamMode, Pdf, Stream


def deflated(parts: Sequence[bytes]) -> list[bytes]:
    """Each part as the content of a stream with the filter ``FlateDecode``. Many small parts at once are faster."""
    file = BytesIO()
    with Pdf.new() as pdf:
        pdf.Root.Parts = Array([pdf.make_indirect(Stream(pdf, part)) for part in parts])
        pdf.save(file, object_stream_mode=ObjectStreamMode.disable, static_id=True, compress_streams=True)
    with Pdf.open(file) as pdf:
        return [part.read_raw_bytes() for part in pdf.Root.Parts]
