"""Pengguna: accounts, their first passwords and their sessions; for the admin alone."""

from __future__ import annotations

from services.domain.roles import Role
from services.ui import users_page
from services.ui.guard import require

actor = require(Role.ADMIN)
users_page.draw(actor)
