"""Chapter II: how the monitoring was carried out."""

from __future__ import annotations

from datetime import datetime

from services.charts.palette import LIGHT
from services.domain.numbers import (
    NONE_MARK,
    format_short_date,
    format_time,
    official_period,
)
from services.domain.process import Progress, StepState
from services.report import figures, texts
from services.report.paper import Paper
from services.report.tables import Column, Row, Table, state_cell
from services.views.board import Board

STATE_CELLS = {
    StepState.DONE: ("Selesai", LIGHT.chip_done),
    StepState.RUNNING: ("● Berjalan", LIGHT.chip_now),
    StepState.LATE: ("▼ Terlambat", LIGHT.chip_late),
    StepState.PAUSED: ("● Dijeda", LIGHT.chip_now),
    StepState.PENDING: ("○ Belum", LIGHT.chip_open),
}


def execution(paper: Paper, board: Board) -> None:
    """Chapter II: the 13 steps, planned and real."""
    paper.chapter("BAB II", "Pelaksanaan monitoring dan evaluasi")
    paper.heading(1, "2.1 Tiga belas langkah SOP dan waktunya")
    paper.paragraph(f"{texts.steps_sentence(board)} {texts.executors_note(board)}".rstrip())
    figures.step_strip(paper, board)
    paper.table(f"Langkah SOP {official_period(board.period)}", _steps_table(board))


def _steps_table(board: Board) -> Table:
    columns = [
        Column("No", 0.6, "C"),
        Column("Uraian prosedur", 4.2),
        Column("Pelaksana", 2.0),
        Column("Waktu baku", 1.3, "C"),
        Column("Tenggat", 1.3, "C"),
        Column("Selesai", 1.3, "C"),
        Column("Keadaan", 1.6, "C"),
    ]
    return Table(columns, [_step_row(item) for item in board.steps.items])


def _step_row(item: Progress) -> Row:
    word, fill = STATE_CELLS[item.state]
    if item.state is StepState.DONE and item.overrun:
        word, fill = "Selesai, terlambat", LIGHT.chip_late
    moments = (_moment(m) for m in (item.due_at, item.done_at))
    rounds = f" (dikembalikan {item.rounds} kali)" if item.rounds else ""
    holders = ", ".join(role.label for role in item.step.executor)
    cells = (str(item.step.no), item.step.procedure + rounds, holders, str(item.step.duration), *moments)
    return Row([*cells, state_cell(word, fill)])


def _moment(at: datetime | None) -> str:
    return f"{format_short_date(at)} {format_time(at)}" if at else NONE_MARK
