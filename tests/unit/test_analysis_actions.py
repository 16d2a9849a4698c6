"""Step 7: texts about sections and objectives, and the register of follow-ups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from services.actions.analysis import add_follow_up, save_analysis, update_follow_up
from services.actions.base import Context, Denied, Refused, Unreadable
from services.actions.monev import record_result
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, Insert, Store, Transaction, new_id
from services.views.analysis import (
    OBJECTIVE,
    SECTION,
    Analysis,
    FollowUp,
    analyses,
    comparison,
    follow_ups,
    follow_ups_from,
    material,
    proposed_follow_ups,
)
from tests.unit.sample_store import NOW, acting, office_in, sample_store

PERIOD = Period(2026, 3)
DUE = date(2026, 11, 20)
TODO = {"status": "belum", "note": ""}


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return sample_store(tmp_path)


def about(store: Store, subject: str = "kesos") -> Analysis:
    return next(a for a in analyses(office_in(store), PERIOD) if a.subject == subject)


def added(store: Store, what: str = "Lengkapi register.", section_id: str = "kesos", who: str = "pkp") -> FollowUp:
    add_follow_up(acting(store, who), PERIOD, what, "Kasi Kesejahteraan Sosial", DUE, section_id)
    return next(f for f in follow_ups_from(office_in(store), PERIOD) if f.what == what)


def older(
    store: Store,
    section_id: str = "kesos",
    status: str = "berjalan",
    at: datetime = datetime(2026, 8, 3, 9, tzinfo=WIB),
) -> FollowUp:
    """A follow-up that the second quarter, which is archived, left behind."""
    row = {c.name: "" for c in schema.FOLLOW_UP.columns} | {
        "id": f"lama-{section_id}-{status}",
        "year": 2026,
        "quarter": 2,
        "section_id": section_id,
        "what": "Ganti petugas",
        "who": "Kasi",
        "due_on": DUE,
        "status": status,
        "entered_at": at,
    }
    store.commit(Transaction(NOW, "uji", "", "mengisi", "Uji", (Insert(schema.FOLLOW_UP, row),)))
    return next(f for f in follow_ups_from(office_in(store), Period(2026, 2)) if f.id == row["id"])


# --- texts -------------------------------------------------------------------------------------------------------


def test_a_text_is_kept_for_its_section_and_one_for_its_objective(store: SqlStore) -> None:
    objective = next(a for a in analyses(office_in(store), PERIOD) if a.scope == OBJECTIVE)
    context = acting(store, "pkp")
    save_analysis(
        context, PERIOD, SECTION, "kesos", {}, {"obstacles": " Kendaraan rusak.\n", "recommendation": "Ganti."}
    )
    save_analysis(context, PERIOD, OBJECTIVE, objective.subject, {}, {"drivers": "Kerja sama."})
    assert about(store).text("obstacles") == "Kendaraan rusak."
    assert about(store).is_written
    assert about(store, objective.subject).text("drivers") == "Kerja sama."
    assert not about(store, objective.subject).is_written


def test_only_what_differs_is_saved_and_a_clash_is_seen(store: SqlStore) -> None:
    context = acting(store, "pkp")
    assert save_analysis(context, PERIOD, SECTION, "kesos", {}, {"drivers": " "}) is None
    save_analysis(context, PERIOD, SECTION, "kesos", {}, {"drivers": "Satu."})
    save_analysis(acting(store, "pkp"), PERIOD, SECTION, "kesos", {"drivers": "Satu."}, {"drivers": "Dua."})
    with pytest.raises(Conflict):
        save_analysis(acting(store, "pkp"), PERIOD, SECTION, "kesos", {"drivers": "Satu."}, {"drivers": "Tiga."})
    assert about(store).text("drivers") == "Dua."


def test_pressed_twice_is_saved_once(store: SqlStore) -> None:
    context, ticket = acting(store, "pkp"), new_id()
    for repeated in (False, True):
        receipt = save_analysis(context, PERIOD, SECTION, "kesos", {}, {"drivers": "Satu."}, ticket)
        assert receipt
        assert receipt.repeated is repeated


def test_an_unknown_subject_and_an_endless_text_are_refused(store: SqlStore) -> None:
    with pytest.raises(Refused, match="sudah tidak ada"):
        save_analysis(acting(store, "pkp"), PERIOD, SECTION, "tidak-ada", {}, {"drivers": "Satu."})
    with pytest.raises(Unreadable, match="terlalu panjang"):
        save_analysis(acting(store, "pkp"), PERIOD, SECTION, "kesos", {}, {"drivers": "x" * 10_001})


# --- figures and material ----------------------------------------------------------------------------------------


def test_the_comparison_names_the_quarter_before_and_the_same_one_last_year(store: SqlStore) -> None:
    found = comparison(office_in(store), about(store, "pem"))
    assert found.previous
    assert found.last_year
    assert (found.previous.period, found.last_year.period) == (Period(2026, 2), Period(2025, 3))
    assert found.text.startswith("Rata-rata capaian Triwulan III 2026 ")
    assert "dari Triwulan II 2026 (" in found.text
    assert "dari Triwulan III 2025 (" in found.text


def test_the_first_quarter_of_an_office_has_nothing_to_compare_with(store: SqlStore) -> None:
    office = office_in(store)
    first = next(a for a in analyses(office, Period(2025, 1)) if a.subject == "pem")
    found = comparison(office, first)
    assert (found.previous, found.last_year) == (None, None)


def test_material_comes_from_the_entries_and_the_monev(store: SqlStore) -> None:
    context = acting(store, "pkp")
    typed = {"findings": "Register belum lengkap.", "recommendation": "Lengkapi register.", "held_on": "2026-10-27"}
    checks = {"answer-2": "tidak", "note-2": "Tautan tertutup"}
    record_result(context, PERIOD, "kesos", _seen(store), typed | checks)
    found = material(office_in(store), about(store))
    assert any(text.endswith("Kendaraan penjangkauan rusak sejak Agustus.") for text in found.obstacles)
    assert any(text.endswith(": Register belum lengkap.") for text in found.obstacles)
    assert any(text.endswith(": Tautan tertutup") for text in found.obstacles)
    assert any(text.endswith(": Lengkapi register.") for text in found.recommendations)


def test_a_recommendation_is_proposed_until_it_is_in_the_register(store: SqlStore) -> None:
    record_result(acting(store, "pkp"), PERIOD, "kesos", _seen(store), {"recommendation": "Pinjam kendaraan."})
    (proposal,) = (p for p in proposed_follow_ups(office_in(store), PERIOD) if p.section_id == "kesos")
    assert (proposal.what, proposal.who) == ("Pinjam kendaraan.", "Kepala Seksi Kesejahteraan Sosial")
    added(store, proposal.what)
    assert not [p for p in proposed_follow_ups(office_in(store), PERIOD) if p.section_id == "kesos"]


def _seen(store: Store) -> dict[str, str]:
    """What stands in the sample for this section, so that a test may write over it."""
    rows = [r for r in office_in(store).rows_of(schema.MONEV, PERIOD) if r["section_id"] == "kesos"]
    checks = [r for r in office_in(store).rows_of(schema.MONEV_CHECK, PERIOD) if r["section_id"] == "kesos"]
    seen = {name: str(value or "") for row in rows for name, value in row.items()}
    return seen | {f"{part}-{r['item']}": str(r[part]) for r in checks for part in ("answer", "note")}


# --- follow-ups --------------------------------------------------------------------------------------------------


def test_a_follow_up_has_what_who_and_until_when(store: SqlStore) -> None:
    found = added(store)
    assert (found.who, found.due_on, found.status) == ("Kasi Kesejahteraan Sosial", DUE, FollowUpStatus.TODO)
    assert found.is_late(date(2026, 11, 21))
    assert not found.is_late(DUE)


def test_everything_that_a_follow_up_lacks_is_named_at_once(store: SqlStore) -> None:
    with pytest.raises(Unreadable) as problem:
        add_follow_up(acting(store, "pkp"), PERIOD, " ", "", None, "tidak-ada")
    assert list(problem.value.problems) == ["what", "who", "due_on", "section_id"]
    with pytest.raises(Unreadable, match="sudah lewat"):
        add_follow_up(acting(store, "pkp"), PERIOD, "Ada", "Kasi", date(2026, 11, 2))
    with pytest.raises(Unreadable, match="bukan milik seksi"):
        add_follow_up(acting(store, "pkp"), PERIOD, "Ada", "Kasi", DUE, "kesos", "ind-pem-01")


def test_the_same_follow_up_is_entered_once(store: SqlStore) -> None:
    added(store)
    with pytest.raises(Refused, match="sudah ada"):
        added(store, " lengkapi  register. ")


def test_an_open_follow_up_is_carried_into_the_next_quarter_and_ended_there(store: SqlStore) -> None:
    item = older(store)
    assert item.id in [f.id for f in follow_ups(office_in(store), PERIOD)]
    seen = {"status": "berjalan", "note": ""}
    update_follow_up(acting(store, "kasi.kesos"), item.id, seen, FollowUpStatus.DONE, "Sudah diganti.")
    carried = {f.id: f.status for f in follow_ups(office_in(store), PERIOD)}
    assert carried[item.id] is FollowUpStatus.DONE
    assert item.id not in [f.id for f in follow_ups(office_in(store), PERIOD.next())]


def test_a_follow_up_that_ended_before_the_quarter_is_not_carried(store: SqlStore) -> None:
    assert older(store, status="selesai").id not in [f.id for f in follow_ups(office_in(store), PERIOD)]


def test_dropping_a_follow_up_needs_a_reason(store: SqlStore) -> None:
    item = added(store)
    with pytest.raises(Refused, match="mengapa"):
        update_follow_up(acting(store, "pkp"), item.id, TODO, FollowUpStatus.DROPPED, " ")
    update_follow_up(acting(store, "pkp"), item.id, TODO, FollowUpStatus.DROPPED, "Anggaran dialihkan.")


def test_an_update_over_somebody_elses_is_a_clash(store: SqlStore) -> None:
    item = added(store)
    assert update_follow_up(acting(store, "pkp"), item.id, TODO, FollowUpStatus.TODO, "") is None
    update_follow_up(acting(store, "pkp"), item.id, TODO, FollowUpStatus.DOING, "")
    with pytest.raises(Conflict):
        update_follow_up(acting(store, "kasi.kesos"), item.id, TODO, FollowUpStatus.DONE, "")
    with pytest.raises(Refused, match="sudah tidak ada"):
        update_follow_up(acting(store, "pkp"), "tidak-ada", TODO, FollowUpStatus.DONE, "")


# --- rights ------------------------------------------------------------------------------------------------------

Act = Callable[[Context], object]
ACTS: dict[str, tuple[Act, set[str]]] = {
    "analyse": (lambda c: save_analysis(c, PERIOD, SECTION, "kesos", {}, {"drivers": "Satu."}), {"pkp"}),
    "add": (lambda c: add_follow_up(c, PERIOD, "Baru", "Kasi", DUE, "kesos"), {"pkp", "sekretaris"}),
    "update": (
        lambda c: update_follow_up(
            c, "lama-kesos-berjalan", {"status": "berjalan", "note": ""}, FollowUpStatus.DONE, "Selesai"
        ),
        {"pkp", "sekretaris", "kasi.kesos"},
    ),
    "update of an office": (
        lambda c: update_follow_up(c, "lama--berjalan", {"status": "berjalan", "note": ""}, FollowUpStatus.DONE, "Ya"),
        {"pkp", "sekretaris"},
    ),
}


@pytest.mark.parametrize("who", BY_USERNAME)
@pytest.mark.parametrize("name", ACTS)
def test_only_those_with_the_right_do_it(store: SqlStore, name: str, who: str) -> None:
    older(store)
    older(store, section_id="")
    act, allowed = ACTS[name]
    if who in allowed:
        assert act(acting(store, who))
    else:
        with pytest.raises(Denied):
            act(acting(store, who))
