"""Single cells of a sheet: what a value looks like there, and what may be understood from what stands there.

A sheet holds texts, IEEE doubles and booleans, nothing else. ``encode`` never loses anything: a number that a double
cannot hold becomes a text of its digits, a moment an ISO text. ``decode`` never guesses: what does not fit its column
raises :class:`Unusable` with the reason and what to write.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from services.domain.clock import WIB
from services.domain.numbers import read_date
from services.store.schema import Column, Kind
from services.store.store import InvalidChange, Value

Raw: TypeAlias = str | int | float | bool | None
"""A cell as ``values:batchGet`` gives it (UNFORMATTED_VALUE, SERIAL_NUMBER); None and "" are both an empty cell."""
Extended: TypeAlias = Mapping[str, Any]
"""An ExtendedValue of the API; empty: the cell becomes empty."""

LONGEST_TEXT = 50_000  # UTF-16 units in one cell, a limit of Google's
_EXACT_INTEGER = 2**53  # beyond it a double skips integers
_SHOWN_DIGITS = 10**15  # beyond it Google Sheets itself replaces the digits that a person typed
_EPOCH = date(1899, 12, 30)
_FIRST, _LAST = date(1900, 1, 1), date(9999, 12, 31)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_INTEGER = re.compile(r"[+-]?\d{1,19}")
_FLAGS = {"ya": True, "tidak": False, "true": True, "false": False, "benar": True, "salah": False, "": False}


class Unusable(ValueError):
    """A cell that does not fit its column: why, and what to write instead (Indonesian)."""

    def __init__(self, why: str, suggestion: str) -> None:
        super().__init__(why)
        self.why, self.suggestion = why, suggestion


def encode(column: Column, value: Value) -> Extended:
    """The typed cell for a value that fits its column. Raises InvalidChange for a text too long for a cell."""
    if value in (None, ""):
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return _text_cell(column, value)
    if isinstance(value, datetime):
        return {"stringValue": value.astimezone(WIB).isoformat(sep=" ")}
    if isinstance(value, date):
        return {"numberValue": (value - _EPOCH).days}
    number = _double(value)
    return {"stringValue": str(value)} if number is None else {"numberValue": number}


def number_format(column: Column, cell: Extended) -> Mapping[str, str] | None:
    """The format that a written cell needs, whatever format people left there; None: the cell keeps its own.

    A plain number in a cell that once held "83%" would otherwise be shown, and read, a hundred times too large.
    """
    number = cell.get("numberValue")
    if number is None or column.kind not in (Kind.DATE, Kind.ENTRY):
        return None
    if column.kind is Kind.DATE:
        return {"type": "DATE", "pattern": "dd/mm/yyyy"}
    places = max(0, -int(exact(number).normalize().as_tuple().exponent))
    return {"type": "NUMBER", "pattern": "#,##0" + ("." + "0" * min(places, 10) if places else "")}


def raw(cell: Extended) -> Raw:
    """What a read gives back for a cell that was written so."""
    return next(iter(cell.values()), None)


def settled(column: Column, value: Value) -> Value:
    """The value as the sheet gives it back: ``Decimal("83.30")`` is 83.3 there, an empty entry is None."""
    return decode(column, raw(encode(column, value)))


def decode(column: Column, cell: Raw) -> Value:
    """The value of a cell. Raises Unusable."""
    if isinstance(cell, str):
        cell = storable(cell)
    return _DECODERS[column.kind]("" if cell is None else cell)


def blank(column: Column) -> Value:
    """What stands for an empty cell, and for one that cannot be used in a column that is not required."""
    blanks: dict[Kind, Value] = {Kind.TEXT: "", Kind.FLAG: False}
    return blanks.get(column.kind)


def storable(text: str) -> str:
    """The text without what neither the log nor PostgreSQL can keep: NUL and half a surrogate pair become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def shown(cell: Raw) -> str:
    """What stands in a cell, as a short text for people."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    text = _digits(cell) if isinstance(cell, int | float) else str(cell or "")
    return text if len(text) <= 80 else text[:79] + "…"


def _text_cell(column: Column, text: str) -> Extended:
    if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise InvalidChange(
            f"Teks pada kolom {column.header} terlalu panjang: satu sel Google Sheets memuat paling banyak 50.000 "
            "huruf."
        )
    return {"stringValue": text}


def _double(value: Decimal | int) -> int | float | None:
    """The same number as JSON writes it for a double, or None where a double is another number."""
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_INTEGER else None
    number = float(value)
    if not math.isfinite(number) or Decimal(repr(number)) != value:
        return None
    return int(number) if number.is_integer() and abs(number) < _SHOWN_DIGITS else number


def exact(cell: int | float) -> Decimal:
    """The number that a finite cell shows."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _SHOWN_DIGITS:
        return Decimal(int(cell))
    return Decimal(repr(cell))


def _digits(cell: int | float) -> str:
    return f"{exact(cell):f}" if math.isfinite(cell) else repr(cell)


def _decode_text(cell: Any) -> Value:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return shown(cell)
    if not math.isfinite(cell) or abs(cell) >= _SHOWN_DIGITS:
        raise Unusable(
            "angka sepanjang ini kehilangan digit bila disimpan sebagai angka",
            "Ubah format sel menjadi Teks biasa, lalu ketik ulang.",
        )
    return _digits(cell)


def _decode_entry(cell: Any) -> Value:
    if isinstance(cell, bool):
        return shown(cell)
    if isinstance(cell, str):
        return cell or None
    return exact(cell) if math.isfinite(cell) else repr(cell)


def _decode_number(cell: Any) -> Value:
    if cell == "":
        return None
    if isinstance(cell, bool | str) or not math.isfinite(cell):
        raise Unusable("bukan angka", "Tulis angka saja.")
    return exact(cell)


def _decode_integer(cell: Any) -> Value:
    if cell == "":
        return None
    found: int | None = None
    if _INTEGER.fullmatch(cell.strip()) if isinstance(cell, str) else _is_whole(cell):
        found = int(cell)
    if found is None or not -(2**63) <= found < 2**63:
        raise Unusable("bukan bilangan bulat", "Tulis bilangan bulat, misalnya 3.")
    return found


def _is_whole(cell: bool | int | float) -> bool:
    return not isinstance(cell, bool) and math.isfinite(cell) and cell == int(cell)


_LAST_DAY = 2_900_000  # serial of a day before the year 9999, beyond which Python has no dates


def _decode_date(cell: Any) -> Value:
    if cell == "":
        return None
    found: object = None
    if isinstance(cell, str):
        found = read_date(cell)
    elif _is_whole(cell):
        found = _EPOCH + timedelta(days=int(cell)) if 0 <= cell < _LAST_DAY else None
    if not isinstance(found, date) or not _FIRST <= found <= _LAST:
        raise Unusable("bukan tanggal", "Tulis tanggal, misalnya 2026-10-09.")
    return found


def _decode_moment(cell: Any) -> Value:
    if cell == "":
        return None
    try:
        found = datetime.fromisoformat(cell.strip()) if isinstance(cell, str) else _from_serial(cell)
        return (found if found.tzinfo else found.replace(tzinfo=WIB)).astimezone(WIB)
    except (ValueError, OverflowError):
        raise Unusable("bukan waktu", "Tulis tanggal dan jam, misalnya 2026-10-09 14:30.") from None


def _from_serial(cell: bool | int | float) -> datetime:
    if isinstance(cell, bool) or not math.isfinite(cell):
        raise ValueError(cell)
    start = datetime(_EPOCH.year, _EPOCH.month, _EPOCH.day, tzinfo=WIB)
    return start + timedelta(milliseconds=round(cell * 86_400_000))


def _decode_flag(cell: Any) -> Value:
    found = cell if isinstance(cell, bool) else _FLAGS.get(str(cell).strip().casefold())
    if found is None:
        raise Unusable("bukan ya atau tidak", "Tulis ya atau tidak.")
    return found


_DECODERS: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.TEXT: _decode_text,
    Kind.ENTRY: _decode_entry,
    Kind.NUMBER: _decode_number,
    Kind.INTEGER: _decode_integer,
    Kind.DATE: _decode_date,
    Kind.MOMENT: _decode_moment,
    Kind.FLAG: _decode_flag,
}
