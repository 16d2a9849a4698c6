"""The page Monev lapangan: steps 4 to 6, plan, result and completeness of the monev at the sections."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Monev lapangan", (), period_choice=True)
