"""Running the quarter: opening it once, finishing its steps by whoever holds them, locking it at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from services.actions.base import Context, Denied, Refused
from services.actions.entries import save_entry
from services.actions.quarters import finish_step, may_finish, open_quarter, return_draft
from services.domain.indicators import Period
from services.domain.roles import CycleState
from services.domain.sop import STEP_COUNT, Event
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import StoreError
from services.views.steps import steps_of
from tests.unit.sample_store import NOW, acting, office_in, sample_store

RUNNING, NEXT, LOCKED = Period(2026, 3), Period(2026, 4), Period(2026, 2)
HOLDERS = {7: "pkp", 8: "pkp", 9: "sekretaris", 10: "pkp", 11: "sekretaris", 12: "pkp", 13: "umum"}
"""Who finishes the steps that are still ahead in the sample's running quarter."""
EVERYBODY = ["admin", "pkp", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def current_step(store: SqlStore, period: Period = RUNNING) -> int | None:
    current = steps_of(office_in(store), period, NOW).current
    return current.step.no if current else None


def finish_up_to(store: SqlStore, last: int) -> datetime:
    """Finish the running quarter's steps up to this one, an hour each; when the last one ended."""
    now = max(NOW, *(e.at for e in office_in(store).events[RUNNING]))
    while (step := current_step(store)) is not None and step <= last:
        now += timedelta(hours=1)
        finish_step(acting(store, HOLDERS[step], now), RUNNING)
    return now


# --- opening -----------------------------------------------------------------------------------------------------


def test_opening_makes_exactly_one_empty_entry_for_every_active_indicator(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    office = office_in(store)
    rows = [r for r in store.read().rows(schema.ENTRY) if (r["year"], r["quarter"]) == (NEXT.year, NEXT.quarter)]
    assert Counter(r["indicator_id"] for r in rows) == Counter(i.id for i in office.indicators)
    assert {r["actual"] for r in rows} == {None}
    assert current_step(store, NEXT) == 1


def test_twenty_people_pressing_at_once_open_the_quarter_once(store: SqlStore) -> None:
    contexts = [acting(store, "pkp") for _ in range(20)]
    together = Barrier(len(contexts))

    def press(context: Context) -> bool:
        together.wait()
        try:
            open_quarter(context, NEXT)
        except (Refused, StoreError):
            return False
        return True

    with ThreadPoolExecutor(len(contexts)) as pool:
        opened = list(pool.map(press, contexts))
    rows = [r for r in store.read().rows(schema.ENTRY) if (r["year"], r["quarter"]) == (NEXT.year, NEXT.quarter)]
    assert opened.count(True) == 1
    assert len(rows) == len(office_in(store).indicators)


def test_whoever_opens_a_quarter_second_is_told_that_it_is_open(store: SqlStore) -> None:
    late = acting(store, "pkp")
    open_quarter(acting(store, "pkp"), NEXT)
    with pytest.raises(Refused, match="Triwulan IV 2026 sudah dibuka"):
        open_quarter(late, NEXT)


def test_the_same_press_sent_twice_opens_once_and_is_no_error(store: SqlStore) -> None:
    context = acting(store, "pkp")
    open_quarter(context, NEXT, "satu-tekan")
    assert open_quarter(context, NEXT, "satu-tekan").repeated


@pytest.mark.parametrize("username", [u for u in EVERYBODY if u != "pkp"])
def test_nobody_but_the_kasubag_pkp_opens_a_quarter(store: SqlStore, username: str) -> None:
    with pytest.raises(Denied):
        open_quarter(acting(store, username), NEXT)
    assert office_in(store).state(NEXT) is CycleState.NONE


@pytest.mark.parametrize("period", [RUNNING, LOCKED])
def test_a_quarter_that_was_opened_is_not_opened_again(store: SqlStore, period: Period) -> None:
    with pytest.raises(Denied):
        open_quarter(acting(store, "pkp"), period)


def test_the_due_date_of_the_data_is_a_working_day(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    office = office_in(store)
    assert office.calendar.is_working_day(office.cycles[NEXT].due_on)


# --- steps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", EVERYBODY)
@pytest.mark.parametrize("step", [7, 9, 13])
def test_a_step_is_finished_by_its_holder_only(store: SqlStore, step: int, username: str) -> None:
    now = finish_up_to(store, step - 1)
    context = acting(store, username, now)
    assert may_finish(context, RUNNING) is (username == HOLDERS[step])
    if username != HOLDERS[step]:
        with pytest.raises(Denied):
            finish_step(context, RUNNING)
        assert current_step(store) == step


def test_the_next_step_begins_when_the_one_before_ends(store: SqlStore) -> None:
    finish_step(acting(store, "pkp"), RUNNING, "Analisis selesai")
    steps = steps_of(office_in(store), RUNNING, NOW).items
    assert (steps[6].done_at, steps[7].started_at) == (NOW, NOW)


def test_two_people_finishing_the_same_step_finish_one(store: SqlStore) -> None:
    first, second = acting(store, "pkp"), acting(store, "pkp")
    finish_step(first, RUNNING)
    with pytest.raises(Refused, match="sudah diselesaikan"):
        finish_step(second, RUNNING)
    assert current_step(store) == 8


def test_a_draft_sent_back_at_step_11_is_corrected_again_at_step_10_and_counts_a_round(store: SqlStore) -> None:
    now = finish_up_to(store, 10)
    return_draft(acting(store, "sekretaris", now), RUNNING, "Tabel anggaran belum sesuai SPJ")
    steps = steps_of(office_in(store), RUNNING, now)
    assert steps.current is not None
    assert (steps.current.step.no, steps.current.rounds) == (10, 1)
    assert finish_up_to(store, 11) > now
    assert current_step(store) == 12


def test_each_return_counts_its_own_round(store: SqlStore) -> None:
    for expected in (1, 2, 3):
        now = finish_up_to(store, 10)
        return_draft(acting(store, "sekretaris", now + timedelta(minutes=expected)), RUNNING, "Belum sesuai")
        assert steps_of(office_in(store), RUNNING, now).items[9].rounds == expected


def test_a_return_needs_a_reason(store: SqlStore) -> None:
    now = finish_up_to(store, 10)
    with pytest.raises(Refused, match="alasan"):
        return_draft(acting(store, "sekretaris", now), RUNNING, "   ")


def test_only_the_verification_sends_back(store: SqlStore) -> None:
    with pytest.raises(Refused, match="langkah 11"):
        return_draft(acting(store, "pkp"), RUNNING, "Belum sesuai")


def test_the_last_step_locks_the_quarter(store: SqlStore) -> None:
    now = finish_up_to(store, STEP_COUNT)
    office = office_in(store)
    assert office.state(RUNNING) is CycleState.LOCKED
    assert office.cycles[RUNNING].locked_at == now
    assert steps_of(office, RUNNING, now).finished


def test_a_locked_quarter_takes_no_more_figures_and_no_more_steps(store: SqlStore) -> None:
    finish_up_to(store, STEP_COUNT)
    office = office_in(store)
    entry = office.entry("ind-kesos-02", RUNNING)
    assert entry is not None
    with pytest.raises(Denied, match="dikunci"):
        save_entry(acting(store, "kasi.kesos"), entry.id, {}, {"actual": "5"})
    with pytest.raises(Refused):
        finish_step(acting(store, "umum"), RUNNING)


def test_a_quarter_that_was_not_opened_has_no_step_to_finish(store: SqlStore) -> None:
    with pytest.raises(Refused, match="Tidak ada langkah"):
        finish_step(acting(store, "pkp"), NEXT)


def test_who_finished_a_step_and_what_was_noted_stays_in_the_log(store: SqlStore) -> None:
    finish_step(acting(store, "pkp"), RUNNING, "  Analisis selesai  ")
    event = max(office_in(store).events[RUNNING], key=lambda e: e.at)
    assert (event.step, event.event, event.by, event.note) == (7, Event.FINISHED, "pkp", "Analisis selesai")
