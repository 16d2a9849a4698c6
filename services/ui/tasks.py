"""The page Tugas saya: things to do now, for the person who looks, the most urgent first."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Tugas saya", (), period_choice=True)
