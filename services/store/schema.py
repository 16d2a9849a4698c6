"""Every table and column, once: sheet headers, SQL tables, import, export and the log all come from here.

Column names are the identifiers of the code; headers are what people read in the sheet. Each table begins with ``id``,
which the client makes, so that a row can be found again wherever somebody has sorted it to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

VERSION = 2  # raise it whenever tables or columns change: a backup fits only the version that made it


class Kind(StrEnum):
    """What a cell may hold, and its Python type in a row."""

    TEXT = "text"  # str; never None: an empty text is ""
    ENTRY = "entry"  # str | Decimal | None: exactly what a person typed, read strictly by the domain
    NUMBER = "number"  # Decimal | None
    INTEGER = "integer"  # int | None
    DATE = "date"  # date | None
    MOMENT = "moment"  # aware datetime | None
    FLAG = "flag"  # bool


@dataclass(frozen=True, slots=True)
class Column:
    """``references`` names the table whose ``id`` this column holds; "" in a column that is not required: none."""

    name: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    note: str = ""
    references: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``unique`` names the columns that no two rows share; ``append_only`` rows are never changed.

    A table ``on_demand`` grows without end and is not part of the usual read.
    """

    name: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    append_only: bool = False
    on_demand: bool = False
    note: str = ""

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)


def _id() -> Column:
    return Column("id", "ID", required=True, note="Dibuat oleh aplikasi. Jangan diubah.")


def _period() -> tuple[Column, Column]:
    return (
        Column("year", "Tahun", Kind.INTEGER, required=True),
        Column("quarter", "Triwulan", Kind.INTEGER, required=True, note="1 sampai 4."),
    )


PROFILE = Table(
    "Profil",
    (
        _id(),
        Column("value", "Nilai"),
        Column("note", "Keterangan"),
    ),
    note="Satu baris untuk setiap setelan kantor; ID adalah nama setelannya.",
)

RATING = Table(
    "Kategori",
    (
        _id(),
        Column("rank", "Urutan", Kind.INTEGER, required=True, note="0 adalah kategori terbaik."),
        Column("label", "Kategori", required=True),
        Column("lower", "Batas bawah (%)", Kind.INTEGER, note="Kosong untuk kategori terendah."),
    ),
    unique=("rank",),
)

SECTION = Table(
    "Seksi",
    (
        _id(),
        Column("name", "Nama", required=True),
        Column("short", "Singkatan", required=True),
        Column("order", "Urutan", Kind.INTEGER, required=True),
    ),
)

OFFICIAL = Table(
    "Pejabat",
    (
        _id(),
        Column("post", "Jabatan", required=True),
        Column("name", "Nama"),
        Column("nip", "NIP"),
        Column("rank", "Pangkat/Golongan"),
        Column("role", "Peran", required=True),
        Column("section_id", "Seksi", references="Seksi"),
    ),
)

INDICATOR = Table(
    "Indikator",
    (
        _id(),
        Column("code", "Kode", note="Kode rekening sebagai teks, misalnya 7.01.02.2.01."),
        Column("name", "Indikator kinerja", required=True),
        Column("level", "Tingkat", required=True, note="IKU, Program, Kegiatan, atau Sub kegiatan."),
        Column("objective", "Sasaran"),
        Column("programme", "Program/Kegiatan"),
        Column("unit", "Satuan", required=True),
        Column("polarity", "Arah", note="naik: makin besar makin baik; turun: makin kecil makin baik."),
        Column("aggregation", "Tipe", required=True, note="jumlah, rata-rata, posisi akhir, atau tahunan."),
        Column("section_id", "Seksi", required=True, references="Seksi"),
        Column("definition", "Definisi operasional"),
        Column("formula", "Rumus perhitungan"),
        Column("source", "Sumber data"),
        Column("order", "Urutan", Kind.INTEGER, required=True),
        Column("active", "Aktif", Kind.FLAG),
    ),
)

TARGET = Table(
    "Target",
    (
        _id(),
        Column("indicator_id", "Indikator", required=True, references="Indikator"),
        Column("year", "Tahun", Kind.INTEGER, required=True),
        Column("valid_from", "Berlaku mulai triwulan", Kind.INTEGER, required=True),
        Column("annual", "Target tahunan", Kind.ENTRY),
        Column("q1", "Target TW I", Kind.ENTRY),
        Column("q2", "Target TW II", Kind.ENTRY),
        Column("q3", "Target TW III", Kind.ENTRY),
        Column("q4", "Target TW IV", Kind.ENTRY),
        Column("budget", "Pagu (Rp)", Kind.ENTRY),
        Column("legal_basis", "Dasar hukum"),
    ),
    unique=("indicator_id", "year", "valid_from"),
)

ENTRY = Table(
    "Isian",
    (
        _id(),
        *_period(),
        Column("indicator_id", "Indikator", required=True, references="Indikator"),
        Column("section_id", "Seksi", required=True, references="Seksi"),
        Column("actual", "Realisasi", Kind.ENTRY, note="Angka saja, misalnya 83,33. Tulis NA bila belum terukur."),
        Column("spent", "Realisasi anggaran s.d. triwulan (Rp)", Kind.ENTRY, note="Rupiah, misalnya 12.450.000."),
        Column("driver", "Faktor pendorong"),
        Column("obstacle", "Faktor penghambat"),
        Column("follow_up", "Tindak lanjut"),
        Column("evidence", "Tautan bukti dukung"),
        Column("entered_by", "Diisi oleh"),
        Column("entered_at", "Diisi pada", Kind.MOMENT),
    ),
    unique=("year", "quarter", "indicator_id"),
)

CYCLE = Table(
    "Siklus",
    (
        _id(),
        *_period(),
        Column("opened_at", "Dibuka pada", Kind.MOMENT, required=True),
        Column("opened_by", "Dibuka oleh"),
        Column("due_on", "Tenggat data", Kind.DATE, required=True),
        Column("locked_at", "Dikunci pada", Kind.MOMENT),
        Column("sop_version", "Versi SOP", required=True),
    ),
    unique=("year", "quarter"),
)

STEP_EVENT = Table(
    "Langkah",
    (
        _id(),
        *_period(),
        Column("step", "Langkah", Kind.INTEGER, required=True),
        Column("event", "Kejadian", required=True, note="mulai, kirim, selesai, atau kembali."),
        Column("section_id", "Seksi", references="Seksi"),
        Column("at", "Waktu", Kind.MOMENT, required=True),
        Column("by", "Oleh", required=True),
        Column("note", "Catatan"),
    ),
    append_only=True,
)

HOLIDAY = Table(
    "HariLibur",
    (
        _id(),
        Column("day", "Tanggal", Kind.DATE, required=True),
        Column("kind", "Jenis", required=True, note="libur nasional atau cuti bersama."),
        Column("name", "Keterangan"),
        Column("basis", "Dasar hukum", required=True),
    ),
    unique=("day",),
)

SOP_STEP = Table(
    "SOP",
    (
        _id(),
        Column("version", "Versi", required=True),
        Column("no", "No", Kind.INTEGER, required=True),
        Column("procedure", "Uraian prosedur", required=True),
        Column("requirement", "Kelengkapan"),
        Column("amount", "Waktu", Kind.INTEGER, required=True),
        Column("unit", "Satuan waktu", required=True, note="menit, jam, hari, atau minggu."),
        Column("output", "Output"),
        Column("executor", "Pelaksana", note="Peran, dipisah koma."),
        Column("involved", "Terlibat"),
        Column("confirmed", "Pelaksana dikonfirmasi", Kind.FLAG),
    ),
    unique=("version", "no"),
)

GIVEN = Table(
    "Kiriman",
    (
        _id(),
        *_period(),
        Column("indicator_id", "Indikator", required=True, references="Indikator"),
        Column("actual", "Realisasi", Kind.ENTRY),
        Column("spent", "Realisasi anggaran s.d. triwulan (Rp)", Kind.ENTRY),
        Column("at", "Dikirim pada", Kind.MOMENT, required=True),
        Column("by", "Dikirim oleh", required=True),
    ),
    append_only=True,
    note="Angka seperti saat seksi mengirimnya; baris terbaru setiap indikator yang dihitung dan dilaporkan.",
)

ANSWER = Table(
    "Jawaban",
    (
        _id(),
        *_period(),
        Column("kind", "Temuan", required=True),
        Column("table", "Tabel", required=True),
        Column("row_id", "ID baris"),
        Column("column", "Kolom"),
        Column("typed", "Tertulis", note="Isi sel saat dijawab; jawaban berlaku selama isinya sama."),
        Column("answer", "Jawaban", required=True, note="dibetulkan, diterima, atau dikembalikan."),
        Column("reason", "Alasan"),
        Column("at", "Dijawab pada", Kind.MOMENT, required=True),
        Column("by", "Dijawab oleh", required=True),
    ),
    append_only=True,
)

HISTORY = Table(
    "Riwayat",
    (
        _id(),
        Column("at", "Waktu", Kind.MOMENT, required=True),
        Column("by", "Oleh", required=True),
        Column("role", "Peran"),
        Column("action", "Tindakan", required=True),
        Column("transaction_id", "ID transaksi", required=True),
        Column("table", "Tabel"),
        Column("row_id", "ID baris"),
        Column("column", "Kolom"),
        Column("old", "Nilai lama", Kind.ENTRY),
        Column("new", "Nilai baru", Kind.ENTRY),
        Column("source", "Melalui"),
    ),
    append_only=True,
    on_demand=True,
)

TABLES = (
    PROFILE,
    RATING,
    SECTION,
    OFFICIAL,
    INDICATOR,
    TARGET,
    ENTRY,
    CYCLE,
    STEP_EVENT,
    HOLIDAY,
    SOP_STEP,
    GIVEN,
    ANSWER,
    HISTORY,
)
BY_NAME = {table.name: table for table in TABLES}
SNAPSHOT_TABLES = tuple(table for table in TABLES if not table.on_demand)
