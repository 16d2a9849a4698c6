"""Chapter I: why, on which basis and what about."""

from __future__ import annotations

from services.domain.numbers import (
    official_period,
    period_range,
)
from services.domain.sop import LEGAL_BASES, SOP_TITLE
from services.report import texts
from services.report.paper import Paper
from services.views.board import Board
from services.views.office import Office


def introduction(paper: Paper, office: Office, board: Board) -> None:
    paper.new_page("portrait", "arabic")
    paper.chapter("BAB I", "Pendahuluan", new_page=False)
    paper.heading(1, "1.1 Latar belakang")
    paper.paragraph(
        f"{office.profile.title} memantau capaian kinerja internalnya setiap triwulan menurut SOP {SOP_TITLE} Nomor "
        f"{office.profile.sop_number}. Laporan ini memuat hasil pemantauan {official_period(board.period)}, yaitu "
        f"periode {period_range(board.period)}."
    )
    paper.heading(1, "1.2 Dasar hukum")
    paper.numbered([f"{basis}." for basis in LEGAL_BASES])
    paper.heading(1, "1.3 Ruang lingkup")
    paper.paragraph(
        f"Laporan mencakup {len(board.measures)} indikator kinerja dari {len(board.sections)} seksi dan subbagian, "
        "pelaksanaan 13 langkah SOP, capaian terhadap target, anggaran, hambatan, dan tindak lanjut."
    )
    paper.heading(1, "1.4 Cara menghitung")
    paper.bullets([texts.formula_note(office), texts.scale_note(office.scale), texts.range_note()])
