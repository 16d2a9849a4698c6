"""Rows of a file into entries: what each would do, and doing it, row by row, with the rights of one person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from services.actions.base import ActionError, Context
from services.actions.entries import FIELDS, NUMBER_FIELDS, as_typed, read_field, save_entry, text_problem
from services.domain.indicators import QUARTERS, ROMAN, Indicator, Period
from services.domain.numbers import clean, format_period, unambiguous
from services.domain.roles import RIGHTS, Action, CycleState, allows
from services.store.store import Clash, Conflict, InvalidChange, Receipt, StoreError, Value
from services.views.office import Entry, Office

LABELS = {
    "actual": "realisasi",
    "spent": "anggaran",
    "driver": "pendorong",
    "obstacle": "penghambat",
    "follow_up": "tindak lanjut",
    "evidence": "bukti",
}
"""How a person names the fields of an entry, in the header of a file and in what is said about it."""

_ByCode: TypeAlias = Mapping[str, Sequence[Indicator]]

_QUARTER_NUMBERS = {str(q): q for q in QUARTERS} | {ROMAN[q].casefold(): q for q in QUARTERS}
_QUARTER = re.compile(r"(?:tw|triwulan)?[ .]*([1-4]|i{1,3}|iv)", re.IGNORECASE)
_YEAR = re.compile(r"[0-9]{4}")
_SHOWN_LENGTH = 40


class Verdict(StrEnum):
    """What a row would do; the value is the wording in the preview."""

    NEW = "baru"
    CHANGED = "berubah"
    SAME = "sama"
    REFUSED = "ditolak"

    @property
    def writes(self) -> bool:
        return self in (Verdict.NEW, Verdict.CHANGED)


class Fate(StrEnum):
    """What became of a row; the value is the wording for people."""

    SAVED = "tersimpan"
    SAME = "sama"
    REFUSED = "ditolak"
    CLASHED = "bentrok"
    WAITING = "menunggu terkirim"
    UNSENT = "belum tersimpan"

    @property
    def done(self) -> bool:
        """Whether the person has nothing more to do about the row."""
        return self in (Fate.SAVED, Fate.SAME, Fate.WAITING)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of a file as texts. ``typed`` holds its fields by name, without the blank ones.

    ``line`` is its place in the file, for people; ``problem`` is what the file itself makes unusable, or "".
    """

    line: int
    code: str
    name: str
    year: str
    quarter: str
    typed: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what it would do. ``changed`` are the texts to save; ``detail`` says old and new, or why not."""

    row: ImportRow
    verdict: Verdict
    detail: str
    entry: Entry | None = None
    changed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    judged: Judged
    fate: Fate
    detail: str


Settle: TypeAlias = Callable[[Receipt], tuple[Fate, str]]
"""What became of a row after the store took its transaction, and "" or what there is to say about it."""


def at_once(_receipt: Receipt) -> tuple[Fate, str]:
    """Whatever the store took is saved."""
    return Fate.SAVED, ""


class _Unfit(Exception):
    """Why a row is refused."""


def judge(context: Context, rows: Sequence[ImportRow]) -> tuple[Judged, ...]:
    """The verdict on each row, in their order; nothing is written.

    Rows for the same entry are all refused, since nobody can tell which of them counts.
    """
    by_code = _by_code(context.office)
    placed = [_placed(context, by_code, row) for row in rows]
    lines: dict[str, list[int]] = {}
    for row, place in zip(rows, placed, strict=True):
        if isinstance(place, Entry):
            lines.setdefault(place.id, []).append(row.line)
    return tuple(
        _judged(context.office, row, place, lines[place.id])
        if isinstance(place, Entry)
        else Judged(row, Verdict.REFUSED, place)
        for row, place in zip(rows, placed, strict=True)
    )


def count(judged: Sequence[Judged]) -> Mapping[Verdict, int]:
    """How many rows got each verdict, in the order of the verdicts."""
    found = Counter(j.verdict for j in judged)
    return {verdict: found[verdict] for verdict in Verdict}


def carry_out(context: Context, judged: Sequence[Judged], settle: Settle = at_once) -> Iterator[Outcome]:
    """Write the rows, each as one action, and say of each what became of it.

    A refusal or a clash concerns its own row only. Once the store cannot be written to, the rows after it are not
    tried; the same file may simply be imported again, for what has landed is then the same.
    """
    away = ""
    for item in judged:
        if away and item.verdict.writes:
            yield Outcome(item, Fate.UNSENT, "Tidak dicoba karena baris sebelumnya gagal. Ulangi perintah ini nanti.")
            continue
        try:
            yield _carried_out(context, item, settle)
        except InvalidChange:
            raise
        except StoreError as error:
            away = str(error)
            yield Outcome(item, Fate.UNSENT, away)


def _carried_out(context: Context, item: Judged, settle: Settle) -> Outcome:
    if not item.verdict.writes or item.entry is None or item.changed is None:
        return Outcome(item, Fate.SAME if item.verdict is Verdict.SAME else Fate.REFUSED, item.detail)
    seen = {name: as_typed(item.entry, name) for name in FIELDS}
    try:
        receipt = save_entry(context, item.entry.id, seen, item.changed)
    except ActionError as error:
        return Outcome(item, Fate.REFUSED, str(error))
    except Conflict as error:
        return Outcome(item, Fate.CLASHED, f"{clash_text(error.clashes)} Lihat pratinjau lagi.")
    fate, said = settle(receipt) if receipt else (Fate.SAME, "")
    return Outcome(item, fate, said or item.detail)


def clash_text(clashes: Sequence[Clash]) -> str:
    """The three values of each field that somebody else has changed."""
    parts = (
        f"{LABELS[c.column]}: tadinya {_value(c.seen)}, sekarang {_value(c.found)}, di berkas {_value(c.wanted)}"
        for c in clashes
        if c.column in LABELS
    )
    return f"Sudah diubah orang lain. {'; '.join(parts)}."


def _value(value: Value) -> str:
    return _shown(unambiguous(value) if isinstance(value, Decimal) else str(value or ""))


# --- whose row it is ---------------------------------------------------------------------------------------------


def _placed(context: Context, by_code: _ByCode, row: ImportRow) -> Entry | str:
    """The entry that a row is about and that this person may save, or why there is none."""
    try:
        if row.problem:
            raise _Unfit(row.problem)
        period = _read_period(row)
        candidates = _with_code(by_code, row)
        _check_state(context, period)
        entry = _the_one(context.office, row, candidates, period)
        _check_right(context, entry)
    except _Unfit as error:
        return str(error)
    return entry


def _read_period(row: ImportRow) -> Period:
    quarter = _QUARTER.fullmatch(clean(row.quarter))
    if not _YEAR.fullmatch(clean(row.year)):
        raise _Unfit(f"Tahun “{_shown(row.year)}” tidak terbaca. Tulis empat angka, misalnya 2026.")
    if quarter is None:
        raise _Unfit(f"Triwulan “{_shown(row.quarter)}” tidak terbaca. Tulis 1 sampai 4.")
    return Period(int(clean(row.year)), _QUARTER_NUMBERS[quarter[1].casefold()])


def _by_code(office: Office) -> _ByCode:
    found: dict[str, list[Indicator]] = {}
    for indicator in office.all_indicators:
        found.setdefault(_code_key(indicator.code), []).append(indicator)
    return found


def _with_code(by_code: _ByCode, row: ImportRow) -> Sequence[Indicator]:
    """The indicators with this code; without a code, those that have none, to be told apart by their names."""
    code = _code_key(row.code)
    if not code and not clean(row.name):
        raise _Unfit("Kolom kode kosong. Tulis kode indikatornya.")
    if code not in by_code:
        raise _Unfit(f"Kode “{_shown(row.code)}” tidak ada di kamus indikator. Periksa kodenya.")
    return by_code[code]


def _check_state(context: Context, period: Period) -> None:
    state = context.office.state(period, context.now)
    excepted = any(e.is_valid(context.now) for e in context.office.exceptions.get(period, ()))
    if state not in RIGHTS[Action.SAVE_ENTRY][0] and not excepted:
        raise _Unfit(f"{format_period(period)} {state.value}. Isian hanya dapat diubah selama triwulan terbuka.")


def _the_one(office: Office, row: ImportRow, candidates: Sequence[Indicator], period: Period) -> Entry:
    """The entry meant, as it stands there: the only one with this code in the quarter, and the name never disagrees."""
    stands = office.working(period)
    due = [(clean(i.name), entry) for i in candidates if (entry := stands.entry(i.id, period))]
    if not due:
        raise _Unfit(f"Indikator ini tidak ikut diisi pada {format_period(period)}.")
    wanted = clean(row.name).casefold()
    named = [entry for name, entry in due if not wanted or name.casefold() == wanted]
    names = ", ".join(f"“{name}”" for name, _ in due)
    if not named:
        raise _Unfit(
            f"Kolom indikator berisi “{_shown(row.name)}”, tetapi kode ini milik {names}. "
            "Perbaiki kode atau nama indikatornya."
        )
    if len(named) > 1:
        raise _Unfit(f"Kode ini dipakai {len(due)} indikator. Tulis salah satu di kolom indikator: {names}.")
    return named[0]


def _check_right(context: Context, entry: Entry) -> None:
    office, actor = context.office, context.actor
    owner = office.section(entry.section_id).name
    if not allows(actor, Action.SAVE_ENTRY, CycleState.OPEN, entry.section_id):
        raise _Unfit(f"Indikator ini milik {owner}; {actor.username} ({actor.title}) tidak berwenang mengisinya.")
    state = office.state(entry.period, context.now, entry.section_id)
    if not allows(actor, Action.SAVE_ENTRY, state, entry.section_id):
        raise _Unfit(
            f"{format_period(entry.period)} {state.value} bagi {owner}. Minta pengecualian kepada Kasubag PKP di "
            "halaman Pengumpulan data."
        )


def _code_key(code: str) -> str:
    return clean(code).replace(" ", "").rstrip(".").casefold()


# --- what it says ------------------------------------------------------------------------------------------------


def _judged(office: Office, row: ImportRow, entry: Entry, lines: Sequence[int]) -> Judged:
    if len(lines) > 1:
        others = ", ".join(str(line) for line in lines if line != row.line)
        why = f"Isian yang sama juga ditulis di baris {_shown(others)}. Sisakan satu baris."
        return Judged(row, Verdict.REFUSED, why, entry)
    problems = {name: _problem(office, entry, name, text) for name, text in row.typed.items()}
    if any(problems.values()):
        return Judged(row, Verdict.REFUSED, _listed({n: p for n, p in problems.items() if p}, ": ", " "), entry)
    changed = {n: _saved_text(office, entry, n, t) for n, t in row.typed.items() if not _same(office, entry, n, t)}
    if not changed:
        return Judged(row, Verdict.SAME, "" if row.typed else "Tidak ada nilai di baris ini.", entry)
    old = {name: as_typed(entry, name) for name in changed}
    verdict = Verdict.CHANGED if any(text.strip() for text in old.values()) else Verdict.NEW
    shown = {name: f"{_shown(old[name])} → {_shown(text)}" for name, text in changed.items()}
    return Judged(row, verdict, _listed(shown, " ", "; "), entry, changed)


def _problem(office: Office, entry: Entry, field: str, text: str) -> str:
    if field in NUMBER_FIELDS:
        problem = read_field(office, entry, field, text).problem
        return problem.message() if problem else ""
    if "\0" in text:
        return "Teks ini memuat karakter yang tidak dapat disimpan. Tulis ulang teksnya."
    return text_problem(field, text)


def _same(office: Office, entry: Entry, field: str, text: str) -> bool:
    """Whether the text says what is stored already, perhaps in other words: "80,0" and "80%" are 80."""
    if field not in NUMBER_FIELDS:
        return text == as_typed(entry, field).replace("\r\n", "\n").strip()
    stored = entry.spent if field == "spent" else entry.actual
    value = read_field(office, entry, field, text).value
    if value is not None:
        return value == stored.value
    return clean(text).casefold() == clean(as_typed(entry, field)).casefold()


def _saved_text(office: Office, entry: Entry, field: str, text: str) -> str:
    """ "80%" without its sign where 80 alone is read as the same number, so that it is stored as a number."""
    plain = text.rstrip("% ")
    if field not in NUMBER_FIELDS or plain == text:
        return text
    return plain if read_field(office, entry, field, plain) == read_field(office, entry, field, text) else text


def _listed(texts: Mapping[str, str], between: str, after: str) -> str:
    return after.join(f"{LABELS[name]}{between}{text}" for name, text in texts.items())


def _shown(text: str) -> str:
    line = clean(text)
    return (line if len(line) <= _SHOWN_LENGTH else f"{line[: _SHOWN_LENGTH - 1]}…") or "kosong"
