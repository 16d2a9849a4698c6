"""The report of offices of several sizes, and its largest table printed by other means beside it in the same run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from services.domain.numbers import format_bounds, format_number
from services.views.board import board_of
from services.views.measures import Measure
from services.views.office import Office
from tests.bench.calculation import NOW, PERIOD, open_store
from tests.bench.children import answer, module
from tests.bench.printers import PRINTERS
from tests.bench.table import Line, growth

SECONDS = {60: 1.0, 600: 2.0, 6000: 10.0}
"""Processor seconds that a report of so many indicators may take, its charts not counted."""
PEAK_MB, SECOND_MS = 300, 50.0
LONG = 1000
"""Tables with more rows take the others minutes each."""


def lines(
    databases: Mapping[int, Path], environment: Mapping[str, str], repeats: int, limit: float, *, thorough: bool
) -> Iterator[Line]:
    used = []
    for size, database in databases.items():
        runs = [_report(database, environment) for _ in range(repeats if size < LONG else 1)]
        yield from _of_size(size, runs)
        used.append((size, min(run["own"] for run in runs) * 1000))
    yield from growth("report, processor time without charts", used, "ms", limit)[1:]
    for size, database in databases.items():
        yield from _printed(size, database, environment, all_means=thorough or size < LONG)


def _report(database: Path, environment: Mapping[str, str]) -> dict[str, float]:
    return answer(module("report_child", str(database)), environment)


def _of_size(size: int, runs: Sequence[Mapping[str, float]]) -> Iterator[Line]:
    best, count = min(runs, key=lambda run: run["own"]), int(runs[0]["count"])
    what = f"report, {size:,} indicators"
    yield Line(
        f"{what}, {best['pages']:,.0f} pages, processor time without charts", best["own"], "s", None, SECONDS[size]
    )
    yield Line(f"{what}, the process that draws its {count} charts, start included", best["charts"], "s")
    yield Line(f"{what}, peak of the process", max(run["peak"] for run in runs), "MB", None, PEAK_MB)
    yield Line(f"{what}, of that before the report (Python, the office's data)", best["before"], "MB")
    yield Line(f"{what}, peak of the process that draws", max(run["charts peak"] for run in runs), "MB", None, PEAK_MB)
    yield Line(f"{what}, second download", max(run["second"] for run in runs) * 1000, "ms", None, SECOND_MS)


def _printed(size: int, database: Path, environment: Mapping[str, str], *, all_means: bool) -> Iterator[Line]:
    """The table of all indicators by each means; "against" is ours."""
    file = database.with_suffix(".json")
    file.write_text(json.dumps(table_rows(database)), "utf-8")
    own: dict[str, float] = {}
    for name, (title, _) in PRINTERS.items():
        if name == "kita" or all_means:
            found = answer(module("printers", name, str(file)), environment)
            what = f"one table of {size:,} rows, {title}"
            yield Line(f"{what}, processor time", found["processor"], "s", own.get("processor"))
            yield Line(f"{what}, peak of the process", found["peak"], "MB", own.get("peak"))
            own = own or found


def table_rows(database: Path) -> list[list[str]]:
    """The table of all indicators as texts."""
    store = open_store(str(database))
    office = Office(store.read())
    store.close()
    return [_row(n, m) for n, m in enumerate(board_of(office, PERIOD, NOW).measures, start=1)]


def _row(number: int, m: Measure) -> list[str]:
    figures = (m.actual_to_date, m.to_date.value)
    texts = [m.entry.text(name) if m.entry else "" for name in ("driver", "obstacle", "follow_up")]
    return [
        str(number),
        m.indicator.name,
        m.indicator.unit,
        format_bounds(m.target_to_date) if m.target_to_date else "-",
        *("NA" if value is None else format_number(value, 2) for value in figures),
        m.rating.label if m.rating else "-",
        *texts,
    ]
