"""Dokumen SOP: the SOP as it is, with its flow chart drawn from the data."""

from __future__ import annotations

from services.ui import sop_page
from services.ui.guard import require

actor = require()
sop_page.draw(actor)
