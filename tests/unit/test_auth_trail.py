"""The log of the door: whatever is changed in it afterwards is found and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from services.auth.accounts import Accounts
from services.auth.trail import Event, sealed, verify
from services.domain.clock import WIB
from services.store.access import TrailEntry, TrailHead

START = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)
MANY = 10_000


def chain(count: int) -> tuple[tuple[TrailEntry, ...], TrailHead]:
    entries, head = [], TrailHead(0, "")
    for n in range(count):
        entry = sealed(TrailEntry(0, START.isoformat(), "masuk", f"orang{n % 7}", "", "10.0.0.1", str(n), ""), head)
        entries.append(entry)
        head = TrailHead(entry.number, entry.seal)
    return tuple(entries), head


ENTRIES, HEAD = chain(MANY)
long = settings(deadline=None, max_examples=25)
places = st.integers(0, MANY - 1)


def broken(entries: tuple[TrailEntry, ...], head: TrailHead = HEAD) -> int:
    """Number of the first entry that does not hold; 0: the log is whole."""
    found = verify(entries, head)
    return found.number if found else 0


def test_ten_thousand_untouched_entries_hold() -> None:
    assert verify(ENTRIES, HEAD) is None


def test_an_empty_log_holds() -> None:
    assert verify((), TrailHead(0, "")) is None


@long
@given(places, st.sampled_from(["at", "event", "username", "by", "address", "detail"]))
def test_an_altered_entry_is_named(place: int, field: str) -> None:
    altered = replace(ENTRIES[place], **{field: "lain"})
    assert broken((*ENTRIES[:place], altered, *ENTRIES[place + 1 :])) == place + 1


@long
@given(places)
def test_a_removed_entry_is_named(place: int) -> None:
    assert broken((*ENTRIES[:place], *ENTRIES[place + 1 :])) == place + 1


@long
@given(places)
def test_a_removed_entry_is_named_also_where_the_later_ones_are_numbered_anew(place: int) -> None:
    later = tuple(replace(entry, number=entry.number - 1) for entry in ENTRIES[place + 1 :])
    assert broken((*ENTRIES[:place], *later)) == place + 1


@long
@given(places, places)
def test_an_inserted_entry_is_named(place: int, copied: int) -> None:
    later = tuple(replace(entry, number=entry.number + 1) for entry in ENTRIES[place:])
    inserted = replace(ENTRIES[copied], number=place + 1)
    made_up = replace(inserted, detail="disisipkan")
    assert broken((*ENTRIES[:place], made_up, *later)) == place + 1


@long
@given(places, places)
def test_moved_entries_are_named(one: int, other: int) -> None:
    entries = list(ENTRIES)
    entries[one], entries[other] = entries[other], entries[one]
    assert broken(tuple(entries)) == (0 if one == other else min(one, other) + 1)


@long
@given(places, places)
def test_entries_that_only_swap_their_contents_are_named(one: int, other: int) -> None:
    entries = list(ENTRIES)
    entries[one] = replace(ENTRIES[other], number=one + 1)
    entries[other] = replace(ENTRIES[one], number=other + 1)
    assert broken(tuple(entries)) == (0 if one == other else min(one, other) + 1)


@long
@given(st.integers(1, 50))
def test_entries_cut_off_at_the_end_are_missed(count: int) -> None:
    found = verify(ENTRIES[:-count], HEAD)
    assert found is not None
    assert found.number == MANY - count + 1
    assert f"sampai {MANY} hilang" in found.why


def test_an_entry_resealed_after_the_change_breaks_the_next_one() -> None:
    forged = sealed(replace(ENTRIES[500], detail="lain"), TrailHead(500, ENTRIES[499].seal))
    assert broken((*ENTRIES[:500], forged, *ENTRIES[501:])) == 502


def test_a_log_made_anew_from_its_middle_is_found_by_the_head() -> None:
    entries, _ = chain(MANY - 1)
    forged = sealed(replace(ENTRIES[-1], detail="lain"), TrailHead(MANY - 1, entries[-1].seal))
    assert broken((*entries, forged)) == MANY


# --- in the database ---------------------------------------------------------------------------------------------


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/akun.db"


@pytest.fixture
def accounts(url: str) -> Accounts:
    made = Accounts(url, lambda: START)
    for n in range(5):
        made.trail.record(Event.ENTERED, "budi", address="10.0.0.1", detail=f"kata sandi {n}")
    return made


def test_entries_are_chained_in_the_order_they_came(accounts: Accounts) -> None:
    assert [entry.number for entry in accounts.trail.latest(10)] == [5, 4, 3, 2, 1]
    assert accounts.trail.check() is None


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE akun_jejak SET detail = 'lain' WHERE number = 3", 3),
        ("UPDATE akun_jejak SET username = 'ani' WHERE number = 1", 1),
        ("DELETE FROM akun_jejak WHERE number = 2", 2),
        ("DELETE FROM akun_jejak WHERE number = 5", 5),
        ("DELETE FROM akun_jejak", 1),
        ("UPDATE akun_jejak SET number = 9 WHERE number = 4", 4),
        ("DELETE FROM akun_jejak_ujung", 5),
    ],
)
def test_a_hand_in_the_database_is_found(accounts: Accounts, url: str, statement: str, number: int) -> None:
    with create_engine(url).begin() as connection:
        connection.execute(text(statement))
    found = accounts.trail.check()
    assert found is not None
    assert found.number == number


def test_a_detail_cannot_look_like_another_line(accounts: Accounts) -> None:
    forged = "satu\n2026-11-03 masuk camat\r\nlagi\x1b[2J\u202e\u2066\x9b\x00" + "x" * 1000
    entry = accounts.trail.record(Event.DENIED, "budi", address=forged, detail=forged)
    for kept in (entry.detail, entry.address):
        assert kept.startswith("satu 2026-11-03 masuk camat lagi[2Jx")
        assert kept.isprintable()
        assert len(kept) == 400
    assert accounts.trail.check() is None


@pytest.mark.parametrize("parts", [("a", "b"), ("a\x00", "b"), ('a","b', ""), ("a\\", "b"), ("é", "\u2028")])
def test_what_stands_in_one_field_never_passes_for_another(accounts: Accounts, parts: tuple[str, str]) -> None:
    make: Callable[..., TrailEntry] = accounts.trail.record
    first = make(Event.DENIED, parts[0], by=parts[1] or "x")
    assert accounts.trail.check() is None
    moved = replace(first, username=parts[0] + (parts[1] or "x"), by="")
    assert verify((moved,), TrailHead(moved.number, moved.seal)) is not None
