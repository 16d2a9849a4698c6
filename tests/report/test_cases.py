"""Every kind of office gets a right and readable report: outline, page numbers, headers, margins, long texts, fonts."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pytest

from services.charts.palette import EDGE, LIGHT
from services.domain.indicators import Bounds
from services.domain.numbers import format_bounds, format_number, round_half_up
from services.domain.passages import SUMMARY_LENGTH, Part
from services.report.canvas import MARGIN_BOTTOM, MARGIN_TOP, WATERMARK, side_margin
from services.report.document import build_report
from services.store import schema
from services.views.board import board_of
from services.views.e81 import Pair, e81_of
from tests.report import cases, golden, vera
from tests.report.cases import CASES, DONE
from tests.report.printed import MM, Printed, squeezed

LIKE_ANOTHER = ("lambang-tinggi", "lambang-lebar")
"""They differ from "lambang-svg" in the picture alone."""
EVERY = pytest.mark.parametrize("name", [name for name in CASES if name not in LIKE_ANOTHER])
OUTLINE = (
    "Kata Pengantar",
    "Daftar Isi",
    "Daftar Tabel",
    "Daftar Gambar",
    "Ringkasan Eksekutif",
    "BAB I Pendahuluan",
    "1.1 Latar Belakang",
    "1.2 Dasar Hukum",
    "1.3 Maksud dan Tujuan",
    "1.4 Ruang Lingkup",
    "1.5 Sistematika",
    "BAB II Pelaksanaan Monitoring dan Evaluasi",
    "2.1 Tim dan Jadwal",
    "2.2 Tiga Belas Langkah SOP dan Waktunya",
    "2.3 Metode Penghitungan",
    "BAB III Hasil Monitoring dan Evaluasi",
    "3.1 Capaian per Seksi",
    "3.2 Capaian Indikator per Seksi",
    "3.3 Anggaran dan Serapan",
    "3.4 Temuan, Rekomendasi, dan Tindak Lanjut",
    "3.5 Tindak Lanjut Triwulan Sebelumnya",
    "BAB IV Penutup",
    "4.1 Kesimpulan",
    "4.2 Saran",
    "LAMPIRAN 1 Capaian Semua Indikator per Triwulan",
    "LAMPIRAN 2 Formulir E.81",
    "LAMPIRAN 3 Bukti Dukung dan Riwayat Verifikasi",
    "Daftar Bukti Dukung",
    "Riwayat Verifikasi",
    "LAMPIRAN 4 Pembahasan dan Koreksi Draf",
    "Pembahasan Draf",
    "Koreksi",
)
TABLE_PRINT, WHITE = 9.4, 0xFFFFFF
SOMETIMES = re.compile(r"3\.2\.\d+ .*|3\.6 Data yang Belum Lengkap|Uraian Ringkasan Eksekutif")


@cache
def document(name: str) -> pymupdf.Document:
    return pymupdf.open(stream=cases.report_of(name).pdf, filetype="pdf")


@cache
def lines(name: str) -> tuple[tuple[Printed, ...], ...]:
    """The text of each page line by line, without the watermark, which alone is not level."""
    return tuple(tuple(_lines(page)) for page in document(name))


def _lines(page: pymupdf.Page) -> Iterator[Printed]:
    for block in page.get_text("dict", flags=pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES)["blocks"]:
        for line in block.get("lines", []):
            if abs(line["dir"][1]) < 0.01:
                for span in line["spans"]:
                    if span["text"].strip():
                        yield Printed(page.number, span["text"], span["size"], *span["bbox"])


def body(name: str) -> Iterator[tuple[pymupdf.Rect, list[Printed]]]:
    """Pages after the cover, with their lines between header and footer."""
    for page, found in list(zip(document(name), lines(name), strict=True))[1:]:
        yield page.rect, [one for one in found if one.top > 18 * MM and one.bottom < page.rect.height - 18 * MM]


# --- the whole ---------------------------------------------------------------------------------------------------


@EVERY
def test_a_report_has_neither_too_few_nor_too_many_pages(name: str) -> None:
    least, most = CASES[name].pages
    assert least <= len(document(name)) <= most
    assert cases.report_of(name).pages == len(document(name))


@EVERY
def test_the_outline_is_complete_in_order_and_leads_to_the_headings(name: str) -> None:
    found = document(name).get_toc()
    assert tuple(title for _, title, _ in found if not SOMETIMES.fullmatch(title)) == OUTLINE
    for _, title, page in found:
        words = "".join(one.text for one in lines(name)[page - 1])
        assert squeezed(title).casefold() in squeezed(words).casefold(), title


@EVERY
def test_page_labels_are_none_then_roman_then_arabic_and_are_printed(name: str) -> None:
    labels = [page.get_label() for page in document(name)]
    start = labels.index("1")
    roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    front = labels.index("i")
    assert labels[:front] == [""] * front
    assert labels[front:start] == roman[: start - front]
    assert labels[start:] == [str(n) for n in range(1, len(labels) - start + 1)]
    for number, label in enumerate(labels[front:], start=front):
        end = f" dari {len(labels) - start}" if number >= start else ""
        assert f"Halaman {label}{end}" in [one.text for one in lines(name)[number]]


@EVERY
def test_the_lists_in_front_name_every_table_and_figure_with_its_page(name: str) -> None:
    captions = {
        found[0].strip(): page.get_label()
        for page, own in zip(document(name), lines(name), strict=True)
        if not _is_front(page) or "RINGKASAN EKSEKUTIF" in page.get_text()
        for one in own
        if (found := re.match(r"(Tabel|Gambar) \d+ ", one.text)) and one.size < 9.5
    }
    assert len(captions) >= 8
    assert dict(_listed(name)) == captions


def _listed(name: str) -> Iterator[tuple[str, str]]:
    """The number of each table and figure in the lists, and the label of its page."""
    for caption, label in _captions(name):
        yield " ".join(caption.split(" ")[:2]), label


def _captions(name: str) -> Iterator[tuple[str, str]]:
    """What the links of the lists say: a table or figure, and the label of its page."""
    with pikepdf.open(BytesIO(cases.report_of(name).pdf)) as pdf:
        for page in pdf.pages[:20]:
            for link in page.obj.get("/Annots", []):
                if found := re.fullmatch(r"((?:Tabel|Gambar) \d+ .*), halaman (\w+)", str(link.Contents), re.DOTALL):
                    yield found[1], found[2]


def _spans(page: pymupdf.Page) -> Iterator[dict[str, Any]]:
    for block in page.get_text("dict")["blocks"]:
        for line in block.get("lines", []):
            yield from line["spans"]


def _is_front(page: pymupdf.Page) -> bool:
    return bool(re.fullmatch("[ivxl]+", page.get_label()))


@EVERY
def test_the_executive_summary_takes_exactly_one_page(name: str) -> None:
    page = next(page for _, title, page in document(name).get_toc() if title == "Ringkasan Eksekutif")
    own = " ".join(one.text for one in lines(name)[page - 1])
    following = " ".join(one.text for one in lines(name)[page])
    assert "RINGKASAN EKSEKUTIF" in own
    assert "Hal yang memerlukan keputusan pimpinan" in own
    assert "Langkah selesai" in own
    assert "PENDAHULUAN" in following or "URAIAN RINGKASAN EKSEKUTIF" in following


# --- how it looks ------------------------------------------------------------------------------------------------


@EVERY
def test_no_text_stands_outside_the_margins(name: str) -> None:
    for page, found in list(zip(document(name), lines(name), strict=True))[1:]:
        rect = page.rect
        for one in found:
            side = side_margin(rect.width / MM) * MM
            assert one.left >= side - 0.5, one
            assert one.right <= rect.width - side + 0.5, one
            in_body = one.top >= MARGIN_TOP * MM - 1 and one.bottom <= rect.height - MARGIN_BOTTOM * MM + 1.2
            in_frame = one.bottom <= 18 * MM or one.top >= rect.height - 18 * MM
            assert in_body or in_frame, one


@EVERY
def test_no_text_lies_over_another(name: str) -> None:
    for found in lines(name):
        boxes = sorted(
            ((one.top + 0.26 * one.size, one.bottom - 0.22 * one.size, one) for one in found), key=lambda box: box[:2]
        )
        for index, (_, foot, one) in enumerate(boxes):
            for head, _, other in boxes[index + 1 :]:
                if head >= foot - 0.5:
                    break
                assert min(one.right, other.right) - max(one.left, other.left) < 0.7, (one, other)


@EVERY
def test_nothing_is_printed_smaller_than_can_be_read(name: str) -> None:
    form = _pages_of(name, "LAMPIRAN 2 Formulir E.81")
    for found in lines(name):
        small = {one.text for one in found if one.size < 8.4 and one.page not in form} - {"contoh lambang"}
        assert not small
        assert all(one.size >= 6.9 for one in found)


@EVERY
def test_no_heading_is_the_last_thing_on_a_page(name: str) -> None:
    titles = {squeezed(title).casefold() for _, title, _ in document(name).get_toc()}
    for _, found in body(name):
        last = max(found, key=lambda one: one.bottom, default=None)
        if last is not None:
            assert squeezed(last.text).casefold() not in titles, last
            assert not (last.size < 9.5 and re.match(r"Tabel \d+ ", last.text)), last


@EVERY
def test_no_page_is_nearly_empty_without_need(name: str) -> None:
    """A page holds at least a few lines, but for the end of a text of ten thousand letters."""
    least = 1 if name == "panjang" else 3
    assert all(len(found) >= least for _, found in body(name))


@EVERY
def test_a_signature_stands_under_text(name: str) -> None:
    for _, found in body(name):
        if any(one.text.startswith("Silaut, ") and one.text[8].isdigit() for one in found):
            assert min(one.top for one in found if not one.text.startswith("Silaut, ")) < min(
                one.top for one in found if one.text.startswith("Silaut, ")
            )


def _pages_of(name: str, title: str) -> range:
    """The pages from a heading to the next of its level."""
    found = document(name).get_toc()
    at = next(n for n, one in enumerate(found) if one[1] == title)
    end = next((one[2] for one in found[at + 1 :] if one[0] <= found[at][0]), len(document(name)) + 1)
    return range(found[at][2] - 1, end - 1)


@pytest.mark.parametrize("name", ["enampuluh", "panjang", "banyak-kata", "draf"])
@pytest.mark.parametrize(
    "title", ["3.2 Capaian Indikator per Seksi", "LAMPIRAN 2 Formulir E.81", "Daftar Bukti Dukung"]
)
def test_a_page_within_a_table_begins_with_its_header(name: str, title: str) -> None:
    """In white: nowhere is a dark word in the print of a table the first thing on a page."""
    for number in _pages_of(name, title):
        page = document(name)[number]
        spans = [s for s in _spans(page) if s["size"] < 60 and 18 * MM < s["bbox"][1] < page.rect.height - 18 * MM]
        first = min(spans, key=lambda span: span["bbox"][1])
        assert first["size"] > TABLE_PRINT or first["color"] == WHITE, (number, first["text"])


def test_own_words_stand_in_the_summary_as_long_as_they_fit_its_page_and_after_it_where_they_do_not() -> None:
    """At the length that the page Teks laporan names, they fit."""
    fitting = "Kinerja triwulan ini membaik di semua seksi. " * (SUMMARY_LENGTH // 45)
    for words, own_page in ((fitting, False), (fitting * 4, True)):
        pages = [squeezed(page.get_text()) for page in _with_summary(words)]
        (number,) = [n for n, said in enumerate(pages) if "RINGKASANEKSEKUTIF" in said and "Rata-ratacapaian" in said]
        assert "keputusanpimpinan" in pages[number]
        assert (squeezed(words) in pages[number]) is not own_page
        assert ("URAIANRINGKASANEKSEKUTIF" in pages[number + 1]) is own_page
        assert ("PENDAHULUAN" in pages[number + 1]) is not own_page


def _with_summary(words: str) -> pymupdf.Document:
    place = {"year": cases.RUNNING.year, "quarter": cases.RUNNING.quarter}
    row = {"id": "a", "name": Part.SUMMARY.value, **place, "text": words, "entered_by": "pkp", "entered_at": None}
    office = cases.office(cases.real_tables() | {schema.REPORT_TEXT.name: (row,)})
    return pymupdf.open(stream=build_report(office, cases.RUNNING, draft=True).pdf, filetype="pdf")


def test_a_report_without_the_mark_of_a_draft_does_not_claim_an_approval_that_nobody_gave() -> None:
    report = build_report(cases.office(cases.real_tables()), cases.RUNNING, draft=False)
    said = re.sub(r"\s+", " ", pymupdf.open(stream=report.pdf, filetype="pdf")[1].get_text())
    assert "Persetujuan atas laporan ini belum tercatat." in said
    assert "disahkan sebagai" not in said


@pytest.mark.parametrize(("name", "when"), [("enampuluh", "10 Agustus 2026"), ("draf", "belum")])
def test_the_approval_says_when_the_draft_was_verified_and_approved(name: str, when: str) -> None:
    said = re.sub(r"\s+", " ", document(name)[1].get_text().replace("\u00a0", " "))
    assert f"Diverifikasi : {when} Disetujui Camat : {when}" in said


# --- what it says ------------------------------------------------------------------------------------------------


def test_texts_of_ten_thousand_letters_are_printed_to_their_last_word() -> None:
    said = squeezed("".join(one.text for page in lines("panjang") for one in page))
    for table, columns in cases.LONG_TEXTS.items():
        for column in columns:
            assert cases.ending(table, column) in said, (table.name, column)
    for part in Part:
        assert f"tamat.{part.value}" in said, part
    letterheads = 2
    assert said.count(cases.ending(schema.PROFILE, "value")) == letterheads


@pytest.mark.parametrize("name", ["enampuluh", "draf", "triwulan-pertama"])
def test_the_formula_in_force_stands_under_every_table_of_capaian_on_its_last_page(name: str) -> None:
    sections = sum(title.startswith("3.2.") for _, title, _ in document(name).get_toc())
    pages = [
        "".join(one.text for one in lines(name)[number])
        for number in _pages_of(name, "3.2 Capaian Indikator per Seksi")
    ]
    said = [squeezed(page) for page in pages]
    formula = squeezed("Capaian dihitung sampai dengan triwulan laporan: arah naik realisasi / target × 100")
    assert sum(page.count(formula) for page in said) == sections
    assert all(
        page.count(formula) == page.count("indikatorterukur)") - page.count("indikatorterukur).") for page in said
    )


def test_what_has_nothing_to_show_is_left_out() -> None:
    """A trend of one quarter, budgets that are not recorded, sections without indicators."""
    captions = {name: " ".join(text for text, _ in _captions(name)) for name in ("satu", "triwulan-pertama", "kosong")}
    assert "menurut triwulan" in captions["satu"]
    assert "menurut triwulan" not in captions["triwulan-pertama"]
    assert "Pagu dan realisasi" in captions["triwulan-pertama"]
    assert "Pagu dan realisasi" not in captions["satu"]
    assert "per seksi" not in captions["kosong"]


@pytest.mark.parametrize("name", ["kosong", "satu", "duapuluh", "enampuluh", "enamratus", "data-hilang"])
def test_every_indicator_is_printed_as_often_as_it_ought_to_be(name: str) -> None:
    office = cases.office_of(name)
    said = squeezed("".join(one.text for page in lines(name) for one in page))
    board = board_of(office, CASES[name].period, cases.sample_snapshot().read_at)
    for indicator_name in {m.indicator.name for m in board.measures}:
        times = sum(m.indicator.name == indicator_name for m in board.measures)
        assert said.count(squeezed(indicator_name)) >= 3 * times, indicator_name


@pytest.mark.parametrize("name", ["draf", "contoh"])
def test_a_draft_says_its_version_on_every_page_and_bears_neither_name_nor_code(name: str) -> None:
    version = f"DRAF {CASES[name].version}"
    for number, page in enumerate(document(name)):
        said = page.get_text()
        assert version in said or (number < 2 and "CONTOH" in said)
        assert "AFLIZEN" not in said or "Tim monitoring" in said
        assert "Pemeriksaan keaslian" not in said


def test_sample_data_are_marked_on_every_page() -> None:
    assert all("CONTOH" in page.get_text() for page in document("contoh"))


def test_the_cover_says_whether_it_is_a_draft_a_sample_or_which_number_it_has() -> None:
    covers = {name: [one.text for one in lines(name)[0]] for name in ("draf", "contoh", "satu")}
    assert "DRAF v0.2" in covers["draf"]
    assert "CONTOH, bukan angka resmi · DRAF v0.3" in covers["contoh"]
    assert "Nomor dokumen: 800/12/Silaut/2026" in covers["satu"]
    assert not any("DRAF" in text or "CONTOH" in text for text in covers["satu"])


@pytest.mark.parametrize("name", ["enampuluh", "lambang-svg", "triwulan-pertama"])
def test_an_issued_report_bears_no_mark_but_number_name_and_rank(name: str) -> None:
    said = [page.get_text() for page in document(name)]
    assert not any("CONTOH, bukan angka resmi" in page or "DRAF v" in page for page in said)
    assert not any(span["size"] > 60 for page in document(name) for span in _spans(page))
    assert sum("NIP 19720605 199303 1 005" in page.replace("\u00a0", " ") for page in said) == 4
    assert sum("Pemeriksaan keaslian dokumen" in page for page in said) == 2
    assert all("Nomor: 800/12/Silaut/2026" in page for page in said[2:])


@pytest.mark.parametrize(
    ("name", "width", "height"), [("lambang-tinggi", 7.8, 35), ("lambang-lebar", 35, 7.8), ("lambang-svg", 26.25, 35)]
)
def test_the_coat_of_arms_keeps_its_shape_on_cover_and_letterheads(name: str, width: float, height: float) -> None:
    for number, scale in ((0, 1.0), (1, 20 / 35), (2, 20 / 35)):
        (found,) = document(name)[number].get_image_info()
        box = pymupdf.Rect(found["bbox"])
        assert box.width / MM == pytest.approx(width * scale, abs=0.3)
        assert box.height / MM == pytest.approx(height * scale, abs=0.3)


# --- colours -----------------------------------------------------------------------------------------------------


def luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: str, ground: str) -> float:
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = (LIGHT.page, LIGHT.panel, WATERMARK, LIGHT.chip_done.background)
"""On which running text may stand: paper, every second row, the watermark, rows of groups and totals."""
FILLS = (*LIGHT.ratings, LIGHT.chip_done, LIGHT.chip_now, LIGHT.chip_late, LIGHT.chip_open)


@pytest.mark.parametrize("name", ["draf", "data-hilang", "enampuluh", "contoh"])
def test_every_letter_has_enough_contrast_with_what_is_under_it(name: str) -> None:
    """The colours really used: of each piece of text, against the fill that lies under it."""
    for page in document(name):
        fills = [(d["rect"], d["fill"]) for d in page.get_drawings() if d["fill"] and d["type"] in ("f", "fs")]
        for block in page.get_text("dict", flags=pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES)["blocks"]:
            for line in block.get("lines", []):
                if abs(line["dir"][1]) > 0.01:
                    continue
                for span in line["spans"]:
                    if span["text"].strip(" ."):
                        ground = _under(pymupdf.Rect(span["bbox"]), fills)
                        assert contrast(f"#{span['color']:06X}", ground) >= 4.5, (page.number, span["text"], ground)


def _under(box: pymupdf.Rect, fills: list[tuple[pymupdf.Rect, tuple[float, ...]]]) -> str:
    middle = pymupdf.Point((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    found = [fill for rect, fill in fills if middle in rect]
    parts = found[-1] if found else (1.0, 1.0, 1.0)
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", [LIGHT.text, LIGHT.muted, LIGHT.navy, LIGHT.brick, LIGHT.unrated])
def test_text_can_be_read_on_every_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_words_on_coloured_cells_can_be_read() -> None:
    assert all(contrast(fill.text, fill.background) >= 4.5 for fill in FILLS)
    assert contrast(LIGHT.page, LIGHT.navy) >= 4.5
    assert contrast(EDGE, LIGHT.navy) >= 3


# --- the file ----------------------------------------------------------------------------------------------------


@EVERY
def test_all_fonts_are_embedded(name: str) -> None:
    found = {font for page in document(name) for font in page.get_fonts()}
    assert found
    assert all(document(name).extract_font(font[0])[3] for font in found)


@EVERY
def test_qpdf_finds_no_fault(name: str, tmp_path: Path) -> None:
    file = tmp_path / "laporan.pdf"
    file.write_bytes(cases.report_of(name).pdf)
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_case_is_pdf_a_3a_and_pdf_ua_1() -> None:
    found = vera.failures({name: cases.report_of(name).pdf for name in CASES if name not in LIKE_ANOTHER})
    assert {name: broken for name, broken in found.items() if broken} == {}


# --- key pages and Formulir E.81 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "page"), golden.PAGES)
def test_key_pages_say_what_was_agreed_on(name: str, page: str) -> None:
    """Where the change is meant: ``python -m tests.report.golden``, then look at the difference."""
    assert golden.text_of(name, page) == golden.file_of(name, page).read_text(encoding="utf-8")


HEADER_OF_E81 = (
    "No",
    "Sasaran",
    "Program/ Kegiatan",
    "Indikator Kinerja Program (outcome)/ Kegiatan (output)",
    "Target Renstra Perangkat Daerah pada Tahun 2026 (akhir periode)",
    "Realisasi Capaian Kinerja Renstra s.d. Renja Tahun Lalu (2025)",
    "Target Kinerja dan Anggaran Renja Tahun Berjalan (2026) yang Dievaluasi",
    "Realisasi Kinerja pada Triwulan I",
    "Realisasi Kinerja pada Triwulan II",
    "Realisasi Kinerja pada Triwulan III",
    "Realisasi Kinerja pada Triwulan IV",
    "Realisasi Capaian Kinerja dan Anggaran Renja yang Dievaluasi",
    "Realisasi Kinerja dan Anggaran Renstra s.d. Tahun 2026",
    "Tingkat Capaian Kinerja dan Realisasi Anggaran Renstra s.d. Tahun 2026 (%)",
    "Unit Perangkat Daerah Penanggung Jawab",
)
HEADING_OF_E81 = (
    "EVALUASI TERHADAP HASIL RENJA PERANGKAT DAERAH LINGKUP KABUPATEN/KOTA",
    "Renja Perangkat Daerah Kecamatan Silaut Kabupaten Pesisir Selatan",
    "Periode Pelaksanaan Triwulan II Tahun 2026",
    "Indikator dan target kinerja Perangkat Daerah Kabupaten/Kota yang mengacu pada sasaran RKPD:",
)
FOOTER_OF_E81 = (
    "Rata-rata capaian kinerja (%)",
    "Predikat kinerja",
    "Faktor pendorong keberhasilan kinerja",
    "Faktor penghambat pencapaian kinerja",
    "Tindak lanjut yang diperlukan dalam triwulan berikutnya",
    "Tindak lanjut yang diperlukan dalam Renja Perangkat Daerah kabupaten/kota berikutnya",
    "Disusun, Silaut, tanggal",
)


def form_of(name: str) -> str:
    """All text of the form, cell after cell, without white space."""
    pages = _pages_of(name, "LAMPIRAN 2 Formulir E.81")
    return squeezed("".join(one.text for number in pages for one in lines(name)[number]))


def test_the_header_of_e81_has_its_words_in_order_and_k_and_rp_under_ten_columns() -> None:
    said, place = form_of("enampuluh"), 0
    for words in (*HEADING_OF_E81, *HEADER_OF_E81, "KRp" * 10, "".join(f"({n})" for n in range(1, 16))):
        found = said.find(squeezed(words), place)
        assert found >= 0, words
        place = found + len(squeezed(words))


@pytest.mark.parametrize("name", ["satu", "enampuluh", "enamratus", "draf", "triwulan-pertama"])
def test_e81_is_printed_in_nine_points(name: str) -> None:
    found = [one for number in _pages_of(name, "LAMPIRAN 2 Formulir E.81") for one in lines(name)[number]]
    assert min(one.size for one in found) == pytest.approx(9.0, abs=0.05)


def test_the_numbers_of_the_columns_stand_under_the_header_on_each_page_of_the_form() -> None:
    for number in _pages_of("enampuluh", "LAMPIRAN 2 Formulir E.81"):
        found = [one for one in lines("enampuluh")[number] if re.fullmatch(r"\(\d{1,2}\)", one.text)]
        assert [one.text for one in sorted(found, key=lambda one: one.left)] == [f"({n})" for n in range(1, 16)]


def test_the_footer_of_e81_stands_in_its_order_with_both_signatures_after_it() -> None:
    said = form_of("enampuluh")
    places = [said.rindex(squeezed(words)) for words in FOOTER_OF_E81]
    assert places == sorted(places)
    end = said[places[-1] :]
    assert squeezed("Camat Silaut,AFLIZEN, S. Sos.NIP 19720605 199303 1 005Dievaluasi,") in end
    assert squeezed("Kepala Bappeda Kabupaten Pesisir Selatan,") in end


def test_every_figure_of_e81_stands_in_its_row_as_the_view_has_it() -> None:
    said, form = form_of("enampuluh"), e81_of(cases.office_of("enampuluh"), DONE)
    assert len(form.rows) == 60
    for n, row in enumerate(form.rows, start=1):
        pairs = (row.renstra, row.before, row.target, *row.quarters[: DONE.quarter])
        later = "-" * 2 * (4 - DONE.quarter)
        share = f"{_figure(row.attainment.value, 2)}{_figure(row.absorption, 2)}"
        cells = f"{''.join(map(_pair, pairs))}{later}{_pair(row.year)}{_pair(row.total)}{share}{row.section.short}"
        assert re.search(rf"{n}[^()]*?{re.escape(squeezed(row.indicator.name + cells))}", said), row.indicator.name
    mean, money = _figure(form.mean.value, 2), _figure(form.absorption, 2)
    assert f"(%)({form.mean.measured}dari{form.mean.expected}indikatorterukur){mean}{money}Predikatkinerja" in said


def _pair(pair: Pair) -> str:
    goal = pair.performance
    shown = squeezed(format_bounds(goal)) if isinstance(goal, Bounds) else _figure(goal)
    return shown + _figure(pair.money, 0)


def _figure(value: Decimal | None, places: int | None = None) -> str:
    return "NA" if value is None else format_number(round_half_up(value, 2) if places is None else value, places)


def test_a_form_without_indicators_says_so_and_keeps_header_and_footer() -> None:
    said = form_of("kosong")
    assert squeezed("Belum ada indikator yang dievaluasi.") in said
    assert squeezed("Rata-rata capaian kinerja (%) (0 dari 0 indikator terukur)NANA") in said
