"""The sample's own date: its story stands on one day, whenever somebody looks at it."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from services.sample.office import is_sample
from services.sample.quarters import PRESENT
from services.store.store import HistoryQuery, Store


def present(store: Store, now: datetime) -> datetime:
    """The moment at which the office stands: ``now``, or in the sample the day of its story.

    Whoever goes on working in the sample moves it on: after a restart it stands at the newest change.
    """
    if not is_sample(store.read()):
        return now
    newest = store.history(HistoryQuery(limit=1))
    return max([PRESENT, *(cast("datetime", line["at"]) for line in newest)])
