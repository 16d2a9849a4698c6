"""Views and chart specifications shared by all who look at the same data, and how a chart is put on a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import streamlit as st

from services.charts.palette import Palette
from services.charts.style import Spec, Table
from services.domain.indicators import Period
from services.ui import theme
from services.ui.html import esc, table
from services.views.board import Board, board_of
from services.views.office import Office

Builder = Callable[[Board, Palette], Spec]
Tabulate = Callable[[Board], Table]


def current_board(office: Office, period: Period, now: datetime) -> Board:
    """The board of a quarter, computed once a minute for everybody who looks at the same data."""
    return _board(office, period, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=8)
def _board(office: Office, period: Period, minute: datetime) -> Board:
    return board_of(office, period, minute)


def draw(builder: Builder, tabulate: Tabulate, office: Office, board: Board, caption: str, note: str = "") -> None:
    """Draw a chart; below it a note and its figures as a table that opens on demand.

    The builder puts the text alternative into the specification as its description.
    """
    put((builder.__name__, board.period.key), office, lambda colours: builder(board, colours))
    st.html(figures(tabulate(board), caption, note))


def put(key: tuple[object, ...], office: Office, build: Callable[[Palette], Spec]) -> None:
    """Draw a chart whose specification is built once for each ``key``, state of the data and theme."""
    colours = theme.palette()
    spec = _spec((*key, *_version(office), colours.page), lambda: build(colours))
    st.vega_lite_chart(spec=spec, theme=None, width="stretch")


def figures(data: Table, caption: str, note: str = "") -> str:
    """The table view of a chart, folded."""
    headers, rows = data
    numeric = range(1, len(headers))
    shown = table(headers, [[esc(cell) for cell in row] for row in rows], caption=caption, numeric=numeric)
    head = f'<p class="mv-note">{esc(note)}</p>' if note else ""
    return f'{head}<details class="mv-figures"><summary>Lihat tabel</summary>{shown}</details>'


def _version(office: Office) -> tuple[str, int, datetime]:
    """What tells one state of the data from another, a restored backup included."""
    snapshot = office.snapshot
    return snapshot.office, snapshot.revision, snapshot.read_at


@st.cache_resource(max_entries=256, show_spinner=False)  # no copies: Streamlit changes none of what it is given
def _spec(key: tuple[object, ...], _build: Callable[[], Spec]) -> dict[str, Any]:  # noqa: ARG001  (the cache's key)
    return _self_contained(_build())


def _self_contained(spec: Spec) -> Spec:
    """The records one level deeper, where Streamlit leaves them as they are.

    At the top it would turn them into a data frame and into Arrow in every run, a quarter of the page's time.
    """
    inner = {"data": spec["data"], "layer": spec["layer"]}
    return {key: value for key, value in spec.items() if key not in inner} | {"layer": [inner]}
