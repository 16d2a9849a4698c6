"""Every table and column, once: sheet headers, SQL tables, import, export and the log all come from here.

Column names are the identifiers of the code; headers are what people read in the sheet. Each table begins with ``id``,
which the client makes, so that a row can be found again wherever somebody has sorted it to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

VERSION = 3  # raise it whenever tables or columns change: a backup fits only the version that made it


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


def _stamp() -> tuple[Column, Column]:
    return Column("entered_by", "Diisi oleh"), Column("entered_at", "Diisi pada", Kind.MOMENT)


def _section() -> Column:
    return Column("section_id", "Seksi", required=True, references="Seksi")


def _indicator() -> Column:
    return Column("indicator_id", "Indikator", required=True, references="Indikator")


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
        Column("nip", "NIP", note="18 angka. Di spreadsheet bersama hanya bila kantor mengizinkannya."),
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
        _section(),
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
        _indicator(),
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
        _indicator(),
        _section(),
        Column("actual", "Realisasi", Kind.ENTRY, note="Angka saja, misalnya 83,33. Tulis NA bila belum terukur."),
        Column("spent", "Realisasi anggaran s.d. triwulan (Rp)", Kind.ENTRY, note="Rupiah, misalnya 12.450.000."),
        Column("driver", "Faktor pendorong"),
        Column("obstacle", "Faktor penghambat"),
        Column("follow_up", "Tindak lanjut"),
        Column("evidence", "Tautan bukti dukung"),
        *_stamp(),
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
        Column("due_on", "Tenggat data", Kind.DATE, required=True, note="Sesudahnya data diterima, tetapi terlambat."),
        Column("locks_on", "Tanggal kunci", Kind.DATE, note="Sesudahnya isian ditutup, kecuali dikecualikan."),
        Column("locked_at", "Dikunci pada", Kind.MOMENT, note="Saat langkah 3 selesai."),
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
        Column("event", "Kejadian", required=True, note="kirim, selesai, kembali, verifikasi, jeda, atau lanjut."),
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
        Column("kind", "Jenis", required=True, note="libur nasional, cuti bersama, atau dicabut."),
        Column("name", "Keterangan"),
        Column("basis", "Dasar hukum", required=True),
    ),
    unique=("day",),
)

EXCEPTION = Table(
    "Pengecualian",
    (
        _id(),
        *_period(),
        _section(),
        Column("until", "Sampai dengan", Kind.DATE, required=True),
        Column("reason", "Alasan", required=True),
        Column("at", "Diberikan pada", Kind.MOMENT, required=True),
        Column("by", "Diberikan oleh", required=True),
    ),
    append_only=True,
    note="Membuka isian satu seksi sesudah triwulan dikunci; baris terbaru setiap seksi yang berlaku.",
)

SOP_VERSION = Table(
    "VersiSOP",
    (
        _id(),
        Column("number", "Nomor SOP", required=True),
        Column("title", "Judul", required=True),
        Column("ratified_on", "Disahkan pada", Kind.DATE),
        Column("ratified_by", "Disahkan oleh"),
        Column("legal_bases", "Dasar hukum", note="Satu dasar hukum setiap baris."),
        Column("qualifications", "Kualifikasi pelaksana", note="Satu setiap baris."),
        Column("related", "Keterkaitan", note="Satu setiap baris."),
        Column("equipment", "Peralatan/perlengkapan", note="Satu setiap baris."),
        Column("warning", "Peringatan"),
        Column("recording", "Pencatatan dan pendataan"),
        Column("in_force_from", "Berlaku mulai", Kind.DATE, note="Kosong selama versi ini masih disusun."),
    ),
    note="ID adalah versi yang disebut tab SOP dan Siklus.",
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
        _indicator(),
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

MONEV = Table(
    "Monev",
    (
        _id(),
        *_period(),
        _section(),
        Column("planned_on", "Tanggal rencana", Kind.DATE),
        Column("planned_at", "Pukul", note="Misalnya 09.00."),
        Column("officer", "Petugas"),
        Column("place", "Tempat"),
        Column("focus", "Fokus"),
        Column("held_on", "Tanggal pelaksanaan", Kind.DATE),
        Column("attendees", "Yang hadir"),
        Column("findings", "Temuan"),
        Column("evidence", "Tautan bukti", note="Satu tautan setiap baris."),
        Column("recommendation", "Rekomendasi yang disepakati"),
        Column("agreed_by", "Disepakati oleh"),
        Column("agreed_at", "Disepakati pada", Kind.MOMENT),
        *_stamp(),
    ),
    unique=("year", "quarter", "section_id"),
    note="Rencana (langkah 4) dan hasil (langkah 5) monitoring setiap seksi.",
)

MONEV_CHECK = Table(
    "CekMonev",
    (
        _id(),
        *_period(),
        _section(),
        Column("item", "Butir", Kind.INTEGER, required=True),
        Column("answer", "Jawaban", note="ya, sebagian, atau tidak."),
        Column("note", "Catatan"),
    ),
    unique=("year", "quarter", "section_id", "item"),
)

ANALYSIS = Table(
    "Analisis",
    (
        _id(),
        *_period(),
        Column("scope", "Lingkup", required=True, note="sasaran atau seksi."),
        Column("subject", "Sasaran/seksi", required=True, note="Bunyi sasaran, atau ID seksi."),
        Column("drivers", "Faktor pendorong"),
        Column("obstacles", "Faktor penghambat"),
        Column("comparison", "Perbandingan"),
        Column("recommendation", "Rekomendasi"),
        *_stamp(),
    ),
    unique=("year", "quarter", "scope", "subject"),
)

FOLLOW_UP = Table(
    "TindakLanjut",
    (
        _id(),
        *_period(),
        Column("section_id", "Seksi", references="Seksi"),
        Column("indicator_id", "Indikator", references="Indikator"),
        Column("what", "Tindak lanjut", required=True),
        Column("who", "Penanggung jawab", required=True),
        Column("due_on", "Batas waktu", Kind.DATE, required=True),
        Column("status", "Status", required=True, note="belum, berjalan, selesai, atau batal."),
        Column("note", "Keterangan"),
        *_stamp(),
    ),
    note="Tahun dan triwulan adalah asalnya; yang belum selesai terbawa ke triwulan berikutnya.",
)

DRAFT = Table(
    "Draf",
    (
        _id(),
        *_period(),
        Column("number", "Nomor versi", Kind.INTEGER, required=True, note="1 untuk v0.1."),
        Column("note", "Catatan"),
        Column("fingerprint", "Sidik data"),
        Column("at", "Disusun pada", Kind.MOMENT, required=True),
        Column("by", "Disusun oleh", required=True),
    ),
    unique=("year", "quarter", "number"),
    append_only=True,
)

MEETING = Table(
    "Pembahasan",
    (
        _id(),
        *_period(),
        Column("held_on", "Tanggal", Kind.DATE),
        Column("place", "Tempat"),
        Column("attendees", "Yang hadir", note="Satu nama setiap baris."),
        Column("minutes", "Notulen"),
        Column("decisions", "Keputusan pimpinan", note="Satu keputusan setiap baris."),
        *_stamp(),
    ),
    unique=("year", "quarter"),
)

CORRECTION = Table(
    "Koreksi",
    (
        _id(),
        *_period(),
        Column("round", "Putaran", Kind.INTEGER, required=True),
        Column("origin", "Asal", required=True, note="pembahasan atau verifikasi."),
        Column("chapter", "Bagian laporan", required=True),
        Column("indicator_id", "Indikator", references="Indikator"),
        Column("text", "Catatan", required=True),
        Column("raised_by", "Dari", required=True),
        Column("raised_at", "Dicatat pada", Kind.MOMENT, required=True),
        Column("status", "Status", required=True, note="terbuka, selesai, atau ditolak."),
        Column("answer", "Jawaban"),
        Column("answered_by", "Dijawab oleh"),
        Column("answered_at", "Dijawab pada", Kind.MOMENT),
    ),
)

VERIFICATION = Table(
    "Verifikasi",
    (
        _id(),
        *_period(),
        Column("round", "Putaran", Kind.INTEGER, required=True),
        _indicator(),
        Column("actual", "Realisasi", Kind.ENTRY, note="Angka seperti saat diverifikasi."),
        Column("spent", "Realisasi anggaran s.d. triwulan (Rp)", Kind.ENTRY),
        Column("verdict", "Keputusan", required=True, note="setuju atau kembali."),
        Column("reason", "Alasan"),
        Column("at", "Diputuskan pada", Kind.MOMENT, required=True),
        Column("by", "Diputuskan oleh", required=True),
    ),
    append_only=True,
)

DOCUMENT = Table(
    "Dokumen",
    (
        _id(),
        *_period(),
        Column("number", "Nomor", required=True),
        Column("day", "Tanggal", Kind.DATE, required=True),
        Column("place", "Tempat", required=True),
        Column("signatory", "Penanda tangan", required=True, note="Jabatan."),
        Column("file_id", "Berkas", required=True),
        Column("size", "Ukuran (bita)", Kind.INTEGER, required=True),
        Column("pages", "Halaman", Kind.INTEGER, required=True),
        Column("sha256", "SHA-256", required=True),
        Column("fingerprint", "Sidik data"),
        Column("at", "Diterbitkan pada", Kind.MOMENT, required=True),
        Column("by", "Diterbitkan oleh", required=True),
    ),
    unique=("year", "quarter"),
    append_only=True,
)

ARCHIVE = Table(
    "Arsip",
    (
        _id(),
        *_period(),
        Column("document_id", "Dokumen", required=True, references="Dokumen"),
        Column("register", "Nomor arsip", required=True),
        Column("location", "Tempat simpan"),
        Column("note", "Keterangan"),
        Column("at", "Diarsipkan pada", Kind.MOMENT, required=True),
        Column("by", "Diarsipkan oleh", required=True),
    ),
    unique=("year", "quarter"),
    append_only=True,
)

FILE = Table(
    "Berkas",
    (
        _id(),
        Column("file_id", "Berkas", required=True),
        Column("part", "Bagian", Kind.INTEGER, required=True),
        Column("content", "Isi", required=True, note="Base64; bagian-bagian disambung menurut urutannya."),
    ),
    unique=("file_id", "part"),
    append_only=True,
    on_demand=True,
)

RENSTRA = Table(
    "Renstra",
    (
        _id(),
        _indicator(),
        Column("year", "Tahun berjalan", Kind.INTEGER, required=True),
        Column("last_year", "Tahun akhir Renstra", Kind.INTEGER, required=True),
        Column("target", "Target akhir Renstra", Kind.ENTRY),
        Column("budget", "Pagu akhir Renstra (Rp)", Kind.ENTRY),
        Column("actual", "Realisasi s.d. tahun lalu", Kind.ENTRY),
        Column("spent", "Realisasi anggaran s.d. tahun lalu (Rp)", Kind.ENTRY),
    ),
    unique=("indicator_id", "year"),
    note="Kolom 5 dan 6 Formulir E.81.",
)

REPORT_TEXT = Table(
    "Teks",
    (
        _id(),
        Column("name", "Bagian laporan", required=True),
        Column("year", "Tahun", Kind.INTEGER, note="Kosong: berlaku untuk semua triwulan."),
        Column("quarter", "Triwulan", Kind.INTEGER),
        Column("text", "Teks"),
        *_stamp(),
    ),
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
        Column("seal", "Segel", note="Nomor entri dan SHA-256 atas entri ini dan segel sebelumnya. Jangan diubah."),
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
    RENSTRA,
    ENTRY,
    CYCLE,
    STEP_EVENT,
    EXCEPTION,
    HOLIDAY,
    SOP_VERSION,
    SOP_STEP,
    GIVEN,
    ANSWER,
    MONEV,
    MONEV_CHECK,
    ANALYSIS,
    FOLLOW_UP,
    DRAFT,
    MEETING,
    CORRECTION,
    VERIFICATION,
    DOCUMENT,
    ARCHIVE,
    REPORT_TEXT,
    FILE,
    HISTORY,
)
BY_NAME = {table.name: table for table in TABLES}
SNAPSHOT_TABLES = tuple(table for table in TABLES if not table.on_demand)
