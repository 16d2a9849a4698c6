"""Draf dan koreksi: steps 8 to 10, versions of the draft, its discussion, and the corrections."""

from __future__ import annotations

from datetime import datetime

from services.domain.indicators import Period
from services.report.document import build_report
from services.report.fingerprint import fingerprint_of
from services.ui import draft_page
from services.ui.guard import require
from services.views.office import Office

actor = require()


def pdf(office: Office, period: Period, made_at: datetime, version: str) -> bytes:
    return build_report(office, period, made_at, draft=True, version=version).pdf


draft_page.draw(actor, draft_page.Press(pdf, fingerprint_of))
