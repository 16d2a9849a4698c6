"""Values between Python and the plain text and numbers that a database or a backup file keeps, without any loss.

An ENTRY is kept as one JSON scalar, so that what a person typed (``"83,33"``) and a number (``83.33``) stay apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from services.domain.clock import WIB
from services.store.schema import Column, Kind, Table
from services.store.store import InvalidChange, Row, Value

Stored: TypeAlias = str | int | bool | None

_INTEGER_LIMIT = 2**63
_SUMMARY_LENGTH = 120


def check_row(table: Table, row: Row) -> None:
    """Raise InvalidChange unless the row has exactly the table's columns with values of their kinds."""
    unknown, missing = set(row) - set(table.names), set(table.names) - set(row)
    if unknown or missing:
        which = f"kolom tidak dikenal: {_list(unknown)}" if unknown else f"kolom belum ada: {_list(missing)}"
        raise InvalidChange(f"Baris {row.get('id', '')} untuk tabel {table.name} tidak sesuai skema ({which}).")
    for column in table.columns:
        check_value(table, column, row[column.name])


def check_value(table: Table, column: Column, value: Value) -> None:
    """Raise InvalidChange unless the value is of the column's kind, and there where it is required."""
    if not _FITS[column.kind](value):
        raise InvalidChange(f"Nilai pada kolom {column.header} di tabel {table.name} tidak sesuai jenis {column.kind}.")
    if column.required and value in (None, ""):
        raise InvalidChange(f"Kolom {column.header} di tabel {table.name} wajib diisi.")


def encode(column: Column, value: Value) -> Stored:
    """The stored form of a value that ``check_value`` let pass."""
    if column.kind is Kind.TEXT:
        # No reference is NULL, because a foreign key would look for a row with an empty id.
        return str(value or "") or (None if column.references else "")
    return None if value is None else _ENCODERS[column.kind](value)


def encode_row(table: Table, row: Row) -> dict[str, Stored]:
    return {column.name: encode(column, row[column.name]) for column in table.columns}


def decode(column: Column, stored: Stored) -> Value:
    """The value that was stored. Raises ValueError (also TypeError) on what ``encode`` never writes."""
    decoder = _decoder(column)
    return decoder(stored) if decoder else stored


class _Known(dict[Any, Value]):
    """Values by their stored form, decoded when they are met first."""

    def __init__(self, column: Column, as_it_lies: bool) -> None:
        super().__init__()
        self._decode, self._as_it_lies = _decoder(column), as_it_lies

    def __missing__(self, stored: Any) -> Value:
        value = self[stored] = self._value(stored)
        return value

    def _value(self, stored: Any) -> Value:
        try:
            return self._decode(stored) if self._decode else stored
        except (ValueError, TypeError, LookupError, ArithmeticError):
            if self._as_it_lies:
                return str(stored)
            raise


def _alike() -> Callable[[], dict[str, Value]]:
    """Makes dictionaries that are to hold the same keys: being those of objects of one class, they share the keys
    (PEP 412), which takes less than half the memory of dictionaries each with keys of its own.
    """

    class Holder:
        pass

    return lambda: vars(Holder())


class Decoder:
    """Rows from stored values. Equal values are one object: a large office is half as large so, and read sooner."""

    def __init__(self) -> None:
        self._known: dict[tuple[Kind, bool, bool], _Known] = {}

    def rows(self, table: Table, stored: Iterable[Sequence[Stored]], *, as_it_lies: bool = False) -> tuple[Row, ...]:
        """Rows whose values stand in the order of the table's columns. ``as_it_lies``: what somebody wrote there by
        hand, so that it cannot be read as what it should be, is given as the text that it is.
        """
        names, alike = table.names, _alike()
        known = [
            self._known.setdefault((c.kind, bool(c.references), as_it_lies), _Known(c, as_it_lies))
            for c in table.columns
        ]

        def row_of(values: Sequence[Stored]) -> Row:
            row = alike()
            row.update(zip(names, [decoded[one] for decoded, one in zip(known, values, strict=True)], strict=True))
            return row

        return tuple(map(row_of, stored))


def normal(column: Column, value: Value) -> Value:
    """The value as the store gives it back: an empty TEXT is "", whether it was given as "" or as None."""
    return "" if value is None and column.kind is Kind.TEXT else value


def log_value(column: Column, value: Value) -> str | Decimal | None:
    """A value as the log shows it: dates and moments in ISO form (WIB), flags as ``ya`` or ``tidak``."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return value.astimezone(WIB).isoformat(sep=" ")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    return normal(column, value)  # type: ignore[return-value]


def from_log(column: Column, logged: Value) -> Value:
    """The value that ``log_value`` wrote. Raises ValueError on what it never writes into a column of this kind."""
    if column.kind is Kind.ENTRY:
        return logged
    if column.kind is Kind.TEXT:
        return "" if logged is None else str(logged)
    if logged in (None, "") and column.kind is not Kind.FLAG:
        return None
    return _FROM_LOG[column.kind](logged)


def summary(table: Table, row: Row) -> str:
    """A new row in few words, for its line in the log."""
    shown = [c for c in table.columns if c.name != "id" and row[c.name] not in (None, "")]
    text = "; ".join(f"{c.header}: {log_value(c, row[c.name])}" for c in shown)
    return text if len(text) <= _SUMMARY_LENGTH else text[: _SUMMARY_LENGTH - 1] + "…"


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))


def _storable(value: Value) -> bool:
    """PostgreSQL keeps no NUL, and half a surrogate pair is no text in UTF-8."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(value: Value) -> bool:
    return value is None or _storable(value)


def _number(value: Value) -> bool:
    return value is None or (isinstance(value, Decimal) and value.is_finite())


def _integer(value: Value) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value is None or (whole and -_INTEGER_LIMIT <= value < _INTEGER_LIMIT)  # type: ignore[operator]


def _date(value: Value) -> bool:
    return value is None or (isinstance(value, date) and not isinstance(value, datetime))


def _moment(value: Value) -> bool:
    return value is None or (isinstance(value, datetime) and value.utcoffset() is not None)


_FITS: Mapping[Kind, Callable[[Value], bool]] = {
    Kind.TEXT: _text,
    Kind.ENTRY: lambda value: _text(value) or _number(value),
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.FLAG: lambda value: isinstance(value, bool),
}


def encode_moment(value: datetime) -> str:
    """UTC with a fixed width, so that the order of the texts is the order in time."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _encode_entry(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _decode_entry(stored: Any) -> Value:
    if stored is None or not stored.startswith('"'):
        return _decode_number(stored)
    return str(json.loads(stored))


def _decode_number(stored: Any) -> Value:
    return None if stored is None else Decimal(stored)


def _decode_date(stored: Any) -> Value:
    return None if stored is None else date.fromisoformat(stored)


def _decode_moment(stored: Any) -> Value:
    return None if stored is None else datetime.fromisoformat(stored).astimezone(WIB)


def _decode_reference(stored: Any) -> Value:
    return stored or ""


_ENCODERS: Mapping[Kind, Callable[[Any], Stored]] = {
    Kind.ENTRY: _encode_entry,
    Kind.NUMBER: str,
    Kind.INTEGER: int,
    Kind.DATE: date.isoformat,
    Kind.MOMENT: encode_moment,
    Kind.FLAG: bool,
}
_DECODERS: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.ENTRY: _decode_entry,
    Kind.NUMBER: _decode_number,
    Kind.DATE: _decode_date,
    Kind.MOMENT: _decode_moment,
}


def _logged_number(logged: Any) -> Decimal:
    if not isinstance(logged, Decimal):
        raise ValueError(f"no number in the log: {logged!r}")
    return logged


def _logged_flag(logged: Any) -> Value:
    if logged not in ("ya", "tidak"):
        raise ValueError(f"no flag in the log: {logged!r}")
    return bool(logged == "ya")


_FROM_LOG: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.NUMBER: _logged_number,
    Kind.INTEGER: lambda logged: int(_logged_number(logged)),
    Kind.DATE: lambda logged: date.fromisoformat(str(logged)),
    Kind.MOMENT: lambda logged: datetime.fromisoformat(str(logged)).astimezone(WIB),
    Kind.FLAG: _logged_flag,
}


def _decoder(column: Column) -> Callable[[Any], Value] | None:
    """None where the stored form is the value itself."""
    return _decode_reference if column.references else _DECODERS.get(column.kind)
