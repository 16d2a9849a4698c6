"""What key pages of some reports say, as checked-in text: ``python -m tests.report.golden`` writes the files anew.

Look at what changed with ``git diff tests/report/golden`` before committing it. The fingerprint and the version of the
template are left out, since they change with every column and every template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pymupdf

from tests.report import cases

FOLDER = Path(__file__).with_name("golden")
_PAGES = {
    "pengesahan": ("LEMBAR PENGESAHAN",),
    "ringkasan": ("RINGKASAN EKSEKUTIF",),
    "penutup": ("PENUTUP", "4.1 Kesimpulan"),
}
_CASES = ("kosong", "satu", "enampuluh", "data-hilang", "triwulan-pertama", "draf")
PAGES = [(name, page) for name in _CASES for page in _PAGES] + [("satu", "e81"), ("kosong", "e81")]


def file_of(name: str, page: str) -> Path:
    return FOLDER / f"{name}-{page}.txt"


def text_of(name: str, page: str) -> str:
    """The lines of a key page as they are read."""
    marks = _PAGES.get(page, ("FORMULIR E.81", "(15)"))
    pages = pymupdf.open(stream=cases.report_of(name).pdf, filetype="pdf")
    (found,) = [said for said in (p.get_text() for p in pages) if all(mark in said for mark in marks)]
    return "\n".join(_lines(found)) + "\n"


def _lines(said: str) -> Iterator[str]:
    for line in said.replace("\u00a0", " ").splitlines():
        plain = re.sub(r"\b[0-9A-F]{8}( [0-9A-F]{8})+\b", "SIDIK", line.strip())
        if plain and not re.fullmatch(r":? ?2026\.\d+", plain):
            yield plain


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, page in PAGES:
        file_of(name, page).write_text(text_of(name, page), encoding="utf-8")


if __name__ == "__main__":
    main()
