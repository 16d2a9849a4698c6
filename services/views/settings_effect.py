"""What another formula, cap or rating scale would do to the figures of each quarter, before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from services.domain.attainment import Mean, Outcome
from services.domain.indicators import Period
from services.domain.numbers import format_percent, format_period
from services.store import schema
from services.store.schema import Table
from services.store.store import Row, Value
from services.views.measures import Measure, mean_of, measures
from services.views.office import Office


@dataclass(frozen=True, slots=True)
class Effect:
    """One quarter: how many indicators get another capaian, how many another rating, and the mean of all of them."""

    period: Period
    figures: int
    ratings: int
    before: Mean
    after: Mean

    @property
    def changes(self) -> bool:
        return bool(self.figures or self.ratings) or self.before != self.after


def with_values(office: Office, table: Table, cells: Mapping[str, Mapping[str, Value]]) -> Office:
    """The office as it would be with these values, by row and column; rows that are not there are added."""
    rows = {str(row["id"]): row for row in office.snapshot.rows(table)}
    for row_id, values in cells.items():
        blank: Row = {**dict.fromkeys(table.names, ""), "id": row_id}
        rows[row_id] = {**rows.get(row_id, blank), **values}
    tables = {**office.snapshot.tables, table.name: tuple(rows.values())}
    return Office(replace(office.snapshot, tables=tables))


def with_settings(office: Office, values: Mapping[str, str]) -> Office:
    return with_values(office, schema.PROFILE, {key: {"value": value} for key, value in values.items()})


def effects(office: Office, changed: Office) -> tuple[Effect, ...]:
    """The quarters in which something changes, the newest first."""
    found = (_effect(office, changed, period) for period in sorted(office.cycles, reverse=True))
    return tuple(effect for effect in found if effect.changes)


def sentences(found: Iterable[Effect]) -> Iterator[str]:
    """One for each effect, in words: what becomes of the quarter's capaian, ratings and mean."""
    for effect in found:
        counts = f"{effect.figures} capaian dan {effect.ratings} kategori berubah"
        mean = f"rata-rata {_percent(effect.before)} menjadi {_percent(effect.after)}"
        yield f"Akibatnya, {format_period(effect.period)}: {counts}, {mean}."


def _effect(office: Office, changed: Office, period: Period) -> Effect:
    before, after = measures(office, period), measures(changed, period)
    pairs = list(zip(before, after, strict=True))
    return Effect(
        period,
        figures=sum(_figure(old) != _figure(new) for old, new in pairs),
        ratings=sum(_name(old) != _name(new) for old, new in pairs),
        before=mean_of(office, before),
        after=mean_of(changed, after),
    )


def _figure(measured: Measure) -> tuple[Outcome, Decimal | None]:
    return measured.to_date.outcome, measured.to_date.value


def _percent(mean: Mean) -> str:
    return "-" if mean.value is None else format_percent(mean.value)


def _name(measured: Measure) -> str:
    return measured.rating.label if measured.rating else ""
