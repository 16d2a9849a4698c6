"""Monev lapangan: steps 4 to 6, plan, result and completeness of the monev at the sections."""

from __future__ import annotations

from services.report.forms.monev_form import monev_form_pdf
from services.report.forms.schedule import schedule_pdf
from services.ui import monev_page
from services.ui.guard import require

actor = require()
monev_page.draw(actor, monev_page.Papers(schedule=schedule_pdf, form=monev_form_pdf))
