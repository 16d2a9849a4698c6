"""Tabular files in and out: CSV and XLSX with typed cells, and atomic writing.

Texts that a spreadsheet would run as a formula stay texts: in XLSX they are string cells; in CSV, which cannot say
that, they get a leading apostrophe, unless they are plain numbers such as "-5" or "+3,5 %" or the mark "-".
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from services.commands.errors import Unusable, file_error
from services.domain.numbers import unambiguous

ENDINGS = (".csv", ".xlsx")
DELIMITERS = (",", ";", "\t")
LONGEST_XLSX_TEXT = 32767
SLIPPED = (
    "Baris ini berisi lebih banyak kolom daripada judulnya. "
    'Beri tanda kutip ganda pada isian yang memuat pemisah kolom, misalnya "83,33".'
)

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PLAIN_NUMBER = re.compile(r"[-+]?[\d., ]*\s?%?")
_LITERAL_IN_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.')
_GENERAL = "General"
_LAST = "\x00akhir"  # a line of our own after the last: it is swallowed when a quote before it is never closed


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A value as the file gives it: CSV knows only text; XLSX also numbers, dates and booleans with a format."""

    value: Any = None
    number_format: str = _GENERAL

    @property
    def is_percent(self) -> bool:
        return "%" in _LITERAL_IN_FORMAT.sub("", self.number_format)

    @property
    def blank(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


NO_CELL = TypedCell()
Line = list[TypedCell]


@dataclass(frozen=True, slots=True)
class Grid:
    """All lines of a file from its header on, each as wide as the widest; ``first`` is the header's place in the file.

    ``notes`` say what a person should know. A row of text that goes beyond ``header_width`` has slipped: an unquoted
    delimiter stands in it. None: rows cannot slip.
    """

    lines: list[Line]
    delimiter: str = ";"
    notes: tuple[str, ...] = ()
    header_width: int | None = None
    first: int = 1


def read_grid(path: Path, wanted: Iterable[str]) -> Grid:
    """A CSV or XLSX file, told apart by its content. ``wanted`` headers help to find the delimiter of a CSV file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise file_error(error) from error
    if data.startswith(_OLD_EXCEL):
        raise Unusable(f"Berkas {path} berformat Excel lama atau bersandi. Simpan sebagai .xlsx tanpa sandi.")
    grid = _read_xlsx(data, path) if data.startswith(_ZIP) else _read_csv(data, path, wanted)
    return _rectangle(grid)


def write_grid(lines: Sequence[Line], ending: str, delimiter: str) -> bytes:
    """The content of a file with this ending, one of ``ENDINGS``."""
    return _xlsx(lines) if ending == ".xlsx" else b"\xef\xbb\xbf" + csv_text(lines, delimiter).encode()


def csv_text(lines: Iterable[Line], delimiter: str) -> str:
    """CSV with the line ends of RFC 4180 (with others a lone carriage return in a cell would split the line)."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(map(_texts, lines))
    return buffer.getvalue()


def write_atomically(path: Path, data: bytes) -> None:
    """The whole file or none: written beside its place, then renamed. Raises Unusable."""
    target = path.resolve()
    temporary = target.with_name(f".{target.name[:80]}.{secrets.token_hex(6)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        error.filename = path
        raise file_error(error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


# --- CSV ---------------------------------------------------------------------------------------------------------


def _read_csv(data: bytes, path: Path, wanted: Iterable[str]) -> Grid:
    text, notes = _decode(data, path)
    delimiter = _delimiter(text, {header_key(name) for name in wanted})
    records = list(_reader(f"{text}\r\n{_LAST}", delimiter))
    if records.pop() != [_LAST]:
        raise Unusable(f"Berkas {path} memuat tanda kutip yang tidak ditutup. Perbaiki, atau simpan sebagai XLSX.")
    lines = [[TypedCell(value) for value in record] for record in records]
    return Grid(lines, delimiter, notes, len(_header(records)))


def _decode(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            note = f"Berkas {path} bukan UTF-8; dibaca sebagai Windows-1252. Periksa huruf beraksen pada hasilnya."
            return text, (note,) if encoding == "cp1252" else ()
    raise Unusable(f"Berkas {path} bukan teks CSV dan bukan XLSX. Simpan sebagai CSV UTF-8 atau XLSX.")


def _delimiter(text: str, wanted: set[str]) -> str:
    """The delimiter with which the header names most of the wanted columns, then most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        header = _header(_reader(text, delimiter))
        return len(wanted & {header_key(name) for name in header}), len(header)

    return max(DELIMITERS, key=score)


def _header(records: Iterable[list[str]]) -> list[str]:
    return next((record for record in records if any(map(str.strip, record))), [])


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _texts(line: Line) -> list[str]:
    return [_harmless(cell_text(cell)) if isinstance(cell.value, str) else cell_text(cell) for cell in line]


def _harmless(text: str) -> str:
    dangerous = text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r"}
    return f"'{text}" if dangerous and not _PLAIN_NUMBER.fullmatch(text) else text


def cell_text(cell: TypedCell) -> str:
    """A cell of a spreadsheet as Indonesian text: "12,5", "80%", "13/08/2024"."""
    match cell.value:
        case None:
            return ""
        case bool():
            return "TRUE" if cell.value else "FALSE"
        case int() | float() | Decimal():
            return _number_text(cell)
        case datetime() if cell.value.time() != time():
            return f"{cell.value:%d/%m/%Y %H.%M}"
        case date():
            return f"{cell.value:%d/%m/%Y}"
        case _:
            return str(cell.value)


def _number_text(cell: TypedCell) -> str:
    value = Decimal(str(cell.value))
    if not value.is_finite():
        return str(cell.value)
    return f"{unambiguous(value.scaleb(2))}%" if cell.is_percent else unambiguous(value)


# --- XLSX --------------------------------------------------------------------------------------------------------


def _read_xlsx(data: bytes, path: Path) -> Grid:
    try:
        return _first_sheet(data)
    except Exception as error:  # openpyxl raises nearly anything on a damaged file
        raise Unusable(
            f"Berkas {path} rusak atau bukan XLSX. Buka dengan aplikasi lembar kerja, lalu simpan ulang sebagai .xlsx."
        ) from error


def _first_sheet(data: bytes) -> Grid:
    """The first sheet; a formula counts with the value that the spreadsheet last saved for it."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    lines = [[_typed(cell) for cell in row] for row in sheet.iter_rows()]
    if any(_is_formula(cell) for line in lines for cell in line):
        lines = _with_saved_values(lines, data)
    notes = (f"Hanya lembar pertama “{sheet.title}” yang dibaca.",) if len(book.sheetnames) > 1 else ()
    return Grid(lines, notes=notes)


def _typed(cell: Any) -> TypedCell:
    if cell.value is None:
        return NO_CELL
    if cell.data_type == "f":
        return TypedCell(_Formula(cell.value), cell.number_format)
    return TypedCell(cell.value, cell.number_format or _GENERAL)


class _Formula(str):
    """A formula's text, to tell it from a text that begins with "="."""


def _is_formula(cell: TypedCell) -> bool:
    return isinstance(cell.value, _Formula)


def _with_saved_values(lines: list[Line], data: bytes) -> list[Line]:
    """Saved values in place of formulas; one that was never calculated stays as its text, which is no number."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    sheet.reset_dimensions()
    return [
        [
            _saved(formula, value) if _is_formula(formula) else formula
            for formula, value in zip(line, values, strict=True)
        ]
        for line, values in zip(lines, sheet.iter_rows(values_only=True), strict=True)
    ]


def _saved(formula: TypedCell, value: Any) -> TypedCell:
    return TypedCell(str(formula.value) if value is None else value, formula.number_format)


def _xlsx(lines: Sequence[Line]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Capaian")
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append([_written(sheet, cell) for cell in line])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _written(sheet: Any, cell: TypedCell) -> Any:
    if cell.value is None:
        return None
    if not isinstance(cell.value, str):
        written = WriteOnlyCell(sheet, cell.value)
        written.number_format = cell.number_format
        return written
    text = ILLEGAL_CHARACTERS_RE.sub("", cell.value)
    if len(text) > LONGEST_XLSX_TEXT:
        raise Unusable("Ada isian yang lebih panjang dari batas sel XLSX. Tulis hasilnya ke berkas .csv.")
    written = WriteOnlyCell(sheet, text)
    written.data_type = "s"  # openpyxl would take "=…" as a formula and "#N/A" as an error
    return written


# --- both --------------------------------------------------------------------------------------------------------


def header_key(name: object) -> str:
    """A header without case, spaces and invisible characters."""
    return re.sub(r"[\s\u200b\ufeff]+", "", str(name)).casefold()


def slipped(line: Line, width: int | None) -> bool:
    """Whether a line goes beyond the header; for ``width`` see ``Grid.header_width``."""
    return width is not None and any(not cell.blank for cell in line[width:])


def _rectangle(grid: Grid) -> Grid:
    """From the header (the first line that is not blank) to the last line that is not blank, all equally wide."""
    filled = [n for n, line in enumerate(grid.lines) if any(not cell.blank for cell in line)]
    if not filled:
        return replace(grid, lines=[])
    kept = grid.lines[filled[0] : filled[-1] + 1]
    width = max(_used(line) for line in kept)
    return replace(grid, lines=[line[:width] + [NO_CELL] * (width - len(line)) for line in kept], first=filled[0] + 1)


def _used(line: Line) -> int:
    """Width of a line up to its last cell that is not blank."""
    return max((n for n, cell in enumerate(line, 1) if not cell.blank), default=0)
