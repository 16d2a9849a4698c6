"""Bentrok: what the shared sheet refused when it was sent, for whoever wrote it to decide."""

from __future__ import annotations

from services.ui import conflict_page
from services.ui.guard import require

actor = require()
conflict_page.draw(actor)
