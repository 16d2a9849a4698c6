"""Monitoring at the sections (steps 4 to 6): the check list of the blangko monev, and what makes a result complete."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
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


HOURS = ("09.00", "13.30", "10.30", "15.00")
"""When visits begin, in the order in which a day fills up."""
_HOUR = re.compile(r"([01]?[0-9]|2[0-3])(?:[.:]([0-5][0-9]))?(?: ?wib)?", re.IGNORECASE)


def read_hour(text: str) -> str | None:
    """``09.00`` for 9, 9.00, 09:00 or 09.00 WIB; None for anything else."""
    match = _HOUR.fullmatch(text.strip())
    return f"{int(match[1]):02}.{match[2] or '00'}" if match else None


def spread(count: int, days: Sequence[date]) -> tuple[tuple[date, str], ...]:
    """A day and an hour for each of ``count`` visits, evenly over the days in their order; never two at once.

    Fewer where the days cannot hold them all.
    """
    fitting = min(count, len(days) * len(HOURS))
    places = [n * len(days) // fitting for n in range(fitting)]
    return tuple((days[place], HOURS[n - places.index(place)]) for n, place in enumerate(places))
