"""Steps 8 to 10: versions, comments, minutes and corrections, each by whoever may and when it is time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from services.actions.base import Context, Denied, Refused, Unreadable
from services.actions.drafts import answer_correction, comment, keep_minutes, make_draft
from services.store.sql import SqlStore
from services.store.store import Conflict, HistoryQuery, StoreError
from services.views.drafts import WHOLE, CorrectionStatus, corrections, drafts, meeting
from tests.unit.quarter_play import RUNNING, finish_up_to
from tests.unit.sample_store import NOW, acting, office_in, sample_store

EVERYBODY = ["admin", "pkp", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """The sample's running quarter at step 8."""
    store = sample_store(tmp_path)
    finish_up_to(store, 7)
    yield store
    store.close()


def by(store: SqlStore, username: str) -> Context:
    return acting(store, username, LATER)


def drafted(store: SqlStore) -> SqlStore:
    make_draft(by(store, "pkp"), RUNNING, "Pertama")
    return store


def remarked(store: SqlStore) -> SqlStore:
    comment(by(drafted(store), "camat"), RUNNING, WHOLE, "Ringkas lagi")
    return store


def answering(context: Context) -> object:
    (found,) = corrections(context.office, RUNNING)
    return answer_correction(context, RUNNING, found, CorrectionStatus.DONE, "Sudah")


ALLOWED: dict[str, tuple[Callable[[Context], object], set[str]]] = {
    "make a draft": (lambda c: make_draft(c, RUNNING, ""), {"pkp"}),
    "comment": (
        lambda c: comment(c, RUNNING, WHOLE, "Catatan"),
        {"pkp", "kasi.kesos", "umum", "sekretaris", "camat"},
    ),
    "keep the minutes": (lambda c: keep_minutes(c, RUNNING, {}, {"minutes": "Dibahas"}), {"pkp", "sekretaris"}),
    "answer a correction": (answering, {"pkp"}),
}


@pytest.mark.parametrize("username", EVERYBODY)
@pytest.mark.parametrize("what", ALLOWED)
def test_each_does_what_the_table_of_rights_says_and_nothing_else(store: SqlStore, what: str, username: str) -> None:
    act, allowed = ALLOWED[what]
    context = by(remarked(store), username)
    if username in allowed:
        act(context)
    else:
        with pytest.raises(Denied):
            act(context)


def test_versions_are_counted_up_and_keep_who_made_them_when_and_why(store: SqlStore) -> None:
    make_draft(by(store, "pkp"), RUNNING, "  Pertama ", "ab12")
    make_draft(by(store, "pkp"), RUNNING, "")
    first, second = drafts(office_in(store), RUNNING)
    assert (first.label, first.note, first.by, first.at, first.fingerprint) == ("v0.1", "Pertama", "pkp", LATER, "ab12")
    assert second.label == "v0.2"


def test_the_same_press_makes_one_version(store: SqlStore) -> None:
    context = by(store, "pkp")
    make_draft(context, RUNNING, "", transaction_id="tekan")
    assert make_draft(context, RUNNING, "", transaction_id="tekan").repeated
    assert len(drafts(office_in(store), RUNNING)) == 1


def test_twenty_presses_at_once_make_one_version(store: SqlStore) -> None:
    contexts = [by(store, "pkp") for _ in range(20)]
    together = Barrier(len(contexts))

    def press(context: Context) -> bool:
        together.wait()
        try:
            make_draft(context, RUNNING, "")
        except (Refused, StoreError):
            return False
        return True

    with ThreadPoolExecutor(len(contexts)) as pool:
        assert list(pool.map(press, contexts)).count(True) == 1
    assert len(drafts(office_in(store), RUNNING)) == 1


def test_before_step_8_there_is_nothing_to_draft_or_discuss(tmp_path: Path) -> None:
    store = sample_store(tmp_path)
    for act in (lambda c: make_draft(c, RUNNING, ""), lambda c: keep_minutes(c, RUNNING, {}, {"minutes": "x"})):
        with pytest.raises(Refused, match="langkah 8 sampai 10"):
            act(acting(store, "pkp"))
    store.close()


def test_at_step_11_the_draft_stands_still(store: SqlStore) -> None:
    now = finish_up_to(store, 10)
    for act, _ in ALLOWED.values():
        if act is not answering:
            with pytest.raises(Refused, match="langkah 8 sampai 10"):
                act(acting(store, "pkp", now))


def test_without_a_draft_there_is_nothing_to_comment_on(store: SqlStore) -> None:
    with pytest.raises(Refused, match="Belum ada draf"):
        comment(by(store, "camat"), RUNNING, WHOLE, "Catatan")


@pytest.mark.parametrize(("chapter", "text"), [("Bab X", "Catatan"), (WHOLE, "   ")])
def test_a_comment_is_about_a_known_part_and_says_something(store: SqlStore, chapter: str, text: str) -> None:
    with pytest.raises(Refused):
        comment(by(drafted(store), "camat"), RUNNING, chapter, text)


def test_a_comment_keeps_its_lines_who_made_it_and_when(store: SqlStore) -> None:
    comment(by(drafted(store), "kasi.kesos"), RUNNING, WHOLE, " Satu\nDua ")
    (found,) = corrections(office_in(store), RUNNING)
    assert (found.text, found.raised_by, found.raised_at) == ("Satu\nDua", "kasi.kesos", LATER)
    assert (found.origin, found.round, found.status) == ("pembahasan", 1, CorrectionStatus.OPEN)


# --- minutes -----------------------------------------------------------------------------------------------------

FULL = {
    "held_on": "2026-11-04",
    "place": "Aula",
    "attendees": "Camat\nSekretaris",
    "minutes": "Draf dibahas.",
    "decisions": "Perbaiki Bab III",
}


def test_minutes_are_read_back_as_they_were_written(store: SqlStore) -> None:
    keep_minutes(by(store, "sekretaris"), RUNNING, {}, FULL)
    found = meeting(office_in(store), RUNNING)
    assert found is not None
    assert (found.held_on, found.attendees, found.decisions) == (
        date(2026, 11, 4),
        ("Camat", "Sekretaris"),
        ("Perbaiki Bab III",),
    )


def test_only_what_was_changed_is_written_and_nothing_is_nothing(store: SqlStore) -> None:
    keep_minutes(by(store, "sekretaris"), RUNNING, {}, FULL)
    assert keep_minutes(by(store, "pkp"), RUNNING, FULL, FULL) is None
    keep_minutes(by(store, "pkp"), RUNNING, FULL, FULL | {"place": "Ruang Camat"})
    lines = store.history(HistoryQuery(table="Pembahasan", since=LATER.date()))
    assert {line["column"] for line in lines} - {""} == {"place", "entered_by"}


def test_two_who_write_the_same_field_see_both_texts(store: SqlStore) -> None:
    keep_minutes(by(store, "sekretaris"), RUNNING, {}, FULL)
    keep_minutes(by(store, "pkp"), RUNNING, FULL, FULL | {"minutes": "Versi PKP"})
    with pytest.raises(Conflict) as caught:
        keep_minutes(by(store, "sekretaris"), RUNNING, FULL, FULL | {"minutes": "Versi Sekretaris"})
    (clash,) = caught.value.clashes
    assert (clash.seen, clash.found, clash.wanted) == ("Draf dibahas.", "Versi PKP", "Versi Sekretaris")


def test_two_who_begin_the_minutes_at_once_make_one(store: SqlStore) -> None:
    first, second = by(store, "sekretaris"), by(store, "pkp")
    keep_minutes(first, RUNNING, {}, FULL)
    with pytest.raises(Refused, match="baru saja dibuat"):
        keep_minutes(second, RUNNING, {}, FULL | {"minutes": "Lain"})


@pytest.mark.parametrize("typed", [{"held_on": "kapan-kapan"}, {"minutes": "x" * 10_001}])
def test_what_cannot_be_kept_is_named_and_nothing_is_saved(store: SqlStore, typed: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as caught:
        keep_minutes(by(store, "pkp"), RUNNING, {}, typed)
    assert set(caught.value.problems) == set(typed)
    assert meeting(office_in(store), RUNNING) is None


# --- corrections -------------------------------------------------------------------------------------------------


def test_a_correction_needs_an_answer_in_words(store: SqlStore) -> None:
    context = by(remarked(store), "pkp")
    (found,) = corrections(context.office, RUNNING)
    with pytest.raises(Refused, match="Tulis jawabannya"):
        answer_correction(context, RUNNING, found, CorrectionStatus.REFUSED, " ")


@pytest.mark.parametrize("status", list(CorrectionStatus))
def test_what_became_of_a_correction_is_kept_with_its_answer(store: SqlStore, status: CorrectionStatus) -> None:
    context = by(remarked(store), "pkp")
    (found,) = corrections(context.office, RUNNING)
    answer_correction(context, RUNNING, found, status, "Sudah diringkas")
    (after,) = corrections(office_in(store), RUNNING)
    assert (after.status, after.answer, after.answered_by, after.answered_at) == (
        status,
        "Sudah diringkas",
        "pkp",
        LATER,
    )


def test_an_answer_over_another_answer_is_a_conflict(store: SqlStore) -> None:
    context = by(remarked(store), "pkp")
    (seen,) = corrections(context.office, RUNNING)
    answer_correction(context, RUNNING, seen, CorrectionStatus.DONE, "Satu")
    with pytest.raises(Conflict):
        answer_correction(by(store, "pkp"), RUNNING, seen, CorrectionStatus.REFUSED, "Dua")
