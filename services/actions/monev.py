"""Monitoring at the sections: its plan (step 4), what was found (step 5), and the agreement of the section's head."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise, commit, too_long
from services.actions.entries import is_link
from services.actions.placed import put
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.monev import CHECK_ITEMS, CheckAnswer, read_hour
from services.domain.narrative import says_nothing
from services.domain.numbers import Problem, clean, read_date
from services.domain.roles import Action
from services.store import schema
from services.store.store import Change, DuplicateRow, Receipt, Update, Value
from services.views.monev import Visit, proposed_schedule, visit

PLAN_FIELDS = ("planned_on", "planned_at", "officer", "place", "focus")
RESULT_FIELDS = ("held_on", "attendees", "findings", "evidence", "recommendation")
CHECK_FIELDS = tuple(f"{part}-{item}" for item in range(1, len(CHECK_ITEMS) + 1) for part in ("answer", "note"))
"""``answer-1``, ``note-1`` and so on: the fields of the check list."""
_ONE_LINE = ("officer", "place", "answer", "note")
_OVERTAKEN = "Baris ini baru saja disimpan orang lain. Muat ulang halaman untuk melihat keadaan terbaru."

Texts = Mapping[str, str]


def save_plan(
    context: Context, period: Period, section_id: str, seen: Texts, typed: Texts, transaction_id: str = ""
) -> Receipt | None:
    """Save the fields of the plan that differ from what the person saw (``seen``); None when none does.

    Raises Denied, Refused, Unreadable (nothing is saved), Conflict, or what else the store raises.
    """
    authorise(context, Action.PLAN_MONEV, period, section_id)
    known = _visit(context, period, section_id)
    new = _understood(context, _changed(seen, typed, PLAN_FIELDS))
    if not new:
        return None
    return _commit(context, Action.PLAN_MONEV, (_visit_change(context, known, seen, new),), transaction_id)


def propose_plan(context: Context, period: Period, transaction_id: str = "") -> Receipt:
    """Give every section without a day one of the working days of step 5, an hour and an officer."""
    authorise(context, Action.PLAN_MONEV, period)
    proposals = proposed_schedule(context.office, period, context.now)
    if not proposals:
        raise Refused("Tidak ada yang dapat diusulkan: semua seksi sudah berjadwal, atau waktu langkah 5 sudah habis.")
    changes = []
    for proposal in proposals:
        known = _visit(context, period, proposal.section.id)
        new: dict[str, Value] = {"planned_on": proposal.day, "planned_at": proposal.hour}
        new |= {} if known.text("officer") else {"officer": proposal.officer}
        new |= {} if known.text("place") else {"place": f"Ruang {proposal.section.short}"}
        changes.append(_visit_change(context, known, {name: known.text(name) for name in new}, new))
    return _commit(context, Action.PLAN_MONEV, tuple(changes), transaction_id)


def record_result(
    context: Context, period: Period, section_id: str, seen: Texts, typed: Texts, transaction_id: str = ""
) -> Receipt | None:
    """Save what was found at a section: fields of the result and of the check list that differ from ``seen``.

    Another recommendation than the one agreed on withdraws the agreement. Raises as ``save_plan``.
    """
    authorise(context, Action.RECORD_MONEV, period, section_id)
    known = _visit(context, period, section_id)
    changed = _changed(seen, typed, (*RESULT_FIELDS, *CHECK_FIELDS))
    values = _understood(context, changed)
    new = {name: value for name, value in values.items() if name in RESULT_FIELDS}
    checks = {name: value for name, value in values.items() if name in CHECK_FIELDS}
    if not values:
        return None
    if "recommendation" in new:
        new |= {"agreed_by": "", "agreed_at": None}
    changes = (_visit_change(context, known, seen, new), *_check_changes(context, known, seen, checks))
    return _commit(context, Action.RECORD_MONEV, changes, transaction_id)


def agree(context: Context, period: Period, section_id: str, seen: str, transaction_id: str = "") -> Receipt:
    """Agree to the recommendation as this person saw it. Raises Denied, Refused, Conflict where it has changed."""
    authorise(context, Action.AGREE_MONEV, period, section_id)
    known = _visit(context, period, section_id)
    if known.row is None or says_nothing(known.text("recommendation")):
        raise Refused("Belum ada rekomendasi yang dapat disepakati.")
    if known.held_on is None:
        raise Refused("Tanggal pelaksanaan monev belum dicatat, jadi hasilnya belum dapat disepakati.")
    if known.agreed_at is not None:
        raise Refused("Rekomendasi ini sudah disepakati.")
    old: dict[str, Value] = {"recommendation": seen, "agreed_at": None}
    new: dict[str, Value] = {"recommendation": seen, "agreed_at": context.now, "agreed_by": context.actor.username}
    update = Update(schema.MONEV, str(known.row["id"]), old, new)
    return commit(context, Action.AGREE_MONEV, (update,), transaction_id)


# --- one row for each section, made when something is saved ------------------------------------------------------


def _visit(context: Context, period: Period, section_id: str) -> Visit:
    found = visit(context.office, section_id, period)
    if found is None:
        raise Refused("Seksi ini tidak mempunyai indikator aktif, jadi tidak dimonitor.")
    return found


def _visit_change(context: Context, known: Visit, seen: Texts, new: Mapping[str, Value]) -> Change:
    stamp: dict[str, Value] = {"entered_by": context.actor.username, "entered_at": context.now}
    place: dict[str, Value] = {"section_id": known.section.id}
    row_id = f"monev-{known.period.key}-{known.section.id}"
    old = {name: _value(name, seen.get(name, "")) for name in new if name in (*PLAN_FIELDS, *RESULT_FIELDS)}
    return put(schema.MONEV, row_id, known.period, known.row, place, old, {**new, **stamp})


def _check_changes(context: Context, known: Visit, seen: Texts, checks: Mapping[str, Value]) -> Iterator[Change]:
    found = context.office.rows_of(schema.MONEV_CHECK, known.period)
    rows = {r["item"]: r for r in found if r["section_id"] == known.section.id}
    for item in range(1, len(CHECK_ITEMS) + 1):
        new = {part: checks[f"{part}-{item}"] for part in ("answer", "note") if f"{part}-{item}" in checks}
        if new:
            old: dict[str, Value] = {part: seen.get(f"{part}-{item}", "") for part in new}
            place: dict[str, Value] = {"section_id": known.section.id, "item": item}
            row_id = f"cek-{known.period.key}-{known.section.id}-{item}"
            yield put(schema.MONEV_CHECK, row_id, known.period, rows.get(item), place, old, new)


def _commit(context: Context, action: Action, changes: tuple[Change, ...], transaction_id: str) -> Receipt:
    try:
        return commit(context, action, changes, transaction_id)
    except DuplicateRow as exc:
        raise Refused(_OVERTAKEN) from exc


# --- understanding what was typed --------------------------------------------------------------------------------


def _changed(seen: Texts, typed: Texts, fields: tuple[str, ...]) -> dict[str, str]:
    return {n: typed[n] for n in fields if n in typed and typed[n].strip() != seen.get(n, "").strip()}


def _understood(context: Context, typed: Texts) -> dict[str, Value]:
    """Values to store, or Unreadable with every problem at once."""
    found = {name: _problem(context, name, text.strip()) for name, text in typed.items()}
    problems = {name: problem for name, problem in found.items() if problem}
    if problems:
        raise Unreadable(problems)
    return {name: _value(name, text) for name, text in typed.items()}


def _problem(context: Context, name: str, text: str) -> str:
    """Why a text cannot be saved in this field, and what to write instead; "" when it can."""
    check = _PROBLEMS.get(_kind(name))
    if len(text) > TEXT_LIMIT:
        return too_long(text)
    return check(context, text) if check and text else ""


def _date_problem(_: Context, text: str) -> str:
    found = read_date(text)
    return found.message() if isinstance(found, Problem) else ""


def _held_problem(context: Context, text: str) -> str:
    found = read_date(text)
    if isinstance(found, Problem):
        return found.message()
    if found and found > context.now.astimezone(WIB).date():
        return "Tanggal pelaksanaan belum tiba. Catat hasil monev sesudah dilaksanakan."
    return ""


def _hour_problem(_: Context, text: str) -> str:
    return "" if read_hour(text) else f"“{text}” tidak terbaca sebagai jam. Tulis seperti 09.00."


def _links_problem(_: Context, text: str) -> str:
    wrong = [line.strip() for line in text.splitlines() if line.strip() and not is_link(line.strip())]
    if not wrong:
        return ""
    return f"“{wrong[0][:80]}” bukan tautan. Tulis satu tautan setiap baris, diawali https:// atau http://."


def _answer_problem(_: Context, text: str) -> str:
    return "" if text in list(CheckAnswer) else f"Jawaban “{text}” tidak dikenal. Pilih ya, sebagian, atau tidak."


_PROBLEMS: Mapping[str, Callable[[Context, str], str]] = {
    "planned_on": _date_problem,
    "held_on": _held_problem,
    "planned_at": _hour_problem,
    "evidence": _links_problem,
    "answer": _answer_problem,
}


def _value(name: str, text: str) -> Value:
    """What is stored for a text that was understood."""
    if name in ("planned_on", "held_on"):
        found = read_date(text)
        return text if isinstance(found, Problem) else found
    if name == "planned_at":
        return read_hour(text) or text.strip()
    return clean(text) if _kind(name) in _ONE_LINE else text.strip()


def _kind(name: str) -> str:
    """The field without the number of its question: ``answer`` for ``answer-3``."""
    return name.partition("-")[0]
