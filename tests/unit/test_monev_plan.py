"""The plan of the monev: days, hours, officers and focus that are proposed, and what speaks against a plan."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.indicators import Period
from services.domain.monev import HOURS, read_hour, spread
from services.domain.roles import Role
from services.store import schema
from services.store.store import Value
from services.views.monev import (
    clashes,
    doubts,
    proposed_focus,
    proposed_schedule,
    schedule_calendar,
    visit,
    visiting_span,
    visits,
)
from services.views.office import Office
from tests.unit.offices import (
    NOW,
    OPENED,
    PERIOD,
    Placed,
    _row,
    cycle,
    entry,
    finished,
    indicator,
    office,
    section,
    target,
)
from tests.unit.sample_store import office_in, sample_store


def planned(section_id: str, **values: Value) -> Placed:
    place: dict[str, Value] = {"year": PERIOD.year, "quarter": PERIOD.quarter, "section_id": section_id}
    return _row(schema.MONEV, place | values)


def holiday(day: date, name: str) -> Placed:
    return _row(schema.HOLIDAY, {"day": day, "kind": "libur nasional", "name": name, "basis": "SKB"})


def official(role: Role, name: str, section_id: str = "") -> Placed:
    return _row(schema.OFFICIAL, {"post": role.label, "name": name, "role": role.value, "section_id": section_id})


def of_sections(*placed: Placed) -> Office:
    sections = ("pkp", "kesos", "yanum")
    return office(
        *(section(s, order=n) for n, s in enumerate(sections)),
        *(indicator(f"i-{s}", s) for s in sections),
        official(Role.SEKRETARIS, "Sekretaris A"),
        official(Role.PKP, "Kasubag B", "pkp"),
        cycle(),
        *finished(4),
        *placed,
    )


# --- days and hours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["9", "9.00", "09:00", "09.00 WIB", " 9:00 "])
def test_an_hour_is_read_in_any_usual_way(typed: str) -> None:
    assert read_hour(typed) == "09.00"


@pytest.mark.parametrize("typed", ["", "pagi", "24.00", "9.60", "9.0", "-1"])
def test_what_is_no_hour_is_not_read(typed: str) -> None:
    assert read_hour(typed) is None


@given(st.integers(0, 40), st.integers(0, 9))
def test_visits_are_spread_evenly_and_never_meet(count: int, length: int) -> None:
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(length)]
    found = spread(count, days)
    assert len(found) == len(set(found)) == min(count, length * len(HOURS))
    assert [day for day, _ in found] == sorted(day for day, _ in found)
    each = [sum(day == other for other, _ in found) for day in days]
    assert not each or max(each) - min(each) <= 1


# --- proposals ---------------------------------------------------------------------------------------------------


def test_step_5_gives_the_days_of_the_schedule() -> None:
    span = visiting_span(of_sections(), PERIOD, NOW)
    assert span
    assert span.first == (OPENED + timedelta(days=4)).date()


def test_before_the_quarter_is_opened_there_is_no_schedule() -> None:
    assert visiting_span(of_sections(), Period(2027, 1), NOW) is None
    assert proposed_schedule(of_sections(), Period(2027, 1), NOW) == ()


def test_nobody_visits_the_own_section() -> None:
    early = OPENED + timedelta(days=4)
    found = {p.section.id: p.officer for p in proposed_schedule(of_sections(), PERIOD, early)}
    assert found["pkp"] == "Sekretaris A"
    assert set(found.values()) == {"Sekretaris A", "Kasubag B"}


def test_only_working_days_that_are_left_are_proposed() -> None:
    late = OPENED + timedelta(days=8)
    found = of_sections(holiday(date(2026, 10, 12), "Hari libur"))
    days = [p.day for p in proposed_schedule(found, PERIOD, late)]
    assert len(days) == 3
    assert all(found.calendar.is_working_day(day) and day >= late.date() for day in days)


def test_a_section_that_has_a_day_keeps_it() -> None:
    early = OPENED + timedelta(days=4)
    found = proposed_schedule(of_sections(planned("kesos", planned_on=date(2026, 10, 7))), PERIOD, early)
    assert [p.section.id for p in found] == ["pkp", "yanum"]


def test_the_focus_names_the_weakest_and_the_missing_indicators() -> None:
    found = office(
        section("kesos"),
        *(indicator(f"i{n}", "kesos", order=n) for n in range(5)),
        *(target(f"i{n}") for n in range(5)),
        cycle(),
        *(entry(f"i{n}", value) for n, value in enumerate((40, 90, 60, 120))),
        entry("i4", None),
    )
    text = proposed_focus(found, PERIOD, "kesos")
    weakest = "Jumlah i0 (capaian 40,0\u00a0%); Jumlah i2 (capaian 60,0\u00a0%); Jumlah i1 (capaian 90,0\u00a0%)"
    assert text.startswith(f"Capaian terendah: {weakest}.")
    assert "Realisasi belum ada: Jumlah i4." in text
    assert "Jumlah i3" not in text


# --- what speaks against a plan ----------------------------------------------------------------------------------


def test_weekends_holidays_and_days_outside_step_5_are_warned_of() -> None:
    found = of_sections(
        holiday(date(2026, 10, 12), "Hari Jadi Kabupaten"),
        planned("pkp", planned_on=date(2026, 10, 10)),
        planned("kesos", planned_on=date(2026, 10, 12)),
        planned("yanum", planned_on=date(2026, 11, 30)),
    )
    span = visiting_span(found, PERIOD, NOW)
    said = [doubts(found, v, span) for v in visits(found, PERIOD)]
    assert said[0] == ("10 Oktober 2026 bukan hari kerja: akhir pekan.",)
    assert said[1] == ("12 Oktober 2026 bukan hari kerja: Hari Jadi Kabupaten.",)
    assert said[2][0].startswith("30 November 2026 di luar waktu langkah 5, ")


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        (("Budi", 7, "09.00"), ("budi", 7, "09.00"), True),
        (("Budi", 7, "09.00"), ("Budi", 7, ""), True),
        (("Budi", 7, "09.00"), ("Budi", 7, "13.30"), False),
        (("Budi", 7, "09.00"), ("Budi", 8, "09.00"), False),
        (("Budi", 7, "09.00"), ("Citra", 7, "09.00"), False),
        (("", 7, "09.00"), ("", 7, "09.00"), False),
    ],
)
def test_one_officer_cannot_be_at_two_sections_at_once(
    first: tuple[str, int, str], second: tuple[str, int, str], meet: bool
) -> None:
    rows = [
        planned(s, officer=who, planned_on=date(2026, 10, day), planned_at=hour)
        for s, (who, day, hour) in zip(("kesos", "yanum"), (first, second), strict=True)
    ]
    assert bool(clashes(visits(of_sections(*rows), PERIOD))) is meet


# --- calendar ----------------------------------------------------------------------------------------------------


def test_the_calendar_has_one_appointment_for_each_planned_visit() -> None:
    found = of_sections(
        planned("kesos", planned_on=date(2026, 10, 7), planned_at="09.00", officer="Sekretaris A", place="Aula"),
        planned("yanum", planned_on=date(2026, 10, 8), planned_at="a.b"),
    )
    text = schedule_calendar(found, PERIOD).decode()
    assert text.count("BEGIN:VEVENT") == 2
    assert "DTSTART:20261007T020000Z" in text
    assert "LOCATION:Aula" in text
    assert "DTSTART;VALUE=DATE:20261008" in text


def test_the_sample_visits_every_section_with_indicators(tmp_path: Path) -> None:
    found = office_in(sample_store(tmp_path))
    assert len(visits(found, PERIOD)) == 7
    assert visit(found, "tidak-ada", PERIOD) is None
