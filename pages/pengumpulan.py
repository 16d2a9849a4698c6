"""Pengumpulan data: step 2, what each section has given, who is late, and reminders."""

from __future__ import annotations

from services.ui import collection_page
from services.ui.guard import require

actor = require()
collection_page.draw(actor)
