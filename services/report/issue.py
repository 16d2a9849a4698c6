"""What an office gives a final report when it issues it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Issue:
    """Number, day and place of a final document, and who signs it; ``signatory_post`` as it stands over the name."""

    number: str
    day: date
    place: str
    signatory_post: str
    signatory_name: str
    signatory_nip: str
    signatory_rank: str = ""
