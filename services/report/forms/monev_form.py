"""Blangko monev: what is asked, found and agreed at one section (step 5 of the SOP), to be filled in by hand.

What has been recorded in the product already is printed in its place.
"""

from __future__ import annotations

from datetime import datetime

from services.domain.indicators import Period
from services.domain.monev import CheckAnswer
from services.domain.numbers import NONE_MARK, format_bounds, format_day
from services.report import texts
from services.report.forms.base import (
    DOTS,
    SIGNATURE_HEIGHT,
    Signatory,
    about,
    head,
    head_of,
    moment_of,
    paper_info,
    place_to_date,
    plain_table,
    running_title,
    signatory,
    signatures,
    to_write,
)
from services.report.paper import Paper, build
from services.report.tables import LINE_HEIGHT, PAD_Y, Cell, Column, Row, Table, rating_cell
from services.views.measures import Measure, measures
from services.views.monev import Check, Visit, visit
from services.views.office import Office

TITLE = "Blangko monitoring dan evaluasi kinerja"
EMPTY_BOX, TICKED = "□", "✓"
RULED_ROWS, RULED_LINES = 4, 2
"""Room to write: rows of some 10 mm, whose edges are the lines to write on."""
_ANSWERS = tuple(CheckAnswer)


def monev_form_pdf(office: Office, period: Period, section_id: str, now: datetime) -> bytes:
    """The form of one section with its last figures."""
    info = paper_info(
        office,
        running_title("Blangko monev", office, section_id, period),
        moment_of(office, period, now),
        "Langkah 5 SOP",
    )
    return build(info, lambda paper: _render(paper, office, period, section_id)).pdf


def _render(paper: Paper, office: Office, period: Period, section_id: str) -> None:
    section = office.section(section_id)
    found = visit(office, section_id, period)
    head(paper, office, "portrait", TITLE, about(period, section.name))
    paper.definitions(_plan(found), label_width=34)
    plain_table(paper, _figures(measures(office, period, section_id)), "1. Angka terakhir seksi")
    plain_table(paper, _checks(found), "2. Daftar periksa")
    for number, (heading, column) in enumerate(_WRITTEN, start=3):
        last = number == len(_WRITTEN) + 2
        table = _written(f"{number}. {heading}", found.text(column) if found else "")
        plain_table(paper, table, below=_rest_height(table) + (SIGNATURE_HEIGHT if last else 0.0))
    signatures(paper, "portrait", _signatories(office, section_id, found))


_WRITTEN = (
    ("Temuan", "findings"),
    ("Bukti yang dilihat", "evidence"),
    ("Rekomendasi yang disepakati", "recommendation"),
)


def _plan(found: Visit | None) -> list[tuple[str, str]]:
    day = found.held_on or found.planned_on if found else None
    rows = [("Hari, tanggal", format_day(day) if day else "")]
    labels = {
        "planned_at": "Pukul",
        "place": "Tempat",
        "officer": "Petugas",
        "focus": "Fokus",
        "attendees": "Yang hadir",
    }
    rows += [(label, found.text(name) if found else "") for name, label in labels.items()]
    return [(label, value or 2 * DOTS) for label, value in rows]


def _figures(items: tuple[Measure, ...]) -> Table:
    columns = [
        Column("No", 9.5, "C"),
        Column("Indikator kinerja", 49),
        Column("Satuan", 24, "C"),
        Column("Target s.d. TW", 19, "R"),
        Column("Realisasi s.d. TW", 20, "R"),
        Column("Capaian (%)", 18, "R"),
        Column("Kategori", 30, "C"),
    ]
    rows = [_figure(n, m) for n, m in enumerate(items, start=1)]
    return Table(columns, rows, empty="Belum ada indikator di seksi ini.")


def _figure(number: int, m: Measure) -> Row:
    goal = format_bounds(m.target_to_date) if m.target_to_date else NONE_MARK
    value = texts.number(m.to_date.value, 2)
    rated = rating_cell(m.rating.rank, m.rating.label) if m.rating else rating_cell(None, str(m.to_date.outcome))
    return Row([str(number), m.indicator.name, m.indicator.unit, goal, texts.brief(m.actual_to_date), value, rated])


def _checks(found: Visit | None) -> Table:
    columns = [
        Column("No", 9.5, "C"),
        Column("Yang diperiksa", 70),
        *(Column(answer.value.capitalize(), 23, "C") for answer in _ANSWERS),
        Column("Catatan", 46),
    ]
    return Table(columns, [_check(check) for check in found.checks] if found else [], empty="Seksi ini tidak dimonev.")


def _check(check: Check) -> Row:
    boxes = (TICKED if check.answer is answer else EMPTY_BOX for answer in _ANSWERS)
    return Row([str(check.item), check.question, *boxes, check.note or to_write(3)])


def _written(title: str, text: str) -> Table:
    blank = [Row([to_write(RULED_LINES)]) for _ in range(RULED_ROWS)]
    return Table([Column(title)], [Row([Cell(text)])] if text.strip() else blank)


def _rest_height(table: Table) -> float:
    """Height in mm of the blank rows after the first; a written text may run over pages."""
    return (len(table.rows) - 1) * (RULED_LINES * LINE_HEIGHT + 2 * PAD_Y)


def _signatories(office: Office, section_id: str, found: Visit | None) -> list[Signatory]:
    officer = found.text("officer") if found else ""
    section = signatory(head_of(office, section_id), f"Kepala {office.section(section_id).name}", "Disepakati")
    return [section, Signatory("Petugas monev", officer, above=place_to_date(office))]
