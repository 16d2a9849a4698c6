"""Tenggat and kunci of a quarter, and the sections that may give figures after the lock: who, until when, once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from services.actions.base import Context, Denied, Refused
from services.actions.quarters import end_exception, grant_exception, move_dates, open_quarter
from services.domain.indicators import Period
from services.domain.roles import CycleState
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery, StoreError
from tests.unit.sample_store import NOW, acting, office_in, sample_store

LOCKED, NEXT = Period(2026, 3), Period(2026, 4)
TODAY = NOW.date()
DUE, LOCK = date(2026, 11, 9), date(2026, 11, 20)
EVERYBODY = ["admin", "pkp", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]
SECTION, OTHER = "kesos", "pmn"
"""A section with an exception in the sample's running quarter, and one without."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    open_quarter(acting(store, "pkp"), NEXT)
    yield store
    store.close()


def state(store: SqlStore, section_id: str) -> CycleState:
    return office_in(store).state(LOCKED, NOW, section_id)


# --- tenggat and kunci -------------------------------------------------------------------------------------------


def test_both_dates_move_with_a_reason_that_the_log_keeps(store: SqlStore) -> None:
    move_dates(acting(store, "pkp"), NEXT, DUE, LOCK, "Libur bersama bertambah")
    cycle = office_in(store).cycles[NEXT]
    assert (cycle.due_on, cycle.locks_on) == (DUE, LOCK)
    assert "Libur bersama bertambah" in str(store.history(HistoryQuery(limit=1))[0]["action"])


@pytest.mark.parametrize("username", [u for u in EVERYBODY if u != "pkp"])
def test_only_the_kasubag_pkp_moves_the_dates(store: SqlStore, username: str) -> None:
    with pytest.raises(Denied):
        move_dates(acting(store, username), NEXT, DUE, LOCK, "alasan")


def test_the_lock_does_not_come_before_the_due_date(store: SqlStore) -> None:
    with pytest.raises(Refused, match="tidak boleh mendahului tenggat 9 November 2026"):
        move_dates(acting(store, "pkp"), NEXT, DUE, DUE - timedelta(days=1), "alasan")


def test_moving_the_dates_needs_a_reason_and_a_change(store: SqlStore) -> None:
    cycle = office_in(store).cycles[NEXT]
    assert cycle.locks_on is not None
    with pytest.raises(Refused, match="alasan"):
        move_dates(acting(store, "pkp"), NEXT, DUE, LOCK, "  ")
    with pytest.raises(Refused, match="tidak berubah"):
        move_dates(acting(store, "pkp"), NEXT, cycle.due_on, cycle.locks_on, "alasan")


def test_dates_that_somebody_else_moved_meanwhile_are_not_overwritten(store: SqlStore) -> None:
    cycle = office_in(store).cycles[NEXT]
    move_dates(acting(store, "pkp"), NEXT, DUE, LOCK, "pertama")
    with pytest.raises(Conflict):
        move_dates(acting(store, "pkp"), NEXT, DUE, DUE, "kedua", seen=(cycle.due_on, cycle.locks_on))
    assert office_in(store).cycles[NEXT].locks_on == LOCK


def test_figures_that_step_3_has_locked_are_opened_by_exceptions_only(store: SqlStore) -> None:
    with pytest.raises(Refused, match="sudah dikunci pada langkah 3"):
        move_dates(acting(store, "pkp"), LOCKED, DUE, LOCK, "alasan")


# --- exceptions --------------------------------------------------------------------------------------------------


def test_an_exception_opens_one_section_up_to_its_last_day(store: SqlStore) -> None:
    grant_exception(acting(store, "sekretaris"), LOCKED, OTHER, TODAY, "Data BPS terlambat")
    office = office_in(store)
    assert office.state(LOCKED, NOW.replace(hour=23, minute=59), OTHER) is CycleState.OPEN
    assert office.state(LOCKED, NOW + timedelta(days=1), OTHER) is CycleState.LOCKED
    assert state(store, "pem") is CycleState.LOCKED


@pytest.mark.parametrize("username", EVERYBODY)
def test_pkp_and_sekretaris_grant_and_end_exceptions_and_nobody_else(store: SqlStore, username: str) -> None:
    if username in ("pkp", "sekretaris"):
        grant_exception(acting(store, username), LOCKED, OTHER, TODAY, "alasan")
        end_exception(acting(store, username), LOCKED, OTHER, "alasan")
        assert state(store, OTHER) is CycleState.LOCKED
        return
    with pytest.raises(Denied):
        grant_exception(acting(store, username), LOCKED, OTHER, TODAY, "alasan")
    with pytest.raises(Denied):
        end_exception(acting(store, username), LOCKED, SECTION, "alasan")


def test_a_quarter_whose_figures_are_open_needs_no_exception(store: SqlStore) -> None:
    with pytest.raises(Denied):
        grant_exception(acting(store, "pkp"), NEXT, OTHER, TODAY, "alasan")


def test_an_exception_ends_today_or_later(store: SqlStore) -> None:
    with pytest.raises(Refused, match="sudah lewat"):
        grant_exception(acting(store, "pkp"), LOCKED, SECTION, TODAY - timedelta(days=1), "alasan")


def test_an_exception_and_its_end_need_a_reason(store: SqlStore) -> None:
    with pytest.raises(Refused, match="alasan"):
        grant_exception(acting(store, "pkp"), LOCKED, OTHER, TODAY, " ")
    with pytest.raises(Refused, match="alasan"):
        end_exception(acting(store, "pkp"), LOCKED, SECTION, " ")


def test_the_newest_exception_of_a_section_counts(store: SqlStore) -> None:
    until = TODAY + timedelta(days=30)
    grant_exception(acting(store, "pkp"), LOCKED, SECTION, until, "diperpanjang")
    exception = office_in(store).exception(LOCKED, SECTION)
    assert exception is not None
    assert (exception.until, exception.reason) == (until, "diperpanjang")


def test_an_ended_exception_closes_the_section_at_once_and_only_once(store: SqlStore) -> None:
    assert state(store, SECTION) is CycleState.OPEN
    end_exception(acting(store, "pkp"), LOCKED, SECTION, "Data sudah lengkap")
    assert state(store, SECTION) is CycleState.LOCKED
    with pytest.raises(Refused, match="tidak mempunyai pengecualian"):
        end_exception(acting(store, "pkp"), LOCKED, SECTION, "Data sudah lengkap")


def test_a_section_that_does_not_exist_gets_no_exception(store: SqlStore) -> None:
    with pytest.raises(Refused, match="Seksi ini tidak ada"):
        grant_exception(acting(store, "pkp"), LOCKED, "seksi-lain", TODAY, "alasan")


def test_twenty_people_pressing_at_once_grant_one_exception(store: SqlStore) -> None:
    contexts = [acting(store, "pkp") for _ in range(20)]
    together = Barrier(len(contexts))

    def press(context: Context) -> bool:
        together.wait()
        try:
            grant_exception(context, LOCKED, OTHER, TODAY, "alasan")
        except (Refused, StoreError):
            return False
        return True

    with ThreadPoolExecutor(len(contexts)) as pool:
        granted = list(pool.map(press, contexts))
    assert granted.count(True) == 1
    assert len([e for e in office_in(store).exceptions[LOCKED] if e.section_id == OTHER]) == 1


def test_the_same_press_sent_twice_grants_once_and_is_no_error(store: SqlStore) -> None:
    context = acting(store, "pkp")
    grant_exception(context, LOCKED, OTHER, TODAY, "alasan", "satu-tekan")
    assert grant_exception(context, LOCKED, OTHER, TODAY, "alasan", "satu-tekan").repeated
