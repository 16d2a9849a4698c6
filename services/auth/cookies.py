"""Our cookies in the browser: read from the connection, written by a small component without being lost.

The browser stores a cookie only after that component has run there, and a rerun in between would remove it. So what is
to be written is a job in the session, drawn in a fixed slot on every run until the browser answers.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

import streamlit as st
from streamlit_authenticator.models import CookieModel

TICKET = "monev_masuk"
_DEVICE = "monev_kenal_"
_JOB = "mv-kuki"


@dataclass(frozen=True, slots=True)
class Cookie:
    """``value`` "" removes it."""

    name: str
    value: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True, slots=True)
class _Job:
    key: str
    cookies: tuple[Cookie, ...]


def device_name(username: str) -> str:
    """One cookie for each person who uses this browser, without his name in it."""
    return _DEVICE + hashlib.sha256(username.encode()).hexdigest()[:12]


def read(name: str) -> str:
    """What the browser sent with the connection; "" for nothing."""
    return str(st.context.cookies.get(name) or "")


def write(*cookies: Cookie) -> None:
    """Have the browser keep these, in place of whatever was still to be written."""
    st.session_state[_JOB] = _Job(f"{_JOB}-{secrets.token_hex(4)}", cookies)


def forget(name: str) -> None:
    """Have the browser drop it."""
    write(Cookie(name, "", datetime.now(UTC)))


def draw_job() -> None:
    """Draw the pending job, if any; call it at the same place on every run."""
    job: _Job | None = st.session_state.get(_JOB)
    if job is None:
        return
    slots = [f"{job.key}-{n}" for n in range(len(job.cookies))]
    if all(st.session_state.get(slot) for slot in slots):
        del st.session_state[_JOB]
        return
    manager = CookieModel().cookie_manager
    secure = (st.context.url or "").startswith("https:") or None
    for slot, cookie in zip(slots, job.cookies, strict=True):
        if cookie.value:
            manager.set(cookie.name, cookie.value, key=slot, expires_at=cookie.expires, secure=secure)
        else:
            with contextlib.suppress(KeyError):  # the library forgets its own copy, which may not exist
                manager.delete(cookie.name, key=slot)
