"""Signing in and out in the session of a browser: brings together the gate, the cookies and Google.

Kept behind ``SignIn`` so that another way to sign in can take its place.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

import streamlit as st

from services.actions.base import ActionError
from services.auth import cookies
from services.auth.accounts import Account, Accounts, held
from services.auth.gate import Gate, GoogleProof
from services.auth.handover import Cookie
from services.auth.sessions import Ticket, Visitor
from services.auth.tokens import DEVICE_LASTS, decode_device, decode_ticket, encode_device, encode_ticket
from services.domain.roles import Actor, Role
from services.domain.stand_in import StandIn
from services.store.store import StoreError

SESSION_KEY = "mv-masuk"
ACTING_KEY = "mv-bertindak"
_GOOGLE, _ENDED = "mv-google", "mv-berakhir"
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class SignIn:
    """Process-wide. Methods that take no account speak about the session of the caller."""

    def __init__(
        self,
        accounts: Accounts,
        key: str,
        is_sample: Callable[[], bool],
        google: bool = False,
        today: Callable[[], date] | None = None,
    ) -> None:
        """``today``: the day at which the office stands, by which stand-ins begin and end."""
        self._accounts, self._key = accounts, key
        self._today = today or (lambda: accounts.now().date())
        self._gate = Gate(accounts, is_sample)
        self.google = google

    def current(self, *, used: bool = True) -> Actor | None:
        """Who is signed in here, in which capacity, checked against session, account and stand-ins as they are now.

        From the cookie if need be. None also for whoever still has to choose a password: see ``pending``. Whoever chose
        a capacity that is over stands there by his own role: see ``has_lapsed``. ``used``: False for what draws itself
        anew although nobody does anything, so that a page left open does not keep the session from ending.
        """
        account = self._holder(used=used)
        if account is None or account.first_until is not None:
            return None
        chosen = self._chosen(account)
        return chosen.actor(account.name) if chosen else actor_of(account)

    def capacities(self, actor: Actor) -> tuple[StandIn, ...]:
        """As whom else this person may act today. Each run asks: accounts are looked up of the few appointed only."""
        appointments = self._accounts.access.stand_ins(actor.username)
        account = self._accounts.get(actor.username) if appointments else None
        return held(account, appointments, self._today()) if account else ()

    def act_as(self, stand_in_id: str) -> None:
        """Choose a capacity, "" for the own role; it holds in this tab, and in those of this browser opened later."""
        ticket, account = self.ticket(), self._holder()
        if ticket is None or account is None:
            return
        st.session_state[ACTING_KEY] = stand_in_id
        self._accounts.sessions.act_as(ticket, stand_in_id)
        chosen = self._chosen(account)
        self._gate.acts(account, chosen.title if chosen else Role(account.role).label, self._visitor())

    def acting(self) -> str:
        """Id of the chosen capacity, whether or not it still holds; "" for the own role."""
        ticket = self.ticket()
        if ticket and ACTING_KEY not in st.session_state:
            st.session_state[ACTING_KEY] = self._accounts.sessions.acting(ticket)
        return str(st.session_state.get(ACTING_KEY, ""))

    def has_lapsed(self) -> bool:
        """Whether the chosen capacity ended while this person acted in it."""
        account = self._holder() if self.acting() else None
        return account is not None and self._chosen(account) is None

    def pending(self) -> Account | None:
        """Whoever is signed in with a first password, and may do nothing but choose one of his own."""
        account = self._holder()
        return account if account and account.first_until else None

    def with_password(self, username: str, password: str) -> str:
        """Sign in; returns "" or, in Indonesian, why not (never which of the two was wrong)."""
        name = username.strip().lower()
        return self._try(lambda: self._gate.enter(name, password, self._visitor(name)), device=True)

    def as_sample(self, username: str) -> str:
        """Sign in to an account of the sample; "" or why not."""
        return self._try(lambda: self._gate.enter_sample(username, self._visitor()))

    def with_google(self) -> str | None:
        """Sign in whoever comes back from Google; "" or why not. None: nobody does, or it was told already."""
        proof = self._google_proof()
        if proof is None or not self._gate.is_new(proof) or st.session_state.get(_GOOGLE) == proof.secret:
            return None
        st.session_state[_GOOGLE] = proof.secret
        return self._try(lambda: self._gate.enter_google(proof, self._visitor()))

    def change_password(self, current: str, new: str, words: Iterable[str] = ()) -> str:
        """Choose a new password; ends all other sessions. "" or why not."""
        ticket = self.ticket()
        if ticket is None:
            return "Sesi masuk sudah berakhir. Masuk lagi, lalu ganti kata sandi."
        visitor = self._visitor(ticket.username)
        return self._try(lambda: self._gate.change_password(ticket, current, new, visitor, words), device=True)

    def sign_out(self) -> None:
        """End this session for good: its ticket is worth nothing any more, in whatever browser it is shown."""
        ticket = self.ticket()
        if ticket:
            self._gate.leave(ticket, self._visitor())
        st.session_state[SESSION_KEY] = None
        st.session_state[_ENDED] = False
        cookies.forget(cookies.TICKET)
        if self.google and st.user.is_logged_in:
            st.logout()

    def end_others(self) -> int:
        """End this person's sessions in all other browsers; how many there were."""
        ticket = self.ticket()
        return self._gate.end_others(ticket, self._visitor()) if ticket and self.current() else 0

    def ticket(self) -> Ticket | None:
        """Of this session, good or not."""
        known: Ticket | None = st.session_state.get(SESSION_KEY)
        return known or decode_ticket(self._key, cookies.read(cookies.TICKET), self._accounts.now())

    def has_ended(self) -> bool:
        """Whether a session of this browser is over that nobody here has left."""
        return st.session_state.get(SESSION_KEY) is None and bool(st.session_state.get(_ENDED))

    def holds(self, ticket: Ticket | None) -> bool:
        """Whether this sign-in still opens everything; asked where there is no session, such as for a download."""
        account = self._gate.holder(ticket) if ticket else None
        return account is not None and account.first_until is None

    def issue(self, account: Account) -> Ticket:
        """A new session of this account. For tests too, which put it into a session under ``SESSION_KEY``."""
        return self._gate.issue(account, Visitor())

    def address(self) -> str:
        """Where this browser is, as far as it can be known."""
        return self._visitor().address

    def denied(self, what: str) -> None:
        """Note that somebody tried what his role does not allow."""
        ticket = self.ticket()
        self._gate.denied(ticket.username if ticket else "", what, self._visitor())

    def _chosen(self, account: Account) -> StandIn | None:
        chosen = self.acting()
        possible = self._accounts.stand_ins_of(account, self._today()) if chosen else ()
        return next((each for each in possible if each.id == chosen), None)

    def _holder(self, *, used: bool = True) -> Account | None:
        if SESSION_KEY in st.session_state and st.session_state[SESSION_KEY] is None:
            return None  # signed out here, while the cookie of the connection is still the old one
        ticket = self.ticket()
        account = self._gate.holder(ticket, used=used) if ticket else None
        if ticket:
            st.session_state[SESSION_KEY] = ticket if account else None
            st.session_state[_ENDED] = account is None
        return account

    def _try(self, enter: Callable[[], Ticket], device: bool = False) -> str:
        try:
            ticket = enter()
        except (ActionError, StoreError) as error:
            return str(error)
        st.session_state[SESSION_KEY] = ticket
        st.session_state.pop(ACTING_KEY, None)
        kept = [Cookie(cookies.TICKET, encode_ticket(self._key, ticket), ticket.until)]
        if device:
            now = self._accounts.now()
            mark = encode_device(self._key, ticket.username, now)
            kept.append(Cookie(cookies.device_name(ticket.username), mark, now + DEVICE_LASTS))
        cookies.write(*kept)
        return ""

    def _visitor(self, username: str = "") -> Visitor:
        """Where this browser is; ``device`` only where this person signed in here before."""
        mark = cookies.read(cookies.device_name(username)) if username else ""
        device = decode_device(self._key, mark, username, self._accounts.now()) if mark else ""
        return Visitor(str(st.context.ip_address or ""), browser_label(_header("User-Agent")), device)

    def _google_proof(self) -> GoogleProof | None:
        if not self.google or not st.user.is_logged_in:
            return None
        subject, at = str(st.user.get("sub", "")), float(str(st.user.get("iat") or 0))
        secret = hmac.new(self._key.encode(), f"google\n{subject}\n{at}".encode(), hashlib.sha256).hexdigest()
        email, verified = str(st.user.get("email") or ""), st.user.get("email_verified") is True
        return GoogleProof(email, verified and bool(subject), datetime.fromtimestamp(at, UTC), secret)


def actor_of(account: Account) -> Actor:
    return Actor(account.username, account.name, Role(account.role), account.section_id)


def browser_label(user_agent: str) -> str:
    """ "Chrome di Windows", for people to tell their sessions apart; "" where nothing is recognised."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}", user_agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " di ".join(part for part in (browser, system) if part)


def _header(name: str) -> str:
    return str(st.context.headers.get(name) or "")
