"""Chapter II: how the monitoring was carried out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from services.charts.palette import LIGHT
from services.domain.attainment import UNRATED, Rating, Scale
from services.domain.numbers import NBSP, NONE_MARK, NOT_MEASURED_MARK, format_short_date, format_time, official_period
from services.domain.passages import Part
from services.domain.process import Progress, StepState
from services.report import figures, texts
from services.report.paper import Paper
from services.report.passages import Passages
from services.report.tables import Column, Row, Table, rating_cell, state_cell
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
    paper.chapter("BAB II", "Pelaksanaan Monitoring dan Evaluasi")
    paper.heading(1, "2.1 Tim dan Jadwal")
    paper.paragraphs(words[Part.TEAM])
    _team(paper, office)
    _visits(paper, visits(office, board.period), official_period(board.period))
    paper.new_page("landscape")
    paper.heading(1, "2.2 Tiga Belas Langkah SOP dan Waktunya")
    paper.paragraphs(words[Part.STEPS])
    paper.table(f"Langkah SOP {official_period(board.period)}", _steps_table(board))
    if board.steps.plan:
        figures.time_chart(paper, board, as_of)
    paper.new_page("portrait")
    _method(paper, office)


def _method(paper: Paper, office: Office) -> None:
    """The formulas in force, the scale, and what is done about data that are not there."""
    paper.heading(1, "2.3 Metode Penghitungan")
    paper.heading(3, "Rumus capaian", outline=False)
    paper.bullets(texts.formulas(office))
    paper.heading(3, "Perlakuan terhadap data yang belum ada", outline=False)
    paper.bullets(texts.missing_rules())
    columns = [Column("Capaian (%)", 1.0, "C"), Column("Kategori", 1.2, "C"), Column("Keterangan", 2.4)]
    rows = [
        Row([bounds, rating_cell(rating.rank, rating.label), _about(rating, office.scale)])
        for rating, bounds in texts.scale_bounds(office.scale)
    ]
    unrated = Row([NOT_MEASURED_MARK, rating_cell(None, UNRATED), "Capaian belum dapat dihitung"])
    paper.heading(3, "Kategori capaian", outline=False)
    paper.table("Skala nilai peringkat kinerja", Table(columns, [*rows, unrated]))
    paper.paragraph(texts.ROUNDING_RULE)


def _about(rating: Rating, scale: Scale) -> str:
    if rating.lower is None:
        return "Termasuk capaian negatif"
    return "Termasuk capaian di atas 100" if rating.rank == scale.ratings[0].rank else NONE_MARK


def _team(paper: Paper, office: Office) -> None:
    """Who does what in the SOP; an office without officials says so."""
    people = [o for o in office.officials if o.role]
    columns = [Column("Jabatan", 3.0), Column("Nama", 3.0), Column("Peran dalam pemantauan", 3.4)]
    rows = [Row([o.post, o.name or NONE_MARK, o.role.label if o.role else NONE_MARK]) for o in people]
    paper.table("Tim monitoring dan evaluasi", Table(columns, rows, empty="Pejabat belum dicatat pada data kantor."))


def _visits(paper: Paper, found: Sequence[Visit], period: str) -> None:
    columns = [
        Column("Seksi/subbagian", 3.2),
        Column("Petugas", 2.5),
        Column("Rencana", 2.0, "C"),
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
        Column("No", 8, "C"),
        Column("Uraian prosedur", 84),
        Column("Pelaksana", 24),
        Column("Mutu baku waktu", 19.5, "C"),
        Column("Rencana selesai", 15, "C"),
        Column("Mulai", 21, "C"),
        Column("Tenggat", 21, "C"),
        Column("Selesai", 21, "C"),
        Column("Putaran koreksi", 15, "C"),
        Column("Keadaan", 20, "C"),
    ]
    planned: list[datetime | None] = [p.due for p in board.steps.plan]
    planned = planned or [None] * len(board.steps.items)
    return Table(columns, [_step_row(item, due) for item, due in zip(board.steps.items, planned, strict=True)])


def _step_row(item: Progress, planned: datetime | None) -> Row:
    word, fill = STATE_CELLS[item.state]
    if item.state is StepState.DONE and item.overrun:
        word, fill = "Selesai, terlambat", LIGHT.chip_late
    moments = (
        format_short_date(planned) if planned else NONE_MARK,
        *map(_moment, (item.started_at, item.due_at, item.done_at)),
    )
    holders = ", ".join(role.label for role in item.step.executor)
    cells = (str(item.step.no), item.step.procedure, holders, str(item.step.duration), *moments)
    return Row([*cells, str(item.rounds or NONE_MARK), state_cell(word, fill)])


def _moment(at: datetime | None) -> str:
    return f"{format_short_date(at)} {format_time(at)}".replace(" ", NBSP) if at else NONE_MARK
