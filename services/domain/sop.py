"""The SOP "Pemantauan Capaian Kinerja Internal" as data, and the state of its steps from the log of events.

Source: SOP No. 800/04/Silaut/2024 of 13 August 2024. Procedure, requirement, time and output are the SOP's own words.
The marks that say who does which step were lost from its flow chart: ``executor`` is a proposal until the office
confirms it, and nothing is derived from requirement or output (two look shifted by a row in the SOP itself).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.domain.clock import Calendar, Duration, TimeUnit
from services.domain.roles import Role

SOP_NUMBER = "800/04/Silaut/2024"
SOP_TITLE = "Pemantauan Capaian Kinerja Internal"
STEP_COUNT = 13
LEGAL_BASES = (
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah",
    "Peraturan Pemerintah Nomor 12 Tahun 2019 tentang Pengelolaan Keuangan Daerah",
    "Peraturan Menteri Dalam Negeri Nomor 52 Tahun 2011 tentang Standar Operasional Prosedur di Lingkungan "
    "Pemerintah Provinsi dan Kabupaten/Kota",
    "Peraturan Menteri Dalam Negeri Nomor 73 Tahun 2009 tentang Tata Cara Pelaksanaan Evaluasi Kinerja "
    "Penyelenggaraan Pemerintahan Daerah",
    "Peraturan Menteri Dalam Negeri Nomor 86 Tahun 2017 tentang Tata Cara Perencanaan, Pengendalian dan Evaluasi "
    "Pembangunan Daerah, Tata Cara Evaluasi Rancangan Peraturan Daerah tentang Rencana Pembangunan Jangka Panjang "
    "Daerah dan Rencana Pembangunan Jangka Menengah Daerah, serta Tata Cara Perubahan Rencana Pembangunan Jangka "
    "Panjang Daerah, Rencana Pembangunan Jangka Menengah Daerah, dan Rencana Kerja Pemerintah Daerah",
)
"""The legal bases in the head of the SOP; it names no others."""
COLLECTING, PROCESSING, CORRECTING, VERIFYING = 2, 3, 10, 11


@dataclass(frozen=True, slots=True)
class Step:
    """One of the 13 steps, as one version of the SOP has it."""

    no: int
    procedure: str
    requirement: str
    duration: Duration
    output: str
    executor: tuple[Role, ...]
    involved: tuple[Role, ...]
    confirmed: bool = False

    @property
    def short(self) -> str:
        return SHORT_NAMES[self.no - 1]


SHORT_NAMES = (
    "Format isian",
    "Kumpul data",
    "Olah data",
    "Rencana",
    "Monev",
    "Kumpul hasil",
    "Analisis",
    "Draf",
    "Bahas",
    "Koreksi",
    "Verifikasi",
    "Dokumen",
    "Arsip",
)

_MINUTE, _HOUR, _DAY, _WEEK = TimeUnit.MINUTE, TimeUnit.HOUR, TimeUnit.DAY, TimeUnit.WEEK
_PKP, _KASI, _UMUM, _SEKRETARIS, _CAMAT = Role.PKP, Role.KASI, Role.UMUM, Role.SEKRETARIS, Role.CAMAT
_DRAFT = "Draf laporan monitoring evaluasi kinerja"
_PERFORMANCE_DRAFT = "Draf laporan kinerja"
_EVALUATION = "Laporan evaluasi kinerja"
_REPORT = "Laporan monitoring evaluasi kinerja"
_SCHEDULE = "Jadwal, format isian laporan evaluasi kinerja"


def _step(
    no: int,
    procedure: str,
    requirement: str,
    amount: int,
    unit: TimeUnit,
    output: str,
    executor: tuple[Role, ...],
    involved: tuple[Role, ...] = (),
) -> Step:
    return Step(no, procedure, requirement, Duration(amount, unit), output, executor, involved)


SOP_2024 = (
    _step(
        1,
        "Membuat format isian monitoring evaluasi kinerja",
        "Format isian",
        15,
        _MINUTE,
        "Disposisi surat",
        (_PKP,),
        (_SEKRETARIS, _CAMAT),
    ),
    _step(
        2,
        "Melakukan pengumpulan data kinerja per triwulan",
        _EVALUATION,
        2,
        _DAY,
        "Lembar disposisi",
        (_KASI, _PKP),
        (_UMUM,),
    ),
    _step(3, "Mengolah data kinerja Kecamatan Silaut", _EVALUATION, 7, _DAY, _SCHEDULE, (_PKP,)),
    _step(
        4,
        "Menyusun rencana monitoring evaluasi kinerja setiap kasi",
        _SCHEDULE,
        2,
        _DAY,
        _PERFORMANCE_DRAFT,
        (_PKP,),
        (_SEKRETARIS, _KASI),
    ),
    _step(
        5,
        "Melaksanakan monitoring evaluasi kinerja",
        "Blangko monev",
        7,
        _DAY,
        _PERFORMANCE_DRAFT,
        (_SEKRETARIS, _PKP),
        (_KASI,),
    ),
    _step(
        6,
        "Mengumpulkan data dan informasi hasil monitoring evaluasi",
        _DRAFT,
        3,
        _HOUR,
        _DRAFT,
        (_PKP,),
        (_KASI,),
    ),
    _step(
        7,
        "Mengolah dan menganalisa data informasi hasil monitoring evaluasi",
        _DRAFT,
        1,
        _DAY,
        _DRAFT,
        (_PKP,),
    ),
    _step(8, "Menyusun draf laporan monitoring evaluasi Kecamatan Silaut", _DRAFT, 2, _DAY, _DRAFT, (_PKP,)),
    _step(
        9,
        "Membahas draf laporan hasil monitoring",
        _DRAFT,
        1,
        _WEEK,
        _DRAFT,
        (_SEKRETARIS,),
        (_KASI, _PKP, _UMUM, _CAMAT),
    ),
    _step(
        10,
        "Melakukan perbaikan/koreksi draf laporan hasil monitoring",
        _DRAFT,
        3,
        _DAY,
        _DRAFT,
        (_PKP,),
        (_KASI,),
    ),
    _step(
        11,
        "Melakukan verifikasi draf laporan hasil monitoring",
        _DRAFT,
        1,
        _DAY,
        _DRAFT,
        (_SEKRETARIS,),
        (_CAMAT,),
    ),
    _step(
        12,
        "Menyusun dokumen monitoring evaluasi kinerja Kecamatan Silaut",
        _DRAFT,
        1,
        _DAY,
        _REPORT,
        (_PKP,),
        (_CAMAT,),
    ),
    _step(
        13,
        "Menyimpan dokumen monitoring evaluasi kinerja Kecamatan Silaut",
        _REPORT,
        15,
        _MINUTE,
        _REPORT,
        (_UMUM,),
        (_PKP,),
    ),
)


class Event(StrEnum):
    """What the log of steps records."""

    SUBMITTED = "kirim"
    FINISHED = "selesai"
    RETURNED = "kembali"


@dataclass(frozen=True, slots=True)
class StepEvent:
    """One line of the append-only log. A section's submission is an event of step 2."""

    step: int
    event: Event
    at: datetime
    by: str
    section_id: str = ""
    note: str = ""


class StepState(StrEnum):
    DONE = "Selesai"
    RUNNING = "Berjalan"
    LATE = "Terlambat"
    PENDING = "Belum"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one step stands. ``due_at`` follows from the real end of the step before it.

    ``rounds`` counts how often the step was sent back; ``overrun`` is working minutes past the due moment (0: in time).
    """

    step: Step
    state: StepState
    started_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    rounds: int = 0
    overrun: int = 0


def progress(
    steps: Sequence[Step], opened_at: datetime | None, events: Iterable[StepEvent], calendar: Calendar, now: datetime
) -> tuple[Progress, ...]:
    """State of every step, replayed from the log. ``opened_at`` None: the quarter has not been opened."""
    board = [Progress(step, StepState.PENDING) for step in steps]
    if opened_at is None:
        return tuple(board)
    board[0] = _started(board[0], opened_at, calendar)
    for event in sorted(events, key=lambda e: e.at):
        _apply(board, event, calendar)
    return tuple(_judged(p, calendar, now) for p in board)


def _apply(board: list[Progress], event: StepEvent, calendar: Calendar) -> None:
    index = event.step - 1
    if event.event is Event.FINISHED:
        board[index] = replace(board[index], state=StepState.DONE, done_at=event.at)
        if event.step < len(board):
            board[index + 1] = _started(board[index + 1], event.at, calendar)
    elif event.event is Event.RETURNED:
        board[index] = replace(board[index], state=StepState.PENDING, started_at=None, due_at=None)
        again = replace(board[index - 1], rounds=board[index - 1].rounds + 1, done_at=None)
        board[index - 1] = _started(again, event.at, calendar)


def _started(item: Progress, at: datetime, calendar: Calendar) -> Progress:
    due = calendar.add(at, calendar.minutes(item.step.duration))
    return replace(item, state=StepState.RUNNING, started_at=at, due_at=due)


def _judged(item: Progress, calendar: Calendar, now: datetime) -> Progress:
    if item.due_at is None:
        return item
    overrun = max(0, calendar.between(item.due_at, item.done_at or now))
    late = item.state is StepState.RUNNING and overrun > 0
    return replace(item, overrun=overrun, state=StepState.LATE if late else item.state)


def running(board: Sequence[Progress]) -> Progress | None:
    """The step at which the quarter stands; None before opening and after the last one."""
    return next((p for p in board if p.state in (StepState.RUNNING, StepState.LATE)), None)
