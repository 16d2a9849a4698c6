"""Siapkan kantor: the first office, made once, by whoever came with the key from the terminal."""

from __future__ import annotations

from services.ui import setup_page
from services.ui.guard import require_invitation

require_invitation()
setup_page.draw()
