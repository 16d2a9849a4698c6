"""Akun saya: password, sessions and the latest events of the account of whoever is signed in."""

from __future__ import annotations

from services.ui import account_page
from services.ui.guard import require

actor = require()
account_page.draw(actor)
