"""Accounts and their passwords, kept as bcrypt hashes."""

from __future__ import annotations

from datetime import datetime

import bcrypt

from services.store.open import normal_url
from services.store.people import Account, AccountTable
from services.store.store import StoreError

__all__ = ["Account", "AccountError", "Accounts", "hash_password"]

_LONGEST = 72  # bytes; bcrypt reads no further


class AccountError(StoreError):
    """An account that cannot be made or changed; the message is for people, in Indonesian."""


def hash_password(password: str) -> str:
    """The bcrypt hash. Raises AccountError for an empty password, and for one longer than bcrypt reads (72 bytes):

    cutting it off in silence would let a shorter password in.
    """
    encoded = password.encode()
    if not password.strip():
        raise AccountError("Kata sandi tidak boleh kosong.")
    if len(encoded) > _LONGEST or b"\0" in encoded:
        raise AccountError(f"Kata sandi terlalu panjang; paling banyak {_LONGEST} huruf atau angka.")
    return bcrypt.hashpw(encoded, bcrypt.gensalt()).decode()


class Accounts:
    """All accounts of the database at ``url``, in a table of their own. Methods raise StoreUnavailable or AccountError.

    Raises BadAddress for a URL of an unknown kind.
    """

    def __init__(self, url: str) -> None:
        self._table = AccountTable(normal_url(url))

    def get(self, username: str) -> Account | None:
        return self._table.get(username)

    def all(self) -> tuple[Account, ...]:
        """Every account, by username."""
        return self._table.all()

    def add(
        self,
        username: str,
        name: str,
        role: str,
        password: str,
        at: datetime,
        *,
        section_id: str = "",
        sample: bool = False,
    ) -> Account:
        """A new, active account. Raises AccountError where the username is empty or taken."""
        if not username or username != username.strip():
            raise AccountError("Nama pengguna tidak boleh kosong atau diapit spasi.")
        account = Account(username, name, role, section_id, hash_password(password), True, at, sample)
        if not self._table.insert(account):
            raise AccountError(f"Nama pengguna {username} sudah dipakai.")
        return account

    def set_password(self, username: str, password: str) -> None:
        self._change(username, password_hash=hash_password(password))

    def deactivate(self, username: str) -> None:
        """Let nobody sign in with this account any more; what it wrote stays in the log under its name."""
        self._change(username, active=False)

    def remove_samples(self) -> int:
        """Delete the sample accounts; how many there were."""
        return self._table.remove_samples()

    def _change(self, username: str, **values: str | bool) -> None:
        if not self._table.change(username, **values):
            raise AccountError(f"Pengguna {username} tidak ada.")
