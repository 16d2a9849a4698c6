"""What makes a transaction land at most once even when a request arrives long after its answer was given up.

A look into the log cannot tell that a request is still on its way. So each transaction also adds a named range that is
called after it; Google allows each name once and applies a request whole or not at all, so the second arrival of the
same transaction is refused. Once the first answer is there, nothing can arrive any more, and the next transaction takes
the name away. The names of transactions that needed several tries stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from services.store.sheets_errors import Refused

_PREFIX = "monev_"


def guard_name(transaction_id: str, turn: int) -> str:
    """A name that Google accepts. ``turn`` counts how often the transaction was written and taken back."""
    return _PREFIX + blake2b(f"{transaction_id}#{turn}".encode(), digest_size=12).hexdigest()


def guard_requests(name: str, gid: int, spent: Iterable[str]) -> list[dict[str, Any]]:
    """Add the name, at the first cell of this tab, and take away the ranges with these ids."""
    cell = {"sheetId": gid, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    added = {"addNamedRange": {"namedRange": {"name": name, "range": cell}}}
    return [*({"deleteNamedRange": {"namedRangeId": range_id}} for range_id in spent), added]


def guard_id(answer: Mapping[str, Any]) -> str:
    """The id of the range that was added; "" where the answer does not say."""
    added = (reply.get("addNamedRange", {}) for reply in answer.get("replies", ()))
    return next((str(each["namedRange"]["namedRangeId"]) for each in added if "namedRange" in each), "")


def is_taken(refused: Refused) -> bool:
    """Refused because the name is there already: this very transaction has landed."""
    return "already exists" in refused.text and "name" in refused.text.lower()
