"""Which tables a file may change, with which right, and what their values must be: one table; all others are refused.

What the steps of a quarter bring into being (cycles, submissions, verifications and the like) is never imported: it
would be a way round the rights of those steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias, cast

from services.actions.base import Context, Refused, Unreadable, authorise
from services.actions.entries import understood
from services.actions.indicators import (
    TARGET_FIELDS,
    checked,
    missing_entries,
    moved_entries,
    quarters_held,
    read_revision,
    target_number,
)
from services.actions.indicators import TEXT_FIELDS as INDICATOR_TEXTS
from services.actions.office_tables import nip_problem, twice_the_same_post
from services.actions.sop import step_problem
from services.domain import settings
from services.domain.attainment import disorder
from services.domain.holidays import HOLIDAY_KINDS
from services.domain.indicators import QUARTERS, Period
from services.domain.numbers import (
    Reading,
    TargetReading,
    clean,
    read_money,
    read_nip,
    read_target,
    unambiguous,
)
from services.domain.roles import Action, Role
from services.domain.sop import STEP_COUNT
from services.store import schema
from services.store.privacy import NIP
from services.store.schema import Table
from services.store.store import Change, Row, Value

Values: TypeAlias = dict[str, Value]
Understand: TypeAlias = Callable[[Context, Row, Row | None, Values], Values]
"""The row as it would be, as it is (None: new), and what changes, to what is to be stored.

Raises Unreadable with what is wrong per column, or another ActionError about the whole row.
"""
GoAlong: TypeAlias = Callable[[Context, Row, Row | None], Sequence[Change]]
"""Changes of other tables that belong to a row as it will be, and as it is (None: new)."""

SAMPLE_SETTING = "contoh"

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def _as_given(_context: Context, _row: Row, _old: Row | None, values: Values) -> Values:
    return values


def _alone(_context: Context, _row: Row, _old: Row | None) -> Sequence[Change]:
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How one table is imported.

    ``fixed`` columns of a row that is there cannot be changed; ``stamped`` ones are the application's and not read.
    ``named``: people give the ids, so that a row without one is refused. ``defaults`` stand for blank cells of new
    rows. ``whole`` says what is wrong with all rows of the table together, or "".
    """

    action: Action
    understand: Understand = _as_given
    along: GoAlong = _alone
    fixed: frozenset[str] = frozenset()
    stamped: frozenset[str] = frozenset()
    named: bool = False
    defaults: Mapping[str, Value] = field(default_factory=dict)
    whole: Callable[[Sequence[Row]], str] = lambda _rows: ""


def rule_for(table: Table) -> Rule:
    """Raises Refused for a table that is not imported, with the reason."""
    if table.append_only:
        raise Refused(
            f"Tabel {table.name} adalah catatan yang tidak pernah diubah, jadi tidak dapat diimpor. "
            "Untuk memulihkannya pakai cadangan."
        )
    if table.name not in RULES:
        raise Refused(
            f"Tabel {table.name} diisi lewat langkah-langkah di aplikasi, jadi tidak dapat diimpor. "
            f"Yang dapat diimpor: {', '.join(RULES)}."
        )
    return RULES[table.name]


# --- settings of the office --------------------------------------------------------------------------------------


def _setting(_context: Context, row: Row, old: Row | None, values: Values) -> Values:
    key, value = str(row["id"]), str(row["value"])
    if key == SAMPLE_SETTING and "value" in values and value.casefold() == "ya":
        raise Refused("Data hanya menjadi contoh lewat perintah contoh. Kosongkan nilainya.")
    if key == SAMPLE_SETTING and old is not None and "value" in values:
        raise Refused("Tanda contoh hanya diakhiri lewat perintah contoh --kosongkan. Kembalikan nilainya.")
    if key == settings.NIP_IN_SHEET and "value" in values:
        raise Refused("Izin menyimpan NIP di spreadsheet bersama hanya diubah di halaman Kantor.")
    if key in settings.BY_KEY and (problem := settings.BY_KEY[key].problem(value)):
        raise Unreadable({"value": problem})
    return _with_plain_id(row, old, values)


def _whole_profile(rows: Sequence[Row]) -> str:
    return settings.hours_problem({str(row["id"]): str(row["value"]) for row in rows})


def _section(_context: Context, row: Row, old: Row | None, values: Values) -> Values:
    return _with_plain_id(row, old, values)


def _with_plain_id(row: Row, old: Row | None, values: Values) -> Values:
    if old is None and not _KEY.fullmatch(str(row["id"])):
        raise Unreadable({"id": "Tulis ID dengan huruf kecil, angka, tanda - atau _, misalnya pem."})
    return values


def _official(context: Context, row: Row, _old: Row | None, values: Values) -> Values:
    _one_of(row, "role", list(Role))
    if not values.get(NIP):
        return values
    if problem := nip_problem(context.office, str(values[NIP])):
        raise Unreadable(problem)
    return {**values, NIP: read_nip(str(values[NIP]))}


def _holiday(_context: Context, row: Row, _old: Row | None, values: Values) -> Values:
    _one_of(row, "kind", HOLIDAY_KINDS)
    return values


def _whole_scale(rows: Sequence[Row]) -> str:
    ordered = sorted(rows, key=lambda row: cast("int", row["rank"]))
    return disorder([(cast("int", row["rank"]), cast("int | None", row["lower"])) for row in ordered])


def _sop_version(context: Context, row: Row, _old: Row | None, values: Values) -> Values:
    _still_written(context, str(row["id"]))
    if row["in_force_from"] is not None:
        raise Unreadable({"in_force_from": "Kosongkan; versi diberlakukan di halaman SOP."})
    return values


def _sop_step(context: Context, row: Row, _old: Row | None, values: Values) -> Values:
    """As strictly as on the page Dokumen SOP."""
    _still_written(context, str(row["version"]))
    no = cast("int", row["no"])
    if not 1 <= no <= STEP_COUNT:
        raise Unreadable({"no": f"Tulis 1 sampai {STEP_COUNT}."})
    texts = {name: clean(str(row[name])) for name in ("procedure", "amount", "unit", "executor", "involved")}
    if problems := {name: problem for name, text in texts.items() if (problem := step_problem(no, name, text))}:
        raise Unreadable(problems)
    if values.get("confirmed"):
        raise Unreadable({"confirmed": "Tulis tidak; pelaksana dikonfirmasi di halaman SOP."})
    return values


def _whole_sop(rows: Sequence[Row]) -> str:
    """The process, its table of transitions and the report know 13 steps."""
    versions: dict[str, set[int]] = {}
    for row in rows:
        versions.setdefault(str(row["version"]), set()).add(cast("int", row["no"]))
    complete = set(range(1, STEP_COUNT + 1))
    partial = sorted(version for version, numbers in versions.items() if numbers != complete)
    return f"SOP versi {clean(partial[0])} harus berisi langkah 1 sampai {STEP_COUNT}." if partial else ""


def _still_written(context: Context, version: str) -> None:
    office = context.office
    head = office.sop_heads.get(version)
    used = any(cycle.sop_version == version for cycle in office.cycles.values())
    if used or (head is not None and head.in_force_from is not None):
        raise Refused(f"SOP versi {clean(version)} sudah berlaku, jadi tidak diubah lagi. Susun versi baru.")


# --- indicators and targets --------------------------------------------------------------------------------------


def _indicator(context: Context, _row: Row, _old: Row | None, values: Values) -> Values:
    texts = {name: str(values[name]) for name in INDICATOR_TEXTS if name in values}
    return values | checked(context.office, texts)


def _with_indicator(context: Context, row: Row, old: Row | None) -> Sequence[Change]:
    """An active indicator has an entry in each open quarter, and takes those along into another section."""
    indicator_id, section_id = str(row["id"]), str(row["section_id"])
    moved = moved_entries(context, indicator_id, section_id) if old and old["section_id"] != section_id else ()
    starts = row["active"] and (old is None or not old["active"])
    return (*moved, *(missing_entries(context, indicator_id, section_id) if starts else ()))


def _target(context: Context, row: Row, old: Row | None, values: Values) -> Values:
    office, indicator_id = context.office, str(row["indicator_id"])
    if row["valid_from"] not in QUARTERS:
        raise Unreadable({"valid_from": "Tulis 1 sampai 4."})
    period = Period(cast("int", row["year"]), cast("int", row["valid_from"]))
    for quarter in quarters_held(office, indicator_id, period):
        authorise(context, Action.REVISE_TARGET, Period(period.year, quarter))
    if old or any(target.year == period.year for target in office.targets.get(indicator_id, ())):
        _require(row, "legal_basis", "Tulis dasar hukum perubahan target, misalnya Perubahan PK dengan nomornya.")
    typed = {name: _typed(values[name]) for name in TARGET_FIELDS if name in values}
    indicator = office.indicator_by_id[indicator_id]
    return values | read_revision(indicator, Period(period.year, QUARTERS[0]), typed)


def _plan(context: Context, row: Row, _old: Row | None, values: Values) -> Values:
    """Figures of the strategic plan (Renstra), read like targets and amounts."""
    unit = context.office.indicator_by_id[str(row["indicator_id"])].unit
    readings: dict[str, Reading | TargetReading] = {}
    for name in ("target", "actual"):
        if name in values:
            readings[name] = read_target(_typed(values[name]), unit)
    for name in ("budget", "spent"):
        if name in values:
            readings[name] = read_money(_typed(values[name]))
    problems = {name: reading.problem.message() for name, reading in readings.items() if reading.problem}
    if problems:
        raise Unreadable(problems)
    numbers = {name: target_number(reading.value) for name, reading in readings.items()}
    return values | {name: number for name, number in numbers.items() if number is not None}


# --- entries -----------------------------------------------------------------------------------------------------


def _entry(context: Context, row: Row, old: Row | None, values: Values) -> Values:
    entry = context.office.entry_by_id(str(row["id"])) if old else None
    if entry is None:
        raise Refused("Baris isian dibuat saat triwulan dibuka. Pakai ID dari hasil ekspor.")
    authorise(context, Action.SAVE_ENTRY, entry.period, entry.section_id)
    new = understood(context.office, entry, {name: _typed(value) for name, value in values.items()})
    return {name: value for name, value in new.items() if value != entry.row[name]}


# --- helpers -----------------------------------------------------------------------------------------------------


def _typed(value: Value) -> str:
    return unambiguous(value) if isinstance(value, Decimal) else str(value or "")


def _one_of(row: Row, column: str, options: Sequence[str]) -> None:
    if row[column] not in options:
        raise Unreadable({column: f"Tulis salah satu dari: {', '.join(options)}."})


def _require(row: Row, column: str, suggestion: str) -> None:
    if not str(row[column] or "").strip():
        raise Unreadable({column: suggestion})


_SECTION_ID = frozenset({"section_id"})
_PLACE = frozenset({"year", "quarter", "indicator_id"})

RULES: Mapping[str, Rule] = {
    schema.PROFILE.name: Rule(Action.EDIT_SETTINGS, _setting, named=True, whole=_whole_profile),
    schema.RATING.name: Rule(Action.EDIT_SETTINGS, whole=_whole_scale),
    schema.SECTION.name: Rule(Action.EDIT_SETTINGS, _section, named=True),
    schema.OFFICIAL.name: Rule(Action.EDIT_SETTINGS, _official, whole=twice_the_same_post),
    schema.HOLIDAY.name: Rule(Action.EDIT_SETTINGS, _holiday),
    schema.INDICATOR.name: Rule(
        Action.EDIT_INDICATOR, _indicator, _with_indicator, defaults={"active": True, "order": 0}
    ),
    schema.TARGET.name: Rule(
        Action.REVISE_TARGET,
        _target,
        fixed=frozenset({"indicator_id", "year", "valid_from"}),
        defaults={"valid_from": 1},
    ),
    schema.RENSTRA.name: Rule(Action.EDIT_INDICATOR, _plan),
    schema.ENTRY.name: Rule(
        Action.SAVE_ENTRY, _entry, fixed=_PLACE | _SECTION_ID, stamped=frozenset({"entered_by", "entered_at"})
    ),
    schema.SOP_VERSION.name: Rule(Action.EDIT_SOP, _sop_version, named=True),
    schema.SOP_STEP.name: Rule(Action.EDIT_SOP, _sop_step, fixed=frozenset({"version", "no"}), whole=_whole_sop),
}
