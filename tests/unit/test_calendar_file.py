"""Calendar files: what RFC 5545 asks of every line, and which dates of a quarter stand in one."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.domain.clock import WIB
from services.domain.sop import STEP_COUNT
from services.views.calendar_file import FOLD_AT, Appointment, calendar_file, due_dates, escaped, folded
from services.views.office import Office
from tests.unit.offices import NOW, PERIOD, cycle, exception, finished, indicator, office, section, setting

STAMP = datetime(2026, 10, 1, 8, 0, tzinfo=WIB)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def values(data: bytes, name: str) -> list[str]:
    return [line.partition(":")[2] for line in unfolded(data) if line.partition(":")[0].split(";")[0] == name]


def one(appointment: Appointment, found: Office | None = None) -> bytes:
    return calendar_file(found or office(setting("nama_kecamatan", "Silaut")), "Jadwal", [appointment], STAMP)


@given(TEXT)
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_the_line_back(line: str) -> None:
    line = line.replace("\r", "").replace("\n", "")
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= FOLD_AT for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line


@given(TEXT)
def test_whatever_somebody_wrote_stays_within_its_line(text: str) -> None:
    data = one(Appointment("a", text, date(2026, 10, 5), details=text))
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(data)]
    assert names.count("BEGIN") == names.count("END") == 2
    assert names.count("SUMMARY") == 1
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_what_separates_values_is_escaped() -> None:
    assert escaped("satu, dua; tiga\\empat\nlima") == "satu\\, dua\\; tiga\\\\empat\\nlima"


def test_a_date_is_one_whole_day() -> None:
    data = one(Appointment("a", "Tenggat", date(2026, 10, 5)))
    assert b"DTSTART;VALUE=DATE:20261005\r\nDTEND;VALUE=DATE:20261006\r\n" in data


def test_a_moment_is_written_in_utc_whatever_zone_it_came_in() -> None:
    start, end = datetime(2026, 10, 5, 9, 0, tzinfo=WIB), datetime(2026, 10, 5, 11, 0, tzinfo=WIB)
    data = one(Appointment("a", "Monev", start, end))
    assert b"DTSTART:20261005T020000Z\r\nDTEND:20261005T040000Z\r\n" in data


def test_the_same_appointment_keeps_its_uid_when_it_moves() -> None:
    before, after = (one(Appointment("tenggat-2026-3", "Tenggat", date(2026, 10, day))) for day in (5, 9))
    assert values(before, "UID") == values(after, "UID") == ["tenggat-2026-3@kecamatan-silaut.monev"]


def test_the_same_data_make_the_same_bytes_at_any_time() -> None:
    found = office(section("pem"), indicator("a", "pem"), cycle(), *finished(2))
    assert due_dates(found, PERIOD, NOW) == due_dates(found, PERIOD, NOW.replace(second=30))
    assert values(due_dates(found, PERIOD, NOW), "DTSTAMP")[0] == "20261003T010000Z"


def test_steps_that_are_done_are_left_out_and_those_ahead_say_that_they_are_a_forecast() -> None:
    titles = values(due_dates(office(cycle(), *finished(2)), PERIOD, NOW), "SUMMARY")
    steps = [title for title in titles if "langkah" in title]
    assert len(steps) == STEP_COUNT - 2
    assert steps[0].startswith("Tenggat langkah 3")
    assert all(title.startswith("Perkiraan tenggat langkah") for title in steps[1:])


def test_tenggat_and_kunci_stand_in_the_calendar_until_the_figures_are_locked() -> None:
    running = office(cycle(locks_on=date(2026, 10, 16)))
    locked = office(cycle(locks_on=date(2026, 10, 16), locked_at=NOW))
    assert values(due_dates(running, PERIOD, NOW), "SUMMARY")[:2] == [
        "Tenggat data Triwulan III 2026",
        "Kunci data Triwulan III 2026",
    ]
    assert "Kunci data Triwulan III 2026" not in values(due_dates(locked, PERIOD, NOW), "SUMMARY")


def test_an_exception_stands_in_the_calendar_while_it_lasts() -> None:
    data = due_dates(office(section("pem"), cycle(), exception("pem", date(2026, 11, 4))), PERIOD, NOW)
    over = due_dates(office(section("pem"), cycle(), exception("pem", date(2026, 11, 2))), PERIOD, NOW)
    assert b"Batas pengecualian Pem" in data
    assert b"Batas pengecualian" not in over


def test_invented_data_say_so_in_a_calendar_too() -> None:
    titles = values(due_dates(office(setting("contoh", "ya"), cycle()), PERIOD, NOW), "SUMMARY")
    assert all("CONTOH" in title for title in titles)
