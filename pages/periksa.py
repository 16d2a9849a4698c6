"""Periksa data: every doubtful cell of a quarter, what it should say, and the answer to it."""

from __future__ import annotations

from services.ui import findings
from services.ui.guard import require

actor = require()
findings.draw(actor)
