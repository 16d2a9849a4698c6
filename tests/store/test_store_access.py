"""Sessions, failed attempts and the log of the door, in every database, also with several processes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest

from services.auth.accounts import Accounts
from services.auth.sessions import Visitor
from services.auth.throttle import NAME_AT_ADDRESS, Throttle
from services.auth.trail import Event
from services.domain.roles import Role
from services.domain.stand_in import StandIn
from tests.store.helpers import NOW

HOME = Visitor("36.72.10.20", "Chrome di Android")
PROCESSES, EACH = 4, 5


@pytest.fixture
def processes(url: str) -> list[Accounts]:
    """Connections of their own to one database, as several processes would have them."""
    return [Accounts(url, lambda: NOW) for _ in range(PROCESSES)]


def test_a_session_ends_in_every_process(processes: list[Accounts]) -> None:
    one, other, *_ = processes
    account = one.add("rina", "Rina", "camat", "x", NOW)
    ticket = one.sessions.start(account, HOME)
    assert other.sessions.open(ticket, account)
    assert [row.address for row in other.sessions.running("rina")] == ["36.72.10.20"]
    assert other.sessions.end_all("rina", "uji") == 1
    assert not one.sessions.open(ticket, account)


def test_of_all_who_are_appointed_at_once_for_one_post_one_is(processes: list[Accounts]) -> None:
    def appoint(n: int) -> StandIn | None:
        made = StandIn(f"plh-{n}", f"orang-{n}", Role.CAMAT, "", NOW.date(), NOW.date(), "SP 1")
        return processes[n % PROCESSES].access.add_stand_in(made)

    with ThreadPoolExecutor(PROCESSES) as pool:
        clashes = list(pool.map(appoint, range(PROCESSES * EACH)))
    (made,) = processes[0].access.stand_ins()
    assert clashes.count(None) == 1
    assert {clash.id for clash in clashes if clash} == {made.id}
    assert processes[1].stand_in_for(Role.CAMAT, NOW.date()) == made
    assert processes[2].access.end_stand_in(made.id, NOW.date())
    assert processes[3].stand_in_for(Role.CAMAT, NOW.date()) is None


def test_the_capacity_of_a_session_is_known_in_every_process(processes: list[Accounts]) -> None:
    one, other, *_ = processes
    ticket = one.sessions.start(one.add("rina", "Rina", "camat", "x", NOW), HOME)
    assert other.sessions.acting(ticket) == ""
    one.sessions.act_as(ticket, "plh-1")
    assert other.sessions.acting(ticket) == "plh-1"


def test_a_role_that_there_is_no_more_stands_in_for_nothing(url: str) -> None:
    accounts = Accounts(url, lambda: NOW)
    gone = StandIn("plh-1", "rina", cast("Role", "bupati"), "", NOW.date(), NOW.date(), "SP 1")
    accounts.access.add_stand_in(gone)
    assert accounts.access.stand_ins() == ()


def test_sessions_that_ran_out_long_ago_are_forgotten(url: str) -> None:
    later = [NOW]
    accounts = Accounts(url, lambda: later[0])
    account = accounts.add("rina", "Rina", "camat", "x", NOW)
    ticket = accounts.sessions.start(account, HOME)
    assert accounts.sessions.known(ticket.secret)
    later[0] = NOW + timedelta(days=60)
    accounts.sessions.start(account, HOME)
    assert not accounts.sessions.known(ticket.secret)


def test_attempts_of_all_processes_at_once_are_counted_together(processes: list[Accounts]) -> None:
    throttles = [Throttle(accounts.access) for accounts in processes]
    with ThreadPoolExecutor(PROCESSES) as pool:
        waits = list(pool.map(lambda n: throttles[n % PROCESSES].charge("rina", HOME, NOW), range(PROCESSES * EACH)))
    assert sum(not wait for wait in waits) == NAME_AT_ADDRESS.free


def test_the_log_written_by_all_processes_at_once_is_one_chain(processes: list[Accounts]) -> None:
    def write(n: int) -> int:
        return processes[n % PROCESSES].trail.record(Event.FAILED, "rina", detail=str(n)).number

    with ThreadPoolExecutor(PROCESSES) as pool:
        numbers = list(pool.map(write, range(PROCESSES * EACH)))
    assert sorted(numbers) == list(range(1, PROCESSES * EACH + 1))
    assert processes[0].trail.check() is None


def test_old_attempts_are_forgotten(url: str) -> None:
    accounts = Accounts(url, lambda: NOW)
    throttle = Throttle(accounts.access)
    for _ in range(NAME_AT_ADDRESS.free):
        throttle.charge("rina", HOME, NOW)
    assert throttle.charge("rina", HOME, NOW)
    assert not throttle.charge("rina", HOME, NOW + timedelta(days=2))
