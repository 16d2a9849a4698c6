"""One office in domain terms, read from a snapshot: what every page, chart, command and the report start from."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar, cast

from services.collector import uncollected
from services.domain.attainment import DEFAULT_SCALE, DownFormula, Scale, scale_of
from services.domain.clock import WIB, Calendar, Duration, TimeUnit
from services.domain.holidays import is_off
from services.domain.indicators import (
    Aggregation,
    Bounds,
    Indicator,
    Level,
    Period,
    Polarity,
    Target,
    quarterly_targets,
    target_in_force,
)
from services.domain.numbers import Reading, read_money, read_number, read_target
from services.domain.roles import CycleState, Role
from services.domain.settings import (
    CALENDAR_DAYS,
    CLOSES,
    DAYS_PER_WEEK,
    DOWN_FORMULA,
    MEAN_CAP,
    MEANING_OF_DAY,
    NIP_IN_SHEET,
    OPENS,
    YES,
    in_force,
    read_cap,
    read_hour,
)
from services.domain.sop import ARCHIVING, HEAD_2024, SOP_2024, Event, SopHead, Step, StepEvent
from services.store import schema
from services.store.store import Row, Snapshot, Value

EMBLEM_SETTING = "lambang"

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Section:
    """A seksi or subbagian that owns indicators."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Official:
    post: str
    name: str
    nip: str
    rank: str
    role: Role | None
    section_id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The office's own settings. ``sample``: the data are invented and marked CONTOH everywhere.

    ``nip_in_sheet``: the office allows the NIP of officials in a shared spreadsheet.
    """

    district: str
    regency: str
    province: str
    address: str
    down_formula: DownFormula
    mean_cap: Decimal | None
    sample: bool
    sop_number: str
    emblem: bytes | None = None
    nip_in_sheet: bool = False

    @property
    def title(self) -> str:
        return f"Kecamatan {self.district}"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One quarter that has been opened."""

    id: str
    period: Period
    opened_at: datetime
    due_on: date
    locks_on: date | None
    locked_at: datetime | None
    sop_version: str

    def is_locked(self, now: datetime) -> bool:
        """Whether the figures are closed: step 3 is finished, or the lock date is over."""
        return self.locked_at is not None or (self.locks_on is not None and now.astimezone(WIB).date() > self.locks_on)


@dataclass(frozen=True, slots=True)
class LockException:
    """One section may still give figures after the lock, up to and including ``until``."""

    section_id: str
    until: date
    reason: str
    at: datetime
    by: str

    def is_valid(self, now: datetime) -> bool:
        return now.astimezone(WIB).date() <= self.until


@dataclass(frozen=True, slots=True)
class Entry:
    """What a section gave for one indicator in one quarter: the row as it stands there, and the figures that count.

    Once the section has given its data in, ``given`` is what it gave, and ``actual`` and ``spent`` are read from that;
    a value changed afterwards counts when it is given in again. See ``Office.working``.
    """

    id: str
    indicator_id: str
    period: Period
    section_id: str
    row: Row
    actual: Reading
    spent: Reading
    given: Row | None = None

    def counted(self, column: str) -> Value:
        """The figure that counts, as typed: what was given in, before that what stands there."""
        return (self.given or self.row)[column]

    def text(self, column: str) -> str:
        return str(self.row[column] or "")

    @property
    def entered_by(self) -> str:
        return self.text("entered_by")

    @property
    def entered_at(self) -> datetime | None:
        return cast("datetime | None", self.row["entered_at"])


class Office:
    """Everything of one snapshot, indexed. Built once per snapshot by ``office_of``."""

    @uncollected
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.profile = _profile(stored_settings(snapshot))
        self.scale = _scale(snapshot.rows(schema.RATING))
        self.sections = tuple(
            Section(str(r["id"]), str(r["name"]), str(r["short"]))
            for r in sorted(snapshot.rows(schema.SECTION), key=lambda r: _int(r["order"]))
        )
        self.officials = tuple(_official(r) for r in snapshot.rows(schema.OFFICIAL))
        self.calendar = _calendar(snapshot)
        ranks = {section.id: n for n, section in enumerate(self.sections)}
        self.all_indicators = tuple(
            sorted(
                (_indicator(r) for r in snapshot.rows(schema.INDICATOR)),
                key=lambda i: (ranks.get(i.section_id, len(ranks)), i.order),
            )
        )
        self.indicators = tuple(i for i in self.all_indicators if i.active)
        self.indicator_by_id = {i.id: i for i in self.all_indicators}
        self.targets = _grouped((t.indicator_id, t) for t in map(self._target, snapshot.rows(schema.TARGET)))
        self.cycles = {c.period: c for c in map(_cycle, snapshot.rows(schema.CYCLE))}
        known = (r for r in snapshot.rows(schema.STEP_EVENT) if r["event"] in list(Event))
        self.events = _grouped((period_of(r), _event(r)) for r in known)
        self._entry_rows = _by_quarter(snapshot.rows(schema.ENTRY))
        self._entries: dict[Period, dict[str, Entry]] = defaultdict(dict)
        given = sorted(snapshot.rows(schema.GIVEN), key=lambda r: cast("datetime", r["at"]))
        self._given = _by_quarter(given)
        self._working: dict[Period, Office] = {}
        self._quarterly: dict[tuple[str, int], tuple[Bounds | None, ...]] = {}
        granted = sorted(snapshot.rows(schema.EXCEPTION), key=lambda r: cast("datetime", r["at"]))
        self.exceptions = _grouped((period_of(r), _exception(r)) for r in granted)
        self._sop = _grouped((str(r["version"]), _step(r)) for r in snapshot.rows(schema.SOP_STEP))
        self.sop_heads = {str(r["id"]): _head(r) for r in snapshot.rows(schema.SOP_VERSION)}

    def section(self, section_id: str) -> Section:
        """The section, or one that shows its bare id where the table has lost it."""
        return next((s for s in self.sections if s.id == section_id), Section(section_id, section_id, section_id))

    def indicators_of(self, section_id: str) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.section_id == section_id)

    def entry(self, indicator_id: str, period: Period) -> Entry | None:
        """The entry of an indicator in a quarter, read strictly; None before the quarter was opened."""
        read = self._entries[period]
        found = read.get(indicator_id)
        if found is None and (row := self._entry_rows.get(period, {}).get(indicator_id)):
            found = read[indicator_id] = self._read(row, period, self._given.get(period, {}).get(indicator_id))
        return found

    def read_entries(self) -> None:
        """Read all entries now, which would be read when they are asked for first.

        They stay as long as the office. Lying together in memory, they do not keep that of figures which come and go.
        """
        for period, rows in self._entry_rows.items():
            for indicator_id in rows:
                self.entry(indicator_id, period)

    def working(self, period: Period) -> Office:
        """This office with the entries of one quarter as they stand there now, given in or not: for those who fill in.

        All other quarters count as they were given in.
        """
        if period not in self._given:
            return self
        if period not in self._working:
            other = copy(self)
            other._given = {of: rows for of, rows in self._given.items() if of != period}
            other._entries = defaultdict(dict)
            self._working[period] = other
        return self._working[period]

    def entries_of(self, period: Period) -> tuple[Row, ...]:
        """The rows of a quarter as they stand there, those of indicators that are gone included."""
        return tuple(self._entry_rows.get(period, {}).values())

    def rows_of(self, table: schema.Table, period: Period) -> tuple[Row, ...]:
        """The rows of a table with a year and a quarter that belong to this quarter."""
        key = (period.year, period.quarter)
        return tuple(r for r in self.snapshot.rows(table) if (r["year"], r["quarter"]) == key)

    def entry_by_id(self, entry_id: str) -> Entry | None:
        """The entry as it stands there now."""
        rows = ((period, row) for period, rows in self._entry_rows.items() for row in rows.values())
        found = next((place for place in rows if place[1]["id"] == entry_id), None)
        return self.working(found[0]).entry(str(found[1]["indicator_id"]), found[0]) if found else None

    def with_typed(self, entry: Entry, typed: Mapping[str, Value]) -> Office:
        """This office as it would be with other texts in one entry: to show a capaian while somebody types."""
        other = copy(self)
        other._entries = copy(self._entries)
        read = self._read({**entry.row, **typed}, entry.period)
        other._entries[entry.period] = self._entries[entry.period] | {entry.indicator_id: read}
        return other

    def quarterly_targets(self, indicator_id: str, year: int) -> tuple[Bounds | None, ...]:
        key = (indicator_id, year)
        if key not in self._quarterly:
            self._quarterly[key] = quarterly_targets(self.targets.get(indicator_id, ()), year)
        return self._quarterly[key]

    def target(self, indicator_id: str, period: Period) -> Target | None:
        return target_in_force(self.targets.get(indicator_id, ()), period.year, period.quarter)

    def steps(self, period: Period) -> tuple[Step, ...]:
        """The SOP in the version with which the quarter began, or with which it would be opened now."""
        cycle = self.cycles.get(period)
        return self.steps_in(cycle.sop_version if cycle else self.sop_in_force)

    def steps_in(self, version: str) -> tuple[Step, ...]:
        """The 13 steps of one version of the SOP; a step that the table does not have is that of 2024."""
        own = {step.no: step for step in self._sop.get(version, ())}
        return tuple(own.get(step.no, step) for step in SOP_2024)

    def head(self, version: str) -> SopHead:
        return self.sop_heads.get(version, HEAD_2024)

    @property
    def sop_in_force(self) -> str:
        """The newest version that is in force; a version still being written is not."""
        known = (h for h in self.sop_heads.values() if h.in_force_from and h.version in self._sop)
        newest = max(known, key=lambda h: (h.in_force_from or date.min, h.version), default=None)
        return newest.version if newest else max(set(self._sop) - set(self.sop_heads), default=HEAD_2024.version)

    def state(self, period: Period, now: datetime, section_id: str = "") -> CycleState:
        """State of a quarter at ``now``; of one section's data in it, which an exception may keep open."""
        cycle = self.cycles.get(period)
        if cycle is None:
            return CycleState.NONE
        if any(e.step == ARCHIVING and e.event is Event.FINISHED for e in self.events.get(period, ())):
            return CycleState.ARCHIVED
        exception = self.exception(period, section_id)
        open_again = exception is not None and exception.is_valid(now)
        return CycleState.LOCKED if cycle.is_locked(now) and not open_again else CycleState.OPEN

    def exception(self, period: Period, section_id: str) -> LockException | None:
        """The exception given last to a section, valid or over."""
        given = [e for e in self.exceptions.get(period, ()) if e.section_id == section_id]
        return given[-1] if given else None

    def submissions(self, period: Period) -> dict[str, StepEvent]:
        """The latest submission of each section in a quarter."""
        events = (e for e in self.events.get(period, ()) if e.event is Event.SUBMITTED)
        return {e.section_id: e for e in sorted(events, key=lambda e: e.at)}

    def latest_period(self) -> Period | None:
        """The newest quarter that was opened."""
        return max(self.cycles, default=None)

    def official(self, role: Role) -> Official | None:
        return next((o for o in self.officials if o.role is role), None)

    def _unit(self, indicator_id: str) -> str:
        indicator = self.indicator_by_id.get(indicator_id)
        return indicator.unit if indicator else ""

    def _target(self, row: Row) -> Target:
        """Targets that cannot be read count as not set."""
        unit = self._unit(str(row["indicator_id"]))
        quarterly = tuple(read_target(row[q], unit).value for q in ("q1", "q2", "q3", "q4"))
        return Target(
            id=str(row["id"]),
            indicator_id=str(row["indicator_id"]),
            year=_int(row["year"]),
            valid_from=_int(row["valid_from"]),
            annual=read_target(row["annual"], unit).value,
            quarterly=cast("tuple[Bounds | None, Bounds | None, Bounds | None, Bounds | None]", quarterly),
            budget=read_money(row["budget"]).value,
            legal_basis=str(row["legal_basis"]),
        )

    def _read(self, row: Row, period: Period, given: Row | None = None) -> Entry:
        indicator_id = str(row["indicator_id"])
        target = self.quarterly_targets(indicator_id, period.year)[period.quarter - 1]
        counted = given or row
        actual = read_number(counted["actual"], self._unit(indicator_id), target=target)
        spent = read_money(counted["spent"])
        return Entry(str(row["id"]), indicator_id, period, str(row["section_id"]), row, actual, spent, given)


@lru_cache(maxsize=4)
def office_of(snapshot: Snapshot) -> Office:
    """The office of a snapshot; the same object for everybody who looks at the same snapshot."""
    return Office(snapshot)


def _grouped(pairs: Iterable[tuple[K, T]]) -> dict[K, tuple[T, ...]]:
    groups: dict[K, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _by_quarter(rows: Iterable[Row]) -> dict[Period, dict[str, Row]]:
    """For each quarter the last row of each indicator."""
    found: dict[Period, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        found[period_of(row)][str(row["indicator_id"])] = row
    return dict(found)


def _int(value: Value) -> int:
    return cast("int", value)


def period_of(row: Row) -> Period:
    """The quarter to which a row with a year and a quarter belongs."""
    return _quarter(_int(row["year"]), _int(row["quarter"]))


_quarter = lru_cache(maxsize=256)(Period)


def stored_settings(snapshot: Snapshot) -> dict[str, str]:
    """The rows of the tab Profil as they stand there."""
    return {str(r["id"]): str(r["value"]) for r in snapshot.rows(schema.PROFILE)}


def _profile(stored: Mapping[str, str]) -> Profile:
    values = in_force(stored)
    return Profile(
        district=values["nama_kecamatan"],
        regency=values["kabupaten"],
        province=values["provinsi"],
        address=values["alamat"],
        down_formula=DownFormula(values[DOWN_FORMULA]),
        mean_cap=read_cap(values[MEAN_CAP]),
        sample=stored.get("contoh", "") == YES,
        sop_number=values["nomor_sop"],
        emblem=_picture(stored.get(EMBLEM_SETTING, "")),
        nip_in_sheet=values[NIP_IN_SHEET] == YES,
    )


def _picture(text: str) -> bytes | None:
    """A picture kept as text; one that cannot be read is none."""
    try:
        return base64.b64decode(text, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _scale(rows: tuple[Row, ...]) -> Scale:
    if not rows:
        return DEFAULT_SCALE
    ordered = sorted(rows, key=lambda r: _int(r["rank"]))
    return scale_of([(str(r["label"]), cast("int | None", r["lower"])) for r in ordered])


def days_off(snapshot: Snapshot) -> Iterator[Row]:
    """The rows of the holidays that count."""
    return (row for row in snapshot.rows(schema.HOLIDAY) if is_off(str(row["kind"])))


def _calendar(snapshot: Snapshot) -> Calendar:
    values = in_force(stored_settings(snapshot))
    days = frozenset(cast("date", row["day"]) for row in days_off(snapshot))
    default = Calendar()
    return Calendar(
        opens=read_hour(values[OPENS]) or default.opens,
        closes=read_hour(values[CLOSES]) or default.closes,
        days_per_week=int(values[DAYS_PER_WEEK]),
        calendar_days=values[MEANING_OF_DAY] == CALENDAR_DAYS,
        holidays=days,
        known_years=frozenset(day.year for day in days),
    )


def _official(row: Row) -> Official:
    role = str(row["role"])
    return Official(
        str(row["post"]),
        str(row["name"]),
        str(row["nip"]),
        str(row["rank"]),
        Role(role) if role in list(Role) else None,
        str(row["section_id"]),
    )


def _indicator(row: Row) -> Indicator:
    polarity, aggregation = str(row["polarity"]), str(row["aggregation"])
    return Indicator(
        id=str(row["id"]),
        code=str(row["code"]),
        name=str(row["name"]),
        level=Level(str(row["level"])) if row["level"] in list(Level) else Level.OUTPUT,
        objective=str(row["objective"]),
        programme=str(row["programme"]),
        unit=str(row["unit"]),
        polarity=Polarity(polarity) if polarity in list(Polarity) else None,
        aggregation=Aggregation(aggregation) if aggregation in list(Aggregation) else Aggregation.LAST,
        section_id=str(row["section_id"]),
        definition=str(row["definition"]),
        formula=str(row["formula"]),
        source=str(row["source"]),
        order=_int(row["order"]),
        active=bool(row["active"]),
    )


def _cycle(row: Row) -> Cycle:
    return Cycle(
        id=str(row["id"]),
        period=period_of(row),
        opened_at=cast("datetime", row["opened_at"]),
        due_on=cast("date", row["due_on"]),
        locks_on=cast("date | None", row["locks_on"]),
        locked_at=cast("datetime | None", row["locked_at"]),
        sop_version=str(row["sop_version"]),
    )


def _exception(row: Row) -> LockException:
    return LockException(
        section_id=str(row["section_id"]),
        until=cast("date", row["until"]),
        reason=str(row["reason"]),
        at=cast("datetime", row["at"]),
        by=str(row["by"]),
    )


def _head(row: Row) -> SopHead:
    def lines(column: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in str(row[column]).splitlines() if line.strip())

    return SopHead(
        version=str(row["id"]),
        number=str(row["number"]),
        title=str(row["title"]),
        ratified_on=cast("date | None", row["ratified_on"]),
        ratified_by=str(row["ratified_by"]),
        legal_bases=lines("legal_bases"),
        qualifications=lines("qualifications"),
        related=lines("related"),
        equipment=lines("equipment"),
        warning=str(row["warning"]),
        recording=str(row["recording"]),
        in_force_from=cast("date | None", row["in_force_from"]),
    )


def _event(row: Row) -> StepEvent:
    return StepEvent(
        step=_int(row["step"]),
        event=Event(str(row["event"])),
        at=cast("datetime", row["at"]),
        by=str(row["by"]),
        section_id=str(row["section_id"]),
        note=str(row["note"]),
    )


def _step(row: Row) -> Step:
    return Step(
        no=_int(row["no"]),
        procedure=str(row["procedure"]),
        requirement=str(row["requirement"]),
        duration=Duration(_int(row["amount"]), TimeUnit(str(row["unit"]))),
        output=str(row["output"]),
        executor=_roles(row["executor"]),
        involved=_roles(row["involved"]),
        confirmed=bool(row["confirmed"]),
    )


def _roles(value: Value) -> tuple[Role, ...]:
    names = (name.strip() for name in str(value).split(","))
    return tuple(Role(name) for name in names if name in list(Role))
