"""Giving a quarter's figures: save one indicator, send the section's data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise, commit, one_line, too_long
from services.domain.indicators import Period
from services.domain.numbers import Reading, clean, format_number, read_money, read_number, unambiguous
from services.domain.roles import Action
from services.domain.sop import COLLECTING, Event
from services.store import schema
from services.store.store import Insert, Receipt, Update, Value, new_id
from services.views.entries import SectionForm, section_form
from services.views.office import Entry, Office

NUMBER_FIELDS = ("actual", "spent")
TEXT_FIELDS = ("driver", "obstacle", "follow_up", "evidence")
FIELDS = NUMBER_FIELDS + TEXT_FIELDS
_MILLION = 1_000_000


def as_typed(entry: Entry, field: str) -> str:
    """What a form shows of a stored value: a number so that it reads back as the same number, a text as it stands."""
    value = entry.row[field]
    if not isinstance(value, Decimal):
        return str(value or "")
    # "12.450.000" cannot be misread; "1.250" can, so that small amounts and all other numbers go without dots.
    return format_number(value) if field == "spent" and value >= _MILLION else unambiguous(value)


def read_field(office: Office, entry: Entry, field: str, text: str) -> Reading:
    """How a number typed into the form of this entry is understood."""
    if field == "spent":
        return read_money(text)
    indicator = office.indicator_by_id.get(entry.indicator_id)
    target = office.quarterly_targets(entry.indicator_id, entry.period.year)[entry.period.quarter - 1]
    return read_number(text, indicator.unit if indicator else "", target=target)


def text_problem(field: str, text: str) -> str:
    """Why a text cannot be saved in this field and what to write instead; "" when it can."""
    if field not in TEXT_FIELDS:
        raise ValueError(f"unknown field {field}")
    if len(text) > TEXT_LIMIT:
        return too_long(text)
    if field == "evidence" and text and not is_link(text):
        return "Tautan bukti dukung harus diawali https:// atau http://. Salin alamat lengkapnya dari peramban."
    return ""


def is_link(text: str) -> bool:
    """Whether a text is a web address that may be shown as a link: http or https with a host, no spaces."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not any(c.isspace() for c in text)


def save_entry(
    context: Context, entry_id: str, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Save the fields whose text differs from what the person saw (``seen``); None when none does.

    Raises Denied, Unreadable (nothing is saved), Conflict (somebody else changed the same field), StoreUnavailable.
    """
    entry = context.office.entry_by_id(entry_id)
    if entry is None:
        raise Refused("Isian ini sudah tidak ada. Muat ulang halaman untuk melihat keadaan terbaru.")
    authorise(context, Action.SAVE_ENTRY, entry.period, entry.section_id)
    changed = {name: text for name, text in typed.items() if text.strip() != seen.get(name, "").strip()}
    if not changed:
        return None
    new = understood(context.office, entry, changed)
    old = {name: _seen_value(entry, name, seen.get(name, "")) for name in new}
    stamp: dict[str, Value] = {"entered_by": context.actor.username, "entered_at": context.now}
    update = Update(schema.ENTRY, entry.id, old, {**new, **stamp})
    return commit(context, Action.SAVE_ENTRY, (update,), transaction_id)


def submit_section(
    context: Context, section_id: str, period: Period, reason: str = "", transaction_id: str = ""
) -> Receipt:
    """Give the section's data in: from now on the figures of this moment count, until they are given in again.

    With blocking gaps a reason is required, and it is kept.
    """
    authorise(context, Action.SUBMIT_SECTION, period, section_id)
    form = section_form(context.office, section_id, period, context.now)
    if form.blocking and not clean(reason):
        raise Refused(
            f"Masih ada {len(form.blocking)} isian yang kosong atau tidak terbaca. "
            "Lengkapi dahulu, atau tulis alasan bila data memang belum ada."
        )
    event: dict[str, Value] = {
        "id": new_id(),
        "year": period.year,
        "quarter": period.quarter,
        "step": COLLECTING,
        "event": Event.SUBMITTED.value,
        "section_id": section_id,
        "at": context.now,
        "by": context.actor.username,
        "note": one_line(reason),
    }
    changes = (Insert(schema.STEP_EVENT, event), *_given_in(context, form))
    return commit(context, Action.SUBMIT_SECTION, changes, transaction_id)


def given(context: Context, entry: Entry, figures: Mapping[str, Value]) -> Insert:
    """The figures of one entry as they are given in at this moment."""
    row: dict[str, Value] = {
        "id": new_id(),
        "year": entry.period.year,
        "quarter": entry.period.quarter,
        "indicator_id": entry.indicator_id,
        **{name: figures[name] for name in NUMBER_FIELDS},
        "at": context.now,
        "by": context.actor.username,
    }
    return Insert(schema.GIVEN, row)


def _given_in(context: Context, form: SectionForm) -> list[Insert]:
    """Only what is new since the last time, so that giving in again does not pile up the same figures."""
    found = (context.office.entry(item.measure.indicator.id, form.period) for item in form.items)
    return [given(context, entry, entry.row) for entry in found if entry and not _is_given(entry)]


def _is_given(entry: Entry) -> bool:
    return entry.given is not None and all(entry.given[name] == entry.row[name] for name in NUMBER_FIELDS)


def understood(office: Office, entry: Entry, typed: Mapping[str, str]) -> dict[str, Value]:
    """Values to store, or Unreadable with every problem at once."""
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for field, text in typed.items():
        if field in NUMBER_FIELDS:
            reading = read_field(office, entry, field, text)
            values[field] = _stored(reading, clean(text))
            problem = reading.problem.message() if reading.problem else ""
        else:
            values[field] = text.strip()
            problem = text_problem(field, text.strip())
        if problem:
            problems[field] = problem
    if problems:
        raise Unreadable(problems)
    return values


def _stored(reading: Reading, text: str) -> Value:
    """A number as a number; "NA" and "0,8 %" as typed, since they say more than a blank and than 0.8."""
    return reading.value if reading.value is not None and "%" not in text else text or None


def _seen_value(entry: Entry, field: str, seen: str) -> Value:
    """The stored value behind the text that the person saw; a text that fits no longer makes the store see a clash."""
    if seen.strip() == as_typed(entry, field).strip():
        return entry.row[field]
    return seen
