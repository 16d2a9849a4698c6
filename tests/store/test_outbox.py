"""What the outbox acknowledged survives kill -9, is sent once, and is never dropped but by a person."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.store import payload
from services.store.outbox import Outbox, State
from services.store.replica import outbox_in
from services.store.schema import ENTRY, HISTORY, HOLIDAY, INDICATOR, SECTION, STEP_EVENT
from services.store.sender import Sender
from services.store.sql import SqlStore
from services.store.store import Clash, Insert, InvalidChange, StoreUnavailable, Transaction
from tests.store.helpers import NOW, action, change, entry, everything, indicator, now, row, section

COMMITS, KILLS = 160, 8
ROOT = Path(__file__).parents[2]


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "antrean.db")


def numbered(number: int) -> Transaction:
    return action(change({}, {"obstacle": str(number)}), id=f"t{number}")


def put(outbox: Outbox, transaction: Transaction) -> bool:
    return outbox.add(transaction, NOW, 0, lambda live: None)


# --- the queue ---------------------------------------------------------------------------------------------------


def test_what_was_put_in_is_there_for_whoever_opens_the_file_next_in_the_same_order(
    outbox: Outbox, tmp_path: Path
) -> None:
    for number in range(5):
        put(outbox, numbered(number))
    assert [item.transaction for item in Outbox(tmp_path / "antrean.db").queue()] == [numbered(n) for n in range(5)]


def test_the_same_transaction_is_put_in_once(outbox: Outbox) -> None:
    assert put(outbox, numbered(1))
    assert not put(outbox, numbered(1))
    outbox.sent("t1", NOW)
    assert not put(outbox, numbered(1))
    assert outbox.queue() == ()


def test_what_the_check_refuses_is_not_put_in(outbox: Outbox) -> None:
    def refuse(live: object) -> None:
        raise InvalidChange("Tidak.")

    with pytest.raises(InvalidChange):
        outbox.add(numbered(1), NOW, 0, refuse)
    assert outbox.queue() == ()


def test_many_threads_lose_nothing(outbox: Outbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda n: put(outbox, numbered(n)), range(40)))
    assert {item.transaction.id for item in outbox.queue()} == {f"t{n}" for n in range(40)}
    assert len({item.place for item in outbox.queue()}) == 40


@pytest.mark.parametrize(
    "transaction",
    [
        action(change({"actual": None, "spent": "12.450.000"}, {"actual": Decimal("83.30"), "spent": Decimal("1E+3")})),
        action(change({"actual": "83,33"}, {"actual": "NA", "entered_at": NOW, "obstacle": 'Hujan "deras" 🌧\n'})),
        action(Insert(ENTRY, entry("e2", actual=Decimal("0")))),
        action(Insert(INDICATOR, indicator("i2")), Insert(SECTION, section("kes"))),
        action(Insert(HOLIDAY, row(HOLIDAY, "h", day=date(2026, 8, 17), kind="libur nasional", name="a", basis="b"))),
    ],
)
def test_a_transaction_comes_back_exactly_as_it_was(transaction: Transaction) -> None:
    assert repr(payload.read(payload.write(transaction))) == repr(transaction)


def test_a_clash_comes_back_exactly_as_it_was() -> None:
    clashes = (
        Clash("Isian", "e1", "actual", None, "83,3", Decimal("83.30")),
        Clash("Siklus", "s1", "locked_at", None, NOW, None),
    )
    assert repr(payload.read_clashes(payload.write_clashes(clashes))) == repr(clashes)


def test_only_a_conflict_can_be_decided_and_only_once(outbox: Outbox) -> None:
    put(outbox, numbered(1))
    assert not outbox.drop("t1", "kasi", NOW)
    outbox.refused("t1", "Bentrok.", (), NOW)
    assert outbox.drop("t1", "kasi", NOW)
    assert not outbox.drop("t1", "kasi", NOW)
    assert not outbox.retry("t1", NOW)
    assert not outbox.replace("t1", numbered(2), NOW)
    assert outbox.queue() == ()


def test_a_decision_is_kept_with_its_reason_even_when_what_was_sent_is_forgotten(outbox: Outbox) -> None:
    put(outbox, numbered(1))
    put(outbox, numbered(2))
    outbox.refused("t1", "Bentrok.", (), NOW)
    outbox.drop("t1", "kasi", NOW)
    outbox.sent("t2", NOW)
    outbox.forget_sent(NOW + timedelta(days=1))
    assert [(item.transaction.id, item.reason, item.decided_by) for item in outbox.decided()] == [
        ("t1", "Bentrok.", "kasi")
    ]
    assert outbox.find("t2") is None


def test_a_change_of_another_schema_goes_to_a_person_and_is_never_sent_empty(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, numbered(1))
    with sqlite3.connect(tmp_path / "antrean.db") as connection:
        connection.execute("UPDATE antrean SET isi = replace(isi, 'obstacle', 'dihapus')")
    sender = Sender(object(), outbox, now)  # type: ignore[arg-type]
    outcomes = sender.round()
    assert outcomes is not None
    assert [outcome.state for outcome in outcomes] == [State.CONFLICT]
    (item,) = outbox.queue()
    assert (item.readable, item.transaction.by, item.transaction.changes) == (False, "kasi-pem", ())
    assert "versi aplikasi lain" in item.reason


def test_a_file_that_cannot_be_used_is_said_before_anything_counts_as_saved(tmp_path: Path) -> None:
    (tmp_path / "antrean.db").write_bytes(b"bukan basis data" * 100)
    with pytest.raises(StoreUnavailable, match="tidak ada yang disimpan"):
        Outbox(tmp_path / "antrean.db")


# --- kill -9 -----------------------------------------------------------------------------------------------------


def run_and_kill(folder: Path, first: int, kill_after: int, delay: float) -> int:
    """The next number that was not told to be saved, after a child was killed at some moment."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.store.outbox_child", str(folder), str(first), str(COMMITS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    for _ in range(kill_after):
        first = int(child.stdout.readline()) + 1
    try:
        child.wait(delay)
    except subprocess.TimeoutExpired:
        child.kill()
    rest = [int(line) + 1 for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.wait()
    return max([first, *rest])


def test_kills_at_any_moment_lose_nothing_saved_and_send_nothing_twice(tmp_path: Path) -> None:
    remote, chance = SqlStore(f"sqlite:///{tmp_path}/jauh.db", "silaut", now), random.Random(2026)
    remote.commit(action(Insert(SECTION, {**section(), "order": 0})))
    saved = 0
    for _ in range(KILLS):
        saved = run_and_kill(tmp_path, saved, chance.randrange(4, 12), chance.uniform(0, 0.05))
        assert saved < COMMITS, "all done before the last kill: kill earlier"
    outbox = outbox_in(tmp_path / "replika")
    while Sender(remote, outbox, now).round(10):
        pass
    tables = everything(remote)
    landed = tables[SECTION.name][0]["order"]
    assert isinstance(landed, int)
    assert landed >= saved, "a saved transaction is lost"
    assert [line["id"] for line in tables[STEP_EVENT.name]] == [f"l{n}" for n in range(landed)]
    log = [line["transaction_id"] for line in tables[HISTORY.name][1:]]
    assert log == [f"tx-{n}" for n in range(landed) for _ in range(2)]
    assert outbox.queue() == ()
    remote.close()
