"""Charts are drawn in a process of their own that lives as long as it is needed and no longer."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.report import worker
from services.report.worker import ChartError, ChartWorker

ROOT = Path(__file__).parents[2]
SPEC = json.dumps(
    {
        "mark": "bar",
        "data": {"values": [{"a": 1234.5}]},
        "encoding": {"x": {"field": "a", "type": "quantitative", "axis": {"format": ",.1f"}}},
        "config": {"font": "Liberation Sans"},
    }
)


@pytest.fixture(scope="module")
def drawer() -> Iterator[ChartWorker]:
    made = ChartWorker()
    yield made
    made.close()


def _alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(") ", 1)[1][0] != "Z"


def test_the_process_of_the_application_never_loads_the_chart_engine() -> None:
    code = (
        "import sys; from services.report import document, vector; "
        f"assert '<svg' in vector.to_svg({json.loads(SPEC)!r}); assert 'vl_convert' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_worker_draws_what_the_engine_draws_here(drawer: ChartWorker) -> None:
    assert drawer.draw("svg", SPEC).decode() == worker.render("svg", SPEC)


def test_the_worker_draws_pictures_too(drawer: ChartWorker) -> None:
    assert drawer.draw("png", drawer.draw("svg", SPEC).decode()).startswith(b"\x89PNG")


def test_one_worker_draws_all_charts(drawer: ChartWorker) -> None:
    drawer.draw("svg", SPEC)
    first = drawer.pid
    drawer.draw("svg", SPEC)
    assert drawer.pid == first


def test_a_chart_that_the_engine_refuses_is_an_error_and_the_worker_lives_on(drawer: ChartWorker) -> None:
    drawer.draw("svg", SPEC)
    first = drawer.pid
    with pytest.raises(ChartError):
        drawer.draw("svg", '{"mark": "no such mark"}')
    assert drawer.draw("svg", SPEC)
    assert drawer.pid == first


def test_a_worker_that_died_is_replaced(drawer: ChartWorker) -> None:
    drawer.draw("svg", SPEC)
    first = drawer.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert drawer.draw("svg", SPEC)
    assert drawer.pid not in (None, first)


def numbered(number: int) -> str:
    """A chart that shows its number."""
    content = {**json.loads(SPEC), "data": {"values": [{"a": number}]}, "mark": "text"}
    content["encoding"] = {"text": {"field": "a", "type": "quantitative"}}
    return json.dumps(content)


def test_many_who_ask_at_once_get_each_their_own_chart_from_one_worker() -> None:
    drawer = ChartWorker()
    try:
        with ThreadPoolExecutor(12) as people:
            charts = list(people.map(lambda n: drawer.draw("svg", numbered(n)).decode(), range(1000, 1048)))
        assert [re.findall(r">(\d{4})<", chart) for chart in charts] == [[str(n)] for n in range(1000, 1048)]
        assert drawer.started == 1
    finally:
        drawer.close()


def test_a_worker_that_dies_while_many_ask_costs_nobody_a_chart() -> None:
    drawer = ChartWorker()
    drawer.draw("svg", SPEC)
    first = drawer.pid
    assert first is not None

    def ask(number: int) -> str:
        if number == 1005:
            os.kill(first, signal.SIGKILL)
        return drawer.draw("svg", numbered(number)).decode()

    try:
        with ThreadPoolExecutor(4) as people:
            charts = list(people.map(ask, range(1000, 1016)))
        assert [re.findall(r">(\d{4})<", chart) for chart in charts] == [[str(n)] for n in range(1000, 1016)]
        assert drawer.started == 2
    finally:
        drawer.close()


def test_where_the_worker_hangs_the_chart_is_drawn_here_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    hanging = ChartWorker([sys.executable, "-c", "import sys, time; time.sleep(60)"], limit=0.2)
    with caplog.at_level(logging.WARNING, logger="services.report.worker"):
        assert b"1.234,5" in hanging.draw("svg", SPEC)
    assert hanging.pid is None
    assert hanging.started == 1, "what hung once is not waited for again"
    assert "melewati batas waktu" in caplog.text


@pytest.mark.parametrize("command", [["/no/such/program"], [sys.executable, "-c", "raise SystemExit(1)"]])
def test_where_no_worker_can_run_the_chart_is_drawn_here(command: list[str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="services.report.worker"):
        assert b"<svg" in ChartWorker(command).draw("svg", SPEC)
    assert "proses utama" in caplog.text


def test_the_worker_ends_with_the_process_that_started_it() -> None:
    code = (
        "import os, signal; from services.report.worker import shared; shared().draw('svg', "
        f"{SPEC!r}); print(shared().pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(500):
        if not _alive(pid):
            break
        time.sleep(0.01)
    assert not _alive(pid)
