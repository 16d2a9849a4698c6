"""The chain of the log: each line is sealed by a SHA-256 over all its values, its number and the seal before.

Whoever alters, removes, inserts or moves a line breaks the chain there; to hide it he would have to make all later
seals anew, and the head, which each store keeps in another place than the log. It does not stop somebody who may write
everything and knows how seals are made: the head that ``riwayat periksa`` prints, noted elsewhere, does.

A seal reads ``<number> <digest>``. It is the same on every store, so a log keeps its seals when it moves. Lines of
versions without seals stay unsealed; the first sealed line says by its number how many of them there were.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter

from services.domain.clock import WIB
from services.store.schema import HISTORY
from services.store.sheets_cells import settled
from services.store.store import Log, Row, Value

_SEAL = re.compile(r"([1-9]\d{0,14}) ([0-9a-f]{64})")
_UNSEALED_HEAD = re.compile(r"\d{1,15}")
_ENTRY = HISTORY.column("new")  # "old" is of the same kind
_values = itemgetter(*(name for name in HISTORY.names if name != "seal"))


@dataclass(frozen=True, slots=True)
class Head:
    """Number and digest of the newest line; digest "" where that is not sealed, number 0 for an empty log."""

    number: int = 0
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.digest}".rstrip()


class Tampering(StrEnum):
    """What somebody has done to the log; the value is the wording of the check."""

    ALTERED = "diubah"
    DELETED = "hilang"
    INSERTED = "disisipkan"
    MOVED = "dipindahkan"
    UNSEALED = "segelnya dihapus"
    HEAD = "ujung"


@dataclass(frozen=True, slots=True)
class Fault:
    """One place at which the chain does not hold. ``number``: of the line, or of the first of a run up to ``last``.

    ``line`` is the line that stands there; of deleted ones the one before, None at the beginning.
    """

    kind: Tampering
    number: int
    last: int
    why: str
    line: Row | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found; ``unsealed``: lines of versions without seals. ``head``: what should be noted elsewhere."""

    lines: int
    unsealed: int
    head: Head
    faults: tuple[Fault, ...]


def chained(lines: Sequence[Row], head: Head) -> tuple[tuple[Row, ...], Head]:
    """New lines of the log with their seals, as the next ones after ``head``; and the head with them."""
    sealed = []
    for line in lines:
        head = Head(head.number + 1, _digest(head.digest, head.number + 1, line))
        sealed.append({**line, "seal": str(head)})
    return tuple(sealed), head


def resealed(before: Sequence[Row], after: Sequence[Row]) -> tuple[Row, ...]:
    """These lines with other values in some of them, sealed anew; a seal that did not hold before does not hold now."""
    found, old, new = [], "", ""
    for line, changed in zip(before, after, strict=True):
        seal = read_seal(line["seal"])
        if seal is None:
            found.append(changed)
            old = new = ""
            continue
        held = seal.digest == _digest(old, seal.number, line)
        old, new = seal.digest, _digest(new, seal.number, changed) if held else seal.digest
        found.append({**changed, "seal": str(Head(seal.number, new))})
    return tuple(found)


def head_of(lines: Sequence[Row]) -> Head:
    """The head by the log itself, where nothing else tells it."""
    return (read_seal(lines[-1]["seal"]) if lines else Head()) or Head(len(lines))


def read_head(text: str | None) -> Head | None:
    """The head that a store has kept; None where it has none that can be read."""
    if text and _UNSEALED_HEAD.fullmatch(text):
        return Head(int(text))
    return read_seal(text)


def read_seal(text: Value) -> Head | None:
    found = _SEAL.fullmatch(str(text or ""))
    return Head(int(found[1]), found[2]) if found else None


def verify(log: Log) -> Findings:
    """Every line of the log that was altered, deleted, inserted or moved, in the order of their numbers."""
    check = _Check(log)
    faults = sorted(check.faults(), key=lambda fault: (fault.number, fault.last))
    return Findings(len(log.lines), check.older, check.head or head_of(log.lines), tuple(faults))


# --- the values ---------------------------------------------------------------------------------------------------


def _digest(before: str, number: int, line: Row) -> str:
    content = json.dumps([before, number, *map(_canonical, _values(line))], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: Value) -> str:
    """The text of a value that is the same whichever store has kept it."""
    if isinstance(value, datetime):
        return value.astimezone(WIB).isoformat()
    kept = settled(_ENTRY, value) if isinstance(value, Decimal) else value
    if isinstance(kept, Decimal):
        return f"{kept.normalize():f}"
    return "" if kept is None else str(kept).replace("\r\n", "\n").replace("\r", "\n")


# --- the check ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """One line as it lies there; ``number`` 0: nobody knows which it is. ``digest`` None: it has no readable seal."""

    place: int
    row: Row
    number: int
    digest: str | None


class _Check:
    """Which line is which is told by the numbers in the seals; then each is held against the one before.

    ``older``: how many lines at the beginning come from versions without seals; ``_sealless``: number of the last one.
    """

    def __init__(self, log: Log) -> None:
        self.head = read_head(log.head)
        self._lines = [_line(place, row) for place, row in enumerate(log.lines)]
        self.older = self._number_older()
        self._number_nameless()
        self._by_number = self._genuine()
        self._last = max([*self._by_number, self.head.number if self.head else 0], default=0)

    def faults(self) -> Iterator[Fault]:
        yield from self._strangers()
        yield from self._moved()
        yield from self._missing()
        yield from self._broken()
        if self.head is None and self._last > self._sealless:
            why = "Catatan tentang entri terakhir tidak ada lagi; entri yang dihapus dari ujung tidak akan ketahuan."
            yield Fault(Tampering.HEAD, self._last, self._last, why, self._by_number[self._last].row)

    # --- which is which ---

    def _number_older(self) -> int:
        """Lines without seals before the first sealed one, as many as its number lets there be."""
        smallest = min((line.number for line in self._lines if line.number), default=len(self._lines) + 1)
        leading = next((line.place for line in self._lines if line.number), len(self._lines))
        older, self._sealless = min(leading, smallest - 1), smallest - 1
        for number, line in enumerate(self._lines[leading - older : leading], smallest - older):
            line.number = number
        return older

    def _number_nameless(self) -> None:
        """Lines without a readable seal that fill a gap in the numbers exactly are the ones that are missing there."""
        known = [line for line in self._lines if line.number]
        behind = len(self._lines), (self.head.number if self.head else 0) + 1
        befores = [(-1, 0), *((line.place, line.number) for line in known)]
        afters = [*((line.place, line.number) for line in known), behind]
        for (place, number), (next_place, next_number) in zip(befores, afters, strict=True):
            if next_place - place == next_number - number > 1:
                for line in self._lines[place + 1 : next_place]:
                    line.number = number + line.place - place

    def _genuine(self) -> dict[int, _Line]:
        """The line of each number; of several with one number the one that the next line, or the head, follows."""
        candidates: dict[int, list[_Line]] = defaultdict(list)
        for line in self._lines:
            candidates[line.number].append(line)
        candidates.pop(0, None)
        return {number: self._chosen(number, lines, candidates) for number, lines in candidates.items()}

    def _chosen(self, number: int, lines: Sequence[_Line], others: Mapping[int, Sequence[_Line]]) -> _Line:
        before = [line.digest or "" for line in others.get(number - 1, ())] or [""]

        def fits(line: _Line) -> tuple[bool, bool]:
            followers = (other for other in others.get(number + 1, ()))
            followed = any(other.digest == _digest(line.digest or "", number + 1, other.row) for other in followers)
            is_head = self.head == Head(number, line.digest or "")
            return followed or is_head, any(line.digest == _digest(each, number, line.row) for each in before)

        return max(lines, key=fits) if len(lines) > 1 else lines[0]

    # --- what is wrong ---

    def _strangers(self) -> Iterator[Fault]:
        """Lines that nobody sealed here: without a seal, with the number of another one, or after the newest."""
        number = 0
        for line in self._lines:
            if self._by_number.get(line.number) is not line:
                what = f"bernomor {line.number} seperti entri lain" if line.number else "tanpa segel yang sah"
                why = f"Sesudah entri {number} disisipkan satu entri {what}."
                yield Fault(Tampering.INSERTED, number, number, why, line.row)
                continue
            number = line.number
            if self.head is not None and number > self.head.number:
                why = f"Entri {number} disisipkan di ujung: yang terakhir dicatat adalah entri {self.head.number}."
                yield Fault(Tampering.INSERTED, number, number, why, line.row)

    def _moved(self) -> Iterator[Fault]:
        lines = sorted(self._by_number.values(), key=lambda line: line.place)
        in_order = _longest_rise([line.number for line in lines])
        for line in lines:
            if line.number not in in_order:
                why = f"Entri {line.number} dipindahkan; sekarang ada di tempat ke-{line.place + 1}."
                yield Fault(Tampering.MOVED, line.number, line.number, why, line.row)

    def _missing(self) -> Iterator[Fault]:
        for first, last in _gaps(self._by_number, self._last):
            before = self._by_number.get(first - 1)
            which = f"Entri {first} sampai {last}" if last > first else f"Entri {first}"
            where = f"; sebelumnya entri {first - 1}" if before else ", dari awal riwayat"
            yield Fault(Tampering.DELETED, first, last, f"{which} hilang{where}.", before.row if before else None)

    def _broken(self) -> Iterator[Fault]:
        """Each line, and the head at the end, must follow from the line before."""
        bases: tuple[str, ...] = ("",)  # what the next line may be sealed upon: the seal as it stands, and made anew
        for number in range(1, self._last + 1):
            line = self._by_number.get(number)
            if line is None:
                bases = ()
                continue
            anew = [_digest(base, number, line.row) for base in bases]
            if line.digest is None:
                if number > self._sealless:
                    why = f"Segel entri {number} dihapus atau dirusak."
                    yield Fault(Tampering.UNSEALED, number, number, why, line.row)
                bases = ("", *anew[-1:]) if number <= self._sealless else tuple(anew)
                continue
            yield from self._step(number, line, line.digest, anew)
            bases = tuple(dict.fromkeys((line.digest, *anew[:1])))
        if self.head is not None and bases and self._last == self.head.number and self._last:
            yield from self._end(self.head, bases)

    def _step(self, number: int, line: _Line, digest: str, anew: Sequence[str]) -> Iterator[Fault]:
        if not anew or digest == anew[0]:
            return
        if digest in anew:
            yield from self._seals_gone(number - 1)
            return
        also = f", atau entri {number - 1} diganti beserta segelnya" if number > 1 else ""
        yield Fault(Tampering.ALTERED, number, number, f"Entri {number} diubah sesudah dicatat{also}.", line.row)

    def _end(self, head: Head, bases: Sequence[str]) -> Iterator[Fault]:
        if head.digest == bases[0]:
            return
        if head.digest in bases:
            yield from self._seals_gone(head.number)
            return
        why = f"Entri {head.number}, yang terakhir, diganti beserta segelnya."
        yield Fault(Tampering.ALTERED, head.number, head.number, why, self._by_number[head.number].row)

    def _seals_gone(self, last: int) -> Iterator[Fault]:
        """The lines up to this one are as they were, but not their seals; where they were sealed, that was said."""
        if last <= self._sealless:
            why = f"Segel entri 1 sampai {last} dihapus." if last > 1 else "Segel entri 1 dihapus."
            yield Fault(Tampering.UNSEALED, 1, last, why, self._by_number[last].row)


def _line(place: int, row: Row) -> _Line:
    seal = read_seal(row["seal"])
    return _Line(place, row, seal.number if seal else 0, seal.digest if seal else None)


def _gaps(numbers: Iterable[int], last: int) -> Iterator[tuple[int, int]]:
    """Runs of numbers from 1 to ``last`` that are not there."""
    expected = 1
    for number in [*sorted(numbers), last + 1]:
        if number > expected:
            yield expected, number - 1
        expected = number + 1


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The longest rising run among different numbers: what is not in it has been moved."""
    tops: list[int] = []  # smallest number with which a run of each length ends
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(tops, number)
        tops[length : length + 1] = [number]
        before[number] = tops[length - 1] if length else None
    found: set[int] = set()
    at = tops[-1] if tops else None
    while at is not None:
        found.add(at)
        at = before[at]
    return found
