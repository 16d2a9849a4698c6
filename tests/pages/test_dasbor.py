"""The dashboard of the sample office, for each role, and of offices that have nothing to show yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from unittest import mock

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.base import Context
from services.actions.steps import finish_step
from services.auth.accounts import Accounts
from services.domain.attainment import DEFAULT_SCALE
from services.domain.indicators import Period
from services.domain.roles import Actor, Role
from services.ui import dashboard, session
from services.views.board import Board, board_of
from services.views.office import office_of
from services.views.steps import Steps, steps_of
from tests.unit.offices import NOW, PERIOD, cycle, entry, indicator, office, section, target

Opener = Callable[..., AppTest]

EVERYBODY = ("camat", "sekretaris", "pkp", "umum", "kasi.kesos", "pimpinan", "admin")
QUARTER = Period(2026, 3)


def shown(app: AppTest) -> str:
    """All own HTML of the page, without the style."""
    bodies = (element.proto.body for element in app.get("html"))
    return "\n".join(body for body in bodies if "<style" not in body)


def words(app: AppTest) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown(app)))


def steps_now() -> Steps:
    runtime = session.runtime()
    return steps_of(office_of(runtime.store.read()), QUARTER, runtime.now())


def finish(role: Role) -> None:
    runtime = session.runtime()
    actor = Actor(role.value, role.label, role)
    context = Context(runtime.store, office_of(runtime.store.read()), actor, runtime.now(), "Uji")
    finish_step(context, QUARTER, "Analisis disusul")
    runtime.shared.invalidate()


@pytest.mark.parametrize("username", EVERYBODY)
def test_everybody_sees_the_quarter(open_page: Opener, username: str) -> None:
    app = open_page("dasbor", username)
    assert not app.exception
    assert not app.error
    assert "36 dari 41" in words(app)
    assert len(app.get("vega_lite_chart")) == 3


def test_the_sentence_says_mean_range_and_forecast(open_page: Opener) -> None:
    text = words(open_page("dasbor", "camat"))
    assert re.search(r"Rata-rata capaian 8\d,\d % △ Tinggi", text)
    assert "tetapi baru 36 dari 41 indikator terukur: nilai akhirnya antara" in text
    assert "Laporan diperkirakan selesai 17 November , 2 hari kerja setelah rencana." in text


def test_the_late_sections_are_named(open_page: Opener) -> None:
    text = words(open_page("dasbor", "camat"))
    assert "Kesejahteraan Sosial: 3 dari 6 kosong" in text
    assert "Pelayanan Umum: 2 dari 6 kosong" in text


def test_the_quarter_in_the_address_is_shown(open_page: Opener) -> None:
    app = open_page("dasbor", "camat", tahun="2025", triwulan="2")
    assert "Capaian sampai dengan Triwulan II 2025" in words(app)
    assert "Ketiga belas langkah selesai" in words(app)


def test_a_quarter_that_was_not_opened_shows_who_opens_it_and_no_chart(open_page: Opener) -> None:
    app = open_page("dasbor", "camat", tahun="2026", triwulan="4")
    assert "Triwulan IV 2026 belum dibuka" in words(app)
    assert "Kasubag PKP membuka triwulan" in words(app)
    assert not app.get("vega_lite_chart")


def test_every_chart_has_its_figures_as_a_table(open_page: Opener) -> None:
    assert shown(open_page("dasbor", "camat")).count("<summary>Lihat tabel</summary>") == 3


def test_the_heat_map_shows_what_needs_attention_and_on_demand_everything(open_page: Opener) -> None:
    app = open_page("dasbor", "camat")
    rows = shown(app).count('<th scope="row"')
    app.get("button_group")[0].set_value("semua").run()
    board = board_of(session.office(), QUARTER, session.now())
    assert rows == board.attention_count
    assert shown(app).count('<th scope="row"') == len(board.measures)


def test_every_figure_of_the_heat_map_leads_to_where_it_comes_from(open_page: Opener) -> None:
    page = shown(open_page("dasbor", "camat"))
    links = re.findall(r'<th scope="row"[^>]*><a href="([^"]+)"', page)
    assert links
    assert all(re.fullmatch(r"riwayat\?indikator=[\w.-]+&amp;tahun=2026&amp;triwulan=3", link) for link in links)


@pytest.mark.parametrize("username", [name for name in EVERYBODY if name != "pkp"])
def test_only_the_holder_of_the_running_step_can_finish_it(open_page: Opener, username: str) -> None:
    app = open_page("dasbor", username)
    assert [button.key for button in app.button if (button.key or "").startswith("langkah-")] == []


def test_the_holder_finishes_the_running_step(open_page: Opener) -> None:
    app = open_page("dasbor", "pkp")
    app.text_area(key="langkah-catatan-7-0-0").input("Selesai diolah")
    app.button(key="langkah-selesai-7-0-0").click().run()
    steps = steps_now()
    assert steps.current is not None
    assert (steps.done, steps.current.step.no) == (7, 8)
    assert "7 dari 13" in words(app)
    notes = [e.note for e in office_of(session.runtime().store.read()).events[QUARTER] if e.step == 7]
    assert notes == ["Selesai diolah"]


def test_a_step_that_somebody_else_has_finished_meanwhile_is_not_finished_twice(open_page: Opener) -> None:
    app = open_page("dasbor", "pkp")
    finish(Role.PKP)
    app.button(key="langkah-selesai-7-0-0").click().run()
    assert steps_now().done == 7
    assert any("sudah berpindah lebih dahulu" in message.value for message in app.success)


def test_the_holder_is_told_what_is_missing_and_that_a_reason_waives_it(open_page: Opener) -> None:
    app = open_page("dasbor", "pkp")
    assert any("Analisis belum ditulis untuk semua seksi: Seksi Pemerintahan" in m.value for m in app.markdown)
    app.button(key="langkah-selesai-7-0-0").click().run()
    assert any("Analisis belum ditulis" in error.value for error in app.error)
    assert steps_now().done == 6


# The builders, on small offices


def board(*values: int | None, name: str = "Jumlah") -> Board:
    rows = [cycle(), section("a", "Alfa")]
    for n, value in enumerate(values):
        rows += [indicator(f"i{n}", "a", name=name), target(f"i{n}"), entry(f"i{n}", value, obstacle=name)]
    return board_of(office(*rows), PERIOD, NOW)


def test_an_office_without_indicators_says_who_fills_the_dictionary() -> None:
    assert dashboard.nothing_to_show(office(cycle()), PERIOD) == (
        "Kamus indikator masih kosong",
        "Kasubag PKP mengisi indikator dan targetnya di halaman Kamus indikator, lalu membuka triwulan.",
    )


def test_when_nothing_is_measured_no_figure_looks_like_one() -> None:
    found = board(None, None)
    assert "Belum ada indikator terukur dari 2 indikator." in dashboard.sentence(found, NOW)
    assert '<div class="mv-fig-value">–</div>' in dashboard.key_figures(found)
    assert "Belum ada capaian yang terukur." in dashboard.worst_list(found, {})


def test_before_the_first_value_the_page_says_who_gives_it_until_when() -> None:
    found = office(cycle(), section("a"), indicator("i", "a"), target("i"), entry("i", None))
    empty = board_of(found, PERIOD, NOW)
    assert "sampai 5 Oktober 2026" in dashboard.waiting_for_data(found, empty)
    assert not dashboard.has_trend(empty)


def test_when_all_is_measured_no_range_is_named() -> None:
    text = dashboard.sentence(board(80, 90), NOW)
    assert "semuanya sudah terukur" in text
    assert "antara" not in text


def test_what_people_type_is_never_markup() -> None:
    found = board(50, name='<img src=x onerror="alert(1)"> & "x"')
    parts = (
        dashboard.worst_list(found, {"a": "<b>A</b>"}),
        dashboard.heat_map(found, DEFAULT_SCALE, only_attention=True),
    )
    for part in parts:
        assert "<img" not in part
        assert "<b>" not in part
        assert "&lt;img" in part


def test_the_legend_names_the_bounds_of_each_class() -> None:
    text = re.sub(r"<[^>]+>", " ", dashboard.legend(board(50), DEFAULT_SCALE))
    assert re.findall(r"[≥≤] \d+|\d+–\d+", text) == ["≥ 91", "76–90", "66–75", "51–65", "≤ 50"]


def test_a_blank_cell_of_the_heat_map_is_dashed_and_says_why() -> None:
    cell = dashboard.heat_map(board(None), DEFAULT_SCALE, only_attention=True)
    assert 'title="Triwulan III 2026: belum ada realisasi"><span class="mv-cell mv-na">NA</span>' in cell


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "Rp\u00a00"),
        ("999999", "Rp\u00a0999.999"),
        ("840400000", "Rp\u00a0840\u00a0juta"),
        ("1980000000", "Rp\u00a01,98\u00a0miliar"),
    ],
)
def test_money_in_a_tight_place_is_short(amount: str, text: str) -> None:
    assert dashboard.short_money(Decimal(amount)) == text


def test_the_account_is_looked_up_once_in_each_run_of_the_page(open_page: Opener) -> None:
    app = open_page("dasbor", "camat")
    with mock.patch.object(Accounts, "get", autospec=True, side_effect=Accounts.get) as look_up:
        app.run()
        assert look_up.call_count == 1
        session.runtime().accounts.deactivate("camat")
        app.run()
    assert look_up.call_count == 2
    assert not app.get("vega_lite_chart"), "the next run sees that the account has ended"
