"""The key to the set-up: who has it gets in as long as there is no office; anything else opens nothing, slowly."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.actions.base import Denied
from services.auth.accounts import Accounts
from services.auth.sessions import Visitor
from services.auth.throttle import NAME_AT_ADDRESS
from services.setup.door import SetupDoor
from services.setup.keys import FILE, LASTS, SetupKeys
from services.store.store import StoreUnavailable
from tests.unit.sample_store import NOW

HERE = Visitor("192.0.2.7")


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Place:
    """A door with its clock; ``open``: whether no office is there yet."""

    folder: Path
    clock: Clock
    keys: SetupKeys
    accounts: Accounts
    open: bool = True

    @property
    def door(self) -> SetupDoor:
        return SetupDoor(self.keys, self.accounts, lambda: self.open)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    clock = Clock()
    return Place(tmp_path, clock, SetupKeys(tmp_path, clock), Accounts(f"sqlite:///{tmp_path}/akun.db", clock))


def test_a_key_is_long_random_and_of_characters_that_an_address_takes(place: Place) -> None:
    keys = {place.keys.make() for _ in range(50)}
    assert len(keys) == 50
    assert all(len(key) >= 43 and key.replace("-", "").replace("_", "").isalnum() for key in keys)


def test_only_fingerprints_are_kept_and_only_the_owner_can_read_them(place: Place) -> None:
    key = place.keys.make()
    file = place.folder / FILE
    assert key not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in place.folder.iterdir() if each.name.startswith(".")] == []


def test_the_right_key_opens_and_so_does_one_that_another_process_made(place: Place) -> None:
    first = place.keys.make()
    second = SetupKeys(place.folder, place.clock).make()
    assert place.door.lets_in(first, HERE)
    assert place.door.lets_in(second, HERE)
    assert place.door.still_lets_in(first)


@pytest.mark.parametrize("wrong", ["", "x", "kunci yang salah", "\ud800", "0" * 43])
def test_a_wrong_key_opens_nothing(place: Place, wrong: str) -> None:
    place.keys.make()
    assert not place.door.lets_in(wrong, HERE)
    assert not place.door.still_lets_in(wrong)


def test_part_of_a_key_or_a_key_with_more_opens_nothing(place: Place) -> None:
    key = place.keys.make()
    assert not place.door.lets_in(key[:-1], HERE)
    assert not place.door.lets_in(f"{key}A", HERE)
    assert not place.door.lets_in((place.folder / FILE).read_text().split()[0], HERE)


def test_a_key_ends_after_a_day(place: Place) -> None:
    key = place.keys.make()
    place.clock.at += LASTS - timedelta(seconds=1)
    assert place.door.still_lets_in(key)
    place.clock.at += timedelta(seconds=1)
    assert not place.door.lets_in(key, HERE)


def test_a_key_from_the_future_opens_nothing(place: Place) -> None:
    place.clock.at += timedelta(days=3)
    key = place.keys.make()
    place.clock.at -= timedelta(days=3)
    assert not place.door.lets_in(key, HERE)


def test_a_fresh_key_made_by_the_command_ends_the_earlier_ones(place: Place) -> None:
    old = place.keys.make()
    new = place.keys.make(alone=True)
    assert not place.door.lets_in(old, HERE)
    assert place.door.lets_in(new, HERE)


def test_of_many_keys_only_the_newest_few_are_good(place: Place) -> None:
    keys = [place.keys.make() for _ in range(8)]
    assert [place.keys.knows(key) for key in keys] == [False] * 3 + [True] * 5


def test_no_key_opens_anything_once_there_is_an_office(place: Place) -> None:
    key = place.keys.make()
    place.open = False
    assert not place.door.lets_in(key, HERE)
    assert not place.door.still_lets_in(key)
    with pytest.raises(Denied):
        place.door.require(key, HERE)


def test_a_used_key_opens_nothing_even_where_the_office_should_be_gone_again(place: Place) -> None:
    key = place.keys.make()
    place.door.close()
    assert not place.door.lets_in(key, HERE)
    assert not (place.folder / FILE).exists()


def test_guessing_is_slowed_down_and_the_owner_still_gets_in_from_elsewhere(place: Place) -> None:
    key = place.keys.make()
    for n in range(NAME_AT_ADDRESS.free):
        assert not place.door.lets_in(f"tebakan {n}", HERE)
    assert not place.door.lets_in(key, HERE), "even the right one has to wait there"
    assert place.door.lets_in(key, Visitor("198.51.100.9"))
    place.clock.at += NAME_AT_ADDRESS.first
    assert place.door.lets_in(key, HERE)


def test_every_try_is_logged_without_what_was_tried(place: Place) -> None:
    key = place.keys.make()
    for n in range(NAME_AT_ADDRESS.free + 1):
        place.door.lets_in(f"rahasia-{n}", HERE)
    place.clock.at += timedelta(hours=1)
    place.open = False
    place.door.lets_in(key, HERE)
    found = [(entry.event, entry.detail, entry.address) for entry in place.accounts.trail.whole()[0]]
    assert found[0] == ("gagal masuk", "penyiapan kantor: kunci salah", HERE.address)
    assert found[-2] == ("percobaan ditahan", "penyiapan kantor", HERE.address)
    assert found[-1][1] == "penyiapan kantor: kantor sudah ada"
    kept = b"".join(file.read_bytes() for file in place.folder.iterdir())
    assert b"rahasia-" not in kept
    assert key.encode() not in kept


def test_a_line_that_somebody_broke_counts_as_none(place: Place) -> None:
    key = place.keys.make()
    file = place.folder / FILE
    file.write_text("omong kosong\nabc 2026\n" + file.read_text())
    assert place.keys.knows(key)
    assert not place.keys.knows("abc")


def test_a_folder_that_cannot_be_used_is_said(place: Place) -> None:
    (place.folder / FILE).mkdir()
    with pytest.raises(StoreUnavailable, match="Periksa hak akses"):
        place.keys.knows("x")
    with pytest.raises(StoreUnavailable, match="Periksa hak akses"):
        place.keys.make()


def test_a_key_of_the_last_minutes_is_not_printed_twice(place: Place) -> None:
    assert not place.keys.made_lately()
    place.keys.make()
    assert place.keys.made_lately()
    place.clock.at += timedelta(minutes=11)
    assert not place.keys.made_lately()
