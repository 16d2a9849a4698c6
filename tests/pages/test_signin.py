"""Signing in with a password and with one click, slowing down of guesses, and the end of a session."""

from __future__ import annotations

from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from services.auth.accounts import Account
from services.auth.signin import SESSION_KEY, browser_label
from services.auth.throttle import UNKNOWN_ADDRESS
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


def test_a_deactivated_account_is_as_good_as_unknown(clerk: AppTest) -> None:
    session.runtime().accounts.deactivate("budi")
    assert messages(enter(clerk, "budi", PASSWORD)) == messages(enter(clerk, "siapa", "salah"))
    assert not signed_in(clerk)


def test_an_empty_form_says_what_to_fill_in(clerk: AppTest) -> None:
    assert messages(enter(clerk, "", "")) == ["Isi nama pengguna dan kata sandi."]


def test_a_password_longer_than_can_be_checked_is_simply_wrong(clerk: AppTest) -> None:
    assert messages(enter(clerk, "budi", "x" * 100)) == messages(enter(clerk, "siapa", "salah"))


def test_guessing_is_slowed_down_after_the_free_attempts(clerk: AppTest) -> None:
    for _ in range(UNKNOWN_ADDRESS.free):
        enter(clerk, "budi", "salah")
    assert "Coba lagi dalam" in messages(enter(clerk, "budi", PASSWORD))[0]
    assert not signed_in(clerk)


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


def test_whoever_finds_the_form_because_his_session_is_over_is_told_so(clerk: AppTest) -> None:
    def said() -> bool:
        return any("Sesi Anda sudah berakhir" in info.value for info in clerk.info)

    assert not said()
    enter(clerk, "budi", PASSWORD)
    session.runtime().accounts.sessions.end_all("budi", "uji")
    clerk.run()
    assert not signed_in(clerk)
    assert said()
    enter(clerk, "budi", PASSWORD)
    clerk.button(key="mv-keluar").click().run()
    assert not signed_in(clerk)
    assert not said()


def test_deactivating_an_account_ends_its_sessions(clerk: AppTest) -> None:
    enter(clerk, "budi", PASSWORD)
    session.runtime().accounts.deactivate("budi")
    assert not signed_in(clerk.run())


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome di Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome di Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox di Linux"),
        ("curl/8.5", ""),
    ],
)
def test_a_session_is_called_by_its_browser(user_agent: str, label: str) -> None:
    assert browser_label(user_agent) == label
