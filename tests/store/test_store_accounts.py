"""Accounts and addresses of stores."""

from __future__ import annotations

from pathlib import Path

import bcrypt
import pytest

from services.auth.accounts import AccountError, Accounts
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
    assert bcrypt.checkpw(b"kata sandi", made.password_hash.encode())


def test_a_taken_username_is_refused(accounts: Accounts) -> None:
    accounts.add("rina", "Rina", "kasi", "x", NOW)
    with pytest.raises(AccountError, match="sudah dipakai"):
        accounts.add("rina", "Rini", "admin", "y", NOW)
    assert [account.name for account in accounts.all()] == ["Rina"]


@pytest.mark.parametrize("password", ["", "   ", "x" * 73, "é" * 37, "a\0b"])
def test_a_password_that_bcrypt_would_cut_off_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError, match="Kata sandi"):
        accounts.add("rina", "Rina", "kasi", password, NOW)


def test_a_password_can_be_changed_and_an_account_closed(accounts: Accounts) -> None:
    accounts.add("rina", "Rina", "kasi", "lama", NOW)
    accounts.set_password("rina", "baru")
    accounts.deactivate("rina")
    account = accounts.get("rina")
    assert account is not None
    assert bcrypt.checkpw(b"baru", account.password_hash.encode())
    assert not account.active


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
