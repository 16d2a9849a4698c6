"""The log for people: each line with the names of things instead of their ids, and where a figure comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from services.domain.clock import WIB
from services.domain.indicators import QUARTERS, Aggregation, Bounds, Indicator, Period
from services.domain.numbers import (
    format_bounds,
    format_date,
    format_datetime,
    format_money,
    format_number,
    format_period,
)
from services.domain.roles import title_of
from services.store import schema
from services.store.schema import Column, Kind, Table
from services.store.store import Row, Value
from services.views.measures import Measure, measure
from services.views.office import Office

BLANK = "(kosong)"
NEW_ROW = "Baris baru"

_MONEY = ("spent", "budget")
_WHAT = {
    schema.EXCEPTION.name: "Pengecualian kunci",
    schema.MONEV.name: "Monev",
    schema.MONEV_CHECK.name: "Daftar periksa monev",
    schema.ANALYSIS.name: "Analisis",
    schema.FOLLOW_UP.name: "Tindak lanjut",
    schema.DRAFT.name: "Draf laporan",
    schema.MEETING.name: "Pembahasan",
    schema.CORRECTION.name: "Koreksi",
    schema.VERIFICATION.name: "Verifikasi",
    schema.DOCUMENT.name: "Dokumen akhir",
    schema.ARCHIVE.name: "Arsip",
}
"""What a row of a quarter is called where its table's name does not say it."""
_NAMED = {
    schema.SECTION.name: "name",
    schema.OFFICIAL.name: "post",
    schema.RATING.name: "label",
    schema.HOLIDAY.name: "name",
    schema.SOP_VERSION.name: "number",
    schema.REPORT_TEXT.name: "name",
}
"""The column that names a row to people, where it is not the id."""
_PART = re.compile(r"(?P<header>[^:;]+): (?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change, in words: ``subject`` names the thing, ``field`` the column (sheet header).

    ``indicator_id`` and ``period`` lead to the figure that the change is about; "" and None where it is about none.
    """

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
    indicator_id: str
    period: Period | None

    def contains(self, words: str) -> bool:
        """Whether every one of the words stands somewhere in what a person sees of this line, in any case."""
        seen = (self.by, self.role, self.action, self.table, self.subject, self.field, self.old, self.new, self.source)
        text = " ".join(seen).casefold()
        return all(word in text for word in words.casefold().split())


def history_lines(office: Office, rows: Iterable[Row]) -> tuple[HistoryLine, ...]:
    """Log rows as people read them, in the order given; stamps that only repeat who and when are left out."""
    names = _Names(office)
    return tuple(_line(row, names) for row in rows if not _is_stamp(row))


def _is_stamp(row: Row) -> bool:
    if row["table"] in (schema.GIVEN.name, schema.FILE.name):
        return True
    if row["table"] != schema.ENTRY.name or row["column"] not in ("entered_by", "entered_at"):
        return False
    at = cast("datetime", row["at"])
    return str(row["new"]) in (row["by"], at.astimezone(WIB).isoformat(sep=" "))


def rows_of(office: Office, indicator_id: str) -> tuple[str, ...]:
    """Ids of all rows that belong to an indicator: its own, its targets, its entries."""
    own = [
        str(row["id"])
        for table in (schema.TARGET, schema.ENTRY)
        for row in office.snapshot.rows(table)
        if row["indicator_id"] == indicator_id
    ]
    return (indicator_id, *own)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a row of the log is about."""

    text: str
    indicator_id: str = ""
    period: Period | None = None


class _Names:
    """Readable names of the rows of an office."""

    def __init__(self, office: Office) -> None:
        self._references = {
            schema.INDICATOR.name: {i.id: i.name for i in office.all_indicators},
            schema.SECTION.name: {s.id: s.short for s in office.sections},
        }
        self._subjects = {
            (table.name, str(row["id"])): self._subject(table, row)
            for table in schema.SNAPSHOT_TABLES
            for row in office.snapshot.rows(table)
        }

    def subject(self, table: str, row_id: str) -> _Subject:
        return self._subjects.get((table, row_id), _Subject(row_id))

    def said(self, column: Column, value: str | Decimal | None) -> str:
        """A logged value for people; a reference by the name of what it refers to."""
        name = self._references.get(column.references, {}).get(str(value)) if column.references else None
        return name or shown(value, column)

    def summary(self, table: Table, text: str) -> str:
        """The summary of a new row, its values in words; what is no "header: value" stays as it is."""
        columns = {c.header: c for c in table.columns}
        return "; ".join(self._part(columns, part) for part in text.split("; "))

    def _part(self, columns: Mapping[str, Column], part: str) -> str:
        found = _PART.fullmatch(part)
        if found is None or found["header"] not in columns:
            return part
        return f"{found['header']}: {self.said(columns[found['header']], found['value'])}"

    def _subject(self, table: Table, row: Row) -> _Subject:
        indicator_id = str(row["id"] if table is schema.INDICATOR else row.get("indicator_id", ""))
        name = self._references[schema.INDICATOR.name].get(indicator_id, indicator_id)
        if table is schema.INDICATOR:
            return _Subject(name, indicator_id)
        if table in (schema.TARGET, schema.RENSTRA):
            return _Subject(f"{name}, {table.name.lower()} {row['year']}", indicator_id)
        if table is schema.SOP_STEP:
            return _Subject(f"SOP {row['version']}, langkah {row['no']}")
        if not {"year", "quarter"} <= set(table.names) or not row["year"] or not row["quarter"]:
            return _Subject(str(row[_NAMED.get(table.name, "id")]))
        period = Period(cast("int", row["year"]), cast("int", row["quarter"]))
        section = self._references[schema.SECTION.name].get(str(row.get("section_id", "")), "")
        step = f"Langkah {row['step']}" if table is schema.STEP_EVENT else ""
        own = section if table is not schema.ENTRY else ""
        parts = (_WHAT.get(table.name, ""), step, name, own, format_period(period))
        return _Subject(", ".join(filter(None, parts)), indicator_id, period)


def _line(row: Row, names: _Names) -> HistoryLine:
    table, column = str(row["table"]), str(row["column"])
    subject = names.subject(table, str(row["row_id"]))
    field, old, new = _change(row, table, column, names)
    return HistoryLine(
        at=cast("datetime", row["at"]),
        by=str(row["by"]),
        role=title_of(str(row["role"])),
        action=str(row["action"]),
        table=table,
        subject=subject.text,
        field=field,
        old=old,
        new=new,
        source=str(row["source"]),
        transaction_id=str(row["transaction_id"]),
        indicator_id=subject.indicator_id,
        period=subject.period,
    )


def _change(row: Row, table_name: str, name: str, names: _Names) -> tuple[str, str, str]:
    """Column, old and new value; a new row has only a summary, an action without a row has nothing."""
    table = schema.BY_NAME.get(table_name)
    old, new = cast("str | Decimal | None", row["old"]), cast("str | Decimal | None", row["new"])
    if table is None:
        return "", "", ""
    if not name:
        return NEW_ROW, "", names.summary(table, str(new or ""))
    column = next((c for c in table.columns if c.name == name), Column(name, name, Kind.ENTRY))
    return column.header, names.said(column, old), names.said(column, new)


def shown(value: Value, column: Column) -> str:
    """A stored or logged value for people: money as rupiah, dates and moments in words, blank as "(kosong)"."""
    if value in (None, ""):
        return BLANK
    if isinstance(value, Decimal):
        return _number(value, column)
    if column.kind in (Kind.MOMENT, Kind.DATE):
        return _moment(str(value), column.kind)
    return str(value)


def _number(value: Decimal, column: Column) -> str:
    if column.kind is Kind.INTEGER:
        return str(int(value))
    return format_money(value) if column.name in _MONEY else format_number(value)


def _moment(text: str, kind: Kind) -> str:
    """The log keeps dates in ISO form, and a summary may have cut one off: then it stays as it is."""
    try:
        return (
            format_date(date.fromisoformat(text))
            if kind is Kind.DATE
            else format_datetime(datetime.fromisoformat(text))
        )
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Source:
    """One number that a figure was computed from: what was typed, by whom and when.

    ``actual`` and ``goal`` are what was read. ``counts``: it is part of the figure (of a posisi akhir only the value
    of the quarter itself is).
    """

    period: Period
    goal: Bounds | None
    actual: Decimal | None
    target: str
    typed: str
    entered_by: str
    entered_at: datetime | None
    note: str
    counts: bool


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
        sources=tuple(_source(m, period) for m in quarters),
        legal_basis=result.in_force.legal_basis if result.in_force else "",
        row_ids=tuple(dict.fromkeys(x.id for m in quarters for x in (m.entry, m.in_force) if x is not None)),
    )


def _source(m: Measure, period: Period) -> Source:
    summed = m.indicator.aggregation in (Aggregation.SUM, Aggregation.MEAN)
    return Source(
        period=m.period,
        goal=m.target,
        actual=m.actual,
        target=format_bounds(m.target, m.indicator.unit) if m.target else "",
        typed=shown(m.entry.counted("actual"), schema.ENTRY.column("actual")) if m.entry else "",
        entered_by=m.entry.entered_by if m.entry else "",
        entered_at=m.entry.entered_at if m.entry else None,
        note=m.problem.message() if m.problem else "",
        counts=summed or m.period == period,
    )
