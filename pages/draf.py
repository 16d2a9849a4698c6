"""Draf dan koreksi: steps 8 to 10, versions of the draft, its discussion, and the corrections."""

from __future__ import annotations

from services.ui import draft_page
from services.ui.guard import require

actor = require()
draft_page.draw(actor)
