"""What differs between a file and the issued one of which it seems to be a copy: pages, values, number, metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from services.report import manifest
from services.report.fingerprint import from_csv
from services.report.foreign import UNREADABLE, attached_files, metadata_of, pages_of
from services.views.report_data import DataTable

NAMED = 8
"""Pages or values that are named one by one."""
LONGEST_VALUE = 60
_ONLY_THE_REST = "Halaman dan datanya tidak berbeda; yang berbeda adalah huruf, gambar, atau susunan berkasnya."


@dataclass(frozen=True, slots=True)
class _File:
    """What a PDF draws on its pages (as checksums), the files in it, and what it says of itself."""

    pages: Sequence[bytes]
    files: Mapping[str, bytes]
    metadata: tuple[bytes, bytes]


def differences(pdf: bytes, original: bytes) -> Iterator[str]:
    """Sentences for people, the pages first."""
    found, expected = _read(pdf), _read(original)
    if expected is None:
        yield "PDF arsipnya tidak terbaca, jadi isinya tidak dapat dibandingkan."
    elif found is None:
        yield "Halaman berkas ini tidak dapat dibaca."
    else:
        sentences = [*_pages(found, expected), *_data(found, expected), *_number(found, expected)]
        if found.metadata != expected.metadata:
            sentences.append("Metadata berkas (judul, pembuat, atau tanggal) berbeda.")
        yield from sentences or (_ONLY_THE_REST,)


def _read(pdf: bytes) -> _File | None:
    try:
        return _File(pages_of(pdf), attached_files(pdf), metadata_of(pdf))
    except UNREADABLE:
        return None


def _pages(found: _File, expected: _File) -> Iterator[str]:
    if len(found.pages) != len(expected.pages):
        yield f"Jumlah halamannya {len(found.pages)}, arsipnya {len(expected.pages)}."
    pairs = zip(found.pages, expected.pages, strict=False)
    numbers = [n for n, (one, other) in enumerate(pairs, start=1) if one != other]
    if numbers:
        more = " dan lainnya" if len(numbers) > NAMED else ""
        yield f"Isi halaman yang berbeda (dihitung dari sampul): {', '.join(map(str, numbers[:NAMED]))}{more}."


def absent(names: Sequence[str]) -> Iterator[str]:
    """Which attachments should be there and are not; nothing where all are."""
    if names:
        yield f"Lampiran yang tidak ada atau tidak terbaca: {', '.join(names)}."


def _data(found: _File, expected: _File) -> Iterator[str]:
    """What is missing of the attached tables, and each value that is another one."""
    yield from absent([name for name in expected.files if name not in found.files])
    changed = (
        sentence
        for name, content in expected.files.items()
        if name != manifest.NAME and found.files.get(name, content) != content
        for sentence in _values(name, found.files[name], content)
    )
    yield from islice(changed, NAMED)
    if more := sum(1 for _ in changed):
        yield f"Masih ada {more} nilai lain yang berbeda."


def _values(name: str, content: bytes, original: bytes) -> Iterator[str]:
    expected = from_csv(name, original)
    try:
        table = from_csv(name, content)
    except ValueError:
        yield f"Lampiran {name} tidak dapat dibaca."
        return
    if table.columns != expected.columns:
        yield f"Kolom lampiran {name} berbeda."
        return
    yield from list(_rows(name, table, expected)) or (f"Susunan atau jumlah baris lampiran {name} berbeda.",)


def _rows(name: str, table: DataTable, expected: DataTable) -> Iterator[str]:
    rows, wanted = _by_id(table), _by_id(expected)
    for row_id in dict.fromkeys((*wanted, *rows)):
        yield from _row(f"Lampiran {name}, baris {_short(row_id)}", table.columns, rows.get(row_id), wanted.get(row_id))


def _by_id(table: DataTable) -> dict[str, tuple[str, ...]]:
    return {row[0]: row for row in table.rows if row}


def _row(
    where: str, columns: Sequence[str], found: Sequence[str] | None, expected: Sequence[str] | None
) -> Iterator[str]:
    if found is None or expected is None:
        yield f"{where} {'tidak ada' if found is None else 'tidak ada di arsip'}."
        return
    for column, value, wanted in zip_longest(columns, found, expected, fillvalue=""):
        if value != wanted:
            yield f"{where}, kolom {column}: {_said(value)}, arsipnya {_said(wanted)}."


def _number(found: _File, expected: _File) -> Iterator[str]:
    said, wanted = _claimed(found), _claimed(expected)
    if said is not None and said != wanted:
        yield f"Nomor di dalam berkas ini {_said(said)}, arsipnya {_said(wanted or '')}."


def _claimed(file: _File) -> str | None:
    """The number that a file gives itself."""
    try:
        return manifest.read(file.files.get(manifest.NAME, b"")).number
    except ValueError:
        return None


def _said(value: str) -> str:
    return f"“{_short(value)}”" if value else "kosong"


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"
