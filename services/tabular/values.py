"""Values of the store as cells of a file, and back.

Numbers are numbers and dates are dates in XLSX, moments without their fraction of a second; every text stays a text.
CSV knows only text: decimal comma, ISO dates, and an apostrophe before a text that a spreadsheet would run or turn into
a number, taken away again when the file is read. Reading never guesses: what does not fit its column is Unusable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from services.domain.clock import WIB
from services.domain.numbers import unambiguous
from services.store.schema import Column, Kind
from services.store.sheets_cells import Unusable, decode, encode, exact, number_format, raw, storable
from services.store.store import Value
from services.tabular.grids import NO_CELL, ErrorValue, Formula, TypedCell, cell_text, is_dangerous

_FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900
_DATE, _MOMENT, _WHOLE = "dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss", "0"
_YES, _NO = "ya", "tidak"
_NUMBER_LIKE = re.compile(r"[-+\d.,:/ ]*\d[-+\d.,:/ %]*(?:[eE][-+]?\d+)?")
_NUMBER = re.compile(r"-?\d+(?:,\d+)?")
_CUT = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
_LARGEST_WHOLE = 10**15  # beyond it a spreadsheet replaces digits

_AS_TEXT = "Ubah format sel menjadi Teks, lalu tulis ulang isinya."


class Form(StrEnum):
    """Kind of file; the value is its ending without the dot."""

    XLSX = "xlsx"
    CSV = "csv"


def to_cell(column: Column, value: Value, form: Form) -> TypedCell:
    """The cell for a value of this column. Raises InvalidChange for a text that no cell can hold."""
    if value is None or value == "":
        return NO_CELL
    if isinstance(value, bool):
        return TypedCell(_YES if value else _NO)
    if isinstance(value, str):
        return TypedCell(_protected(column, value) if form is Form.CSV else value)
    return _CELLS[form](column, value)


def from_cell(column: Column, cell: TypedCell, form: Form) -> Value:
    """The value that a cell of this column means. Raises Unusable."""
    value = cell.value
    _refuse_computed(cell)
    if value is None:
        return decode(column, "")
    if isinstance(value, str):
        return _from_text(column, _unprotected(column, value) if form is Form.CSV else value)
    if isinstance(value, date | time | timedelta):
        return _from_date(column, value)
    if isinstance(value, bool) and column.kind is not Kind.FLAG:
        raise Unusable(f"tertulis nilai {cell_text(cell)}", _AS_TEXT)
    if column.kind is Kind.TEXT:
        return _digits(value)
    return decode(column, value)


def same(column: Column, cell: TypedCell, stored: Value, form: Form) -> bool:
    """Whether the cell says what is stored already, if only in other words (a date as text, spaces around a text)."""
    written = to_cell(column, stored, form)
    if _plain(cell) == _plain(written):
        return True
    try:
        return tidy(from_cell(column, cell, form)) == tidy(from_cell(column, written, form))
    except Unusable:
        return False


def tidy(value: Value) -> Value:
    """A text without spaces around it, with the line ends of this application; anything else as it is."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def shown(column: Column, value: Value) -> str:
    """A value as people read it in a preview; "" where there is none."""
    return cell_text(to_cell(column, value, Form.XLSX))


# --- writing -----------------------------------------------------------------------------------------------------


def _xlsx_cell(column: Column, value: Any) -> TypedCell:
    if isinstance(value, datetime):
        return TypedCell(_local(value), _MOMENT)
    if isinstance(value, date):
        return TypedCell(value, _DATE) if value >= _FIRST_DAY else TypedCell(value.isoformat())
    encoded = encode(column, value)
    if "stringValue" in encoded:  # a double would be another number
        return TypedCell(_csv_text(value))
    pattern = number_format(column, encoded)
    return TypedCell(raw(encoded), pattern["pattern"] if pattern else _WHOLE if isinstance(value, int) else "General")


def _csv_cell(_column: Column, value: Any) -> TypedCell:
    return TypedCell(_csv_text(value))


def _csv_text(value: Any) -> str:
    if isinstance(value, datetime):
        return _local(value).isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return unambiguous(value) if isinstance(value, Decimal) else str(value)


_CELLS: Mapping[Form, Callable[[Column, Any], TypedCell]] = {Form.XLSX: _xlsx_cell, Form.CSV: _csv_cell}


def _local(moment: datetime) -> datetime:
    return moment.astimezone(WIB).replace(tzinfo=None, microsecond=0)


def protected(text: str) -> str:
    """A text as CSV keeps it a text: an apostrophe before what would run, or become a number or a time."""
    return f"'{text}" if _NUMBER_LIKE.fullmatch(text) or is_dangerous(text) else text


def _protected(column: Column, text: str) -> str:
    return f"'{text}" if _is_risky(column, text.lstrip("'")) else text


def _unprotected(column: Column, text: str) -> str:
    return text[1:] if text.startswith("'") and _is_risky(column, text.lstrip("'")) else text


def _is_risky(column: Column, text: str) -> bool:
    """Whether a spreadsheet that opens the file would run this text, or make a number of a code."""
    looks_like_number = column.kind is Kind.TEXT and _NUMBER_LIKE.fullmatch(text) is not None
    return looks_like_number or is_dangerous(text)


# --- reading -----------------------------------------------------------------------------------------------------


def _refuse_computed(cell: TypedCell) -> None:
    if isinstance(cell.value, Formula):
        raise Unusable("sel ini berisi rumus", "Salin selnya, lalu tempel sebagai nilai saja.")
    if isinstance(cell.value, ErrorValue):
        raise Unusable("sel ini berisi galat rumus", "Tulis nilainya, atau kosongkan.")
    if cell.is_percent and isinstance(cell.value, int | float):
        number = unambiguous(exact(cell.value).scaleb(2))
        raise Unusable("sel ini berformat persen", f"Ubah format sel menjadi Angka, lalu tulis {number}.")


def _from_text(column: Column, text: str) -> Value:
    if text != storable(text):
        raise Unusable("ada karakter yang tidak dapat disimpan", "Tulis ulang teksnya.")
    if column.kind is Kind.TEXT and _CUT.fullmatch(text.strip()):
        raise Unusable("angka panjang ini sudah kehilangan digit di lembar kerja", _AS_TEXT)
    if column.kind is Kind.NUMBER:
        return _number(text.strip())
    return decode(column, text)


def _number(text: str) -> Value:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Unusable("bukan angka", "Tulis angka saja, misalnya 12,5.")
    return Decimal(text.replace(",", "."))


def _from_date(column: Column, value: date | time | timedelta) -> Value:
    if column.kind is Kind.MOMENT and isinstance(value, datetime):
        return value.replace(tzinfo=WIB)
    if column.kind is Kind.DATE and isinstance(value, datetime) and value.time() == time():
        return value.date()
    if column.kind is Kind.DATE and isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Unusable("sel ini terbaca sebagai tanggal atau jam", _AS_TEXT)


def _digits(value: Any) -> str:
    """A whole number in a text column, such as a year. No fraction: "7.10" would have lost its zero."""
    number = exact(value)
    if number != number.to_integral_value() or abs(number) >= _LARGEST_WHOLE:
        raise Unusable("sel ini terbaca sebagai angka", _AS_TEXT)
    return f"{number:f}"


def _plain(cell: TypedCell) -> object:
    """What a cell holds, whichever way it was made: numbers and dates of all types compare as what they mean."""
    value = cell.value
    if isinstance(value, str | bool) or value is None:
        return (type(value) if isinstance(value, Formula | ErrorValue) else str, str(value or ""))
    if isinstance(value, int | float):
        return exact(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value
