"""The report of an office, made once in a fresh process, and handed out once more.

    python -m tests.bench.report_child DATABASE

Prints as JSON: processor seconds of the process (``own``) and of the one that draws the charts (``charts``, its start
included), the peaks of both in MB, what the process occupied ``before`` with the office's data in it, pages, number of
charts, size of the file, and how long it took to get the finished file a ``second`` time (seconds).
"""

from __future__ import annotations

import json
import sys
import time

from services.report import document, worker
from services.report.document import Report
from services.ui.shelf import Shelf
from services.views.office import Office
from tests.bench import process
from tests.bench.calculation import NOW, PERIOD, open_store


class Drawn(list[str]):
    """What was asked of the worker; whatever is drawn is drawn by it."""

    def __init__(self, drawer: worker.ChartWorker) -> None:
        super().__init__()
        draw = drawer.draw

        def counted(kind: worker.Kind, text: str) -> bytes:
            self.append(text)
            return draw(kind, text)

        drawer.draw = counted  # type: ignore[method-assign]


def measured(database: str) -> dict[str, float]:
    store = open_store(database)
    snapshot = store.read()
    store.close()
    charts = Drawn(worker.shared())
    before, made = process.resident_mb(), list[Report]()

    def make() -> Report:
        made.append(document.build_report(Office(snapshot), PERIOD, NOW, draft=False))
        return made[-1]

    def key() -> tuple[object, ...]:
        """As on the page Laporan."""
        return snapshot.office, snapshot.revision, snapshot.read_at, PERIOD, False

    shelf: Shelf[Report] = Shelf(1)
    used = time.process_time()
    first = shelf.find_or_make(key(), make)
    used, drawer = time.process_time() - used, worker.shared().pid
    own = {"own": used, "peak": process.peak_mb(), "before": before}
    asked = time.perf_counter()
    again = shelf.find_or_make(key(), make)
    second = time.perf_counter() - asked
    assert (again is first, len(made)) == (True, 1)
    assert drawer is not None
    return own | {
        "charts": process.processor_seconds(drawer),
        "charts peak": process.peak_mb(drawer),
        "count": len(charts),
        "pages": first.pages,
        "size": len(first.pdf),
        "second": second,
    }


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
