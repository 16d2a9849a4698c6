"""The small papers, read back from the finished files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from services.domain.indicators import Period
from services.domain.numbers import format_percent
from services.domain.roles import Role
from services.domain.sop import HEAD_2024, SOP_2024, Step
from services.report.forms.base import DOTS
from services.report.forms.entry_form import entry_form_pdf
from services.report.forms.monev_form import monev_form_pdf
from services.report.forms.one_page import one_page_pdf
from services.report.forms.schedule import NOT_PLANNED, schedule_pdf
from services.report.forms.sop_paper import sop_pdf
from services.sample.office import tables
from services.store import schema
from services.store.store import Snapshot, Value
from services.views.board import board_of
from services.views.office import Office
from tests.report import vera
from tests.report.printed import MM, lines, opened, outside, overlapping, pages, said, squeezed, too_small
from tests.unit import offices
from tests.unit.offices import NOW, OPENED, PERIOD, Placed

LONG = (
    "Persentase nagari yang menyampaikan laporan pertanggungjawaban pelaksanaan anggaran pendapatan dan belanja " * 2
)[:200].strip()
PHONE_LIMIT = 100_000


def placed(count: int, name: str = "", sections: int = 1) -> list[Placed]:
    """An office with so many indicators, dealt out over its sections; every other one with a budget."""
    found = [offices.section(f"s{n:02}", name or f"Nomor {n:02}", n) for n in range(sections)]
    found.append(offices.cycle())
    for n in range(count):
        identity, section_id = f"i{n:02}", f"s{n % sections:02}"
        found.append(offices.indicator(identity, section_id, name=f"{name or 'Jumlah'} i{n:02}", order=n))
        found.append(offices.target(identity, budget=1_000_000 if n % 2 else None))
        found.append(offices.entry(identity, 30 + n, obstacle=name or "Hujan"))
    return found


def office_with(count: int, name: str = "", sections: int = 1, *more: Placed) -> Office:
    return offices.office(*placed(count, name, sections), *more)


def visited(**values: Value) -> Placed:
    place: dict[str, Value] = {"year": PERIOD.year, "quarter": PERIOD.quarter, "section_id": "s00"}
    blank = dict.fromkeys((c.name for c in schema.MONEV.columns), None) | {"id": f"monev-{values.get('section_id')}"}
    return schema.MONEV, blank | place | values


def sop_of(office: Office) -> bytes:
    return sop_pdf(office, HEAD_2024, SOP_2024, NOW)


PAPERS: dict[str, Callable[[Office], bytes]] = {
    "isian": lambda office: entry_form_pdf(office, PERIOD, "s00", NOW),
    "monev": lambda office: monev_form_pdf(office, PERIOD, "s00", NOW),
    "jadwal": lambda office: schedule_pdf(office, PERIOD, NOW),
    "sop": sop_of,
    "ringkasan": lambda office: one_page_pdf(office, PERIOD, NOW),
}
SIZES = [(0, "", 1), (1, "", 1), (20, "", 1), (20, LONG, 1), (24, LONG, 12)]
papers = pytest.mark.parametrize("paper", PAPERS)
sizes = pytest.mark.parametrize(("count", "name", "sections"), SIZES, ids=["0", "1", "20", "20 panjang", "12 seksi"])


@cache
def sample() -> Office:
    rows = tables(NOW)
    return Office(Snapshot("silaut", 1, NOW, {t.name: rows.get(t.name, ()) for t in schema.SNAPSHOT_TABLES}))


@cache
def made(paper: str, count: int, name: str, sections: int) -> bytes:
    return PAPERS[paper](office_with(count, name, sections))


# All papers


@papers
@sizes
def test_nothing_runs_into_the_margins(paper: str, count: int, name: str, sections: int) -> None:
    assert outside(made(paper, count, name, sections)) == []


@papers
@sizes
def test_no_text_lies_over_another(paper: str, count: int, name: str, sections: int) -> None:
    assert overlapping(made(paper, count, name, sections)) == []


@papers
@sizes
def test_no_print_is_smaller_than_nine_points(paper: str, count: int, name: str, sections: int) -> None:
    assert too_small(made(paper, count, name, sections)) == set()


@papers
def test_every_page_says_which_of_how_many_it_is(paper: str) -> None:
    found = pages(made(paper, 20, LONG, 1))
    for number, page in enumerate(found, start=1):
        assert f"Halaman {number} dari {len(found)}" in page


@papers
def test_the_same_data_give_the_same_bytes(paper: str) -> None:
    assert PAPERS[paper](office_with(3)) == PAPERS[paper](office_with(3))


@pytest.mark.parametrize("paper", ["isian", "monev", "jadwal", "sop"])
def test_a_form_of_an_opened_quarter_is_the_same_on_a_later_day(paper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = PAPERS[paper](office_with(3))
    monkeypatch.setitem(globals(), "NOW", NOW + timedelta(days=1, minutes=5))
    assert PAPERS[paper](office_with(3)) == first


@papers
def test_sample_data_are_marked_on_every_page(paper: str) -> None:
    office = office_with(20, "", 1, offices.setting("contoh", "ya"))
    assert all("CONTOH" in page for page in pages(PAPERS[paper](office)))
    assert "CONTOH" not in said(made(paper, 20, "", 1))


@pytest.mark.parametrize("paper", ["isian", "jadwal"])
@pytest.mark.parametrize("count", [3, 4, 5, 10, 11, 12])
def test_signatures_never_stand_alone_on_a_page(paper: str, count: int) -> None:
    """However many rows come before them."""
    last = pages(PAPERS[paper](office_with(count, "", count if paper == "jadwal" else 1)))[-1]
    assert "NIP" in last
    assert "Seksi/subbagian" in last or "Indikator kinerja" in last


@pytest.mark.parametrize("count", [2, 5, 8, 11])
def test_signatures_of_the_monev_stand_below_its_recommendation(count: int) -> None:
    last = pages(PAPERS["monev"](office_with(count)))[-1]
    assert "NIP" in last
    assert "Rekomendasi yang disepakati" in last


def test_all_papers_are_pdfa_3a_and_pdfua_1() -> None:
    files = {
        f"{paper} {count}": made(paper, count, name, 1) for paper in PAPERS for count, name in ((0, ""), (20, LONG))
    }
    assert {name: broken for name, broken in vera.failures(files).items() if broken} == {}


@papers
def test_qpdf_finds_no_fault_and_every_letter_is_in_the_file(paper: str, tmp_path: Path) -> None:
    file = tmp_path / "berkas.pdf"
    file.write_bytes(made(paper, 20, LONG, 1))
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    document = opened(file.read_bytes())
    fonts = {font[0] for page in document for font in page.get_fonts()}
    assert fonts
    assert all(document.extract_font(font)[3] for font in fonts)


# Blangko isian


def test_the_entry_form_has_a_row_for_each_active_indicator_and_no_other() -> None:
    office = office_with(20, "", 1, offices.indicator("gone", "s00", name="Sudah berhenti", active=False))
    text = said(PAPERS["isian"](office))
    assert all(f"i{n:02}" in text for n in range(20))
    assert "Sudahberhenti" not in text


def test_names_of_two_hundred_letters_are_printed_to_their_end() -> None:
    text = said(made("isian", 20, LONG, 1))
    assert text.count(squeezed(LONG)) >= 20


def test_the_header_of_the_entry_form_repeats_on_every_page() -> None:
    found = pages(made("isian", 20, "", 1))
    assert len(found) > 2
    assert all("Indikator kinerja" in page and "Tindak lanjut" in page for page in found)


def test_there_is_room_to_write_in_every_row() -> None:
    numbers = [one for one in lines(made("isian", 20, "", 1)) if re.fullmatch(r"\d+", one.text) and one.left < 90]
    gaps = [b.top - a.top for a, b in pairwise(numbers) if a.page == b.page]
    assert len(numbers) == 20
    assert min(gaps) >= 14 * MM


def test_no_budget_is_asked_where_there_is_none() -> None:
    assert said(made("isian", 20, "", 1)).count("tanpapagu") == 10


def test_a_yearly_indicator_is_filled_in_only_in_the_last_quarter() -> None:
    office = offices.office(
        offices.section("s00"), offices.indicator("a", "s00", aggregation="tahunan"), offices.target("a")
    )
    assert "diukurpadaTWIV" in said(entry_form_pdf(office, Period(2026, 3), "s00", NOW))
    assert "diukurpadaTWIV" not in said(entry_form_pdf(office, Period(2026, 4), "s00", NOW))


def test_a_form_can_be_printed_before_the_quarter_is_opened() -> None:
    text = said(entry_form_pdf(office_with(2), Period(2027, 1), "s00", NOW))
    assert "TriwulanITahun2027" in text
    assert "palinglambat" not in text


def test_an_open_quarter_names_the_day_until_which_the_form_is_wanted() -> None:
    assert "palinglambat5Oktober2026" in said(made("isian", 1, "", 1))


def test_a_section_without_indicators_is_told_so() -> None:
    assert "Belumadaindikatoraktif" in said(made("isian", 0, "", 1))


def test_the_head_of_the_section_signs_with_name_or_leaves_room_for_it() -> None:
    assert "NamaKasiPemerintahan(contoh)" in said(entry_form_pdf(sample(), PERIOD, "pem", NOW))
    assert squeezed(f"({DOTS})") in said(made("isian", 1, "", 1))


# Jadwal and blangko monev


def test_visits_stand_in_the_order_of_their_days_and_unplanned_ones_at_the_end() -> None:
    office = office_with(
        3,
        "",
        3,
        visited(section_id="s02", planned_on=date(2026, 10, 20), planned_at="09.00", officer="Ani"),
        visited(section_id="s00", planned_on=date(2026, 10, 21), planned_at="13.30", officer="Budi"),
    )
    text = said(PAPERS["jadwal"](office))
    places = [
        text.index(squeezed(words)) for words in ("Selasa, 20 Oktober 2026", "Rabu, 21 Oktober 2026", NOT_PLANNED)
    ]
    assert places == sorted(places)


def test_a_clash_is_said_on_the_schedule() -> None:
    same: dict[str, Value] = {"planned_on": date(2026, 10, 20), "planned_at": "09.00", "officer": "Ani"}
    office = office_with(2, "", 2, visited(section_id="s00", **same), visited(section_id="s01", **same))
    assert "Jadwalbertabrakan" in said(PAPERS["jadwal"](office))


def test_what_was_recorded_of_a_visit_is_printed_in_its_place() -> None:
    office = office_with(
        2, "", 1, visited(findings="Arsip tersebar " * 40, recommendation="Satu map per nagari", officer="Ani")
    )
    text = said(PAPERS["monev"](office))
    assert text.count("Arsiptersebar") == 40
    assert "Satumappernagari" in text


def test_the_check_list_has_a_box_for_each_answer() -> None:
    assert said(made("monev", 2, "", 1)).count("□") == 7 * 3


def test_the_last_figures_of_the_section_stand_on_its_monev_form() -> None:
    board = board_of(sample(), PERIOD, NOW)
    text = said(monev_form_pdf(sample(), PERIOD, "pem", NOW))
    for m in board.measures:
        if m.indicator.section_id == "pem":
            assert squeezed(m.indicator.name) in text


# SOP


def test_the_sop_is_printed_whole() -> None:
    text = said(made("sop", 1, "", 1))
    for part in (*HEAD_2024.legal_bases, *HEAD_2024.qualifications, *HEAD_2024.related, *HEAD_2024.equipment):
        assert squeezed(part) in text
    for part in (HEAD_2024.number, HEAD_2024.title, HEAD_2024.warning, HEAD_2024.recording, "13 Agustus 2024"):
        assert squeezed(part) in text


def test_every_step_stands_once_with_its_own_words() -> None:
    text = squeezed("".join(pages(made("sop", 1, "", 1))[1:]))
    for step in SOP_2024:
        assert text.count(squeezed(step.procedure)) == 1


def test_the_flow_goes_on_through_a_pentagon_on_the_next_page() -> None:
    found = pages(made("sop", 1, "", 1))
    assert "Ke halaman berikutnya" in found[1]
    assert "Dari halaman sebelumnya" in found[2]
    assert all("Mutu baku" in page and "Pelaksana" in page for page in found[1:])


def test_the_refusal_stands_on_the_page_of_the_step_that_corrects() -> None:
    page = next(page for page in pages(made("sop", 1, "", 1)) if "Tidak" in page)
    assert "Melakukan perbaikan/koreksi" in page
    assert "Melakukan verifikasi" in page


def test_proposed_executors_are_called_so_until_they_are_confirmed() -> None:
    confirmed = tuple(replace(step, confirmed=True) for step in SOP_2024)
    assert "usulan,belumdikonfirmasi" in said(made("sop", 1, "", 1))
    assert "usulan" not in said(sop_pdf(office_with(1), HEAD_2024, confirmed, NOW))


def test_a_version_that_is_not_in_force_says_so() -> None:
    head = replace(HEAD_2024, in_force_from=None, ratified_on=None)
    text = said(sop_pdf(office_with(1), head, SOP_2024, NOW))
    assert "rancangan,belumberlaku" in text
    assert "belumditetapkan" in text


def long_step(step: Step, letters: int) -> Step:
    return replace(step, procedure=("nagari " * letters)[:letters].strip() + " selesai", requirement=LONG)


@pytest.mark.parametrize("letters", [200, 1000, 6000])
def test_long_steps_run_over_pages_and_lose_nothing(letters: int) -> None:
    steps = tuple(long_step(step, letters) if step.no in (3, 10, 11) else step for step in SOP_2024)
    pdf = sop_pdf(office_with(1), HEAD_2024, steps, NOW)
    assert said(pdf).count("selesai") >= 3
    assert said(pdf).count("nagari") >= 3 * (letters // 7)
    assert outside(pdf) == []
    assert overlapping(pdf) == []


def test_a_refusal_to_another_page_names_the_step() -> None:
    steps = tuple(long_step(step, 1500) if step.no in (10, 11) else step for step in SOP_2024)
    page = next(page for page in pages(sop_pdf(office_with(1), HEAD_2024, steps, NOW)) if "Ya" in page)
    assert re.search(r"^10\s*$", page, re.MULTILINE)


def test_all_roles_as_executors_still_fit_the_page() -> None:
    steps = tuple(replace(step, executor=tuple(Role)) for step in SOP_2024)
    pdf = sop_pdf(office_with(1), HEAD_2024, steps, NOW)
    assert outside(pdf) == []


def test_steps_without_any_executor_are_printed() -> None:
    steps = tuple(replace(step, executor=()) for step in SOP_2024)
    assert said(sop_pdf(office_with(1), HEAD_2024, steps, NOW)).count("Pelaksanabelumditetapkan") == 13


# Ringkasan Camat


@sizes
def test_the_summary_is_one_page_that_a_telephone_takes(count: int, name: str, sections: int) -> None:
    pdf = made("ringkasan", count, name, sections)
    assert len(pages(pdf)) == 1
    assert len(pdf) < PHONE_LIMIT


def test_the_summary_of_the_sample_has_the_figures_of_the_dashboard() -> None:
    board = board_of(sample(), PERIOD, NOW)
    pdf = one_page_pdf(sample(), PERIOD, NOW)
    text = " ".join(pages(pdf))
    assert len(pages(pdf)) == 1
    assert len(pdf) < PHONE_LIMIT
    assert board.mean.value is not None
    assert format_percent(board.mean.value) in text
    for item in board.sections:
        assert item.mean.value is not None
        assert item.section.name in text
        assert format_percent(item.mean.value) in text
    for heading in ("Yang menahan capaian", "Seksi yang terlambat", "Keputusan yang diminta"):
        assert heading in text


def test_a_section_without_figures_is_not_zero_on_the_summary() -> None:
    office = offices.office(
        offices.section("s00"),
        offices.indicator("a", "s00"),
        offices.target("a"),
        offices.cycle(),
        offices.entry("a", None),
    )
    text = " ".join(pages(one_page_pdf(office, PERIOD, NOW)))
    assert "NA" in text
    assert not re.search(r"(?<![\d,–])0,0\s%", text)


def test_what_the_summary_leaves_out_is_counted() -> None:
    text = " ".join(pages(one_page_pdf(office_with(60, "", 30), PERIOD, NOW)))
    assert re.search(r"dan \d+ seksi", text)


def test_before_the_due_date_nobody_is_called_late() -> None:
    office = office_with(2)
    early = datetime.combine(OPENED.date(), OPENED.time(), OPENED.tzinfo) + timedelta(hours=1)
    text = " ".join(pages(one_page_pdf(office, PERIOD, early)))
    assert "Seksi yang terlambat" not in text
    assert "Seksi yang datanya belum lengkap" in text
