"""Small offices for tests: each helper makes one row, `office` puts them together.

office(section("pem"), indicator("a", "pem"), target("a"), cycle(), entry("a", 80))
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.sop import STEP_COUNT, VERIFYING, Event
from services.store import schema
from services.store.schema import Kind, Table
from services.store.store import Row, Snapshot, Value
from services.views.office import Office

Placed = tuple[Table, Row]

PERIOD = Period(2026, 3)
OPENED = datetime(2026, 10, 1, 8, 0, tzinfo=WIB)
NOW = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)

_EMPTY: dict[Kind, Value] = {Kind.TEXT: "", Kind.FLAG: True}
_numbers = count(1)


def office(*placed: Placed) -> Office:
    return Office(snapshot(*placed))


def snapshot(*placed: Placed, revision: int = 1) -> Snapshot:
    tables: dict[str, list[Row]] = defaultdict(list)
    for table, row in placed:
        tables[table.name].append(row)
    rows = {table.name: tuple(tables[table.name]) for table in schema.SNAPSHOT_TABLES}
    return Snapshot("Kecamatan Silaut", revision, NOW, rows)


def _row(table: Table, values: dict[str, Value]) -> Placed:
    blank = {c.name: _EMPTY.get(c.kind) for c in table.columns}
    return table, blank | {"id": f"{table.name}-{next(_numbers)}"} | values


def setting(name: str, value: str) -> Placed:
    return _row(schema.PROFILE, {"id": name, "value": value})


def section(section_id: str, short: str = "", order: int = 0) -> Placed:
    short = short or section_id.title()
    return _row(schema.SECTION, {"id": section_id, "name": f"Seksi {short}", "short": short, "order": order})


def indicator(indicator_id: str, section_id: str, **changes: Value) -> Placed:
    usual: dict[str, Value] = {
        "id": indicator_id,
        "name": f"Jumlah {indicator_id}",
        "level": "Sub kegiatan",
        "unit": "dokumen",
        "polarity": "naik",
        "aggregation": "posisi akhir",
        "section_id": section_id,
        "order": 0,
    }
    return _row(schema.INDICATOR, usual | changes)


def target(
    indicator_id: str, quarterly: Value | tuple[Value, Value, Value, Value] = 100, *, year: int = 2026, **changes: Value
) -> Placed:
    """The same target in every quarter, or one for each."""
    each = quarterly if isinstance(quarterly, tuple) else (quarterly,) * 4
    usual: dict[str, Value] = {
        "indicator_id": indicator_id,
        "year": year,
        "valid_from": 1,
        "annual": each[3],
        **{f"q{n}": _number(value) for n, value in enumerate(each, start=1)},
    }
    return _row(schema.TARGET, usual | changes)


def entry(indicator_id: str, actual: Value, spent: Value = None, *, period: Period = PERIOD, **texts: Value) -> Placed:
    place: dict[str, Value] = {"year": period.year, "quarter": period.quarter, "indicator_id": indicator_id}
    return _row(schema.ENTRY, place | {"actual": _number(actual), "spent": _number(spent)} | texts)


def cycle(period: Period = PERIOD, opened_at: datetime = OPENED, **changes: Value) -> Placed:
    due = opened_at.date() + timedelta(days=4)
    usual: dict[str, Value] = {"year": period.year, "quarter": period.quarter, "opened_at": opened_at, "due_on": due}
    return _row(schema.CYCLE, usual | changes)


def event(step: int, kind: Event, at: datetime, *, period: Period = PERIOD, section_id: str = "") -> Placed:
    values: dict[str, Value] = {
        "year": period.year,
        "quarter": period.quarter,
        "step": step,
        "event": kind.value,
        "section_id": section_id,
        "at": at,
        "by": "pkp",
    }
    return _row(schema.STEP_EVENT, values)


def exception(section_id: str, until: date, at: datetime = OPENED, *, period: Period = PERIOD) -> Placed:
    values: dict[str, Value] = {"year": period.year, "quarter": period.quarter, "section_id": section_id}
    more: dict[str, Value] = {"until": until, "reason": "Data BPS terlambat", "at": at, "by": "pkp"}
    return _row(schema.EXCEPTION, values | more)


def finished(until: int, *, period: Period = PERIOD, opened_at: datetime = OPENED) -> Iterator[Placed]:
    """Steps 1 to ``until`` finished, one each day after the opening."""
    for step in range(1, min(until, STEP_COUNT) + 1):
        at = opened_at + timedelta(days=step)
        if step == VERIFYING:
            yield event(step, Event.VERIFIED, at - timedelta(hours=1), period=period)
        yield event(step, Event.FINISHED, at, period=period)


def _number(value: Value) -> Value:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
