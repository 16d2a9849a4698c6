"""Attacks with the cookie: made up, altered, out of date, copied. None of them opens anything."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import bcrypt
import jwt
import pytest
import streamlit as st

from services.auth import cookies, passwords
from services.auth.accounts import Accounts
from services.auth.sessions import LONGEST, Ticket, Visitor
from services.auth.signin import SignIn
from services.auth.tokens import decode_device, decode_ticket, encode_device, encode_ticket
from services.domain.clock import WIB

KEY = "0123456789abcdef" * 4
PASSWORD = "kopi susu pagi hujan"
START = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)


@dataclass
class World:
    """An office with two accounts, budi signed in, and the cookie his browser got."""

    accounts: Accounts
    door: SignIn
    ticket: Ticket
    clock: mock.Mock

    @property
    def token(self) -> str:
        return encode_ticket(KEY, self.ticket)


@pytest.fixture(autouse=True)
def quick_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr("bcrypt.gensalt", lambda: salt)


@pytest.fixture
def world(tmp_path: Path) -> World:
    clock = mock.Mock(return_value=START)
    accounts = Accounts(f"sqlite:///{tmp_path}/akun.db", clock)
    accounts.add("budi", "Budi", "pkp", PASSWORD, START, section_id="pkp")
    accounts.add("kepala", "Kepala", "admin", PASSWORD, START)
    budi = accounts.get("budi")
    assert budi is not None
    door = SignIn(accounts, KEY, lambda: False)
    return World(accounts, door, accounts.sessions.start(budi, Visitor()), clock)


@contextmanager
def browser(**sent: str) -> Iterator[None]:
    """A new session of a browser that sends these cookies."""
    with (
        mock.patch.object(st, "session_state", {}),
        mock.patch.object(type(st.context), "cookies", sent),
        mock.patch.object(type(st.context), "headers", {}),
    ):
        yield


def opened_by(world: World, token: str) -> str:
    """Who is signed in with this cookie; "" for nobody."""
    with browser(**{cookies.TICKET: token}):
        actor = world.door.current()
    return actor.username if actor else ""


def claims(world: World, **changed: Any) -> dict[str, Any]:
    ticket = world.ticket
    known = {"aud": "masuk", "sub": ticket.username, "jti": ticket.secret}
    return known | {"iat": ticket.since.timestamp(), "exp": ticket.until.timestamp()} | changed


def signed(world: World, key: str = KEY, algorithm: str | None = "HS256", **changed: Any) -> str:
    return jwt.encode(claims(world, **changed), key, algorithm=algorithm)


# --- the attacks -------------------------------------------------------------------------------------------------


def forged_key(world: World) -> str:
    return signed(world, "f" * 64, sub="kepala")


def no_algorithm(world: World) -> str:
    return signed(world, "", algorithm="none")


def expired(world: World) -> str:
    world.clock.return_value = START + LONGEST
    return world.token


def from_the_future(world: World) -> str:
    later = START + timedelta(hours=2)
    return signed(world, iat=later.timestamp(), exp=(later + LONGEST).timestamp())


def of_another_user(world: World) -> str:
    """Even with the right key, the secret of one's own session does not open another's account."""
    return signed(world, sub="kepala")


def after_logout(world: World) -> str:
    with browser(**{cookies.TICKET: world.token}):
        world.door.sign_out()
    return world.token


def after_a_new_password(world: World) -> str:
    world.accounts.set_password("budi", "sepeda biru naik bukit")
    return world.token


def after_another_role(world: World) -> str:
    world.accounts.set_role("budi", "camat", "")
    return world.token


def after_deactivation(world: World) -> str:
    world.accounts.deactivate("budi")
    return world.token


def in_another_browser_after_sign_out(world: World) -> str:
    """A copy that was in use elsewhere while its owner left."""
    assert opened_by(world, world.token) == "budi"
    return after_logout(world)


def altered(world: World) -> str:
    head, _, signature = world.token.split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(world, sub="kepala")).encode()).decode().rstrip("=")
    return f"{head}.{body}.{signature}"


def default_key(world: World) -> str:
    return signed(world, "some_key", sub="kepala")


ATTACKS = (
    forged_key,
    no_algorithm,
    expired,
    from_the_future,
    of_another_user,
    after_logout,
    after_a_new_password,
    after_another_role,
    after_deactivation,
    in_another_browser_after_sign_out,
    altered,
    default_key,
)


def test_the_cookie_itself_opens_the_door(world: World) -> None:
    assert opened_by(world, world.token) == "budi"


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_no_attack_with_the_cookie_opens_the_door(world: World, attack: Callable[[World], str]) -> None:
    assert opened_by(world, attack(world)) == ""


def test_there_are_twelve_attacks() -> None:
    assert len(set(ATTACKS)) == 12


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": None},
        {"exp": "besok"},
        {"exp": [1]},
        {"exp": 1e30},
        {"exp": (START + LONGEST * 3).timestamp()},
        {"iat": None},
        {"iat": "kemarin"},
        {"sub": None},
        {"sub": 5},
        {"jti": None},
        {"jti": ""},
        {"jti": "tebakan"},
        {"aud": "perangkat"},
        {"aud": None},
    ],
    ids=str,
)
def test_claims_that_do_not_fit_open_nothing_and_break_nothing(world: World, changed: dict[str, Any]) -> None:
    kept = {name: value for name, value in claims(world, **changed).items() if value is not None}
    assert opened_by(world, jwt.encode(kept, KEY, algorithm="HS256")) == ""


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "bukan.token.sama.sekali", "\x00", "é" * 5000])
def test_rubbish_opens_nothing_and_breaks_nothing(world: World, token: str) -> None:
    assert opened_by(world, token) == ""


def test_a_signed_token_without_its_session_on_the_server_opens_nothing(world: World) -> None:
    """Whoever learnt the key still knows no secret of a session."""
    made_up = replace(world.ticket, secret="rahasia buatan sendiri")
    assert opened_by(world, encode_ticket(KEY, made_up)) == ""


def test_an_account_that_was_removed_opens_nothing(world: World) -> None:
    assert opened_by(world, encode_ticket(KEY, replace(world.ticket, username="hilang"))) == ""


def test_a_password_set_past_the_application_ends_the_session_too(world: World) -> None:
    world.accounts._table.change("budi", password_hash=passwords.hash_password("sepeda biru naik bukit"))
    assert opened_by(world, world.token) == ""


def test_an_open_tab_notices_at_its_next_run(world: World) -> None:
    with browser(**{cookies.TICKET: world.token}):
        assert world.door.current() is not None
        world.accounts.sessions.end_all("budi", "uji")
        assert world.door.current() is None


def test_a_ticket_of_the_sample_opens_nothing_once_the_sample_is_over(world: World) -> None:
    world.accounts.add("contoh", "Contoh", "camat", PASSWORD, START, sample=True)
    account = world.accounts.get("contoh")
    assert account is not None
    token = encode_ticket(KEY, world.accounts.sessions.start(account, Visitor()))
    assert opened_by(world, token) == ""


# --- the mark of a known device ----------------------------------------------------------------------------------


def test_a_device_is_known_for_one_person_only_and_not_for_ever() -> None:
    mark = encode_device(KEY, "budi", START)
    assert decode_device(KEY, mark, "budi", START) != ""
    assert decode_device(KEY, mark, "kepala", START) == ""
    assert decode_device("f" * 64, mark, "budi", START) == ""
    assert decode_device(KEY, mark, "budi", START + timedelta(days=181)) == ""


def test_the_mark_of_a_device_is_no_ticket(world: World) -> None:
    mark = encode_device(KEY, "budi", START)
    assert decode_ticket(KEY, mark, START) is None
    assert opened_by(world, mark) == ""
