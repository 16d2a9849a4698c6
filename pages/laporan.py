"""Laporan: makes the PDF of the chosen quarter and hands it out."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from services.actions.base import ActionError, authorise
from services.domain.indicators import Period
from services.domain.numbers import format_period
from services.domain.roles import Action, CycleState
from services.report.document import Report, build_report, file_name
from services.store.store import StoreError
from services.ui import frame, report_card, session
from services.ui.charts import current_board
from services.ui.guard import require
from services.ui.reference import STYLE, heading
from services.ui.shelf import Shelf
from services.views.office import Office

require()

SOURCE = "Laporan"
DRAFT, FINAL = "Draf", "Tanpa tanda draf"
KEPT = 8


@dataclass(frozen=True, slots=True)
class Finished:
    """A report with the moment at which it was made and its fingerprint."""

    report: Report
    made_at: datetime
    sha256: str


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf[Finished]:
    return Shelf(KEPT)


def key_of(office: Office, period: Period, draft: bool) -> Hashable:
    """What a report is made from. The day is part of it, since the report is dated and counts days."""
    snapshot = office.snapshot
    return snapshot.office, snapshot.revision, snapshot.read_at, period, draft, session.now().date()


def document(office: Office, period: Period) -> None:
    with st.container(border=True, key="mv-kartu"), st.container(horizontal=True, key="mv-dokumen"):
        left, right = st.container(gap=None), st.container()
        with right:
            draft = choose_kind(office.state(period, session.now()), period)
            key = key_of(office, period, draft)
            finished = shelf().find(key) or make(office, period, draft, key)
            if finished:
                download(finished, period, draft)
        board = current_board(office, period, session.now())
        with left:
            if finished:
                st.html(
                    report_card.finished(
                        period, finished.report.pages, len(finished.report.pdf), finished.made_at, draft=draft
                    )
                )
            else:
                st.html(report_card.not_made(board))
    if finished and finished.report.warnings:
        st.html(report_card.warnings(finished.report.warnings))
    st.html(report_card.incomplete(board))
    if finished:
        st.html(heading("Sidik dokumen") + report_card.fingerprint(finished.sha256))


def choose_kind(state: CycleState, period: Period) -> bool:
    """Whether the report is marked as a draft."""
    chosen = st.segmented_control(
        "Jenis laporan",
        (DRAFT, FINAL),
        default=FINAL if state is CycleState.ARCHIVED else DRAFT,
        required=True,
        label_visibility="collapsed",
        key=f"laporan-jenis-{period.key}",
        width="stretch",
    )
    return chosen == DRAFT


def make(office: Office, period: Period, draft: bool, key: Hashable) -> Finished | None:
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
        now = session.now()
        report = build_report(office, period, now, draft=draft, progress=lambda done, what: bar.progress(done, what))
        return Finished(report, now, hashlib.sha256(report.pdf).hexdigest())

    finished = shelf().find_or_make(key, build)
    place.empty()
    return finished


def download(finished: Finished, period: Period, draft: bool) -> None:
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


st.html(STYLE)
chosen = frame.header("Laporan", ("Monitoring dan evaluasi kinerja",), period_choice=True)
current = session.office()
if chosen in current.cycles:
    document(current, chosen)
else:
    frame.empty_state(
        f"Belum ada laporan {format_period(chosen)}",
        "Laporan disusun dari isian triwulan. Kasubag PKP membuka triwulan di halaman Isian data; sesudah itu drafnya "
        "dapat disusun di sini.",
    )
