"""The page Analisis: step 7, drivers, obstacles, recommendations, and the register of follow-ups."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Analisis", (), period_choice=True)
