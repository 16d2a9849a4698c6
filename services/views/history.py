"""The log for people: each line with the names of things instead of their ids, and where a figure comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from services.domain.indicators import QUARTERS, Indicator, Period
from services.domain.numbers import format_bounds, format_money, format_number, format_period
from services.store import schema
from services.store.store import Row, Value
from services.views.measures import Measure, measure
from services.views.office import Office


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change, in words: ``subject`` names the thing, ``field`` the column (sheet header)."""

    at: datetime
    by: str
    role: str
    action: str
    table: str
    subject: str
    field: str
    old: str
    new: str
    source: str
    transaction_id: str


def history_lines(office: Office, rows: Iterable[Row]) -> tuple[HistoryLine, ...]:
    """Log rows as people read them, in the order given."""
    subjects = _subjects(office)
    return tuple(_line(row, subjects) for row in rows)


def _line(row: Row, subjects: dict[tuple[str, str], str]) -> HistoryLine:
    table, column = str(row["table"]), str(row["column"])
    return HistoryLine(
        at=cast("datetime", row["at"]),
        by=str(row["by"]),
        role=str(row["role"]),
        action=str(row["action"]),
        table=table,
        subject=subjects.get((table, str(row["row_id"])), str(row["row_id"])),
        field=_header(table, column),
        old=shown(row["old"], column),
        new=shown(row["new"], column),
        source=str(row["source"]),
        transaction_id=str(row["transaction_id"]),
    )


def _header(table: str, column: str) -> str:
    known = {c.name: c.header for c in schema.BY_NAME[table].columns} if table in schema.BY_NAME else {}
    return known.get(column, column)


def shown(value: Value, column: str = "") -> str:
    """A stored value for people; money columns as rupiah, blank as "(kosong)"."""
    if isinstance(value, Decimal):
        return format_money(value) if column in ("spent", "budget") else format_number(value)
    return str(value) if value not in (None, "") else "(kosong)"


def _subjects(office: Office) -> dict[tuple[str, str], str]:
    """A readable name for each row that the log may speak of."""
    names = {i.id: i.name for i in office.all_indicators}
    found = {(schema.INDICATOR.name, i): name for i, name in names.items()}
    for row in office.snapshot.rows(schema.ENTRY):
        period = format_period(Period(cast("int", row["year"]), cast("int", row["quarter"])))
        found[schema.ENTRY.name, str(row["id"])] = f"{names.get(str(row['indicator_id']), '?')}, {period}"
    for row in office.snapshot.rows(schema.TARGET):
        found[schema.TARGET.name, str(row["id"])] = f"{names.get(str(row['indicator_id']), '?')}, target {row['year']}"
    return found


@dataclass(frozen=True, slots=True)
class Source:
    """One number that a figure was computed from: what was typed, by whom and when."""

    period: Period
    target: str
    typed: str
    entered_by: str
    entered_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Asal angka: the figure, its formula with its numbers, and each value behind it, first quarter first.

    ``row_ids`` are the rows whose history explains the figure.
    """

    measure: Measure
    sources: tuple[Source, ...]
    legal_basis: str
    row_ids: tuple[str, ...]


def provenance(office: Office, indicator: Indicator, period: Period) -> Provenance:
    """Where the capaian of an indicator in a quarter comes from."""
    result = measure(office, indicator, period)
    quarters = [measure(office, indicator, Period(period.year, q)) for q in QUARTERS[: period.quarter]]
    return Provenance(
        measure=result,
        sources=tuple(_source(m) for m in quarters),
        legal_basis=result.in_force.legal_basis if result.in_force else "",
        row_ids=tuple(dict.fromkeys(x.id for m in quarters for x in (m.entry, m.in_force) if x is not None)),
    )


def _source(m: Measure) -> Source:
    return Source(
        period=m.period,
        target=format_bounds(m.target, m.indicator.unit) if m.target else "",
        typed=shown(m.entry.row["actual"]) if m.entry else "",
        entered_by=m.entry.entered_by if m.entry else "",
        entered_at=m.entry.entered_at if m.entry else None,
        note=m.problem.message() if m.problem else "",
    )
