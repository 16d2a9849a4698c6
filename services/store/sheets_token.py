"""What makes every write a compare-and-set on the whole spreadsheet, although Google's API knows no preconditions.

One named range is the token. Each transaction takes the token that it knows away and puts a new one in its place, in
the same request as its data. Google applies a request whole or not at all, and refuses to delete a range that is not
there, or to add a name that is; so a transaction whose token was replaced meanwhile is refused as a whole:

- another process (a command, a second server) that wrote between this one's read and its write is never overwritten;
- a request that arrives long after its answer was given up cannot land a second time.

People who edit by hand do not touch the token; where they moved rows, the answer of the write shows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any

from services.store.sheets_errors import Refused

FIELDS = "namedRanges(namedRangeId,name),developerMetadata(metadataKey,metadataValue)"
_NAME = "monev_kunci"
_HEAD = "monev_ujung_riwayat"


@dataclass(slots=True)
class Desk:
    """What all stores of a process on one spreadsheet share: one writer at a time, and the token that it knows.

    ``token``: None is unknown, "" is none there yet. ``log_head``: seal of the newest line of the log when the token
    was put there, kept where nobody who edits tabs comes by; None where there is none.
    """

    lock: RLock = field(default_factory=RLock)
    token: str | None = None
    log_head: str | None = None


_DESKS: defaultdict[tuple[str, str], Desk] = defaultdict(Desk)
_DESKS_LOCK = Lock()


def desk_of(api_endpoint: str, spreadsheet: str) -> Desk:
    with _DESKS_LOCK:
        return _DESKS[(api_endpoint, spreadsheet)]


def token_in(metadata: Mapping[str, Any]) -> str:
    """The token in an answer with ``FIELDS``."""
    ranges = metadata.get("namedRanges", ())
    return next((str(each["namedRangeId"]) for each in ranges if each["name"] == _NAME), "")


def log_head_in(metadata: Mapping[str, Any]) -> str | None:
    """The head of the log in an answer with ``FIELDS``."""
    found = (
        str(one.get("metadataValue", ""))
        for one in metadata.get("developerMetadata", ())
        if one["metadataKey"] == _HEAD
    )
    return next(found, None)


def keep_log_head(head: str, is_there: bool) -> dict[str, Any]:
    """Write down the head of the log; ``is_there``: one was written down before."""
    if is_there:
        wanted = [{"developerMetadataLookup": {"metadataKey": _HEAD}}]
        new = {"dataFilters": wanted, "developerMetadata": {"metadataValue": head}, "fields": "metadataValue"}
        return {"updateDeveloperMetadata": new}
    place = {"metadataKey": _HEAD, "metadataValue": head, "location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": place}}


def swap(token: str, gid: int) -> list[dict[str, Any]]:
    """Take this token away and put a new one at the first cell of the tab."""
    cell = {"sheetId": gid, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    taken = [{"deleteNamedRange": {"namedRangeId": token}}] if token else []
    return [*taken, {"addNamedRange": {"namedRange": {"name": _NAME, "range": cell}}}]


def new_token(answer: Mapping[str, Any]) -> str | None:
    """The token that the answer to ``swap`` brings; None where it does not say."""
    added = (reply.get("addNamedRange", {}) for reply in answer.get("replies", ()))
    return next((str(each["namedRange"]["namedRangeId"]) for each in added if "namedRange" in each), None)


def is_replaced(refused: Refused) -> bool:
    """Refused because the token is another one by now."""
    return "named range" in refused.text.lower() or "namedrange" in refused.text.lower()
