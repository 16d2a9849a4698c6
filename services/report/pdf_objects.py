"""Reading and writing a PDF file as a row of numbered objects, without keeping them all in memory as objects.

Written objects without a stream go into object streams, a few hundred together (ISO 32000-1, 7.5.7), and where they
all stand is said by one cross-reference stream (7.5.8).
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile

from services.report.deflate import deflated

HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
OBJECTS_TOGETHER = 200
STREAMS_AT_ONCE = 32
LONG_FILE = 2**21
"""So many bytes of a file are gathered in memory, those of some 300 pages."""
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.S)
_LENGTH = re.compile(rb"/Length \d+")
DEFLATED = b"/Filter /FlateDecode"
_PLACE = struct.Struct(">BIH")
_UNUSED = _PLACE.pack(0, 0, 0xFFFF)


@dataclass(frozen=True, slots=True)
class PdfObject:
    """One object: its text, or the dictionary of a stream and what is in the stream."""

    number: int
    body: bytes
    stream: bytes | None = None

    def with_entries(self, entries: bytes) -> PdfObject:
        """The same dictionary with more entries."""
        return PdfObject(self.number, self.body.rstrip().removesuffix(b">>") + entries + b">>", self.stream)


@dataclass(frozen=True, slots=True)
class PdfSource:
    """A file as fpdf2 writes it: one classic table of objects, one revision."""

    data: bytes | bytearray
    size: int
    root: int
    info: int
    places: tuple[int, ...]

    def objects(self) -> Iterator[PdfObject]:
        ends = (*self.places[1:], self.data.rindex(b"xref\n", 0, self.data.rindex(b"startxref")))
        for number, (start, end) in enumerate(zip(self.places, ends, strict=True), start=1):
            yield _parsed(number, bytes(self.data[start:end]))


def source(data: bytes | bytearray) -> PdfSource:
    """Raises RuntimeError when the file is not what fpdf2 writes."""
    found = _TRAILER.search(bytes(data[-2048:]))
    numbers = {name: re.search(rb"/%b (\d+)" % name, found[1]) for name in (b"Size", b"Root", b"Info")} if found else {}
    size, root, info = (int(one[1]) if one else 0 for one in (numbers.get(n) for n in (b"Size", b"Root", b"Info")))
    lines = bytes(data[int(found[2]) :]).split(b"\n", size + 2) if found else []
    places = tuple(int(line[:10]) for line in lines[3 : size + 2])
    if not (root and info) or len(places) != size - 1 or sorted(places) != list(places):
        raise RuntimeError("Berkas PDF dari fpdf2 tidak tersusun seperti yang diharapkan.")
    return PdfSource(data, size, root, info, places)


def _parsed(number: int, text: bytes) -> PdfObject:
    body = text.removeprefix(b"%d 0 obj\n" % number).rstrip(b"\n").removesuffix(b"endobj").rstrip(b"\n")
    if not body.endswith(b"\nendstream"):
        return PdfObject(number, body)
    dictionary, _, stream = body.removesuffix(b"\nendstream").partition(b"\nstream\n")
    return PdfObject(number, dictionary, stream)


@dataclass
class PdfTarget:
    """A file while it is written. ``free`` is the first number that no given object has.

    A long one is gathered outside of memory, where a growing block of bytes would need room for its old self as well.
    """

    free: int
    _data: SpooledTemporaryFile[bytes] = field(default_factory=lambda: SpooledTemporaryFile(LONG_FILE))  # noqa: SIM115
    _places: bytearray = field(default_factory=bytearray)
    _together: list[tuple[int, bytes]] = field(default_factory=list)
    _waiting: list[tuple[int, bytes, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._data.write(HEADER)

    def add(self, item: PdfObject) -> None:
        """Write an object. A stream without filter is compressed, and one that zlib compressed is compressed anew."""
        if item.stream is None:
            self.add_text(item.number, item.body)
        elif b"/Type/Metadata" in item.body:  # to be found without reading PDF
            self.add_as_is(item.number, item.body, item.stream)
        elif b"/Filter" not in item.body and item.stream:
            self._compress(item.number, item.body.removesuffix(b">>") + DEFLATED + b">>", item.stream)
        elif DEFLATED in item.body:
            self._compress(item.number, item.body, zlib.decompress(item.stream))
        else:
            self.add_as_is(item.number, item.body, item.stream)

    def add_text(self, number: int, body: bytes) -> None:
        """Write an object without stream."""
        self._together.append((number, body))
        if len(self._together) == OBJECTS_TOGETHER:
            self._put_together()

    def add_as_is(self, number: int, dictionary: bytes, stream: bytes) -> None:
        """Write a stream as it is."""
        self._note(number, 1, self._data.tell(), 0)
        length = b"/Length %d" % len(stream)
        if not _LENGTH.search(dictionary):
            dictionary = dictionary.rstrip().removesuffix(b">>") + length + b">>"
        self._data.write(b"%d 0 obj\n%b\nstream\n" % (number, _LENGTH.sub(length, dictionary, count=1)))
        self._data.write(stream)
        self._data.write(b"\nendstream\nendobj\n")

    def finish(self, root: int, info: int) -> bytes:
        """The finished file; its ID comes from what is in it."""
        if self._together:
            self._put_together()
        self._write_waiting()
        start, number = self._data.tell(), self.free
        self._data.seek(0)
        digest = hashlib.file_digest(self._data, "sha256").digest()[:16].hex().encode()
        self._note(number, 1, start, 0)
        table = bytes(self._places)
        dictionary = b"<</Type/XRef/W[1 4 2]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/Filter /FlateDecode>>"
        self.add_as_is(number, dictionary % (number + 1, root, info, digest, digest), deflated([table])[0])
        self._data.write(b"startxref\n%d\n%%%%EOF\n" % start)
        self._data.seek(0)
        return self._data.read()

    def close(self) -> None:
        """Let go of what was written."""
        self._data.close()

    def _note(self, number: int, kind: int, place: int, index: int) -> None:
        """Where an object stands: a line of the cross-reference stream."""
        at = number * _PLACE.size
        if len(self._places) <= at:
            self._places += _UNUSED * (number + 1 - len(self._places) // _PLACE.size)
        _PLACE.pack_into(self._places, at, kind, place, index)

    def _put_together(self) -> None:
        number, self.free = self.free, self.free + 1
        starts, at = [], 0
        for index, (one, body) in enumerate(self._together):
            self._note(one, 2, number, index)
            starts.append(b"%d %d" % (one, at))
            at += len(body) + 1
        head = b" ".join(starts) + b"\n"
        dictionary = b"<</Type/ObjStm/N %d/First %d/Filter /FlateDecode>>" % (len(self._together), len(head))
        self._compress(number, dictionary, head + b"\n".join(body for _, body in self._together))
        self._together.clear()

    def _compress(self, number: int, dictionary: bytes, stream: bytes) -> None:
        self._waiting.append((number, dictionary, stream))
        if len(self._waiting) >= STREAMS_AT_ONCE:
            self._write_waiting()

    def _write_waiting(self) -> None:
        streams = deflated([stream for _, _, stream in self._waiting])
        for (number, dictionary, _), stream in zip(self._waiting, streams, strict=True):
            self.add_as_is(number, dictionary, stream)
        self._waiting.clear()
