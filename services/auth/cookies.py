"""Our cookies in the browser: read from the connection, and written so that a run in between loses none of them.

What is to be written is a job in the session, drawn in a fixed slot on every run until it is done. The browser fetches
it from the server, see services/auth/handover.py. A host that starts app.py without our part of the server has the
component of streamlit-authenticator write it instead, which scripts can read and which draws the page anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from services.auth.handover import HEADER, PATH, Cookie, Handover

TICKET = "monev_masuk"
_DEVICE = "monev_kenal_"
_JOB = "mv-kuki"
_TRIES = 5
_FETCH = """<script>
(function fetchCookies(tries) {{
  fetch("{path}", {{method: "POST", headers: {{"{header}": "{code}"}}, keepalive: true}})
    .catch(() => tries > 1 && setTimeout(fetchCookies, 2000, tries - 1));
}})({tries});
</script><i></i>"""
"""The pages stand side by side, so that the path holds on each, also below a base path. Streamlit runs no script that
stands alone."""


@dataclass(frozen=True, slots=True)
class _Job:
    """For the component; ``key`` tells it from the job before."""

    key: str
    cookies: tuple[Cookie, ...]


@st.cache_resource(show_spinner=False)
def handover() -> Handover:
    """The one of this process, which outlives new code."""
    return Handover()


def device_name(username: str) -> str:
    """One cookie for each person who uses this browser, without his name in it."""
    return _DEVICE + hashlib.sha256(username.encode()).hexdigest()[:12]


def read(name: str) -> str:
    """What the browser sent with the connection; "" for nothing."""
    return str(st.context.cookies.get(name) or "")


def write(*cookies: Cookie) -> None:
    """Have the browser keep these, in place of whatever was still to be written."""
    secure = (st.context.url or "").startswith("https:")
    safe = tuple(replace(cookie, secure=secure) for cookie in cookies)
    before = st.session_state.get(_JOB)
    if isinstance(before, str):
        handover().take(before)  # the browser, if it is late, must not get what was overtaken
    served = handover().served
    st.session_state[_JOB] = handover().offer(*safe) if served else _Job(f"{_JOB}-{secrets.token_hex(4)}", safe)


def forget(name: str) -> None:
    """Have the browser drop it."""
    write(Cookie(name, "", datetime.now(UTC)))


def draw_job() -> None:
    """Draw the pending job, if any; call it at the same place on every run."""
    job: str | _Job | None = st.session_state.get(_JOB)
    if job is None:
        return
    done = not handover().waits(job) if isinstance(job, str) else all(map(st.session_state.get, _slots(job)))
    if done:
        del st.session_state[_JOB]
    elif isinstance(job, str):
        script = _FETCH.format(path=PATH, header=HEADER, code=job, tries=_TRIES)
        st.html(script, unsafe_allow_javascript=True)
    else:
        _draw_component(job)


def _slots(job: _Job) -> list[str]:
    return [f"{job.key}-{n}" for n in range(len(job.cookies))]


def _draw_component(job: _Job) -> None:
    from streamlit_authenticator.models import CookieModel  # takes a while to load, and is hardly ever needed

    manager = CookieModel().cookie_manager
    for slot, cookie in zip(_slots(job), job.cookies, strict=True):
        if cookie.value:
            secure = cookie.secure or None
            manager.set(cookie.name, cookie.value, key=slot, expires_at=cookie.expires, secure=secure)
        else:
            with contextlib.suppress(KeyError):  # the library forgets its own copy, which may not exist
                manager.delete(cookie.name, key=slot)
