"""Verdicts on the rows of a file, and what becomes of them when they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.actions.base import Context
from services.actions.entries import as_typed, save_entry
from services.actions.imports import Fate, ImportRow, Judged, Outcome, Verdict, carry_out, count, judge
from services.domain.indicators import Period
from services.domain.roles import Actor, Role
from services.store.sql import SqlStore
from services.store.store import HistoryQuery, Receipt, Snapshot, Store, StoreUnavailable, Transaction
from services.views.office import Entry, Office
from tests.unit.offices import NOW, PERIOD, Placed, cycle, entry, indicator, section, snapshot, target
from tests.unit.sample_store import OFFICE, acting, office_in, sample_store, take_figures_again

EMPTY, FULL = "7.01.03.2.01.0006", "7.01.03.2.01.0005"
EMPTY_ID, FULL_ID = "ind-kesos-04", "ind-kesos-02"
SHARED, POSYANDU, POSYANDU_ID = "7.01.03.2.01", "Persentase posyandu aktif", "ind-kesos-06"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    take_figures_again(store)
    yield store
    store.close()


def row(
    code: str = EMPTY, line: int = 2, *, name: str = "", year: str = "2026", quarter: str = "3", **typed: str
) -> ImportRow:
    return ImportRow(line, code, name, year, quarter, typed)


def judged(store: Store, *rows: ImportRow, by: str = "pkp") -> tuple[Judged, ...]:
    return judge(acting(store, by), rows)


def verdict(store: Store, one: ImportRow, by: str = "pkp") -> tuple[Verdict, str]:
    (found,) = judged(store, one, by=by)
    return found.verdict, found.detail


def refusal(store: Store, one: ImportRow, by: str = "pkp") -> str:
    found, detail = verdict(store, one, by)
    assert found is Verdict.REFUSED
    return detail


def written(store: Store, *rows: ImportRow, by: str = "pkp") -> list[Outcome]:
    context = acting(store, by)
    return list(carry_out(context, judge(context, rows)))


def entry_of(store: Store, indicator_id: str) -> Entry:
    found = office_in(store).entry(indicator_id, PERIOD)
    assert found is not None
    return found


# --- verdicts ----------------------------------------------------------------------------------------------------


def test_a_value_where_none_stood_is_new(store: SqlStore) -> None:
    assert verdict(store, row(actual="2")) == (Verdict.NEW, "realisasi kosong → 2")


def test_another_value_than_the_stored_one_is_a_change_that_shows_both(store: SqlStore) -> None:
    old = as_typed(entry_of(store, FULL_ID), "actual")
    assert verdict(store, row(FULL, actual="77")) == (Verdict.CHANGED, f"realisasi {old} → 77")


def test_a_new_text_beside_a_stored_number_is_still_new(store: SqlStore) -> None:
    before = entry_of(store, POSYANDU_ID)
    typed = row(SHARED, name=POSYANDU, actual=as_typed(before, "actual"), follow_up="Rapat pekan depan.")
    written(store, row(SHARED, name=POSYANDU, follow_up="Rapat."))
    assert verdict(store, typed)[0] is Verdict.CHANGED


@pytest.mark.parametrize("text", ["85", "85,0", "85.0", "85%", "85 %", "85 persen"])
def test_another_way_to_write_the_stored_number_is_the_same(store: SqlStore, text: str) -> None:
    written(store, row(SHARED, name=POSYANDU, actual="85"))
    assert verdict(store, row(SHARED, name=POSYANDU, actual=text)) == (Verdict.SAME, "")


def test_a_row_without_values_changes_nothing_and_says_so(store: SqlStore) -> None:
    assert verdict(store, row(FULL)) == (Verdict.SAME, "Tidak ada nilai di baris ini.")


def test_a_blank_cell_never_overwrites_a_stored_value(store: SqlStore) -> None:
    before = entry_of(store, FULL_ID)
    written(store, row(FULL, obstacle="Hujan."))
    after = entry_of(store, FULL_ID)
    assert after.row["actual"] == before.row["actual"] is not None
    assert after.row["obstacle"] == "Hujan."


@pytest.mark.parametrize("quarter", ["3", "III", "iii", "TW III", "Triwulan 3", "tw. 3"])
def test_a_quarter_may_be_written_in_every_usual_way(store: SqlStore, quarter: str) -> None:
    assert verdict(store, row(quarter=quarter, actual="2"))[0] is Verdict.NEW


@pytest.mark.parametrize("code", [f" {EMPTY} ", f"{EMPTY}.", EMPTY.replace(".", ". ")])
def test_spaces_and_a_last_dot_do_not_matter_in_a_code(store: SqlStore, code: str) -> None:
    assert verdict(store, row(code, actual="2"))[0] is Verdict.NEW


# --- refusals ----------------------------------------------------------------------------------------------------


def test_an_ambiguous_number_is_refused_with_what_to_write(store: SqlStore) -> None:
    assert refusal(store, row(actual="1.250")).startswith("realisasi: Tertulis “1.250”")
    assert "Tulis 1250 bila maksudnya" in refusal(store, row(actual="1.250"))


def test_every_unreadable_field_of_a_row_is_named(store: SqlStore) -> None:
    why = refusal(store, row(actual="banyak", spent="12 juta", evidence="di lemari", driver="Baik."))
    assert all(f"{name}: " in why for name in ("realisasi", "anggaran", "bukti"))
    assert "pendorong" not in why


def test_a_text_that_no_store_can_keep_is_refused(store: SqlStore) -> None:
    assert "karakter yang tidak dapat disimpan" in refusal(store, row(driver="a\0b"))


@pytest.mark.parametrize("code", ["7.01.99", "", "7,01"])
def test_an_unknown_or_missing_code_is_refused(store: SqlStore, code: str) -> None:
    assert "ode" in refusal(store, row(code, actual="2"))


def test_a_code_of_several_indicators_is_decided_by_the_name_or_refused(store: SqlStore) -> None:
    why = refusal(store, row(SHARED, actual="80"))
    assert "Kode ini dipakai 3 indikator" in why
    assert f"“{POSYANDU}”" in why
    (found,) = judged(store, row(SHARED, name=POSYANDU.upper(), actual="80"))
    assert found.entry is not None
    assert found.entry.indicator_id == POSYANDU_ID


def test_a_name_that_belongs_to_another_code_is_refused(store: SqlStore) -> None:
    assert "tetapi kode ini milik “Jumlah pembinaan" in refusal(store, row(EMPTY, name=POSYANDU, actual="2"))


def test_the_section_of_somebody_else_is_refused(store: SqlStore) -> None:
    why = refusal(store, row(actual="2"), by="kasi.pem")
    assert "Seksi Kesejahteraan Sosial" in why
    assert "kasi.pem (Kasi) tidak berwenang" in why
    assert verdict(store, row(actual="2"), by="kasi.kesos")[0] is Verdict.NEW


def test_a_section_whose_quarter_is_locked_is_told_so_though_another_one_has_an_exception(tmp_path: Path) -> None:
    store = sample_store(tmp_path)
    why = refusal(store, row("IKU.1", actual="2"), by="kasi.pem")
    store.close()
    assert why.startswith("Triwulan III 2026 dikunci bagi Seksi Pemerintahan. Minta pengecualian")


@pytest.mark.parametrize("reader", ["camat", "sekretaris", "pimpinan", "admin"])
def test_who_may_only_read_imports_nothing(store: SqlStore, reader: str) -> None:
    assert "tidak berwenang" in refusal(store, row(actual="2"), by=reader)


def test_an_archived_quarter_is_refused(store: SqlStore) -> None:
    assert refusal(store, row(FULL, quarter="2", actual="2")).startswith("Triwulan II 2026 diarsipkan.")


def test_a_quarter_that_is_not_open_yet_is_refused(store: SqlStore) -> None:
    assert refusal(store, row(quarter="4", actual="2")).startswith("Triwulan IV 2026 belum dibuka.")


@pytest.mark.parametrize(("year", "quarter"), [("2026", "5"), ("26", "3"), ("", "3"), ("2026", ""), ("2026", "3/4")])
def test_a_period_that_cannot_be_read_is_refused(store: SqlStore, year: str, quarter: str) -> None:
    assert "tidak terbaca" in refusal(store, row(year=year, quarter=quarter, actual="2"))


def test_rows_for_the_same_entry_are_all_refused_and_name_each_other(store: SqlStore) -> None:
    found = judged(store, row(line=2, actual="1"), row(FULL, line=3, actual="9"), row(f"{EMPTY}.", line=4, actual="2"))
    assert [j.verdict for j in found] == [Verdict.REFUSED, Verdict.CHANGED, Verdict.REFUSED]
    assert ("baris 4" in found[0].detail, "baris 2" in found[2].detail) == (True, True)


def test_an_indicator_without_an_entry_in_the_quarter_is_refused() -> None:
    office = Office(snapshot_of(indicator("a", "pem", code="1"), cycle()))
    assert "tidak ikut diisi pada Triwulan III 2026" in judge_in(office, row("1", actual="2")).detail


def test_indicators_without_a_code_are_found_by_name() -> None:
    office = Office(snapshot_of(indicator("a", "pem"), target("a"), cycle(), entry("a", None, section_id="pem")))
    assert judge_in(office, row("", name="jumlah a", actual="2")).verdict is Verdict.NEW
    assert judge_in(office, row("", actual="2")).detail.startswith("Kolom kode kosong.")


def snapshot_of(*placed: Placed) -> Snapshot:
    return snapshot(section("pem"), *placed)


def judge_in(office: Office, one: ImportRow) -> Judged:
    actor = Actor("pkp", "PKP", Role.PKP)
    (found,) = judge(Context(Unwritable(), office, actor, NOW, "Uji"), [one])  # type: ignore[arg-type]
    return found


class Unwritable:
    """A store that must not be touched by a preview."""


TYPED = st.text(max_size=40) | st.sampled_from(["1.250", "NA", "-", "80%", "0,8", "1e309", "１２", "#REF!", "3/4", "٣"])


@given(code=TYPED, year=TYPED, quarter=TYPED, actual=TYPED, spent=TYPED, driver=TYPED)
def test_no_cell_makes_a_preview_fail(code: str, year: str, quarter: str, actual: str, spent: str, driver: str) -> None:
    office = Office(snapshot_of(indicator("a", "pem", code="1", unit="%"), target("a"), cycle(), entry("a", None)))
    for one in (row(code, year=year, quarter=quarter), row("1", actual=actual, spent=spent, driver=driver)):
        found = judge_in(office, one)
        assert found.verdict is not Verdict.REFUSED or found.detail
        assert "\n" not in found.detail


# --- writing -----------------------------------------------------------------------------------------------------


def test_a_preview_writes_nothing(store: SqlStore) -> None:
    before = store.revision()
    judged(store, row(actual="2"))
    assert store.revision() == before


def test_each_row_is_one_action_in_the_name_of_the_person(store: SqlStore) -> None:
    before = store.revision()
    found = written(store, row(actual="2", spent="12.450.000"), row(FULL, line=3, actual="9"), by="kasi.kesos")
    assert [o.fate for o in found] == [Fate.SAVED, Fate.SAVED]
    assert store.revision() == before + 2
    assert (entry_of(store, EMPTY_ID).row["spent"], entry_of(store, FULL_ID).row["actual"]) == (12450000, 9)
    assert {(h["by"], h["source"]) for h in store.history(HistoryQuery(limit=4))} == {("kasi.kesos", "Uji")}


def test_refused_rows_are_left_out_and_the_others_are_written(store: SqlStore) -> None:
    found = written(store, row("x", actual="1"), row(actual="2"), row(FULL, actual="1.250"), row("IKU.1", actual="x"))
    assert [o.fate for o in found] == [Fate.REFUSED, Fate.SAVED, Fate.REFUSED, Fate.REFUSED]
    assert entry_of(store, EMPTY_ID).row["actual"] == 2


def test_the_same_file_again_changes_nothing(store: SqlStore) -> None:
    rows = (row(actual="2", driver="Baris satu.\nBaris dua."), row(FULL, line=3, actual="NA"))
    written(store, *rows)
    before = store.revision()
    assert [o.fate for o in written(store, *rows)] == [Fate.SAME, Fate.SAME]
    assert store.revision() == before


@pytest.mark.parametrize(("text", "kept"), [("80%", Decimal(80)), ("0,8%", "0,8%"), ("NA", "NA"), ("0", Decimal(0))])
def test_a_percent_sign_is_kept_only_where_it_says_something(store: SqlStore, text: str, kept: object) -> None:
    written(store, row(SHARED, name=POSYANDU, actual="55"))
    written(store, row(SHARED, name=POSYANDU, actual=text))
    assert entry_of(store, POSYANDU_ID).row["actual"] == kept


def test_somebody_elses_change_meanwhile_is_a_clash_that_shows_three_values(store: SqlStore) -> None:
    context = acting(store, "pkp")
    rows = judge(context, [row(FULL, actual="70"), row(line=3, actual="2")])
    old = as_typed(entry_of(store, FULL_ID), "actual")
    written(store, row(FULL, actual="60"), by="kasi.kesos")
    clash, other = carry_out(context, rows)
    assert (clash.fate, other.fate) == (Fate.CLASHED, Fate.SAVED)
    assert f"realisasi: tadinya {old}, sekarang 60, di berkas 70." in clash.detail
    assert entry_of(store, FULL_ID).row["actual"] == 60


def test_a_right_that_is_lost_between_preview_and_writing_is_said_in_the_row(store: SqlStore) -> None:
    context = acting(store, "kasi.kesos")
    rows = judge(context, [row(actual="2")])
    stranger = replace(context, actor=replace(context.actor, section_id="pem"))
    (found,) = carry_out(stranger, rows)
    assert (found.fate, "tidak berwenang" in found.detail) == (Fate.REFUSED, True)


class Failing:
    """Takes so many transactions, then is away."""

    def __init__(self, inner: Store, good: int) -> None:
        self.inner, self.left, self.tried = inner, good, 0

    def commit(self, transaction: Transaction) -> Receipt:
        self.tried += 1
        if self.tried > self.left:
            raise StoreUnavailable("Penyimpanan tidak dapat dihubungi.")
        return self.inner.commit(transaction)


def test_when_the_store_goes_away_the_rest_is_not_tried_and_a_second_run_completes_it(store: SqlStore) -> None:
    rows = [row(actual="2"), row(FULL, 3, actual="9"), row("x", 4), row("IKU.1", 5, actual="77"), row("IKU.2", 6)]
    context = acting(store, "pkp")
    failing = Failing(store, good=1)
    found = list(carry_out(replace(context, store=failing), judge(context, rows)))  # type: ignore[arg-type]
    assert [o.fate for o in found] == [Fate.SAVED, Fate.UNSENT, Fate.REFUSED, Fate.UNSENT, Fate.SAME]
    assert (found[1].detail, failing.tried) == ("Penyimpanan tidak dapat dihubungi.", 2)
    again = written(store, *rows)
    assert [o.fate for o in again] == [Fate.SAME, Fate.SAVED, Fate.REFUSED, Fate.SAVED, Fate.SAME]


def test_a_defect_of_ours_is_not_passed_off_as_a_row(store: SqlStore) -> None:
    context = acting(store, "pkp")
    (item,) = judge(context, [row(actual="2")])
    with pytest.raises(Exception, match="tidak sesuai"):
        list(carry_out(replace(context, source="\0"), [item]))


# --- many rows ---------------------------------------------------------------------------------------------------


def test_a_thousand_rows_are_judged_and_written_one_by_one(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'besar.db'}", OFFICE, lambda: NOW)
    numbers = range(1000)
    many = [
        placed
        for n in numbers
        for placed in (
            indicator(f"i{n}", "pem", code=f"7.{n}", order=n),
            target(f"i{n}", annual=Decimal(100)),
            entry(f"i{n}", None, id=f"e{n}", section_id="pem"),
        )
    ]
    store.load(snapshot_of(*many, cycle(opened_by="pkp", sop_version="2024")).tables)
    rows = [row(f"7.{n}", n + 2, actual=str(n)) for n in numbers]
    started = perf_counter()
    assert {verdict: n for verdict, n in count(judged(store, *rows)).items() if n} == {Verdict.NEW: 1000}
    outcomes = written(store, *rows)
    print(f"1,000 rows: {perf_counter() - started:.1f} s")
    assert {o.fate for o in outcomes} == {Fate.SAVED}
    office = office_in(store)
    assert [office.entry(f"i{n}", PERIOD).actual.value for n in numbers] == list(numbers)
    store.close()


def test_a_value_that_stands_there_is_the_same_though_another_one_counts_until_it_is_given_in(store: SqlStore) -> None:
    """ind-trantib-04 was given in with 84."""
    entry = office_in(store).entry("ind-trantib-04", Period(2026, 3))
    assert entry is not None
    save_entry(acting(store, "pkp"), entry.id, {"actual": "84"}, {"actual": "85"})
    code = str(office_in(store).indicator_by_id["ind-trantib-04"].code)
    name = office_in(store).indicator_by_id["ind-trantib-04"].name
    assert verdict(store, row(code, name=name, actual="85"))[0] is Verdict.SAME
    assert verdict(store, row(code, name=name, actual="84"))[0] is Verdict.CHANGED
