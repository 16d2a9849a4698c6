"""The store on a SQL database: a SQLite file or PostgreSQL, with the same code and the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, make_url

from services.collector import uncollected
from services.domain.clock import WIB
from services.store import codec
from services.store.changes import LogLine, check, check_rows, clash, inserted, log_rows, updated
from services.store.engine import Database
from services.store.files import joined
from services.store.rows import OfficeRows, key_of
from services.store.schema import BY_NAME, FILE, HISTORY, SNAPSHOT_TABLES, TABLES, Table
from services.store.seals import chained, head_of, read_head
from services.store.store import (
    Change,
    Clash,
    Conflict,
    DuplicateRow,
    HistoryQuery,
    Insert,
    Log,
    Receipt,
    Row,
    Snapshot,
    Transaction,
    Update,
    Value,
    Withheld,
)
from services.store.tables import METADATA, SQL_TABLES


class SqlStore:
    """The data of one office in a SQL database, at a SQLAlchemy URL. Creates the tables that are not there.

    Raises StoreUnavailable when the database cannot be reached.
    """

    def __init__(self, url: str, office: str, now: Callable[[], datetime]) -> None:
        self.office = office
        self._now = now
        self._database = Database(make_url(url))
        self._database.create(METADATA, lambda connection: OfficeRows(connection, office).enter())

    @property
    def address(self) -> str:
        return self._database.address

    @uncollected
    def read(self) -> Snapshot:
        with self._reading() as rows:
            revision = rows.revision()
            tables = {table.name: rows.all(table) for table in SNAPSHOT_TABLES}
        return Snapshot(self.office, revision, self._now(), tables)

    def revision(self) -> int:
        with self._reading() as rows:
            return rows.revision()

    def commit(self, transaction: Transaction) -> Receipt:
        for change in transaction.changes:
            check(change)
        return self._database.write(lambda connection: _commit(OfficeRows(connection, self.office), transaction))

    def history(self, query: HistoryQuery) -> tuple[Row, ...]:
        log = SQL_TABLES[HISTORY.name].c
        with self._reading() as rows:
            wanted = rows.select(HISTORY).where(*_restrictions(query))
            newest = wanted.order_by(log["at"].desc(), log["seq"].desc()).limit(max(query.limit, 0))
            return rows.fetch(HISTORY, newest)

    def log(self) -> Log:
        with self._reading() as rows:
            return Log(rows.all(HISTORY, as_it_lies=True), rows.log_head())

    def file(self, file_id: str) -> bytes:
        with self._reading() as rows:
            mine = SQL_TABLES[FILE.name].c["file_id"] == file_id
            return joined(file_id, rows.fetch(FILE, rows.select(FILE).where(mine)))

    def dump(self) -> Iterator[tuple[Table, tuple[Row, ...]]]:
        with self._reading() as rows:
            for table in TABLES:
                yield table, rows.all(table)

    def load(self, tables: Mapping[str, tuple[Row, ...]]) -> Withheld:
        check_rows(tables)
        self._database.write(lambda connection: _load(OfficeRows(connection, self.office), tables))
        return Withheld()

    def close(self) -> None:
        """Let go of all connections; the store opens new ones when it is used again."""
        self._database.close()

    @contextmanager
    def _reading(self) -> Iterator[OfficeRows]:
        with self._database.reading() as connection:
            yield OfficeRows(connection, self.office)


def _commit(rows: OfficeRows, transaction: Transaction) -> Receipt:
    revision = rows.lock() + 1
    landed = rows.landed(transaction.id)
    if landed is not None:
        return Receipt(transaction.id, landed, repeated=True)
    _log(rows, log_rows(transaction, _apply(rows, transaction.changes)))
    rows.advance(revision, [transaction.id])
    return Receipt(transaction.id, revision, repeated=False)


def _load(rows: OfficeRows, tables: Mapping[str, tuple[Row, ...]]) -> None:
    revision = rows.lock() + 1
    rows.clear()
    for name, new in tables.items():
        _insert(rows, BY_NAME[name], new)
    # What stands in the log has landed; what is not there may be sent again.
    log = tables.get(HISTORY.name, ())
    rows.keep_log_head(str(head_of(log)))
    rows.advance(revision, dict.fromkeys(str(line["transaction_id"]) for line in log))


def _log(rows: OfficeRows, lines: Sequence[Row]) -> None:
    """Seal these lines on top of the head that was kept, so that cutting lines off the end leaves a gap for ever."""
    if not lines:
        return
    head = read_head(rows.log_head()) or head_of(rows.all(HISTORY))
    sealed, head = chained(lines, head)
    rows.insert(HISTORY, sealed)
    rows.keep_log_head(str(head))


def _apply(rows: OfficeRows, changes: Sequence[Change]) -> list[LogLine]:
    """Write the changes in their order and return their lines for the log. Raises Conflict with every clash."""
    lines: list[LogLine] = []
    clashes: list[Clash] = []
    for table, run in groupby(changes, key=lambda change: change.table if isinstance(change, Insert) else None):
        if table is not None:
            new = [change.row for change in run if isinstance(change, Insert)]
            _insert(rows, table, new)
            lines += [inserted(table, row) for row in new]
            continue
        for change in run:
            assert isinstance(change, Update)
            clashes += _update(rows, change, lines)
    if clashes:
        raise Conflict(tuple(clashes))
    return lines


def _insert(rows: OfficeRows, table: Table, new: Sequence[Row]) -> None:
    for columns in filter(None, (("id",), table.unique)):
        keys = [key_of(table, columns, row) for row in new]
        seen = set(rows.taken(table, columns, keys))
        for key, row in zip(keys, new, strict=True):
            if key in seen:
                raise DuplicateRow(table.name, str(row["id"]))
            seen.add(key)
    rows.insert(table, new)


def _update(rows: OfficeRows, change: Update, lines: list[LogLine]) -> list[Clash]:
    """Compare and set one row, and add its lines for the log; the clashes, if any."""
    found = rows.one(change.table, change.row_id)
    clashes = [each for name in change.old if (each := clash(change, name, found[name])) is not None]
    changed = {name: value for name, value in change.new.items() if _differs(change.table, name, found, value)}
    if changed and not clashes:
        _refuse_taken_key(rows, change, {**found, **changed})
        rows.update(change.table, change.row_id, changed)
        lines += [updated(change, name, found[name]) for name in changed]
    return clashes


def _differs(table: Table, name: str, found: Row, wanted: Value) -> bool:
    column = table.column(name)
    return codec.encode(column, found[name]) != codec.encode(column, wanted)


def _refuse_taken_key(rows: OfficeRows, change: Update, row: Row) -> None:
    unique = change.table.unique
    if not unique or not set(unique) & set(change.new):
        return
    owners = rows.taken(change.table, unique, [key_of(change.table, unique, row)])
    if set(owners.values()) - {change.row_id}:
        raise DuplicateRow(change.table.name, change.row_id)


def _restrictions(query: HistoryQuery) -> list[ColumnElement[bool]]:
    log = SQL_TABLES[HISTORY.name].c
    equal = {"by": query.by, "table": query.table, "transaction_id": query.transaction_id}
    where: list[ColumnElement[bool]] = [log[name] == value for name, value in equal.items() if value]
    if query.row_ids:
        where.append(log["row_id"].in_(query.row_ids))
    if query.since is not None:
        where.append(log["at"] >= _start(query.since))
    if query.until is not None:
        where.append(log["at"] < _start(query.until + timedelta(days=1)))
    return where


def _start(day: date) -> str:
    return codec.encode_moment(datetime.combine(day, time(), WIB))
