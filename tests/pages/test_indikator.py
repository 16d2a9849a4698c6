"""Kamus indikator: everybody reads it, the Kasubag PKP keeps it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.indicators import indicator_texts, save_indicator
from services.domain.indicators import Bounds, Period
from services.domain.roles import Role
from services.ui import session
from tests.pages.conftest import Opener
from tests.pages.looking import labels, markup, press, text
from tests.pages.test_guard import USERNAMES
from tests.unit.sample_store import acting

REVISED = "ind-umum-02"
READERS = [username for role, username in USERNAMES.items() if role is not Role.PKP]
NEXT = Period(2026, 4)
"""The first quarter whose figures are not locked."""


def opened(open_page: Opener, indicator_id: str = REVISED, username: str = "pkp") -> AppTest:
    return open_page("indikator", username, indikator=indicator_id)


def stored(indicator_id: str = REVISED):
    session.runtime().shared.invalidate()
    return session.office().indicator_by_id[indicator_id]


def targets(indicator_id: str = REVISED) -> list[Bounds | None]:
    session.runtime().shared.invalidate()
    return list(session.office().quarterly_targets(indicator_id, 2026))


def field(app: AppTest, name: str):
    key = f"kamus-isi-{name}"
    return next(
        widget for kind in (app.text_input, app.text_area, app.selectbox) for widget in kind if widget.key == key
    )


# --- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", READERS)
def test_everybody_reads_the_dictionary_and_changes_nothing(open_page: Opener, username: str) -> None:
    app = open_page("indikator", username)
    assert "Waktu layanan surat pindah" in text(app)
    assert "Indikator baru" not in labels(app)
    detail = opened(open_page, username=username)
    assert {"Ubah", "Revisi target", "Nonaktifkan"}.isdisjoint(labels(detail))


def test_the_list_shows_every_active_indicator_under_its_section(open_page: Opener) -> None:
    page = text(open_page("indikator", "camat"))
    office = session.office()
    assert all(indicator.name in page for indicator in office.indicators)
    assert page.index("Seksi Pemerintahan") < page.index("Seksi Kesejahteraan Sosial")


@pytest.mark.parametrize(
    ("label", "value", "shown", "hidden"),
    [
        ("Seksi", "yanum", "Waktu layanan surat pindah", "Jumlah patroli wilayah terpadu"),
        ("Arah", "turun", "Waktu layanan surat pindah", "Nilai SAKIP"),
        ("Tipe", "tahunan", "Nilai SAKIP", "Waktu layanan surat pindah"),
        ("Tingkat", "IKU", "Nilai SAKIP", "Jumlah patroli wilayah terpadu"),
    ],
)
def test_a_filter_leaves_what_fits(open_page: Opener, label: str, value: str, shown: str, hidden: str) -> None:
    app = open_page("indikator", "camat")
    app.selectbox(key=f"kamus-{label}").select(value).run()
    assert shown in text(app)
    assert hidden not in text(app)


def test_the_search_finds_words_in_any_order_and_case_and_codes(open_page: Opener) -> None:
    app = open_page("indikator", "camat")
    app.text_input(key="kamus-cari").input("SURAT waktu").run()
    assert "1 indikator" in text(app)
    app.text_input(key="kamus-cari").input("7.01.01.2.08.0004").run()
    assert "Jumlah orang-bulan jasa kebersihan" in text(app)


def test_a_search_that_finds_nothing_says_so(open_page: Opener) -> None:
    app = open_page("indikator", "camat")
    app.text_input(key="kamus-cari").input("tidak pernah ada").run()
    assert "Tidak ada indikator yang cocok" in text(app)


def test_one_indicator_shows_what_it_is_and_both_its_targets_with_their_legal_bases(open_page: Opener) -> None:
    app = opened(open_page, username="camat")
    page = text(app)
    for expected in ("Jumlah tenaga × jumlah bulan", "Daftar pembayaran jasa", "7.01.01.2.08.0004", "orang-bulan"):
        assert expected in page
    assert "Perjanjian Kinerja Tahun 2026" in page
    assert "Perubahan APBD/PK Tahun 2026" in page
    assert "Rp 241.650.000" in page
    assert markup(app).count("<del>15</del>") == 2  # TW III and IV of the first targets


def test_an_indicator_that_does_not_exist_shows_the_list(open_page: Opener) -> None:
    assert "46 indikator aktif" in text(open_page("indikator", "camat", indikator="<script>"))


def test_what_people_typed_is_text_and_never_markup(open_page: Opener) -> None:
    evil = "<img src=x onerror=alert(1)>"
    app = opened(open_page)
    context = acting(session.runtime().store, "pkp")
    seen = indicator_texts(context.office, REVISED)
    save_indicator(context, REVISED, seen, seen | {"definition": evil, "name": evil})
    session.runtime().shared.invalidate()
    app.run()
    assert evil in text_of_entities(app)
    assert "<img" not in markup(app)


def text_of_entities(app: AppTest) -> str:
    return markup(app).replace("&lt;", "<").replace("&gt;", ">")


# --- texts -------------------------------------------------------------------------------------------------------


def test_the_kasubag_pkp_changes_a_text(open_page: Opener) -> None:
    app = press(opened(open_page), "Ubah")
    field(app, "source").input("Register pembayaran")
    press(app, "Simpan")
    assert stored().source == "Register pembayaran"
    assert "Perubahan indikator tersimpan" in app.success[0].value
    assert "Simpan" not in labels(app)


def test_a_required_field_left_blank_is_named_and_what_was_typed_stays(open_page: Opener) -> None:
    app = press(opened(open_page), "Ubah")
    field(app, "name").input("  ")
    field(app, "source").input("Register pembayaran")
    press(app, "Simpan")
    assert "Indikator kinerja wajib diisi." in text(app)
    assert field(app, "source").value == "Register pembayaran"
    assert stored().source != "Register pembayaran"


def test_batal_leaves_everything_as_it_was(open_page: Opener) -> None:
    app = press(opened(open_page), "Ubah")
    field(app, "name").input("Nama lain")
    press(app, "Batal")
    assert stored().name == "Jumlah orang-bulan jasa kebersihan"
    assert "Simpan" not in labels(app)


def conflicting(open_page: Opener) -> AppTest:
    """The page after a press that met a change which somebody else made meanwhile."""
    app = press(opened(open_page), "Ubah")
    field(app, "unit").input("bulan kerja")
    context = acting(session.runtime().store, "pkp")
    seen = indicator_texts(context.office, REVISED)
    save_indicator(context, REVISED, seen, seen | {"unit": "OB"})
    return press(app, "Simpan")


def test_a_conflict_shows_three_values_and_saves_nothing(open_page: Opener) -> None:
    page = text(conflicting(open_page))
    for expected in ("Yang Anda lihat orang-bulan", "Isian Anda bulan kerja", "Sekarang OB"):
        assert expected in page
    assert stored().unit == "OB"


def test_whoever_insists_in_a_conflict_gets_the_own_value(open_page: Opener) -> None:
    press(conflicting(open_page), "Pakai isian saya")
    assert stored().unit == "bulan kerja"


def test_whoever_gives_way_in_a_conflict_goes_on_with_the_present_value(open_page: Opener) -> None:
    app = press(conflicting(open_page), "Pakai nilai sekarang")
    assert field(app, "unit").value == "OB"
    assert stored().unit == "OB"


def test_a_new_indicator_is_in_the_list_afterwards(open_page: Opener) -> None:
    app = press(open_page("indikator", "pkp"), "Indikator baru")
    for name, value in {"name": "Jumlah rapat nagari", "unit": "rapat"}.items():
        field(app, name).input(value)
    for name, value in {"section_id": "pem", "level": "Sub kegiatan", "aggregation": "jumlah"}.items():
        field(app, name).select(value)
    press(app, "Simpan")
    assert "47 indikator aktif" in text(app)
    assert "Jumlah rapat nagari" in text(app)


def test_an_empty_new_indicator_names_every_field_it_needs(open_page: Opener) -> None:
    app = press(press(open_page("indikator", "pkp"), "Indikator baru"), "Simpan")
    page = text(app)
    for header in ("Indikator kinerja", "Tingkat", "Satuan", "Tipe", "Seksi"):
        assert f"{header} wajib diisi." in page


def test_nonaktifkan_asks_first_and_can_be_taken_back(open_page: Opener) -> None:
    app = press(opened(open_page), "Nonaktifkan")
    assert stored().active
    app.button(key="kamus-simpan").click().run()
    assert not stored().active
    app = press(app, "Aktifkan lagi")
    app.button(key="kamus-simpan").click().run()
    assert stored().active


def test_a_retired_indicator_is_listed_only_on_demand(open_page: Opener) -> None:
    app = press(opened(open_page), "Nonaktifkan")
    app.button(key="kamus-simpan").click().run()
    del app.query_params["indikator"]
    app.run()
    assert "Jumlah orang-bulan jasa kebersihan" not in text(app)
    app.toggle(key="kamus-nonaktif").set_value(True).run()
    assert "Jumlah orang-bulan jasa kebersihan" in text(app)


# --- targets -----------------------------------------------------------------------------------------------------


def test_a_revision_begins_with_the_first_quarter_that_is_not_locked_and_asks_for_no_earlier_target(
    open_page: Opener,
) -> None:
    app = press(opened(open_page), "Revisi target")
    assert app.selectbox(key="kamus-mulai").value == NEXT
    assert [w.key for w in app.text_input if str(w.key).startswith("kamus-isi-q")] == ["kamus-isi-q4"]


def test_locked_quarters_are_not_offered(open_page: Opener) -> None:
    app = press(opened(open_page), "Revisi target")
    assert app.selectbox(key="kamus-mulai").options[:2] == ["Triwulan IV 2026", "Triwulan I 2027"]


def test_the_change_is_shown_before_it_is_saved(open_page: Opener) -> None:
    app = press(opened(open_page), "Revisi target")
    field(app, "q4").input("13,5").run()
    assert "Yang akan berubah" in text(app)
    assert "Target TW IV 12 13,5" in text(app)
    assert targets()[3] == Bounds(Decimal(12), Decimal(12))


def test_a_revision_is_saved_from_its_quarter_on(open_page: Opener) -> None:
    app = press(opened(open_page), "Revisi target")
    app.selectbox(key="kamus-mulai").select(Period(2026, 4)).run()
    field(app, "q4").input("10")
    field(app, "legal_basis").input("Perubahan PK Nomor 5 Tahun 2026")
    press(app, "Simpan revisi")
    assert [b.low for b in targets() if b] == [15, 15, 12, 10]
    assert "Perubahan PK Nomor 5 Tahun 2026" in text(app)


def test_an_unreadable_target_says_what_stands_there_and_nothing_is_saved(open_page: Opener) -> None:
    app = press(opened(open_page), "Revisi target")
    field(app, "q4").input("dua belas").run()
    press(app, "Simpan revisi")
    assert "Target TW IV: Tertulis “dua belas”" in text(app)
    assert field(app, "q4").value == "dua belas"
    assert targets()[3] == Bounds(Decimal(12), Decimal(12))


def test_a_revision_without_its_legal_basis_asks_for_it(open_page: Opener) -> None:
    app = press(opened(open_page, "ind-trantib-02"), "Revisi target")
    field(app, "q4").input("40").run()
    press(app, "Simpan revisi")
    assert "Tulis dasar hukum perubahan target" in text(app)


def test_a_revision_that_changes_nothing_is_no_revision(open_page: Opener) -> None:
    app = press(opened(open_page), "Revisi target")
    field(app, "legal_basis").input("Perubahan PK Nomor 5 Tahun 2026").run()
    press(app, "Simpan revisi")
    assert "Target belum berubah" in app.error[0].value
