"""Isian: the figures of one section in one quarter, given by its Kasi or the Kasubag PKP, read by all others."""

from __future__ import annotations

from services.ui import entry_page
from services.ui.guard import require

actor = require()
entry_page.draw(actor)
