"""Officials, sections and the rating scale: what each may hold, who changes them, and what is said before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from services.actions import office_tables as tables
from services.actions.base import Denied, Refused, Unreadable
from services.actions.office_tables import OFFICIAL_FIELDS, UNREAD, field_of
from services.actions.settings import save_settings, shown
from services.domain.attainment import DEFAULT_SCALE
from services.domain.indicators import Period
from services.domain.roles import Role
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery, Row, Update
from services.views.measures import measures
from services.views.settings_effect import effects, with_settings, with_values
from tests.store.helpers import action
from tests.unit.sample_store import NOW, acting, office_in, sample_store

CAMAT, KASI = "pejabat-camat", "pejabat-pem"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def row(store: SqlStore, table: schema.Table, row_id: str) -> Row:
    return next(r for r in store.read().rows(table) if r["id"] == row_id)


# --- officials ---------------------------------------------------------------------------------------------------


def official(store: SqlStore, row_id: str = CAMAT, username: str = "pkp", **typed: str) -> object:
    context = acting(store, username)
    seen = tables.official_texts(context.office, row_id)
    return tables.save_official(context, row_id, seen, {**seen, **typed})


def refusals(store: SqlStore, row_id: str = CAMAT, **typed: str) -> dict[str, str]:
    revision = store.revision()
    with pytest.raises(Unreadable) as refused:
        official(store, row_id, **typed)
    assert store.revision() == revision
    return dict(refused.value.problems)


def test_a_nip_is_shown_in_groups_and_kept_as_its_digits(store: SqlStore) -> None:
    assert tables.official_texts(office_in(store), CAMAT)["nip"] == "19720605 199303 1 005"
    official(store, KASI, nip=" 19800101 200501 1 002 ", name="Rina Wati")
    kept = row(store, schema.OFFICIAL, KASI)
    assert (kept["nip"], kept["name"], kept["post"]) == ("198001012005011002", "Rina Wati", "Kepala Seksi Pemerintahan")


@pytest.mark.parametrize(
    "nip", ["1972", "1972060519930310055", "19720605199303100X", "-", "19720605.199303.1.005", "١٩٧٢٠٦٠٥١٩٩٣٠٣١٠٠٥"]
)
def test_a_nip_that_is_not_eighteen_digits_is_refused_at_its_field(store: SqlStore, nip: str) -> None:
    assert refusals(store, nip=nip) == {
        "nip": "NIP terdiri atas 18 angka, misalnya 19720605 199303 1 005. Kosongkan bila tidak ada."
    }


def test_a_nip_may_be_blank(store: SqlStore) -> None:
    official(store, nip="")
    assert row(store, schema.OFFICIAL, CAMAT)["nip"] == ""


def test_a_nip_that_was_typed_in_groups_into_the_store_can_be_changed(store: SqlStore) -> None:
    store.commit(action(Update(schema.OFFICIAL, CAMAT, {}, {"nip": "19720605 199303 1 005"})))
    official(store, nip="198001012005011002")
    assert row(store, schema.OFFICIAL, CAMAT)["nip"] == "198001012005011002"


@pytest.mark.parametrize(
    ("row_id", "typed", "field", "says"),
    [
        (CAMAT, {"post": " "}, "post", "Jabatan wajib diisi."),
        (CAMAT, {"role": "bos"}, "role", "Pilih perannya."),
        (KASI, {"section_id": "tidak-ada"}, "section_id", "Seksi ini tidak ada."),
        (KASI, {"section_id": ""}, "section_id", "Pilih seksi yang dikepalainya."),
        (
            KASI,
            {"section_id": "yanum"},
            "role",
            "Sudah ada di daftar: Kepala Seksi Pelayanan Umum. Ubah baris itu.",
        ),
        (KASI, {"role": "camat"}, "role", "Sudah ada di daftar: Camat. Ubah baris itu."),
        ("", {"post": "Camat", "role": "camat"}, "role", "Sudah ada di daftar: Camat. Ubah baris itu."),
    ],
)
def test_an_official_who_could_not_sign_is_refused_at_the_field(
    store: SqlStore, row_id: str, typed: dict[str, str], field: str, says: str
) -> None:
    assert refusals(store, row_id, **typed) == {field: says}


def test_a_new_official_stands_in_the_list_with_what_was_typed(store: SqlStore) -> None:
    assert official(store, "", post="Wakil", role="pimpinan", name="Rina Wati")
    assert official(store, "", post="Wakil lain", role="pimpinan")
    added = [r for r in store.read().rows(schema.OFFICIAL) if r["role"] == Role.PIMPINAN]
    assert [(r["post"], r["name"], r["nip"]) for r in added] == [("Wakil", "Rina Wati", ""), ("Wakil lain", "", "")]


def test_of_two_who_change_an_official_the_second_is_told(store: SqlStore) -> None:
    context = acting(store, "pkp")
    seen = tables.official_texts(context.office, CAMAT)
    official(store, rank="Pembina Tingkat I")
    with pytest.raises(Conflict) as clash:
        tables.save_official(context, CAMAT, seen, {**seen, "rank": "Pembina"})
    assert clash.value.clashes[0].found == "Pembina Tingkat I"


def test_an_official_saved_unchanged_is_not_written(store: SqlStore) -> None:
    revision = store.revision()
    assert official(store) is None
    assert store.revision() == revision


# --- sections ----------------------------------------------------------------------------------------------------


def sections(store: SqlStore, username: str = "pkp", **typed: str) -> object:
    """``name_pem="…"`` for the name of the section pem."""
    context = acting(store, username)
    seen = tables.section_texts(context.office)
    changed = {key.replace("_", ".", 1): text for key, text in typed.items()}
    return tables.save_sections(context, seen, {**seen, **changed})


def test_sections_are_renamed_and_reordered_in_one_transaction(store: SqlStore) -> None:
    sections(store, name_pem="Seksi Tata Pemerintahan", order_pem="2", order_trantib="1")
    assert [s.id for s in office_in(store).sections][:2] == ["trantib", "pem"]
    assert office_in(store).section("pem").name == "Seksi Tata Pemerintahan"
    lines = store.history(HistoryQuery(limit=3))
    assert {line["action"] for line in lines} == {"mengubah setelan kantor"}
    assert len({line["transaction_id"] for line in lines}) == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"name_pem": ""}, {"name.pem": "Wajib diisi."}),
        ({"order_pem": "0"}, {"order.pem": "Tulis bilangan bulat 1 sampai 99."}),
        ({"order_pem": "satu"}, {"order.pem": "Tulis bilangan bulat 1 sampai 99."}),
        ({"order_pem": "2"}, dict.fromkeys(("order.pem", "order.trantib"), "Urutan ini dipakai dua kali.")),
        ({"order_pem": "02"}, dict.fromkeys(("order.pem", "order.trantib"), "Urutan ini dipakai dua kali.")),
        ({"name_pem": "SEKSI KESEJAHTERAAN SOSIAL"}, dict.fromkeys(("name.pem", "name.kesos"), tables.TWICE)),
    ],
)
def test_sections_that_could_not_be_told_apart_are_refused(
    store: SqlStore, typed: dict[str, str], found: dict[str, str]
) -> None:
    with pytest.raises(Unreadable) as refused:
        sections(store, **typed)
    assert refused.value.problems == found


def test_a_new_section_comes_last(store: SqlStore) -> None:
    tables.add_section(acting(store, "pkp"), {"id": "baru", "name": "Seksi Baru", "short": "Baru"})
    assert office_in(store).sections[-1].name == "Seksi Baru"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"id": "Seksi Baru"}, "id"),
        ({"id": "pem"}, "id"),
        ({"name": "seksi pemerintahan"}, "name"),
        ({"short": ""}, "short"),
    ],
)
def test_a_new_section_needs_its_own_code_and_name(store: SqlStore, typed: dict[str, str], field: str) -> None:
    with pytest.raises(Unreadable) as refused:
        tables.add_section(acting(store, "pkp"), {"id": "baru", "name": "Seksi Baru", "short": "Baru", **typed})
    assert set(refused.value.problems) == {field}


# --- rating scale ------------------------------------------------------------------------------------------------


def scale(store: SqlStore, *, effect_read: bool = True, username: str = "pkp", **typed: str) -> object:
    """``lower_0="90"`` for the bound of the best rating."""
    context = acting(store, username)
    seen = tables.scale_texts(context.office)
    changed = {field_of(f"kat-{key[-1]}", key[:-2]): text for key, text in typed.items()}
    return tables.save_scale(context, seen, {**seen, **changed}, effect_read=effect_read)


def test_names_and_bounds_of_the_scale_are_changed(store: SqlStore) -> None:
    scale(store, label_0="Sangat Baik", lower_0="90", lower_3="50")
    ratings = office_in(store).scale.ratings
    assert [(r.label, r.lower) for r in ratings] == [
        ("Sangat Baik", 90),
        ("Tinggi", 76),
        ("Sedang", 66),
        ("Rendah", 50),
        ("Sangat Rendah", None),
    ]


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"lower_1": "91"}, "lower.kat-1", "Harus di bawah 91, batas kategori di atasnya."),
        ({"lower_1": "95"}, "lower.kat-1", "Harus di bawah 91, batas kategori di atasnya."),
        ({"lower_2": ""}, "lower.kat-2", "Tulis bilangan bulat 1 sampai 200."),
        ({"lower_2": "66,5"}, "lower.kat-2", "Tulis bilangan bulat 1 sampai 200."),
        ({"lower_4": "10"}, "lower.kat-4", "Kosongkan: kategori terendah mencakup semua yang di bawahnya."),
        ({"label_2": " "}, "label.kat-2", "Nama kategori wajib diisi."),
    ],
)
def test_a_scale_with_gaps_or_in_disorder_is_refused_at_the_field(
    store: SqlStore, typed: dict[str, str], field: str, says: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        scale(store, **typed)
    assert refused.value.problems == {field: says}
    assert office_in(store).scale == DEFAULT_SCALE


def test_two_ratings_of_one_name_are_refused(store: SqlStore) -> None:
    with pytest.raises(Unreadable) as refused:
        scale(store, label_0="tinggi")
    assert set(refused.value.problems) == {"label.kat-0", "label.kat-1"}


def test_an_office_without_a_scale_of_its_own_starts_from_the_usual_one(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/kosong.db", "1301", lambda: NOW)
    context = acting(store, "pkp")
    seen = tables.scale_texts(context.office)
    tables.save_scale(context, seen, {**seen, "lower.kat-0": "95"}, effect_read=True)
    assert [r.lower for r in office_in(store).scale.ratings] == [95, 76, 66, 51, None]


# --- what it does to figures -------------------------------------------------------------------------------------


def test_a_scale_is_saved_only_by_whoever_has_read_what_it_does(store: SqlStore) -> None:
    with pytest.raises(Refused, match=UNREAD):
        scale(store, lower_0="95", effect_read=False)
    assert office_in(store).scale == DEFAULT_SCALE


@pytest.mark.parametrize("typed", [{"rumus_turun": "t/r"}, {"batas_rata_rata": "100"}])
def test_a_formula_is_saved_only_by_whoever_has_read_what_it_does(store: SqlStore, typed: dict[str, str]) -> None:
    context = acting(store, "pkp")
    with pytest.raises(Refused, match=UNREAD):
        save_settings(context, shown(context.office), typed)
    assert save_settings(context, shown(context.office), typed, effect_read=True)


def test_the_effect_of_a_formula_is_what_the_figures_are_afterwards(store: SqlStore) -> None:
    before = office_in(store)
    told = effects(before, with_settings(before, {"rumus_turun": "t/r"}))
    context = acting(store, "pkp")
    save_settings(context, shown(context.office), {"rumus_turun": "t/r"}, effect_read=True)
    after = office_in(store)
    assert told
    for effect in told:
        pairs = zip(measures(before, effect.period), measures(after, effect.period), strict=True)
        assert effect.figures == sum(old.to_date.value != new.to_date.value for old, new in pairs) > 0
        assert effect.before != effect.after


def test_the_effect_of_a_scale_counts_other_ratings_and_leaves_the_figures(store: SqlStore) -> None:
    office = office_in(store)
    told = effects(office, with_values(office, schema.RATING, {"kat-0": {"lower": 99}}))
    (third,) = [effect for effect in told if effect.period == Period(2026, 3)]
    between = [m for m in measures(office, Period(2026, 3)) if m.to_date.value and Decimal("90.5") <= m.to_date.value]
    moved = [m for m in between if m.to_date.value and m.to_date.value < Decimal("98.5")]
    assert (third.figures, third.ratings) == (0, len(moved))
    assert moved


def test_the_same_values_have_no_effect(store: SqlStore) -> None:
    office = office_in(store)
    assert effects(office, with_settings(office, {"rumus_turun": "2t-r"})) == ()


# --- who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["kasi.pem", "umum", "sekretaris", "camat", "pimpinan"])
def test_nobody_but_pkp_and_admin_changes_a_table_of_the_office(store: SqlStore, username: str) -> None:
    revision = store.revision()
    with pytest.raises(Denied):
        official(store, username=username, name="Lain")
    with pytest.raises(Denied):
        sections(store, username, name_pem="Lain")
    with pytest.raises(Denied):
        scale(store, username=username, label_0="Lain")
    with pytest.raises(Denied):
        tables.add_section(acting(store, username), {"id": "x", "name": "x", "short": "x"})
    assert store.revision() == revision


def test_an_admin_may_change_them(store: SqlStore) -> None:
    assert official(store, username="admin", name="Lain")
    assert sections(store, "admin", name_pem="Lain")
    assert scale(store, username="admin", label_0="Lain")


def test_every_field_of_an_official_is_in_the_form(store: SqlStore) -> None:
    assert {"id", *OFFICIAL_FIELDS} == set(schema.OFFICIAL.names)
