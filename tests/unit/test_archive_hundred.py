"""A hundred good copies of issued reports are recognised, and a hundred altered ones refused, each with a reason."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from services import archive
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.report.document import Report, build_report
from services.report.fingerprint import fingerprint_of
from services.report.issue import Issue
from services.report.manifest import sha256
from services.report.sealing import sealed
from services.report.verdict import Kind
from services.store import schema
from services.store.files import pieces
from services.store.sql import SqlStore
from services.store.store import Insert, Row, Transaction
from services.views.office import Office
from tests.report.signer import signed
from tests.report.test_checking import appended_page_content, appended_script, attached, edited, one_page, varied
from tests.unit.sample_store import NOW, OFFICE, office_in, sample_store

PERIOD = Period(2026, 3)
BEFORE = Period(2026, 2)
LATER = datetime(2028, 5, 6, 7, 8, tzinfo=WIB)
SMALL = 23
Edit = Callable[[pikepdf.Pdf], None]


@dataclass(frozen=True)
class Archive:
    """A store in which reports of the sample and many small ones are issued."""

    file: Path
    reports: dict[Period, bytes]
    small: tuple[bytes, ...]


def issue_of(period: Period) -> Issue:
    return Issue(f"800/{period.key}/Silaut", date(2026, 11, 3), "Silaut", "Camat", "Nama (contoh)", "")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, chance = tmp_path_factory.mktemp("arsip"), random.Random(4)
    store = sample_store(folder)
    office = office_in(store)
    reports = {p: build_report(office, p, draft=False, issue=issue_of(p)) for p in (PERIOD, BEFORE)}
    for period, report in reports.items():
        keep(store, period, report.pdf, report.fingerprint)
    canvas, places = one_page(), [varied(chance) for _ in range(SMALL)]
    small = tuple(sealed(canvas, attached(place)) for place in places)
    for number, (place, pdf) in enumerate(zip(places, small, strict=True)):
        keep(store, Period(2000 + number // 4, number % 4 + 1), pdf, fingerprint_of(place, PERIOD))
    store.close()
    return Archive(folder / "monev.db", {p: report.pdf for p, report in reports.items()}, small)


def keep(store: SqlStore, period: Period, pdf: bytes, fingerprint: str) -> None:
    """As step 12 keeps a document."""
    file_id = f"laporan-{period.key}"
    row: Row = {
        "id": f"dokumen-{period.key}", "year": period.year, "quarter": period.quarter, "file_id": file_id,
        "number": issue_of(period).number, "day": date(2026, 11, 3), "place": "Silaut", "signatory": "Camat",
        "size": len(pdf), "pages": 1, "sha256": sha256(pdf), "fingerprint": fingerprint, "at": NOW, "by": "pkp",
    }  # fmt: skip
    changes = (Insert(schema.DOCUMENT, row), *pieces(file_id, pdf))
    store.commit(Transaction(NOW, "pkp", "pkp", "terbit", "Uji", changes))


@pytest.fixture
def store(kept: Archive, tmp_path: Path) -> Iterator[SqlStore]:
    shutil.copyfile(kept.file, tmp_path / "monev.db")
    store = SqlStore(f"sqlite:///{tmp_path}/monev.db", OFFICE, lambda: NOW)
    yield store
    store.close()


# --- good --------------------------------------------------------------------------------------------------------


def good(kept: Archive, folder: Path) -> Iterator[tuple[bytes, Kind]]:
    """Each report as issued and saved to a disk, signed, signed visibly, and signed by two."""
    for number, pdf in enumerate((*kept.reports.values(), *kept.small)):
        copy = folder / f"salinan {number}.pdf"
        copy.write_bytes(pdf)
        yield copy.read_bytes(), Kind.UNCHANGED
        once = signed(pdf)
        yield once, Kind.SIGNED
        yield signed(pdf, visible=True), Kind.SIGNED
        yield signed(once, field="TTE2", visible=True), Kind.SIGNED


def test_a_hundred_good_copies_are_recognised(kept: Archive, store: SqlStore, tmp_path: Path) -> None:
    office, files = office_in(store), list(good(kept, tmp_path))
    assert len(files) == 100
    for number, (pdf, kind) in enumerate(files):
        found = archive.judged(office, store, pdf, LATER)
        assert (found.kind, found.accepted) == (kind, True), (number, found.message, found.details)


# --- altered -----------------------------------------------------------------------------------------------------


def flipped(pdf: bytes, at: int, bit: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1 << bit]) + pdf[at + 1 :]


def within_attachments(pdf: bytes) -> Iterator[int]:
    """A place within each embedded file, as it is packed."""
    at = pdf.find(b"/Type/EmbeddedFile")
    while at > 0:
        yield pdf.index(b"stream\n", at) + 20
        at = pdf.find(b"/Type/EmbeddedFile", at + 1)


def saved_anew(pdf: bytes) -> Iterator[bytes]:
    modes = pikepdf.ObjectStreamMode
    for options in (
        {}, {"linearize": True}, {"object_stream_mode": modes.disable}, {"object_stream_mode": modes.generate},
        {"compress_streams": False}, {"qdf": True}, {"recompress_flate": True}, {"deterministic_id": True},
    ):  # fmt: skip
        with pikepdf.open(BytesIO(pdf)) as document:
            target = BytesIO()
            document.save(target, **options)
            yield target.getvalue()
    for more in ({}, {"garbage": 3}, {"garbage": 4}, {"deflate": True}, {"clean": True}, {"expand": True}):
        yield pymupdf.open(stream=pdf, filetype="pdf").tobytes(**more)


def attachment(name: str, change: Callable[[bytes], bytes | None]) -> Edit:
    def edit(document: pikepdf.Pdf) -> None:
        data = document.attachments[name].get_file().read_bytes()
        del document.attachments[name]
        if (other := change(data)) is not None:
            document.attachments[name] = other

    return edit


def on_page(number: int, old: bytes, new: bytes) -> Edit:
    def edit(document: pikepdf.Pdf) -> None:
        page = document.pages[number]
        content = page.Contents.read_bytes()
        assert old in content
        page.Contents = document.make_stream(content.replace(old, new, 1))

    return edit


def without_last_page(document: pikepdf.Pdf) -> None:
    del document.pages[-1]


def reordered(document: pikepdf.Pdf) -> None:
    document.pages.reverse()


def one_page_more(document: pikepdf.Pdf) -> None:
    document.add_blank_page()


def other_title(document: pikepdf.Pdf) -> None:
    document.docinfo["/Title"] = "Laporan lain"


def other_packet(document: pikepdf.Pdf) -> None:
    document.Root.Metadata = document.make_stream(document.Root.Metadata.read_bytes().replace(b"2026", b"2025"))


def edits(other: bytes) -> Iterator[Edit]:
    """What somebody may do in an editor: pages, attachments, number, title."""
    with pikepdf.open(BytesIO(other)) as document:
        foreign = document.attachments["isian.csv"].get_file().read_bytes()
    yield from (attachment("isian.csv", lambda data, n=n: data.replace(b"2026", str(3000 + n).encode(), 1))
                for n in range(3))  # fmt: skip
    yield attachment("isian.csv", lambda _data: foreign)
    yield attachment("isian.csv", lambda _data: None)
    yield attachment("hasil.csv", lambda data: data + b"\r\n")
    yield attachment("manifest.json", lambda data: data.replace(b"800/2026-3", b"800/2026-9"))
    yield attachment("manifest.json", lambda _data: b"{}")
    yield attachment("manifest.json", lambda _data: None)
    yield from (on_page(number, b" re", b" re ") for number in range(5, 10))
    yield from (without_last_page, reordered, one_page_more, other_title, other_packet)


def appended(pdf: bytes) -> Iterator[bytes]:
    yield from (pdf + b"x" * 7**n for n in range(5))
    yield from (pdf + tail for tail in (b"\n", b"%%EOF", b"\n%%EOF\n", b"PK\x03\x04", pdf))
    yield from (appended_page_content(pdf), appended_script(pdf))
    yield from (signed(appended_page_content(pdf)), appended_page_content(signed(pdf)), signed(appended_script(pdf)))
    yield signed(pdf) + b"% tambahan"


def made_otherwise(office: Office) -> Iterator[Report]:
    """Reports that this application makes, but that were never issued."""
    yield build_report(office, PERIOD, draft=True, version="v0.2")
    yield build_report(office, PERIOD, draft=False, issue=replace(issue_of(PERIOD), number="800/99/Silaut"))
    yield build_report(varied(random.Random(77)), PERIOD, draft=False, issue=issue_of(PERIOD))


def altered(kept: Archive, office: Office) -> Iterator[bytes]:
    chance, pdf = random.Random(20261130), kept.reports[PERIOD]
    share = len(pdf) // 20
    yield from (flipped(pdf, n * share + chance.randrange(share), chance.randrange(8)) for n in range(20))
    yield from (flipped(pdf, at, 3) for at in list(within_attachments(pdf))[:9])
    yield from (pdf[: chance.randrange(1, 20) * share] for _ in range(6))
    yield from (pdf[:at] + b"7" + pdf[at:] for at in (chance.randrange(len(pdf)) for _ in range(4)))
    yield from (pdf[:at] + pdf[at + 1 :] for at in (chance.randrange(len(pdf)) for _ in range(4)))
    yield from (flipped(signed(pdf), chance.randrange(len(pdf)), 0) for _ in range(5))
    yield from (edited(pdf, edit) for edit in edits(kept.reports[BEFORE]))
    yield from saved_anew(pdf)
    yield from appended(pdf)
    yield from (report.pdf for report in made_otherwise(office))


def test_a_hundred_altered_files_are_refused_each_with_a_reason(kept: Archive, store: SqlStore) -> None:
    office = office_in(store)
    files = list(altered(kept, office))
    assert len(set(files)) == len(files) == 100
    for number, pdf in enumerate(files):
        found = archive.judged(office, store, pdf, LATER)
        assert not found.accepted, number
        assert found.details or found.kind is not Kind.CHANGED, (number, found.message)
