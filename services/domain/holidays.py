"""Which kinds of days off there are. A day that was announced and withdrawn stays in the list, and is worked again."""

from __future__ import annotations

REVOKED = "dicabut"
HOLIDAY_KINDS = ("libur nasional", "cuti bersama", REVOKED)


def is_off(kind: str) -> bool:
    """Whether a day of this kind is not worked; any other word than ``REVOKED`` says so."""
    return kind.strip().casefold() != REVOKED
