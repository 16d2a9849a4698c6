"""Data: every table out as a file, and back in after a look at what each row would change."""

from __future__ import annotations

from services.ui import data_exchange
from services.ui.guard import require

actor = require()
data_exchange.draw(actor)
