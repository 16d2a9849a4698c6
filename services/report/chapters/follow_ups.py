"""Sections 3.4 and 3.5: what was found, what is recommended, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.charts.palette import LIGHT
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.numbers import NONE_MARK, official_period
from services.report import texts
from services.report.paper import Paper
from services.report.tables import Cell, Column, GroupRow, Row, Table, state_cell
from services.report.texts import number
from services.views.analysis import OBJECTIVE, SECTION, TEXTS, Analysis, FollowUp, analyses, carried, follow_ups_from
from services.views.board import Board
from services.views.measures import Measure
from services.views.monev import Visit, visits
from services.views.narrative import ANALYSIS_TEXTS
from services.views.office import Office

_NOT_WRITTEN = "belum ditulis"
NOTHING_CARRIED = 28.0
"""mm of section 3.5 where it is one sentence: it does not stand on a page of its own."""
_ANALYSIS_SHARES = (2.6, 3.4, 2.4, 3.6)
"""Widths of the columns of the analysis: the comparison is one sentence, obstacles and advice are several."""
_FILLS = {
    FollowUpStatus.TODO: ("○ Belum", LIGHT.chip_open),
    FollowUpStatus.DOING: ("● Berjalan", LIGHT.chip_now),
    FollowUpStatus.DONE: ("Selesai", LIGHT.chip_done),
    FollowUpStatus.DROPPED: ("Dibatalkan", LIGHT.chip_open),
}


def agreed(paper: Paper, office: Office, board: Board, today: date) -> None:
    """3.4: findings of the monev, the analysis, and the follow-ups that this quarter agreed on."""
    found = follow_ups_from(office, board.period)
    held, written = _held(office, board.period), _written(office, board.period)
    paper.turn("landscape" if found or held or written or board.worst or carried(office, board.period) else "portrait")
    paper.heading(1, "3.4 Temuan, Rekomendasi, dan Tindak Lanjut")
    paper.paragraph(texts.findings_sentence(office, board))
    _visits(paper, held)
    _analyses(paper, written)
    below = 0.0 if carried(office, board.period) else NOTHING_CARRIED
    _below_target(paper, board, 0.0 if found else below)
    if found:
        caption = f"Tindak lanjut yang disepakati pada {official_period(board.period)}"
        paper.table(caption, replace(_register(office, found, today, with_period=False), below=below))


def carried_over(paper: Paper, office: Office, period: Period, today: date) -> None:
    """3.5: the follow-ups of earlier quarters and their state."""
    paper.heading(1, "3.5 Tindak Lanjut Triwulan Sebelumnya")
    found = carried(office, period)
    paper.paragraph(texts.carried_sentence(office, found, period, today))
    if found:
        paper.table("Tindak lanjut dari triwulan sebelumnya", _register(office, found, today, with_period=True))


def _held(office: Office, period: Period) -> list[Visit]:
    return [v for v in visits(office, period) if v.held_on]


def _written(office: Office, period: Period) -> list[Analysis]:
    return [a for a in analyses(office, period) if a.row is not None]


def _visits(paper: Paper, held: Sequence[Visit]) -> None:
    if not held:
        return
    columns = [
        Column("Seksi/subbagian", 2.2),
        Column("Dilaksanakan", 1.4, "C"),
        Column("Petugas", 1.9),
        Column("Temuan", 4.0),
        Column("Rekomendasi", 4.0),
        Column("Disepakati", 1.3, "C"),
    ]
    paper.table("Temuan dan rekomendasi monitoring ke seksi", Table(columns, list(map(_visit_row, held)), top=True))


def _visit_row(v: Visit) -> Row:
    agreed_on = texts.day(v.agreed_at.astimezone(WIB)) if v.agreed_at else "belum"
    day = texts.day(v.held_on) if v.held_on else NONE_MARK
    officer, findings, advice = (v.text(name) or NONE_MARK for name in ("officer", "findings", "recommendation"))
    return Row([v.section.name, day, officer, findings, advice, agreed_on])


def _analyses(paper: Paper, written: Sequence[Analysis]) -> None:
    if not written:
        return
    columns = [
        Column("Seksi atau sasaran", 2.2),
        *(Column(ANALYSIS_TEXTS[name], share) for name, share in zip(TEXTS, _ANALYSIS_SHARES, strict=True)),
    ]
    rows: list[Row | GroupRow] = []
    for scope, title in ((SECTION, "Per seksi"), (OBJECTIVE, "Per sasaran")):
        own = [a for a in written if a.scope == scope]
        rows += [GroupRow(title), *map(_analysis_row, own)] if own else []
    paper.table("Analisis faktor pendorong, faktor penghambat, dan rekomendasi", Table(columns, rows, top=True))


def _analysis_row(a: Analysis) -> Row:
    return Row([a.title, *(a.text(name) or _NOT_WRITTEN for name in TEXTS)])


def _below_target(paper: Paper, board: Board, room_below: float) -> None:
    """What the sections themselves want to do about indicators below target, and whatever else they want to do."""
    below = [m for m in board.measures if _is_below(m) or (m.entry and m.entry.text("follow_up").strip())]
    if not below:
        return
    rows: list[Row | GroupRow] = []
    for item in board.sections:
        own = [m for m in below if m.indicator.section_id == item.section.id]
        rows += [GroupRow(item.section.name), *map(_below_row, own)] if own else []
    columns = [Column("Indikator kinerja", 4.0), Column("Capaian (%)", 1.1, "R"), Column("Tindak lanjut", 5.0)]
    table = Table(columns, rows, below=room_below)
    paper.table("Tindak lanjut seksi, terutama atas indikator di bawah target", table)


def _is_below(m: Measure) -> bool:
    return m.to_date.value is not None and m.to_date.value < 100


def _below_row(m: Measure) -> Row:
    return Row([m.indicator.name, number(m.to_date.value, 2), texts.written(m, "follow_up")])


def _register(office: Office, found: Sequence[FollowUp], today: date, *, with_period: bool) -> Table:
    columns = [
        *([Column("Triwulan", 1.1, "C")] if with_period else []),
        Column("Seksi/subbagian", 2.0),
        Column("Tindak lanjut", 4.4),
        Column("Penanggung jawab", 2.2),
        Column("Batas waktu", 1.3, "C"),
        Column("Keadaan", 1.7, "C"),
        Column("Keterangan", 2.8),
    ]
    return Table(columns, [_register_row(office, item, today, with_period) for item in found])


def _register_row(office: Office, item: FollowUp, today: date, with_period: bool) -> Row:
    when = [texts.quarter(item.period)] if with_period else []
    section = office.section(item.section_id).short if item.section_id else office.profile.title
    cells = [*when, section, item.what, item.who, texts.day(item.due_on)]
    return Row([*cells, _state(item, today), item.note or NONE_MARK])


def _state(item: FollowUp, today: date) -> Cell:
    if item.is_late(today):
        return state_cell("▼ Lewat batas", LIGHT.chip_late)
    return state_cell(*_FILLS[item.status])
