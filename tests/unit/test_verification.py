"""Step 11: figures are agreed to by somebody else than their giver, and what is returned comes back corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.actions.base import Context, Denied, Refused
from services.actions.drafts import answer_correction, make_draft
from services.actions.entries import given
from services.actions.steps import finish_step, may_move_on
from services.actions.verification import approve, hand_on, judge, send_back
from services.domain.roles import Role
from services.domain.sop import CORRECTING, ISSUING, VERIFYING, Event
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import HistoryQuery, Row, StoreUnavailable, Transaction, Update
from services.views.drafts import CorrectionStatus, corrections
from services.views.past import office_at
from services.views.steps import steps_of
from services.views.tasks import tasks_of
from services.views.verification import (
    AGREE,
    RETURN,
    Verdict,
    VerdictState,
    changed_from,
    decisions,
    unchanged,
    unverified,
    verdicts,
)
from tests.unit.quarter_play import RUNNING, current_step, finish_up_to
from tests.unit.sample_store import NOW, acting, office_in, sample_store

EVERYBODY = ["admin", "pkp", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]
START = NOW + timedelta(days=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """The sample's running quarter at step 11."""
    store = sample_store(tmp_path)
    finish_up_to(store, 10)
    yield store
    store.close()


def by(store: SqlStore, username: str, hours: int = 0) -> Context:
    return acting(store, username, START + timedelta(hours=hours))


def agree_to_all(store: SqlStore, hours: int = 0) -> None:
    context = by(store, "sekretaris", hours)
    judge(context, RUNNING, unverified(context.office, RUNNING), AGREE)


def give_again(store: SqlStore, verdict: Verdict, actual: int, hours: int) -> None:
    context = by(store, "kasi.pem", hours)
    entry = verdict.measure.entry
    assert entry is not None
    row = given(context, entry, {"actual": Decimal(actual), "spent": entry.counted("spent")})
    store.commit(Transaction(context.now, "kasi.pem", "kasi", "mengirim data seksi", "Uji", (row,)))


def of(store: SqlStore, indicator_id: str) -> Verdict:
    return next(v for v in verdicts(office_in(store), RUNNING) if v.measure.indicator.id == indicator_id)


def step(store: SqlStore) -> int | None:
    return current_step(store, RUNNING, START + timedelta(days=1))


# --- rights ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", EVERYBODY)
def test_only_the_sekretaris_agrees_to_figures(store: SqlStore, username: str) -> None:
    context = by(store, username)
    found = verdicts(context.office, RUNNING)[:1]
    if username == "sekretaris":
        judge(context, RUNNING, found, AGREE)
    else:
        with pytest.raises(Denied):
            judge(context, RUNNING, found, AGREE)


@pytest.mark.parametrize("username", EVERYBODY)
def test_only_the_sekretaris_hands_on_and_only_the_camat_approves(store: SqlStore, username: str) -> None:
    agree_to_all(store)
    if username != "sekretaris":
        with pytest.raises(Denied):
            hand_on(by(store, username, 1), RUNNING)
    hand_on(by(store, "sekretaris", 1), RUNNING)
    if username == "camat":
        approve(by(store, username, 2), RUNNING)
        assert step(store) == ISSUING
    else:
        with pytest.raises(Denied):
            approve(by(store, username, 2), RUNNING)


@pytest.mark.parametrize("username", EVERYBODY)
def test_only_the_leaders_return_the_draft(store: SqlStore, username: str) -> None:
    if username in ("sekretaris", "camat"):
        send_back(by(store, username), RUNNING, "Belum sesuai")
        assert step(store) == CORRECTING
    else:
        with pytest.raises(Denied):
            send_back(by(store, username), RUNNING, "Belum sesuai")


def test_nobody_verifies_a_figure_that_the_same_person_gave_in_whatever_role(store: SqlStore) -> None:
    context = by(store, "sekretaris")
    entry = verdicts(context.office, RUNNING)[0].measure.entry
    assert entry is not None
    row = given(context, entry, {"actual": Decimal(1), "spent": None})  # given in as PKP, before the change of office
    store.commit(Transaction(START, "sekretaris", "pkp", "mengirim data seksi", "Uji", (row,)))
    context = by(store, "sekretaris")
    with pytest.raises(Denied, match="isi atau kirim sendiri"):
        judge(context, RUNNING, verdicts(context.office, RUNNING), AGREE)
    assert office_in(store).rows_of(schema.VERIFICATION, RUNNING) == ()


def as_stand_in(context: Context, role: Role, section_id: str = "") -> Context:
    """The same person as pelaksana harian."""
    return replace(context, actor=replace(context.actor, role=role, section_id=section_id, stand_in=True))


def test_nobody_verifies_as_stand_in_what_he_gave_in_by_his_own_role(store: SqlStore) -> None:
    context = as_stand_in(by(store, "kasi.pem"), Role.SEKRETARIS)
    found = verdicts(context.office, RUNNING)
    own = [v for v in found if "kasi.pem" in v.givers]
    with pytest.raises(Denied, match="isi atau kirim sendiri"):
        judge(context, RUNNING, own[:1], AGREE)
    judge(context, RUNNING, [v for v in found if v not in own], AGREE)
    assert {line["role"] for line in store.history(HistoryQuery(table="Verifikasi", since=START.date()))} == {
        "sekretaris (Plh.)"
    }


def test_nobody_verifies_by_his_own_role_what_he_typed_as_stand_in_even_if_others_went_on_with_it(
    store: SqlStore,
) -> None:
    """The row says only who changed it last and who gave it in."""
    context = by(store, "sekretaris")
    verdict = verdicts(context.office, RUNNING)[0]
    entry = verdict.measure.entry
    assert entry is not None
    typed = Update(schema.ENTRY, entry.id, {}, {"actual": Decimal(1), "entered_by": "sekretaris"})
    store.commit(Transaction(START, "sekretaris", "kasi (Plh.)", "menyimpan isian", "Uji", (typed,)))
    more = Update(schema.ENTRY, entry.id, {}, {"driver": "Uji", "entered_by": "kasi.pem"})
    row = given(by(store, "kasi.pem"), entry, {"actual": Decimal(1), "spent": None})
    store.commit(Transaction(START, "kasi.pem", "kasi", "mengirim data seksi", "Uji", (more, row)))
    context = by(store, "sekretaris")
    present = verdicts(context.office, RUNNING)
    assert "sekretaris" not in present[0].givers
    with pytest.raises(Denied, match="pernah mengisi angka ini"):
        judge(context, RUNNING, present[:1], AGREE)
    judge(context, RUNNING, present[1:2], AGREE)


def test_while_the_log_cannot_be_asked_nothing_is_verified(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_query: HistoryQuery) -> tuple[Row, ...]:
        raise StoreUnavailable("Riwayat tidak dapat diambil.")

    monkeypatch.setattr(store, "history", away)
    context = by(store, "sekretaris")
    with pytest.raises(StoreUnavailable):
        judge(context, RUNNING, verdicts(context.office, RUNNING)[:1], AGREE)
    assert office_in(store).rows_of(schema.VERIFICATION, RUNNING) == ()


def test_the_sekretaris_who_verified_does_not_approve_as_plh_camat(store: SqlStore) -> None:
    agree_to_all(store)
    hand_on(by(store, "sekretaris", 1), RUNNING)
    plh = as_stand_in(by(store, "sekretaris", 2), Role.CAMAT)
    assert not may_move_on(plh, RUNNING, Event.FINISHED)
    assert tasks_of(plh.office, plh.actor, plh.now) == ()
    with pytest.raises(Denied, match="orang lain yang menyetujuinya"):
        approve(plh, RUNNING)
    assert step(store) == VERIFYING
    approve(as_stand_in(by(store, "umum", 2), Role.CAMAT), RUNNING)
    assert step(store) == ISSUING


def test_whoever_judged_one_figure_only_does_not_approve_either(store: SqlStore) -> None:
    umum = as_stand_in(by(store, "umum"), Role.SEKRETARIS)
    judge(umum, RUNNING, [v for v in verdicts(umum.office, RUNNING) if "umum" not in v.givers][:1], AGREE)
    agree_to_all(store, 1)
    hand_on(by(store, "sekretaris", 2), RUNNING)
    with pytest.raises(Denied, match="orang lain yang menyetujuinya"):
        approve(as_stand_in(by(store, "umum", 3), Role.CAMAT), RUNNING)


# --- agreeing ----------------------------------------------------------------------------------------------------


def test_all_figures_at_once_are_one_transaction_and_one_decision(store: SqlStore) -> None:
    agree_to_all(store)
    lines = store.history(HistoryQuery(table="Verifikasi", since=START.date()))
    assert len(lines) == len(verdicts(office_in(store), RUNNING)) == 46
    assert len({line["transaction_id"] for line in lines}) == 1
    (decision,) = decisions(office_in(store), RUNNING)
    assert (decision.verdict, decision.by, len(decision.indicator_ids)) == (AGREE, "sekretaris", 46)
    assert unverified(office_in(store), RUNNING) == ()


def test_the_same_press_decides_once(store: SqlStore) -> None:
    context = by(store, "sekretaris")
    found = verdicts(context.office, RUNNING)[:3]
    judge(context, RUNNING, found, AGREE, transaction_id="tekan")
    assert judge(context, RUNNING, found, AGREE, transaction_id="tekan").repeated
    assert len(office_in(store).rows_of(schema.VERIFICATION, RUNNING)) == 3


def test_two_who_decide_on_the_same_figure_decide_once(store: SqlStore) -> None:
    first, second = by(store, "sekretaris"), by(store, "sekretaris")
    found = verdicts(first.office, RUNNING)[:1]
    judge(first, RUNNING, found, AGREE)
    with pytest.raises(Refused, match="Orang lain baru saja memutuskan"):
        judge(second, RUNNING, found, RETURN, "Tidak cocok")
    with pytest.raises(Refused, match="berubah sejak Anda membukanya"):
        judge(by(store, "sekretaris"), RUNNING, found, RETURN, "Tidak cocok")


def test_a_figure_that_changed_since_it_was_seen_is_not_decided_on(store: SqlStore) -> None:
    seen = verdicts(office_in(store), RUNNING)[:2]
    give_again(store, seen[0], 77, 0)
    with pytest.raises(Refused, match="berubah sejak Anda membukanya"):
        judge(by(store, "sekretaris", 1), RUNNING, seen, AGREE)
    assert office_in(store).rows_of(schema.VERIFICATION, RUNNING) == ()


@pytest.mark.parametrize(("count", "verdict", "reason"), [(0, AGREE, ""), (1, RETURN, "  ")])
def test_a_decision_is_about_something_and_a_return_says_why(
    store: SqlStore, count: int, verdict: str, reason: str
) -> None:
    context = by(store, "sekretaris")
    with pytest.raises(Refused):
        judge(context, RUNNING, verdicts(context.office, RUNNING)[:count], verdict, reason)


def test_figures_are_decided_on_at_step_11_only(tmp_path: Path) -> None:
    store = sample_store(tmp_path)
    finish_up_to(store, 9)
    context = by(store, "sekretaris")
    with pytest.raises(Refused, match="langkah 11"):
        judge(context, RUNNING, verdicts(context.office, RUNNING), AGREE)
    store.close()


def test_after_the_draft_was_handed_on_the_figures_stand(store: SqlStore) -> None:
    agree_to_all(store)
    hand_on(by(store, "sekretaris", 1), RUNNING)
    context = by(store, "sekretaris", 2)
    with pytest.raises(Refused):
        judge(context, RUNNING, verdicts(context.office, RUNNING)[:1], RETURN, "Terlambat sadar")


def test_while_one_figure_is_open_or_returned_the_draft_is_not_handed_on(store: SqlStore) -> None:
    context = by(store, "sekretaris")
    first, *rest = verdicts(context.office, RUNNING)
    judge(context, RUNNING, rest, AGREE)
    with pytest.raises(Refused, match="Belum semua angka disetujui"):
        hand_on(by(store, "sekretaris", 1), RUNNING)
    judge(by(store, "sekretaris", 1), RUNNING, [first], RETURN, "Tidak cocok")
    with pytest.raises(Refused, match="Belum semua angka disetujui"):
        hand_on(by(store, "sekretaris", 2), RUNNING)


def test_a_figure_changed_after_it_was_verified_keeps_the_camat_from_approving(store: SqlStore) -> None:
    agree_to_all(store)
    hand_on(by(store, "sekretaris", 1), RUNNING)
    give_again(store, verdicts(office_in(store), RUNNING)[0], 77, 2)
    with pytest.raises(Refused, match="berubah sesudah diverifikasi"):
        approve(by(store, "camat", 3), RUNNING)


# --- returning ---------------------------------------------------------------------------------------------------


def returned_draft(store: SqlStore) -> tuple[Verdict, ...]:
    """Two figures returned, all others agreed to, and the draft sent back."""
    context = by(store, "sekretaris")
    first, second, *rest = verdicts(context.office, RUNNING)
    judge(context, RUNNING, rest, AGREE)
    judge(by(store, "sekretaris", 1), RUNNING, [first, second], RETURN, "Tidak cocok dengan bukti")
    send_back(by(store, "sekretaris", 2), RUNNING, "Dua angka belum sesuai")
    return first, second


def test_returned_figures_and_the_reason_become_corrections_in_the_same_transaction(store: SqlStore) -> None:
    figures = returned_draft(store)
    found = corrections(office_in(store), RUNNING)
    assert {c.indicator_id for c in found} == {"", *(v.measure.indicator.id for v in figures)}
    assert {(c.origin, c.status, c.round) for c in found} == {("verifikasi", CorrectionStatus.OPEN, 1)}
    assert {c.text for c in found} == {"Tidak cocok dengan bukti", "Dua angka belum sesuai"}
    moved = {str(line["transaction_id"]) for line in store.history(HistoryQuery(table="Koreksi", since=START.date()))}
    assert moved == {str(store.history(HistoryQuery(table="Langkah", since=START.date()))[0]["transaction_id"])}
    assert step(store) == CORRECTING


def test_a_return_without_a_reason_changes_nothing(store: SqlStore) -> None:
    with pytest.raises(Refused, match="alasan"):
        send_back(by(store, "camat"), RUNNING, " ")
    assert corrections(office_in(store), RUNNING) == ()
    assert step(store) == VERIFYING


def test_the_second_round_has_only_what_was_returned_or_changed_to_decide(store: SqlStore) -> None:
    first, second = returned_draft(store)
    give_again(store, first, 77, 3)
    for found in corrections(office_in(store), RUNNING):
        answer_correction(by(store, "pkp", 4), RUNNING, found, CorrectionStatus.DONE, "Dibetulkan")
    make_draft(by(store, "pkp", 5), RUNNING, "")
    finish_step(by(store, "pkp", 6), RUNNING)
    states = {v.measure.indicator.id: v.state for v in unverified(office_in(store), RUNNING)}
    assert states == {
        first.measure.indicator.id: VerdictState.CHANGED,
        second.measure.indicator.id: VerdictState.RETURNED,
    }
    changed = of(store, first.measure.indicator.id)
    assert changed_from(changed, None) == first.now
    assert changed.now["actual"] == Decimal(77)
    assert "kasi.pem" in changed.givers
    agree_to_all(store, 7)
    hand_on(by(store, "sekretaris", 8), RUNNING)
    approve(by(store, "camat", 9), RUNNING, "Setuju")
    assert step(store) == ISSUING
    log = decisions(office_in(store), RUNNING)
    assert [(d.event, d.round) for d in log if d.event] == [
        (Event.FINISHED, 2),
        (Event.VERIFIED, 2),
        (Event.RETURNED, 1),
    ]


def test_the_camat_returns_what_the_sekretaris_handed_on(store: SqlStore) -> None:
    agree_to_all(store)
    hand_on(by(store, "sekretaris", 1), RUNNING)
    send_back(by(store, "camat", 2), RUNNING, "Jelaskan serapan")
    (found,) = corrections(office_in(store), RUNNING)
    assert (found.raised_by, found.text, found.indicator_id) == ("camat", "Jelaskan serapan", "")
    rounds = steps_of(office_in(store), RUNNING, START + timedelta(hours=3)).items[CORRECTING - 1].rounds
    assert rounds == 1


# --- what has not changed ----------------------------------------------------------------------------------------


def test_what_differs_from_the_draft_is_not_among_the_unchanged(store: SqlStore) -> None:
    drafted = office_at(store, office_in(store), START)
    changed = verdicts(office_in(store), RUNNING)[0]
    give_again(store, changed, 77, 1)
    now = verdicts(office_in(store), RUNNING)
    readable = [v for v in now if v.measure.problem is None]
    same = unchanged(now, drafted)
    assert len(same) == len(readable) - 1 < len(now) - 1
    assert changed.measure.indicator.id not in {v.measure.indicator.id for v in same}
    assert changed_from(of(store, changed.measure.indicator.id), drafted) == changed.now


MOVES: list[Callable[[Context], object]] = [
    lambda c: hand_on(c, RUNNING),
    lambda c: approve(c, RUNNING),
    lambda c: send_back(c, RUNNING, "Alasan"),
]


@pytest.mark.parametrize("move", MOVES)
def test_before_step_11_nothing_of_it_happens(tmp_path: Path, move: Callable[[Context], object]) -> None:
    store = sample_store(tmp_path)
    with pytest.raises(Refused):
        move(acting(store, "sekretaris"))
    store.close()
