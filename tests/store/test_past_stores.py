"""The past rebuilt from the log is the same on every store: a file, a server, a shared sheet."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.domain.clock import WIB
from services.store.schema import CYCLE, ENTRY, HOLIDAY, INDICATOR, MONEV, Table
from services.store.store import Change, HistoryQuery, Insert, Snapshot, Update, Value
from services.views.past import snapshot_at
from tests.store.helpers import NOW, Openable, action, row

STAMP = NOW.astimezone(WIB)


def update(table: Table, row_id: str, **new: Value) -> Update:
    return Update(table, row_id, {}, new)


STORY: tuple[tuple[Change, ...], ...] = (
    (update(ENTRY, "e1", actual=Decimal("83.33"), spent="12.450.000", driver="Kerja sama", entered_at=STAMP),),
    (update(ENTRY, "e1", actual="NA", driver=""), update(INDICATOR, "i1", active=False, order=7)),
    (
        Insert(
            CYCLE, row(CYCLE, "s", year=2026, quarter=3, opened_at=STAMP, due_on=date(2026, 10, 5), sop_version="1")
        ),
        Insert(HOLIDAY, row(HOLIDAY, "h", day=date(2026, 8, 17), kind="libur nasional", basis="SKB")),
    ),
    (update(CYCLE, "s", locked_at=STAMP, locks_on=date(2026, 10, 16)), update(ENTRY, "e1", actual=None)),
    (Insert(MONEV, row(MONEV, "m", year=2026, quarter=3, section_id="pem", findings="Satu\nDua")),),
    (update(MONEV, "m", planned_on=date(2026, 10, 20), findings="007"), update(CYCLE, "s", locked_at=None)),
    (update(MONEV, "m", findings="=1+1", planned_on=None), update(ENTRY, "e1", actual="2026-10-01", spent=Decimal(0))),
)


def said(snapshot: Snapshot) -> dict[str, list[dict[str, Value]]]:
    return {name: [dict(r) for r in rows] for name, rows in snapshot.tables.items()}


@pytest.mark.parametrize("back", range(len(STORY) + 1))
def test_the_office_is_as_it_was_after_each_action(store: Openable, back: int) -> None:
    seen = [said(store.read())]
    for minute, changes in enumerate(STORY, start=1):
        store.commit(action(*changes, at=NOW + timedelta(minutes=minute)))
        seen.append(said(store.read()))
    log = store.history(HistoryQuery(limit=1000))
    past = snapshot_at(store.read(), log, NOW + timedelta(minutes=back))
    assert past.problems == ()
    assert said(past) == seen[back]
