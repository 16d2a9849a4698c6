"""Step 7: the texts about a section or an objective, and the register of follow-ups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise, commit, one_line, too_long
from services.actions.placed import put
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.numbers import clean
from services.domain.roles import Action
from services.store import schema
from services.store.store import DuplicateRow, Insert, Receipt, Update, Value
from services.views.analysis import TEXTS, Analysis, analyses, follow_up

_GONE = "Bagian ini sudah tidak ada. Muat ulang halaman untuk melihat keadaan terbaru."


def save_analysis(
    context: Context,
    period: Period,
    scope: str,
    subject: str,
    seen: Mapping[str, str],
    typed: Mapping[str, str],
    transaction_id: str = "",
) -> Receipt | None:
    """Save the texts that differ from what the person saw (``seen``); None when none does.

    Raises Denied, Refused, Unreadable, Conflict, or what else the store raises.
    """
    authorise(context, Action.ANALYSE, period)
    known = _known(context, period, scope, subject)
    changed = {n: typed[n] for n in TEXTS if n in typed and typed[n].strip() != seen.get(n, "").strip()}
    if not changed:
        return None
    _require_short(changed)
    old: dict[str, Value] = {name: seen.get(name, "") for name in changed}
    new: dict[str, Value] = {name: text.strip() for name, text in changed.items()}
    new |= {"entered_by": context.actor.username, "entered_at": context.now}
    row_id = f"analisis-{period.key}-{scope}-{known.key}"
    change = put(schema.ANALYSIS, row_id, period, known.row, {"scope": scope, "subject": subject}, old, new)
    try:
        return commit(context, Action.ANALYSE, (change,), transaction_id)
    except DuplicateRow as exc:
        raise Refused("Analisis ini baru saja disimpan orang lain. Muat ulang halaman.") from exc


def add_follow_up(
    context: Context,
    period: Period,
    what: str,
    who: str,
    due_on: date | None,
    section_id: str = "",
    indicator_id: str = "",
    transaction_id: str = "",
) -> Receipt:
    """Enter one thing to do into the register; the same thing of the same section is entered once.

    Raises Denied, Unreadable (with every problem), Refused where it is there already.
    """
    authorise(context, Action.ADD_FOLLOW_UP, period, section_id)
    today = context.now.astimezone(WIB).date()
    problems = _problems(what, who, due_on, today) | _unknown_place(context, section_id, indicator_id)
    if problems or due_on is None:
        raise Unreadable(problems)
    row: dict[str, Value] = {
        "id": f"tl-{period.key}-{_short(section_id, indicator_id, clean(what).casefold())}",
        "year": period.year,
        "quarter": period.quarter,
        "section_id": section_id,
        "indicator_id": indicator_id,
        "what": clean(what),
        "who": clean(who),
        "due_on": due_on,
        "status": FollowUpStatus.TODO.value,
        "note": "",
        "entered_by": context.actor.username,
        "entered_at": context.now,
    }
    try:
        return commit(context, Action.ADD_FOLLOW_UP, (Insert(schema.FOLLOW_UP, row),), transaction_id)
    except DuplicateRow as exc:
        raise Refused("Tindak lanjut ini sudah ada di daftar.") from exc


def update_follow_up(
    context: Context,
    follow_up_id: str,
    seen: Mapping[str, str],
    status: FollowUpStatus,
    note: str,
    transaction_id: str = "",
) -> Receipt | None:
    """Say where a follow-up stands, whichever quarter it comes from; None where nothing is new.

    ``seen`` has the status and note that the person saw. Whoever drops one says why. Raises Denied, Refused, Conflict.
    """
    found = follow_up(context.office, follow_up_id)
    if found is None:
        raise Refused(_GONE)
    authorise(context, Action.UPDATE_FOLLOW_UP, found.period, found.section_id)
    words = one_line(note)
    if status is FollowUpStatus.DROPPED and not words:
        raise Refused("Tulis pada keterangan mengapa tindak lanjut ini dibatalkan.")
    typed = {"status": status.value, "note": words}
    new: dict[str, Value] = {name: text for name, text in typed.items() if text != seen[name].strip()}
    if not new:
        return None
    old: dict[str, Value] = {name: seen[name] for name in new}
    stamp: dict[str, Value] = {"entered_by": context.actor.username, "entered_at": context.now}
    update = Update(schema.FOLLOW_UP, found.id, old, {**new, **stamp})
    return commit(context, Action.UPDATE_FOLLOW_UP, (update,), transaction_id)


def _known(context: Context, period: Period, scope: str, subject: str) -> Analysis:
    found = next((a for a in analyses(context.office, period) if (a.scope, a.subject) == (scope, subject)), None)
    if found is None:
        raise Refused(_GONE)
    return found


def _require_short(texts: Mapping[str, str]) -> None:
    problems = {name: too_long(text) for name, text in texts.items() if len(text) > TEXT_LIMIT}
    if problems:
        raise Unreadable(problems)


def _problems(what: str, who: str, due_on: date | None, today: date) -> dict[str, str]:
    found = {
        "what": "" if clean(what) else "Tulis apa yang harus dikerjakan.",
        "who": "" if clean(who) else "Tulis siapa yang bertanggung jawab.",
        "due_on": "Pilih batas waktunya." if due_on is None else "Batas waktu sudah lewat." if due_on < today else "",
    }
    found |= {name: too_long(text) for name, text in (("what", what), ("who", who)) if len(text) > TEXT_LIMIT}
    return {name: problem for name, problem in found.items() if problem}


def _unknown_place(context: Context, section_id: str, indicator_id: str) -> dict[str, str]:
    office = context.office
    if section_id and section_id not in {s.id for s in office.sections}:
        return {"section_id": "Seksi ini tidak dikenal. Pilih dari daftar."}
    indicator = office.indicator_by_id.get(indicator_id)
    if indicator_id and (indicator is None or indicator.section_id != section_id):
        return {"indicator_id": "Indikator ini bukan milik seksi yang dipilih. Pilih dari daftar."}
    return {}


def _short(*parts: str) -> str:
    """Ends an id: the same for the same texts."""
    return sha256("|".join(parts).encode()).hexdigest()[:12]
