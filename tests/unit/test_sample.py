"""The sample office: complete, plausible, and with the very gaps and typing errors that it is meant to have."""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from services import cli
from services.auth.accounts import Accounts
from services.commands.operator import operator
from services.domain.clock import WIB
from services.domain.indicators import Aggregation, Level, Period, Polarity
from services.domain.monev import FollowUpStatus
from services.domain.numbers import read_money, read_target
from services.domain.process import Phase, StepState, moved, transition
from services.domain.roles import RIGHTS, Action, CycleState, Role
from services.domain.sop import (
    ANALYSING,
    ARCHIVING,
    COLLECTING,
    CORRECTING,
    DISCUSSING,
    DRAFTING,
    GATHERING,
    PLANNING,
    PROCESSING,
    SOP_2024,
    VERIFYING,
    VISITING,
    Event,
)
from services.sample import reference
from services.sample.catalogue import PERIODS, REVISION_BASIS
from services.sample.office import NotASampleError, NotEmptyError, end, fill, tables
from services.sample.people import FILLER, accounts
from services.sample.quarters import CURRENT, PRESENT, QUARTERS
from services.store import changes, schema
from services.store.open import open_store
from services.store.schema import TABLES, Kind, Table
from services.store.store import HistoryQuery, Row, Snapshot, Store, Value
from services.views.analysis import analyses, follow_ups
from services.views.board import Board, board_of
from services.views.conditions import obstacles
from services.views.drafts import CorrectionStatus, corrections, drafts, meeting
from services.views.e81 import e81_of
from services.views.entries import section_form
from services.views.monev import clashes, visits
from services.views.narrative import of_analysis
from services.views.office import Office
from services.views.steps import steps_of
from services.views.verification import unverified

BUDGETS_2026 = {
    "7.01.01": 2_666_646_911,
    "7.01.02": 18_144_528,
    "7.01.03": 205_389_181,
    "7.01.04": 10_000_000,
    "7.01.06": 44_840_000,
}


@cache
def filled() -> dict[str, tuple[Row, ...]]:
    return tables(PRESENT)


def rows(table: Table) -> tuple[Row, ...]:
    return filled()[table.name]


@cache
def office() -> Office:
    return Office(Snapshot("silaut", 1, PRESENT, filled()))


@cache
def board(period: Period = CURRENT) -> Board:
    return board_of(office(), period, PRESENT)


# --- the dictionary of indicators --------------------------------------------------------------------------------


def test_there_are_46_active_indicators_in_five_sections_and_two_subdivisions() -> None:
    assert len(office().indicators) == 46
    counts = Counter(i.section_id for i in office().indicators)
    assert counts == {"pem": 7, "trantib": 6, "pmn": 8, "kesos": 6, "yanum": 7, "pkp": 6, "umum": 6}


def test_every_level_type_and_direction_occurs() -> None:
    assert {i.level for i in office().indicators} == set(Level)
    assert {i.aggregation for i in office().indicators} == set(Aggregation)
    assert {i.polarity for i in office().indicators} == set(Polarity)


def test_five_indicators_are_annual_and_four_fall() -> None:
    assert sum(i.aggregation is Aggregation.ANNUAL for i in office().indicators) == 5
    assert sum(i.polarity is Polarity.DOWN for i in office().indicators) == 4


def test_no_indicator_lacks_a_text_of_its_dictionary_entry() -> None:
    names = [c.name for c in schema.INDICATOR.columns if c.name not in ("order", "active")]
    assert [(r["id"], name) for r in rows(schema.INDICATOR) for name in names if not r[name]] == []


def test_no_name_is_there_twice() -> None:
    assert len({str(r["name"]).casefold() for r in rows(schema.INDICATOR)}) == 46


def test_codes_are_account_codes_or_numbered_iku() -> None:
    assert all(re.fullmatch(r"IKU\.\d|7\.01\.0[1-6](\.2\.\d\d(\.\d{4})?)?", i.code) for i in office().indicators)


def test_the_level_fits_the_length_of_the_code() -> None:
    level_of = {1: Level.IKU, 2: Level.PROGRAMME, 4: Level.ACTIVITY, 5: Level.OUTPUT}
    assert all(
        i.level is level_of[len(i.code.removeprefix("7.").split(".")) - i.code.startswith("IKU")]
        for i in office().indicators
    )


# --- targets and budgets -----------------------------------------------------------------------------------------


def test_every_target_and_budget_can_be_read() -> None:
    columns = ("annual", "q1", "q2", "q3", "q4")
    unreadable = [(r["id"], c) for r in rows(schema.TARGET) for c in columns if read_target(r[c]).problem]
    assert unreadable == []
    assert all(read_money(r["budget"]).problem is None for r in rows(schema.TARGET))


@pytest.mark.parametrize("period", [*PERIODS, Period(2026, 4)], ids=lambda p: p.key)
def test_every_quarter_has_a_target_for_each_indicator_that_is_measured_in_it(period: Period) -> None:
    without = [
        i.id
        for i in office().indicators
        if office().quarterly_targets(i.id, period.year)[period.quarter - 1] is None
        and (i.aggregation is not Aggregation.ANNUAL or period.quarter == 4)
    ]
    assert without == []


def test_the_quarters_of_a_sum_add_up_to_the_annual_target() -> None:
    sums = {i.id for i in office().indicators if i.aggregation is Aggregation.SUM}
    for row in (r for r in rows(schema.TARGET) if r["indicator_id"] in sums):
        total = sum(Decimal(str(row[q])) for q in ("q1", "q2", "q3", "q4"))
        assert (row["id"], total) == (row["id"], row["annual"])


def test_one_target_is_a_range_and_one_quarter_has_target_zero() -> None:
    assert {r["indicator_id"] for r in rows(schema.TARGET) if r["annual"] == "80 - 90"} == {"ind-pkp-04"}
    zero = [(r["indicator_id"], q) for r in rows(schema.TARGET) for q in ("q1", "q2", "q3", "q4") if r[q] == 0]
    assert zero == [("ind-kesos-04", "q4")] * 2


def _budgets(period: Period) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for i in office().indicators:
        target = office().target(i.id, period)
        if target and target.budget:
            sums[i.code[:7]] += target.budget
    return dict(sums)


def test_the_budgets_of_2026_sum_to_those_of_the_programmes_before_and_after_the_revision() -> None:
    assert _budgets(Period(2026, 2)) == BUDGETS_2026
    assert _budgets(Period(2026, 3)) == BUDGETS_2026


def test_one_revision_holds_from_the_third_quarter_of_2026_on_with_its_legal_basis() -> None:
    revised = [r for r in rows(schema.TARGET) if r["valid_from"] != 1]
    assert [(r["indicator_id"], r["year"], r["valid_from"]) for r in revised] == [
        ("ind-umum-02", 2026, 3),
        ("ind-umum-05", 2026, 3),
    ]
    assert {r["legal_basis"] for r in revised} == {REVISION_BASIS}


# --- figures -----------------------------------------------------------------------------------------------------


def test_each_quarter_has_one_entry_for_every_indicator() -> None:
    keys = [(r["year"], r["quarter"], r["indicator_id"]) for r in rows(schema.ENTRY)]
    assert len(keys) == len(set(keys)) == 7 * 46
    assert len({r["id"] for r in rows(schema.ENTRY)}) == len(keys)


def test_exactly_the_intended_cells_cannot_be_read() -> None:
    found = {
        (r["id"], r[column])
        for period in PERIODS
        for i in office().indicators
        if (e := office().entry(i.id, period))
        for r, column, reading in ((e.row, "actual", e.actual), (e.row, "spent", e.spent))
        if reading.problem
    }
    assert found == {("isi-2026-3-ind-kesos-03", "#DIV/0!"), ("isi-2026-3-ind-yanum-04", "1.250")}


def test_other_typed_cells_are_kept_as_typed_and_understood() -> None:
    typed = {str(r[c]) for r in rows(schema.ENTRY) for c in ("actual", "spent") if isinstance(r[c], str)}
    assert {"18 dok", "NA", "93,33 %", "3 Laporan", "98 persen", "Rp 29.450.000,-", "1,016,841,749"} <= typed


def test_36_of_41_indicators_are_measured_in_the_current_quarter() -> None:
    assert (board().mean.measured, board().mean.expected) == (36, 41)
    assert board().mean.value is not None
    assert Decimal(87) < board().mean.value < Decimal(89)


@pytest.mark.parametrize("period", PERIODS[:-1], ids=lambda p: p.key)
def test_every_earlier_quarter_is_complete(period: Period) -> None:
    assert board(period).mean.complete
    assert board(period).missing == ()


def test_the_section_means_spread_from_sedang_to_sangat_tinggi() -> None:
    ratings = {s.section.id: s.rating.label for s in board().sections if s.rating}
    assert ratings == {
        "pem": "Sangat Tinggi",
        "trantib": "Sangat Tinggi",
        "pmn": "Sedang",
        "kesos": "Tinggi",
        "yanum": "Tinggi",
        "pkp": "Sangat Tinggi",
        "umum": "Tinggi",
    }


def test_every_rating_occurs_in_the_current_quarter() -> None:
    assert all(share.count for share in board().shares)


def test_no_percentage_passes_100() -> None:
    percent = {i.id for i in office().indicators if i.unit == "%"}
    values = [e.actual.value for p in PERIODS for i in percent if (e := office().entry(i, p)) and e.actual.value]
    assert max(values) <= 100


def test_spending_never_shrinks_within_a_year_and_never_passes_the_budget() -> None:
    for i in office().indicators:
        for year in (2025, 2026):
            spent = [e.spent.value for p in PERIODS if p.year == year and (e := office().entry(i.id, p))]
            known = [value for value in spent if value is not None]
            assert known == sorted(known), i.id
            target = office().target(i.id, Period(year, 4))
            assert not known or (target and target.budget and known[-1] <= target.budget), i.id


def test_the_worst_five_are_explained() -> None:
    assert [m.indicator.id for m in board().worst] == [
        "ind-pmn-06",
        "ind-pmn-03",
        "ind-umum-05",
        "ind-pmn-05",
        "ind-trantib-06",
    ]
    assert all(m.entry and m.entry.text("obstacle") and m.entry.text("follow_up") for m in board().worst)


def test_most_figures_have_evidence_and_some_have_none() -> None:
    given = [r for r in rows(schema.ENTRY) if r["actual"] is not None]
    linked = [r for r in given if r["evidence"]]
    assert len(given) * 0.9 < len(linked) < len(given)
    assert all(str(r["evidence"]).startswith("https://drive.google.com/drive/folders/CONTOH-") for r in linked)


def test_who_entered_a_figure_has_an_account() -> None:
    usernames = {person.username for person in accounts()}
    assert {str(r["entered_by"]) for r in rows(schema.ENTRY)} - {""} <= usernames
    assert {str(r["by"]) for r in rows(schema.HISTORY)} <= usernames


# --- the SOP -----------------------------------------------------------------------------------------------------


def test_two_sections_are_late_in_the_current_quarter_and_the_others_sent_in_time() -> None:
    late = {m.section.id: len(m.missing) for m in board().missing}
    assert late == {"kesos": 3, "yanum": 2}
    assert all(m.submission is None and m.late for m in board().missing)
    in_time = [s.id for s in office().sections if not section_form(office(), s.id, CURRENT, PRESENT).late]
    assert in_time == ["pem", "trantib", "pmn", "pkp", "umum"]


def test_the_current_quarter_stands_at_step_7_with_two_steps_finished_late() -> None:
    steps = steps_of(office(), CURRENT, PRESENT)
    assert [p.state for p in steps.items] == [StepState.DONE] * 6 + [StepState.RUNNING] + [StepState.PENDING] * 6
    assert [p.step.no for p in steps.items if p.overrun] == [2, 6]
    assert steps.items[5].done_at == datetime(2026, 11, 2, 14, tzinfo=WIB)
    assert steps.items[6].due_at == datetime(2026, 11, 3, 14, tzinfo=WIB)


def test_the_current_quarter_opened_on_1_october_with_the_data_due_on_the_fifth() -> None:
    cycle = office().cycles[CURRENT]
    assert cycle.opened_at == datetime(2026, 10, 1, 8, 10, tzinfo=WIB)
    assert cycle.due_on == date(2026, 10, 5)
    assert (cycle.locks_on, cycle.locked_at) == (date(2026, 10, 14), datetime(2026, 10, 19, 13, 50, tzinfo=WIB))


@pytest.mark.parametrize("period", PERIODS[:-1], ids=lambda p: p.key)
def test_every_earlier_quarter_was_locked_by_step_3_and_archived_before_the_next_one_opened(period: Period) -> None:
    steps = steps_of(office(), period, PRESENT)
    assert steps.finished
    assert office().cycles[period].locked_at == steps.items[PROCESSING - 1].done_at
    assert office().state(period, PRESENT) is CycleState.ARCHIVED
    assert steps.items[-1].done_at is not None
    assert steps.items[-1].done_at < office().cycles[period.next()].opened_at


def test_the_second_quarter_of_2026_alone_has_one_correction_round_with_its_reason() -> None:
    returned = [(p.key, e) for p in PERIODS for e in office().events[p] if e.event is Event.RETURNED]
    assert [(key, e.step, bool(e.note)) for key, e in returned] == [("2026-2", 11, True)]
    assert steps_of(office(), Period(2026, 2), PRESENT).items[9].rounds == 1


def test_some_steps_of_earlier_quarters_were_late_and_most_were_not() -> None:
    late = sum(steps_of(office(), p, PRESENT).late for p in PERIODS[:-1])
    assert 5 <= late <= 12


def test_everything_happened_in_office_hours_and_before_the_present() -> None:
    calendar = office().calendar
    told = [t for t in TABLES if t.name not in (schema.HISTORY.name, schema.HOLIDAY.name)]
    for at in (r[c.name] for t in told for c in t.columns if c.kind is Kind.MOMENT for r in rows(t)):
        if isinstance(at, datetime):
            assert calendar.is_working_day(at.date()), at
            assert calendar.opens <= at.time() <= calendar.closes, at
            assert at < PRESENT


def test_figures_are_given_by_the_holder_of_the_section_before_the_submission() -> None:
    for period in PERIODS:
        sent = {e.section_id: e for e in office().events[period] if e.event is Event.SUBMITTED}
        assert all(e.step == COLLECTING and e.by == FILLER[e.section_id] for e in sent.values())
        for i in office().indicators:
            entry = office().entry(i.id, period)
            if entry and entry.entered_at and entry.entered_by != "pkp" and i.section_id in sent:
                assert entry.entered_at < sent[i.section_id].at


def test_only_the_proposed_executors_finish_steps_and_the_camat_approves() -> None:
    for row in rows(schema.STEP_EVENT):
        if row["event"] == Event.FINISHED.value:
            step = SOP_2024[int(str(row["step"])) - 1]
            approvers = {Role.CAMAT} if step.no == VERIFYING else step.executor
            assert str(row["by"]) in {role.value for role in approvers}


# --- the work of steps 4 to 11 -----------------------------------------------------------------------------------


@pytest.mark.parametrize("period", PERIODS, ids=lambda p: p.key)
def test_every_move_of_a_quarter_found_its_conditions_met_or_has_a_reason(period: Period) -> None:
    """As the data stand in the end; conditions about documents wait for past quarters to get their documents."""
    for event in office().events[period]:
        before = Phase.VERIFIED if (event.step, event.event) == (VERIFYING, Event.FINISHED) else Phase.RUNNING
        move = transition(event.step, event.event, before)
        if move is not None and event.step != ARCHIVING:
            assert obstacles(office(), period, move, event.note or HISTORIC_NOTE[event.step]) == (), event


HISTORIC_NOTE = defaultdict(str, {PROCESSING: "Temuan diolah di luar aplikasi"})
"""Questions of Periksa data are not answered one by one in the sample."""


def test_every_move_of_the_sample_is_one_that_the_table_of_transitions_knows() -> None:
    for period in PERIODS:
        phases = (Phase.RUNNING, *[Phase.PENDING] * (len(SOP_2024) - 1))
        for event in sorted(office().events[period], key=lambda e: (e.at, e.step)):
            if event.event is not Event.SUBMITTED:
                assert moved(phases, event.step, event.event) != phases, event
                phases = moved(phases, event.step, event.event)


def test_what_was_done_in_a_step_was_done_while_the_step_ran() -> None:
    steps = {
        Action.PLAN_MONEV: {PLANNING},
        Action.RECORD_MONEV: {VISITING, GATHERING},
        Action.AGREE_MONEV: {VISITING, GATHERING},
        Action.ANALYSE: {ANALYSING},
        Action.ADD_FOLLOW_UP: {ANALYSING},
        Action.UPDATE_FOLLOW_UP: {COLLECTING},
        Action.MAKE_DRAFT: {DRAFTING, CORRECTING},
        Action.COMMENT: {DISCUSSING},
        Action.KEEP_MINUTES: {DISCUSSING},
        Action.ANSWER_CORRECTION: {CORRECTING},
        Action.VERIFY: {VERIFYING},
    }
    seen: set[str] = set()
    for line in rows(schema.HISTORY):
        if line["action"] in steps:
            seen.add(str(line["action"]))
            assert step_at(line["at"]) in steps[Action(str(line["action"]))], line
    assert seen == {action.value for action in steps}


def step_at(moment: Value) -> int | None:
    """The step that ran at a moment; no two quarters of the sample overlap."""
    for quarter in QUARTERS:
        for (step, _), span in quarter.spans.items():
            if span.began <= cast("datetime", moment) < span.ended:
                return step
    return None


def test_whoever_did_it_had_the_right_to_it() -> None:
    for line in rows(schema.HISTORY):
        action = next((a for a in Action if a.value == line["action"]), None)
        if action is not None:
            assert Role(str(line["role"])) in RIGHTS[action][1], line


@pytest.mark.parametrize("period", PERIODS, ids=lambda p: p.key)
def test_every_section_was_visited_and_nobody_at_two_places_at_once(period: Period) -> None:
    found = visits(office(), period)
    assert [v.section.id for v in found if v.gaps] == []
    assert clashes(found) == ()


def test_the_current_quarter_has_no_analysis_yet_and_the_earlier_ones_have_all() -> None:
    assert not any(a.is_written for a in analyses(office(), CURRENT))
    assert all(a.is_written for p in PERIODS[:-1] for a in analyses(office(), p))


def test_no_text_of_the_sample_contradicts_its_figures() -> None:
    for period in PERIODS[:-1]:
        for analysis in analyses(office(), period):
            assert list(of_analysis(office(), analysis)) == []


def test_some_follow_ups_are_carried_into_the_current_quarter_and_some_of_them_are_late() -> None:
    carried = [f for f in follow_ups(office(), CURRENT) if f.status.is_open]
    assert {f.status for f in carried} == {FollowUpStatus.TODO, FollowUpStatus.DOING}
    assert len(carried) >= 4
    assert 0 < sum(f.is_late(PRESENT.date()) for f in carried) < len(carried)
    assert {str(r["status"]) for r in rows(schema.FOLLOW_UP)} == set(FollowUpStatus)


def test_each_earlier_quarter_has_its_drafts_its_minutes_and_answered_corrections() -> None:
    for period in PERIODS[:-1]:
        labels = [d.label for d in drafts(office(), period)]
        assert labels == (["v0.1", "v0.2", "v0.3"] if period == Period(2026, 2) else ["v0.1", "v0.2"])
        found = meeting(office(), period)
        assert found is not None
        assert found.minutes
        assert found.decisions
        assert all(c.answer and c.status is not CorrectionStatus.OPEN for c in corrections(office(), period))
    assert drafts(office(), CURRENT) == ()


def test_the_sekretaris_verified_every_figure_of_the_earlier_quarters() -> None:
    for period in PERIODS[:-1]:
        assert unverified(office(), period) == ()
    returned = [r for r in rows(schema.VERIFICATION) if r["verdict"] == "kembali"]
    assert [(r["year"], r["quarter"], bool(r["reason"])) for r in returned] == [(2026, 2, True)]


# --- the log -----------------------------------------------------------------------------------------------------


def test_the_log_retells_every_figure() -> None:
    told: dict[tuple[str, str], object] = {}
    for line in rows(schema.HISTORY):
        if line["table"] == schema.ENTRY.name and line["column"]:
            key = str(line["row_id"]), str(line["column"])
            assert told.get(key, line["old"]) == line["old"]
            told[key] = line["new"]
    for row in rows(schema.ENTRY):
        for column in ("actual", "spent", "obstacle", "evidence"):
            assert told.get((str(row["id"]), column)) == (row[column] or None if column != "actual" else row[column])


def test_corrections_of_pkp_stand_in_the_log_with_the_old_value() -> None:
    corrected = [
        (line["old"], line["new"])
        for line in rows(schema.HISTORY)
        if line["column"] == "actual" and line["by"] == "pkp" and line["old"] is not None
    ]
    assert ("1.270", Decimal(1280)) in corrected
    assert len(corrected) == 5


def test_the_log_is_in_the_order_of_time() -> None:
    moments = [line["at"] for line in rows(schema.HISTORY)]
    assert moments == sorted(moments, key=str)


# --- reference data ----------------------------------------------------------------------------------------------


def test_the_official_days_off_of_2026_are_there_with_their_decree() -> None:
    days = {r["id"]: r for r in rows(schema.HOLIDAY) if str(r["day"]).startswith("2026")}
    assert Counter(str(r["kind"]) for r in days.values()) == {"libur nasional": 17, "cuti bersama": 8}
    assert {r["basis"] for r in days.values()} == {"SKB 3 Menteri No. 1497/2025, 2/2025, 5/2025"}


def test_2025_had_17_public_holidays_and_11_days_of_cuti_bersama() -> None:
    kinds = Counter(str(r["kind"]) for r in rows(schema.HOLIDAY) if str(r["day"]).startswith("2025"))
    assert kinds == {"libur nasional": 17, "cuti bersama": 11}


def test_the_calendar_of_the_office_is_the_one_of_the_reference_data() -> None:
    assert office().calendar == reference.calendar()


def test_the_sop_comes_back_from_its_rows() -> None:
    assert office().steps(CURRENT) == SOP_2024


def test_only_the_camat_has_a_real_name_and_nobody_has_a_rank() -> None:
    real = [r["name"] for r in rows(schema.OFFICIAL) if not str(r["name"]).endswith("(contoh)")]
    assert real == ["AFLIZEN, S. Sos."]
    assert {r["rank"] for r in rows(schema.OFFICIAL)} == {""}


def test_the_profile_says_that_this_is_a_sample() -> None:
    assert office().profile.sample


def test_all_rows_fit_the_schema_and_no_unique_key_is_there_twice() -> None:
    changes.check_rows(filled())
    for table in TABLES:
        for key in (("id",), table.unique):
            values = [tuple(row[name] for name in key) for row in rows(table)]
            assert not key or len(values) == len(set(values)), (table.name, key)


def test_the_sample_is_the_same_every_time() -> None:
    assert tables(PRESENT) == filled()


def test_only_the_log_says_when_the_sample_was_put_in() -> None:
    later = tables(PRESENT + timedelta(days=400))
    assert {name for name in later if later[name] != filled()[name]} == {schema.HISTORY.name}


# --- accounts ----------------------------------------------------------------------------------------------------


def test_there_is_an_account_for_every_role_and_every_section() -> None:
    assert {person.role for person in accounts()} == set(Role)
    assert {p.section_id for p in accounts()} - {""} == {s.id for s in office().sections}
    assert [p.username for p in accounts() if p.role is Role.KASI] == [
        "kasi.pem",
        "kasi.trantib",
        "kasi.pmn",
        "kasi.kesos",
        "kasi.yanum",
    ]


# --- filling and ending ------------------------------------------------------------------------------------------


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    # A real password hash is slow on purpose; how slow is no matter here.
    monkeypatch.setattr("services.auth.accounts.hash_password", lambda password: f"hash of {password}")
    return f"sqlite:///{tmp_path}/monev.db"


def opened(url: str) -> tuple[Store, Accounts]:
    return open_store(url, "silaut", lambda: PRESENT), Accounts(url)


def test_an_empty_store_takes_the_sample_as_it_is(url: str) -> None:
    store, people = opened(url)
    fill(store, people, PRESENT)
    assert {table.name: found for table, found in store.dump()} == filled()
    assert {(a.username, a.role, a.section_id, a.sample) for a in people.all()} == {
        (p.username, p.role.value, p.section_id, True) for p in accounts()
    }


def test_a_store_with_data_refuses_the_sample_and_keeps_its_data(url: str) -> None:
    store, people = opened(url)
    store.load({schema.SECTION.name: ({"id": "s", "name": "Seksi", "short": "S", "order": 1},)})
    with pytest.raises(NotEmptyError, match="sudah berisi data"):
        fill(store, people, PRESENT)
    assert len(store.read().rows(schema.SECTION)) == 1
    assert people.all() == ()


def test_an_account_of_a_real_person_is_never_taken_over(url: str) -> None:
    store, people = opened(url)
    people.add("camat", "Camat yang sebenarnya", "camat", "rahasia sekali", PRESENT)
    with pytest.raises(NotEmptyError, match="camat"):
        fill(store, people, PRESENT)
    assert not store.read().rows(schema.PROFILE)


def test_filling_that_broke_off_after_the_accounts_can_be_repeated(url: str) -> None:
    store, people = opened(url)
    fill(store, people, PRESENT)
    store.load({})
    fill(store, people, PRESENT)
    assert len(people.all()) == len(accounts())


def test_the_end_of_the_sample_leaves_the_reference_data_and_nothing_invented(url: str) -> None:
    store, people = opened(url)
    fill(store, people, PRESENT)
    password, _ = end(store, people, PRESENT)
    left = {table.name: len(found) for table, found in store.dump() if found}
    reference_rows = {"Profil": 14, "Kategori": 5, "Seksi": 7, "Pejabat": 1, "HariLibur": 53, "VersiSOP": 1, "SOP": 13}
    assert left == reference_rows | {"Riwayat": 1}
    assert "(contoh)" not in str(list(store.dump()))
    assert not Office(store.read()).profile.sample
    assert [(a.username, a.role, a.sample) for a in people.all()] == [("admin", "admin", False)]
    assert password is not None
    assert len(password) >= 16


def test_the_end_keeps_what_the_office_changed_in_its_settings(url: str) -> None:
    store, people = opened(url)
    fill(store, people, PRESENT)
    changed = {
        **filled(),
        schema.PROFILE.name: tuple(
            {**r, "value": "Jalan Pasar 1"} if r["id"] == "alamat" else r for r in rows(schema.PROFILE)
        ),
    }
    store.load(changed)
    end(store, people, PRESENT)
    assert Office(store.read()).profile.address == "Jalan Pasar 1"


def test_a_real_office_cannot_be_ended(url: str) -> None:
    store, people = opened(url)
    fill(store, people, PRESENT)
    end(store, people, PRESENT)
    with pytest.raises(NotASampleError, match="tidak berisi data contoh"):
        end(store, people, PRESENT)


def test_the_end_is_told_in_the_log(url: str) -> None:
    store, people = opened(url)
    fill(store, people, PRESENT)
    end(store, people, PRESENT)
    assert [line["action"] for line in store.history(HistoryQuery())] == ["mengakhiri data contoh"]


@pytest.fixture
def command(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = cli.main(["--store", url, "contoh", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_the_command_fills_the_store_and_says_what_to_do_next(command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = command()
    assert code == 0
    assert "halaman Masuk" in out


def test_the_command_refuses_to_fill_twice(command: Callable[..., tuple[int, str, str]]) -> None:
    command()
    code, _, err = command()
    assert code == 1
    assert "sudah berisi data" in err


@pytest.mark.parametrize("typed", ["Lunang\n", "\n", "ya\n"])
def test_the_command_ends_nothing_without_the_name_of_the_office(
    command: Callable[..., tuple[int, str, str]], url: str, typed: str
) -> None:
    command()
    code, _, err = command("--kosongkan", "--alasan", "Mulai dipakai", typed=typed)
    assert code == 1
    assert "tidak ada yang dihapus" in err
    assert len(opened(url)[0].read().rows(schema.INDICATOR)) == 46


@pytest.mark.parametrize("typed", ["Silaut\n", " kecamatan silaut \n"])
def test_the_command_ends_the_sample_after_the_name_is_typed(
    command: Callable[..., tuple[int, str, str]], url: str, typed: str
) -> None:
    command()
    code, out, _ = command("--kosongkan", "--alasan", "Mulai dipakai", typed=typed)
    assert code == 0
    assert len(re.findall(r"kata sandi: \S{16}", out)) == 1
    assert opened(url)[0].read().rows(schema.INDICATOR) == ()


def test_the_command_ends_nothing_without_a_reason_and_both_logs_say_who_and_why(
    command: Callable[..., tuple[int, str, str]], url: str
) -> None:
    command()
    code, _, err = command("--kosongkan", typed="Silaut\n")
    assert code == 2
    assert "--alasan" in err
    assert len(opened(url)[0].read().rows(schema.INDICATOR)) == 46
    command("--kosongkan", "--alasan", "Mulai dipakai", typed="Silaut\n")
    store, _people = opened(url)
    (line,) = store.history(HistoryQuery())
    assert (line["by"], line["action"]) == (operator(), "mengakhiri data contoh: Mulai dipakai")


def test_nobody_can_answer_the_question_in_advance(command: Callable[..., tuple[int, str, str]]) -> None:
    command()
    code, _, err = command("--kosongkan", "--ya")
    assert code == 2
    assert "--ya" in err


def test_the_form_e81_of_the_sample_has_a_predikat_and_knows_what_is_missing() -> None:
    form = e81_of(office(), CURRENT)
    assert form.last_year == 2026
    assert form.rating is not None
    assert 0 < form.mean.measured < form.mean.expected
    assert form.next_quarter
