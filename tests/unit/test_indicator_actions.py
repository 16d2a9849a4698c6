"""The dictionary of indicators: who may change it, and what a revision of targets leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from services.actions.base import Denied, Refused, Unreadable
from services.actions.entries import save_entry
from services.actions.indicators import (
    REQUIRED,
    TEXT_LIMIT,
    add_indicator,
    fields_from,
    indicator_texts,
    preview_revision,
    revise_target,
    save_indicator,
    set_active,
    target_texts,
)
from services.actions.quarters import open_quarter
from services.domain.indicators import Bounds, Period
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery
from services.views.measures import measure, measures
from tests.unit.sample_store import acting, office_in, sample_store, take_figures_again

PATROLS = "ind-trantib-02"
"""An indicator whose quarters are added up, with one revision of its targets: the one of the year's beginning."""
POSITIONS = "ind-umum-02"
"""An indicator whose targets were revised from Triwulan III 2026 on."""
LOCKED, OPEN, NEXT = Period(2026, 2), Period(2026, 3), Period(2026, 4)
OTHERS = ["admin", "kasi.trantib", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]
NEW = {
    "name": "Jumlah rapat koordinasi nagari",
    "level": "Sub kegiatan",
    "unit": "rapat",
    "polarity": "naik",
    "aggregation": "jumlah",
    "section_id": "pem",
}
BASIS = {"legal_basis": "Perubahan PK Nomor 3 Tahun 2026"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    take_figures_again(store)
    yield store
    store.close()


def quarterly(store: SqlStore, indicator_id: str, year: int = 2026) -> list[Bounds | None]:
    return list(office_in(store).quarterly_targets(indicator_id, year))


def exactly(*numbers: int) -> list[Bounds | None]:
    return [Bounds(Decimal(n), Decimal(n)) for n in numbers]


def seen_texts(store: SqlStore, indicator_id: str, period: Period) -> dict[str, str]:
    return target_texts(office_in(store), indicator_id, period)


# --- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_but_the_kasubag_pkp_changes_the_dictionary(store: SqlStore, username: str) -> None:
    context, before = acting(store, username), store.revision()
    seen = indicator_texts(context.office, PATROLS)
    with pytest.raises(Denied):
        add_indicator(context, NEW)
    with pytest.raises(Denied):
        save_indicator(context, PATROLS, seen, seen | {"name": "Nama lain"})
    with pytest.raises(Denied):
        set_active(context, PATROLS, active=False)
    with pytest.raises(Denied):
        revise_target(context, PATROLS, OPEN, {}, {"q3": "9"} | BASIS)
    assert store.revision() == before


# --- texts -------------------------------------------------------------------------------------------------------


def test_a_new_indicator_is_active_and_stands_last_in_its_section(store: SqlStore) -> None:
    add_indicator(acting(store, "pkp"), NEW)
    added = office_in(store).indicators_of("pem")[-1]
    assert (added.name, added.unit, added.active) == ("Jumlah rapat koordinasi nagari", "rapat", True)


def test_a_new_indicator_can_be_filled_in_at_once_and_leaves_locked_quarters_alone(store: SqlStore) -> None:
    add_indicator(acting(store, "pkp"), NEW)
    office = office_in(store)
    added = office.indicators_of("pem")[-1]
    assert [p for p in office.cycles if office.entry(added.id, p)] == [OPEN]
    entry = office.entry(added.id, OPEN)
    assert entry is not None
    save_entry(acting(store, "kasi.pem"), entry.id, {"actual": ""}, {"actual": "3"})
    assert office_in(store).entry(added.id, OPEN) is not None


def test_an_indicator_taken_up_again_has_one_entry_in_the_open_quarter(store: SqlStore) -> None:
    set_active(acting(store, "pkp"), PATROLS, active=False)
    open_quarter(acting(store, "pkp"), NEXT)
    assert office_in(store).entry(PATROLS, NEXT) is None
    set_active(acting(store, "pkp"), PATROLS, active=True)
    rows = [r for r in store.read().rows(schema.ENTRY) if r["indicator_id"] == PATROLS and r["year"] == 2026]
    assert sorted(int(str(r["quarter"])) for r in rows) == [1, 2, 3, 4]


def test_every_required_field_that_is_blank_is_named_at_once(store: SqlStore) -> None:
    with pytest.raises(Unreadable) as caught:
        add_indicator(acting(store, "pkp"), {})
    assert set(caught.value.problems) == set(REQUIRED)
    assert caught.value.problems["name"] == "Indikator kinerja wajib diisi."


@pytest.mark.parametrize("field", ["level", "polarity", "aggregation", "section_id"])
def test_a_choice_that_does_not_exist_is_refused_with_the_ones_that_do(store: SqlStore, field: str) -> None:
    with pytest.raises(Unreadable) as caught:
        add_indicator(acting(store, "pkp"), NEW | {field: "ngawur"})
    assert list(caught.value.problems) == [field]
    assert "harus salah satu dari" in caught.value.problems[field]


def test_a_text_beyond_all_bounds_is_refused(store: SqlStore) -> None:
    with pytest.raises(Unreadable) as caught:
        add_indicator(acting(store, "pkp"), NEW | {"definition": "a" * (TEXT_LIMIT + 1)})
    assert "terlalu panjang" in caught.value.problems["definition"]


def test_only_what_was_changed_is_written_and_logged(store: SqlStore) -> None:
    context = acting(store, "pkp")
    seen = indicator_texts(context.office, PATROLS)
    save_indicator(context, PATROLS, seen, seen | {"source": "Buku patroli"})
    (line,) = store.history(HistoryQuery(row_ids=(PATROLS,)))
    assert (line["column"], line["new"], line["by"]) == ("source", "Buku patroli", "pkp")


def test_saving_without_a_change_does_nothing(store: SqlStore) -> None:
    context, before = acting(store, "pkp"), store.revision()
    seen = indicator_texts(context.office, PATROLS)
    assert save_indicator(context, PATROLS, seen, seen) is None
    assert store.revision() == before


def test_two_people_changing_the_same_text_meet_a_conflict_with_all_three_values(store: SqlStore) -> None:
    seen = indicator_texts(office_in(store), PATROLS)
    save_indicator(acting(store, "pkp"), PATROLS, seen, seen | {"unit": "kali"})
    with pytest.raises(Conflict) as caught:
        save_indicator(acting(store, "pkp"), PATROLS, seen, seen | {"unit": "ronde"})
    (clash,) = caught.value.clashes
    assert (clash.seen, clash.wanted, clash.found) == ("patroli", "ronde", "kali")


def test_two_people_changing_different_texts_both_land(store: SqlStore) -> None:
    seen = indicator_texts(office_in(store), PATROLS)
    save_indicator(acting(store, "pkp"), PATROLS, seen, seen | {"unit": "kali"})
    save_indicator(acting(store, "pkp"), PATROLS, seen, seen | {"source": "Buku patroli"})
    saved = office_in(store).indicator_by_id[PATROLS]
    assert (saved.unit, saved.source) == ("kali", "Buku patroli")


def test_an_indicator_that_changes_hands_takes_open_quarters_along_and_leaves_locked_ones(store: SqlStore) -> None:
    context = acting(store, "pkp")
    seen = indicator_texts(context.office, PATROLS)
    save_indicator(context, PATROLS, seen, seen | {"section_id": "pem"})
    office = office_in(store)
    sections = {p: e.section_id for p in (LOCKED, OPEN) if (e := office.entry(PATROLS, p))}
    assert sections == {LOCKED: "trantib", OPEN: "pem"}


def test_retiring_an_indicator_keeps_what_it_reported(store: SqlStore) -> None:
    set_active(acting(store, "pkp"), PATROLS, active=False)
    office = office_in(store)
    assert PATROLS not in {i.id for i in office.indicators}
    assert office.entry(PATROLS, LOCKED) is not None


def test_a_retired_indicator_stays_in_the_figures_of_quarters_that_were_open_and_in_no_later_one(
    store: SqlStore,
) -> None:
    office = office_in(store)
    before = [m.to_date for m in measures(office, LOCKED)]
    set_active(acting(store, "pkp"), PATROLS, active=False)
    open_quarter(acting(store, "pkp"), NEXT)
    office = office_in(store)
    assert [m.to_date for m in measures(office, LOCKED)] == before
    assert PATROLS in {m.indicator.id for m in measures(office, OPEN, "trantib")}
    assert PATROLS not in {m.indicator.id for m in measures(office, NEXT)}


def test_retiring_twice_is_a_conflict_and_taking_up_again_works(store: SqlStore) -> None:
    set_active(acting(store, "pkp"), PATROLS, active=False)
    with pytest.raises(Conflict):
        set_active(acting(store, "pkp"), PATROLS, active=False)
    set_active(acting(store, "pkp"), PATROLS, active=True)
    assert PATROLS in {i.id for i in office_in(store).indicators}


def test_a_repeated_press_adds_one_indicator(store: SqlStore) -> None:
    count = len(office_in(store).all_indicators)
    for _ in range(3):
        add_indicator(acting(store, "pkp"), NEW, "satu-tekan")
    assert len(office_in(store).all_indicators) == count + 1


# --- targets -----------------------------------------------------------------------------------------------------


def test_a_revision_leaves_the_targets_of_earlier_quarters_alone(store: SqlStore) -> None:
    before = quarterly(store, PATROLS)
    seen = seen_texts(store, PATROLS, OPEN)
    revise_target(acting(store, "pkp"), PATROLS, OPEN, seen, {"annual": "70", "q3": "20", "q4": "25"} | BASIS)
    assert quarterly(store, PATROLS) == before[:2] + exactly(20, 25)


def test_the_capaian_of_a_locked_quarter_stays_the_same_after_a_revision(store: SqlStore) -> None:
    office = office_in(store)
    before = measure(office, office.indicator_by_id[PATROLS], LOCKED).to_date
    seen = seen_texts(store, PATROLS, OPEN)
    revise_target(acting(store, "pkp"), PATROLS, OPEN, seen, {"annual": "7", "q3": "2"} | BASIS)
    office = office_in(store)
    assert measure(office, office.indicator_by_id[PATROLS], LOCKED).to_date == before


def test_a_revision_says_from_when_it_holds_and_by_which_law(store: SqlStore) -> None:
    revise_target(acting(store, "pkp"), PATROLS, NEXT, seen_texts(store, PATROLS, NEXT), {"q4": "40"} | BASIS)
    target = office_in(store).target(PATROLS, NEXT)
    assert target is not None
    assert (target.valid_from, target.legal_basis) == (4, "Perubahan PK Nomor 3 Tahun 2026")


def test_a_field_left_out_of_a_revision_keeps_its_value(store: SqlStore) -> None:
    before = office_in(store).target(PATROLS, OPEN)
    revise_target(acting(store, "pkp"), PATROLS, OPEN, seen_texts(store, PATROLS, OPEN), {"q3": "20"} | BASIS)
    after = office_in(store).target(PATROLS, OPEN)
    assert before is not None
    assert after is not None
    assert (after.annual, after.budget, after.quarterly[3]) == (before.annual, before.budget, before.quarterly[3])


def test_the_target_of_an_earlier_quarter_cannot_be_slipped_in(store: SqlStore) -> None:
    seen = seen_texts(store, POSITIONS, OPEN)
    revise_target(acting(store, "pkp"), POSITIONS, OPEN, seen, {"q1": "1", "q3": "11"} | BASIS)
    assert quarterly(store, POSITIONS) == exactly(15, 15, 11, 12)


@pytest.mark.parametrize("period", [Period(2025, 4), Period(2026, 1), LOCKED])
def test_an_archived_quarter_keeps_its_targets(store: SqlStore, period: Period) -> None:
    before = store.revision()
    with pytest.raises(Denied, match="diarsipkan"):
        revise_target(acting(store, "pkp"), PATROLS, period, {}, {"q4": "1"} | BASIS)
    assert store.revision() == before


def test_a_quarter_whose_figures_are_locked_keeps_its_targets(tmp_path: Path) -> None:
    locked = sample_store(tmp_path)
    with pytest.raises(Denied, match="dikunci"):
        revise_target(acting(locked, "pkp"), PATROLS, OPEN, {}, {"q4": "1"} | BASIS)
    locked.close()


def test_a_revision_from_a_quarter_before_the_locked_ones_is_denied_too(store: SqlStore) -> None:
    """2024 was never opened here, but its last quarters could be: only the locked ones stop a revision."""
    revise_target(acting(store, "pkp"), PATROLS, Period(2024, 1), {}, {"q1": "1"})
    assert quarterly(store, PATROLS, 2024)[0] == Bounds(Decimal(1), Decimal(1))


@pytest.mark.parametrize(("field", "text"), [("q3", "dua belas"), ("q4", "1.250"), ("annual", "-3"), ("budget", "x")])
def test_an_unreadable_target_names_its_field_and_nothing_is_saved(store: SqlStore, field: str, text: str) -> None:
    before = store.revision()
    with pytest.raises(Unreadable) as caught:
        revise_target(acting(store, "pkp"), PATROLS, OPEN, {}, {"q3": "20", field: text} | BASIS)
    assert list(caught.value.problems) == [field]
    assert caught.value.problems[field].startswith(f"{schema.TARGET.column(field).header}: Tertulis “{text}”")
    assert store.revision() == before


def test_a_change_of_targets_needs_its_legal_basis(store: SqlStore) -> None:
    with pytest.raises(Unreadable) as caught:
        revise_target(acting(store, "pkp"), PATROLS, OPEN, {}, {"q3": "20", "legal_basis": "  "})
    assert list(caught.value.problems) == ["legal_basis"]


def test_first_targets_of_a_year_need_no_legal_basis(store: SqlStore) -> None:
    revise_target(acting(store, "pkp"), PATROLS, Period(2027, 1), {}, {"annual": "80", "q1": "20"})
    assert quarterly(store, PATROLS, 2027)[0] == Bounds(Decimal(20), Decimal(20))


def test_a_blank_target_is_no_target_and_not_zero(store: SqlStore) -> None:
    revise_target(acting(store, "pkp"), PATROLS, NEXT, seen_texts(store, PATROLS, NEXT), {"q4": ""} | BASIS)
    assert quarterly(store, PATROLS)[3] is None


def test_a_range_is_kept_as_the_range_that_was_typed(store: SqlStore) -> None:
    revise_target(acting(store, "pkp"), PATROLS, NEXT, {}, {"q4": "80 - 90"} | BASIS)
    assert quarterly(store, PATROLS)[3] == Bounds(Decimal(80), Decimal(90))
    assert seen_texts(store, PATROLS, NEXT)["q4"] == "80 - 90"


def test_what_the_form_shows_reads_back_as_what_is_stored(store: SqlStore) -> None:
    office = office_in(store)
    for indicator in office.all_indicators:
        shown = target_texts(office, indicator.id, OPEN)
        assert preview_revision(office, indicator.id, OPEN, shown) == ()


def test_a_revision_that_changes_nothing_is_refused(store: SqlStore) -> None:
    for indicator_id in (PATROLS, POSITIONS):
        seen = seen_texts(store, indicator_id, OPEN)
        typed = seen if seen["legal_basis"] else seen | BASIS
        with pytest.raises(Refused, match="belum berubah"):
            revise_target(acting(store, "pkp"), indicator_id, OPEN, seen, typed)


def test_the_preview_shows_old_and_new_of_what_would_change(store: SqlStore) -> None:
    office = office_in(store)
    typed = target_texts(office, POSITIONS, OPEN) | {"q4": "13,5", "budget": "Rp 250.000.000"}
    changes = preview_revision(office, POSITIONS, OPEN, typed)
    assert [(c.field, c.old, c.new) for c in changes] == [
        ("q4", "12", "13,5"),
        ("budget", "Rp\u00a0241.650.000", "Rp\u00a0250.000.000"),
    ]


def test_correcting_a_revision_that_is_there_already_changes_that_one(store: SqlStore) -> None:
    count = len(store.read().rows(schema.TARGET))
    seen = seen_texts(store, POSITIONS, OPEN)
    revise_target(acting(store, "pkp"), POSITIONS, OPEN, seen, seen | {"q4": "14"})
    assert len(store.read().rows(schema.TARGET)) == count
    assert quarterly(store, POSITIONS) == exactly(15, 15, 12, 14)


def test_two_people_correcting_the_same_target_meet_a_conflict(store: SqlStore) -> None:
    seen = seen_texts(store, POSITIONS, OPEN)
    revise_target(acting(store, "pkp"), POSITIONS, OPEN, seen, seen | {"q4": "14"})
    with pytest.raises(Conflict) as caught:
        revise_target(acting(store, "pkp"), POSITIONS, OPEN, seen, seen | {"q4": "13"})
    (clash,) = caught.value.clashes
    assert (clash.column, clash.seen, clash.found, clash.wanted) == ("q4", "12", Decimal(14), Decimal(13))


def test_a_revision_made_meanwhile_by_somebody_else_is_not_overwritten(store: SqlStore) -> None:
    seen = seen_texts(store, PATROLS, OPEN)
    revise_target(acting(store, "pkp"), PATROLS, OPEN, seen, {"q3": "20"} | BASIS)
    with pytest.raises(Conflict):
        revise_target(acting(store, "pkp"), PATROLS, OPEN, seen, {"q3": "30"} | BASIS)
    assert quarterly(store, PATROLS)[2] == Bounds(Decimal(20), Decimal(20))


def test_a_form_from_a_quarter_on_asks_for_no_earlier_target() -> None:
    assert fields_from(OPEN) == ("annual", "q3", "q4", "budget", "legal_basis")


def test_an_indicator_that_is_gone_is_said_to_be_gone(store: SqlStore) -> None:
    with pytest.raises(Refused, match="sudah tidak ada"):
        revise_target(acting(store, "pkp"), "ind-hilang", OPEN, {}, {"q3": "1"} | BASIS)
