"""The page Draf dan koreksi: steps 8 to 10, versions of the draft, its discussion, and the corrections."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Draf dan koreksi", (), period_choice=True)
