"""The same traffic twice through a line on which every third call fails: plain gspread, and the store of this office.

Nothing waits in earnest: what either of them would have waited is added up. What stays failed after ``ROW_TRIES``
pauses is given up, since gspread's client with back-off knows no end.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

import gspread
import requests
from google.auth.exceptions import GoogleAuthError
from gspread.http_client import BackOffHTTPClient

from services.store.schema import HISTORY
from services.store.sheets import SheetsStore
from services.store.store import StoreUnavailable, Transaction
from tests.bench.table import Line
from tests.sheets_server.control import Effect, Server, running_sheets_server
from tests.store.helpers import action, change, everything, fill
from tests.store.sheets import new_book

FAILURES = (
    Effect.TOO_MANY,
    Effect.HTML_500,
    Effect.INTERNAL,
    Effect.UNAVAILABLE,
    Effect.UNAVAILABLE_AFTER,
    Effect.RESET,
    Effect.RESET_AFTER,
    Effect.HALF_ANSWER,
    Effect.EXPIRED,
)
PROBABILITY, SEED = 0.3, 3
ROW_TRIES = 20
_TIMEOUT = (5, 10)
_FAILED = (gspread.exceptions.GSpreadException, requests.RequestException, GoogleAuthError)


class GivenUp(Exception):
    """A row was tried often enough."""


class Waits:
    """Stands for ``time``: adds up what would have been waited, and bounds the pauses of one row where asked to."""

    def __init__(self, most: int | None = None) -> None:
        self.seconds, self._most, self._pauses = 0.0, most, 0

    def next_row(self) -> None:
        self._pauses = 0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self._pauses += 1
        if self._most is not None and self._pauses > self._most:
            raise GivenUp


def lines(count: int) -> Iterator[Line]:
    """Rows of ``count`` that are lost or there more than once afterwards, and the waiting, by either way."""
    with running_sheets_server() as google:
        yield from _judged("plain gspread, append_row with BackOffHTTPClient", count, *_plain(google, count))
        yield from _judged("this application", count, *_ours(google, count), goal=0)


def _judged(who: str, count: int, found: Iterable[str], seconds: float, goal: float | None = None) -> Iterator[Line]:
    times = Counter(found)
    lost = sum(f"s{n}" not in times for n in range(count))
    repeated = sum(times[f"s{n}"] > 1 for n in range(count))
    yield Line(f"{who}: of {count} rows not in the sheet", lost, "rows", goal=goal)
    yield Line(f"{who}: rows more than once", repeated, "rows", goal=goal)
    yield Line(f"{who}: waiting between tries, for each row", seconds / count, "s")


def _plain(google: Server, count: int) -> tuple[list[str], float]:
    """What stands in the sheet afterwards. A row that fails is reported to its person, and the next one comes."""
    book = new_book(google)
    session = book.open().client._http.session  # signed in, and turned to the stand-in
    client = gspread.Client(None, session=session, http_client=BackOffHTTPClient)
    client.set_timeout(_TIMEOUT)
    tab = client.open_by_key(book.id).add_worksheet("Kiriman polos", rows=1, cols=2)
    waits = Waits(ROW_TRIES)
    with _failing(google, waits):
        for n in range(count):
            waits.next_row()
            try:
                tab.append_row([f"s{n}", "data"])
            except (*_FAILED, GivenUp):
                client.http_client._NR_BACKOFF = 0
    return [str(row[0]) for row in tab.get_all_values() if row], waits.seconds


def _ours(google: Server, count: int) -> tuple[list[str], float]:
    """Each action changes one cell and adds one row to the log; one that the store could not confirm is sent again as
    it is, as the outbox does.
    """
    waits = Waits()
    store = new_book(google).open(sleep=waits.sleep)
    fill(store)
    with _failing(google, waits):
        for n in range(count):
            transaction = action(change({}, {"driver": f"s{n}"}), id=f"s{n}")
            while not _landed(store, transaction):
                pass
    log = [str(line["transaction_id"]) for line in everything(store)[HISTORY.name]]
    return [found for found in log if found.startswith("s")], waits.seconds


def _landed(store: SheetsStore, transaction: Transaction) -> bool:
    try:
        store.commit(transaction)
    except StoreUnavailable:
        return False
    return True


@contextmanager
def _failing(google: Server, waits: Waits) -> Iterator[None]:
    """Every way of failing that heals, at random but the same each time; and clocks on which nobody waits."""
    clock = SimpleNamespace(sleep=waits.sleep)
    logging.getLogger("services.store").setLevel(logging.ERROR)  # each failure is expected
    google.control.fault("*", *FAILURES, times=None, probability=PROBABILITY, seed=SEED)
    with mock.patch("gspread.http_client.time", clock), mock.patch("google.auth._exponential_backoff.time", clock):
        yield
    google.control.heal()
