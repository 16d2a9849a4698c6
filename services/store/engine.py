"""Connections to SQLite and PostgreSQL, and how a failing database is told to people."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, MetaData, Text, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.schema import CreateColumn
from sqlalchemy.types import TypeEngine

from services.store.store import InvalidChange, StoreUnavailable

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)

_BUSY_SECONDS = 15
_CONNECT_SECONDS = 5
_ATTEMPTS = 5
_SCHEMA_LOCK = 7_301_501  # any fixed number: one process at a time creates tables
_RETRY_STATES = frozenset({"40001", "40P01"})  # PostgreSQL: serialization failure, deadlock


class Database:
    """One database with consistent reads, and writes one at a time. Raises StoreUnavailable where it fails."""

    def __init__(self, url: URL) -> None:
        self._sqlite = url.get_backend_name() == "sqlite"
        self.address = url.set(query={}).render_as_string(hide_password=True)
        self._engine = self._sqlite_engine(url) if self._sqlite else _postgres_engine(url)
        # Waiting here is fair among threads; SQLite's own waiting is not.
        self._writer = Lock()

    def create(self, metadata: MetaData, first: Callable[[Connection], None] | None = None) -> None:
        """Create the tables and columns that are not there, then do ``first``; safe when several processes do so."""

        def build(connection: Connection) -> None:
            self.alone(connection, _SCHEMA_LOCK)
            metadata.create_all(connection)
            _add_columns(connection, metadata)
            if first is not None:
                first(connection)

        self.write(build)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which every query sees the same moment."""
        with self._explained(), self._engine.connect() as connection:
            if not self._sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def write(self, work: Callable[[Connection], _T]) -> _T:
        """Do ``work`` in one transaction; it must be safe to do again, also where it had landed already."""
        with self._explained(), self._writer:
            for _ in range(_ATTEMPTS - 1):
                try:
                    return self._write_once(work)
                except DBAPIError as error:
                    if not _worth_repeating(error):
                        raise
            return self._write_once(work)

    def alone(self, connection: Connection, key: int) -> None:
        """Let no other process do the work of the same ``key`` until this transaction ends; in SQLite none does."""
        if not self._sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def close(self) -> None:
        self._engine.dispose()

    def _write_once(self, work: Callable[[Connection], _T]) -> _T:
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            return work(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            _LOG.error("integrity: %s", error.orig)
            raise InvalidChange(
                "Perubahan menunjuk baris yang tidak ada atau yang masih dipakai; tidak ada yang disimpan."
            ) from None
        except SQLAlchemyError as error:
            if isinstance(refused := getattr(error, "orig", None), InvalidChange):
                raise refused from None
            _LOG.warning("database failed: %s", getattr(error, "orig", error))
            raise StoreUnavailable(
                f"Basis data {self.address} tidak dapat dipakai saat ini; tidak ada yang disimpan. Coba lagi nanti."
            ) from None

    def _sqlite_engine(self, url: URL) -> Engine:
        try:
            Path(url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"Folder untuk basis data {self.address} tidak dapat dibuat.") from error
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=True, pool_size=10, connect_args={"connect_timeout": _CONNECT_SECONDS}
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself: see _begin_sqlite
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _switch_to_wal(connection: Any) -> None:
    """SQLite does not wait for others here, whatever its timeout, so a second process that starts has to."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except connection.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    """A write takes the lock at once: a read that turns into a write could fail in the middle."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgres(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{_BUSY_SECONDS}s'")
    connection.commit()


def _add_columns(connection: Connection, metadata: MetaData) -> None:
    """Columns that a database of an older version lacks, or in which it keeps base64 text instead of bytes.

    A new one may be NULL or has a default. SQLite takes both in one column.
    """
    there = inspect(connection).get_multi_columns()
    names = connection.dialect.identifier_preparer
    for table in metadata.sorted_tables:
        known = {column["name"]: column["type"] for column in there[(None, table.name)]}
        change = f"ALTER TABLE {names.format_table(table)}"
        for column in table.columns:
            own = names.format_column(column)
            if column.name not in known:
                made = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"{change} ADD COLUMN {made}"))
            elif _is_text_for_bytes(connection, column.type, known[column.name]):
                bytes_of = f"decode({own}, 'base64')"
                connection.execute(text(f"{change} ALTER {own} DROP DEFAULT, ALTER {own} TYPE bytea USING {bytes_of}"))


def _is_text_for_bytes(connection: Connection, wanted: TypeEngine[Any], found: TypeEngine[Any]) -> bool:
    return isinstance(found, Text) and wanted.compile(connection.dialect) == "BYTEA"


def _worth_repeating(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (isinstance(error, OperationalError) and state in _RETRY_STATES)
