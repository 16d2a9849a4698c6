"""How galat.log and standard error are written: one entry a line whatever a text says, and no secret of the office.

Text of people, of files and of libraries gets into errors. A line break in it would begin a forged entry, a control
character would command the terminal that shows it, and a library may name the address with its password.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Iterable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOGGER = "monev"
OWN = (LOGGER, "services")
"""Loggers whose lines are written this way, with all below them."""

HIDDEN = "[rahasia]"
_SHORTEST_SECRET = 6
_TRACE = "    | "
_BYTES = 1_000_000
_COPIES = 3
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def visible(text: str) -> str:
    """The text on one line: characters that break it, turn it round, hide or command a terminal are spelled out."""
    return "".join(_spelled(c) if unicodedata.category(c) in _INVISIBLE else c for c in text)


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


class Entries(logging.Formatter):
    """Every record one line; the lines of its trace are set in, so that none of them passes for an entry."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        pieces = {piece for secret in secrets for piece in secret.split("\n") if len(piece) >= _SHORTEST_SECRET}
        longest_first = sorted(pieces, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if pieces else None

    def format(self, record: logging.LogRecord) -> str:
        lines = [self._safe(f"{self.formatTime(record)} {record.levelname} {record.getMessage()}")]
        if record.exc_info and record.exc_info[1]:
            lines += self.trace(record.exc_info[1])
        return "\n".join(lines)

    def trace(self, error: BaseException) -> list[str]:
        """The lines of the trace of an error."""
        return [_TRACE + self._safe(line) for line in "".join(traceback.format_exception(error)).splitlines()]

    def _safe(self, text: str) -> str:
        return visible(self._secrets.sub(HIDDEN, text) if self._secrets else text)


class _File(RotatingFileHandler):
    """Only its owner can read it: what went wrong may say something about somebody."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return TextIOWrapper(os.fdopen(os.open(self.baseFilename, flags, 0o600), "ab"), encoding=self.encoding)


class _StandardError(logging.Handler):
    """Whatever stands there at the moment of the entry; the stream of the start may be closed by then."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stderr, flush=True)


def write_to(path: Path, secrets: Iterable[str]) -> None:
    """From now on our entries go to this file, and to standard error for hosts whose disk does not last."""
    file = _File(path, maxBytes=_BYTES, backupCount=_COPIES, encoding="utf-8", delay=True)
    handlers = (file, _StandardError())
    for handler in handlers:
        handler.setFormatter(Entries(secrets))
    for logger in map(logging.getLogger, OWN):
        for old in logger.handlers[:]:
            if isinstance(old, _File | _StandardError):
                logger.removeHandler(old)
                old.close()
        for handler in handlers:
            logger.addHandler(handler)
