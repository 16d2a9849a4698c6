"""Buka triwulan: step 1, a preview of the quarter to open, its dates, and the blangko for each section."""

from __future__ import annotations

from services.ui import opening_page
from services.ui.guard import require

actor = require()
opening_page.draw(actor)
