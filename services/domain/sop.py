"""The SOP "Pemantauan Capaian Kinerja Internal" as data: its head, its 13 steps, and what the log of steps records.

Source: SOP No. 800/04/Silaut/2024 of 13 August 2024. Procedure, requirement, time and output are the SOP's own words.
The marks that say who does which step were lost from its flow chart: ``executor`` is a proposal until the office
confirms it, and nothing is derived from requirement or output (two look shifted by a row in the SOP itself).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.domain.clock import Duration, TimeUnit
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
FORM, COLLECTING, PROCESSING, PLANNING, VISITING, GATHERING, ANALYSING = range(1, 8)
DRAFTING, DISCUSSING, CORRECTING, VERIFYING, ISSUING, ARCHIVING = range(8, 14)


@dataclass(frozen=True, slots=True)
class SopHead:
    """The head of the SOP document, in one version. ``in_force_from`` None: this version is still being written."""

    version: str
    number: str
    title: str
    ratified_on: date | None
    ratified_by: str
    legal_bases: tuple[str, ...]
    qualifications: tuple[str, ...]
    related: tuple[str, ...]
    equipment: tuple[str, ...]
    warning: str
    recording: str
    in_force_from: date | None


HEAD_2024 = SopHead(
    version="2024-08-13",
    number=SOP_NUMBER,
    title=SOP_TITLE,
    ratified_on=date(2024, 8, 13),
    ratified_by="AFLIZEN, S. Sos.",
    legal_bases=LEGAL_BASES,
    qualifications=(
        "Kemampuan pengolahan data",
        "Mengetahui tugas dan fungsi SAKIP (Sistem Akuntabilitas Kinerja Instansi Pemerintah)",
        "Mengetahui tugas dan fungsi dalam pembuatan laporan kinerja",
        "Kemampuan berkoordinasi dengan bidang",
    ),
    related=("SOP Pembuatan Pelaksanaan Kegiatan", "SOP Penyusunan Laporan Evaluasi Kinerja"),
    equipment=(
        "Renja",
        "Dokumen Laporan Fisik dan Kegiatan",
        "Format Indikator Kinerja Utama",
        "Perangkat komputer",
    ),
    warning="Jika SOP tidak dilaksanakan, penyusunan laporan monitoring/evaluasi internal capaian kinerja tidak "
    "maksimal dan kinerja sesuai target yang ditetapkan tidak tercapai.",
    recording="Disimpan sebagai dokumen pengendalian dan evaluasi kinerja",
    in_force_from=date(2024, 8, 13),
)


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
    """What the log of steps records. SUBMITTED is a section's, and moves no step."""

    SUBMITTED = "kirim"
    FINISHED = "selesai"
    RETURNED = "kembali"
    VERIFIED = "verifikasi"
    PAUSED = "jeda"
    RESUMED = "lanjut"


@dataclass(frozen=True, slots=True)
class StepEvent:
    """One line of the append-only log. A section's submission is an event of step 2."""

    step: int
    event: Event
    at: datetime
    by: str
    section_id: str = ""
    note: str = ""
