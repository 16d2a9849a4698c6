"""The texts of the report that people write, and the office's coat of arms."""

from __future__ import annotations

import base64

from services.actions.base import (
    TEXT_LIMIT,
    Context,
    Refused,
    Unreadable,
    authorise,
    authorise_office,
    commit,
    too_long,
)
from services.domain.indicators import Period
from services.domain.passages import Part, unknown_placeholders
from services.domain.roles import Action, CycleState, allows
from services.store import schema
from services.store.schema import Kind
from services.store.store import Change, DuplicateRow, Insert, Receipt, Update, Value
from services.views.office import EMBLEM_SETTING
from services.views.report_texts import row_of

_PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_EMBLEM = 36_000
"""Bytes of the finished picture: as base64 it fits into one cell of a Google Sheet (50,000 characters)."""


def save_text(
    context: Context, part: Part, period: Period, seen: str, typed: str, transaction_id: str = ""
) -> Receipt | None:
    """Write a text of the report; a blank one brings back what the product says by itself.

    A standard part is written for all quarters, any other for this quarter alone. None: nothing was changed.
    Raises Denied, Refused, Unreadable, Conflict, or what else the store raises.
    """
    scope = None if part.is_standard else period
    if scope:
        authorise(context, Action.EDIT_REPORT_TEXT, scope)
    else:
        authorise_office(context, Action.EDIT_REPORT_TEXT)
    text = typed.strip()
    if text == seen.strip():
        return None
    _require_right(part, text)
    try:
        return commit(context, Action.EDIT_REPORT_TEXT, (_written(context, part, scope, seen, text),), transaction_id)
    except DuplicateRow as exc:
        raise Refused("Teks ini baru saja disimpan orang lain. Muat ulang halaman.") from exc


def _require_right(part: Part, text: str) -> None:
    problems = []
    if len(text) > TEXT_LIMIT:
        problems.append(too_long(text))
    for name, nearest in unknown_placeholders(text):
        hint = f"Maksudnya {{{nearest}}}?" if nearest else "Lihat daftar isian otomatis."
        problems.append(f"Isian otomatis {{{name}}} tidak dikenal. {hint}")
    if problems:
        raise Unreadable({part.value: " ".join(problems)})


def _written(context: Context, part: Part, scope: Period | None, seen: str, text: str) -> Change:
    row = row_of(context.office, part, scope)
    stamp: dict[str, Value] = {"entered_by": context.actor.username, "entered_at": context.now}
    if row is not None:
        return Update(schema.REPORT_TEXT, str(row["id"]), {"text": seen}, {"text": text, **stamp})
    place: dict[str, Value] = {"year": scope.year if scope else None, "quarter": scope.quarter if scope else None}
    identity = f"teks-{scope.key if scope else 'semua'}-{part.value}"
    return Insert(schema.REPORT_TEXT, {"id": identity, "name": part.value, **place, "text": text, **stamp})


def save_emblem(context: Context, picture: bytes | None, transaction_id: str = "") -> Receipt | None:
    """Keep the office's coat of arms, a PNG that has been checked and made small; None takes it away.

    Raises Denied, Refused, Conflict, or what else the store raises.
    """
    authorise_office(context, Action.EDIT_SETTINGS)
    if picture is not None and not (picture.startswith(_PNG) and len(picture) <= LARGEST_EMBLEM):
        raise Refused("Gambar lambang belum disiapkan dengan benar. Unggah kembali berkas PNG, JPEG, atau SVG.")
    value = base64.b64encode(picture).decode("ascii") if picture else ""
    rows = context.office.snapshot.rows(schema.PROFILE)
    row = next((r for r in rows if r["id"] == EMBLEM_SETTING), None)
    if value == (str(row["value"] or "") if row else ""):
        return None
    if row is None:
        blank: dict[str, Value] = {c.name: "" if c.kind is Kind.TEXT else None for c in schema.PROFILE.columns}
        note = "Lambang daerah (PNG, base64)"
        change: Change = Insert(schema.PROFILE, {**blank, "id": EMBLEM_SETTING, "value": value, "note": note})
    else:
        change = Update(schema.PROFILE, EMBLEM_SETTING, {"value": row["value"]}, {"value": value})
    return commit(context, Action.EDIT_SETTINGS, (change,), transaction_id)


def may_write(context: Context, part: Part, period: Period) -> bool:
    """Whether this person may write the text now."""
    state = CycleState.NONE if part.is_standard else context.office.state(period, context.now)
    return allows(context.actor, Action.EDIT_REPORT_TEXT, state)
