"""Drafts of unfinished forms, kept on the server so that a lost connection loses no typing.

Drafts belong to one person and are no data of the office: they are in a small SQLite file beside the store and in no
backup.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.domain.clock import WIB
from services.store.store import StoreError, StoreUnavailable

DRAFTS_FILE = "draf.db"
"""In the data folder."""

_LARGEST = 200_000  # bytes
_BUSY_SECONDS = 5
_TABLE = """CREATE TABLE IF NOT EXISTS draf (
    user TEXT NOT NULL, entry_id TEXT NOT NULL, at TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (user, entry_id))"""


class DraftTooLarge(StoreError):
    def __init__(self) -> None:
        super().__init__("Draf tidak disimpan karena terlalu besar (lebih dari 200 kB). Ringkas isiannya.")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person had typed into the fields of a form, and when it was kept (WIB)."""

    user: str
    entry_id: str
    fields: Mapping[str, str]
    at: datetime


class Drafts:
    """The drafts in the file at ``path``, which is made when needed. Safe among threads and processes.

    Every method raises StoreUnavailable when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute(_TABLE)

    def put(self, user: str, entry_id: str, fields: Mapping[str, str], at: datetime) -> None:
        """Keep a draft in place of the last one. Raises DraftTooLarge."""
        text = json.dumps(dict(fields))
        if len(text.encode()) > _LARGEST:
            raise DraftTooLarge
        with self._connection() as connection:
            connection.execute("REPLACE INTO draf VALUES (?, ?, ?, ?)", (user, entry_id, at.isoformat(), text))

    def get(self, user: str, entry_id: str) -> Draft | None:
        with self._connection() as connection:
            row = connection.execute("SELECT * FROM draf WHERE user = ? AND entry_id = ?", (user, entry_id)).fetchone()
        return _draft(row) if row else None

    def for_user(self, user: str) -> tuple[Draft, ...]:
        """All drafts of one person, the newest first."""
        with self._connection() as connection:
            rows = connection.execute("SELECT * FROM draf WHERE user = ?", (user,)).fetchall()
        return tuple(sorted(map(_draft, rows), key=lambda draft: (draft.at, draft.entry_id), reverse=True))

    def discard(self, user: str, entry_id: str) -> None:
        with self._connection() as connection:
            connection.execute("DELETE FROM draf WHERE user = ? AND entry_id = ?", (user, entry_id))

    def discard_all(self, user: str) -> int:
        """Everything that this person had typed; how many drafts there were."""
        with self._connection() as connection:
            return connection.execute("DELETE FROM draf WHERE user = ?", (user,)).rowcount

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """One short transaction on a connection of its own, as threads may not share one."""
        with self._explained(), closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection, connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(f"Berkas draf {self._path} tidak dapat dipakai; draf tidak disimpan.") from error


def _draft(row: tuple[str, str, str, str]) -> Draft:
    user, entry_id, at, fields = row
    return Draft(user, entry_id, json.loads(fields), datetime.fromisoformat(at).astimezone(WIB))
