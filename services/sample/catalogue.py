"""The sample's indicators with their targets and figures, from ``indicators.toml`` (its head explains the keys)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from services.domain.attainment import attain
from services.domain.indicators import (
    Aggregation,
    Bounds,
    Period,
    Polarity,
    actual_to_date,
    target_to_date,
)
from services.domain.numbers import read_number, read_target
from services.store.store import Row, Value

CATALOGUE_FILE = Path(__file__).with_name("indicators.toml")
YEARS = (2025, 2026)
PERIODS = Period(2026, 3).trailing(7)
REVISION_BASIS = "Perubahan APBD/PK Tahun 2026 (CONTOH)"
_FIRST_BASIS = "Perjanjian Kinerja Tahun {} (CONTOH)"

_HUNDRED = Decimal(100)
_RENSTRA_YEARS = 6
_TARGET_COLUMNS = ("annual", "q1", "q2", "q3", "q4")
# Spending is never exactly even within a section; these factors set its indicators apart.
_UNEVEN = tuple(map(Decimal, ("1", "0.97", "1.02", "0.99", "1.01")))


@dataclass(frozen=True, slots=True)
class Sample:
    """One indicator of the sample. ``row`` is its row in the dictionary; ``data`` its table in the file."""

    row: Row
    data: Mapping[str, Any]
    shares: tuple[Decimal, ...]

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def section_id(self) -> str:
        return str(self.row["section_id"])

    def target_rows(self) -> Iterator[Row]:
        """Targets as the years began."""
        for year in YEARS:
            cells, budget = self.data[f"target_{year}"], self.data.get(f"budget_{year}")
            yield self._target_row(year, 1, cells, budget, _FIRST_BASIS.format(year))

    def revision_row(self) -> Row | None:
        """The revision of 2026, where the indicator has one."""
        revision = self.data.get("revision_2026")
        if revision is None:
            return None
        return self._target_row(2026, revision["valid_from"], revision["target"], revision["budget"], REVISION_BASIS)

    def renstra_row(self) -> Row | None:
        """Renstra 2021 to 2026: its target, and what was realised up to 2025; None where the target is no number."""
        annual = _cell(self.data["target_2026"][0])
        if not isinstance(annual, Decimal):
            return None
        adds_up = self.row["aggregation"] == Aggregation.SUM
        budget = self.data.get("budget_2026")
        return {
            "id": f"renstra-2026-{self.id}",
            "indicator_id": self.id,
            "year": 2026,
            "last_year": 2026,
            "target": annual * _RENSTRA_YEARS if adds_up else annual,
            "budget": None if budget is None else Decimal(budget) * _RENSTRA_YEARS,
            "actual": annual * (_RENSTRA_YEARS - 1) if adds_up else self._last_of(2025),
            "spent": None if budget is None else Decimal(budget * (_RENSTRA_YEARS - 1) * 94 // 100 // 1000 * 1000),
        }

    def _last_of(self, year: int) -> Value:
        typed = (_cell(value) for value in reversed(self.data[f"actual_{year}"]))
        return next((value for value in typed if isinstance(value, Decimal)), None)

    def actual(self, period: Period) -> Value:
        """The cell as it stands in the end."""
        return _cell(self.data[f"actual_{period.year}"][period.quarter - 1])

    def first_typed(self, period: Period) -> str | None:
        """What stood there before the Kasubag PKP corrected it."""
        text: str | None = self.data.get("first_typed", {}).get(period.key)
        return text

    def figures(self, period: Period) -> Row | None:
        """The columns that a person fills in; None where nobody has filled in anything."""
        actual = self.actual(period)
        if actual is None:
            return None
        driver, obstacle, follow_up = self._narrative(period)
        return {
            "actual": actual,
            "spent": self._spent(period),
            "driver": driver,
            "obstacle": obstacle,
            "follow_up": follow_up,
            "evidence": self._evidence(period),
        }

    def _target_row(self, year: int, valid_from: int, cells: list[Any], budget: int | None, basis: str) -> Row:
        return {
            "id": f"tgt-{year}-{valid_from}-{self.id}",
            "indicator_id": self.id,
            "year": year,
            "valid_from": valid_from,
            **dict(zip(_TARGET_COLUMNS, map(_cell, cells), strict=True)),
            "budget": _cell(budget),
            "legal_basis": basis,
        }

    def _spent(self, period: Period) -> Value:
        typed = self.data.get("spent", {}).get(period.key)
        budget = self._budget(period)
        if typed is not None or budget is None:
            return _cell(typed)
        factor = _UNEVEN[int(str(self.row["order"])) % len(_UNEVEN)]
        share = min(self.shares[PERIODS.index(period)] * factor, Decimal(1))
        return Decimal(int(budget * share / 1000) * 1000)

    def _budget(self, period: Period) -> Decimal | None:
        revision = self._revision(period)
        budget = revision["budget"] if revision else self.data.get(f"budget_{period.year}")
        return None if budget is None else Decimal(budget)

    def _revision(self, period: Period) -> Mapping[str, Any] | None:
        """The revision that holds in the quarter."""
        revision: Mapping[str, Any] | None = self.data.get("revision_2026")
        return revision if revision and period >= Period(2026, revision["valid_from"]) else None

    def _narrative(self, period: Period) -> tuple[str, str, str]:
        """Driver, obstacle and follow-up: the last two explain a shortfall up to the quarter."""
        reached = self._attained(period)
        if reached is None:
            return "", "", ""
        if reached >= _HUNDRED:
            return self.data.get("driver", ""), "", ""
        obstacle, follow_up = self.data.get("shortfall_in", {}).get(period.key) or self.data.get("shortfall", ("", ""))
        return "", obstacle, follow_up

    def _attained(self, period: Period) -> Decimal | None:
        quarters = [Period(period.year, q) for q in range(1, period.quarter + 1)]
        unit, aggregation = str(self.row["unit"]), Aggregation(str(self.row["aggregation"]))
        actuals = [read_number(self.actual(p), unit).value for p in quarters]
        targets = [self._target(p) for p in quarters]
        goal, total = target_to_date(aggregation, actuals, targets), actual_to_date(aggregation, actuals, targets)
        return attain(goal, total, Polarity(str(self.row["polarity"]))).value

    def _target(self, period: Period) -> Bounds | None:
        revision = self._revision(period)
        cells = revision["target"] if revision else self.data[f"target_{period.year}"]
        return read_target(_cell(cells[period.quarter])).value

    def _evidence(self, period: Period) -> str:
        if period.key in self.data.get("no_evidence", ()):
            return ""
        return f"https://drive.google.com/drive/folders/CONTOH-{period.key}-{self.id}"


@cache
def samples() -> tuple[Sample, ...]:
    """All indicators, in the order of the file."""
    document = tomllib.loads(CATALOGUE_FILE.read_text("utf-8"), parse_float=Decimal)
    return tuple(_sample(order, data, document) for order, data in enumerate(document["indicators"], start=1))


def _sample(order: int, data: Mapping[str, Any], document: Mapping[str, Any]) -> Sample:
    names = ("id", "section_id", "level", "code", "name", "unit", "polarity", "aggregation")
    row: dict[str, Value] = {name: data[name] for name in (*names, "definition", "formula", "source")}
    row |= {
        "objective": document["objectives"][data["objective"]],
        "programme": _programme(data.get("programme", data["code"]), document["programmes"]),
        "order": order,
        "active": True,
    }
    return Sample(row, data, tuple(document["spent_shares"][data["section_id"]]))


def _programme(code: str, names: Mapping[str, str]) -> str:
    """Name of the narrowest programme or activity to which the code belongs."""
    return names[max((known for known in names if code.startswith(known)), key=len)]


def _cell(value: object) -> Value:
    """A cell of the file: "" is blank, a number is a numeric cell, any other text is what somebody typed."""
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else Decimal(str(value))
