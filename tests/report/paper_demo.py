"""A made-up report that uses every building block, for the tests of the paper and for looking at it.

``python -m tests.report.paper_demo OUT.pdf`` writes it.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from services.charts.palette import LIGHT
from services.report.paper import Built, DocumentInfo, KeyFigure, Paper, Signed, build
from services.report.tables import Bar, Cell, Column, GroupRow, Row, Table, rating_cell, state_cell

WIB = timezone(timedelta(hours=7))
INFO = DocumentInfo(
    title="Laporan Monitoring dan Evaluasi Kinerja Triwulan III Tahun 2026",
    office="Kecamatan Silaut",
    footer="No. 000/000/CONTOH/2026",
    created=datetime(2026, 11, 7, 10, 20, tzinfo=WIB),
    author="Kecamatan Silaut",
    subject="Contoh",
    watermark="CONTOH",
    sample_emblem=True,
)
WORDS = ("Sangat Tinggi", "Tinggi", "Sedang", "Rendah", "Sangat Rendah", "Belum dapat dinilai")
LONG = (
    "Sampai dengan Triwulan III Tahun 2026 dipantau 46 indikator kinerja dengan rata-rata capaian 88,0\u00a0% "
    "terhadap target kumulatif. Seorang petugas menulis {nb} dan **tebal** di sini, dan keduanya tetap seperti "
    "yang ditulis. Tanda △ dan ▽ berdiri di dalam kalimat, begitu pula ✓."
)
BARS: dict[str, Any] = {
    "width": 460,
    "height": 170,
    "background": "transparent",
    "config": {"view": {"stroke": None}, "font": "Source Sans", "axis": {"labelFontSize": 12, "gridColor": LIGHT.grid}},
    "data": {"values": [{"s": "Sekretariat", "v": 95.6}, {"s": "Seksi Pemerintahan", "v": 1100.5 / 12}]},
    "encoding": {"y": {"field": "s", "type": "nominal", "title": None, "sort": "-x"}},
    "layer": [
        {
            "mark": {"type": "bar", "color": LIGHT.navy, "cornerRadiusEnd": 2, "clip": True},
            "encoding": {"x": {"field": "v", "type": "quantitative", "title": "Rata-rata capaian (%)"}},
        },
        {
            "mark": {"type": "text", "align": "right", "dx": -6, "color": "white", "fontSize": 12, "fontWeight": 600},
            "encoding": {
                "x": {"field": "v", "type": "quantitative"},
                "text": {"field": "v", "type": "quantitative", "format": ",.1f"},
            },
        },
        {
            "data": {"values": [{"t": 100, "w": "target 100 △"}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": LIGHT.brick},
            "encoding": {"x": {"field": "t", "type": "quantitative"}, "y": {"value": 0}, "y2": {"value": 170}},
        },
        {
            "data": {"values": [{"t": 100, "w": "△ target 100"}]},
            "mark": {"type": "text", "align": "right", "dx": -5, "fontSize": 12, "color": LIGHT.brick},
            "encoding": {"x": {"field": "t", "type": "quantitative"}, "y": {"value": 85}, "text": {"field": "w"}},
        },
    ],
}
LINE: dict[str, Any] = {
    "width": "container",
    "height": 150,
    "data": {"values": [{"q": f"TW {q}", "v": v} for q, v in (("I", 78.2), ("II", 82.9), ("III", 88.0))]},
    "mark": {"type": "line", "point": {"size": 60, "color": LIGHT.navy}, "color": LIGHT.navy, "strokeWidth": 2.5},
    "encoding": {
        "x": {"field": "q", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
        "y": {"field": "v", "type": "quantitative", "scale": {"domain": [65, 104]}, "title": "Capaian (%)"},
    },
}
HEAT: dict[str, Any] = {
    "width": "container",
    "height": 120,
    "config": {"view": {"stroke": None}, "axis": {"labelFontSize": 12, "domain": False, "ticks": False}},
    "data": {
        "values": [
            {"s": f"Seksi {'ABCD'[row]}", "q": f"TW {column + 1}", "f": LIGHT.ratings[(row + column) % 5].background}
            | {"t": f"{60 + 7 * row + column},5", "c": LIGHT.ratings[(row + column) % 5].text}
            for row in range(4)
            for column in range(6)
        ]
    },
    "encoding": {
        "x": {"field": "q", "type": "ordinal", "title": None, "axis": {"orient": "top", "labelAngle": 0}},
        "y": {"field": "s", "type": "ordinal", "title": None},
    },
    "layer": [
        {
            "mark": {"type": "rect", "stroke": "#FFFFFF", "strokeWidth": 2},
            "encoding": {"color": {"field": "f", "type": "nominal", "scale": None}},
        },
        {
            "mark": {"type": "text", "fontSize": 12},
            "encoding": {
                "text": {"field": "t", "type": "nominal"},
                "color": {"field": "c", "type": "nominal", "scale": None},
            },
        },
    ],
}


def section_columns() -> list[Column]:
    return [
        Column("Kode", 1.0, "C"),
        Column("Indikator Kinerja", 4.6),
        Column("Satuan", 1.1, "C"),
        Column("Target 2026", 1.1, "R"),
        Column("TW I", 1.05, "R", "Realisasi Kumulatif"),
        Column("TW II", 1.05, "R", "Realisasi Kumulatif"),
        Column("TW III", 1.05, "R", "Realisasi Kumulatif"),
        Column("Capaian TW III (%)", 1.3, "R"),
        Column("Kategori", 1.9, "C"),
    ]


def section_rows(count: int) -> list[Row]:
    return [section_row(index) for index in range(count)]


def section_row(index: int) -> Row:
    rank = index % 6
    name = f"Persentase nagari yang menyampaikan laporan keuangan tepat waktu nomor {index + 1}"
    rating = rating_cell(rank if rank < 5 else None, WORDS[rank])
    return Row([
        f"IK.{index + 1}", name, "%", "1.000,00", "31,60", "61,04", "80,70",
        Cell("107,60", bar=Bar(1.0 - rank * 0.2)), rating,
    ])  # fmt: skip


def demo(paper: Paper) -> None:
    paper.cover(
        title_lines=["Laporan", "Monitoring dan Evaluasi", "Kinerja"],
        quarter="III",
        year=2026,
        period="1 Juli – 30 September 2026",
        office_lines=["Pemerintah Kabupaten Pesisir Selatan", "Kecamatan Silaut"],
        month_year="November 2026",
        reference="000/000/CONTOH/2026",
    )
    paper.new_page(numbering="roman")
    paper.letterhead(
        ["Pemerintah Kabupaten Pesisir Selatan", "Kecamatan Silaut"], "Jalan Contoh Nomor 1, Silaut, Kode Pos 00000"
    )
    paper.title("Lembar Pengesahan")
    paper.definitions([("Nama dokumen", INFO.title), ("Nomor SOP", "000/SOP/CONTOH"), ("Periode", "Triwulan III 2026")])
    paper.signature_block(
        Signed("Silaut, 7 November 2026", "Camat Silaut", "NAMA CONTOH, S.Sos.", "00000000 000000 0 000")
    )
    paper.new_page()
    paper.title("Daftar Isi", outline=False)
    paper.table_of_contents()
    paper.list_of_tables()
    paper.list_of_figures()
    summary(paper)
    body(paper)


def summary(paper: Paper) -> None:
    paper.new_page()
    paper.title("Ringkasan Eksekutif")
    paper.key_figures([
        KeyFigure("Rata-rata capaian", "88,0\u00a0%", "Kategori tinggi, mungkin 77,3–89,5"),
        KeyFigure("Indikator terukur", "36 dari 41", "5 indikator belum dilaporkan", "ochre"),
        KeyFigure("Serapan anggaran", "64,2\u00a0%", "Rp1.284.500.000"),
        KeyFigure("Terlambat", "2 seksi", "Paling lama 21 hari kerja", "brick"),
    ])  # fmt: skip
    paper.paragraph(LONG)
    paper.chart(BARS, "Rata-rata capaian per seksi", alt="Sekretariat 95,6; Seksi Pemerintahan 91,7", key="bars")
    paper.chart(LINE, "Rata-rata capaian kecamatan", alt="78,2; 82,9; 88,0")
    paper.heading(3, "Tiga hal yang memerlukan keputusan pimpinan", outline=False)
    paper.numbered(["Penyelesaian indikator rendah sesuai " + paper.reference("wide") + ".", LONG, "Jadwal."])


def body(paper: Paper) -> None:
    paper.new_page(numbering="arabic")
    paper.chapter("BAB III", "Hasil Pemantauan")
    paper.heading(1, "3.1 Capaian per seksi")
    paper.paragraph(LONG)
    paper.chart(HEAT, "Peta capaian menurut seksi dan triwulan", alt="Empat seksi, enam triwulan")
    paper.note(LONG, title="Catatan data")
    paper.bullets(["Butir pertama.", LONG])
    paper.new_page("landscape")
    paper.heading(2, "3.2.1 Sekretariat")
    paper.paragraph("Sekretariat memantau 24 indikator.")
    rows = [GroupRow("Sasaran 1: Pelayanan"), *section_rows(12), GroupRow("Sasaran 2: Keuangan"), *section_rows(12)]
    totals = [Row(["", "Rata-rata", "", "", "", "", "", "88,00", ""], total=True)]
    paper.table("Capaian indikator Sekretariat", Table(section_columns(), rows, totals), key="wide")
    paper.new_page("portrait")
    paper.heading(1, "3.4 Temuan dan tindak lanjut")
    columns = [Column("No.", 0.6, "C"), Column("Temuan", 5), Column("Keadaan", 1.8, "C")]
    rows = [
        Row(["1", "Laporan terlambat.", state_cell("! Terlambat", LIGHT.chip_late)]),
        Row(["2", "Panjang sekali. " * 420, state_cell("● Berjalan", LIGHT.chip_now)]),
        Row(["3", "k" * 300, state_cell("✓ Selesai", LIGHT.chip_done)]),
        Row(["4", "Surel 😀 dan aksara 中文 tidak ada di huruf ini.", state_cell("○ Belum", LIGHT.chip_open)]),
    ]
    paper.table("Temuan", Table(columns, rows))
    paper.table("Tabel kosong", Table(columns, []))
    paper.chapter("BAB IV", "Penutup")
    paper.heading(1, "4.1 Kesimpulan")
    paper.numbered(["Capaian tinggi.", LONG])
    paper.signature_block(
        Signed("Silaut, 7 November 2026", "Camat Silaut", "NAMA CONTOH, S.Sos.", "00000000 000000 0 000")
    )
    pattern = [[(row * column + row) % 3 == 0 for column in range(25)] for row in range(25)]
    paper.panel("Pemeriksaan dokumen", ["Masukkan nomor dokumen.", "069dd2312091b329" * 4], pattern)


@cache
def build_demo() -> Built:
    return build(INFO, demo)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(build_demo().pdf)
