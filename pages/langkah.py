"""Langkah SOP: the 13 steps of a quarter with state, holder, due moment, plan against reality."""

from __future__ import annotations

from services.ui import steps_page
from services.ui.guard import require

actor = require()
steps_page.draw(actor)
