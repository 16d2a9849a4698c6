"""The NIP of officials: who reads it, and whether it may stand in a shared sheet.

In a sheet the office decides, and until it has allowed it none is written there: everybody who may open the spreadsheet
reads the tab Pejabat, and Google keeps every former version of it. The log of a spreadsheet never holds a NIP, allowed
or not, for no line of the log can be taken out again. In the application those read it who keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from services.domain.roles import Action, Actor, CycleState, allows
from services.domain.settings import NIP_IN_SHEET, YES
from services.store.changes import LogLine
from services.store.schema import HISTORY, OFFICIAL, PROFILE, Table
from services.store.seals import resealed
from services.store.store import Change, Insert, NipWithheld, Row, Snapshot, Withheld

T = TypeVar("T")
NIP = "nip"
NOT_LOGGED = "(tidak dicatat)"
"""Stands in the log of a sheet instead of a NIP."""
HIDDEN = "(disembunyikan)"
"""Stands instead of a NIP that is there, for whoever does not keep them."""

_IN_SUMMARY = re.compile(rf"\b{OFFICIAL.column(NIP).header}: [^;]*")


def reads_nips(actor: Actor) -> bool:
    """Whether this person keeps the table of officials, and so reads the NIPs in it."""
    return allows(actor, Action.EDIT_SETTINGS, CycleState.NONE)


def as_read_by(actor: Actor, table: Table, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows of this table as they are shown to this person, or given to him as a file."""
    if reads_nips(actor):
        return tuple(rows)
    if table is OFFICIAL:
        return tuple({**row, NIP: HIDDEN if row[NIP] else row[NIP]} for row in rows)
    return tuple(_masked_row(row, HIDDEN) for row in rows) if table is HISTORY else tuple(rows)


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
    masked = tuple(_masked_row(row, NOT_LOGGED) for row in log)
    withheld = Withheld(_differing(officials, kept), _differing(log, masked))
    return {**tables, OFFICIAL.name: kept, HISTORY.name: resealed(log, masked)}, withheld


def unlogged(lines: Iterable[LogLine]) -> list[LogLine]:
    """The lines of a transaction as the log of a sheet may hold them."""
    return [
        replace(line, old=_masked(line.column, line.old, NOT_LOGGED), new=_masked(line.column, line.new, NOT_LOGGED))
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


def _masked_row(line: Row, instead: str) -> Row:
    if line["table"] != OFFICIAL.name:
        return line
    column = str(line["column"])
    return {**line, "old": _masked(column, line["old"], instead), "new": _masked(column, line["new"], instead)}


def _masked(column: str, value: T, instead: str) -> T | str:
    if column == NIP:
        return instead if value else value
    if column or not isinstance(value, str):
        return value
    return _IN_SUMMARY.sub(f"{OFFICIAL.column(NIP).header}: {instead}", value)


def _differing(before: Sequence[Row], after: Sequence[Row]) -> int:
    return sum(old != new for old, new in zip(before, after, strict=True))
