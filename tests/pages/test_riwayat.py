"""Riwayat: who changed what, and where a figure comes from."""

from __future__ import annotations

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.entries import save_entry
from services.domain.indicators import Period
from services.store import schema
from services.store.store import HistoryQuery, Transaction, Update
from services.ui import session
from services.ui.history_table import PAGE_SIZE
from tests.pages.conftest import Opener
from tests.pages.looking import markup, press, text
from tests.pages.test_guard import USERNAMES
from tests.unit.sample_store import acting

EVIL = "<b>tebal</b> [tautan](https://x.invalid) $x$ :smile:"
ENTRY_OF = ("ind-kesos-05", Period(2026, 3))


def origin(open_page: Opener, indicator_id: str, quarter: int, year: int = 2026, username: str = "camat") -> AppTest:
    return open_page("riwayat", username, indikator=indicator_id, tahun=str(year), triwulan=str(quarter))


def rows(app: AppTest) -> int:
    return markup(app).count("<tr") - markup(app).count("<thead")


def save(**typed: str) -> None:
    context = acting(session.runtime().store, "kasi.kesos")
    entry = context.office.entry(*ENTRY_OF)
    assert entry is not None
    seen = {name: entry.text(name) for name in typed}
    save_entry(context, entry.id, seen, typed)
    session.runtime().shared.invalidate()


# --- the log -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", USERNAMES.values())
def test_everybody_reads_the_log(open_page: Opener, username: str) -> None:
    assert "mengisi data contoh" in text(open_page("riwayat", username))


@pytest.mark.parametrize("username", USERNAMES.values())
def test_a_nip_in_the_log_is_for_those_who_keep_them(open_page: Opener, username: str) -> None:
    app = open_page("riwayat", username)
    given = Update(schema.OFFICIAL, "pejabat-pem", {}, {"nip": "198001012005011002"})
    session.runtime().store.commit(Transaction(session.now(), "pkp", "pkp", "uji", "Uji", (given,)))
    session.runtime().shared.invalidate()
    page = text(app.run())
    keeps = username in ("pkp", "admin")
    assert ("198001012005011002" in page, "(disembunyikan)" in page) == (keeps, not keeps)


def test_the_newest_change_comes_first(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    save(obstacle="Kendaraan rusak")
    app.run()
    page = text(app)
    assert page.index("Kendaraan rusak") < page.index("Langkah 6, Triwulan III 2026") < page.index("Langkah 5, ")


def test_a_line_says_who_when_what_and_from_what_to_what(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    save(obstacle="Kendaraan rusak")
    save(obstacle="Kendaraan sudah diperbaiki")
    app.run()
    page = text(app)
    assert (
        "3 November 2026 10.20 kasi.kesos Kasi Waktu tindak lanjut laporan orang terlantar, Triwulan III 2026" in page
    )
    assert "Faktor penghambat Kendaraan rusak → Kendaraan sudah diperbaiki" in page


def test_one_press_is_one_row_with_all_that_it_changed(open_page: Opener) -> None:
    app = open_page("riwayat", "camat", indikator="ind-kesos-05")
    before = rows(app)
    save(obstacle="Kendaraan rusak", follow_up="Pinjam kendaraan", driver="Relawan")
    assert rows(app.run()) == before + 1


@pytest.mark.parametrize(
    ("filter_key", "value", "there", "gone"),
    [
        ("riwayat-orang", "sekretaris", "Langkah 5, Triwulan III 2026", "Langkah 6, Triwulan III 2026"),
        ("riwayat-tabel", "Target", "target 2026", "Langkah 6, Triwulan III 2026"),
        ("riwayat-indikator", "ind-kesos-05", "orang terlantar, Triwulan III 2026", "Langkah 6"),
    ],
)
def test_a_filter_leaves_what_fits(open_page: Opener, filter_key: str, value: str, there: str, gone: str) -> None:
    app = open_page("riwayat", "camat")
    app.selectbox(key=filter_key).select(value).run()
    assert there in text(app)
    assert gone not in text(app)


def test_days_restrict_and_both_are_included(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    app.date_input(key="riwayat-mulai").set_value(date(2026, 10, 30)).run()
    app.date_input(key="riwayat-sampai").set_value(date(2026, 10, 30)).run()
    page = text(app)
    assert "Langkah 5, Triwulan III 2026" in page
    assert "Langkah 6, Triwulan III 2026" not in page
    assert "Langkah 4, Triwulan III 2026" not in page


def test_days_in_the_wrong_order_are_said_to_be(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    app.date_input(key="riwayat-mulai").set_value(date(2026, 11, 3)).run()
    app.date_input(key="riwayat-sampai").set_value(date(2026, 10, 1)).run()
    assert "Tukar keduanya" in app.warning[0].value


def test_words_are_searched_in_everything_that_is_shown(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    app.text_input(key="riwayat-cari").input("POSYANDU kader").run()
    assert "Perekrutan kader baru" in text(app)
    assert "Langkah 6" not in text(app)


def test_a_search_that_finds_nothing_says_so(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    app.text_input(key="riwayat-cari").input("tidak pernah ada").run()
    assert "Tidak ada perubahan yang cocok" in text(app)


def test_the_log_is_turned_a_hundred_changes_at_a_time_and_none_is_left_out(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    assert f"Perubahan ke-1 sampai ke-{PAGE_SIZE}" in text(app)
    press(app, "Lebih lama")
    assert f"Perubahan ke-{PAGE_SIZE + 1} sampai ke-{2 * PAGE_SIZE}" in text(app)
    press(app, "Lebih baru")
    assert f"Perubahan ke-1 sampai ke-{PAGE_SIZE}" in text(app)


def test_the_last_page_ends_with_the_first_change(open_page: Opener) -> None:
    app = open_page("riwayat", "camat", indikator="ind-umum-02")
    store = session.runtime().store
    total = len(store.history(HistoryQuery(limit=100_000)))
    app.selectbox(key="riwayat-indikator").select("").run()
    for _ in range((total - 1) // PAGE_SIZE):
        press(app, "Lebih lama")
    assert f"sampai ke-{total}" in text(app)
    assert next(b for b in app.button if b.label == "Lebih lama").disabled


def test_other_filters_begin_at_the_first_page_again(open_page: Opener) -> None:
    app = press(open_page("riwayat", "camat"), "Lebih lama")
    app.selectbox(key="riwayat-orang").select("pkp").run()
    assert "Perubahan ke-1 sampai" in text(app)


def test_what_people_typed_is_text_and_never_markup(open_page: Opener) -> None:
    app = open_page("riwayat", "camat")
    save(obstacle=EVIL)
    app.run()
    assert EVIL in text(app)
    assert "<b>tebal" not in markup(app)
    assert EVIL not in "".join(str(element.value) for element in app.markdown)


# --- where a figure comes from -----------------------------------------------------------------------------------


def test_the_origin_shows_the_figure_its_formula_and_its_class(open_page: Opener) -> None:
    page = text(origin(open_page, "ind-kesos-05", 2))
    assert "93,3 % ▲ Sangat Tinggi capaian s.d. Triwulan II 2026" in page
    assert "(2 × 3 − 3,2) / 3 × 100 = 93,33 %" in page
    assert "dibulatkan ke bilangan bulat, setengah ke atas: 93,3 → 93, Sangat Tinggi (mulai 91)" in page


def test_the_origin_shows_how_the_quarters_come_together(open_page: Opener) -> None:
    assert "(3,3 + 3,1) / 2 = 3,2 hari" in text(origin(open_page, "ind-kesos-05", 2))
    assert "15 + 15 + 12 = 42 orang-bulan" in text(origin(open_page, "ind-umum-02", 3))


def test_the_origin_names_the_revision_in_force_with_its_legal_basis(open_page: Opener) -> None:
    assert "revisi mulai Triwulan III, Perubahan APBD/PK Tahun 2026" in text(origin(open_page, "ind-umum-02", 3))
    assert "target awal tahun, Perjanjian Kinerja Tahun 2026" in text(origin(open_page, "ind-umum-02", 2))


def test_the_origin_says_who_typed_each_value_and_when(open_page: Opener) -> None:
    page = text(origin(open_page, "ind-kesos-05", 2))
    assert "TW I 3 hari 3,3 kasi.kesos 6 April 2026 10.24" in page
    assert "TW II 3 hari 3,1 kasi.kesos 1 Juli 2026 15.20" in page


def test_only_the_changes_of_these_rows_are_listed(open_page: Opener) -> None:
    page = text(origin(open_page, "ind-kesos-05", 2))
    after = page.split("Perubahan nilai ini", 1)[1]
    found = re.findall(r"([^.·]{20}), Triwulan (\S+) 2026 (?:menyimpan|membuka)", after)
    assert {(name[-9:], quarter) for name, quarter in found} == {("terlantar", "I"), ("terlantar", "II")}


def test_a_value_that_is_missing_has_no_figure_and_is_not_zero(open_page: Opener) -> None:
    app = origin(open_page, "ind-kesos-06", 3)
    page = text(app)
    assert "Belum ada realisasi" in page
    assert "Realisasi s.d. triwulan belum dapat diketahui" in page
    assert "= 0" not in page


def test_every_indicator_of_every_quarter_has_an_origin(open_page: Opener) -> None:
    app = origin(open_page, "ind-kesos-05", 2)
    for indicator in session.office().indicators:
        app.query_params["indikator"] = indicator.id
        app.query_params["triwulan"] = "3"
        app.run()
        assert not app.exception
        assert not app.error
        assert "Cara menghitung" in text(app)


def test_a_figure_of_a_quarter_that_was_not_opened_has_no_values(open_page: Opener) -> None:
    page = text(origin(open_page, "ind-kesos-05", 4))
    assert "belum dibuka" in page


@pytest.mark.parametrize("username", USERNAMES.values())
def test_everybody_sees_where_a_figure_comes_from(open_page: Opener, username: str) -> None:
    assert "Cara menghitung" in text(origin(open_page, "ind-kesos-05", 2, username=username))


def test_an_indicator_that_does_not_exist_shows_the_whole_log(open_page: Opener) -> None:
    assert "mengisi data contoh" in text(origin(open_page, "tidak-ada", 2))
