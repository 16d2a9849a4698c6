"""The monitoring report of one quarter as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.domain.clock import WIB
from services.domain.indicators import ROMAN, Period
from services.domain.numbers import MONTHS, official_period, period_range
from services.report import chapters, texts
from services.report.paper import DocumentInfo, Paper, build
from services.views.board import Board, board_of
from services.views.office import Office

ProgressReport = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """The finished file; ``warnings`` are things in the data that the paper cannot show as they are."""

    pdf: bytes
    pages: int
    warnings: tuple[str, ...]


class QuarterNotOpened(Exception):
    """There is nothing to report on; the message says what to do."""


def build_report(
    office: Office, period: Period, now: datetime, *, draft: bool, progress: ProgressReport = lambda _f, _t: None
) -> Report:
    """Build the report of a quarter from the office's data; the same input gives the same bytes.

    Raises QuarterNotOpened.
    """
    if period not in office.cycles:
        raise QuarterNotOpened(f"{official_period(period)} belum dibuka, sehingga belum ada yang dilaporkan.")
    progress(0.05, "Menghitung capaian")
    board = board_of(office, period, now)
    progress(0.25, "Menyusun halaman dan grafik")
    built = build(_info(office, period, now, draft), lambda paper: _render(paper, office, board, now, draft))
    progress(1.0, "Laporan selesai")
    return Report(built.pdf, built.pages, _warnings(built.unsupported))


def file_name(period: Period, draft: bool) -> str:
    """``Laporan-Monev-TW-III-2026.pdf``."""
    return f"Laporan-Monev-TW-{ROMAN[period.quarter]}-{period.year}{'-DRAF' if draft else ''}.pdf"


def _info(office: Office, period: Period, now: datetime, draft: bool) -> DocumentInfo:
    sample = office.profile.sample
    return DocumentInfo(
        title=texts.title_of(period),
        office=office.profile.title,
        footer=" · ".join(["CONTOH, bukan angka resmi"] * sample + ["DRAF"] * draft) or "Nomor: belum diberikan",
        created=now,
        author=office.profile.title,
        subject=f"SOP Nomor {office.profile.sop_number}",
        watermark="CONTOH" if sample else "DRAF" if draft else "",
        sample_emblem=sample,
    )


def _render(paper: Paper, office: Office, board: Board, now: datetime, draft: bool) -> None:
    today = now.astimezone(WIB).date()
    paper.cover(
        title_lines=["Laporan", "Monitoring dan Evaluasi", "Kinerja"],
        quarter=ROMAN[board.period.quarter],
        year=board.period.year,
        period=period_range(board.period),
        office_lines=[f"Pemerintah Kabupaten {office.profile.regency}", office.profile.title],
        month_year=f"{MONTHS[today.month - 1]} {today.year}",
        number="",
    )
    chapters.contents(paper)
    chapters.executive_summary(paper, office, board)
    chapters.introduction(paper, office, board)
    chapters.execution(paper, board)
    chapters.results(paper, office, board)
    chapters.closing(paper, office, board, today, draft)
    chapters.heat_map(paper, board)


def _warnings(unsupported: tuple[str, ...]) -> tuple[str, ...]:
    if not unsupported:
        return ()
    shown = " ".join(unsupported)
    return (f"Huruf berikut tidak dapat dicetak dan diganti dengan □: {shown}. Ganti di isian bila perlu.",)
