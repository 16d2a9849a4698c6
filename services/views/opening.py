"""Step 1: what opening a quarter would make, and what is still doubtful in indicators, targets, calendar and SOP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.domain.clock import WIB
from services.domain.findings import FindingKind
from services.domain.indicators import Aggregation, Indicator, Period
from services.domain.numbers import clean, format_date
from services.domain.process import Planned, plan
from services.store import schema
from services.views.entries import collection_due, lock_due
from services.views.findings import Checked, open_findings
from services.views.office import Office, Section


class Subject(StrEnum):
    """What is checked before a quarter is opened."""

    POLARITY = "Arah indikator"
    UNIT = "Satuan"
    TARGET = "Target triwulan ini"
    READABLE = "Target dan pagu terbaca"
    CODES = "Kode dan nama"
    SHARED_CODES = "Kode yang dipakai bersama"
    CHOICES = "Pilihan dan seksi"
    HOLIDAYS = "Hari libur"
    EXECUTORS = "Pelaksana SOP"
    QUARTER_ENDED = "Akhir triwulan"

    @property
    def advice(self) -> str:
        return _ADVICE[self]


_ADVICE = {
    Subject.POLARITY: "Tanpa arah, capaiannya tidak dihitung. Tulis naik atau turun di Kamus indikator.",
    Subject.UNIT: "Tanpa satuan, angkanya mudah salah tulis. Isi satuannya di Kamus indikator.",
    Subject.TARGET: "Tanpa target, capaiannya tidak dihitung. Tetapkan lewat Revisi target di Kamus indikator.",
    Subject.READABLE: "Target atau pagu yang tidak terbaca dianggap belum ada. Betulkan di Kamus indikator.",
    Subject.CODES: "Periksa apakah indikatornya ganda atau kodenya berubah bentuk.",
    Subject.SHARED_CODES: "Benar bila satu kegiatan memang mempunyai beberapa indikator.",
    Subject.CHOICES: "Pilihan yang tidak dikenal tidak dapat dipakai. Betulkan di Kamus indikator.",
    Subject.HOLIDAYS: "Hari libur tahun ini belum diisi, sehingga tenggat dapat jatuh pada hari libur.",
    Subject.EXECUTORS: "Pelaksananya masih usulan. Konfirmasikan di halaman Dokumen SOP.",
    Subject.QUARTER_ENDED: "Triwulan boleh dibuka lebih awal, tetapi realisasinya belum dapat dipastikan.",
}
_FINDINGS = {
    FindingKind.NO_POLARITY: Subject.POLARITY,
    FindingKind.NO_TARGET: Subject.TARGET,
    FindingKind.DUPLICATE: Subject.CODES,
    FindingKind.CODE: Subject.CODES,
    FindingKind.UNKNOWN_WORD: Subject.CHOICES,
}
_TO_KNOW = frozenset({Subject.SHARED_CODES, Subject.EXECUTORS, Subject.QUARTER_ENDED})


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that was found; ``indicator_id`` leads to the dictionary, "" where it is about none."""

    text: str
    indicator_id: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what was found. None of it keeps a quarter from being opened."""

    subject: Subject
    doubts: tuple[Doubt, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether something is to be put right, and not only to be known."""
        return bool(self.doubts) and self.subject not in _TO_KNOW


@dataclass(frozen=True, slots=True)
class Rows:
    """The entry rows of one section; ``annual``: those of them that are measured in the last quarter only."""

    section: Section
    count: int
    annual: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a quarter now would make: an empty entry for every active indicator, and all planned dates."""

    rows: tuple[Rows, ...]
    plan: tuple[Planned, ...]
    due_on: date
    locks_on: date
    checks: tuple[Check, ...]

    @property
    def indicators(self) -> int:
        return sum(row.count for row in self.rows)


def opening(office: Office, period: Period, now: datetime) -> Opening:
    """Preview of a quarter that is not open yet, if it were opened at ``now``."""
    planned = plan(office.steps(period), now, office.calendar)
    return Opening(
        rows=rows_of(office, period),
        plan=planned,
        due_on=collection_due(office, period, now),
        locks_on=lock_due(office, period, now),
        checks=_checks(office, period, now, planned),
    )


def rows_of(office: Office, period: Period) -> tuple[Rows, ...]:
    """How many rows each section fills in, as the dictionary is now; indicators without a known section last."""
    own: dict[str, list[Indicator]] = {section.id: [] for section in office.sections}
    for indicator in office.indicators:
        own.setdefault(indicator.section_id, []).append(indicator)
    return tuple(Rows(office.section(s), len(found), _annual(found, period)) for s, found in own.items() if found)


def _annual(indicators: Iterable[Indicator], period: Period) -> int:
    return sum(i.aggregation is Aggregation.ANNUAL and period.quarter < 4 for i in indicators)


# --- checks ------------------------------------------------------------------------------------------------------


def _checks(office: Office, period: Period, now: datetime, planned: tuple[Planned, ...]) -> tuple[Check, ...]:
    found: dict[Subject, list[Doubt]] = {subject: [] for subject in Subject}
    for checked in open_findings(office, period):
        if subject := _subject(checked):
            found[subject].append(_doubt(checked))
    found[Subject.UNIT] += (Doubt(i.name, i.id) for i in office.indicators if not clean(i.unit))
    found[Subject.SHARED_CODES] += _shared_codes(office)
    found[Subject.HOLIDAYS] += _years_without_holidays(office, planned)
    found[Subject.EXECUTORS] += _unconfirmed(office, period)
    last_day = _last_day(period)
    if now.astimezone(WIB).date() <= last_day:
        found[Subject.QUARTER_ENDED].append(Doubt(f"Triwulan ini baru berakhir {format_date(last_day)}"))
    return tuple(Check(subject, tuple(doubts)) for subject, doubts in found.items())


def _subject(checked: Checked) -> Subject | None:
    finding = checked.finding
    if finding.table == schema.TARGET.name and finding.column:
        return Subject.READABLE
    return _FINDINGS.get(finding.kind) if finding.table in (schema.INDICATOR.name, schema.TARGET.name) else None


def _doubt(checked: Checked) -> Doubt:
    finding, indicator = checked.finding, checked.indicator
    name = indicator.name if indicator else finding.indicator_id
    if finding.kind in (FindingKind.NO_POLARITY, FindingKind.NO_TARGET):
        return Doubt(name, finding.indicator_id)
    return Doubt(f"{name}: tertulis {finding.typed}; {finding.why.rstrip('.')}", finding.indicator_id)


def _shared_codes(office: Office) -> Iterable[Doubt]:
    counts = Counter(clean(i.code) for i in office.indicators if clean(i.code))
    return (Doubt(f"{code}, {count} indikator") for code, count in counts.items() if count > 1)


def _unconfirmed(office: Office, period: Period) -> Iterable[Doubt]:
    steps = [str(step.no) for step in office.steps(period) if not step.confirmed]
    return (Doubt(f"{len(steps)} langkah: {', '.join(steps)}"),) if steps else ()


def _years_without_holidays(office: Office, planned: tuple[Planned, ...]) -> Iterable[Doubt]:
    years = {moment.year for item in planned for moment in (item.start, item.due)}
    return (Doubt(f"Tahun {year}") for year in sorted(years - office.calendar.known_years))


def _last_day(period: Period) -> date:
    following = period.next()
    return date(following.year, 3 * following.quarter - 2, 1) - date.resolution
