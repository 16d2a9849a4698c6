"""The fingerprint of a report: SHA-256 over the data that it shows and the version of the template that shows them.

It can be computed again from the CSV files inside the PDF, on any machine, without the application: it depends on no
clock, time zone, language or order of rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence

from services.domain.indicators import Period
from services.views.office import Office
from services.views.report_data import DataTable, data_of

TEMPLATE_VERSION = "2026.4"
"""Raised whenever the report shows something else from the same data."""
LENGTH = 64
_GROUP = 8
MOST_CELLS = 2_000_000
"""Cells that are read out of CSV files that anybody may have made; those of 6,000 indicators are 780,000."""
_MISREAD = str.maketrans("oil", "011")
_NUMBER = re.compile(r"-\d+(\.\d+)?")
_FORMULA_STARTS = frozenset("=+-@\t\r'")


def fingerprint_of(office: Office, period: Period) -> str:
    """The fingerprint (64 hexadecimal digits) of the report that would be made of a quarter now."""
    return fingerprint(office.profile.title, period, data_of(office, period))


def fingerprint(office: str, period: Period, tables: Sequence[DataTable], template: str = TEMPLATE_VERSION) -> str:
    """SHA-256 in hexadecimal digits of the canonical JSON of the data; the order of tables and rows does not matter."""
    digest = hashlib.sha256()
    for part in _canonical(office, period, tables, template):
        digest.update(part.encode("utf-8"))
    return digest.hexdigest()


def _canonical(office: str, period: Period, tables: Sequence[DataTable], template: str) -> Iterator[str]:
    """JSON with sorted keys and without spaces, table by table: as one text, a large office would fill the memory."""
    yield '{"data":{'
    for number, table in enumerate(sorted(tables, key=lambda one: one.name)):
        content = {"kolom": table.columns, "baris": sorted(table.rows)}
        yield f"{',' if number else ''}{_json(table.name)}:{_json(content)}"
    yield f"}},{_json({'kantor': office, 'templat': template, 'triwulan': period.key})[1:]}"


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def short(value: str) -> str:
    """The fingerprint in groups of eight capital digits, to read it from paper and type it."""
    return " ".join(value[start : start + _GROUP] for start in range(0, len(value), _GROUP)).upper()


def typed(text: str) -> str | None:
    """The fingerprint, or its beginning, that a person typed from paper; None when it is neither.

    O stands for 0, and I and L for 1, which a fingerprint has and those it has not.
    """
    digits = re.sub(r"[\s.:\-]", "", text).lower().translate(_MISREAD)
    return digits if re.fullmatch(rf"[0-9a-f]{{{_GROUP},{LENGTH}}}", digits) else None


def to_csv(table: DataTable) -> bytes:
    """The table as CSV (RFC 4180, UTF-8); an apostrophe before a text that a spreadsheet would run as a formula."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(map(_guarded, table.columns))
    writer.writerows([_guarded(cell) if cell[:1] in _FORMULA_STARTS else cell for cell in row] for row in table.rows)
    return target.getvalue().encode("utf-8")


def from_csv(name: str, data: bytes) -> DataTable:
    """The table that ``to_csv`` wrote. Raises ValueError for anything else, and for more than ``MOST_CELLS``."""
    if cells_in(data) > MOST_CELLS:
        raise ValueError("berkas CSV terlalu besar")
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if not lines:
        raise ValueError("berkas CSV kosong")
    columns, *rows = (tuple(cell.removeprefix("'") for cell in line) for line in lines)
    return DataTable(name, "", columns, tuple(rows))


def cells_in(data: bytes) -> int:
    """At most so many cells are in a CSV file, counted without reading it."""
    return sum(map(data.count, (b",", b"\n", b"\r")))


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] in _FORMULA_STARTS and not _NUMBER.fullmatch(text) else text
