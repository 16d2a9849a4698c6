"""Reading and computing an office of a given size, measured in a fresh process.

    python -m tests.bench.calculation read|board DATABASE [--repeat 5]

Prints seconds (wall and processor, best of the repeats) and memory as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime

from services.config import OFFICE
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.store.sql import SqlStore
from services.views.board import board_of
from services.views.office import Office
from tests.sample_folder import TODAY

NOW = datetime.fromisoformat(TODAY).replace(tzinfo=WIB)
PERIOD = Period(2026, 3)


def open_store(database: str) -> SqlStore:
    return SqlStore(f"sqlite:///{database}", OFFICE.default, lambda: NOW)


def read(store: SqlStore) -> Callable[[], object]:
    store.revision()  # the first connection prepares the database
    return store.read


def board(store: SqlStore) -> Callable[[], object]:
    """From the rows to all figures of the dashboard, nothing kept from before."""
    snapshot = store.read()
    return lambda: board_of(Office(snapshot), PERIOD, NOW)


TASKS = {"read": read, "board": board}


def measure(task: Callable[[], object], repeat: int) -> dict[str, float]:
    """``objects``: what one more run needs for Python's objects."""
    times = [_timed(task) for _ in range(repeat)]
    return {
        "wall": min(wall for wall, _ in times),
        "processor": min(used for _, used in times),
        "objects": _objects_mb(task),
    }


def _objects_mb(task: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        task()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _timed(task: Callable[[], object]) -> tuple[float, float]:
    wall, used = time.perf_counter(), time.process_time()
    task()
    return time.perf_counter() - wall, time.process_time() - used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("database")
    parser.add_argument("--repeat", type=int, default=1)
    chosen = parser.parse_args()
    store = open_store(chosen.database)
    try:
        print(json.dumps(measure(TASKS[chosen.task](store), chosen.repeat)))
    finally:
        store.close()


if __name__ == "__main__":
    main()
