"""What a page needs to know about itself: the office, the time, the person in front of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

import streamlit as st

from services.actions.base import Context, Denied
from services.auth import cookies
from services.auth.signin import SignIn
from services.config import Settings, load
from services.domain.clock import WIB
from services.domain.roles import Actor
from services.runtime import Runtime, start
from services.store.store import Snapshot
from services.views.office import Office, office_of

_unwritten: list[Settings] = []
CAPACITY_IS_OVER = "Masa Anda sebagai pelaksana harian (Plh.) sudah berakhir. Anda kembali pada peran Anda sendiri."
_DATA_AT, _DENIED = "mv-data", "mv-ditolak"
_checked: ContextVar[tuple[Actor | None] | None] = ContextVar("checked", default=None)


@st.cache_resource(show_spinner=False)
def runtime() -> Runtime:
    """The one runtime of this process. Raises ConfigError or StoreError; a failed start is tried anew next time."""
    return start(_unwritten[-1] if _unwritten else load(os.environ))


def go_on_with(settings: Settings | None) -> None:
    """Open everything anew; ``settings``: those that could not be written, None for those that are configured."""
    _unwritten[:] = [settings] if settings else []
    runtime.clear()
    sign_in.clear()


@st.cache_resource(show_spinner=False)
def sign_in() -> SignIn:
    """The one door of this process."""
    opened = runtime()
    google = opened.settings.google_sign_in
    return SignIn(
        opened.accounts,
        opened.cookie_key,
        lambda: office_of(opened.shared.current()).profile.sample,
        google,
        today,
    )


def now() -> datetime:
    return runtime().now()


def today() -> date:
    """The day at which the office stands."""
    return now().astimezone(WIB).date()


def office() -> Office:
    """The office as it is now; the last known one while the store cannot be reached."""
    shared, snapshot = runtime().shared, _snapshot()
    st.session_state[_DATA_AT] = now() - shared.age(now())
    return office_of(snapshot)


def _snapshot() -> Snapshot:
    opened = runtime()
    if opened.replica is None:
        return opened.shared.current()
    opened.replica.touch()
    if opened.replica.ready:
        return opened.replica.current()
    with st.spinner("Mengambil data dari Google Sheets untuk pertama kali. Ini dapat memakan waktu satu menit."):
        return opened.replica.current()


def data_at() -> datetime:
    """When what this session looks at was last known to be current."""
    found: datetime = st.session_state.get(_DATA_AT) or now()
    return found


def actor(*, watching: bool = False) -> Actor | None:
    """Who is signed in here, checked anew, except within ``checked_actor``.

    ``watching``: asked by what draws itself anew from time to time, which is no use of the session.
    """
    known = _checked.get()
    return known[0] if known else sign_in().current(used=not watching)


@contextmanager
def checked_actor() -> Iterator[Actor | None]:
    """Who is signed in here, checked once for all that is drawn within, which is one run of the whole page.

    A fragment that runs alone, a callback and every action are outside and check for themselves.
    """
    found = sign_in().current()
    token = _checked.set((found,))
    try:
        yield found
    finally:
        _checked.reset(token)


def context(source: str) -> Context:
    """What an action needs, all of it as it is at this moment. Raises Denied when the sign-in has ended meanwhile."""
    current = sign_in().current()
    if current is None:
        raise Denied("Sesi masuk sudah berakhir. Muat ulang halaman ini, lalu masuk lagi. Tidak ada yang disimpan.")
    if sign_in().has_lapsed():
        raise Denied(f"{CAPACITY_IS_OVER} Tidak ada yang disimpan.")
    opened = runtime()
    opened.shared.invalidate()
    return Context(opened.store, office(), current, now(), source)


def note_denial(what: str, occasion: object) -> None:
    """Put into the log of the door that somebody tried what he may not; once, however often that is drawn."""
    if st.session_state.get(_DENIED) != occasion:
        st.session_state[_DENIED] = occasion
        sign_in().denied(what)


def draw_cookie_job() -> None:
    """The fixed slot in which the browser is handed the cookie."""
    with st.container(key="mv-kuki"):
        cookies.draw_job()
