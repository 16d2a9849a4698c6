"""What a person's typing becomes in a spreadsheet of a locale, and how values are shown there."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

EPOCH = date(1899, 12, 30)
ENGLISH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
INDONESIAN = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
INDONESIAN_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@dataclass(frozen=True, slots=True)
class Locale:
    """The marks by which a locale reads and shows numbers, dates and times."""

    decimal: str
    group: str
    day_first: bool
    time_mark: str
    currency: str
    months: tuple[str, ...]
    days: tuple[str, ...]
    date_pattern: str


INDONESIA = Locale(",", ".", True, ".", "Rp", INDONESIAN, INDONESIAN_DAYS, "dd/mm/yyyy")
LOCALES = {
    "en_US": Locale(".", ",", False, ":", "$", ENGLISH, ENGLISH_DAYS, "m/d/yyyy"),
    "en_GB": Locale(".", ",", True, ":", "£", ENGLISH, ENGLISH_DAYS, "dd/mm/yyyy"),
    "in_ID": INDONESIA,
    "id_ID": INDONESIA,
    "de_DE": Locale(",", ".", True, ":", "€", ENGLISH, ENGLISH_DAYS, "dd.mm.yyyy"),
    "fr_FR": Locale(",", "\u202f", True, ":", "€", ENGLISH, ENGLISH_DAYS, "dd/mm/yyyy"),
}
DEFAULT = LOCALES["en_US"]


def locale_of(name: str) -> Locale:
    return LOCALES.get(name, DEFAULT)


@dataclass(frozen=True, slots=True)
class Typed:
    """The value that typing gave, and the number format that came with it."""

    value: dict[str, Any]
    number_format: dict[str, str] | None = None


def typed(text: str, locale: Locale, today: date) -> Typed:
    """USER_ENTERED: as if a person had typed the text into the cell."""
    if text == "":
        return Typed({})
    if text.startswith("'"):
        return Typed({"stringValue": text[1:]})
    if text.startswith("=") and len(text) > 1:
        return Typed({"formulaValue": text})
    stripped = text.strip()
    if stripped.upper() in {"TRUE", "FALSE"}:
        return Typed({"boolValue": stripped.upper() == "TRUE"})
    for reader in (as_number, as_date, as_time, as_moment):
        found = reader(stripped, locale, today)
        if found is not None:
            return found
    return Typed({"stringValue": text})


def as_number(text: str, locale: Locale, today: date) -> Typed | None:
    sign, body = signed(text)
    percent = body.endswith("%")
    body = body.removesuffix("%").strip()
    money = body.startswith(locale.currency)
    body = body.removeprefix(locale.currency).strip()
    digits = plain_digits(body, locale)
    if digits is None:
        return None
    value = sign * float(digits) / (100 if percent else 1)
    if math.isinf(value):
        return None
    return Typed({"numberValue": tidy(value)}, number_pattern(body, locale, percent, money))


def signed(text: str) -> tuple[int, str]:
    if text.startswith("(") and text.endswith(")") and len(text) > 2:
        return -1, text[1:-1].strip()
    if text[:1] in "+-" and len(text) > 1:
        return (-1 if text[0] == "-" else 1), text[1:].strip()
    return 1, text


def plain_digits(body: str, locale: Locale) -> str | None:
    """The digits as Python reads them, or None; groups of thousands have at least three digits after each mark."""
    decimal, group = re.escape(locale.decimal), re.escape(locale.group)
    found = re.match(rf"^(\d+(?:{group}\d{{3,}})*)?(?:{decimal}(\d*))?([eE][+-]?\d{{1,3}})?$", body, re.ASCII)
    if not found or not (found[1] or found[2]):
        return None
    whole = (found[1] or "0").replace(locale.group, "")
    return f"{whole}.{found[2] or '0'}{found[3] or ''}"


def number_pattern(body: str, locale: Locale, percent: bool, money: bool) -> dict[str, str] | None:
    places = len(body.partition(locale.decimal)[2]) if locale.decimal in body else 0
    fraction = ".00" if places else ""
    if percent:
        return {"type": "PERCENT", "pattern": f"0{fraction}%"}
    if money:
        return {"type": "CURRENCY", "pattern": f'"{locale.currency}"#,##0{fraction}'}
    if "e" in body.lower():
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    return {"type": "NUMBER", "pattern": f"#,##0{fraction}"} if locale.group in body else None


def as_date(text: str, locale: Locale, today: date) -> Typed | None:
    found = re.match(r"^(\d{4})-(\d{1,2})-(\d{1,2})$", text, re.ASCII)
    if found:
        return dated(int(found[1]), int(found[2]), int(found[3]), "yyyy-mm-dd")
    found = re.match(r"^(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?$", text, re.ASCII)
    if found:
        first, second = int(found[1]), int(found[3])
        day, month = (first, second) if locale.day_first else (second, first)
        short = "d/m" if locale.day_first else "m/d"
        pattern = f"{short}/yyyy" if found[4] else short
        return dated(full_year(found[4], today), month, day, pattern.replace("/", found[2]))
    return named_date(text, locale, today)


def named_date(text: str, locale: Locale, today: date) -> Typed | None:
    found = re.match(r"^(\d{1,2})[ -]([A-Za-z]+)(?:[ -](\d{4}))?$", text) or None
    if found is None:
        return None
    for at, month in enumerate(locale.months, 1):
        if found[2].lower() in {month.lower(), month[:3].lower()}:
            word = "mmmm" if len(found[2]) > 3 else "mmm"
            return dated(full_year(found[3], today), at, int(found[1]), f"d {word} yyyy" if found[3] else f"d {word}")
    return None


def full_year(text: str | None, today: date) -> int:
    if text is None:
        return today.year
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def dated(year: int, month: int, day: int, pattern: str) -> Typed | None:
    if not (1900 <= year <= 9999 and 1 <= month <= 12) or not 1 <= day <= monthrange(year, month)[1]:
        return None
    serial = (date(year, month, day) - EPOCH).days
    return Typed({"numberValue": serial}, {"type": "DATE", "pattern": pattern})


def as_time(text: str, locale: Locale, today: date) -> Typed | None:
    marks = re.escape(":" + locale.time_mark)
    found = re.match(rf"^(\d{{1,2}})([{marks}])(\d{{2}})(?:\2(\d{{2}}))?$", text, re.ASCII)
    if not found or int(found[1]) > 23 or int(found[3]) > 59 or int(found[4] or 0) > 59:
        return None
    seconds = int(found[1]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
    pattern = "hh:mm:ss" if found[4] else "hh:mm"
    return Typed({"numberValue": tidy(seconds / 86400)}, {"type": "TIME", "pattern": pattern})


def as_moment(text: str, locale: Locale, today: date) -> Typed | None:
    day, gap, time = text.partition(" ")
    first, second = as_date(day, locale, today), as_time(time, locale, today) if gap else None
    if first is None or second is None or first.number_format is None or second.number_format is None:
        return None
    pattern = f"{first.number_format['pattern']} {second.number_format['pattern']}"
    value = first.value["numberValue"] + second.value["numberValue"]
    return Typed({"numberValue": tidy(value)}, {"type": "DATE_TIME", "pattern": pattern})


def tidy(value: float) -> int | float:
    """Whole numbers are sent without a decimal point."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value


TOKENS = re.compile(r'"[^"]*"|\\.|AM/PM|am/pm|y+|m+|d+|h+|s+|.', re.S | re.I)


def shown(value: float, number_format: dict[str, str] | None, locale: Locale) -> str:
    """FORMATTED_VALUE of a number."""
    kind = (number_format or {}).get("type", "")
    pattern = (number_format or {}).get("pattern", "")
    if kind in {"DATE", "TIME", "DATE_TIME"}:
        return shown_date(value, pattern or default_pattern(kind, locale), locale)
    if kind == "TEXT" or not kind or (kind == "NUMBER" and not pattern):
        return automatic(value, locale)
    return shown_number(value, pattern or DEFAULT_PATTERNS.get(kind, "#,##0.00"), locale)


DEFAULT_PATTERNS = {"PERCENT": "0.00%", "CURRENCY": "#,##0.00", "SCIENTIFIC": "0.00E+00"}


def default_pattern(kind: str, locale: Locale) -> str:
    return {"DATE": locale.date_pattern, "TIME": "hh:mm:ss"}.get(kind, f"{locale.date_pattern} hh:mm:ss")


def automatic(value: float, locale: Locale) -> str:
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.10g}" if 1e-5 <= abs(value) < 1e15 else f"{value:.5E}"
    if "E" in text or "e" in text:
        mantissa, _, power = text.upper().partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa}E{int(power):+03d}"
    return text.replace(".", locale.decimal)


def shown_number(value: float, pattern: str, locale: Locale) -> str:
    part = pattern.split(";")[0]
    core = re.search(r"[#0][#0,]*(?:\.[#0]+)?(?:E\+0+)?", part)
    if not core:
        return automatic(value, locale)
    percent = "%" in part
    body = core_text(abs(value) * (100 if percent else 1), core[0], locale)
    prefix, suffix = literal(part[: core.start()]), literal(part[core.end() :])
    return ("-" if value < 0 else "") + prefix + body + suffix


def literal(text: str) -> str:
    return re.sub(r"\\(.)|\"([^\"]*)\"|\[[^\]]*\]|_.|\*.", lambda m: m[1] or m[2] or "", text)


def core_text(value: float, core: str, locale: Locale) -> str:
    whole, _, fraction = core.partition(".")
    if "E" in core:
        mantissa, _, power = f"{value:.{len(fraction.partition('E')[0])}E}".partition("E")
        return f"{mantissa.replace('.', locale.decimal)}E{int(power):+03d}"
    least = fraction.count("0")
    text = f"{value:,.{len(fraction)}f}" if "," in whole else f"{value:.{len(fraction)}f}"
    if len(fraction) > least and "." in text:
        head, _, tail = text.partition(".")
        kept = tail[:least] + tail[least:].rstrip("0")
        text = f"{head}.{kept}" if kept else head
    return text.translate({ord(","): locale.group, ord("."): locale.decimal})


def shown_date(value: float, pattern: str, locale: Locale) -> str:
    seconds = round((value - int(value // 1)) * 86400)
    try:
        day = EPOCH + timedelta(days=int(value // 1) + seconds // 86400)
    except OverflowError:
        return automatic(value, locale)
    clock = seconds % 86400
    half = "am/pm" in pattern.lower()
    tokens = TOKENS.findall(pattern)
    return "".join(
        date_token(token, day, clock, locale, is_minutes(tokens, at), half) for at, token in enumerate(tokens)
    )


def is_minutes(tokens: list[str], at: int) -> bool:
    """The m after hours or before seconds."""
    marks = [(place, token[0].lower()) for place, token in enumerate(tokens) if token[0].lower() in "hsymd"]
    before = [mark for place, mark in marks if place < at]
    after = [mark for place, mark in marks if place > at]
    return before[-1:] == ["h"] or after[:1] == ["s"]


def date_token(token: str, day: date, clock: int, locale: Locale, minutes: bool, half: bool) -> str:
    mark, size = token[0].lower(), len(token)
    if token.lower() == "am/pm":
        return "AM" if clock < 43200 else "PM"
    if mark == "y":
        return f"{day.year:04d}" if size > 2 else f"{day.year % 100:02d}"
    if mark == "m" and minutes:
        return f"{clock // 60 % 60:0{min(size, 2)}d}"
    if mark == "m":
        return month_name(day, size, locale) if size > 2 else f"{day.month:0{size}d}"
    if mark == "d":
        name = locale.days[day.weekday()]
        return (name if size > 3 else name[:3]) if size > 2 else f"{day.day:0{size}d}"
    if mark == "h":
        hour = clock // 3600
        return f"{(hour % 12 or 12) if half else hour:0{min(size, 2)}d}"
    if mark == "s":
        return f"{clock % 60:0{min(size, 2)}d}"
    return literal(token) if token[0] in '"\\' else token


def month_name(day: date, size: int, locale: Locale) -> str:
    name = locale.months[day.month - 1]
    return name if size > 3 else name[:3]
