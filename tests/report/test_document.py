"""The quarterly report, read back from the finished file: what it says is what the views say."""

from __future__ import annotations

import gc
import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

import pymupdf
import pytest

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.numbers import format_number
from services.report import document
from services.report.document import QuarterNotOpened, Report, build_report, file_name
from services.report.paper import Paper
from services.sample.office import tables
from services.store import schema
from services.store.store import Row, Snapshot
from services.views.board import Board, board_of
from services.views.office import Office
from tests.unit import offices

NOW = datetime(2026, 11, 3, 10, 20, tzinfo=WIB)
PERIOD = Period(2026, 3)


@cache
def sample_snapshot() -> Snapshot:
    rows = tables(NOW)
    return Snapshot("silaut", 1, NOW, {t.name: rows.get(t.name, ()) for t in schema.SNAPSHOT_TABLES})


@cache
def sample_report(draft: bool = False, period: Period = PERIOD) -> Report:
    return build_report(Office(sample_snapshot()), period, NOW, draft=draft)


def real_office() -> Office:
    """The sample's figures with the mark of a sample taken away."""
    profile: tuple[Row, ...] = tuple(
        {**row, "value": ""} if row["id"] == "contoh" else row for row in sample_snapshot().rows(schema.PROFILE)
    )
    return Office(replace(sample_snapshot(), tables={**sample_snapshot().tables, schema.PROFILE.name: profile}))


def pages(report: Report) -> list[str]:
    """Text of each page on one line, with plain spaces."""
    document = pymupdf.open(stream=report.pdf, filetype="pdf")
    return [re.sub(r"\s+", " ", page.get_text().replace("\u00a0", " ")) for page in document]


def text(report: Report) -> str:
    return " ".join(pages(report))


def test_the_page_count_said_is_the_page_count_there() -> None:
    report = sample_report()
    body = [page for page in pages(report) if re.search(r"Halaman \d+ dari \d+", page)]
    assert report.pages == len(pages(report))
    for number, page in enumerate(body, start=1):
        assert f"Halaman {number} dari {len(body)}" in page


def test_all_fonts_are_embedded() -> None:
    document = pymupdf.open(stream=sample_report().pdf, filetype="pdf")
    fonts = {font for page in document for font in page.get_fonts()}
    assert fonts
    assert all(document.extract_font(font[0])[3] for font in fonts)


def test_the_key_figures_are_those_of_the_dashboard() -> None:
    board = board_of(Office(sample_snapshot()), PERIOD, NOW)
    summary = next(page for page in pages(sample_report()) if "RINGKASAN EKSEKUTIF" in page)
    assert board.mean.value is not None
    assert board.absorption.percent is not None
    assert f"{format_number(board.mean.value, 1)} %" in summary
    assert f"{board.mean.measured} dari {board.mean.expected}" in summary
    assert f"{format_number(board.absorption.percent, 1)} %" in summary
    assert f"{board.steps.done} dari 13" in summary


def test_the_summary_fits_one_page() -> None:
    summary = next(page for page in pages(sample_report()) if "RINGKASAN EKSEKUTIF" in page)
    assert "keputusan pimpinan" in summary
    assert "3. Percepatan serapan" in summary


def test_every_section_stands_with_its_mean() -> None:
    board = board_of(Office(sample_snapshot()), PERIOD, NOW)
    said = text(sample_report())
    for item in board.sections:
        assert item.mean.value is not None
        assert item.section.name in said
        assert format_number(item.mean.value, 2) in said


def test_every_indicator_is_printed_in_its_section_and_in_the_annex() -> None:
    said = text(sample_report()).replace(" ", "")
    for indicator in Office(sample_snapshot()).indicators:
        assert said.count(indicator.name.replace(" ", "")) >= 2, indicator.name


def test_all_thirteen_steps_stand_in_the_words_of_the_sop() -> None:
    said = text(sample_report())
    for progress in board_of(Office(sample_snapshot()), PERIOD, NOW).steps.items:
        assert progress.step.procedure in said


def test_a_missing_value_is_na_and_never_zero() -> None:
    office = offices.office(
        offices.section("pem"),
        offices.indicator("a", "pem"),
        offices.target("a"),
        offices.cycle(),
        offices.entry("a", None),
    )
    said = text(build_report(office, PERIOD, NOW, draft=False))
    assert "NA" in said
    assert "0,00" not in said
    assert "belum ada indikator yang terukur" in said.lower()


def test_what_cannot_be_read_is_named_with_what_to_write() -> None:
    said = text(sample_report())
    assert "“#DIV/0!”" in said
    assert "Tulis 1250 bila maksudnya" in said


def test_sample_data_are_marked_on_every_page() -> None:
    assert all("CONTOH" in page for page in pages(sample_report()))
    assert all("CONTOH" in page for page in pages(sample_report(draft=True)))


def test_a_draft_is_marked_on_every_page_and_nobody_has_signed_it() -> None:
    draft = pages(build_report(real_office(), PERIOD, NOW, draft=True))
    assert all("DRAF" in page for page in draft)
    assert not any("19720605 199303 1 005" in page for page in draft)


def test_a_report_of_real_data_carries_no_mark() -> None:
    found = pages(build_report(real_office(), PERIOD, NOW, draft=False))
    said = " ".join(found)
    assert not any(page.startswith("CONTOH") for page in found)
    assert "CONTOH, bukan" not in said
    assert "DRAF" not in said.replace("KOREKSI DRAF", "")
    assert "NIP 19720605 199303 1 005" in said


def test_the_same_data_give_the_same_bytes() -> None:
    again = build_report(Office(sample_snapshot()), PERIOD, NOW, draft=False)
    assert again.pdf == sample_report().pdf


def test_a_quarter_that_was_not_opened_is_refused_in_words() -> None:
    with pytest.raises(QuarterNotOpened, match="Triwulan IV Tahun 2026 belum dibuka"):
        build_report(Office(sample_snapshot()), Period(2026, 4), NOW, draft=True)


def test_the_first_quarter_says_that_there_is_nothing_to_compare_with() -> None:
    assert "Belum ada triwulan sebelumnya sebagai pembanding" in text(sample_report(period=Period(2025, 1)))


def test_an_office_without_indicators_still_gets_its_report() -> None:
    said = text(build_report(offices.office(offices.cycle()), PERIOD, NOW, draft=True))
    assert "rata-rata capaian belum dapat dihitung" in said.lower()


def many(count: int, obstacle: str = "") -> Office:
    placed = [offices.section("pem"), offices.cycle()]
    for n in range(count):
        placed += [offices.indicator(f"i{n:03}", "pem", order=n), offices.target(f"i{n:03}")]
        placed.append(offices.entry(f"i{n:03}", 80, obstacle=obstacle, driver="", follow_up="", evidence=""))
    return offices.office(*placed)


def test_a_text_of_ten_thousand_letters_is_printed_to_its_end() -> None:
    said = text(build_report(many(1, "nagari " * 1428 + "selesai"), PERIOD, NOW, draft=False))
    assert said.count("nagari") >= 1428
    assert "selesai" in said


def test_what_people_type_stays_as_they_typed_it() -> None:
    said = text(build_report(many(1, "**tebal** {nb} <b>x</b> =1+1"), PERIOD, NOW, draft=False))
    assert "**tebal** {nb} <b>x</b> =1+1" in said


def test_letters_that_cannot_be_printed_are_replaced_visibly_and_said() -> None:
    report = build_report(many(1, "Rapat 🎉 selesai"), PERIOD, NOW, draft=False)
    assert "Rapat □ selesai" in text(report)
    assert any("🎉" in warning for warning in report.warnings)


def test_progress_is_told_part_by_part_and_runs_to_the_end() -> None:
    told: list[tuple[float, str]] = []
    build_report(many(1), PERIOD, NOW, draft=False, progress=lambda share, what: told.append((share, what)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert max(after - before for before, after in pairwise(shares)) <= 0.2
    assert list(dict.fromkeys(what for _, what in told)) == [
        "Menghitung capaian",
        "Menggambar grafik dan menghitung halaman",
        "Menyusun halaman",
        "Menulis berkas",
        "Laporan selesai",
    ]


def test_progress_never_goes_back_where_the_pages_need_another_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []

    def restless(paper: Paper) -> None:
        passes.append(1)
        for _ in range(max(0, 3 - len(passes))):
            paper.new_page()

    monkeypatch.setattr(document._Making, "parts", property(lambda self: (restless,)))
    shares: list[float] = []
    build_report(many(1), PERIOD, NOW, draft=False, progress=lambda share, _what: shares.append(share))
    assert len(passes) > 2
    assert shares == sorted(shares)


def test_nothing_of_a_finished_report_stays_in_memory() -> None:
    office = many(3)
    build_report(office, PERIOD, NOW, draft=False)
    gc.collect()
    assert not [kept for kept in gc.get_objects() if type(kept) is Board and kept.measures[:1] and _is_of(kept, office)]


def _is_of(board: Board, office: Office) -> bool:
    return any(m.indicator is i for m in board.measures for i in office.indicators)


def test_a_finished_quarter_says_when_it_was_finished() -> None:
    office = offices.office(
        offices.section("pem"),
        offices.indicator("a", "pem"),
        offices.target("a"),
        offices.cycle(),
        offices.entry("a", 100),
        *offices.finished(13),
    )
    done = offices.OPENED + timedelta(days=13)
    assert f"selesai pada {done.day} Oktober 2026" in text(build_report(office, PERIOD, NOW, draft=False))


def test_the_file_is_named_after_its_quarter() -> None:
    assert file_name(PERIOD, draft=False) == "Laporan-Monev-TW-III-2026.pdf"
    assert file_name(PERIOD, draft=True) == "Laporan-Monev-TW-III-2026-DRAF.pdf"
