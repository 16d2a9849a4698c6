"""Verifikasi: step 11, every figure with its source, agreed or returned."""

from __future__ import annotations

from services.ui import verification_page
from services.ui.guard import require

actor = require()
verification_page.draw(actor)
