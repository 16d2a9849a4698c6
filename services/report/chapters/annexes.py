"""The annexes."""

from __future__ import annotations

from collections.abc import Iterator

from services.charts.palette import LIGHT
from services.domain.attainment import Outcome
from services.domain.indicators import Period
from services.domain.numbers import (
    NBSP,
    NONE_MARK,
    NOT_MEASURED_MARK,
    format_date,
    format_datetime,
    format_number,
    short_period,
)
from services.domain.sop import Event
from services.report import figures, texts
from services.report.paper import Paper
from services.report.tables import Cell, Column, GroupRow, Row, Table, rating_cell, state_cell
from services.views.board import Board
from services.views.drafts import Correction, CorrectionStatus, corrections, meeting
from services.views.measures import Measure
from services.views.monev import visits
from services.views.office import Office
from services.views.verification import AGREE, RETURN, Decision, decisions

_VERDICTS = {AGREE: "Angka disetujui", RETURN: "Angka dikembalikan"}
_EVENTS = {
    Event.VERIFIED: "Draf diverifikasi",
    Event.RETURNED: "Draf dikembalikan",
    Event.FINISHED: "Draf disetujui",
}
_CORRECTIONS = {
    CorrectionStatus.OPEN: ("● Terbuka", LIGHT.chip_now),
    CorrectionStatus.DONE: ("Selesai", LIGHT.chip_done),
    CorrectionStatus.REFUSED: ("Ditolak", LIGHT.chip_open),
}


def heat_map(paper: Paper, office: Office, board: Board) -> None:
    """Annex: every indicator over the quarters."""
    paper.new_page("landscape")
    paper.chapter("LAMPIRAN 1", "Capaian Semua Indikator per Triwulan", new_page=False)
    columns = [
        Column("Indikator kinerja", 4.0),
        *(Column(f"{short_period(p.period)} {p.period.year}", 1.0, "C") for p in board.trend),
    ]
    rows: list[Row | GroupRow] = []
    for group in board.heat:
        rows.append(GroupRow(group.section.name))
        rows += [Row([row.indicator.name, *map(_heat_cell, row.cells)]) for row in group.rows]
    paper.table("Capaian sampai dengan setiap triwulan (%)", Table(columns, rows))
    paper.note(f"{texts.formula_note(office)} thn: diukur tahunan. Warna dan tanda menyatakan kategori.", tone="navy")
    if board.mean.measured:
        figures.rating_shares(paper, board)


def _heat_cell(m: Measure) -> Cell:
    if m.rating and m.to_date.value is not None:
        return rating_cell(m.rating.rank, format_number(m.to_date.value, 0))
    if m.to_date.outcome is Outcome.ANNUAL:
        return Cell("thn", align="C")
    if m.to_date.outcome in (Outcome.NO_TARGET, Outcome.NOT_TARGETED):
        return Cell(NONE_MARK, align="C")
    return rating_cell(None, NOT_MEASURED_MARK)


def evidence(paper: Paper, office: Office, board: Board) -> None:
    """Annex 3: the evidence that was given, and the history of the verification."""
    paper.new_page("landscape")
    paper.chapter("LAMPIRAN 3", "Bukti Dukung dan Riwayat Verifikasi", new_page=False)
    paper.heading(1, "Daftar Bukti Dukung")
    paper.paragraph(texts.evidence_sentence(board))
    rows = list(_evidence_rows(office, board))
    if rows:
        columns = [Column("Seksi/subbagian", 2.3), Column("Indikator atau kegiatan", 3.8), Column("Bukti dukung", 4.9)]
        paper.table("Bukti dukung", Table(columns, rows))
    paper.heading(1, "Riwayat Verifikasi")
    found = decisions(office, board.period)
    if not found:
        paper.paragraph("Verifikasi belum dilakukan.")
        return
    columns = [
        Column("Waktu", 2.0),
        Column("Putaran", 1.0, "C"),
        Column("Keputusan", 2.2),
        Column("Tentang", 2.6),
        Column("Alasan atau catatan", 5.0),
    ]
    paper.table("Riwayat verifikasi", Table(columns, [_decision_row(d) for d in reversed(found)]))


def _evidence_rows(office: Office, board: Board) -> Iterator[Row]:
    for m in board.measures:
        if m.entry and (given := m.entry.text("evidence").strip()):
            yield Row([office.section(m.indicator.section_id).short, m.indicator.name, given])
    for visit in visits(office, board.period):
        if visit.evidence:
            yield Row([visit.section.short, "Monitoring ke seksi", "\n".join(visit.evidence)])


def _decision_row(decision: Decision) -> Row:
    about = f"{len(decision.indicator_ids)} indikator" if decision.indicator_ids else "Draf laporan"
    what = _EVENTS[decision.event] if decision.event else _VERDICTS.get(decision.verdict, decision.verdict)
    return Row([format_datetime(decision.at), str(decision.round), what, about, decision.reason or NONE_MARK])


def discussion(paper: Paper, office: Office, period: Period) -> None:
    """Annex 4: the discussion of the draft and the corrections that came of it (steps 9 and 10)."""
    paper.new_page("portrait")
    paper.chapter("LAMPIRAN 4", "Pembahasan dan Koreksi Draf", new_page=False)
    paper.heading(1, "Pembahasan Draf")
    held = meeting(office, period)
    if held is None:
        paper.paragraph("Pembahasan draf belum dicatat.")
    else:
        paper.definitions(
            [
                ("Tanggal", format_date(held.held_on) if held.held_on else "belum dicatat"),
                ("Tempat", held.place or "belum dicatat"),
                ("Yang hadir", "; ".join(held.attendees) or "belum dicatat"),
            ]
        )
        paper.heading(3, "Notulen", outline=False)
        paper.paragraphs(held.minutes or "Notulen belum ditulis.")
        if held.decisions:
            paper.heading(3, "Keputusan", outline=False)
            paper.numbered(held.decisions)
    paper.heading(1, "Koreksi")
    found = corrections(office, period)
    if not found:
        paper.paragraph("Tidak ada koreksi yang dicatat.")
        return
    columns = [
        Column("No", 0.6, "C"),
        Column("Bagian", 2.6),
        Column("Koreksi", 3.2),
        Column("Keadaan", 1.4, "C"),
        Column("Jawaban", 3.0),
    ]
    rows = [_correction_row(office, n, c) for n, c in enumerate(found, start=1)]
    paper.table("Koreksi atas draf", Table(columns, rows, top=True))


def _correction_row(office: Office, n: int, c: Correction) -> Row:
    indicator = office.indicator_by_id.get(c.indicator_id)
    part = f"{c.chapter}: {indicator.name}" if indicator else c.chapter
    origin = f"{c.origin.capitalize()}, putaran{NBSP}{c.round}"
    return Row([str(n), f"{part}\n({origin})", c.text, state_cell(*_CORRECTIONS[c.status]), c.answer or NONE_MARK])
