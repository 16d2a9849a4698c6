"""Jadwal monev: when which section is visited, by whom and with what focus (step 4 of the SOP)."""

from __future__ import annotations

from datetime import date, datetime

from services.charts.palette import LIGHT
from services.domain.indicators import Period
from services.domain.numbers import NONE_MARK, format_day, official_period
from services.domain.roles import Role
from services.report.forms.base import (
    about,
    built_with_signatures,
    head,
    moment_of,
    paper_info,
    place_to_date,
    signatory,
    signed_table,
)
from services.report.paper import Paper
from services.report.tables import Cell, Column, Row, Table, state_cell
from services.views.monev import Visit, clashes, visits
from services.views.office import Office

TITLE = "Jadwal monitoring dan evaluasi kinerja"
NOT_PLANNED = "belum dijadwalkan"


def schedule_pdf(office: Office, period: Period, now: datetime) -> bytes:
    """The schedule of a quarter; sections without a date stand at its end and are said to have none."""
    info = paper_info(office, f"{TITLE}, {official_period(period)}", moment_of(office, period, now), "Langkah 4 SOP")
    return built_with_signatures(info, lambda paper, along: _render(paper, office, period, along))


def _render(paper: Paper, office: Office, period: Period, take_along: bool) -> bool:
    found = sorted(visits(office, period), key=_when)
    head(paper, office, "landscape", TITLE, about(period, ""))
    for clash in clashes(found):
        paper.note(clash.message, tone="brick", title="Jadwal bertabrakan")
    checked = signatory(office.official(Role.SEKRETARIS), "Sekretaris Kecamatan", "Mengetahui")
    made = signatory(office.official(Role.PKP), Role.PKP.label, place_to_date(office))
    return signed_table(paper, _table(found), "landscape", [checked, made], take_along)


def _when(visit: Visit) -> tuple[bool, date, str]:
    return visit.planned_on is None, visit.planned_on or date.min, visit.text("planned_at")


def _table(found: list[Visit]) -> Table:
    columns = [
        Column("No", 8, "C"),
        Column("Seksi/subbagian", 48),
        Column("Hari, tanggal", 32, "C"),
        Column("Pukul", 15, "C"),
        Column("Petugas", 40),
        Column("Tempat", 46),
        Column("Fokus", 54),
    ]
    return Table(columns, [_row(n, v) for n, v in enumerate(found, start=1)], empty="Belum ada seksi untuk dimonev.")


def _row(number: int, visit: Visit) -> Row:
    day = visit.planned_on
    when: Cell | str = format_day(day).replace(", ", ",\n") if day else state_cell(NOT_PLANNED, LIGHT.chip_now)
    texts = [visit.text(name) or NONE_MARK for name in ("planned_at", "officer", "place", "focus")]
    return Row([str(number), visit.section.name, when, *texts])
