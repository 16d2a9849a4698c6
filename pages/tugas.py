"""Tugas saya: things to do now, for the person who looks, the most urgent first."""

from __future__ import annotations

from services.ui import tasks
from services.ui.guard import require

actor = require()
tasks.draw(actor)
