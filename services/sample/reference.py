"""What every office starts with, as rows for the store: settings, rating scale, sections, officials, holidays, the SOP.

Sources: SOP No. 800/04/Silaut/2024; Permendagri 86/2017 (scale); the joint decrees (SKB 3 Menteri) named with each day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from services.domain.attainment import DEFAULT_SCALE
from services.domain.clock import Calendar
from services.domain.roles import Role
from services.domain.settings import BY_KEY, CLOSES, DAYS_PER_WEEK, DOWN_FORMULA, MEAN_CAP, MEANING_OF_DAY, OPENS
from services.domain.sop import HEAD_2024, SOP_2024, SOP_NUMBER, SOP_TITLE
from services.store import schema
from services.store.store import Row

SAMPLE_FLAG = "contoh"
SAMPLE_MARK = "(contoh)"
"""Ends every text that stands in for a real one."""
SOP_VERSION = HEAD_2024.version
PUBLIC, COLLECTIVE = "libur nasional", "cuti bersama"

_DECREE_2025 = "SKB 3 Menteri No. 1017/2024, 2/2024, 2/2024"
_AMENDMENT_2025 = f"Perubahan atas {_DECREE_2025}"
_DECREE_2026 = "SKB 3 Menteri No. 1497/2025, 2/2025, 5/2025"

_HOLIDAYS: tuple[tuple[int, str, str, tuple[tuple[tuple[str, ...], str], ...]], ...] = (
    (
        2025,
        PUBLIC,
        _DECREE_2025,
        (
            (("01-01",), "Tahun Baru 2025 Masehi"),
            (("01-27",), "Isra Mikraj Nabi Muhammad saw."),
            (("01-29",), "Tahun Baru Imlek 2576 Kongzili"),
            (("03-29",), "Hari Suci Nyepi Tahun Baru Saka 1947"),
            (("03-31", "04-01"), "Idulfitri 1446 Hijriah"),
            (("04-18",), "Wafat Yesus Kristus"),
            (("04-20",), "Kebangkitan Yesus Kristus (Paskah)"),
            (("05-01",), "Hari Buruh Internasional"),
            (("05-12",), "Hari Raya Waisak 2569 BE"),
            (("05-29",), "Kenaikan Yesus Kristus"),
            (("06-01",), "Hari Lahir Pancasila"),
            (("06-06",), "Iduladha 1446 Hijriah"),
            (("06-27",), "1 Muharam Tahun Baru Islam 1447 Hijriah"),
            (("08-17",), "Proklamasi Kemerdekaan"),
            (("09-05",), "Maulid Nabi Muhammad saw."),
            (("12-25",), "Kelahiran Yesus Kristus"),
        ),
    ),
    (
        2025,
        COLLECTIVE,
        _DECREE_2025,
        (
            (("01-28",), "Tahun Baru Imlek 2576 Kongzili"),
            (("03-28",), "Hari Suci Nyepi Tahun Baru Saka 1947"),
            (("04-02", "04-03", "04-04", "04-07"), "Idulfitri 1446 Hijriah"),
            (("05-13",), "Hari Raya Waisak 2569 BE"),
            (("05-30",), "Kenaikan Yesus Kristus"),
            (("06-09",), "Iduladha 1446 Hijriah"),
            (("12-26",), "Kelahiran Yesus Kristus"),
        ),
    ),
    (2025, COLLECTIVE, _AMENDMENT_2025, ((("08-18",), "Proklamasi Kemerdekaan"),)),
    (
        2026,
        PUBLIC,
        _DECREE_2026,
        (
            (("01-01",), "Tahun Baru 2026 Masehi"),
            (("01-16",), "Isra Mikraj Nabi Muhammad saw."),
            (("02-17",), "Tahun Baru Imlek 2577 Kongzili"),
            (("03-19",), "Hari Suci Nyepi Tahun Baru Saka 1948"),
            (("03-21", "03-22"), "Idulfitri 1447 Hijriah"),
            (("04-03",), "Wafat Yesus Kristus"),
            (("04-05",), "Kebangkitan Yesus Kristus (Paskah)"),
            (("05-01",), "Hari Buruh Internasional"),
            (("05-14",), "Kenaikan Yesus Kristus"),
            (("05-27",), "Iduladha 1447 Hijriah"),
            (("05-31",), "Hari Raya Waisak 2570 BE"),
            (("06-01",), "Hari Lahir Pancasila"),
            (("06-16",), "1 Muharam Tahun Baru Islam 1448 Hijriah"),
            (("08-17",), "Proklamasi Kemerdekaan"),
            (("08-25",), "Maulid Nabi Muhammad saw."),
            (("12-25",), "Kelahiran Yesus Kristus"),
        ),
    ),
    (
        2026,
        COLLECTIVE,
        _DECREE_2026,
        (
            (("02-16",), "Tahun Baru Imlek 2577 Kongzili"),
            (("03-18",), "Hari Suci Nyepi Tahun Baru Saka 1948"),
            (("03-20", "03-23", "03-24"), "Idulfitri 1447 Hijriah"),
            (("05-15",), "Kenaikan Yesus Kristus"),
            (("05-28",), "Iduladha 1447 Hijriah"),
            (("12-24",), "Kelahiran Yesus Kristus"),
        ),
    ),
)

_SECTIONS = (
    ("pem", "Seksi Pemerintahan", "Pemerintahan"),
    ("trantib", "Seksi Ketenteraman dan Ketertiban Umum", "Trantibum"),
    ("pmn", "Seksi Pemberdayaan Masyarakat dan Nagari", "Pemberdayaan Masy. dan Nagari"),
    ("kesos", "Seksi Kesejahteraan Sosial", "Kesejahteraan Sosial"),
    ("yanum", "Seksi Pelayanan Umum", "Pelayanan Umum"),
    ("pkp", "Subbagian Perencanaan, Keuangan dan Pelaporan", "Subbag PKP"),
    ("umum", "Subbagian Umum dan Kepegawaian", "Subbag Umum"),
)
SECTION_IDS = tuple(section_id for section_id, _, _ in _SECTIONS)

DISTRICT = "Silaut"
"""The kecamatan whose SOP is the one that every office begins with."""
_PROFILE = {
    "nama_kecamatan": DISTRICT,
    "kabupaten": "Pesisir Selatan",
    "provinsi": "Sumatera Barat",
    "alamat": f"Alamat kantor {SAMPLE_MARK}",
    DOWN_FORMULA: BY_KEY[DOWN_FORMULA].default,
    MEAN_CAP: "",
    SAMPLE_FLAG: "ya",
    "nomor_sop": SOP_NUMBER,
    "judul_sop": SOP_TITLE,
    "tanggal_sop": SOP_VERSION,
    **{key: BY_KEY[key].default for key in (OPENS, CLOSES, DAYS_PER_WEEK, MEANING_OF_DAY)},
}
_NOTES = {
    SAMPLE_FLAG: "ya: semua data karangan dan bertanda CONTOH.",
    "tanggal_sop": "Tanggal pengesahan SOP.",
    **{key: setting.note for key, setting in BY_KEY.items()},
}


def tables() -> dict[str, tuple[Row, ...]]:
    """All reference rows by table name."""
    return {
        schema.PROFILE.name: tuple(
            {"id": key, "value": value, "note": _NOTES.get(key, "")} for key, value in _PROFILE.items()
        ),
        schema.RATING.name: tuple(
            {"id": f"kat-{r.rank}", "rank": r.rank, "label": r.label, "lower": r.lower} for r in DEFAULT_SCALE.ratings
        ),
        schema.SECTION.name: tuple(
            {"id": section_id, "name": name, "short": short, "order": order}
            for order, (section_id, name, short) in enumerate(_SECTIONS, start=1)
        ),
        schema.OFFICIAL.name: tuple(_officials()),
        schema.HOLIDAY.name: tuple(sorted(_holidays(), key=lambda row: str(row["id"]))),
        schema.SOP_VERSION.name: (_sop_version(),),
        schema.SOP_STEP.name: tuple(_steps()),
    }


@cache
def calendar() -> Calendar:
    """The office's calendar as these rows describe it."""
    days = frozenset(date.fromisoformat(str(row["id"]).removeprefix("libur-")) for row in _holidays())
    return Calendar(holidays=days, known_years=frozenset(day.year for day in days))


def _officials() -> Iterable[Row]:
    # The SOP itself names the Camat; ranks are data that nobody gave, so they stay empty.
    yield _official("camat", "Camat", "AFLIZEN, S. Sos.", Role.CAMAT, nip="197206051993031005")
    yield _official("sekretaris", "Sekretaris Kecamatan", f"Nama Sekretaris {SAMPLE_MARK}", Role.SEKRETARIS)
    heads = {"pkp": ("Kasubag PKP", Role.PKP), "umum": ("Kasubag Umum", Role.UMUM)}
    for section_id, name, short in _SECTIONS:
        title, role = heads.get(section_id, (f"Kasi {short}", Role.KASI))
        yield _official(section_id, f"Kepala {name}", f"Nama {title} {SAMPLE_MARK}", role, section_id=section_id)


def _official(key: str, post: str, name: str, role: Role, *, nip: str = "", section_id: str = "") -> Row:
    return {
        "id": f"pejabat-{key}",
        "post": post,
        "name": name,
        "nip": nip,
        "rank": "",
        "role": role.value,
        "section_id": section_id,
    }


def _holidays() -> Iterable[Row]:
    for year, kind, basis, entries in _HOLIDAYS:
        for days, name in entries:
            for day in days:
                found = date.fromisoformat(f"{year}-{day}")
                yield {"id": f"libur-{found}", "day": found, "kind": kind, "name": name, "basis": basis}


def _sop_version() -> Row:
    lists = ("legal_bases", "qualifications", "related", "equipment")
    return {
        "id": SOP_VERSION,
        "number": HEAD_2024.number,
        "title": HEAD_2024.title,
        "ratified_on": HEAD_2024.ratified_on,
        "ratified_by": HEAD_2024.ratified_by,
        **{name: "\n".join(getattr(HEAD_2024, name)) for name in lists},
        "warning": HEAD_2024.warning,
        "recording": HEAD_2024.recording,
        "in_force_from": HEAD_2024.in_force_from,
    }


def _steps() -> Iterable[Row]:
    for step in SOP_2024:
        yield {
            "id": f"sop-{SOP_VERSION}-{step.no:02d}",
            "version": SOP_VERSION,
            "no": step.no,
            "procedure": step.procedure,
            "requirement": step.requirement,
            "amount": step.duration.amount,
            "unit": step.duration.unit.value,
            "output": step.output,
            "executor": ",".join(step.executor),
            "involved": ",".join(step.involved),
            "confirmed": step.confirmed,
        }
