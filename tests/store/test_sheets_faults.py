"""Google is slow, full, away or half-hearted: every transaction lands once and whole, or is refused in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from services.store.schema import ENTRY, HISTORY, SECTION
from services.store.sheets import SheetsStore
from services.store.sheets_access import Budget
from services.store.sheets_errors import Refused, Unclear
from services.store.sheets_token import Desk
from services.store.store import Conflict, HistoryQuery, Insert, StoreUnavailable
from tests.sheets_server.control import Edit, Effect, Server
from tests.store.helpers import action, change, everything, fill, found, section
from tests.store.sheets import Book, new_book

HEALS = [
    Effect.TOO_MANY,
    Effect.HTML_500,
    Effect.INTERNAL,
    Effect.UNAVAILABLE,
    Effect.UNAVAILABLE_AFTER,
    Effect.RESET,
    Effect.RESET_AFTER,
    Effect.HALF_ANSWER,
    Effect.EXPIRED,
]


@pytest.fixture
def book(google: Server) -> Book:
    google.control.heal()
    made = new_book(google)
    fill(made.open())
    return made


@pytest.mark.parametrize("effect", HEALS)
@pytest.mark.parametrize("kind", ["batchUpdate", "values.batchGet"])
def test_a_failure_that_heals_leaves_one_transaction(book: Book, kind: str, effect: Effect) -> None:
    store = book.open()
    store.read()
    book.control.fault(kind, effect, times=2)
    receipt = store.commit(action(Insert(SECTION, section("tib")), change({"driver": ""}, {"driver": "A"}), id="t"))
    assert (receipt.repeated, receipt.revision) == (False, store.revision())
    assert [row["id"] for row in store.read().rows(SECTION)] == ["pem", "tib"]
    assert found(store)["driver"] == "A"
    assert len(store.history(HistoryQuery(transaction_id="t"))) == 2


class OnItsWay:
    """The first write of a store is given up, as after a time-out, and arrives when the test wants it to."""

    def __init__(self, store: SheetsStore, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._send, self._meanwhile = store.client.write, meanwhile
        self._held: tuple[Mapping[str, Any], str] | None = None
        store.client.write = self._write  # type: ignore[method-assign]

    def _write(self, body: Mapping[str, Any], fields: str) -> Mapping[str, Any]:
        if self._held is not None:
            return self._send(body, fields)
        self._held = (body, fields)
        self._meanwhile()
        raise Unclear("Read timed out.")

    def arrive(self) -> None:
        assert self._held is not None
        self._send(*self._held)


def test_a_request_that_arrives_after_it_was_given_up_does_not_land_twice(book: Book) -> None:
    store = book.open()
    late = OnItsWay(store)
    store.commit(action(Insert(SECTION, section("tib")), id="late"))
    with pytest.raises(Refused):
        late.arrive()
    assert [row["id"] for row in store.read().rows(SECTION)] == ["pem", "tib"]
    assert len(store.history(HistoryQuery(transaction_id="late"))) == 1


def test_a_request_that_arrives_before_the_next_try_has_landed(book: Book) -> None:
    store = book.open()
    late = OnItsWay(store)
    store.client.pause = lambda number: late.arrive() if number else None  # type: ignore[method-assign]
    assert not store.commit(action(Insert(SECTION, section("tib")), id="late")).repeated
    assert len(store.history(HistoryQuery(transaction_id="late"))) == 1


def test_a_request_on_its_way_cannot_land_after_the_person_was_told_of_a_conflict(book: Book) -> None:
    store = book.open()
    cell = store.read().place(ENTRY, "e1", "driver").partition("!")[2]
    late = OnItsWay(store, lambda: book.human(Edit.type("Isian", cell, "Orang lain")))
    with pytest.raises(Conflict):
        store.commit(action(change({"driver": ""}, {"driver": "A"}), id="late"))
    with pytest.raises(Refused):
        late.arrive()
    assert found(store)["driver"] == "Orang lain"


def test_faults_in_a_third_of_all_calls_lose_nothing_and_repeat_nothing(book: Book) -> None:
    stores = [book.open(tries=30), book.open(tries=30)]
    book.control.fault("*", *HEALS, times=None, probability=0.3, seed=7)

    def work(n: int) -> None:
        stores[n % 2].commit(action(Insert(SECTION, section(f"s{n}")), change({}, {"driver": f"s{n}"}), id=f"s{n}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(60)))
    book.control.heal()
    tables = everything(stores[0])
    assert sorted(str(row["id"]) for row in tables[SECTION.name]) == sorted(["pem", *(f"s{n}" for n in range(60))])
    lines = [line for line in tables[HISTORY.name] if str(line["transaction_id"]).startswith("s")]
    assert len(lines) == len({line["id"] for line in lines}) == 120
    chain = [line for line in lines if line["column"] == "driver"]
    assert [line["old"] or "" for line in chain] == ["", *(line["new"] for line in chain[:-1])]


@pytest.mark.parametrize(
    ("effect", "says"),
    [
        (Effect.FORBIDDEN, "tambahkan {email} sebagai Editor"),
        (Effect.DISABLED, "aktifkan Google Sheets API"),
        (Effect.XLSX, "masih berupa berkas Excel"),
    ],
)
def test_what_never_heals_is_said_at_once_with_what_to_do(book: Book, effect: Effect, says: str) -> None:
    store = book.open()
    book.control.forget()
    book.control.fault("read", effect, times=None)
    with pytest.raises(StoreUnavailable) as caught:
        store.read()
    book.control.heal()
    assert says.format(email=store.client.email) in str(caught.value)
    assert book.control.reads() == 1


def test_a_share_for_reading_only_is_said(book: Book) -> None:
    store = book.open()
    book.control.share(book.id, "reader")
    assert found(store)["driver"] == ""
    with pytest.raises(StoreUnavailable, match="pastikan perannya Editor"):
        store.commit(action(change({"driver": ""}, {"driver": "A"})))


def test_a_spreadsheet_that_is_not_there_is_said(google: Server) -> None:
    with pytest.raises(StoreUnavailable, match="Spreadsheet tidak ditemukan"):
        Book(google, "tidak-ada-sama-sekali").open().read()


def test_a_spreadsheet_without_our_tabs_says_how_to_make_them(google: Server) -> None:
    with pytest.raises(StoreUnavailable, match="python -m services sheet siapkan"):
        Book(google, google.control.create("Kosong")).open().read()


def test_google_that_stays_away_is_given_up_after_growing_waits(book: Book) -> None:
    waits: list[float] = []
    store = book.open(sleep=waits.append)
    book.control.fault("read", Effect.UNAVAILABLE, times=None)
    with pytest.raises(StoreUnavailable, match="Coba lagi nanti"):
        store.read()
    book.control.heal()
    assert waits == [1.5, 2.5, 4.5, 8.5, 16.5]


def test_a_write_that_stays_unclear_is_told_and_may_be_sent_again(book: Book) -> None:
    store, sent = book.open(), action(change({"driver": ""}, {"driver": "A"}), id="t")
    book.control.fault("batchUpdate", Effect.UNAVAILABLE, times=None)
    with pytest.raises(StoreUnavailable, match="tidak akan tertulis dua kali"):
        store.commit(sent)
    book.control.heal()
    assert not store.commit(sent).repeated
    assert store.commit(sent).repeated
    assert len(store.history(HistoryQuery(transaction_id="t"))) == 1


def test_at_most_fifty_calls_a_minute_go_to_google() -> None:
    clock = count()
    ticking = Budget(50, lambda: float(next(clock)) / 1000)
    assert [ticking.wait() for _ in range(50)] == [0.0] * 50
    assert 59.9 < ticking.wait() < 60


def test_a_minute_after_the_first_call_there_is_room_again() -> None:
    times = iter([0.0, 30.0, 59.0, 60.0, 60.5])
    budget = Budget(2, lambda: next(times))
    assert [budget.wait() for _ in range(5)] == [0.0, 0.0, 1.0, 0.0, 29.5]


def test_a_usual_read_and_a_commit_cost_one_read_each_and_a_commit_one_write(book: Book) -> None:
    store = book.open()
    store.commit(action(change({"driver": ""}, {"driver": "A"})))
    book.control.forget()
    store.read()
    assert (book.control.reads(), book.control.writes()) == (1, 0)
    store.commit(action(Insert(SECTION, section("tib")), change({"driver": "A"}, {"driver": "B"})))
    assert (book.control.reads(), book.control.writes()) == (2, 1)


def test_a_second_process_that_writes_between_read_and_write_is_not_overwritten(book: Book) -> None:
    """Two processes share no lock: here the other one writes at the worst moment."""
    store, other = book.open(), book.open()
    store.read()
    other._desk = Desk()
    write = store.client.write

    def after_the_other(body: Mapping[str, Any], fields: str) -> Mapping[str, Any]:
        store.client.write = write  # type: ignore[method-assign]
        other.commit(action(change({"driver": ""}, {"driver": "Proses lain"}), id="lain"))
        return write(body, fields)

    store.client.write = after_the_other  # type: ignore[method-assign]
    with pytest.raises(Conflict) as caught:
        store.commit(action(change({"driver": ""}, {"driver": "A"}), id="t"))
    assert caught.value.clashes[0].found == "Proses lain"
    assert store.history(HistoryQuery(transaction_id="t")) == ()


def test_a_token_that_a_person_deleted_is_made_again(book: Book) -> None:
    store = book.open()
    store.commit(action(change({"driver": ""}, {"driver": "A"})))
    token = store._desk.token
    book.human(Edit.requests({"deleteNamedRange": {"namedRangeId": token}}))
    store.commit(action(change({"driver": "A"}, {"driver": "B"})))
    assert found(store)["driver"] == "B"
    assert len(store.client.metadata("namedRanges")["namedRanges"]) == 1
