"""Strict reading and Indonesian writing of numbers, money, targets and dates.

What a person typed is understood, missing (blank, "-", "NA"), or a :class:`Problem`; it is never guessed and never
dropped. Nothing here raises on a cell, whatever stands in it. All texts of problems are for the person who typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from enum import StrEnum
from functools import cache, lru_cache

from services.domain.clock import WIB
from services.domain.indicators import ROMAN, Bounds, Period

Cell = str | Decimal | int | float | bool | date | datetime | None

NONE_MARK = "-"
NOT_MEASURED_MARK = "NA"

NBSP = "\u00a0"
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

MAX_DECIMALS = 4
LARGEST = Decimal(10) ** 15
FIRST_YEAR = 1900
FRACTION_TARGET = Decimal(50)

_TYPED_LENGTH = 60
_LONGEST_VALUE = 100
_MISSING = frozenset({"", "-", "–", "—", "na", "n/a"})
_INDONESIAN_MARKS = str.maketrans(",.", ".,")
_PERCENT = frozenset({"%", "persen"})
_RUPIAH = frozenset({"rp", "rp.", "rupiah"})

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_AMBIGUOUS = re.compile(r"(?!0[.,])[0-9]{1,3}[.,][0-9]{3}")
_DOT_GROUPS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+([.,][0-9]+)?")
_NUMBER_AND_UNIT = re.compile(r"([-−+]?)([0-9][0-9.,]*) ?(.*)")
_UNIT_TEXT = re.compile(r"[^\W\d_]\D*|%")
_MONEY = re.compile(r"([-−]?) ?(rp\.? ?)?([-−]?)([0-9][0-9.,]*?)([.,] ?[-–]+)?( ?rupiah)?", re.IGNORECASE)
_TO = r"[-–—]|\b(?:s\.d\.?|s/d|sd|sampai(?: dengan)?|hingga)"
_RANGE = re.compile(rf"(.*?[0-9].*?) ?(?:{_TO}) ?([0-9].*)", re.IGNORECASE)
_MONTH_TYPED = (
    "jan(uari|uary)?|feb(ruari|ruary)?|mar(et|ch)?|apr(il)?|mei|may|jun[ie]?|jul[iy]?|agu(stus)?|ags|aug(ust)?"
    "|sept?(ember)?|okt(ober)?|oct(ober)?|nov(ember)?|des(ember)?|dec(ember)?"
)
_DATE_LIKE = re.compile(
    r"[0-9]{1,4}[/-][0-9]{1,2}([/-][0-9]{2,4})?"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"
    rf"|[0-9]{{1,2}}[ /-]({_MONTH_TYPED})([ /-][0-9]{{2,4}})?",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WORD_DATE = re.compile(r"(?:([a-z']+),? )?([0-9]{1,2}) ([a-z]+)\.? ([0-9]{4})", re.IGNORECASE)


class ProblemKind(StrEnum):
    """What is wrong with a cell; the value is what a person reads."""

    AMBIGUOUS = "bermakna ganda"
    NOT_A_NUMBER = "bukan angka"
    NOT_A_DATE = "bukan tanggal"
    ERROR_VALUE = "galat rumus"
    DATE = "terbaca sebagai tanggal"
    BOOLEAN = "nilai benar/salah"
    UNIT = "satuan berbeda"
    FRACTION_OF_PERCENT = "pecahan dari persen"
    RANGE = "rentang"
    NEGATIVE = "negatif"
    OUT_OF_RANGE = "di luar batas"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell was not understood: what stands there, the reason, and what to write instead."""

    kind: ProblemKind
    typed: str
    why: str
    suggestion: str

    def message(self) -> str:
        """The whole finding in one line, without the place, which only the caller knows."""
        return f"Tertulis “{self.typed}”: {self.why} {self.suggestion}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, a problem, or neither: then the cell is missing, which is not zero."""

    value: Decimal | None = None
    problem: Problem | None = None

    @property
    def missing(self) -> bool:
        return self.value is None and self.problem is None


@dataclass(frozen=True, slots=True)
class TargetReading:
    """A target, a problem, or neither: then no target is set."""

    value: Bounds | None = None
    problem: Problem | None = None


# --- reading -----------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """The text on one line: any run of spaces and line breaks is one space; invisible characters are gone."""
    return " ".join(_INVISIBLE.sub("", text).split())


def read_number(cell: Cell, unit: str = "", *, percent_format: bool = False, target: Bounds | None = None) -> Reading:
    """A realisasi. A numeric cell is taken as it is, a text by the strict grammar of :func:`_parse`.

    ``unit`` is the satuan of the indicator: a unit in the text must be the satuan, in any case, or its first three or
    more letters. ``percent_format`` says that the spreadsheet shows the numeric cell as a percentage (0.8 is 80).
    A number from over 0 to 1 without any percent sign, where the satuan is % and the target is at least
    ``FRACTION_TARGET``, is a problem: 0.8 may mean 80 %. Written as "0,8%" it is accepted.
    """
    if _is_one_of(unit, _RUPIAH):
        return read_money(cell)
    if isinstance(cell, str):
        return _read_text(clean(cell), unit, target)
    reading = _read_numeric(cell)
    if reading.value is None:
        return reading
    if percent_format:
        return _from_percent_format(reading.value, unit)
    return _unless_fraction(reading.value, cell, unit, target)


def read_money(cell: Cell) -> Reading:
    """An amount in rupiah, never negative.

    Marked as rupiah ("Rp", ",-" or "rupiah") one dot group is thousands, for rupiah have no thousandths: "Rp 1.250" is
    1250. Without such a mark "1.250" stays ambiguous, as in any other text.
    """
    reading = _read_money_text(clean(cell)) if isinstance(cell, str) else _read_numeric(cell)
    if reading.value is not None and reading.value < 0:
        why, suggestion = "jumlah uang tidak boleh negatif.", "Tulis tanpa tanda minus, atau periksa rumusnya."
        return Reading(problem=_problem(ProblemKind.NEGATIVE, cell, why, suggestion))
    return reading


def read_target(cell: Cell, unit: str = "", *, percent_format: bool = False) -> TargetReading:
    """A target: one number, or a range such as "80 - 90" or "80 s.d. 90"; never negative."""
    text = clean(cell) if isinstance(cell, str) else ""
    ends = _RANGE.fullmatch(text) if len(text) <= _LONGEST_VALUE else None
    if ends is None:
        reading = read_number(cell, unit, percent_format=percent_format)
        return _target(cell, reading, reading)
    return _target(cell, read_number(ends[1], unit), read_number(ends[2], unit))


def read_date(cell: Cell) -> date | Problem | None:
    """A date, a problem, or None where nothing stands.

    Texts: "13 Agustus 2024", "13 Agu 2024", "Selasa, 13 Agustus 2024", "2024-08-13", and "13/08/2024" in the
    Indonesian order of day, month, year.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date) or cell is None:
        return cell
    if not isinstance(cell, str):
        return _not_a_date(cell)
    text = clean(cell)
    if text.casefold() in _MISSING:
        return None
    return (_date_from_text(text) if len(text) <= _LONGEST_VALUE else None) or _not_a_date(text)


def _read_numeric(cell: Cell) -> Reading:
    """A cell that is not text."""
    if cell is None:
        return Reading()
    if isinstance(cell, bool):
        return _boolean(cell)
    if isinstance(cell, date):
        return _date_cell(cell)
    if not isinstance(cell, int | float | Decimal):
        return _not_a_number(cell)
    value = Decimal(float.__repr__(cell)) if isinstance(cell, float) else Decimal(cell)
    return _within_limits(value, cell) if value.is_finite() else _not_a_number(cell)


def _read_text(text: str, unit: str, target: Bounds | None) -> Reading:
    reading = _never_a_number(text)
    if reading is not None:
        return reading
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        return _not_a_number(text)
    sign, digits, suffix = match.groups()
    if suffix and not _same_unit(suffix, unit):
        return _other_unit(text, suffix, unit) if _UNIT_TEXT.fullmatch(suffix) else _not_a_number(text)
    parsed = _parse(digits, sign, text)
    if parsed.value is None or suffix:
        return parsed
    return _unless_fraction(parsed.value, text, unit, target)


def _read_money_text(text: str) -> Reading:
    reading = _never_a_number(text)
    if reading is not None:
        return reading
    match = _MONEY.fullmatch(text)
    if match is None:
        return _not_a_number(text, "Tulis lengkap dengan angka, misalnya Rp 1.250.000, tanpa “juta” atau “ribu”.")
    minus, prefix, inner_minus, digits, no_cents, word = match.groups()
    marked = bool(prefix or no_cents or word)
    return _parse(digits, minus or inner_minus, text, dots_group=marked)


def _never_a_number(text: str) -> Reading | None:
    """Missing marks and texts that are certainly no number; None: the text may hold one."""
    if text.casefold() in _MISSING:
        return Reading()
    if len(text) > _LONGEST_VALUE:
        return _not_a_number(text)
    if text.startswith("#"):
        why, suggestion = "rumus di sel ini gagal.", "Perbaiki rumusnya, atau tulis nilainya langsung."
        return Reading(problem=_problem(ProblemKind.ERROR_VALUE, text, why, suggestion))
    if _DATE_LIKE.fullmatch(text):
        return _date_cell(text)
    if _RANGE.fullmatch(text):
        why, suggestion = "ini rentang, bukan satu angka.", "Tulis satu angka saja."
        return Reading(problem=_problem(ProblemKind.RANGE, text, why, suggestion))
    return None


def _parse(digits: str, sign: str, typed: str, *, dots_group: bool = False) -> Reading:
    """Digits with dots and commas.

    Several groups of three are thousands; both marks together: the last is the decimal mark; one mark with other than
    three digits after it is a decimal mark; one mark with three digits is ambiguous, unless a single 0 stands before.
    """
    minus = "-" if sign in ("-", "−") else ""
    one_group = _AMBIGUOUS.fullmatch(digits) is not None
    if one_group and not (dots_group and "." in digits):
        return _ambiguous(minus, digits, typed)
    if one_group or _DOT_GROUPS.fullmatch(digits):
        plain = digits.replace(".", "").replace(",", ".")
    elif _COMMA_GROUPS.fullmatch(digits):
        plain = digits.replace(",", "")
    elif _PLAIN.fullmatch(digits):
        plain = digits.replace(",", ".")
    else:
        return _not_a_number(typed)
    return _within_limits(Decimal(minus + plain), typed)


def _target(cell: Cell, low: Reading, high: Reading) -> TargetReading:
    problem = low.problem or high.problem
    if problem is not None:
        is_range = low is not high
        return TargetReading(problem=replace(problem, typed=_typed(cell)) if is_range else problem)
    if low.value is None or high.value is None:
        return TargetReading()
    if low.value < 0:
        why, suggestion = "target tidak boleh negatif.", "Tulis target 0 atau lebih."
        return TargetReading(problem=_problem(ProblemKind.NEGATIVE, cell, why, suggestion))
    if low.value > high.value:
        why = "batas bawah lebih besar dari batas atas."
        suggestion = f"Tulis {unambiguous(high.value)} - {unambiguous(low.value)} bila itu maksudnya."
        return TargetReading(problem=_problem(ProblemKind.RANGE, cell, why, suggestion))
    return TargetReading(Bounds(low.value, high.value))


def _from_percent_format(value: Decimal, unit: str) -> Reading:
    percent = value.scaleb(2)
    return Reading(percent) if _is_one_of(unit, _PERCENT) else _other_unit(f"{unambiguous(percent)}%", "%", unit)


def _unless_fraction(value: Decimal, cell: Cell, unit: str, target: Bounds | None) -> Reading:
    doubtful = target is not None and target.low >= FRACTION_TARGET and 0 < value <= 1
    if not doubtful or not _is_one_of(unit, _PERCENT):
        return Reading(value)
    plain, hundredfold = unambiguous(value), unambiguous(value.scaleb(2))
    why = "satuannya % dan targetnya jauh lebih tinggi; mungkin maksudnya ×100."
    suggestion = f"Tulis {hundredfold}% bila maksudnya {hundredfold} persen, atau {plain}% bila memang {plain} persen."
    return Reading(problem=_problem(ProblemKind.FRACTION_OF_PERCENT, cell, why, suggestion))


def _within_limits(value: Decimal, typed: Cell) -> Reading:
    if abs(value) < LARGEST:
        return Reading(value or Decimal(0))  # "-0" is 0
    why, suggestion = "angka ini terlalu besar untuk masuk akal.", "Periksa jumlah digitnya."
    return Reading(problem=_problem(ProblemKind.OUT_OF_RANGE, typed, why, suggestion))


@lru_cache(maxsize=1024)
def _is_one_of(unit: str, names: frozenset[str]) -> bool:
    return clean(unit).casefold() in names


def _same_unit(typed: str, unit: str) -> bool:
    if _is_one_of(unit, _PERCENT):
        return _is_one_of(typed, _PERCENT)
    written, wanted = _unit_key(typed), _unit_key(unit)
    return bool(wanted) and (written == wanted or (len(written) >= 3 and wanted.startswith(written)))


def _unit_key(unit: str) -> str:
    return re.sub("[ -]+", " ", clean(unit).casefold().rstrip(". "))


def _date_from_text(text: str) -> date | None:
    if match := _ISO_DATE.fullmatch(text):
        return _calendar_date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC_DATE.fullmatch(text):
        return _calendar_date(int(match[4]), int(match[3]), int(match[1]))
    if match := _WORD_DATE.fullmatch(text):
        found = _calendar_date(int(match[4]), _month_number(match[3]), int(match[2]))
        wrong_day = found and match[1] and match[1].casefold().replace("'", "") != DAYS[found.weekday()].casefold()
        return None if wrong_day else found
    return None


def _calendar_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= FIRST_YEAR else None
    except ValueError:
        return None


def _month_number(name: str) -> int:
    """1 to 12 for a full name or its first three letters, else 0, which is no month."""
    wanted = name.casefold()
    return next((n for n, m in enumerate(MONTHS, 1) if wanted in (m.casefold(), m[:3].casefold())), 0)


# --- problems ----------------------------------------------------------------------------------------------------


def _problem(kind: ProblemKind, cell: object, why: str, suggestion: str) -> Problem:
    return Problem(kind, _typed(cell), why, suggestion)


def _typed(cell: object) -> str:
    """What stands in the cell, on one line and short enough for a message."""
    match cell:
        case bool():
            text = "TRUE" if cell else "FALSE"
        case date():
            text = f"{cell.day}/{cell.month}/{cell.year}"
        case int():
            text = str(Decimal(cell))
        case float() | Decimal():
            text = str(cell).replace(".", ",")
        case _:
            text = clean(str(cell))
    return text if len(text) <= _TYPED_LENGTH else text[: _TYPED_LENGTH - 1] + "…"


def _ambiguous(minus: str, digits: str, typed: str) -> Reading:
    """Name both readings, each in a form that is read without doubt."""
    whole, decimal = int(re.sub("[.,]", "", digits)), Decimal(minus + digits.replace(",", "."))
    words = ("minus " if minus else "") + _spell(whole)
    mark = "titik" if "." in digits else "koma"
    why = f"{mark} di sini dapat berarti ribuan atau desimal."
    suggestion = f"Tulis {minus}{whole} bila maksudnya {words}, atau {unambiguous(decimal)} bila maksudnya desimal."
    return Reading(problem=_problem(ProblemKind.AMBIGUOUS, typed, why, suggestion))


def _not_a_number(cell: object, suggestion: str = "") -> Reading:
    suggestion = suggestion or "Tulis dengan angka 0–9, misalnya 12 atau 83,33; tulis NA bila tidak diukur."
    return Reading(problem=_problem(ProblemKind.NOT_A_NUMBER, cell, "ini tidak terbaca sebagai angka.", suggestion))


def _not_a_date(cell: object) -> Problem:
    suggestion = "Tulis seperti 13 Agustus 2024 atau 13/08/2024."
    return _problem(ProblemKind.NOT_A_DATE, cell, "ini tidak terbaca sebagai tanggal yang ada.", suggestion)


def _boolean(cell: bool) -> Reading:
    why, suggestion = "sel ini berisi kotak centang atau nilai benar/salah.", "Tulis angkanya."
    return Reading(problem=_problem(ProblemKind.BOOLEAN, cell, why, suggestion))


def _date_cell(cell: object) -> Reading:
    why = "ini terbaca sebagai tanggal, bukan angka; lembar kerja mengubah 3/4 atau 1-2 menjadi tanggal."
    suggestion = "Ubah format sel menjadi teks, lalu tulis angkanya kembali, misalnya 0,75 untuk tiga per empat."
    return Reading(problem=_problem(ProblemKind.DATE, cell, why, suggestion))


def _other_unit(typed: str, suffix: str, unit: str) -> Reading:
    wanted = clean(unit)
    why = f"satuan “{_typed(suffix)}” berbeda dari satuan indikator “{wanted}”."
    suggestion = f"Tulis angkanya dalam {wanted}, atau perbaiki satuan indikatornya."
    if not wanted:
        why = f"indikator ini belum bersatuan, jadi “{_typed(suffix)}” tidak dapat diperiksa."
        suggestion = "Isi satuan indikatornya, atau tulis angkanya saja."
    return Reading(problem=_problem(ProblemKind.UNIT, typed, why, suggestion))


def unambiguous(value: Decimal) -> str:
    """The exact value in a form that :func:`_parse` reads without doubt: no thousands, never three decimals."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    return f"{whole},{decimals}{'0' if len(decimals) == 3 else ''}" if decimals else whole


_ONES = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def _spell(number: int) -> str:
    """0 to 999.999 in words, as in "seribu dua ratus lima puluh"."""
    return " ".join(_words(number).split()) or "nol"


def _words(number: int) -> str:
    if number < 12:
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    if number < 100:
        return f"{_ONES[number // 10]} puluh {_ONES[number % 10]}"
    if number < 1000:
        hundreds = "seratus" if number < 200 else f"{_ONES[number // 100]} ratus"
        return f"{hundreds} {_words(number % 100)}"
    thousands = "seribu" if number < 2000 else f"{_words(number // 1000)} ribu"
    return f"{thousands} {_words(number % 1000)}"


# --- writing -----------------------------------------------------------------------------------------------------


def round_half_up(value: Decimal, places: int = 0) -> Decimal:
    """Rounded as in school, away from zero at the half; for a value of any size."""
    unit = _unit(places)
    try:
        return value.quantize(unit, rounding=ROUND_HALF_UP)
    except InvalidOperation:  # more digits than usual
        with localcontext() as context:
            context.prec = value.adjusted() + places + 2
            return value.quantize(unit, rounding=ROUND_HALF_UP)


@cache
def _unit(places: int) -> Decimal:
    """The last decimal: 0.01 for two places."""
    return Decimal((0, (1,), -places))


def format_number(value: Decimal, places: int | None = None) -> str:
    """``1.250.000,5``. Without ``places`` as many decimals as needed, at most ``MAX_DECIMALS``."""
    rounded = round_half_up(value, MAX_DECIMALS if places is None else places)
    text = f"{rounded.copy_abs():,f}"
    if places is None:
        text = text.rstrip("0").rstrip(".")
    return ("-" if rounded < 0 else "") + text.translate(_INDONESIAN_MARKS)


def format_percent(value: Decimal, places: int = 1) -> str:
    """``88,0 %``, held together by a no-break space."""
    return f"{format_number(value, places)}{NBSP}%"


def format_money(value: Decimal) -> str:
    """``Rp 1.250.000``; two decimals where the amount has any."""
    cents = round_half_up(value, 2)
    return f"Rp{NBSP}{format_number(cents, 0 if cents == cents.to_integral_value() else 2)}"


def format_bounds(b: Bounds, unit: str = "") -> str:
    """A target with its unit: ``95 %``, ``80–90 %``, ``12 laporan``."""
    text = f"{format_number(b.low)}–{format_number(b.high)}" if b.is_range else format_number(b.low)
    name = clean(unit)
    if not name:
        return text
    return f"{text}{NBSP}%" if name == "%" else f"{text} {name}"


def format_date(d: date) -> str:
    """``13 Agustus 2024``."""
    return f"{d.day} {MONTHS[d.month - 1]} {d.year}"


def format_day(d: date) -> str:
    """``Rabu, 4 November 2026``."""
    return f"{DAYS[d.weekday()]}, {format_date(d)}"


def format_short_date(d: date) -> str:
    """``18 Agu``."""
    return f"{d.day} {MONTHS[d.month - 1][:3]}"


def format_datetime(dt: datetime) -> str:
    """``3 November 2026 10.20``; a moment with a time zone is shown in WIB."""
    return f"{format_date(_local(dt))} {format_time(dt)}"


def format_time(dt: datetime) -> str:
    """``10.20``; a moment with a time zone is shown in WIB."""
    return f"{_local(dt):%H.%M}"


def _local(dt: datetime) -> datetime:
    return dt.astimezone(WIB) if dt.tzinfo else dt


def format_period(p: Period) -> str:
    """``Triwulan III 2026``."""
    return f"Triwulan {ROMAN[p.quarter]} {p.year}"


def official_period(p: Period) -> str:
    """``Triwulan III Tahun 2026``, as official papers write it."""
    return f"Triwulan {ROMAN[p.quarter]} Tahun {p.year}"


def short_period(p: Period) -> str:
    """``TW III``."""
    return f"TW {ROMAN[p.quarter]}"


def period_range(p: Period) -> str:
    """``1 Juli – 30 September 2026``."""
    first = 3 * p.quarter - 2
    last_day = 31 if p.quarter in (1, 4) else 30
    return f"1 {MONTHS[first - 1]} – {last_day} {MONTHS[first + 1]} {p.year}"


NIP_SUGGESTION = "NIP terdiri atas 18 angka, misalnya 19720605 199303 1 005. Kosongkan bila tidak ada."


def read_nip(text: str) -> str | None:
    """The digits of a NIP, however it is grouped; "" for none, None for what is no NIP."""
    digits = re.sub(r"\s", "", text)
    return digits if re.fullmatch("([0-9]{18})?", digits) else None


def format_nip(nip: str) -> str:
    """``19720605 199303 1 005``: birth date, month of appointment, sex, serial; anything but 18 digits as it is."""
    digits = read_nip(nip)
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if digits else nip


def place_and_date(place: str, d: date) -> str:
    """``Silaut, 13 Agustus 2024``."""
    return f"{place}, {format_date(d)}"


def format_age(seconds: int) -> str:
    """How long ago: ``baru saja``, ``2 menit lalu``, ``3 jam lalu``, ``5 hari lalu``."""
    if seconds < 60:
        return "baru saja"
    if seconds < 3600:
        return f"{seconds // 60} menit lalu"
    return f"{seconds // 3600} jam lalu" if seconds < 86400 else f"{seconds // 86400} hari lalu"
