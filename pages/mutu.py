"""Mutu baku: real against standard time of the steps over the quarters."""

from __future__ import annotations

from services.ui import standards_page
from services.ui.guard import require

actor = require()
standards_page.draw(actor)
