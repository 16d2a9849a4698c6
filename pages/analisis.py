"""Analisis: step 7, drivers, obstacles, recommendations, and the register of follow-ups."""

from __future__ import annotations

from services.ui import analysis_page
from services.ui.guard import require

actor = require()
analysis_page.draw(actor)
