"""Playing a quarter on by its holders: the work that a step asks for stands there, then it is finished."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from services.actions.steps import finish_step, move_step
from services.domain.indicators import Period
from services.domain.monev import CHECK_ITEMS
from services.domain.sop import (
    ANALYSING,
    ARCHIVING,
    DISCUSSING,
    DRAFTING,
    ISSUING,
    PLANNING,
    VERIFYING,
    VISITING,
    Event,
)
from services.store import schema
from services.store.schema import Kind, Table
from services.store.sql import SqlStore
from services.store.store import Change, Insert, Receipt, Store, Transaction, Update, Value, new_id
from services.views.analysis import SECTION, analyses
from services.views.drafts import drafts
from services.views.monev import visits
from services.views.office import Office
from services.views.steps import steps_of
from services.views.verification import AGREE, unverified
from tests.unit.sample_store import NOW, acting, office_in, sample_store

RUNNING = Period(2026, 3)
HOLDERS = {7: "pkp", 8: "pkp", 9: "sekretaris", 10: "pkp", 11: "camat", 12: "pkp", 13: "umum"}
"""Who finishes the steps that are still ahead in the sample's running quarter."""


def current_step(store: Store, period: Period = RUNNING, now: datetime = NOW) -> int | None:
    current = steps_of(office_in(store), period, now).current
    return current.step.no if current else None


def finish_up_to(store: Store, last: int, period: Period = RUNNING) -> datetime:
    """Do and finish the quarter's steps up to this one, an hour each; when the last one ended.

    From the sample as it is made it is always the same way, so its transactions are worked out once a run.
    """
    if period != RUNNING or store.revision() != _way(0)[0]:
        return _play(store, last, period)
    _, ended, transactions = _way(last)
    for transaction in transactions:
        store.commit(transaction)
    return ended


@cache
def _way(last: int) -> tuple[int, datetime, list[Transaction]]:
    """Revision of the sample as it is made, when step ``last`` of its running quarter ends, and how it gets there."""
    made: list[Transaction] = []

    class Listening(SqlStore):
        def commit(self, transaction: Transaction) -> Receipt:
            made.append(transaction)
            return super().commit(transaction)

    with tempfile.TemporaryDirectory() as folder:
        sample = sample_store(Path(folder))
        store = Listening(sample.address, sample.office, lambda: NOW)
        revision = store.revision()
        ended = _play(store, last, RUNNING)
        store.close()
        sample.close()
    return revision, ended, made


def _play(store: Store, last: int, period: Period) -> datetime:
    now = max((NOW, *(e.at for e in office_in(store).events[period])))
    while (step := current_step(store, period, now)) is not None and step <= last:
        now += timedelta(hours=1)
        do_work(store, step, now, period)
        finish(store, step, now, period)
    return now


def do_work(store: Store, step: int, now: datetime, period: Period = RUNNING) -> None:
    """Put there what the table of transitions asks of the step, as if its people had written it."""
    changes = tuple(_WORK[step](office_in(store), period, now)) if step in _WORK else ()
    if changes:
        store.commit(Transaction(now, "pkp", "pkp", "mengerjakan langkah", "Uji", changes))


def finish(store: Store, step: int, now: datetime, period: Period = RUNNING) -> None:
    """The holder's last press of a step; step 11 is verified first, and step 12 ends with its document."""
    if step == VERIFYING:
        move_step(acting(store, "sekretaris", now), period, Event.VERIFIED)
    context = acting(store, HOLDERS[step], now)
    if step in (VERIFYING, ARCHIVING):
        move_step(context, period, Event.FINISHED)
    elif step == ISSUING:
        move_step(context, period, Event.FINISHED, more=(document_row(period, now),))
    else:
        finish_step(context, period)


def new_row(table: Table, period: Period, **values: Value) -> Insert:
    """A row of this quarter whose other cells are blank."""
    blank: dict[str, Value] = {c.name: "" if c.kind is Kind.TEXT else None for c in table.columns}
    place: dict[str, Value] = {"id": new_id(), "year": period.year, "quarter": period.quarter}
    return Insert(table, blank | place | values)


def document_row(period: Period, now: datetime) -> Insert:
    return new_row(
        schema.DOCUMENT,
        period,
        number="800/1/Silaut/2026",
        day=now.date(),
        place="Silaut",
        signatory="Camat",
        file_id="berkas",
        size=1,
        pages=1,
        sha256="0" * 64,
        at=now,
        by="pkp",
    )


def _plans(office: Office, period: Period, now: datetime) -> Iterable[Change]:
    for number, visit in enumerate(visits(office, period)):
        day = now.date() + timedelta(days=number)
        if visit.row is None:
            section_id = visit.section.id
            yield new_row(schema.MONEV, period, section_id=section_id, planned_on=day, officer="Sekretaris")


def _results(office: Office, period: Period, now: datetime) -> Iterable[Change]:
    for visit in visits(office, period):
        result: dict[str, Value] = {
            "held_on": now.date(),
            "attendees": "Kasi",
            "findings": "Sesuai",
            "recommendation": "Dilanjutkan",
            "agreed_by": "kasi",
            "agreed_at": now,
        }
        assert visit.row is not None
        yield Update(schema.MONEV, str(visit.row["id"]), {}, result)
        for item in range(1, len(CHECK_ITEMS) + 1):
            yield new_row(schema.MONEV_CHECK, period, section_id=visit.section.id, item=item, answer="ya")


def _analyses(office: Office, period: Period, now: datetime) -> Iterable[Change]:
    texts: dict[str, Value] = {"drivers": "Kader aktif", "recommendation": "Dilanjutkan", "entered_at": now}
    for found in analyses(office, period):
        if found.row is None and found.scope == SECTION:
            yield new_row(schema.ANALYSIS, period, scope=found.scope, subject=found.subject, **texts)


def _draft(office: Office, period: Period, now: datetime) -> Iterable[Change]:
    yield new_row(schema.DRAFT, period, number=len(drafts(office, period)) + 1, at=now, by="pkp")


def _meeting(office: Office, period: Period, now: datetime) -> Iterable[Change]:
    yield new_row(schema.MEETING, period, held_on=now.date(), attendees="Sekretaris", minutes="Draf dibahas.")


def _verdicts(office: Office, period: Period, now: datetime) -> Iterable[Change]:
    for verdict in unverified(office, period):
        judged: dict[str, Value] = {**verdict.now, "verdict": AGREE, "at": now, "by": "sekretaris"}
        yield new_row(schema.VERIFICATION, period, indicator_id=verdict.measure.indicator.id, round=1, **judged)


_WORK: dict[int, Callable[[Office, Period, datetime], Iterable[Change]]] = {
    PLANNING: _plans,
    VISITING: _results,
    ANALYSING: _analyses,
    DRAFTING: _draft,
    DISCUSSING: _meeting,
    VERIFYING: _verdicts,
}
