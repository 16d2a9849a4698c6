"""The SOP's versions: write the next one, put it into force, and confirm who carries out which step.

A running quarter keeps the version with which it was opened; only quarters opened later follow a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from services.actions.base import Context, Refused, Unreadable, authorise_office, commit, not_too_long, one_line
from services.domain.clock import TimeUnit
from services.domain.numbers import clean, format_date
from services.domain.process import TRANSITIONS
from services.domain.roles import RIGHTS, Action, Role
from services.domain.sop import Event, SopHead, Step
from services.store import schema
from services.store.store import DuplicateRow, Insert, Receipt, Row, Update, Value
from services.views.office import Office

HEAD_FIELDS = ("number", "title", "ratified_by", "warning", "recording")
LIST_FIELDS = ("legal_bases", "qualifications", "related", "equipment")
STEP_FIELDS = ("procedure", "requirement", "amount", "unit", "output", "executor", "involved")
LONGEST = 366
"""No standard time is a longer number than the days of a year."""


def next_version(office: Office) -> SopHead | None:
    """The version that is being written; None while there is none."""
    return next((h for h in office.sop_heads.values() if h.in_force_from is None), None)


def begin_version(context: Context, transaction_id: str = "") -> Receipt:
    """Copy the version in force, to be edited until it is put into force. Only one is written at a time."""
    authorise_office(context, Action.EDIT_SOP)
    office = context.office
    if next_version(office) is not None:
        raise Refused("Versi berikutnya sudah disusun. Lanjutkan versi itu.")
    number = 1 + sum(h.in_force_from is not None for h in office.sop_heads.values())
    version = f"versi-{number}"
    old = office.sop_in_force
    head = _head_row(office.head(old)) | {"id": version, "ratified_on": None, "in_force_from": None}
    steps = (Insert(schema.SOP_STEP, _step_row(version, step)) for step in office.steps_in(old))
    changes = (Insert(schema.SOP_VERSION, head), *steps)
    try:
        return commit(context, Action.EDIT_SOP, changes, transaction_id)
    except DuplicateRow as exc:
        raise Refused("Versi berikutnya baru saja disusun orang lain. Muat ulang halaman.") from exc


def save_head(
    context: Context, version: str, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Change the texts of the head that differ from what the person saw; None when none does."""
    authorise_office(context, Action.EDIT_SOP)
    _require_unfinished(context.office, version)
    new = {name: _text(name, typed[name]) for name in typed if _text(name, typed[name]) != _text(name, seen[name])}
    if not new:
        return None
    if any(not new.get(name, "-") for name in ("number", "title")):
        raise Refused("Nomor dan judul SOP tidak boleh kosong.")
    old = {name: seen[name] for name in new}
    return commit(context, Action.EDIT_SOP, (Update(schema.SOP_VERSION, version, old, new),), transaction_id)


def save_step(
    context: Context, version: str, no: int, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Change what differs in one step. Raises Denied, Refused, Unreadable, Conflict or what the store raises."""
    authorise_office(context, Action.EDIT_SOP)
    _require_unfinished(context.office, version)
    row = _row_of(context.office, version, no)
    changed = {name: typed[name] for name in STEP_FIELDS if typed[name].strip() != seen[name].strip()}
    new = _understood(no, changed)
    if not new:
        return None
    old = {name: _typed_value(name, seen[name]) for name in new}
    if "executor" in new:
        new["confirmed"] = False  # a proposal again, until somebody confirms it
    return commit(context, Action.EDIT_SOP, (Update(schema.SOP_STEP, str(row["id"]), old, new),), transaction_id)


def put_in_force(
    context: Context, version: str, ratified_on: date, in_force_from: date, transaction_id: str = ""
) -> Receipt:
    """From now on quarters are opened with this version; it can no longer be changed."""
    authorise_office(context, Action.EDIT_SOP)
    _require_unfinished(context.office, version)
    head = context.office.head(version)
    before = context.office.head(context.office.sop_in_force)
    if head.number == before.number:
        raise Refused(f"Versi baru memerlukan nomor SOP sendiri; {head.number} adalah nomor yang sekarang berlaku.")
    if before.in_force_from and in_force_from <= before.in_force_from:
        raise Refused(f"Tanggal berlaku harus sesudah {format_date(before.in_force_from)}, tanggal versi sebelumnya.")
    if in_force_from < ratified_on:
        raise Refused("SOP tidak dapat berlaku sebelum disahkan.")
    new: dict[str, Value] = {"ratified_on": ratified_on, "in_force_from": in_force_from}
    old: dict[str, Value] = {"in_force_from": None}
    return commit(context, Action.EDIT_SOP, (Update(schema.SOP_VERSION, version, old, new),), transaction_id)


def confirm_executor(context: Context, version: str, no: int, transaction_id: str = "") -> Receipt:
    """State that the proposed executor of a step is the one whom the office means."""
    authorise_office(context, Action.CONFIRM_EXECUTOR)
    row = _row_of(context.office, version, no)
    if row["confirmed"]:
        raise Refused(f"Pelaksana langkah {no} sudah dikonfirmasi.")
    if not row["executor"]:
        raise Refused(f"Langkah {no} belum mempunyai pelaksana.")
    seen: dict[str, Value] = {"executor": row["executor"], "confirmed": False}
    new: dict[str, Value] = {"executor": row["executor"], "confirmed": True}
    update = Update(schema.SOP_STEP, str(row["id"]), seen, new)
    return commit(context, Action.CONFIRM_EXECUTOR, (update,), transaction_id)


def able(no: int) -> frozenset[Role]:
    """The roles of which one must be an executor of the step, since only they have the right to move it on."""
    moves = [m for m in TRANSITIONS if no in m.steps and m.by_executor and m.event in (Event.FINISHED, Event.VERIFIED)]
    return frozenset(role for move in moves for role in RIGHTS[move.action][1])


def shown(step: Step) -> dict[str, str]:
    """What the form shows of a step."""
    return {
        "procedure": step.procedure,
        "requirement": step.requirement,
        "amount": str(step.duration.amount),
        "unit": step.duration.unit.value,
        "output": step.output,
        "executor": ",".join(step.executor),
        "involved": ",".join(step.involved),
    }


def shown_head(head: SopHead) -> dict[str, str]:
    """What the form shows of a head; lists have one item on each line."""
    texts = {name: str(getattr(head, name)) for name in HEAD_FIELDS}
    return texts | {name: "\n".join(getattr(head, name)) for name in LIST_FIELDS}


def _require_unfinished(office: Office, version: str) -> None:
    found = next_version(office)
    if found is None or found.version != version:
        raise Refused("Versi SOP ini sudah berlaku dan tidak dapat diubah. Susun versi berikutnya.")


def _row_of(office: Office, version: str, no: int) -> Row:
    rows = (r for r in office.snapshot.rows(schema.SOP_STEP) if (r["version"], r["no"]) == (version, no))
    found = next(rows, None)
    if found is None:
        raise Refused(f"Langkah {no} tidak ada di versi SOP ini. Muat ulang halaman.")
    return found


def _understood(no: int, changed: Mapping[str, str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for name, text in changed.items():
        problem = step_problem(no, name, clean(text))
        if problem:
            problems[name] = problem
        else:
            values[name] = _typed_value(name, text)
    if problems:
        raise Unreadable(problems)
    return values


def step_problem(no: int, name: str, text: str) -> str:
    """What is wrong with the value of a column of this step, or ""."""
    if name == "procedure" and not text:
        return "Uraian prosedur tidak boleh kosong."
    if name == "amount" and not (text.isascii() and text.isdigit() and 0 < int(text) <= LONGEST):
        return f"Waktu baku adalah bilangan bulat 1 sampai {LONGEST}, bukan “{text}”."
    if name == "unit" and text not in list(TimeUnit):
        return f"Satuan waktu adalah {', '.join(TimeUnit)}, bukan “{text}”."
    if name in ("executor", "involved") and not set(_roles(text)) <= set(Role):
        return f"Peran tidak dikenal: “{text}”."
    if name == "executor" and not able(no) & set(map(Role, _roles(text))):
        labels = " atau ".join(sorted(role.label for role in able(no)))
        return f"Pelaksana langkah {no} harus mencakup {labels}, karena hanya mereka yang dapat menyelesaikannya."
    return ""


def _typed_value(name: str, text: str) -> Value:
    return int(clean(text)) if name == "amount" else _text(name, text)


def _text(name: str, text: str) -> str:
    """Lists keep one item on each line; all other texts are one line."""
    if name not in LIST_FIELDS:
        return one_line(text)
    return not_too_long("\n".join(filter(None, (clean(line) for line in text.splitlines()))))


def _roles(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _head_row(head: SopHead) -> dict[str, Value]:
    return {**cast("dict[str, Value]", shown_head(head)), "ratified_on": head.ratified_on}


def _step_row(version: str, step: Step) -> Row:
    return {
        "id": f"sop-{version}-{step.no:02d}",
        "version": version,
        "no": step.no,
        **shown(step),
        "amount": step.duration.amount,
        "confirmed": step.confirmed,
    }
