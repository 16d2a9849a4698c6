"""Mesin waktu: the office as it was at a past moment, made from its present state and the log of what changed since.

The log knows what was done through the application. What somebody typed directly into a shared sheet is in no log, and
stands in the past as it stands now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import cast

from services.domain.clock import WIB
from services.store import codec
from services.store.privacy import NOT_LOGGED
from services.store.schema import BY_NAME, HISTORY
from services.store.store import HistoryQuery, Row, SheetProblem, Snapshot, Store, Value
from services.views.office import Office

_EVERYTHING = 10**9  # lines of the log; the days since the moment are the real limit
_Tables = dict[str, dict[str, Row]]


def office_at(store: Store, office: Office, moment: datetime) -> Office:
    """The office as it was at ``moment``. Raises what reading the log raises."""
    since = moment.astimezone(WIB).date()
    return Office(snapshot_at(office.snapshot, store.history(HistoryQuery(since=since, limit=_EVERYTHING)), moment))


def snapshot_at(present: Snapshot, log: Iterable[Row], moment: datetime) -> Snapshot:
    """The data as they were at ``moment``, with everything that was logged up to and including it.

    ``log``: all lines since then, newest first, as a store gives them; older ones are ignored. A line that cannot be
    undone leaves its cell as it is now and becomes one of the snapshot's ``problems``.
    """
    tables: _Tables = {name: {str(row["id"]): row for row in rows} for name, rows in present.tables.items()}
    since = (line for line in log if cast("datetime", line["at"]) > moment)
    problems = tuple(problem for line in since if (problem := _undo(tables, line)) is not None)
    before = {name: tuple(rows.values()) for name, rows in tables.items()}
    return replace(present, read_at=moment, tables=before, problems=problems, pending=frozenset())


def _undo(tables: _Tables, line: Row) -> SheetProblem | None:
    name, row_id, column = str(line["table"]), str(line["row_id"]), str(line["column"])
    rows = tables.get(name)
    if rows is None or row_id not in rows:
        return None  # an action without a row, a table on demand, or a row that was replaced since
    if not column:
        del rows[row_id]
        return None
    try:
        rows[row_id] = {**rows[row_id], column: _before(name, column, line["old"])}
    except (ValueError, StopIteration):
        return _unreadable(line)
    return None


def _before(table: str, column: str, old: Value) -> Value:
    return codec.from_log(BY_NAME[table].column(column), None if old == NOT_LOGGED else old)


def _unreadable(line: Row) -> SheetProblem:
    place = f"{line['table']}, baris {line['row_id']}, kolom {line['column']}"
    return SheetProblem(
        tab=HISTORY.name,
        cell="",
        typed=str(line["old"]),
        why=f"Nilai lama untuk {place} tidak terbaca, jadi sel itu ditampilkan seperti sekarang.",
        suggestion="Periksa baris riwayat ini pada cadangan.",
    )
