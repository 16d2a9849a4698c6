"""The monitoring report of one quarter as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.domain.clock import WIB
from services.domain.indicators import ROMAN, Period
from services.domain.numbers import MONTHS, format_nip, official_period, period_range, place_and_date
from services.domain.roles import Role
from services.report import manifest, seal, texts
from services.report.chapters import annexes, closing, execution, front, introduction, results, summary
from services.report.fingerprint import fingerprint
from services.report.issue import Issue
from services.report.paper import Attachment, DocumentInfo, Paper, build
from services.views.board import board_of
from services.views.office import Office
from services.views.report_data import data_of

__all__ = ["Issue", "QuarterNotOpened", "Report", "build_report", "file_name"]

ProgressReport = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """The finished file; ``warnings`` are things in the data that the paper cannot show as they are.

    ``fingerprint``: of the data in it, see ``services.report.fingerprint``.
    """

    pdf: bytes
    pages: int
    warnings: tuple[str, ...]
    fingerprint: str = ""


class QuarterNotOpened(Exception):
    """There is nothing to report on; the message says what to do."""


def build_report(
    office: Office,
    period: Period,
    now: datetime,
    *,
    draft: bool,
    progress: ProgressReport = lambda _f, _t: None,
    issue: Issue | None = None,
) -> Report:
    """Build the report of a quarter from the office's data; the same input gives the same bytes.

    ``issue`` gives a final report its number, day and signature; a draft carries neither these nor a seal.
    Raises QuarterNotOpened.
    """
    if period not in office.cycles:
        raise QuarterNotOpened(f"{official_period(period)} belum dibuka, sehingga belum ada yang dilaporkan.")
    progress(0.05, "Menghitung capaian")
    made = _Making(office, period, now, draft, None if draft else issue)
    progress(0.25, "Menyusun halaman dan grafik")
    built = build(made.info(), made.render, made.attachments())
    progress(1.0, "Laporan selesai")
    return Report(built.pdf, built.pages, _warnings(built.unsupported), made.fingerprint)


def file_name(period: Period, draft: bool) -> str:
    """``Laporan-Monev-TW-III-2026.pdf``."""
    return f"Laporan-Monev-TW-{ROMAN[period.quarter]}-{period.year}{'-DRAF' if draft else ''}.pdf"


class _Making:
    """One report while it is made: all that its parts have in common."""

    def __init__(self, office: Office, period: Period, now: datetime, draft: bool, issue: Issue | None) -> None:
        self.office, self.period, self.now, self.draft, self.issue = office, period, now, draft, issue
        self.number = issue.number if issue else ""
        self.day = issue.day if issue else now.astimezone(WIB).date()
        self.board = board_of(office, period, now)
        self.tables = data_of(office, period, self.board.measures)
        self.fingerprint = fingerprint(office.profile.title, period, self.tables)

    def info(self) -> DocumentInfo:
        profile = self.office.profile
        marks = ["CONTOH, bukan angka resmi"] * profile.sample + ["DRAF"] * self.draft
        number = [f"Nomor: {self.number or seal.NO_NUMBER}"] if self.number or not marks else []
        return DocumentInfo(
            title=texts.title_of(self.period),
            office=profile.title,
            footer=" · ".join([*number, *marks]),
            created=self.now,
            author=profile.title,
            subject=f"SOP Nomor {profile.sop_number}",
            watermark="CONTOH" if profile.sample else "DRAF" if self.draft else "",
            sample_emblem=profile.sample,
        )

    def attachments(self) -> list[Attachment]:
        return manifest.attachments(self.office, self.period, self.now, self.tables, draft=self.draft, issue=self.issue)

    def render(self, paper: Paper) -> None:
        self._cover(paper)
        front.contents(paper)
        summary.executive_summary(paper, self.office, self.board)
        introduction.introduction(paper, self.office, self.board)
        execution.execution(paper, self.board)
        results.results(paper, self.office, self.board)
        closing.closing(paper, self.office, self.board)
        self._signature(paper)
        if not self.draft:
            seal.panel(paper, self.office.profile.title, self.period, self.number, self.fingerprint)
        annexes.heat_map(paper, self.board)

    def _cover(self, paper: Paper) -> None:
        profile = self.office.profile
        paper.cover(
            title_lines=["Laporan", "Monitoring dan Evaluasi", "Kinerja"],
            quarter=ROMAN[self.period.quarter],
            year=self.period.year,
            period=period_range(self.period),
            office_lines=[f"Pemerintah Kabupaten {profile.regency}", profile.title],
            month_year=f"{MONTHS[self.day.month - 1]} {self.day.year}",
            number=self.number,
        )

    def _signature(self, paper: Paper) -> None:
        """The signature under the last chapter; a draft leaves the name free."""
        issue = self.issue or self._usual_issue()
        name, nip, rank = (issue.signatory_name, format_nip(issue.signatory_nip), issue.signatory_rank)
        if self.draft:
            name = nip = rank = ""
        paper.signature_block(place_and_date(issue.place, issue.day), issue.signatory_post, name, nip, rank)

    def _usual_issue(self) -> Issue:
        """Signed by the Camat on the day of the report, as long as nobody has issued it."""
        district, camat = self.office.profile.district, self.office.official(Role.CAMAT)
        person = (camat.name, camat.nip, camat.rank) if camat else ("", "", "")
        return Issue("", self.day, district, f"Camat {district}", *person)


def _warnings(unsupported: tuple[str, ...]) -> tuple[str, ...]:
    if not unsupported:
        return ()
    shown = " ".join(unsupported)
    return (f"Huruf berikut tidak dapat dicetak dan diganti dengan □: {shown}. Ganti di isian bila perlu.",)
