"""Kantor: the office's data, settings, officials, sections and rating scale."""

from __future__ import annotations

from services.ui import office_page
from services.ui.guard import require

actor = require()
office_page.draw(actor)
