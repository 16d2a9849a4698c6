"""Hundreds of tries of one section on another's rows, through every action that takes one: none succeeds.

The same calls on the person's own rows do write, so that a refusal here is about whose rows they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.actions import analysis, answers, conflicts, entries, indicators, monev, quarters, steps, table_imports
from services.actions.base import ActionError, Context
from services.actions.imports import Fate, ImportRow, Judged, Verdict, carry_out, judge
from services.actions.table_rules import RULES
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.roles import Actor, Role
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.outbox import Outbox
from services.store.sql import SqlStore
from services.store.store import Clash, StoreError, Transaction, Update
from services.tabular.upload import read_upload
from services.views.analysis import follow_ups_from
from services.views.findings import open_findings
from services.views.office import Entry, Office
from tests.unit.quarter_play import new_row
from tests.unit.sample_store import NOW, office_in, sample_store, take_figures_again

PERIOD = Period(2026, 3)
LATER = date(2027, 6, 1)
TEXT = "Uji"
FEWEST = 500
Attempt = Callable[[Context], object]
ATTACKERS = {
    "kasi": Actor("kasi.pem", "Kasi", Role.KASI, "pem"),
    "umum": Actor("umum", "Kasubag Umum", Role.UMUM, "umum"),
    "plh": Actor("kasi.pem", "Kasi", Role.KASI, "umum", stand_in=True),
}
"""As whom it is tried; the last one is Plh. of another section than his own, which is then foreign too."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """The sample with its running quarter open, so that nothing is refused for being late; and a follow-up each."""
    found = sample_store(tmp_path_factory.mktemp("asing"))
    take_figures_again(found)
    due: dict[str, Any] = {"what": TEXT, "who": TEXT, "due_on": LATER, "status": "belum"}
    rows = [new_row(schema.FOLLOW_UP, PERIOD, section_id=s.id, **due) for s in office_in(found).sections]
    found.commit(Transaction(NOW, "pkp", "pkp", "menambah tindak lanjut", "Uji", tuple(rows)))
    yield found
    found.close()


def entries_in(office: Office, sections: frozenset[str]) -> list[Entry]:
    found = (office.entry(i.id, PERIOD) for i in office.indicators if i.section_id in sections)
    return [entry for entry in found if entry]


# --- what is tried -----------------------------------------------------------------------------------------------


def on_entries(office: Office, sections: frozenset[str], own: str) -> Iterator[Attempt]:
    """Each field of each row; the same row by an id that is written otherwise; by a preview made by hand."""
    for entry in entries_in(office, sections):
        for field in entries.FIELDS:
            text = {"actual": "7", "spent": "1.000.000", "evidence": "https://contoh.go.id"}.get(field, TEXT)
            yield lambda c, e=entry, f=field, t=text: entries.save_entry(c, e.id, {f: entries.as_typed(e, f)}, {f: t})
        for forged in (f"{entry.id} ", entry.id.upper(), f"{own}' OR id='{entry.id}", f"../{entry.id}", ""):
            yield lambda c, i=forged: entries.save_entry(c, i, {}, {"driver": TEXT})
        yield lambda c, e=entry: imported(c, e)
        yield lambda c, e=entry: forged_preview(c, e)
        yield lambda c, e=entry: table_of_entries(c, e)


def imported(context: Context, entry: Entry) -> None:
    """A file with one row. Raises ActionError where it was not saved."""
    indicator = context.office.indicator_by_id[entry.indicator_id]
    row = ImportRow(2, indicator.code, indicator.name, "2026", "3", {"driver": TEXT})
    carried_out(context, judge(context, [row]))


def forged_preview(context: Context, entry: Entry) -> None:
    row = ImportRow(2, "", "", "2026", "3", {"driver": TEXT})
    carried_out(context, [Judged(row, Verdict.CHANGED, "", entry, {"driver": TEXT})])


def carried_out(context: Context, judged: Any) -> None:
    if any(outcome.fate is not Fate.SAVED for outcome in carry_out(context, judged)):
        raise ActionError("not saved")


def table_of_entries(context: Context, entry: Entry) -> None:
    lines = f'"ID";"Faktor pendorong"\n"{entry.id}";"{TEXT}"\n'
    seen = table_imports.preview(context, read_upload("isian.csv", lines.encode(), schema.ENTRY))
    table_imports.carry_out(context, seen)


def on_findings(office: Office, sections: frozenset[str], own: str) -> Iterator[Attempt]:
    """As they are, and dressed up as the own section's."""
    for checked in open_findings(office, PERIOD):
        found = checked.finding
        if found.section_id in sections and answers.can_correct(found):
            for finding in (found, replace(found, section_id=own)):
                yield lambda c, f=finding: answers.correct(
                    c, f, PERIOD, "7" if f.column == "actual" else "https://x.id"
                )
            yield lambda c, f=found: answers.accept(c, f, PERIOD, TEXT)
            yield lambda c, f=found: answers.send_back(c, f, PERIOD, TEXT)


def on_sections(office: Office, sections: frozenset[str], _own: str) -> Iterator[Attempt]:
    for section in sorted(sections):
        for forged in (section, f"{section} ", section.upper(), f"{section}\0"):
            yield lambda c, s=forged: entries.submit_section(c, s, PERIOD, TEXT)
        yield lambda c, s=section: monev.agree(c, PERIOD, s, TEXT)
        yield lambda c, s=section: monev.save_plan(c, PERIOD, s, {}, {"officer": TEXT})
        yield lambda c, s=section: monev.record_result(c, PERIOD, s, {}, {"findings": TEXT})
        yield lambda c, s=section: analysis.save_analysis(c, PERIOD, "seksi", s, {}, {"drivers": TEXT})
        yield lambda c, s=section: analysis.add_follow_up(c, PERIOD, TEXT, TEXT, LATER, s)
        yield lambda c, s=section: quarters.grant_exception(c, PERIOD, s, LATER, TEXT)
        yield lambda c: steps.finish_step(c, PERIOD, TEXT)
    for item in follow_ups_from(office, PERIOD):
        if item.section_id in sections:
            seen = {"status": item.row["status"], "note": item.row["note"]}
            yield lambda c, i=item, s=seen: analysis.update_follow_up(c, i.id, s, FollowUpStatus.DONE, TEXT)


def on_definitions(office: Office, sections: frozenset[str], _own: str) -> Iterator[Attempt]:
    for indicator in office.indicators:
        if indicator.section_id in sections:
            yield lambda c, i=indicator: indicators.set_active(c, i.id, False)
            yield lambda c, i=indicator: indicators.save_indicator(c, i.id, {}, {"definition": TEXT})
            yield lambda c, i=indicator: indicators.revise_target(c, i.id, PERIOD, {}, {"q3": "1", "legal_basis": TEXT})
    for name in RULES:
        if name != schema.ENTRY.name:
            headers = [column.header for column in schema.BY_NAME[name].columns[:2]]
            file = read_upload("a.csv", f"{';'.join(headers)}\nx;y\n".encode(), schema.BY_NAME[name])
            yield lambda c, f=file: table_imports.preview(c, f)


KINDS = (on_findings, on_entries, on_sections, on_definitions)
"""Findings first: on own rows, what was saved before would have answered them."""


def succeeds(store: SqlStore, actor: Actor, attempt: Attempt) -> bool:
    """Whether the store has another revision afterwards."""
    before = store.revision()
    with suppress(ActionError, StoreError):
        attempt(Context(store, office_in(store), actor, NOW, "Uji"))
    return store.revision() != before


def own_entry(office: Office, section: str) -> str:
    return entries_in(office, frozenset({section}))[0].id


# --- and that nothing comes of it --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ATTACKERS)
def test_of_five_hundred_tries_on_rows_of_other_sections_none_succeeds(store: SqlStore, name: str) -> None:
    actor, office = ATTACKERS[name], office_in(store)
    foreign = frozenset(s.id for s in office.sections) - {actor.section_id}
    context = Context(store, office, actor, NOW, "Uji")  # nothing is written, so that it stays what is there
    before, tries = store.revision(), Counter[str]()
    for kind in KINDS:
        for attempt in kind(office, foreign, own_entry(office, actor.section_id)):
            tries[kind.__name__] += 1
            with suppress(ActionError, StoreError):
                attempt(context)
            assert store.revision() == before, (kind.__name__, tries[kind.__name__])
    assert tries.total() >= FEWEST, tries
    assert min(tries.values()) > 5, tries


def test_the_same_tries_succeed_on_own_rows(tmp_path: Path) -> None:
    own = sample_store(tmp_path)
    take_figures_again(own)
    actor, office = Actor("kasi.kesos", "Kasi", Role.KASI, "kesos"), office_in(own)
    mine = frozenset({"kesos"})
    done = Counter(kind.__name__ for kind in KINDS for a in kind(office, mine, "kesos") if succeeds(own, actor, a))
    own.close()
    assert done["on_entries"] > 20
    assert done["on_findings"] > 0
    assert done["on_sections"] > 0


def test_what_others_have_in_conflict_is_not_decided_by_this_section(store: SqlStore, tmp_path: Path) -> None:
    """Nor sent in the name of this person where somebody put such a change into the queue."""
    outbox, actor, office = Outbox(tmp_path / "antrean.db"), ATTACKERS["kasi"], office_in(store)
    foreign = frozenset(s.id for s in office.sections) - {"pem"}
    for by in ("kasi.kesos", actor.username):
        for entry in entries_in(office, foreign):
            update = Update(schema.ENTRY, entry.id, {"driver": ""}, {"driver": TEXT})
            change = Transaction(NOW, by, "kasi", "menyimpan isian", "Uji", (update,))
            outbox.add(change, NOW, 0, lambda _live: None)
            clash = Clash(schema.ENTRY.name, entry.id, "driver", "", "lain", TEXT)
            outbox.refused(change.id, "bentrok", [clash], NOW)
    before = outbox.queue()
    active = frozenset(BY_USERNAME)
    context = Context(store, office, actor, NOW, "Uji")
    tries = 0
    for item in before:
        by_others = item.transaction.by != actor.username
        for decide in (conflicts.keep_mine, *((conflicts.keep_theirs, conflicts.send_again) * by_others)):
            tries += 1
            with pytest.raises(ActionError):
                decide(context, outbox, item, active)
    assert outbox.queue() == before
    assert outbox.decided() == ()
    assert tries > 100
