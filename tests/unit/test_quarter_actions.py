"""Running the quarter: opening it once, finishing its steps by whoever holds them, locking it at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest

from services.actions.base import Context, Denied, Refused
from services.actions.entries import given, save_entry
from services.actions.quarters import end_exception, grant_exception, move_dates, open_quarter
from services.actions.steps import finish_step, may_move_on, move_step, pause_step, resume_step, return_draft
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.process import StepState
from services.domain.roles import CycleState
from services.domain.sop import STEP_COUNT, Event
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import HistoryQuery, StoreError, Transaction
from services.views.steps import steps_of
from tests.unit.quarter_play import HOLDERS, RUNNING, current_step, do_work, document_row, finish_up_to
from tests.unit.sample_store import NOW, acting, office_in, sample_store

NEXT, ARCHIVED = Period(2026, 4), Period(2026, 2)
EVERYBODY = ["admin", "pkp", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


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
    assert office_in(store).state(NEXT, NOW) is CycleState.NONE


@pytest.mark.parametrize("period", [RUNNING, ARCHIVED])
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
    assert may_move_on(context, RUNNING, Event.FINISHED) is (username == HOLDERS[step])
    if username != HOLDERS[step]:
        with pytest.raises(Denied):
            move_step(context, RUNNING, Event.FINISHED)
        assert current_step(store) == step


def test_the_next_step_begins_when_the_one_before_ends(store: SqlStore) -> None:
    finish_step(acting(store, "pkp"), RUNNING, "Analisis selesai")
    steps = steps_of(office_in(store), RUNNING, NOW).items
    assert (steps[6].done_at, steps[7].started_at) == (NOW, NOW)


def test_two_people_finishing_the_same_step_finish_one(store: SqlStore) -> None:
    first, second = acting(store, "pkp"), acting(store, "pkp")
    finish_step(first, RUNNING, "Analisis menyusul")
    with pytest.raises(Refused, match="sudah selesai oleh orang lain"):
        finish_step(second, RUNNING, "Analisis menyusul")
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


def test_finishing_step_3_locks_the_figures(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    later = [NOW + timedelta(hours=hour) for hour in (1, 2, 3)]
    for now in later:
        assert office_in(store).state(NEXT, now) is CycleState.OPEN
        finish_step(acting(store, "pkp", now), NEXT, "Data menyusul")
    assert office_in(store).state(NEXT, later[-1]) is CycleState.LOCKED
    assert office_in(store).cycles[NEXT].locked_at == later[-1]


def test_the_figures_are_locked_when_the_lock_date_is_over_wherever_the_steps_stand(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    office = office_in(store)
    locks_on = office.cycles[NEXT].locks_on
    assert locks_on is not None
    last_moment = datetime.combine(locks_on, time(23, 59), WIB)
    assert office.state(NEXT, last_moment) is CycleState.OPEN
    assert office.state(NEXT, last_moment + timedelta(minutes=1)) is CycleState.LOCKED


def test_the_last_step_archives_the_quarter(store: SqlStore) -> None:
    now = finish_up_to(store, STEP_COUNT)
    office = office_in(store)
    assert office.state(RUNNING, now) is CycleState.ARCHIVED
    assert steps_of(office, RUNNING, now).finished


def test_an_archived_quarter_takes_no_more_figures_and_no_more_steps(store: SqlStore) -> None:
    finish_up_to(store, STEP_COUNT)
    office = office_in(store)
    entry = office.entry("ind-kesos-02", RUNNING)
    assert entry is not None
    with pytest.raises(Denied, match="diarsipkan"):
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


# --- what must be true first -------------------------------------------------------------------------------------


def test_a_step_whose_work_is_missing_is_refused_with_what_is_missing(store: SqlStore) -> None:
    with pytest.raises(Refused, match="Analisis belum ditulis untuk semua seksi: Seksi Pemerintahan"):
        finish_step(acting(store, "pkp"), RUNNING)
    assert current_step(store) == 7


def test_a_reason_waives_what_may_be_waived_and_nothing_else(store: SqlStore) -> None:
    finish_step(acting(store, "pkp"), RUNNING, "Analisis disusul dalam draf")
    with pytest.raises(Refused, match="Draf laporan belum disusun"):
        finish_step(acting(store, "pkp", NOW + timedelta(hours=1)), RUNNING, "Draf menyusul")
    assert current_step(store) == 8


@pytest.mark.parametrize(("step", "place"), [(11, "Verifikasi"), (12, "Laporan"), (13, "Laporan")])
def test_the_last_three_steps_end_with_more_than_a_press(store: SqlStore, step: int, place: str) -> None:
    now = finish_up_to(store, step - 1)
    do_work(store, step, now)
    if step == 11:
        move_step(acting(store, "sekretaris", now), RUNNING, Event.VERIFIED)
    with pytest.raises(Refused, match=f"di halaman {place}"):
        finish_step(acting(store, HOLDERS[step], now), RUNNING)


def test_the_camat_approves_only_what_the_sekretaris_has_verified(store: SqlStore) -> None:
    now = finish_up_to(store, 10)
    with pytest.raises(Refused, match="sedang berjalan, jadi tidak dapat selesai"):
        move_step(acting(store, "camat", now), RUNNING, Event.FINISHED)
    with pytest.raises(Refused, match="Belum semua angka disetujui"):
        move_step(acting(store, "sekretaris", now), RUNNING, Event.VERIFIED)
    do_work(store, 11, now)
    move_step(acting(store, "sekretaris", now), RUNNING, Event.VERIFIED)
    with pytest.raises(Denied):
        move_step(acting(store, "sekretaris", now), RUNNING, Event.FINISHED)
    move_step(acting(store, "camat", now + timedelta(minutes=5)), RUNNING, Event.FINISHED)
    assert current_step(store) == 12


def test_the_document_needs_figures_that_are_still_the_verified_ones(store: SqlStore) -> None:
    now = finish_up_to(store, 11)
    entry = office_in(store).entry("ind-trantib-04", RUNNING)
    assert entry is not None
    anew = given(acting(store, "pkp", now), entry, {**entry.row, "actual": Decimal(1)})
    store.commit(Transaction(now, "pkp", "pkp", "uji", "Uji", (anew,)))
    with pytest.raises(Refused, match="Ada angka yang berubah sesudah diverifikasi"):
        move_step(acting(store, "pkp", now), RUNNING, Event.FINISHED, more=(document_row(RUNNING, now),))


# --- pauses ------------------------------------------------------------------------------------------------------


def test_a_pause_stops_the_clock_and_moves_the_due_moment_by_as_much(store: SqlStore) -> None:
    due = steps_of(office_in(store), RUNNING, NOW).items[6].due_at
    assert due is not None
    pause_step(acting(store, "pkp"), RUNNING, "Menunggu petunjuk Bupati")
    paused = steps_of(office_in(store), RUNNING, NOW + timedelta(days=9)).items[6]
    assert (paused.state, paused.overrun, paused.pause_reason) == (StepState.PAUSED, 0, "Menunggu petunjuk Bupati")
    resume_step(acting(store, "sekretaris", NOW + timedelta(hours=2)), RUNNING)
    again = steps_of(office_in(store), RUNNING, NOW + timedelta(hours=2)).items[6]
    assert again.due_at == due + timedelta(hours=2)
    assert again.state is StepState.RUNNING


def test_a_pause_needs_a_reason_and_a_paused_step_cannot_end(store: SqlStore) -> None:
    with pytest.raises(Refused, match="alasan"):
        pause_step(acting(store, "pkp"), RUNNING, " ")
    pause_step(acting(store, "pkp"), RUNNING, "Cuti bersama")
    with pytest.raises(Refused, match="sedang dijeda"):
        finish_step(acting(store, "pkp"), RUNNING, "Analisis menyusul")


def test_a_step_can_be_paused_again_after_it_ran_on(store: SqlStore) -> None:
    for hour in (0, 2):
        pause_step(acting(store, "pkp", NOW + timedelta(hours=hour)), RUNNING, "Menunggu data")
        resume_step(acting(store, "pkp", NOW + timedelta(hours=hour + 1)), RUNNING)
    assert steps_of(office_in(store), RUNNING, NOW + timedelta(hours=4)).items[6].paused == 120


# --- the two dates of data ---------------------------------------------------------------------------------------


def test_the_dates_move_with_a_reason_that_stands_in_the_log(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    cycle = office_in(store).cycles[NEXT]
    assert cycle.locks_on is not None
    due, lock = cycle.due_on + timedelta(days=2), cycle.locks_on + timedelta(days=3)
    receipt = move_dates(acting(store, "pkp"), NEXT, due, lock, "Banjir di tiga nagari")
    moved = office_in(store).cycles[NEXT]
    assert (moved.due_on, moved.locks_on) == (due, lock)
    (line, *_) = store.history(HistoryQuery(transaction_id=receipt.transaction_id))
    assert line["action"] == "menggeser tenggat atau kunci: Banjir di tiga nagari"


def test_the_dates_do_not_move_without_a_reason_nor_the_lock_before_the_due_date(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    cycle = office_in(store).cycles[NEXT]
    assert cycle.locks_on is not None
    with pytest.raises(Refused, match="alasan"):
        move_dates(acting(store, "pkp"), NEXT, cycle.due_on, cycle.locks_on + timedelta(days=1), "")
    with pytest.raises(Refused, match="tidak berubah"):
        move_dates(acting(store, "pkp"), NEXT, cycle.due_on, cycle.locks_on, "Banjir")
    with pytest.raises(Refused, match="mendahului tenggat"):
        move_dates(acting(store, "pkp"), NEXT, cycle.due_on, cycle.due_on - timedelta(days=1), "Mundur")


def test_after_step_3_the_dates_stay_and_an_exception_opens_one_section_until_its_end(store: SqlStore) -> None:
    day = NOW.date() + timedelta(days=7)
    with pytest.raises(Refused, match="Beri pengecualian"):
        move_dates(acting(store, "pkp"), RUNNING, day, day, "Mundur")
    grant_exception(acting(store, "sekretaris"), RUNNING, "pem", day, "Operator sakit")
    office = office_in(store)
    assert office.state(RUNNING, NOW + timedelta(days=7), "pem") is CycleState.OPEN
    assert office.state(RUNNING, NOW + timedelta(days=8), "pem") is CycleState.LOCKED
    assert office.state(RUNNING, NOW, "trantib") is CycleState.LOCKED
    assert office.state(RUNNING, NOW) is CycleState.LOCKED


def test_the_newest_exception_of_a_section_counts_and_may_be_ended(store: SqlStore) -> None:
    grant_exception(acting(store, "pkp"), RUNNING, "kesos", NOW.date() + timedelta(days=9), "Data masih dicari")
    assert office_in(store).state(RUNNING, NOW + timedelta(days=9), "kesos") is CycleState.OPEN
    end_exception(acting(store, "pkp"), RUNNING, "kesos", "Data sudah lengkap")
    assert office_in(store).state(RUNNING, NOW, "kesos") is CycleState.LOCKED
    with pytest.raises(Refused, match="tidak mempunyai pengecualian"):
        end_exception(acting(store, "pkp"), RUNNING, "kesos", "Sekali lagi")


def test_an_exception_does_not_end_in_the_past(store: SqlStore) -> None:
    with pytest.raises(Refused, match="sudah lewat"):
        grant_exception(acting(store, "pkp"), RUNNING, "pem", NOW.date() - timedelta(days=1), "Salah tanggal")


def test_an_exception_needs_a_reason(store: SqlStore) -> None:
    with pytest.raises(Refused, match="alasan"):
        grant_exception(acting(store, "pkp"), RUNNING, "pem", NOW.date(), " ")
