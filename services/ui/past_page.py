"""The page Mesin waktu: the dashboard as it was on a past day, from the log."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Mesin waktu", (), period_choice=True)
