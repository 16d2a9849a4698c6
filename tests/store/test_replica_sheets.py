"""The replica in front of a Google Sheet, over HTTP: what was saved while Google failed arrives once and in order."""

from __future__ import annotations

from pathlib import Path

from services.store.replica import Replica
from services.store.schema import STEP_EVENT
from services.store.store import HistoryQuery, Insert
from tests.sheets_server.control import Effect, Server
from tests.store.helpers import NOW, action, change, fill, found, row
from tests.store.replica_helpers import Clock, look
from tests.store.sheets import new_book

FAULTS = (
    Effect.TOO_MANY,
    Effect.HTML_500,
    Effect.UNAVAILABLE,
    Effect.UNAVAILABLE_AFTER,
    Effect.RESET,
    Effect.RESET_AFTER,
    Effect.HALF_ANSWER,
)


def test_submissions_during_an_outage_and_through_a_bad_line_arrive_once_and_in_order(
    google: Server, tmp_path: Path
) -> None:
    google.control.reset()
    book, clock = new_book(google), Clock()
    store = book.open(clock=clock, tries=2)
    fill(store)
    replica = Replica(store, "silaut", tmp_path / "replika", clock)
    look(replica)
    google.control.fault("*", Effect.UNAVAILABLE, times=None)
    for n in range(20):
        values = {"year": 2026, "quarter": 3, "step": 1, "event": "kirim", "at": NOW, "by": "kasi"}
        replica.commit(
            action(
                Insert(STEP_EVENT, row(STEP_EVENT, f"l{n}", **values)),
                change({"driver": str(n - 1) if n else ""}, {"driver": str(n)}),
                id=f"t{n}",
            )
        )
        clock.forward(10)
        look(replica)
        assert found(replica)["driver"] == str(n)
    google.control.heal()
    google.control.fault("*", *FAULTS, times=None, probability=0.3, seed=7)
    for _ in range(400):
        clock.forward(5)
        look(replica)
        if not replica.outbox.queue():
            break
    google.control.heal()
    assert replica.outbox.queue() == ()
    assert [line["id"] for line in store.read().rows(STEP_EVENT)] == [f"l{n}" for n in range(20)]
    log = store.history(HistoryQuery(table="Langkah", limit=1000))
    assert [line["transaction_id"] for line in reversed(log)] == [f"t{n}" for n in range(20)]
    replica.refresh()
    assert found(replica)["driver"] == "19"
    store.close()
