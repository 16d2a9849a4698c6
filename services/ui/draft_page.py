"""The page Draf dan koreksi: steps 8 to 10, with the versions of the draft and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import streamlit as st

from services.actions import drafts as actions
from services.actions.base import ActionError, Context, Refused, authorise
from services.domain.filenames import name_part
from services.domain.indicators import ROMAN, Period
from services.domain.numbers import format_datetime, format_percent, format_period
from services.domain.roles import Action, Actor, allows
from services.domain.sop import CORRECTING, DISCUSSING, DRAFTING
from services.store.store import StoreError
from services.ui import draft_talk, errors, frame, past, session, sop_says, step_action
from services.ui.html import esc
from services.ui.press import once
from services.ui.reference import STYLE as LISTS
from services.ui.reference import Column, heading, listing
from services.ui.shelf import Shelf
from services.views.comparison import Comparison, FigureChange, Mark, Piece, TextChange, compare
from services.views.drafts import CorrectionStatus, Draft, corrections, drafts
from services.views.office import Office
from services.views.steps import steps_of

STYLE = Path(__file__).with_name("draft.css")
SOURCE = "Draf dan koreksi"
VERSIONS, DISCUSSION, CORRECTIONS = "versi", "pembahasan", "koreksi"
_STEPS = {VERSIONS: DRAFTING, DISCUSSION: DISCUSSING, CORRECTIONS: CORRECTING}
_PART = "bagian"
_NOW = "Keadaan sekarang"
_KEPT = 6
_CHANGES = (
    Column("Indikator"),
    Column("Yang berubah", named=True, width="12rem"),
    Column("Sebelum", numeric=True, named=True, width="10rem"),
    Column("Sesudah", numeric=True, named=True, width="10rem"),
    Column("Capaian", numeric=True, named=True, width="11rem"),
)


@dataclass(frozen=True, slots=True)
class Press:
    """What makes a report: its PDF as a draft of a moment and version, and the fingerprint of the data in it."""

    pdf: Callable[[Office, Period, datetime, str], bytes]
    fingerprint: Callable[[Office, Period], str]


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf[bytes]:
    return Shelf(_KEPT)


def draw(actor: Actor, press: Press) -> None:
    st.html(LISTS)
    st.html(STYLE)
    asked = frame.asked_period()
    period = frame.header("Draf dan koreksi", (f"Laporan {format_period(asked)}",), period_choice=True)
    _content(actor, period, press)


@errors.shielded
def _content(actor: Actor, period: Period, press: Press) -> None:
    office = session.office()
    if period not in office.cycles:
        frame.empty_state(
            f"{format_period(period)} belum dibuka",
            "Kasubag PKP membuka triwulan di halaman Buka triwulan. Drafnya disusun pada langkah 8.",
        )
        return
    part = _choose(office, period)
    sop_says.draw(office, period, _STEPS[part])
    step_action.draw(office, actor, period, at="draf")
    context = Context(session.runtime().store, office, actor, session.now(), SOURCE)
    if part == VERSIONS:
        _versions(context, period, press)
    elif part == DISCUSSION:
        draft_talk.discussion(context, period)
    else:
        draft_talk.correcting(context, period)
        make_button(context, period, press)


def _choose(office: Office, period: Period) -> str:
    found = corrections(office, period)
    waiting = sum(c.status is CorrectionStatus.OPEN for c in found)
    labels = {
        VERSIONS: f"Versi draf {len(drafts(office, period))}",
        DISCUSSION: "Pembahasan",
        CORRECTIONS: f"Koreksi {waiting} terbuka" if waiting else "Koreksi",
    }
    current = steps_of(office, period, session.now()).current
    running = next((part for part, no in _STEPS.items() if current and current.step.no == no), VERSIONS)
    asked = st.query_params.get(_PART, running)
    chosen: str = st.segmented_control(
        "Bagian",
        tuple(labels),
        default=asked if asked in labels else running,
        required=True,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        key="mv-draf-bagian",
    )
    return chosen


# --- versions ----------------------------------------------------------------------------------------------------


def _versions(context: Context, period: Period, press: Press) -> None:
    found = drafts(context.office, period)
    make_button(context, period, press)
    if not found:
        frame.empty_state(
            "Belum ada draf",
            "Kasubag PKP menyusun draf pertama, v0.1, pada langkah 8. Setiap versi disimpan apa adanya dan dapat "
            "dibandingkan dengan versi lain.",
        )
        return
    st.html(heading("Versi"))
    names = draft_talk.names()
    for draft in reversed(found):
        _version(context, period, draft, press, names)
    _comparing(context.office, period, found)


def make_button(context: Context, period: Period, press: Press) -> None:
    """For whoever may make the next version, while the draft is written and corrected."""
    state = context.office.state(period, context.now)
    if not allows(context.actor, Action.MAKE_DRAFT, state) or not actions.is_draft_time(context, period):
        return
    number = len(drafts(context.office, period)) + 1
    key = f"mv-susun-{period.key}-{number}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("Catatan versi (boleh kosong)", key=f"{key}-catatan", autocomplete="off", width=420)
        st.button(
            f"Susun draf v0.{number}",
            type="primary",
            icon=":material/note_add:",
            key=key,
            on_click=_make,
            args=(period, number, key, press),
        )


@errors.pressed
def _make(period: Period, number: int, key: str, press: Press) -> None:
    note = st.session_state.get(f"{key}-catatan") or ""

    def act(context: Context, transaction_id: str) -> None:
        if len(drafts(context.office, period)) >= number:
            raise Refused(f"Draf v0.{number} sudah disusun. Tidak ada yang diubah.")
        actions.make_draft(context, period, note, press.fingerprint(context.office, period), transaction_id)

    once(act, source=SOURCE, ticket=f"{key}-tiket", done=f"Draf v0.{number} disusun.")


def _version(context: Context, period: Period, draft: Draft, press: Press, names: Mapping[str, str]) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"mv-versi-{draft.id}"
    ):
        note = f'<p class="mv-note-text">{esc(draft.note)}</p>' if draft.note else ""
        seal = f" · sidik {esc(draft.fingerprint[:8].upper())}" if draft.fingerprint else ""
        st.html(
            f'<div><strong>{draft.label}</strong> <span class="mv-quiet">disusun {esc(format_datetime(draft.at))} oleh '
            f"{esc(names.get(draft.by, draft.by))}{seal}</span>{note}</div>"
        )
        _download(context, period, draft, press)


def _download(context: Context, period: Period, draft: Draft, press: Press) -> None:
    """The PDF of this version, made of the data as they were when it was drawn up."""
    name = (context.office.snapshot.office, draft.id, draft.at)
    made = shelf().find(name)
    place = st.empty()
    if made is None:
        if not place.button(f"Siapkan PDF {draft.label}", key=f"mv-pdf-{draft.id}", icon=":material/description:"):
            return
        try:
            authorise(session.context(SOURCE), Action.MAKE_REPORT, period)
        except (ActionError, StoreError) as exc:
            frame.error(exc)
            return
        with place.container(), st.spinner("Menyusun PDF"):
            office = past.office_at(context.office, draft.at)
            made = shelf().find_or_make(name, lambda: press.pdf(office, period, draft.at, draft.label))
    place.download_button(
        f"Unduh {draft.label}",
        made,
        file_name=f"Laporan-Monev-TW-{ROMAN[period.quarter]}-{period.year}-DRAF-{name_part(draft.label)}.pdf",
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
        key=f"mv-unduh-{draft.id}",
    )


# --- what changed between two ------------------------------------------------------------------------------------


def _comparing(office: Office, period: Period, found: tuple[Draft, ...]) -> None:
    moments: dict[str, datetime | None] = {d.label: d.at for d in found} | {_NOW: None}
    st.html(heading("Bandingkan dua versi"))
    names = tuple(moments)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        old = st.selectbox("Dari", names, index=max(len(names) - 3, 0), key=f"mv-banding-dari-{period.key}", width=220)
        new = st.selectbox("Ke", names, index=max(len(names) - 2, 1), key=f"mv-banding-ke-{period.key}", width=220)
    if old == new:
        st.html('<p class="mv-quiet">Pilih dua versi yang berbeda.</p>')
        return
    before, after = (_at(office, moments[name]) for name in (old, new))
    st.html(compared(compare(before, after, period), old, new))


def _at(office: Office, moment: datetime | None) -> Office:
    return office if moment is None else past.office_at(office, moment)


def compared(found: Comparison, old: str, new: str) -> str:
    """Everything that changed, as HTML."""
    if found.nothing:
        return f'<p class="mv-quiet">Angka dan teks {esc(old)} dan {esc(new)} sama.</p>'
    mean = f"Rata-rata capaian {_percent(found.mean_before.value)} → {_percent(found.mean_after.value)}"
    head = f'<p class="mv-quiet">{esc(f"{len(found.figures)} angka dan {len(found.texts)} teks berubah. {mean}.")}</p>'
    figures = listing(_CHANGES, map(_figure_row, found.figures), "Angka yang berubah") if found.figures else ""
    texts = "".join(map(_text_change, found.texts))
    return (
        head
        + (heading("Angka yang berubah") + figures if figures else "")
        + (heading("Teks yang berubah") + texts if texts else "")
    )


def _figure_row(change: FigureChange) -> tuple[str, ...]:
    before, after = _percent(change.capaian_before), _percent(change.capaian_after)
    capaian = esc(after) if before == after else f"{esc(before)} → <strong>{esc(after)}</strong>"
    name = esc(change.indicator.name)
    return name, esc(change.field), esc(change.old), esc(change.new), capaian


def _text_change(change: TextChange) -> str:
    words = "".join(map(_piece, change.pieces))
    head = f"<strong>{esc(change.subject)}</strong> <span class='mv-quiet'>{esc(change.field)}</span>"
    return f'<div class="mv-words">{head}<p class="mv-diff">{words}</p></div>'


_TAGS: Mapping[Mark, str] = {Mark.GONE: "del", Mark.NEW: "ins"}


def _piece(piece: Piece) -> str:
    tag = _TAGS.get(piece.mark)
    return f"<{tag}>{esc(piece.text)}</{tag}>" if tag else esc(piece.text)


def _percent(value: Decimal | None) -> str:
    return "–" if value is None else format_percent(value)
