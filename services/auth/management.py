"""What an admin does with accounts, on the page and by command: the same rules, every step in the log of the door.

Whatever lets somebody into an account that is there, or gives him another role, needs a reason, which stands there too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from services.actions.base import Denied
from services.auth.accounts import Account, AccountError, Accounts
from services.auth.trail import Event
from services.domain.numbers import clean, format_date
from services.domain.roles import Actor, Role, needs_section
from services.domain.stand_in import STAND_IN_ROLES, StandIn, problem
from services.store.store import new_id

OPERATOR = "perintah"
"""Who did it, in the log, where it was nobody with an account."""
LONGEST_REASON = 200

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_NAME = 100
_SAMPLE_STAYS = (
    "Akun contoh yang dimasuki tanpa kata sandi tidak dapat diubah. Tambahkan akun sendiri untuk mencobanya."
)


def may_manage(actor: Actor) -> bool:
    """The one place that says who manages accounts."""
    return actor.role is Role.ADMIN


def check_username(username: str) -> None:
    """Raise AccountError unless it can be typed without mistakes everywhere."""
    if not _USERNAME.fullmatch(username):
        raise AccountError("Nama pengguna: pakai 2 sampai 40 huruf kecil, angka, titik, - atau _.")


def check_name(name: str) -> None:
    """Raise AccountError unless it can be somebody's name."""
    if not name.strip() or len(name.strip()) > _LONGEST_NAME:
        raise AccountError(f"Isi nama lengkap, paling panjang {_LONGEST_NAME} karakter.")
    if clean(name) != name.strip():
        raise AccountError("Nama memuat baris baru, spasi ganda, atau karakter yang tidak tampak. Ketik ulang namanya.")


def checked_reason(text: str, missing: str = "Tulis alasannya; alasan itu dicatat.") -> str:
    """The reason on one line, as it is kept. Raises AccountError where there is none, or one too long for the log."""
    reason = clean(text)
    if not reason:
        raise AccountError(missing)
    if len(reason) > LONGEST_REASON:
        raise AccountError(f"Ringkas alasannya menjadi paling banyak {LONGEST_REASON} huruf.")
    return reason


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that an admin does, for people; ``reason``: when it needs one, "" for never."""

    what: str
    reason: str = ""


DUTIES: Mapping[str, Duty] = {
    "add": Duty("menambah akun", "bila jabatan itu sudah dipegang akun lain"),
    "change": Duty("mengubah nama, peran, seksi, atau surel", "kecuali hanya nama yang berubah"),
    "give_first_password": Duty("memberi sandi baru", "selalu"),
    "end_sessions": Duty("mengakhiri semua sesi"),
    "deactivate": Duty("menonaktifkan akun, bukan miliknya sendiri"),
    "activate": Duty("mengaktifkan akun", "selalu"),
    "remove": Duty("menghapus akun yang sudah nonaktif"),
    "appoint": Duty("menunjuk Plh., bukan admin", "selalu: nomor surat perintah atau alasan"),
    "end_stand_in": Duty("mengakhiri Plh. lebih awal", "selalu"),
}
"""Every method of ``Management`` that changes something."""


class Management:
    """Accounts as somebody manages them. Methods raise Denied, AccountError or StoreUnavailable; then nothing changed.

    ``actor`` None: whoever runs commands on the server, in the log as ``operator``. ``sections``: ids that an account
    may belong to.
    """

    def __init__(
        self,
        accounts: Accounts,
        sections: Collection[str],
        actor: Actor | None = None,
        address: str = "",
        operator: str = OPERATOR,
    ) -> None:
        self._accounts, self._sections, self._address = accounts, sections, address
        self._by = actor.username if actor else operator
        self._actor = actor
        own = accounts.get(actor.username) if actor else None
        self._sample = bool(own and own.sample)
        if actor and not may_manage(actor):
            accounts.trail.record(Event.DENIED, actor.username, address=address, detail="mengelola akun")
            raise Denied(f"{actor.title} tidak berwenang mengelola akun. Tidak ada yang diubah.")

    def add(self, username: str, name: str, role: Role, section_id: str = "", email: str = "", reason: str = "") -> str:
        """Make an account; its first password, to be shown once. A second holder of a post needs a reason."""
        check_username(username)
        self._check(name, role, section_id, email)
        holder = self.holder(role, section_id)
        if holder and holder.username != username:  # else the name is taken
            missing = f"{role.label} sudah dipegang akun {holder.username}. Tulis alasan menambah akun kedua."
            reason = checked_reason(reason, missing)
        password = self._accounts.add_with_first_password(
            username, name.strip(), role.value, section_id=section_id, sample=self._sample, email=_address(email)
        )
        self._record(Event.ADDED, username, _described(role.value, section_id), reason if holder else "")
        return password

    def holder(self, role: Role, section_id: str) -> Account | None:
        """The active account that holds a post of which there is one."""
        if role not in STAND_IN_ROLES:
            return None
        active = (a for a in self._accounts.all() if a.active and a.sample == self._sample and a.role == role.value)
        return next((a for a in active if not needs_section(role) or a.section_id == section_id), None)

    def give_first_password(self, username: str, reason: str) -> str:
        """A new first password, to be shown once; ends all sessions."""
        self._touchable(username)
        reason = checked_reason(reason)
        password = self._accounts.give_first_password(username)
        self._record(Event.FIRST_PASSWORD, username, "", reason)
        return password

    def change(self, username: str, name: str, role: Role, section_id: str, email: str, reason: str = "") -> None:
        """Name and address as they are to be; another role or section ends all sessions.

        Another role, section or address needs a reason: it decides who gets in, or what he may do.
        """
        old = self._touchable(username)
        self._check(name, role, section_id, email)
        if username == self._by and role is not Role.ADMIN:
            raise AccountError("Anda tidak dapat melepas peran Admin dari akun Anda sendiri. Mintalah admin lain.")
        before, after = _described(old.role, old.section_id), _described(role.value, section_id)
        opens = before != after or _address(email) != old.email
        reason = checked_reason(reason) if opens else ""
        self._accounts.describe(username, name=name.strip(), email=_address(email))
        if before != after:
            self._accounts.set_role(username, role.value, section_id)
        what = f"{before} menjadi {after}" if before != after else "nama atau surel"
        self._record(Event.CHANGED, username, what, reason)

    def deactivate(self, username: str) -> None:
        self._touchable(username)
        if username == self._by:
            raise AccountError("Anda tidak dapat menonaktifkan akun Anda sendiri. Mintalah admin lain.")
        self._accounts.deactivate(username)
        self._record(Event.DEACTIVATED, username)

    def activate(self, username: str, reason: str) -> None:
        self._touchable(username)
        reason = checked_reason(reason)
        self._accounts.activate(username)
        self._record(Event.ACTIVATED, username, "", reason)

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

    # --- stand-ins ---

    def appoint(
        self, username: str, role: Role, section_id: str, first: date, last: date, basis: str, today: date
    ) -> StandIn:
        """Let somebody hold another role from one day to another. ``basis``: number of the surat perintah, or why."""
        account = self._appointable(username)
        basis = checked_reason(basis, "Tulis dasarnya: nomor surat perintah, atau alasannya.")
        section = self._stood_in_for(role, section_id)
        if (account.role, account.section_id) == (role.value, section):
            raise AccountError(f"{username} sudah memegang peran {role.label} sendiri.")
        if why_not := problem(first, last, today):
            raise AccountError(why_not)
        made = StandIn(new_id(), username, role, section, first, last, basis)
        if other := self._accounts.access.add_stand_in(made):
            until = format_date(other.last)
            raise AccountError(f"Sampai {until} {other.title} sudah dipegang {other.username}. Akhiri dahulu.")
        days = f"{format_date(first)} sampai {format_date(last)}"
        self._record(Event.STAND_IN, username, f"{_described(made.title, section)}, {days}", basis)
        return made

    def end_stand_in(self, made: StandIn, reason: str, today: date) -> None:
        """Let it hold no more, from this moment on."""
        account = self._accounts.get(made.username)
        if self._sample and not (account and account.sample):
            raise AccountError(_SAMPLE_STAYS)
        reason = checked_reason(reason)
        if not made.lasts(today) or not self._accounts.access.end_stand_in(made.id, today):
            raise AccountError(f"{made.title} {made.username} sudah berakhir.")
        self._record(Event.STAND_IN_ENDED, made.username, _described(made.title, made.section_id), reason)

    def _appointable(self, username: str) -> Account:
        """The account, unless nobody may act through it as stand-in."""
        account = self._accounts.get(username)
        if account is None or not account.active:
            raise AccountError(f"Pengguna {username} tidak ada atau nonaktif.")
        if self._sample and not account.sample:
            raise AccountError(_SAMPLE_STAYS)
        if account.role == Role.ADMIN:
            raise AccountError("Admin tidak dapat menjadi Plh.: ia mengelola akun, dan tidak mengisi atau memutuskan.")
        return account

    def _stood_in_for(self, role: Role, section_id: str) -> str:
        """The section that comes with the role: the one chosen, or the one of its only holder."""
        if role not in STAND_IN_ROLES:
            raise AccountError(f"Peran {role.label} tidak dapat dipegang Plh.")
        if needs_section(role) and section_id:
            self._check_section(section_id)
            return section_id
        own = {a.section_id for a in self._accounts.all() if a.active and a.role == role.value}
        if len(own) == 1 and (not needs_section(role) or own != {""}):
            return own.pop()
        if needs_section(role):
            raise AccountError(f"Peran {role.label} memerlukan seksi. Pilih seksinya.")
        return ""

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
        if section_id:
            self._check_section(section_id)
        if email.strip() and not _EMAIL.fullmatch(email.strip()):
            raise AccountError("Surel ini tidak terbaca. Tulis seperti nama@contoh.go.id, atau kosongkan.")

    def _check_section(self, section_id: str) -> None:
        if section_id not in self._sections:
            known = ", ".join(self._sections) or "belum ada seksi"
            raise AccountError(f"Seksi {section_id} tidak ada. Pilih salah satu: {known}.")

    def _record(self, event: Event, username: str, detail: str = "", reason: str = "") -> None:
        said = ": ".join(part for part in (detail, reason) if part)
        self._accounts.trail.record(event, username, by=self._by, address=self._address, detail=said)


def _address(email: str) -> str:
    return email.strip().lower()


def _described(role: str, section_id: str) -> str:
    return f"{role} ({section_id})" if section_id else role
