"""What an admin does with accounts, on the page and by command: the same rules, every step in the log of the door."""

from __future__ import annotations

import re
from collections.abc import Collection

from services.actions.base import Denied
from services.auth.accounts import Account, AccountError, Accounts
from services.auth.trail import Event
from services.domain.roles import RIGHTS, Action, Actor, Role, Scope

OPERATOR = "perintah"
"""Who did it, in the log, where somebody at the server did it by command."""

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_NAME = 100
_SAMPLE_STAYS = (
    "Akun contoh yang dimasuki tanpa kata sandi tidak dapat diubah. Tambahkan akun sendiri untuk mencobanya."
)


def may_manage(actor: Actor) -> bool:
    """The one place that says who manages accounts."""
    return actor.role is Role.ADMIN


def needs_section(role: Role) -> bool:
    """Whether the role fills in one section only, its own."""
    return RIGHTS[Action.SAVE_ENTRY][1].get(role) is Scope.OWN


def check_username(username: str) -> None:
    """Raise AccountError unless it can be typed without mistakes everywhere."""
    if not _USERNAME.fullmatch(username):
        raise AccountError("Nama pengguna: pakai 2 sampai 40 huruf kecil, angka, titik, - atau _.")


def check_name(name: str) -> None:
    """Raise AccountError unless it can be somebody's name."""
    if not name.strip() or len(name.strip()) > _LONGEST_NAME:
        raise AccountError(f"Isi nama lengkap, paling panjang {_LONGEST_NAME} karakter.")


class Management:
    """Accounts as somebody manages them. Methods raise Denied, AccountError or StoreUnavailable; then nothing changed.

    ``actor`` None: whoever runs commands on the server. ``sections``: ids that an account may belong to.
    """

    def __init__(
        self, accounts: Accounts, sections: Collection[str], actor: Actor | None = None, address: str = ""
    ) -> None:
        self._accounts, self._sections, self._address = accounts, sections, address
        self._by = actor.username if actor else OPERATOR
        self._actor = actor
        own = accounts.get(actor.username) if actor else None
        self._sample = bool(own and own.sample)
        if actor and not may_manage(actor):
            accounts.trail.record(Event.DENIED, actor.username, address=address, detail="mengelola akun")
            raise Denied(f"{actor.role.label} tidak berwenang mengelola akun. Tidak ada yang diubah.")

    def add(self, username: str, name: str, role: Role, section_id: str = "", email: str = "") -> str:
        """Make an account; its first password, to be shown once."""
        check_username(username)
        self._check(name, role, section_id, email)
        password = self._accounts.add_with_first_password(
            username, name.strip(), role.value, section_id=section_id, sample=self._sample, email=_address(email)
        )
        self._record(Event.ADDED, username, _described(role.value, section_id))
        return password

    def give_first_password(self, username: str) -> str:
        """A new first password, to be shown once; ends all sessions."""
        self._touchable(username)
        password = self._accounts.give_first_password(username)
        self._record(Event.FIRST_PASSWORD, username)
        return password

    def change(self, username: str, name: str, role: Role, section_id: str, email: str) -> None:
        """Name and address as they are to be; another role or section ends all sessions."""
        old = self._touchable(username)
        self._check(name, role, section_id, email)
        if username == self._by and role is not Role.ADMIN:
            raise AccountError("Anda tidak dapat melepas peran Admin dari akun Anda sendiri. Mintalah admin lain.")
        self._accounts.describe(username, name=name.strip(), email=_address(email))
        if (old.role, old.section_id) != (role.value, section_id):
            self._accounts.set_role(username, role.value, section_id)
        before, after = _described(old.role, old.section_id), _described(role.value, section_id)
        self._record(Event.CHANGED, username, f"{before} menjadi {after}" if before != after else "nama atau surel")

    def deactivate(self, username: str) -> None:
        self._touchable(username)
        if username == self._by:
            raise AccountError("Anda tidak dapat menonaktifkan akun Anda sendiri. Mintalah admin lain.")
        self._accounts.deactivate(username)
        self._record(Event.DEACTIVATED, username)

    def activate(self, username: str) -> None:
        self._touchable(username)
        self._accounts.activate(username)
        self._record(Event.ACTIVATED, username)

    def remove(self, username: str) -> None:
        """Only what was deactivated before: nobody loses the account that he works with."""
        self._touchable(username)
        account = self._accounts.get(username)
        if account is not None and account.active:
            raise AccountError(f"Akun {username} masih aktif. Nonaktifkan dahulu, lalu hapus.")
        self._accounts.remove(username)
        self._record(Event.REMOVED, username)

    def end_sessions(self, username: str) -> int:
        """How many there were."""
        self._touchable(username)
        count = self._accounts.sessions.end_all(username, "diakhiri admin")
        self._record(Event.SESSION_ENDED, username, f"{count} sesi")
        return count

    def _touchable(self, username: str) -> Account:
        """The account, unless a visitor of the sample would change what the office or the next visitor needs."""
        account = self._accounts.get(username)
        if account is None:
            raise AccountError(f"Pengguna {username} tidak ada.")
        if self._sample and (not account.sample or not account.password_hash):
            raise AccountError(_SAMPLE_STAYS)
        return account

    def _check(self, name: str, role: Role, section_id: str, email: str) -> None:
        check_name(name)
        if needs_section(role) and not section_id:
            raise AccountError(f"Peran {role.label} memerlukan seksi. Pilih seksinya.")
        if section_id and section_id not in self._sections:
            known = ", ".join(self._sections) or "belum ada seksi"
            raise AccountError(f"Seksi {section_id} tidak ada. Pilih salah satu: {known}.")
        if email.strip() and not _EMAIL.fullmatch(email.strip()):
            raise AccountError("Surel ini tidak terbaca. Tulis seperti nama@contoh.go.id, atau kosongkan.")

    def _record(self, event: Event, username: str, detail: str = "") -> None:
        self._accounts.trail.record(event, username, by=self._by, address=self._address, detail=detail)


def _address(email: str) -> str:
    return email.strip().lower()


def _described(role: str, section_id: str) -> str:
    return f"{role} ({section_id})" if section_id else role
