"""What a person has typed and not saved: kept, found again, never run over somebody else's value."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from services.actions.base import Unreadable
from services.store.drafts import Drafts
from services.store.sql import SqlStore
from services.store.store import Conflict
from services.ui.entry_state import draft_of, keep, open_entry, save, settle
from services.views.office import Entry
from tests.unit.offices import PERIOD
from tests.unit.sample_store import NOW, acting, office_in, sample_store

KASI, PKP = "kasi.kesos", "pkp"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "draf.db")


def entry_of(store: SqlStore) -> Entry:
    entry = office_in(store).working(PERIOD).entry("ind-kesos-04", PERIOD)
    assert entry is not None
    return entry


def typed_by(username: str, store: SqlStore, drafts: Drafts, **texts: str):
    """The entry in this person's hands, with these texts typed and kept as a draft."""
    opened = open_entry(entry_of(store), draft_of(drafts, username, entry_of(store)))
    opened.typed.update(texts)
    keep(drafts, username, opened, NOW)
    return opened


def reopened(username: str, store: SqlStore, drafts: Drafts):
    return open_entry(entry_of(store), draft_of(drafts, username, entry_of(store)))


def test_a_draft_is_found_in_a_new_session_with_its_time(store: SqlStore, drafts: Drafts) -> None:
    typed_by(KASI, store, drafts, actual="2", obstacle="Hujan.")
    again = reopened(KASI, store, drafts)
    assert again.changed == {"actual": "2", "obstacle": "Hujan."}
    assert again.draft_at == NOW


def test_a_draft_belongs_to_one_person(store: SqlStore, drafts: Drafts) -> None:
    typed_by(KASI, store, drafts, actual="2")
    assert reopened(PKP, store, drafts).changed == {}


def test_typing_back_what_was_there_leaves_no_draft(store: SqlStore, drafts: Drafts) -> None:
    opened = typed_by(KASI, store, drafts, actual="2")
    opened.typed["actual"] = opened.seen["actual"]
    keep(drafts, KASI, opened, NOW)
    assert drafts.for_user(KASI) == ()


def test_a_draft_that_equals_what_is_stored_disappears(store: SqlStore, drafts: Drafts) -> None:
    typed_by(KASI, store, drafts, actual="2")
    save(acting(store, PKP), drafts, typed_by(PKP, store, drafts, actual="2"))
    assert reopened(KASI, store, drafts).draft_at is None
    assert drafts.for_user(KASI) == ()


def test_saving_ends_the_draft(store: SqlStore, drafts: Drafts) -> None:
    assert save(acting(store, KASI), drafts, typed_by(KASI, store, drafts, actual="2"))
    assert drafts.for_user(KASI) == ()
    assert entry_of(store).actual.value == 2


def test_a_failed_save_keeps_the_draft(store: SqlStore, drafts: Drafts) -> None:
    opened = typed_by(KASI, store, drafts, actual="1.250")
    with pytest.raises(Unreadable):
        save(acting(store, KASI), drafts, opened)
    assert reopened(KASI, store, drafts).typed["actual"] == "1.250"


def test_an_old_draft_does_not_run_over_a_value_saved_meanwhile(store: SqlStore, drafts: Drafts) -> None:
    typed_by(KASI, store, drafts, actual="2")
    save(acting(store, PKP), drafts, typed_by(PKP, store, drafts, actual="1"))
    with pytest.raises(Conflict) as caught:
        save(acting(store, KASI), drafts, reopened(KASI, store, drafts))
    (clash,) = caught.value.clashes
    assert (clash.seen or "", clash.found, clash.wanted) == ("", Decimal(1), Decimal(2))


@pytest.mark.parametrize(("answer", "value"), [("mine", 2), ("theirs", 1)])
def test_a_clash_is_settled_by_the_person_and_other_fields_are_saved(store, drafts, answer, value) -> None:
    opened = typed_by(KASI, store, drafts, actual="2", obstacle="Hujan.")
    save(acting(store, PKP), drafts, typed_by(PKP, store, drafts, actual="1"))
    settle(opened, entry_of(store), ["actual"], answer)
    assert save(acting(store, KASI), drafts, opened)
    after = entry_of(store)
    assert (after.actual.value, after.text("obstacle")) == (value, "Hujan.")


def test_the_same_texts_have_the_same_transaction_and_other_texts_another(store: SqlStore, drafts: Drafts) -> None:
    opened = typed_by(KASI, store, drafts, actual="2")
    first = opened.transaction_id
    assert opened.transaction_id == first
    opened.typed["actual"] = "3"
    assert opened.transaction_id != first
    assert reopened(KASI, store, drafts).transaction_id != first
