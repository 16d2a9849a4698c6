"""Signing in with a password and with one click, slowing down of guesses, and the end of a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest import mock

import jwt
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from services.auth import cookies
from services.auth.accounts import Account
from services.auth.signin import SESSION_KEY, SignIn
from services.auth.throttle import FREE_ATTEMPTS, LONGEST_WAIT, Throttle
from services.domain.clock import WIB
from services.domain.roles import Role
from services.store import schema
from services.store.store import Transaction, Update
from services.ui import session
from tests.pages.conftest import sign_in

PASSWORD = "kata sandi yang panjang"
NOW = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)


@pytest.fixture
def clerk(app: AppTest) -> AppTest:
    """The application of an office with one account whose password is known."""
    session.runtime().accounts.add("budi", "Budi", Role.PKP.value, PASSWORD, NOW, section_id="pkp")
    return app.run()


def enter(app: AppTest, username: str, password: str) -> AppTest:
    app.text_input(key="masuk-nama").set_value(username)
    app.text_input(key="masuk-sandi").set_value(password)
    return next(button for button in app.button if button.label == "Masuk").click().run()


def signed_in(app: AppTest) -> bool:
    return any(button.key == "mv-keluar" for button in app.button)


def messages(app: AppTest) -> list[str]:
    return [error.value for error in app.error]


def test_the_right_password_opens_the_menu(clerk: AppTest) -> None:
    enter(clerk, "budi", PASSWORD)
    assert signed_in(clerk)


def test_the_username_may_be_typed_in_capitals_and_with_spaces(clerk: AppTest) -> None:
    enter(clerk, " Budi ", PASSWORD)
    assert signed_in(clerk)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(clerk: AppTest) -> None:
    wrong = messages(enter(clerk, "budi", "salah"))
    unknown = messages(enter(clerk, "siapa", "salah"))
    assert wrong == unknown != []
    assert not signed_in(clerk)


def test_an_unknown_name_costs_one_password_check_like_a_known_one(clerk: AppTest) -> None:
    with mock.patch("streamlit_authenticator.utilities.hasher.bcrypt.checkpw", return_value=False) as check:
        enter(clerk, "siapa", "salah")
        enter(clerk, "budi", "salah")
    hashes = [call.args[1] for call in check.call_args_list]
    assert len(hashes) == 2
    assert hashes[0][:7] == hashes[1][:7], "the same algorithm with the same cost"


def test_a_deactivated_account_is_as_good_as_unknown(clerk: AppTest) -> None:
    session.runtime().accounts.deactivate("budi")
    assert messages(enter(clerk, "budi", PASSWORD)) == messages(enter(clerk, "siapa", "salah"))
    assert not signed_in(clerk)


def test_an_empty_form_says_what_to_fill_in(clerk: AppTest) -> None:
    assert messages(enter(clerk, "", "")) == ["Isi nama pengguna dan kata sandi."]


def test_a_password_longer_than_can_be_checked_is_simply_wrong(clerk: AppTest) -> None:
    assert messages(enter(clerk, "budi", "x" * 100)) == messages(enter(clerk, "siapa", "salah"))


def test_guessing_is_slowed_down_after_the_free_attempts(clerk: AppTest) -> None:
    for _ in range(FREE_ATTEMPTS):
        enter(clerk, "budi", "salah")
    assert "Coba lagi dalam" in messages(enter(clerk, "budi", PASSWORD))[0]
    assert not signed_in(clerk)


def test_the_wait_doubles_up_to_five_minutes_and_ends() -> None:
    throttle, waits = Throttle(), []
    for _ in range(FREE_ATTEMPTS + 8):
        throttle.failed("budi", NOW)
        waits.append(throttle.wait("budi", NOW).total_seconds())
    assert waits == [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert throttle.wait("budi", NOW + LONGEST_WAIT) == timedelta()


def test_the_wait_of_one_name_does_not_hold_up_another() -> None:
    throttle = Throttle()
    for _ in range(20):
        throttle.failed("budi", NOW)
    assert throttle.wait("ani", NOW) == timedelta()


def test_a_success_clears_the_failures() -> None:
    throttle = Throttle()
    for _ in range(FREE_ATTEMPTS):
        throttle.failed("budi", NOW)
    throttle.succeeded("budi")
    assert throttle.wait("budi", NOW) == timedelta()


@pytest.mark.parametrize("role", Role, ids=str)
def test_one_click_signs_in_to_each_role_of_the_sample(app: AppTest, role: Role) -> None:
    app.run().button(key=f"contoh-{role.value}").click().run()
    assert signed_in(app)
    assert session.sign_in().issue(account_of(app)).username.startswith(role.value)


def account_of(app: AppTest) -> Account:
    account = session.runtime().accounts.get(app.session_state[SESSION_KEY].username)
    assert account is not None
    return account


def test_the_section_of_the_kasi_can_be_chosen(app: AppTest) -> None:
    app.run().selectbox(key="masuk-seksi").set_value("trantib").run()
    app.button(key="contoh-kasi").click().run()
    assert app.session_state[SESSION_KEY].username == "kasi.trantib"


def test_outside_the_sample_there_is_no_sign_in_by_one_click(app: AppTest) -> None:
    end_sample()
    assert [button.key for button in app.run().button if str(button.key).startswith("contoh-")] == []


def test_a_press_that_comes_after_the_sample_has_ended_is_refused_on_the_server(app: AppTest) -> None:
    button = app.run().button(key="contoh-camat")
    end_sample()
    button.click().run()
    assert not signed_in(app)


def test_an_account_of_a_real_person_cannot_be_entered_by_one_click(clerk: AppTest) -> None:
    assert session.sign_in().as_sample("budi") != ""


def end_sample() -> None:
    change = Update(schema.PROFILE, "contoh", {"value": "ya"}, {"value": ""})
    store = session.runtime().store
    store.commit(Transaction(NOW, "admin", Role.ADMIN.value, "mengakhiri contoh", "uji", (change,)))


def test_keluar_ends_the_session(app: AppTest) -> None:
    sign_in(app.run(), "camat")
    app.run().button(key="mv-keluar").click().run()
    assert not signed_in(app)
    assert not signed_in(app.run())


def test_a_ticket_that_was_signed_out_is_worth_nothing_elsewhere(app: AppTest) -> None:
    sign_in(app.run(), "camat")
    claims = app.session_state[SESSION_KEY]
    app.run().button(key="mv-keluar").click().run()
    app.session_state[SESSION_KEY] = claims
    assert not signed_in(app.run())


def test_a_new_password_ends_the_sessions_that_began_with_the_old_one(clerk: AppTest) -> None:
    enter(clerk, "budi", PASSWORD)
    session.runtime().accounts.set_password("budi", "kata sandi yang baru")
    assert not signed_in(clerk.run())


def test_deactivating_an_account_ends_its_sessions(clerk: AppTest) -> None:
    enter(clerk, "budi", PASSWORD)
    session.runtime().accounts.deactivate("budi")
    assert not signed_in(clerk.run())


# --- the cookie --------------------------------------------------------------------------------------------------

KEY = "k" * 64


def cookie(key: str = KEY, algorithm: str = "HS256", **changed: object) -> str:
    later = datetime.now(UTC) + timedelta(hours=1)
    claims = {"username": "camat", "exp_date": later.timestamp(), "v": "1", "jti": "abc"} | changed
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm=algorithm)


def read(token: str) -> cookies.Claims | None:
    with (
        mock.patch.object(st, "session_state", {"logout": None}),
        mock.patch.object(type(st.context), "cookies", {cookies.NAME: token}),
    ):
        return cookies.read(KEY)


def test_our_own_cookie_is_read_back() -> None:
    claims = read(cookie())
    assert claims is not None
    assert (claims.username, claims.version, claims.ticket) == ("camat", "1", "abc")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "bukan.token.sama.sekali",
        cookie(key="x" * 64),
        cookie(exp_date=0),
        cookie(exp_date=None),
        cookie(exp_date="besok"),
        cookie(username=None),
        cookie(v=None),
        cookie(jti=None),
        cookie(exp=1),
        jwt.encode({"username": "camat", "exp_date": 9e9, "v": "1", "jti": "a"}, None, algorithm="none"),
    ],
)
def test_a_cookie_that_is_not_ours_signs_nobody_in_and_breaks_nothing(token: str) -> None:
    assert read(token) is None


def test_a_cookie_of_an_account_that_is_gone_signs_nobody_in(clerk: AppTest) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    clerk.session_state[SESSION_KEY] = cookies.Claims("hilang", "1", "abc", later)
    assert not signed_in(clerk.run())


def test_a_sign_in_ends_after_twelve_hours(clerk: AppTest) -> None:
    door: SignIn = session.sign_in()
    account = session.runtime().accounts.get("budi")
    assert account is not None
    claims = door.issue(account)
    assert timedelta(hours=11, minutes=59) < claims.expires - datetime.now(UTC) <= timedelta(hours=12)
    expired = cookies.Claims(claims.username, claims.version, claims.ticket, datetime.now(UTC))
    clerk.session_state[SESSION_KEY] = expired
    assert not signed_in(clerk.run())
