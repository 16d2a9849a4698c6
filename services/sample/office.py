"""The sample office: Kecamatan Silaut with invented figures, filled into an empty store and taken out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.auth.accounts import Account, Accounts
from services.auth.management import Management
from services.sample import reference
from services.sample.catalogue import samples
from services.sample.people import ADMIN, Person, accounts
from services.sample.reference import SAMPLE_FLAG, SAMPLE_MARK
from services.sample.story import transactions
from services.store import schema
from services.store.changes import LogLine, inserted, log_rows, remark, updated
from services.store.schema import TABLES
from services.store.seals import Head, chained
from services.store.store import Change, Insert, Row, Snapshot, Store, StoreError, Transaction, Value, Withheld

SOURCE = "Perintah contoh"
_FILLED, _ENDED = "mengisi data contoh", "mengakhiri data contoh"
_REFERENCE = (schema.PROFILE, schema.RATING, schema.SECTION, schema.OFFICIAL, schema.HOLIDAY)
_KEPT = (*_REFERENCE, schema.SOP_VERSION, schema.SOP_STEP)
_Rows = dict[str, dict[str, dict[str, Value]]]


class NotEmptyError(StoreError):
    """The store or its accounts hold something already; nothing was written."""


class NotASampleError(StoreError):
    """The store holds no sample data, so there is nothing to end; nothing was written."""


def tables(now: datetime) -> dict[str, tuple[Row, ...]]:
    """All tables with their rows, the log included. The story is fixed in time; only the line of the log that says
    when the sample was put in depends on ``now``."""
    rows = {
        table.name: {str(row["id"]): dict(row) for row in reference.tables().get(table.name, ())} for table in TABLES
    }
    for sample in samples():
        _insert(rows, schema.INDICATOR.name, sample.row)
        for target in sample.target_rows():
            _insert(rows, schema.TARGET.name, target)
        renstra = sample.renstra_row()
        if renstra is not None:
            _insert(rows, schema.RENSTRA.name, renstra)
    for transaction in transactions():
        lines = [line for change in transaction.changes for line in _apply(rows, change)]
        for line in log_rows(transaction, lines):
            _insert(rows, schema.HISTORY.name, line)
    _insert(rows, schema.HISTORY.name, _log_line("contoh-diisi", now, _FILLED))
    made = {name: tuple(found.values()) for name, found in rows.items()}
    return {**made, schema.HISTORY.name: _sealed(made[schema.HISTORY.name])}


def fill(store: Store, accounts_table: Accounts, now: datetime) -> Withheld:
    """Put the sample and its accounts into an empty store; what a shared sheet did not take of it is returned.

    Raises NotEmptyError, or what the store raises.
    """
    if not _is_empty(store.read()):
        raise NotEmptyError(
            "Penyimpanan ini sudah berisi data; data contoh hanya dapat diisikan ke penyimpanan kosong. "
            "Pilih penyimpanan lain dengan --store."
        )
    _add_accounts(accounts_table, now)
    # Last, for a store that is filled is left alone by whoever starts next.
    return store.load(tables(now))


def end(
    store: Store, accounts_table: Accounts, now: datetime, *, by: str = "", reason: str = ""
) -> tuple[str | None, Withheld]:
    """End the sample: invented data and accounts go, reference data stay. Raises NotASampleError.

    The log that the store begins with says who did it (``by``, "" for the sample's admin) and why. Returns the first
    password of the new account "admin" (None where an account of that name, not of the sample, is there already), and
    what a shared sheet did not take of the reference data.
    """
    snapshot = store.read()
    if not is_sample(snapshot):
        raise NotASampleError("Penyimpanan ini tidak berisi data contoh, jadi tidak ada yang dikosongkan.")
    accounts_table.remove_samples()
    ended = _sealed([_log_line("contoh-diakhiri", now, f"{_ENDED}: {reason}" if reason else _ENDED, by)])
    withheld = store.load({**without_sample(snapshot.tables), schema.HISTORY.name: ended})
    if accounts_table.get(ADMIN.username) is not None:
        return None, withheld
    return Management(accounts_table, ()).add(ADMIN.username, ADMIN.name, ADMIN.role), withheld


def without_sample(found: Mapping[str, tuple[Row, ...]]) -> dict[str, tuple[Row, ...]]:
    """What stays of these tables when the sample ends, and what every office begins with: nothing invented."""
    kept = {table.name: found[table.name] for table in _KEPT}
    kept[schema.PROFILE.name] = tuple(map(_real_setting, kept[schema.PROFILE.name]))
    kept[schema.OFFICIAL.name] = tuple(r for r in kept[schema.OFFICIAL.name] if not _is_invented(r["name"]))
    return kept


def is_sample(snapshot: Snapshot) -> bool:
    return any(row["id"] == SAMPLE_FLAG and row["value"] == "ya" for row in snapshot.rows(schema.PROFILE))


def _is_empty(snapshot: Snapshot) -> bool:
    return not any(snapshot.tables.values())


def _add_accounts(accounts_table: Accounts, now: datetime) -> None:
    there = {account.username: account for account in accounts_table.all()}
    taken = [p.username for p in accounts() if p.username in there and not there[p.username].sample]
    if taken:
        raise NotEmptyError(
            f"Nama pengguna {', '.join(taken)} sudah dipakai, sedangkan data contoh memerlukannya. "
            "Pilih penyimpanan lain dengan --store."
        )
    for person in accounts():
        if person.username not in there:
            _add_account(accounts_table, person, now)


def _add_account(accounts_table: Accounts, person: Person, now: datetime) -> None:
    """There is no password: the sample is entered by one click on the sign-in page."""
    role = person.role.value
    accounts_table.put(Account(person.username, person.name, role, person.section_id, "", True, now, sample=True))


def _real_setting(row: Row) -> Row:
    return {**row, "value": ""} if row["id"] == SAMPLE_FLAG or _is_invented(row["value"]) else row


def _is_invented(text: Value) -> bool:
    return str(text).endswith(SAMPLE_MARK)


def _insert(rows: _Rows, table: str, row: Row) -> None:
    found = rows[table].setdefault(str(row["id"]), dict(row))
    if found != row:
        raise AssertionError(f"two rows of {table} with the id {row['id']}")


def _apply(rows: _Rows, change: Change) -> Sequence[LogLine]:
    if isinstance(change, Insert):
        _insert(rows, change.table.name, change.row)
        return [inserted(change.table, change.row)]
    row = rows[change.table.name][change.row_id]
    lines = [updated(change, name, row[name]) for name in change.new]
    row.update(change.new)
    return lines


def _sealed(log: Sequence[Row]) -> tuple[Row, ...]:
    return chained(log, Head())[0]


def _log_line(key: str, now: datetime, action: str, by: str = "") -> Row:
    who, role = (by, "") if by else (ADMIN.username, ADMIN.role.value)
    head = Transaction(now, who, role, action, SOURCE, (), id=f"{key}-{now:%Y%m%d%H%M%S%f}")
    return remark(head)
