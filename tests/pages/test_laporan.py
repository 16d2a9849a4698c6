"""Laporan: the PDF of a quarter is made once for the same data and handed out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from unittest import mock

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from services.actions.entries import save_entry
from services.auth.management import Management
from services.domain.indicators import Period
from services.domain.numbers import format_date
from services.domain.roles import Actor, Role
from services.domain.sop import VERIFYING
from services.report import document
from services.report.document import Report
from services.store.people import Account
from services.ui import document_parts, session
from services.views.office import Office
from tests.pages.conftest import Opener
from tests.pages.looking import labels, markup, press, text
from tests.pages.test_guard import USERNAMES
from tests.unit.quarter_play import finish_up_to
from tests.unit.sample_store import acting

PDF = b"%PDF-1.7 seolah-olah"


@pytest.fixture(autouse=True)
def no_reports_of_other_tests() -> None:
    st.cache_resource.clear()


@pytest.fixture
def builder() -> Iterator[mock.Mock]:
    """The builder of the report, counted and quick."""
    quick = mock.Mock(return_value=Report(PDF, 22, ()))
    with mock.patch.object(document, "build_report", quick):
        yield quick


def downloads(app: AppTest):
    """The buttons that hand out the report; the one-page summary has its own."""
    return [
        b.proto
        for b in app.get("download_button")
        if b.proto.label not in ("Unduh Ringkasan Camat", "Unduh bundel audit")
    ]


def download(app: AppTest):
    (button,) = downloads(app)
    return button


@pytest.mark.parametrize("username", USERNAMES.values())
def test_everybody_makes_and_downloads_the_report(open_page: Opener, builder: mock.Mock, username: str) -> None:
    app = press(open_page("laporan", username), "Susun PDF")
    assert download(app).label == "Unduh PDF"
    assert builder.call_count == 1


def test_the_card_names_the_document_its_pages_its_size_and_its_fingerprint(
    open_page: Opener, builder: mock.Mock
) -> None:
    page = text(press(open_page("laporan", "camat"), "Susun PDF"))
    assert "Laporan Monev Kinerja Triwulan III Tahun 2026" in page
    assert "22 halaman · 0 KB · keadaan data 2 November 2026 14.00" in page
    assert hashlib.sha256(PDF).hexdigest() in page.replace(" ", "")


def test_the_real_report_of_the_sample_is_a_pdf_of_many_pages(open_page: Opener) -> None:
    app = press(open_page("laporan", "pkp"), "Susun PDF")
    assert not app.error
    assert download(app).label == "Unduh PDF"
    assert "halaman ·" in text(app)


def test_the_same_data_are_not_built_again_for_anybody(open_page: Opener, builder: mock.Mock) -> None:
    press(open_page("laporan", "camat"), "Susun PDF")
    app = open_page("laporan", "sekretaris")
    assert download(app).label == "Unduh PDF"
    assert builder.call_count == 1


def test_a_changed_figure_asks_for_a_new_report(open_page: Opener, builder: mock.Mock) -> None:
    app = press(open_page("laporan", "camat"), "Susun PDF")
    context = acting(session.runtime().store, "kasi.kesos")
    entry = context.office.entry("ind-kesos-05", Period(2026, 3))
    assert entry is not None
    save_entry(context, entry.id, {"obstacle": entry.text("obstacle")}, {"obstacle": "Kendaraan rusak"})
    session.runtime().shared.invalidate()
    app.run()
    assert "Susun PDF" in labels(app)
    assert downloads(app) == []


def test_a_draft_and_the_paper_without_the_mark_are_two_documents(open_page: Opener, builder: mock.Mock) -> None:
    app = press(open_page("laporan", "camat", tahun="2026", triwulan="2"), "Susun PDF")
    app.get("button_group")[0].set_value("Draf").run()
    press(app, "Susun PDF")
    assert [call.kwargs["draft"] for call in builder.call_args_list] == [False, True]


def test_an_archived_quarter_is_offered_without_the_mark_of_a_draft(open_page: Opener, builder: mock.Mock) -> None:
    press(open_page("laporan", "camat", tahun="2026", triwulan="2"), "Susun PDF")
    assert builder.call_args.kwargs["draft"] is False


def test_warnings_of_the_build_are_listed(open_page: Opener, builder: mock.Mock) -> None:
    builder.return_value = Report(PDF, 22, ("Huruf berikut tidak dapat dicetak: <漢>.",))
    app = press(open_page("laporan", "camat"), "Susun PDF")
    assert "Perlu diperiksa Huruf berikut tidak dapat dicetak: <漢>." in text(app)
    assert "<漢>" not in markup(app)


def test_what_is_still_missing_is_named_before_and_after(open_page: Opener, builder: mock.Mock) -> None:
    app = open_page("laporan", "camat")
    assert "Kesejahteraan Sosial: 3 dari 6 kosong" in text(app)
    assert "Kesejahteraan Sosial: 3 dari 6 kosong" in text(press(app, "Susun PDF"))


def test_a_quarter_that_was_not_opened_has_no_report(open_page: Opener) -> None:
    app = open_page("laporan", "pkp", tahun="2026", triwulan="4")
    assert "Belum ada laporan Triwulan IV 2026" in text(app)
    assert "Susun PDF" not in labels(app)


# --- the issued document -----------------------------------------------------------------------------------------


@pytest.fixture
def at_issue(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The running quarter stands at step 12, and the clock of the application with it."""
    app.run()
    now = finish_up_to(session.runtime().store, VERIFYING) + timedelta(hours=1)
    monkeypatch.setattr(session.runtime(), "now", lambda: now)
    session.runtime().shared.invalidate()
    return now


def fill(app: AppTest, label: str, value: str) -> None:
    next(field for field in app.text_input if field.label == label).set_value(value)


def issue_it(app: AppTest) -> AppTest:
    fill(app, "Nomor dokumen", "800/12/Silaut/2026")
    return press(app, "Terbitkan dokumen")


def test_pkp_issues_the_document_and_everybody_gets_the_same_bytes(
    open_page: Opener, builder: mock.Mock, at_issue: datetime
) -> None:
    app = issue_it(open_page("laporan", "pkp"))
    assert not app.error
    assert builder.call_args.kwargs["issue"].number == "800/12/Silaut/2026"
    assert builder.call_args.kwargs["draft"] is False
    page = text(open_page("laporan", "kasi.pem"))
    assert f"Nomor 800/12/Silaut/2026 · Silaut, {format_date(at_issue.date())}" in page
    assert "Cocok" in page
    assert hashlib.sha256(PDF).hexdigest() in page.replace(" ", "")


def signed_by(app: AppTest, builder: mock.Mock, day: date) -> tuple[str, str, str]:
    """Post, name and NIP that the form proposes for a document of this day, and that the report gets."""
    app.date_input(key="terbit-tanggal").set_value(day).run()
    issue_it(app)
    assert not app.error
    issue = builder.call_args.kwargs["issue"]
    return issue.signatory_post, issue.signatory_name, issue.signatory_nip


@pytest.mark.parametrize("later", [0, 1])
def test_on_a_day_with_a_stand_in_for_the_camat_he_signs(
    open_page: Opener, builder: mock.Mock, at_issue: datetime, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day of the document decides, not the one on which the form was opened: that after the approval."""
    before = at_issue.date()
    today = before + timedelta(days=1)
    monkeypatch.setattr(session.runtime(), "now", lambda: at_issue + timedelta(days=1))
    management = Management(session.runtime().accounts, ("pem",), Actor("admin", "Admin", Role.ADMIN))
    management.appoint("sekretaris", Role.CAMAT, "", today, today, "SP 800/12/2026", today)
    office = Office(session.runtime().store.read())
    camat, secretary = office.official(Role.CAMAT), office.official(Role.SEKRETARIS)
    assert camat is not None
    assert secretary is not None
    app = open_page("laporan", "pkp")
    assert secretary.name in " ".join(each.value for each in app.markdown).replace("\\", "")
    if later:
        assert signed_by(app, builder, before) == (camat.post, camat.name, camat.nip)
    else:
        assert signed_by(app, builder, today) == (f"Plh. {camat.post}", secretary.name, secretary.nip)


def test_a_stand_in_without_a_row_among_the_officials_signs_with_the_name_of_his_account(
    open_page: Opener, builder: mock.Mock, at_issue: datetime
) -> None:
    accounts, today = session.runtime().accounts, at_issue.date()
    accounts.put(Account("tamu", "Drs. Tamu", "pimpinan", "", "x", True, at_issue))
    Management(accounts, ()).appoint("tamu", Role.CAMAT, "", today, today, "SP 800/12/2026", today)
    assert signed_by(open_page("laporan", "pkp"), builder, today)[1:] == ("Drs. Tamu", "")


@pytest.fixture
def keeps_no_nip(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a shared sheet of an office that has not allowed NIPs there."""
    monkeypatch.setattr(document_parts, "withholds_nip", lambda snapshot: True)


def test_where_the_office_keeps_no_nip_the_issuer_types_it_for_the_paper_alone(
    open_page: Opener, builder: mock.Mock, at_issue: datetime, keeps_no_nip: None
) -> None:
    app = open_page("laporan", "pkp")
    fill(app, "NIP penanda tangan (boleh kosong)", "19800101 200501 1 002")
    issue_it(app)
    assert not app.error
    assert builder.call_args.kwargs["issue"].signatory_nip == "198001012005011002"
    store = session.runtime().store
    assert "198001012005011002" not in str([rows for _, rows in store.dump()])


def test_a_mistyped_nip_of_the_signatory_is_refused(
    open_page: Opener, builder: mock.Mock, at_issue: datetime, keeps_no_nip: None
) -> None:
    app = open_page("laporan", "pkp")
    fill(app, "NIP penanda tangan (boleh kosong)", "1980")
    issue_it(app)
    assert "18 angka" in app.error[0].value
    assert builder.call_count == 0


def test_where_the_office_keeps_it_nobody_types_it(open_page: Opener, builder: mock.Mock, at_issue: datetime) -> None:
    app = issue_it(open_page("laporan", "pkp"))
    assert not [f for f in app.text_input if f.label.startswith("NIP")]
    assert builder.call_args.kwargs["issue"].signatory_nip == "197206051993031005"


def test_without_a_number_nothing_is_issued(open_page: Opener, builder: mock.Mock, at_issue: datetime) -> None:
    app = press(open_page("laporan", "pkp"), "Terbitkan dokumen")
    assert "Tulis nomor dokumennya" in app.error[0].value
    assert builder.call_count == 0


def test_only_the_kasubag_pkp_is_offered_to_issue(open_page: Opener, at_issue: datetime) -> None:
    assert "Terbitkan dokumen" not in labels(open_page("laporan", "sekretaris"))


def test_the_kasubag_umum_archives_and_the_register_shows_it(
    open_page: Opener, builder: mock.Mock, at_issue: datetime
) -> None:
    issue_it(open_page("laporan", "pkp"))
    app = open_page("laporan", "umum")
    fill(app, "Nomor arsip", "A-12")
    fill(app, "Tempat simpan", "Lemari <b>2</b>")
    app = press(app, "Simpan ke arsip")
    assert not app.error
    assert "A-12 TW III 2026 800/12/Silaut/2026" in text(app)
    assert "Lemari <b>2</b>" in text(app)
    assert "<b>2</b>" not in markup(app)
    assert "Simpan ke arsip" not in labels(app)


def test_the_audit_bundle_says_that_it_takes_a_moment(open_page: Opener) -> None:
    page = open_page("laporan", "pimpinan")
    assert "Disusun saat tombol ditekan, beberapa detik" in text(page)
    assert "Unduh bundel audit" in [button.proto.label for button in page.get("download_button")]


def test_formulir_e81_is_shown_when_it_is_asked_for(open_page: Opener) -> None:
    app = open_page("laporan", "pimpinan")
    assert "Tingkat capaian K (%)" not in markup(app)
    (toggle,) = [t for t in app.toggle if t.key == "laporan-e81"]
    toggle.set_value(True).run()
    assert not app.exception
    shown = text(app)
    assert "Target Renstra (Rp)" in shown
    assert "Persentase nagari dengan APB Nagari tepat waktu" in shown
    assert "Predikat kinerja" in shown
