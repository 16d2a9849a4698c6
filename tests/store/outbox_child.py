"""Saves numbered transactions through a replica that sends meanwhile; prints the number of each once it is saved.

``python -m tests.store.outbox_child FOLDER FIRST COUNT``: FIRST is the first number that was not told to be saved.
"""

from __future__ import annotations

import sys
from pathlib import Path

from services.runtime import wib_now
from services.store.replica import Replica
from services.store.schema import SECTION, STEP_EVENT
from services.store.sql import SqlStore
from services.store.store import Insert, Update
from tests.store.helpers import NOW, action, row


def main(folder: Path, first: int, count: int) -> None:
    remote = SqlStore(f"sqlite:///{folder}/jauh.db", "silaut", wib_now)
    replica = Replica(remote, "silaut", folder / "replika", wib_now)
    replica.current()
    replica.start()
    print("ready", flush=True)
    for n in range(first, count):
        event = row(STEP_EVENT, f"l{n}", year=2026, quarter=3, step=1, event="kirim", at=NOW, by="kasi")
        counter = Update(SECTION, "pem", {"order": n}, {"order": n + 1})
        replica.commit(action(counter, Insert(STEP_EVENT, event), id=f"tx-{n}"))
        print(n, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
