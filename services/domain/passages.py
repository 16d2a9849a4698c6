"""The texts of the report: which parts a person may write, what stands there otherwise, and the placeholders in them.

A ``standard`` part is the same each quarter: its text is a template that the office may edit. The other parts are
built from the figures; a person's own words may stand in their place for one quarter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum

PLACEHOLDERS: Mapping[str, str] = {
    "kantor": "Nama kantor, misalnya Kecamatan Silaut",
    "kecamatan": "Nama kecamatan tanpa kata Kecamatan",
    "kabupaten": "Nama kabupaten tanpa kata Kabupaten",
    "provinsi": "Nama provinsi",
    "triwulan": "Triwulan laporan, misalnya Triwulan III Tahun 2026",
    "periode": "Bulan awal sampai akhir triwulan",
    "tahun": "Tahun laporan",
    "nomor_sop": "Nomor SOP yang dipakai triwulan ini",
    "judul_sop": "Judul SOP",
    "jumlah_indikator": "Banyaknya indikator yang dipantau",
    "jumlah_seksi": "Banyaknya seksi dan subbagian",
}
"""Names that may stand in braces in a text, and what is put there."""
_PLACE = re.compile(r"\{([A-Za-z_]{1,40})\}")


SUMMARY_LENGTH = 1_200
"""So many letters of own words fit on the one page of the summary beside its figures and what is asked for."""


class Part(StrEnum):
    """A text of the report; the value names it in the store."""

    PREFACE = "kata_pengantar"
    BACKGROUND = "latar_belakang"
    PURPOSE = "maksud_tujuan"
    SCOPE = "ruang_lingkup"
    STRUCTURE = "sistematika"
    TEAM = "tim_jadwal"
    CLOSING = "penutup"
    SUMMARY = "ringkasan"
    STEPS = "langkah"
    SECTIONS = "capaian_seksi"
    CONCLUSIONS = "kesimpulan"
    ADVICE = "saran"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_standard(self) -> bool:
        return self in STANDARD

    @property
    def is_list(self) -> bool:
        """Whether each line is an item of a numbered list."""
        return self in (Part.CONCLUSIONS, Part.ADVICE)


_LABELS = {
    Part.PREFACE: "Kata Pengantar",
    Part.BACKGROUND: "1.1 Latar Belakang",
    Part.PURPOSE: "1.3 Maksud dan Tujuan",
    Part.SCOPE: "1.4 Ruang Lingkup",
    Part.STRUCTURE: "1.5 Sistematika",
    Part.TEAM: "2.1 Tim dan Jadwal",
    Part.CLOSING: "BAB IV Penutup, pembuka",
    Part.SUMMARY: "Ringkasan Eksekutif",
    Part.STEPS: "2.2 Tiga Belas Langkah SOP dan Waktunya",
    Part.SECTIONS: "3.1 Capaian per Seksi",
    Part.CONCLUSIONS: "4.1 Kesimpulan",
    Part.ADVICE: "4.2 Saran",
}
STANDARD: Mapping[Part, str] = {
    Part.PREFACE: (
        "Puji syukur kami panjatkan ke hadirat Tuhan Yang Maha Esa karena Laporan Monitoring dan Evaluasi Kinerja "
        "{kantor} {triwulan} dapat diselesaikan.\n"
        "Laporan ini disusun sebagai pelaksanaan SOP {judul_sop} Nomor {nomor_sop}. Isinya adalah capaian kinerja "
        "periode {periode}, pelaksanaan langkah SOP, kendala yang dihadapi, serta tindak lanjut yang disepakati.\n"
        "Kami mengucapkan terima kasih kepada seluruh kepala seksi dan kepala subbagian yang telah menyampaikan data "
        "dan bukti dukung. Semoga laporan ini menjadi bahan pengendalian dan perbaikan kinerja pada triwulan "
        "berikutnya."
    ),
    Part.BACKGROUND: (
        "{kantor} Kabupaten {kabupaten} bertanggung jawab atas kinerja yang diperjanjikan setiap tahun. Agar target "
        "akhir tahun dapat dikendalikan, capaian kinerja dipantau setiap triwulan sehingga kendala diketahui dan "
        "ditindaklanjuti selagi masih ada waktu.\n"
        "Pemantauan dilaksanakan menurut SOP {judul_sop} Nomor {nomor_sop}. Laporan ini memuat hasil pemantauan "
        "{triwulan}, yaitu periode {periode}."
    ),
    Part.PURPOSE: (
        "Laporan ini dimaksudkan untuk menyajikan capaian kinerja {kantor} secara lengkap dan dapat ditelusuri. "
        "Tujuannya mengetahui capaian terhadap target, menemukan faktor pendorong dan penghambat, menetapkan tindak "
        "lanjut, serta menyediakan bahan keputusan bagi pimpinan."
    ),
    Part.SCOPE: (
        "Laporan mencakup {jumlah_indikator} indikator kinerja dari {jumlah_seksi} seksi dan subbagian, pelaksanaan "
        "13 langkah SOP, capaian terhadap target, anggaran dan serapannya, hambatan, serta tindak lanjut."
    ),
    Part.STRUCTURE: (
        "Bab I memuat dasar dan tujuan laporan, Bab II pelaksanaan dan cara menghitung, Bab III hasil, Bab IV "
        "kesimpulan dan saran. Lampiran memuat capaian semua indikator, Formulir E.81, bukti dukung, dan pembahasan."
    ),
    Part.TEAM: (
        "Monitoring dan evaluasi dilaksanakan oleh pejabat {kantor} menurut tugas masing-masing dalam SOP. Jadwal "
        "langkah dihitung dari hari dibukanya triwulan dan waktu baku SOP; monitoring ke seksi dijadwalkan tersendiri."
    ),
    Part.CLOSING: (
        "Demikian hasil monitoring dan evaluasi kinerja {kantor} {triwulan}. Kesimpulan dan saran berikut disusun dari "
        "data yang tercantum dalam laporan ini."
    ),
}
"""The standard texts, in use until the office writes its own."""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced. A brace that encloses no known name stays as it was typed."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_placeholders(text: str) -> Iterator[tuple[str, str]]:
    """Each name in braces that nothing can be put for, with the known one that is most like it ("" if none is)."""
    for name in dict.fromkeys(_PLACE.findall(text)):
        if name not in PLACEHOLDERS:
            yield name, next(iter(get_close_matches(name.casefold(), PLACEHOLDERS, 1, 0.5)), "")
