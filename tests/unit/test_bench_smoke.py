"""The benchmark's own parts: offices of any size, and the table of ratios. Nothing here depends on time."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.config import OFFICE
from services.domain.attainment import Outcome
from services.store.sql import SqlStore
from services.views.board import board_of
from services.views.office import Office
from tests.bench import office as synthetic
from tests.bench.calculation import NOW, PERIOD
from tests.bench.table import Line, compared, growth, render


def office_with(indicators: int, folder: Path) -> Office:
    store = SqlStore(f"sqlite:///{folder / 'office.db'}", OFFICE.default, lambda: NOW)
    synthetic.fill(store, indicators, NOW)
    return Office(store.read())


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
