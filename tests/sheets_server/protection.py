"""Who may edit which cells."""

from __future__ import annotations

from tests.sheets_server.a1 import Box
from tests.sheets_server.model import Json, Sheet, Spreadsheet
from tests.sheets_server.reading import box_of


def may_edit(book: Spreadsheet, sheet: Sheet, box: Box, user: str) -> bool:
    """False where a protected range that does not name the user as editor meets the box."""
    return not any(
        closed_to(one, book, user) and meets(one, book, sheet, box) for one in sheet.extras["protectedRanges"]
    )


def closed_to(protected: Json, book: Spreadsheet, user: str) -> bool:
    if protected.get("warningOnly") or user == book.owner:
        return False
    editors = protected.get("editors", {})
    return not editors.get("domainUsersCanEdit") and user not in editors.get("users", [])


def meets(protected: Json, book: Spreadsheet, sheet: Sheet, box: Box) -> bool:
    named = next((one for one in book.named_ranges if one["namedRangeId"] == protected.get("namedRangeId")), None)
    area = box_of(named["range"] if named else protected.get("range", {}), sheet)
    if not area.meets(box):
        return False
    return not any(box_of(free, sheet).covers(box) for free in protected.get("unprotectedRanges", []))
