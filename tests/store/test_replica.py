"""Pages never wait for a remote store, and what was saved while it was away arrives once and in order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest

from services.store.outbox import State
from services.store.replica import Replica, outbox_in
from services.store.schema import ENTRY, INDICATOR, SECTION, STEP_EVENT
from services.store.sender import Sender
from services.store.store import (
    Conflict,
    DuplicateRow,
    HistoryQuery,
    Insert,
    InvalidChange,
    StoreError,
    StoreUnavailable,
    Transaction,
)
from tests.store.helpers import action, change, fill, found, indicator, row
from tests.store.replica_helpers import AWAY, Clock, Remote, look, three, value_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def remote(tmp_path: Path, clock: Clock) -> Iterator[Remote]:
    remote = Remote(tmp_path / "jauh.db", clock)
    fill(remote.store)
    yield remote
    remote.store.close()


@pytest.fixture
def replica(remote: Remote, tmp_path: Path, clock: Clock) -> Replica:
    return make(remote, tmp_path, clock)


def make(remote: Remote, tmp_path: Path, clock: Clock) -> Replica:
    return Replica(remote, "silaut", tmp_path / "replika", clock)


def actual(old: object, new: object, row_id: str = "e1", **fields: object) -> Transaction:
    return action(change({"actual": old}, {"actual": new}, row_id), **fields)  # type: ignore[dict-item]


def event(number: int) -> Transaction:
    values = {"year": 2026, "quarter": 3, "step": 1, "event": "kirim", "at": Clock().now, "by": "kasi"}
    return action(Insert(STEP_EVENT, row(STEP_EVENT, f"l{number}", **values)), id=f"t{number}")


def settle(replica: Replica, clock: Clock, seconds: int = 120) -> None:
    """Let the background work for a while, as it would with somebody looking."""
    for _ in range(seconds):
        clock.forward(1)
        look(replica)


# --- reading -----------------------------------------------------------------------------------------------------


def test_many_first_viewers_cause_one_read(replica: Replica, remote: Remote) -> None:
    start = Barrier(8)

    def view(_: int) -> object:
        start.wait()
        return replica.current()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(view, range(8))))) == 1
    assert remote.reads == 1


def test_twenty_viewers_with_200_views_a_minute_cause_at_most_5_reads(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    remote.reads = 0
    for _ in range(200):
        clock.forward(0.3)
        look(replica)
    assert 3 <= remote.reads <= 5


def test_nothing_is_read_while_nobody_looks(replica: Replica, remote: Remote, clock: Clock) -> None:
    look(replica)
    clock.forward(61)
    remote.reads = 0
    for _ in range(600):
        clock.forward(1)
        replica.tick()
    assert remote.reads == 0


def test_what_others_typed_into_the_sheet_is_seen_after_the_next_refresh(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    remote.store.commit(actual(None, Decimal(80)))
    clock.forward(15)
    look(replica)
    assert found(replica)["actual"] == Decimal(80)


def test_an_unchanged_sheet_gives_the_same_object_so_that_nothing_is_computed_anew(
    replica: Replica, clock: Clock
) -> None:
    first = look(replica)
    settle(replica, clock, 60)
    assert replica.current() is first


def test_the_age_counts_from_the_last_answer_and_a_limit_makes_it_stale(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    remote.away = True
    settle(replica, clock, 120)
    assert not replica.stale
    settle(replica, clock, 60)
    assert replica.stale
    assert replica.age(clock.now) == timedelta(seconds=180)
    assert replica.away_since is not None
    assert timedelta(seconds=160) < clock.now - replica.away_since < timedelta(seconds=170)
    assert replica.trouble == AWAY
    remote.away = False
    settle(replica, clock, 20)
    assert (replica.stale, replica.away_since, replica.trouble) == (False, None, "")


def test_without_any_snapshot_an_absent_store_is_an_error_with_its_reason_and_may_come_back(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    remote.away = True
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="Google"):
            replica.current()
    assert remote.reads == 1, "each viewer asked again"
    remote.away = False
    clock.forward(5)
    assert replica.current().rows(SECTION)


def test_a_defect_while_reading_leaves_the_last_snapshot(
    replica: Replica, remote: Remote, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = look(replica)
    monkeypatch.setattr(remote, "read", lambda: 1 / 0)
    settle(replica, clock, 30)
    assert replica.current() is first
    assert "galat" in replica.trouble


def test_a_restart_without_the_remote_store_shows_the_last_data_with_their_age(
    replica: Replica, remote: Remote, tmp_path: Path, clock: Clock
) -> None:
    remote.store.commit(actual(None, Decimal("83.30")))
    before = look(replica)
    remote.away = True
    clock.forward(3600)
    again = make(remote, tmp_path, clock)
    assert repr(again.current().tables) == repr(before.tables)
    assert again.age(clock.now) == timedelta(hours=1)
    assert again.stale


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": "lain"}', b"\xff\x00"])
def test_a_kept_file_that_cannot_be_read_counts_as_none(
    remote: Remote, tmp_path: Path, clock: Clock, content: bytes
) -> None:
    folder = tmp_path / "replika"
    folder.mkdir()
    (folder / "cuplikan.json").write_bytes(content)
    assert make(remote, tmp_path, clock).current().rows(SECTION)
    assert remote.reads == 1


def test_the_log_is_asked_once_for_the_same_question_and_stands_when_the_store_is_away(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    first = replica.history(HistoryQuery())
    assert replica.history(HistoryQuery()) == first != ()
    assert remote.questions == 1
    remote.away = True
    settle(replica, clock, 20)
    assert replica.history(HistoryQuery()) == first
    with pytest.raises(StoreUnavailable, match="Riwayat"):
        replica.history(HistoryQuery(by="kasi"))


# --- writing -----------------------------------------------------------------------------------------------------


def test_a_saved_value_is_seen_at_once_and_marked_as_waiting_until_it_is_sent(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    replica.commit(actual(None, Decimal(80)))
    snapshot = replica.current()
    assert value_in(snapshot, ENTRY, "e1", "actual") == Decimal(80)
    assert snapshot.pending == {("Isian", "e1", "actual")}
    assert found(remote.store)["actual"] is None
    replica.sender.tick()
    assert found(remote.store)["actual"] == Decimal(80)
    assert replica.current().pending == frozenset()


def test_a_sent_value_does_not_vanish_before_it_is_read_back(replica: Replica, remote: Remote, clock: Clock) -> None:
    look(replica)
    replica.commit(actual(None, Decimal(80)))
    replica.sender.tick()
    assert found(replica)["actual"] == Decimal(80)
    remote.store.commit(actual(Decimal(80), Decimal(90)))
    clock.forward(15)
    look(replica)
    assert found(replica)["actual"] == Decimal(90), "the sent value still covers a newer one"


def test_each_change_makes_another_revision(replica: Replica, clock: Clock) -> None:
    revisions = [look(replica).revision]
    revisions.append(replica.commit(actual(None, Decimal(80))).revision)
    replica.sender.tick()
    revisions.append(replica.current().revision)
    clock.forward(15)
    look(replica)
    revisions.append(replica.revision())
    assert len(set(revisions)) == 4


def test_a_second_press_of_the_same_button_saves_once(replica: Replica, remote: Remote, clock: Clock) -> None:
    look(replica)
    save = actual(None, Decimal(80))
    assert not replica.commit(save).repeated
    assert replica.commit(save).repeated
    replica.sender.tick()
    assert replica.commit(save).repeated
    settle(replica, clock)
    assert len(remote.store.history(HistoryQuery(transaction_id=save.id))) == 1


def test_a_conflict_that_is_visible_already_is_told_at_once(replica: Replica, remote: Remote) -> None:
    remote.store.commit(actual(None, Decimal(70)))
    look(replica)
    with pytest.raises(Conflict) as caught:
        replica.commit(actual(None, Decimal(80)))
    assert three(caught.value.clashes) == [(None, Decimal(70), Decimal(80))]
    assert replica.outbox.queue() == ()


def test_a_conflict_with_something_that_still_waits_is_told_at_once(replica: Replica) -> None:
    look(replica)
    replica.commit(actual(None, Decimal(70)))
    with pytest.raises(Conflict):
        replica.commit(actual(None, Decimal(80)))
    replica.commit(actual(Decimal(70), Decimal(80)))
    assert found(replica)["actual"] == Decimal(80)


@pytest.mark.parametrize(
    ("transaction", "error"),
    [
        (action(Insert(INDICATOR, indicator("i1"))), DuplicateRow),
        (action(change({}, {"actual": None}, "tidak-ada")), InvalidChange),
        (action(change({}, {"tidak ada": None})), InvalidChange),
        (action(Insert(INDICATOR, indicator("i2", "tidak-ada"))), InvalidChange),
        (
            action(Insert(ENTRY, row(ENTRY, "e9", year=2026, quarter=3, indicator_id="i1", section_id="pem"))),
            DuplicateRow,
        ),
    ],
)
def test_what_cannot_be_right_is_refused_at_once(
    replica: Replica, transaction: Transaction, error: type[StoreError]
) -> None:
    look(replica)
    with pytest.raises(error):
        replica.commit(transaction)
    assert replica.outbox.queue() == ()


def test_after_60_minutes_without_the_store_50_submissions_arrive_once_and_in_order(
    replica: Replica, remote: Remote, tmp_path: Path, clock: Clock
) -> None:
    look(replica)
    remote.away, remote.writes = True, 0
    for number in range(50):
        replica.commit(event(number))
        settle(replica, clock, 72)
        assert len(replica.current().rows(STEP_EVENT)) == number + 1
        if number == 30:
            replica = make(remote, tmp_path, clock)
    assert remote.writes < 150, "no patience while the store is away"
    remote.away = False
    settle(replica, clock, 80)
    assert [line["id"] for line in remote.store.read().rows(STEP_EVENT)] == [f"l{n}" for n in range(50)]
    log = remote.store.history(HistoryQuery(table="Langkah"))
    assert [line["transaction_id"] for line in reversed(log)] == [f"t{n}" for n in range(50)]
    assert replica.outbox.queue() == ()


def test_a_lost_answer_never_sends_twice(replica: Replica, remote: Remote, clock: Clock) -> None:
    look(replica)
    remote.loses_answers = True
    replica.commit(event(1))
    settle(replica, clock, 30)
    assert [item.state for item in replica.outbox.queue()] == [State.WAITING]
    remote.loses_answers = False
    settle(replica, clock, 60)
    assert len(remote.store.read().rows(STEP_EVENT)) == 1
    assert replica.outbox.queue() == ()


def test_a_conflict_found_while_sending_keeps_all_three_values_and_holds_back_the_same_row_only(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    replica.commit(actual(None, Decimal(80)))
    replica.commit(action(change({"obstacle": ""}, {"obstacle": "Hujan"})))
    replica.commit(event(1))
    remote.store.commit(actual(None, Decimal(70)))
    settle(replica, clock, 20)
    refused, behind = replica.outbox.queue()
    assert (refused.state, behind.state) == (State.CONFLICT, State.WAITING)
    assert three(refused.clashes) == [(None, Decimal(70), Decimal(80))]
    assert len(remote.store.read().rows(STEP_EVENT)) == 1
    assert (found(replica)["actual"], found(replica)["obstacle"]) == (Decimal(70), "Hujan")


def test_my_value_replaces_theirs_in_its_old_place_and_what_waited_behind_goes_on(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    replica.commit(actual(None, Decimal(80), id="asli"))
    replica.commit(actual(Decimal(80), Decimal(81), id="lanjutan"))
    remote.store.commit(actual(None, Decimal(70)))
    settle(replica, clock, 20)
    assert replica.outbox.replace("asli", actual(Decimal(70), Decimal(80), id="baru"), clock.now)
    settle(replica, clock, 20)
    assert found(remote.store)["actual"] == Decimal(81)
    lines = remote.store.history(HistoryQuery(row_ids=("e1",)))
    assert [line["transaction_id"] for line in reversed(lines)][-2:] == ["baru", "lanjutan"]
    assert not replica.outbox.replace("asli", actual(None, Decimal(1)), clock.now), "decided twice"


def test_their_value_lets_go_of_mine_but_of_nothing_built_on_it(replica: Replica, remote: Remote, clock: Clock) -> None:
    look(replica)
    replica.commit(actual(None, Decimal(80), id="asli"))
    replica.commit(actual(Decimal(80), Decimal(81), id="lanjutan"))
    remote.store.commit(actual(None, Decimal(70)))
    settle(replica, clock, 20)
    assert replica.outbox.drop("asli", "kasi", clock.now)
    settle(replica, clock, 20)
    assert [(i.transaction.id, i.state) for i in replica.outbox.queue()] == [("lanjutan", State.CONFLICT)]
    assert [(i.transaction.id, i.decided_by) for i in replica.outbox.decided()] == [("asli", "kasi")]
    assert found(remote.store)["actual"] == Decimal(70)


def test_a_damaged_tab_holds_back_its_own_changes_until_it_is_repaired(
    replica: Replica, remote: Remote, clock: Clock
) -> None:
    look(replica)
    remote.damaged.add("Isian")
    replica.commit(actual(None, Decimal(80)))
    replica.commit(event(1))
    settle(replica, clock, 20)
    assert [item.state for item in replica.outbox.queue()] == [State.WAITING]
    assert len(remote.store.read().rows(STEP_EVENT)) == 1
    remote.damaged.clear()
    settle(replica, clock, 80)
    assert found(remote.store)["actual"] == Decimal(80)


def test_a_row_that_was_deleted_meanwhile_waits_for_a_decision(replica: Replica, remote: Remote, clock: Clock) -> None:
    look(replica)
    replica.commit(actual(None, Decimal(80)))
    remote.store.load({name: rows for name, rows in _tables(remote).items() if name != "Isian"})
    settle(replica, clock, 20)
    (item,) = replica.outbox.queue()
    assert (item.state, item.clashes) == (State.CONFLICT, ())
    assert "tidak ada" in item.reason


def test_restoring_a_backup_is_refused_while_something_waits(replica: Replica, remote: Remote) -> None:
    look(replica)
    replica.commit(event(1))
    with pytest.raises(StoreError, match="menunggu terkirim"):
        replica.load(_tables(remote))


def test_after_a_restore_what_had_landed_may_be_saved_again(replica: Replica, remote: Remote) -> None:
    look(replica)
    before = _tables(remote)
    replica.commit(event(1))
    replica.sender.tick()
    replica.load(before)  # type: ignore[arg-type]
    assert not replica.current().rows(STEP_EVENT)
    assert not replica.commit(event(1)).repeated


def test_two_processes_with_one_folder_never_send_at_the_same_time(
    replica: Replica, remote: Remote, tmp_path: Path, clock: Clock
) -> None:
    look(replica)
    replica.commit(event(1))
    other = Sender(remote, outbox_in(tmp_path / "replika"), clock)
    with replica.outbox.sending() as mine:
        assert mine
        assert other.round() is None
    outcomes = other.round()
    assert outcomes is not None
    assert [outcome.state for outcome in outcomes] == [State.SENT]
    assert replica.sender.round() == ()
    assert len(replica.current().rows(STEP_EVENT)) == 1


def _tables(remote: Remote) -> dict[str, tuple[object, ...]]:
    return {table.name: rows for table, rows in remote.dump()}  # type: ignore[misc]
