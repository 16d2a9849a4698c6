"""Saves numbered submissions through a replica whose Google is away, until it is killed; prints the number of each.

``python -m tests.store.away_child ENDPOINT KEYFILE SPREADSHEET FOLDER``
"""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path

from services.store.replica import Replica
from services.store.schema import SECTION
from services.store.sheets import SheetsStore
from services.store.store import Transaction
from tests.store.helpers import action, change, now
from tests.store.sheets import patient


def submission(n: int) -> Transaction:
    """Two tables in one action, each with a counter: a lost, repeated or half one breaks the chain of its values."""
    text = change({"driver": str(n) if n else ""}, {"driver": str(n + 1)})
    return action(text, change({"order": n + 1}, {"order": n + 2}, "pem", SECTION), id=f"t{n}")


def main(endpoint: str, key: Path, spreadsheet: str, folder: Path) -> None:
    store = SheetsStore(spreadsheet, "silaut", now, json.loads(key.read_text()), endpoint, patient(tries=1))
    replica = Replica(store, "silaut", folder / "replika", now)
    for n in count():
        replica.commit(submission(n))
        replica.sender.tick()
        print(n, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
