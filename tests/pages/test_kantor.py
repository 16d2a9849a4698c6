"""Kantor: who may change the office's data, what is refused at its field, and what is said before figures move."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from services.domain.attainment import DEFAULT_SCALE, DownFormula
from services.store import schema
from services.store.store import Transaction, Update
from services.ui import office_page, session
from services.views.office import Office
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text
from tests.unit.sample_store import NOW

PARTS = tuple(office_page._PARTS)
READ = "Saya sudah membaca akibatnya"


def office() -> Office:
    return Office(session.runtime().store.read())


def official(row_id: str) -> dict[str, object]:
    return dict(next(r for r in office().snapshot.rows(schema.OFFICIAL) if r["id"] == row_id))


def write(app: AppTest, label: str, value: str, number: int = 0) -> AppTest:
    return [field for field in app.text_input if field.label == label][number].set_value(value).run()


def choose(app: AppTest, label: str, value: str) -> AppTest:
    return next(box for box in app.selectbox if box.label == label).set_value(value).run()


def tick(app: AppTest, label: str = READ) -> AppTest:
    return next(box for box in app.checkbox if box.label == label).check().run()


def said(app: AppTest) -> str:
    return " ".join(each.value for each in app.success)


# --- who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("username", ["pkp", "admin"])
def test_pkp_and_admin_find_a_form_in_every_part(open_page: Opener, username: str, part: str) -> None:
    app = open_page("kantor", username, bagian=part)
    assert not app.exception
    assert app.text_input or app.selectbox


@pytest.mark.parametrize("username", ["camat", "sekretaris", "kasi.pem", "umum", "pimpinan"])
def test_everybody_else_reads_every_part_and_finds_nothing_to_press(open_page: Opener, username: str) -> None:
    app = open_page("kantor", username)
    for part in PARTS:
        app.query_params["bagian"] = part
        app.run()
        assert not app.exception
        assert "diubah oleh Kasubag PKP atau admin" in text(app)
        assert [*app.text_input, *app.selectbox, *app.checkbox] == []
        assert not [label for label in labels(app) if "Simpan" in label or "Tambah" in label]


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("identitas", "Nama kecamatan Silaut Kabupaten Pesisir Selatan Provinsi Sumatera Barat"),
        ("perhitungan", "Rumus arah turun (2T − R) / T × 100 Batas atas dalam rata-rata (%) tanpa batas"),
        ("perhitungan", "Sangat Tinggi 91 ke atas"),
        ("perhitungan", "Rendah 51 sampai 65"),
        ("perhitungan", "Sangat Rendah 50 ke bawah"),
        ("waktu", "Jam buka 08.00 Jam tutup 16.00 Hari dalam 1 minggu 5 hari Arti hari Hari kerja"),
        ("waktu", "Tahun yang tercatat 2025, 2026"),
        ("pejabat", "Camat AFLIZEN, S. Sos."),
        ("seksi", "1 Seksi Pemerintahan Pemerintahan pem"),
        ("pribadi", "NIP boleh disimpan di spreadsheet bersama Tidak"),
    ],
)
def test_who_reads_sees_what_is_in_force(open_page: Opener, part: str, found: str) -> None:
    assert found in text(open_page("kantor", "pimpinan", bagian=part))


def test_a_nip_is_shown_in_groups_to_those_who_keep_it_alone(open_page: Opener) -> None:
    assert "19720605 199303 1 005" in text(open_page("kantor", "pkp", bagian="pejabat"))
    assert "19720605" not in text(open_page("kantor", "camat", bagian="pejabat"))


# --- settings ----------------------------------------------------------------------------------------------------


def test_a_new_address_is_saved_and_the_letterhead_has_it(open_page: Opener) -> None:
    app = press(write(open_page("kantor", "pkp"), "Alamat kantor", "Jalan Pasar Silaut"), "Simpan")
    assert "Identitas kantor disimpan" in said(app)
    assert office().profile.address == "Jalan Pasar Silaut"


def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(open_page: Opener) -> None:
    app = press(write(open_page("kantor", "pkp", bagian="waktu"), "Jam tutup", "07.00"), "Simpan")
    assert "Jam tutup harus paling sedikit 1 jam sesudah jam buka." in text(app)
    assert next(f for f in app.text_input if f.label == "Jam tutup").value == "07.00"
    assert office().calendar.closes.hour == 16


def test_a_formula_says_what_it_does_and_is_saved_once_that_was_read(open_page: Opener) -> None:
    app = choose(open_page("kantor", "pkp", bagian="perhitungan"), "Rumus arah turun", "t/r")
    assert "Triwulan II 2026 3 1 86,7 % 86,9 %" in text(app)
    assert "Laporan yang sudah diterbitkan dan diarsipkan tidak berubah" in text(app)
    app = press(app, "Simpan")
    assert "Baca dahulu akibatnya" in app.error[0].value
    assert office().profile.down_formula is DownFormula.TWICE_TARGET_MINUS_ACTUAL
    app = press(tick(app), "Simpan")
    assert "Perhitungan capaian disimpan" in said(app)
    assert office().profile.down_formula is DownFormula.TARGET_OVER_ACTUAL


def test_a_cap_pasted_with_a_blank_behind_it_says_what_it_does_like_any_other(open_page: Opener) -> None:
    app = write(open_page("kantor", "pkp", bagian="perhitungan"), "Batas atas dalam rata-rata (%)", "100 ")
    press(tick(app), "Simpan")
    assert office().profile.mean_cap == 100


def test_what_was_read_of_one_change_does_not_count_for_another(open_page: Opener) -> None:
    app = tick(choose(open_page("kantor", "pkp", bagian="perhitungan"), "Rumus arah turun", "t/r"))
    app = write(app, "Batas atas dalam rata-rata (%)", "100")
    assert not app.checkbox[0].value
    app = press(app, "Simpan")
    assert office().profile.mean_cap is None


def test_a_scale_says_what_it_does_and_is_saved_once_that_was_read(open_page: Opener) -> None:
    app = write(open_page("kantor", "pkp", bagian="perhitungan"), "Batas bawah (%)", "70", 1)
    assert "Kategori berubah" in text(app)
    app = press(app, "Simpan kategori")
    assert office().scale == DEFAULT_SCALE
    app = press(tick(app), "Simpan kategori")
    assert "Kategori disimpan" in said(app)
    assert office().scale.ratings[1].lower == 70


def test_bounds_that_do_not_fall_are_refused_before_any_effect_is_shown(open_page: Opener) -> None:
    app = write(open_page("kantor", "pkp", bagian="perhitungan"), "Batas bawah (%)", "95", 1)
    assert not app.checkbox
    app = press(app, "Simpan kategori")
    assert "Harus di bawah 91, batas kategori di atasnya." in text(app)


def test_a_value_that_somebody_typed_into_the_store_is_shown_as_it_is(open_page: Opener) -> None:
    app = open_page("kantor", "pkp")
    change = Update(schema.PROFILE, "hari_per_minggu", {}, {"value": "banyak"})
    session.runtime().store.commit(Transaction(NOW, "x", "pkp", "uji", "Uji", (change,)))
    app.query_params["bagian"] = "waktu"
    app.run()
    box = next(b for b in app.selectbox if b.label == "Hari dalam 1 minggu")
    assert box.value == "banyak"
    assert "banyak (tidak dikenal)" in box.options


def test_a_setting_that_cannot_be_used_is_named_among_the_findings_with_the_way_here(open_page: Opener) -> None:
    open_page("kantor", "pkp")
    change = Update(schema.PROFILE, "jam_buka", {}, {"value": "pagi"})
    session.runtime().store.commit(Transaction(NOW, "x", "pkp", "uji", "Uji", (change,)))
    page = text(open_page("periksa", "pkp"))
    assert "Setelan tidak dapat dipakai Tab Profil Profil, kolom Nilai · Buka di Kantor Tertulis pagi" in page
    assert "Setelan Jam buka tidak sesuai; dipakai 08.00 sampai 16.00." in page


def test_of_two_who_save_the_second_sees_both_values(open_page: Opener) -> None:
    app = write(open_page("kantor", "pkp"), "Alamat kantor", "Jalan Saya")
    change = Update(schema.PROFILE, "alamat", {}, {"value": "Jalan Lain"})
    session.runtime().store.commit(Transaction(NOW, "admin", "admin", "uji", "Uji", (change,)))
    app = press(app, "Simpan")
    assert "Alamat kantor Yang Anda lihat Alamat kantor (contoh) Isian Anda Jalan Saya Sekarang Jalan Lain" in text(app)
    app = press(app, "Pakai isian saya")
    assert office().profile.address == "Jalan Saya"


# --- holidays ----------------------------------------------------------------------------------------------------


def test_a_new_holiday_says_which_plans_move_before_it_is_saved(open_page: Opener) -> None:
    app = choose(open_page("kantor", "pkp", bagian="waktu"), "Ubah hari libur", "baru")
    before = office().calendar
    app = write(app, "Dasar hukum", "SKB 2026")
    app = next(box for box in app.date_input if box.label == "Tanggal").set_value(date(2026, 11, 5)).run()
    assert "Langkah yang bergeser" in text(app)
    assert office().calendar == before
    app = press(app, "Simpan hari libur")
    assert "Hari libur disimpan" in said(app)
    assert date(2026, 11, 5) in office().calendar.holidays


def test_a_holiday_that_was_withdrawn_stays_in_the_list_and_is_worked(open_page: Opener) -> None:
    app = open_page("kantor", "admin", bagian="waktu")
    row = next(r for r in office().snapshot.rows(schema.HOLIDAY) if r["day"] == date(2026, 12, 25))
    app = choose(choose(app, "Ubah hari libur", str(row["id"])), "Jenis", "dicabut")
    press(app, "Simpan hari libur")
    assert date(2026, 12, 25) not in office().calendar.holidays
    assert "dicabut" in text(open_page("kantor", "pimpinan", bagian="waktu"))


def test_a_holiday_without_its_basis_or_on_a_day_that_is_there_is_refused_at_the_field(open_page: Opener) -> None:
    app = choose(open_page("kantor", "pkp", bagian="waktu"), "Ubah hari libur", "baru")
    app = next(box for box in app.date_input if box.label == "Tanggal").set_value(date(2026, 12, 25)).run()
    app = press(app, "Simpan hari libur")
    assert "25 Desember 2026 sudah ada di daftar" in text(app)
    assert "Tulis dasar hukumnya" in text(app)


# --- officials and sections --------------------------------------------------------------------------------------


def test_an_official_is_changed_with_his_nip(open_page: Opener) -> None:
    app = choose(open_page("kantor", "admin", bagian="pejabat"), "Ubah pejabat", "pejabat-pem")
    app = press(write(app, "NIP", "1980"), "Simpan pejabat")
    assert "NIP terdiri atas 18 angka" in text(app)
    app = write(write(app, "NIP", "19800101 200501 1 002"), "Nama", "Rina <b>Wati</b>")
    app = press(app, "Simpan pejabat")
    assert "Pejabat disimpan" in said(app)
    assert (official("pejabat-pem")["nip"], official("pejabat-pem")["name"]) == (
        "198001012005011002",
        "Rina <b>Wati</b>",
    )
    assert "Rina <b>Wati</b>" in text(app)


def test_a_new_official_needs_a_post_and_a_role(open_page: Opener) -> None:
    app = choose(open_page("kantor", "pkp", bagian="pejabat"), "Ubah pejabat", "baru")
    app = press(write(app, "Nama", "Rina Wati"), "Simpan pejabat")
    assert "Jabatan wajib diisi." in text(app)
    assert "Pilih perannya." in text(app)
    app = choose(write(app, "Jabatan", "Tamu"), "Peran", "pimpinan")
    press(app, "Simpan pejabat")
    assert [r["post"] for r in office().snapshot.rows(schema.OFFICIAL) if r["name"] == "Rina Wati"] == ["Tamu"]


def test_a_role_that_somebody_typed_into_the_store_is_shown_as_it_is_and_no_other_taken_for_it(
    open_page: Opener,
) -> None:
    app = open_page("kantor", "pkp", bagian="pejabat")
    change = Update(schema.OFFICIAL, "pejabat-pem", {}, {"role": "kepala seksi"})
    session.runtime().store.commit(Transaction(NOW, "x", "pkp", "uji", "Uji", (change,)))
    app = choose(app.run(), "Ubah pejabat", "pejabat-pem")
    assert next(box for box in app.selectbox if box.label == "Peran").value == "kepala seksi"
    app = press(write(app, "Nama", "Rina Wati"), "Simpan pejabat")
    assert "Pilih perannya." in text(app)
    assert official("pejabat-pem")["role"] == "kepala seksi"


def test_sections_change_places_in_one_save(open_page: Opener) -> None:
    app = open_page("kantor", "pkp", bagian="seksi")
    app = write(write(app, "Urutan", "2", 0), "Urutan", "1", 1)
    app = press(app, "Simpan seksi")
    assert "Seksi disimpan" in said(app)
    assert [s.id for s in office().sections][:2] == ["trantib", "pem"]


def test_a_new_section_is_added(open_page: Opener) -> None:
    app = open_page("kantor", "pkp", bagian="seksi")
    app = write(write(write(app, "Nama", "Seksi Baru", 7), "Singkatan", "Baru", 7), "Kode", "baru")
    app = press(app, "Tambah seksi")
    assert "Seksi ditambahkan" in said(app)
    assert office().sections[-1].id == "baru"


# --- personal data -----------------------------------------------------------------------------------------------


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the data stood in a spreadsheet; the store's own refusal is tested with one."""
    monkeypatch.setattr(office_page, "in_sheet", lambda office: True)


def test_in_a_database_the_permission_has_no_effect_and_says_so(open_page: Opener) -> None:
    app = open_page("kantor", "pkp", bagian="pribadi")
    assert "baru berpengaruh bila kantor memakai Google Sheets" in text(app)
    assert "Kosongkan" not in " ".join(labels(app))


def test_who_withdraws_the_permission_is_offered_to_blank_the_column(open_page: Opener, shared: None) -> None:
    app = choose(open_page("kantor", "pkp", bagian="pribadi"), office_page.BY_KEY["nip_di_spreadsheet"].label, "ya")
    app = press(app, "Simpan")
    assert office().profile.nip_in_sheet
    assert official("pejabat-camat")["nip"]
    app = choose(app, office_page.BY_KEY["nip_di_spreadsheet"].label, "tidak")
    assert [box.label for box in app.checkbox] == ["Kosongkan juga 1 NIP di tab Pejabat"]
    app = press(app, "Simpan")
    assert not office().profile.nip_in_sheet
    assert official("pejabat-camat")["nip"] == ""


def test_nips_that_somebody_typed_into_the_sheet_are_blanked_by_one_press(open_page: Opener, shared: None) -> None:
    app = press(open_page("kantor", "admin", bagian="pribadi"), "Kosongkan 1 NIP di tab Pejabat")
    assert "NIP di tab Pejabat dikosongkan" in said(app)
    assert official("pejabat-camat")["nip"] == ""
