"""Guessing at the door: what it is slowed down to, that it locks nobody out, and that its time tells nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import bcrypt
import pytest

from services.actions.base import Refused
from services.auth import passwords
from services.auth.accounts import Account, Accounts
from services.auth.gate import MISMATCH, Gate, GoogleProof
from services.auth.sessions import IDLE, LONGEST, Visitor
from services.auth.throttle import ATTACKED_FROM, NAME_AT_ADDRESS, network
from services.domain.clock import WIB
from services.store import engine
from services.store.access import Failures

PASSWORD = "kopi susu pagi hujan"
START = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)
HOME = Visitor("36.72.10.20", "Chrome di Android")
THOUSAND = 1_000
PATIENCE = 60


@dataclass
class Clock:
    """Time goes on only when a test says so."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Door:
    """A gate with one real account, and what happened there."""

    url: str
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.url, self.clock)
        self.gate = Gate(self.accounts, lambda: False)

    def enters(self, visitor: Visitor, password: str = PASSWORD, username: str = "budi") -> str:
        """ "" when let in, otherwise why not."""
        try:
            self.gate.enter(username, password, visitor)
        except Refused as refusal:
            return str(refusal)
        return ""


@pytest.fixture(autouse=True)
def quick_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same path at the lowest cost of bcrypt."""
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr("bcrypt.gensalt", lambda: salt)
    monkeypatch.setattr(passwords, "NOBODY", passwords.NOBODY.replace("$12$", "$04$"))


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of attempts need not outlive a power cut."""
    prepare = engine._prepare_sqlite

    def quick(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    monkeypatch.setattr(engine, "_prepare_sqlite", quick)


@pytest.fixture
def door(tmp_path: Path) -> Door:
    made = Door(f"sqlite:///{tmp_path}/akun.db")
    made.accounts.add("budi", "Budi", "pkp", PASSWORD, START, section_id="pkp")
    return made


@pytest.fixture
def checks() -> Iterator[mock.Mock]:
    """Every fingerprint that is checked."""
    with mock.patch("bcrypt.checkpw", wraps=bcrypt.checkpw) as found:
        yield found


def address(number: int) -> Visitor:
    return Visitor(f"203.0.{number // 250}.{number % 250 + 1}", "curl")


# --- a thousand wrong passwords ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("addresses", "checked_at_most"), [(1, 20), (100, 200)])
def test_of_a_thousand_wrong_passwords_few_are_even_looked_at(
    door: Door, checks: mock.Mock, addresses: int, checked_at_most: int
) -> None:
    answers = [door.enters(address(n % addresses), f"tebakan {n}") for n in range(THOUSAND)]
    assert "" not in answers
    assert checks.call_count <= checked_at_most
    assert sum("Terlalu banyak percobaan" in answer for answer in answers) == THOUSAND - checks.call_count


@pytest.mark.parametrize("addresses", [1, 100])
def test_the_real_person_gets_in_from_an_address_of_his_own_while_the_attack_goes_on(
    door: Door, addresses: int
) -> None:
    for n in range(THOUSAND):
        door.enters(address(n % addresses), f"tebakan {n}")
        door.clock.wait(0.5)
    assert seconds_to_enter(door, HOME, addresses) <= PATIENCE


@pytest.mark.parametrize("addresses", [1, 100])
def test_the_real_person_may_mistype_once_and_still_gets_in_within_a_minute(door: Door, addresses: int) -> None:
    for n in range(THOUSAND):
        door.enters(address(n % addresses), f"tebakan {n}")
    assert door.enters(HOME, "kopi susu pagi hujam") == MISMATCH
    assert seconds_to_enter(door, HOME, addresses) <= PATIENCE


def test_a_device_that_was_let_in_before_gets_in_at_once_even_from_the_attackers_address(door: Door) -> None:
    for n in range(THOUSAND):
        door.enters(address(0), f"tebakan {n}")
    assert door.enters(replace(address(0), device="ponsel-budi")) == ""


def test_after_the_attack_even_its_own_address_is_open_again_in_minutes(door: Door) -> None:
    for n in range(THOUSAND):
        door.enters(address(0), f"tebakan {n}")
    door.clock.wait(NAME_AT_ADDRESS.longest.total_seconds())
    assert door.enters(address(0)) == ""


def seconds_to_enter(door: Door, visitor: Visitor, addresses: int) -> int:
    """The person tries every second; between his attempts so do the attackers."""
    for second in range(PATIENCE * 2):
        if door.enters(visitor) == "":
            return second
        for n in range(addresses):
            door.enters(address(n), f"tebakan {second}")
        door.clock.wait(1)
    return PATIENCE * 2


# --- the waits ---------------------------------------------------------------------------------------------------


def test_the_wait_grows_to_five_minutes_and_ends() -> None:
    assert [NAME_AT_ADDRESS.open_at(failures(n)) - START for n in (4, 5, 6, 7, 11, 30)] == [
        timedelta(seconds=s) for s in (0, 5, 10, 20, 300, 300)
    ]


def failures(count: int) -> Failures:
    return Failures(count, START)


def test_attempts_that_are_held_do_not_lengthen_the_wait(door: Door) -> None:
    for n in range(NAME_AT_ADDRESS.free):
        door.enters(HOME, f"salah {n}")
    for _ in range(100):
        assert "5 detik" in door.enters(HOME)
    door.clock.wait(5)
    assert door.enters(HOME) == ""


def test_the_count_lasts_over_a_restart(door: Door) -> None:
    for n in range(NAME_AT_ADDRESS.free):
        door.enters(HOME, f"salah {n}")
    again = Door(door.url, door.clock)
    assert "Coba lagi dalam" in again.enters(HOME)


def test_a_success_clears_the_count_of_the_person_but_not_of_the_address(door: Door) -> None:
    door.accounts.add("ani", "Ani", "camat", PASSWORD, START)
    for other in range(5):
        assert door.enters(HOME, username="ani") == ""
        for n in range(4):
            door.enters(HOME, f"salah {n}", f"nama{other}")
    assert "Coba lagi dalam" in door.enters(HOME, username="ani"), "many names from one address"


def test_names_that_nobody_has_are_slowed_down_alike(door: Door) -> None:
    known = [door.enters(HOME, "salah") for _ in range(7)]
    unknown = [door.enters(replace(HOME, address="36.72.10.21"), "salah", "siapa") for _ in range(7)]
    assert known == unknown


def test_an_attack_on_one_name_does_not_hold_up_another(door: Door) -> None:
    door.accounts.add("ani", "Ani", "camat", PASSWORD, START)
    for n in range(ATTACKED_FROM * 5):
        door.enters(address(n), "salah")
    assert door.enters(HOME, "salah", "ani") == MISMATCH
    assert door.enters(HOME, username="ani") == ""


def test_many_attempts_at_once_are_not_all_free(door: Door, checks: mock.Mock) -> None:
    """Each attempt counts before its password is looked at."""
    inside = mock.Mock(side_effect=lambda *_: door.gate._throttle.charge("budi", HOME, door.clock()) and False)
    with mock.patch("services.auth.passwords.matches", inside):
        door.enters(HOME, "salah")
        door.enters(HOME, "salah")
        door.enters(HOME, "salah")
    assert inside.call_count == 3
    assert "Coba lagi dalam" in door.enters(HOME)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("36.72.10.20", "36.72.10.20"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:36.72.10.20", "36.72.10.20"),
        ("", ""),
        ("bukan alamat", ""),
    ],
)
def test_whoever_has_a_whole_network_counts_as_one(text: str, same: str) -> None:
    assert network(text) == same


def test_where_addresses_are_hidden_nobody_waits_longer_than_half_a_minute(door: Door) -> None:
    for n in range(THOUSAND):
        door.enters(Visitor(), f"tebakan {n}")
        door.clock.wait(0.1)
    door.clock.wait(30)
    assert door.enters(Visitor()) == ""


# --- what the answer tells ---------------------------------------------------------------------------------------


def test_known_and_unknown_names_take_the_same_time_and_the_same_work(door: Door, checks: mock.Mock) -> None:
    times: dict[str, list[float]] = {"budi": [], "siapa": []}
    for n in range(200):
        for offset, name in enumerate(times):
            begin = time.perf_counter()
            assert door.enters(address(n * 2 + offset), "salah", name) == MISMATCH
            times[name].append(time.perf_counter() - begin)
    assert abs(statistics.median(times["budi"]) - statistics.median(times["siapa"])) < 0.010
    costs = [call.args[1][:7] for call in checks.call_args_list]
    assert len(costs) == 400
    assert set(costs) == {b"$2b$04$"}


@pytest.mark.parametrize("change", ["deactivate", "sample"])
def test_an_account_that_does_not_open_answers_like_an_unknown_name(door: Door, change: str) -> None:
    if change == "deactivate":
        door.accounts.deactivate("budi")
    else:
        door.accounts.put(Account("budi2", "Budi", "pkp", "", fingerprint_of(door), True, START, sample=True))
    assert door.enters(HOME, username="budi" if change == "deactivate" else "budi2") == MISMATCH


def fingerprint_of(door: Door) -> str:
    account = door.accounts.get("budi")
    assert account is not None
    return account.password_hash


def test_the_log_has_every_attempt_but_no_name_that_nobody_has(door: Door) -> None:
    door.enters(HOME, "salah")
    door.enters(HOME, "x", "rahasia-salah-kolom")
    door.enters(HOME)
    for _ in range(NAME_AT_ADDRESS.free + 1):
        door.enters(address(1), "salah")
    log = [(entry.event, entry.username, entry.detail) for entry in reversed(door.accounts.trail.latest(20))]
    assert log[:3] == [
        ("gagal masuk", "budi", "kata sandi salah"),
        ("gagal masuk", "", "nama tidak dikenal"),
        ("masuk", "budi", "kata sandi"),
    ]
    assert log[-1][0] == "percobaan ditahan"
    assert "rahasia-salah-kolom" not in str(log)


# --- sessions ----------------------------------------------------------------------------------------------------


def test_a_session_ends_after_two_hours_without_use(door: Door) -> None:
    ticket = door.gate.enter("budi", PASSWORD, HOME)
    for _ in range(3):
        door.clock.wait(IDLE.total_seconds() - 1)
        assert door.gate.holder(ticket) is not None
    door.clock.wait(IDLE.total_seconds())
    assert door.gate.holder(ticket) is None


def test_a_page_that_draws_itself_anew_does_not_keep_a_session_that_nobody_uses(door: Door) -> None:
    ticket = door.gate.enter("budi", PASSWORD, HOME)
    for _ in range(2):
        door.clock.wait(IDLE.total_seconds() / 2 - 1)
        assert door.gate.holder(ticket, used=False) is not None
    door.clock.wait(2)
    assert door.gate.holder(ticket, used=False) is None


def test_a_session_ends_after_twelve_hours_however_busy(door: Door) -> None:
    ticket = door.gate.enter("budi", PASSWORD, HOME)
    for _ in range(int(LONGEST / timedelta(hours=1)) - 1):
        door.clock.wait(3600)
        assert door.gate.holder(ticket) is not None
    door.clock.wait(3600)
    assert door.gate.holder(ticket) is None


def test_only_a_fingerprint_of_the_ticket_is_kept(door: Door) -> None:
    ticket = door.gate.enter("budi", PASSWORD, HOME)
    assert ticket.secret not in str(door.accounts.sessions.running())


# --- Google ------------------------------------------------------------------------------------------------------


def proof(door: Door, email: str = "budi@contoh.go.id", **changed: object) -> GoogleProof:
    known = GoogleProof(email, True, door.clock.now, "rahasia sekali masuk ini")
    return replace(known, **changed)  # type: ignore[arg-type]


def test_google_opens_the_account_with_its_address_once(door: Door) -> None:
    door.accounts.describe("budi", name="Budi", email="budi@contoh.go.id")
    ticket = door.gate.enter_google(proof(door, "Budi@contoh.go.id"), HOME)
    holder = door.gate.holder(ticket)
    assert holder is not None
    assert holder.username == "budi"
    door.gate.leave(ticket, HOME)
    with pytest.raises(Refused, match="sekali lagi"):
        door.gate.enter_google(proof(door), HOME)


def test_google_makes_no_accounts_and_opens_none_without_its_address(door: Door) -> None:
    for email in ("siapa@contoh.go.id", ""):
        with pytest.raises(Refused, match="belum dihubungkan"):
            door.gate.enter_google(proof(door, email), HOME)
    assert [account.username for account in door.accounts.all()] == ["budi"]


@pytest.mark.parametrize(
    "changed", [{"verified": False}, {"at": START - timedelta(minutes=6)}, {"at": START + timedelta(hours=1)}]
)
def test_an_address_that_google_did_not_check_or_an_old_sign_in_opens_nothing(
    door: Door, changed: dict[str, object]
) -> None:
    door.accounts.describe("budi", name="Budi", email="budi@contoh.go.id")
    with pytest.raises(Refused):
        door.gate.enter_google(proof(door, **changed), HOME)
