"""Cookies on their way to the browser: handed over in an answer of the server, which no script of a page can read.

What a page draws goes through a connection on which no cookie can be set. So the page gets a code, and the browser
comes with the code, once, to fetch the cookies. Whoever knows neither the code nor this session gets nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

PATH = "kuki"
HEADER = "X-Monev-Kuki"
"""A page of another site cannot send a header of this name here."""
LASTS = 600.0
"""Seconds in which a browser may come for its cookies."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """``value`` "" removes it. ``secure``: to be sent by HTTPS only."""

    name: str
    value: str = field(repr=False)
    expires: datetime
    secure: bool = False


class Handover:
    """One for the process. ``clock``: seconds that only ever grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._offers: dict[str, tuple[float, tuple[Cookie, ...]]] = {}
        self.served = False
        """Whether this server answers at PATH. One that was started without our part of it does not."""

    def offer(self, *cookies: Cookie) -> str:
        """The code with which these can be fetched."""
        code, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._offers = {known: offer for known, offer in self._offers.items() if offer[0] > now}
            self._offers[code] = (now + LASTS, cookies)
        return code

    def waits(self, code: str) -> bool:
        """Whether nobody has come for them yet and somebody still may."""
        with self._lock:
            return code in self._offers and self._offers[code][0] > self._clock()

    def take(self, code: str) -> tuple[Cookie, ...]:
        """The cookies of this code, to whoever comes first and in time; else none."""
        with self._lock:
            until, cookies = self._offers.pop(code, (0.0, ()))
        return cookies if until > self._clock() else ()
