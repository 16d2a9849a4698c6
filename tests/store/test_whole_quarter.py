"""A whole quarter, from its opening to the archive, by the people who hold its steps: on every kind of store.

One section is late, the draft is returned twice, and at four places twenty people press the same button at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest

from services.actions.analysis import add_follow_up, save_analysis
from services.actions.base import ActionError, Context, Denied, Refused
from services.actions.documents import Made, archive_document, issue_document, kept_bytes
from services.actions.drafts import answer_correction, comment, keep_minutes, make_draft
from services.actions.entries import save_entry, submit_section
from services.actions.monev import CHECK_FIELDS, agree, propose_plan, record_result
from services.actions.quarters import grant_exception, open_quarter
from services.actions.steps import finish_step, pause_step, resume_step
from services.actions.verification import approve, hand_on, judge, send_back
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.process import StepState
from services.domain.roles import Actor, CycleState
from services.domain.sop import STEP_COUNT, Event
from services.sample import reference
from services.sample.catalogue import samples
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.store import HistoryQuery, StoreError
from services.views.documents import document, register
from services.views.drafts import CorrectionStatus, corrections, drafts
from services.views.measures import measures
from services.views.office import Office
from services.views.steps import Steps, steps_of
from services.views.verification import AGREE, RETURN, unverified, verdicts
from tests.store.helpers import Openable, Place

PERIOD = Period(2026, 3)
SECTIONS = {"pem": "kasi.pem", "kesos": "kasi.kesos", "pkp": "pkp"}
"""Section and who gives its data; kesos is late."""
EACH = 2
"""Indicators of each section."""
PEOPLE = 20
PDF = b"%PDF-1.7 laporan akhir\n" * 40_000


class Quarter:
    """The store, and a clock that goes on by ten minutes with everything that somebody does."""

    def __init__(self, store: Openable) -> None:
        self.store = store
        self.now = datetime(2026, 10, 1, 8, 0, tzinfo=WIB)

    @property
    def office(self) -> Office:
        return Office(self.store.read())

    @property
    def steps(self) -> Steps:
        return steps_of(self.office, PERIOD, self.now)

    @property
    def step(self) -> int | None:
        return self.steps.current.step.no if self.steps.current else None

    def by(self, username: str, hours: int = 0) -> Context:
        """This person, with the data as they are now."""
        self.now += timedelta(minutes=10, hours=hours)
        person = BY_USERNAME[username]
        actor = Actor(person.username, person.name, person.role, person.section_id)
        return Context(self.store, self.office, actor, self.now, "Uji")

    def twenty_press(self, username: str, act: Callable[[Context], object]) -> int:
        """How many of twenty people who press at the same moment are told that they did it."""
        context, together = self.by(username), Barrier(PEOPLE)

        def press(_: int) -> bool:
            together.wait()
            try:
                act(context)
            except (ActionError, StoreError):
                return False
            return True

        with ThreadPoolExecutor(PEOPLE) as pool:
            return list(pool.map(press, range(PEOPLE))).count(True)

    def finished(self, step: int) -> int:
        events = self.office.events[PERIOD]
        return sum((e.step, e.event) == (step, Event.FINISHED) for e in events)


@pytest.fixture
def quarter(place: Place) -> Iterator[Quarter]:
    """An office with three sections and two indicators each; no quarter was ever opened."""
    store = place.open()
    chosen = [s for section in SECTIONS for s in [s for s in samples() if s.section_id == section][:EACH]]
    rows = dict(reference.tables())
    rows[schema.INDICATOR.name] = tuple(s.row for s in chosen)
    rows[schema.TARGET.name] = tuple(row for s in chosen for row in s.target_rows())
    store.load(rows)
    yield Quarter(store)
    store.close()


def test_a_whole_quarter_with_a_late_section_and_two_returned_rounds(quarter: Quarter) -> None:
    _open_and_collect(quarter)
    _process_without_the_late_section(quarter)
    _late_section_gives_by_exception(quarter)
    _monev(quarter)
    _analysis(quarter)
    _draft_and_discussion(quarter)
    _first_correction(quarter)
    _sekretaris_returns_a_figure(quarter)
    _camat_returns_the_draft(quarter)
    _approved_issued_archived(quarter)
    _what_stays(quarter)


def _open_and_collect(q: Quarter) -> None:
    with pytest.raises(Denied):
        open_quarter(q.by("sekretaris"), PERIOD)
    assert q.twenty_press("pkp", lambda c: open_quarter(c, PERIOD)) == 1
    assert len(q.office.entries_of(PERIOD)) == EACH * len(SECTIONS)
    finish_step(q.by("pkp"), PERIOD)
    for section_id, username in SECTIONS.items():
        if section_id != "kesos":
            _fill_in(q, section_id, username)
            submit_section(q.by(username), section_id, PERIOD, "Bukti menyusul")
    pause_step(q.by("sekretaris"), PERIOD, "Kantor banjir")
    resume_step(q.by("pkp", hours=2), PERIOD)
    finish_step(q.by("pkp"), PERIOD)
    assert q.step == 3


def _fill_in(q: Quarter, section_id: str, username: str) -> None:
    for indicator in q.office.indicators_of(section_id):
        entry = q.office.entry(indicator.id, PERIOD)
        assert entry is not None
        typed = {"actual": "50", "obstacle": "Cuaca buruk", "follow_up": "Dijadwalkan ulang"}
        save_entry(q.by(username), entry.id, {}, typed)


def _process_without_the_late_section(q: Quarter) -> None:
    with pytest.raises(Refused, match="Belum semua seksi mengirim datanya: Kesejahteraan Sosial"):
        finish_step(q.by("pkp"), PERIOD)
    with pytest.raises(Denied):
        finish_step(q.by("kasi.kesos"), PERIOD, "Sudah selesai")
    assert q.twenty_press("pkp", lambda c: finish_step(c, PERIOD, "Seksi Kesos menyusul")) == 1
    assert (q.step, q.finished(3)) == (4, 1)
    assert q.office.state(PERIOD, q.now) is CycleState.LOCKED


def _late_section_gives_by_exception(q: Quarter) -> None:
    entry = q.office.entry(q.office.indicators_of("kesos")[0].id, PERIOD)
    assert entry is not None
    with pytest.raises(Denied, match="dikunci"):
        save_entry(q.by("kasi.kesos"), entry.id, {}, {"actual": "50"})
    until = q.now.date() + timedelta(days=3)
    grant_exception(q.by("pkp"), PERIOD, "kesos", until, "Data nagari baru terkumpul")
    _fill_in(q, "kesos", "kasi.kesos")
    submit_section(q.by("kasi.kesos"), "kesos", PERIOD, "Bukti menyusul")
    with pytest.raises(Denied):
        submit_section(q.by("kasi.pem"), "pem", PERIOD, "Ikut mengubah")
    assert {m.indicator.id for m in measures(q.office, PERIOD) if m.actual is None} == set()


def _monev(q: Quarter) -> None:
    with pytest.raises(Refused, match="Belum semua seksi mempunyai jadwal monev"):
        finish_step(q.by("pkp"), PERIOD)
    propose_plan(q.by("pkp"), PERIOD)
    finish_step(q.by("pkp"), PERIOD)
    result = {"attendees": "Kasi dan staf", "findings": "Register sesuai", "recommendation": "Bukti dipindai"}
    result |= {name: "ya" for name in CHECK_FIELDS if name.startswith("answer")}
    for section_id, username in SECTIONS.items():
        day = f"{q.now.day} Oktober {q.now.year}"
        record_result(q.by("sekretaris"), PERIOD, section_id, {}, result | {"held_on": day})
        agree(q.by(username), PERIOD, section_id, "Bukti dipindai")
    finish_step(q.by("sekretaris"), PERIOD)
    finish_step(q.by("pkp"), PERIOD)
    assert q.step == 7


def _analysis(q: Quarter) -> None:
    texts = {"drivers": "Kader aktif", "obstacles": "Cuaca buruk", "recommendation": "Jadwal dimajukan"}
    for section_id in SECTIONS:
        save_analysis(q.by("pkp"), PERIOD, "seksi", section_id, {}, texts)
    add_follow_up(q.by("pkp"), PERIOD, "Jadwal patroli dimajukan", "Kasi Pemerintahan", date(2026, 12, 31), "pem")
    finish_step(q.by("pkp"), PERIOD)


def _draft_and_discussion(q: Quarter) -> None:
    with pytest.raises(Refused, match="Draf laporan belum disusun"):
        finish_step(q.by("pkp"), PERIOD, "Draf menyusul")
    assert q.twenty_press("pkp", lambda c: make_draft(c, PERIOD, "Draf pertama")) == 1
    finish_step(q.by("pkp"), PERIOD)
    comment(q.by("kasi.pem"), PERIOD, "Bab IV Penutup", "Tambahkan batas waktu")
    minutes = {"held_on": "12 Oktober 2026", "attendees": "Camat\nSekretaris", "minutes": "Draf dibahas per bab."}
    keep_minutes(q.by("sekretaris"), PERIOD, {}, minutes)
    finish_step(q.by("sekretaris"), PERIOD)
    assert q.step == 10


def _correct(q: Quarter, count: int) -> None:
    """Answer the open corrections, make a new version, and hand the draft on to step 11."""
    with pytest.raises(Refused, match=f"koreksi yang belum dijawab: {count} koreksi"):
        finish_step(q.by("pkp"), PERIOD)
    for correction in [c for c in corrections(q.office, PERIOD) if c.status is CorrectionStatus.OPEN]:
        answer_correction(q.by("pkp"), PERIOD, correction, CorrectionStatus.DONE, "Sudah diperbaiki")
    with pytest.raises(Refused, match="Versi draf yang baru belum disusun"):
        finish_step(q.by("pkp"), PERIOD)
    make_draft(q.by("pkp"), PERIOD, "Sesudah perbaikan")
    finish_step(q.by("pkp"), PERIOD)
    assert q.step == 11


def _first_correction(q: Quarter) -> None:
    _correct(q, 1)
    with pytest.raises(Refused, match="Belum semua angka disetujui"):
        hand_on(q.by("sekretaris"), PERIOD)
    with pytest.raises(Refused):
        approve(q.by("camat"), PERIOD)


def _sekretaris_returns_a_figure(q: Quarter) -> None:
    doubted, *rest = verdicts(q.office, PERIOD)
    judge(q.by("sekretaris"), PERIOD, rest, AGREE)
    judge(q.by("sekretaris"), PERIOD, [doubted], RETURN, "Serapan berbeda dengan SPJ")
    assert q.twenty_press("sekretaris", lambda c: send_back(c, PERIOD, "Perbaiki serapan")) == 1
    assert (q.step, q.steps.items[9].rounds) == (10, 1)
    _correct(q, 2)


def _camat_returns_the_draft(q: Quarter) -> None:
    judge(q.by("sekretaris"), PERIOD, unverified(q.office, PERIOD), AGREE)
    hand_on(q.by("sekretaris"), PERIOD)
    with pytest.raises(Denied):
        approve(q.by("sekretaris"), PERIOD)
    send_back(q.by("camat"), PERIOD, "Ringkasan terlalu panjang")
    assert (q.step, q.steps.items[9].rounds) == (10, 2)
    _correct(q, 1)


def _approved_issued_archived(q: Quarter) -> None:
    hand_on(q.by("sekretaris"), PERIOD)
    assert q.twenty_press("camat", lambda c: approve(c, PERIOD)) == 1
    assert q.finished(11) == 1
    made = Made(PDF, 12, "sidik")
    issue = {"number": "800/12/Silaut/2026", "day": q.now.date(), "place": "Silaut", "signatory": "Camat"}
    with pytest.raises(Denied):
        issue_document(q.by("camat"), PERIOD, made, **issue)
    issue_document(q.by("pkp"), PERIOD, made, **issue)
    with pytest.raises(Denied):
        archive_document(q.by("pkp"), PERIOD, register_no="A-1", location="Lemari 2")
    archive_document(q.by("umum"), PERIOD, register_no="A-1", location="Lemari 2")


def _what_stays(q: Quarter) -> None:
    office, steps = q.office, q.steps
    assert office.state(PERIOD, q.now) is CycleState.ARCHIVED
    assert {p.state for p in steps.items} == {StepState.DONE}
    assert [p.rounds for p in steps.items] == [0] * 9 + [2] + [0] * 3
    assert [q.finished(step) for step in range(1, STEP_COUNT + 1)] == [1] * 9 + [3] + [1] * 3
    assert [d.label for d in drafts(office, PERIOD)] == ["v0.1", "v0.2", "v0.3", "v0.4"]
    found = document(office, PERIOD)
    assert found is not None
    assert kept_bytes(q.store, found) == PDF
    assert [a.register for a in register(office)] == ["A-1"]
    _every_step_event_has_its_line_in_the_log(q)
    with pytest.raises(Denied, match="diarsipkan"):
        submit_section(q.by("kasi.pem"), "pem", PERIOD, "Terlambat")


def _every_step_event_has_its_line_in_the_log(q: Quarter) -> None:
    lines = q.store.history(HistoryQuery(table=schema.STEP_EVENT.name, limit=10_000))
    assert sorted(str(line["row_id"]) for line in lines) == sorted(
        str(row["id"]) for row in q.store.read().rows(schema.STEP_EVENT)
    )
