"""The page Buka triwulan: step 1, a preview of the quarter to open, its dates, and the blangko for each section."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Buka triwulan", (), period_choice=True)
