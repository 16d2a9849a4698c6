"""Teks laporan: the texts of the report that the office writes itself, and its coat of arms."""

from __future__ import annotations

from services.ui import report_texts_page
from services.ui.guard import require

actor = require()
report_texts_page.draw(actor)
