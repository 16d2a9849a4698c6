"""Pelaksana harian: on which days somebody holds a role for somebody else, and who may be appointed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from services.auth.accounts import AccountError, Accounts
from services.auth.management import Management
from services.domain.roles import Actor, Role
from services.domain.stand_in import LONGEST_DAYS, STAND_IN_ROLES, StandIn, problem
from services.store.people import Account

TODAY = date(2026, 11, 3)
DAY = timedelta(days=1)
SP = "SP 800/12/2026"


def stand_in(first: int = 0, last: int = 6, role: Role = Role.CAMAT, section_id: str = "") -> StandIn:
    return StandIn(f"{first}-{last}", "budi", role, section_id, TODAY + first * DAY, TODAY + last * DAY, SP)


def test_both_days_count_and_no_other() -> None:
    covered = [n for n in range(-3, 12) if stand_in(0, 6).covers(TODAY + n * DAY)]
    assert covered == list(range(7))


def test_one_that_was_ended_early_counts_up_to_the_day_before() -> None:
    ended = replace(stand_in(0, 6), ended_on=TODAY + 3 * DAY)
    assert [n for n in range(-3, 12) if ended.covers(TODAY + n * DAY)] == [0, 1, 2]
    assert not ended.lasts(TODAY)


def test_two_overlap_exactly_when_there_is_a_day_with_both() -> None:
    spans = [(a, b) for a, b in product(range(5), repeat=2) if a <= b]
    for (a, b), (c, d), ended in product(spans, spans, (None, 1, 3)):
        one, other = stand_in(a, b), stand_in(c, d)
        if ended is not None:
            one = replace(one, ended_on=TODAY + ended * DAY)
        days = [TODAY + n * DAY for n in range(6)]
        assert one.overlaps(other) is any(one.covers(day) and other.covers(day) for day in days), (one, other)


def test_only_the_same_post_overlaps() -> None:
    assert stand_in(role=Role.PKP, section_id="pkp").overlaps(stand_in(role=Role.PKP))
    assert not stand_in(role=Role.PKP).overlaps(stand_in(role=Role.CAMAT))
    assert not stand_in(role=Role.KASI, section_id="pem").overlaps(stand_in(role=Role.KASI, section_id="kesos"))
    assert stand_in(role=Role.KASI, section_id="pem").overlaps(stand_in(role=Role.KASI, section_id="pem"))


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (0, 0, ""),
        (0, LONGEST_DAYS - 1, ""),
        (-3, 0, ""),
        (1, 0, "lebih awal"),
        (-5, -1, "sudah lewat"),
        (0, LONGEST_DAYS, "paling lama 90 hari"),
    ],
)
def test_an_appointment_has_an_end_that_is_ahead_and_near(first: int, last: int, says: str) -> None:
    found = problem(TODAY + first * DAY, TODAY + last * DAY, TODAY)
    assert (says in found) if says else found == ""


# --- appointing --------------------------------------------------------------------------------------------------


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    found = Accounts(f"sqlite:///{tmp_path}/akun.db")
    people = (("kepala", "admin", ""), ("seki", "sekretaris", ""), ("budi", "pkp", "pkp"), ("ani", "kasi", "kesos"))
    for username, role, section_id in people:
        found.put(Account(username, username.title(), role, section_id, "x", True, found.now()))
    return found


@pytest.fixture
def admin(accounts: Accounts) -> Management:
    return Management(accounts, ("pem", "kesos", "pkp"), Actor("kepala", "Kepala", Role.ADMIN))


def appoint(admin: Management, username: str = "seki", role: Role = Role.CAMAT, section_id: str = "") -> StandIn:
    return admin.appoint(username, role, section_id, TODAY, TODAY + 6 * DAY, SP, TODAY)


def test_an_appointment_holds_in_its_days_and_stands_sealed_in_the_log(accounts: Accounts, admin: Management) -> None:
    made = appoint(admin)
    seki = accounts.get("seki")
    assert seki is not None
    assert accounts.stand_ins_of(seki, TODAY) == (made,)
    assert accounts.stand_ins_of(seki, TODAY - DAY) == accounts.stand_ins_of(seki, TODAY + 7 * DAY) == ()
    assert accounts.stand_in_for(Role.CAMAT, TODAY + 6 * DAY) == made
    assert accounts.stand_in_for(Role.PKP, TODAY) is None
    entry = accounts.trail.latest(1)[0]
    said = "Plh. Camat, 3 November 2026 sampai 9 November 2026: SP 800/12/2026"
    assert (entry.event, entry.username, entry.by, entry.detail) == ("Plh. ditunjuk", "seki", "kepala", said)
    assert accounts.trail.check() is None


def test_the_section_comes_with_the_role(admin: Management) -> None:
    assert appoint(admin, role=Role.PKP).section_id == "pkp"
    assert appoint(admin, role=Role.KASI).section_id == "kesos"
    assert appoint(admin, role=Role.KASI, section_id="pem").section_id == "pem"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda m: appoint(m, "kepala"), "Admin tidak dapat menjadi Plh."),
        (lambda m: appoint(m, "siapa"), "tidak ada"),
        (lambda m: appoint(m, role=Role.ADMIN), "tidak dapat dipegang Plh."),
        (lambda m: appoint(m, role=Role.PIMPINAN), "tidak dapat dipegang Plh."),
        (lambda m: appoint(m, role=Role.SEKRETARIS), "sudah memegang"),
        (lambda m: appoint(m, role=Role.UMUM), "memerlukan seksi"),
        (lambda m: appoint(m, role=Role.KASI, section_id="lain"), "Seksi lain tidak ada"),
        (lambda m: m.appoint("seki", Role.CAMAT, "", TODAY, TODAY, " ", TODAY), "Tulis dasarnya"),
        (lambda m: m.appoint("seki", Role.CAMAT, "", TODAY, TODAY - DAY, SP, TODAY), "lebih awal"),
    ],
)
def test_an_appointment_that_cannot_be_made_says_why(
    accounts: Accounts, admin: Management, call: Callable[[Management], StandIn], says: str
) -> None:
    with pytest.raises(AccountError, match=says):
        call(admin)
    assert accounts.access.stand_ins() == ()
    assert accounts.trail.latest(1) == ()


def test_there_is_one_stand_in_for_a_post(accounts: Accounts, admin: Management) -> None:
    made = appoint(admin)
    with pytest.raises(AccountError, match=r"Plh\. Camat sudah dipegang seki"):
        appoint(admin, "budi")
    admin.end_stand_in(made, "Camat kembali", TODAY + DAY)
    with pytest.raises(AccountError, match="sudah berakhir"):
        admin.end_stand_in(made, "Camat kembali", TODAY + DAY)
    later = admin.appoint("budi", Role.CAMAT, "", TODAY + DAY, TODAY + 2 * DAY, SP, TODAY)
    assert accounts.stand_in_for(Role.CAMAT, TODAY) == replace(made, ended_on=TODAY + DAY)
    assert accounts.stand_in_for(Role.CAMAT, TODAY + DAY) == later


def test_ending_needs_a_reason(admin: Management) -> None:
    made = appoint(admin)
    with pytest.raises(AccountError, match="Tulis alasannya"):
        admin.end_stand_in(made, "", TODAY)


def test_whoever_became_admin_or_was_removed_stands_in_for_nobody(accounts: Accounts, admin: Management) -> None:
    appoint(admin)
    accounts.set_role("seki", Role.ADMIN.value, "")
    seki = accounts.get("seki")
    assert seki is not None
    assert accounts.stand_ins_of(seki, TODAY) == ()
    accounts.remove("seki")
    assert accounts.access.stand_ins("seki") == ()


def test_only_roles_with_work_in_a_quarter_are_stood_in_for() -> None:
    assert set(Role) - set(STAND_IN_ROLES) == {Role.ADMIN, Role.PIMPINAN}
