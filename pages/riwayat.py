"""Riwayat: who changed what, when, from what to what; and where a figure comes from."""

from __future__ import annotations

from services.ui import history_table
from services.ui.guard import require

actor = require()
history_table.draw(actor)
