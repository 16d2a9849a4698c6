"""Rules that find what is doubtful in the office's data. Each names what is wrong, why, and what to write instead.

A rule never changes a value and never guesses: what it finds is asked. Where cells stand, and which answers were given
already, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.domain.indicators import Bounds, Period
from services.domain.numbers import (
    Problem,
    ProblemKind,
    clean,
    format_bounds,
    format_money,
    format_number,
    format_period,
    unambiguous,
)

BLANK = "(kosong)"
TENFOLD, HUNDREDFOLD = Decimal(8), Decimal(80)  # a slipped comma seldom hits ten or a hundred exactly


class Severity(StrEnum):
    """How much hangs on it."""

    WRONG = "salah"  # the value cannot count, or cannot be right
    DOUBTFUL = "meragukan"  # it counts, and may be wrong
    MISSING = "belum ada"  # nothing stands there


class FindingKind(StrEnum):
    """What is found; the value is what a person reads."""

    UNREADABLE = "angka tidak terbaca"
    AMBIGUOUS = "angka bermakna ganda"
    ERROR_VALUE = "galat rumus"
    DATE = "terbaca sebagai tanggal"
    UNIT = "satuan berbeda"
    FRACTION = "nilai 0 sampai 1"
    CHANGED = "berubah setelah dikirim"
    OVER_BUDGET = "realisasi melewati pagu"
    BUDGET_MULTIPLE = "kelipatan tepat pagu"
    NO_BUDGET = "pagu nol"
    TENFOLD = "lompatan sepuluh kali"
    HUNDREDFOLD = "lompatan seratus kali"
    SWAPPED = "target dan realisasi tertukar"
    SENT_WITH_GAPS = "dikirim dengan kekosongan"
    NO_EVIDENCE = "bukti belum ada"
    NO_ROW = "baris isian tidak ada"
    LOST_INDICATOR = "indikator tidak ada"
    DUPLICATE = "indikator ganda"
    CODE = "kode berubah bentuk"
    NO_POLARITY = "arah belum diisi"
    NO_TARGET = "target belum ada"
    UNKNOWN_WORD = "pilihan tidak dikenal"
    SETTING = "setelan tidak dapat dipakai"
    NIP = "NIP di spreadsheet bersama"
    SHEET = "sel tidak dapat dipakai"

    @property
    def severity(self) -> Severity:
        if self in _MISSING:
            return Severity.MISSING
        return Severity.WRONG if self in _WRONG else Severity.DOUBTFUL

    @property
    def acceptable(self) -> bool:
        """Whether it can be accepted as it stands; a cell without a value or a broken row can only be corrected."""
        return self not in _WRONG or self in (FindingKind.OVER_BUDGET, FindingKind.BUDGET_MULTIPLE)


_MISSING = frozenset(
    {FindingKind.NO_EVIDENCE, FindingKind.SENT_WITH_GAPS, FindingKind.NO_TARGET, FindingKind.NO_POLARITY}
)
_WRONG = frozenset(
    {
        FindingKind.UNREADABLE,
        FindingKind.AMBIGUOUS,
        FindingKind.ERROR_VALUE,
        FindingKind.DATE,
        FindingKind.UNIT,
        FindingKind.FRACTION,
        FindingKind.OVER_BUDGET,
        FindingKind.BUDGET_MULTIPLE,
        FindingKind.NO_ROW,
        FindingKind.LOST_INDICATOR,
        FindingKind.UNKNOWN_WORD,
        FindingKind.SETTING,
        FindingKind.NIP,
        FindingKind.SHEET,
    }
)
_BY_PROBLEM = {
    ProblemKind.AMBIGUOUS: FindingKind.AMBIGUOUS,
    ProblemKind.ERROR_VALUE: FindingKind.ERROR_VALUE,
    ProblemKind.DATE: FindingKind.DATE,
    ProblemKind.UNIT: FindingKind.UNIT,
    ProblemKind.FRACTION_OF_PERCENT: FindingKind.FRACTION,
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says about a value; where the value stands is added by whoever asked."""

    kind: FindingKind
    why: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubtful cell: what stands there (``typed``), why it is doubtful, and what to write.

    ``column`` is "" where a whole row is meant (``row_id`` is the indicator's where the row is missing), and so is
    ``row_id`` where a whole table is; ``indicator_id`` and ``section_id`` where the finding belongs to none.
    """

    kind: FindingKind
    table: str
    row_id: str
    column: str
    indicator_id: str
    section_id: str
    typed: str
    why: str
    suggestion: str

    @property
    def severity(self) -> Severity:
        return self.kind.severity


def unreadable(problem: Problem) -> Remark:
    """A cell that the strict reading refused."""
    return Remark(_BY_PROBLEM.get(problem.kind, FindingKind.UNREADABLE), problem.why, problem.suggestion)


def against_budget(spent: Decimal | None, budget: Decimal | None) -> Remark | None:
    """Spending above the budget of the year; an exact multiple points to a slipped zero or a repeated sum."""
    if spent is None or not budget or spent <= budget:
        return None
    times = spent / budget
    if times == times.to_integral_value():
        why = f"pagunya {format_money(budget)}; realisasi tepat {format_number(times)} kali pagu."
        return Remark(FindingKind.BUDGET_MULTIPLE, why, "Periksa jumlah nolnya.")
    why = f"pagunya {format_money(budget)}, jadi lebih {format_money(spent - budget)}."
    return Remark(FindingKind.OVER_BUDGET, why, "Periksa jumlah digitnya, atau perbarui pagunya bila sudah berubah.")


def empty_budget(budget: Decimal | None) -> Remark | None:
    if budget is None or budget != 0:
        return None
    why = "pagu 0 berarti serapan tidak dapat dihitung."
    return Remark(FindingKind.NO_BUDGET, why, "Tulis pagunya, atau kosongkan bila indikator ini tidak beranggaran.")


def leap(actual: Decimal | None, before: Decimal | None, when: Period) -> Remark | None:
    """Ten or a hundred times more or less than last time (``before``, of the quarter ``when``)."""
    if not actual or not before or (actual < 0) != (before < 0):
        return None
    times = max(actual / before, before / actual)
    if times < TENFOLD:
        return None
    kind = FindingKind.HUNDREDFOLD if times >= HUNDREDFOLD else FindingKind.TENFOLD
    way = "naik" if abs(actual) > abs(before) else "turun"
    why = f"{format_period(when)}: {format_number(before)}; kini {way} menjadi {format_number(actual)}."
    return Remark(kind, why, "Periksa letak koma dan jumlah nolnya; terima dengan alasan bila memang demikian.")


def swapped(
    actual: Decimal | None, targets: Sequence[Bounds | None], quarter: int, last: tuple[Bounds | None, Decimal | None]
) -> Remark | None:
    """Target and realisasi of a quarter in each other's place.

    ``targets`` are those of TW I to IV, ``last`` target and realisasi of the quarter before. The realisasi equals the
    target of all other quarters while the target is another number, or the pair is the one of the last quarter turned
    round.
    """
    target = targets[quarter - 1]
    if actual is None or target is None or target.is_range or target.low == actual:
        return None
    others = {t for n, t in enumerate(targets, start=1) if n != quarter}
    usual = others == {Bounds.exactly(actual)}
    turned = last[0] == Bounds.exactly(actual) and last[1] == target.low
    if not (usual or turned):
        return None
    why = f"target triwulan ini {format_bounds(target)}, sedangkan {format_number(actual)} adalah target biasanya."
    return Remark(FindingKind.SWAPPED, why, "Periksa apakah target dan realisasi tertulis di kolom yang benar.")


def unwanted_nip() -> Remark:
    """A NIP in a shared sheet of an office that keeps none there."""
    why = "kantor tidak mengizinkan NIP di spreadsheet bersama, sebab semua yang membukanya dapat membacanya."
    return Remark(FindingKind.NIP, why, "Kosongkan sel ini, atau izinkan di halaman Kantor bagian Data pribadi.")


_PERCENTAGE = re.compile(r"\bp(?:er|ro|re)sentase\b")
_ACCOUNT_CODE = re.compile(r"[0-9X](\.[0-9]{2}(\.[0-9]{2}(\.[0-9]\.[0-9]{2}(\.([0-9]{2}|[0-9]{4}))?)?)?)?")


def name_key(name: str) -> str:
    """The same for two names that differ in Persentase/Prosentase/Presentase, case, spaces and full stops only."""
    return _PERCENTAGE.sub("persentase", clean(name).casefold().rstrip(". "))


def duplicate(other_code: str) -> Remark:
    """Another indicator, of this code, bears the same name."""
    where = f" dengan kode {other_code}" if other_code else ""
    why = f"nama ini juga dipakai indikator lain{where}, bila ejaan, huruf besar, dan spasinya disamakan."
    return Remark(FindingKind.DUPLICATE, why, "Nonaktifkan salah satunya, atau bedakan namanya.")


def broken_code(code: str) -> Remark | None:
    """A number or a date that a spreadsheet made of an account code; other codes (IKU.1) are the office's own."""
    text = clean(code)
    if not text or not text[0].isdigit() or _ACCOUNT_CODE.fullmatch(text):
        return None
    why = "ini bukan kode rekening utuh; lembar kerja mengubah kode yang bukan teks menjadi angka atau tanggal."
    return Remark(
        FindingKind.CODE, why, "Ubah format sel menjadi teks, lalu tulis kodenya, misalnya 7.01.02.2.01.0001."
    )


def choices(problem_typed: str) -> tuple[str, ...]:
    """The two readings of an ambiguous number, each in a form that is read without doubt; none where it is no such.

    ``1.250`` and ``1,250`` may be 1250 or 1,25.
    """
    digits = clean(problem_typed)
    match = re.fullmatch(r"([-−]?)([0-9]{1,3})[.,]([0-9]{3})( .*)?", digits)
    if match is None:
        return ()
    sign = "-" if match[1] else ""
    whole = Decimal(f"{sign}{match[2]}{match[3]}")
    return unambiguous(whole), unambiguous(Decimal(f"{sign}{match[2]}.{match[3]}"))
