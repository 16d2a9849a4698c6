"""The SOP's versions: written as a copy, put into force once, and never changed under a running quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.actions import sop
from services.actions.base import Denied, Refused, Unreadable
from services.actions.quarters import open_quarter
from services.domain.indicators import Period
from services.domain.roles import Role
from services.domain.sop import HEAD_2024, SOP_2024, STEP_COUNT
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery
from services.views.office import Office
from tests.unit.sample_store import acting, office_in, sample_store

RUNNING, NEXT = Period(2026, 3), Period(2026, 4)
NEW = "versi-2"
OTHERS = ["admin", "kasi.pem", "umum", "sekretaris", "camat", "pimpinan"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def writing(store: SqlStore) -> SqlStore:
    sop.begin_version(acting(store, "pkp"))
    return store


def change_step(store: SqlStore, no: int, **typed: str) -> None:
    seen = sop.shown(office_in(store).steps_in(NEW)[no - 1])
    sop.save_step(acting(store, "pkp"), NEW, no, seen, seen | typed)


def change_head(store: SqlStore, **typed: str) -> None:
    seen = sop.shown_head(office_in(store).head(NEW))
    sop.save_head(acting(store, "pkp"), NEW, seen, seen | typed)


def enforce(store: SqlStore, number: str = "800/9/Silaut/2026") -> Office:
    change_head(store, number=number)
    sop.put_in_force(acting(store, "pkp"), NEW, date(2026, 11, 2), date(2026, 11, 3))
    return office_in(store)


def test_the_next_version_begins_as_a_copy_of_the_one_in_force(writing: SqlStore) -> None:
    office = office_in(writing)
    assert office.steps_in(NEW) == SOP_2024
    assert office.head(NEW).legal_bases == HEAD_2024.legal_bases
    assert office.sop_in_force == HEAD_2024.version


def test_only_one_version_is_written_at_a_time(writing: SqlStore) -> None:
    with pytest.raises(Refused, match="sudah disusun"):
        sop.begin_version(acting(writing, "pkp"))


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_but_the_kasubag_pkp_writes_the_sop(store: SqlStore, username: str) -> None:
    with pytest.raises(Denied):
        sop.begin_version(acting(store, username))
    assert sop.next_version(office_in(store)) is None


def test_a_changed_step_is_logged_with_its_old_value(writing: SqlStore) -> None:
    change_step(writing, 2, amount="4")
    (line,) = [r for r in writing.history(HistoryQuery(table="SOP", limit=50)) if r["column"] == "amount"]
    assert (str(line["old"]), str(line["new"]), line["by"]) == ("2", "4", "pkp")


def test_a_version_in_force_cannot_be_changed(store: SqlStore) -> None:
    seen = sop.shown(SOP_2024[1])
    with pytest.raises(Refused, match="sudah berlaku"):
        sop.save_step(acting(store, "pkp"), HEAD_2024.version, 2, seen, seen | {"amount": "9"})


def test_somebody_elses_change_of_the_same_field_is_a_conflict(writing: SqlStore) -> None:
    seen = sop.shown(office_in(writing).steps_in(NEW)[1])
    stale = acting(writing, "pkp")
    change_step(writing, 2, amount="4")
    with pytest.raises(Conflict):
        sop.save_step(stale, NEW, 2, seen, seen | {"amount": "5"})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "dua"),
        ("amount", "0"),
        ("amount", "1,5"),
        ("unit", "bulan"),
        ("procedure", " "),
        ("executor", "raja"),
    ],
)
def test_what_cannot_be_understood_is_told_and_nothing_is_saved(writing: SqlStore, field: str, typed: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        change_step(writing, 4, **{field: typed})
    assert set(refusal.value.problems) == {field}
    assert office_in(writing).steps_in(NEW) == SOP_2024


def test_a_step_keeps_an_executor_who_has_the_right_to_finish_it(writing: SqlStore) -> None:
    with pytest.raises(Unreadable, match="harus mencakup Kasubag Umum"):
        change_step(writing, 13, executor="pkp")
    change_step(writing, 13, executor="umum,pkp")
    assert office_in(writing).steps_in(NEW)[12].executor == (Role.UMUM, Role.PKP)


def test_every_step_has_somebody_who_can_move_it_on() -> None:
    assert all(set(step.executor) & sop.able(step.no) for step in SOP_2024)


def test_a_running_quarter_keeps_the_version_with_which_it_was_opened(writing: SqlStore) -> None:
    change_step(writing, 1, amount="2", unit="hari")
    office = enforce(writing)
    assert str(office.steps(RUNNING)[0].duration) == "15 menit"
    open_quarter(acting(writing, "pkp"), NEXT)
    assert office_in(writing).cycles[NEXT].sop_version == NEW
    assert str(office_in(writing).steps(NEXT)[0].duration) == "2 hari"


def test_a_version_needs_a_number_of_its_own_and_a_later_day(writing: SqlStore) -> None:
    with pytest.raises(Refused, match="nomor SOP sendiri"):
        sop.put_in_force(acting(writing, "pkp"), NEW, date(2026, 11, 2), date(2026, 11, 3))
    change_head(writing, number="800/9/Silaut/2026")
    with pytest.raises(Refused, match="harus sesudah"):
        sop.put_in_force(acting(writing, "pkp"), NEW, date(2024, 1, 1), date(2024, 1, 2))
    with pytest.raises(Refused, match="sebelum disahkan"):
        sop.put_in_force(acting(writing, "pkp"), NEW, date(2026, 11, 4), date(2026, 11, 3))


def test_lists_of_the_head_keep_one_item_on_each_line(writing: SqlStore) -> None:
    change_head(writing, equipment="Renja\n\n  Komputer ")
    assert office_in(writing).head(NEW).equipment == ("Renja", "Komputer")


@pytest.mark.parametrize("username", ["pkp", "sekretaris"])
def test_pkp_or_sekretaris_confirm_an_executor_once(store: SqlStore, username: str) -> None:
    sop.confirm_executor(acting(store, username), HEAD_2024.version, 5)
    steps = office_in(store).steps(RUNNING)
    assert [step.no for step in steps if step.confirmed] == [5]
    with pytest.raises(Refused, match="sudah dikonfirmasi"):
        sop.confirm_executor(acting(store, username), HEAD_2024.version, 5)


@pytest.mark.parametrize("username", ["admin", "kasi.pem", "umum", "camat", "pimpinan"])
def test_nobody_else_confirms_an_executor(store: SqlStore, username: str) -> None:
    with pytest.raises(Denied):
        sop.confirm_executor(acting(store, username), HEAD_2024.version, 5)


def test_another_executor_is_a_proposal_again(store: SqlStore) -> None:
    for no in range(1, STEP_COUNT + 1):
        sop.confirm_executor(acting(store, "pkp"), HEAD_2024.version, no)
    sop.begin_version(acting(store, "pkp"))
    change_step(store, 4, executor="pkp,sekretaris")
    assert [step.no for step in office_in(store).steps_in(NEW) if not step.confirmed] == [4]


def test_a_step_that_somebody_deleted_from_a_spreadsheet_stops_no_page(store: SqlStore) -> None:
    snapshot = store.read()
    rows = tuple(row for row in snapshot.rows(schema.SOP_STEP) if row["no"] != 5)
    strange = {**rows[0], "id": "sop-aneh", "no": 14}
    office = Office(replace(snapshot, tables={**snapshot.tables, schema.SOP_STEP.name: (*rows, strange)}))
    assert [step.no for step in office.steps(RUNNING)] == list(range(1, STEP_COUNT + 1))
    assert office.steps(RUNNING)[4] == SOP_2024[4]
