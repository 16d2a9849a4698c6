"""The chain of the log: whatever somebody does to a log of 10,000 lines is found and named, quickly."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.store.schema import HISTORY
from services.store.seals import Fault, Head, Tampering, chained, head_of, verify
from services.store.sheets_cells import settled
from services.store.store import Log, Row
from tests.store.helpers import NOW, row

COUNT = 10_000
PLACES = (1, 2, 4_711, COUNT - 1, COUNT)
FIELDS = tuple(name for name in HISTORY.names if name != "seal")


def _line(number: int) -> Row:
    return {
        **row(HISTORY, f"t{number}-1", at=NOW + timedelta(seconds=number), by="kasi-pem", role="kasi"),
        "action": "mengisi data",
        "transaction_id": f"t{number}",
        "table": "Isian",
        "row_id": "e1",
        "column": "actual",
        "old": Decimal(number),
        "new": f"{number},5",
        "source": "Isian",
    }


def _log(count: int) -> Log:
    lines, head = chained([_line(number) for number in range(1, count + 1)], Head())
    return Log(lines, str(head))


@pytest.fixture(scope="module")
def log() -> Log:
    return _log(COUNT)


def faults(log: Log) -> tuple[Fault, ...]:
    """What the check names, within the time that it may take."""
    began = time.perf_counter()
    found = verify(log).faults
    assert time.perf_counter() - began < 5
    return found


def named(log: Log) -> list[tuple[Tampering, int, int]]:
    return [(fault.kind, fault.number, fault.last) for fault in faults(log)]


def without(log: Log, *numbers: int) -> Log:
    return replace(log, lines=tuple(line for n, line in enumerate(log.lines, 1) if n not in numbers))


def changed(log: Log, number: int, **values: object) -> Log:
    lines = list(log.lines)
    lines[number - 1] = {**lines[number - 1], **values}  # type: ignore[dict-item]
    return replace(log, lines=tuple(lines))


def with_line(log: Log, after: int, line: Row) -> Log:
    return replace(log, lines=(*log.lines[:after], line, *log.lines[after:]))


def test_a_log_that_nobody_touched_is_whole(log: Log) -> None:
    found = verify(log)
    assert (found.lines, found.unsealed, found.faults) == (COUNT, 0, ())
    assert str(found.head) == log.head


@pytest.mark.parametrize("number", PLACES)
@pytest.mark.parametrize("field", FIELDS)
def test_any_altered_field_is_named(log: Log, field: str, number: int) -> None:
    value = NOW - timedelta(days=1) if field == "at" else "lain"
    (fault,) = faults(changed(log, number, **{field: value}))
    assert (fault.kind, fault.number) == (Tampering.ALTERED, number)
    assert fault.line is not None
    assert fault.line[field] == value


@pytest.mark.parametrize("number", PLACES)
def test_a_deleted_line_is_named(log: Log, number: int) -> None:
    assert named(without(log, number)) == [(Tampering.DELETED, number, number)]


def test_deleted_lines_are_named_as_runs(log: Log) -> None:
    assert named(without(log, 1, 2, 500, *range(9_990, COUNT + 1))) == [
        (Tampering.DELETED, 1, 2),
        (Tampering.DELETED, 500, 500),
        (Tampering.DELETED, 9_990, COUNT),
    ]


@pytest.mark.parametrize("after", [0, *PLACES])
def test_an_inserted_line_is_named(log: Log, after: int) -> None:
    (fault,) = faults(with_line(log, after, {**_line(20_000), "seal": ""}))
    assert (fault.kind, fault.number) == (Tampering.INSERTED, after)
    assert fault.line is not None
    assert fault.line["id"] == "t20000-1"


@pytest.mark.parametrize("after", [1, 2, 4_711, COUNT - 1])
def test_an_inserted_line_with_a_seal_made_for_it_is_named(log: Log, after: int) -> None:
    before = Head(after, str(log.lines[after - 1]["seal"]).split()[1])
    (forged,), _ = chained([_line(20_000)], before)
    (fault,) = faults(with_line(log, after, forged))
    assert (fault.kind, fault.line and fault.line["id"]) == (Tampering.INSERTED, "t20000-1")


def test_a_line_added_at_the_end_with_its_seal_is_named(log: Log) -> None:
    (forged,), _ = chained([_line(20_000)], head_of(log.lines))
    assert named(with_line(log, COUNT, forged)) == [(Tampering.INSERTED, COUNT + 1, COUNT + 1)]


def test_a_copy_of_a_line_elsewhere_is_named(log: Log) -> None:
    assert named(with_line(log, 7_000, log.lines[41])) == [(Tampering.INSERTED, 42, 42)] or named(
        with_line(log, 7_000, log.lines[41])
    ) == [(Tampering.INSERTED, 7_000, 7_000)]


@pytest.mark.parametrize(("number", "to"), [(1, COUNT), (COUNT, 1), (2, 5_000), (5_000, 2)])
def test_a_moved_line_is_named(log: Log, number: int, to: int) -> None:
    lines = list(log.lines)
    lines.insert(to - 1, lines.pop(number - 1))
    assert named(replace(log, lines=tuple(lines))) == [(Tampering.MOVED, number, number)]


def test_two_lines_that_changed_places_are_found(log: Log) -> None:
    lines = list(log.lines)
    lines[99], lines[100] = lines[100], lines[99]
    ((kind, number, _),) = named(replace(log, lines=tuple(lines)))
    assert (kind, number in (100, 101)) == (Tampering.MOVED, True)


@pytest.mark.parametrize("number", PLACES)
def test_a_removed_seal_is_named(log: Log, number: int) -> None:
    assert named(changed(log, number, seal="")) == [(Tampering.UNSEALED, number, number)]


@pytest.mark.parametrize("number", PLACES)
def test_a_line_altered_with_a_seal_made_anew_is_found_at_that_line_or_the_next(log: Log, number: int) -> None:
    digest = str(log.lines[number - 2]["seal"]).split()[1] if number > 1 else ""
    (forged,), _ = chained([{**log.lines[number - 1], "by": "orang lain"}], Head(number - 1, digest))
    (fault,) = faults(changed(log, number, **forged))
    assert (fault.kind, fault.number) == (Tampering.ALTERED, min(number + 1, COUNT))
    assert f"entri {number} diganti beserta segelnya" in fault.why or f"Entri {number}, yang terakhir" in fault.why


def test_all_later_seals_made_anew_do_not_fit_the_head(log: Log) -> None:
    forged, _ = chained([*log.lines[:9_000], {**log.lines[9_000], "by": "lain"}, *log.lines[9_001:]], Head())
    assert named(replace(log, lines=forged)) == [(Tampering.ALTERED, COUNT, COUNT)]


def test_a_log_without_any_seal_left_is_found_by_the_head(log: Log) -> None:
    bare = tuple({**line, "seal": ""} for line in log.lines)
    assert named(replace(log, lines=bare)) == [(Tampering.UNSEALED, 1, COUNT)]


def test_seals_removed_from_the_beginning_are_found(log: Log) -> None:
    lines = tuple({**line, "seal": ""} for line in log.lines[:300]) + log.lines[300:]
    assert named(replace(log, lines=lines)) == [(Tampering.UNSEALED, 1, 300)]


def test_an_emptied_log_is_found(log: Log) -> None:
    assert named(replace(log, lines=())) == [(Tampering.DELETED, 1, COUNT)]


def test_a_lost_head_is_said(log: Log) -> None:
    assert named(replace(log, head=None)) == [(Tampering.HEAD, COUNT, COUNT)]


def test_several_deeds_are_all_named(log: Log) -> None:
    broken = changed(without(log, 8_000), 17, new="5")
    assert named(with_line(broken, 3_000, {**_line(20_000), "seal": ""})) == [
        (Tampering.ALTERED, 17, 17),
        (Tampering.INSERTED, 3_000, 3_000),
        (Tampering.DELETED, 8_000, 8_000),
    ]


# --- lines of versions without seals ------------------------------------------------------------------------------


def _grown(older: int, newer: int) -> Log:
    old = tuple(_line(number) for number in range(1, older + 1))
    new, head = chained([_line(number) for number in range(older + 1, older + newer + 1)], head_of(old))
    return Log((*old, *new), str(head))


def test_lines_of_a_version_without_seals_are_unsealed_and_not_broken() -> None:
    found = verify(_grown(5, 3))
    assert (found.unsealed, found.faults) == (5, ())
    assert verify(Log(_grown(5, 0).lines, None)).faults == ()


def test_deleting_a_line_without_a_seal_is_found_by_the_number_of_the_first_seal() -> None:
    assert [fault.kind for fault in verify(without(_grown(5, 3), 2)).faults] == [Tampering.DELETED]


def test_the_first_sealed_line_after_older_ones_cannot_be_altered() -> None:
    assert named(changed(_grown(5, 3), 6, by="lain")) == [(Tampering.ALTERED, 6, 6)]


# --- laws ---------------------------------------------------------------------------------------------------------


def _deeds(log: Log) -> Iterator[Callable[[random.Random], Sequence[Row]]]:
    lines = log.lines

    def alter(chance: random.Random) -> Sequence[Row]:
        at, field = chance.randrange(len(lines)), chance.choice(FIELDS)
        return [*lines[:at], {**lines[at], field: "x" if field != "at" else NOW}, *lines[at + 1 :]]

    def delete(chance: random.Random) -> Sequence[Row]:
        at = chance.randrange(len(lines))
        return [*lines[:at], *lines[at + chance.randint(1, 3) :]]

    def insert(chance: random.Random) -> Sequence[Row]:
        at = chance.randint(0, len(lines))
        return [*lines[:at], {**chance.choice(lines), "id": "baru"}, *lines[at:]]

    def shuffle(chance: random.Random) -> Sequence[Row]:
        return chance.sample(lines, len(lines))

    yield from (alter, delete, insert, shuffle)


@given(st.integers(1, 12), st.integers(0, 3), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_no_deed_leaves_a_log_that_counts_as_whole(newer: int, deed: int, chance: random.Random) -> None:
    log = _log(newer)
    lines = tuple(list(_deeds(log))[deed](chance))
    assert bool(verify(replace(log, lines=lines)).faults) == (lines != log.lines)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2), st.text(alphabet="ab\r\n,5 ", max_size=8))
def test_a_seal_is_the_same_for_values_that_stores_keep_alike(number: Decimal, text: str) -> None:
    one = {**_line(1), "old": number, "new": text or None}
    other = {
        **one,
        "old": settled(HISTORY.column("old"), number),
        "new": text.replace("\r\n", "\n").replace("\r", "\n"),
    }
    other["at"] = NOW.astimezone(UTC) + timedelta(seconds=1)
    assert chained([one], Head())[1] == chained([other], Head())[1]
