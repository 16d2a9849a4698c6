"""Five hundred tries of heads of sections on the rows of others: none gets through, by whatever way it is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from services.actions import analysis, answers, monev
from services.actions.base import Context, Denied
from services.actions.entries import FIELDS, as_typed, save_entry, submit_section
from services.actions.imports import Fate, ImportRow, carry_out, judge
from services.domain.indicators import Indicator, Period
from services.domain.monev import FollowUpStatus
from services.store.store import Store
from services.views.analysis import follow_ups_from
from services.views.findings import findings_of
from tests.unit.sample_store import acting, sample_store, take_figures_again

PERIOD = Period(2026, 3)
PEOPLE = ("kasi.kesos", "kasi.pem", "kasi.yanum", "kasi.trantib", "umum")
Try = Callable[[Context], object]
VALUES = {"actual": "1", "spent": "1", "evidence": "https://drive.google.com/x"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The sample while figures are still given in, so that only the section stands in the way."""
    made = sample_store(tmp_path)
    take_figures_again(made)
    yield made
    made.close()


def tries(own: str, context: Context) -> Iterator[Try]:
    """Everything that belongs to another section, asked for in every way there is."""
    office = context.office
    for indicator in office.indicators:
        entry = office.entry(indicator.id, PERIOD)
        if entry and indicator.section_id != own:
            seen = {name: as_typed(entry, name) for name in FIELDS}
            for field in FIELDS:
                typed = seen | {field: VALUES.get(field, "milik orang lain")}
                yield partial(save_entry, entry_id=entry.id, seen=seen, typed=typed)
            yield partial(by_import, indicator=indicator)
    for section in (s.id for s in office.sections if s.id != own):
        yield partial(submit_section, section_id=section, period=PERIOD, reason="alasan")
        yield partial(
            analysis.save_analysis, period=PERIOD, scope="seksi", subject=section, seen={}, typed={"drivers": "x"}
        )
        yield partial(monev.record_result, period=PERIOD, section_id=section, seen={}, typed={"findings": "x"})
        yield partial(monev.save_plan, period=PERIOD, section_id=section, seen={}, typed={"focus": "x"})
    for found in follow_ups_from(office, PERIOD):
        if found.section_id != own:
            seen = {name: str(found.row[name]) for name in ("status", "note")}
            yield partial(
                analysis.update_follow_up, follow_up_id=found.id, seen=seen, status=FollowUpStatus.DONE, note="x"
            )
    for checked in findings_of(office, PERIOD):
        if checked.finding.section_id not in ("", own) and answers.can_correct(checked.finding):
            yield partial(answers.correct, finding=checked.finding, period=PERIOD, text="1")


def by_import(context: Context, indicator: Indicator) -> None:
    """A row of a file that is carried out although its preview refuses it."""
    row = ImportRow(2, indicator.code, indicator.name, "2026", "3", {"actual": "1"})
    [judged] = judge(context, [row])
    [outcome] = carry_out(context, [judged])
    assert outcome.fate is Fate.REFUSED
    raise Denied(outcome.detail)


def test_of_five_hundred_tries_on_the_rows_of_other_sections_none_succeeds(store: Store) -> None:
    before, refused = store.read(), 0
    for username in PEOPLE:
        context = acting(store, username)
        for attempt in tries(context.actor.section_id, context):
            with pytest.raises(Denied):
                attempt(context)
            refused += 1
    after = store.read()
    assert refused >= 500
    assert (after.revision, after.tables) == (before.revision, before.tables)


@pytest.mark.parametrize("username", PEOPLE[:4])
def test_the_same_ways_lead_to_ones_own_rows(store: Store, username: str) -> None:
    context = acting(store, username)
    own = context.office.indicators_of(context.actor.section_id)[0]
    entry = context.office.entry(own.id, PERIOD)
    assert entry is not None
    seen = {name: as_typed(entry, name) for name in FIELDS}
    assert save_entry(context, entry.id, seen, seen | {"obstacle": "milik sendiri"}) is not None
    [judged] = judge(context, [ImportRow(2, own.code, own.name, "2026", "3", {"obstacle": "dari berkas"})])
    assert judged.verdict.writes
