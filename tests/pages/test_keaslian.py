"""Periksa laporan: a file or a fingerprint is held against the archive, by whoever is signed in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from streamlit.testing.v1 import AppTest

from services.actions.base import Context
from services.actions.documents import Made, issue_document
from services.domain.indicators import Period
from services.domain.sop import VERIFYING
from services.report.fingerprint import fingerprint_of, short
from services.store.store import Store
from services.ui import session
from tests.pages.conftest import Opener
from tests.pages.looking import text
from tests.unit.quarter_play import finish_up_to
from tests.unit.sample_store import acting

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
PERIOD = Period(2026, 3)


def issue(store: Store) -> str:
    """Issue the sample's running quarter with these bytes; its fingerprint."""
    now = finish_up_to(store, VERIFYING) + timedelta(hours=1)
    context: Context = acting(store, "pkp", now)
    made = Made(PDF, 22, fingerprint_of(context.office, PERIOD))
    issue_document(
        context, PERIOD, made, number="800/12/Silaut/2026", day=now.date(), place="Silaut", signatory="Camat"
    )
    session.runtime().shared.invalidate()
    return made.fingerprint


def by_paper(app: AppTest, typed: str) -> AppTest:
    app.segmented_control[0].set_value("kertas").run()
    return app.text_input[0].set_value(typed).run()


@pytest.mark.parametrize("username", ["pkp", "camat", "pimpinan"])
def test_the_issued_file_is_recognised_and_a_changed_one_refused(open_page: Opener, username: str) -> None:
    app = open_page("keaslian", username)
    issue(session.runtime().store)
    app.run()
    app.file_uploader[0].upload("laporan.pdf", PDF, "application/pdf").run()
    assert "✓ Asli" in text(app)
    assert "nomor 800/12/Silaut/2026" in text(app)
    app.file_uploader[0].upload("laporan.pdf", PDF[:-1] + b"x", "application/pdf").run()
    assert "✓ Asli" not in text(app)


def test_a_fingerprint_from_paper_shows_the_figures_to_compare(open_page: Opener) -> None:
    app = open_page("keaslian", "pimpinan")
    fingerprint = issue(session.runtime().store)
    app.run()
    assert "36 dari 41" in text(by_paper(app, short(fingerprint)))


def test_a_slip_is_explained(open_page: Opener) -> None:
    app = open_page("keaslian", "pimpinan")
    assert "yang ditulis 4 tanda" in by_paper(app, "AB12").error[0].value
    assert "Tidak ada di arsip" in text(by_paper(app, "0" * 64))


def test_a_file_that_is_no_pdf_is_explained(open_page: Opener) -> None:
    app = open_page("keaslian", "kasi.pem")
    app.file_uploader[0].upload("laporan.pdf", b"PK", "application/pdf").run()
    assert "bukan PDF" in app.error[0].value


def test_a_pdf_that_is_locked_with_a_password_is_explained(open_page: Opener) -> None:
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target, encryption=pikepdf.Encryption(owner="pemilik", user="pembaca"))
    app = open_page("keaslian", "kasi.pem")
    app.file_uploader[0].upload("laporan.pdf", target.getvalue(), "application/pdf").run()
    assert "Tidak dapat dibaca" in text(app)
    assert "dikunci dengan kata sandi" in text(app)
