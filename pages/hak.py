"""Hak akses: the table of rights in words."""

from __future__ import annotations

from services.ui import rights_page
from services.ui.guard import require

actor = require()
rights_page.draw(actor)
