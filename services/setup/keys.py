"""The keys to the set-up: random, printed on the terminal once, known here by their fingerprints alone.

They stand in a file of the data folder, so that a command can make another one while the application runs.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services.domain.clock import WIB
from services.setup.private import write_private
from services.store.store import StoreUnavailable

FILE = "kunci-pasang"
LASTS = timedelta(hours=24)
_LATELY = timedelta(minutes=10)
_MOST = 5
"""Several may be good at once: what ``make run`` printed, and what the application printed at the first visit."""
_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Known:
    fingerprint: str
    until: datetime


class SetupKeys:
    """The keys of one installation. Methods raise StoreUnavailable where the folder cannot be used."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._path, self._now = folder / FILE, now

    def make(self, *, alone: bool = False) -> str:
        """A new key; ``alone``: all earlier ones end."""
        key = secrets.token_urlsafe(_BYTES)
        earlier = () if alone else self._known()[-(_MOST - 1) :]
        self._write((*earlier, _Known(fingerprint(key), self._now() + LASTS)))
        return key

    def knows(self, key: str) -> bool:
        """Whether it is one of them; the time it takes tells nothing about how near it comes."""
        wanted = fingerprint(key)
        return any(hmac.compare_digest(each.fingerprint, wanted) for each in self._known())

    def made_lately(self) -> bool:
        """Whether one was made a moment ago, so that it stands on the terminal already."""
        return any(each.until - LASTS > self._now() - _LATELY for each in self._known())

    def forget(self) -> None:
        """End all keys."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable() from error

    def _known(self) -> tuple[_Known, ...]:
        """Those that are still good, oldest first."""
        try:
            lines = self._path.read_text("ascii").splitlines()
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise self._unusable() from error
        found = (_read(line) for line in lines)
        return tuple(each for each in found if each and self._now() < each.until <= self._now() + LASTS)

    def _write(self, known: Iterable[_Known]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_private(self._path, "".join(f"{each.fingerprint} {each.until.isoformat()}\n" for each in known))
        except OSError as error:
            raise self._unusable() from error

    def _unusable(self) -> StoreUnavailable:
        return StoreUnavailable(f"Berkas {self._path} tidak dapat dibaca atau ditulis. Periksa hak akses foldernya.")


def fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _read(line: str) -> _Known | None:
    """None for a line that somebody broke."""
    mark, _, until = line.partition(" ")
    try:
        return _Known(mark, datetime.fromisoformat(until).astimezone(WIB))
    except ValueError:
        return None
