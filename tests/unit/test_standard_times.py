"""Mutu baku, forecast and Gantt: real times by the office's own record."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from statistics import median

from services.charts.gantt import gantt, gantt_table
from services.charts.palette import DARK, LIGHT
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.sop import SOP_2024, STEP_COUNT, Event
from services.views.standards import standards_of
from services.views.steps import real_minutes, steps_of, typical_minutes
from tests.unit.offices import NOW, OPENED, PERIOD, cycle, event, finished, indicator, office, section

FIRST, SECOND = Period(2026, 1), Period(2026, 2)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=WIB)


def test_the_real_time_of_a_step_is_working_time_from_the_end_of_the_one_before() -> None:
    done = (event(1, Event.FINISHED, at(1, 8, 10)), event(2, Event.FINISHED, at(2, 9, 10)))
    assert real_minutes(office(cycle(), *done), PERIOD)[:3] == (10, 9 * 60, None)


def test_a_pause_is_no_working_time_of_the_step() -> None:
    paused = (event(1, Event.PAUSED, at(1, 9)), event(1, Event.RESUMED, at(1, 11)), event(1, Event.FINISHED, at(1, 12)))
    assert real_minutes(office(cycle(), *paused), PERIOD)[0] == 2 * 60


def test_all_rounds_of_a_correction_count() -> None:
    day = OPENED + timedelta(days=20)
    rounds = (
        event(11, Event.RETURNED, day),
        event(10, Event.FINISHED, day + timedelta(hours=2)),
        event(11, Event.VERIFIED, day + timedelta(hours=3)),
        event(11, Event.FINISHED, day + timedelta(hours=4)),
    )
    plain = real_minutes(office(cycle(), *finished(10)), PERIOD)
    again = real_minutes(office(cycle(), *finished(10), *rounds), PERIOD)
    assert (again[9] or 0) - (plain[9] or 0) == 120


def test_the_forecast_uses_standard_times_until_two_quarters_are_finished() -> None:
    before = (cycle(FIRST, OPENED - timedelta(days=180)), cycle())
    minutes, cycles = typical_minutes(office(*before), PERIOD)
    assert cycles == 0
    assert minutes[1] == 2 * 8 * 60


def test_the_forecast_uses_the_offices_own_times_from_two_finished_quarters_on() -> None:
    earlier = []
    for period, days in ((FIRST, 180), (SECOND, 90)):
        opened = OPENED - timedelta(days=days)
        earlier += [cycle(period, opened), *finished(STEP_COUNT, period=period, opened_at=opened)]
    placed = office(*earlier, cycle())
    minutes, cycles = typical_minutes(placed, PERIOD)
    assert cycles == 2
    taken = zip(real_minutes(placed, FIRST), real_minutes(placed, SECOND), strict=True)
    assert minutes == tuple(round(median((a or 0, b or 0))) for a, b in taken)
    assert steps_of(placed, PERIOD, OPENED).own_cycles == 2


def test_rates_count_only_what_was_measured() -> None:
    placed = office(section("pem"), indicator("a", "pem"), cycle(), event(1, Event.FINISHED, at(1, 8, 10)))
    found = standards_of(placed)
    assert [(s.in_time, s.measured) for s in found.steps[:2]] == [(1, 1), (0, 0)]
    assert found.steps[1].typical is None
    assert found.sections[0].in_time == (None,)


def test_a_section_is_in_time_by_the_first_time_it_gave_its_data() -> None:
    sent = [event(2, Event.SUBMITTED, OPENED + timedelta(days=d), section_id="pem") for d in (1, 9)]
    found = standards_of(office(section("pem"), indicator("a", "pem"), cycle(), *sent))
    assert found.sections[0].in_time == (True,)


def test_the_gantt_has_a_bar_of_plan_for_every_step_and_today() -> None:
    steps = steps_of(office(cycle(), *finished(6)), PERIOD, NOW)
    for palette in (LIGHT, DARK):
        records = gantt(steps, NOW, palette)["data"]["values"]
        kinds = [r["kind"] for r in records]
        assert kinds.count("plan") == STEP_COUNT
        assert kinds.count("today") == 1
        assert kinds.count("real") == 6
        assert kinds.count("expected") == STEP_COUNT - 6
        assert all(r["b"] >= r["a"] for r in records)


def test_the_gantt_shades_weekends_and_is_plain_json() -> None:
    spec = gantt(steps_of(office(cycle()), PERIOD, OPENED), OPENED, LIGHT)
    off = [r["a"] for r in json.loads(json.dumps(spec))["data"]["values"] if r["kind"] == "off"]
    assert {(OPENED + timedelta(days=n)).weekday() for n in off} == {5, 6}


def test_the_table_of_the_gantt_says_what_is_not_done() -> None:
    _, rows = gantt_table(steps_of(office(cycle(), *finished(1)), PERIOD, OPENED + timedelta(days=1)))
    assert len(rows) == len(SOP_2024)
    begun, ended, expected = rows[1][2:5]
    assert begun
    assert ended == "belum"
    assert expected
