"""The settings of the office: what each page, figure and report starts from."""

from __future__ import annotations

from collections.abc import Mapping

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise_office, commit, too_long
from services.actions.office_tables import UNREAD, blanked_nips
from services.domain.numbers import clean
from services.domain.roles import Action
from services.domain.settings import BY_KEY, NIP_IN_SHEET, NO, SETTINGS, Group, problems
from services.store import schema
from services.store.store import Change, DuplicateRow, Insert, Receipt, Row, Update
from services.views.office import Office, stored_settings


def shown(office: Office) -> dict[str, str]:
    """What the form of the settings shows: each as it is stored, or what it is as long as nobody has decided."""
    stored = stored_settings(office.snapshot)
    return {setting.key: stored.get(setting.key, setting.default) for setting in SETTINGS}


def save_settings(
    context: Context,
    seen: Mapping[str, str],
    typed: Mapping[str, str],
    transaction_id: str = "",
    *,
    effect_read: bool = False,
    blank_nips: bool = False,
) -> Receipt | None:
    """Change the settings that differ from what the person saw; None when none does.

    What changes figures is refused unless the person has read what it does to them. ``blank_nips``: whoever withdraws
    the permission for NIPs takes those that are there out of the table of officials.
    Raises Denied, Refused, Unreadable, Conflict or what else the store raises.
    """
    authorise_office(context, Action.EDIT_SETTINGS)
    changed = {key: text for key in typed if (text := clean(typed[key])) != clean(seen[key])}
    if unknown := set(changed) - set(BY_KEY):
        raise Refused(f"Setelan tidak dikenal: {', '.join(sorted(unknown))}. Muat ulang halaman.")
    if not changed:
        return None
    _require_right(changed, shown(context.office))
    if not effect_read and any(BY_KEY[key].group is Group.FIGURES for key in changed):
        raise Refused(UNREAD)
    changes = tuple(_change(context.office, key, seen[key], text) for key, text in changed.items())
    if blank_nips and changed.get(NIP_IN_SHEET) == NO:
        changes += blanked_nips(context.office)
    try:
        return commit(context, Action.EDIT_SETTINGS, changes, transaction_id)
    except DuplicateRow as error:
        raise Refused("Setelan ini baru saja disimpan orang lain. Muat ulang halaman.") from error


def profile_rows(values: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows of a new office with these settings; those that are not given are what they are by default.

    Raises Unreadable with what is wrong with each setting.
    """
    texts = {setting.key: clean(values.get(setting.key, setting.default)) for setting in SETTINGS}
    _require_right(texts, {})
    return tuple(_row(key, text) for key, text in texts.items())


def _require_right(changed: Mapping[str, str], beside: Mapping[str, str]) -> None:
    found = problems(changed, beside)
    found |= {key: too_long(text) for key, text in changed.items() if len(text) > TEXT_LIMIT}
    if found:
        raise Unreadable(found)


def _change(office: Office, key: str, seen: str, text: str) -> Change:
    if key not in stored_settings(office.snapshot):
        return Insert(schema.PROFILE, _row(key, text))
    return Update(schema.PROFILE, key, {"value": seen}, {"value": text})


def _row(key: str, text: str) -> Row:
    return {"id": key, "value": text, "note": BY_KEY[key].note}
