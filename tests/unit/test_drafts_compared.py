"""What changed between two versions of a draft: every figure and every word, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.indicators import Period
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Change, Insert, Transaction, Update
from services.views.comparison import OTHER_DATA, Comparison, Mark, compare, words_changed
from services.views.office import Office
from services.views.past import office_at
from tests.unit.offices import cycle, entry, indicator, office, section, target
from tests.unit.quarter_play import RUNNING, new_row
from tests.unit.sample_store import NOW, office_in, sample_store

INDICATOR = "ind-trantib-04"
ROW = f"isi-{RUNNING.year}-{RUNNING.quarter}-{INDICATOR}"
TEXTS = st.text(st.sampled_from("ab \n,"), max_size=30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def after(store: SqlStore, *changes: Change) -> Comparison:
    """The report before these changes, and with them."""
    store.commit(Transaction(NOW + timedelta(hours=1), "pkp", "pkp", "uji", "Uji", changes))
    present = office_in(store)
    return compare(office_at(store, present, NOW), present, RUNNING)


@given(TEXTS, TEXTS)
def test_the_words_that_stayed_and_went_are_the_old_text_and_those_that_stayed_and_came_the_new(
    old: str, new: str
) -> None:
    pieces = words_changed(old, new)
    assert "".join(p.text for p in pieces if p.mark is not Mark.NEW) == old
    assert "".join(p.text for p in pieces if p.mark is not Mark.GONE) == new


def test_only_the_word_that_was_changed_is_marked() -> None:
    pieces = words_changed("Jaringan putus dua hari", "Jaringan putus tiga hari")
    assert [(p.mark, p.text) for p in pieces if p.mark is not Mark.SAME] == [(Mark.GONE, "dua"), (Mark.NEW, "tiga")]


def test_the_same_data_have_no_differences(store: SqlStore) -> None:
    office = office_in(store)
    assert compare(office, office, RUNNING).nothing


def test_a_figure_given_in_again_is_named_with_its_capaian_before_and_after(store: SqlStore) -> None:
    known = office_in(store).entry(INDICATOR, RUNNING)
    assert known is not None
    again = new_row(
        schema.GIVEN, RUNNING, indicator_id=INDICATOR, actual=Decimal(42), spent=known.counted("spent"), at=NOW, by="x"
    )
    found = after(store, Insert(again.table, {**again.row, "at": NOW + timedelta(hours=1)}))
    (change,) = found.figures
    assert (change.indicator.id, change.field, change.new) == (INDICATOR, "Realisasi", "42")
    assert change.capaian_before is not None
    assert change.capaian_after is not None
    assert change.capaian_after < change.capaian_before
    assert found.mean_after.value != found.mean_before.value
    assert found.texts == ()


def test_a_value_typed_but_not_given_in_changes_no_report(store: SqlStore) -> None:
    assert after(store, Update(schema.ENTRY, ROW, {}, {"actual": Decimal(1)})).nothing


def test_a_changed_target_is_named(store: SqlStore) -> None:
    targets = office_in(store).snapshot.rows(schema.TARGET)
    (row,) = (r for r in targets if (r["indicator_id"], r["year"]) == (INDICATOR, RUNNING.year))
    (change,) = after(store, Update(schema.TARGET, str(row["id"]), {}, {"q3": Decimal(999)})).figures
    assert change.field == "Target"
    assert change.new.startswith("999")


def summed(first_quarter: int) -> Office:
    past = [entry("a", first_quarter, period=Period(2026, 1)), entry("a", 10, period=Period(2026, 2))]
    return office(
        section("pem"), indicator("a", "pem", aggregation="jumlah"), target("a", 10), cycle(), *past, entry("a", 10)
    )


def test_a_capaian_that_another_quarter_moved_is_named_too() -> None:
    (change,) = compare(summed(10), summed(4), RUNNING).figures
    assert change.field == OTHER_DATA
    assert (change.capaian_before, change.capaian_after) == (Decimal(100), Decimal(80))


def test_an_indicator_that_came_or_went_is_compared_with_nothing() -> None:
    without = office(section("pem"), indicator("b", "pem"), cycle(), entry("b", 1))
    both = office(section("pem"), indicator("b", "pem"), indicator("a", "pem"), cycle(), entry("b", 1), entry("a", 7))
    for before, then in ((without, both), (both, without)):
        (change,) = compare(before, then, RUNNING).figures
        assert {change.old, change.new} == {"(kosong)", "7"}


def test_words_that_a_section_wrote_are_compared(store: SqlStore) -> None:
    (change,) = after(store, Update(schema.ENTRY, ROW, {}, {"obstacle": "Hujan lebat"})).texts
    assert change.field == "Faktor penghambat"
    assert "".join(p.text for p in change.pieces if p.mark is not Mark.GONE) == "Hujan lebat"


def test_a_new_analysis_and_new_minutes_are_compared_and_those_of_other_quarters_are_not(store: SqlStore) -> None:
    other = RUNNING.next()
    found = after(
        store,
        new_row(schema.ANALYSIS, RUNNING, scope="seksi", subject="pem", drivers="Kader aktif"),
        new_row(schema.ANALYSIS, other, scope="seksi", subject="pem", drivers="Lain"),
        new_row(schema.MEETING, RUNNING, held_on=NOW.date(), minutes="Dibahas"),
    )
    said = {(t.subject, t.field): "".join(p.text for p in t.pieces) for t in found.texts}
    assert said == {
        ("Analisis Seksi Pemerintahan", "Faktor pendorong"): "Kader aktif",
        ("Pembahasan draf", "Tanggal"): "3 November 2026",
        ("Pembahasan draf", "Notulen"): "Dibahas",
    }
