"""As many rows are printed as there are in the data, from none to a thousand, each once and in its order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.report import fonts
from services.report.canvas import Canvas
from services.report.document import build_report
from services.report.paper import Paper, build
from services.report.tables import Column, GroupRow, Row, Table, rating_cell
from tests.report.test_document import NOW, PERIOD, many
from tests.report.test_paper import PLAIN
from tests.unit import offices

WORD = "uraian"


def printed(rows: list[Row | GroupRow], totals: int = 0) -> str:
    """The text of the finished file."""
    columns = [Column("Nomor", 2), Column("Kategori", 3), Column("Uraian", 6)]
    sums = [Row([f"T{n}", "", ""], total=True) for n in range(totals)]
    pdf = build(PLAIN, lambda paper: table(paper, Table(columns, rows, sums))).pdf
    return "\n".join(page.get_text() for page in pymupdf.open(stream=pdf, filetype="pdf"))


def table(paper: Paper, content: Table) -> None:
    paper.table("Baris", content)


def row(number: int, words: int = 1) -> Row:
    return Row([f"B{number}", rating_cell(number % 5, "Tinggi"), " ".join([WORD] * words)])


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"^B(\d+)$", text, re.MULTILINE)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 19, 20, 21, 22, 23, 24, 25, 26, 27, 50, 99, 100, 333, 999, 1000])
def test_every_row_of_a_table_is_printed_once_in_its_order(count: int) -> None:
    said = printed([row(n) for n in range(count)])
    assert numbers(said) == list(range(count))
    assert said.count(WORD) == count
    assert ("Tidak ada data" in said) == (count == 0)


@given(st.lists(st.integers(0, 400), max_size=30), st.sets(st.integers(0, 30)), st.integers(0, 2))
@settings(max_examples=25, deadline=None)
def test_rows_of_any_height_between_titles_and_above_totals_are_all_printed(
    heights: list[int], titles: set[int], totals: int
) -> None:
    rows: list[Row | GroupRow] = []
    for number, words in enumerate(heights):
        rows += [GroupRow(f"G{number}")] if number in titles else []
        rows.append(row(number, words))
    said = printed(rows, totals)
    assert numbers(said) == list(range(len(heights)))
    assert said.count(WORD) == sum(heights)
    assert re.findall(r"^G(\d+)$", said, re.MULTILINE) == [str(n) for n in range(len(heights)) if n in titles]
    assert re.findall(r"^T(\d+)$", said, re.MULTILINE) == [str(n) for n in range(totals)]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 60, 1000])
def test_the_report_has_each_indicator_in_its_section_its_annex_and_its_form(count: int) -> None:
    office = many(count) if count else offices.office(offices.section("pem"), offices.cycle())
    document = pymupdf.open(stream=build_report(office, PERIOD, NOW, draft=False).pdf, filetype="pdf")
    wanted = [f"{n:03}" for n in range(count)]
    for start, end in PARTS:
        pages = document.pages(page_of(document, start), page_of(document, end) + 1)
        said = "".join(page.get_text() for page in pages).split(f"\n{end.rstrip()}")[0]
        assert re.findall(r"Jumlah\s+i(\d{3})", said) == wanted, start


PARTS = (("3.2 ", "3.3 "), ("LAMPIRAN 1 ", "LAMPIRAN 2 "), ("LAMPIRAN 2 ", "LAMPIRAN 3 "))
"""The tables of indicators, the heat map and Formulir E.81: how each begins, and what comes after it."""


def page_of(document: pymupdf.Document, title: str) -> int:
    """Where the part begins, from 0; where it is left out, the part after it stands."""
    found = [page - 1 for _, text, page in document.get_toc() if text >= title and text[:2] == title[:2]]
    return min(found)


def test_the_work_of_a_report_grows_with_its_indicators_and_no_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("put", "put_lines", "box", "rule", "seen", "start_page", "next_page"):
        monkeypatch.setattr(Canvas, name, counted(getattr(Canvas, name), done))
    monkeypatch.setattr(fonts, "wrap", counted(fonts.wrap, done))
    counts = []
    for size in (50, 100, 200):
        done.clear()
        build_report(many(size), PERIOD, NOW, draft=False)
        counts.append(len(done))
    assert counts[0] > 100
    assert counts[1] < 2.05 * counts[0]
    assert counts[2] < 2.05 * counts[1]


def counted(work: Callable[..., object], done: list[str]) -> Callable[..., object]:
    def also(*args: object, **kwargs: object) -> object:
        done.append(work.__name__)
        return work(*args, **kwargs)

    return also
