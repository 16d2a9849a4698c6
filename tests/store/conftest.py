"""Each test that asks for ``place`` or ``store`` runs on SQLite, on PostgreSQL and on a Google Sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from services.store.sql import SqlStore
from tests.sheets_server.control import Server, running_sheets_server
from tests.store.helpers import Openable, Place, fill, now
from tests.store.sheets import new_book


@pytest.fixture(scope="session")
def google() -> Iterator[Server]:
    """The stand-in for Google's API, for all tests that need one."""
    with running_sheets_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return _url(request, request.param, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql", "sheets"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where one kind of store keeps its data."""
    if request.param == "sheets":
        return _sheets(request.getfixturevalue("google"))
    url = _url(request, request.param, tmp_path)

    def opened(office: str = "silaut", clock: Callable[[], datetime] = now) -> Openable:
        return SqlStore(url, office, clock)

    return Place(opened, counts=True)


@pytest.fixture
def empty(place: Place) -> Iterator[Openable]:
    store = place.open()
    yield store
    store.close()


@pytest.fixture
def store(empty: Openable) -> Openable:
    """A store with one section, one indicator ``i1`` and its blank entry ``e1``."""
    fill(empty)
    return empty


def _url(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    return f"sqlite:///{folder}/monev.db" if kind == "sqlite" else str(request.getfixturevalue("postgres_url"))


def _sheets(google: Server) -> Place:
    """One spreadsheet for each office: a spreadsheet belongs to one office."""
    books = {"silaut": new_book(google)}

    def opened(office: str = "silaut", clock: Callable[[], datetime] = now) -> Openable:
        return books.setdefault(office, books.get(office) or new_book(google)).open(office, clock)

    return Place(opened, counts=False)
