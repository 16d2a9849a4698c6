"""Steps 12 and 13: the document is issued once with its bytes, and archived once; the same bytes come back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from services.actions.base import ActionError, Context, Denied, Refused
from services.actions.documents import Made, archive_document, issue_document, kept_bytes
from services.actions.entries import given
from services.domain.indicators import Period
from services.domain.roles import CycleState
from services.domain.sop import ARCHIVING, ISSUING, VERIFYING
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import StoreError, Transaction
from services.views.documents import document, register
from tests.unit.quarter_play import current_step, finish_up_to
from tests.unit.sample_store import NOW, acting, office_in, sample_store

PERIOD = Period(2026, 3)
PDF = b"%PDF-1.7 " + bytes(range(256)) * 400
NUMBER = "800/12/Silaut/2026"
MADE = Made(PDF, 22, "ab" * 32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def at_issue(store: SqlStore) -> datetime:
    return finish_up_to(store, VERIFYING) + timedelta(hours=1)


def issue(store: SqlStore, now: datetime, username: str = "pkp", **changes: object) -> None:
    details = {"number": NUMBER, "day": now.date(), "place": "Silaut", "signatory": "Camat"} | changes
    issue_document(acting(store, username, now), PERIOD, MADE, **details)  # type: ignore[arg-type]


def archive(store: SqlStore, now: datetime, username: str = "umum", register_no: str = "A-12") -> None:
    archive_document(acting(store, username, now), PERIOD, register_no=register_no, location="Lemari 2")


def test_issuing_keeps_the_bytes_and_finishes_step_12(store: SqlStore, at_issue: datetime) -> None:
    issue(store, at_issue)
    found = document(office_in(store), PERIOD)
    assert found is not None
    assert (found.number, found.size, found.sha256) == (NUMBER, len(PDF), hashlib.sha256(PDF).hexdigest())
    assert kept_bytes(store, found) == PDF
    assert current_step(store, PERIOD, at_issue) == ARCHIVING


@pytest.mark.parametrize("username", ["admin", "kasi.pem", "umum", "sekretaris", "camat", "pimpinan"])
def test_nobody_but_the_kasubag_pkp_issues(store: SqlStore, at_issue: datetime, username: str) -> None:
    with pytest.raises(Denied):
        issue(store, at_issue, username)
    assert document(office_in(store), PERIOD) is None


def test_nothing_is_issued_before_step_12(store: SqlStore) -> None:
    now = finish_up_to(store, VERIFYING - 1)
    with pytest.raises(Refused, match="pada langkah 12"):
        issue(store, now)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"number": "  "}, "nomor"),
        ({"place": ""}, "tempat"),
        ({"signatory": " "}, "tempat dan penanda tangan"),
        ({"day": date(2030, 1, 1)}, "sesudah hari ini"),
        ({"day": date(2026, 11, 2)}, "sebelum Camat menyetujui laporannya, 3 November 2026"),
    ],
)
def test_what_is_missing_on_the_document_is_told(
    store: SqlStore, at_issue: datetime, changes: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        issue(store, at_issue, **changes)


def test_a_figure_changed_after_the_verification_stops_the_document(store: SqlStore, at_issue: datetime) -> None:
    row = next(
        r for r in store.read().rows(schema.VERIFICATION) if (r["year"], r["quarter"]) == (PERIOD.year, PERIOD.quarter)
    )
    indicator_id = str(row["indicator_id"])
    entry = office_in(store).entry(indicator_id, PERIOD)
    assert entry is not None
    again = given(acting(store, "pkp", at_issue), entry, {"actual": None, "spent": None})
    store.commit(Transaction(NOW, "pkp", "pkp", "uji", "Uji", (again,)))
    with pytest.raises(Refused, match="berubah sesudah diverifikasi"):
        issue(store, at_issue)


def test_twenty_presses_at_once_issue_one_document(store: SqlStore, at_issue: datetime) -> None:
    contexts = [acting(store, "pkp", at_issue) for _ in range(20)]
    together = Barrier(len(contexts))

    def press(context: Context) -> bool:
        together.wait()
        try:
            day = at_issue.date()
            issue_document(context, PERIOD, MADE, number=NUMBER, day=day, place="Silaut", signatory="Camat")
        except (ActionError, StoreError):
            return False
        return True

    with ThreadPoolExecutor(len(contexts)) as pool:
        assert list(pool.map(press, contexts)).count(True) == 1
    assert len(store.read().rows(schema.DOCUMENT)) == 1


def test_the_archive_closes_the_quarter_and_stands_in_the_register(store: SqlStore, at_issue: datetime) -> None:
    issue(store, at_issue)
    archive(store, at_issue + timedelta(minutes=5))
    office = office_in(store)
    (entry,) = register(office)
    assert (entry.register, entry.location, entry.by, entry.document.number) == ("A-12", "Lemari 2", "umum", NUMBER)
    assert office.state(PERIOD, at_issue) is CycleState.ARCHIVED
    assert kept_bytes(store, entry.document) == PDF


@pytest.mark.parametrize("username", ["admin", "pkp", "kasi.pem", "sekretaris", "camat", "pimpinan"])
def test_nobody_but_the_kasubag_umum_archives(store: SqlStore, at_issue: datetime, username: str) -> None:
    issue(store, at_issue)
    with pytest.raises(Denied):
        archive(store, at_issue + timedelta(minutes=5), username)


def test_nothing_is_archived_before_it_is_issued(store: SqlStore) -> None:
    now = finish_up_to(store, ISSUING - 1)
    with pytest.raises(Refused, match="pada langkah 13"):
        archive(store, now)


def test_a_document_whose_bytes_were_altered_is_not_archived(store: SqlStore, at_issue: datetime) -> None:
    issue(store, at_issue)
    _alter_a_piece(store)
    with pytest.raises(StoreError, match="tidak lagi sama"):
        archive(store, at_issue + timedelta(minutes=5))


def test_an_archived_quarter_takes_nothing_more(store: SqlStore, at_issue: datetime) -> None:
    issue(store, at_issue)
    archive(store, at_issue + timedelta(minutes=5))
    later = at_issue + timedelta(hours=2)
    again: list[Callable[[], None]] = [lambda: issue(store, later), lambda: archive(store, later)]
    for act in again:
        with pytest.raises(ActionError):
            act()


def _alter_a_piece(store: SqlStore) -> None:
    """What somebody with a hand on the database could do; no action of ours can."""
    kept = {table.name: rows for table, rows in store.dump()}
    first, *rest = kept[schema.FILE.name]
    kept[schema.FILE.name] = ({**first, "content": "QUJD" + str(first["content"])[4:]}, *rest)
    store.load(kept)
