"""A spreadsheet on the local stand-in for Google's API, and a store on it that waits for nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.store.sheets import SheetsStore
from services.store.sheets_access import Budget, Patience
from tests.sheets_server.control import Control, Server
from tests.store.helpers import now
from tests.store.sheets_tabs import create_tabs

PLENTY = 1_000_000


def patient(**changes: Any) -> Patience:
    """No real waiting between tries, and a budget without end."""
    plain: dict[str, Any] = {
        "timeout": (5, 10),
        "reads": Budget(PLENTY),
        "writes": Budget(PLENTY),
        "sleep": lambda seconds: None,
        "jitter": lambda: 0.5,
    }
    return Patience(**{**plain, **changes})


@dataclass(frozen=True, slots=True)
class Book:
    """One spreadsheet of an office, with its tabs."""

    server: Server
    id: str

    @property
    def control(self) -> Control:
        return self.server.control

    def open(self, office: str = "silaut", clock: Callable[[], datetime] = now, **patience: Any) -> SheetsStore:
        return SheetsStore(self.id, office, clock, self.server.key, self.server.base, patient(**patience))

    def human(self, *edits: Any) -> None:
        self.control.human(self.id, *edits)


def new_book(server: Server) -> Book:
    book = Book(server, server.control.create("Monev Silaut"))
    store = book.open()
    create_tabs(store)
    store.close()
    return book
