"""Steps 9 and 10 on the page Draf dan koreksi: comments, minutes of the discussion, answers to corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from services.actions import drafts as actions
from services.actions.base import Context
from services.domain.indicators import Period
from services.domain.numbers import format_date, format_datetime
from services.domain.roles import Action, allows
from services.store.store import Receipt
from services.ui import errors, frame, session, text_form
from services.ui.html import ProcessKind, esc, process_chip
from services.ui.press import once
from services.ui.reference import facts, heading
from services.views.drafts import CHAPTERS, Correction, CorrectionStatus, Meeting, corrections, meeting
from services.views.office import Office

SOURCE = "Draf dan koreksi"
_CHIPS: Mapping[CorrectionStatus, ProcessKind] = {
    CorrectionStatus.OPEN: "now",
    CorrectionStatus.DONE: "done",
    CorrectionStatus.REFUSED: "open",
}
_LABELS = {
    "held_on": "Tanggal pembahasan",
    "place": "Tempat",
    "attendees": "Yang hadir, satu nama setiap baris",
    "minutes": "Notulen",
    "decisions": "Keputusan pimpinan, satu keputusan setiap baris",
}
_EVERY = "Semua"
_HOW_TO_CHANGE = (
    "Angka yang perlu diperbaiki diubah di halaman Isian data, lalu dikirim ulang. Sesudah kunci, beri dahulu "
    "pengecualian untuk seksinya di halaman Pengumpulan data."
)


def names() -> dict[str, str]:
    """The name of every account by its username."""
    return {account.username: account.name for account in session.runtime().accounts.all()}


# --- step 9: comments and minutes --------------------------------------------------------------------------------


def discussion(context: Context, period: Period) -> None:
    st.html(heading("Catatan atas draf"))
    _comment_form(context, period)
    found, people = corrections(context.office, period), names()
    for chapter in dict.fromkeys((*CHAPTERS, *(c.chapter for c in found))):
        own = [c for c in found if c.chapter == chapter]
        if own:
            st.html(heading(chapter, f"{len(own)} catatan") + "".join(remark(context.office, c, people) for c in own))
    if not found:
        st.html('<p class="mv-quiet">Belum ada catatan.</p>')
    st.html(heading("Daftar hadir, notulen, dan keputusan pimpinan"))
    _minutes(context, period)


def remark(office: Office, found: Correction, people: Mapping[str, str]) -> str:
    """A comment or correction with its state and answer, as HTML."""
    indicator = office.indicator_by_id.get(found.indicator_id)
    whose = f"<strong>{esc(indicator.name)}</strong>" if indicator else f"<strong>{esc(found.chapter)}</strong>"
    by = people.get(found.raised_by, found.raised_by)
    line = f"{by}, {format_datetime(found.raised_at)}, {found.origin} putaran {found.round}"
    answer = ""
    if found.answer and found.answered_at:
        by = f"{people.get(found.answered_by, found.answered_by)}, {format_datetime(found.answered_at)}"
        answer = (
            f'<div class="mv-answer"><p class="mv-note-text">{esc(found.answer)}</p>'
            f'<p class="mv-quiet">{esc(by)}</p></div>'
        )
    chip = process_chip(_CHIPS[found.status], found.status.capitalize())
    return (
        f'<div class="mv-remark"><p class="mv-remark-head">{chip}{whose}'
        f'<span class="mv-quiet">{esc(line)}</span></p>'
        f'<p class="mv-note-text">{esc(found.text)}</p>{answer}</div>'
    )


def _may(context: Context, action: Action, period: Period) -> bool:
    state = context.office.state(period, context.now)
    return allows(context.actor, action, state) and actions.is_draft_time(context, period)


def _comment_form(context: Context, period: Period) -> None:
    if not _may(context, Action.COMMENT, period):
        st.html('<p class="mv-quiet">Catatan dapat diberikan pada langkah 8 sampai 10, sejak ada draf.</p>')
        return
    stored = {"chapter": "", "text": ""}
    form = text_form.open_form(f"catatan-{period.key}", stored)
    text_form.notices(form, stored, {})
    text_form.choice(form, "chapter", "Bagian laporan", CHAPTERS)
    text_form.area(form, "text", "Catatan", "Apa yang perlu diperbaiki, dan bagaimana seharusnya")

    def save(now: Context, _seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str) -> Receipt:
        return actions.comment(now, period, typed["chapter"], typed["text"], transaction_id=transaction_id)

    text_form.save_row(form, "Kirim catatan", save, SOURCE, "Catatan terkirim.")


def _minutes(context: Context, period: Period) -> None:
    known = meeting(context.office, period)
    if not _may(context, Action.KEEP_MINUTES, period):
        st.html(_minutes_read(known))
        return
    stored = _minutes_texts(known)
    form = text_form.open_form(f"notulen-{period.key}", stored)
    text_form.notices(form, stored, _LABELS)
    with st.container(horizontal=True, gap="small"):
        text_form.day(form, "held_on", _LABELS["held_on"], latest=context.now.date())
        text_form.line(form, "place", _LABELS["place"])
    text_form.area(form, "attendees", _LABELS["attendees"])
    text_form.area(form, "minutes", _LABELS["minutes"], height=200)
    text_form.area(form, "decisions", _LABELS["decisions"])

    def save(now: Context, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str) -> Receipt | None:
        return actions.keep_minutes(now, period, seen, typed, transaction_id)

    text_form.save_row(form, "Simpan notulen", save, SOURCE, "Notulen tersimpan.")


def _minutes_texts(known: Meeting | None) -> dict[str, str]:
    if known is None:
        return dict.fromkeys(actions.MINUTES_FIELDS, "")
    texts = {name: str(known.row[name] or "") for name in actions.MINUTES_FIELDS}
    return texts | {"held_on": known.held_on.isoformat() if known.held_on else ""}


def _minutes_read(known: Meeting | None) -> str:
    if known is None:
        return '<p class="mv-quiet">Notulen belum ditulis.</p>'
    decided = "".join(f"<li>{esc(each)}</li>" for each in known.decisions)
    return (
        facts(
            (
                ("Tanggal", format_date(known.held_on) if known.held_on else ""),
                ("Tempat", known.place),
                ("Yang hadir", ", ".join(known.attendees)),
            )
        )
        + f'<p class="mv-note-text">{esc(known.minutes)}</p>'
        + (f'<p class="mv-quiet">Keputusan pimpinan</p><ol>{decided}</ol>' if decided else "")
    )


# --- step 10: corrections ----------------------------------------------------------------------------------------


def correcting(context: Context, period: Period) -> None:
    found = corrections(context.office, period)
    if not found:
        frame.empty_state(
            "Belum ada koreksi",
            "Catatan dari pembahasan (langkah 9) dan angka yang dikembalikan dalam verifikasi (langkah 11) tampil di "
            "sini untuk dijawab.",
        )
        return
    people, may_answer = names(), _may(context, Action.ANSWER_CORRECTION, period)
    if may_answer and any(c.indicator_id and c.status is CorrectionStatus.OPEN for c in found):
        st.html(f'<p class="mv-quiet">{_HOW_TO_CHANGE}</p>')
    for each in _filtered(found):
        st.html(remark(context.office, each, people))
        if may_answer:
            _answering(period, each)


def _filtered(found: Sequence[Correction]) -> list[Correction]:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        counts = {status: sum(c.status is status for c in found) for status in CorrectionStatus}
        labels = {_EVERY: f"Semua {len(found)}"} | {s.value: f"{s.value.capitalize()} {n}" for s, n in counts.items()}
        status = st.segmented_control(
            "Keadaan koreksi",
            tuple(labels),
            default=CorrectionStatus.OPEN.value if counts[CorrectionStatus.OPEN] else _EVERY,
            required=True,
            format_func=labels.__getitem__,
            label_visibility="collapsed",
            key="mv-koreksi-keadaan",
        )
        origin = _box("Asal", tuple(dict.fromkeys(c.origin for c in found)), "Semua asal")
        chapter = _box("Bagian laporan", tuple(dict.fromkeys(c.chapter for c in found)), "Semua bagian")
    return [
        c
        for c in found
        if status in (_EVERY, c.status.value) and origin in (_EVERY, c.origin) and chapter in (_EVERY, c.chapter)
    ]


def _box(label: str, options: tuple[str, ...], every: str) -> str:
    chosen: str = st.selectbox(
        label,
        (_EVERY, *options),
        format_func=lambda each: every if each == _EVERY else each,
        label_visibility="collapsed",
        key=f"mv-koreksi-{label}",
        width=240,
    )
    return chosen


def _answering(period: Period, found: Correction) -> None:
    """Fields and buttons; their keys change with every answer, so that no text moves on to the next one."""
    key = f"mv-jawab-{found.id}-{found.answered_at.timestamp() if found.answered_at else 0}"
    label = "Jawab" if found.status is CorrectionStatus.OPEN else "Ubah jawaban"
    with st.popover(label, key=f"{key}-buka"):
        st.text_area("Jawaban: apa yang diperbaiki, atau mengapa tidak", found.answer, key=key, height=100)
        with st.container(horizontal=True, gap="xsmall"):
            for status, text in _ANSWERS.items():
                if status is not found.status or status is not CorrectionStatus.OPEN:
                    st.button(
                        text,
                        type="primary" if status is CorrectionStatus.DONE else "secondary",
                        key=f"{key}-{status.value}",
                        on_click=_answer,
                        args=(period, found, status, key),
                    )


_ANSWERS = {
    CorrectionStatus.DONE: "Selesai diperbaiki",
    CorrectionStatus.REFUSED: "Tidak diperbaiki",
    CorrectionStatus.OPEN: "Buka lagi",
}


@errors.pressed
def _answer(period: Period, found: Correction, status: CorrectionStatus, key: str) -> None:
    answer = st.session_state.get(key) or ""
    once(
        lambda context, id_: actions.answer_correction(context, period, found, status, answer, id_),
        source=SOURCE,
        ticket=f"{key}-{status.value}-tiket",
        done="Jawaban tersimpan.",
    )
