"""Periksa laporan: whether a PDF or a fingerprint from paper is one of the office's issued reports."""

from __future__ import annotations

from services.ui import authenticity_page
from services.ui.guard import require

actor = require()
authenticity_page.draw(actor)
