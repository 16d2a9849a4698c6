"""Days off: added and corrected one by one. None is deleted; one that was withdrawn is marked so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise_office, commit, too_long
from services.domain.holidays import HOLIDAY_KINDS
from services.domain.numbers import clean, format_date, read_date
from services.domain.roles import Action
from services.store import schema
from services.store.store import DuplicateRow, Insert, Receipt, Row, Update, Value, new_id
from services.views.office import Office

HOLIDAY_FIELDS = ("day", "kind", "name", "basis")
_YEARS = range(2000, 2100)


def holiday_texts(office: Office, holiday_id: str) -> dict[str, str]:
    """What the form of a day off shows; "" for the one of a new day. Raises Refused where it is not there any more."""
    if not holiday_id:
        return {"day": "", "kind": HOLIDAY_KINDS[0], "name": "", "basis": ""}
    row = _row(office, holiday_id)
    return {name: str(row[name] or "") for name in HOLIDAY_FIELDS}


def save_holiday(
    context: Context, holiday_id: str, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Change what differs from what the person saw, or add a day (``holiday_id`` ""); None: nothing differs.

    Raises Denied, Refused, Unreadable, Conflict or what else the store raises.
    """
    authorise_office(context, Action.EDIT_SETTINGS)
    wanted = {name: clean(typed.get(name, seen.get(name, ""))) for name in HOLIDAY_FIELDS}
    new = [name for name in HOLIDAY_FIELDS if wanted[name] != clean(seen.get(name, ""))]
    if holiday_id and not new:
        return None
    if found := holiday_problems(context.office, holiday_id, wanted):
        raise Unreadable(found)
    values = holiday_values(wanted)
    try:
        if not holiday_id:
            added = Insert(schema.HOLIDAY, {**values, "id": new_id()})
            return commit(context, Action.EDIT_SETTINGS, (added,), transaction_id)
        _row(context.office, holiday_id)
        old = {name: _value(name, seen[name]) for name in new}
        change = Update(schema.HOLIDAY, holiday_id, old, {name: values[name] for name in new})
        return commit(context, Action.EDIT_SETTINGS, (change,), transaction_id)
    except DuplicateRow as error:
        raise Refused("Tanggal ini baru saja disimpan orang lain. Muat ulang halaman.") from error


def holiday_problems(office: Office, holiday_id: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a day off, by field."""
    problems = {name: too_long(text) for name, text in wanted.items() if len(text) > TEXT_LIMIT}
    day = read_date(wanted["day"])
    if not isinstance(day, date) or day.year not in _YEARS:
        problems["day"] = "Pilih tanggalnya."
    elif other := _same_day(office, holiday_id, day):
        problems["day"] = f"{format_date(day)} sudah ada di daftar: {other}. Ubah baris itu."
    if wanted["kind"] not in HOLIDAY_KINDS:
        problems["kind"] = f"Pilih jenisnya: {', '.join(HOLIDAY_KINDS)}."
    if not wanted["basis"]:
        problems["basis"] = "Tulis dasar hukumnya, misalnya nomor SKB tiga menteri."
    return problems


def holiday_values(wanted: Mapping[str, str]) -> dict[str, Value]:
    """A day off without problems, as it is kept."""
    return {name: _value(name, clean(wanted[name])) for name in HOLIDAY_FIELDS}


def _value(name: str, text: str) -> Value:
    return cast("date", read_date(text)) if name == "day" else text


def _same_day(office: Office, holiday_id: str, day: date) -> str:
    rows = (row for row in office.snapshot.rows(schema.HOLIDAY) if row["id"] != holiday_id and row["day"] == day)
    return next((str(row["name"] or row["kind"]) for row in rows), "")


def _row(office: Office, holiday_id: str) -> Row:
    found = next((row for row in office.snapshot.rows(schema.HOLIDAY) if row["id"] == holiday_id), None)
    if found is None:
        raise Refused("Baris ini tidak ada lagi. Muat ulang halaman.")
    return found
