"""The rows of a file into a table: the verdict on each, all or nothing, and nobody's rights are gone round."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.actions.base import Context, Denied, Refused
from services.actions.imports import Verdict
from services.actions.table_imports import Preview, carry_out, preview
from services.actions.table_rules import RULES
from services.domain.roles import Actor, Role
from services.store import schema
from services.store.schema import Table
from services.store.sql import SqlStore
from services.store.store import HistoryQuery, Update
from services.tabular.export import export_table
from services.tabular.upload import read_upload
from services.tabular.values import Form
from tests.unit import offices
from tests.unit.nasty import values_of
from tests.unit.sample_store import acting, office_in, sample_store, take_figures_again

NO_STORE: Any = None
REFUSED_TABLES = [table for table in schema.TABLES if table.name not in RULES]


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return sample_store(tmp_path)


@pytest.fixture
def open_store(store: SqlStore) -> SqlStore:
    """The sample with its third quarter still open for everybody."""
    take_figures_again(store)
    return store


def csv(table: Table, *rows: Mapping[str, str], name: str = "a.csv") -> Any:
    """An upload with the columns of the first row, by schema names."""
    columns = list(rows[0])
    lines = [[table.column(c).header for c in columns], *([row.get(c, "") for c in columns] for row in rows)]
    return read_upload(name, "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines).encode(), table)


def seen(context: Context, table: Table, *rows: Mapping[str, str]) -> Preview:
    return preview(context, csv(table, *rows))


def verdicts(found: Preview) -> list[str]:
    return [row.verdict.value for row in found.rows]


def details(found: Preview) -> str:
    return " | ".join(row.detail for row in found.rows)


def person(store: SqlStore, role: Role, section_id: str = "") -> Context:
    base = acting(store, "pkp")
    return Context(store, base.office, Actor("x", "X", role, section_id), base.now, "Uji")


# --- what came out goes in again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", RULES)
def test_an_exported_table_changes_nothing(store: SqlStore, name: str, form: Form) -> None:
    table, context = schema.BY_NAME[name], acting(store, "pkp")
    rows = context.office.snapshot.rows(table)
    found = preview(context, read_upload("a", export_table(table, rows, form), table))
    assert found.counts == {verdict: len(rows) if verdict is Verdict.SAME else 0 for verdict in Verdict}
    assert (found.writes, found.untouched) == (False, 0)
    before = store.revision()
    assert carry_out(context, found) is None
    assert store.revision() == before


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", ["Profil", "Kategori", "Seksi", "Pejabat", "HariLibur"])
def test_an_office_without_data_takes_what_another_wrote(store: SqlStore, name: str, form: Form) -> None:
    table = schema.BY_NAME[name]
    rows = [row for row in store.read().rows(table) if row["id"] != "contoh"]
    sections = store.read().rows(schema.SECTION)
    store.load({schema.SECTION.name: sections} if name == "Pejabat" else {})
    context = acting(store, "pkp")
    carry_out(context, preview(context, read_upload("a", export_table(table, rows, form), table)))
    assert list(store.read().rows(table)) == rows


@pytest.mark.parametrize("form", Form)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_table_its_own_export_changes_nothing(form: Form, data: st.DataObject) -> None:
    table = schema.OFFICIAL
    texts = {c.name: values_of(c) for c in table.columns if not c.references} | {"section_id": st.just("")}
    rows = data.draw(st.lists(st.fixed_dictionaries(texts), unique_by=lambda row: row["id"].strip(), max_size=4))
    placed = offices.office(*((table, row) for row in rows))
    context = Context(NO_STORE, placed, Actor("pkp", "PKP", Role.PKP), offices.NOW, "Uji")
    found = preview(context, read_upload("a", export_table(table, rows, form), table))
    assert verdicts(found) == ["sama"] * len(rows)


# --- verdicts ----------------------------------------------------------------------------------------------------


def test_rows_are_new_changed_or_the_same(store: SqlStore) -> None:
    context = acting(store, "pkp")
    found = seen(
        context,
        schema.SECTION,
        {"id": "pem", "name": "Seksi Pemerintahan", "short": "Pem.", "order": "1"},
        {"id": "baru", "name": "Seksi Baru", "short": "Baru", "order": "8"},
        {"id": "kesos", "name": " Seksi Kesejahteraan Sosial ", "short": "Kesejahteraan Sosial", "order": "4"},
    )
    assert verdicts(found) == ["berubah", "baru", "sama"]
    assert found.rows[0].detail == "Singkatan: Pemerintahan → Pem."
    assert found.rows[1].detail == "Nama: Seksi Baru; Singkatan: Baru; Urutan: 8"
    assert found.untouched == 5
    before = store.revision()
    receipt = carry_out(context, found)
    assert receipt is not None
    assert store.revision() == before + 1
    rows = {row["id"]: row for row in store.read().rows(schema.SECTION)}
    assert (rows["pem"]["short"], rows["baru"]["order"]) == ("Pem.", 8)
    log = store.history(HistoryQuery(transaction_id=receipt.transaction_id))
    assert {(line["table"], line["column"], line["by"]) for line in log} == {
        ("Seksi", "short", "pkp"),
        ("Seksi", "", "pkp"),
    }


def test_a_blank_cell_empties_and_a_missing_column_leaves(store: SqlStore) -> None:
    context = acting(store, "pkp")
    found = seen(context, schema.OFFICIAL, {"id": "pejabat-camat", "nip": ""})
    assert details(found) == "NIP: 197206051993031005 → kosong"
    carry_out(context, found)
    row = next(row for row in store.read().rows(schema.OFFICIAL) if row["id"] == "pejabat-camat")
    assert (row["nip"], row["post"]) == ("", "Camat")


def test_one_refused_row_keeps_all_others_back(store: SqlStore) -> None:
    context = acting(store, "pkp")
    found = seen(
        context,
        schema.SECTION,
        {"id": "pem", "name": "Seksi Satu", "short": "Satu", "order": "1"},
        {"id": "trantib", "name": "", "short": "Dua", "order": "dua"},
    )
    assert verdicts(found) == ["berubah", "ditolak"]
    assert not found.writes
    before = store.revision()
    with pytest.raises(Refused, match="1 baris ditolak"):
        carry_out(context, found)
    assert store.revision() == before


def test_a_mistake_is_named_with_its_place_and_what_to_write(store: SqlStore) -> None:
    found = seen(acting(store, "pkp"), schema.SECTION, {"id": "pem", "name": "", "short": "P", "order": "x"})
    assert details(found) == ("kolom Urutan: Tertulis “x”: bukan bilangan bulat. Tulis bilangan bulat, misalnya 3.")
    data = export_table(schema.SECTION, [{"id": "pem", "name": "", "short": "P", "order": 1}], Form.XLSX)
    found = preview(acting(store, "pkp"), read_upload("a.xlsx", data, schema.SECTION))
    assert details(found) == "sel B2 (Nama): Wajib diisi."


def test_data_changed_since_the_preview_are_not_overwritten(store: SqlStore) -> None:
    context = acting(store, "pkp")
    found = seen(context, schema.SECTION, {"id": "pem", "short": "Saya"})
    other = acting(store, "pkp")
    carry_out(other, seen(other, schema.SECTION, {"id": "pem", "short": "Dia"}))
    with pytest.raises(Refused, match="sudah berubah sejak pratinjau"):
        carry_out(acting(store, "pkp"), found)
    assert next(row["short"] for row in store.read().rows(schema.SECTION) if row["id"] == "pem") == "Dia"


def test_a_second_time_all_is_the_same(store: SqlStore) -> None:
    row = {"day": "20/12/2027", "kind": "libur nasional", "name": "Hari", "basis": "SKB"}
    context = acting(store, "pkp")
    carry_out(context, seen(context, schema.HOLIDAY, row))
    assert verdicts(seen(acting(store, "pkp"), schema.HOLIDAY, row)) == ["sama"]


# --- which row ---------------------------------------------------------------------------------------------------


def test_a_row_without_id_is_recognised_by_what_no_two_rows_share(store: SqlStore) -> None:
    found = seen(
        acting(store, "admin"),
        schema.HOLIDAY,
        {"day": "17 Agustus 2026", "kind": "libur nasional", "name": "Kemerdekaan", "basis": "SKB"},
        {"day": "2027-01-01", "kind": "libur nasional", "name": "Tahun Baru", "basis": "SKB 2027"},
    )
    assert verdicts(found) == ["berubah", "baru"]
    assert found.rows[0].row_id == "libur-2026-08-17"


def test_a_row_without_id_that_is_wholly_there_is_the_same(store: SqlStore) -> None:
    found = seen(
        acting(store, "pkp"),
        schema.OFFICIAL,
        {"post": "Camat", "name": "AFLIZEN, S. Sos.", "nip": "197206051993031005", "role": "camat"},
        {"post": "Camat", "name": "Lain", "nip": "", "role": "pimpinan"},
    )
    assert verdicts(found) == ["sama", "baru"]


def test_a_second_official_of_one_post_is_refused_in_a_file_too_but_two_may_change_places(store: SqlStore) -> None:
    second = seen(acting(store, "pkp"), schema.OFFICIAL, {"post": "Camat lain", "name": "Lain", "role": "camat"})
    assert "Peran dan seksi yang sama ada pada Camat dan Camat lain" in details(second)
    turned = ({"id": "pejabat-pem", "section_id": "kesos"}, {"id": "pejabat-kesos", "section_id": "pem"})
    assert verdicts(seen(acting(store, "pkp"), schema.OFFICIAL, *turned)) == ["berubah", "berubah"]


def test_a_table_whose_ids_are_names_wants_them(store: SqlStore) -> None:
    found = seen(acting(store, "pkp"), schema.SECTION, {"id": "", "name": "A", "short": "A", "order": "9"})
    assert "Tulis ID-nya" in details(found)
    found = seen(acting(store, "pkp"), schema.SECTION, {"id": "Seksi Baru", "name": "A", "short": "A", "order": "9"})
    assert "huruf kecil" in details(found)


def test_the_same_row_twice_is_refused_both_times(store: SqlStore) -> None:
    found = seen(acting(store, "pkp"), schema.SECTION, {"id": "pem", "short": "A"}, {"id": "pem", "short": "B"})
    assert [row.detail for row in found.rows] == [
        "Baris yang sama juga ditulis di baris 3. Sisakan satu.",
        "Baris yang sama juga ditulis di baris 2. Sisakan satu.",
    ]


def test_a_key_that_another_row_has_is_refused(store: SqlStore) -> None:
    day = {"id": "x", "day": "2026-08-17", "kind": "libur nasional", "name": "", "basis": "SKB"}
    found = seen(acting(store, "pkp"), schema.HOLIDAY, day)
    assert "sudah dipakai baris dengan ID libur-2026-08-17" in details(found)
    two = ({**day, "id": "x", "day": "2027-08-17"}, {**day, "id": "y", "day": "2027-08-17"})
    assert verdicts(seen(acting(store, "pkp"), schema.HOLIDAY, *two)) == ["baru", "ditolak"]


def test_a_reference_to_nothing_is_refused_with_what_there_is(store: SqlStore) -> None:
    found = seen(acting(store, "pkp"), schema.OFFICIAL, {"id": "pejabat-pem", "section_id": "pim"})
    assert details(found) == (
        "kolom Seksi: Tidak ada baris dengan ID “pim” di tabel Seksi. "
        "Yang ada: pem, trantib, pmn, kesos, yanum, pkp, umum."
    )


# --- rights ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", REFUSED_TABLES, ids=lambda table: table.name)
def test_what_the_steps_bring_into_being_is_not_imported(store: SqlStore, table: Table) -> None:
    columns = {column.name: "" for column in table.columns}
    with pytest.raises(Refused, match="tidak dapat diimpor"):
        seen(acting(store, "pkp"), table, columns)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", RULES)
def test_only_who_may_change_a_table_may_import_it(store: SqlStore, role: Role, name: str) -> None:
    table = schema.BY_NAME[name]
    settings = {"Profil", "Kategori", "Seksi", "Pejabat", "HariLibur"}
    allowed = role is Role.PKP or (role is Role.ADMIN and name in settings)
    allowed = allowed or (name == "Isian" and role in (Role.KASI, Role.UMUM))
    context = person(store, role, "pem")
    upload = csv(table, {column.name: "" for column in table.columns})
    if allowed:
        assert preview(context, upload).rows == ()
    else:
        with pytest.raises(Denied, match="tidak berwenang"):
            preview(context, upload)


def test_the_right_is_checked_again_when_it_is_written(store: SqlStore) -> None:
    found = seen(acting(store, "pkp"), schema.SECTION, {"id": "pem", "short": "A"})
    before = store.revision()
    with pytest.raises(Denied):
        carry_out(person(store, Role.CAMAT), found)
    assert store.revision() == before


# --- entries -----------------------------------------------------------------------------------------------------


def entry_id(store: SqlStore, quarter: int, section_id: str) -> str:
    rows = store.read().rows(schema.ENTRY)
    place = (2026, quarter, section_id)
    return next(str(r["id"]) for r in rows if (r["year"], r["quarter"], r["section_id"]) == place)


def test_an_entry_is_changed_like_on_its_page(store: SqlStore) -> None:
    context, row_id = acting(store, "pkp"), entry_id(store, 3, "kesos")
    found = seen(context, schema.ENTRY, {"id": row_id, "actual": "83,33", "evidence": "https://a.id/x"})
    carry_out(context, found)
    row = next(row for row in store.read().rows(schema.ENTRY) if row["id"] == row_id)
    assert (row["actual"], row["evidence"]) == (Decimal("83.33"), "https://a.id/x")
    assert (row["entered_by"], row["entered_at"]) == ("pkp", context.now)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"actual": "1.250"}, "1.250"),
        ({"evidence": "javascript:alert(1)"}, "https://"),
        ({"year": "2025"}, "tidak dapat diubah dengan impor"),
        ({"section_id": "pem"}, "tidak dapat diubah dengan impor"),
    ],
)
def test_an_entry_is_read_as_strictly_as_on_its_page(store: SqlStore, values: dict[str, str], says: str) -> None:
    found = seen(acting(store, "pkp"), schema.ENTRY, {"id": entry_id(store, 3, "kesos"), **values})
    assert verdicts(found) == ["ditolak"]
    assert says in details(found)


def test_stamps_in_the_file_are_not_read(store: SqlStore) -> None:
    row_id = entry_id(store, 3, "kesos")
    found = seen(acting(store, "pkp"), schema.ENTRY, {"id": row_id, "entered_by": "orang lain", "entered_at": ""})
    assert verdicts(found) == ["sama"]


def test_a_locked_quarter_a_foreign_section_and_a_new_entry_are_refused(store: SqlStore) -> None:
    locked = seen(acting(store, "pkp"), schema.ENTRY, {"id": entry_id(store, 2, "kesos"), "actual": "12345"})
    foreign = seen(
        person(store, Role.KASI, "pem"), schema.ENTRY, {"id": entry_id(store, 3, "kesos"), "actual": "12345"}
    )
    assert "tidak berwenang" in details(locked)
    assert "tidak berwenang" in details(foreign)
    indicator_id = store.read().rows(schema.INDICATOR)[0]["id"]
    row = {"year": "2030", "quarter": "1", "indicator_id": str(indicator_id), "section_id": "pem", "actual": "1"}
    assert "dibuat saat triwulan dibuka" in details(seen(acting(store, "pkp"), schema.ENTRY, row))


# --- indicators and targets --------------------------------------------------------------------------------------


def indicator(**changes: str) -> dict[str, str]:
    usual = {
        "id": "ind-baru",
        "code": "7.01.02",
        "name": "Jumlah baru",
        "level": "Sub kegiatan",
        "unit": "dokumen",
        "polarity": "naik",
        "aggregation": "jumlah",
        "section_id": "pem",
    }
    return usual | changes


def test_a_new_indicator_is_active_and_has_an_entry_in_the_open_quarter(open_store: SqlStore) -> None:
    context = acting(open_store, "pkp")
    carry_out(context, seen(context, schema.INDICATOR, indicator()))
    row = next(row for row in open_store.read().rows(schema.INDICATOR) if row["id"] == "ind-baru")
    assert (row["code"], row["active"]) == ("7.01.02", True)
    entries = [row for row in open_store.read().rows(schema.ENTRY) if row["indicator_id"] == "ind-baru"]
    assert [(row["quarter"], row["section_id"]) for row in entries] == [(3, "pem")]


def test_an_indicator_takes_its_open_entries_into_another_section(open_store: SqlStore) -> None:
    context = acting(open_store, "pkp")
    old = next(i for i in context.office.indicators if i.section_id == "kesos")
    found = seen(context, schema.INDICATOR, {"id": old.id, "section_id": "pem"})
    assert [c.table for c in found.rows[0].changes if isinstance(c, Update)] == [schema.INDICATOR, schema.ENTRY]
    carry_out(context, found)
    rows = [row for row in open_store.read().rows(schema.ENTRY) if row["indicator_id"] == old.id]
    sections = {row["quarter"]: row["section_id"] for row in rows if row["year"] == 2026}
    assert sections == {1: "kesos", 2: "kesos", 3: "pem"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"level": "Bab"}, "Tingkat harus salah satu"),
        ({"aggregation": "x"}, "Tipe harus"),
        ({"unit": ""}, "Wajib diisi"),
    ],
)
def test_an_indicator_is_checked_like_on_its_page(store: SqlStore, changes: dict[str, str], says: str) -> None:
    found = seen(acting(store, "pkp"), schema.INDICATOR, indicator(**changes))
    assert verdicts(found) == ["ditolak"]
    assert says in details(found)


def target_of(store: SqlStore, year: int = 2026) -> str:
    rows = store.read().rows(schema.TARGET)
    starts = [str(row["indicator_id"]) for row in rows if row["year"] == year]
    return next(name for name in starts if starts.count(name) == 1)


def test_targets_of_a_new_year_are_stored_as_numbers(store: SqlStore) -> None:
    context, indicator_id = acting(store, "pkp"), target_of(store)
    row = {"indicator_id": indicator_id, "year": "2027", "annual": "12", "q4": "12", "budget": "Rp 1.250.000"}
    found = seen(context, schema.TARGET, row)
    assert verdicts(found) == ["baru"]
    carry_out(context, found)
    stored = next(row for row in store.read().rows(schema.TARGET) if row["year"] == 2027)
    assert (stored["valid_from"], stored["annual"], stored["q1"], stored["budget"]) == (1, 12, None, 1_250_000)


def test_a_target_in_a_locked_quarter_stays(store: SqlStore) -> None:
    indicator_id = target_of(store)
    row_id = next(str(r["id"]) for r in store.read().rows(schema.TARGET) if r["indicator_id"] == indicator_id)
    found = seen(acting(store, "pkp"), schema.TARGET, {"id": row_id, "annual": "99", "legal_basis": "PK"})
    assert "dikunci" in details(found) or "diarsipkan" in details(found)


def test_a_revision_needs_its_legal_basis_and_readable_numbers(open_store: SqlStore) -> None:
    row = {"indicator_id": target_of(open_store), "year": "2026", "valid_from": "3", "q4": "99"}
    assert "dasar hukum" in details(seen(acting(open_store, "pkp"), schema.TARGET, row))
    row |= {"legal_basis": "Perubahan PK", "q4": "1.250"}
    assert "1.250" in details(seen(acting(open_store, "pkp"), schema.TARGET, row))


# --- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("rumus_turun", "x", "2t-r"),
        ("jam_buka", "25.00", "08.00"),
        ("batas_rata_rata", "1e3", "bilangan bulat"),
        ("contoh", "", "contoh --kosongkan"),
        ("Kunci Baru", "x", "huruf kecil"),
    ],
)
def test_a_setting_that_would_not_work_is_refused(store: SqlStore, key: str, value: str, says: str) -> None:
    found = seen(acting(store, "pkp"), schema.PROFILE, {"id": key, "value": value})
    assert verdicts(found) == ["ditolak"]
    assert says in details(found)


def test_real_data_never_become_a_sample_by_a_file(store: SqlStore) -> None:
    store.load({})
    found = seen(acting(store, "pkp"), schema.PROFILE, {"id": "contoh", "value": "ya"})
    assert verdicts(found) == ["ditolak"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("kat-0", "0", "")], "Hanya kategori terakhir"),
        ([("kat-0", "7", "91")], "tanpa celah"),
        ([("kat-1", "1", "95")], "makin kecil"),
    ],
)
def test_a_scale_that_does_not_fit_together_is_refused(store: SqlStore, rows: list[Any], says: str) -> None:
    given = [{"id": row_id, "rank": rank, "lower": lower} for row_id, rank, lower in rows]
    found = seen(acting(store, "pkp"), schema.RATING, *given)
    assert verdicts(found) == ["ditolak"]
    assert says in details(found)


@pytest.mark.parametrize(
    ("table", "row", "says"),
    [
        (schema.OFFICIAL, {"id": "pejabat-camat", "role": "bos"}, "camat"),
        (schema.HOLIDAY, {"id": "libur-2026-08-17", "kind": "cuti"}, "cuti bersama"),
        (schema.SOP_STEP, {"id": "sop-2024-08-13-01", "procedure": "Lain"}, "sudah berlaku"),
        (schema.SOP_VERSION, {"id": "2024-08-13", "title": "Lain"}, "sudah berlaku"),
    ],
)
def test_a_value_that_no_page_would_take_is_refused(
    store: SqlStore, table: Table, row: dict[str, str], says: str
) -> None:
    found = seen(acting(store, "pkp"), table, row)
    assert verdicts(found) == ["ditolak"]
    assert says in details(found)


def sop_rows(store: SqlStore, version: str) -> list[dict[str, str]]:
    """The sample's SOP as rows of a file for another version."""
    rows = sorted(store.read().rows(schema.SOP_STEP), key=lambda row: str(row["id"]))
    columns = [name for name in schema.SOP_STEP.names if name not in ("id", "confirmed")]
    return [{**{name: str(row[name]) for name in columns}, "version": version} for row in rows]


def test_a_new_version_of_the_sop_is_imported_with_all_its_steps(store: SqlStore) -> None:
    context = acting(store, "pkp")
    found = seen(context, schema.SOP_STEP, *sop_rows(store, "2027"))
    assert verdicts(found) == ["baru"] * 13
    carry_out(context, found)
    said = {step.procedure for step in office_in(store).steps_in("2027")}
    assert len(said) == 13


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"no": "14"}, "Tulis 1 sampai 13"),
        ({"no": "0"}, "Tulis 1 sampai 13"),
        ({"amount": "0"}, "bilangan bulat 1 sampai"),
        ({"unit": "abad"}, "Satuan waktu"),
        ({"executor": "bos"}, "Peran tidak dikenal"),
        ({"executor": "pimpinan"}, "harus mencakup"),
    ],
)
def test_a_step_of_a_new_version_is_checked_like_on_its_page(
    store: SqlStore, changes: dict[str, str], says: str
) -> None:
    first, *others = sop_rows(store, "2027")
    assert says in details(seen(acting(store, "pkp"), schema.SOP_STEP, {**first, **changes}, *others))


def test_a_version_with_fewer_than_13_steps_is_refused(store: SqlStore) -> None:
    found = seen(acting(store, "pkp"), schema.SOP_STEP, *sop_rows(store, "2027")[:12])
    assert found.counts[Verdict.REFUSED] == 12
    assert "SOP versi 2027 harus berisi langkah 1 sampai 13." in details(found)


@pytest.mark.parametrize("changes", [{"version": "2027"}, {"no": "2"}])
def test_a_step_is_not_taken_out_of_the_version_in_force(store: SqlStore, changes: dict[str, str]) -> None:
    """Every page that counts steps would fail."""
    found = seen(acting(store, "pkp"), schema.SOP_STEP, {"id": "sop-2024-08-13-01", **changes})
    assert verdicts(found) == ["ditolak"]
