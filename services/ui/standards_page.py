"""The page Mutu baku: real against standard time of the steps over the quarters."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Mutu baku", (), period_choice=True)
