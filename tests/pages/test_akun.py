"""Akun saya and Pengguna: choosing a password, ending sessions, and what an admin may do to accounts."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from unittest import mock

import bcrypt
import pytest
from streamlit.testing.v1 import AppTest

from services.auth.accounts import Accounts
from services.auth.passwords import matches
from services.auth.pinned import keep_pinned
from services.auth.sessions import Visitor
from services.auth.signin import SESSION_KEY
from services.auth.trail import Event
from services.config import PEOPLE_SECTION
from services.domain.roles import Role
from services.store import schema
from services.store.store import Transaction, Update
from services.ui import session
from tests.pages.conftest import Opener, sign_in
from tests.pages.test_signin import enter, signed_in

PASSWORD = "kopi susu pagi hujan"
NEW = "sepeda biru naik bukit"
OTHERS = ("Lunang-Tapanwali-2026", "tapanwali.lunang.26", "lunang tapanwali lunang")
"""Made of the names of another office."""


@pytest.fixture(autouse=True)
def quick_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr("bcrypt.gensalt", lambda: salt)


@pytest.fixture
def accounts(app: AppTest) -> Accounts:
    """Of an office with one account of a real person."""
    found = session.runtime().accounts
    found.add("budi", "Budi", Role.PKP.value, PASSWORD, found.now(), section_id="pkp")
    return found


def page_text(app: AppTest) -> str:
    return " ".join(str(part.value) for kind in ("error", "info", "warning", "success") for part in app.get(kind))


def html(app: AppTest) -> str:
    return " ".join(str(part.proto.body) for part in app.get("html"))


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def choose(app: AppTest, new: str, again: str = "", current: str = "") -> AppTest:
    if current:
        app.text_input(key="sandi-sekarang").set_value(current)
    app.text_input(key="sandi-baru").set_value(new)
    app.text_input(key="sandi-ulang").set_value(again or new)
    return press(app, "Ganti kata sandi" if current else "Simpan dan masuk")


# --- the first password ------------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(app: AppTest, accounts: Accounts) -> AppTest:
    """Signed in with the first password."""
    first = accounts.add_with_first_password("ani", "Ani", Role.CAMAT.value)
    return enter(app.run(), "ani", first)


def test_whoever_has_a_first_password_must_choose_one_before_anything_opens(newcomer: AppTest) -> None:
    assert "Pilih kata sandi Anda" in html(newcomer)
    assert not signed_in(newcomer)
    assert not signed_in(newcomer.switch_page("pages/dasbor.py").run())


def test_the_chosen_password_opens_everything_and_replaces_the_first(newcomer: AppTest, accounts: Accounts) -> None:
    choose(newcomer, NEW)
    assert signed_in(newcomer)
    account = accounts.get("ani")
    assert account is not None
    assert account.first_until is None
    assert matches(NEW, account.password_hash)


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [
        ("pendek", "", "6 karakter; sedikitnya 15"),
        ("silaut silaut 2026", "", "mudah ditebak"),
        (NEW, "lain sekali dari yang tadi", "tidak sama"),
    ],
)
def test_a_password_that_does_not_do_is_refused_with_the_reason(
    newcomer: AppTest, new: str, again: str, says: str
) -> None:
    choose(newcomer, new, again)
    assert says in page_text(newcomer)
    assert not signed_in(newcomer)


def test_a_first_password_ends_after_seven_days(app: AppTest, accounts: Accounts) -> None:
    first = accounts.add_with_first_password("ani", "Ani", Role.CAMAT.value)
    later = accounts.now() + timedelta(days=7)
    with mock.patch.object(accounts, "now", return_value=later):
        enter(app.run(), "ani", first)
    assert "lewat masa berlakunya" in page_text(app)
    assert not signed_in(app)


def test_names_that_mean_nothing_to_this_office_count_as_any_word(newcomer: AppTest) -> None:
    choose(newcomer, OTHERS[0])
    assert signed_in(newcomer)


@pytest.mark.parametrize("weak", OTHERS)
def test_the_names_of_the_office_are_refused_in_a_password(newcomer: AppTest, weak: str) -> None:
    store = session.runtime().store
    names = {"nama_kecamatan": "Tapanwali", "kabupaten": "Lunang"}
    seen = {str(row["id"]): row["value"] for row in store.read().rows(schema.PROFILE)}
    changes = tuple(
        Update(schema.PROFILE, name, {"value": seen[name]}, {"value": text}) for name, text in names.items()
    )
    store.commit(Transaction(session.now(), "pkp", "pkp", "mengubah profil", "Uji", changes))
    choose(newcomer, weak)
    assert "mudah ditebak" in page_text(newcomer)
    assert not signed_in(newcomer)


# --- Akun saya ---------------------------------------------------------------------------------------------------


def test_a_password_is_changed_with_the_current_one_and_other_sessions_end(
    open_page: Opener, app: AppTest, accounts: Accounts
) -> None:
    open_page("akun", "budi")
    account = accounts.get("budi")
    assert account is not None
    elsewhere = session.sign_in().issue(account)
    choose(app, NEW, current=PASSWORD)
    assert signed_in(app)
    assert "Kata sandi diganti; kekuatannya sangat kuat." in page_text(app).replace("\\", "")
    assert [row.username for row in accounts.sessions.running("budi")] == ["budi"]
    app.session_state[SESSION_KEY] = elsewhere
    assert not signed_in(app.run())


def test_a_wrong_current_password_changes_nothing(open_page: Opener, app: AppTest, accounts: Accounts) -> None:
    open_page("akun", "budi")
    choose(app, NEW, current="bukan yang ini sama sekali")
    assert "sekarang tidak cocok" in page_text(app)
    account = accounts.get("budi")
    assert account is not None
    assert matches(PASSWORD, account.password_hash)


def test_the_old_password_cannot_be_chosen_again(open_page: Opener, app: AppTest, accounts: Accounts) -> None:
    open_page("akun", "budi")
    choose(app, PASSWORD, current=PASSWORD)
    assert "sama dengan yang lama" in page_text(app)


def test_all_other_sessions_can_be_ended(open_page: Opener, app: AppTest, accounts: Accounts) -> None:
    account = accounts.get("budi")
    assert account is not None
    elsewhere = session.sign_in().issue(account)
    open_page("akun", "budi")
    press(app, "Akhiri semua sesi lain")
    assert signed_in(app)
    app.session_state[SESSION_KEY] = elsewhere
    assert not signed_in(app.run())


def test_a_sample_account_has_no_password_to_change(open_page: Opener) -> None:
    app = open_page("akun", "camat")
    assert "tidak memakai kata sandi" in page_text(app)


# --- Pengguna ----------------------------------------------------------------------------------------------------


@pytest.fixture
def admin(open_page: Opener, accounts: Accounts) -> AppTest:
    """The page of an admin who is a real person."""
    accounts.add("kepala", "Kepala", Role.ADMIN.value, PASSWORD, accounts.now())
    return open_page("pengguna", "kepala")


def add(app: AppTest, username: str, name: str, role: Role | None, section_id: str = "") -> AppTest:
    app.text_input(key="pengguna-baru-akun").set_value(username)
    app.text_input(key="pengguna-baru-nama").set_value(name)
    if role:
        app.selectbox(key="pengguna-baru-peran").set_value(role)
    app.selectbox(key="pengguna-baru-seksi").set_value(section_id)
    return press(app, "Buat akun")


def pick(app: AppTest, username: str) -> AppTest:
    return app.selectbox(key="pengguna-dipilih").set_value(username).run()


def test_an_admin_adds_an_account_and_sees_its_first_password_once(admin: AppTest, accounts: Accounts) -> None:
    add(admin, "ani", "Ani Wijaya", Role.KASI, "kesos")
    password = admin.code[0].value
    account = accounts.get("ani")
    assert account is not None
    assert (account.name, account.role, account.section_id, account.sample) == ("Ani Wijaya", "kasi", "kesos", False)
    assert matches(password, account.password_hash)
    assert admin.run().code == []


@pytest.mark.parametrize(
    ("username", "name", "role", "says"),
    [
        ("Ani!", "Ani", Role.CAMAT, "huruf kecil"),
        ("budi", "Budi", Role.CAMAT, "sudah dipakai"),
        ("ani", " ", Role.CAMAT, "Isi nama lengkap"),
        ("ani", "Ani", Role.KASI, "memerlukan seksi"),
        ("ani", "Ani", None, "Pilih peran"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_with_the_reason(
    admin: AppTest, accounts: Accounts, username: str, name: str, role: Role | None, says: str
) -> None:
    before = accounts.all()
    add(admin, username, name, role)
    assert says in page_text(admin).replace("\\", "")
    assert accounts.all() == before


@pytest.mark.parametrize(("role", "says"), [(None, "Pilih peran"), (Role.PIMPINAN, "hanya ditampilkan sekali")])
def test_what_came_of_adding_an_account_stands_at_the_button_that_was_pressed(
    admin: AppTest, role: Role | None, says: str
) -> None:
    """The page is long: under its head a first password, which comes once, would stand where nobody looks."""
    add(admin, "ani", "Ani", role)
    place = next(fold for fold in admin.expander if fold.label == "Tambah akun")
    assert any(says in message.value for message in (*place.error, *place.warning))


def test_another_role_ends_the_sessions_of_the_account(admin: AppTest, accounts: Accounts) -> None:
    account = accounts.get("budi")
    assert account is not None
    session.sign_in().issue(account)
    pick(admin, "budi").selectbox(key="pengguna-budi-peran").set_value(Role.PIMPINAN)
    press(admin, "Simpan perubahan")
    assert "Tulis alasannya" in page_text(admin)
    assert accounts.get("budi") == account
    admin.selectbox(key="pengguna-budi-peran").set_value(Role.PIMPINAN)
    admin.text_input(key="pengguna-budi-alasan").set_value("Mutasi SK 12/2026")
    press(admin, "Simpan perubahan")
    changed = accounts.get("budi")
    assert changed is not None
    assert changed.role == "pimpinan"
    assert accounts.sessions.running("budi") == ()


def test_an_admin_gives_a_new_password_ends_sessions_and_switches_off_and_on(
    admin: AppTest, accounts: Accounts
) -> None:
    pick(admin, "budi")
    press(admin, "Beri sandi baru")
    assert "Tulis alasannya" in page_text(admin)
    assert admin.code == []
    admin.text_input(key="pengguna-budi-sebab").set_value("Lupa sandi")
    press(admin, "Beri sandi baru")
    account = accounts.get("budi")
    assert account is not None
    assert matches(admin.code[0].value, account.password_hash)
    session.sign_in().issue(account)
    press(admin, "Akhiri semua sesi")
    assert accounts.sessions.running("budi") == ()
    press(admin, "Nonaktifkan akun")
    assert [a.active for a in accounts.all() if a.username == "budi"] == [False]
    admin.text_input(key="pengguna-budi-sebab").set_value("Kembali dari cuti")
    press(admin, "Aktifkan akun")
    assert [a.active for a in accounts.all() if a.username == "budi"] == [True]
    events = [entry.event for entry in accounts.trail.latest(4)]
    assert events == ["akun diaktifkan", "akun dinonaktifkan", "sesi diakhiri", "sandi pertama diberikan"]
    assert {entry.by for entry in accounts.trail.latest(4)} == {"kepala"}
    assert [accounts.trail.latest(4)[n].detail for n in (0, 3)] == ["Kembali dari cuti", "Lupa sandi"]


def test_where_the_disk_does_not_last_the_page_prints_the_line_that_keeps_the_account(
    admin: AppTest, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(admin, "budi")
    admin.text_input(key="pengguna-budi-sebab").set_value("Lupa sandi")
    monkeypatch.setenv("RENDER", "1")
    press(admin, "Beri sandi baru")
    password, line = admin.code[0].value, f"[pengguna]\n{admin.code[1].value}"
    assert "Isi disk di layanan ini tidak bertahan" in page_text(admin)
    again = Accounts(f"sqlite:///{session.runtime().settings.data_folder}/kosong.db")
    keep_pinned(again, tomllib.loads(line)[PEOPLE_SECTION])
    account = again.get("budi")
    assert account is not None
    assert matches(password, account.password_hash)
    assert password not in line
    monkeypatch.delenv("RENDER")
    assert len(admin.run().code) == 0


def test_an_admin_cannot_shut_himself_out(admin: AppTest, accounts: Accounts) -> None:
    pick(admin, "kepala")
    press(admin, "Nonaktifkan akun")
    assert "akun Anda sendiri" in page_text(admin)
    admin.selectbox(key="pengguna-kepala-peran").set_value(Role.CAMAT)
    press(admin, "Simpan perubahan")
    assert "melepas peran Admin" in page_text(admin)
    account = accounts.get("kepala")
    assert account is not None
    assert (account.active, account.role) == (True, "admin")


def test_a_right_that_was_taken_away_meanwhile_is_gone_at_the_press(admin: AppTest, accounts: Accounts) -> None:
    accounts.set_role("kepala", Role.CAMAT.value, "")
    add(admin, "ani", "Ani", Role.ADMIN)
    assert accounts.get("ani") is None


def test_the_admin_of_the_sample_touches_no_real_account_and_makes_only_sample_ones(
    open_page: Opener, accounts: Accounts
) -> None:
    app = open_page("pengguna", "admin")
    add(app, "ani", "Ani", Role.ADMIN)
    ani = accounts.get("ani")
    assert ani is not None
    assert ani.sample
    for username in ("budi", "camat"):
        before = accounts.get(username)
        press(pick(app, username), "Nonaktifkan akun")
        assert "Akun contoh" in page_text(app)
        assert accounts.get(username) == before


def test_nothing_about_accounts_is_shown_to_other_roles(open_page: Opener) -> None:
    app = open_page("pengguna", "camat")
    assert "Halaman ini bukan untuk peran Anda" in html(app)
    assert "kasi.kesos" not in html(app)


def test_the_guard_of_a_page_of_a_signed_out_session_leads_to_the_form(app: AppTest, accounts: Accounts) -> None:
    sign_in(app.run(), "budi")
    accounts.sessions.end_all("budi", "uji")
    assert not signed_in(app.run())


# --- the log of the door -----------------------------------------------------------------------------------------


def test_a_page_that_is_not_for_the_role_is_noted_once(open_page: Opener, accounts: Accounts) -> None:
    app = open_page("pengguna", "budi")
    app.run()
    denied = [entry for entry in accounts.trail.latest(20) if entry.event == "ditolak"]
    assert [(entry.username, entry.detail.split()[0]) for entry in denied] == [("budi", "halaman")]


def test_an_action_that_is_not_allowed_is_noted(admin: AppTest, accounts: Accounts) -> None:
    accounts.set_role("kepala", Role.CAMAT.value, "")
    account = accounts.get("kepala")
    assert account is not None
    admin.session_state[SESSION_KEY] = session.sign_in().issue(account)
    add(admin, "ani", "Ani", Role.ADMIN)
    events = [(entry.event, entry.username) for entry in accounts.trail.latest(3)]
    assert ("ditolak", "kepala") in events
    assert accounts.get("ani") is None


def test_every_step_of_an_account_is_in_one_unbroken_log(newcomer: AppTest, accounts: Accounts) -> None:
    choose(newcomer, NEW)
    newcomer.button(key="mv-keluar").click().run()
    enter(newcomer, "ani", "salah")
    events = [entry.event for entry in reversed(accounts.trail.latest(4))]
    assert events == ["masuk", "sandi diganti pemiliknya", "keluar", "gagal masuk"]
    assert accounts.trail.check() is None


@pytest.mark.parametrize("page", ["akun", "pengguna"])
def test_visitors_of_the_sample_learn_no_address_of_each_other(
    open_page: Opener, app: AppTest, accounts: Accounts, page: str
) -> None:
    app.run()
    admin = accounts.get("admin")
    assert admin is not None
    accounts.sessions.start(admin, Visitor("198.51.100.7", "Chrome di Android"))
    accounts.trail.record(Event.ENTERED, "admin", address="198.51.100.7")
    assert "Chrome di Android" in html(open_page(page, "admin"))
    assert "198.51.100.7" not in html(app)
