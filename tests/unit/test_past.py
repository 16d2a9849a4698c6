"""Mesin waktu: what the log says was there comes back exactly, whatever happened in between."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.actions.steps import finish_step
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.store import codec, schema
from services.store.schema import Column, Kind, Table
from services.store.sql import SqlStore
from services.store.store import Change, HistoryQuery, Insert, Row, Snapshot, Transaction, Update, Value
from services.views.past import office_at, snapshot_at
from services.views.steps import steps_of
from tests.unit.sample_store import NOW, acting, office_in, sample_store

PERIOD = Period(2026, 3)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)
VALUES: Mapping[Kind, st.SearchStrategy[Value]] = {
    Kind.TEXT: TEXTS,
    Kind.ENTRY: st.none() | TEXTS | NUMBERS | st.sampled_from(["ya", "2026-01-02", "5"]),
    Kind.NUMBER: st.none() | NUMBERS,
    Kind.INTEGER: st.none() | st.integers(-(2**63), 2**63 - 1),
    Kind.DATE: st.none() | st.dates(),
    Kind.MOMENT: st.none()
    | st.datetimes(datetime(1990, 1, 1), timezones=st.just(WIB), allow_imaginary=False).map(  # noqa: DTZ001
        lambda moment: moment.replace(fold=0)
    ),
    Kind.FLAG: st.booleans(),
}
CHANGED: tuple[tuple[Table, str, tuple[str, ...]], ...] = (
    (schema.INDICATOR, "i", ("definition", "order", "active")),
    (schema.ENTRY, "e", ("actual", "spent", "driver", "entered_by", "entered_at")),
    (schema.CYCLE, "s", ("locks_on", "locked_at", "opened_by")),
    (schema.MONEV, "m", ("planned_on", "findings", "agreed_at")),
)
"""Table, id of its row, and columns of every kind that may change; ``order`` is never blank."""


def row(of: Table, row_id: str, /, **values: Value) -> Row:
    blank: dict[Kind, Value] = {Kind.TEXT: "", Kind.FLAG: False}
    return {**{c.name: blank.get(c.kind) for c in of.columns}, "id": row_id, **values}


def quarter() -> dict[str, Value]:
    return {"year": 2026, "quarter": 3}


FIRST = (
    Insert(schema.SECTION, row(schema.SECTION, "pem", name="Pemerintahan", short="Pem", order=1)),
    Insert(
        schema.INDICATOR,
        row(
            schema.INDICATOR,
            "i",
            name="A",
            level="IKU",
            unit="%",
            aggregation="jumlah",
            section_id="pem",
            order=1,
            active=True,
        ),
    ),
    Insert(schema.ENTRY, row(schema.ENTRY, "e", **quarter(), indicator_id="i", section_id="pem")),
    Insert(
        schema.CYCLE, row(schema.CYCLE, "s", **quarter(), opened_at=NOW, due_on=date(2026, 10, 5), sop_version="2024")
    ),
    Insert(schema.MONEV, row(schema.MONEV, "m", **quarter(), section_id="pem")),
)


def column_value(column: Column) -> st.SearchStrategy[Value]:
    values = VALUES[column.kind]
    return values.filter(lambda value: value not in (None, "")) if column.required else values


@st.composite
def updates(draw: st.DrawFn) -> Update:
    table, row_id, columns = draw(st.sampled_from(CHANGED))
    names = draw(st.lists(st.sampled_from(columns), min_size=1, unique=True))
    return Update(table, row_id, {}, {name: draw(column_value(table.column(name))) for name in names})


HOLIDAYS = st.dates(date(2000, 1, 1), date(2000, 1, 20))
ACTIONS = st.lists(updates() | HOLIDAYS, min_size=1, max_size=4)


def as_changes(found: list[Update | date], taken: set[date]) -> tuple[Change, ...]:
    """A day stands for a new row of HariLibur, where it is not there yet."""
    changes: list[Change] = []
    for each in found:
        if isinstance(each, Update):
            changes.append(each)
        elif each not in taken:
            taken.add(each)
            values: dict[str, Value] = {"day": each, "kind": "cuti bersama", "basis": "SKB"}
            changes.append(Insert(schema.HOLIDAY, row(schema.HOLIDAY, each.isoformat(), **values)))
    return tuple(changes)


@contextmanager
def empty_store() -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{folder}/a.db", "1301", lambda: NOW)
        yield store
        store.close()


def act(store: SqlStore, at: datetime, changes: tuple[Change, ...]) -> None:
    store.commit(Transaction(at, "pkp", "pkp", "uji", "Uji", changes))


def rebuilt(store: SqlStore, moment: datetime) -> Snapshot:
    return snapshot_at(store.read(), store.history(HistoryQuery(limit=10_000)), moment)


def exact(snapshot: Snapshot) -> str:
    """A text that tells 83.3 from 83.30 and "" from None."""
    return repr({name: [dict(sorted(r.items())) for r in rows] for name, rows in snapshot.tables.items()})


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTIONS, min_size=1, max_size=8))
def test_every_past_state_comes_back_exactly(story: list[list[Update | date]]) -> None:
    with empty_store() as store:
        act(store, NOW, FIRST)
        seen, taken = {NOW: exact(store.read())}, set[date]()
        for minute, found in enumerate(story, start=1):
            moment = NOW + timedelta(minutes=minute)
            act(store, moment, as_changes(found, taken))
            seen[moment] = exact(store.read())
        for moment, before in seen.items():
            assert exact(rebuilt(store, moment)) == before
            assert exact(rebuilt(store, moment + timedelta(seconds=59))) == before
        assert not any(rebuilt(store, NOW - timedelta(seconds=1)).tables.values())


@given(st.data())
def test_what_the_log_says_of_a_value_is_read_back_as_that_value(data: st.DataObject) -> None:
    column = Column("x", "X", data.draw(st.sampled_from(Kind)))
    value = data.draw(VALUES[column.kind])
    assert repr(codec.from_log(column, codec.log_value(column, value))) == repr(codec.normal(column, value))


@pytest.mark.parametrize(
    ("kind", "logged"),
    [
        (Kind.INTEGER, "tiga"),
        (Kind.NUMBER, "3"),
        (Kind.DATE, "kemarin"),
        (Kind.MOMENT, "kemarin"),
        (Kind.FLAG, "mungkin"),
        (Kind.FLAG, None),
    ],
)
def test_what_no_store_ever_logged_is_refused(kind: Kind, logged: Value) -> None:
    with pytest.raises(ValueError, match=r".+"):
        codec.from_log(Column("x", "X", kind), logged)


def test_a_line_of_the_log_that_cannot_be_undone_is_named_and_changes_nothing() -> None:
    with empty_store() as store:
        act(store, NOW, FIRST)
        line = row(
            schema.HISTORY,
            "x-1",
            at=NOW + timedelta(minutes=1),
            by="pkp",
            table="Siklus",
            row_id="s",
            column="due_on",
            old="kapan-kapan",
        )
        found = snapshot_at(store.read(), [line], NOW)
        (problem,) = found.problems
        assert (problem.typed, problem.tab) == ("kapan-kapan", "Riwayat")
        assert exact(found) == exact(store.read())


def test_the_sample_before_its_first_action_holds_only_what_was_there_without_one(tmp_path: Path) -> None:
    store = sample_store(tmp_path)
    before = office_at(store, office_in(store), datetime(2024, 1, 1, tzinfo=WIB))
    assert before.cycles == {}
    assert before.snapshot.rows(schema.ENTRY) == ()
    store.close()


def test_a_step_finished_since_is_running_in_the_past(tmp_path: Path) -> None:
    store = sample_store(tmp_path)
    current = steps_of(office_in(store), PERIOD, NOW).current
    assert current is not None
    later = NOW + timedelta(hours=1)
    finish_step(acting(store, "pkp", later), PERIOD, "Selesai lebih cepat")
    past = steps_of(office_at(store, office_in(store), NOW), PERIOD, NOW).current
    assert past is not None
    assert past.step.no == current.step.no
    now = steps_of(office_in(store), PERIOD, later).current
    assert now is not None
    assert now.step.no == current.step.no + 1
    store.close()


def test_a_value_typed_again_since_stands_there_as_it_was(tmp_path: Path) -> None:
    store = sample_store(tmp_path)
    entry = next(r for r in store.read().rows(schema.ENTRY) if r["actual"] is not None)
    later = NOW + timedelta(days=2)
    change = Update(schema.ENTRY, str(entry["id"]), {}, {"actual": Decimal("0.10")})
    store.commit(Transaction(later, "pkp", "pkp", "uji", "Uji", (change,)))
    past = office_at(store, office_in(store), later - timedelta(seconds=1)).entry_by_id(str(entry["id"]))
    assert past is not None
    assert past.row == entry
    store.close()
