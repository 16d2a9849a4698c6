"""Offices of any size: the sample's indicators over and over, each with its targets and seven quarters of figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count, islice

from services.sample.office import tables as sample_tables
from services.store import schema
from services.store.store import Row, Store

_OWNER = "indicator_id"
_WRITTEN = ("name", "driver", "obstacle", "follow_up", "evidence", "legal_basis", "definition", "formula")
"""What people write is another text for each indicator, so that no cache makes a large office look small."""
_OWNED = tuple(table for table in schema.TABLES if _OWNER in table.names)


def tables(indicators: int, now: datetime) -> dict[str, tuple[Row, ...]]:
    """All tables of an office with so many active indicators; sections, quarters and steps are the sample's."""
    sample = sample_tables(now)
    chosen = list(islice(_copies(sample[schema.INDICATOR.name]), indicators))
    owned = {table.name: _by_indicator(sample[table.name]) for table in _OWNED}
    made = {
        name: tuple(_copy(row, mark, _OWNER) for base, mark in chosen for row in rows.get(str(base["id"]), ()))
        for name, rows in owned.items()
    }
    named = tuple({**_copy(base, mark), "order": n} for n, (base, mark) in enumerate(chosen))
    return {**sample, schema.INDICATOR.name: named, **made, schema.HISTORY.name: ()}


def fill(store: Store, indicators: int, now: datetime) -> None:
    store.load(tables(indicators, now))


def _copies(rows: tuple[Row, ...]) -> Iterator[tuple[Row, str]]:
    """The active rows, then the same again, each time with another mark for their ids."""
    active = [row for row in rows if row["active"]]
    for number in count():
        for row in active:
            yield row, f"~{number}" if number else ""


def _copy(row: Row, mark: str, *references: str) -> dict[str, object]:
    written = (name for name in _WRITTEN if row.get(name))
    return {**row, **{name: f"{row[name]}{mark}" for name in ("id", *references, *written)}}


def _by_indicator(rows: tuple[Row, ...]) -> Mapping[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[_OWNER]), []).append(row)
    return groups
