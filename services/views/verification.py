"""Step 11: every figure with the verdict on it, and what changed since it was given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import cast

from services.domain.indicators import Period
from services.domain.process import Transition
from services.domain.sop import VERIFYING, Event, StepEvent
from services.store import schema
from services.store.store import Row, Value
from services.views.measures import Measure, measures
from services.views.office import Office

AGREE, RETURN = "setuju", "kembali"
FIGURES = ("actual", "spent")


class VerdictState(StrEnum):
    """OPEN: never judged. CHANGED: judged, but another figure counts now."""

    OPEN = "belum diperiksa"
    AGREED = "disetujui"
    RETURNED = "dikembalikan"
    CHANGED = "berubah sesudah diperiksa"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure in the verification. ``before``: the figures as they were judged last (column name: value)."""

    measure: Measure
    state: VerdictState
    before: dict[str, Value] | None
    reason: str
    by: str
    at: datetime | None
    givers: frozenset[str]

    @property
    def now(self) -> dict[str, Value]:
        """The figures that count."""
        entry = self.measure.entry
        return {name: entry.counted(name) if entry else None for name in FIGURES}


def verdicts(office: Office, period: Period) -> tuple[Verdict, ...]:
    """One for each active indicator that has an entry in the quarter."""
    latest = {str(r["indicator_id"]): r for r in _in_order(office, period)}
    found = (m for m in measures(office, period) if m.entry is not None)
    return tuple(_verdict(m, latest.get(m.indicator.id)) for m in found)


def unverified(office: Office, period: Period) -> tuple[Verdict, ...]:
    """Those that nobody has agreed to as they count now."""
    return tuple(v for v in verdicts(office, period) if v.state is not VerdictState.AGREED)


def is_second_person(office: Office, period: Period, move: Transition, username: str) -> bool:
    """Whether, where a move asks for two people, this one did not verify; in which capacity does not matter."""
    return not move.second_person or username not in _verifiers(office, period)


def _verifiers(office: Office, period: Period) -> set[str]:
    """Everybody whose verdict counts, and whoever handed the draft on last."""
    handed_on = [e.by for e in office.events.get(period, ()) if e.event is Event.VERIFIED]
    return {v.by for v in verdicts(office, period)} | set(handed_on[-1:])


def _in_order(office: Office, period: Period) -> list[Row]:
    return sorted(office.rows_of(schema.VERIFICATION, period), key=lambda r: cast("datetime", r["at"]))


def _verdict(m: Measure, row: Row | None) -> Verdict:
    entry = m.entry
    assert entry is not None
    givers = frozenset(filter(None, (entry.entered_by, str(entry.given["by"]) if entry.given else "")))
    if row is None:
        return Verdict(m, VerdictState.OPEN, None, "", "", None, givers)
    before = {name: row[name] for name in FIGURES}
    changed = any(before[name] != entry.counted(name) for name in FIGURES)
    state = VerdictState.RETURNED if row["verdict"] == RETURN else VerdictState.AGREED
    if changed:
        state = VerdictState.CHANGED
    return Verdict(m, state, before, str(row["reason"]), str(row["by"]), cast("datetime", row["at"]), givers)


def returned(office: Office, period: Period) -> tuple[Verdict, ...]:
    """Figures that were sent back and have not changed since."""
    return tuple(v for v in verdicts(office, period) if v.state is VerdictState.RETURNED)


def unchanged(items: Iterable[Verdict], drafted: Office | None) -> tuple[Verdict, ...]:
    """Those nobody has judged yet whose figures are the ones of the draft (``drafted``: the office at that moment).

    A figure that cannot be read is never among them: it is looked at by itself.
    """
    open_ones = (v for v in items if v.state is VerdictState.OPEN and v.measure.problem is None)
    return tuple(v for v in open_ones if changed_from(v, drafted) is None)


def changed_from(verdict: Verdict, drafted: Office | None) -> dict[str, Value] | None:
    """The figures before, where others count now: as judged last, else as in the draft; None where nothing changed."""
    before = verdict.before or _figures_in(drafted, verdict.measure.indicator.id, verdict.measure.period)
    return before if before is not None and before != verdict.now else None


def _figures_in(office: Office | None, indicator_id: str, period: Period) -> dict[str, Value] | None:
    entry = office.entry(indicator_id, period) if office else None
    return {name: entry.counted(name) for name in FIGURES} if entry else None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision at step 11: on figures (``indicator_ids``), or on the draft as a whole (``event``)."""

    at: datetime
    by: str
    round: int
    verdict: str
    reason: str
    indicator_ids: tuple[str, ...] = ()
    event: Event | None = None


def decisions(office: Office, period: Period) -> tuple[Decision, ...]:
    """Everything decided in the verification, newest first; figures judged in one go are one decision."""

    def together(row: Row) -> tuple[Value, ...]:
        return row["at"], row["by"], row["round"], row["verdict"], row["reason"]

    judged = [_judged(list(rows)) for _, rows in groupby(_in_order(office, period), key=together)]
    moves = [e for e in office.events.get(period, ()) if e.step == VERIFYING and e.event in _DECIDING]
    found = [*judged, *(_moved(e, moves) for e in moves)]
    return tuple(sorted(found, key=lambda d: d.at, reverse=True))


_DECIDING = (Event.VERIFIED, Event.RETURNED, Event.FINISHED)


def _judged(rows: list[Row]) -> Decision:
    first = rows[0]
    return Decision(
        at=cast("datetime", first["at"]),
        by=str(first["by"]),
        round=cast("int", first["round"]),
        verdict=str(first["verdict"]),
        reason=str(first["reason"]),
        indicator_ids=tuple(str(r["indicator_id"]) for r in rows),
    )


def _moved(event: StepEvent, moves: list[StepEvent]) -> Decision:
    before = sum(e.event is Event.RETURNED and e.at < event.at for e in moves)
    return Decision(event.at, event.by, 1 + before, event.event.value, event.note, event=event.event)
