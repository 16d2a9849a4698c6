"""Periksa data: what is doubtful, what it should say, and who may answer."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.answers import accept, correct, may_accept, send_back
from services.actions.base import ActionError, Context, Denied, Refused, Unreadable
from services.actions.quarters import grant_exception, open_quarter
from services.actions.steps import finish_step
from services.domain.findings import Finding, FindingKind
from services.domain.indicators import Period
from services.domain.roles import Actor
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.store import Transaction, Update, Value
from services.ui import session
from services.ui.findings import cell_address
from services.views.findings import Checked, findings_of, open_findings
from services.views.office import Office
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text

PERIOD = Period(2026, 3)
PATEN = "isi-2026-3-ind-yanum-04"
SENT = "isi-2026-3-ind-trantib-04"


def office() -> Office:
    return Office(session.runtime().store.read())


def typed(row_id: str, value: Value, column: str = "actual") -> None:
    """As a person types into the sheet."""
    update = Update(schema.ENTRY, row_id, {}, {column: value})
    opened = session.runtime()
    opened.store.commit(Transaction(opened.now(), "lembar", "", "mengetik", "Lembar kerja", (update,)))
    opened.shared.invalidate()


def finding(kind: FindingKind, row_id: str = PATEN) -> Finding:
    found = (c.finding for c in findings_of(office(), PERIOD) if c.finding.kind is kind and c.finding.row_id == row_id)
    return next(found)


def open_kinds(row_id: str) -> list[FindingKind]:
    return [c.finding.kind for c in open_findings(office(), PERIOD) if c.finding.row_id == row_id]


def acting(username: str) -> Context:
    person, opened = BY_USERNAME[username], session.runtime()
    actor = Actor(person.username, person.name, person.role, person.section_id)
    return Context(opened.store, office(), actor, opened.now(), "Uji")


def excepted(section_id: str) -> None:
    """Let the section give figures after the lock."""
    grant_exception(acting("pkp"), PERIOD, section_id, session.runtime().now().date(), "Koreksi register")
    session.runtime().shared.invalidate()


def field(app: AppTest, label: str) -> object:
    return next(box for box in app.text_input if box.label.startswith(label))


def test_a_card_says_what_stands_where_and_what_to_write(open_page: Opener) -> None:
    page = open_page("periksa", "pkp")
    assert not page.exception
    seen = text(page)
    assert "Angka bermakna ganda Jumlah pelayanan PATEN Seksi Pelayanan Umum · Isian, kolom Realisasi" in seen
    assert "Tertulis 1.250 Saran Tulis 1250" in seen
    assert labels(page).count("Jawab") == 7


def test_others_read_only(open_page: Opener) -> None:
    page = open_page("periksa", "camat")
    assert "Jumlah pelayanan PATEN" in text(page)
    assert "Jawab" not in labels(page)


def test_a_kasi_sees_the_own_section_first_and_may_only_correct(open_page: Opener) -> None:
    page = open_page("periksa", "kasi.yanum")
    assert "Persentase usulan DTSEN" not in text(page)
    press(page, "Jawab")
    assert "Betulkan" in labels(page)
    assert "Terima dengan alasan" not in labels(page)


def test_an_ambiguous_number_is_asked_and_the_answer_corrects_the_cell(open_page: Opener) -> None:
    page = open_page("periksa", "kasi.yanum")
    press(page, "Jawab")
    press(page, "1250")
    assert "rata-rata Pelayanan Umum" in text(page)
    press(page, "Betulkan")
    assert page.success[0].value.startswith("Nilai dibetulkan")
    entry = office().entry_by_id(PATEN)
    assert entry is not None
    assert entry.row["actual"] == Decimal(1250)
    (answer,) = office().snapshot.rows(schema.ANSWER)
    assert (answer["typed"], answer["answer"], answer["by"]) == ("1.250", "dibetulkan", "kasi.yanum")


def test_a_value_that_is_still_unreadable_is_refused_with_the_reason(open_page: Opener) -> None:
    page = open_page("periksa", "kasi.yanum")
    press(page, "Jawab")
    press(page, "Betulkan")
    assert "Belum tersimpan" in page.error[0].value


def test_many_findings_of_one_kind_stand_beside_each_other(open_page: Opener, office_folder: Path) -> None:
    opened = session.runtime()
    targets = office().snapshot.rows(schema.TARGET)
    blank = dict.fromkeys(("annual", "q1", "q2", "q3", "q4"))
    changes = tuple(Update(schema.TARGET, str(row["id"]), {}, blank) for row in targets)
    opened.store.commit(Transaction(opened.now(), "lembar", "", "mengetik", "Lembar kerja", changes))
    page = open_page("periksa", "pkp")
    assert not page.exception
    assert len(labels(page)) > 40
    assert "temuan lagi; saring menurut seksi" in text(page)


def test_the_dashboard_counts_the_findings_and_leads_to_them(open_page: Opener) -> None:
    assert "7 temuan di Periksa data" in text(open_page("dasbor", "camat"))


def test_a_quarter_without_findings_says_so(open_page: Opener) -> None:
    assert "Tidak ada temuan" in text(open_page("periksa", "pkp", tahun="2026", triwulan="2"))


def test_the_page_says_how_far_the_answers_are_and_who_locked_the_figures(open_page: Opener) -> None:
    seen = text(open_page("periksa", "camat"))
    assert "0 dari 7 temuan sudah dijawab. 7 menunggu jawaban." in seen
    assert "Isian dikunci 19 Oktober 2026 13.50 oleh pkp" in seen
    assert "Masih dibuka: Kesejahteraan Sosial sampai Rabu, 4 November 2026" in seen
    assert "Belum ada pembetulan yang mengubah rata-rata capaian." in seen


def test_a_correction_shows_the_means_before_and_now(open_page: Opener, office_folder: Path) -> None:
    correct(acting("kasi.yanum"), finding(FindingKind.AMBIGUOUS), PERIOD, "1250")
    session.runtime().shared.invalidate()
    seen = text(open_page("periksa", "pkp"))
    assert "1 dari 7 temuan sudah dijawab: 1 dibetulkan." in seen
    assert "sesudah pembetulan" in seen
    assert "Seksi Pelayanan Umum" in seen


def test_the_kasubag_pkp_locks_the_figures_here_once_step_3_runs(open_page: Opener, office_folder: Path) -> None:
    opened, fourth = session.runtime(), Period(2026, 4)
    open_quarter(acting("pkp"), fourth)
    for _ in range(2):
        finish_step(acting("pkp"), fourth)
    opened.shared.invalidate()
    page = open_page("periksa", "pkp", tahun="2026", triwulan="4")
    assert "Terbuka Isian dikunci ketika langkah 3 selesai, paling lambat sesudah Senin, 16 November 2026" in text(page)
    assert "Selesaikan langkah 3" in labels(page)
    page.text_area[0].set_value("Seksi menyusul dengan pengecualian")
    press(page, "Selesaikan langkah 3")
    assert office().cycles[fourth].locked_at is not None
    assert "Tidak ada seksi yang dikecualikan" in text(page)


@pytest.mark.usefixtures("office_folder")
class TestAnswers:
    def test_an_accepted_finding_stays_away_until_the_value_changes(self) -> None:
        typed(PATEN, Decimal(1250))
        typed(PATEN, Decimal(99_000_000), "spent")
        over = next(
            f for c in findings_of(office(), PERIOD) if (f := c.finding).row_id == PATEN and f.column == "spent"
        )
        accept(acting("pkp"), over, PERIOD, "Pergeseran anggaran sedang diproses")
        assert over.kind not in open_kinds(PATEN)
        typed(PATEN, Decimal(99_000_001), "spent")
        assert {FindingKind.OVER_BUDGET, FindingKind.BUDGET_MULTIPLE} & set(open_kinds(PATEN))

    def test_a_cell_without_a_value_cannot_be_accepted(self) -> None:
        with pytest.raises(Refused, match="Betulkan"):
            accept(acting("pkp"), finding(FindingKind.AMBIGUOUS), PERIOD, "biarkan")

    def test_accepting_needs_a_reason(self) -> None:
        typed(SENT, Decimal(12))
        with pytest.raises(Refused, match="alasan"):
            accept(acting("pkp"), finding(FindingKind.CHANGED, SENT), PERIOD, " ")

    @pytest.mark.parametrize("username", ["kasi.yanum", "umum", "camat", "sekretaris", "admin", "pimpinan"])
    def test_only_pkp_accepts_and_returns(self, username: str) -> None:
        for act in (accept, send_back):
            with pytest.raises(Denied):
                act(acting(username), finding(FindingKind.AMBIGUOUS), PERIOD, "alasan")

    @pytest.mark.parametrize("username", ["kasi.pem", "umum", "camat"])
    def test_nobody_corrects_the_data_of_another_section(self, username: str) -> None:
        with pytest.raises(Denied):
            correct(acting(username), finding(FindingKind.AMBIGUOUS), PERIOD, "1250")

    def test_accepting_one_indicator_without_target_leaves_the_others_open(self) -> None:
        for row in office().snapshot.rows(schema.TARGET):
            if row["indicator_id"] in ("ind-pem-01", "ind-pem-02"):
                blank = dict.fromkeys(("annual", "q1", "q2", "q3", "q4"))
                opened, update = session.runtime(), Update(schema.TARGET, str(row["id"]), {}, blank)
                opened.store.commit(Transaction(opened.now(), "lembar", "", "mengetik", "Lembar kerja", (update,)))
        accept(acting("pkp"), finding(FindingKind.NO_TARGET, "ind-pem-01"), PERIOD, "Belum ada PK")
        assert open_kinds("ind-pem-01") == []
        assert open_kinds("ind-pem-02") == [FindingKind.NO_TARGET]

    def test_a_returned_finding_stays_open_and_says_so(self) -> None:
        send_back(acting("pkp"), finding(FindingKind.AMBIGUOUS), PERIOD, "Mohon dicek dengan register")
        checked = next(c for c in open_findings(office(), PERIOD) if c.finding.row_id == PATEN)
        assert checked.answer is not None
        assert (checked.answer.answer, checked.answer.reason) == ("dikembalikan", "Mohon dicek dengan register")

    def test_a_change_after_the_submission_counts_once_it_is_accepted(self) -> None:
        excepted("trantib")
        typed(SENT, Decimal(82))
        changed = finding(FindingKind.CHANGED, SENT)
        assert "yang dikirim" in changed.why
        assert office().entry("ind-trantib-04", PERIOD).actual.value == Decimal(84)  # type: ignore[union-attr]
        accept(acting("pkp"), changed, PERIOD, "Rekap terakhir")
        assert office().entry("ind-trantib-04", PERIOD).actual.value == Decimal(82)  # type: ignore[union-attr]
        assert FindingKind.CHANGED not in open_kinds(SENT)

    def test_a_change_after_the_submission_can_be_taken_back(self) -> None:
        excepted("trantib")
        typed(SENT, Decimal(82))
        correct(acting("kasi.trantib"), finding(FindingKind.CHANGED, SENT), PERIOD, "84")
        assert FindingKind.CHANGED not in open_kinds(SENT)
        assert office().entry_by_id(SENT).row["actual"] == Decimal(84)  # type: ignore[union-attr]

    def test_a_correction_of_data_that_were_given_in_counts_at_once(self) -> None:
        excepted("trantib")
        typed(SENT, "8 laporan")
        correct(acting("pkp"), finding(FindingKind.UNIT, SENT), PERIOD, "83")
        assert office().entry("ind-trantib-04", PERIOD).actual.value == Decimal(83)  # type: ignore[union-attr]

    def test_a_section_that_the_lock_closed_is_not_corrected_and_its_change_not_taken_over(self) -> None:
        typed(SENT, Decimal(82))
        changed = finding(FindingKind.CHANGED, SENT)
        assert not may_accept(acting("pkp"), changed, PERIOD)
        for username in ("pkp", "kasi.trantib"):
            with pytest.raises(Denied, match="dikunci"):
                correct(acting(username), changed, PERIOD, "82")
        with pytest.raises(Denied, match="dikunci"):
            accept(acting("pkp"), changed, PERIOD, "Rekap terakhir")

    def test_an_answer_to_what_no_longer_stands_there_is_refused(self) -> None:
        seen = finding(FindingKind.AMBIGUOUS)
        typed(PATEN, "1.300")
        with pytest.raises(Refused, match="Muat ulang"):
            correct(acting("pkp"), seen, PERIOD, "1250")

    def test_what_cannot_be_read_changes_nothing(self) -> None:
        with pytest.raises(Unreadable):
            correct(acting("pkp"), finding(FindingKind.AMBIGUOUS), PERIOD, "1.300")
        assert office().snapshot.rows(schema.ANSWER) == ()

    def test_a_locked_quarter_takes_no_answers(self) -> None:
        earlier = Period(2026, 2)
        typed("isi-2026-2-ind-trantib-04", Decimal(1))
        (checked,) = (c for c in findings_of(office(), earlier) if c.finding.kind is FindingKind.CHANGED)
        with pytest.raises(ActionError):
            accept(acting("pkp"), checked.finding, earlier, "alasan")


def test_the_link_opens_the_cell_only_where_the_data_live_in_a_sheet() -> None:
    place = Finding(FindingKind.UNIT, "Isian", "e", "actual", "a", "pem", "8 x", "", "")
    checked = Checked(place, "Isian!G12", 99, "G12", None, None)
    address = "https://docs.google.com/spreadsheets/d/ID"
    assert cell_address(checked, address) == f"{address}/edit#gid=99&range=G12"
    assert cell_address(checked, "sqlite:///data/monev.db") == ""
