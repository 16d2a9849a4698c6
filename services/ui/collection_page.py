"""The page Pengumpulan data: step 2, what each section has given, who is late, and reminders."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Pengumpulan data", (), period_choice=True)
