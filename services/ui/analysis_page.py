"""The page Analisis: step 7, drivers, obstacles, recommendations, and the register of follow-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import streamlit as st

from services.actions import analysis as actions
from services.actions.base import Context
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.narrative import Facts
from services.domain.numbers import Problem, format_day, format_number, format_percent, format_period, read_date
from services.domain.roles import Action, Actor, allows
from services.domain.sop import ANALYSING
from services.store.store import Receipt
from services.ui import errors, frame, monev_page, session, sop_says, step_action, text_form
from services.ui.html import ProcessKind, esc, md, process_chip, rating_chip
from services.ui.reference import STYLE, dictionary_address, heading
from services.ui.text_form import Form
from services.views.analysis import (
    OBJECTIVE,
    SECTION,
    TEXTS,
    Analysis,
    Comparison,
    Figures,
    FollowUp,
    analyses,
    change,
    comparison,
    follow_ups,
    material,
    proposed_follow_ups,
)
from services.views.measures import Measure
from services.views.narrative import ANALYSIS_TEXTS, Warned, facts, remarks, warnings
from services.views.office import Office
from services.views.steps import steps_of

SOURCE = "Analisis"
OWN_STYLE = Path(__file__).with_name("analysis_page.css")
PART, SUBJECT = "bagian", "tentang"
_WRITING, _TO_DO, _DOUBTS = "analisis", "tindaklanjut", "periksa"
_PART_BOX, _SUBJECT_BOX, _FILTER_BOX = "mv-analisis-bagian", "mv-analisis-tentang", "mv-analisis-seksi"
_HINTS = {
    "drivers": "Apa yang membantu tercapainya target",
    "obstacles": "Apa yang menghambat, di mana, sejak kapan",
    "comparison": "Dibandingkan triwulan sebelumnya dan tahun lalu",
    "recommendation": "Apa yang sebaiknya dilakukan, oleh siapa",
}
_LABELS = {column: label.lower() for column, label in ANALYSIS_TEXTS.items()}
_TODO_LABELS = {"status": "status", "note": "keterangan"}
_NEW = ("what", "who", "due_on", "section_id", "indicator_id")
_CHIPS: dict[FollowUpStatus, ProcessKind] = {
    FollowUpStatus.TODO: "open",
    FollowUpStatus.DOING: "now",
    FollowUpStatus.DONE: "done",
    FollowUpStatus.DROPPED: "open",
}


@dataclass(frozen=True, slots=True)
class _Page:
    office: Office
    actor: Actor
    period: Period
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(WIB).date()

    def may(self, action: Action, section_id: str = "", period: Period | None = None) -> bool:
        state = self.office.state(period or self.period, self.now, section_id)
        return allows(self.actor, action, state, section_id)


def draw(actor: Actor) -> None:
    for style in (STYLE, monev_page.OWN_STYLE, OWN_STYLE):
        st.html(style)
    asked = frame.asked_period()
    period = frame.header("Analisis", (f"Langkah {ANALYSING} · {format_period(asked)}",), period_choice=True)
    office = session.office()
    if period not in office.cycles:
        frame.empty_state(f"{format_period(period)} belum dibuka", "Analisis ditulis dari hasil monev triwulan.")
        return
    page = _Page(office, actor, period, session.now())
    part = _part(page)
    sop_says.draw(office, period, ANALYSING)
    {_WRITING: _writing, _TO_DO: _register, _DOUBTS: _doubts}[part](page)


def _part(page: _Page) -> str:
    names = {
        _WRITING: "Analisis",
        _TO_DO: f"Tindak lanjut {len(follow_ups(page.office, page.period))}",
        _DOUBTS: f"Periksa narasi {len(warnings(page.office, page.period))}",
    }
    asked = st.query_params.get(PART, "")
    st.session_state[_PART_BOX] = asked if asked in names else _WRITING
    st.segmented_control(
        "Bagian",
        tuple(names),
        required=True,
        format_func=names.__getitem__,
        label_visibility="collapsed",
        key=_PART_BOX,
        on_change=_part_chosen,
    )
    part: str = st.session_state[_PART_BOX]
    return part


@errors.pressed
def _part_chosen() -> None:
    st.query_params[PART] = st.session_state[_PART_BOX]


# --- the texts ---------------------------------------------------------------------------------------------------


def _writing(page: _Page) -> None:
    found = analyses(page.office, page.period)
    if not found:
        frame.empty_state("Belum ada indikator aktif", "Analisis ditulis per seksi dan per sasaran indikator aktif.")
        return
    _state(page, found)
    about = _subject(page, found)
    compared = comparison(page.office, about)
    st.html(_beside(compared))
    with st.container(key="mv-dua", horizontal=True):
        with st.container(gap="medium"):
            if page.may(Action.ANALYSE):
                _form(page, about, compared)
            else:
                st.html(_written(about))
        with st.container(gap="small"), st.container(border=True):
            lines = "".join(f"<li>{_indicator(page, about, m)}</li>" for m in compared.now.measures)
            st.html(f'<p class="mv-h3">Indikator</p><ul class="mv-mo-list">{lines}</ul>')


def _state(page: _Page, found: Sequence[Analysis]) -> None:
    of_sections = [a for a in found if a.scope == SECTION]
    objectives = [a for a in found if a.scope == OBJECTIVE]
    written = sum(a.is_written for a in of_sections)
    complete = written == len(of_sections)
    text = (
        f"{written} dari {len(of_sections)} seksi dan {sum(a.is_written for a in objectives)} dari {len(objectives)} "
        "sasaran sudah ditulis."
    )
    chip = process_chip("done", "Lengkap") if complete else process_chip("now", "Berjalan")
    st.html(f'<p class="mv-mo-say">{chip}{esc(text)}</p>')
    current = steps_of(page.office, page.period, page.now).current
    if current and current.step.no == ANALYSING:
        step_action.draw(page.office, page.actor, page.period, at="analisis")


def _subject(page: _Page, found: Sequence[Analysis]) -> Analysis:
    """The chosen section or objective: of the address, else the own section, else the first."""
    known = {a.key: a for a in found}
    asked = st.query_params.get(SUBJECT, "")
    own = page.actor.section_id
    chosen = asked if asked in known else own if own in known else next(iter(known))
    st.session_state[_SUBJECT_BOX] = chosen
    st.selectbox(
        "Seksi atau sasaran",
        tuple(known),
        format_func=lambda key: _subject_name(known[key]),
        key=_SUBJECT_BOX,
        on_change=_subject_chosen,
        width=560,
    )
    return known[chosen]


def _subject_name(about: Analysis) -> str:
    mark = "✓" if about.is_written else "●" if about.row else "○"
    return f"{mark} {'Sasaran: ' if about.scope == OBJECTIVE else ''}{about.title}"


@errors.pressed
def _subject_chosen() -> None:
    st.query_params[SUBJECT] = st.session_state[_SUBJECT_BOX]


def _beside(compared: Comparison) -> str:
    cells = [_cell(compared.now, "")]
    for old in (compared.previous, compared.last_year):
        if old:
            difference = change(compared.now, old)
            cells.append(_cell(old, "" if difference is None else f"sekarang {_signed(difference)} poin"))
    return f'<dl class="mv-an-now">{"".join(cells)}</dl>'


def _cell(found: Figures, note: str) -> str:
    value = "belum ada" if found.mean.value is None else format_percent(found.mean.value)
    counted = f"{found.mean.measured} dari {found.mean.expected} terukur"
    small = f'<dd class="mv-meta">{esc(" · ".join(filter(None, (counted, note))))}</dd>'
    shown = f"<dd>{esc(value)} {rating_chip(found.rating)}</dd>"
    return f"<div><dt>{esc(format_period(found.period))}</dt>{shown}{small}</div>"


def _signed(value: Decimal) -> str:
    text = format_number(value, 1)
    return text if text.startswith("-") else f"+{text}"


def _indicator(page: _Page, about: Analysis, m: Measure) -> str:
    value = m.to_date.value
    shown = format_percent(value, 2) if value is not None else m.to_date.outcome.value
    section = page.office.section(m.indicator.section_id).short if about.scope == OBJECTIVE else ""
    small = f"<small>{esc(section)}</small>" if section else ""
    address = esc(dictionary_address(m.indicator.id))
    link = f'<a class="mv-link" href="{address}" target="_self">{esc(m.indicator.name)}</a>'
    return f"{link}<br>{rating_chip(m.rating)}{esc(shown)}{small}"


def _form(page: _Page, about: Analysis, compared: Comparison) -> None:
    stored = {column: about.text(column) for column in TEXTS}
    form = text_form.open_form(f"analisis-{page.period.key}-{about.key}", stored)
    known = facts(page.office, page.period, about.owns)
    found = material(page.office, about)
    offered = {
        "drivers": found.drivers,
        "obstacles": found.obstacles,
        "comparison": (compared.text,) if compared.text else (),
        "recommendation": found.recommendations,
    }
    with st.container(border=True, key="mv-analisis"):
        text_form.notices(form, stored, _LABELS)
        for column, label in ANALYSIS_TEXTS.items():
            text_form.area(form, column, label, _HINTS[column], height=120)
            _remarks(form, column, known)
            _material(form, column, offered[column])
        save = partial(_save, page.period, about.scope, about.subject)
        text_form.save_row(form, "Simpan analisis", save, SOURCE, "Analisis disimpan.")


def _remarks(form: Form, column: str, known: Facts) -> None:
    """Doubts about what stands in the field now; a blank one is only doubtful once something else is written."""
    if any(form.opened.typed.values()):
        for remark in remarks(column, form.opened.typed[column], known):
            st.html(f'<p class="mv-an-doubt">? {esc(remark.message)}</p>')


def _material(form: Form, column: str, texts: Iterable[str]) -> None:
    """What others wrote, to be taken over by a press; what stands in the field already is left out."""
    left = [text for text in texts if text not in form.opened.typed[column]]
    if not left:
        return
    with st.expander(f"Bahan yang dapat dipakai ({len(left)})"):
        for n, text in enumerate(left):
            st.button(
                md(text),
                key=f"pakai-{form.widget(column)}-{n}",
                type="tertiary",
                icon=":material/add:",
                wrap=True,
                width="stretch",
                on_click=text_form.take_over,
                args=(form.key, column, text),
            )


def _save(
    period: Period,
    scope: str,
    subject: str,
    context: Context,
    seen: Mapping[str, str],
    typed: Mapping[str, str],
    ticket: str,
) -> Receipt | None:
    return actions.save_analysis(context, period, scope, subject, seen, typed, ticket)


def _written(about: Analysis) -> str:
    if about.row is None:
        return '<p class="mv-meta">Analisis bagian ini belum ditulis.</p>'
    texts = "".join(
        f'<p class="mv-meta">{esc(label)}</p><p class="mv-mo-wide">{esc(about.text(column) or "belum diisi")}</p>'
        for column, label in ANALYSIS_TEXTS.items()
    )
    return f'<div class="mv-card">{texts}</div>'


# --- follow-ups --------------------------------------------------------------------------------------------------


def _register(page: _Page) -> None:
    found = follow_ups(page.office, page.period)
    section_id = _filtered(page, found)
    shown = [f for f in found if section_id in ("", f.section_id)]
    carried = [f for f in shown if f.period < page.period]
    own = [f for f in shown if f.period == page.period]
    if carried:
        st.html(heading("Terbawa dari triwulan sebelumnya"))
        _to_do(page, carried)
    if own:
        st.html(heading(f"Disepakati {format_period(page.period)}"))
        _to_do(page, own)
    if not shown:
        frame.empty_state("Belum ada tindak lanjut", "Tindak lanjut dicatat dari rekomendasi monev dan hasil analisis.")
    if page.may(Action.ADD_FOLLOW_UP):
        _adding(page)


def _filtered(page: _Page, found: Sequence[FollowUp]) -> str:
    names = {"": "Semua seksi"} | {
        s.id: s.name for s in page.office.sections if any(f.section_id == s.id for f in found)
    }
    if len(names) < 3:
        return ""
    chosen: str = st.selectbox(
        "Seksi", tuple(names), format_func=names.__getitem__, label_visibility="collapsed", key=_FILTER_BOX, width=360
    )
    return chosen


def _to_do(page: _Page, found: Sequence[FollowUp]) -> None:
    for item in found:
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=f"tl-baris-{item.id}"
        ):
            st.html(_to_do_line(page, item))
            if page.may(Action.UPDATE_FOLLOW_UP, item.section_id, item.period):
                _update(item)


def _to_do_line(page: _Page, item: FollowUp) -> str:
    late = process_chip("late", "Lewat batas") if item.is_late(page.today) else ""
    indicator = page.office.indicator_by_id.get(item.indicator_id)
    parts = (
        page.office.section(item.section_id).short if item.section_id else "",
        indicator.name if indicator else "",
        item.who,
        f"sampai {format_day(item.due_on)}",
        format_period(item.period) if item.period < page.period else "",
    )
    note = f"<small>{esc(item.note)}</small>" if item.note else ""
    chip = process_chip(_CHIPS[item.status], item.status.value.capitalize())
    return (
        f'<p class="mv-an-todo">{chip}{late}{esc(item.what)}'
        f"<small>{esc(' · '.join(filter(None, parts)))}</small>{note}</p>"
    )


def _update(item: FollowUp) -> None:
    stored = {"status": item.status.value, "note": item.note}
    with st.popover("Perbarui", key=f"tl-buka-{item.id}"):
        form = text_form.open_form(f"tindak-lanjut-{item.id}", stored)
        text_form.notices(form, stored, _TODO_LABELS)
        text_form.answer(form, "status", "Status", [status.value for status in FollowUpStatus])
        text_form.area(form, "note", "Keterangan", "Apa yang sudah dikerjakan, atau mengapa dibatalkan", height=80)
        text_form.save_row(form, "Simpan", partial(_save_update, item), SOURCE, "Tindak lanjut diperbarui.")


def _save_update(
    item: FollowUp, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    status = FollowUpStatus(typed["status"]) if typed["status"] in list(FollowUpStatus) else item.status
    return actions.update_follow_up(context, item.id, seen, status, typed["note"], ticket)


def _adding(page: _Page) -> None:
    st.html(heading("Tambah tindak lanjut"))
    blank = dict.fromkeys(_NEW, "")
    form = text_form.open_form(f"tindak-lanjut-baru-{page.period.key}", blank)
    _proposals(page, form)
    sections = {"": "Kecamatan (bukan satu seksi)"} | {s.id: s.name for s in page.office.sections}
    with st.container(border=True, key="mv-tambah"):
        text_form.notices(form, blank, {})
        text_form.area(form, "what", "Apa yang dikerjakan", height=80)
        text_form.pick(form, "section_id", "Seksi", sections)
        own = page.office.indicators_of(form.opened.typed["section_id"])
        text_form.pick(
            form, "indicator_id", "Indikator", {"": "Tidak untuk satu indikator"} | {i.id: i.name for i in own}
        )
        with st.container(horizontal=True, gap="small"):
            text_form.choice(form, "who", "Penanggung jawab", [o.post for o in page.office.officials])
            text_form.day(form, "due_on", "Batas waktu")
        save = partial(_save_new, page.period)
        text_form.save_row(form, "Tambahkan", save, SOURCE, "Tindak lanjut ditambahkan.")


def _proposals(page: _Page, form: Form) -> None:
    """Recommendations of the monev that are not in the register yet."""
    found = proposed_follow_ups(page.office, page.period)
    if not found:
        return
    with st.expander(f"Usulan dari rekomendasi monev ({len(found)})"):
        for n, item in enumerate(found):
            texts = {"what": item.what, "who": item.who, "section_id": item.section_id, "indicator_id": ""}
            st.button(
                md(f"{page.office.section(item.section_id).short}: {item.what}"),
                key=f"pakai-usulan-{n}",
                type="tertiary",
                icon=":material/add:",
                wrap=True,
                width="stretch",
                on_click=text_form.fill,
                args=(form.key, texts),
            )


def _save_new(
    period: Period, context: Context, _: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    due = read_date(typed["due_on"])
    due_on = None if isinstance(due, Problem) else due
    what, who, section_id, indicator_id = (typed[n] for n in ("what", "who", "section_id", "indicator_id"))
    return actions.add_follow_up(context, period, what, who, due_on, section_id, indicator_id, ticket)


# --- texts that do not fit the figures ---------------------------------------------------------------------------


def _doubts(page: _Page) -> None:
    found = warnings(page.office, page.period)
    if not found:
        frame.empty_state("Tidak ada yang perlu diperiksa", "Teks triwulan ini sesuai dengan angka-angkanya.")
        return
    st.html(
        '<p class="mv-meta">Teks yang tidak cocok dengan angkanya. Ini peringatan, bukan larangan: periksa, lalu '
        "betulkan teksnya atau angkanya.</p>"
    )
    lines = "".join(f"<li>{_doubt(page, warned)}</li>" for warned in found)
    st.html(f'<ul class="mv-mo-list">{lines}</ul>')


def _doubt(page: _Page, warned: Warned) -> str:
    place = " · ".join(
        filter(
            None,
            (warned.subject, warned.field, page.office.section(warned.section_id).short if warned.section_id else ""),
        )
    )
    link = f'<a class="mv-link" href="{esc(_address(page, warned))}" target="_self">{esc(warned.source)}</a>'
    return (
        f"{process_chip('doubt', warned.remark.kind.value)}{esc(warned.remark.message)}"
        f"<small>{link} · {esc(place)}</small>"
    )


def _address(page: _Page, warned: Warned) -> str:
    quarter = f"tahun={page.period.year}&triwulan={page.period.quarter}"
    pages = {
        "Isian": f"isian?{quarter}",
        "Monev": f"monev?{quarter}&{monev_page.PART}=pelaksanaan&{monev_page.SECTION}={warned.section_id}",
        "Analisis": f"analisis?{quarter}&{SUBJECT}={warned.section_id}",
    }
    return pages[warned.source]
