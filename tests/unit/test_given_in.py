"""What a section has given in counts until it is given in again, whoever changes the cells meanwhile."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.actions.entries import as_typed, save_entry, submit_section
from services.actions.quarters import open_quarter
from services.actions.steps import finish_step
from services.domain.indicators import Period
from services.domain.roles import Action
from services.domain.sop import PROCESSING
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import HistoryQuery, Transaction, Update, Value
from services.ui.entry_parts import banner
from services.views.board import board_of
from services.views.entries import changes_since_given, section_form
from services.views.history import history_lines
from services.views.office import Entry, Office
from tests.unit.sample_store import NOW, acting, office_in, sample_store, take_figures_again

PERIOD, NEXT = Period(2026, 3), Period(2026, 4)
INDICATOR, SECTION, KASI = "ind-trantib-04", "trantib", "kasi.trantib"
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    store = sample_store(tmp_path)
    take_figures_again(store)
    return store


def counted(store: SqlStore) -> Entry:
    found = office_in(store).entry(INDICATOR, PERIOD)
    assert found is not None
    return found


def typed_by_hand(store: SqlStore, value: Value, column: str = "actual") -> None:
    """As a person types into the shared sheet: no stamp, no submission."""
    update = Update(schema.ENTRY, counted(store).id, {}, {column: value})
    store.commit(Transaction(LATER, "lembar", "", "mengetik", "Lembar kerja", (update,)))


def mean(office: Office) -> Decimal | None:
    return board_of(office, PERIOD, LATER).mean.value


def test_the_sample_counts_what_its_sections_gave_in(store: SqlStore) -> None:
    assert counted(store).given is not None
    assert counted(store).actual.value == Decimal(84)
    assert changes_since_given(office_in(store), PERIOD) == ()


def test_a_value_changed_by_hand_after_the_submission_does_not_count(store: SqlStore) -> None:
    before = mean(office_in(store))
    typed_by_hand(store, Decimal(12))
    assert counted(store).actual.value == Decimal(84)
    assert mean(office_in(store)) == before


def test_the_change_is_noticed_with_old_and_new(store: SqlStore) -> None:
    typed_by_hand(store, "12 %")
    (change,) = changes_since_given(office_in(store), PERIOD, SECTION)
    assert (change.column, change.old, change.new) == ("actual", Decimal(84), "12 %")
    assert (change.since, change.by) == (None, "")


def test_a_change_saved_through_the_application_is_noticed_with_who_and_when(store: SqlStore) -> None:
    entry = counted(store)
    save_entry(acting(store, KASI, LATER), entry.id, {"actual": as_typed(entry, "actual")}, {"actual": "85"})
    (change,) = changes_since_given(office_in(store), PERIOD, SECTION)
    assert (change.since, change.by) == (LATER, KASI)


def test_another_spelling_of_the_same_number_is_no_change(store: SqlStore) -> None:
    typed_by_hand(store, "84,0 %")
    assert changes_since_given(office_in(store), PERIOD) == ()


def test_a_value_erased_by_hand_is_noticed_and_still_counts(store: SqlStore) -> None:
    typed_by_hand(store, None)
    assert [change.new for change in changes_since_given(office_in(store), PERIOD)] == [None]
    assert counted(store).actual.value == Decimal(84)


def test_the_form_shows_what_stands_there_now(store: SqlStore) -> None:
    typed_by_hand(store, Decimal(12))
    form = section_form(office_in(store), SECTION, PERIOD, LATER)
    shown = next(item.measure for item in form.items if item.measure.indicator.id == INDICATOR)
    assert shown.actual == Decimal(12)
    assert form.changed_since
    assert [change.entry.indicator_id for change in form.changes] == [INDICATOR]


def test_the_form_says_which_figure_counts_until_it_is_given_in_again(store: SqlStore) -> None:
    typed_by_hand(store, "<b>12</b>")
    office = office_in(store)
    said = banner(section_form(office, SECTION, PERIOD, LATER), office, LATER, editable=True)
    assert "tetap memakai angka yang dikirim sampai dikirim ulang: nomor 4 realisasi 84 menjadi" in said
    assert "&lt;b&gt;12&lt;/b&gt; (di luar aplikasi)" in said


def test_given_in_again_the_new_value_counts(store: SqlStore) -> None:
    typed_by_hand(store, Decimal(12))
    submit_section(acting(store, KASI, LATER), SECTION, PERIOD, "angka terbaru")
    assert counted(store).actual.value == Decimal(12)
    assert changes_since_given(office_in(store), PERIOD) == ()


def test_giving_in_again_keeps_only_what_is_new(store: SqlStore) -> None:
    typed_by_hand(store, Decimal(12))
    before = len(office_in(store).snapshot.rows(schema.GIVEN))
    submit_section(acting(store, KASI, LATER), SECTION, PERIOD, "angka terbaru")
    assert len(office_in(store).snapshot.rows(schema.GIVEN)) == before + 1


def test_the_figures_are_frozen_in_the_transaction_that_gives_them_in(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    receipt = submit_section(acting(store, "kasi.kesos", LATER), "kesos", NEXT, "menyusul")
    frozen = [r for r in office_in(store).snapshot.rows(schema.GIVEN) if r["at"] == LATER]
    assert len(frozen) == 6
    assert {r["by"] for r in frozen} == {"kasi.kesos"}
    submitted = [r for r in office_in(store).snapshot.rows(schema.STEP_EVENT) if r["at"] == LATER]
    assert (len(submitted), receipt.repeated) == (1, False)


def test_a_section_that_has_not_given_in_counts_as_it_stands(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    entry = office_in(store).entry("ind-kesos-04", NEXT)
    assert entry is not None
    save_entry(acting(store, "kasi.kesos"), entry.id, {"actual": ""}, {"actual": "77"})
    again = office_in(store).entry("ind-kesos-04", NEXT)
    assert again is not None
    assert (again.given, again.actual.value) == (None, Decimal(77))


def test_figures_locked_by_step_3_count_even_where_the_section_never_gave_in(store: SqlStore) -> None:
    open_quarter(acting(store, "pkp"), NEXT)
    entry = office_in(store).entry("ind-kesos-02", NEXT)
    assert entry is not None
    save_entry(acting(store, "kasi.kesos"), entry.id, {"actual": ""}, {"actual": "3"})
    for _ in range(PROCESSING):
        finish_step(acting(store, "pkp", LATER), NEXT, "Data belum lengkap")
    update = Update(schema.ENTRY, entry.id, {}, {"actual": Decimal(1)})
    store.commit(Transaction(LATER, "lembar", "", "mengetik", "Lembar kerja", (update,)))
    counts = office_in(store).entry("ind-kesos-02", NEXT)
    assert counts is not None
    assert counts.actual.value == Decimal(3)
    assert [change.new for change in changes_since_given(office_in(store), NEXT)] == [Decimal(1)]


def test_only_the_quarter_in_work_is_shown_as_it_stands(store: SqlStore) -> None:
    earlier = Period(2026, 2)
    row = office_in(store).entry(INDICATOR, earlier)
    assert row is not None
    update = Update(schema.ENTRY, row.id, {}, {"actual": Decimal(1)})
    store.commit(Transaction(LATER, "lembar", "", "mengetik", "Lembar kerja", (update,)))
    found = office_in(store).working(PERIOD).entry(INDICATOR, earlier)
    assert found is not None
    assert found.actual.value == row.actual.value


def test_a_submission_leaves_one_line_for_people_in_the_log(store: SqlStore) -> None:
    receipt = submit_section(acting(store, "kasi.kesos", LATER), "kesos", PERIOD, "menyusul")
    rows = store.history(HistoryQuery(transaction_id=receipt.transaction_id))
    assert [line.action for line in history_lines(office_in(store), rows)] == [Action.SUBMIT_SECTION.value]
