"""All viewers of a process share one snapshot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event

import pytest

from services.store.shared import SharedSnapshot
from services.store.store import Snapshot, StoreUnavailable
from tests.store.helpers import NOW


class CountingStore:
    """A store that counts how often it is asked, can be away, and can be made slow."""

    def __init__(self) -> None:
        self.number, self.reads, self.questions, self.away = 1, 0, 0, False
        self.gate = Event()
        self.gate.set()
        self.asked = Event()

    def revision(self) -> int:
        self.questions += 1
        self._answer()
        return self.number

    def read(self) -> Snapshot:
        self.reads += 1
        self._answer()
        return Snapshot("silaut", self.number, NOW, {})

    def _answer(self) -> None:
        self.asked.set()
        self.gate.wait(10)
        if self.away:
            raise StoreUnavailable("Basis data tidak dapat dipakai.")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shared(store: CountingStore, clock: Clock) -> SharedSnapshot:
    return SharedSnapshot(store, clock)  # type: ignore[arg-type]


def test_within_a_second_the_store_is_not_asked_again(shared: SharedSnapshot, store: CountingStore) -> None:
    assert shared.current() is shared.current()
    assert (store.reads, store.questions) == (1, 0)


def test_an_unchanged_store_is_asked_but_not_read_again(
    shared: SharedSnapshot, store: CountingStore, clock: Clock
) -> None:
    first = shared.current()
    clock.forward(1)
    assert shared.current() is first
    assert (store.reads, store.questions) == (1, 1)


def test_a_changed_store_is_read_again(shared: SharedSnapshot, store: CountingStore, clock: Clock) -> None:
    shared.current()
    store.number = 2
    clock.forward(1)
    assert shared.current().revision == 2


def test_the_author_of_a_change_sees_it_at_once(shared: SharedSnapshot, store: CountingStore) -> None:
    shared.current()
    store.number = 2
    shared.invalidate()
    assert shared.current().revision == 2


def test_while_the_store_is_away_the_last_snapshot_is_shown_with_its_age(
    shared: SharedSnapshot, store: CountingStore, clock: Clock
) -> None:
    first = shared.current()
    assert not shared.stale
    store.away = True
    clock.forward(90)
    assert shared.current() is first
    assert shared.stale
    assert shared.age(clock.now) == timedelta(seconds=90)
    store.away = False
    clock.forward(1)
    shared.current()
    assert not shared.stale
    assert shared.age(clock.now) == timedelta()


def test_without_any_snapshot_an_absent_store_is_an_error_and_may_come_back(
    shared: SharedSnapshot, store: CountingStore
) -> None:
    store.away = True
    with pytest.raises(StoreUnavailable):
        shared.current()
    assert shared.stale
    store.away = False
    assert shared.current().revision == 1


def test_many_first_viewers_cause_one_read(shared: SharedSnapshot, store: CountingStore) -> None:
    start = Barrier(8)

    def look(_: int) -> Snapshot:
        start.wait()
        return shared.current()

    with ThreadPoolExecutor(8) as pool:
        seen = set(map(id, pool.map(look, range(8))))
    assert (len(seen), store.reads) == (1, 1)


def test_viewers_do_not_wait_while_another_one_asks(shared: SharedSnapshot, store: CountingStore, clock: Clock) -> None:
    first = shared.current()
    clock.forward(5)
    store.number = 2
    store.gate.clear()
    store.asked.clear()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(shared.current)
        assert store.asked.wait(10)
        assert shared.current() is first
        store.gate.set()
        assert slow.result(10).revision == 2
    assert shared.current().revision == 2


def test_a_change_during_a_question_is_not_missed(shared: SharedSnapshot, store: CountingStore, clock: Clock) -> None:
    shared.current()
    clock.forward(5)
    store.gate.clear()
    store.asked.clear()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(shared.current)
        assert store.asked.wait(10)
        shared.invalidate()
        store.number = 2
        author = pool.submit(shared.current)
        store.gate.set()
        assert author.result(10).revision == 2
