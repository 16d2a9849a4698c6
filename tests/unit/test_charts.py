"""Charts say what the board says, for any number of sections and any value, on screen and on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import altair as alt
import pytest
import vl_convert

from services.charts import sections, shares, trend
from services.charts.palette import DARK, LIGHT, Palette
from services.domain.indicators import Period
from services.views.board import Board, board_of
from tests.unit.offices import NOW, PERIOD, Placed, cycle, entry, finished, indicator, office, section, target

Chart = Callable[..., dict[str, Any]]

SCREEN = (sections.section_bars, sections.performance_and_budget, trend.trend)
PAPER = (shares.rating_shares, shares.rating_band)
PAGE_WIDTH = 590
TABLES = (
    sections.section_bars_table,
    sections.performance_and_budget_table,
    trend.trend_table,
)


def board(*values: int | None, spent: int | None = 50, name: str = "Seksi") -> Board:
    """A quarter with one section for each value; None: not reported."""
    rows: list[Placed] = [cycle(), *finished(6)]
    for n, value in enumerate(values):
        rows += [section(f"s{n}", f"{name} {n}", n), indicator(f"i{n}", f"s{n}", name=f"Jumlah {n}")]
        rows += [target(f"i{n}", 100, budget=Decimal(100)), entry(f"i{n}", value, spent)]
    return board_of(office(*rows), PERIOD, NOW)


def drawn_texts(spec: dict[str, Any]) -> list[str]:
    svg = vl_convert.vegalite_to_svg(spec | {"width": 480})
    return [re.sub(r"&#39;|&apos;", "'", text) for text in re.findall(r"<text[^>]*>([^<]+)</text>", svg)]


def places_outside(spec: dict[str, Any]) -> list[str]:
    """Texts whose anchor lies outside the picture."""
    svg = vl_convert.vegalite_to_svg(spec | {"width": 480})
    view = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert view is not None
    assert "clip" not in svg
    assert "Gradient" not in svg
    return [value for value in re.findall(r"translate\(([-\d.]+),", svg) if float(value) > float(view[1]) + 1]


@pytest.mark.parametrize("count", [0, 1, 7, 20])
@pytest.mark.parametrize("chart", SCREEN)
def test_a_chart_draws_any_number_of_sections(chart: Chart, count: int) -> None:
    values = [60 + 2 * n for n in range(count)]
    texts = drawn_texts(chart(board(*values), LIGHT))
    if chart is not trend.trend:
        assert sum(text.startswith("Seksi ") for text in texts) == count


@pytest.mark.parametrize("count", [1, 7, 20])
@pytest.mark.parametrize("chart", PAPER)
def test_a_chart_for_paper_is_as_wide_as_asked(chart: Chart, count: int) -> None:
    spec = chart(board(*range(50, 50 + count)), LIGHT, PAGE_WIDTH)
    assert spec["width"] == PAGE_WIDTH
    assert f'width="{PAGE_WIDTH}"' in vl_convert.vegalite_to_svg(spec)


@pytest.mark.parametrize("chart", SCREEN + PAPER)
def test_a_chart_is_valid_vega_lite(chart: Chart) -> None:
    alt.Chart.from_dict(chart(board(60, None, 116), LIGHT, PAGE_WIDTH), validate=True)


@pytest.mark.parametrize("values", [(-40, 80), (240, 90), (-300, 1000), (0, 0), (100, 100), (None, None), (None, 80)])
@pytest.mark.parametrize("chart", SCREEN)
def test_nothing_is_cut_off_whatever_the_values(chart: Chart, values: tuple[int | None, ...]) -> None:
    assert places_outside(chart(board(*values), LIGHT)) == []


@pytest.mark.parametrize(("value", "shown"), [(-40, "▼ -40,0"), (0, "▼ 0,0"), (116, "▲ 116,0"), (1000, "▲ 1.000,0")])
def test_the_value_stands_behind_its_bar(value: int, shown: str) -> None:
    assert shown in drawn_texts(sections.section_bars(board(value), LIGHT))


def test_a_missing_value_is_not_drawn_as_zero() -> None:
    spec = sections.section_bars(board(None, 80), LIGHT)
    missing = next(r for r in spec["data"]["values"] if r["name"] == "Seksi 0")
    assert missing["value"] is None
    assert "○ NA" in drawn_texts(spec)


def test_a_section_with_missing_values_shows_the_range_still_possible() -> None:
    rows = [cycle(), section("a", "Alfa"), entry("i1", 90), entry("i2", None)]
    rows += [part for i in ("i1", "i2") for part in (indicator(i, "a"), target(i))]
    found = board_of(office(*rows), PERIOD, NOW)
    texts = drawn_texts(sections.section_bars(found, LIGHT))
    assert "1 dari 2 indikator · mungkin 45–95" in texts
    assert sections.section_bars_table(found)[1] == (("Alfa", "90,0\u00a0%", "Tinggi", "1 dari 2", "45,0–95,0"),)


def test_on_a_telephone_the_note_beside_the_name_is_short() -> None:
    spec = sections.section_bars(board(None, 80), LIGHT)
    assert "1 dari 1" in vl_convert.vegalite_to_svg(spec | {"width": 358})
    assert "1 dari 1 indikator" not in vl_convert.vegalite_to_svg(spec | {"width": 358})


def test_the_best_section_comes_first_and_one_without_value_last() -> None:
    found = board(70, None, 90)
    assert [s.section.short for s in sections.ranked(found)] == ["Seksi 2", "Seksi 0", "Seksi 1"]


def test_the_two_words_of_the_dumbbell_stand_once() -> None:
    texts = drawn_texts(sections.performance_and_budget(board(90, 80, 70), LIGHT))
    assert texts.count("serapan") == 1
    assert texts.count("capaian") == 1


def test_a_section_without_budget_says_so() -> None:
    texts = drawn_texts(sections.performance_and_budget(board(90, spent=None), LIGHT))
    assert "serapan belum ada" in texts


def test_the_trend_follows_time_and_names_the_years() -> None:
    rows: list[Placed] = [section("a"), indicator("i", "a"), target("i", year=2025), target("i")]
    for value, period in zip((70, 75, 80), (Period(2025, 4), Period(2026, 1), Period(2026, 2)), strict=True):
        rows += [cycle(period), entry("i", value, period=period)]
    found = board_of(office(*rows), Period(2026, 2), NOW)
    texts = drawn_texts(trend.trend(found, LIGHT))
    assert [t for t in texts if t in ("IV '25", "I '26", "II")] == ["IV '25", "I '26", "II"]
    assert [t for t in texts if t in ("70,0", "75,0", "80,0")] == ["70,0", "75,0", "80,0"]


def test_a_quarter_without_any_value_leaves_a_gap_in_the_trend() -> None:
    rows: list[Placed] = [section("a"), indicator("i", "a"), target("i")]
    for value, quarter in ((70, 1), (None, 2), (80, 3)):
        rows += [cycle(Period(2026, quarter)), entry("i", value, period=Period(2026, quarter))]
    spec = trend.trend(board_of(office(*rows), PERIOD, NOW), LIGHT)
    assert [record["value"] for record in spec["data"]["values"]] == [70.0, None, 80.0]


def test_the_distribution_counts_every_indicator_that_is_due() -> None:
    said = shares.rating_shares_alt(board(95, 80, 80, 40, None))
    counts = "Sangat Tinggi 1, Tinggi 2, Sedang 0, Rendah 0, Sangat Rendah 1, Belum dapat dinilai 1"
    assert f": {counts}, diukur tahunan 0." in said


@pytest.mark.parametrize("tabulate", TABLES)
@pytest.mark.parametrize("values", [(80, None, -5), (50,)])
def test_every_row_of_a_table_has_a_cell_for_each_header(
    tabulate: Callable[[Board], tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]], values: tuple[int | None, ...]
) -> None:
    headers, rows = tabulate(board(*values))
    assert {len(row) for row in rows} == {len(headers)}


@pytest.mark.parametrize("chart", [*SCREEN, *PAPER])
def test_the_text_alternative_holds_the_real_figures(chart: Chart) -> None:
    description = chart(board(87), LIGHT)["description"]
    assert re.search(r"87,0|Tinggi 1|6 dari 13", description)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("chart", [*SCREEN, *PAPER])
def test_a_chart_uses_only_colours_of_its_palette(chart: Chart, palette: Palette) -> None:
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(chart(board(95, 60, None), palette))))
    assert used <= set(re.findall(r"#[0-9A-Fa-f]{6}", repr(palette)))


@pytest.mark.parametrize("chart", SCREEN)
def test_screen_charts_fill_their_place_and_paper_uses_its_own_font(chart: Chart) -> None:
    on_screen, on_paper = chart(board(80), LIGHT), chart(board(80), LIGHT, width=PAGE_WIDTH)
    assert (on_screen["width"], on_paper["width"]) == ("container", PAGE_WIDTH)
    assert on_screen["config"]["font"].startswith("Source Sans")
    assert on_paper["config"]["font"] == "Liberation Sans"


def test_numbers_on_an_axis_are_indonesian() -> None:
    texts = drawn_texts(sections.section_bars(board(12000), LIGHT))
    assert "10.000" in texts
