"""Accounts in the secrets of a host whose disk does not last, one line each, as the pages and commands print them.

What stands there holds at every start, over what the database says; a line is replaced by hand after each change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.auth.accounts import Account, Accounts
from services.auth.trail import Event
from services.config import PEOPLE_SECTION, ConfigError
from services.domain.clock import WIB
from services.domain.roles import Role

BY_SECRETS = "rahasia"
"""Who did it, in the log of the door, where the secrets say so."""
_TEXTS = {"nama": "name", "peran": "role", "seksi": "section_id", "surel": "email", "sandi": "password_hash"}
_ACTIVE, _UNTIL = "aktif", "berlaku_sampai"


def line_of(account: Account) -> str:
    """The line to paste under [pengguna]; the fingerprint of the password in it is a secret too."""
    texts = {name: _quoted(getattr(account, field)) for name, field in _TEXTS.items()}
    until = {_UNTIL: f'"{account.first_until.isoformat(timespec="seconds")}"'} if account.first_until else {}
    values = texts | {_ACTIVE: str(account.active).lower()} | until
    return f'"{account.username}" = {{ {", ".join(f"{name} = {text}" for name, text in values.items())} }}'


def _quoted(text: str) -> str:
    """Text of TOML, which takes all that JSON does except one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def keep_pinned(accounts: Accounts, people: Mapping[str, object]) -> None:
    """Let the accounts be as the secrets say. Raises ConfigError for a line that cannot be read."""
    for account in [_account(username, entry, accounts.now()) for username, entry in people.items()]:
        old = accounts.get(account.username)
        if old is not None and replace(old, created_at=account.created_at) == account:
            continue
        accounts.replace(account)
        event = Event.CHANGED if old else Event.ADDED
        accounts.trail.record(event, account.username, by=BY_SECRETS, detail=account.role)


def _account(username: str, entry: object, now: datetime) -> Account:
    known = {*_TEXTS, _ACTIVE, _UNTIL}
    if not isinstance(entry, dict) or set(entry) - known or not {"nama", "peran", "sandi"} <= set(entry):
        raise _unreadable(username, "harus memuat nama, peran, dan sandi, serta tidak memuat isian lain")
    texts = {field: entry.get(name, "") for name, field in _TEXTS.items()}
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(entry.get(_ACTIVE, True), bool):
        raise _unreadable(username, "berisi nilai yang bukan teks di antara tanda kutip")
    if texts["role"] not in list(Role):
        raise _unreadable(username, f"menyebut peran yang tidak ada; pilih {', '.join(Role)}")
    return Account(
        username=username,
        active=entry.get(_ACTIVE, True),
        created_at=now,
        first_until=_until(username, entry.get(_UNTIL)),
        **texts,
    )


def _until(username: str, text: object) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(str(text)).astimezone(WIB)
    except ValueError as error:
        raise _unreadable(username, f"menyebut {_UNTIL} yang bukan waktu") from error


def _unreadable(username: str, why: str) -> ConfigError:
    return ConfigError(
        f"Rahasia bagian [{PEOPLE_SECTION}]: baris “{username[:40]}” {why}. Tempel ulang baris yang dicetak aplikasi."
    )
