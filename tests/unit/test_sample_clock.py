"""The sample stands on the day of its story; a real office stands today."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from services.domain.clock import WIB
from services.sample.clock import present
from services.sample.office import tables
from services.sample.quarters import PRESENT
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Transaction, Update

TODAY = datetime(2027, 5, 4, 9, 0, tzinfo=WIB)


def store_in(folder: Path) -> SqlStore:
    return SqlStore(f"sqlite:///{folder / 'contoh.db'}", "silaut", lambda: TODAY)


def test_the_sample_stands_on_the_day_of_its_story_whenever_it_is_looked_at(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.load(tables(PRESENT))
    assert present(store, TODAY) == PRESENT


def test_work_done_in_the_sample_moves_its_day_on(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.load(tables(PRESENT))
    later = PRESENT + timedelta(hours=3)
    change = Update(schema.PROFILE, "alamat", {}, {"value": "Alamat lain"})
    store.commit(Transaction(later, "pkp", "pkp", "mengubah profil", "tes", (change,)))
    assert present(store, TODAY) == later


def test_a_real_office_stands_today(tmp_path: Path) -> None:
    assert present(store_in(tmp_path), TODAY) == TODAY
