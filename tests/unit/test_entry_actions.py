"""Saving one indicator and sending a section: what is stored, what is refused, and whose value stands in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.actions.base import Denied, Refused, Unreadable
from services.actions.entries import FIELDS, as_typed, is_link, save_entry, submit_section, text_problem
from services.domain.indicators import Period
from services.domain.numbers import read_money, read_number
from services.domain.roles import CycleState
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery
from services.views.entries import section_form
from services.views.office import Entry
from tests.unit.offices import PERIOD
from tests.unit.sample_store import NOW, acting, office_in, sample_store

KASI, PKP = "kasi.kesos", "pkp"
EMPTY, FULL, PERCENT = "ind-kesos-04", "ind-kesos-02", "ind-kesos-06"
OTHERS = ["kasi.yanum", "kasi.pem", "kasi.pmn", "kasi.trantib", "umum", "camat", "sekretaris", "pimpinan", "admin"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def entry_of(store: SqlStore, indicator_id: str = EMPTY, period: Period = PERIOD) -> Entry:
    found = office_in(store).working(period).entry(indicator_id, period)
    assert found is not None
    return found


def texts(entry: Entry) -> dict[str, str]:
    return {name: as_typed(entry, name) for name in FIELDS}


def save(store: SqlStore, username: str, indicator_id: str = EMPTY, tid: str = "", **typed: str):
    entry = entry_of(store, indicator_id)
    return save_entry(acting(store, username), entry.id, texts(entry), texts(entry) | typed, tid)


def revision(store: SqlStore) -> int:
    return store.read().revision


# --- saving ------------------------------------------------------------------------------------------------------


def test_a_kasi_saves_the_own_figure_with_name_and_time(store: SqlStore) -> None:
    save(store, KASI, actual="2", spent="12.450.000")
    entry = entry_of(store)
    assert (entry.row["actual"], entry.row["spent"]) == (Decimal(2), Decimal(12450000))
    assert (entry.entered_by, entry.entered_at) == (KASI, NOW)


def test_only_the_changed_fields_are_written(store: SqlStore) -> None:
    receipt = save(store, KASI, FULL, obstacle="Hujan.")
    lines = store.history(HistoryQuery(transaction_id=receipt.transaction_id))
    assert {line["column"] for line in lines} - {"entered_by", "entered_at"} == {"obstacle"}


def test_saving_without_a_change_writes_nothing(store: SqlStore) -> None:
    before = revision(store)
    assert save(store, KASI, FULL) is None
    assert save(store, KASI, FULL, obstacle="  ") is None
    assert revision(store) == before


def test_an_emptied_field_becomes_missing_and_not_zero(store: SqlStore) -> None:
    save(store, KASI, FULL, actual="")
    entry = entry_of(store, FULL)
    assert (entry.row["actual"], entry.actual.missing) == (None, True)


def test_zero_is_stored_as_zero(store: SqlStore) -> None:
    save(store, KASI, actual="0")
    assert entry_of(store).actual.value == 0


@pytest.mark.parametrize("text", ["NA", "-", "0,8 %"])
def test_what_says_more_than_a_number_is_kept_as_typed(store: SqlStore, text: str) -> None:
    save(store, KASI, PERCENT, actual="85")
    save(store, KASI, PERCENT, actual=text)
    assert entry_of(store, PERCENT).row["actual"] == text


def test_unreadable_fields_are_all_named_and_nothing_is_saved(store: SqlStore) -> None:
    before = revision(store)
    with pytest.raises(Unreadable) as caught:
        save(store, KASI, actual="1.250", spent="12 juta", evidence="javascript:alert(1)", obstacle="Hujan.")
    assert set(caught.value.problems) == {"actual", "spent", "evidence"}
    assert "Tulis 1250 bila maksudnya seribu dua ratus lima puluh, atau 1,25" in caught.value.problems["actual"]
    assert revision(store) == before


def test_a_repeated_press_is_written_once(store: SqlStore) -> None:
    entry = entry_of(store)
    seen = texts(entry)
    first = save_entry(acting(store, KASI), entry.id, seen, seen | {"actual": "2"}, "tekan-1")
    again = save_entry(acting(store, KASI), entry.id, seen, seen | {"actual": "2"}, "tekan-1")
    assert (first.repeated, again.repeated, first.revision) == (False, True, again.revision)


# --- two people --------------------------------------------------------------------------------------------------


def test_somebody_elses_value_is_not_run_over(store: SqlStore) -> None:
    entry = entry_of(store)
    seen = texts(entry)
    save(store, PKP, actual="1")
    with pytest.raises(Conflict) as caught:
        save_entry(acting(store, KASI), entry.id, seen, seen | {"actual": "2"})
    (clash,) = caught.value.clashes
    assert (clash.column, clash.seen or "", clash.found, clash.wanted) == ("actual", "", Decimal(1), Decimal(2))
    assert entry_of(store).actual.value == 1


def test_two_people_save_different_fields_of_the_same_entry(store: SqlStore) -> None:
    entry = entry_of(store)
    seen = texts(entry)
    save(store, PKP, obstacle="Hujan.")
    save_entry(acting(store, KASI), entry.id, seen, seen | {"actual": "2"})
    after = entry_of(store)
    assert (after.actual.value, after.text("obstacle")) == (2, "Hujan.")


# --- rights ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_writes_into_a_section(store: SqlStore, username: str) -> None:
    before = revision(store)
    with pytest.raises(Denied):
        save(store, username, actual="2")
    with pytest.raises(Denied):
        submit_section(acting(store, username), "kesos", PERIOD, "alasan")
    assert revision(store) == before


def test_a_kasi_of_another_section_fails_a_hundred_times(store: SqlStore) -> None:
    before, entry = revision(store), entry_of(store)
    seen, context = texts(entry), acting(store, "kasi.yanum")
    for attempt in range(100):
        with pytest.raises(Denied):
            save_entry(context, entry.id, seen, seen | {"actual": str(attempt)})
    assert revision(store) == before


@pytest.mark.parametrize(
    ("indicator_id", "period", "said"), [(FULL, Period(2026, 2), "diarsipkan"), ("ind-pem-01", PERIOD, "dikunci")]
)
def test_a_locked_quarter_takes_no_more_figures(store: SqlStore, indicator_id: str, period: Period, said: str) -> None:
    entry = entry_of(store, indicator_id, period)
    for username in (entry.entered_by, PKP):
        with pytest.raises(Denied, match=said):
            save_entry(acting(store, username), entry.id, texts(entry), {"actual": "99"})


def test_a_section_with_an_exception_gives_figures_after_the_lock_and_no_other_section_does(store: SqlStore) -> None:
    assert office_in(store).state(PERIOD, NOW) is CycleState.LOCKED
    save(store, KASI, actual="2")
    late = NOW + timedelta(days=2)
    with pytest.raises(Denied, match="dikunci"):
        save_entry(acting(store, KASI, late), entry_of(store).id, {}, {"actual": "3"})


def test_an_entry_that_is_gone_is_refused_with_what_to_do(store: SqlStore) -> None:
    with pytest.raises(Refused, match="Muat ulang"):
        save_entry(acting(store, PKP), "tidak-ada", {}, {"actual": "1"})


# --- sending -----------------------------------------------------------------------------------------------------


def test_sending_with_gaps_needs_a_reason(store: SqlStore) -> None:
    for reason in ("", "   ", "\n"):
        with pytest.raises(Refused, match="3 isian"):
            submit_section(acting(store, KASI), "kesos", PERIOD, reason)
    submit_section(acting(store, KASI), "kesos", PERIOD, "Data nagari belum masuk.")
    form = section_form(office_in(store), "kesos", PERIOD, NOW)
    assert form.submission is not None
    assert (form.submission.by, form.submission.note) == (KASI, "Data nagari belum masuk.")
    assert form.late


def test_a_complete_section_is_sent_without_a_reason(store: SqlStore) -> None:
    fill_gaps(store)
    submit_section(acting(store, KASI), "kesos", PERIOD)
    form = section_form(office_in(store), "kesos", PERIOD, NOW)
    assert form.submission is not None
    assert form.blocking == ()


def fill_gaps(store: SqlStore) -> None:
    form = section_form(office_in(store), "kesos", PERIOD, NOW)
    for indicator_id in {gap.measure.indicator.id for gap in form.blocking}:
        save(store, KASI, indicator_id, actual="80" if indicator_id != EMPTY else "2")


def test_a_second_press_sends_once(store: SqlStore) -> None:
    for _ in range(2):
        submit_section(acting(store, KASI), "kesos", PERIOD, "alasan", "tekan-1")
    events = [r for r in store.read().rows(schema.STEP_EVENT) if r["section_id"] == "kesos" and r["quarter"] == 3]
    assert len([r for r in events if r["year"] == 2026]) == 1


def test_a_quarter_that_is_not_open_cannot_be_sent(store: SqlStore) -> None:
    with pytest.raises(Denied, match="belum dibuka"):
        submit_section(acting(store, KASI), "kesos", Period(2026, 4), "alasan")


# --- texts -------------------------------------------------------------------------------------------------------


def entry_with(field: str, value: Decimal) -> Entry:
    row = dict.fromkeys(FIELDS, None) | {field: value}
    return Entry("e", "i", PERIOD, "s", row, read_number(None), read_money(None))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_stored_value_is_shown_so_that_it_reads_back_as_itself(value: Decimal) -> None:
    assert read_number(as_typed(entry_with("actual", value), "actual")).value == value


@given(st.decimals(min_value=0, max_value=10**14, places=2))
def test_stored_money_is_shown_so_that_it_reads_back_as_itself(value: Decimal) -> None:
    assert read_money(as_typed(entry_with("spent", value), "spent")).value == value


def test_millions_are_shown_with_dots() -> None:
    assert as_typed(entry_with("spent", Decimal(12450000)), "spent") == "12.450.000"


@pytest.mark.parametrize("text", ["https://drive.google.com/x", "http://10.0.0.1/bukti?a=1#b"])
def test_a_web_address_is_a_link(text: str) -> None:
    assert is_link(text)
    assert text_problem("evidence", text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "drive.google.com/x",
        "https://",
        "https://a b",
        "C:\\bukti",
        "http://[x",
    ],
)
def test_anything_else_is_none_and_the_message_says_what_to_write(text: str) -> None:
    assert not is_link(text)
    assert "https://" in text_problem("evidence", text)


def test_a_text_beyond_the_limit_is_refused_with_its_length() -> None:
    assert "10001 huruf" in text_problem("obstacle", "x" * 10_001)
    assert text_problem("obstacle", "x" * 10_000) == ""
