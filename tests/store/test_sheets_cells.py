"""Whatever stands in a sheet is read without an exception, and never as a zero that nobody wrote."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.store.schema import ENTRY, TABLES, Column, Kind, Table
from services.store.sheets_cells import Raw, Unusable, decode, encode, raw, settled
from services.store.sheets_reading import Tab, check_references, fingerprint, letter, read_sheet
from services.store.store import InvalidChange

ODD = ["", " ", "NaN", "1e309", "８３", "\0", "\ud83c", "‮83", "#N/A", "1.5", "-0", "00:00", "x" * 50_000, "👩🏽🌾"]
CELLS: st.SearchStrategy[Raw] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=20),
    st.sampled_from(ODD),
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_no_content_of_a_tab_raises(table: Table, data: st.DataObject) -> None:
    headers = [column.header for column in table.columns]
    header = data.draw(st.permutations(headers) | st.lists(st.sampled_from(headers) | st.text(max_size=5), max_size=20))
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(table.columns) + 2), max_size=6))
    sheet = read_sheet(table, Tab(0, table.name, 100), [header, *rows], lambda _t, _i, _c, number: number)
    checked = check_references({table.name: sheet})
    assert isinstance(fingerprint(checked), int)
    assert all(problem.why and problem.suggestion for problem in checked[table.name].problems)


@given(cell=CELLS)
def test_only_a_zero_is_read_as_zero(cell: Raw) -> None:
    value = decode(ENTRY.column("actual"), cell)
    assert value != 0 or (isinstance(cell, int | float) and not isinstance(cell, bool) and cell == 0)


@given(cell=CELLS, kind=st.sampled_from(Kind))
def test_what_was_read_is_written_back_as_the_same_value(cell: Raw, kind: Kind) -> None:
    column = Column("x", "X", kind)
    try:
        value = decode(column, cell)
        assert settled(column, value) == value
    except (Unusable, InvalidChange):
        return


@pytest.mark.parametrize("cell", [math.inf, math.nan, 1e15])
def test_a_number_that_lost_digits_is_no_text(cell: float) -> None:
    with pytest.raises(Unusable):
        decode(Column("x", "X"), cell)


def test_a_text_beyond_the_limit_of_a_cell_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InvalidChange, match=r"50\.000"):
        encode(Column("x", "X"), "x" * 50_001)
    assert raw(encode(Column("x", "X"), "x" * 50_000)) == "x" * 50_000


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters(index: int, letters: str) -> None:
    assert letter(index) == letters
