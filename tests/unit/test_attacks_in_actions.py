"""Thirty malicious texts in every field that an action takes: kept as typed or refused with a message, never cut off.

The fields are found from the actions themselves: one without a case here fails.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import pytest

from services import actions
from services.actions import (
    analysis,
    answers,
    documents,
    drafts,
    entries,
    holidays,
    indicators,
    monev,
    office_tables,
    quarters,
    sop,
    steps,
)
from services.actions import report_texts as texts
from services.actions import settings as office_settings
from services.actions import verification as verify
from services.actions.base import TEXT_LIMIT, ActionError, Context
from services.domain import settings
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.numbers import clean
from services.domain.passages import Part
from services.domain.process import Phase
from services.domain.roles import Actor, CycleState, Role
from services.domain.sop import ANALYSING, ARCHIVING, CORRECTING, DISCUSSING, DRAFTING, ISSUING, VERIFYING
from services.sample.quarters import PRESENT
from services.store import schema
from services.store.store import Insert, Store, Transaction, Update
from services.views.analysis import TEXTS, follow_ups_from
from services.views.drafts import CorrectionStatus, corrections
from services.views.findings import findings_of
from services.views.office import Office
from services.views.verification import RETURN, verdicts
from tests.attacks import ATTACKS, TOO_LONG
from tests.unit.test_rights_in_actions import PDF, Watching, office_in, verified_rows

Call = Callable[[Context, Period, str], object]

RUNNING = Period(2026, 3)
LATER = date(2027, 6, 1)
SECTION = "pem"
CHOSEN = frozenset({"transaction_id", "section_id", "indicator_id", "entry_id", "row_id", "follow_up_id", "file_id"})
CHOSEN |= {"official_id", "holiday_id"}
CHOSEN |= {"scope", "subject", "version", "fingerprint", "chapter", "verdict", "seen", "origin"}
"""Texts that the pages choose themselves: keys, and what stands in a list. Actions check them like everything else."""
FIELDS = {
    "save_analysis": TEXTS,
    "keep_minutes": drafts.MINUTES_FIELDS,
    "save_entry": entries.FIELDS,
    "add_indicator": indicators.TEXT_FIELDS,
    "save_indicator": indicators.TEXT_FIELDS,
    "revise_target": indicators.fields_from(RUNNING),
    "save_plan": monev.PLAN_FIELDS,
    "record_result": (*monev.RESULT_FIELDS, *monev.CHECK_FIELDS),
    "save_head": (*sop.HEAD_FIELDS, *sop.LIST_FIELDS),
    "save_step": sop.STEP_FIELDS,
    "save_settings": tuple(settings.BY_KEY),
    "save_official": office_tables.OFFICIAL_FIELDS,
    "save_holiday": holidays.HOLIDAY_FIELDS,
    "add_section": office_tables.NEW_SECTION,
    "save_sections": ("name.pem", "short.pem", "order.pem"),
    "save_scale": ("label.kat-0", "lower.kat-0"),
}
"""What stands in the ``typed`` of an action."""
HELPERS = frozenset({"authorise", "commit", "checked_number", "correction_row", "given", "move_step", "return_draft"})
"""Called by other actions, whose texts they take over."""


@dataclass(frozen=True)
class Case:
    """How a text gets in, for whom, and where the quarter must stand."""

    call: Call
    role: Role = Role.PKP
    step: int = ANALYSING
    phase: Phase = Phase.RUNNING
    state: CycleState = CycleState.LOCKED
    figures_verified: bool = False


def _open(call: Call, role: Role = Role.PKP) -> Case:
    return Case(call, role, state=CycleState.OPEN)


def _typed(name: str, field: str) -> Case:
    return TYPED[name](field)


def _indicator(field: str, text: str) -> dict[str, str]:
    usual = {"name": "Uji", "unit": "dokumen", "polarity": "naik", "aggregation": "posisi akhir", "section_id": SECTION}
    return usual | {"level": "Sub kegiatan", field: text}


def _entry(c: Context, p: Period) -> str:
    entry = c.office.entry(c.office.indicators_of(SECTION)[0].id, p)
    assert entry is not None
    return entry.id


def _step(c: Context, field: str, text: str) -> object:
    step = sop.shown(c.office.steps_in("versi-2")[0])
    return sop.save_step(c, "versi-2", 1, step, step | {field: text})


def _head(c: Context, field: str, text: str) -> object:
    head = sop.shown_head(c.office.head("versi-2"))
    return sop.save_head(c, "versi-2", head, head | {field: text})


def _settings(c: Context, field: str, text: str) -> object:
    return office_settings.save_settings(c, office_settings.shown(c.office), {field: text})


def _official(c: Context, field: str, text: str) -> object:
    seen = office_tables.official_texts(c.office, "pejabat-camat")
    return office_tables.save_official(c, "pejabat-camat", seen, {**seen, field: text})


def _holiday(c: Context, field: str, text: str) -> object:
    seen = holidays.holiday_texts(c.office, "")
    return holidays.save_holiday(c, "", seen, {**seen, "day": "2026-12-28", "basis": "Uji", field: text})


TYPED: dict[str, Callable[[str], Case]] = {
    "save_analysis": lambda f: Case(lambda c, p, t: analysis.save_analysis(c, p, "seksi", SECTION, {}, {f: t})),
    "keep_minutes": lambda f: Case(lambda c, p, t: drafts.keep_minutes(c, p, {}, {f: t}), step=DISCUSSING),
    "save_entry": lambda f: _open(lambda c, p, t: entries.save_entry(c, _entry(c, p), {}, {f: t}), Role.KASI),
    "add_indicator": lambda f: Case(lambda c, p, t: indicators.add_indicator(c, _indicator(f, t))),
    "save_indicator": lambda f: Case(lambda c, p, t: indicators.save_indicator(c, "ind-pem-01", {}, {f: t})),
    "revise_target": lambda f: _open(
        lambda c, p, t: indicators.revise_target(c, "ind-pem-01", p, {}, {"q3": "77", "legal_basis": "Uji", f: t})
    ),
    "save_plan": lambda f: Case(lambda c, p, t: monev.save_plan(c, p, SECTION, {}, {f: t})),
    "record_result": lambda f: Case(lambda c, p, t: monev.record_result(c, p, SECTION, {}, {f: t})),
    "save_head": lambda f: Case(lambda c, p, t: _head(c, f, t)),
    "save_step": lambda f: Case(lambda c, p, t: _step(c, f, t)),
    "save_official": lambda f: Case(lambda c, p, t: _official(c, f, t)),
    "save_holiday": lambda f: Case(lambda c, p, t: _holiday(c, f, t)),
    "add_section": lambda f: Case(
        lambda c, p, t: office_tables.add_section(c, {"id": "baru", "name": "Seksi Baru", "short": "Baru", f: t})
    ),
    "save_sections": lambda f: Case(
        lambda c, p, t: office_tables.save_sections(c, office_tables.section_texts(c.office), {f: t})
    ),
    "save_scale": lambda f: Case(
        lambda c, p, t: office_tables.save_scale(c, office_tables.scale_texts(c.office), {f: t}, effect_read=True)
    ),
    "save_settings": lambda f: Case(lambda c, p, t: _settings(c, f, t)),
}


def _finding(c: Context, p: Period, *, column: str = "") -> answers.Finding:
    found = (f.finding for f in findings_of(c.office, p))
    return next(f for f in found if f.section_id and (answers.can_correct(f) if column else f.kind.acceptable))


def _correct(c: Context, p: Period, text: str) -> object:
    return answers.correct(c, _finding(c, p, column="actual"), p, text)


def _follow_up(c: Context, p: Period, text: str) -> object:
    found = next(f for f in follow_ups_from(c.office, p) if f.section_id == SECTION)
    seen = {"status": found.row["status"], "note": found.row["note"]}
    return analysis.update_follow_up(c, found.id, seen, FollowUpStatus.DONE, text)  # type: ignore[arg-type]


def _answer(c: Context, p: Period, text: str) -> object:
    return drafts.answer_correction(c, p, corrections(c.office, p)[0], CorrectionStatus.DONE, text)


def _judge(c: Context, p: Period, text: str) -> object:
    return verify.judge(c, p, [v for v in verdicts(c.office, p) if verify.may_judge(c, v)], RETURN, text)


def _issue(c: Context, p: Period, **typed: str) -> object:
    usual = {"number": "9", "place": "Silaut", "signatory": "Camat"}
    return documents.issue_document(c, p, documents.Made(PDF, 1, ""), day=c.now.date(), **(usual | typed))  # type: ignore[arg-type]


def _archive(c: Context, p: Period, **typed: str) -> object:
    return documents.archive_document(c, p, **({"register_no": "9", "location": "Rak"} | typed))  # type: ignore[arg-type]


ISSUED = {"step": ISSUING}
ARCHIVED = {"step": ARCHIVING, "role": Role.UMUM}
VERIFIED = {"step": VERIFYING, "role": Role.SEKRETARIS}
CASES: dict[tuple[str, str], Case] = {
    ("accept", "reason"): _open(lambda c, p, t: answers.accept(c, _finding(c, p), p, t)),
    ("send_back", "note"): _open(lambda c, p, t: answers.send_back(c, _finding(c, p), p, t)),
    ("correct", "text"): _open(_correct),
    ("submit_section", "reason"): _open(lambda c, p, t: entries.submit_section(c, SECTION, p, t), Role.KASI),
    ("add_follow_up", "what"): Case(lambda c, p, t: analysis.add_follow_up(c, p, t, "Kasi", LATER, SECTION)),
    ("add_follow_up", "who"): Case(lambda c, p, t: analysis.add_follow_up(c, p, "Rapat", t, LATER, SECTION)),
    ("update_follow_up", "note"): Case(_follow_up),
    ("make_draft", "note"): Case(lambda c, p, t: drafts.make_draft(c, p, t), step=DRAFTING),
    ("comment", "text"): Case(lambda c, p, t: drafts.comment(c, p, drafts.CHAPTERS[1], t), step=DISCUSSING),
    ("answer_correction", "answer"): Case(_answer, step=CORRECTING),
    ("move_dates", "reason"): _open(lambda c, p, t: quarters.move_dates(c, p, LATER, LATER, t)),
    ("grant_exception", "reason"): Case(lambda c, p, t: quarters.grant_exception(c, p, SECTION, LATER, t)),
    ("end_exception", "reason"): Case(lambda c, p, t: quarters.end_exception(c, p, SECTION, t)),
    ("finish_step", "note"): Case(lambda c, p, t: steps.finish_step(c, p, t)),
    ("pause_step", "reason"): Case(lambda c, p, t: steps.pause_step(c, p, t)),
    ("save_text", "typed"): Case(lambda c, p, t: texts.save_text(c, Part.SUMMARY, p, "", t)),
    ("judge", "reason"): Case(_judge, **VERIFIED),  # type: ignore[arg-type]
    ("hand_on", "note"): Case(
        lambda c, p, t: verify.hand_on(c, p, t), Role.SEKRETARIS, VERIFYING, figures_verified=True
    ),
    ("approve", "note"): Case(lambda c, p, t: verify.approve(c, p, t), Role.CAMAT, VERIFYING, Phase.VERIFIED),
    ("send_back", "reason"): Case(lambda c, p, t: verify.send_back(c, p, t), Role.SEKRETARIS, VERIFYING),
    ("issue_document", "number"): Case(lambda c, p, t: _issue(c, p, number=t), **ISSUED),  # type: ignore[arg-type]
    ("issue_document", "place"): Case(lambda c, p, t: _issue(c, p, place=t), **ISSUED),  # type: ignore[arg-type]
    ("issue_document", "signatory"): Case(lambda c, p, t: _issue(c, p, signatory=t), **ISSUED),  # type: ignore[arg-type]
    ("archive_document", "register_no"): Case(lambda c, p, t: _archive(c, p, register_no=t), **ARCHIVED),  # type: ignore[arg-type]
    ("archive_document", "location"): Case(lambda c, p, t: _archive(c, p, location=t), **ARCHIVED),  # type: ignore[arg-type]
    ("archive_document", "note"): Case(lambda c, p, t: _archive(c, p, note=t), **ARCHIVED),  # type: ignore[arg-type]
    **{(name, field): _typed(name, field) for name, fields in FIELDS.items() for field in fields},
}


# --- the fields there are ----------------------------------------------------------------------------------------


def fields_of_actions() -> Iterator[tuple[str, str]]:
    """Every text that a public action takes from a person."""
    for module in iter_modules(actions.__path__):
        for name, function in vars(import_module(f"services.actions.{module.name}")).items():
            own = inspect.isfunction(function) and function.__module__ == f"services.actions.{module.name}"
            if own and not name.startswith("_") and name not in HELPERS:
                yield from ((name, field) for field in text_fields(name, function))


def text_fields(name: str, function: Callable[..., object]) -> Iterator[str]:
    parameters = inspect.signature(function).parameters
    if not any(p.annotation == "Context" for p in parameters.values()):
        return
    for parameter in parameters.values():
        if parameter.name == "typed" and parameter.annotation != "str":
            yield from FIELDS.get(name, ("typed",))
        elif parameter.annotation == "str" and parameter.name not in CHOSEN:
            yield parameter.name


def test_every_text_that_an_action_takes_has_a_case_here() -> None:
    assert set(fields_of_actions()) == set(CASES)
    assert len(set(ATTACKS)) == 30


# --- what becomes of them ----------------------------------------------------------------------------------------


@cache
def _office(step: int, phase: Phase, state: CycleState, figures_verified: bool) -> Office:
    """Also with the next version of the SOP begun, and an exception that can be ended."""
    office = office_in(state, step, phase)
    context = Context(_watching(), office, _actor(Role.PKP), PRESENT, "Uji")
    sop.begin_version(context)
    rows = dict(office.snapshot.tables)
    for change in context.store.sent[0].changes:  # type: ignore[attr-defined]
        assert isinstance(change, Insert)
        rows[change.table.name] = (*rows[change.table.name], change.row)
    exception = {"section_id": SECTION, "until": LATER, "reason": "Uji", "at": PRESENT, "by": "pkp"}
    place = {"id": "kecuali", "year": RUNNING.year, "quarter": RUNNING.quarter}
    if state is CycleState.LOCKED:
        rows[schema.EXCEPTION.name] = ({**place, **exception},)
    if figures_verified:
        rows[schema.VERIFICATION.name] = (*rows[schema.VERIFICATION.name], *verified_rows(office))
    return Office(type(office.snapshot)(office.snapshot.office, 2, PRESENT, rows))


def _watching() -> Store:
    return Watching()  # type: ignore[return-value]


def _actor(role: Role) -> Actor:
    section = {Role.KASI: SECTION, Role.PKP: "pkp", Role.UMUM: "umum"}.get(role, "")
    return Actor(role.value, role.label, role, section)


def attempt(case: Case, text: str) -> tuple[list[Transaction], str]:
    """What was sent to the store, and why nothing was."""
    office = _office(case.step, case.phase, case.state, case.figures_verified)
    context = Context(_watching(), office, _actor(case.role), PRESENT, "Uji")
    try:
        case.call(context, RUNNING, text)
    except ActionError as error:
        return [], str(error)
    return context.store.sent, ""  # type: ignore[attr-defined]


def kept(sent: Transaction) -> list[str]:
    """The texts of a transaction, and what its line of the log says was done."""
    rows = [c.new if isinstance(c, Update) else c.row for c in sent.changes]
    return [sent.action, *(value for row in rows for value in row.values() if isinstance(value, str))]


def as_typed(text: str) -> set[str]:
    """A field of several lines keeps the text as it is; a field of one line puts it on one, without what is unseen."""
    return {text.strip(), clean(text), "\n".join(clean(line) for line in text.splitlines() if clean(line))}


def is_kept(sent: Transaction, text: str) -> bool:
    wanted = {t for t in as_typed(text) if t}
    return any(each == said or said.endswith((f" {each}", f": {each}")) for each in wanted for said in kept(sent))


@pytest.mark.parametrize("field", sorted(CASES), ids="-".join)
def test_a_malicious_text_is_kept_as_typed_or_refused_with_a_message(field: tuple[str, str]) -> None:
    case = CASES[field]
    for text in ATTACKS:
        sent, why = attempt(case, text)
        assert len(sent) == (0 if why else 1), (text[:40], why)
        assert why.endswith(".") if why else is_kept(sent[0], text), (text[:40], why)


@pytest.mark.parametrize("field", sorted(CASES), ids="-".join)
def test_a_text_that_is_too_long_is_never_cut_off(field: tuple[str, str]) -> None:
    sent, why = attempt(CASES[field], TOO_LONG)
    assert sent == []
    assert why
    assert len(TOO_LONG) == TEXT_LIMIT + 1


CHECKED = frozenset({"actual", "spent", "evidence", "held_on", "planned_on", "planned_at", "level", "unit", "polarity"})
CHECKED |= {"aggregation", "section_id", "amount", "executor", "involved", *indicators.TARGET_FIELDS, "text"}
CHECKED |= {"nip", "role", "id", "order.pem", "lower.kat", "day", "kind"}
CHECKED |= {s.key for s in settings.SETTINGS if s.group is not settings.Group.IDENTITY}
"""Fields that take numbers, days, links or what stands in a list, and refuse other texts."""


@pytest.mark.parametrize(
    "field", [f for f in sorted(CASES) if f[1].split("-")[0] not in CHECKED | {"answer"}], ids="-".join
)
def test_a_field_for_free_text_takes_nearly_all_of_them(field: tuple[str, str]) -> None:
    """Otherwise the tests above could be passed by an action that always refuses."""
    taken = [text for text in ATTACKS if not attempt(CASES[field], text)[1]]
    assert len(taken) >= 26, field
