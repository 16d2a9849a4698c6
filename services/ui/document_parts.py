"""Steps 12 and 13 on the page Laporan: issuing the final document, the document itself, archiving it, the register."""

from __future__ import annotations

import logging
from datetime import date

import streamlit as st

from services.actions import steps
from services.actions.base import Context, Refused
from services.actions.documents import Made, archive_document, checked_number, issue_document, kept_bytes
from services.archive import keep_copy
from services.domain.indicators import Period
from services.domain.numbers import NIP_SUGGESTION, format_date, format_datetime, format_period, read_nip, short_period
from services.domain.process import transition
from services.domain.roles import Actor, Role
from services.domain.sop import ARCHIVING, ISSUING, Event
from services.log import LOGGER
from services.report import document as report_document
from services.report.document import file_name
from services.report.issue import Issue
from services.store.privacy import withholds_nip
from services.store.store import StoreError
from services.ui import frame, report_card, session, sop_says
from services.ui.html import esc, md, process_chip
from services.ui.press import Act, once
from services.ui.reference import BLANK_CELL, Column, heading, listing
from services.views import documents
from services.views.conditions import obstacles
from services.views.documents import Document, Signatory, signatory
from services.views.office import Office
from services.views.steps import steps_of

SOURCE = "Laporan"
_ISSUE, _ARCHIVE = "terbit", "arsip"


# --- step 12 -----------------------------------------------------------------------------------------------------


def issue(office: Office, actor: Actor, period: Period) -> None:
    """The form of whoever issues the document, while step 12 runs."""
    if not _turn(office, actor, period, ISSUING):
        return
    sop_says.draw(office, period, ISSUING)
    if _blocked(office, period, ISSUING):
        return
    with st.container(border=True, key="mv-terbitkan-kotak"):
        st.html(heading("Terbitkan dokumen akhir", "langkah 12"))
        day = st.date_input("Tanggal", value=session.today(), format="DD/MM/YYYY", key="terbit-tanggal")
        signs = _signatory(office, day)
        with st.form("mv-terbitkan", border=False):
            number = st.text_input("Nomor dokumen", key="terbit-nomor", placeholder="misalnya 400/12/2026")
            place = st.text_input("Tempat", value=office.profile.district, key="terbit-tempat")
            post = st.text_input("Jabatan penanda tangan", value=signs.post, key=f"terbit-jabatan-{signs.post}")
            if signs.name:
                st.markdown(f"Nama penanda tangan: {md(signs.name)}")
            typed_nip = _nip_field(office)
            st.markdown("Sesudah diterbitkan, PDF ini dibekukan bersama datanya dan tidak dapat diubah.")
            pressed = st.form_submit_button("Terbitkan dokumen", type="primary", icon=":material/verified:")
    if pressed:

        def act(context: Context, transaction_id: str) -> None:
            checked = checked_number(context, period, number, day)
            nip = _signatory_nip(context.office, signs, typed_nip)
            details = Issue(checked, day, place, post, signs.name, nip, signs.rank)
            bar = st.progress(0.0, "Menyusun dokumen akhir")
            report = report_document.build_report(
                context.office, period, draft=False, issue=details, progress=frame.into(bar)
            )
            bar.empty()
            made = Made(report.pdf, report.pages, report.fingerprint)
            issue_document(
                context, period, made, number=checked, day=day, place=place, signatory=post,
                transaction_id=transaction_id,
            )  # fmt: skip

        _do(act, f"{_ISSUE}-{period.key}", f"Dokumen akhir {format_period(period)} terbit.", period)


def _signatory(office: Office, day: date) -> Signatory:
    """Who signs on this day."""
    accounts = session.runtime().accounts
    plh = accounts.stand_in_for(Role.CAMAT, day)
    return signatory(office, accounts.get(plh.username) if plh else None)


def _nip_field(office: Office) -> str:
    """Where the office keeps no NIP, whoever issues the document types it; it is kept nowhere but in the PDF."""
    if not withholds_nip(office.snapshot):
        return ""
    return st.text_input(
        "NIP penanda tangan (boleh kosong)",
        key="terbit-nip",
        placeholder="18 angka",
        help="Kantor tidak menyimpan NIP di spreadsheet bersama. NIP ini hanya tercetak di PDF.",
    )


def _signatory_nip(office: Office, signs: Signatory, typed: str) -> str:
    """Raises Refused for what is no NIP."""
    if not withholds_nip(office.snapshot):
        return signs.nip
    nip = read_nip(typed)
    if nip is None:
        raise Refused(f"{NIP_SUGGESTION} Dokumen belum diterbitkan.")
    return nip


# --- the document ------------------------------------------------------------------------------------------------


def issued(office: Office, found: Document) -> None:
    """The card of the document with its bytes, checked against what was issued."""
    entry = next((a for a in documents.register(office) if a.document.id == found.id), None)
    try:
        content = _bytes(found.file_id, found.sha256)
    except StoreError as exc:
        frame.error(exc)
        content = None
    with st.container(border=True, key="mv-kartu"), st.container(horizontal=True, key="mv-dokumen"):
        with st.container(gap=None):
            state = process_chip("done", f"Diarsipkan {format_date(entry.at.date())}" if entry else "Terbit")
            facts = (
                f"Nomor {found.number} · {found.place}, {format_date(found.day)} · {found.pages} halaman · "
                f"{report_card.size_text(found.size)}"
            )
            st.html(
                f'{state}<h2 class="mv-title">{esc(report_card.title(found.period))}</h2>'
                f'<p class="mv-sub">{esc(facts)}</p>'
            )
        if content is not None:
            st.download_button(
                "Unduh PDF",
                content,
                file_name=file_name(found.period, draft=False),
                mime="application/pdf",
                type="primary",
                icon=":material/download:",
                on_click="ignore",
                key="unduh",
            )
    kept = process_chip("done", "Cocok") if content is not None else process_chip("late", "Tidak cocok")
    st.html(heading("Sidik dokumen") + f'<div class="mv-chips">{kept}</div>' + report_card.fingerprint(found.sha256))
    st.page_link("pages/keaslian.py", label="Periksa salinan PDF atau sidik di kertas", icon=":material/find_in_page:")


@st.cache_data(max_entries=8, show_spinner=False)
def _bytes(file_id: str, sha256: str) -> bytes:
    """Kept under what the bytes must be, so that an altered file is never served from here."""
    found = next(d for d in documents.documents(session.office()) if (d.file_id, d.sha256) == (file_id, sha256))
    return kept_bytes(session.runtime().store, found)


# --- step 13 -----------------------------------------------------------------------------------------------------


def archive(office: Office, actor: Actor, period: Period) -> None:
    """The form of whoever archives the document, while step 13 runs."""
    if not _turn(office, actor, period, ARCHIVING):
        return
    sop_says.draw(office, period, ARCHIVING)
    if _blocked(office, period, ARCHIVING):
        return
    with st.form("mv-arsipkan", border=True):
        st.html(heading("Arsipkan dokumen", "langkah 13"))
        register_no = st.text_input("Nomor arsip", key="arsip-nomor")
        location = st.text_input("Tempat simpan", placeholder="Lemari, rak, atau map", key="arsip-tempat")
        note = st.text_input("Keterangan (boleh kosong)", key="arsip-catatan")
        pressed = st.form_submit_button("Simpan ke arsip", type="primary", icon=":material/inventory_2:")
    if pressed:

        def act(context: Context, transaction_id: str) -> None:
            archive_document(
                context, period, register_no=register_no, location=location, note=note, transaction_id=transaction_id
            )

        _do(act, f"{_ARCHIVE}-{period.key}", f"{format_period(period)} selesai dan diarsipkan.", period)


def register(office: Office) -> None:
    """The register of the archive, newest first."""
    entries = documents.register(office)[::-1]
    if not entries:
        return
    columns = (
        Column("Nomor arsip", fixed=True),
        Column("Triwulan"),
        Column("Nomor dokumen", named=True),
        Column("Tanggal", named=True),
        Column("Tempat simpan", named=True),
        Column("Diarsipkan", named=True),
    )
    rows = [
        (
            esc(e.register),
            f"{esc(short_period(e.document.period))} {e.document.period.year}",
            esc(e.document.number),
            esc(format_date(e.document.day)),
            esc(e.location) or BLANK_CELL,
            f"{esc(format_datetime(e.at))}, {esc(e.by)}",
        )
        for e in entries
    ]
    st.html(heading("Register arsip") + listing(columns, rows, "Register arsip"))


# --- common ------------------------------------------------------------------------------------------------------


def _turn(office: Office, actor: Actor, period: Period, step: int) -> bool:
    current = steps_of(office, period, session.now()).current
    if current is None or current.step.no != step:
        return False
    opened = session.runtime()
    return steps.may_move_on(Context(opened.store, office, actor, opened.now(), SOURCE), period, Event.FINISHED)


def _blocked(office: Office, period: Period, step: int) -> bool:
    """Say what must be true first, where it is not."""
    current = steps_of(office, period, session.now()).current
    move = transition(step, Event.FINISHED, current.phase) if current else None
    found = obstacles(office, period, move, "") if move else ()
    for sentence in found:
        st.warning(md(sentence), icon=":material/block:")
    return bool(found)


def _do(act: Act, key: str, done: str, period: Period) -> None:
    """The form is gone once its work is done; the office's folder gets its copy."""
    if once(act, source=SOURCE, ticket=f"mv-{key}", done=done):
        _copy(period, done)
        st.rerun()


def _copy(period: Period, done: str) -> None:
    """A copy in the folder for archives, where there is one; what fails there is said and undoes nothing."""
    opened = session.runtime()
    folder, office = opened.settings.archive_folder, session.office()
    found = documents.document(office, period)
    if folder is None or found is None:
        return
    try:
        keep_copy(folder, office, found, kept_bytes(opened.store, found))
    except (OSError, StoreError) as exc:
        logging.getLogger(LOGGER).error("Folder arsip: %s", exc)
        frame.saved(f"{done} Salinannya tidak dapat ditulis ke folder arsip; periksa foldernya.", later=True)
