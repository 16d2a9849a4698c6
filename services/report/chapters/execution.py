"""Chapter II: how the monitoring was carried out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from services.charts.palette import LIGHT
from services.domain.numbers import (
    NONE_MARK,
    format_datetime,
    format_short_date,
    format_time,
    official_period,
)
from services.domain.passages import Part
from services.domain.process import Progress, StepState
from services.report import figures, texts
from services.report.paper import Paper
from services.report.passages import Passages
from services.report.tables import Column, Row, Table, state_cell
from services.views.board import Board
from services.views.monev import Visit, visits
from services.views.office import Office

STATE_CELLS = {
    StepState.DONE: ("Selesai", LIGHT.chip_done),
    StepState.RUNNING: ("● Berjalan", LIGHT.chip_now),
    StepState.LATE: ("▼ Terlambat", LIGHT.chip_late),
    StepState.PAUSED: ("● Dijeda", LIGHT.chip_now),
    StepState.PENDING: ("○ Belum", LIGHT.chip_open),
}


def execution(paper: Paper, office: Office, board: Board, words: Passages, as_of: datetime) -> None:
    """Chapter II: who and when, the 13 steps planned and real, how figures are computed."""
    paper.chapter("BAB II", "Pelaksanaan monitoring dan evaluasi")
    paper.heading(1, "2.1 Tim dan jadwal")
    paper.paragraphs(words[Part.TEAM])
    _team(paper, office)
    _visits(paper, visits(office, board.period), official_period(board.period))
    paper.new_page("landscape")
    paper.heading(1, "2.2 Tiga belas langkah SOP dan waktunya")
    paper.paragraphs(words[Part.STEPS])
    paper.paragraph(
        f"Keadaan dan keterlambatan dihitung sampai data terbaru laporan ini, {format_datetime(as_of)} WIB."
    )
    figures.step_strip(paper, board)
    paper.table(f"Langkah SOP {official_period(board.period)}", _steps_table(board))
    if board.steps.plan:
        paper.new_page("portrait")
        figures.time_chart(paper, board, as_of)
    paper.heading(1, "2.3 Cara menghitung")
    paper.bullets([texts.formula_note(office), texts.scale_note(office.scale), texts.range_note()])


def _team(paper: Paper, office: Office) -> None:
    """Who does what in the SOP; an office without officials says so."""
    people = [o for o in office.officials if o.role]
    columns = [Column("Jabatan", 3.0), Column("Nama", 3.0), Column("Peran dalam pemantauan", 3.4)]
    rows = [Row([o.post, o.name or NONE_MARK, o.role.label if o.role else NONE_MARK]) for o in people]
    paper.table("Tim monitoring dan evaluasi", Table(columns, rows, empty="Pejabat belum dicatat pada data kantor."))


def _visits(paper: Paper, found: Sequence[Visit], period: str) -> None:
    columns = [
        Column("Seksi/subbagian", 3.4),
        Column("Petugas", 2.6),
        Column("Rencana", 1.7, "C"),
        Column("Terlaksana", 1.7, "C"),
    ]
    rows = [
        Row([v.section.name, v.text("officer") or NONE_MARK, _day(v.planned_on, "belum dijadwalkan"), _day(v.held_on)])
        for v in found
    ]
    paper.table(f"Jadwal monitoring ke seksi {period}", Table(columns, rows, empty="Belum ada seksi yang dipantau."))


def _day(day: date | None, missing: str = "belum") -> str:
    return texts.day(day) if day else missing


def _steps_table(board: Board) -> Table:
    columns = [
        Column("No", 0.6, "C"),
        Column("Uraian prosedur", 4.2),
        Column("Pelaksana", 2.0),
        Column("Mutu baku waktu", 1.3, "C"),
        Column("Rencana", 1.5, "C"),
        Column("Mulai", 1.5, "C"),
        Column("Tenggat", 1.5, "C"),
        Column("Selesai", 1.5, "C"),
        Column("Putaran koreksi", 1.2, "C"),
        Column("Keadaan", 1.9, "C"),
    ]
    planned: list[datetime | None] = [p.due for p in board.steps.plan]
    planned = planned or [None] * len(board.steps.items)
    return Table(columns, [_step_row(item, due) for item, due in zip(board.steps.items, planned, strict=True)])


def _step_row(item: Progress, planned: datetime | None) -> Row:
    word, fill = STATE_CELLS[item.state]
    if item.state is StepState.DONE and item.overrun:
        word, fill = "Selesai, terlambat", LIGHT.chip_late
    moments = (_moment(m) for m in (planned, item.started_at, item.due_at, item.done_at))
    holders = ", ".join(role.label for role in item.step.executor)
    cells = (str(item.step.no), item.step.procedure, holders, str(item.step.duration), *moments)
    return Row([*cells, str(item.rounds or NONE_MARK), state_cell(word, fill)])


def _moment(at: datetime | None) -> str:
    return f"{format_short_date(at)} {format_time(at)}" if at else NONE_MARK
