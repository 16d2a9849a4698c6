"""Accounts as rows of a SQL database, beside the office's data and not part of them: they never go into a sheet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, MetaData, Row, Text, delete, false, insert, make_url, select, update
from sqlalchemy import Table as SqlTable

from services.domain.clock import WIB
from services.store.codec import encode_moment
from services.store.engine import Database

_METADATA = MetaData()
_PEOPLE = SqlTable(
    "pengguna",
    _METADATA,
    Column("username", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("section_id", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("sample", Boolean, nullable=False, server_default=false()),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in. ``section_id`` is "" where the role has none; ``sample``: made for trying out."""

    username: str
    name: str
    role: str
    section_id: str
    password_hash: str
    active: bool
    created_at: datetime
    sample: bool = False


class AccountTable:
    """The accounts in the database at ``url``. Every method raises StoreUnavailable when it cannot be reached."""

    def __init__(self, url: str) -> None:
        self._database = Database(make_url(url))
        self._database.create(_METADATA)

    def get(self, username: str) -> Account | None:
        with self._database.reading() as connection:
            row = connection.execute(select(_PEOPLE).where(_PEOPLE.c.username == username)).first()
        return _account(row) if row else None

    def all(self) -> tuple[Account, ...]:
        with self._database.reading() as connection:
            return tuple(_account(row) for row in connection.execute(select(_PEOPLE).order_by(_PEOPLE.c.username)))

    def insert(self, account: Account) -> bool:
        """False when the name is taken already; nothing is written then."""
        values = {**asdict(account), "created_at": encode_moment(account.created_at)}

        def work(connection: Any) -> bool:
            if connection.execute(select(_PEOPLE).where(_PEOPLE.c.username == account.username)).first():
                return False
            connection.execute(insert(_PEOPLE).values(values))
            return True

        return self._database.write(work)

    def change(self, username: str, **values: str | bool) -> bool:
        """False when there is no such account."""
        wanted = update(_PEOPLE).where(_PEOPLE.c.username == username).values(values)
        return self._database.write(lambda connection: connection.execute(wanted).rowcount == 1)

    def remove_samples(self) -> int:
        """How many sample accounts there were."""
        wanted = delete(_PEOPLE).where(_PEOPLE.c.sample)
        return self._database.write(lambda connection: connection.execute(wanted).rowcount)


def _account(row: Row[Any]) -> Account:
    values = dict(row._mapping)
    return Account(**{**values, "created_at": datetime.fromisoformat(values["created_at"]).astimezone(WIB)})
