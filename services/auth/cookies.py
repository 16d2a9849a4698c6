"""The sign-in cookie: streamlit-authenticator's signed token with claims of our own, written without being lost.

The browser stores a cookie only after a small component has run there, and a rerun in between would remove that
component. So a cookie to write is a job in the session, drawn in a fixed slot on every run until the browser answers.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
import streamlit as st
from streamlit_authenticator.models import CookieModel

NAME = "monev_masuk"
LIFETIME_HOURS = 12
_JOB = "mv-kuki"


@dataclass(frozen=True, slots=True)
class Claims:
    """Who signed in; ``version`` changes with the password, ``ticket`` is this one sign-in."""

    username: str
    version: str
    ticket: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class _Job:
    key: str
    token: str
    expires: datetime


class _Reader(CookieModel):  # type: ignore[misc]
    """The library's reading and checking of the token, without its component, which costs every page a second run."""

    def __init__(self, key: str) -> None:
        self.cookie_name, self.cookie_key, self.cookie_expiry_days = NAME, key, LIFETIME_HOURS / 24
        self.cookie_manager = self.token = self.exp_date = None


def read(key: str) -> Claims | None:
    """Claims of the cookie that came with the connection; None when there is none or it is not ours."""
    st.session_state.setdefault("logout", None)
    # Whatever a visitor sends must not break the page: the library raises many kinds of errors on forged tokens.
    with contextlib.suppress(Exception):
        found = _Reader(key).get_cookie()
        return _claims(found) if found else None
    return None


def remember(key: str, claims: Claims) -> None:
    """Have the browser keep the sign-in."""
    token = jwt.encode(
        {
            "username": claims.username,
            "exp_date": claims.expires.timestamp(),
            "v": claims.version,
            "jti": claims.ticket,
        },
        key,
        algorithm="HS256",
    )
    _start(token, claims.expires)


def forget() -> None:
    """Have the browser drop the sign-in."""
    _start("", datetime.now(UTC))


def draw_job(key: str) -> None:
    """Draw the pending job, if any; call it at the same place on every run."""
    job: _Job | None = st.session_state.get(_JOB)
    if job is None:
        return
    if st.session_state.get(job.key):
        del st.session_state[_JOB]
        return
    manager = CookieModel(NAME, key, LIFETIME_HOURS / 24).cookie_manager
    if job.token:
        secure = (st.context.url or "").startswith("https:")
        manager.set(NAME, job.token, key=job.key, expires_at=job.expires, secure=secure or None)
    else:
        with contextlib.suppress(KeyError):  # the library forgets its own copy, which may not exist
            manager.delete(NAME, key=job.key)


def _start(token: str, expires: datetime) -> None:
    st.session_state[_JOB] = _Job(f"{_JOB}-{secrets.token_hex(4)}", token, expires)


def _claims(found: Mapping[str, Any]) -> Claims:
    expires = datetime.fromtimestamp(float(found["exp_date"]), UTC)
    return Claims(str(found["username"]), str(found["v"]), str(found["jti"]), expires)
