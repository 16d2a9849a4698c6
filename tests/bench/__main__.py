"""Speed and memory against an empty Streamlit page, measured in the same run: ``python -m tests.bench [--cepat]``.

Rounds alternate between the two, so that whatever else the machine does falls on both; figures are medians, and the
ratio of the best runs stands beside their ratio, as what other work on the machine disturbs least. Calculations have
nothing beside them that would be slowed down alike, so theirs is the best of several repeats.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import linear_regression, median, quantiles
from typing import IO

from playwright.sync_api import Browser

from tests.bench import calculation, office, pages, process, report, sessions, sheets
from tests.bench.children import CHILD_SECONDS, answer, module
from tests.bench.pages import DASHBOARD, EMPTY, Cookies, Waited
from tests.bench.servers import Server, Subjects, prepare
from tests.bench.table import Line, compared, growth, render
from tests.sample_folder import ROOT

FIRST_VISIT, LATER_VISIT, RERUN = 2.5, 1.5, 2.0
BASE_MB, SESSION_KB, RERUN_SECONDS = 260, 150, 1.0
GROWTH = 11.0  # ten times the indicators, and a tenth for what a measurement is off
_KB_PER_MB = 1024
_UNMEASURED = 2  # reruns of each kind beforehand: both quarters have been computed then


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    rounds: int
    visits: int
    clicks: int
    crowds: tuple[int, ...]
    seconds: int
    sizes: tuple[int, ...]
    repeats: int
    rows: int


FULL = Extent(rounds=5, visits=3, clicks=12, crowds=(40, 80), seconds=45, sizes=(60, 600, 6000), repeats=5, rows=1000)
QUICK = Extent(rounds=2, visits=2, clicks=6, crowds=(40,), seconds=15, sizes=(60, 600), repeats=3, rows=200)


@dataclass
class Samples:
    """Measurements by name, of the dashboard and of the empty page."""

    dashboard: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    empty: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def line(self, what: str, name: str, unit: str, goal: float | None = None) -> Line:
        return compared(what, self.dashboard[name], self.empty[name], unit, goal)


# Pages in the browser


def page_lines(browser: Browser, subjects: Subjects, cookies: Cookies, extent: Extent) -> Iterator[Line]:
    samples = Samples()
    for number in range(extent.rounds):
        _round(browser, subjects, cookies, extent, samples, office_first=bool(number % 2))
    yield samples.line("first visit after start, last text", "first", "ms", FIRST_VISIT)
    yield samples.line("first visit after start, charts drawn", "first drawn", "ms")
    yield samples.line("first visit after start, server's processor time", "first processor", "ms")
    yield samples.line("later visit, empty browser cache, last text", "later", "ms", LATER_VISIT)
    yield samples.line("later visit, empty browser cache, charts drawn", "later drawn", "ms")
    for rerun in pages.RERUNS:
        yield samples.line(f"{rerun.what}, last element", rerun.what, "ms", RERUN)
        yield samples.line(f"{rerun.what}, at rest", f"{rerun.what} rest", "ms")
        yield samples.line(f"{rerun.what}, server's processor time", f"{rerun.what} processor", "ms")
    yield Line("memory of the empty page", median(samples.empty["memory"]), "MB")
    yield Line("memory after the first visit", median(samples.dashboard["memory"]), "MB", goal=BASE_MB)
    yield Line("memory after a visit to every page", median(samples.dashboard["memory of all"]), "MB", goal=BASE_MB)


def _round(
    browser: Browser, subjects: Subjects, cookies: Cookies, extent: Extent, samples: Samples, *, office_first: bool
) -> None:
    """Two cold servers, one after the other, then visits and clicks in turn."""
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for name in ("office", "empty") if office_first else ("empty", "office"):
            servers[name] = stack.enter_context(subjects.office() if name == "office" else subjects.empty())
            _first_visit(browser, servers[name], name, cookies, samples)
        for _ in range(extent.visits):
            _note(samples.empty, "later", pages.visit(browser, servers["empty"], EMPTY, []), "drawn")
            _note(samples.dashboard, "later", pages.visit(browser, servers["office"], DASHBOARD, cookies), "drawn")
        _reruns(browser, servers, cookies, extent.clicks, samples)
        pages.visit_all(browser, servers["office"], cookies)
        samples.dashboard["memory of all"].append(servers["office"].resident_mb)


def _first_visit(browser: Browser, server: Server, name: str, cookies: Cookies, samples: Samples) -> None:
    of_office = name == "office"
    kept, subject = (samples.dashboard, DASHBOARD) if of_office else (samples.empty, EMPTY)
    before = server.processor_seconds
    _note(kept, "first", pages.visit(browser, server, subject, cookies if of_office else []), "drawn")
    kept["first processor"].append((server.processor_seconds - before) * 1000)
    kept["memory"].append(server.resident_mb)


def _reruns(browser: Browser, servers: dict[str, Server], cookies: Cookies, count: int, samples: Samples) -> None:
    with (
        pages.tab(browser, servers["empty"], EMPTY, []) as empty,
        pages.tab(browser, servers["office"], DASHBOARD, cookies) as dashboard,
    ):
        for rerun in pages.RERUNS:
            for _ in range(_UNMEASURED):
                rerun.on_empty(empty)
                rerun.on_dashboard(dashboard)
            _repeated(samples.empty, rerun.what, servers["empty"], partial(rerun.on_empty, empty), count)
            _repeated(samples.dashboard, rerun.what, servers["office"], partial(rerun.on_dashboard, dashboard), count)


def _repeated(kept: dict[str, list[float]], name: str, server: Server, run: Callable[[], Waited], count: int) -> None:
    before = server.processor_seconds
    for _ in range(count):
        _note(kept, name, run(), "rest")
    kept[f"{name} processor"].append((server.processor_seconds - before) / count * 1000)


def _note(kept: dict[str, list[float]], name: str, waited: Waited, rest: str) -> None:
    kept[name].append(waited.text)
    kept[f"{name} {rest}"].append(waited.rest)


# Many people at once


def session_lines(subjects: Subjects, cookies: Cookies, extent: Extent) -> Iterator[Line]:
    cookie = "; ".join(f"{c['name']}={c['value']}" for c in cookies)
    environment = subjects.environment | {sessions.COOKIE_ENV: cookie}
    with subjects.office() as server:
        yield Line("memory per session", _session_kb(server, environment), "KB", goal=SESSION_KB)
    for crowd in extent.crowds:
        with subjects.office() as server:
            times, used = _load(server, environment, crowd, extent.seconds)
        what = f"{crowd} sessions, 5 s think time, {len(times)} reruns"
        yield Line(f"{what}, median", median(times), "s")
        yield Line(f"{what}, p95", quantiles(times, n=20)[-1], "s", goal=RERUN_SECONDS)
        yield Line(f"{crowd} sessions, server's processor time per rerun", used / len(times) * 1000, "ms")


def _session_kb(server: Server, environment: dict[str, str]) -> float:
    """Slope over 40 sessions, after the first ten have warmed the server up."""
    step, points = 10, []
    with _client(environment, "hold", server.address, "--sessions", "50", "--step", str(step)) as (answers, go_on):
        for line in answers:
            points.append((int(line), server.resident_mb))
            print(file=go_on, flush=True)
    counts, memory = zip(*points, strict=True)
    return linear_regression(counts, memory).slope * _KB_PER_MB


def _load(server: Server, environment: dict[str, str], crowd: int, seconds: int) -> tuple[list[float], float]:
    """Seconds of each rerun, and of the processor for all of them."""
    options = ("--sessions", str(crowd), "--seconds", str(seconds))
    with _client(environment, "load", server.address, *options) as (answers, _):
        answers.readline()  # all are there
        before = server.processor_seconds
        times = list(json.loads(answers.readline()))
        return times, server.processor_seconds - before


@contextmanager
def _client(environment: dict[str, str], *arguments: str) -> Iterator[tuple[IO[str], IO[str]]]:
    """The sessions in a process of their own: what it prints, and where it reads."""
    with subprocess.Popen(
        module("sessions", *arguments),
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        try:
            yield client.stdout, client.stdin
            client.wait(timeout=CHILD_SECONDS)
        finally:
            client.kill()
    if client.returncode:
        raise SystemExit("the sessions ended with an error")


# Reading and computing

TASKS = (("read", "reading a snapshot"), ("board", "computing the dashboard"))


def calculation_lines(subjects: Subjects, extent: Extent) -> Iterator[Line]:
    databases = _databases(subjects, extent)
    for task, what in TASKS:
        figures = [(size, _calculated(subjects, task, file, extent.repeats)) for size, file in databases.items()]
        used = [(size, one["processor"] * 1000) for size, one in figures]
        yield from growth(f"{what}, processor time", used, "ms", GROWTH)
        yield from growth(f"{what}, memory", [(size, one["objects"]) for size, one in figures], "MB", GROWTH)


def _databases(subjects: Subjects, extent: Extent) -> dict[int, Path]:
    return {size: _database(subjects, size) for size in extent.sizes}


def _database(subjects: Subjects, size: int) -> Path:
    file = subjects.folder / f"{size}.db"
    if not file.exists():
        store = calculation.open_store(str(file))
        office.fill(store, size, calculation.NOW)
        store.close()
    return file


def _calculated(subjects: Subjects, task: str, database: Path, repeats: int) -> dict[str, float]:
    return answer(module("calculation", task, str(database), "--repeat", str(repeats)), subjects.environment)


# The report


def report_lines(subjects: Subjects, extent: Extent, *, thorough: bool) -> Iterator[Line]:
    databases = _databases(subjects, extent)
    return report.lines(databases, subjects.environment, extent.repeats, GROWTH, thorough=thorough)


# The whole

PARTS = ("halaman", "sesi", "hitungan", "laporan", "lembar")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--cepat", action="store_true", help="fewer rounds and sizes, for a first impression")
    parser.add_argument("--bagian", choices=PARTS, help="only pages, sessions, calculation, report or Google Sheets")
    parser.add_argument("--tuntas", action="store_true", help="long tables by other libraries too, some 20 minutes")
    chosen = parser.parse_args()
    extent = QUICK if chosen.cepat else FULL
    print(f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {process.machine()}")
    print(f"Python {platform.python_version()}, Streamlit {version('streamlit')}, {os.uname().sysname}")
    with tempfile.TemporaryDirectory(prefix="monev-bench-") as folder:
        _measure(prepare(Path(folder)), extent, chosen.bagian, thorough=chosen.tuntas)


def _measure(subjects: Subjects, extent: Extent, part: str | None, *, thorough: bool) -> None:
    if part in (None, "halaman", "sesi"):
        with pages.chromium() as browser:
            cookies = _warm_up(browser, subjects)
            if part != "sesi":
                _print("Pages", page_lines(browser, subjects, cookies, extent))
        if part != "halaman":
            _print("Sessions", session_lines(subjects, cookies, extent))
    if part in (None, "hitungan"):
        _print("Calculation", calculation_lines(subjects, extent))
    if part in (None, "laporan"):
        _print("Report", report_lines(subjects, extent, thorough=thorough))
    if part in (None, "lembar"):
        _print("A third of the calls to Google Sheets fails", sheets.lines(extent.rows))


def _warm_up(browser: Browser, subjects: Subjects) -> Cookies:
    """Sign in, and have Python's files compiled and in the system's cache for both."""
    with subjects.empty() as empty:
        pages.visit(browser, empty, EMPTY, [])
    with subjects.office() as server:
        return pages.signed_in(browser, server)


def _print(title: str, lines: Iterator[Line]) -> None:
    before = process.load()
    table = render(lines)
    print(f"\n{title} (load average {before} before, {process.load()} after)\n\n{table}", flush=True)


if __name__ == "__main__":
    main()
