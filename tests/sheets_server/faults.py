"""What may go wrong on the way: which requests, how often, and in which way."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from tests.sheets_server import errors
from tests.sheets_server.errors import ApiError


class Effect(StrEnum):
    """`..._AFTER` and `HALF_ANSWER` apply the request first: the client cannot know it. `BAD_KEY` is for "token"."""

    DELAY = "delay"
    SLOW_ANSWER = "slow-answer"
    TOO_MANY = "429"
    HTML_500 = "500-html"
    INTERNAL = "500"
    UNAVAILABLE = "503"
    UNAVAILABLE_AFTER = "503-after"
    RESET = "reset"
    RESET_AFTER = "reset-after"
    HALF_ANSWER = "half"
    EXPIRED = "401"
    FORBIDDEN = "403"
    DISABLED = "403-disabled"
    STORAGE_FULL = "403-storage"
    XLSX = "400-xlsx"
    BAD_KEY = "400-grant"


AFTER = {Effect.SLOW_ANSWER, Effect.UNAVAILABLE_AFTER, Effect.RESET_AFTER, Effect.HALF_ANSWER}

UNAVAILABLE = "The service is currently unavailable."
BEFORE: dict[Effect, Callable[[bool], ApiError]] = {
    Effect.TOO_MANY: errors.rate_limited,
    Effect.INTERNAL: lambda write: ApiError(500, "Internal error encountered."),
    Effect.UNAVAILABLE: lambda write: ApiError(503, UNAVAILABLE),
    Effect.UNAVAILABLE_AFTER: lambda write: ApiError(503, UNAVAILABLE),
    Effect.EXPIRED: lambda write: errors.unauthenticated(),
    Effect.FORBIDDEN: lambda write: errors.forbidden(),
    Effect.DISABLED: lambda write: errors.service_disabled(),
    Effect.STORAGE_FULL: lambda write: errors.storage_full(),
    Effect.XLSX: lambda write: errors.not_a_sheet(),
    Effect.BAD_KEY: lambda write: errors.GrantError(400, "Invalid JWT Signature."),
}
"""Effect -> the error answer, for those effects that are an answer in JSON."""

HTML_500 = (
    "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error 500 (Server Error)!!1</title>\n"
    "  <p><b>500.</b> <ins>That’s an error.</ins>\n  <p>There was an error. Please try again later.\n"
)


@dataclass(slots=True)
class Fault:
    """A rule: requests of these kinds suffer one of the effects.

    Attributes:
        kinds: "batchUpdate", "values.get", "read", "write", "*" or another pattern of shell style.
        times: how often at most; None for ever.
        skip: how many requests pass before the rule begins.
        seconds: how long a delay lasts.
    """

    kinds: str
    effects: list[Effect]
    times: int | None = 1
    probability: float = 1.0
    skip: int = 0
    seconds: float = 1.0
    seed: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.effects = [Effect(one) for one in self.effects]
        self.dice = random.Random(self.seed)

    def strikes(self, kind: str, write: bool | None) -> Effect | None:
        group = {True: "write", False: "read", None: ""}[write]
        if self.times == 0 or not (self.kinds == group or fnmatchcase(kind, self.kinds)):
            return None
        if self.skip:
            self.skip -= 1
            return None
        if self.dice.random() >= self.probability:
            return None
        if self.times is not None:
            self.times -= 1
        return self.dice.choice(self.effects)


class Clock:
    """The server's time for quotas: the machine's until it is set by hand."""

    def __init__(self, machine: Callable[[], float]) -> None:
        self.machine = machine
        self.fixed: float | None = None

    def now(self) -> float:
        return self.machine() if self.fixed is None else self.fixed

    def advance(self, seconds: float) -> None:
        """From the first call on, time stands still between the calls."""
        self.fixed = self.now() + seconds


class Quota:
    """Requests a minute and user, reads and writes apart; off while `limit` is None."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.limit: int | None = None
        self.used: dict[tuple[str, bool], int] = {}
        self.minute = 0

    def admit(self, user: str, write: bool) -> None:
        """Raises 429 where the user has used up this minute's requests."""
        if self.limit is None:
            return
        minute = int(self.clock.now() // 60)
        if minute != self.minute:
            self.minute, self.used = minute, {}
        used = self.used.get((user, write), 0)
        if used >= self.limit:
            raise errors.rate_limited(write)
        self.used[user, write] = used + 1
