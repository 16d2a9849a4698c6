"""The data behind one report, as text that is the same on every machine: what is attached to it and sealed.

Numbers are plain decimals with a point, days ``2026-10-05``, moments in WIB with their offset. Rows are sorted, so that
the order in which a store gives them says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import cast

from services.domain.clock import WIB
from services.domain.indicators import Bounds, Period
from services.domain.numbers import round_half_up
from services.domain.roles import Role
from services.domain.settings import is_private
from services.domain.sop import ISSUING
from services.store import schema
from services.store.store import Row, Value
from services.views.analysis import follow_ups
from services.views.board import shown_periods
from services.views.measures import Measure, measures
from services.views.office import Office, days_off, period_of
from services.views.report_texts import texts_in_report

LONGEST_TEXT = 30_000
"""A longer setting (an emblem) is named by its SHA-256 instead of being repeated; a cell of XLSX holds 32,767."""
RESULT_PLACES = 4
RESULTS = "hasil"
_NUMERIC = (schema.Kind.ENTRY, schema.Kind.NUMBER, schema.Kind.INTEGER)


@dataclass(frozen=True, slots=True)
class DataTable:
    """One table as text. ``name`` is also the name of its CSV file; ``about`` says what it holds."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def data_of(office: Office, period: Period, items: Sequence[Measure] | None = None) -> tuple[DataTable, ...]:
    """All data that the report of a quarter shows: settings, indicators, targets, figures as they count, results.

    ``items`` are all measures of the quarter, where they are computed already. The steps of issuing and archiving are
    left out of the log: they come after the report. Of the rest, each quarter has what it wrote itself, and the
    register of follow-ups as it stands when the report is made.
    """
    items = measures(office, period) if items is None else items
    quarters = shown_periods(office, period)
    return (*(_read(office, items, quarters, source) for source in _SOURCES), _results(items))


def data_moment(office: Office, period: Period) -> datetime:
    """The newest moment in what the report of an opened quarter shows: until then it counts days and lateness.

    It follows from the data alone, so that the same data give the same report on any day.
    """
    with_entries = set(_with_earlier(shown_periods(office, period)))
    entered = (row for row in office.snapshot.rows(schema.ENTRY) if period_of(row) in with_entries)
    given = (row for row in office.snapshot.rows(schema.GIVEN) if period_of(row) in with_entries)
    register = (item.row for item in follow_ups(office, period))
    own = (office.rows_of(table, period) for table in _DATED)
    rows = chain(entered, given, register, texts_in_report(office, period), *own)
    moments = (value for row in rows for value in row.values() if isinstance(value, datetime))
    return max(moments).astimezone(WIB)


def number_columns(name: str) -> frozenset[str]:
    """Headers of the columns of a table in which figures stand."""
    found = (column for source in _SOURCES if source.name == name for column in source.columns)
    results = _RESULT_FIGURES if name == RESULTS else ()
    return frozenset((*results, *(column.header for column in found if column.kind in _NUMERIC)))


@dataclass(frozen=True, slots=True)
class _Source:
    """A table of the store: which of its columns are left out, and which rows belong to the report."""

    name: str
    about: str
    table: schema.Table
    without: frozenset[str]
    rows: Callable[[Office, Sequence[Measure], Sequence[Period]], Iterable[Row]]

    @property
    def columns(self) -> tuple[schema.Column, ...]:
        return tuple(column for column in self.table.columns if column.name not in self.without)


def _all(table: schema.Table) -> Callable[[Office, Sequence[Measure], Sequence[Period]], Iterable[Row]]:
    return lambda office, _items, _quarters: office.snapshot.rows(table)


def _officials(office: Office, _items: Sequence[Measure], _quarters: Sequence[Period]) -> Iterable[Row]:
    """Those with a part in the SOP; NIP and rank only of the Camat, who signs."""
    for row in office.snapshot.rows(schema.OFFICIAL):
        if row["role"] == Role.CAMAT.value:
            yield row
        elif row["role"] in list(Role):
            yield {**row, "nip": "", "rank": ""}


def _holidays(office: Office, _items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
    """Those by which the days of the steps are counted; a quarter may end in the year after it."""
    year = quarters[-1].year
    return (row for row in days_off(office.snapshot) if cast("date", row["day"]).year in (year, year + 1))


def _sop(table: schema.Table, column: str) -> Callable[[Office, Sequence[Measure], Sequence[Period]], Iterable[Row]]:
    """The rows of the version of the SOP with which the quarter was opened."""

    def rows(office: Office, _items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
        cycle = office.cycles.get(quarters[-1])
        return (row for row in office.snapshot.rows(table) if cycle and row[column] == cycle.sop_version)

    return rows


def _events(office: Office, _items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
    rows = office.rows_of(schema.STEP_EVENT, quarters[-1])
    return (row for row in rows if cast("int", row["step"]) < ISSUING)


def _settings(office: Office, _items: Sequence[Measure], _quarters: Sequence[Period]) -> Iterable[Row]:
    """Without addresses of people and what concerns the store alone: a report goes out of the house."""
    return (row for row in office.snapshot.rows(schema.PROFILE) if not is_private(str(row["id"])))


def _indicators(office: Office, items: Sequence[Measure], _quarters: Sequence[Period]) -> Iterable[Row]:
    shown = {item.indicator.id for item in items}
    return (row for row in office.snapshot.rows(schema.INDICATOR) if row["id"] in shown)


def _targets(office: Office, items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
    shown, years = {item.indicator.id for item in items}, {quarter.year for quarter in quarters}
    rows = office.snapshot.rows(schema.TARGET)
    return (row for row in rows if row["indicator_id"] in shown and row["year"] in years)


def _entries(office: Office, items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
    """Entries with the figures that count: those given in, before that those that stand there."""
    for item in items:
        for quarter in _with_earlier(quarters):
            if entry := office.entry(item.indicator.id, quarter):
                yield {**entry.row, **{name: entry.counted(name) for name in ("actual", "spent")}}


def _with_earlier(quarters: Sequence[Period]) -> list[Period]:
    """The quarters shown and all before them in the same years, which add up to the figures of the later ones."""
    return [Period(year, q) for year in sorted({p.year for p in quarters}) for q in range(1, _last(year, quarters) + 1)]


def _last(year: int, quarters: Sequence[Period]) -> int:
    return max(quarter.quarter for quarter in quarters if quarter.year == year)


def _own(table: schema.Table) -> Callable[[Office, Sequence[Measure], Sequence[Period]], Iterable[Row]]:
    """The rows of the quarter reported, which is the last one shown."""
    return lambda office, _items, quarters: office.rows_of(table, quarters[-1])


def _renstra(office: Office, items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
    shown, year = {item.indicator.id for item in items}, quarters[-1].year
    rows = office.snapshot.rows(schema.RENSTRA)
    return (row for row in rows if row["indicator_id"] in shown and row["year"] == year)


def _follow_ups(office: Office, _items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
    return (item.row for item in follow_ups(office, quarters[-1]))


def _texts(office: Office, _items: Sequence[Measure], quarters: Sequence[Period]) -> Iterable[Row]:
    return texts_in_report(office, quarters[-1])


_STAMP = frozenset({"entered_by", "entered_at"})
_DATED = (
    schema.CYCLE,
    schema.STEP_EVENT,
    schema.MONEV,
    schema.ANALYSIS,
    schema.MEETING,
    schema.CORRECTION,
    schema.VERIFICATION,
)
_SOURCES = (
    _Source("setelan", "Setelan kantor", schema.PROFILE, frozenset({"note"}), _settings),
    _Source("kategori", "Skala kategori capaian", schema.RATING, frozenset(), _all(schema.RATING)),
    _Source("seksi", "Seksi dan subbagian", schema.SECTION, frozenset(), _all(schema.SECTION)),
    _Source("pejabat", "Pejabat yang berperan dalam SOP", schema.OFFICIAL, frozenset(), _officials),
    _Source("indikator", "Kamus indikator", schema.INDICATOR, frozenset({"active"}), _indicators),
    _Source("target", "Target dan pagu", schema.TARGET, frozenset(), _targets),
    _Source("isian", "Realisasi yang dihitung, beserta uraiannya", schema.ENTRY, _STAMP, _entries),
    _Source("renstra", "Target dan realisasi Renstra (Formulir E.81)", schema.RENSTRA, frozenset(), _renstra),
    _Source(
        "siklus",
        "Pembukaan, tenggat, dan kunci triwulan laporan",
        schema.CYCLE,
        frozenset({"opened_by"}),
        _own(schema.CYCLE),
    ),
    _Source("langkah", "Kejadian pada langkah 1 sampai 11", schema.STEP_EVENT, frozenset(), _events),
    _Source(
        "versi_sop",
        "SOP yang dipakai triwulan laporan",
        schema.SOP_VERSION,
        frozenset(),
        _sop(schema.SOP_VERSION, "id"),
    ),
    _Source(
        "sop",
        "Langkah SOP yang dipakai triwulan laporan",
        schema.SOP_STEP,
        frozenset(),
        _sop(schema.SOP_STEP, "version"),
    ),
    _Source("libur", "Hari libur dalam hitungan waktu langkah", schema.HOLIDAY, frozenset(), _holidays),
    _Source("monev", "Rencana dan hasil monitoring ke seksi", schema.MONEV, _STAMP, _own(schema.MONEV)),
    _Source("analisis", "Analisis per seksi dan per sasaran", schema.ANALYSIS, _STAMP, _own(schema.ANALYSIS)),
    _Source("tindak_lanjut", "Register tindak lanjut", schema.FOLLOW_UP, _STAMP, _follow_ups),
    _Source("pembahasan", "Pembahasan draf", schema.MEETING, _STAMP, _own(schema.MEETING)),
    _Source("koreksi", "Koreksi atas draf", schema.CORRECTION, frozenset(), _own(schema.CORRECTION)),
    _Source(
        "verifikasi", "Keputusan verifikasi per indikator", schema.VERIFICATION, frozenset(), _own(schema.VERIFICATION)
    ),
    _Source("teks", "Teks laporan yang ditulis kantor", schema.REPORT_TEXT, _STAMP, _texts),
)


def _read(office: Office, items: Sequence[Measure], quarters: Sequence[Period], source: _Source) -> DataTable:
    names = [column.name for column in source.columns]
    rows = (tuple(_text(row[name]) for name in names) for row in source.rows(office, items, quarters))
    return DataTable(source.name, source.about, tuple(c.header for c in source.columns), tuple(sorted(rows)))


_RESULT_FIGURES = ("Target s.d. triwulan", "Realisasi s.d. triwulan", "Capaian s.d. triwulan (%)")
_RESULT_COLUMNS = ("ID indikator", *_RESULT_FIGURES, "Kategori", "Keterangan")


def _results(items: Sequence[Measure]) -> DataTable:
    rows = sorted(tuple(map(_text, _result(item))) for item in items)
    return DataTable(RESULTS, "Hasil hitungan triwulan laporan", _RESULT_COLUMNS, tuple(rows))


def _result(item: Measure) -> tuple[Value | Bounds, ...]:
    return (
        item.indicator.id,
        item.target_to_date,
        _rounded(item.actual_to_date),
        _rounded(item.to_date.value),
        item.rating.label if item.rating else "",
        str(item.to_date.outcome),
    )


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_half_up(value, RESULT_PLACES)


def _text(value: Value | Bounds) -> str:
    match value:
        case str():
            return value if len(value) <= LONGEST_TEXT else f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
        case None:
            return ""
        case bool():
            return "ya" if value else "tidak"
        case Decimal():
            return _plain(value)
        case Bounds():
            return f"{_plain(value.low)} - {_plain(value.high)}" if value.is_range else _plain(value.low)
        case datetime():
            return value.astimezone(WIB).isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _plain(value: Decimal) -> str:
    """The shortest writing without exponent: 80 for 80.0 and 8E+1, 0 for -0."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
