"""Accounts in the secrets of a host whose disk does not last, one line each, as the pages and commands print them.

What stands there holds at every start, over what the database says; a line is replaced by hand after each change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.auth.accounts import Account, Accounts
from services.auth.trail import Event
from services.config import PEOPLE_SECTION, ConfigError
from services.domain.clock import WIB
from services.domain.roles import Role
from services.domain.stand_in import STAND_IN_ROLES, StandIn, problem

BY_SECRETS = "rahasia"
"""Who did it, in the log of the door, where the secrets say so."""
_TEXTS = {"nama": "name", "peran": "role", "seksi": "section_id", "surel": "email", "sandi": "password_hash"}
_ACTIVE, _UNTIL, _STAND_INS = "aktif", "berlaku_sampai", "plh"
_STAND_IN_KEYS = ("id", "peran", "seksi", "mulai", "sampai", "dasar")


def line_of(account: Account, stand_ins: Sequence[StandIn] = ()) -> str:
    """The line to paste under [pengguna]; the fingerprint of the password in it is a secret too.

    ``stand_ins``: those that hold, or will.
    """
    texts = {name: _quoted(getattr(account, field)) for name, field in _TEXTS.items()}
    until = {_UNTIL: f'"{account.first_until.isoformat(timespec="seconds")}"'} if account.first_until else {}
    standing = {_STAND_INS: f"[{', '.join(map(_stand_in_text, stand_ins))}]"} if stand_ins else {}
    values = texts | {_ACTIVE: str(account.active).lower()} | until | standing
    return f'"{account.username}" = {{ {", ".join(f"{name} = {text}" for name, text in values.items())} }}'


def _stand_in_text(stand_in: StandIn) -> str:
    values = (stand_in.id, stand_in.role, stand_in.section_id, stand_in.first, stand_in.last, stand_in.basis)
    named = zip(_STAND_IN_KEYS, values, strict=True)
    return f"{{ {', '.join(f'{name} = {_quoted(str(value))}' for name, value in named)} }}"


def _quoted(text: str) -> str:
    """Text of TOML, which takes all that JSON does except one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def keep_pinned(accounts: Accounts, people: Mapping[str, object]) -> None:
    """Let the accounts be as the secrets say. Raises ConfigError for a line that cannot be read or kept."""
    read = [(_account(name, entry, accounts.now()), _stand_ins(name, entry)) for name, entry in people.items()]
    for account, _ in read:
        old = accounts.get(account.username)
        if old is None or replace(old, created_at=account.created_at) != account:
            accounts.replace(account)
            event = Event.CHANGED if old else Event.ADDED
            accounts.trail.record(event, account.username, by=BY_SECRETS, detail=account.role)
    _keep_stand_ins(accounts, {account.username: wanted for account, wanted in read if wanted is not None})


def _keep_stand_ins(accounts: Accounts, wanted: Mapping[str, Sequence[StandIn]]) -> None:
    """All that changes is taken away first, so that one person may follow another whatever the order of the lines."""
    known = {username: set(accounts.access.stand_ins(username)) for username in wanted}
    changed = [username for username in wanted if known[username] != set(wanted[username])]
    for username in changed:
        accounts.access.remove_stand_ins(username)
    for username in changed:
        for stand_in in wanted[username]:
            if other := accounts.access.add_stand_in(stand_in):
                raise _unreadable(
                    username, f"menyebut {stand_in.title} pada waktu yang sudah dipegang {other.username}"
                )
            if stand_in not in known[username]:
                said = f"{stand_in.title}, {stand_in.first} sampai {stand_in.last}: {stand_in.basis}"
                accounts.trail.record(Event.STAND_IN, username, by=BY_SECRETS, detail=said)


def _account(username: str, entry: object, now: datetime) -> Account:
    known = {*_TEXTS, _ACTIVE, _UNTIL, _STAND_INS}
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


def _stand_ins(username: str, entry: object) -> tuple[StandIn, ...] | None:
    """The appointments in a line; None where it says nothing about them."""
    found = entry.get(_STAND_INS) if isinstance(entry, dict) else None
    if found is None:
        return None
    try:
        return tuple(_stand_in(username, *(str(each[key]) for key in _STAND_IN_KEYS)) for each in found)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(username, f"menyebut {_STAND_INS} yang tidak terbaca") from error


def _stand_in(username: str, id_: str, role: str, section_id: str, first: str, last: str, basis: str) -> StandIn:
    """Raises ValueError."""
    days = date.fromisoformat(first), date.fromisoformat(last)
    if Role(role) not in STAND_IN_ROLES or not id_ or not basis.strip() or problem(*days, days[0]):
        raise ValueError
    return StandIn(id_, username, Role(role), section_id, *days, basis)


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
