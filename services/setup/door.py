"""Who may set the office up: whoever has a key, as long as there is no office. Guessing is slowed down and logged."""

from __future__ import annotations

from collections.abc import Callable

from services.actions.base import Denied
from services.auth.accounts import Accounts
from services.auth.sessions import Visitor
from services.auth.throttle import Throttle
from services.auth.trail import Event
from services.setup.keys import SetupKeys

CLOSED = "Alamat penyiapan ini tidak berlaku lagi. Cetak yang baru di peladen dengan: python -m services pasang"
_NAME = "penyiapan\n"
"""Under which attempts are counted; no account can have this name."""


class SetupDoor:
    """``is_open``: whether there is no real office, asked each time. Methods raise StoreUnavailable."""

    def __init__(self, keys: SetupKeys, accounts: Accounts, is_open: Callable[[], bool]) -> None:
        self.keys, self._accounts, self._is_open = keys, accounts, is_open
        self._throttle = Throttle(accounts.access)

    def lets_in(self, key: str, visitor: Visitor) -> bool:
        """Whether this key opens the set-up now. Says nothing about why not; the log of the door does."""
        now = self._accounts.now()
        if self._throttle.charge(_NAME, visitor, now):
            self._record(Event.HELD, visitor, "penyiapan kantor")
            return False
        right = self.keys.knows(key)
        if not right or not self._is_open():
            self._record(Event.FAILED, visitor, "penyiapan kantor: " + ("kantor sudah ada" if right else "kunci salah"))
            return False
        self._throttle.forgive(_NAME, visitor, now)
        return True

    def still_lets_in(self, key: str) -> bool:
        """The same for a key that this visitor was let in with before."""
        return self.keys.knows(key) and self._is_open()

    def require(self, key: str, visitor: Visitor) -> None:
        """Raise Denied unless this key opens the set-up now."""
        if not self.lets_in(key, visitor):
            raise Denied(CLOSED)

    def close(self) -> None:
        """No key opens anything any more."""
        self.keys.forget()

    def _record(self, event: Event, visitor: Visitor, detail: str) -> None:
        self._accounts.trail.record(event, "", address=visitor.address, detail=detail)
