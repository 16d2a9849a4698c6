"""Accounts in the secrets of a host whose disk does not last."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.accounts import Account, Accounts
from services.auth.pinned import keep_pinned, line_of
from services.auth.sessions import Visitor
from services.config import ConfigError
from services.domain.clock import WIB
from services.domain.roles import Role
from services.domain.stand_in import StandIn

START = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)
BUDI = Account("kasi.pem", "Budi", "kasi", "pem", "sha256:$2b$12$abc", True, START, False, "budi@contoh.go.id")


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(f"sqlite:///{tmp_path}/akun.db", lambda: START)


def pasted(*accounts: Account) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads("[pengguna]\n" + "\n".join(map(line_of, accounts)))["pengguna"]
    return found


def test_an_account_survives_the_loss_of_the_disk_by_its_line(accounts: Accounts) -> None:
    keep_pinned(accounts, pasted(BUDI))
    assert accounts.get("kasi.pem") == BUDI


def test_a_first_password_keeps_its_end(accounts: Accounts) -> None:
    first = Account("ani", "Ani", "camat", "", "sha256:x", False, START, first_until=START + timedelta(days=7))
    keep_pinned(accounts, pasted(BUDI, first))
    assert accounts.get("ani") == first


def test_what_the_secrets_say_goes_before_the_database_and_ends_sessions(accounts: Accounts) -> None:
    accounts.put(BUDI)
    ticket = accounts.sessions.start(BUDI, Visitor())
    changed = Account("kasi.pem", "Budi", "kasi", "pem", "sha256:baru", True, START)
    keep_pinned(accounts, pasted(changed))
    found = accounts.get("kasi.pem")
    assert found is not None
    assert found.password_hash == "sha256:baru"
    assert not accounts.sessions.open(ticket, found)


def test_an_unchanged_line_ends_no_session(accounts: Accounts) -> None:
    accounts.put(BUDI)
    ticket = accounts.sessions.start(BUDI, Visitor())
    keep_pinned(accounts, pasted(BUDI))
    found = accounts.get("kasi.pem")
    assert found is not None
    assert accounts.sessions.open(ticket, found)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(Role))
def test_every_name_comes_back_as_it_was(name: str, role: Role) -> None:
    account = Account("budi", name, role.value, "", "sha256:x", True, START)
    line = line_of(account)
    assert "\n" not in line
    assert pasted(account)["budi"]["nama"] == name  # type: ignore[index]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("budi = 5", "harus memuat nama, peran, dan sandi"),
        ('budi = { nama = "B", peran = "pkp" }', "harus memuat"),
        ('budi = { nama = "B", peran = "raja", sandi = "x" }', "peran yang tidak ada"),
        ('budi = { nama = 5, peran = "pkp", sandi = "x" }', "bukan teks"),
        ('budi = { nama = "B", peran = "pkp", sandi = "x", aktif = "ya" }', "bukan teks"),
        ('budi = { nama = "B", peran = "pkp", sandi = "x", berlaku_sampai = "besok" }', "bukan waktu"),
        ('budi = { nama = "B", peran = "pkp", sandi = "x", jabatan = "Y" }', "tidak memuat isian lain"),
    ],
)
def test_a_line_that_cannot_be_read_stops_the_start_with_its_name(accounts: Accounts, line: str, says: str) -> None:
    with pytest.raises(ConfigError, match="“budi”") as caught:
        keep_pinned(accounts, tomllib.loads(line))
    assert says in str(caught.value)
    assert accounts.all() == ()


def test_what_the_secrets_change_stands_in_the_log_of_the_door(accounts: Accounts) -> None:
    keep_pinned(accounts, pasted(BUDI))
    keep_pinned(accounts, pasted(BUDI))
    keep_pinned(accounts, pasted(replace(BUDI, role="camat", section_id="")))
    found = [(entry.event, entry.username, entry.by, entry.detail) for entry in reversed(accounts.trail.latest(9))]
    assert found == [
        ("akun ditambah", "kasi.pem", "rahasia", "kasi"),
        ("akun diubah", "kasi.pem", "rahasia", "camat"),
    ]


PLH = StandIn("p1", "kasi.pem", Role.CAMAT, "", START.date(), START.date() + timedelta(5), 'SP "800"/12 \\ x')


def with_stand_ins(*stand_ins: StandIn) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads("[pengguna]\n" + line_of(BUDI, stand_ins))["pengguna"]
    return found


def test_an_appointment_survives_the_loss_of_the_disk_by_the_line_of_its_account(accounts: Accounts) -> None:
    keep_pinned(accounts, with_stand_ins(PLH))
    keep_pinned(accounts, with_stand_ins(PLH))
    assert accounts.stand_ins_of(BUDI, START.date()) == (PLH,)
    assert [entry.event for entry in accounts.trail.latest(5)] == ["Plh. ditunjuk", "akun ditambah"]
    assert accounts.trail.latest(1)[0].by == "rahasia"


def test_a_line_without_appointments_leaves_those_of_the_database(accounts: Accounts) -> None:
    accounts.access.add_stand_in(PLH)
    keep_pinned(accounts, pasted(BUDI))
    assert accounts.access.stand_ins() == (PLH,)
    other = replace(PLH, id="p2", role=Role.PKP)
    keep_pinned(accounts, with_stand_ins(other))
    assert accounts.access.stand_ins() == (other,)


@pytest.mark.parametrize(
    "text",
    [
        '{ id = "p1", peran = "bupati", seksi = "", mulai = "2026-11-03", sampai = "2026-11-04", dasar = "SP" }',
        '{ id = "p1", peran = "admin", seksi = "", mulai = "2026-11-03", sampai = "2026-11-04", dasar = "SP" }',
        '{ id = "p1", peran = "camat", seksi = "", mulai = "kemarin", sampai = "2026-11-04", dasar = "SP" }',
        '{ id = "p1", peran = "camat", seksi = "", mulai = "2026-11-03", sampai = "2027-11-04", dasar = "SP" }',
        '{ id = "p1", peran = "camat", seksi = "", mulai = "2026-11-03", sampai = "2026-11-04", dasar = "" }',
        '{ peran = "camat" }',
        "7",
    ],
)
def test_an_appointment_that_cannot_be_read_is_said(accounts: Accounts, text: str) -> None:
    line = line_of(BUDI)[:-2] + f", plh = [{text}] }}"
    with pytest.raises(ConfigError, match="plh yang tidak terbaca"):
        keep_pinned(accounts, tomllib.loads(f"[pengguna]\n{line}")["pengguna"])


def two_lines(*stand_ins: StandIn | None) -> dict[str, object]:
    """The lines of two people, each with this appointment or with none."""
    people = (BUDI, replace(BUDI, username="ani", name="Ani", section_id="kesos"))
    lines = [line_of(each, (made,) if made else ()) for each, made in zip(people, stand_ins, strict=True)]
    emptied = [line if made else f"{line[:-2]}, plh = [] }}" for line, made in zip(lines, stand_ins, strict=True)]
    found: dict[str, object] = tomllib.loads("[pengguna]\n" + "\n".join(emptied))["pengguna"]
    return found


def test_one_person_follows_another_whichever_line_comes_first(accounts: Accounts) -> None:
    anis = replace(PLH, id="p2", username="ani")
    for first, second in ((None, anis), (PLH, None), (None, anis)):
        keep_pinned(accounts, two_lines(first, second))
        assert accounts.access.stand_ins() == (first or second,)


def test_two_people_for_one_post_at_the_same_time_stop_the_start_with_the_name(accounts: Accounts) -> None:
    with pytest.raises(ConfigError, match=r"“ani” menyebut Plh\. Camat pada waktu yang sudah dipegang kasi\.pem"):
        keep_pinned(accounts, two_lines(PLH, replace(PLH, id="p2", username="ani")))
