"""The sentences that the report builds from its figures: none, one, several, all, and equal ones."""

from __future__ import annotations

from datetime import date

import pytest

from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.numbers import NBSP
from services.report import texts
from services.report.texts import NAMED
from services.store.store import Row
from services.views.analysis import FollowUp
from services.views.board import Board, board_of
from tests.unit import offices
from tests.unit.offices import NOW, PERIOD, Placed

BEFORE = Period(2026, 2)


def board(*actuals: float | None, sections: int = 1) -> Board:
    """One indicator for each value, dealt out over the sections; the target of all is 100."""
    return board_of(offices.office(offices.cycle(), *rows(*actuals, sections=sections)), PERIOD, NOW)


def rows(*actuals: float | None, sections: int = 1) -> list[Placed]:
    found = [offices.section(f"s{n}", f"Nomor {n}", n) for n in range(sections)]
    for n, actual in enumerate(actuals):
        found += [
            offices.indicator(f"i{n}", f"s{n % sections}", order=n),
            offices.target(f"i{n}"),
            offices.entry(f"i{n}", actual),
        ]
    return found


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("actuals", "said"),
    [
        ((), ""),
        ((None,), "Belum ada indikator yang dapat dibandingkan dengan targetnya."),
        ((100,), "Satu-satunya indikator terukur mencapai atau melampaui target."),
        ((50,), "Satu-satunya indikator terukur belum mencapai target."),
        ((100, 120), "Seluruh 2 indikator terukur mencapai atau melampaui target."),
        ((50, 60, None), "Belum satu pun dari 2 indikator terukur mencapai target."),
        ((100, 60, 70), "Sebanyak 1 indikator mencapai atau melampaui target, sedangkan 2 indikator lainnya belum."),
    ],
)
def test_how_many_reached_their_target(actuals: tuple[float | None, ...], said: str) -> None:
    assert texts.reached(board(*actuals)) == said


@pytest.mark.parametrize(
    ("actuals", "sections", "said"),
    [
        ((None,), 1, "Belum ada seksi yang capaiannya dapat dihitung."),
        ((80,), 1, "Rata-rata capaian Seksi Nomor 0 adalah 80,00 %."),
        ((80, 80), 2, "Rata-rata capaian 2 seksi dan subbagian sama, yaitu 80,00 %."),
        (
            (80, 90),
            2,
            "Rata-rata capaian tertinggi ada pada Seksi Nomor 1 (90,00 %) dan terendah pada Seksi Nomor 0 (80,00 %).",
        ),
        (
            (90, 80, 90),
            3,
            "Rata-rata capaian tertinggi ada pada Seksi Nomor 0 dan 1 seksi atau subbagian lain (90,00 %) dan terendah "
            "pada Seksi Nomor 1 (80,00 %).",
        ),
    ],
)
def test_which_sections_stand_highest_and_lowest(actuals: tuple[float | None, ...], sections: int, said: str) -> None:
    assert plain(texts.sections_sentence(board(*actuals, sections=sections))) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "Seksi Nomor 0"),
        (2, "Seksi Nomor 0 serta Seksi Nomor 1"),
        (3, "Seksi Nomor 0; Seksi Nomor 1; serta Seksi Nomor 2"),
        (5, "Seksi Nomor 0; Seksi Nomor 1; Seksi Nomor 2; serta 2 seksi atau subbagian lain"),
    ],
)
def test_of_many_sections_with_missing_data_the_first_are_named(count: int, said: str) -> None:
    assert NAMED == 3
    actuals = [*range(50, 50 + count), *[None] * count]
    assert texts.sections_sentence(board(*actuals, sections=count)).endswith(
        f"Data yang belum lengkap ada pada {said}."
    )


@pytest.mark.parametrize(
    ("actuals", "said"),
    [
        ((80,), ""),
        ((80, 80), ""),
        ((80, 90), "Capaian tertinggi ada pada “Jumlah i1” (90,00 %) dan terendah pada “Jumlah i0” (80,00 %)."),
        (
            (90, 80, 90, 90),
            "Capaian tertinggi ada pada “Jumlah i0” dan 2 indikator lain (90,00 %) dan terendah pada “Jumlah i1” "
            "(80,00 %).",
        ),
    ],
)
def test_which_indicators_of_a_section_stand_highest_and_lowest(actuals: tuple[float, ...], said: str) -> None:
    found = board(*actuals)
    (only,) = found.sections
    sentence = texts.section_sentence(only.section.name, found.measures, only.mean, only.rating)
    assert plain(sentence).partition(" indikator terukur).")[2].strip() == said


@pytest.mark.parametrize(
    ("budgets", "spent", "said"),
    [
        ((None,), (None,), "Serapan anggaran belum dapat dihitung karena pagu belum dicatat."),
        ((100,), (None,), "Serapan anggaran belum dapat dihitung karena realisasi anggaran belum dilaporkan."),
        ((100,), (25,), "25,00 % dari pagu, dihitung dari satu-satunya indikator yang memiliki pagu."),
        ((100, 100), (25, 50), "37,50 % dari pagu, dihitung dari seluruh 2 indikator yang memiliki pagu."),
        ((100, 100), (25, None), "25,00 % dari pagu, dihitung dari 1 di antara 2 indikator yang memiliki pagu."),
    ],
)
def test_of_how_many_budgets_the_absorption_is_known(
    budgets: tuple[int | None, ...], spent: tuple[int | None, ...], said: str
) -> None:
    found = [offices.section("s0"), offices.cycle()]
    for n, (budget, used) in enumerate(zip(budgets, spent, strict=True)):
        found += [offices.indicator(f"i{n}", "s0"), offices.target(f"i{n}", budget=budget)]
        found.append(offices.entry(f"i{n}", 80, used))
    office = offices.office(*found)
    assert any(plain(text).endswith(said) for text in texts.conclusions(office, board_of(office, PERIOD, NOW)))


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ("", "Tidak ada tindak lanjut triwulan sebelumnya yang masih terbuka."),
        ("s", "Satu-satunya tindak lanjut triwulan sebelumnya sudah selesai."),
        ("tt", "Seluruh 2 tindak lanjut triwulan sebelumnya melewati batas waktunya."),
        ("ssb", "Dari 3 tindak lanjut triwulan sebelumnya, 2 sudah selesai dan 1 dibatalkan."),
        (
            "sbtj",
            "Dari 4 tindak lanjut triwulan sebelumnya, 1 sudah selesai, 1 dibatalkan, 1 melewati batas waktunya, dan "
            "1 belum selesai dan masih dalam batas waktunya.",
        ),
    ],
)
def test_what_became_of_earlier_follow_ups(states: str, said: str) -> None:
    """s: done, b: dropped, t: late, j: still in time."""
    office = offices.office(offices.cycle(BEFORE), offices.cycle())
    assert texts.carried_sentence(office, [_follow_up(state) for state in states], PERIOD, NOW.date()) == said


def test_the_first_quarter_has_no_earlier_follow_ups() -> None:
    said = texts.carried_sentence(offices.office(offices.cycle()), [], PERIOD, NOW.date())
    assert said == "Ini triwulan pertama yang dipantau sehingga belum ada tindak lanjut triwulan sebelumnya."


def _follow_up(state: str) -> FollowUp:
    status = {"s": FollowUpStatus.DONE, "b": FollowUpStatus.DROPPED}.get(state, FollowUpStatus.DOING)
    due = date(2026, 12, 1) if state == "j" else date(2026, 10, 1)
    row: Row = {}
    return FollowUp("f", BEFORE, "s0", "", "Rapat", "Kasi", due, status, "", row)


def test_an_office_without_indicators_is_asked_to_set_some() -> None:
    assert texts.decisions(board())[0] == "Penetapan indikator kinerja beserta targetnya."
    assert not any("Penetapan" in asked for asked in texts.decisions(board(100)))


def test_a_quarter_without_indicators_has_no_counts_of_nothing() -> None:
    empty = board()
    assert texts.measured_note(empty) == "belum ada indikator"
    assert texts.absorption_note(empty) == "belum ada pagu"
    assert texts.measured_note(board(80)) == "semua sudah terukur"
