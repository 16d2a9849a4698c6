"""The page Periksa laporan: whether a PDF, or the fingerprint on a paper, is one of the office's issued reports."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from services import archive
from services.archive import partly, slip_hint
from services.domain.numbers import format_date
from services.domain.roles import Actor
from services.report.verdict import Kind, Signature, Verdict
from services.store.store import StoreError
from services.ui import errors, frame, session
from services.ui.html import ProcessKind, esc, md, process_chip
from services.ui.reference import STYLE, facts, heading, quiet

FILE, PAPER = "berkas", "kertas"
_CHIPS: dict[Kind, ProcessKind] = {
    Kind.UNCHANGED: "done",
    Kind.SIGNED: "done",
    Kind.CHANGED: "late",
    Kind.NOT_ARCHIVED: "doubt",
    Kind.UNREADABLE: "doubt",
    Kind.FOREIGN: "late",
}


def draw(_: Actor) -> None:
    st.html(STYLE)
    frame.header("Periksa laporan", ("Asli atau sudah diubah",))
    labels = {FILE: "Dari berkas PDF", PAPER: "Dari sidik di kertas"}
    chosen = st.segmented_control(
        "Cara memeriksa",
        tuple(labels),
        default=FILE,
        required=True,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        key="mv-keaslian-cara",
    )
    {FILE: _file, PAPER: _paper}[chosen]()


@errors.shielded
def _file() -> None:
    st.html(
        quiet(
            "Berkas dibandingkan bita demi bita dengan arsip. Salinan yang ditandatangani secara elektronik tetap "
            "dikenali. Berkas tidak disimpan."
        )
    )
    largest = archive.largest_file(session.office()) // 2**20  # whole MB
    file = st.file_uploader(
        f"Berkas PDF, paling besar {largest} MB", type=["pdf"], max_upload_size=largest, key="mv-keaslian-berkas"
    )
    if file is None:
        return
    try:
        with st.spinner("Memeriksa berkas"):
            opened = session.runtime()
            roots = archive.trusted_roots(opened.settings.certificate_folder)
            found = archive.judged(session.office(), opened.store, file.getvalue(), session.now(), roots)
    except archive.NotChecked as error:
        st.error(md(error), icon=":material/error:")
        return
    _verdict(found)


def _verdict(found: Verdict) -> None:
    _said(process_chip(_CHIPS[found.kind], found.kind.value.capitalize()), found.message, found.details)
    if found.kind is Kind.FOREIGN:
        st.html(quiet("Ringkasan Camat, blangko, dan unduhan lain tidak diarsipkan; yang diperiksa hanya laporan."))
    for signature in found.signatures:
        chip = process_chip(_signature_kind(signature), signature.state.capitalize())
        _said(f"{chip} Tanda tangan {esc(signature.signer)}", "", signature.details)
    if found.archived and found.archived.fingerprint:
        _compare(found.archived.fingerprint)


def _said(head: str, text: str, details: Sequence[str] = ()) -> None:
    """A result in a card. ``head`` is HTML."""
    items = "".join(f"<li>{esc(detail)}</li>" for detail in details)
    body = (f"<p>{esc(text)}</p>" if text else "") + (f"<ul>{items}</ul>" if items else "")
    st.html(f'<div class="mv-card mv-verdict"><p>{head}</p>{body}</div>')


def _signature_kind(signature: Signature) -> ProcessKind:
    if not signature.valid:
        return "late"
    return "done" if signature.trusted else "doubt"


@errors.shielded
def _paper() -> None:
    st.html(
        quiet(
            "Salin 64 angka dan huruf sidik data dari kotak pemeriksaan di laporan, dengan atau tanpa spasi. Kelompok "
            "pertama saja sudah cukup untuk mencari laporannya."
        )
    )
    typed = st.text_input("Sidik data (SHA-256)", key="mv-keaslian-sidik", autocomplete="off")
    if typed.strip():
        _compare(typed)


def _compare(text: str) -> None:
    """The issued report that has this fingerprint, with figures to hold against the paper or the file."""
    office = session.office()
    try:
        found = archive.looked_up(office, session.runtime().store, text)
    except archive.NotChecked as error:
        st.error(md(error), icon=":material/error:")
        return
    except StoreError as error:
        frame.error(error)
        return
    if found is None:
        near = archive.nearly(office, text)
        hint = f" {slip_hint(near)}" if near else ""
        _said(
            process_chip("late", "Tidak ada di arsip"),
            f"Tidak ada laporan yang terbit dengan sidik data ini.{hint}",
        )
        return
    document = found.document
    if not found.complete:
        _said(process_chip("doubt", "Cocok sebagian"), partly(found))
    st.html(
        heading("Angka untuk dicocokkan", f"nomor {document.number}, {format_date(document.day)}")
        + facts([*found.figures, ("Nomor dokumen", document.number), ("Tanggal", format_date(document.day))])
    )
    if not found.figures_certain:
        st.html(
            '<p class="mv-quiet">PDF di arsip tidak terbaca, jadi angka ini dihitung kembali dari data kantor pada '
            "saat terbit. Pulihkan berkasnya dari cadangan.</p>"
        )
