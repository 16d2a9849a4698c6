"""The finished file against its standards: PDF/A-3A, PDF/UA-1, and what a screen reader finds in it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from services.report.document import Issue, build_report
from services.report.paper import DocumentInfo, build
from tests.report import vera
from tests.report.paper_demo import build_demo
from tests.report.test_document import NOW, PERIOD, many, real_office, sample_report
from tests.unit import offices

ISSUE = Issue("400/12/Silaut/2026", date(2026, 11, 3), "Silaut", "Camat Silaut", "Nama Camat", "197206051993031005")


@cache
def final_report() -> bytes:
    return build_report(real_office(), PERIOD, NOW, draft=False, issue=ISSUE).pdf


@cache
def files() -> dict[str, bytes]:
    nothing = offices.office(offices.cycle())
    return {
        "sample": sample_report().pdf,
        "draft": sample_report(draft=True).pdf,
        "issued": final_report(),
        "no indicator": build_report(nothing, PERIOD, NOW, draft=True).pdf,
        "one indicator": build_report(many(1, "nagari " * 1428), PERIOD, NOW, draft=False).pdf,
        "building blocks": build_demo().pdf,
        "emblem": build(with_emblem(), lambda paper: paper.letterhead(["Kabupaten", "Kecamatan"], "Jalan")).pdf,
    }


def with_emblem() -> DocumentInfo:
    picture = BytesIO()
    Image.new("RGBA", (40, 50), (20, 40, 90, 128)).save(picture, "PNG")
    return DocumentInfo("Judul", "Kecamatan", "DRAF", NOW, emblem=picture.getvalue())


@pytest.fixture(scope="module")
def broken() -> dict[str, list[str]]:
    return vera.failures(files())


@pytest.mark.parametrize(
    "name", ["sample", "draft", "issued", "no indicator", "one indicator", "building blocks", "emblem"]
)
def test_verapdf_passes_pdfa_3a_and_pdfua_1(name: str, broken: dict[str, list[str]]) -> None:
    assert broken[name] == []


def test_verapdf_would_see_a_missing_title_and_a_lost_structure() -> None:
    with pikepdf.open(BytesIO(files()["no indicator"])) as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.ViewerPreferences
        spoiled = BytesIO()
        pdf.save(spoiled)
    found = " ".join(vera.failures({"spoiled": spoiled.getvalue()})["spoiled"])
    assert "3a: 6.7" in found
    assert "ua1: 7.1-10" in found


@pytest.mark.parametrize("name", ["sample", "issued"])
def test_qpdf_finds_no_fault_in_the_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "laporan.pdf"
    path.write_bytes(files()[name])
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# What is read out


Node = pikepdf.Object


@cache
def opened(name: str) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(files()[name]))


def kids(node: Node) -> list[Node]:
    if "/K" not in node:
        return []
    return list(node.K) if isinstance(node.K, pikepdf.Array) else [node.K]


def elements(node: Node) -> Iterator[Node]:
    """All structure elements below, in the order in which they are read."""
    for kid in kids(node):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def all_elements(name: str) -> list[Node]:
    return list(elements(opened(name).Root.StructTreeRoot))


def roles(name: str) -> list[str]:
    return [str(one.S) for one in all_elements(name)]


def test_headings_go_down_one_level_at_a_time_and_begin_with_the_first() -> None:
    levels = [int(role[2:]) for role in roles("sample") if re.fullmatch(r"/H\d", role)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {1, 2, 3} <= set(levels)


def test_every_picture_is_said_in_words_and_has_a_place() -> None:
    pictures = [one for one in all_elements("sample") if one.S == "/Figure"]
    assert len(pictures) == 12  # emblem on cover, approval and preface, seven charts, two QR codes
    assert all(len(str(one.Alt)) > 20 and len(one.A.BBox) == 4 for one in pictures)


def spans(row: Node) -> int:
    return sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in kids(row))


def test_every_table_has_headers_with_a_scope_and_rows_of_one_width() -> None:
    tables = [one for one in all_elements("sample") if one.S == "/Table"]
    assert len(tables) > 10
    for table in tables:
        caption, head, body = kids(table)
        assert [str(part.S) for part in (caption, head, body)] == ["/Caption", "/THead", "/TBody"]
        headers = [one for one in elements(head) if one.S == "/TH"]
        assert all(str(one.A.Scope) == "/Column" for one in headers)
        width = spans(kids(head)[0])
        assert {spans(row) for row in kids(body)} == {width}


def test_the_header_of_a_long_table_is_read_once() -> None:
    report = build_report(many(60), PERIOD, NOW, draft=False).pdf
    with pikepdf.open(BytesIO(report)) as pdf:
        heads = [one for one in elements(pdf.Root.StructTreeRoot) if one.S == "/THead"]
        rows = [len(kids(head)) for head in heads]
    assert set(rows) <= {1, 2, 3}  # Formulir E.81 has a line of column numbers


def test_a_cell_over_two_pages_is_one_cell() -> None:
    with pikepdf.open(BytesIO(files()["one indicator"])) as pdf:
        cells = [one for one in elements(pdf.Root.StructTreeRoot) if one.S == "/TD"]
        pages = [{str(mark.Pg.objgen) for mark in kids(cell) if isinstance(mark, pikepdf.Dictionary)} for cell in cells]
    assert max(map(len, pages)) > 1


def test_lists_and_contents_are_lists() -> None:
    found = roles("sample")
    assert {"/L", "/LI", "/Lbl", "/LBody", "/TOC", "/TOCI", "/Link"} <= set(found)
    assert found.count("/Lbl") == found.count("/LBody") == found.count("/LI")


def marks(pdf: pikepdf.Pdf) -> list[tuple[int, int]]:
    """Page and number of every piece of content, in reading order."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    found = []
    for element in elements(pdf.Root.StructTreeRoot):
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary):
                found += [(pages[kid.Pg.objgen], int(kid.MCID))] if "/MCID" in kid else []
            else:
                found.append((pages[element.Pg.objgen], int(kid)))
    return found


def test_pages_are_read_from_the_first_to_the_last_and_each_piece_once() -> None:
    found = marks(opened("sample"))
    assert len(found) == len(set(found))
    # A cell that runs over pages is read to its end before the next cell of its row.
    assert [page for page, _ in found] == sorted(page for page, _ in found)


def test_the_frame_of_the_pages_is_not_read() -> None:
    page = opened("sample").pages[5]
    said = [str(operands[1]) for operands, operator in pikepdf.parse_content_stream(page) if str(operator) == "BDC"]
    assert sum("/Header" in one for one in said) == sum("/Footer" in one for one in said) == 1
    assert sum("/Watermark" in one for one in said) == 1


def test_links_of_the_contents_say_where_they_lead() -> None:
    links = [link for page in opened("sample").pages for link in page.obj.get("/Annots", [])]
    assert len(links) > 30
    assert all(re.search(r", halaman \w+$", str(link.Contents)) for link in links)


def test_the_file_names_language_title_and_outline() -> None:
    root = opened("issued").Root
    assert str(root.Lang) == "id-ID"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(root.Outlines.First.Title) == "Kata Pengantar"
    metadata = root.Metadata.read_bytes().decode()
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "Laporan Monitoring dan Evaluasi Kinerja Triwulan III Tahun 2026" in metadata


def test_front_pages_have_roman_labels_and_the_body_starts_again_with_one() -> None:
    labels = [page.label for page in opened("sample").pages]
    body = labels.index("1")
    assert labels[:2] == ["", ""]  # cover and approval
    assert labels[2:body] == ["i", "ii", "iii", "iv", "v"][: body - 2]
    assert labels[body:] == [str(number) for number in range(1, len(labels) - body + 1)]


def test_special_letters_in_names_do_not_break_the_metadata() -> None:
    info = DocumentInfo("A & B <c> “d” 漢", "Kecamatan & Nagari", "DRAF", NOW)
    pdf = build(info, lambda paper: paper.paragraph("Isi.")).pdf
    assert vera.failures({"letters": pdf})["letters"] == []


def test_all_dates_in_the_file_are_the_one_that_was_handed_in() -> None:
    with pikepdf.open(BytesIO(final_report())) as pdf:
        found = re.findall(r"20\d\d-\d\d-\d\dT[\d:]+\+07:00", pdf.Root.Metadata.read_bytes().decode())
        assert set(found) == {"2026-11-03T10:20:00+07:00"}
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261103102000")
