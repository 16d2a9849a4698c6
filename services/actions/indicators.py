"""The dictionary of indicators: add, change and retire indicators; set and revise targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise, commit, one_line
from services.actions.quarters import empty_entry
from services.domain.indicators import (
    QUARTERS,
    Aggregation,
    Bounds,
    Indicator,
    Level,
    Period,
    Polarity,
    target_in_force,
)
from services.domain.numbers import clean, format_money, read_money, read_target, unambiguous
from services.domain.roles import Action, CycleState
from services.store import schema
from services.store.schema import Kind
from services.store.store import Change, Insert, Receipt, Row, Update, Value, new_id
from services.views.office import Office

TEXT_FIELDS = tuple(c.name for c in schema.INDICATOR.columns if c.kind is Kind.TEXT and c.name != "id")
REQUIRED = tuple(c.name for c in schema.INDICATOR.columns if c.required and c.name in TEXT_FIELDS)
TARGET_FIELDS = ("annual", "q1", "q2", "q3", "q4", "budget")


def indicator_texts(office: Office, indicator_id: str) -> dict[str, str]:
    """What the form of an indicator shows: its texts as they are stored."""
    row = _indicator_row(office, indicator_id)
    return {name: str(row[name] or "") for name in TEXT_FIELDS}


def add_indicator(context: Context, typed: Mapping[str, str], transaction_id: str = "") -> Receipt:
    """A new active indicator, with an empty entry in each quarter that is open.

    Raises Denied, Unreadable (which fields, and why) or what the store raises.
    """
    authorise(context, Action.EDIT_INDICATOR, _present(context))
    row: dict[str, Value] = dict(checked(context.office, {name: typed.get(name, "") for name in TEXT_FIELDS}))
    order = max((i.order for i in context.office.all_indicators), default=0) + 1
    indicator_id = new_id()
    row |= {"id": indicator_id, "order": order, "active": True}
    entries = missing_entries(context, indicator_id, str(row["section_id"]))
    return commit(context, Action.EDIT_INDICATOR, (Insert(schema.INDICATOR, row), *entries), transaction_id)


def save_indicator(
    context: Context, indicator_id: str, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Change the texts that differ from what the person saw; None when none does.

    An indicator that moves to another section takes its entries of open quarters along; locked quarters keep theirs.
    Raises Denied, Unreadable, Conflict or what else the store raises.
    """
    authorise(context, Action.EDIT_INDICATOR, _present(context))
    changed = {name: text for name, text in typed.items() if text.strip() != seen.get(name, "").strip()}
    new = checked(context.office, changed)
    if not new:
        return None
    update = Update(schema.INDICATOR, indicator_id, {name: seen.get(name, "") for name in new}, new)
    moved = moved_entries(context, indicator_id, new["section_id"]) if "section_id" in new else ()
    return commit(context, Action.EDIT_INDICATOR, (update, *moved), transaction_id)


def set_active(context: Context, indicator_id: str, active: bool, transaction_id: str = "") -> Receipt:
    """Retire an indicator from the next quarters on, or take it up again in the open ones; what was reported stays."""
    authorise(context, Action.EDIT_INDICATOR, _present(context))
    update = Update(schema.INDICATOR, indicator_id, {"active": not active}, {"active": active})
    section_id = _known(context.office, indicator_id).section_id
    entries = missing_entries(context, indicator_id, section_id) if active else ()
    return commit(context, Action.EDIT_INDICATOR, (update, *entries), transaction_id)


# --- targets -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One value that a revision changes, as texts for people; "" where there is none. ``field`` names the column."""

    field: str
    old: str
    new: str


def target_texts(office: Office, indicator_id: str, period: Period) -> dict[str, str]:
    """What the form of a revision from ``period`` on shows: the values in force, so that they read back the same.

    The legal basis is shown only where this very revision is there already and would be corrected.
    """
    row = _row_in_force(office, indicator_id, period)
    texts = {name: _as_typed(name, row[name]) if row else "" for name in TARGET_FIELDS}
    corrects = row is not None and row["valid_from"] == period.quarter
    return texts | {"legal_basis": str(row["legal_basis"]) if row and corrects else ""}


def fields_from(period: Period) -> tuple[str, ...]:
    """The fields that a revision from this quarter on may set: targets of earlier quarters stay what they were."""
    return ("annual", *(f"q{q}" for q in QUARTERS if q >= period.quarter), "budget", "legal_basis")


def preview_revision(
    office: Office, indicator_id: str, period: Period, typed: Mapping[str, str]
) -> tuple[TargetChange, ...]:
    """What a revision would change. Raises Refused or Unreadable, as ``revise_target`` would for these texts."""
    indicator = _known(office, indicator_id)
    new, row = read_revision(indicator, period, typed), _row_in_force(office, indicator_id, period)
    old = {name: row[name] if row else None for name in new}
    return tuple(
        TargetChange(name, _as_typed(name, old[name]), _as_typed(name, new[name]))
        for name in TARGET_FIELDS
        if name in new and old[name] != new[name]
    )


def revise_target(
    context: Context,
    indicator_id: str,
    period: Period,
    seen: Mapping[str, str],
    typed: Mapping[str, str],
    transaction_id: str = "",
) -> Receipt:
    """Set the year's targets and budget as they hold from ``period`` on; earlier quarters keep theirs.

    ``seen`` and ``typed`` have the fields of ``fields_from``; a field not typed stays as it is. A change of targets
    that are already set needs its legal basis. A quarter that is locked keeps its targets: a revision that would hold
    in it is denied. Raises Denied, Refused, Unreadable (which fields, and why), Conflict or what else the store raises.
    """
    office = context.office
    indicator = _known(office, indicator_id)
    for quarter in quarters_held(office, indicator_id, period):
        authorise(context, Action.REVISE_TARGET, Period(period.year, quarter))
    values = read_revision(indicator, period, typed)
    _require_legal_basis(office, indicator_id, period, values)
    row = _row_in_force(office, indicator_id, period)
    if row is not None and row["valid_from"] == period.quarter:
        change: Change = _corrected(row, seen, values)
    else:
        change = _new_revision(indicator_id, period, row, values)
    return commit(context, Action.REVISE_TARGET, (change,), transaction_id)


def quarters_held(office: Office, indicator_id: str, period: Period) -> list[int]:
    """The quarters in which a revision from ``period`` on would be in force: up to the next revision of the year."""
    later = [t.valid_from for t in office.targets.get(indicator_id, ()) if t.year == period.year]
    end = min((start for start in later if start > period.quarter), default=5)
    return list(range(period.quarter, end))


def _row_in_force(office: Office, indicator_id: str, period: Period) -> Row | None:
    """The stored row of the target that holds in a quarter, as typed."""
    target = office.target(indicator_id, period)
    return next((r for r in office.snapshot.rows(schema.TARGET) if target and r["id"] == target.id), None)


def _as_typed(field: str, value: Value) -> str:
    if not isinstance(value, Decimal):
        return str(value or "")
    return format_money(value) if field == "budget" else unambiguous(value)


def read_revision(indicator: Indicator, period: Period, typed: Mapping[str, str]) -> dict[str, Value]:
    """Values to store, or Unreadable with every problem at once."""
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for name in (n for n in TARGET_FIELDS if n in fields_from(period) and n in typed):
        text = clean(typed[name])
        reading = read_money(text) if name == "budget" else read_target(text, indicator.unit)
        if reading.problem:
            problems[name] = f"{schema.TARGET.column(name).header}: {reading.problem.message()}"
        number = target_number(reading.value)
        values[name] = number if number is not None else text or None
    if problems:
        raise Unreadable(problems)
    return values | ({"legal_basis": one_line(typed["legal_basis"])} if "legal_basis" in typed else {})


def target_number(value: Decimal | Bounds | None) -> Decimal | None:
    """What is stored as a number; a range stays the text that it is."""
    if isinstance(value, Bounds):
        return None if value.is_range else value.low
    return value


def _require_legal_basis(office: Office, indicator_id: str, period: Period, values: Mapping[str, Value]) -> None:
    already_set = target_in_force(office.targets.get(indicator_id, ()), period.year, 4) is not None
    if already_set and not values.get("legal_basis"):
        why = "Tulis dasar hukum perubahan target, misalnya Perubahan PK atau Perubahan APBD dengan nomornya."
        raise Unreadable({"legal_basis": why})


def _corrected(row: Row, seen: Mapping[str, str], values: Mapping[str, Value]) -> Update:
    """The revision is there already: compare with what the person saw, so that nobody's correction is lost."""
    new = {name: value for name, value in values.items() if _as_typed(name, value) != seen.get(name, "")}
    if not new:
        raise Refused("Target belum berubah; tidak ada yang disimpan.")
    old = {name: row[name] if seen.get(name, "") == _as_typed(name, row[name]) else seen.get(name, "") for name in new}
    return Update(schema.TARGET, str(row["id"]), old, new)


def _new_revision(indicator_id: str, period: Period, before: Row | None, values: dict[str, Value]) -> Insert:
    blank: dict[str, Value] = dict.fromkeys(TARGET_FIELDS) | {"legal_basis": ""}
    base = {name: before[name] for name in TARGET_FIELDS} if before else blank
    if all(values.get(name, base[name]) == base[name] for name in TARGET_FIELDS):
        raise Refused("Target belum berubah; tidak ada yang disimpan.")
    place: dict[str, Value] = {
        "id": new_id(),
        "indicator_id": indicator_id,
        "year": period.year,
        "valid_from": period.quarter,
    }
    return Insert(schema.TARGET, blank | base | values | place)


# --- texts -------------------------------------------------------------------------------------------------------


def _present(context: Context) -> Period:
    return Period(context.now.year, (context.now.month - 1) // 3 + 1)


def _known(office: Office, indicator_id: str) -> Indicator:
    indicator = office.indicator_by_id.get(indicator_id)
    if indicator is None:
        raise Refused("Indikator ini sudah tidak ada. Muat ulang halaman untuk melihat keadaan terbaru.")
    return indicator


def _indicator_row(office: Office, indicator_id: str) -> Row:
    _known(office, indicator_id)
    return next(r for r in office.snapshot.rows(schema.INDICATOR) if r["id"] == indicator_id)


def checked(office: Office, typed: Mapping[str, str]) -> dict[str, str]:
    """Texts to store, or Unreadable with every problem at once."""
    values = {name: clean(text) for name, text in typed.items() if name in TEXT_FIELDS}
    found = {name: _text_problem(office, name, text) for name, text in values.items()}
    problems = {name: problem for name, problem in found.items() if problem}
    if problems:
        raise Unreadable(problems)
    return values


def _text_problem(office: Office, name: str, text: str) -> str:
    header, options = schema.INDICATOR.column(name).header, _options(office).get(name)
    if not text:
        return f"{header} wajib diisi." if name in REQUIRED else ""
    if options is not None and text not in options:
        return f"{header} harus salah satu dari: {', '.join(options)}."
    too_long = len(text) > TEXT_LIMIT
    return f"{header} terlalu panjang: {len(text)} huruf, paling banyak {TEXT_LIMIT}." if too_long else ""


def _options(office: Office) -> dict[str, list[str]]:
    return {
        "polarity": list(Polarity),
        "aggregation": list(Aggregation),
        "level": list(Level),
        "section_id": [s.id for s in office.sections],
    }


def _open_periods(context: Context) -> list[Period]:
    office = context.office
    return [period for period in office.cycles if office.state(period, context.now) is CycleState.OPEN]


def missing_entries(context: Context, indicator_id: str, section_id: str) -> tuple[Insert, ...]:
    """An active indicator counts in every open quarter, so that its section must be able to fill it in there."""
    missing = [p for p in _open_periods(context) if context.office.entry(indicator_id, p) is None]
    return tuple(empty_entry(period, indicator_id, section_id) for period in missing)


def moved_entries(context: Context, indicator_id: str, section_id: str) -> tuple[Update, ...]:
    """The entries of open quarters that go along when an indicator moves to another section."""
    entries = (context.office.entry(indicator_id, period) for period in _open_periods(context))
    new: dict[str, Value] = {"section_id": section_id}
    return tuple(Update(schema.ENTRY, e.id, {"section_id": e.section_id}, new) for e in entries if e is not None)
