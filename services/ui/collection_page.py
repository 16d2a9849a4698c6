"""The page Pengumpulan data: step 2, what each section has given, who is late, and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

import streamlit as st

from services.actions.base import ActionError, Context
from services.actions.quarters import end_exception, grant_exception
from services.domain.clock import Duration, TimeUnit
from services.domain.indicators import Period
from services.domain.numbers import format_day, format_period
from services.domain.roles import RIGHTS, Action, Actor, CycleState, allows
from services.domain.sop import COLLECTING, FORM
from services.store.store import StoreError, new_id
from services.ui import collection_parts, dashboard, errors, frame, places, session, sop_says, step_action
from services.ui.reference import STYLE as REFERENCE
from services.ui.reference import heading
from services.views.calendar_file import MIME, due_dates
from services.views.collection import Collected, Collection, collection
from services.views.office import Office
from services.views.reminders import Reminder, reminder
from services.views.steps import steps_of

SOURCE = "Halaman Pengumpulan data"
_UNTIL, _REASON, _PROBLEM, _TICKET = "sampai", "alasan", "galat", "tiket"
_USUAL = Duration(2, TimeUnit.DAY)
Act = Callable[[Context, Period, str, date | None], str]


def draw(actor: Actor) -> None:
    for style in (dashboard.STYLE, REFERENCE, Path(__file__).with_name("collection.css")):
        st.html(style)
    office, asked, now = session.office(), frame.asked_period(), session.now()
    found = collection(office, asked, now) if asked in office.cycles else None
    period = frame.header("Pengumpulan data", collection_parts.meta(found), period_choice=True)
    sop_says.draw(office, period, COLLECTING)
    if found is None:
        _not_open(office, actor, period)
    elif not found.sections:
        frame.empty_state("Belum ada indikator", "Tidak ada seksi dengan indikator aktif yang datanya dikumpulkan.")
    else:
        _draw(office, actor, period, found)


def _not_open(office: Office, actor: Actor, period: Period) -> None:
    frame.empty_state(
        f"{format_period(period)} belum dibuka", "Data dikumpulkan sejak Kasubag PKP membuka triwulan pada langkah 1."
    )
    if allows(actor, Action.OPEN_QUARTER, office.state(period, session.now())):
        places.link(FORM, "Buka triwulan")


def _draw(office: Office, actor: Actor, period: Period, found: Collection) -> None:
    st.html(collection_parts.lead(found))
    _at_work(office, actor, period)
    st.html(collection_parts.key_figures(found))
    st.html(collection_parts.legend(found))
    if found.incomplete:
        st.html(heading(f"Belum lengkap ({len(found.incomplete)})"))
        for number, section in enumerate(found.incomplete):
            _card(office, actor, found, section, first=number == 0)
    if found.complete:
        st.html(heading(f"Sudah mengirim ({len(found.complete)})"))
        st.html(collection_parts.sent_list(office, found.complete))
    with st.container(horizontal=True, gap="small"):
        _calendar(office, period)
        if found.complete and _may_except(office, actor, period):
            _other_exception(office, found)


def _at_work(office: Office, actor: Actor, period: Period) -> None:
    """The button that finishes step 2, while it runs."""
    current = steps_of(office, period, session.now()).current
    if current and current.step.no == COLLECTING:
        step_action.draw(office, actor, period, at="pengumpulan")


def _calendar(office: Office, period: Period) -> None:
    st.download_button(
        "Unduh kalender tenggat (.ics)",
        due_dates(office, period, session.now()),
        file_name=f"tenggat-{period.key}.ics",
        mime=MIME,
        icon=":material/event:",
        on_click="ignore",
        key="mv-kalender",
        wrap=True,
    )


# --- one section that is not complete ----------------------------------------------------------------------------


def _card(office: Office, actor: Actor, found: Collection, section: Collected, *, first: bool) -> None:
    section_id = section.form.section.id
    with st.container(border=True, key=f"mv-seksi-{section_id}"):
        st.html(collection_parts.section_line(office, section))
        message = reminder(office, found, section, session.now()) if _may_remind(actor) else None
        if message is None:
            st.html(collection_parts.owed_list(section))
        else:
            _reminder(message, section_id, unfolded=first)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if allows(actor, Action.SAVE_ENTRY, CycleState.OPEN if section.is_open else found.state, section_id):
                st.page_link("pages/isian.py", label="Isi data", icon=":material/edit_note:")
            if _may_except(office, actor, found.cycle.period):
                _exception(office, section, found.cycle.period)


def _may_remind(actor: Actor) -> bool:
    """Whoever may keep a section open after the lock is also the one who runs after its data."""
    return actor.role in RIGHTS[Action.GRANT_EXCEPTION][1]


def _may_except(office: Office, actor: Actor, period: Period) -> bool:
    return allows(actor, Action.GRANT_EXCEPTION, office.state(period, session.now()))


def _reminder(message: Reminder, section_id: str, *, unfolded: bool) -> None:
    with st.expander("Pengingat siap kirim", expanded=unfolded, key=f"mv-ingat-{section_id}"):
        st.code(message.text, language=None, wrap_lines=True)
        with st.container(horizontal=True, gap="xsmall"):
            st.link_button(
                "Kirim lewat WhatsApp",
                message.whatsapp,
                type="primary",
                icon=":material/chat:",
                key=f"mv-wa-{section_id}",
            )
            st.link_button("Kirim surel", message.mailto, icon=":material/mail:", key=f"mv-surel-{section_id}")


# --- exceptions --------------------------------------------------------------------------------------------------


def _exception(office: Office, section: Collected, period: Period) -> None:
    section_id, exception = section.form.section.id, section.exception
    label = "Perpanjang pengecualian" if exception else "Beri pengecualian"
    with st.popover(label, icon=":material/lock_open:", key=f"mv-kecuali-{section_id}", wrap=True):
        if exception:
            st.markdown(f"Dibuka sampai {format_day(exception.until)}.")
        _form(office, period, section_id, exception.until if exception else None)


def _other_exception(office: Office, found: Collection) -> None:
    """Sections that have sent everything may have something to correct as well."""
    names = {s.form.section.id: s.form.section.name for s in found.complete}
    with st.popover("Pengecualian bagi seksi lain", icon=":material/lock_open:", key="mv-kecuali-lain", wrap=True):
        chosen = st.selectbox("Seksi", tuple(names), format_func=names.__getitem__, key="mv-kecuali-seksi")
        exception = next(s.exception for s in found.complete if s.form.section.id == chosen)
        _form(office, found.cycle.period, chosen, exception.until if exception else None)


def _form(office: Office, period: Period, section_id: str, until: date | None) -> None:
    today = session.now().date()
    usual = max(until or today, office.calendar.due(session.now(), _USUAL).date())
    day, reason = (_key(name, section_id, until) for name in (_UNTIL, _REASON))
    st.date_input("Dibuka sampai dengan", usual, min_value=today, format="DD/MM/YYYY", key=day)
    st.text_input("Alasan", key=reason)
    with st.container(horizontal=True, gap="xsmall"):
        _button("Perpanjang" if until else "Buka isian seksi ini", _grant, period, section_id, until)
        if until:
            _button("Akhiri sekarang", _end, period, section_id, until)
    problem = st.session_state.pop(_key(_PROBLEM, section_id, until), None)
    if problem is not None:
        frame.error(problem)


def _button(label: str, act: Act, period: Period, section_id: str, until: date | None) -> None:
    kind: Literal["primary", "secondary"] = "primary" if act is _grant else "secondary"
    key = _key(act.__name__, section_id, until)
    st.button(label, type=kind, key=key, on_click=_press, args=(act, period, section_id, until))


def _grant(context: Context, period: Period, section_id: str, until: date | None) -> str:
    day: date = st.session_state[_key(_UNTIL, section_id, until)]
    grant_exception(context, period, section_id, day, _reason(section_id, until), _ticket(_grant, section_id, until))
    return f"Isian {context.office.section(section_id).name} dibuka sampai {format_day(day)}."


def _end(context: Context, period: Period, section_id: str, until: date | None) -> str:
    end_exception(context, period, section_id, _reason(section_id, until), _ticket(_end, section_id, until))
    return f"Pengecualian {context.office.section(section_id).name} diakhiri."


@errors.pressed
def _press(act: Act, period: Period, section_id: str, until: date | None) -> None:
    """One press, one transaction: sent again after an interruption, it lands once."""
    try:
        done = act(session.context(SOURCE), period, section_id, until)
    except (ActionError, StoreError) as exc:
        st.session_state[_key(_PROBLEM, section_id, until)] = exc
    else:
        st.session_state.pop(_ticket_key(act, section_id, until), None)
        frame.saved(done, later=True)
    finally:
        session.runtime().shared.invalidate()


def _reason(section_id: str, until: date | None) -> str:
    return str(st.session_state.get(_key(_REASON, section_id, until), ""))


def _ticket(act: Act, section_id: str, until: date | None) -> str:
    return str(st.session_state.setdefault(_ticket_key(act, section_id, until), new_id()))


def _ticket_key(act: Act, section_id: str, until: date | None) -> str:
    return _key(f"{_TICKET}-{act.__name__}", section_id, until)


def _key(part: str, section_id: str, until: date | None) -> str:
    """Changes with the exception, so that a day and a reason do not stay for the next one."""
    return f"mv-kecuali-{part}-{section_id}-{until or 0}"
