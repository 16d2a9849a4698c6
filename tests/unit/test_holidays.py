"""Days off: who changes them, what is refused, what a withdrawn one means, and what a change does to the plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from services.actions.base import Denied, Unreadable
from services.actions.holidays import holiday_texts, holiday_values, save_holiday
from services.domain.indicators import Period
from services.domain.process import plan
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery, Row, Update
from services.views.holiday_effect import shifts
from services.views.settings_effect import with_values
from tests.store.helpers import action
from tests.unit.sample_store import acting, office_in, sample_store

CHRISTMAS = date(2026, 12, 25)
FREE = "2026-11-05"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def christmas(store: SqlStore) -> Row:
    return next(row for row in store.read().rows(schema.HOLIDAY) if row["day"] == CHRISTMAS)


def save(store: SqlStore, holiday_id: str = "", username: str = "pkp", **typed: str) -> object:
    context = acting(store, username)
    seen = holiday_texts(context.office, holiday_id)
    return save_holiday(context, holiday_id, seen, {**seen, **typed})


def test_a_day_is_added_with_its_kind_name_and_basis(store: SqlStore) -> None:
    save(store, day=FREE, kind="cuti bersama", name="Uji", basis="SKB")
    [added] = [row for row in store.read().rows(schema.HOLIDAY) if row["day"] == date(2026, 11, 5)]
    assert (added["kind"], added["name"], added["basis"]) == ("cuti bersama", "Uji", "SKB")
    assert not office_in(store).calendar.is_working_day(date(2026, 11, 5))
    assert store.history(HistoryQuery(limit=1))[0]["action"] == "mengubah setelan kantor"


@pytest.mark.parametrize("word", ["dicabut", " Dicabut "])
def test_one_that_was_withdrawn_is_a_working_day_and_stays_in_the_list(store: SqlStore, word: str) -> None:
    row_id = str(christmas(store)["id"])
    store.commit(action(Update(schema.HOLIDAY, row_id, {}, {"kind": word})))
    assert office_in(store).calendar.is_working_day(CHRISTMAS)
    assert christmas(store)["kind"] == word


def test_a_day_is_moved_by_its_row(store: SqlStore) -> None:
    save(store, str(christmas(store)["id"]), day="2026-12-28")
    assert {CHRISTMAS, date(2026, 12, 28)} & office_in(store).calendar.holidays == {date(2026, 12, 28)}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "besok"}, "day"),
        ({"day": "0026-11-05"}, "day"),
        ({"day": "2026-12-25"}, "day"),
        ({"kind": "hari kejepit"}, "kind"),
        ({"basis": " "}, "basis"),
    ],
)
def test_what_could_not_be_counted_is_refused_at_its_field(store: SqlStore, typed: dict[str, str], field: str) -> None:
    revision = store.revision()
    with pytest.raises(Unreadable) as refused:
        save(store, **{"day": FREE, "basis": "SKB", **typed})
    assert set(refused.value.problems) == {field}
    assert store.revision() == revision


def test_of_two_who_change_a_day_the_second_is_told(store: SqlStore) -> None:
    row_id = str(christmas(store)["id"])
    context = acting(store, "pkp")
    seen = holiday_texts(context.office, row_id)
    save(store, row_id, "admin", name="Natal")
    with pytest.raises(Conflict):
        save_holiday(context, row_id, seen, {**seen, "name": "Hari Natal"})


def test_one_saved_unchanged_is_not_written(store: SqlStore) -> None:
    assert save(store, str(christmas(store)["id"])) is None


@pytest.mark.parametrize("username", ["kasi.pem", "umum", "sekretaris", "camat", "pimpinan"])
def test_nobody_but_pkp_and_admin_changes_a_day(store: SqlStore, username: str) -> None:
    with pytest.raises(Denied):
        save(store, username=username, day=FREE, basis="SKB")


def test_the_effect_that_is_told_is_what_the_plan_is_afterwards(store: SqlStore) -> None:
    before, period = office_in(store), Period(2026, 3)
    typed = {"day": FREE, "kind": "libur nasional", "name": "", "basis": "SKB"}
    told = {s.period: s for s in shifts(before, with_values(before, schema.HOLIDAY, {"baru": holiday_values(typed)}))}
    save(store, **typed)
    after = office_in(store)
    dates = [plan(o.steps(period), o.cycles[period].opened_at, o.calendar) for o in (before, after)]
    assert told[period].steps == sum(old.due != new.due for old, new in zip(*dates, strict=True)) > 0
    assert (told[period].before, told[period].after) == (dates[0][-1].due, dates[1][-1].due)
    assert told[period].after > told[period].before


def test_a_change_of_its_name_alone_moves_nothing(store: SqlStore) -> None:
    office, row_id = office_in(store), str(christmas(store)["id"])
    assert shifts(office, with_values(office, schema.HOLIDAY, {row_id: {"name": "Natal"}})) == ()
