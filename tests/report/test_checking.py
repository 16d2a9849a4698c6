"""Whose file is this: unchanged and signed reports are recognised, every changed one is refused."""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.generic import StreamObject as HankoStream
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from services.domain.clock import WIB
from services.report import foreign
from services.report.canvas import Canvas, DocumentInfo
from services.report.checking import Archived, Kind, Verdict, check
from services.report.document import Report, build_report
from services.report.fingerprint import fingerprint_of, from_csv
from services.report.manifest import data_files, manifest_file, sha256
from services.report.sealing import Embedded, embedded, sealed
from services.views.board import board_of
from services.views.office import Office
from services.views.report_data import data_of
from tests.report import vera
from tests.report.signer import SIGNER, another_certificate, certificate, signed
from tests.report.test_document import NOW, PERIOD, many
from tests.report.test_fingerprint import office
from tests.report.test_standards import ISSUE

LATER = datetime(2028, 5, 6, 7, 8, tzinfo=WIB)


@cache
def report() -> Report:
    return build_report(office(), PERIOD, NOW, draft=False, issue=ISSUE)


def register(made: Report, *, keep: bool = False) -> Archived:
    return Archived(sha256(made.pdf), len(made.pdf), ISSUE.number, made.fingerprint, made.pdf if keep else None)


def verdict(pdf: bytes, *, keep: bool = False, trusted: tuple[bytes, ...] = ()) -> Verdict:
    return check(pdf, [Archived("0" * 64, 5), register(report(), keep=keep)], LATER, trusted)


def said(found: Verdict) -> str:
    return " ".join([found.message, *found.details, *(line for one in found.signatures for line in one.details)])


# Ours


def test_the_issued_bytes_are_recognised_with_their_entry_in_the_register() -> None:
    found = verdict(report().pdf)
    assert found.kind is Kind.UNCHANGED
    assert found.accepted
    assert found.archived == register(report())
    assert found.message == "Berkas ini sama persis dengan arsip nomor 400/12/Silaut/2026."


def varied(chance: random.Random) -> Office:
    """The small office with other figures and words."""
    letters = "".join(chance.choices("abc ,;\"'=\n–é漢", k=chance.randrange(40)))
    actual = chance.choice([None, "NA", "12,5", Decimal(chance.randrange(10**6)) / 100])
    return office(actual=actual, spent=Decimal(chance.randrange(10**9)), obstacle=letters)


def one_page() -> Canvas:
    canvas = Canvas(DocumentInfo("Laporan", "Kecamatan Silaut", "Nomor: 1", NOW), 1)
    canvas.start_page("portrait", "arabic")
    return canvas


def attached(place: Office) -> list[Embedded]:
    board, seal = board_of(place, PERIOD, NOW), fingerprint_of(place, PERIOD)
    files = embedded(data_files(data_of(place, PERIOD)))
    return [*files, *embedded([manifest_file(place, board, NOW, seal, files, draft=False, issue=None)])]


def test_a_hundred_files_with_varied_data_are_recognised_each_as_itself() -> None:
    chance, canvas = random.Random(9), one_page()
    made = [varied(chance) for _ in range(100)]
    prints = [fingerprint_of(one, PERIOD) for one in made]
    pdfs = [sealed(canvas, attached(one)) for one in made]
    archive = [Archived(sha256(pdf), len(pdf), str(n), prints[n]) for n, pdf in enumerate(pdfs)]
    assert len(set(prints)) == 100
    for number, pdf in enumerate(pdfs):
        found = check(pdf, archive, LATER)
        assert (found.kind, found.archived) == (Kind.UNCHANGED, archive[number])
        alone = check(pdf, [], LATER)
        assert (alone.kind, alone.fingerprint) == (Kind.NOT_ARCHIVED, prints[number])


@pytest.mark.parametrize("visible", [False, True])
def test_a_signature_added_afterwards_is_recognised(visible: bool) -> None:
    found = verdict(signed(report().pdf, visible=visible))
    assert found.kind is Kind.SIGNED
    assert [one.signer for one in found.signatures] == [SIGNER]
    assert "Tanda tangan utuh dan sah secara kriptografis." in said(found)
    assert ("Tanda tangan tampak di halaman" in said(found)) == visible


def test_two_signatures_one_after_the_other_are_recognised() -> None:
    found = verdict(signed(signed(report().pdf), field="TTE2"))
    assert found.kind is Kind.SIGNED
    assert len(found.signatures) == 2


def test_an_unknown_issuer_is_not_called_trusted_and_a_known_one_is() -> None:
    file = signed(report().pdf)
    assert "belum diperiksa" in said(verdict(file))
    known = verdict(file, trusted=(certificate(),))
    assert "Penerbit sertifikat dipercaya." in said(known)
    assert known.message.endswith("tambahannya hanya tanda tangan elektronik.")


def test_a_signature_that_anybody_could_have_made_is_not_called_valid_in_one_word() -> None:
    """Whoever makes a certificate writes the name in it."""
    file = signed(report().pdf)
    unknown, strange, known = (
        verdict(file, trusted=roots) for roots in ((), (another_certificate(),), (certificate(),))
    )
    states = [one.state for found in (unknown, strange, known) for one in found.signatures]
    assert states == ["utuh, penerbitnya belum diperiksa", "utuh, penerbitnya tidak dipercaya", "sah"]
    assert all(found.message.endswith("penanda tangannya belum dipastikan.") for found in (unknown, strange))


def test_a_root_that_is_no_certificate_is_an_error_of_its_own_and_no_verdict() -> None:
    with pytest.raises(ValueError, match=r"."):
        verdict(signed(report().pdf), trusted=(b"bukan sertifikat",))


def test_a_signed_report_is_still_pdfa_and_pdfua() -> None:
    assert vera.failures({"signed": signed(report().pdf)})["signed"] == []


# Changed


def flipped(pdf: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 1 << bit
    return bytes(changed)


def test_a_hundred_files_with_one_flipped_bit_are_refused() -> None:
    chance = random.Random(20261103)
    pdf = report().pdf
    for number in range(100):
        place = number * len(pdf) // 100 + chance.randrange(len(pdf) // 100)
        found = verdict(flipped(pdf, place, chance.randrange(8)), keep=number % 2 == 0)
        assert found.kind is Kind.CHANGED, place
        assert not found.accepted
        assert found.details
        assert ISSUE.number in found.message


def test_a_flipped_bit_in_a_signed_file_is_refused_wherever_it_is() -> None:
    chance = random.Random(5)
    file = signed(report().pdf)
    for _ in range(20):
        # Within the padding of the signature, which nobody reads, a bit changes nothing.
        place = chance.randrange(len(report().pdf) + 300)
        assert not verdict(flipped(file, place, chance.randrange(8))).accepted


def edited(pdf: bytes, edit: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        edit(document)
        target = BytesIO()
        document.save(target)
        return target.getvalue()


def other_number_on_page(document: pikepdf.Pdf) -> None:
    page = document.pages[5]
    content = page.Contents.read_bytes()
    page.Contents = document.make_stream(content.replace(b" re f", b" re S", 1))


def other_data(document: pikepdf.Pdf) -> None:
    data = document.attachments["isian.csv"].get_file().read_bytes()
    del document.attachments["isian.csv"]
    document.attachments["isian.csv"] = data.replace(b",80,", b",95,")


def test_a_changed_page_is_named() -> None:
    found = verdict(edited(report().pdf, other_number_on_page), keep=True)
    assert found.kind is Kind.CHANGED
    assert "Isi halaman yang berbeda (dihitung dari sampul): 6." in found.details


def test_changed_data_are_named_with_their_file() -> None:
    found = verdict(edited(report().pdf, other_data))
    assert found.kind is Kind.CHANGED
    assert "Lampiran isian.csv tidak sesuai dengan manifest." in found.details
    assert "Sidik data yang dihitung dari lampiran berbeda dari yang tertulis di manifest." in found.details
    assert found.fingerprint != report().fingerprint


def test_data_taken_out_are_named_and_never_called_the_same() -> None:
    def without_entries(document: pikepdf.Pdf) -> None:
        del document.attachments["isian.csv"]

    found = verdict(edited(report().pdf, without_entries), keep=True)
    assert found.details.count("Lampiran yang tidak ada atau tidak terbaca: isian.csv.") == 1
    assert "datanya tidak berbeda" not in said(found)


def test_a_row_of_the_data_that_stands_there_twice_is_not_called_the_same() -> None:
    def doubled(document: pikepdf.Pdf) -> None:
        lines = document.attachments["isian.csv"].get_file().read_bytes().splitlines(keepends=True)
        del document.attachments["isian.csv"]
        document.attachments["isian.csv"] = b"".join((*lines, lines[-1]))

    found = verdict(edited(report().pdf, doubled), keep=True)
    assert "Susunan atau jumlah baris lampiran isian.csv berbeda." in found.details
    assert "datanya tidak berbeda" not in said(found)


def test_a_value_cut_off_the_end_of_a_row_is_named() -> None:
    def cut(document: pikepdf.Pdf) -> None:
        data = document.attachments["hasil.csv"].get_file().read_bytes()
        del document.attachments["hasil.csv"]
        document.attachments["hasil.csv"] = data.rstrip(b"\r\n").rpartition(b",")[0] + b"\r\n"

    found = verdict(edited(report().pdf, cut), keep=True)
    assert "kolom Keterangan: kosong, arsipnya" in said(found)


def test_a_page_taken_out_is_noticed() -> None:
    def without_last(document: pikepdf.Pdf) -> None:
        del document.pages[-1]

    found = verdict(edited(report().pdf, without_last), keep=True)
    assert any(line.startswith("Jumlah halamannya") for line in found.details)


def test_a_file_saved_anew_is_not_the_archived_one_though_its_data_are() -> None:
    found = verdict(edited(report().pdf, lambda _document: None))
    assert found.kind is Kind.CHANGED
    assert found.fingerprint == report().fingerprint
    assert any("misalnya karena disimpan ulang" in line for line in found.details)


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF", b"x" * 5000])
def test_bytes_behind_the_archived_ones_that_are_no_signature_are_refused(tail: bytes) -> None:
    found = verdict(report().pdf + tail)
    assert found.kind is Kind.CHANGED
    assert any(line.startswith("Sesudah isi arsip ada tambahan") for line in found.details)


@pytest.mark.parametrize("tail", [b"\n% tambahan", b"\n% tambahan %%EOF", b"\nstartxref\n%%EOF"])
def test_bytes_behind_a_signature_are_refused(tail: bytes) -> None:
    assert verdict(signed(report().pdf) + tail).kind is Kind.CHANGED


def appended_page_content(pdf: bytes) -> bytes:
    """An incremental update that draws over the second page."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"].raw_get(1)
    page.get_object()["/Contents"] = writer.add_object(HankoStream(stream_data=b"0 0 100 100 re f"))
    writer.mark_update(page)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def appended_script(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root[NameObject("/OpenAction")] = writer.add_object(HankoStream(stream_data=b"app.alert(1)"))
    writer.update_root()
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_page_drawn_over_before_signing_is_refused_though_the_signature_is_valid() -> None:
    found = verdict(signed(appended_page_content(report().pdf)))
    assert found.kind is Kind.CHANGED
    assert [one.valid for one in found.signatures] == [True]
    assert "Halaman 2 diubah." in found.details


def test_a_page_drawn_over_after_signing_is_refused() -> None:
    found = verdict(appended_page_content(signed(report().pdf)))
    assert found.kind is Kind.CHANGED
    assert "Halaman 2 diubah." in found.details


def test_a_document_that_would_run_something_is_refused() -> None:
    assert "Susunan dokumen diubah." in verdict(signed(appended_script(report().pdf))).details


# Not ours


def test_a_draft_is_told_from_an_issued_report() -> None:
    draft = build_report(many(2), PERIOD, NOW, draft=True)
    found = verdict(draft.pdf)
    assert found.kind is Kind.NOT_ARCHIVED
    assert found.message.startswith("Draf laporan Triwulan III Tahun 2026")
    assert found.fingerprint == draft.fingerprint


def test_another_report_with_consistent_data_is_not_taken_for_an_archived_one() -> None:
    other = build_report(many(1), PERIOD, NOW, draft=False)
    assert verdict(other.pdf).kind is Kind.NOT_ARCHIVED


def foreign_pdf() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        target = BytesIO()
        document.save(target)
        return target.getvalue()


def with_manifest(content: bytes) -> bytes:
    def attach(document: pikepdf.Pdf) -> None:
        document.attachments["manifest.json"] = content

    return edited(foreign_pdf(), attach)


def changed_manifest(**values: object) -> bytes:
    with pikepdf.open(BytesIO(report().pdf)) as document:
        said = json.loads(document.attachments["manifest.json"].get_file().read_bytes())
    return json.dumps(said | values).encode()


@pytest.mark.parametrize(
    "make",
    [
        foreign_pdf,
        lambda: with_manifest(b'{"jenis": "lain"}'),
        lambda: with_manifest(b"0" * (65 * 2**20)),
        lambda: with_manifest(b"[" * 100_000),
        lambda: with_manifest(b'{"jenis": "\\ud800"}'),
        lambda: with_manifest(changed_manifest(nomor="\ud800", lampiran=[{"nama": "\ud800", "isi": "", "sha256": ""}])),
    ],
)
def test_a_pdf_without_data_of_ours_is_called_foreign_and_never_an_error(make: Callable[[], bytes]) -> None:
    found = check(make(), [register(report())], LATER)
    assert found.kind is Kind.FOREIGN
    assert re.search(r"(tidak memuat|tidak dikenal)", found.message)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: b"", "rusak"),
        (lambda: b"%PDF-1.7", "rusak"),
        (lambda: b"hello" * 1000, "rusak"),
        (lambda: report().pdf[:2000], "terpotong"),
        (lambda: report().pdf[: len(report().pdf) // 2], "terpotong"),
        (lambda: locked(report().pdf), "dikunci dengan kata sandi"),
        (lambda: unpacking_without_end(), "rusak"),
    ],
)
def test_what_cannot_be_read_is_not_called_a_report_of_somebody_else(make: Callable[[], bytes], says: str) -> None:
    found = check(make(), [register(report())], LATER)
    assert found.kind is Kind.UNREADABLE
    assert says in found.message


def locked(pdf: bytes) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(target, encryption=pikepdf.Encryption(owner="pemilik", user="pembaca"))
    return target.getvalue()


def unpacking_without_end() -> bytes:
    """A table of references of 65 MB, which the reader of a PDF unpacks by itself, in a file of 300 KB."""
    table = zlib.compress(bytes(65 * 2**20), 1)
    start = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    head = b"3 0 obj\n<</Type/XRef/Size 4/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(table)
    return start + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(start)


def test_parts_that_are_small_each_are_not_unpacked_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same packed part many times, in a file that is not large itself."""
    files, pages = foreign.attached_files(report().pdf), foreign.pages_of(report().pdf)
    monkeypatch.setattr(foreign, "LARGEST_ATTACHED", sum(map(len, files.values())) // 2)
    monkeypatch.setattr(foreign, "LARGEST_PAGES", 5_000)
    assert sum(map(len, foreign.attached_files(report().pdf).values())) <= foreign.LARGEST_ATTACHED
    read = foreign.pages_of(report().pdf)
    assert len(read) == len(pages)
    assert b"" not in pages
    assert read.count(b"") > len(pages) // 2


def test_data_of_more_cells_than_any_office_has_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.report.manifest.MOST_CELLS", 100)
    assert "Data lampiran tidak dapat dibaca." in verdict(edited(report().pdf, lambda _document: None)).details
    monkeypatch.setattr("services.report.fingerprint.MOST_CELLS", 5)
    with pytest.raises(ValueError, match="terlalu besar"):
        from_csv("a", b"a,b\r\n1,2\r\n3,4\r\n")


def test_an_empty_archive_accepts_nothing() -> None:
    assert check(report().pdf, [], LATER).kind is Kind.NOT_ARCHIVED
    assert check(foreign_pdf(), [], LATER).kind is Kind.FOREIGN
