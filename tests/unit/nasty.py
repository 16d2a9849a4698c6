"""Values for hypothesis: everything a column may hold, with the texts that files have always spoilt."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from services.domain.clock import WIB
from services.store.schema import Column, Kind

NASTY = (
    "=1+1",
    "+62812",
    "-",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\rx",
    "'=1",
    "''5",
    "'",
    "'a",
    " =x ",
    "00123",
    "7.01.02",
    "197206051993031005",
    "1E+17",
    "_x0041_",
    "_x0041\x01",
    "a\r\nb\rc\nd",
    "\x01\x0b\x1f\x7f\ufffe",
    'tanda "kutip"; titik koma, koma\ttab',
    "  spasi  ",
    "\u00a0",
    "#N/A",
    "TRUE",
    "<b>&amp;</b>",
    "😀 é",
    "",
)


def naive(text: str) -> datetime:
    """A moment as a spreadsheet has it, without a zone."""
    return datetime.fromisoformat(text)


def text_values() -> st.SearchStrategy[str]:
    free = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)
    return st.sampled_from(NASTY) | free


def values_of(column: Column) -> st.SearchStrategy[Any]:
    if column.name == "id":
        return text_values().filter(str.strip)
    moments = st.datetimes(naive("1900-03-01"), naive("2200-01-01")).map(lambda m: m.replace(tzinfo=WIB))
    numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18)
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: text_values(),
        Kind.ENTRY: st.none() | text_values() | numbers,
        Kind.NUMBER: st.none() | numbers,
        Kind.INTEGER: st.none() | st.integers(-(2**63), 2**63 - 1),
        Kind.DATE: st.none() | st.dates(date(1900, 1, 1), date(9999, 12, 31)),
        Kind.MOMENT: st.none() | moments,
        Kind.FLAG: st.booleans(),
    }
    return kinds[column.kind]
