"""Dasbor: where the quarter stands, read from top to bottom."""

from __future__ import annotations

import streamlit as st

from services.charts import sections as section_charts
from services.charts import trend as trend_chart
from services.domain.indicators import Period
from services.ui import dashboard, errors, frame, session, step_action
from services.ui.charts import current_board, draw
from services.ui.guard import require
from services.views.board import Board
from services.views.office import Office

require()

REFRESH_EVERY = 30  # seconds; Streamlit would import pandas to read "30s", which the first visitor waits for
ATTENTION, ALL = "perhatian", "semua"
FADED = "Batang pudar: data belum lengkap. Garis oker: rentang yang masih mungkin."


@st.fragment(run_every=REFRESH_EVERY)
@errors.shielded
def content(period: Period) -> None:
    actor = session.actor(watching=True)
    if actor is None:  # signed out meanwhile, here or elsewhere
        st.rerun()
    frame.messages()
    office, now = session.office(), session.now()
    if missing := dashboard.nothing_to_show(office, period):
        frame.empty_state(*missing)
        return
    board = current_board(office, period, now)
    with st.container(horizontal=True, vertical_alignment="center", key="mv-atas"):
        st.html(dashboard.sentence(board, now))
        step_action.draw(office, actor, board.period)
    st.html(dashboard.key_figures(board) + dashboard.strip(board, now))
    charts(office, board)
    heat_map(office, board)


def charts(office: Office, board: Board) -> None:
    grid = st.grid(2, min_column_width=330, gap=("medium", "large"), key="mv-isi")
    waiting = dashboard.waiting_for_data(office, board)
    with grid.container(gap="xsmall"):
        if waiting:
            st.html(dashboard.part("Capaian per seksi", waiting))
        else:
            st.html(dashboard.heading("Capaian per seksi"))
            section_bars(office, board)
    with grid.container():
        worst = dashboard.worst_list(board, {s.id: s.short for s in office.sections})
        st.html(dashboard.part("Yang menahan capaian", worst))
    if not waiting:
        with grid.container(gap="xsmall"):
            st.html(dashboard.heading("Kinerja dan anggaran"))
            performance_and_budget(office, board)
    with grid.container(gap="xsmall"):
        missing = dashboard.missing_list(board) + dashboard.findings_line(office, board.period)
        unreported = dashboard.part("Belum dilaporkan", missing)
        if not dashboard.has_trend(board):
            st.html(unreported)
        else:
            st.html(unreported + dashboard.heading(f"Rata-rata capaian, {len(board.trend)} triwulan"))
            draw(trend_chart.trend, trend_chart.trend_table, office, board, "Rata-rata capaian per triwulan")


def section_bars(office: Office, board: Board) -> None:
    note = "" if board.mean.complete else FADED
    draw(section_charts.section_bars, section_charts.section_bars_table, office, board, "Capaian per seksi", note)


def performance_and_budget(office: Office, board: Board) -> None:
    builder, tabulate = section_charts.performance_and_budget, section_charts.performance_and_budget_table
    draw(builder, tabulate, office, board, "Kinerja dan anggaran per seksi")


@st.fragment
@errors.shielded
def heat_map(office: Office, board: Board) -> None:
    """A fragment of its own, so that its filter draws nothing else anew."""
    if session.actor() is None:
        st.rerun()
    labels = {ATTENTION: f"Perlu perhatian {board.attention_count}", ALL: f"Semua {len(board.measures)}"}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(dashboard.heading("Capaian indikator per triwulan, %"))
        chosen = st.segmented_control(
            "Indikator yang ditampilkan",
            tuple(labels),
            default=ATTENTION,
            required=True,
            format_func=labels.__getitem__,
            label_visibility="collapsed",
            key="dasbor-saringan",
        )
    st.html(dashboard.heat_map(board, office.scale, only_attention=chosen == ATTENTION))


st.html(dashboard.STYLE)
content(
    frame.header(f"Kinerja {session.office().profile.title}", dashboard.scope(frame.asked_period()), period_choice=True)
)
