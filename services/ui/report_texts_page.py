"""The page Teks laporan: the texts that the office may write itself, and the coat of arms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from services.actions import report_texts as actions
from services.actions.base import Context
from services.domain.indicators import Period
from services.domain.numbers import format_period
from services.domain.passages import PLACEHOLDERS, STANDARD, SUMMARY_LENGTH, Part, fill
from services.domain.roles import Action, Actor, CycleState, allows
from services.report import emblem, passages
from services.store.store import Receipt
from services.ui import errors, frame, press, session, text_form
from services.ui.charts import current_board
from services.ui.html import esc, md
from services.ui.reference import STYLE, Column, heading, listing
from services.ui.text_form import Form
from services.views.narrative import facts, remarks
from services.views.report_texts import placeholder_values, stored

SOURCE = "Teks laporan"
PART = "bagian"
OWN_STYLE = Path(__file__).with_name("report_texts_page.css")
_PART_BOX, _UPLOADS = "mv-teks-bagian", "mv-lambang-ke"
_PLACEHOLDER_COLUMNS = (
    Column("Tulis", width="14rem"),
    Column("Arti"),
    Column("Sekarang menjadi", named=True),
)


def draw(actor: Actor) -> None:
    st.html(STYLE)
    st.html(OWN_STYLE)
    asked = frame.asked_period()
    period = frame.header("Teks laporan", (f"Laporan {format_period(asked)}",), period_choice=True)
    office = session.office()
    if period not in office.cycles:
        frame.empty_state(f"{format_period(period)} belum dibuka", "Teks laporan ditulis untuk triwulan yang berjalan.")
        return
    context = Context(session.runtime().store, office, actor, session.now(), SOURCE)
    part = _chosen(context, period)
    _text(context, part, period)
    _emblem(context)


def _chosen(context: Context, period: Period) -> Part:
    """The part of the address, else the first; those with words of the office carry a mark."""
    written = {p for p in Part if stored(context.office, p, None if p.is_standard else period)}
    asked = st.query_params.get(PART, "")
    st.session_state[_PART_BOX] = Part(asked) if asked in list(Part) else Part.PREFACE
    st.selectbox(
        "Bagian laporan",
        tuple(Part),
        format_func=lambda p: f"{'✓' if p in written else '○'} {p.label}",
        key=_PART_BOX,
        on_change=_part_chosen,
        width=480,
    )
    return Part(st.session_state[_PART_BOX])


@errors.pressed
def _part_chosen() -> None:
    st.query_params[PART] = st.session_state[_PART_BOX].value


def _text(context: Context, part: Part, period: Period) -> None:
    office = context.office
    board = current_board(office, period, context.now)
    own = {part.value: stored(office, part, None if part.is_standard else period)}
    said = passages.built(part, office, board)
    scope = (
        "Berlaku untuk laporan semua triwulan yang belum diterbitkan."
        if part.is_standard
        else f"Berlaku untuk {format_period(period)} saja, sebagai pengganti kalimat dari angka."
    )
    st.html(f'<p class="mv-quiet">{esc(scope)} Kosongkan untuk kembali ke teks bawaan.</p>')
    if not actions.may_write(context, part, period):
        st.html(heading("Teks sekarang") + _paragraphs(fill(own[part.value], _values(context, period)) or said))
        return
    form = text_form.open_form(f"teks-{part.value}-{'' if part.is_standard else period.key}", own)
    with st.container(border=True, key="mv-teks"):
        text_form.notices(form, own, {part.value: part.label})
        each = "Satu butir per baris" if part.is_list else "Satu paragraf per baris"
        text_form.area(form, part.value, part.label, each, height=220)
        _doubts(context, form, part, period)
        text_form.save_row(form, "Simpan teks", partial(_save, part, period), SOURCE, "Teks laporan disimpan.")
        start = STANDARD[part] if part.is_standard else said
        if not form.opened.typed[part.value].strip():
            st.button(
                "Mulai dari teks bawaan",
                icon=":material/edit_note:",
                key=f"mv-mulai-{form.widget(part.value)}",
                on_click=text_form.fill,
                args=(form.key, {part.value: start}),
            )
    typed = fill(form.opened.typed[part.value], _values(context, period)).strip()
    st.html(heading("Di laporan tertulis", "" if typed else "teks bawaan") + _paragraphs(typed or said))
    _placeholders(context, period)


def _values(context: Context, period: Period) -> dict[str, str]:
    return placeholder_values(context.office, period)


def _doubts(context: Context, form: Form, part: Part, period: Period) -> None:
    """Own words are held against the figures; a doubt does not stop anybody from saving."""
    typed = form.opened.typed[part.value]
    if part.is_standard or not typed.strip():
        return
    if part is Part.SUMMARY and len(typed) > SUMMARY_LENGTH:
        st.html(f'<p class="mv-teks-doubt">? {esc(_too_long_for_the_page(len(typed)))}</p>')
    known = facts(context.office, period, lambda _: True)
    for remark in remarks(part.value, fill(typed, _values(context, period)), known):
        st.html(f'<p class="mv-teks-doubt">? {esc(remark.message)}</p>')


def _too_long_for_the_page(length: int) -> str:
    return (
        f"Teks ini {length} huruf. Lebih dari {SUMMARY_LENGTH} huruf biasanya tidak muat di satu halaman ringkasan; "
        "bila tidak muat, halaman itu memakai kalimat dari angka dan teks ini dicetak utuh pada halaman sesudahnya."
    )


def _paragraphs(text: str) -> str:
    lines = "".join(f"<p>{esc(line)}</p>" for line in text.splitlines() if line.strip())
    return f'<div class="mv-card mv-teks-paper">{lines}</div>'


def _placeholders(context: Context, period: Period) -> None:
    values = _values(context, period)
    rows = [
        (f"<code>{{{esc(name)}}}</code>", esc(meaning), esc(values[name])) for name, meaning in PLACEHOLDERS.items()
    ]
    with st.expander("Isian otomatis yang dapat dipakai dalam teks"):
        st.html(listing(_PLACEHOLDER_COLUMNS, rows, "Isian otomatis"))


def _save(
    part: Part, period: Period, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return actions.save_text(context, part, period, seen[part.value], typed[part.value], ticket)


# --- the coat of arms --------------------------------------------------------------------------------------------


def _emblem(context: Context) -> None:
    st.html(heading("Lambang daerah", "untuk sampul dan kop surat"))
    kept = context.office.profile.emblem
    if kept:
        st.image(kept, width=96, alt="Lambang daerah yang dipakai")
    else:
        instead = "dengan gambar contoh" if context.office.profile.sample else "tanpa lambang"
        st.html(f'<p class="mv-quiet">Belum ada lambang yang diunggah; laporan dicetak {instead}.</p>')
    if not allows(context.actor, Action.EDIT_SETTINGS, CycleState.NONE):
        return
    file = st.file_uploader(
        "Gambar PNG, JPEG, atau SVG, paling besar 2 MB",
        type=["png", "jpg", "jpeg", "svg"],
        key=f"mv-lambang-{st.session_state.get(_UPLOADS, 0)}",
    )
    if file is not None:
        try:
            picture = emblem.prepared(file.getvalue())
        except emblem.UnusableEmblem as error:
            st.error(md(error), icon=":material/error:")
        else:
            st.image(picture, width=96, caption="Pratinjau", alt="Lambang yang dipilih")
            st.button("Pakai lambang ini", type="primary", key="mv-lambang-pakai", on_click=_keep, args=(picture,))
    if kept:
        st.button("Hapus lambang", key="mv-lambang-hapus", type="tertiary", on_click=_keep, args=(None,))


@errors.pressed
def _keep(picture: bytes | None) -> None:
    done = "Lambang disimpan." if picture else "Lambang dihapus."
    kept = press.once(
        lambda context, ticket: actions.save_emblem(context, picture, ticket),
        source=SOURCE,
        ticket="mv-lambang-tiket",
        done=done,
    )
    if kept:
        st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
