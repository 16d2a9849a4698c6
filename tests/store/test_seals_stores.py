"""Every kind of store seals its log as it grows, keeps seals when it is moved, and misses what was cut off."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from services.store import backup
from services.store.schema import HISTORY, INDICATOR
from services.store.seals import Tampering, verify
from services.store.sql import SqlStore
from tests.sheets_server.control import Server
from tests.store.helpers import NOW, Openable, Place, action, change, everything, fill, now
from tests.store.sheets import new_book

VALUES = (Decimal("83.30"), "83,33", Decimal("0.1"), Decimal(10) ** 20, "baris\r\nbaru", "007", Decimal("-0.00"), None)


def grow(store: Openable) -> None:
    """Some lines with values of each kind."""
    for number, value in enumerate(VALUES):
        store.commit(action(change({}, {"actual": value, "entered_at": NOW}), id=f"tx-{number}"))
    store.commit(action(change({}, {"order": 7}, "i1", INDICATOR), id="tx-order"))


def test_a_log_that_grew_is_whole_also_after_the_store_is_opened_again(store: Openable, place: Place) -> None:
    grow(store)
    again = place.open()
    again.commit(action(change({}, {"driver": "lagi"})))
    found = verify(again.log())
    assert (found.faults, found.unsealed) == ((), 0)
    assert found.lines > len(VALUES)
    assert verify(store.log()).faults == ()
    again.close()


def test_two_that_write_in_turn_make_one_chain(store: Openable, place: Place) -> None:
    other = place.open()
    for number in range(4):
        (store if number % 2 else other).commit(action(change({}, {"driver": f"{number}"})))
    assert verify(store.log()).faults == ()
    other.close()


def test_a_log_that_was_loaded_has_its_own_head(store: Openable) -> None:
    grow(store)
    lines = store.log().lines
    tables = everything(store)
    head = store.log().head
    store.load({**tables, HISTORY.name: lines[:-2]})
    assert store.log().head != head  # loading is no tampering: the head is that of what was loaded
    assert verify(store.log()).faults == ()


def test_a_backup_and_a_move_keep_the_seals(store: Openable, tmp_path: Path, google: Server) -> None:
    grow(store)
    backup.make(store, tmp_path / "c.zip", NOW)
    backup.restore(store, tmp_path / "c.zip")
    assert verify(store.log()).faults == ()
    for target in (SqlStore(f"sqlite:///{tmp_path}/lain.db", "silaut", now), new_book(google).open()):
        target.load(everything(store))
        target.commit(action(change({}, {"driver": "sesudah pindah"})))
        found = verify(target.log())
        assert (found.faults, found.unsealed) == ((), 0)
        target.close()


def test_a_person_who_deletes_the_last_lines_in_the_sheet_is_found_out(google: Server) -> None:
    book = new_book(google)
    store = book.open()
    fill(store)
    grow(store)
    last = len(store.log().lines) + 1
    store.client.write(
        {
            "requests": [
                {
                    "deleteDimension": {
                        "range": {
                            "sheetId": store.tabs()[HISTORY.name].gid,
                            "dimension": "ROWS",
                            "startIndex": last - 2,
                            "endIndex": last,
                        }
                    }
                }
            ]
        },
        "spreadsheetId",
    )
    fresh = book.open()
    assert [fault.kind for fault in verify(fresh.log()).faults] == [Tampering.DELETED]
    fresh.commit(action(change({}, {"driver": "sesudahnya"})))
    assert [fault.kind for fault in verify(fresh.log()).faults] == [Tampering.DELETED]
    fresh.close()
    store.close()
