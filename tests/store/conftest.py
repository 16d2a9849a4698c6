"""Each test that asks for ``url`` or ``store`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.store.sql import SqlStore
from tests.store.helpers import fill, now


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/monev.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def empty(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url, "silaut", now)
    yield store
    store.close()


@pytest.fixture
def store(empty: SqlStore) -> SqlStore:
    """A store with one section, one indicator ``i1`` and its blank entry ``e1``."""
    fill(empty)
    return empty
