"""Steps 8 to 10: versions of the draft, comments on it, its discussion, and the answers to corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise, commit, not_too_long, too_long
from services.actions.steps import current_step
from services.domain.indicators import Period
from services.domain.numbers import Problem, clean, read_date
from services.domain.roles import Action
from services.domain.sop import CORRECTING, DRAFTING
from services.store import schema
from services.store.store import DuplicateRow, Insert, Receipt, Row, Update, Value, new_id
from services.views.drafts import (
    CHAPTERS,
    DISCUSSION,
    Correction,
    CorrectionStatus,
    corrections,
    drafts,
    meeting,
    round_of,
)

MINUTES_FIELDS = ("held_on", "place", "attendees", "minutes", "decisions")
_OVERTAKEN = "Notulen ini baru saja dibuat orang lain. Muat ulang halaman untuk melihatnya; yang Anda tulis tersimpan."

Texts = Mapping[str, str]


def make_draft(context: Context, period: Period, note: str, fingerprint: str = "", transaction_id: str = "") -> Receipt:
    """Make the next version of the draft out of the data of this moment; ``fingerprint`` is that of these data.

    Raises Denied, Refused, or what the store raises. Whoever presses at the same moment gets Refused.
    """
    _authorise(context, Action.MAKE_DRAFT, period)
    number = max((d.number for d in drafts(context.office, period)), default=0) + 1
    row: dict[str, Value] = {
        "id": f"draf-{period.key}-{number}",
        **_quarter(period),
        "number": number,
        "note": _text(note),
        "fingerprint": fingerprint,
        "at": context.now,
        "by": context.actor.username,
    }
    try:
        return commit(context, Action.MAKE_DRAFT, (Insert(schema.DRAFT, row),), transaction_id)
    except DuplicateRow as exc:
        raise Refused(f"Draf v0.{number} baru saja disusun orang lain. Muat ulang halaman.") from exc


def comment(
    context: Context, period: Period, chapter: str, text: str, indicator_id: str = "", transaction_id: str = ""
) -> Receipt:
    """Comment on a chapter of the draft, or on one figure in it: a correction to be answered in step 10."""
    _authorise(context, Action.COMMENT, period)
    if not drafts(context.office, period):
        raise Refused("Belum ada draf yang dapat diberi catatan. Kasubag PKP menyusunnya pada langkah 8.")
    if chapter not in CHAPTERS:
        raise Refused("Pilih bagian laporan yang dimaksud.")
    if not clean(text):
        raise Refused("Tulis catatannya.")
    row = correction_row(context, period, new_id(), DISCUSSION, chapter, text, indicator_id)
    return commit(context, Action.COMMENT, (Insert(schema.CORRECTION, row),), transaction_id)


def keep_minutes(
    context: Context, period: Period, seen: Texts, typed: Texts, transaction_id: str = ""
) -> Receipt | None:
    """Save what was changed in attendance, minutes and decisions (``MINUTES_FIELDS``); None when nothing was.

    ``seen``: the texts when the person opened them. Raises Denied, Refused, Unreadable, Conflict or StoreUnavailable.
    """
    _authorise(context, Action.KEEP_MINUTES, period)
    changed = {n: typed[n].strip() for n in MINUTES_FIELDS if typed.get(n, "").strip() != seen.get(n, "").strip()}
    if not changed:
        return None
    new: dict[str, Value] = {**_understood(changed), "entered_by": context.actor.username, "entered_at": context.now}
    known = meeting(context.office, period)
    if known is not None:
        old = {name: _minutes_value(name, seen.get(name, "").strip()) for name in changed}
        update = Update(schema.MEETING, str(known.row["id"]), old, new)
        return commit(context, Action.KEEP_MINUTES, (update,), transaction_id)
    blank: dict[str, Value] = {name: None if name == "held_on" else "" for name in MINUTES_FIELDS}
    row: dict[str, Value] = {"id": f"bahas-{period.key}", **_quarter(period), **blank, **new}
    try:
        return commit(context, Action.KEEP_MINUTES, (Insert(schema.MEETING, row),), transaction_id)
    except DuplicateRow as exc:
        raise Refused(_OVERTAKEN) from exc


def answer_correction(
    context: Context,
    period: Period,
    seen: Correction,
    status: CorrectionStatus,
    answer: str,
    transaction_id: str = "",
) -> Receipt:
    """Say what became of a correction as this person saw it: done, refused, or open again; always with an answer.

    Raises Denied, Refused, Conflict (somebody else answered meanwhile), or what the store raises.
    """
    _authorise(context, Action.ANSWER_CORRECTION, period)
    if all(c.id != seen.id for c in corrections(context.office, period)):
        raise Refused("Koreksi ini sudah tidak ada. Muat ulang halaman.")
    if not clean(answer):
        raise Refused("Tulis jawabannya: apa yang diperbaiki, atau mengapa tidak.")
    old: dict[str, Value] = {"status": seen.row["status"], "answer": seen.answer}
    new: dict[str, Value] = {
        "status": status.value,
        "answer": _text(answer),
        "answered_by": context.actor.username,
        "answered_at": context.now,
    }
    return commit(context, Action.ANSWER_CORRECTION, (Update(schema.CORRECTION, seen.id, old, new),), transaction_id)


def correction_row(
    context: Context, period: Period, row_id: str, origin: str, chapter: str, text: str, indicator_id: str = ""
) -> Row:
    """A new correction, open, of the present round."""
    return {
        "id": row_id,
        **_quarter(period),
        "round": round_of(context.office, period),
        "origin": origin,
        "chapter": chapter,
        "indicator_id": indicator_id,
        "text": _text(text),
        "raised_by": context.actor.username,
        "raised_at": context.now,
        "status": CorrectionStatus.OPEN.value,
        "answer": "",
        "answered_by": "",
        "answered_at": None,
    }


def is_draft_time(context: Context, period: Period) -> bool:
    """Whether the quarter stands at steps 8 to 10, in which the draft is written, discussed and corrected."""
    try:
        return DRAFTING <= current_step(context, period).step.no <= CORRECTING
    except Refused:
        return False


def _authorise(context: Context, action: Action, period: Period) -> None:
    authorise(context, action, period)
    if not is_draft_time(context, period):
        raise Refused(f"Ini dilakukan pada langkah {DRAFTING} sampai {CORRECTING}. Tidak ada yang disimpan.")


def _understood(typed: Texts) -> dict[str, Value]:
    problems = {name: problem for name, text in typed.items() if (problem := _problem(name, text))}
    if problems:
        raise Unreadable(problems)
    return {name: _minutes_value(name, text) for name, text in typed.items()}


def _problem(name: str, text: str) -> str:
    if name == "held_on":
        found = read_date(text)
        return found.message() if isinstance(found, Problem) else ""
    if len(text) > TEXT_LIMIT:
        return too_long(text)
    return ""


def _minutes_value(name: str, text: str) -> Value:
    """What is stored for a text; a day that cannot be read stays a text, which no store takes for what was seen."""
    if name != "held_on":
        return text
    found = read_date(text)
    return found if isinstance(found, date) or found is None else text


def _quarter(period: Period) -> dict[str, Value]:
    return {"year": period.year, "quarter": period.quarter}


def _text(text: str) -> str:
    """Lines are kept: answers and minutes have them."""
    return not_too_long(text.strip())
