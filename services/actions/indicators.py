"""The dictionary of indicators: add, change and retire indicators; set and revise targets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from services.actions.base import Context, Refused, Unreadable, authorise, commit
from services.domain.indicators import Aggregation, Bounds, Level, Period, Polarity, target_in_force
from services.domain.numbers import clean, read_money, read_target
from services.domain.roles import Action
from services.store import schema
from services.store.schema import Kind
from services.store.store import Insert, Receipt, Row, Update, Value, new_id
from services.views.office import Office

TEXT_FIELDS = tuple(c.name for c in schema.INDICATOR.columns if c.kind is Kind.TEXT and c.name != "id")
REQUIRED = tuple(c.name for c in schema.INDICATOR.columns if c.required and c.name in TEXT_FIELDS)
TARGET_FIELDS = ("annual", "q1", "q2", "q3", "q4", "budget")


def add_indicator(context: Context, typed: Mapping[str, str], transaction_id: str = "") -> Receipt:
    """A new active indicator; quarters that are already open do not get a row for it."""
    authorise(context, Action.EDIT_INDICATOR, _present(context))
    values = _checked(context.office, typed)
    row: dict[str, Value] = {name: values.get(name, "") for name in TEXT_FIELDS}
    order = max((i.order for i in context.office.all_indicators), default=0) + 1
    row |= {"id": new_id(), "order": order, "active": True}
    return commit(context, Action.EDIT_INDICATOR, (Insert(schema.INDICATOR, row),), transaction_id)


def save_indicator(
    context: Context, indicator_id: str, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Change the texts that differ from what the person saw; None when none does."""
    authorise(context, Action.EDIT_INDICATOR, _present(context))
    values = _checked(context.office, typed)
    new = {name: text for name, text in values.items() if text != seen.get(name, "")}
    if not new:
        return None
    update = Update(schema.INDICATOR, indicator_id, {name: seen.get(name, "") for name in new}, new)
    return commit(context, Action.EDIT_INDICATOR, (update,), transaction_id)


def set_active(context: Context, indicator_id: str, active: bool, transaction_id: str = "") -> Receipt:
    """Retire an indicator from the next quarters on, or take it up again; what was reported stays."""
    authorise(context, Action.EDIT_INDICATOR, _present(context))
    update = Update(schema.INDICATOR, indicator_id, {"active": not active}, {"active": active})
    return commit(context, Action.EDIT_INDICATOR, (update,), transaction_id)


def revise_target(
    context: Context,
    indicator_id: str,
    period: Period,
    typed: Mapping[str, str],
    legal_basis: str,
    transaction_id: str = "",
) -> Receipt:
    """Set the year's targets and budget as they hold from ``period`` on; earlier quarters keep theirs.

    A change of targets that are already set needs its legal basis. A locked quarter cannot be revised.
    """
    authorise(context, Action.REVISE_TARGET, period)
    targets = context.office.targets.get(indicator_id, ())
    if target_in_force(targets, period.year, 4) is not None and not clean(legal_basis):
        raise Refused("Tulis dasar hukum perubahan target, misalnya Perubahan PK atau Perubahan APBD dengan nomornya.")
    values = _read_targets(context.office, indicator_id, typed)
    values["legal_basis"] = clean(legal_basis)
    same = next((t for t in targets if (t.year, t.valid_from) == (period.year, period.quarter)), None)
    change = _corrected(context, same.id, values) if same else _new_revision(indicator_id, period, values)
    return commit(context, Action.REVISE_TARGET, (change,), transaction_id)


def target_row(office: Office, target_id: str) -> Row:
    """The stored row of a target, as typed."""
    return next(r for r in office.snapshot.rows(schema.TARGET) if r["id"] == target_id)


def _present(context: Context) -> Period:
    return Period(context.now.year, (context.now.month - 1) // 3 + 1)


def _checked(office: Office, typed: Mapping[str, str]) -> dict[str, str]:
    values = {name: clean(text) for name, text in typed.items() if name in TEXT_FIELDS}
    problems = {
        name: f"{schema.INDICATOR.column(name).header} wajib diisi." for name in REQUIRED if values.get(name, " ") == ""
    }
    allowed = {
        "polarity": ["", *Polarity],
        "aggregation": list(Aggregation),
        "level": list(Level),
        "section_id": [s.id for s in office.sections],
    }
    for name, options in allowed.items():
        if name in values and name not in problems and values[name] not in options:
            header = schema.INDICATOR.column(name).header
            problems[name] = f"{header} harus salah satu dari: {', '.join(o for o in options if o)}."
    if problems:
        raise Unreadable(problems)
    return values


def _read_targets(office: Office, indicator_id: str, typed: Mapping[str, str]) -> dict[str, Value]:
    indicator = office.indicator_by_id.get(indicator_id)
    if indicator is None:
        raise Refused("Indikator ini sudah tidak ada. Muat ulang halaman untuk melihat keadaan terbaru.")
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for name in TARGET_FIELDS:
        text = clean(typed.get(name, ""))
        reading = read_money(text) if name == "budget" else read_target(text, indicator.unit)
        if reading.problem:
            problems[name] = f"{schema.TARGET.column(name).header}: {reading.problem.message()}"
        number = _number(reading.value)
        values[name] = number if number is not None else text or None
    if problems:
        raise Unreadable(problems)
    return values


def _number(value: Decimal | Bounds | None) -> Decimal | None:
    """What is stored as a number; a range stays the text that it is."""
    if isinstance(value, Bounds):
        return None if value.is_range else value.low
    return value


def _corrected(context: Context, target_id: str, values: dict[str, Value]) -> Update:
    row = target_row(context.office, target_id)
    new = {name: value for name, value in values.items() if row[name] != value}
    if not new:
        raise Refused("Target belum berubah; tidak ada yang disimpan.")
    return Update(schema.TARGET, target_id, {name: row[name] for name in new}, new)


def _new_revision(indicator_id: str, period: Period, values: dict[str, Value]) -> Insert:
    row: dict[str, Value] = {
        "id": new_id(),
        "indicator_id": indicator_id,
        "year": period.year,
        "valid_from": period.quarter,
        **values,
    }
    return Insert(schema.TARGET, row)
