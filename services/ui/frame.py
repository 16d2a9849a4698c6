"""What every page has in common: its head with the quarter, messages, empty states, conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services.actions.base import ActionError, Denied
from services.domain.indicators import QUARTERS, ROMAN, Period
from services.domain.numbers import format_age, format_date, format_number
from services.store.store import Clash, Conflict, StoreError, StoreUnavailable, Value
from services.ui import errors, pending, session
from services.ui.html import esc, md, process_chip, sample_chip
from services.views.office import Office

YEAR, QUARTER = "tahun", "triwulan"
_CHOSEN = "mv-periode"
_YEAR_BOX, _QUARTER_BOX = "mv-pilih-tahun", "mv-pilih-triwulan"
_LATER, _WARNING = "mv-pesan", "mv-peringatan"
_AGE_EVERY = 60  # seconds, as a number: see pages/dasbor.py


def header(
    title: str, meta: Sequence[str] = (), *, period_choice: bool = False, lead_to_conflicts: bool = True
) -> Period:
    """Draw the head of the page and return the quarter it is about.

    The quarter stands in the address (``?tahun=2026&triwulan=3``), so that a link shows the same to everybody; without
    one there it is the one chosen last in this session, else the newest quarter that was opened.
    """
    office = session.office()
    period = _period(office, period_choice)
    with st.container(
        key="mv-kepala", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
    ):
        with st.container(key="mv-judul", gap=None):
            st.html(f'<h1 class="mv-h1">{esc(title)}</h1>')
            _meta_line(tuple(meta), office.profile.sample)
        if period_choice:
            _choose(office, period)
    pending.notices(lead_to_conflicts=lead_to_conflicts)
    messages()
    return period


def default_period(office: Office) -> Period:
    """The newest quarter that was opened, else the one of today."""
    today = session.now()
    return office.latest_period() or Period(today.year, (today.month - 1) // 3 + 1)


def asked_period() -> Period:
    """The quarter that a page with a choice of quarters is about, for whoever needs it before the head is drawn."""
    return _period(session.office(), choice=True)


def saved(message: str, *, later: bool = False) -> None:
    """It worked. ``later``: show it under the head in the next run (in callbacks, and before a rerun)."""
    if later:
        st.session_state[_LATER] = message
    else:
        st.success(md(message), icon=":material/check_circle:")


def warned(message: str) -> None:
    """Something is different than this person thought; shown under the head in the next run."""
    st.session_state[_WARNING] = message


def error(exc: ActionError | StoreError) -> None:
    """Why nothing was saved, and what to do."""
    if isinstance(exc, Denied):
        session.note_denial(str(exc), exc)
    away = isinstance(exc, StoreUnavailable)
    show = st.warning if away else st.error
    show(f"**Belum tersimpan.** {md(exc)}", icon=":material/cloud_off:" if away else ":material/error:")


def into(bar: DeltaGenerator) -> Callable[[float, str], None]:
    """What shows the progress of long work (share done, what is being done) in a bar."""

    def tell(done: float, what: str) -> None:
        bar.progress(done, what)

    return tell


def empty_state(title: str, text: str) -> None:
    """What is missing, which step makes it and when; a button may follow."""
    st.html(f'<div class="mv-empty"><h2>{esc(title)}</h2><p>{esc(text)}</p></div>')


def conflict(
    exc: Conflict, labels: Mapping[str, str], *, title: str = "", key: str = "mv-bentrok"
) -> Literal["mine", "theirs"] | None:
    """The three values of each clash side by side, and the answer once a button is pressed.

    ``labels`` names the columns for people, or ``column.row`` where several rows are changed at once;
    ``title`` the record, such as the indicator and the quarter.
    """
    with st.container(border=True, key=key):
        head = f'<p class="mv-clash"><strong>{esc(title)}</strong></p>' if title else ""
        clashes = "".join(_clash(clash, labels) for clash in exc.clashes)
        st.html(process_chip("doubt", "Nilai berubah sementara Anda mengisi") + head + clashes)
        with st.container(horizontal=True, gap="xsmall"):
            mine = st.button("Pakai isian saya", key=f"{key}-saya")
            theirs = st.button("Pakai nilai sekarang", key=f"{key}-sekarang")
    return "mine" if mine else "theirs" if theirs else None


# --- the quarter -------------------------------------------------------------------------------------------------


def _period(office: Office, choice: bool) -> Period:
    asked = _from_address()
    kept: Period | None = st.session_state.get(_CHOSEN) if choice else None
    return asked or kept or default_period(office)


def _from_address() -> Period | None:
    year, quarter = st.query_params.get(YEAR, ""), st.query_params.get(QUARTER, "")
    if len(year) == 4 and year.isascii() and year.isdigit() and quarter in {str(q) for q in QUARTERS}:
        return Period(int(year), int(quarter))
    return None


def _choose(office: Office, period: Period) -> None:
    """The two boxes. The address leads: they show it, and a choice is written into it."""
    _write_address(period)
    st.session_state[_QUARTER_BOX], st.session_state[_YEAR_BOX] = period.quarter, period.year
    with st.container(key="mv-periode", horizontal=True, gap="xsmall", width="content"):
        st.selectbox(
            "Triwulan",
            QUARTERS,
            key=_QUARTER_BOX,
            format_func=lambda quarter: f"Triwulan {ROMAN[quarter]}",
            label_visibility="collapsed",
            width=136,
            on_change=_chosen,
        )
        st.selectbox(
            "Tahun",
            _years(office, period),
            key=_YEAR_BOX,
            format_func=str,
            label_visibility="collapsed",
            width=96,
            on_change=_chosen,
        )


def _years(office: Office, period: Period) -> list[int]:
    """Years with data, the one shown, and the one of the quarter that is to be opened next."""
    years = {p.year for p in office.cycles} | {period.year, default_period(office).next().year}
    return sorted(years, reverse=True)


@errors.pressed
def _chosen() -> None:
    _write_address(Period(st.session_state[_YEAR_BOX], st.session_state[_QUARTER_BOX]))


def _write_address(period: Period) -> None:
    st.session_state[_CHOSEN] = period
    if _from_address() != period:
        st.query_params.update({YEAR: str(period.year), QUARTER: str(period.quarter)})


# --- messages ----------------------------------------------------------------------------------------------------


@st.fragment(run_every=_AGE_EVERY)
@errors.shielded
def _meta_line(meta: tuple[str, ...], sample: bool) -> None:
    """The age goes on growing while the page stands open."""
    age = format_age(max(0, int((session.now() - session.data_at()).total_seconds())))
    text = " · ".join((*map(esc, meta), f"data {age}", *pending.count_text()))
    st.html(f'<p class="mv-meta">{sample_chip() if sample else ""}<span>{text}</span></p>')


def messages() -> None:
    """What was kept to be said. A fragment that runs alone calls this, since the head of the page does not run then."""
    warning = st.session_state.pop(_WARNING, "")
    if warning:
        st.warning(md(warning), icon=":material/info:")
    message = st.session_state.pop(_LATER, "")
    if message:
        saved(message)


def _clash(clash: Clash, labels: Mapping[str, str]) -> str:
    parts = (("Yang Anda lihat", clash.seen), ("Isian Anda", clash.wanted), ("Sekarang", clash.found))
    cells = "".join(f"<div><dt>{name}</dt><dd>{esc(_shown(value))}</dd></div>" for name, value in parts)
    label = esc(labels.get(f"{clash.column}.{clash.row_id}") or labels.get(clash.column, clash.column))
    return f'<p class="mv-meta mv-clash">{label}</p><dl class="mv-three">{cells}</dl>'


def _shown(value: Value) -> str:
    if value is None or value == "":
        return "kosong"
    if isinstance(value, date):
        return format_date(value)
    return format_number(value) if isinstance(value, Decimal) else str(value)
