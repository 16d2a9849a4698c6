"""Accounts and addresses of stores."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from services.auth.accounts import FIRST_PASSWORD_LASTS, AccountError, Accounts
from services.auth.passwords import matches
from services.store.open import BadAddress, normal_url, open_store
from services.store.sql import SqlStore
from tests.store.helpers import NOW, everything, now


@pytest.fixture
def accounts(url: str) -> Accounts:
    return Accounts(url)


def test_an_account_is_kept_with_a_hash_in_place_of_its_password(accounts: Accounts, url: str) -> None:
    made = accounts.add("rina", "Rina Marlina", "kasi", "kata sandi", NOW, section_id="pem")
    assert Accounts(url).get("rina") == made
    assert (made.active, made.sample, made.created_at) == (True, False, NOW)
    assert "kata sandi" not in made.password_hash
    assert matches("kata sandi", made.password_hash)


def test_a_taken_username_is_refused(accounts: Accounts) -> None:
    accounts.add("rina", "Rina", "kasi", "x", NOW)
    with pytest.raises(AccountError, match="sudah dipakai"):
        accounts.add("rina", "Rini", "admin", "y", NOW)
    assert [account.name for account in accounts.all()] == ["Rina"]


@pytest.mark.parametrize("password", ["", "   "])
def test_a_password_of_nothing_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError, match="Kata sandi"):
        accounts.add("rina", "Rina", "kasi", password, NOW)


def test_a_password_can_be_changed_and_an_account_closed(accounts: Accounts) -> None:
    accounts.add("rina", "Rina", "kasi", "lama", NOW)
    accounts.set_password("rina", "baru")
    accounts.deactivate("rina")
    account = accounts.get("rina")
    assert account is not None
    assert matches("baru", account.password_hash)
    assert not account.active


def test_a_first_password_is_random_and_good_for_seven_days_only(url: str) -> None:
    accounts = Accounts(url, lambda: NOW)
    first = accounts.add_with_first_password("rina", "Rina", "kasi", section_id="pem")
    second = accounts.give_first_password("rina")
    account = accounts.get("rina")
    assert account is not None
    assert first != second
    assert matches(second, account.password_hash)
    assert account.first_until == NOW + FIRST_PASSWORD_LASTS
    accounts.set_password("rina", "pilihan sendiri yang panjang")
    account = accounts.get("rina")
    assert account is not None
    assert account.first_until is None


def test_a_database_of_the_first_version_gets_the_new_columns_and_keeps_its_accounts(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "lama.db") as old:
        old.execute(
            "CREATE TABLE pengguna (username TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, section_id TEXT"
            " NOT NULL, password_hash TEXT NOT NULL, active BOOLEAN NOT NULL, created_at TEXT NOT NULL)"
        )
        old.execute(
            "INSERT INTO pengguna VALUES ('rina', 'Rina', 'kasi', 'pem', '$2b$04$x', 1, '2026-11-03T03:20:00+00:00')"
        )
        old.execute(
            "CREATE TABLE akun_sesi (id TEXT PRIMARY KEY, username TEXT NOT NULL, stamp TEXT NOT NULL, started_at TEXT"
            " NOT NULL, seen_at TEXT NOT NULL, until TEXT NOT NULL, address TEXT NOT NULL, browser TEXT NOT NULL,"
            " ended_at TEXT, ended_why TEXT NOT NULL)"
        )
        moments = ", ".join(["'2026-11-03T03:20:00+00:00'"] * 2 + ["'2026-11-03T15:20:00+00:00'"])
        old.execute(f"INSERT INTO akun_sesi VALUES ('s', 'rina', 'x', {moments}, '', '', NULL, '')")
    old.close()
    accounts = Accounts(f"sqlite:///{tmp_path}/lama.db")
    assert [(row.username, row.acting) for row in accounts.access.sessions()] == [("rina", "")]
    assert accounts.access.stand_ins() == ()
    account = accounts.get("rina")
    assert account is not None
    assert (account.name, account.active, account.email, account.first_until) == ("Rina", True, "", None)
    assert not account.sample


def test_an_address_finds_the_account_only_where_it_is_the_only_one(accounts: Accounts) -> None:
    accounts.add("rina", "Rina", "camat", "x", NOW, email="rina@contoh.go.id")
    found = accounts.by_email(" Rina@Contoh.go.id ")
    assert found is not None
    assert found.username == "rina"
    accounts.add("rini", "Rini", "camat", "x", NOW, email="rina@contoh.go.id")
    accounts.add("tanpa", "Tanpa", "camat", "x", NOW)
    assert accounts.by_email("rina@contoh.go.id") is None
    assert accounts.by_email("") is None


def test_an_unknown_account_cannot_be_changed(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="tidak ada"):
        accounts.deactivate("siapa")


def test_only_the_sample_accounts_are_removed(accounts: Accounts) -> None:
    accounts.add("contoh", "Contoh", "camat", "x", NOW, sample=True)
    accounts.add("rina", "Rina", "kasi", "x", NOW)
    assert accounts.remove_samples() == 1
    assert [account.username for account in accounts.all()] == ["rina"]


def test_accounts_are_no_part_of_the_offices_data(accounts: Accounts, url: str) -> None:
    accounts.add("rina", "Rina", "kasi", "x", NOW)
    assert not any(everything(SqlStore(url, "silaut", now)).values())


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_all_usual_forms_of_a_postgresql_address_are_understood(scheme: str) -> None:
    assert normal_url(f"{scheme}://a:p%40ss@server/monev") == "postgresql+psycopg://a:p%40ss@server/monev"


@pytest.mark.parametrize(
    "url",
    ["", "monev.db", "mysql://a:rahasia@server/x", "sqlite://", "sqlite:///:memory:", "postgres://a:rahasia@h:p/x"],
)
def test_an_address_of_another_kind_is_refused_with_what_is_allowed(url: str) -> None:
    with pytest.raises(BadAddress, match="Yang dapat dipakai: sqlite:///") as caught:
        open_store(url, "silaut", now)
    assert "rahasia" not in str(caught.value)


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/data/baru/monev.db", "silaut", now)
    assert (tmp_path / "data" / "baru" / "monev.db").exists()
