"""Step 11: every figure with the verdict on it, and what changed since it was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from services.domain.indicators import Period
from services.store import schema
from services.store.store import Row, Value
from services.views.measures import Measure, measures
from services.views.office import Office

AGREE, RETURN = "setuju", "kembali"
FIGURES = ("actual", "spent")


class VerdictState(StrEnum):
    """OPEN: never judged. CHANGED: agreed, but another figure counts now."""

    OPEN = "belum diperiksa"
    AGREED = "disetujui"
    RETURNED = "dikembalikan"
    CHANGED = "berubah sesudah disetujui"


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
