"""Working time of the office: office hours, weekends, holidays and cuti bersama.

One hari is one office day of working minutes; the moment that ends a duration never lies outside working time. All
moments are aware and in WIB; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")


class TimeUnit(StrEnum):
    MINUTE = "menit"
    HOUR = "jam"
    DAY = "hari"
    WEEK = "minggu"


@dataclass(frozen=True, slots=True)
class Duration:
    """Standard time as the SOP writes it, e.g. 2 hari."""

    amount: int
    unit: TimeUnit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the office works. ``holidays`` are all days off besides weekends; ``known_years`` those with data.

    ``days_per_week``: hari in one minggu of the SOP. ``calendar_days``: hari means calendar days, not hari kerja.
    """

    opens: time = time(8)
    closes: time = time(16)
    days_per_week: int = 5
    calendar_days: bool = False
    holidays: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()

    @property
    def minutes_per_day(self) -> int:
        return (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def working_days(self, first: date, last: date) -> int:
        """Number of working days from ``first`` to ``last``, both included."""
        return sum(self.is_working_day(first + timedelta(n)) for n in range((last - first).days + 1))

    def minutes(self, duration: Duration) -> int:
        """Working minutes of a duration; hari means hari kerja, minggu ``days_per_week`` of them."""
        per_unit = {
            TimeUnit.MINUTE: 1,
            TimeUnit.HOUR: 60,
            TimeUnit.DAY: self.minutes_per_day,
            TimeUnit.WEEK: self.minutes_per_day * self.days_per_week,
        }
        return duration.amount * per_unit[duration.unit]

    def add(self, start: datetime, minutes: int) -> datetime:
        """The moment at which so many working minutes after ``start`` are over (at the end of a day: its closing)."""
        left = timedelta(minutes=minutes)
        for begin, end in self._spans(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("the calendar never ends")

    def due(self, start: datetime, duration: Duration) -> datetime:
        """When a duration that begins at ``start`` is over; never outside working time."""
        if self.calendar_days and duration.unit in (TimeUnit.DAY, TimeUnit.WEEK):
            days = duration.amount * (self.days_per_week if duration.unit is TimeUnit.WEEK else 1)
            return self.add(start + timedelta(days=days), 0)
        return self.add(start, self.minutes(duration))

    def between(self, start: datetime, end: datetime) -> int:
        """Working minutes from ``start`` to ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        total = timedelta()
        for begin, close in self._spans(start):
            if begin >= end:
                break
            total += min(close, end) - begin
        return int(total.total_seconds()) // 60

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans from ``start`` on, the first one cut at ``start``."""
        local = start.astimezone(WIB)
        day = local.date()
        while True:
            if self.is_working_day(day):
                begin = max(local, datetime.combine(day, self.opens, WIB))
                end = datetime.combine(day, self.closes, WIB)
                if begin < end:
                    yield begin, end
            day += timedelta(days=1)


def say_minutes(minutes: int, calendar: Calendar) -> str:
    """Working time for people, in its two largest units: ``3 jam 40 menit``, ``2 hari``."""
    days, rest = divmod(abs(minutes), calendar.minutes_per_day)
    hours, rest = divmod(rest, 60)
    parts = [f"{n} {unit}" for n, unit in ((days, "hari"), (hours, "jam"), (rest, "menit")) if n]
    return " ".join(parts[:2]) or "0 menit"
