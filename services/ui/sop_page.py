"""The page Dokumen SOP: the SOP as it is, with its flow chart drawn from the data."""

from __future__ import annotations

from services.domain.roles import Actor
from services.ui import frame


def draw(actor: Actor) -> None:
    frame.header("Dokumen SOP", (), period_choice=True)
