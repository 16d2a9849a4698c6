"""The report's pages, read back from the finished file."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from services.report import vector
from services.report.canvas import MARGIN_BOTTOM, MARGIN_SIDE, MARGIN_TOP, Canvas, roman
from services.report.paper import Built, KeyFigure, Paper, Signed, build
from services.report.tables import Bar, Cell, Column, GroupRow, Row, Table, rating_cell
from tests.report import paper_demo
from tests.report.paper_demo import INFO, LONG, build_demo, section_columns, section_rows

MM = 72 / 25.4
PLAIN = dataclasses.replace(INFO, watermark="", sample_emblem=False)
CHART: dict[str, Any] = {
    "width": 300,
    "height": 100,
    "data": {"values": [{"a": "Nagari", "v": 1234.5}]},
    "mark": {"type": "text", "fontSize": 12},
    "encoding": {
        "x": {"field": "v", "type": "quantitative"},
        "text": {"field": "v", "type": "quantitative", "format": ",.1f"},
    },
}


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    page: int
    text: str
    size: float
    left: float
    right: float
    top: float
    bottom: float


def opened(built: Built) -> pymupdf.Document:
    return pymupdf.open(stream=built.pdf, filetype="pdf")


def spans(document: pymupdf.Document) -> Iterator[Span]:
    """Runs of text, without the watermark."""
    for page in document:
        for block in page.get_text("dict")["blocks"]:
            for line in block.get("lines", []):
                for one in line["spans"]:
                    if one["size"] < 60 and one["text"].strip():
                        left, top, right, bottom = one["bbox"]
                        yield Span(page.number, one["text"], one["size"], left, right, top, bottom)


def text_of(built: Built) -> str:
    return "\n".join(page.get_text() for page in opened(built))


def made(render: Callable[[Paper], object]) -> Built:
    return build(PLAIN, render)


# Frame of the pages


def test_no_text_stands_outside_the_margins() -> None:
    document = opened(build_demo())
    for span in spans(document):
        if span.page == 0:
            continue
        rect = document[span.page].rect
        assert span.left >= MARGIN_SIDE * MM - 0.5, span
        assert span.right <= rect.width - MARGIN_SIDE * MM + 0.5, span
        in_body = span.top >= MARGIN_TOP * MM - 1 and span.bottom <= rect.height - MARGIN_BOTTOM * MM + 1
        in_frame = span.bottom <= 18 * MM or span.top >= rect.height - 18 * MM
        assert in_body or in_frame, span


def test_all_text_is_at_least_nine_points_high() -> None:
    assert {one.text for one in spans(opened(build_demo())) if one.size < 8.95} == {"contoh lambang"}


def test_each_page_of_the_body_says_which_of_how_many_it_is() -> None:
    built = build_demo()
    found = re.findall(r"Halaman (\d+) dari (\d+)", text_of(built))
    assert found == [(str(number), str(built.body_pages)) for number in range(1, built.body_pages + 1)]


def test_pages_before_the_body_have_roman_numbers_and_the_cover_none() -> None:
    pages = [page.get_text() for page in opened(build_demo())]
    assert "Halaman" not in pages[0]
    assert [re.search(r"Halaman (\w+)\s*$", page, re.MULTILINE)[1] for page in pages[1:4]] == ["i", "ii", "iii"]


def test_roman_numbers() -> None:
    assert [roman(number) for number in (1, 4, 9, 14, 40, 99)] == ["i", "iv", "ix", "xiv", "xl", "xcix"]


def test_the_watermark_is_on_every_page_upright_or_not() -> None:
    document = opened(build_demo())
    assert {page.rect.width > page.rect.height for page in document} == {True, False}
    assert all("CONTOH" in page.get_text() for page in document)


def test_a_final_document_has_no_watermark() -> None:
    assert "CONTOH" not in text_of(made(lambda paper: paper.paragraph("Isi."))).replace(INFO.footer, "")


def test_all_fonts_are_embedded() -> None:
    reader = PdfReader(BytesIO(build_demo().pdf))
    used = {
        font.get_object()["/BaseFont"]: font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.split("+")[1] for name in used} >= {"LiberationSans", "LiberationSansBold", "MonevSymbols"}
    assert all("/FontFile2" in descriptor.get_object() for descriptor in used.values())


def test_the_file_says_what_it_is() -> None:
    reader = PdfReader(BytesIO(build_demo().pdf))
    assert reader.metadata.title == INFO.title
    assert reader.metadata.author == "Kecamatan Silaut"
    assert reader.metadata.creation_date == INFO.created
    assert reader.trailer["/Root"]["/Lang"] == "id-ID"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zona waktu"):
        dataclasses.replace(INFO, created=datetime(2026, 11, 7))  # noqa: DTZ001


def test_the_same_data_give_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from tests.report.paper_demo import build_demo;"
        "print(hashlib.sha256(build_demo().pdf).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "PYTHONPATH": str(Path.cwd())}
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert other.stdout.strip() == hashlib.sha256(build_demo().pdf).hexdigest()


# Text


def test_what_people_type_stays_as_typed() -> None:
    text = text_of(made(lambda paper: paper.paragraph("Ada {nb} dan **tebal** dan __garis__ di sini.")))
    assert "{nb} dan **tebal** dan __garis__" in text


def test_a_short_last_word_never_stands_alone_on_its_line() -> None:
    text = (
        "Rata-rata selalu disertai banyaknya indikator yang terukur dan rentang yang masih mungkin, sejauh data sudah"
    )

    def render(paper: Paper) -> None:
        for more in range(60):
            paper.paragraph(f"{text} {'l' * more} ada.")
            paper.bullets([f"{text} {'l' * more} ada."])

    assert "ada." not in text_of(made(render)).splitlines()


def test_characters_without_glyph_are_shown_and_reported() -> None:
    built = made(lambda paper: paper.paragraph("Aksara 中 dan 😀."))
    assert built.unsupported == ("中", "😀")
    assert "Aksara □ dan □." in text_of(built)


def test_a_heading_is_never_alone_at_the_foot_of_a_page() -> None:
    def render(paper: Paper) -> None:
        for used in range(190, 250):
            paper.new_page()
            paper.space(used)
            paper.heading(1, f"Judul-{used}")
            paper.heading(2, f"Anak-{used}")
            paper.paragraph(f"Isi-{used} " + LONG)

    page_of = {one.text.split(" ")[0]: one.page for one in spans(opened(made(render)))}
    for used in range(190, 250):
        assert page_of[f"Judul-{used}"] == page_of[f"Anak-{used}"] == page_of[f"Isi-{used}"]


def test_a_caption_stays_with_the_first_row_of_its_table() -> None:
    def render(paper: Paper) -> None:
        for used in range(190, 250, 2):
            paper.new_page()
            paper.space(used)
            paper.table(f"Judul-{used}", Table([Column("Kode")], [Row([f"Baris-{used}"])]))

    found = [(one.page, one.text) for one in spans(opened(made(render)))]
    page_of = {text.split(" ")[-1]: page for page, text in found}
    assert all(page_of[f"Judul-{used}"] == page_of[f"Baris-{used}"] for used in range(190, 250, 2))


def test_the_signature_stays_on_one_page() -> None:
    def render(paper: Paper) -> None:
        for used in range(150, 250, 5):
            paper.new_page()
            paper.space(used)
            paper.signature_block(Signed(f"Silaut-{used}", "Camat", f"NAMA-{used}", f"NIP-{used}"))

    page_of = {one.text.split(" ")[-1]: one.page for one in spans(opened(made(render)))}
    for used in range(150, 250, 5):
        assert page_of[f"Silaut-{used}"] == page_of[f"NAMA-{used}"] == page_of[f"NIP-{used}"]


def test_a_note_longer_than_a_page_is_printed_whole() -> None:
    text = text_of(made(lambda paper: paper.note("kata " * 2000 + "tamat")))
    assert text.count("kata") == 2000
    assert "tamat" in text


def test_a_draft_leaves_the_name_free() -> None:
    text = text_of(made(lambda paper: paper.signature_block(Signed("Silaut, …", "Camat Silaut", "", ""))))
    assert "CAMAT SILAUT," in text
    assert "NIP" not in text


def test_a_broken_emblem_is_named_in_plain_words() -> None:
    info = dataclasses.replace(PLAIN, emblem=b"bukan gambar")
    with pytest.raises(ValueError, match="Lambang tidak terbaca"):
        build(info, lambda paper: paper.letterhead(["Kecamatan"]))


def test_a_long_name_under_the_signature_is_printed_whole() -> None:
    name = "Dr. H. Nama Panjang Sekali Sampai Banyak Baris, S.Sos., S.H., M.Si., M.A.P., " * 3 + "tamat"
    text = text_of(made(lambda paper: paper.signature_block(Signed("Silaut", "Camat", name, "1"))))
    assert name in text.replace("\n", " ")


def test_a_long_letterhead_is_printed_whole_and_stands_over_its_rule() -> None:
    address = "Jalan Raya Silaut Nomor 1, Kampung Tengah, Nagari Silaut, " * 8 + "tamat"
    office = "Kecamatan dengan Nama yang Panjang Sekali " * 4 + "Akhir"

    def render(paper: Paper) -> None:
        paper.letterhead(["Pemerintah Kabupaten", office], address)
        paper.paragraph("Isi.")

    built = made(render)
    said = text_of(built).replace("\n", " ")
    assert address in said
    assert office.upper() in said
    at = {one.text: one for one in spans(opened(built))}
    rules = [d["rect"].y0 for d in opened(built)[0].get_drawings() if d["rect"].width > 400]
    last = max(one.bottom for one in at.values() if one.text.endswith("tamat"))
    assert all(last < rule < at["Isi."].top for rule in rules if rule > 20 * MM)


def test_a_long_office_name_on_the_cover_is_printed_whole() -> None:
    name = "Kecamatan dengan Nama yang Panjang Sekali " * 5 + "Akhir"

    def render(paper: Paper) -> None:
        paper.cover(
            title_lines=["Laporan"],
            quarter="III",
            year=2026,
            period="1 Juli",
            office_lines=["Pemerintah", name],
            month_year="",
            reference="",
        )

    built = made(render)
    assert name.upper() in text_of(built).replace("\n", " ")
    assert max(one.bottom for one in spans(opened(built))) < 260 * MM


@given(st.text(max_size=60), st.text(max_size=400), st.integers(0, 230))
@settings(max_examples=25, deadline=None)
def test_no_typed_text_stops_the_report(short: str, long: str, used: int) -> None:
    def render(paper: Paper) -> None:
        paper.space(used)
        paper.heading(1, short)
        paper.paragraph(long)
        paper.note(long, title=short)
        paper.bullets([long, short])
        paper.definitions([(short, long)])
        paper.key_figures([KeyFigure(short, short, long)])
        rows = [Row([long, rating_cell(None, short)]), GroupRow(short)]
        paper.table(short, Table([Column(short), Column("b")], rows))
        paper.signature_block(Signed(short, short, short, short))

    assert made(render).pdf.startswith(b"%PDF")


# Contents


def test_contents_name_the_page_on_which_the_heading_stands() -> None:
    built = build_demo()
    document = opened(built)
    for entry in built.entries:
        words = document[entry.page - 1].get_text().replace("\n", " ").upper()
        assert entry.text.split(" ", 2)[-1].upper() in words, entry
    contents = document[2].get_text()
    assert "BAB III Hasil Pemantauan" in contents
    assert "Tabel 1 Capaian indikator Sekretariat" in contents


def test_headings_are_bookmarks() -> None:
    outline = [(level, title) for level, title, _ in opened(build_demo()).get_toc()]
    assert (1, "BAB III Hasil Pemantauan") in outline
    assert (2, "3.1 Capaian per seksi") in outline


def test_a_reference_works_before_its_table_stands() -> None:
    assert "sesuai Tabel 1." in text_of(build_demo())


def test_the_page_list_of_the_reader_shows_the_printed_numbers() -> None:
    labels = PdfReader(BytesIO(build_demo().pdf)).page_labels
    assert labels[1:5] == ["i", "ii", "iii", "1"]


def test_a_layout_that_never_settles_is_an_error() -> None:
    calls = iter(range(1000))

    def restless(paper: Paper) -> None:
        for _ in range(next(calls) % 2 + 1):
            paper.new_page()

    with pytest.raises(RuntimeError, match="tidak kunjung tetap"):
        build(PLAIN, restless)


# Tables


def table_of(count: int) -> Built:
    def render(paper: Paper) -> None:
        paper.new_page("landscape")
        paper.table("Capaian", Table(section_columns(), section_rows(count)))

    return build(PLAIN, render)


def test_every_row_is_printed_once_and_the_header_on_every_page() -> None:
    document = opened(table_of(120))
    text = [page.get_text() for page in document]
    assert len(text) > 8
    assert all("Indikator Kinerja" in page and "Realisasi Kumulatif" in page for page in text)
    codes = re.findall(r"^IK\.(\d+)$", "\n".join(text), re.MULTILINE)
    assert sorted(map(int, codes)) == list(range(1, 121))


def test_a_text_of_ten_thousand_characters_runs_over_pages_without_loss() -> None:
    words = [f"k{number}" for number in range(1700)]
    rows = [Row(["1", "awal"]), Row(["2", " ".join(words)]), Row(["3", "akhir"])]
    built = made(lambda paper: paper.table("Temuan", Table([Column("No."), Column("Uraian", 3)], rows)))
    assert re.findall(r"\bk\d+\b", text_of(built)) == words
    assert built.pages >= 3
    assert all("Uraian" in page.get_text() for page in opened(built))


def test_a_word_of_ten_thousand_letters_is_broken() -> None:
    table = Table([Column("No."), Column("Uraian", 3)], [Row(["1", "k" * 10_000])])
    built = made(lambda paper: paper.table("Temuan", table))
    body = "".join(one.text for one in spans(opened(built)) if set(one.text.strip()) == {"k"})
    assert body.replace(" ", "") == "k" * 10_000


def test_the_work_of_a_table_grows_with_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = Canvas.put_lines
    monkeypatch.setattr(Canvas, "put_lines", lambda self, *args, **how: drawn.append(1) or draw(self, *args, **how))
    counts = []
    for count in (50, 100, 200):
        drawn.clear()
        table_of(count)
        counts.append(len(drawn))
    assert counts[0] >= 50
    assert counts[1] < 2.1 * counts[0]
    assert counts[2] < 2.1 * counts[1]


@pytest.mark.parametrize("lines", [1, 3, 30, 70])
def test_a_total_never_stands_alone_under_the_repeated_header(lines: int) -> None:
    """However tall the last row is and wherever it ends on its page."""
    last = Row(["\n".join(f"akhir-{n}" for n in range(lines))])

    def render(paper: Paper) -> None:
        for used in range(0, 200, 4):
            paper.new_page()
            paper.space(used)
            rows, totals = [Row([f"awal-{used}"]), last], [Row([f"jumlah-{used}"], total=True)]
            paper.table(f"Judul-{used}", Table([Column("Kode")], rows, totals, below=paper.remark_height("Rumus")))
            paper.remark(f"Rumus-{used}")

    pages = [page.get_text() for page in opened(made(render))]
    with_totals = [page for page in pages if "jumlah-" in page]
    assert len(with_totals) == 50
    assert all("akhir-" in page and "Rumus-" in page for page in with_totals)


def test_the_header_of_a_table_of_one_row_stays_with_the_row_and_its_total() -> None:
    def render(paper: Paper) -> None:
        for used in range(180, 240):
            paper.new_page()
            paper.space(used)
            paper.table(f"Judul-{used}", Table([Column("Kode")], [Row(["satu"])], [Row(["jumlah"], total=True)]))

    pages = [page.get_text() for page in opened(made(render))]
    assert all(page.count("Judul-") == page.count("satu") == page.count("jumlah") for page in pages)


def test_a_row_of_many_lines_begins_at_its_top_in_every_column() -> None:
    rows = [Row(["\n".join(["panjang"] * 9), "\n".join(["sedang"] * 5), "pendek"])]
    built = made(lambda paper: paper.table("Temuan", Table([Column(title) for title in "abc"], rows)))
    tops = {one.text: one.top for one in reversed(list(spans(opened(built))))}
    assert tops["panjang"] == pytest.approx(tops["sedang"]) == pytest.approx(tops["pendek"])


def test_the_bar_of_a_tall_row_stands_under_its_number_once() -> None:
    rows = [Row(["\n".join(["panjang"] * 90), Cell("88,00", bar=Bar(0.88))])]
    document = opened(made(lambda paper: paper.table("Capaian", Table([Column("a"), Column("b", align="R")], rows))))
    bars = [(n, d["rect"]) for n, page in enumerate(document) for d in page.get_drawings() if 2 < d["rect"].height < 3]
    (number,) = [one for one in spans(document) if one.text == "88,00"]
    assert len(document) > 1
    assert {page for page, _ in bars} == {number.page}
    assert all(0 < rect.y0 - number.bottom < 4 for _, rect in bars)


def test_a_short_row_with_a_bar_has_its_texts_on_one_line() -> None:
    rows = [Row(["nama", Cell("88,00", bar=Bar(0.88))])]
    built = made(lambda paper: paper.table("Capaian", Table([Column("a"), Column("b", align="R")], rows)))
    tops = {one.text: one.top for one in spans(opened(built))}
    assert tops["nama"] == pytest.approx(tops["88,00"])


def test_an_empty_table_says_so() -> None:
    assert "Tidak ada data" in text_of(made(lambda paper: paper.table("Kosong", Table([Column("Kode")], []))))


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="1 sel, seharusnya 2"):
        Table([Column("a"), Column("b")], [Row(["x"])])


# Charts


def test_text_in_a_chart_is_text_with_indonesian_numbers_at_nine_points() -> None:
    built = made(lambda paper: paper.chart(CHART, "Contoh", alt="Satu nilai"))
    value = next(one for one in spans(opened(built)) if one.text == "1.234,5")
    assert value.size == pytest.approx(9.0, abs=0.05)


def test_the_same_chart_twice_stands_at_two_places() -> None:
    built = made(lambda paper: [paper.chart(CHART, f"Contoh {number}", alt="Satu nilai") for number in (1, 2)])
    values = [one for one in spans(opened(built)) if one.text == "1.234,5"]
    captions = [one for one in spans(opened(built)) if "Contoh" in one.text]
    assert values[1].left == pytest.approx(values[0].left, abs=0.1)
    assert values[1].top - values[0].top == pytest.approx(captions[1].top - captions[0].top, abs=0.1)


def test_charts_are_placed_as_vectors() -> None:
    assert all(not page.get_images() for page in opened(build_demo()))


def test_every_kind_of_chart_in_the_sample_is_in_the_drawable_subset() -> None:
    for spec in (paper_demo.BARS, paper_demo.LINE, paper_demo.HEAT):
        svg = vector.prepared(vector.to_svg(spec, 150))
        assert "clip-path" not in svg
        assert "px" not in svg
        assert not re.search(r"<line(?![^>]* x1=)", svg)


def test_a_chart_that_cannot_be_a_vector_becomes_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(svg: str) -> str:
        raise KeyError("x1")

    monkeypatch.setattr(vector, "prepared", refuse)
    document = opened(made(lambda paper: paper.chart(CHART, "Contoh", alt="Satu nilai")))
    assert len(document[0].get_images()) == 1


def test_characters_without_glyph_in_a_chart_are_reported() -> None:
    spec = {**CHART, "title": "Nagari 中"}
    assert made(lambda paper: paper.chart(spec, "Contoh", alt="Satu nilai")).unsupported == ("中",)


def test_decimals_of_the_domain_are_numbers_in_a_chart() -> None:
    spec = {**CHART, "data": {"values": [{"a": "Nagari", "v": Decimal("1234.5")}]}}
    assert "1.234,5" in vector.to_svg(spec)


def test_a_chart_is_drawn_once_for_all_passes() -> None:
    vector._converted.cache_clear()
    made(lambda paper: paper.chart(CHART, "Contoh", alt="Satu nilai"))
    assert vector._converted.cache_info().misses == 1


def test_months_in_charts_are_indonesian() -> None:
    spec = {
        "data": {"values": [{"d": 0}]},
        "mark": "text",
        "encoding": {"text": {"value": {"expr": "utcFormat(datetime(2026,7,15), '%-d %B %Y')"}}},
    }
    assert "15 Agustus 2026" in vector.to_svg(spec)


def test_text_typed_by_people_cannot_break_a_chart() -> None:
    spec = {"data": {"values": [{"t": "a\x00<b>&\ud800😀"}]}, "mark": "text", "encoding": {"text": {"field": "t"}}}
    assert "a&lt;b&gt;&amp;□□" in vector.to_svg(spec)
