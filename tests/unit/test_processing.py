"""Step 3: how many findings are answered, and the means before the corrections and now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.actions.answers import accept, correct, send_back
from services.actions.quarters import grant_exception
from services.domain.findings import Finding, FindingKind
from services.domain.indicators import Period
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Transaction, Update
from services.views.findings import findings_of
from services.views.processing import Answered, Recalculated, answered, recalculated
from tests.unit.sample_store import NOW, acting, office_in, sample_store

PERIOD = Period(2026, 3)
PATEN, SENT = "isi-2026-3-ind-yanum-04", "isi-2026-3-ind-trantib-04"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    grant_exception(acting(store, "pkp"), PERIOD, "trantib", NOW.date(), "Koreksi register")
    yield store
    store.close()


def finding(store: SqlStore, row_id: str, kind: FindingKind) -> Finding:
    found = (c.finding for c in findings_of(office_in(store), PERIOD))
    return next(f for f in found if f.row_id == row_id and f.kind is kind)


def typed(store: SqlStore, row_id: str, value: Decimal) -> None:
    """As a person types into the sheet after the section has sent."""
    update = Update(schema.ENTRY, row_id, {}, {"actual": value})
    store.commit(Transaction(NOW, "lembar", "", "mengetik", "Lembar kerja", (update,)))


def state(store: SqlStore) -> Answered:
    return answered(office_in(store), PERIOD)


def means(store: SqlStore) -> dict[str, Recalculated]:
    return {r.section.id if r.section else "": r for r in recalculated(office_in(store), PERIOD)}


def test_without_corrections_all_means_are_as_they_were(store: SqlStore) -> None:
    assert not any(r.changed for r in means(store).values())
    assert state(store) == Answered(waiting=7, returned=0, accepted=0, corrected=0)


def test_every_answer_is_counted_by_its_kind(store: SqlStore) -> None:
    send_back(acting(store, "pkp"), finding(store, PATEN, FindingKind.AMBIGUOUS), PERIOD, "Mohon dicek")
    assert state(store) == Answered(waiting=6, returned=1, accepted=0, corrected=0)
    correct(acting(store, "kasi.yanum"), finding(store, PATEN, FindingKind.AMBIGUOUS), PERIOD, "1250")
    assert state(store) == Answered(waiting=6, returned=0, accepted=0, corrected=1)
    assert (state(store).done, state(store).total) == (1, 7)


def test_a_correction_changes_the_mean_of_its_section_and_of_the_office_only(store: SqlStore) -> None:
    correct(acting(store, "kasi.yanum"), finding(store, PATEN, FindingKind.AMBIGUOUS), PERIOD, "1250")
    found = means(store)
    assert {key for key, value in found.items() if value.changed} == {"", "yanum"}
    assert found["yanum"].after.measured == found["yanum"].before.measured + 1


def test_before_is_before_the_first_of_several_corrections(store: SqlStore) -> None:
    unread = means(store)["yanum"].before
    correct(acting(store, "kasi.yanum"), finding(store, PATEN, FindingKind.AMBIGUOUS), PERIOD, "12500")
    tenfold = next(c.finding for c in findings_of(office_in(store), PERIOD) if c.finding.row_id == PATEN)
    correct(acting(store, "kasi.yanum", NOW + timedelta(minutes=1)), tenfold, PERIOD, "1250")
    assert means(store)["yanum"].before == unread


def test_a_changed_value_that_is_taken_over_counts_as_a_correction(store: SqlStore) -> None:
    before = means(store)["trantib"].after
    typed(store, SENT, Decimal(42))
    accept(acting(store, "pkp"), finding(store, SENT, FindingKind.CHANGED), PERIOD, "Rekap terakhir")
    assert means(store)["trantib"].before == before
    assert means(store)["trantib"].changed


def test_a_changed_value_that_is_taken_back_changes_no_mean(store: SqlStore) -> None:
    typed(store, SENT, Decimal(42))
    correct(acting(store, "kasi.trantib"), finding(store, SENT, FindingKind.CHANGED), PERIOD, "84")
    assert not means(store)["trantib"].changed


def test_a_figure_filled_in_after_the_lock_by_a_section_that_never_sent_is_asked_to_be_sent(store: SqlStore) -> None:
    row = next(r for r in office_in(store).entries_of(PERIOD) if r["indicator_id"] == "ind-kesos-04")
    typed(store, str(row["id"]), Decimal(2))
    found = finding(store, str(row["id"]), FindingKind.CHANGED)
    assert found.why.startswith("saat dikunci 19 Oktober 2026 13.50 tertulis (kosong)")
    assert "kirim data seksi ini agar nilai baru dihitung" in found.suggestion
