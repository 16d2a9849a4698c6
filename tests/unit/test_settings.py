"""The settings of the office: what each may hold, who changes them, and what counts while nobody has decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from services.actions.base import Denied, Refused, Unreadable
from services.actions.settings import profile_rows, save_settings, shown
from services.actions.table_imports import preview
from services.charts.palette import LIGHT
from services.charts.shares import rating_band
from services.domain.attainment import DownFormula
from services.domain.indicators import Period
from services.domain.settings import BY_KEY, SETTINGS, Group, in_force, problems
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery, Insert, Snapshot, Update
from services.tabular.upload import read_upload
from services.ui.dashboard import legend
from services.views.board import board_of
from services.views.findings import findings_of
from services.views.office import Office
from services.views.report_data import data_of
from tests.store.helpers import action
from tests.unit.sample_store import NOW, acting, office_in, sample_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def save(store: SqlStore, username: str = "pkp", **typed: str) -> object:
    context = acting(store, username)
    return save_settings(context, shown(context.office), typed, effect_read=True)


def office_with(**stored: str) -> Office:
    rows = tuple({"id": key, "value": value, "note": ""} for key, value in stored.items())
    empty: dict[str, tuple[()]] = {table.name: () for table in schema.SNAPSHOT_TABLES}
    return Office(Snapshot("1301", 1, NOW, {**empty, schema.PROFILE.name: rows}))


# --- what a setting may hold -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("nama_kecamatan", "", "Nama kecamatan wajib diisi."),
        ("nama_kecamatan", "Kecamatan Silaut", "Tulis namanya saja, tanpa kata Kecamatan."),
        ("kabupaten", "kabupaten Pesisir Selatan", "Tulis namanya saja, tanpa kata Kabupaten."),
        ("rumus_turun", "x", "Tulis salah satu dari: 2t-r, t/r."),
        ("batas_rata_rata", "1e3", "Tulis bilangan bulat 10 sampai 999, misalnya 100, atau kosongkan."),
        ("batas_rata_rata", "0", "Tulis bilangan bulat 10 sampai 999, misalnya 100, atau kosongkan."),
        ("jam_buka", "8", "Tulis jam dengan titik, misalnya 08.00."),
        ("jam_tutup", "25.00", "Tulis jam dengan titik, misalnya 16.00."),
        ("hari_per_minggu", "8", "Tulis salah satu dari: 1, 2, 3, 4, 5, 6, 7."),
        ("arti_hari", "hari", "Tulis salah satu dari: hari kerja, hari kalender."),
        ("nip_di_spreadsheet", "mungkin", "Tulis salah satu dari: tidak, ya."),
    ],
)
def test_a_value_that_a_setting_cannot_hold_is_refused_at_its_field(
    store: SqlStore, key: str, text: str, says: str
) -> None:
    before = office_in(store).profile
    with pytest.raises(Unreadable) as refused:
        save(store, **{key: text, "alamat": "Jalan Baru 1"})
    assert refused.value.problems == {key: says}
    assert office_in(store).profile == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"jam_buka": "16.00"}, "jam_buka"),
        ({"jam_buka": "09.00", "jam_tutup": "09.30"}, "jam_tutup"),
        ({"jam_tutup": "07.00"}, "jam_tutup"),
    ],
)
def test_the_office_cannot_close_before_it_opens(store: SqlStore, typed: dict[str, str], field: str) -> None:
    with pytest.raises(Unreadable) as refused:
        save(store, **typed)
    assert refused.value.problems == {field: "Jam tutup harus paling sedikit 1 jam sesudah jam buka."}


def test_every_default_is_a_value_that_the_setting_may_hold() -> None:
    assert set(problems({s.key: s.default for s in SETTINGS})) == {"nama_kecamatan", "kabupaten"}
    assert all(s.default in s.options for s in SETTINGS if s.options)


# --- what counts -------------------------------------------------------------------------------------------------


def test_what_is_saved_is_what_the_office_works_with(store: SqlStore) -> None:
    save(
        store, nama_kecamatan="Lunang", rumus_turun="t/r", batas_rata_rata="100", jam_buka="07.30", hari_per_minggu="6"
    )
    office = office_in(store)
    assert (office.profile.title, office.profile.down_formula) == ("Kecamatan Lunang", DownFormula.TARGET_OVER_ACTUAL)
    assert office.profile.mean_cap == Decimal(100)
    assert (office.calendar.opens, office.calendar.closes, office.calendar.days_per_week) == (time(7, 30), time(16), 6)


@pytest.mark.parametrize(
    "stored",
    [
        {"jam_buka": "25.00"},
        {"jam_buka": "17.00"},
        {"jam_buka": "08.00", "jam_tutup": "08.00"},
        {"hari_per_minggu": "banyak", "arti_hari": "hari", "rumus_turun": "x", "batas_rata_rata": "-5"},
    ],
    ids=str,
)
def test_what_somebody_typed_into_the_sheet_by_hand_never_stops_the_office(stored: dict[str, str]) -> None:
    office = office_with(**stored)
    assert office.calendar.minutes_per_day == 480
    assert (office.calendar.days_per_week, office.calendar.calendar_days) == (5, False)
    assert (office.profile.down_formula, office.profile.mean_cap) == (DownFormula.TWICE_TARGET_MINUS_ACTUAL, None)


def test_names_are_taken_as_they_stand_even_where_the_page_would_refuse_them() -> None:
    assert in_force({"nama_kecamatan": "Kecamatan Silaut"})["nama_kecamatan"] == "Kecamatan Silaut"


def test_an_office_allows_no_nip_in_a_spreadsheet_until_it_says_so(store: SqlStore) -> None:
    assert not office_in(store).profile.nip_in_sheet
    assert not office_with(nip_di_spreadsheet="YA").profile.nip_in_sheet
    save(store, nip_di_spreadsheet="ya")
    assert office_in(store).profile.nip_in_sheet


# --- one save ----------------------------------------------------------------------------------------------------


def test_a_save_is_one_transaction_with_its_lines_in_the_log(store: SqlStore) -> None:
    save(store, alamat="  Jalan  Pasar 1 ", jam_tutup="16.30", provinsi="Sumatera Barat")
    lines = [line for line in store.history(HistoryQuery(limit=2)) if line["at"] == NOW]
    assert {(line["row_id"], line["old"], line["new"]) for line in lines} == {
        ("alamat", "Alamat kantor (contoh)", "Jalan Pasar 1"),
        ("jam_tutup", "16.00", "16.30"),
    }
    assert {(line["action"], line["by"]) for line in lines} == {("mengubah setelan kantor", "pkp")}
    assert len({line["transaction_id"] for line in lines}) == 1


def test_nothing_changed_is_nothing_written(store: SqlStore) -> None:
    revision = store.revision()
    assert save(store, **shown(office_in(store))) is None
    assert store.revision() == revision


def test_of_two_who_change_the_same_setting_the_second_is_told(store: SqlStore) -> None:
    seen = shown(office_in(store))
    save(store, alamat="Satu")
    with pytest.raises(Conflict):
        save_settings(acting(store, "pkp"), seen, {**seen, "alamat": "Dua"})


def test_of_two_who_decide_first_the_second_is_told(store: SqlStore) -> None:
    late = acting(store, "admin")
    save(store, nip_di_spreadsheet="ya")
    with pytest.raises(Refused, match="disimpan orang lain"):
        save_settings(late, shown(late.office), {"nip_di_spreadsheet": "ya"})


@pytest.mark.parametrize("username", ["kasi.pem", "umum", "sekretaris", "camat", "pimpinan"])
def test_nobody_but_pkp_and_admin_changes_a_setting(store: SqlStore, username: str) -> None:
    with pytest.raises(Denied):
        save(store, username, alamat="Jalan Lain")
    assert office_in(store).profile.address == "Alamat kantor (contoh)"


def test_an_admin_may(store: SqlStore) -> None:
    assert save(store, "admin", alamat="Jalan Lain")


def test_the_mark_of_a_sample_is_no_setting_of_people(store: SqlStore) -> None:
    with pytest.raises(Refused, match="tidak dikenal"):
        save_settings(acting(store, "pkp"), {"contoh": "ya"}, {"contoh": ""})


# --- a new office ------------------------------------------------------------------------------------------------


def test_a_new_office_gets_a_row_for_every_setting() -> None:
    rows = profile_rows({"nama_kecamatan": "Lunang", "kabupaten": "Pesisir Selatan"})
    assert {row["id"] for row in rows} == set(BY_KEY)
    office = office_with(**{str(row["id"]): str(row["value"]) for row in rows})
    assert (office.profile.title, office.profile.nip_in_sheet) == ("Kecamatan Lunang", False)


def test_a_new_office_without_a_name_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        profile_rows({"nama_kecamatan": "Kecamatan Lunang", "jam_tutup": "7"})
    assert set(refused.value.problems) == {"nama_kecamatan", "kabupaten", "jam_tutup"}


def test_every_setting_says_what_it_is_for() -> None:
    assert all(s.label and s.note.endswith(".") for s in SETTINGS)
    assert {s.group for s in SETTINGS} == set(Group)


@pytest.mark.parametrize("value", ["ya", "tidak"])
def test_the_permission_for_nips_is_never_given_by_a_file(store: SqlStore, value: str) -> None:
    file = f"ID;Nilai\nnip_di_spreadsheet;{value}\n".encode()
    seen = preview(acting(store, "pkp"), read_upload("a.csv", file, schema.PROFILE))
    assert "hanya diubah di halaman Kantor" in seen.rows[0].detail


def test_hours_that_do_not_fit_together_are_refused_in_a_file_too(store: SqlStore) -> None:
    file = b"ID;Nilai\njam_buka;17.00\n"
    seen = preview(acting(store, "pkp"), read_upload("a.csv", file, schema.PROFILE))
    assert "1 jam sesudah jam buka" in seen.rows[0].detail


def test_a_setting_that_cannot_be_used_is_a_finding_with_what_counts_instead() -> None:
    office = office_with(jam_buka="8 pagi", rumus_turun="2t-r", nama_kecamatan="Kecamatan Silaut")
    found = {f.finding.row_id: f.finding for f in findings_of(office, Period(2026, 3))}
    assert set(found) == {"jam_buka", "nama_kecamatan"}
    assert found["jam_buka"].why == "setelan Jam buka tidak sesuai; dipakai 08.00 sampai 16.00."
    assert found["jam_buka"].suggestion == "Tulis jam dengan titik, misalnya 08.00."
    assert found["nama_kecamatan"].why == "setelan Nama kecamatan tidak sesuai; ini dipakai apa adanya."


@pytest.mark.parametrize("beside", [{}, {"nama_kecamatan": "Kecamatan Silaut"}], ids=["alone", "beside another"])
def test_hours_that_do_not_fit_together_are_a_finding_with_both_hours_that_count(beside: dict[str, str]) -> None:
    office = office_with(jam_buka="15.30", jam_tutup="16.00", **beside)
    found = {f.finding.row_id: f.finding for f in findings_of(office, Period(2026, 3))}
    assert found["jam_tutup"].why == "setelan Jam tutup tidak sesuai; dipakai 08.00 sampai 16.00."


def test_a_report_takes_no_addresses_of_people_along_and_stays_the_same_for_them(store: SqlStore) -> None:
    def data() -> str:
        return repr(data_of(office_in(store), Period(2026, 3)))

    before = data()
    save(store, nip_di_spreadsheet="ya")
    mail = {"id": "surel.pem", "value": "kasi@example.go.id", "note": ""}
    store.commit(action(Insert(schema.PROFILE, mail)))
    assert data() == before
    save(store, alamat="Jalan Pasar 1")
    assert "Jalan Pasar 1" in data()


def test_a_scale_typed_in_disorder_is_a_finding_and_rates_all_the_same(store: SqlStore) -> None:
    store.commit(action(Update(schema.RATING, "kat-4", {"lower": None}, {"lower": 40})))
    office = office_in(store)
    (found,) = [f for f in findings_of(office, Period(2026, 3)) if f.finding.table == schema.RATING.name]
    assert found.finding.suggestion == "Hanya kategori terakhir yang batas bawahnya kosong."
    assert office.scale.rate(Decimal(-5)) == office.scale.ratings[-1]


def test_a_rating_without_a_bound_takes_nothing_and_makes_nothing_good(store: SqlStore) -> None:
    store.commit(action(Update(schema.RATING, "kat-1", {"lower": 76}, {"lower": None})))
    office = office_in(store)
    (found,) = [f for f in findings_of(office, Period(2026, 3)) if f.finding.table == schema.RATING.name]
    assert found.finding.typed == "91; (kosong); 66; 51; (kosong)"
    labels = [rating.label for value in (95, 80, 60, -5) if (rating := office.scale.rate(Decimal(value)))]
    assert labels == ["Sangat Tinggi", "Sedang", "Rendah", "Sangat Rendah"]


def test_a_scale_of_more_ratings_than_colours_stops_no_page_and_is_refused_in_a_file(store: SqlStore) -> None:
    more = {"id": "kat-9", "rank": 9, "label": "Terendah", "lower": None}
    file = b"ID;Urutan;Kategori;Batas bawah (%)\nkat-9;5;Terendah;\nkat-4;4;Sangat Rendah;30\n"
    seen = preview(acting(store, "pkp"), read_upload("a.csv", file, schema.RATING))
    assert {row.detail for row in seen.rows} == {"Skala memuat paling banyak 5 kategori."}
    store.commit(action(Insert(schema.RATING, more), Update(schema.RATING, "kat-4", {"lower": None}, {"lower": 30})))
    office = office_in(store)
    (found,) = [f for f in findings_of(office, Period(2026, 3)) if f.finding.table == schema.RATING.name]
    assert found.finding.suggestion == "Skala memuat paling banyak 5 kategori."
    assert legend(board_of(office, Period(2026, 3), NOW), office.scale)
    assert rating_band(board_of(office, Period(2026, 3), NOW), LIGHT)


# --- what a file would do to figures -----------------------------------------------------------------------------


def test_a_file_with_another_formula_says_what_becomes_of_the_figures(store: SqlStore) -> None:
    seen = preview(acting(store, "pkp"), read_upload("a.csv", b"ID;Nilai\nrumus_turun;t/r\n", schema.PROFILE))
    said = "Akibatnya, Triwulan II 2026: 3 capaian dan 1 kategori berubah, rata-rata 86,7 % menjadi 86,9 %."
    assert said in [line.replace("\N{NO-BREAK SPACE}", " ") for line in seen.effects]
    address = preview(acting(store, "pkp"), read_upload("a.csv", b"ID;Nilai\nalamat;Jalan Pasar\n", schema.PROFILE))
    assert address.effects == ()


def test_a_file_with_another_scale_says_how_many_ratings_change(store: SqlStore) -> None:
    file = b"ID;Batas bawah (%)\nkat-1;70\n"
    seen = preview(acting(store, "pkp"), read_upload("a.csv", file, schema.RATING))
    assert seen.effects
    assert all("0 capaian" in line for line in seen.effects)
