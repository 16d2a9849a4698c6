"""What a store holds, as far as setting up an office goes."""

from __future__ import annotations

from enum import Enum

from services.sample.office import is_sample
from services.store import schema
from services.store.store import Snapshot


class Found(Enum):
    """OFFICE is also whatever cannot be told: nothing of it is ever replaced."""

    EMPTY = "empty"
    SAMPLE = "sample"
    OFFICE = "office"


def found_in(snapshot: Snapshot) -> Found:
    if is_sample(snapshot):
        return Found.SAMPLE
    filled = any(snapshot.tables.values()) or any(problem.cell for problem in snapshot.problems)
    return Found.OFFICE if filled else Found.EMPTY


def waits_for_office(snapshot: Snapshot) -> bool:
    """Whether no real office is there yet, so that it may be set up."""
    return found_in(snapshot) is not Found.OFFICE


def district_in(snapshot: Snapshot) -> str:
    """Name of the kecamatan that is there; "" where none stands there."""
    return next((str(row["value"]) for row in snapshot.rows(schema.PROFILE) if row["id"] == "nama_kecamatan"), "")
