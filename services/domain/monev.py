"""Monitoring at the sections (steps 4 to 6): the check list of the blangko monev, and what makes a result complete."""

from __future__ import annotations

from enum import StrEnum

CHECK_ITEMS = (
    "Realisasi indikator sesuai dengan dokumen sumber datanya",
    "Bukti dukung tersedia dan dapat dibuka",
    "Realisasi anggaran sesuai dengan laporan keuangan",
    "Kegiatan dilaksanakan menurut jadwal rencana kerja",
    "Faktor penghambat dijelaskan dan dapat diatasi seksi sendiri",
    "Tindak lanjut triwulan lalu sudah dilaksanakan",
    "Data indikator dicatat berkala dan dipegang satu petugas",
)
"""Questions of the blangko monev (usulan: the SOP names the form but not its questions)."""


class CheckAnswer(StrEnum):
    YES = "ya"
    PARTLY = "sebagian"
    NO = "tidak"


class FollowUpStatus(StrEnum):
    """Where a follow-up stands. ``is_open``: carried into the next quarter."""

    TODO = "belum"
    DOING = "berjalan"
    DONE = "selesai"
    DROPPED = "batal"

    @property
    def is_open(self) -> bool:
        return self in (FollowUpStatus.TODO, FollowUpStatus.DOING)
