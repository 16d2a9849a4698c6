"""Accounts as rows of a SQL database, beside the office's data and not part of them: they never go into a sheet."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    MetaData,
    Row,
    Text,
    delete,
    false,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.schema import CreateColumn

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
    Column("email", Text, nullable=False, server_default=""),
    Column("first_until", Text),
)
_MOMENTS = ("created_at", "first_until")


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in. ``section_id`` is "" where the role has none; ``sample``: made for trying out.

    ``password_hash`` "": no password opens it. ``first_until``: the password was given by an admin, is good until then
    and has to be changed; None once its owner has chosen one. ``email``: for signing in with Google, "" for none.
    """

    username: str
    name: str
    role: str
    section_id: str
    password_hash: str = field(repr=False)
    active: bool
    created_at: datetime
    sample: bool = False
    email: str = ""
    first_until: datetime | None = None


class AccountTable:
    """The accounts in the database at ``url``. Every method raises StoreUnavailable when it cannot be reached."""

    def __init__(self, url: str) -> None:
        self.database = Database(make_url(url))
        self.database.create(_METADATA, _add_new_columns)

    def get(self, username: str) -> Account | None:
        with self.database.reading() as connection:
            row = connection.execute(select(_PEOPLE).where(_PEOPLE.c.username == username)).first()
        return _account(row) if row else None

    def by_email(self, email: str) -> Account | None:
        """The only account with this address; None where there is none, or more than one."""
        with self.database.reading() as connection:
            rows = connection.execute(select(_PEOPLE).where(_PEOPLE.c.email == email)).all()
        return _account(rows[0]) if email and len(rows) == 1 else None

    def all(self) -> tuple[Account, ...]:
        with self.database.reading() as connection:
            return tuple(_account(row) for row in connection.execute(select(_PEOPLE).order_by(_PEOPLE.c.username)))

    def insert(self, account: Account) -> bool:
        """False when the name is taken already; nothing is written then."""
        values = _encoded(asdict(account))

        def work(connection: Any) -> bool:
            if connection.execute(select(_PEOPLE).where(_PEOPLE.c.username == account.username)).first():
                return False
            connection.execute(insert(_PEOPLE).values(values))
            return True

        return self.database.write(work)

    def change(self, username: str, **values: str | bool | datetime | None) -> bool:
        """False when there is no such account."""
        wanted = update(_PEOPLE).where(_PEOPLE.c.username == username).values(_encoded(values))
        return self.database.write(lambda connection: connection.execute(wanted).rowcount == 1)

    def remove(self, username: str) -> bool:
        """False when there is no such account."""
        wanted = delete(_PEOPLE).where(_PEOPLE.c.username == username)
        return self.database.write(lambda connection: connection.execute(wanted).rowcount == 1)

    def remove_samples(self) -> int:
        """How many sample accounts there were."""
        wanted = delete(_PEOPLE).where(_PEOPLE.c.sample)
        return self.database.write(lambda connection: connection.execute(wanted).rowcount)


def _add_new_columns(connection: Connection) -> None:
    """A table of an older version gets the columns that came later; its accounts stay as they are."""
    there = {column["name"] for column in inspect(connection).get_columns(_PEOPLE.name)}
    for column in _PEOPLE.columns:
        if column.name not in there:
            definition = CreateColumn(column).compile(connection)
            connection.execute(text(f"ALTER TABLE {_PEOPLE.name} ADD COLUMN {definition}"))


def _encoded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: encode_moment(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _account(row: Row[Any]) -> Account:
    values = dict(row._mapping)
    moments = {name: datetime.fromisoformat(values[name]).astimezone(WIB) for name in _MOMENTS if values[name]}
    return Account(**{**values, **moments})
