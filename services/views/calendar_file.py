"""Calendar files (.ics, RFC 5545) that any telephone or calendar program takes in.

The same data make the same bytes: nothing here reads a clock, and an appointment keeps its UID, so that a file read in
again moves what stands in the calendar already instead of doubling it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.domain.indicators import Period
from services.domain.numbers import format_period, format_time
from services.domain.process import Progress, StepState
from services.views.office import Cycle, Office
from services.views.steps import Steps, steps_of

MIME = "text/calendar"
FOLD_AT = 75
"""Longest line in octets, without its end (RFC 5545, section 3.1)."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPECIAL = re.compile(r"([\\;,])")
_PRODUCT = "-//Monev Silaut//ID"


@dataclass(frozen=True, slots=True)
class Appointment:
    """``key`` names it among the office's appointments for good. Dates without a time are whole days.

    ``end`` is the first moment, or the first day, after it; None: a moment, or one whole day.
    """

    key: str
    title: str
    start: date
    end: date | None = None
    details: str = ""
    place: str = ""


def calendar_file(office: Office, title: str, appointments: Iterable[Appointment], stamp: datetime) -> bytes:
    """The file. ``stamp``: when what it says was last settled, taken from the data."""
    host = re.sub(r"[^a-z0-9]+", "-", office.profile.title.lower()).strip("-") or "kantor"
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(title)}",
        "X-WR-TIMEZONE:Asia/Jakarta",
        *(line for item in appointments for line in _event(item, host, stamp)),
        "END:VCALENDAR",
    )
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def due_dates(office: Office, period: Period, now: datetime) -> bytes:
    """Every date of a quarter that is still ahead or not kept: tenggat, kunci, exceptions, and the steps not done.

    A step that has not begun is due when the ones before it presumably end; it says so.
    """
    cycle, steps = office.cycles[period], steps_of(office, period, now)
    appointments = (*_dates_of_data(office, cycle, now), *_dates_of_steps(office, period, steps))
    title = f"Tenggat {format_period(period)}, {office.profile.title}"
    return calendar_file(office, title, appointments, _settled(office, cycle))


def _dates_of_data(office: Office, cycle: Cycle, now: datetime) -> Iterator[Appointment]:
    period = cycle.period
    about = _about(office, f"data {format_period(period)}")
    yield Appointment(f"tenggat-{period.key}", f"Tenggat {about}", cycle.due_on, details="Sesudahnya terlambat.")
    if cycle.locks_on and cycle.locked_at is None:
        yield Appointment(f"kunci-{period.key}", f"Kunci {about}", cycle.locks_on, details="Sesudahnya isian ditutup.")
    for section in office.sections:
        exception = office.exception(period, section.id)
        if exception and exception.is_valid(now):
            title = f"Batas pengecualian {section.short}, {about}"
            key = f"pengecualian-{period.key}-{section.id}"
            yield Appointment(key, title, exception.until, details=exception.reason)


def _dates_of_steps(office: Office, period: Period, steps: Steps) -> Iterator[Appointment]:
    expected = {item.no: item.end for item in steps.expected}
    for item in steps.items:
        due = item.due_at or expected.get(item.step.no)
        if item.state is not StepState.DONE and due is not None:
            yield _step(office, period, item, due)


def _step(office: Office, period: Period, item: Progress, due: datetime) -> Appointment:
    guess = "" if item.due_at else "Perkiraan t"
    title = f"{guess or 'T'}enggat langkah {item.step.no}: {item.step.procedure}"
    holders = " dan ".join(role.label for role in item.step.executor)
    details = f"{format_period(period)}, pukul {format_time(due)}. Dipegang {holders or 'belum ditetapkan'}."
    return Appointment(f"langkah-{period.key}-{item.step.no}", _about(office, title), due.date(), details=details)


def _about(office: Office, text: str) -> str:
    """Invented data say that they are, in a calendar too."""
    return f"{text} (CONTOH)" if office.profile.sample else text


def _settled(office: Office, cycle: Cycle) -> datetime:
    events = (e.at for e in office.events.get(cycle.period, ()))
    exceptions = (e.at for e in office.exceptions.get(cycle.period, ()))
    return max((cycle.opened_at, *events, *exceptions))


# --- the format --------------------------------------------------------------------------------------------------


def _event(item: Appointment, host: str, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(item.key)}@{host}.monev"
    yield f"DTSTAMP:{_utc(stamp)}"
    yield f"DTSTART{_when(item.start)}"
    if (end := item.end or _day_after(item.start)) is not None:
        yield f"DTEND{_when(end)}"
    yield f"SUMMARY:{escaped(item.title)}"
    if item.details:
        yield f"DESCRIPTION:{escaped(item.details)}"
    if item.place:
        yield f"LOCATION:{escaped(item.place)}"
    yield "TRANSP:TRANSPARENT" if not isinstance(item.start, datetime) else "TRANSP:OPAQUE"
    yield "END:VEVENT"


def _day_after(start: date) -> date | None:
    return None if isinstance(start, datetime) else start + timedelta(days=1)


def _when(moment: date) -> str:
    return f":{_utc(moment)}" if isinstance(moment, datetime) else f";VALUE=DATE:{moment:%Y%m%d}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A value of the type TEXT (RFC 5545, section 3.3.11), free of what no calendar takes."""
    lines = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPECIAL.sub(r"\\\1", lines).replace("\n", "\\n")


def folded(line: str) -> str:
    """Long lines broken so that none is longer than ``FOLD_AT`` octets and no letter is cut in two."""
    parts, room = [""], FOLD_AT
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append(" ")
            room = FOLD_AT - 1
        parts[-1] += letter
        room -= size
    return "\r\n".join(parts)
