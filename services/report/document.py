"""The monitoring report of one quarter as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.collector import uncollected
from services.domain.clock import WIB
from services.domain.indicators import ROMAN, Period
from services.domain.numbers import (
    MONTHS,
    format_date,
    format_datetime,
    format_nip,
    official_period,
    period_range,
    place_and_date,
)
from services.domain.roles import Role
from services.domain.sop import SopHead
from services.report import figures, manifest, seal, texts, vector
from services.report.chapters import annexes, closing, execution, front, introduction, results, summary
from services.report.chapters.e81 import e81
from services.report.fingerprint import TEMPLATE_VERSION, fingerprint, short
from services.report.issue import Issue
from services.report.paper import DocumentInfo, Embedded, Paper, Signed, drawn, embedded
from services.report.passages import passages_of
from services.views.analysis import all_measures
from services.views.board import board_of
from services.views.e81 import e81_of
from services.views.office import Office
from services.views.report_data import data_moment, data_of

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


@uncollected
def build_report(
    office: Office,
    period: Period,
    as_of: datetime | None = None,
    *,
    draft: bool,
    progress: ProgressReport = lambda _f, _t: None,
    issue: Issue | None = None,
    version: str = "",
) -> Report:
    """Build the report of a quarter from the office's data; the same input gives the same bytes.

    Days and lateness are counted up to ``as_of``, and the file is dated by it: the moment recorded for a draft, else
    that of the data; never the clock's, so that another day makes no other report. ``issue`` gives a final report its
    number, day and signature; a draft carries neither these nor a seal, but its ``version`` ("v0.2") where it has one.
    Raises QuarterNotOpened.
    """
    if period not in office.cycles:
        raise QuarterNotOpened(f"{official_period(period)} belum dibuka, sehingga belum ada yang dilaporkan.")
    vector.warm_up()
    progress(0.05, "Menghitung capaian")
    mark = f"DRAF {version}".strip() if draft else ""
    made = _Making(office, period, as_of or data_moment(office, period), mark, None if draft else issue)
    pages = drawn(made.info(), _told(made, progress))
    files, seal_of_data = made.files, made.fingerprint
    del made  # the figures of a large office need not be in memory together with the file
    figures.forget()
    progress(0.9, "Menulis berkas")
    built = pages.written(files)
    progress(1.0, "Laporan selesai")
    return Report(built.pdf, built.pages, _warnings(built.unsupported), seal_of_data)


def _told(made: _Making, progress: ProgressReport) -> Callable[[Paper], None]:
    """How the report is drawn, telling after each part how far it is; charts are made in the first pass."""
    passes = iter([(0.2, 0.4, "Menggambar grafik dan menghitung halaman"), (0.6, 0.3, "Menyusun halaman")])

    def render(paper: Paper) -> None:
        start, share, what = next(passes, (0.9, 0.0, "Menyusun halaman"))
        for done, part in enumerate(made.parts):
            progress(start + share * done / len(made.parts), what)
            part(paper)

    return render


def file_name(period: Period, draft: bool) -> str:
    """``Laporan-Monev-TW-III-2026.pdf``."""
    return f"Laporan-Monev-TW-{ROMAN[period.quarter]}-{period.year}{'-DRAF' if draft else ''}.pdf"


def _data_of(office: Office, period: Period) -> tuple[str, list[Embedded]]:
    """The fingerprint of the data, and their files."""
    tables = data_of(office, period, all_measures(office, period))
    return fingerprint(office.profile.title, period, tables), embedded(manifest.data_files(tables))


class _Making:
    """One report while it is made: all that its parts have in common. ``mark`` is "" for a final report."""

    def __init__(self, office: Office, period: Period, as_of: datetime, mark: str, issue: Issue | None) -> None:
        self.office, self.period, self.as_of, self.mark, self.given = office, period, as_of, mark, issue
        self.day = issue.day if issue else as_of.astimezone(WIB).date()
        self.issue = issue or self._usual_issue()
        # The data first: as tables they take more memory than anything else but the figures, which come after them.
        office.read_entries()
        self.fingerprint, files = _data_of(office, period)
        self.board = board_of(office, period, as_of)
        self.words = passages_of(office, self.board)
        self.form = e81_of(office, period)
        manifested = manifest.manifest_file(
            office, self.board, as_of, self.fingerprint, files, draft=self.draft, issue=self.given
        )
        self.files = [*files, *embedded([manifested])]

    @property
    def draft(self) -> bool:
        return bool(self.mark)

    @property
    def _marks(self) -> list[str]:
        """What says that the document is not the final one of a real office."""
        return ["CONTOH, bukan angka resmi"] * self.office.profile.sample + [self.mark] * self.draft

    def info(self) -> DocumentInfo:
        profile, title, number = self.office.profile, texts.title_of(self.period), self.issue.number
        numbered = [f"Nomor: {number or seal.NO_NUMBER}"] if number or not self._marks else []
        return DocumentInfo(
            title=title,
            office=profile.title,
            footer=" · ".join([*numbered, *self._marks]),
            created=self.as_of,
            author=profile.title,
            subject=f"SOP Nomor {profile.sop_number}",
            watermark="CONTOH" if profile.sample else self.mark,
            emblem=profile.emblem,
            sample_emblem=profile.sample,
            header=f"{self.mark} · Laporan Monev {official_period(self.period)}" if self.draft else "",
        )

    @property
    def parts(self) -> tuple[Callable[[Paper], object], ...]:
        """What draws the parts of the report, from the cover to the last annex."""
        office, board, words = self.office, self.board, self.words
        return (
            self._cover,
            lambda paper: front.approval(paper, office, self._identity(), self._signed(), draft=self.draft),
            self._seal,
            lambda paper: front.preface(paper, office, words, self._signed()),
            front.contents,
            lambda paper: summary.executive_summary(paper, board, words),
            lambda paper: introduction.introduction(paper, words, self._head()),
            lambda paper: execution.execution(paper, office, board, words, self.as_of),
            lambda paper: results.results(paper, office, board, words, self.day),
            lambda paper: closing.closing(paper, words, self._signed()),
            self._seal,
            lambda paper: annexes.heat_map(paper, office, board),
            lambda paper: e81(paper, office, self.form, self.issue, draft=self.draft),
            lambda paper: annexes.evidence(paper, office, board),
            lambda paper: annexes.discussion(paper, office, self.period),
        )

    def _cover(self, paper: Paper) -> None:
        profile = self.office.profile
        numbered = [f"Nomor dokumen: {self.issue.number}"] if self.issue.number else []
        paper.cover(
            title_lines=["Laporan", "Monitoring dan Evaluasi", "Kinerja"],
            quarter=ROMAN[self.period.quarter],
            year=self.period.year,
            period=period_range(self.period),
            office_lines=[f"Pemerintah Kabupaten {profile.regency}", profile.title],
            month_year=f"{MONTHS[self.day.month - 1]} {self.day.year}",
            reference=" · ".join([*numbered, *self._marks]),
        )

    def _identity(self) -> list[tuple[str, str]]:
        """What the approval says that the document is."""
        head = self._head()
        return [
            ("Judul", texts.title_of(self.period)),
            ("Triwulan", f"{official_period(self.period)} ({period_range(self.period)})"),
            ("Nomor dokumen", self.issue.number or seal.NO_NUMBER),
            ("Tanggal", format_date(self.day)),
            ("SOP", f"{head.title}, Nomor {head.number}"),
            *front.decided(self.office, self.period),
            ("Versi templat", TEMPLATE_VERSION),
            ("Keadaan", self.mark or "Final"),
            ("Keadaan data", f"per {format_datetime(self.as_of)} WIB"),
            *([] if self.draft else [("Sidik data", short(self.fingerprint))]),
        ]

    def _head(self) -> SopHead:
        return self.office.head(self.office.cycles[self.period].sop_version)

    def _signed(self) -> Signed:
        """The signature of whoever issues the document; a draft leaves the name free."""
        issue = self.issue
        name, nip, rank = (issue.signatory_name, format_nip(issue.signatory_nip), issue.signatory_rank)
        if self.draft:
            name = nip = rank = ""
        return Signed(place_and_date(issue.place, issue.day), issue.signatory_post, name, nip, rank)

    def _seal(self, paper: Paper) -> None:
        """The box by which a final document is checked; a draft has none."""
        if not self.draft:
            seal.panel(paper, self.office.profile.title, self.period, self.issue.number, self.fingerprint)

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
