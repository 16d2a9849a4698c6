"""What a section still owes before it can send, whether it is late, and what a text would make of a figure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from services.domain.attainment import Outcome
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.sop import Event
from services.store import schema
from services.views.entries import GapKind, ItemState, SectionForm, collection_due, preview, section_form
from tests.unit.offices import NOW, OPENED, PERIOD, cycle, entry, event, indicator, office, section, target

LINK = "https://contoh.go.id/bukti"


def form_of(actual, spent=None, *, unit: str = "dokumen", budget: int | None = None, **texts) -> SectionForm:
    """A section with one indicator whose target is 100."""
    placed = (
        section("pem"),
        indicator("a", "pem", unit=unit),
        target("a", budget=None if budget is None else Decimal(budget)),
        cycle(),
        entry("a", actual, spent, **texts),
    )
    return section_form(office(*placed), "pem", PERIOD, NOW)


def kinds(form: SectionForm) -> list[GapKind]:
    return [gap.kind for gap in form.gaps]


def test_a_complete_entry_has_no_gap() -> None:
    form = form_of(100, 50, budget=60, evidence=LINK)
    assert (form.gaps, form.given, form.due) == ((), 1, 1)


def test_a_blank_is_missing_and_not_zero() -> None:
    blank, zero = form_of(None), form_of(0, evidence=LINK, obstacle="Belum ada kegiatan.")
    assert (kinds(blank), blank.given, blank.items[0].state) == ([GapKind.ACTUAL_EMPTY], 0, ItemState.EMPTY)
    assert (kinds(zero), zero.given, zero.items[0].state) == ([], 1, ItemState.GIVEN)
    assert zero.items[0].measure.to_date.value == 0


def test_na_is_a_gap_of_its_own_that_keeps_from_sending() -> None:
    form = form_of("NA")
    assert kinds(form) == [GapKind.ACTUAL_ABSENT]
    assert form.blocking


def test_a_text_that_is_no_number_keeps_from_sending() -> None:
    form = form_of("#DIV/0!")
    assert (kinds(form), form.items[0].state) == ([GapKind.ACTUAL_UNREADABLE], ItemState.DOUBTFUL)
    assert form.blocking


def test_unreadable_money_is_named_even_where_the_value_is_missing_too() -> None:
    form = form_of(None, "12 juta", budget=60)
    assert kinds(form) == [GapKind.ACTUAL_EMPTY, GapKind.SPENT_UNREADABLE]


def test_missing_money_is_named_only_where_there_is_a_budget_and_does_not_block() -> None:
    assert kinds(form_of(100, evidence=LINK)) == []
    form = form_of(100, evidence=LINK, budget=60)
    assert (kinds(form), form.blocking) == ([GapKind.SPENT_EMPTY], ())


def test_below_target_an_obstacle_is_asked_for() -> None:
    assert GapKind.NO_OBSTACLE in kinds(form_of(99))
    assert GapKind.NO_OBSTACLE not in kinds(form_of(100))
    assert GapKind.NO_OBSTACLE not in kinds(form_of(99, obstacle="Hujan."))


def test_an_annual_indicator_owes_nothing_before_the_last_quarter() -> None:
    placed = (section("pem"), indicator("a", "pem", aggregation="tahunan"), target("a"), cycle(), entry("a", None))
    form = section_form(office(*placed), "pem", PERIOD, NOW)
    assert (form.due, form.gaps, form.items[0].state) == (0, (), ItemState.ANNUAL)


def test_other_sections_are_not_in_the_form() -> None:
    placed = (section("pem"), section("umum"), indicator("a", "pem"), indicator("b", "umum"), cycle())
    form = section_form(office(*placed), "umum", PERIOD, NOW)
    assert [item.measure.indicator.id for item in form.items] == ["b"]


def submitted(*days: int) -> SectionForm:
    """A form whose section sent its data so many days after the opening; the due date is day 4 (a Monday)."""
    sent = [event(2, Event.SUBMITTED, OPENED + timedelta(days=d), section_id="pem") for d in days]
    placed = (section("pem"), indicator("a", "pem"), target("a"), cycle(), entry("a", 100), *sent)
    return section_form(office(*placed), "pem", PERIOD, NOW)


def test_a_section_that_has_not_sent_after_the_due_date_is_late_by_working_days() -> None:
    form = submitted()
    assert (form.late, form.late_days, form.submission) == (True, 21, None)


def test_sending_on_the_due_date_is_in_time_and_the_day_after_is_late() -> None:
    assert (submitted(4).late, submitted(4).late_days) == (False, 0)
    assert (submitted(5).late, submitted(5).late_days) == (True, 1)


def test_a_correction_that_is_sent_later_does_not_make_a_section_late() -> None:
    form = submitted(3, 20)
    assert form.late is False
    assert form.submission is not None
    assert form.submission.at == OPENED + timedelta(days=20)


def test_a_value_saved_after_sending_is_noticed() -> None:
    sent = event(2, Event.SUBMITTED, OPENED + timedelta(days=1), section_id="pem")

    def changed_since(saved_at: datetime) -> bool:
        placed = (section("pem"), indicator("a", "pem"), target("a"), cycle(), sent, entry("a", 1, entered_at=saved_at))
        return section_form(office(*placed), "pem", PERIOD, NOW).changed_since

    assert changed_since(OPENED + timedelta(hours=1)) is False
    assert changed_since(OPENED + timedelta(days=2)) is True


# --- the capaian while typing ------------------------------------------------------------------------------------


def typed(text: str, *, unit: str = "%", aggregation: str = "posisi akhir", earlier: tuple[int, ...] = ()):
    quarters = [entry("a", value, period=Period(2026, n)) for n, value in enumerate(earlier, start=1)]
    placed = (section("pem"), indicator("a", "pem", unit=unit, aggregation=aggregation), target("a", 95), cycle())
    found = office(*placed, entry("a", None), *quarters)
    current = found.entry("a", PERIOD)
    assert current is not None
    return found, preview(found, current, {"actual": text})


def test_the_preview_is_what_saving_would_give() -> None:
    _, result = typed("83,33")
    assert result.to_date.formula == "83,33 / 95 × 100"
    assert round(result.to_date.value, 2) == Decimal("87.72")
    assert result.rating.label == "Tinggi"


def test_the_preview_takes_the_earlier_quarters_in() -> None:
    _, result = typed("90", unit="dokumen", aggregation="jumlah", earlier=(95, 100))
    assert (result.actual_to_date, result.target_to_date.low) == (285, 285)


def test_a_preview_of_something_unreadable_says_so_and_shows_no_figure() -> None:
    _, result = typed("1.250", unit="dokumen")
    assert (result.to_date.outcome, result.to_date.value) == (Outcome.UNREADABLE, None)
    assert "1,25" in result.problem.message()


def test_the_preview_of_an_empty_field_is_no_zero() -> None:
    _, result = typed("")
    assert (result.to_date.outcome, result.to_date.value) == (Outcome.NOT_MEASURED, None)


def test_a_preview_changes_nothing_for_others() -> None:
    found, _ = typed("83,33")
    current = found.entry("a", PERIOD)
    assert current is not None
    assert current.actual.missing


# --- the due date ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (datetime(2026, 10, 1, 8, 0, tzinfo=WIB), date(2026, 10, 5)),  # Thursday; 15 minutes and two working days
        (datetime(2026, 10, 5, 8, 0, tzinfo=WIB), date(2026, 10, 7)),
        (datetime(2026, 10, 3, 9, 0, tzinfo=WIB), date(2026, 10, 7)),  # a Saturday counts from Monday
    ],
)
def test_data_are_due_after_the_standard_times_in_working_days(opened: datetime, due: date) -> None:
    assert collection_due(office(), PERIOD, opened) == due


def test_a_holiday_moves_the_due_date() -> None:
    opened = datetime(2026, 10, 5, 8, 0, tzinfo=WIB)
    holiday = {"id": "l", "day": date(2026, 10, 6), "kind": "libur nasional", "name": "", "basis": "SKB"}
    assert collection_due(office((schema.HOLIDAY, holiday)), PERIOD, opened) == date(2026, 10, 8)
