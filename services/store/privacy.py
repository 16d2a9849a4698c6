"""The NIP of officials in a shared sheet: the office decides, and until it has allowed it none is written there.

Everybody who may open the spreadsheet reads the tab Pejabat, and Google keeps every former version of it. The log of a
spreadsheet never holds a NIP, allowed or not, for no line of the log can be taken out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from services.domain.settings import NIP_IN_SHEET, YES
from services.store.changes import LogLine
from services.store.schema import HISTORY, OFFICIAL, PROFILE
from services.store.seals import resealed
from services.store.store import Change, Insert, NipWithheld, Row, Snapshot, Withheld

T = TypeVar("T")
NIP = "nip"
NOT_LOGGED = "(tidak dicatat)"
"""Stands in the log of a sheet instead of a NIP."""

_IN_SUMMARY = re.compile(rf"\b{OFFICIAL.column(NIP).header}: [^;]*")


def withholds_nip(snapshot: Snapshot) -> bool:
    """Whether no NIP may be written where these data come from: a shared sheet of an office that has not allowed it."""
    return bool(snapshot.places) and not _allowed(snapshot.rows(PROFILE))


def refuse_nip(profile: Iterable[Row], changes: Sequence[Change]) -> None:
    """Raise NipWithheld where a NIP would come into the sheet that has this profile, with these changes in it."""
    if any(map(_brings_nip, changes)) and not _allowed((*profile, *_settings_in(changes))):
        raise NipWithheld


def without_nip(tables: Mapping[str, tuple[Row, ...]]) -> tuple[Mapping[str, tuple[Row, ...]], Withheld]:
    """A whole office as a shared sheet may hold it, and what was left out of it."""
    officials, log = tables.get(OFFICIAL.name, ()), tables.get(HISTORY.name, ())
    kept = officials if _allowed(tables.get(PROFILE.name, ())) else tuple({**row, NIP: ""} for row in officials)
    masked = tuple(_masked_row(row) for row in log)
    withheld = Withheld(_differing(officials, kept), _differing(log, masked))
    return {**tables, OFFICIAL.name: kept, HISTORY.name: resealed(log, masked)}, withheld


def unlogged(lines: Iterable[LogLine]) -> list[LogLine]:
    """The lines of a transaction as the log of a sheet may hold them."""
    return [
        replace(line, old=_masked(line.column, line.old), new=_masked(line.column, line.new))
        if line.table == OFFICIAL.name
        else line
        for line in lines
    ]


def _allowed(profile: Iterable[Row]) -> bool:
    """The last row counts, so that a change of the setting may stand after the rows that are there."""
    decided = [row["value"] for row in profile if row["id"] == NIP_IN_SHEET]
    return bool(decided) and decided[-1] == YES


def _settings_in(changes: Sequence[Change]) -> Iterable[Row]:
    for change in changes:
        if change.table is PROFILE:
            yield change.row if isinstance(change, Insert) else {"id": change.row_id, "value": "", **change.new}


def _brings_nip(change: Change) -> bool:
    values = change.row if isinstance(change, Insert) else change.new
    return change.table is OFFICIAL and bool(values.get(NIP))


def _masked_row(line: Row) -> Row:
    if line["table"] != OFFICIAL.name:
        return line
    column = str(line["column"])
    return {**line, "old": _masked(column, line["old"]), "new": _masked(column, line["new"])}


def _masked(column: str, value: T) -> T | str:
    if column == NIP:
        return NOT_LOGGED if value else value
    if column or not isinstance(value, str):
        return value
    return _IN_SUMMARY.sub(f"{OFFICIAL.column(NIP).header}: {NOT_LOGGED}", value)


def _differing(before: Sequence[Row], after: Sequence[Row]) -> int:
    return sum(old != new for old, new in zip(before, after, strict=True))
