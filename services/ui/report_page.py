"""The page Laporan: the PDF of the chosen quarter as a draft, as the issued document (step 12), and in the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from services.actions.base import ActionError, authorise
from services.bundle import bundle
from services.domain.indicators import ROMAN, Period
from services.domain.numbers import format_period
from services.domain.roles import Action, Actor, CycleState
from services.report import document as report_document
from services.report.document import Report, file_name
from services.report.forms.one_page import one_page_pdf
from services.store.store import StoreError
from services.ui import document_parts, downloads, e81_part, frame, report_card, session
from services.ui.charts import current_board
from services.ui.reference import STYLE, heading
from services.ui.shelf import Shelf
from services.views import documents
from services.views.office import Office
from services.views.report_data import data_moment

SOURCE = "Laporan"
DRAFT, FINAL = "Draf", "Tanpa tanda draf"
KEPT = 8


@dataclass(frozen=True, slots=True)
class Finished:
    """A report with the moment of its data and its fingerprint."""

    report: Report
    as_of: datetime
    sha256: str


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf[Finished]:
    return Shelf(KEPT)


def draw(actor: Actor) -> None:
    st.html(STYLE)
    period = frame.header("Laporan", ("Monitoring dan evaluasi kinerja",), period_choice=True)
    office = session.office()
    if period not in office.cycles:
        frame.empty_state(
            f"Belum ada laporan {format_period(period)}",
            "Laporan disusun dari isian triwulan. Kasubag PKP membuka triwulan di halaman Buka triwulan; sesudah itu "
            "drafnya dapat disusun di sini.",
        )
        return
    issued = documents.document(office, period)
    if issued:
        document_parts.issued(office, issued)
        document_parts.archive(office, actor, period)
    else:
        document_parts.issue(office, actor, period)
        _unissued(office, period)
    _one_page(office, period)
    e81_part.draw(office, period)
    _audit_bundle(office, period)
    document_parts.register(office)


def key_of(office: Office, period: Period, draft: bool) -> Hashable:
    """What a report is made from: the same data give the same report on any day."""
    snapshot = office.snapshot
    return snapshot.office, snapshot.revision, snapshot.read_at, period, draft


def _unissued(office: Office, period: Period) -> None:
    with st.container(border=True, key="mv-kartu"), st.container(horizontal=True, key="mv-dokumen"):
        left, right = st.container(gap=None), st.container()
        with right:
            draft = _choose_kind(office, period)
            key = key_of(office, period, draft)
            finished = shelf().find(key) or _make(office, period, draft, key)
            if finished:
                _download(finished, period, draft)
        board = current_board(office, period, session.now())
        with left:
            if finished:
                size = len(finished.report.pdf)
                st.html(report_card.finished(period, finished.report.pages, size, finished.as_of, draft=draft))
            else:
                st.html(report_card.not_made(board))
    if finished and finished.report.warnings:
        st.html(report_card.warnings(finished.report.warnings))
    st.html(report_card.incomplete(board))
    if finished:
        st.html(heading("Sidik dokumen") + report_card.fingerprint(finished.sha256))


def _one_page(office: Office, period: Period) -> None:
    """The page for the Camat's telephone: made when it is asked for, since it takes a moment."""
    st.html(heading("Ringkasan Camat", "satu halaman, ringan untuk dikirim lewat WhatsApp"))
    st.download_button(
        "Unduh Ringkasan Camat",
        data=downloads.later(partial(one_page_pdf, office, period, session.now())),
        file_name=f"Ringkasan-Camat-TW-{ROMAN[period.quarter]}-{period.year}.pdf",
        mime="application/pdf",
        icon=":material/summarize:",
        on_click="ignore",
        key="ringkasan",
    )


def _audit_bundle(office: Office, period: Period) -> None:
    """Everything about the quarter in one file for an auditor: made when it is asked for."""
    st.html(
        heading("Bundel audit", "laporan, data, riwayat, bukti, dan SOP dalam satu ZIP")
        + '<p class="mv-quiet">Disusun saat tombol ditekan, beberapa detik; biarkan halaman ini terbuka sampai '
        "unduhannya mulai. Sesudah diekstrak, buka index.html.</p>"
    )
    store = session.runtime().store
    st.download_button(
        "Unduh bundel audit",
        data=downloads.later(lambda: bundle(office, store, period).content),
        file_name=f"Bundel-Audit-TW-{ROMAN[period.quarter]}-{period.year}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        key="bundel",
    )


def _choose_kind(office: Office, period: Period) -> bool:
    """Whether the report is marked as a draft: always, unless an archived quarter was kept elsewhere."""
    if office.state(period, session.now()) is not CycleState.ARCHIVED:
        return True
    chosen = st.segmented_control(
        "Jenis laporan",
        (DRAFT, FINAL),
        default=FINAL,
        required=True,
        label_visibility="collapsed",
        key=f"laporan-jenis-{period.key}",
        width="stretch",
    )
    return chosen == DRAFT


def _make(office: Office, period: Period, draft: bool, key: Hashable) -> Finished | None:
    """Build the report once the button is pressed."""
    place = st.empty()
    if not place.button("Susun PDF", type="primary", icon=":material/description:", width="stretch", key="susun"):
        return None
    try:
        authorise(session.context(SOURCE), Action.MAKE_REPORT, period)
    except (ActionError, StoreError) as exc:
        frame.error(exc)
        return None
    bar = place.progress(0.0, "Menunggu giliran")

    def build() -> Finished:
        report = report_document.build_report(office, period, draft=draft, progress=frame.into(bar))
        return Finished(report, data_moment(office, period), hashlib.sha256(report.pdf).hexdigest())

    finished = shelf().find_or_make(key, build)
    place.empty()
    return finished


def _download(finished: Finished, period: Period, draft: bool) -> None:
    st.download_button(
        "Unduh PDF",
        finished.report.pdf,
        file_name=file_name(period, draft),
        mime="application/pdf",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="unduh",
    )
