"""The sample office in a SQLite file of its own, and people who act on it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

from services.actions.base import Context
from services.domain.clock import WIB
from services.domain.roles import Actor
from services.sample.office import tables
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Store, Transaction, Update
from services.views.office import Office

NOW = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)
OFFICE = "1301"


def sample_store(folder: Path) -> SqlStore:
    """A fresh copy, so that a test may change what it likes."""
    file = folder / "monev.db"
    shutil.copyfile(_template(), file)
    return _open(file)


def acting(store: Store, username: str, now: datetime = NOW) -> Context:
    """This person of the sample, with the data as they are now."""
    person = BY_USERNAME[username]
    actor = Actor(person.username, person.name, person.role, person.section_id)
    return Context(store, Office(store.read()), actor, now, "Uji")


def take_figures_again(store: Store, year: int = 2026, quarter: int = 3) -> None:
    """Put a quarter back to before step 3 closed its figures; its steps stay where they are."""
    cycle = f"siklus-{year}-{quarter}"
    update = Update(schema.CYCLE, cycle, {}, {"locked_at": None, "locks_on": None})
    store.commit(Transaction(NOW, "pkp", "pkp", "membuka kunci", "Uji", (update,)))


def office_in(store: Store) -> Office:
    return Office(store.read())


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="monev-contoh-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = _open(folder / "contoh.db")
    store.load(tables(NOW))
    store.close()
    return folder / "contoh.db"


def _open(file: Path) -> SqlStore:
    return SqlStore(f"sqlite:///{file}", OFFICE, lambda: NOW)
