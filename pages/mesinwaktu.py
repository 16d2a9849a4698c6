"""Mesin waktu: the dashboard as it was on a past day, from the log."""

from __future__ import annotations

from services.ui import past_page
from services.ui.guard import require

actor = require()
past_page.draw(actor)
