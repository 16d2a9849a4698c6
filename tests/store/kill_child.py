"""Commits numbered transactions until all have landed, and prints the number of each once it is acknowledged.

``python kill_child.py URL FIRST COUNT``: FIRST is the first number without an acknowledgement; it is sent again.
"""

from __future__ import annotations

import sys

from services.store.schema import SECTION, STEP_EVENT
from services.store.sql import SqlStore
from services.store.store import Insert, Update
from tests.store.helpers import NOW, action, now, row


def main(url: str, first: int, count: int) -> None:
    store = SqlStore(url, "silaut", now)
    print("ready", flush=True)
    for n in range(first, count):
        event = row(STEP_EVENT, f"l{n}", year=2026, quarter=3, step=1, event="kirim", at=NOW, by="kasi")
        counter = Update(SECTION, "pem", {"order": n}, {"order": n + 1})
        store.commit(action(counter, Insert(STEP_EVENT, event), id=f"tx-{n}"))
        print(n, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
