"""What a person typed survives a lost connection."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from services.store.drafts import Draft, Drafts, DraftTooLarge
from services.store.store import StoreUnavailable
from tests.store.helpers import NOW

FIELDS = {"actual": "83,3", "driver": "Kerja sama nagari 🌧"}


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "data" / "draf.db")


def test_a_draft_comes_back_as_it_was_typed_also_after_a_restart(drafts: Drafts, tmp_path: Path) -> None:
    drafts.put("rina", "e1", FIELDS, NOW)
    assert Drafts(tmp_path / "data" / "draf.db").get("rina", "e1") == Draft("rina", "e1", FIELDS, NOW)


def test_a_later_draft_takes_the_place_of_the_earlier(drafts: Drafts) -> None:
    drafts.put("rina", "e1", FIELDS, NOW)
    drafts.put("rina", "e1", {"actual": "84"}, NOW + timedelta(seconds=5))
    assert [draft.fields for draft in drafts.for_user("rina")] == [{"actual": "84"}]


def test_everybody_has_drafts_of_their_own_newest_first(drafts: Drafts) -> None:
    drafts.put("rina", "e1", FIELDS, NOW)
    drafts.put("rina", "e2", FIELDS, NOW + timedelta(seconds=5))
    drafts.put("budi", "e1", FIELDS, NOW)
    assert [draft.entry_id for draft in drafts.for_user("rina")] == ["e2", "e1"]
    assert drafts.get("budi", "e2") is None


def test_a_discarded_draft_is_gone_and_may_be_discarded_again(drafts: Drafts) -> None:
    drafts.put("rina", "e1", FIELDS, NOW)
    drafts.discard("rina", "e1")
    drafts.discard("rina", "e1")
    assert drafts.get("rina", "e1") is None


def test_a_draft_beyond_200_kb_is_refused_and_the_last_one_stays(drafts: Drafts) -> None:
    drafts.put("rina", "e1", FIELDS, NOW)
    with pytest.raises(DraftTooLarge):
        drafts.put("rina", "e1", {"driver": "x" * 200_001}, NOW)
    assert drafts.for_user("rina")[0].fields == FIELDS


def test_threads_may_write_drafts_at_once(drafts: Drafts) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: drafts.put("rina", f"e{n}", FIELDS, NOW), range(40)))
    assert len(drafts.for_user("rina")) == 40


def test_a_file_that_cannot_be_used_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "draf.db").write_bytes(b"bukan basis data" * 100)
    with pytest.raises(StoreUnavailable, match="tidak dapat dipakai"):
        Drafts(tmp_path / "draf.db")
