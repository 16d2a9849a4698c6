"""Widths of columns: shares are wishes, numbers and words are kept whole where that can be helped."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.report.paper import Paper, Signed, build
from services.report.tables import Column, Row, Table
from services.report.widths import edges
from tests.report.paper_demo import INFO
from tests.report.printed import lines

PLAIN = dataclasses.replace(INFO, watermark="", sample_emblem=False)


def printed(table: Table) -> list[str]:
    built = build(PLAIN, lambda paper: paper.table("Tabel", table))
    return [one.text for one in lines(built.pdf)]


def test_a_number_is_never_broken_for_a_text() -> None:
    columns = [Column("Uraian", 20), Column("Rp", 1, "R"), Column("K", 1, "R")]
    found = printed(Table(columns, [Row(["Pendampingan nagari " * 9, "12.710.521.899", "1.250"])]))
    assert {"12.710.521.899", "1.250"} <= set(found)


def test_an_ordinary_word_is_never_broken_in_a_column_of_text_or_its_header() -> None:
    columns = [Column("Dilaksanakan", 1, "C"), Column("Satuan", 1), Column("Uraian", 30)]
    found = printed(Table(columns, [Row(["", "penyelenggaraan", "Isi " * 50])]))
    assert {"Dilaksanakan", "penyelenggaraan"} <= set(found)


def test_an_endless_word_is_broken_and_takes_no_room_from_the_others() -> None:
    columns = [Column("Nama", 1), Column("Uraian", 1), Column("Rp", 1, "R")]
    found = printed(Table(columns, [Row(["x" * 500, "Isi", "2.140.670.311"])]))
    assert "2.140.670.311" in found
    assert sum(one.count("x") for one in found) == 500


@pytest.mark.parametrize(("columns", "size"), [(8, 9.0), (10, 8.0), (40, 7.0)])
def test_a_table_is_printed_in_the_largest_size_in_which_no_word_is_broken(columns: int, size: float) -> None:
    table = Table([Column("K", 1, "R")] * columns, [Row(["penyerapan"] * columns)], sizes=(9.0, 8.0, 7.0), pad=0.2)
    built = build(PLAIN, lambda paper: paper.table("Tabel", table))
    found = [one for one in lines(built.pdf) if set(one.text) <= set("penyerapan ")]
    assert {round(one.size, 1) for one in found} == {size}
    whole = sum(one.text.count("penyerapan") for one in found)
    assert whole == (columns if columns < 40 else 0)


def test_no_word_of_a_common_title_over_narrow_columns_is_broken() -> None:
    columns = [Column("Uraian", 300), Column("K", 1, "R", "Penanggungjawab"), Column("Rp", 1, "R", "Penanggungjawab")]
    assert "Penanggungjawab" in printed(Table(columns, [Row(["Isi", "1", "2"])]))


@given(st.lists(st.tuples(st.floats(0.1, 50), st.floats(0, 60), st.booleans()), min_size=1, max_size=25))
def test_columns_fill_the_table_exactly_whatever_they_need(columns: list[tuple[float, float, bool]]) -> None:
    shares, needed, numbers = zip(*columns, strict=True)
    found = edges(shares, needed, numbers, 243.0)
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(243.0)
    assert all(after >= before for before, after in pairwise(found))
    if sum(needed) <= 243.0:
        assert all(b - a >= need - 1e-6 for (a, b), need in zip(pairwise(found), needed, strict=True))


@pytest.mark.parametrize("words", [3, 40, 900])
def test_a_signature_never_stands_on_a_page_without_the_end_of_the_text_above_it(words: int) -> None:
    def render(paper: Paper) -> None:
        for used in range(0, 240, 15):
            paper.new_page()
            paper.space(used)
            signed = Signed("Silaut", "Camat", f"NAMA-{used}", "")
            paper.paragraph("isi " * words + f"akhir-{used}", below=paper.signature_height(signed))
            paper.signature_block(signed)

    pages = [page.get_text() for page in pymupdf.open(stream=build(PLAIN, render).pdf, filetype="pdf")]
    for used in range(0, 240, 15):
        (signed,) = (page for page in pages if re.search(rf"NAMA-{used}\b", page))
        assert re.search(rf"akhir-{used}\b", signed)
