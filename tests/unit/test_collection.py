"""What each section has given, how punctually, what it still owes, and the reminder that says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from services.domain.clock import WIB
from services.domain.sop import COLLECTING, Event
from services.store import schema
from services.store.store import Value
from services.views.collection import Cell, CellState, Collected, Collection, collection
from services.views.reminders import Reminder, reminder
from tests.unit.offices import (
    PERIOD,
    Placed,
    cycle,
    entry,
    event,
    exception,
    finished,
    indicator,
    office,
    section,
    setting,
    target,
)

DUE, LOCK = date(2026, 10, 5), date(2026, 10, 14)
IN_TIME = datetime(2026, 10, 5, 15, 0, tzinfo=WIB)
TOO_LATE = datetime(2026, 10, 7, 9, 0, tzinfo=WIB)
AFTER_LOCK = datetime(2026, 10, 20, 9, 0, tzinfo=WIB)
BASE = (section("pem", "Pemerintahan"), indicator("a", "pem"), target("a"), cycle(locks_on=LOCK))


def at(now: datetime, *placed: Placed) -> Collection:
    return collection(office(*BASE, *placed), PERIOD, now)


def only(found: Collection) -> Collected:
    (one,) = found.sections
    return one


def cell(found: Collection) -> Cell:
    (one,) = only(found).cells
    return one


def given_in(indicator_id: str, actual: Value, moment: datetime) -> Placed:
    row = {"id": f"{indicator_id}-{moment:%d%H%M}", "year": PERIOD.year, "quarter": PERIOD.quarter, "by": "kasi.pem"}
    return schema.GIVEN, {**row, "indicator_id": indicator_id, "actual": actual, "spent": None, "at": moment}


def written(found: Collection, now: datetime, *placed: Placed) -> str:
    result = reminder(office(*BASE, *placed), found, only(found), now)
    return result.text if result else ""


# --- cells -------------------------------------------------------------------------------------------------------


def test_a_blank_figure_is_missing_and_not_zero() -> None:
    assert cell(at(IN_TIME, entry("a", None))).state is CellState.MISSING
    assert cell(at(IN_TIME, entry("a", 0, entered_at=IN_TIME))).state is CellState.GIVEN


def test_a_figure_after_the_tenggat_is_marked_late() -> None:
    assert cell(at(TOO_LATE, entry("a", 80, entered_at=TOO_LATE))).state is CellState.LATE
    assert cell(at(TOO_LATE, entry("a", 80, entered_at=IN_TIME))).state is CellState.GIVEN


def test_the_whole_day_of_the_tenggat_is_in_time() -> None:
    evening = IN_TIME.replace(hour=23, minute=59)
    assert cell(at(TOO_LATE, entry("a", 80, entered_at=evening))).state is CellState.GIVEN


def test_a_figure_given_in_time_and_corrected_afterwards_is_not_late() -> None:
    corrected = entry("a", 81, entered_at=TOO_LATE)
    found = at(TOO_LATE, corrected, given_in("a", 80, IN_TIME), given_in("a", 81, TOO_LATE))
    assert cell(found).state is CellState.GIVEN


def test_a_blank_that_was_sent_in_time_does_not_make_the_later_figure_punctual() -> None:
    found = at(TOO_LATE, entry("a", 81, entered_at=TOO_LATE), given_in("a", "", IN_TIME), given_in("a", 81, TOO_LATE))
    assert cell(found).state is CellState.LATE


def test_a_figure_that_cannot_be_read_is_doubtful() -> None:
    assert cell(at(IN_TIME, entry("a", "1.250", entered_at=IN_TIME))).state is CellState.DOUBTFUL


def test_a_figure_with_an_open_finding_is_doubtful_though_it_counts() -> None:
    found = at(IN_TIME, entry("a", 80, 2_000_000, entered_at=IN_TIME), target("a", valid_from=2, budget="1.000.000"))
    assert cell(found).state is CellState.DOUBTFUL
    assert found.given == 1


def test_what_is_measured_once_a_year_is_not_owed_before_the_last_quarter() -> None:
    annual = office(
        section("pem"), indicator("a", "pem", aggregation="tahunan"), target("a"), cycle(), entry("a", None)
    )
    found = collection(annual, PERIOD, IN_TIME)
    assert cell(found).state is CellState.ANNUAL
    assert found.due == 0


def test_an_indicator_without_target_is_not_called_annual() -> None:
    bare = office(section("pem"), indicator("a", "pem"), cycle(), entry("a", None))
    assert cell(collection(bare, PERIOD, IN_TIME)).state is CellState.NOT_DUE


# --- sections ----------------------------------------------------------------------------------------------------


def test_a_section_is_complete_once_it_has_sent_and_owes_nothing() -> None:
    full = entry("a", 100, evidence="https://contoh.id/a")
    sent = event(COLLECTING, Event.SUBMITTED, IN_TIME, section_id="pem")
    assert at(IN_TIME, full).incomplete
    assert at(IN_TIME, full, sent).complete
    assert at(IN_TIME, entry("a", None), sent).incomplete


def test_a_section_without_indicators_is_not_waited_for() -> None:
    assert len(at(IN_TIME, section("kosong")).sections) == 1


def test_days_left_are_working_days_with_today_until_the_day_is_over() -> None:
    assert (at(IN_TIME).days_to_due, at(IN_TIME).days_to_lock) == (1, 8)
    assert (at(TOO_LATE).days_to_due, at(TOO_LATE).days_to_lock) == (0, 6)
    assert at(AFTER_LOCK).days_to_lock == 0


def test_after_the_lock_only_an_exception_keeps_a_section_open() -> None:
    assert only(at(TOO_LATE)).is_open
    assert not only(at(AFTER_LOCK)).is_open
    excepted = at(AFTER_LOCK, exception("pem", AFTER_LOCK.date()))
    assert only(excepted).is_open
    assert len(excepted.exceptions) == 1


def test_an_exception_that_is_over_is_none() -> None:
    found = at(AFTER_LOCK, exception("pem", AFTER_LOCK.date() - timedelta(days=1)))
    assert found.exceptions == ()


# --- reminders ---------------------------------------------------------------------------------------------------


def test_the_reminder_names_every_indicator_with_all_that_it_lacks() -> None:
    budget = (target("a", valid_from=2, budget="1.000.000"), entry("a", None))
    text = written(at(IN_TIME, *budget), IN_TIME, *budget)
    assert "0 dari 1 indikator terisi" in text
    assert "1. Jumlah a: realisasi kosong, realisasi anggaran kosong" in text


def test_data_that_are_complete_but_not_sent_are_said_to_be_so() -> None:
    full = entry("a", 100, evidence="https://contoh.id/a")
    assert "sudah terisi (1 dari 1 indikator), tetapi belum dikirim." in written(at(IN_TIME, full), IN_TIME, full)


def test_the_reminder_tells_tenggat_and_kunci_apart() -> None:
    blank = entry("a", None)
    assert "paling lambat Senin, 5 Oktober 2026." in written(at(IN_TIME, blank), IN_TIME, blank)
    late = written(at(TOO_LATE, blank), TOO_LATE, blank)
    assert "Tenggat Senin, 5 Oktober 2026 sudah lewat; data masih diterima sampai Rabu, 14 Oktober 2026." in late
    assert "sudah dikunci; mohon hubungi Kasubag PKP" in written(at(AFTER_LOCK, blank), AFTER_LOCK, blank)
    excepted = (blank, exception("pem", date(2026, 10, 22)))
    assert "dibuka bagi seksi ini sampai Kamis, 22 Oktober" in written(at(AFTER_LOCK, *excepted), AFTER_LOCK, *excepted)


def test_whoever_owes_nothing_is_not_reminded() -> None:
    done = (entry("a", 100, evidence="x"), event(COLLECTING, Event.SUBMITTED, IN_TIME, section_id="pem"))
    assert written(at(IN_TIME, *done), IN_TIME, *done) == ""


def test_nobody_is_reminded_of_an_archived_quarter() -> None:
    over = (entry("a", None), *finished(13))
    assert written(at(AFTER_LOCK, *over), AFTER_LOCK, *over) == ""


def test_a_reminder_of_invented_data_says_so() -> None:
    sample = (setting("contoh", "ya"), entry("a", None))
    assert written(at(IN_TIME, *sample), IN_TIME, *sample).startswith("[CONTOH] ")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_links_hand_over_the_text_as_it_is(text: str) -> None:
    made = Reminder("Data & tenggat", text)
    assert parse_qs(urlsplit(made.whatsapp).query, keep_blank_values=True)["text"] == [text]
    mail = parse_qs(urlsplit(made.mailto).query, keep_blank_values=True)
    assert (mail["subject"], mail["body"]) == (["Data & tenggat"], [text.replace("\n", "\r\n")])
