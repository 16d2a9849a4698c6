"""Monev at the sections: planned, recorded and agreed on by whom it may be, and nothing run over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.actions.base import Context, Denied, Refused, Unreadable
from services.actions.monev import agree, propose_plan, record_result, save_plan
from services.domain.indicators import Period
from services.domain.roles import Action
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict, Store, new_id
from services.views.monev import Visit, visit
from tests.no_monev import forget_monev
from tests.unit.sample_store import NOW, OFFICE, acting, office_in, sample_store

PERIOD = Period(2026, 3)
KESOS = "kesos"
RESULT = {
    "held_on": "2026-10-27",
    "attendees": "Kasi Kesejahteraan Sosial",
    "findings": "Register belum lengkap.",
    "evidence": "https://drive.google.com/drive/folders/CONTOH",
    "recommendation": "Lengkapi register sampai 20 November.",
}


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    """The sample office without any monev in this quarter."""
    sample_store(tmp_path).close()
    forget_monev(tmp_path / "monev.db", PERIOD)
    return SqlStore(f"sqlite:///{tmp_path / 'monev.db'}", OFFICE, lambda: NOW)


def stored(store: Store, section_id: str = KESOS) -> Visit:
    found = visit(office_in(store), section_id, PERIOD)
    assert found
    return found


def recorded(store: Store, who: str = "pkp", **changes: str) -> Context:
    context = acting(store, who)
    record_result(context, PERIOD, KESOS, {}, RESULT | changes)
    return context


# --- plan --------------------------------------------------------------------------------------------------------


def test_a_plan_is_saved_as_it_was_understood(store: SqlStore) -> None:
    typed = {"planned_on": "2026-10-27", "planned_at": "9", "officer": "Sekretaris ", "focus": "Data DTSEN"}
    save_plan(acting(store, "pkp"), PERIOD, KESOS, {}, typed)
    found = stored(store)
    assert (found.planned_on, found.text("planned_at")) == (date(2026, 10, 27), "09.00")
    assert (found.text("officer"), found.text("focus")) == ("Sekretaris", "Data DTSEN")
    assert found.row
    assert found.row["entered_by"] == "pkp"


def test_an_hour_that_cannot_be_read_is_named_and_nothing_is_saved(store: SqlStore) -> None:
    with pytest.raises(Unreadable, match=r"Tulis seperti 09\.00") as problem:
        save_plan(acting(store, "pkp"), PERIOD, KESOS, {}, {"planned_at": "pagi", "place": "Aula"})
    assert list(problem.value.problems) == ["planned_at"]
    assert stored(store).row is None


def test_a_plan_without_a_change_is_not_saved(store: SqlStore) -> None:
    assert save_plan(acting(store, "pkp"), PERIOD, KESOS, {"place": "Aula"}, {"place": "Aula "}) is None


def test_a_value_changed_meanwhile_is_a_clash(store: SqlStore) -> None:
    save_plan(acting(store, "pkp"), PERIOD, KESOS, {}, {"place": "Aula"})
    save_plan(acting(store, "sekretaris"), PERIOD, KESOS, {"place": "Aula"}, {"place": "Ruang rapat"})
    with pytest.raises(Conflict):
        save_plan(acting(store, "pkp"), PERIOD, KESOS, {"place": "Aula"}, {"place": "Lapangan"})


def test_two_people_who_begin_the_same_plan_make_one_row(store: SqlStore) -> None:
    first, second = acting(store, "pkp"), acting(store, "sekretaris")
    save_plan(first, PERIOD, KESOS, {}, {"place": "Aula"})
    with pytest.raises(Refused, match="baru saja disimpan orang lain"):
        save_plan(second, PERIOD, KESOS, {}, {"place": "Ruang rapat"})
    assert len(office_in(store).rows_of(schema.MONEV, PERIOD)) == 1


def test_the_proposal_gives_every_section_a_day_once(store: SqlStore) -> None:
    before_visiting = acting(store, "pkp", NOW.replace(month=10, day=21, hour=9))
    ticket = new_id()
    propose_plan(before_visiting, PERIOD, ticket)
    assert propose_plan(before_visiting, PERIOD, ticket).repeated
    found = office_in(store).rows_of(schema.MONEV, PERIOD)
    assert len({(r["planned_on"], r["planned_at"]) for r in found}) == len(found) == 7
    with pytest.raises(Refused, match="Tidak ada yang dapat diusulkan"):
        propose_plan(acting(store, "pkp", before_visiting.now), PERIOD)


def test_the_proposal_leaves_alone_what_somebody_planned(store: SqlStore) -> None:
    now = NOW.replace(month=10, day=21, hour=9)
    save_plan(acting(store, "pkp", now), PERIOD, KESOS, {}, {"planned_on": "2026-10-30", "officer": "Camat"})
    propose_plan(acting(store, "pkp", now), PERIOD)
    assert (stored(store).planned_on, stored(store).text("officer")) == (date(2026, 10, 30), "Camat")


# --- result ------------------------------------------------------------------------------------------------------


def test_a_result_and_its_check_list_are_saved_together(store: SqlStore) -> None:
    recorded(store, **{"answer-1": "ya", "answer-2": "sebagian", "note-2": "Dua tautan tidak terbuka"})
    found = stored(store)
    assert found.held_on == date(2026, 10, 27)
    assert [(c.answer, c.note) for c in found.checks[:3]] == [
        ("ya", ""),
        ("sebagian", "Dua tautan tidak terbuka"),
        (None, ""),
    ]
    assert found.gaps == ("petugas", "daftar periksa", "kesepakatan kasi")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("held_on", "2026-11-04", "belum tiba"),
        ("evidence", "https://a.id/1\njavascript:alert(1)", "bukan tautan"),
        ("evidence", "file:///C:/bukti.pdf", "bukan tautan"),
        ("findings", "x" * 10_001, "terlalu panjang"),
        ("answer-1", "mungkin", "tidak dikenal"),
    ],
)
def test_a_result_that_cannot_be_kept_is_refused_with_why(store: SqlStore, field: str, text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        recorded(store, **{field: text})
    assert stored(store).row is None


def test_a_check_answered_anew_changes_its_row(store: SqlStore) -> None:
    recorded(store, **{"answer-1": "tidak"})
    record_result(acting(store, "pkp"), PERIOD, KESOS, {"answer-1": "tidak"}, {"answer-1": "ya"})
    assert stored(store).checks[0].answer == "ya"
    with pytest.raises(Conflict):
        record_result(acting(store, "sekretaris"), PERIOD, KESOS, {"answer-1": "tidak"}, {"answer-1": "sebagian"})


# --- agreement ---------------------------------------------------------------------------------------------------


def test_the_kasi_agrees_and_it_is_recorded_who_and_when(store: SqlStore) -> None:
    recorded(store)
    agree(acting(store, "kasi.kesos"), PERIOD, KESOS, RESULT["recommendation"])
    found = stored(store)
    assert (found.agreed_at, found.text("agreed_by")) == (NOW, "kasi.kesos")
    with pytest.raises(Refused, match="sudah disepakati"):
        agree(acting(store, "kasi.kesos"), PERIOD, KESOS, RESULT["recommendation"])


def test_another_recommendation_withdraws_the_agreement(store: SqlStore) -> None:
    recorded(store)
    agree(acting(store, "kasi.kesos"), PERIOD, KESOS, RESULT["recommendation"])
    record_result(acting(store, "pkp"), PERIOD, KESOS, {"findings": RESULT["findings"]}, {"findings": "Lain."})
    assert stored(store).agreed_at is not None
    record_result(acting(store, "pkp"), PERIOD, KESOS, RESULT, {"recommendation": "Ganti petugas register."})
    assert (stored(store).agreed_at, stored(store).text("agreed_by")) == (None, "")


def test_nobody_agrees_to_a_recommendation_that_was_not_seen(store: SqlStore) -> None:
    recorded(store)
    with pytest.raises(Conflict):
        agree(acting(store, "kasi.kesos"), PERIOD, KESOS, "Rekomendasi yang lama.")


@pytest.mark.parametrize(("field", "said"), [("recommendation", "Belum ada rekomendasi"), ("held_on", "belum dicatat")])
def test_there_must_be_something_to_agree_to(store: SqlStore, field: str, said: str) -> None:
    recorded(store, **{field: ""})
    with pytest.raises(Refused, match=said):
        agree(acting(store, "kasi.kesos"), PERIOD, KESOS, RESULT["recommendation"])


# --- rights ------------------------------------------------------------------------------------------------------

ALLOWED = {
    Action.PLAN_MONEV: {"pkp", "sekretaris"},
    Action.RECORD_MONEV: {"pkp", "sekretaris"},
    Action.AGREE_MONEV: {"pkp", "kasi.kesos"},
}


@pytest.mark.parametrize("who", BY_USERNAME)
@pytest.mark.parametrize("action", ALLOWED)
def test_only_those_with_the_right_do_it(store: SqlStore, action: Action, who: str) -> None:
    recorded(store)

    def act() -> None:
        context = acting(store, who)
        if action is Action.PLAN_MONEV:
            save_plan(context, PERIOD, KESOS, {}, {"place": "Aula"})
        elif action is Action.RECORD_MONEV:
            record_result(context, PERIOD, KESOS, RESULT, {"findings": "Lain."})
        else:
            agree(context, PERIOD, KESOS, RESULT["recommendation"])

    if who in ALLOWED[action]:
        act()
    else:
        with pytest.raises(Denied):
            act()


def test_an_archived_quarter_is_closed(store: SqlStore) -> None:
    with pytest.raises(Denied, match="berwenang"):
        save_plan(acting(store, "pkp"), Period(2026, 2), KESOS, {}, {"place": "Aula"})
