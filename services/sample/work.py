"""What the people of the sample office wrote in steps 4 to 11 of each quarter, as their transactions.

The texts of monev, discussion and corrections come from ``work.toml``; analyses and follow-ups are the sections' own
words about the figures, so that no text speaks of a figure that the data do not have.
"""

from __future__ import annotations

import calendar as months
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.monev import CHECK_ITEMS, CheckAnswer, FollowUpStatus, spread
from services.domain.roles import Action
from services.domain.sop import (
    ANALYSING,
    COLLECTING,
    CORRECTING,
    DISCUSSING,
    DRAFTING,
    GATHERING,
    PLANNING,
    VERIFYING,
    VISITING,
)
from services.sample import reference
from services.sample.catalogue import PERIODS, Sample, samples
from services.sample.people import BY_USERNAME, FILLER
from services.sample.quarters import CURRENT, QUARTERS, Quarter, transaction
from services.sample.reference import SECTION_IDS
from services.store import schema
from services.store.schema import Kind, Table
from services.store.store import Change, Insert, Row, Transaction, Update, Value

TEXTS_FILE = Path(__file__).with_name("work.toml")
_OFFICERS = ("sekretaris", "pkp")
_LATE_RESULT = "yanum"
"""The section whose result of the present quarter came in only on the last day of step 6."""

_YEAR = 4
_DROPPED = 7


def work_of(quarter: Quarter) -> Iterator[Transaction]:
    """The work of the steps of one quarter, as far as the quarter has come."""
    yield _plan(quarter)
    for number, section_id in enumerate(SECTION_IDS):
        yield from _visit(quarter, number, section_id)
    if quarter.period != CURRENT:
        yield from _analysis(quarter)
        yield from _drafting(quarter)
        yield from _verifying(quarter)


# --- steps 4 to 6: monev -----------------------------------------------------------------------------------------


def _plan(quarter: Quarter) -> Transaction:
    rows = (_planned(quarter, number, section_id) for number, section_id in enumerate(SECTION_IDS))
    changes = [Insert(schema.MONEV, row) for row in rows]
    at = quarter.spans[PLANNING, 0].at(60)
    return transaction(f"rencana-{quarter.period.key}", at, "pkp", Action.PLAN_MONEV, changes, "Monev lapangan")


def _planned(quarter: Quarter, number: int, section_id: str) -> Row:
    day, hour = _schedule(quarter)[number]
    weak = next((s for s in _of(section_id) if _told(s, quarter.period, "obstacle")), None)
    values: dict[str, Value] = {
        "id": f"monev-{quarter.period.key}-{section_id}",
        "section_id": section_id,
        "planned_on": day,
        "planned_at": hour,
        "officer": _name_of(_officer(number, section_id)),
        "place": _texts()["sections"][section_id]["place"],
        "focus": f"Penghambat pada: {weak.row['name']}" if weak else "Kelengkapan bukti dukung dan register",
        "entered_by": "pkp",
        "entered_at": quarter.spans[PLANNING, 0].at(60),
    }
    return _row(schema.MONEV, quarter.period, values)


def _schedule(quarter: Quarter) -> tuple[tuple[date, str], ...]:
    """A day and an hour for each section, on the working days that lie wholly within step 5."""
    span = quarter.spans[VISITING, 0]
    first, last = span.began.date() + timedelta(1), span.ended.date() - timedelta(1)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return spread(len(SECTION_IDS), [day for day in days if reference.calendar().is_working_day(day)])


def _officer(number: int, section_id: str) -> str:
    """Username; nobody visits the own section."""
    return "sekretaris" if section_id == "pkp" else _OFFICERS[number % len(_OFFICERS)]


def _name_of(username: str) -> str:
    role = BY_USERNAME[username].role.value
    return next(str(r["name"]) for r in reference.tables()[schema.OFFICIAL.name] if r["role"] == role)


def _visit(quarter: Quarter, number: int, section_id: str) -> Iterator[Transaction]:
    """What the officer wrote down at the section, and the agreement of its head a quarter of an hour later."""
    day, hour = _schedule(quarter)[number]
    at = datetime.combine(day, time.fromisoformat(hour.replace(".", ":")), WIB) + timedelta(minutes=75)
    by, key = _officer(number, section_id), f"{quarter.period.key}-{section_id}"
    seen = _seen(section_id, day)
    if (quarter.period, section_id) == (CURRENT, _LATE_RESULT):
        yield _recorded(quarter, section_id, f"monev-{key}-awal", at, by, seen, ())
        at = quarter.spans[GATHERING, 0].at(85)
        seen = {}
    result, checks = seen | _found(quarter, section_id), tuple(_checks(quarter, section_id))
    yield _recorded(quarter, section_id, f"monev-{key}", at, by, result, checks)
    agreed_at = at + timedelta(minutes=15)
    agreed: dict[str, Value] = {"agreed_by": FILLER[section_id], "agreed_at": agreed_at}
    update = Update(schema.MONEV, f"monev-{key}", {"agreed_at": None}, agreed)
    yield transaction(f"sepakat-{key}", agreed_at, FILLER[section_id], Action.AGREE_MONEV, (update,), "Monev lapangan")


def _recorded(
    quarter: Quarter, section_id: str, key: str, at: datetime, by: str, values: Row, checks: Sequence[Change]
) -> Transaction:
    new = {**values, "entered_by": by, "entered_at": at}
    update = Update(schema.MONEV, f"monev-{quarter.period.key}-{section_id}", {}, new)
    return transaction(key, at, by, Action.RECORD_MONEV, (update, *checks), "Monev lapangan")


def _seen(section_id: str, day: date) -> dict[str, Value]:
    people = (BY_USERNAME[FILLER[section_id]].name, "Staf seksi")
    return {"held_on": day, "attendees": "\n".join(people)}


def _found(quarter: Quarter, section_id: str) -> dict[str, Value]:
    return {
        "findings": _in_turn(_texts()["sections"][section_id]["findings"], quarter.period),
        "recommendation": _in_turn(_texts()["sections"][section_id]["recommendations"], quarter.period),
        "evidence": f"https://drive.google.com/drive/folders/CONTOH-monev-{quarter.period.key}-{section_id}",
    }


def _checks(quarter: Quarter, section_id: str) -> Iterator[Insert]:
    """The check list; what was found at this section is answered "sebagian" with a note."""
    said = _texts()["checks"]
    own, first = _of(section_id), quarter.period == PERIODS[0]
    notes = {
        2: said["evidence"]
        if any(s.figures(quarter.period) and not _told(s, quarter.period, "evidence") for s in own)
        else "",
        4: said["schedule"] if any(_told(s, quarter.period, "obstacle") for s in own) else "",
        6: said["follow_up"] if not first and section_id in ("pmn", "kesos", "pkp") else "",
        7: said["record"] if section_id == "pmn" else "",
    }
    for item in range(1, len(CHECK_ITEMS) + 1):
        note = notes.get(item, "")
        answer = CheckAnswer.PARTLY if note else CheckAnswer.YES
        values: dict[str, Value] = {
            "id": f"cek-{quarter.period.key}-{section_id}-{item}",
            "section_id": section_id,
            "item": item,
            "answer": answer.value,
            "note": said["first"] if first and item == len(CHECK_ITEMS) - 1 else note,
        }
        yield Insert(schema.MONEV_CHECK, _row(schema.MONEV_CHECK, quarter.period, values))


# --- step 7: analyses and follow-ups -----------------------------------------------------------------------------


def _analysis(quarter: Quarter) -> Iterator[Transaction]:
    span = quarter.spans[ANALYSING, 0]
    objectives = dict.fromkeys(str(s.row["objective"]) for s in samples())
    subjects = [("seksi", section_id, section_id) for section_id in SECTION_IDS]
    subjects += [("sasaran", o, sha256(o.encode()).hexdigest()[:12]) for o in objectives]
    for number, (scope, subject, key) in enumerate(subjects):
        at = span.at(10 + 5 * number)
        own = [s for s in samples() if subject in (s.section_id, s.row["objective"])]
        row_id = f"analisis-{quarter.period.key}-{scope}-{key}"
        values: dict[str, Value] = {"id": row_id, "scope": scope, "subject": subject}
        row = _row(schema.ANALYSIS, quarter.period, values | _written(own, quarter.period, at))
        yield transaction(row_id, at, "pkp", Action.ANALYSE, (Insert(schema.ANALYSIS, row),), "Analisis")


def _written(own: Sequence[Sample], period: Period, at: datetime) -> dict[str, Value]:
    said = _texts()["analysis"]
    obstacles = _sentences(own, period, "obstacle")
    return {
        "drivers": _sentences(own, period, "driver") or ("" if obstacles else said["reached"]),
        "obstacles": obstacles,
        "comparison": said[_compared(own, period)],
        "recommendation": _sentences(own, period, "follow_up") or said["keep"],
        "entered_by": "pkp",
        "entered_at": at,
    }


def _sentences(own: Sequence[Sample], period: Period, column: str) -> str:
    """What the sections wrote, each sentence once."""
    return " ".join(dict.fromkeys(filter(None, (_told(s, period, column) for s in own))))


def _compared(own: Sequence[Sample], period: Period) -> str:
    """Which sentence compares the quarter with the one before."""
    if period == PERIODS[0]:
        return "first"
    now, before = (sum(bool(_told(s, p, "obstacle")) for s in own) for p in (period, period.previous()))
    return "better" if now < before else "worse" if now > before else "same"


def follow_ups() -> Iterator[Transaction]:
    """The register: in each quarter what its sections had not promised in the year before, and what became of it."""
    promised: dict[str, int] = {}
    number = 0
    for turn, quarter in enumerate(QUARTERS[:-1]):
        for section_id in SECTION_IDS:
            missed = (s for s in _of(section_id) if _told(s, quarter.period, "follow_up"))
            if sample := next((s for s in missed if turn - promised.get(s.id, -_YEAR) >= _YEAR), None):
                promised[sample.id] = turn
                yield from _follow_up(quarter, sample, number)
                number += 1


def _follow_up(quarter: Quarter, sample: Sample, number: int) -> Iterator[Transaction]:
    period, what = quarter.period, _told(sample, quarter.period, "follow_up")
    row_id = f"tl-{period.key}-{sample.id}"
    at = quarter.spans[ANALYSING, 0].at(75 + SECTION_IDS.index(sample.section_id) * 3)
    values: dict[str, Value] = {
        "id": row_id,
        "section_id": sample.section_id,
        "indicator_id": sample.id,
        "what": what,
        "who": BY_USERNAME[FILLER[sample.section_id]].name,
        "due_on": _due(period.next(), number),
        "status": FollowUpStatus.TODO.value,
        "entered_by": "pkp",
        "entered_at": at,
    }
    changes = (Insert(schema.FOLLOW_UP, _row(schema.FOLLOW_UP, period, values)),)
    yield transaction(row_id, at, "pkp", Action.ADD_FOLLOW_UP, changes, "Analisis")
    status = FollowUpStatus.TODO
    for later, new, note in _fate(period, number):
        yield _updated(later, row_id, sample.section_id, (status, new), _texts()["follow_ups"][note] if note else "")
        status = new


def _due(period: Period, number: int) -> date:
    """The end of the quarter, for every second follow-up two months later."""
    found = period.next() if number % 2 else period
    month = found.quarter * 3 - number % 2
    return date(found.year, month, months.monthrange(found.year, month)[1])


def _fate(period: Period, number: int) -> Iterator[tuple[Quarter, FollowUpStatus, str]]:
    """In which later quarter a follow-up got which status; of the last quarter every third was not begun yet."""
    later = [q for q in QUARTERS if q.period > period]
    takes_longer = number % 3 == 0
    if takes_longer:
        yield later[0], FollowUpStatus.DOING, "doing"
    elif number % 9 == _DROPPED:
        yield later[0], FollowUpStatus.DROPPED, "dropped"
    elif later[0].period != CURRENT or number % 3 == 1:
        yield later[0], FollowUpStatus.DONE, "done"
    if takes_longer and len(later) > 1:
        yield later[1], FollowUpStatus.DONE, "done"


def _updated(
    later: Quarter, row_id: str, section_id: str, change: tuple[FollowUpStatus, FollowUpStatus], note: str
) -> Transaction:
    at, by = later.spans[COLLECTING, 0].at(35 + 5 * SECTION_IDS.index(section_id)), FILLER[section_id]
    old, new = change
    values: dict[str, Value] = {"status": new.value, "note": note, "entered_by": by, "entered_at": at}
    update = Update(schema.FOLLOW_UP, row_id, {"status": old.value}, values)
    return transaction(f"{row_id}-{new.value}", at, by, Action.UPDATE_FOLLOW_UP, (update,), "Analisis")


# --- steps 8 to 10: drafts, discussion, corrections --------------------------------------------------------------


def _drafting(quarter: Quarter) -> Iterator[Transaction]:
    said = _texts()["drafts"]
    yield _draft(quarter, 1, quarter.spans[DRAFTING, 0].at(85), said["first"])
    yield from _discussion(quarter)
    yield from _answers(quarter)
    yield _draft(quarter, 2, quarter.spans[CORRECTING, 0].at(90), said["renewed"])
    if again := quarter.spans.get((CORRECTING, 1)):
        yield _answered(_returned_id(quarter), again.at(60), said["returned_answer"])
        yield _answered(_returned_id(quarter, _doubted()), again.at(62), said["returned_answer"])
        yield _draft(quarter, 3, again.at(85), said["returned"])


def _draft(quarter: Quarter, number: int, at: datetime, note: str) -> Transaction:
    row_id = f"draf-{quarter.period.key}-{number}"
    values: dict[str, Value] = {"id": row_id, "number": number, "note": note, "at": at, "by": "pkp"}
    row = _row(schema.DRAFT, quarter.period, values)
    return transaction(row_id, at, "pkp", Action.MAKE_DRAFT, (Insert(schema.DRAFT, row),), "Draf")


def _discussion(quarter: Quarter) -> Iterator[Transaction]:
    span, said = quarter.spans[DISCUSSING, 0], _texts()["meeting"]
    for number, correction in enumerate(_corrections(quarter)):
        row_id, at = f"koreksi-{quarter.period.key}-{number + 1}", span.at(30 + 8 * number)
        row = _raised(quarter, row_id, "pembahasan", correction["chapter"], correction["text"], correction["by"], at)
        changes = (Insert(schema.CORRECTION, row),)
        yield transaction(row_id, at, correction["by"], Action.COMMENT, changes, "Draf")
    at = span.at(80)
    values: dict[str, Value] = {
        "id": f"bahas-{quarter.period.key}",
        "held_on": at.date(),
        "place": said["place"],
        "attendees": "\n".join(BY_USERNAME[u].name for u in ("camat", "sekretaris", *dict.fromkeys(FILLER.values()))),
        "minutes": _in_turn(said["minutes"], quarter.period),
        "decisions": "\n".join(_in_turn(said["decisions"], quarter.period)),
        "entered_by": "sekretaris",
        "entered_at": at,
    }
    changes = (Insert(schema.MEETING, _row(schema.MEETING, quarter.period, values)),)
    yield transaction(f"bahas-{quarter.period.key}", at, "sekretaris", Action.KEEP_MINUTES, changes, "Draf")


def _corrections(quarter: Quarter) -> list[dict[str, str]]:
    """Three of the file's corrections, others in each quarter."""
    found: list[dict[str, str]] = _texts()["corrections"]
    turn = PERIODS.index(quarter.period)
    return [found[(turn + 2 * n) % len(found)] for n in range(3)]


def _answers(quarter: Quarter) -> Iterator[Transaction]:
    for number, correction in enumerate(_corrections(quarter)):
        at = quarter.spans[CORRECTING, 0].at(35 + 15 * number)
        row_id, status = f"koreksi-{quarter.period.key}-{number + 1}", correction.get("status", "selesai")
        yield _answered(row_id, at, correction["answer"], status)


def _answered(row_id: str, at: datetime, answer: str, status: str = "selesai") -> Transaction:
    new: dict[str, Value] = {"status": status, "answer": answer, "answered_by": "pkp", "answered_at": at}
    update = Update(schema.CORRECTION, row_id, {"status": "terbuka"}, new)
    return transaction(f"jawab-{row_id}", at, "pkp", Action.ANSWER_CORRECTION, (update,), "Draf")


def returned_corrections(quarter: Quarter, at: datetime, by: str) -> Iterator[Change]:
    """What a return of the draft leaves to be corrected: its reason, and the figure that was returned."""
    assert quarter.returned is not None
    figures = "Bab III Hasil monitoring dan evaluasi"
    for row_id, chapter in ((_returned_id(quarter), "Seluruh laporan"), (_returned_id(quarter, _doubted()), figures)):
        row = _raised(quarter, row_id, "verifikasi", chapter, quarter.returned.reason, by, at)
        doubted = _doubted() if chapter == figures else ""
        yield Insert(schema.CORRECTION, {**row, "indicator_id": doubted})


def _returned_id(quarter: Quarter, indicator_id: str = "") -> str:
    return "-".join(filter(None, (f"koreksi-{quarter.period.key}-putaran-1", indicator_id)))


def _raised(quarter: Quarter, row_id: str, origin: str, chapter: str, text: str, by: str, at: datetime) -> Row:
    values: dict[str, Value] = {
        "id": row_id,
        "round": 1,
        "origin": origin,
        "chapter": chapter,
        "text": text,
        "raised_by": by,
        "raised_at": at,
        "status": "terbuka",
    }
    return _row(schema.CORRECTION, quarter.period, values)


# --- step 11: verification ---------------------------------------------------------------------------------------


def _verifying(quarter: Quarter) -> Iterator[Transaction]:
    """All figures in one go; where the draft was returned, the doubted figure again in the second round."""
    first, again = quarter.spans[VERIFYING, 0], quarter.spans.get((VERIFYING, 1))
    rest = [s for s in samples() if not (again and s.id == _doubted())]
    yield _judged(quarter, 1, rest, first.at(60), "setuju", "")
    if again and quarter.returned:
        doubted = [s for s in samples() if s.id == _doubted()]
        yield _judged(quarter, 1, doubted, first.at(70), "kembali", quarter.returned.reason)
        yield _judged(quarter, 2, doubted, again.at(50), "setuju", "")


def _judged(
    quarter: Quarter, number: int, figures: Sequence[Sample], at: datetime, verdict: str, reason: str
) -> Transaction:
    rows = (_verdict(quarter, number, sample, at, verdict, reason) for sample in figures)
    changes = tuple(Insert(schema.VERIFICATION, row) for row in rows)
    key = f"verifikasi-{quarter.period.key}-{number}-{verdict}"
    return transaction(key, at, "sekretaris", Action.VERIFY, changes, "Verifikasi")


def _verdict(quarter: Quarter, number: int, sample: Sample, at: datetime, verdict: str, reason: str) -> Row:
    figures = sample.figures(quarter.period) or {"actual": None, "spent": None}
    values: dict[str, Value] = {
        "id": f"verifikasi-{quarter.period.key}-{number}-{sample.id}-{verdict}",
        "round": number,
        "indicator_id": sample.id,
        "actual": figures["actual"],
        "spent": figures["spent"],
        "verdict": verdict,
        "reason": reason,
        "at": at,
        "by": "sekretaris",
    }
    return _row(schema.VERIFICATION, quarter.period, values)


@cache
def _doubted() -> str:
    """The figure that the verification of the second quarter of 2026 returned: spending of the Subbagian PKP."""
    return next(s.id for s in _of("pkp") if (s.figures(Period(2026, 2)) or {}).get("spent") is not None)


# --- common ------------------------------------------------------------------------------------------------------


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(TEXTS_FILE.read_text("utf-8"))


def _of(section_id: str) -> list[Sample]:
    return [s for s in samples() if s.section_id == section_id]


def _told(sample: Sample, period: Period, column: str) -> str:
    """What the section wrote about an indicator in a quarter."""
    return str((sample.figures(period) or {}).get(column) or "")


def _in_turn(variants: Sequence[Any], period: Period) -> Any:
    return variants[PERIODS.index(period) % len(variants)]


def _row(table: Table, period: Period, values: Row) -> Row:
    """A row of the quarter; what is not given is blank."""
    blank: dict[str, Value] = {c.name: "" if c.kind is Kind.TEXT else None for c in table.columns}
    return {**blank, "year": period.year, "quarter": period.quarter, **values}
