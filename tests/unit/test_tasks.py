"""Tugas saya: each person sees what waits for him, the most urgent first, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.actions.steps import move_step, pause_step
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.sop import ANALYSING, ARCHIVING, CORRECTING, DISCUSSING, ISSUING, VERIFYING, Event
from services.store.sql import SqlStore
from services.views.tasks import Task, Urgency, tasks_of
from tests.unit.quarter_play import do_work, finish_up_to
from tests.unit.sample_store import NOW, acting, sample_store

RUNNING = Period(2026, 3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def tasks(store: SqlStore, username: str, now: datetime = NOW) -> list[Task]:
    context = acting(store, username, now)
    return [t for t in tasks_of(context.office, context.actor, now) if not t.detail.startswith("Tindak lanjut")]


def steps(store: SqlStore, username: str, now: datetime = NOW) -> list[int | None]:
    return [task.step for task in tasks(store, username, now)]


def test_the_holder_of_the_running_step_has_it_as_a_task(store: SqlStore) -> None:
    task = tasks(store, "pkp")[0]
    assert (task.step, task.period, task.urgency) == (ANALYSING, RUNNING, Urgency.TODAY)


@pytest.mark.parametrize("username", ["umum", "camat", "sekretaris", "pimpinan", "admin", "kasi.pem"])
def test_who_does_not_hold_the_step_has_no_task_of_it(store: SqlStore, username: str) -> None:
    assert ANALYSING not in steps(store, username)


def test_a_section_that_owes_its_data_is_late_and_told_how_much_is_there(store: SqlStore) -> None:
    task = tasks(store, "kasi.kesos")[0]
    assert (task.page, task.urgency) == ("isian", Urgency.LATE)
    assert "3 dari 6 indikator terisi" in task.detail


def test_a_section_whose_exception_is_over_can_do_nothing_any_more(store: SqlStore) -> None:
    later = NOW + timedelta(days=3)
    assert "isian" not in [t.page for t in tasks(store, "kasi.kesos", later)]


def test_a_step_past_its_time_is_late(store: SqlStore) -> None:
    assert tasks(store, "pkp", NOW + timedelta(days=2))[0].urgency is Urgency.LATE


def test_a_paused_step_waits_to_be_resumed(store: SqlStore) -> None:
    pause_step(acting(store, "pkp"), RUNNING, "Listrik padam")
    assert tasks(store, "pkp", NOW + timedelta(hours=1))[0].title == "Lanjutkan"


def test_while_the_draft_is_discussed_everybody_may_comment_and_the_sekretaris_leads(store: SqlStore) -> None:
    now = finish_up_to(store, DISCUSSING - 1)
    assert DISCUSSING in steps(store, "sekretaris", now)
    for username in ("kasi.pem", "umum", "camat"):
        assert next(t.title for t in tasks(store, username, now) if t.step == DISCUSSING).startswith("Baca dan beri")
    assert DISCUSSING not in steps(store, "pimpinan", now)


def test_verification_is_first_the_sekretaris_then_the_camat(store: SqlStore) -> None:
    now = finish_up_to(store, CORRECTING)
    assert VERIFYING in steps(store, "sekretaris", now)
    assert VERIFYING not in steps(store, "camat", now)
    do_work(store, VERIFYING, now)
    move_step(acting(store, "sekretaris", now + timedelta(minutes=5)), RUNNING, Event.VERIFIED)
    later = now + timedelta(minutes=10)
    assert VERIFYING in steps(store, "camat", later)
    assert VERIFYING not in steps(store, "sekretaris", later)


def test_the_archive_is_the_task_of_the_kasubag_umum(store: SqlStore) -> None:
    now = finish_up_to(store, ISSUING)
    assert steps(store, "umum", now) == [ARCHIVING]


def test_a_quarter_that_has_ended_waits_to_be_opened_by_pkp(store: SqlStore) -> None:
    january = datetime(2027, 1, 4, 8, 30, tzinfo=WIB)
    assert "Buka Triwulan IV 2026" in [t.title for t in tasks(store, "pkp", january)]
    assert "Buka Triwulan IV 2026" not in [t.title for t in tasks(store, "sekretaris", january)]


def test_an_archived_quarter_leaves_no_tasks(store: SqlStore) -> None:
    now = finish_up_to(store, ARCHIVING)
    for username in ("pkp", "umum", "sekretaris", "camat", "kasi.kesos"):
        assert RUNNING not in [t.period for t in tasks(store, username, now)]


def test_the_most_urgent_task_stands_first(store: SqlStore) -> None:
    found = tasks(store, "pkp", datetime(2027, 1, 4, 8, 30, tzinfo=WIB))
    assert [t.urgency for t in found] == sorted(t.urgency for t in found)
