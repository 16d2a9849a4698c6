"""Laporan: the draft of the chosen quarter, its issued document, and the register of the archive."""

from __future__ import annotations

from services.ui import report_page
from services.ui.guard import require

actor = require()
report_page.draw(actor)
