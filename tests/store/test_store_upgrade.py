"""A store that an earlier version made gets the new tables and columns, and keeps everything that it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import create_engine, inspect, text

from services.store import changes, schema, sheets, sheets_reading, sheets_repair, sheets_setup, sheets_state
from services.store.schema import CYCLE, TABLES, Table
from services.store.sheets import SheetsStore
from services.store.sheets_setup import Outcome, prepare
from services.store.sql import SqlStore
from services.store.store import Insert, Update
from services.store.tables import SQL_TABLES
from tests.sheets_server.control import Server
from tests.store.helpers import NOW, action, fill, found, now, row
from tests.store.sheets import Book

NEW_TABLES = {
    schema.EXCEPTION,
    schema.SOP_VERSION,
    schema.MONEV,
    schema.MONEV_CHECK,
    schema.ANALYSIS,
    schema.FOLLOW_UP,
    schema.DRAFT,
    schema.MEETING,
    schema.CORRECTION,
    schema.VERIFICATION,
    schema.DOCUMENT,
    schema.ARCHIVE,
    schema.FILE,
    schema.RENSTRA,
    schema.REPORT_TEXT,
}
"""What version 3 of the schema added to version 2, besides one column."""
NEW_COLUMN = "locks_on"


def cycle_row(table: Table = CYCLE) -> Insert:
    dates = {"opened_at": NOW, "due_on": date(2026, 10, 5), "opened_by": "pkp", "sop_version": "2024-08-13"}
    return Insert(table, row(table, "siklus-2026-3", year=2026, quarter=3, **dates))


# --- databases ---------------------------------------------------------------------------------------------------


@pytest.fixture
def old_database(url: str) -> str:
    """A database as version 2 of the schema made it, with an entry and a cycle."""
    store = SqlStore(url, "silaut", now)
    fill(store)
    store.commit(action(cycle_row()))
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in [t for t in reversed(TABLES) if t in NEW_TABLES]:
            connection.execute(text(f'DROP TABLE "{SQL_TABLES[table.name].name}"'))
        connection.execute(text(f"ALTER TABLE siklus DROP COLUMN {NEW_COLUMN}"))
    engine.dispose()
    return url


def test_a_database_of_the_version_before_gets_what_is_new_and_keeps_what_it_has(old_database: str) -> None:
    store = SqlStore(old_database, "silaut", now)
    assert found(store, CYCLE, "siklus-2026-3")[NEW_COLUMN] is None
    assert found(store)["id"] == "e1"
    lock = Update(CYCLE, "siklus-2026-3", {NEW_COLUMN: None}, {NEW_COLUMN: date(2026, 10, 14)})
    granted = row(schema.EXCEPTION, "x1", year=2026, quarter=3, section_id="pem", until=date(2026, 11, 4), at=NOW)
    store.commit(action(lock, Insert(schema.EXCEPTION, {**granted, "reason": "Banjir", "by": "pkp"})))
    assert found(store, CYCLE, "siklus-2026-3")[NEW_COLUMN] == date(2026, 10, 14)
    assert found(store, schema.EXCEPTION, "x1")["until"] == date(2026, 11, 4)
    store.close()


def test_the_upgraded_database_has_every_column_of_a_new_one(old_database: str) -> None:
    SqlStore(old_database, "silaut", now).close()
    engine = create_engine(old_database)
    there = inspect(engine)
    for table in TABLES:
        sql = SQL_TABLES[table.name]
        assert {c["name"] for c in there.get_columns(sql.name)} == set(sql.columns.keys())
    engine.dispose()


def test_opening_it_a_second_time_changes_nothing(old_database: str) -> None:
    for _ in range(2):
        store = SqlStore(old_database, "silaut", now)
        revision = store.revision()
        store.close()
    assert revision == SqlStore(old_database, "silaut", now).revision()


# --- spreadsheets ------------------------------------------------------------------------------------------------


@contextmanager
def version_2() -> Iterator[Table]:
    """The program as it was with version 2 of the schema; its table of cycles."""
    older = replace(CYCLE, columns=tuple(c for c in CYCLE.columns if c.name != NEW_COLUMN))
    tables = tuple(older if table is CYCLE else table for table in TABLES if table not in NEW_TABLES)
    with pytest.MonkeyPatch.context() as patch:
        for module in (sheets, sheets_reading, sheets_repair):
            patch.setattr(module, "TABLES", tables)
        for module in (changes, sheets, sheets_state, sheets_setup):
            patch.setattr(module, "BY_NAME", {table.name: table for table in tables})
        patch.setattr(sheets, "SNAPSHOT_TABLES", tuple(table for table in tables if not table.on_demand))
        yield older


@pytest.fixture
def old_book(google: Server) -> Book:
    """A spreadsheet that version 2 made ready, with an entry and a cycle."""
    google.control.heal()
    book = Book(google, google.control.create("Monev Silaut"))
    with version_2() as cycles:
        store = book.open()
        prepare(store)
        fill(store)
        store.commit(action(cycle_row(cycles)))
        prepare(store)
        store.close()
    return book


def test_siapkan_adds_the_new_tabs_and_the_column_to_a_spreadsheet_of_the_version_before(old_book: Book) -> None:
    store = old_book.open()
    outcome = prepare(store)
    assert any("kolom “Tanggal kunci” ditambahkan di ujung" in line for line in outcome.done)
    for table in NEW_TABLES:
        assert any(f"Tab {table.name} dibuat" in line for line in outcome.done), table.name
    assert outcome.left == ()
    assert prepare(store) == Outcome((), ())
    _is_complete(store)


def _is_complete(store: SheetsStore) -> None:
    assert store.read().problems == ()
    assert found(store, CYCLE, "siklus-2026-3")[NEW_COLUMN] is None
    lock = Update(CYCLE, "siklus-2026-3", {NEW_COLUMN: None}, {NEW_COLUMN: date(2026, 10, 14)})
    store.commit(action(lock))
    assert found(store, CYCLE, "siklus-2026-3")[NEW_COLUMN] == date(2026, 10, 14)
    assert found(store)["id"] == "e1"
