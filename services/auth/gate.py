"""Who gets in, and for how long: every rule of signing in, without knowing of browsers or pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from services.actions.base import Refused
from services.auth import passwords
from services.auth.accounts import Account, Accounts
from services.auth.passwords import WeakPassword, check_choice
from services.auth.sessions import Ticket, Visitor
from services.auth.throttle import Throttle
from services.auth.trail import Event
from services.domain.roles import Role

MISMATCH = "Nama pengguna atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."
EMPTY = "Isi nama pengguna dan kata sandi."
FIRST_IS_OVER = "Sandi pertama ini sudah lewat masa berlakunya. Mintalah yang baru kepada admin."
GOOGLE_IS_OVER = "Masuk dengan Google sudah lewat waktunya. Tekan Masuk dengan Google sekali lagi."
NOT_MAPPED = "Alamat Google ini belum dihubungkan dengan akun. Mintalah admin mengisi surel Anda pada akun Anda."
_NO_SAMPLE = "Akun contoh ini tidak ada lagi. Masuk dengan nama pengguna dan kata sandi."
_GOOGLE_FRESH, _SKEW = timedelta(minutes=5), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class GoogleProof:
    """What Google says of somebody: address, whether Google checked it, when he signed in there.

    ``secret`` is made of this one sign-in there and nobody can guess it, so that it is good for one time.
    """

    email: str
    verified: bool
    at: datetime
    secret: str = field(repr=False)


class Gate:
    """One for each process; the rules hold for all of them. Methods raise Refused or StoreUnavailable.

    ``is_sample``: whether the office is the sample now, for then, and only then, its accounts open.
    """

    def __init__(self, accounts: Accounts, is_sample: Callable[[], bool]) -> None:
        self._accounts, self._is_sample = accounts, is_sample
        self._throttle = Throttle(accounts.access)

    def enter(self, username: str, password: str, visitor: Visitor) -> Ticket:
        """Let in with a password. The refusal never tells whether the name exists, nor does the time it takes."""
        name = username.strip().lower()
        if not name or not password.strip():
            raise Refused(EMPTY)
        self._check_password(name, password, visitor)
        account = self._usable(name)
        if account is None:
            raise Refused(MISMATCH)
        return self._let_in(account, visitor, "kata sandi")

    def enter_sample(self, username: str, visitor: Visitor) -> Ticket:
        """Let in to an account of the sample, without a password."""
        account = self._usable(username)
        if account is None or not account.sample:
            raise Refused(_NO_SAMPLE)
        return self._let_in(account, visitor, "contoh")

    def enter_google(self, proof: GoogleProof, visitor: Visitor) -> Ticket:
        """Let in whoever Google vouches for, if an admin gave his account this address. Makes no accounts."""
        if not self.is_new(proof):
            raise Refused(GOOGLE_IS_OVER)
        found = self._accounts.by_email(proof.email) if proof.verified else None
        account = self._usable(found.username) if found and not found.sample else None
        if account is None:
            self._record(Event.FAILED, found.username if found else "", visitor, "Google: tanpa akun yang berlaku")
            raise Refused(NOT_MAPPED)
        return self._let_in(account, visitor, "Google", proof.secret)

    def is_new(self, proof: GoogleProof) -> bool:
        """Whether it is about a sign-in of this moment, which has not been used yet."""
        fresh = timedelta() <= self._accounts.now() - proof.at + _SKEW < _GOOGLE_FRESH
        return fresh and not self._accounts.sessions.known(proof.secret)

    def holder(self, ticket: Ticket, *, used: bool = True) -> Account | None:
        """Whose ticket it is, as the account is now; None where it opens nothing any more.

        ``used``: whether a person does something, which puts the end for want of use off.
        """
        account = self._usable(ticket.username)
        if account is None or (account.first_until and account.first_until <= self._accounts.now()):
            return None
        return account if self._accounts.sessions.open(ticket, account, used=used) else None

    def leave(self, ticket: Ticket, visitor: Visitor) -> None:
        """End this session for good, in whatever browser a copy of its ticket may be."""
        self._accounts.sessions.end(ticket, "keluar")
        self._record(Event.LEFT, ticket.username, visitor)

    def end_others(self, ticket: Ticket, visitor: Visitor) -> int:
        """End all other sessions of this person; how many there were."""
        count = self._accounts.sessions.end_all(ticket.username, "diakhiri pemiliknya", spared=ticket)
        self._record(Event.SESSION_ENDED, ticket.username, visitor, f"{count} sesi lain")
        return count

    def issue(self, account: Account, visitor: Visitor) -> Ticket:
        """A new session of this account, no questions asked."""
        return self._accounts.sessions.start(account, visitor)

    def change_password(
        self, ticket: Ticket, current: str, new: str, visitor: Visitor, words: Iterable[str] = ()
    ) -> Ticket:
        """Let somebody who is signed in choose a password. All his sessions end; the ticket of a new one is returned.

        Whoever has just come in with a first password need not type it again.
        """
        account = self.holder(ticket)
        if account is None:
            raise Refused("Sesi masuk sudah berakhir. Masuk lagi, lalu ganti kata sandi.")
        if not account.password_hash:
            raise Refused("Akun contoh tidak memakai kata sandi, jadi tidak ada yang diganti.")
        if account.first_until is None:
            self._check_password(account.username, current, visitor, "Kata sandi sekarang tidak cocok.")
        self._check_new(account, new, words)
        self._accounts.set_password(account.username, new)
        self._record(Event.OWN_PASSWORD, account.username, visitor)
        return self.issue(self._accounts.get(account.username) or account, visitor)

    def acts(self, account: Account, capacity: str, visitor: Visitor) -> None:
        """Note in which capacity somebody goes on."""
        self._record(Event.ACTING, account.username, visitor, capacity)

    def denied(self, username: str, what: str, visitor: Visitor) -> None:
        """Note that somebody tried what his role does not allow."""
        self._record(Event.DENIED, username, visitor, what)

    def _check_password(self, name: str, password: str, visitor: Visitor, mismatch: str = MISMATCH) -> None:
        """One check of a fingerprint, of the same cost, whether or not there is such an account.

        The log gets no name that nobody has: it may be a password typed into the wrong field.
        """
        account = self._accounts.get(name)
        wait = self._throttle.charge(name, visitor, self._accounts.now())
        if wait:
            self._record(Event.HELD, account.username if account else "", visitor)
            raise Refused(f"Terlalu banyak percobaan. Coba lagi dalam {_duration(wait)}.")
        right = passwords.matches(password[: passwords.LONGEST + 1], account.password_hash if account else "")
        problem = _problem(account, right, self._usable(name) is not None)
        if account is None or problem:
            self._record(Event.FAILED, account.username if account else "", visitor, problem)
            raise Refused(mismatch)
        self._throttle.forgive(name, visitor, self._accounts.now())
        if account.first_until and account.first_until <= self._accounts.now():
            self._record(Event.FAILED, name, visitor, "sandi pertama lewat waktu")
            raise Refused(FIRST_IS_OVER)

    def _check_new(self, account: Account, new: str, words: Iterable[str]) -> None:
        try:
            check_choice(new, (account.username, account.name, *words))
        except WeakPassword as error:
            raise Refused(str(error)) from error
        if passwords.matches(new, account.password_hash):
            raise Refused("Kata sandi baru sama dengan yang lama. Pilih yang lain.")

    def _let_in(self, account: Account, visitor: Visitor, way: str, secret: str = "") -> Ticket:
        ticket = self._accounts.sessions.start(account, visitor, secret)
        self._record(Event.ENTERED, account.username, visitor, way)
        return ticket

    def _usable(self, username: str) -> Account | None:
        account = self._accounts.get(username)
        if account is None or not account.active or account.role not in list(Role):
            return None
        return None if account.sample and not self._is_sample() else account

    def _record(self, event: Event, username: str, visitor: Visitor, detail: str = "") -> None:
        self._accounts.trail.record(event, username, address=visitor.address, detail=detail)


def _problem(account: Account | None, right: bool, usable: bool) -> str:
    """Why the attempt fails, for the log alone; "" where it does not."""
    if account is None:
        return "nama tidak dikenal"
    if not right:
        return "kata sandi salah"
    return "" if usable else "akun tidak berlaku"


def _duration(wait: timedelta) -> str:
    seconds = ceil(wait.total_seconds())
    return f"{seconds} detik" if seconds < 60 else f"{ceil(seconds / 60)} menit"
