"""The settings of an office: what each means, what it may hold, and what it is before anybody has decided.

One row of the table Profil each; its id is the key here. Rows that are not named here are not settings of people: the
mark of a sample, the coat of arms, and mail addresses for the protection of a shared sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from services.domain.attainment import DownFormula
from services.domain.sop import SOP_NUMBER

CALENDAR_DAYS, WORKING_DAYS = "hari kalender", "hari kerja"
YES, NO = "ya", "tidak"
DOWN_FORMULA, MEAN_CAP = "rumus_turun", "batas_rata_rata"
OPENS, CLOSES, DAYS_PER_WEEK, MEANING_OF_DAY = "jam_buka", "jam_tutup", "hari_per_minggu", "arti_hari"
NIP_IN_SHEET = "nip_di_spreadsheet"
MAIL_PREFIX = "surel."
"""``surel.pem`` has the e-mail addresses of those who may type into the cells of the section ``pem`` in a sheet."""

_HOUR = re.compile(r"([01]?[0-9]|2[0-3])\.([0-5][0-9])")
_CAP = re.compile(r"[1-9][0-9]{1,2}")
_SHORTEST_DAY = 60
"""Minutes between opening and closing below which the hours are surely mistyped."""


class Group(StrEnum):
    """What belongs together on a page; the value is its heading."""

    IDENTITY = "Identitas kantor"
    FIGURES = "Perhitungan capaian"
    TIME = "Waktu kerja"
    PRIVACY = "Data pribadi"


def _anything(_text: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Setting:
    """``note`` says what it is for; ``options`` are the values that it may hold, with what people read.

    ``check`` says what to write instead of a text that it may not hold, "" for one that it may.
    """

    key: str
    label: str
    group: Group
    note: str
    default: str = ""
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[str], str] = _anything

    def problem(self, text: str) -> str:
        """What to write instead; "" where the text is right."""
        if not text:
            return f"{self.label} wajib diisi." if self.required else ""
        if self.options and text not in self.options:
            return f"Tulis salah satu dari: {', '.join(self.options)}."
        return self.check(text)


def read_hour(text: str) -> time | None:
    """``08.00``; None for anything else."""
    match = _HOUR.fullmatch(text)
    return time(int(match[1]), int(match[2])) if match else None


def read_cap(text: str) -> Decimal | None:
    """The most that one capaian counts in a mean, in percent; None for no cap and for what is no cap."""
    return Decimal(text) if _CAP.fullmatch(text) else None


def _without(word: str) -> Callable[[str], str]:
    pattern = re.compile(rf"{word}\b", re.IGNORECASE)
    return lambda text: f"Tulis namanya saja, tanpa kata {word}." if pattern.match(text) else ""


def _hour(example: str) -> Callable[[str], str]:
    return lambda text: "" if read_hour(text) else f"Tulis jam dengan titik, misalnya {example}."


def _cap(text: str) -> str:
    return "" if read_cap(text) else "Tulis bilangan bulat 10 sampai 999, misalnya 100, atau kosongkan."


SETTINGS = (
    Setting(
        "nama_kecamatan",
        "Nama kecamatan",
        Group.IDENTITY,
        "Tanpa kata Kecamatan. Tercetak pada kop surat dan sampul.",
        required=True,
        check=_without("Kecamatan"),
    ),
    Setting(
        "kabupaten",
        "Kabupaten",
        Group.IDENTITY,
        "Tanpa kata Kabupaten. Baris pertama kop surat.",
        required=True,
        check=_without("Kabupaten"),
    ),
    Setting("provinsi", "Provinsi", Group.IDENTITY, "Tanpa kata Provinsi.", check=_without("Provinsi")),
    Setting("alamat", "Alamat kantor", Group.IDENTITY, "Baris terakhir kop surat."),
    Setting(
        "nomor_sop",
        "Nomor SOP",
        Group.IDENTITY,
        "Tampil di halaman masuk dan sifat berkas PDF. Isi SOP diubah di halaman Dokumen SOP.",
        default=SOP_NUMBER,
        required=True,
    ),
    Setting(
        DOWN_FORMULA,
        "Rumus arah turun",
        Group.FIGURES,
        "Satu rumus untuk semua indikator yang makin kecil makin baik.",
        default=DownFormula.TWICE_TARGET_MINUS_ACTUAL.value,
        required=True,
        options=MappingProxyType(
            {
                DownFormula.TWICE_TARGET_MINUS_ACTUAL.value: "(2T − R) / T × 100",
                DownFormula.TARGET_OVER_ACTUAL.value: "T / R × 100",
            }
        ),
    ),
    Setting(
        MEAN_CAP,
        "Batas atas dalam rata-rata (%)",
        Group.FIGURES,
        "Capaian di atasnya dihitung sebesar batas ini di dalam rata-rata saja. Kosong: tanpa batas.",
        check=_cap,
    ),
    Setting(OPENS, "Jam buka", Group.TIME, "Awal jam kerja.", default="08.00", required=True, check=_hour("08.00")),
    Setting(CLOSES, "Jam tutup", Group.TIME, "Akhir jam kerja.", default="16.00", required=True, check=_hour("16.00")),
    Setting(
        DAYS_PER_WEEK,
        "Hari dalam 1 minggu",
        Group.TIME,
        "Berapa hari 1 minggu dalam mutu baku SOP.",
        default="5",
        required=True,
        options=MappingProxyType({str(n): f"{n} hari" for n in range(1, 8)}),
    ),
    Setting(
        MEANING_OF_DAY,
        "Arti hari",
        Group.TIME,
        "Arti hari dalam mutu baku SOP.",
        default=WORKING_DAYS,
        required=True,
        options=MappingProxyType({WORKING_DAYS: "Hari kerja", CALENDAR_DAYS: "Hari kalender"}),
    ),
    Setting(
        NIP_IN_SHEET,
        "NIP boleh disimpan di spreadsheet bersama",
        Group.PRIVACY,
        "Hanya berarti bila data disimpan di Google Sheets. Tanpa izin ini NIP tidak ditulis ke sana.",
        default=NO,
        required=True,
        options=MappingProxyType({NO: "Tidak", YES: "Ya"}),
    ),
)
BY_KEY = MappingProxyType({setting.key: setting for setting in SETTINGS})


def in_force(stored: Mapping[str, str]) -> dict[str, str]:
    """The value of each setting with which the application works: the stored one, unless it cannot be understood.

    Names and addresses are taken as they are; ``problems`` says what should stand there instead.
    """
    values = {s.key: stored.get(s.key, s.default) for s in SETTINGS}
    for setting in SETTINGS:
        if setting.group is not Group.IDENTITY and setting.problem(values[setting.key]):
            values[setting.key] = setting.default
    if hours_problem(values):
        values |= {OPENS: BY_KEY[OPENS].default, CLOSES: BY_KEY[CLOSES].default}
    return values


def known(stored: Mapping[str, str]) -> dict[str, str]:
    """Those of the rows of the tab Profil that are settings of people."""
    return {key: text for key, text in stored.items() if key in BY_KEY}


def is_private(key: str) -> bool:
    """Whether a row of the tab Profil is nobody's business outside the office, and says nothing about figures."""
    return key == NIP_IN_SHEET or key.startswith(MAIL_PREFIX)


def problems(changed: Mapping[str, str], beside: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """What is wrong with each of these settings, alone and together with those that stay as they are."""
    found = {key: problem for key, text in changed.items() if (problem := BY_KEY[key].problem(text))}
    if {OPENS, CLOSES} & set(changed) and (problem := hours_problem({**beside, **changed})):
        found[CLOSES if CLOSES in changed else OPENS] = problem
    return found


def hours_problem(values: Mapping[str, str]) -> str:
    """Why opening and closing do not fit together; "" where they do, and where one of them is no hour at all."""
    opens, closes = (read_hour(values.get(key, BY_KEY[key].default)) for key in (OPENS, CLOSES))
    if opens is None or closes is None:
        return ""
    minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    return "" if minutes >= _SHORTEST_DAY else "Jam tutup harus paling sedikit 1 jam sesudah jam buka."
