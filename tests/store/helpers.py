"""Small rows and transactions for the tests of the store."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from services.domain.clock import WIB
from services.store.schema import CYCLE, ENTRY, HOLIDAY, INDICATOR, SECTION, SOP_STEP, TARGET, Kind, Table
from services.store.store import Change, Insert, Row, Store, Transaction, Update, Value, new_id

NOW = datetime(2026, 11, 3, 10, 20, 30, 123456, WIB)
BLANK: dict[Kind, Value] = {Kind.TEXT: "", Kind.FLAG: False}


class Openable(Store, Protocol):
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store keeps its data, so that a test can open it several times, also for another office.

    ``counts``: the store counts its transactions, and tells 83.3 from 83.30 and "" from None in an entry. A sheet holds
    doubles and empty cells, and its revision is a fingerprint of the data.
    """

    open: Callable[..., Openable]
    counts: bool

    def exact(self, value: object) -> object:
        """What must come back for what was written."""
        return value if self.counts else as_in_a_sheet(value)


def as_in_a_sheet(value: Any) -> Any:
    """The same values as a sheet keeps them, in whatever rows and tables they stand."""
    if isinstance(value, Mapping):
        return {name: as_in_a_sheet(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return tuple(as_in_a_sheet(each) for each in value)
    if not isinstance(value, Decimal):
        return value
    number = float(value)
    if not math.isfinite(number) or Decimal(repr(number)) != value:
        return str(value)
    return Decimal(int(number)) if number.is_integer() and abs(number) < 10**15 else Decimal(repr(number))


def now() -> datetime:
    return NOW


def row(table: Table, row_id: str, **values: Value) -> Row:
    """A row with these values; all others blank."""
    return {**{c.name: BLANK.get(c.kind) for c in table.columns}, "id": row_id, **values}


def action(*changes: Change, **fields: Any) -> Transaction:
    plain = {"at": NOW, "by": "kasi-pem", "role": "kasi", "action": "simpan isian", "source": "Isian", "id": new_id()}
    return Transaction(changes=changes, **{**plain, **fields})


def section(row_id: str = "pem") -> Row:
    return row(SECTION, row_id, name="Seksi Pemerintahan", short="Pem", order=1)


def indicator(row_id: str = "i1", section_id: str = "pem") -> Row:
    texts = {"name": "Cakupan pelayanan", "level": "IKU", "unit": "%", "aggregation": "posisi akhir"}
    return row(INDICATOR, row_id, **texts, section_id=section_id, order=1, active=True)


def entry(row_id: str = "e1", indicator_id: str = "i1", quarter: int = 3, **values: Value) -> Row:
    key: dict[str, Value] = {"year": 2026, "quarter": quarter, "indicator_id": indicator_id, "section_id": "pem"}
    return row(ENTRY, row_id, **{**key, **values})


def fill(store: Store) -> None:
    """One section with one indicator and its blank entry of 2026 TW III."""
    store.commit(action(Insert(SECTION, section()), Insert(INDICATOR, indicator()), Insert(ENTRY, entry())))


def change(old: Mapping[str, Value], new: Mapping[str, Value], row_id: str = "e1", table: Table = ENTRY) -> Update:
    return Update(table, row_id, old, new)


def found(store: Store, table: Table = ENTRY, row_id: str = "e1") -> Row:
    return next(r for r in store.read().rows(table) if r["id"] == row_id)


def everything(store: Store) -> dict[str, tuple[Row, ...]]:
    return {table.name: rows for table, rows in store.dump()}


def exact(tables: Mapping[str, tuple[Row, ...]]) -> str:
    """A text that also tells 83.3 from 83.30 and "" from None."""
    return repr(tables)


def large_office(indicators: int, periods: int = 8) -> dict[str, tuple[Row, ...]]:
    """A whole office with one entry per indicator and period."""
    names = [f"i{n}" for n in range(indicators)]
    quarters = [(2025 + n // 4, n % 4 + 1) for n in range(periods)]
    return {
        SECTION.name: (section(),),
        INDICATOR.name: tuple(indicator(name) for name in names),
        TARGET.name: tuple(_target(name, year) for name in names for year in (2025, 2026)),
        ENTRY.name: tuple(_filled(name, year, quarter) for year, quarter in quarters for name in names),
        CYCLE.name: tuple(_cycle(year, quarter) for year, quarter in quarters),
        HOLIDAY.name: (row(HOLIDAY, "h1", day=date(2026, 8, 17), kind="libur nasional", name="HUT RI", basis="SKB"),),
        SOP_STEP.name: tuple(_steps()),
    }


def _target(name: str, year: int) -> Row:
    values = {f"q{q}": Decimal(20 * q) for q in (1, 2, 3, 4)}
    key: dict[str, Value] = {"indicator_id": name, "year": year, "valid_from": 1, "annual": "80 - 90"}
    return row(TARGET, f"t-{name}-{year}", **key, **values, budget=Decimal("12450000.50"))


def _filled(name: str, year: int, quarter: int) -> Row:
    texts = {"driver": "Kerja sama nagari", "obstacle": "Jaringan putus 🌧", "follow_up": "Jadwal ulang"}
    values: dict[str, Value] = {"actual": Decimal("83.30"), "spent": "12.450.000", "entered_at": NOW}
    return entry(f"e-{name}-{year}-{quarter}", name, quarter, **{**values, **texts, "year": year, "entered_by": "kasi"})


def _cycle(year: int, quarter: int) -> Row:
    due = date(year, 3 * quarter, 28)
    return row(CYCLE, f"s-{year}-{quarter}", year=year, quarter=quarter, opened_at=NOW, due_on=due, sop_version="1")


def _steps() -> Iterator[Row]:
    for no in range(1, 14):
        yield row(SOP_STEP, f"1-{no}", version="1", no=no, procedure="Menyusun", amount=2, unit="hari", confirmed=True)
