"""Tabular files as typed cells: reading CSV and XLSX of any origin, and writing CSV.

A file is never trusted: its size, also unpacked, is checked before it is read, and whatever is wrong with it is a
:class:`BadFile` with what to do. Texts that a spreadsheet would run as a formula get a leading apostrophe in CSV,
unless they are plain numbers such as "-5" or "+3,5 %" or the mark "-".
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

import openpyxl

from services.domain.numbers import format_number, unambiguous

DELIMITERS = (",", ";", "\t")
LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 100_000_000
MOST_PARTS = 2_000
MOST_CELLS = 2_000_000
MOST_COLUMNS = 16_384  # of a sheet in Excel
SLIPPED = (
    "Baris ini berisi lebih banyak kolom daripada judulnya. "
    'Beri tanda kutip ganda pada isian yang memuat pemisah kolom, misalnya "83,33".'
)
BOM = b"\xef\xbb\xbf"

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PLAIN_NUMBER = re.compile(r"[-+]?[\d., ]*\s?%?")
_LITERAL_IN_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')
_GENERAL = "General"
_LAST = "\x00akhir"  # a line of our own after the last: it is swallowed when a quote before it is never closed
_MEGABYTE = 1_000_000
_TOO_MANY = "Berkas ini memuat terlalu banyak sel. Hapus baris dan kolom kosong yang berformat, lalu simpan ulang."

# What openpyxl finds odd about a file from elsewhere is technical and English; what matters is checked here.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")


class BadFile(Exception):
    """A file that cannot be read or written as a table: what is wrong and what to do (Indonesian)."""


class Formula(str):
    """A formula's text, to tell it from a text that begins with "="."""


class ErrorValue(str):
    """What a failed formula left behind, such as "#REF!"."""


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
    delimiter stands in it. None: rows cannot slip. ``merged`` are the ranges of merged cells.
    """

    lines: list[Line]
    delimiter: str = ";"
    notes: tuple[str, ...] = ()
    header_width: int | None = None
    first: int = 1
    merged: tuple[str, ...] = ()

    @property
    def is_csv(self) -> bool:
        return self.header_width is not None


def read_grid(data: bytes, name: str, wanted: Iterable[str], *, sheet: str = "", saved_values: bool = True) -> Grid:
    """A CSV or XLSX file, told apart by its content; ``name`` is what people call it. Raises BadFile.

    ``wanted`` headers help to find the delimiter of a CSV file. ``sheet`` is the sheet to read of a workbook that has
    several; "" is the first one. ``saved_values``: a formula counts with the value that the spreadsheet last saved for
    it; otherwise it stays a Formula.
    """
    if len(data) > LARGEST_FILE:
        raise BadFile(f"Berkas {name} lebih besar dari {_megabytes(LARGEST_FILE)}. Pecah menjadi beberapa berkas.")
    if data.startswith(_OLD_EXCEL):
        raise BadFile(f"Berkas {name} berformat Excel lama atau bersandi. Simpan sebagai .xlsx tanpa sandi.")
    grid = _read_xlsx(data, name, sheet, saved_values) if data.startswith(_ZIP) else _read_csv(data, name, wanted)
    return _rectangle(grid)


def csv_text(lines: Iterable[Line], delimiter: str) -> str:
    """CSV with the line ends of RFC 4180 (with others a lone carriage return in a cell would split the line)."""
    return joined(map(_texts, lines), delimiter)


def joined(records: Iterable[Sequence[str]], delimiter: str) -> str:
    """The same from texts that are harmless already."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(records)
    return buffer.getvalue()


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV file would run this text."""
    begins = text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r"}
    return begins and not _PLAIN_NUMBER.fullmatch(text)


# --- CSV ---------------------------------------------------------------------------------------------------------


def _read_csv(data: bytes, name: str, wanted: Iterable[str]) -> Grid:
    text, notes = _decode(data, name)
    delimiter = _delimiter(text, {header_key(header) for header in wanted})
    records = _records(text, delimiter, name)
    lines = [[TypedCell(value) for value in record] for record in records]
    return Grid(lines, delimiter, notes, len(_header(records)))


def _records(text: str, delimiter: str, name: str) -> list[list[str]]:
    records: list[list[str]] = []
    cells = 0
    try:
        for record in _reader(f"{text}\r\n{_LAST}", delimiter):
            cells += len(record)
            if cells > MOST_CELLS:
                raise BadFile(_TOO_MANY)
            records.append(record)
    except csv.Error as error:
        raise BadFile(f"Berkas {name} tidak terbaca sebagai CSV. Simpan ulang sebagai CSV UTF-8 atau XLSX.") from error
    if records.pop() != [_LAST]:
        raise BadFile(f"Berkas {name} memuat tanda kutip yang tidak ditutup. Perbaiki, atau simpan sebagai XLSX.")
    return records


def _decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            note = f"Berkas {name} bukan UTF-8; dibaca sebagai Windows-1252. Periksa huruf beraksen pada hasilnya."
            return text, (note,) if encoding == "cp1252" else ()
    raise BadFile(f"Berkas {name} bukan teks CSV dan bukan XLSX. Simpan sebagai CSV UTF-8 atau XLSX.")


def _delimiter(text: str, wanted: set[str]) -> str:
    """The delimiter with which the header names most of the wanted columns, then most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        with contextlib.suppress(csv.Error):
            header = _header(_reader(text, delimiter))
            return len(wanted & {header_key(name) for name in header[:MOST_COLUMNS]}), len(header)
        return 0, 0

    return max(DELIMITERS, key=score)


def _header(records: Iterable[list[str]]) -> list[str]:
    return next((record for record in records if any(map(str.strip, record))), [])


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _texts(line: Line) -> list[str]:
    return [_harmless(cell_text(cell)) if isinstance(cell.value, str) else cell_text(cell) for cell in line]


def _harmless(text: str) -> str:
    return f"'{text}" if is_dangerous(text) else text


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


def _read_xlsx(data: bytes, name: str, sheet: str, saved_values: bool) -> Grid:
    try:
        _refuse_bomb(data, name)
        return _one_sheet(data, name, sheet, saved_values)
    except BadFile:
        raise
    except Exception as error:  # openpyxl raises nearly anything on a damaged file
        raise BadFile(
            f"Berkas {name} rusak atau bukan XLSX. Buka dengan aplikasi lembar kerja, lalu simpan ulang sebagai .xlsx."
        ) from error


def _refuse_bomb(data: bytes, name: str) -> None:
    """What the parts say of their unpacked sizes is binding: nothing beyond it is ever unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise BadFile(
            f"Berkas {name} menjadi lebih besar dari {_megabytes(LARGEST_UNPACKED)} bila dibuka. "
            "Hapus lembar dan format yang tidak perlu, atau simpan sebagai CSV."
        )


def _one_sheet(data: bytes, name: str, wanted: str, saved_values: bool) -> Grid:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    sheet = _chosen(book, name, wanted)
    lines = [[_typed(cell) for cell in row] for row in _rows(sheet)]
    if saved_values and any(isinstance(cell.value, Formula) for line in lines for cell in line):
        lines = _with_saved_values(lines, data, sheet.title)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # A read-only sheet does not say which cells are merged; its part does.
        merged = _MERGED.findall(archive.read(sheet._worksheet_path))
    return Grid(lines, notes=_note_on_sheets(book, sheet, wanted), merged=tuple(each.decode() for each in merged))


def _chosen(book: Any, name: str, wanted: str) -> Any:
    """The sheet called as wanted; of a workbook with one sheet only, that one."""
    named = [sheet for sheet in book.worksheets if sheet.title.strip().casefold() == wanted.casefold()]
    if named or not wanted or len(book.worksheets) == 1:
        return (named or book.worksheets)[0]
    titles = ", ".join(f"“{title}”" for title in book.sheetnames)
    raise BadFile(
        f"Berkas {name} berisi beberapa lembar ({titles[:300]}) dan tidak satu pun bernama “{wanted}”. "
        f"Beri nama “{wanted}” pada lembar yang dimaksud."
    )


def _note_on_sheets(book: Any, sheet: Any, wanted: str) -> tuple[str, ...]:
    if len(book.sheetnames) == 1:
        return ()
    which = f"lembar “{sheet.title}”" if wanted else f"lembar pertama “{sheet.title}”"
    return (f"Hanya {which} yang dibaca.",)


def _rows(sheet: Any, *, values_only: bool = False) -> Iterator[Any]:
    """Rows of a sheet whatever it says of its own size; endless ones end where no spreadsheet goes on."""
    sheet.reset_dimensions()
    cells = 0
    for row in islice(sheet.iter_rows(values_only=values_only), MOST_CELLS):
        cells += len(row)
        if cells > MOST_CELLS:
            raise BadFile(_TOO_MANY)
        yield row


def _typed(cell: Any) -> TypedCell:
    if cell.value is None:
        return NO_CELL
    if cell.data_type == "f":
        return TypedCell(Formula(cell.value), cell.number_format)
    if cell.data_type == "e":
        return TypedCell(ErrorValue(cell.value))
    value = unescaped(cell.value) if isinstance(cell.value, str) else cell.value
    return TypedCell(value, cell.number_format or _GENERAL)


def unescaped(text: str) -> str:
    """A text as XLSX keeps it, where a character that XML cannot hold stands as ``_x000D_``."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _with_saved_values(lines: list[Line], data: bytes, title: str) -> list[Line]:
    """Saved values in place of formulas; one that was never calculated stays as its text, which is no number."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)[title]
    return [
        [
            _saved(formula, value) if isinstance(formula.value, Formula) else formula
            for formula, value in zip(line, values, strict=True)
        ]
        for line, values in zip(lines, _rows(sheet, values_only=True), strict=True)
    ]


def _saved(formula: TypedCell, value: Any) -> TypedCell:
    return TypedCell(str(formula.value) if value is None else value, formula.number_format)


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
    if width * len(kept) > MOST_CELLS:
        raise BadFile(_TOO_MANY)
    return replace(grid, lines=[line[:width] + [NO_CELL] * (width - len(line)) for line in kept], first=filled[0] + 1)


def _used(line: Line) -> int:
    """Width of a line up to its last cell that is not blank."""
    return max((n for n, cell in enumerate(line, 1) if not cell.blank), default=0)


def _megabytes(size: int) -> str:
    return f"{format_number(Decimal(size) / _MEGABYTE, 0)} MB"
