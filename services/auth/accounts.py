"""Accounts and their passwords, kept as fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime, timedelta

from services.auth.passwords import AccountError, hash_password, random_password
from services.auth.sessions import Sessions
from services.auth.trail import Trail
from services.domain.clock import WIB
from services.domain.roles import Role
from services.domain.stand_in import StandIn
from services.store.access import AccessTables
from services.store.open import normal_url
from services.store.people import Account, AccountTable

__all__ = ["FIRST_PASSWORD_LASTS", "Account", "AccountError", "Accounts", "hash_password", "held"]

FIRST_PASSWORD_LASTS = timedelta(days=7)


def _wall_clock() -> datetime:
    return datetime.now(WIB)


class Accounts:
    """All accounts of the database at ``url``, in tables of their own, with their sessions and the log of the door.

    A new password, role or section, and switching off, end the sessions of the account. Methods raise StoreUnavailable
    or AccountError. Raises BadAddress for a URL of an unknown kind. ``now`` is the wall clock, also in the sample.
    """

    def __init__(self, url: str, now: Callable[[], datetime] = _wall_clock) -> None:
        self._table = AccountTable(normal_url(url))
        self.now = now
        self.access = AccessTables(self._table.database)
        self.sessions = Sessions(self.access, now)
        self.trail = Trail(self.access, now)

    def get(self, username: str) -> Account | None:
        return self._table.get(username)

    def by_email(self, email: str) -> Account | None:
        """The one account with this address; None where there is none or more than one."""
        return self._table.by_email(email.strip().lower())

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
        email: str = "",
    ) -> Account:
        """A new, active account with a password of its owner's own. Raises AccountError for a name empty or taken."""
        fingerprint = hash_password(password)
        return self.put(Account(username, name, role, section_id, fingerprint, True, at, sample, email))

    def put(self, account: Account) -> Account:
        """Keep a new account as it is. Raises AccountError where its name is empty or taken."""
        if not account.username or account.username != account.username.strip():
            raise AccountError("Nama pengguna tidak boleh kosong atau diapit spasi.")
        if not self._table.insert(account):
            raise AccountError(f"Nama pengguna {account.username} sudah dipakai.")
        return account

    def replace(self, account: Account) -> None:
        """Let the account be like this, whether or not it is there already; sessions of another state end by it."""
        values = {f.name: getattr(account, f.name) for f in fields(account) if f.name not in ("username", "created_at")}
        if not self._table.change(account.username, **values):
            self.put(account)

    def add_with_first_password(
        self,
        username: str,
        name: str,
        role: str,
        *,
        section_id: str = "",
        sample: bool = False,
        email: str = "",
    ) -> str:
        """A new account and its first password, which has to be changed within FIRST_PASSWORD_LASTS."""
        password, now = random_password(), self.now()
        until = now + FIRST_PASSWORD_LASTS
        self.put(Account(username, name, role, section_id, hash_password(password), True, now, sample, email, until))
        return password

    def set_password(self, username: str, password: str) -> None:
        """Whether it is good enough is checked where people choose one: see services/auth/passwords.py."""
        self._change(username, "sandi diganti", password_hash=hash_password(password), first_until=None)

    def give_first_password(self, username: str) -> str:
        """A new first password for somebody who has lost the old one."""
        password, until = random_password(), self.now() + FIRST_PASSWORD_LASTS
        self._change(username, "sandi baru diberikan", password_hash=hash_password(password), first_until=until)
        return password

    def describe(self, username: str, *, name: str, email: str) -> None:
        """Change what does not decide who gets in by password, or what he may do."""
        self._change(username, "", name=name, email=email)

    def set_role(self, username: str, role: str, section_id: str) -> None:
        self._change(username, "peran diubah", role=role, section_id=section_id)

    def deactivate(self, username: str) -> None:
        """Let nobody sign in with this account any more; what it wrote stays in the log under its name."""
        self._change(username, "akun dinonaktifkan", active=False)

    def activate(self, username: str) -> None:
        self._change(username, "", active=True)

    def stand_ins_of(self, account: Account, day: date) -> tuple[StandIn, ...]:
        """As whom else this person may act on this day."""
        return held(account, self.access.stand_ins(account.username), day)

    def stand_in_for(self, role: Role, day: date) -> StandIn | None:
        """Whoever holds the role on this day for its holder."""
        return next((each for each in self.access.stand_ins() if each.role is role and each.covers(day)), None)

    def remove(self, username: str) -> bool:
        """Take an account, its sessions and what it stood in for away; False when there is none."""
        self.access.remove_sessions(username)
        self.access.remove_stand_ins(username)
        return self._table.remove(username)

    def remove_samples(self) -> int:
        """Delete the sample accounts, and what they stood in for; how many there were."""
        for account in self.all():
            if account.sample:
                self.access.remove_stand_ins(account.username)
        return self._table.remove_samples()

    def _change(self, username: str, ends_sessions: str, **values: str | bool | datetime | None) -> None:
        if not self._table.change(username, **values):
            raise AccountError(f"Pengguna {username} tidak ada.")
        if ends_sessions:
            self.sessions.end_all(username, ends_sessions)


def held(account: Account, appointments: Iterable[StandIn], day: date) -> tuple[StandIn, ...]:
    """Those of a person's appointments that hold on this day. An admin's never do: he makes them."""
    if account.role == Role.ADMIN:
        return ()
    return tuple(each for each in appointments if each.covers(day))
