"""Every action asked by every role and every Plh., in every state of the quarter, for the own and a foreign section.

What the table of rights denies is denied by the action itself and writes nothing; what it allows is not denied. An
action of the table without a caller here fails the build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product

import pytest

from services.actions import (
    analysis,
    answers,
    documents,
    drafts,
    entries,
    indicators,
    monev,
    quarters,
    report_texts,
    settings,
    sop,
    steps,
    verification,
)
from services.actions.base import ActionError, Context, Denied, authorise
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.passages import Part
from services.domain.process import Phase, may_move, transition
from services.domain.roles import RIGHTS, Action, Actor, CycleState, Role, allows
from services.domain.sop import (
    ANALYSING,
    ARCHIVING,
    CORRECTING,
    DISCUSSING,
    DRAFTING,
    ISSUING,
    SOP_2024,
    VERIFYING,
    Event,
)
from services.domain.stand_in import STAND_IN_ROLES
from services.sample.office import tables
from services.sample.quarters import PRESENT
from services.store import schema
from services.store.store import Conflict, HistoryQuery, Insert, Receipt, Row, Snapshot, Transaction
from services.views.analysis import follow_ups_from
from services.views.drafts import CorrectionStatus, corrections
from services.views.findings import open_findings
from services.views.office import Office
from services.views.verification import AGREE, unverified, verdicts
from tests.unit import offices
from tests.unit.quarter_play import document_row, new_row

PERIODS = {
    CycleState.NONE: Period(2026, 4),
    CycleState.OPEN: Period(2026, 3),
    CycleState.LOCKED: Period(2026, 3),
    CycleState.ARCHIVED: Period(2026, 2),
}
OWN = {Role.KASI: "pem", Role.PKP: "pkp", Role.UMUM: "umum"}
FOREIGN = "trantib"
PDF = b"%PDF"
TEXT = "Uji"


class Watching:
    """A store that only counts what is sent to it, and keeps one file."""

    def __init__(self) -> None:
        self.sent: list[Transaction] = []

    def commit(self, transaction: Transaction) -> Receipt:
        self.sent.append(transaction)
        return Receipt(transaction.id, 1, repeated=False)

    def file(self, file_id: str) -> bytes:
        return PDF

    def history(self, _query: HistoryQuery) -> tuple[Row, ...]:
        return ()


Call = Callable[[Context, Period, str], object]


@dataclass(frozen=True)
class Asked:
    """How an action is asked for. ``step`` and ``phase``: where the quarter must stand for it.

    ``event``: the move that it makes, which only the step's executors may; ``of_section``: it touches one section.
    """

    call: Call
    step: int = ANALYSING
    phase: Phase = Phase.RUNNING
    event: Event | None = None
    of_section: bool = False


def _entry(c: Context, p: Period, section: str) -> str:
    indicator = c.office.indicators_of(section)[0]
    entry = c.office.entry(indicator.id, p)
    return entry.id if entry else "tidak ada"


def _answer_finding(c: Context, _p: Period, _section: str) -> object:
    running = PERIODS[CycleState.OPEN]
    finding = next(f.finding for f in open_findings(c.office, running) if f.finding.kind.acceptable)
    return answers.accept(c, finding, _p, TEXT)


def _follow_up(c: Context, p: Period, section: str) -> object:
    found = next(f for f in follow_ups_from(c.office, p) if f.section_id == section)
    return analysis.update_follow_up(c, found.id, {"status": "belum", "note": ""}, FollowUpStatus.DONE, TEXT)


def _correction(c: Context, p: Period, _section: str) -> object:
    found = corrections(c.office, p)[0]
    return drafts.answer_correction(c, p, found, CorrectionStatus.DONE, TEXT)


def _judge(c: Context, p: Period, _section: str) -> object:
    return verification.judge(c, p, [v for v in verdicts(c.office, p) if verification.may_judge(c, v)], AGREE)


def _issue(c: Context, p: Period, _section: str) -> object:
    made = documents.Made(PDF, 1, "")
    return documents.issue_document(c, p, made, number="9", day=c.now.date(), place=TEXT, signatory="Camat")


def _revise(c: Context, p: Period, _section: str) -> object:
    return indicators.revise_target(c, "ind-trantib-02", p, {}, {f"q{p.quarter}": "77", "legal_basis": TEXT})


LATER = date(2027, 6, 1)
ASKED: dict[Action, Asked] = {
    Action.READ: Asked(lambda c, p, s: authorise(c, Action.READ, p, s), of_section=True),
    Action.READ_HISTORY: Asked(lambda c, p, s: authorise(c, Action.READ_HISTORY, p)),
    Action.MAKE_REPORT: Asked(lambda c, p, s: authorise(c, Action.MAKE_REPORT, p)),
    Action.SAVE_ENTRY: Asked(
        lambda c, p, s: entries.save_entry(c, _entry(c, p, s), {}, {"driver": TEXT}), of_section=True
    ),
    Action.SUBMIT_SECTION: Asked(lambda c, p, s: entries.submit_section(c, s, p, TEXT), of_section=True),
    Action.EDIT_INDICATOR: Asked(lambda c, p, s: indicators.set_active(c, "ind-pem-01", False)),
    Action.REVISE_TARGET: Asked(_revise),
    Action.OPEN_QUARTER: Asked(lambda c, p, s: quarters.open_quarter(c, p)),
    Action.MOVE_DATES: Asked(lambda c, p, s: quarters.move_dates(c, p, LATER, LATER, TEXT)),
    Action.GRANT_EXCEPTION: Asked(lambda c, p, s: quarters.grant_exception(c, p, "pem", LATER, TEXT)),
    Action.PAUSE_STEP: Asked(lambda c, p, s: steps.pause_step(c, p, TEXT), event=Event.PAUSED),
    Action.FINISH_STEP: Asked(lambda c, p, s: steps.finish_step(c, p, TEXT), event=Event.FINISHED),
    Action.ANSWER_FINDING: Asked(_answer_finding),
    Action.PLAN_MONEV: Asked(lambda c, p, s: monev.save_plan(c, p, s, {}, {"officer": TEXT}), of_section=True),
    Action.RECORD_MONEV: Asked(lambda c, p, s: monev.record_result(c, p, s, {}, {"findings": TEXT}), of_section=True),
    Action.AGREE_MONEV: Asked(lambda c, p, s: monev.agree(c, p, s, TEXT), of_section=True),
    Action.ANALYSE: Asked(lambda c, p, s: analysis.save_analysis(c, p, "seksi", "pem", {}, {"drivers": TEXT})),
    Action.ADD_FOLLOW_UP: Asked(lambda c, p, s: analysis.add_follow_up(c, p, TEXT, TEXT, LATER, s), of_section=True),
    Action.UPDATE_FOLLOW_UP: Asked(_follow_up, of_section=True),
    Action.MAKE_DRAFT: Asked(lambda c, p, s: drafts.make_draft(c, p, TEXT), DRAFTING),
    Action.COMMENT: Asked(lambda c, p, s: drafts.comment(c, p, "Bab IV Penutup", TEXT), DISCUSSING),
    Action.KEEP_MINUTES: Asked(lambda c, p, s: drafts.keep_minutes(c, p, {}, {"minutes": TEXT}), DISCUSSING),
    Action.ANSWER_CORRECTION: Asked(_correction, CORRECTING),
    Action.VERIFY: Asked(_judge, VERIFYING),
    Action.APPROVE: Asked(lambda c, p, s: verification.approve(c, p), VERIFYING, Phase.VERIFIED, Event.FINISHED),
    Action.RETURN_DRAFT: Asked(lambda c, p, s: verification.send_back(c, p, TEXT), VERIFYING, event=Event.RETURNED),
    Action.ISSUE_DOCUMENT: Asked(_issue, ISSUING, event=Event.FINISHED),
    Action.ARCHIVE: Asked(
        lambda c, p, s: documents.archive_document(c, p, register_no="9", location=TEXT),
        ARCHIVING,
        event=Event.FINISHED,
    ),
    Action.EDIT_SOP: Asked(lambda c, p, s: sop.begin_version(c)),
    Action.CONFIRM_EXECUTOR: Asked(lambda c, p, s: sop.confirm_executor(c, "2024-08-13", 1)),
    Action.EDIT_REPORT_TEXT: Asked(lambda c, p, s: report_texts.save_text(c, Part.SUMMARY, p, "", TEXT)),
    Action.EDIT_SETTINGS: Asked(lambda c, p, s: settings.save_settings(c, {"alamat": ""}, {"alamat": TEXT})),
}


def test_every_action_of_the_table_of_rights_is_asked_for_here() -> None:
    assert set(ASKED) == set(Action) == set(RIGHTS)


# --- the office in each state ------------------------------------------------------------------------------------


@cache
def sample_rows() -> dict[str, tuple[Row, ...]]:
    return tables(PRESENT)


@cache
def office_in(state: CycleState, step: int, phase: Phase) -> Office:
    """The sample with its running quarter open or locked, standing at this step, and one row of each work."""
    rows = {name: list(found) for name, found in sample_rows().items() if name != schema.HISTORY.name}
    rows[schema.EXCEPTION.name] = []
    if state is CycleState.OPEN:
        rows[schema.CYCLE.name] = [dict(r, locked_at=None, locks_on=None) for r in rows[schema.CYCLE.name]]
    rows[schema.MONEV.name] = [dict(r, agreed_at=None, agreed_by="") for r in rows[schema.MONEV.name]]
    for table, row in (*_events(step, phase), *_work(PERIODS[state], step)):
        rows[table.name].append(row)
    if phase is Phase.VERIFIED or step > VERIFYING:
        rows[schema.VERIFICATION.name] += verified_rows(_office(rows))
    return _office(rows)


def _office(rows: dict[str, list[Row]]) -> Office:
    return Office(Snapshot("silaut", 1, PRESENT, {name: tuple(found) for name, found in rows.items()}))


def verified_rows(office: Office) -> Iterator[Row]:
    running = PERIODS[CycleState.OPEN]
    for verdict in unverified(office, running):
        judged = {**verdict.now, "round": 1, "verdict": AGREE, "at": PRESENT, "by": "sekretaris"}
        yield new_row(schema.VERIFICATION, running, indicator_id=verdict.measure.indicator.id, **judged).row


def _events(step: int, phase: Phase) -> Iterator[offices.Placed]:
    """What leads the running quarter from step 7 to this one."""
    running = PERIODS[CycleState.OPEN]
    for no in range(ANALYSING, step):
        at = PRESENT - timedelta(minutes=100 - no)
        if no == VERIFYING:
            yield offices.event(no, Event.VERIFIED, at - timedelta(seconds=30), period=running)
        yield offices.event(no, Event.FINISHED, at, period=running)
    if phase is Phase.VERIFIED:
        yield offices.event(step, Event.VERIFIED, PRESENT - timedelta(minutes=5), period=running)


def _work(period: Period, step: int) -> Iterator[offices.Placed]:
    """One row of what the actions need to be there, and what the moves ask for."""
    for section_id in {*OWN.values(), FOREIGN}:
        due: dict[str, object] = {"what": TEXT, "who": TEXT, "due_on": LATER, "status": "belum"}
        yield _placed(new_row(schema.FOLLOW_UP, period, section_id=section_id, **due))
    raised = {
        "round": 1,
        "chapter": TEXT,
        "text": TEXT,
        "raised_by": "camat",
        "raised_at": PRESENT,
        "status": "terbuka",
    }
    yield _placed(new_row(schema.CORRECTION, period, origin="pembahasan", **raised))
    if period == PERIODS[CycleState.OPEN]:
        yield _placed(new_row(schema.DRAFT, period, number=1, at=PRESENT - timedelta(days=1), by="pkp"))
    if period == PERIODS[CycleState.OPEN] and step == ARCHIVING:
        document = document_row(period, PRESENT)
        yield document.table, {**document.row, "sha256": hashlib.sha256(PDF).hexdigest()}


def _placed(insert: Insert) -> offices.Placed:
    return insert.table, insert.row


# --- asking ------------------------------------------------------------------------------------------------------


def actor_of(role: Role, stand_in: bool = False) -> Actor:
    """The holder of the role, or somebody else who is Plh. for him."""
    username = f"plh.{role.value}" if stand_in else role.value
    return Actor(username, role.label, role, OWN.get(role, ""), stand_in)


def ask(role: Role, action: Action, state: CycleState, section_id: str, *, stand_in: bool = False) -> tuple[bool, bool]:
    """Whether the action said Denied, and whether it wrote something, always under the capacity of the actor."""
    asked, store = ASKED[action], Watching()
    actor = actor_of(role, stand_in)
    office = office_in(state, asked.step, asked.phase)
    context = Context(store, office, actor, PRESENT, TEXT)  # type: ignore[arg-type]
    try:
        asked.call(context, PERIODS[state], section_id)
    except Denied:
        return True, bool(store.sent)
    except (ActionError, Conflict):
        pass
    assert {(sent.by, sent.role) for sent in store.sent} <= {(actor.username, actor.capacity)}
    return False, bool(store.sent)


def is_allowed(role: Role, action: Action, state: CycleState, section_id: str) -> bool:
    """What the table of rights says, and for a move of a step the table of transitions."""
    asked = ASKED[action]
    if not allows(actor_of(role), action, state, section_id if asked.of_section else ""):
        return False
    move = transition(asked.step, asked.event, asked.phase) if asked.event else None
    return move is None or may_move(move, role, SOP_2024[asked.step - 1].executor)


CELLS = list(product(Action, CycleState))
CAPACITIES = [*((role, False) for role in Role), *((role, True) for role in STAND_IN_ROLES)]
"""Every role, and every role that somebody stands in for: his rights are the same."""


@pytest.mark.parametrize(("action", "state"), CELLS, ids=lambda value: value.name)
def test_each_role_is_denied_exactly_what_the_tables_deny(action: Action, state: CycleState) -> None:
    for (role, stand_in), is_own in product(CAPACITIES, (True, False)):
        section_id = OWN.get(role, "umum") if is_own else FOREIGN
        denied, wrote = ask(role, action, state, section_id, stand_in=stand_in)
        if is_allowed(role, action, state, section_id):
            assert not denied, (role, section_id)
        else:
            assert not wrote, (role, section_id)
            assert denied or state in NOTHING_RUNS, (role, section_id)


NOTHING_RUNS = (CycleState.NONE, CycleState.ARCHIVED)
"""Where no step runs, an action of a step may say so before it asks for the right; it writes nothing either way."""
WRITES_NOTHING = {Action.READ, Action.READ_HISTORY, Action.MAKE_REPORT}
"""Rights that pages and commands ask for before they do something."""


@pytest.mark.parametrize("action", [a for a in Action if a not in WRITES_NOTHING], ids=lambda a: a.name)
def test_whoever_has_the_right_gets_it_done_somewhere(action: Action) -> None:
    """Otherwise a denial above could be the work of an action that always refuses."""
    cells = product(Role, CycleState, (True, False))
    assert any(
        ask(role, action, state, OWN.get(role, "umum") if is_own else FOREIGN)[1] for role, state, is_own in cells
    )
