"""The benchmark's own parts: offices of any size, what is compared, and the table. Nothing here depends on time."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pymupdf
import pytest
from PIL import ImageFile

from services.config import OFFICE
from services.domain.attainment import Outcome
from services.store.sql import SqlStore
from services.views.board import board_of
from services.views.office import Office
from tests.bench import children, printers, report
from tests.bench import office as synthetic
from tests.bench.calculation import NOW, PERIOD
from tests.bench.table import Line, compared, growth, render


def database_with(indicators: int, folder: Path) -> Path:
    store = SqlStore(f"sqlite:///{folder / 'office.db'}", OFFICE.default, lambda: NOW)
    synthetic.fill(store, indicators, NOW)
    store.close()
    return folder / "office.db"


def office_with(indicators: int, folder: Path) -> Office:
    database = database_with(indicators, folder)
    return Office(SqlStore(f"sqlite:///{database}", OFFICE.default, lambda: NOW).read())


@pytest.mark.parametrize("count", [1, 60, 130])
def test_an_office_has_as_many_indicators_as_asked(tmp_path: Path, count: int) -> None:
    assert len(office_with(count, tmp_path).indicators) == count


def test_every_indicator_has_targets_and_an_entry_in_each_of_seven_quarters(tmp_path: Path) -> None:
    office = office_with(130, tmp_path)
    for indicator in office.indicators:
        assert all(office.target(indicator.id, period) for period in office.cycles)
        assert all(office.entry(indicator.id, period) for period in PERIOD.trailing(7))


def test_a_copy_has_the_figures_of_its_original(tmp_path: Path) -> None:
    items = {m.indicator.id: m for m in board_of(office_with(130, tmp_path), PERIOD, NOW).measures}
    copies = [item for item in items.values() if item.indicator.id.endswith("~1")]
    assert copies
    for copy in copies:
        assert copy.to_date == items[copy.indicator.id.removesuffix("~1")].to_date


def test_a_copy_has_texts_of_its_own(tmp_path: Path) -> None:
    office = office_with(130, tmp_path)
    assert len({indicator.name for indicator in office.indicators}) == 130
    texts = [entry.text("obstacle") for i in office.indicators if (entry := office.entry(i.id, PERIOD))]
    assert len(set(filter(None, texts))) == len(list(filter(None, texts)))


def test_a_large_office_has_measured_and_missing_indicators_in_every_section(tmp_path: Path) -> None:
    board = board_of(office_with(130, tmp_path), PERIOD, NOW)
    assert all(section.mean.measured for section in board.sections)
    assert {m.to_date.outcome for m in board.measures} >= {Outcome.MEASURED, Outcome.NOT_MEASURED}


def test_a_line_with_a_reference_is_judged_by_its_ratio() -> None:
    line = compared("visit", [3.0, 2.0, 9.0], [1.0, 1.0, 2.0], "s", 2.5)
    assert (line.ratio, line.verdict) == (3.0, "MISSED by 20%")
    assert line.cells == ("visit", "3.00 s", "1.00 s", "3.00 ×", "2.00 ×", "≤ 2.5 ×", "MISSED by 20%")


def test_a_line_without_a_reference_is_judged_by_its_figure() -> None:
    assert Line("memory", 260.0, "MB", goal=260).met
    assert not Line("memory", 261.0, "MB", goal=260).met


def test_a_goal_of_none_at_all_is_missed_by_the_first() -> None:
    assert [Line("rows lost", lost, "rows", goal=0).verdict for lost in (0, 1)] == ["met", "MISSED"]


def test_a_line_without_a_goal_has_no_verdict() -> None:
    assert Line("memory", 54.2, "MB").cells == ("memory", "54.2 MB", "", "", "", "", "")


def test_growth_compares_each_size_with_the_one_before() -> None:
    first, second, third = growth("read", [(60, 1.0), (600, 9.0), (6000, 180.0)], "s", 11)
    assert (first.ratio, first.met) == (None, None)
    assert (second.ratio, second.met) == (9.0, True)
    assert (third.ratio, third.met) == (20.0, False)
    assert third.what == "read, 6,000 indicators"


def test_the_table_is_markdown_with_even_columns() -> None:
    lines = render([Line("a", 1, "s"), Line("a longer name", 12345, "ms", 100, 2)]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert {line.count("|") for line in lines} == {8}
    assert set(lines[1]) == set("|- ")


# The report, and the same table by other means


ROWS = [
    [str(n), f"Indikator ke-{n} " + "panjang " * (n % 7), *["x1", "2", "3", "4", "5"], "pen", "hambat", "lanjut"]
    for n in range(1, 41)
]


def letters(*texts: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", "".join(texts)))


@pytest.mark.parametrize("name", printers.PRINTERS)
def test_every_means_prints_all_texts_and_the_header_on_every_page(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # weasyprint has Pillow accept pictures that are cut off, for the whole process; other tests must not see that.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    pdf = printers.PRINTERS[name][1](ROWS)
    pages = [page.get_text() for page in pymupdf.open(stream=pdf, filetype="pdf")]
    assert len(pages) > 1
    assert all("Indikator kinerja" in page and "Satuan" in page for page in pages)
    assert not letters(*(text for row in ROWS for text in row)) - letters(*pages)
    numbers = [int(n) for n in re.findall(r"Indikator ke-(\d+)", " ".join(pages))]
    assert numbers == list(range(1, 41))


def test_the_report_is_measured_in_a_process_of_its_own_with_its_charts_apart(tmp_path: Path) -> None:
    database = database_with(12, tmp_path)
    found = children.answer(children.module("report_child", str(database)), {**os.environ, "PYTHONPATH": "."})
    assert found["own"] > 0
    assert found["charts"] > 0
    assert found["count"] >= 6
    assert found["pages"] > 20
    assert found["peak"] > found["before"] > 50
    assert found["charts peak"] > 20


def test_each_size_of_a_report_has_its_goals_and_only_a_thorough_run_prints_long_tables_by_all_means(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def answer(command: list[str], environment: Mapping[str, str]) -> dict[str, float]:
        asked.append(" ".join(command[2:5]))
        seconds = {"60": 0.9, "600": 2.1, "6000": 9.0}[Path(command[-1]).stem]
        report = {"own": seconds, "charts": 1.0, "peak": 200.0, "charts peak": 301.0, "before": 100.0}
        return report | {"count": 8, "pages": 40, "second": 0.01, "processor": seconds, "size": 1}

    monkeypatch.setattr(report, "answer", answer)
    monkeypatch.setattr(report, "table_rows", lambda database: [])
    databases = {size: tmp_path / f"{size}.db" for size in (60, 600, 6000)}
    found = list(report.lines(databases, {}, 2, 11.0, thorough=False))
    goals = [(line.goal, line.verdict) for line in found if "without charts" in line.what]
    assert goals == [(1, "met"), (2, "MISSED by 5%"), (10, "met"), (11, "met"), (11, "met")]
    assert {line.verdict for line in found if line.what.endswith("peak of the process") and line.goal} == {"met"}
    assert {line.verdict for line in found if "that draws" in line.what and line.goal} == {"MISSED by 0%"}
    assert {line.verdict for line in found if "second download" in line.what} == {"met"}
    assert sum("report_child" in one for one in asked) == 5  # the largest once
    assert sum("printers" in one for one in asked) == 4 + 4 + 1
    asked.clear()
    list(report.lines(databases, {}, 2, 11.0, thorough=True))
    assert sum("printers" in one for one in asked) == 12
