"""What the office is promised of its Google Sheet, in figures: nothing lost, nothing twice, nobody overwritten."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from google.auth import _exponential_backoff

from services.actions.base import Context
from services.actions.entries import submit_section
from services.domain.indicators import Period
from services.domain.roles import Actor, Role
from services.store.replica import Replica
from services.store.schema import ENTRY, GIVEN, HISTORY, SECTION, STEP_EVENT
from services.store.sheets import SheetsStore
from services.store.sheets_errors import Unclear
from services.store.sheets_token import Desk
from services.store.store import Clash, Conflict, Snapshot
from services.views.office import Office
from tests.sheets_server.control import Effect, Server
from tests.store.away_child import submission
from tests.store.helpers import NOW, action, change, everything, fill, found, large_office
from tests.store.replica_helpers import Clock, look
from tests.store.sheets import Book, new_book

SUBMISSIONS = 1000
INTERLEAVINGS = 1000
WAITING = 50
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


@pytest.fixture(autouse=True)
def no_real_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """google-auth waits between its own tries to sign in, and takes no other clock."""
    monkeypatch.setattr(_exponential_backoff, "time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture
def book(google: Server) -> Book:
    google.control.reset()
    made = new_book(google)
    store = made.open()
    fill(store)
    store.close()
    return made


def assert_each_is_there_once_and_in_order(book: Book, count: int) -> None:
    tables = everything(book.open())
    log = [line for line in tables[HISTORY.name] if str(line["transaction_id"]).startswith("t")]
    for column, first in (("driver", 0), ("order", 1)):
        lines = [
            (line["transaction_id"], int(line["old"] or 0), int(line["new"]))
            for line in log
            if line["column"] == column
        ]
        assert lines == [(f"t{n}", first + n, first + n + 1) for n in range(count)]
    assert tables[ENTRY.name][0]["driver"] == str(count)
    assert tables[SECTION.name][0]["order"] == count + 1


def test_a_thousand_submissions_while_a_third_of_the_calls_fails_are_all_there_once_and_in_order(
    book: Book, tmp_path: Path
) -> None:
    clock = Clock()
    store = book.open(clock=clock, tries=3)
    replica = Replica(store, "silaut", tmp_path / "replika", clock)
    look(replica)
    book.control.forget()
    book.control.fault("*", *FAILURES, times=None, probability=0.3, seed=3)
    for n in range(SUBMISSIONS):
        replica.commit(submission(n))
        clock.forward(1)
        look(replica)
    while replica.outbox.queue():
        clock.forward(5)
        look(replica)
    book.control.heal()
    struck = Counter(str(call["effect"]) for call in book.control.log() if call["effect"])
    assert set(struck) == set(FAILURES)
    assert struck.total() > 0.25 * len(book.control.log())
    assert_each_is_there_once_and_in_order(book, SUBMISSIONS)


class Moment(StrEnum):
    """When the second person's save comes, as seen from the first one's."""

    BEFORE = "before it is read"
    BETWEEN = "between its read and its write"
    UNANSWERED = "after its write, whose answer is lost"
    AFTER = "after its answer"


def test_of_two_people_on_one_cell_one_wins_and_the_other_is_shown_all_three_values(book: Book) -> None:
    chance, stores, seen = random.Random(5), [book.open(), book.open()], ""
    winners = []
    for n in range(INTERLEAVINGS):
        first, second = chance.sample(stores, 2)
        moment = chance.choice(list(Moment))
        if moment in (Moment.BETWEEN, Moment.UNANSWERED) or chance.random() < 0.5:
            second._desk = Desk()  # another process: no lock in common
        else:
            second._desk = first._desk
        outcomes = race(first, second, moment, seen, n)
        ((winner, _),) = [(who, outcome) for who, outcome in outcomes.items() if outcome is None]
        ((loser, clash),) = [(who, outcome) for who, outcome in outcomes.items() if outcome is not None]
        assert winner[0] == ("B" if moment in (Moment.BEFORE, Moment.BETWEEN) else "A"), moment
        assert (clash.seen or "", clash.found, clash.wanted) == (seen, winner, loser), moment
        seen = winner
        winners.append(winner)
    log = [line for line in everything(book.open())[HISTORY.name] if line["column"] == "driver"]
    assert [line["new"] for line in log if line["action"] == "uji"] == winners
    assert [line["old"] or "" for line in log if line["action"] == "uji"] == ["", *winners[:-1]]


def race(first: SheetsStore, second: SheetsStore, moment: Moment, seen: str, n: int) -> dict[str, Clash | None]:
    """What became of each of the two values: None where it was saved, else the clash that the person is shown."""
    outcomes: dict[str, Clash | None] = {}

    def save(store: SheetsStore, value: str) -> None:
        outcomes[value] = None
        try:
            store.commit(action(change({"driver": seen}, {"driver": value}), id=value, action="uji"))
        except Conflict as conflict:
            (outcomes[value],) = conflict.clashes

    if moment is Moment.BEFORE:
        save(second, f"B{n}")
    with interrupted(first, moment, lambda: save(second, f"B{n}")):
        save(first, f"A{n}")
    if moment is Moment.AFTER:
        save(second, f"B{n}")
    return outcomes


@contextmanager
def interrupted(store: SheetsStore, moment: Moment, meanwhile: Callable[[], None]) -> Iterator[None]:
    """When the store writes, something else happens first; or afterwards, and then the answer is lost."""
    send = store.client.write

    def write(body: Mapping[str, Any], fields: str) -> Mapping[str, Any]:
        if moment is Moment.BETWEEN:
            store.client.write = send  # type: ignore[method-assign]
            meanwhile()
            return send(body, fields)
        send(body, fields)  # where it is refused, the next one is the one that lands
        store.client.write = send  # type: ignore[method-assign]
        meanwhile()
        raise Unclear("Read timed out.")

    if moment in (Moment.BETWEEN, Moment.UNANSWERED):
        store.client.write = write  # type: ignore[method-assign]
    yield
    store.client.write = send  # type: ignore[method-assign]


def test_twenty_viewers_with_two_hundred_page_views_a_minute_cost_at_most_five_reads_a_minute(
    book: Book, tmp_path: Path
) -> None:
    clock = Clock()
    replica = Replica(book.open(clock=clock), "silaut", tmp_path / "replika", clock)
    look(replica)

    def view(_viewer: int) -> Snapshot:
        clock.forward(0.3)
        return look(replica)

    with ThreadPoolExecutor(20) as viewers:
        for _ in range(5):
            book.control.forget()
            started = clock.now
            for _ in range(10):
                assert len(list(viewers.map(view, range(20)))) == 20
            assert clock.now - started == timedelta(minutes=1)
            assert 1 <= book.control.reads() <= 5


def test_giving_in_thirty_indicators_is_one_write(book: Book, tmp_path: Path) -> None:
    clock = Clock()
    book.open().load(large_office(30))
    replica = Replica(book.open(clock=clock), "silaut", tmp_path / "replika", clock)
    look(replica)
    kasi = Actor("kasi.pem", "Kasi Pemerintahan", Role.KASI, "pem")
    context = Context(replica, Office(replica.current()), kasi, clock.now, "Uji")
    book.control.forget()
    submit_section(context, "pem", Period(2026, 3), "Uji satu penulisan.")
    look(replica)
    assert replica.outbox.queue() == ()
    assert book.control.writes() == 1
    tables = everything(book.open())
    assert len(tables[GIVEN.name]) == 30
    assert len(tables[STEP_EVENT.name]) == 1


def test_after_an_hour_without_google_and_a_killed_server_all_that_waited_is_there_once(
    book: Book, tmp_path: Path
) -> None:
    clock = Clock()
    look(Replica(book.open(clock=clock), "silaut", tmp_path / "replika", clock))
    book.control.fault("*", Effect.UNAVAILABLE, Effect.RESET, times=None)
    saved = save_until_killed(book, tmp_path, WAITING // 2)
    replica = Replica(book.open(clock=clock, tries=2), "silaut", tmp_path / "replika", clock)
    assert found(replica)["driver"] in (str(saved), str(saved + 1)), "the snapshot opens, with what waits laid over it"
    for n in range(saved, WAITING):
        replica.commit(submission(n))
        clock.forward(60 * 60 / (WAITING - saved))
        assert found(replica)["driver"] == str(n + 1)
        look(replica)
    assert clock.now - NOW >= timedelta(hours=1)
    assert len(replica.outbox.queue()) == WAITING
    book.control.heal()
    while replica.outbox.queue():
        clock.forward(60)
        look(replica)
    assert_each_is_there_once_and_in_order(book, WAITING)


def save_until_killed(book: Book, folder: Path, after: int) -> int:
    """The next number that was not told to be saved, when another process that saves without end is killed."""
    key = folder / "kunci.json"
    key.write_text(json.dumps(book.server.key))
    command = [sys.executable, "-m", "tests.store.away_child", book.server.base, str(key), book.id, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(after)]
        child.kill()
        told += [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return int(told[-1]) + 1
