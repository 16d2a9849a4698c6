"""The page Verifikasi: step 11, every figure with its source, agreed or returned."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Verifikasi", (), period_choice=True)
