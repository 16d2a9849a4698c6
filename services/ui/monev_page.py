"""The page Monev lapangan: steps 4 to 6, plan, result and completeness of the monev at the sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import streamlit as st

from services.actions import monev
from services.actions.base import ActionError, Context
from services.actions.entries import is_link
from services.domain.clock import WIB
from services.domain.filenames import name_part
from services.domain.indicators import Period
from services.domain.monev import CheckAnswer
from services.domain.narrative import link
from services.domain.numbers import format_datetime, format_day, format_percent, format_period
from services.domain.roles import Action, Actor, allows
from services.domain.sop import GATHERING, PLANNING, VISITING
from services.store.store import Receipt, StoreError, new_id
from services.ui import downloads, errors, frame, session, sop_says, step_action, text_form
from services.ui.html import ProcessKind, esc, process_chip, rating_chip
from services.ui.reference import STYLE, Column, heading, listing
from services.ui.text_form import Form
from services.views import calendar_file
from services.views.analysis import all_measures, carried
from services.views.measures import Measure, mean_of
from services.views.monev import (
    Visit,
    clashes,
    doubts,
    officer_name,
    proposed_focus,
    proposed_schedule,
    schedule_calendar,
    visiting_span,
    visits,
)
from services.views.office import Office
from services.views.steps import steps_of

SOURCE = "Monev lapangan"
OWN_STYLE = Path(__file__).with_name("monev_page.css")
PART, SECTION = "bagian", "seksi"
PARTS = {"rencana": "Rencana", "pelaksanaan": "Pelaksanaan", "hasil": "Hasil"}
_STEPS = {"rencana": PLANNING, "pelaksanaan": VISITING, "hasil": GATHERING}
_PART_BOX, _SECTION_BOX, _PROBLEM = "mv-monev-bagian", "mv-monev-seksi", "mv-monev-galat"
_LABELS = {
    "planned_on": "tanggal rencana",
    "planned_at": "pukul",
    "officer": "petugas",
    "place": "tempat",
    "focus": "fokus",
    "held_on": "tanggal pelaksanaan",
    "attendees": "yang hadir",
    "findings": "temuan",
    "evidence": "tautan bukti",
    "recommendation": "rekomendasi",
    "answer": "jawaban daftar periksa",
    "note": "catatan daftar periksa",
}


@dataclass(frozen=True, slots=True)
class Papers:
    """What makes the printable forms of this page."""

    schedule: Callable[[Office, Period, datetime], bytes]
    form: Callable[[Office, Period, str, datetime], bytes]


@dataclass(frozen=True, slots=True)
class _Page:
    office: Office
    actor: Actor
    period: Period
    now: datetime
    visits: tuple[Visit, ...]
    papers: Papers

    def may(self, action: Action, section_id: str) -> bool:
        return allows(self.actor, action, self.office.state(self.period, self.now, section_id), section_id)


def draw(actor: Actor, papers: Papers) -> None:
    st.html(STYLE)
    st.html(OWN_STYLE)
    asked = frame.asked_period()
    period = frame.header("Monev lapangan", (f"Langkah 4 sampai 6 · {format_period(asked)}",), period_choice=True)
    office = session.office()
    if period not in office.cycles:
        frame.empty_state(
            f"{format_period(period)} belum dibuka", "Monev direncanakan sesudah triwulan dibuka pada langkah 1."
        )
        return
    page = _Page(office, actor, period, session.now(), visits(office, period), papers)
    part = _part()
    sop_says.draw(office, period, _STEPS[part])
    if not page.visits:
        frame.empty_state("Belum ada indikator aktif", "Monev dilakukan pada seksi yang mempunyai indikator aktif.")
        return
    _problem()
    {"rencana": _plan, "pelaksanaan": _result, "hasil": _gathered}[part](page)


def _part() -> str:
    asked = st.query_params.get(PART, "")
    part = asked if asked in PARTS else next(iter(PARTS))
    st.session_state[_PART_BOX] = part
    st.segmented_control(
        "Bagian",
        tuple(PARTS),
        required=True,
        format_func=lambda key: f"{_STEPS[key]} {PARTS[key]}",
        label_visibility="collapsed",
        key=_PART_BOX,
        on_change=_part_chosen,
    )
    return part


@errors.pressed
def _part_chosen() -> None:
    st.query_params[PART] = st.session_state[_PART_BOX]


def _problem() -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        frame.error(problem)


def _finish(page: _Page, step: int) -> None:
    """The button of the running step, where this part is its place."""
    current = steps_of(page.office, page.period, page.now).current
    if current and current.step.no == step:
        step_action.draw(page.office, page.actor, page.period, at="monev")


# --- which section -----------------------------------------------------------------------------------------------


def _section(page: _Page, mark: Callable[[Visit], str]) -> Visit:
    """The chosen section: of the address, else the own one, else the first; the address follows the choice."""
    known = {v.section.id: v for v in page.visits}
    asked = st.query_params.get(SECTION, "")
    chosen = asked if asked in known else page.actor.section_id if page.actor.section_id in known else next(iter(known))
    st.session_state[_SECTION_BOX] = chosen
    st.selectbox(
        "Seksi",
        tuple(known),
        format_func=lambda key: f"{mark(known[key])} {known[key].section.name}",
        key=_SECTION_BOX,
        on_change=_section_chosen,
        width=460,
    )
    return known[chosen]


@errors.pressed
def _section_chosen() -> None:
    st.query_params[SECTION] = st.session_state[_SECTION_BOX]


# --- step 4: plan ------------------------------------------------------------------------------------------------


def _plan(page: _Page) -> None:
    span = visiting_span(page.office, page.period, page.now)
    planned = sum(v.planned_on is not None for v in page.visits)
    when = f" Waktu langkah {VISITING}: {span}." if span else ""
    _say(
        "done" if planned == len(page.visits) else "now", f"{planned} dari {len(page.visits)} seksi dijadwalkan.{when}"
    )
    _plan_warnings(page)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if page.may(Action.PLAN_MONEV, "") and proposed_schedule(page.office, page.period, page.now):
            _press_button("Susun usulan jadwal", _propose, page.period, "calendar_month")
        _finish(page, PLANNING)
        if planned:
            _schedule_files(page)
    st.html(heading("Jadwal") + _schedule(page))
    editable = [v for v in page.visits if page.may(Action.PLAN_MONEV, v.section.id)]
    if editable:
        st.html(heading("Rencana per seksi"))
        _plan_form(page, _section(page, lambda v: "✓" if v.planned_on else "○"))


def _plan_warnings(page: _Page) -> None:
    span = visiting_span(page.office, page.period, page.now)
    said = [clash.message for clash in clashes(page.visits)]
    said += [f"{v.section.short}: {text}" for v in page.visits for text in doubts(page.office, v, span)]
    if said:
        lines = "".join(f"<li>{process_chip('late', 'Periksa')}{esc(text)}</li>" for text in said)
        st.html(f'<div class="mv-say mv-bad"><ul class="mv-mo-list">{lines}</ul></div>')


def _schedule_files(page: _Page) -> None:
    name = f"jadwal-monev-{page.period.key}"
    st.download_button(
        "Kalender (.ics)",
        schedule_calendar(page.office, page.period),
        file_name=f"{name}.ics",
        mime=calendar_file.MIME,
        icon=":material/event:",
        on_click="ignore",
        key="jadwal-ics",
    )
    st.download_button(
        "Jadwal (PDF)",
        downloads.later(partial(page.papers.schedule, page.office, page.period, page.now)),
        file_name=f"{name}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key="jadwal-pdf",
    )


def _schedule(page: _Page) -> str:
    columns = (
        Column("Seksi", width="22%"),
        Column("Hari dan jam", width="22%"),
        Column("Petugas", named=True, width="18%"),
        Column("Tempat", named=True, width="16%"),
        Column("Fokus", named=True),
    )
    ordered = sorted(page.visits, key=lambda v: (v.planned_on is None, str(v.planned_on), v.text("planned_at")))
    return listing(columns, [_schedule_row(v) for v in ordered], f"Jadwal monev {format_period(page.period)}")


def _schedule_row(visit: Visit) -> tuple[str, ...]:
    hour = f", {visit.text('planned_at')}" if visit.text("planned_at") else ""
    when = f"{esc(format_day(visit.planned_on))}{esc(hour)}" if visit.planned_on else process_chip("open", "Belum")
    return (
        f"<strong>{esc(visit.section.name)}</strong>",
        when,
        *(esc(visit.text(n)) for n in ("officer", "place", "focus")),
    )


def _plan_form(page: _Page, visit: Visit) -> None:
    stored = _stored(visit, monev.PLAN_FIELDS)
    form = text_form.open_form(f"monev-rencana-{page.period.key}-{visit.section.id}", stored)
    with st.container(border=True, key="mv-rencana"):
        text_form.notices(form, stored, _LABELS)
        with st.container(horizontal=True, gap="small"):
            text_form.day(form, "planned_on", "Tanggal")
            text_form.line(form, "planned_at", "Pukul", "09.00")
        text_form.choice(form, "officer", "Petugas", [officer_name(o) for o in page.office.officials])
        text_form.line(form, "place", "Tempat", "Ruang seksi, atau lokasi kegiatan")
        text_form.area(form, "focus", "Fokus", "Apa yang diperhatikan dalam monev ini")
        _focus_proposal(page, visit, form)
        save = partial(_save_plan, page.period, visit.section.id)
        text_form.save_row(form, "Simpan rencana", save, SOURCE, f"Rencana monev {visit.section.short} disimpan.")


def _focus_proposal(page: _Page, visit: Visit, form: Form) -> None:
    proposal = proposed_focus(page.office, page.period, visit.section.id)
    if not proposal or proposal in form.opened.typed["focus"]:
        return
    st.html(f'<div class="mv-mo-focus"><small>Usulan fokus dari capaian dan temuan</small><p>{esc(proposal)}</p></div>')
    st.button(
        "Pakai usulan fokus",
        key=f"pakai-fokus-{visit.section.id}",
        icon=":material/add:",
        on_click=text_form.take_over,
        args=(form.key, "focus", proposal),
    )


def _save_plan(
    period: Period, section_id: str, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return monev.save_plan(context, period, section_id, seen, typed, ticket)


def _propose(context: Context, period: Period, ticket: str) -> str:
    monev.propose_plan(context, period, ticket)
    return "Usulan jadwal disusun. Periksa hari, petugas, dan tempatnya, lalu lengkapi fokusnya."


# --- step 5: result ----------------------------------------------------------------------------------------------


def _result(page: _Page) -> None:
    visit = _section(page, _result_mark)
    editable = page.may(Action.RECORD_MONEV, visit.section.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _finish(page, VISITING)
        _form_file(page, visit)
    st.html(_plan_line(visit))
    with st.container(key="mv-angka-hp"), st.expander(_figures_title(page, visit)):
        st.html(_figures(page, visit))
    with st.container(key="mv-dua", horizontal=True):
        with st.container(gap="medium"):
            if editable:
                _result_form(page, visit)
            else:
                st.html(_recorded(visit))
            _agreement(page, visit)
        with st.container(gap="small"):
            with st.container(border=True, key="mv-angka"):
                st.html(f'<p class="mv-h3">{esc(_figures_title(page, visit))}</p>{_figures(page, visit)}')
            _carried(page, visit)


def _result_mark(visit: Visit) -> str:
    return "✓" if not visit.gaps else "●" if visit.held_on else "○"


def _form_file(page: _Page, visit: Visit) -> None:
    st.download_button(
        "Blangko monev (PDF)",
        downloads.later(partial(page.papers.form, page.office, page.period, visit.section.id, page.now)),
        file_name=f"blangko-monev-{page.period.key}-{name_part(visit.section.id)}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key=f"blangko-{visit.section.id}",
    )


def _plan_line(visit: Visit) -> str:
    if visit.planned_on is None:
        return f'<p class="mv-mo-say">{process_chip("open", "Belum dijadwalkan")}Jadwalkan di bagian Rencana.</p>'
    parts = (format_day(visit.planned_on), visit.text("planned_at"), visit.text("officer"), visit.text("place"))
    focus = f'<p class="mv-meta">Fokus: {esc(visit.text("focus"))}</p>' if visit.text("focus") else ""
    return f'<p class="mv-mo-say">Rencana: {esc(" · ".join(filter(None, parts)))}</p>{focus}'


def _figures_title(page: _Page, visit: Visit) -> str:
    found = mean_of(page.office, _own(page, visit))
    value = "belum ada" if found.value is None else format_percent(found.value)
    return f"Angka seksi: rata-rata {value} ({found.measured} dari {found.expected} terukur)"


def _own(page: _Page, visit: Visit) -> list[Measure]:
    return [m for m in all_measures(page.office, page.period) if m.indicator.section_id == visit.section.id]


def _figures(page: _Page, visit: Visit) -> str:
    lines = "".join(f"<li>{_figure(m)}</li>" for m in _own(page, visit))
    return f'<ul class="mv-mo-list">{lines}</ul>'


def _figure(m: Measure) -> str:
    value = m.to_date.value
    shown = format_percent(value, 2) if value is not None else m.to_date.outcome.value
    obstacle = m.entry.text("obstacle") if m.entry else ""
    small = f"<small>{esc(obstacle)}</small>" if obstacle else ""
    return f"{esc(m.indicator.name)}<br>{rating_chip(m.rating)}{esc(shown)}{small}"


def _carried(page: _Page, visit: Visit) -> None:
    """What was agreed in earlier quarters and is not finished: the visit asks for it."""
    found = [f for f in carried(page.office, page.period) if f.section_id == visit.section.id]
    if found:
        lines = "".join(
            f"<li>{esc(f.what)}<small>{esc(f.who)} · {f.status.value} · {esc(format_day(f.due_on))}</small></li>"
            for f in found
        )
        with st.container(border=True):
            st.html(f'<p class="mv-h3">Tindak lanjut triwulan lalu</p><ul class="mv-mo-list">{lines}</ul>')


def _result_form(page: _Page, visit: Visit) -> None:
    stored = _stored(visit, monev.RESULT_FIELDS) | _stored_checks(visit)
    form = text_form.open_form(f"monev-hasil-{page.period.key}-{visit.section.id}", stored)
    with st.container(border=True, key="mv-hasil"):
        text_form.notices(form, stored, _LABELS)
        text_form.day(form, "held_on", "Tanggal pelaksanaan", latest=page.now.astimezone(WIB).date())
        text_form.area(form, "attendees", "Yang hadir", "Satu orang setiap baris", height=80)
        st.html('<h2 class="mv-h3">Daftar periksa</h2>')
        for check in visit.checks:
            _check(form, check.item, check.question)
        text_form.area(form, "findings", "Temuan", "Apa yang ditemukan di lapangan")
        text_form.area(
            form, "evidence", "Tautan bukti", "https://drive.google.com/… satu tautan setiap baris", height=80
        )
        for remark in (r for url in form.opened.typed["evidence"].splitlines() for r in link(url.strip())):
            st.html(f'<p class="mv-an-doubt">? {esc(remark.message)}</p>')
        text_form.area(form, "recommendation", "Rekomendasi yang disepakati", "Apa yang disepakati untuk dikerjakan")
        if visit.agreed_at:
            st.html('<p class="mv-meta">Mengubah rekomendasi membatalkan kesepakatan yang sudah dicatat.</p>')
        save = partial(_save_result, page.period, visit.section.id)
        text_form.save_row(form, "Simpan hasil monev", save, SOURCE, f"Hasil monev {visit.section.short} disimpan.")


def _check(form: Form, item: int, question: str) -> None:
    text_form.answer(form, f"answer-{item}", f"{item}. {question}", [a.value for a in CheckAnswer])
    wanting = form.opened.typed[f"answer-{item}"] in (CheckAnswer.PARTLY, CheckAnswer.NO)
    if wanting or form.opened.typed[f"note-{item}"]:
        text_form.line(form, f"note-{item}", f"Catatan butir {item}", "Apa yang kurang")


def _save_result(
    period: Period, section_id: str, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return monev.record_result(context, period, section_id, seen, typed, ticket)


def _recorded(visit: Visit) -> str:
    """The result for those who only read."""
    if visit.row is None or visit.held_on is None:
        return '<p class="mv-meta">Hasil monev seksi ini belum dicatat.</p>'
    checks = "".join(f"<li>{_answered(c.question, c.answer, c.note)}</li>" for c in visit.checks)
    texts = "".join(_text(name, visit.text(column)) for column, name in _READ.items())
    held = f"{format_day(visit.held_on)}, {visit.text('officer')}"
    return (
        f'<div class="mv-card"><p class="mv-mo-say">Dilaksanakan {esc(held)}.</p>'
        f'<ul class="mv-mo-list">{checks}</ul>{texts}{_links(visit)}</div>'
    )


_READ = {"attendees": "Yang hadir", "findings": "Temuan", "recommendation": "Rekomendasi yang disepakati"}


def _answered(question: str, answer: CheckAnswer | None, note: str) -> str:
    kinds: dict[CheckAnswer | None, tuple[ProcessKind, str]] = {
        CheckAnswer.YES: ("done", "Ya"),
        CheckAnswer.PARTLY: ("doubt", "Sebagian"),
        CheckAnswer.NO: ("late", "Tidak"),
        None: ("open", "Belum dijawab"),
    }
    kind, word = kinds[answer]
    small = f"<small>{esc(note)}</small>" if note else ""
    return f"{process_chip(kind, word)}{esc(question)}{small}"


def _text(name: str, text: str) -> str:
    body = esc(text) if text else "belum diisi"
    return f'<p class="mv-meta">{esc(name)}</p><p class="mv-mo-wide">{body}</p>'


def _links(visit: Visit) -> str:
    if not visit.evidence:
        return _text("Tautan bukti", "")
    links = "".join(f"<li>{_link(address)}</li>" for address in visit.evidence)
    return f'<p class="mv-meta">Tautan bukti</p><ul class="mv-mo-list">{links}</ul>'


def _link(address: str) -> str:
    """Something that may be opened as a link; anything else that somebody typed into the sheet as text."""
    if not is_link(address):
        return esc(address)
    return f'<a class="mv-link" href="{esc(address)}" target="_blank" rel="noopener noreferrer">{esc(address)}</a>'


def _agreement(page: _Page, visit: Visit) -> None:
    """What the head of the section says to the recommendation as it is saved."""
    recommendation = visit.text("recommendation")
    if visit.agreed_at:
        text = f"Disepakati {format_datetime(visit.agreed_at)} oleh {visit.text('agreed_by')}."
        st.html(f'<p class="mv-mo-say">{process_chip("done", "Disepakati")}{esc(text)}</p>')
        return
    if not recommendation or visit.held_on is None:
        return
    with st.container(border=True):
        st.html(
            f'<p class="mv-mo-say">{process_chip("now", "Menunggu kesepakatan kasi")}</p>'
            f'<p class="mv-mo-wide">{esc(recommendation)}</p>'
        )
        if page.may(Action.AGREE_MONEV, visit.section.id):
            own = page.actor.section_id == visit.section.id
            label = "Sepakati rekomendasi" if own else "Catat kesepakatan kasi"
            if not own:
                st.caption("Catat bila kasi sudah menandatangani blangko monev. Nama Anda yang dicatat.")
            agreeing = partial(_agree, visit.section.id, recommendation)
            _press_button(label, agreeing, page.period, "handshake", f"{visit.section.id}-{hash(recommendation)}")


def _agree(section_id: str, seen: str, context: Context, period: Period, ticket: str) -> str:
    monev.agree(context, period, section_id, seen, ticket)
    return "Kesepakatan dicatat."


# --- step 6: what is in ------------------------------------------------------------------------------------------


def _gathered(page: _Page) -> None:
    complete = sum(not v.gaps for v in page.visits)
    text = f"{complete} dari {len(page.visits)} hasil monev lengkap."
    _say("done" if complete == len(page.visits) else "now", text)
    _finish(page, GATHERING)
    columns = (
        Column("Seksi", width="24%"),
        Column("Keadaan", width="12%"),
        Column("Dilaksanakan", named=True, width="18%"),
        Column("Daftar periksa", named=True, width="11%"),
        Column("Bukti", named=True, numeric=True, width="7%"),
        Column("Yang belum ada", named=True),
    )
    st.html(listing(columns, [_gathered_row(page, v) for v in page.visits], "Hasil monev yang terkumpul"))


def _gathered_row(page: _Page, visit: Visit) -> tuple[str, ...]:
    answered = sum(c.answer is not None for c in visit.checks)
    state = process_chip("done", "Lengkap") if not visit.gaps else process_chip("late", "Belum lengkap")
    address = (
        f"monev?{PART}=pelaksanaan&{SECTION}={visit.section.id}&tahun={page.period.year}&triwulan={page.period.quarter}"
    )
    return (
        f'<a class="mv-link" href="{esc(address)}" target="_self"><strong>{esc(visit.section.name)}</strong></a>',
        state,
        esc(format_day(visit.held_on)) if visit.held_on else "",
        f"{answered} dari {len(visit.checks)}",
        str(len(visit.evidence)),
        esc(", ".join(visit.gaps)),
    )


# --- shared ------------------------------------------------------------------------------------------------------


def _stored(visit: Visit, fields: Sequence[str]) -> dict[str, str]:
    """The stored values as the fields of a form show them; a date as ISO 8601."""
    return {name: str(visit.row[name] or "") if visit.row else "" for name in fields}


def _stored_checks(visit: Visit) -> dict[str, str]:
    answers = {f"answer-{c.item}": c.answer.value if c.answer else "" for c in visit.checks}
    return answers | {f"note-{c.item}": c.note for c in visit.checks}


def _say(kind: ProcessKind, text: str) -> None:
    word = "Lengkap" if kind == "done" else "Berjalan"
    st.html(f'<p class="mv-mo-say">{process_chip(kind, word)}{esc(text)}</p>')


Press = Callable[[Context, Period, str], str]


def _press_button(label: str, act: Press, period: Period, icon: str, key: str = "") -> None:
    """One press, one transaction: pressed again after an interruption, it lands once."""
    ticket = f"mv-monev-tiket-{label}-{period.key}-{key}"
    st.button(
        label,
        type="primary",
        icon=f":material/{icon}:",
        key=f"tekan-{label}-{key}",
        on_click=_press,
        args=(act, period, ticket),
    )


@errors.pressed
def _press(act: Press, period: Period, ticket: str) -> None:
    try:
        done = act(session.context(SOURCE), period, st.session_state.setdefault(ticket, new_id()))
    except (ActionError, StoreError) as exc:
        st.session_state[_PROBLEM] = exc
        return
    except PermissionError:
        return
    finally:
        session.runtime().shared.invalidate()
    st.session_state.pop(ticket, None)
    frame.saved(done, later=True)
