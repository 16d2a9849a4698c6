"""The page Langkah SOP: the 13 steps of a quarter with state, holder, due moment, plan against reality."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Langkah SOP", (), period_choice=True)
