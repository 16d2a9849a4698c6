"""How to reach a spreadsheet: its address, the service account's key, the endpoint, and how patient to be."""

from __future__ import annotations

import random
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

GOOGLE = "https://sheets.googleapis.com"
_ADDRESS = re.compile(r"https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]{10,})(?:[/?#].*)?")
_MINUTE = 60.0


def spreadsheet_id(url: str) -> str | None:
    """The id in the address of a Google spreadsheet; None for any other address."""
    found = _ADDRESS.fullmatch(url.strip())
    return found[1] if found else None


def address_of(spreadsheet: str) -> str:
    return f"https://docs.google.com/spreadsheets/d/{spreadsheet}/edit"


@dataclass(frozen=True, slots=True)
class GoogleAccess:
    """The service account's key as Google's JSON file has it, and where the API is."""

    account: Mapping[str, object] = field(repr=False)
    api_endpoint: str = GOOGLE


class Budget:
    """At most ``calls`` in any minute, for all who share it: whoever comes later waits."""

    def __init__(self, calls: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls, self._clock = calls, clock
        self._lock = Lock()
        self._taken: deque[float] = deque()

    def wait(self) -> float:
        """Take one call now and return 0, or return the seconds after which to ask again."""
        with self._lock:
            now = self._clock()
            while self._taken and now - self._taken[0] >= _MINUTE:
                self._taken.popleft()
            if len(self._taken) < self._calls:
                self._taken.append(now)
                return 0.0
            return self._taken[0] + _MINUTE - now


# Google allows one account 60 reads and 60 writes a minute; the rest is for what people start by hand.
_CALLS = 50
_READS, _WRITES = Budget(_CALLS), Budget(_CALLS)


@dataclass(frozen=True, slots=True)
class Patience:
    """Time-outs in seconds (connect, read), tries of one call, the longest wait between two, and the budgets.

    ``sleep`` and ``jitter`` (0 to 1) are passed in by tests. The budgets are those of the whole process.
    """

    timeout: tuple[float, float] = (5.0, 60.0)
    tries: int = 6
    longest_wait: float = 32.0
    reads: Budget = _READS
    writes: Budget = _WRITES
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def before_try(self, number: int) -> float:
        """Seconds to wait before the try with this number (the first is 0): 0, then 1, 2, 4 … and up to 1 more."""
        return min(2.0 ** (number - 1) + self.jitter(), self.longest_wait) if number else 0.0

    def take(self, budget: Budget) -> None:
        """Wait until the budget allows a call."""
        while wait := budget.wait():
            self.sleep(wait)
