"""Signing in and out. The one path for everybody: a password checked by streamlit-authenticator, then a ticket.

Kept behind ``SignIn`` so that another way to sign in can take its place.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import bcrypt
import streamlit as st
from streamlit_authenticator.controllers import AuthenticationController

from services.auth import cookies
from services.auth.accounts import Account, Accounts
from services.auth.cookies import Claims
from services.auth.throttle import Throttle
from services.domain.roles import Actor, Role

SESSION_KEY = "mv-masuk"
_MISMATCH = "Nama pengguna atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."
_QUICK_ROUNDS = 4  # enough for a random password that lives for one call
_EMPTY = "Isi nama pengguna dan kata sandi."
# For unknown names the same work is done as for known ones, so that the time does not tell them apart. It is written
# down because the first visitor would wait for a fresh one, and no account has it.
_NOBODY = "$2b$12$" + "." * 53


class SignIn:
    """Process-wide. Methods that take no account speak about the session of the caller."""

    def __init__(self, accounts: Accounts, key: str, now: Callable[[], datetime]) -> None:
        self._accounts, self._key, self._now = accounts, key, now
        self._throttle = Throttle()
        self._revoked: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def current(self) -> Actor | None:
        """Who is signed in here, checked against the account as it is now; restored from the cookie if need be."""
        claims: Claims | None = st.session_state.get(SESSION_KEY) or cookies.read(self._key)
        account = self._account_of(claims) if claims else None
        st.session_state[SESSION_KEY] = claims if account else None
        return _actor(account) if account else None

    def with_password(self, username: str, password: str) -> str:
        """Sign in; returns "" or, in Indonesian, why not (never which of the two was wrong)."""
        name = username.strip().lower()
        if not name or not password.strip():
            return _EMPTY
        wait = self._throttle.wait(name, self._now())
        if wait:
            return f"Terlalu banyak percobaan. Coba lagi dalam {_duration(wait)}."
        account = self._usable(name)
        if not self._enter(name, account, account.password_hash if account else _NOBODY, password):
            self._throttle.failed(name, self._now())
            return _MISMATCH
        self._throttle.succeeded(name)
        return ""

    def as_sample(self, username: str) -> str:
        """Sign in to a sample account with a one-time password that is made and used up here; "" or why not."""
        account = self._usable(username)
        if account is None or not account.sample:
            return "Akun contoh ini tidak ada lagi. Masuk dengan nama pengguna dan kata sandi."
        once = secrets.token_urlsafe(24)
        self._enter(username, account, _hash(once, _QUICK_ROUNDS), once)
        return ""

    def sign_out(self) -> None:
        """End this session for good: its ticket is worth nothing any more, in whatever browser it is shown."""
        claims: Claims | None = st.session_state.get(SESSION_KEY)
        if claims:
            self._revoke(claims)
        _controller("", "").logout()
        st.session_state[SESSION_KEY] = None
        cookies.forget()

    def issue(self, account: Account) -> Claims:
        """A new sign-in of this account. For tests too, which put it into a session under ``SESSION_KEY``."""
        expires = datetime.now(UTC) + timedelta(hours=cookies.LIFETIME_HOURS)
        return Claims(account.username, self._version(account), secrets.token_hex(16), expires)

    def _enter(self, name: str, account: Account | None, password_hash: str, password: str) -> bool:
        entered = _controller(name, password_hash).login(name, password)
        if not entered or account is None:
            return False
        claims = self.issue(account)
        st.session_state[SESSION_KEY] = claims
        st.session_state["logout"] = None
        cookies.remember(self._key, claims)
        return True

    def _usable(self, username: str) -> Account | None:
        account = self._accounts.get(username)
        return account if account and account.active and account.role in list(Role) else None

    def _account_of(self, claims: Claims) -> Account | None:
        if claims.expires <= datetime.now(UTC) or claims.ticket in self._revoked:
            return None
        account = self._usable(claims.username)
        return account if account and hmac.compare_digest(self._version(account), claims.version) else None

    def _version(self, account: Account) -> str:
        """Changes with the password, so that a new password ends all older sessions."""
        text = f"{account.username}\n{account.password_hash}".encode()
        return hmac.new(self._key.encode(), text, hashlib.sha256).hexdigest()[:32]

    def _revoke(self, claims: Claims) -> None:
        now = datetime.now(UTC)
        with self._lock:
            kept = {ticket: until for ticket, until in self._revoked.items() if until > now}
            self._revoked = kept | {claims.ticket: claims.expires}


def _controller(name: str, password_hash: str) -> AuthenticationController:
    credentials: dict[str, Any] = {"usernames": {name: {"name": name, "password": password_hash}} if name else {}}
    return AuthenticationController(credentials, auto_hash=False)


def _hash(password: str, rounds: int) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds)).decode()


def _actor(account: Account) -> Actor:
    return Actor(account.username, account.name, Role(account.role), account.section_id)


def _duration(wait: timedelta) -> str:
    seconds = ceil(wait.total_seconds())
    return f"{seconds} detik" if seconds < 60 else f"{ceil(seconds / 60)} menit"
