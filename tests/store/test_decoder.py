"""Rows read from a database: equal values are one object, and values of different kinds stay apart."""

from __future__ import annotations

from decimal import Decimal
from sys import getsizeof

import pytest

from services.store.codec import Decoder
from services.store.schema import Column, Kind, Table

TABLE = Table(
    "T",
    (
        Column("id", "ID", required=True),
        Column("typed", "Isi", Kind.ENTRY),
        Column("at", "Waktu", Kind.MOMENT),
        Column("count", "Jumlah", Kind.INTEGER),
        Column("flag", "Tanda", Kind.FLAG),
        Column("other", "Rujukan", references="U"),
    ),
)
MOMENT = "2026-10-05T03:00:00.000000+00:00"


def fresh(text: str) -> str:
    """An equal text that is another object."""
    return "".join(list(text))


def test_equal_values_are_one_object_over_rows_and_tables() -> None:
    decoder = Decoder()
    first, second = decoder.rows(TABLE, [(fresh("abc"), fresh("83.33"), fresh(MOMENT), 2026, True, None)]) + (
        decoder.rows(TABLE, [(fresh("abc"), fresh("83.33"), fresh(MOMENT), 2026, True, None)])
    )
    assert first == second
    assert all(first[name] is second[name] for name in first)


def test_the_rows_of_a_table_take_less_than_dictionaries_of_their_own() -> None:
    rows = Decoder().rows(TABLE, [(f"{n}", "1", None, n, True, "") for n in range(50)])
    assert sum(map(getsizeof, rows)) < sum(getsizeof(dict(row.items())) for row in rows)


def test_equal_stored_forms_of_different_kinds_stay_apart() -> None:
    (row,) = Decoder().rows(TABLE, [("1", "1", None, 1, True, "1")])
    assert (row["id"], row["typed"], row["at"], row["other"]) == ("1", Decimal(1), None, "1")
    assert type(row["count"]) is int
    assert row["flag"] is True


def test_no_reference_is_an_empty_text_and_no_text_stays_what_it_is() -> None:
    (row,) = Decoder().rows(TABLE, [("", '"83,33"', None, None, False, None)])
    assert (row["id"], row["typed"], row["other"], row["flag"]) == ("", "83,33", "", False)


def test_numbers_that_are_equal_but_written_differently_stay_as_written() -> None:
    rows = Decoder().rows(TABLE, [("a", "1.50", None, 1, True, ""), ("b", "1.5", None, 1, True, "")])
    assert [str(row["typed"]) for row in rows] == ["1.50", "1.5"]


@pytest.mark.parametrize("stored", [("a", "1"), ("a", "1", None, 1, True, "", "more")])
def test_a_row_of_another_length_is_an_error(stored: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        Decoder().rows(TABLE, [stored])
