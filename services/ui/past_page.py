"""The page Mesin waktu: the dashboard and the steps as they were at a past moment, beside the figures of now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import streamlit as st

from services.charts import sections as section_charts
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.numbers import (
    format_date,
    format_datetime,
    format_number,
    format_percent,
    format_period,
    round_half_up,
)
from services.domain.roles import Actor
from services.domain.sop import Event
from services.ui import charts, dashboard, errors, frame, past, session
from services.ui.html import esc, process_chip
from services.ui.reference import STYLE as LISTS
from services.ui.reference import Column, heading, listing
from services.views.board import Board
from services.views.drafts import drafts
from services.views.office import Office

STYLE = Path(__file__).with_name("past_page.css")
SHOWN_AS_NOW = (
    "Disusun dari riwayat aplikasi. Yang diketik langsung di lembar kerja Google tidak tercatat di riwayat, jadi "
    "tampil seperti sekarang."
)
_FREE = "Tanggal dan jam tertentu"
_CLOSING = 16  # the hour at which offices close: the state at the end of a working day
_COLUMNS = (
    Column("Angka pokok"),
    Column("Saat itu", named=True, numeric=True),
    Column("Sekarang", named=True, numeric=True),
    Column("Beda", named=True, numeric=True),
)


def draw(actor: Actor) -> None:  # noqa: ARG001  (every page is drawn for somebody; this one is the same for all)
    st.html(dashboard.STYLE)
    st.html(LISTS)
    st.html(STYLE)
    asked = frame.asked_period()
    period = frame.header("Mesin waktu", (f"{format_period(asked)} pada saat yang lampau",), period_choice=True)
    _content(period)


@errors.shielded
def _content(period: Period) -> None:
    office = session.office()
    if missing := dashboard.nothing_to_show(office, period):
        frame.empty_state(*missing)
        return
    moment = min(_chosen(office, period), session.now())
    before = past.office_at(office, moment)
    st.html(_banner(before, moment))
    if period not in before.cycles:
        when = format_datetime(moment)
        frame.empty_state(f"{format_period(period)} belum dibuka", f"Pada {when} triwulan ini belum dibuka.")
        return
    board = charts.current_board(before, period, moment)
    st.html(difference(board, charts.current_board(office, period, session.now())))
    with st.container(key="mv-lampau"):
        _as_it_was(before, board, moment)


# --- the moment --------------------------------------------------------------------------------------------------


def moments(office: Office, period: Period) -> dict[str, datetime]:
    """Moments of a quarter worth going back to, newest first, each with what happened then."""
    found = [(office.cycles[period].opened_at, "Triwulan dibuka")]
    found += [(e.at, _said(e.step, e.event)) for e in office.events.get(period, ()) if e.event in _EVENTS]
    found += [(d.at, f"Draf {d.label} disusun") for d in drafts(office, period)]
    return {f"{format_datetime(at)}: {what}": at for at, what in sorted(found, reverse=True)}


_EVENTS = (Event.FINISHED, Event.RETURNED, Event.VERIFIED)


def _said(step: int, event: Event) -> str:
    words = {Event.FINISHED: "selesai", Event.RETURNED: "dikembalikan", Event.VERIFIED: "diverifikasi"}
    return f"Langkah {step} {words[event]}"


def _chosen(office: Office, period: Period) -> datetime:
    known = moments(office, period)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="mv-saat"):
        choice = st.selectbox("Kembali ke", (_FREE, *known), key=f"mv-saat-{period.key}", width=420)
        return known.get(choice) or _free(office, period)


def _free(office: Office, period: Period) -> datetime:
    first = min(c.opened_at for c in office.cycles.values()).astimezone(WIB).date()
    today = session.now().astimezone(WIB).date()
    opened = office.cycles[period].opened_at.astimezone(WIB).date()
    day: date = st.date_input(
        "Tanggal",
        value=max(min(opened, today), first),
        min_value=first,
        max_value=max(today, first),
        format="DD/MM/YYYY",
        key=f"mv-saat-hari-{period.key}",
        width=160,
    )
    hour: int = st.selectbox(
        "Jam", range(24), index=_CLOSING, format_func=lambda h: f"{h:02}.00", key="mv-saat-jam", width=110
    )
    return datetime.combine(day, time(hour), WIB)


# --- what is shown -----------------------------------------------------------------------------------------------


def _banner(before: Office, moment: datetime) -> str:
    unreadable = len(before.snapshot.problems)
    chip = process_chip("doubt", f"{unreadable} baris riwayat tidak terbaca") if unreadable else ""
    return (
        f'<div class="mv-say"><div class="mv-past">{process_chip("now", "Bukan keadaan sekarang")}'
        f"<strong>Keadaan {esc(format_datetime(moment))}</strong>{chip}</div>"
        f'<p class="mv-quiet">{esc(SHOWN_AS_NOW)}</p></div>'
    )


def difference(before: Board, now: Board) -> str:
    """The key figures then and now, and by how much they moved."""
    rows = [tuple(map(esc, row)) for row in _figures(before, now)]
    return heading("Dibandingkan dengan sekarang") + listing(_COLUMNS, rows, "Angka pokok saat itu dan sekarang")


def _figures(before: Board, now: Board) -> Iterator[tuple[str, str, str, str]]:
    yield ("Rata-rata capaian", *_percents(before.mean.value, now.mean.value))
    yield (
        "Indikator terukur",
        *_counts((before.mean.measured, before.mean.expected), (now.mean.measured, now.mean.expected)),
    )
    yield ("Serapan anggaran", *_percents(before.absorption.percent, now.absorption.percent))
    steps = [(board.steps.done, len(board.steps.items)) for board in (before, now)]
    yield ("Langkah selesai", *_counts(*steps))
    yield ("Langkah berjalan", _running(before), _running(now), "")
    yield ("Perkiraan laporan selesai", _forecast(before), _forecast(now), "")


def _percents(before: Decimal | None, now: Decimal | None) -> tuple[str, str, str]:
    if before is None or now is None:
        return _percent(before), _percent(now), ""
    # Of the figures as they are shown, so that the three add up.
    moved = round_half_up(now, 1) - round_half_up(before, 1)
    return _percent(before), _percent(now), _moved(moved, 1, " poin")


def _percent(value: Decimal | None) -> str:
    return "–" if value is None else format_percent(value)


def _counts(before: tuple[int, int], now: tuple[int, int]) -> tuple[str, str, str]:
    (done_before, all_before), (done, total) = before, now
    return f"{done_before} dari {all_before}", f"{done} dari {total}", _moved(Decimal(done - done_before), 0)


def _moved(by: Decimal, places: int, unit: str = "") -> str:
    sign = "−" if by < 0 else "+"
    return f"{sign}{format_number(abs(by), places)}{unit}" if by else "tetap"


def _running(board: Board) -> str:
    current = board.steps.current
    return f"{current.step.no}. {current.step.short}" if current else "–"


def _forecast(board: Board) -> str:
    return format_date(board.steps.forecast) if board.steps.forecast else "–"


def _as_it_was(before: Office, board: Board, moment: datetime) -> None:
    st.html(dashboard.sentence(board, moment) + dashboard.key_figures(board) + dashboard.strip(board, moment))
    waiting = dashboard.waiting_for_data(before, board)
    grid = st.grid(2, min_column_width=330, gap=("medium", "large"), key="mv-lampau-isi")
    with grid.container(gap="xsmall"):
        if waiting:
            st.html(dashboard.part("Capaian per seksi", waiting))
        else:
            st.html(dashboard.heading("Capaian per seksi"))
            builder, tabulate = section_charts.section_bars, section_charts.section_bars_table
            charts.draw(builder, tabulate, before, board, "Capaian per seksi")
    with grid.container():
        worst = dashboard.worst_list(board, {s.id: s.short for s in before.sections})
        missing = dashboard.part("Belum dilaporkan", dashboard.missing_list(board))
        st.html(dashboard.part("Yang menahan capaian", worst) + missing)
    st.html(
        dashboard.part(
            "Capaian indikator per triwulan, %", dashboard.heat_map(board, before.scale, only_attention=False)
        )
    )
