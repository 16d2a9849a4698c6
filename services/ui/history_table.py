"""The page Riwayat: the log with its filters, and the origin of one figure with the changes behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

import streamlit as st

from services.domain.indicators import Indicator
from services.domain.numbers import format_date, format_number, format_time
from services.domain.roles import Actor
from services.store import schema
from services.store.privacy import as_read_by
from services.store.store import HistoryQuery
from services.ui import errors, frame, provenance, session
from services.ui.dashboard import figure_address
from services.ui.html import esc
from services.ui.reference import INDICATOR, STYLE, Column, dictionary_address, heading, listing
from services.views.history import BLANK, HistoryLine, history_lines, rows_of
from services.views.history import provenance as provenance_of
from services.views.office import Office

PAGE_SIZE = 100
SCANNED = 20_000
"""How many of the newest lines a search for words looks through."""

_LONG = 240
_KEY = "riwayat"
_COLUMNS = (
    Column("Waktu", fixed=True, width="9.5rem"),
    Column("Oleh", fixed=True, width="8.5rem"),
    Column("Yang diubah", width="36%"),
    Column("Perubahan"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters ask for; empty fields do not restrict."""

    by: str
    table: str
    indicator_id: str
    since: date | None
    until: date | None
    words: str

    def query(self, office: Office, limit: int) -> HistoryQuery:
        return HistoryQuery(
            by=self.by,
            table=self.table,
            row_ids=rows_of(office, self.indicator_id) if self.indicator_id else (),
            since=self.since,
            until=self.until,
            limit=limit,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """``count`` changes were read; stamps among them have no line of their own."""

    lines: tuple[HistoryLine, ...]
    number: int
    count: int
    more: bool


def draw(actor: Actor) -> None:
    st.html(STYLE)
    office = session.office()
    indicator = _figure_asked_for(office)
    if indicator:
        _origin(office, indicator)
    else:
        _log(office, actor)


# --- where a figure comes from -----------------------------------------------------------------------------------


def _figure_asked_for(office: Office) -> Indicator | None:
    """The indicator whose figure is in the address; one that does not exist shows the log instead."""
    has_period = {frame.YEAR, frame.QUARTER} <= set(st.query_params)
    return office.indicator_by_id.get(st.query_params.get(INDICATOR, "")) if has_period else None


def _origin(office: Office, indicator: Indicator) -> None:
    period = frame.header("Asal angka")
    st.page_link("pages/riwayat.py", label="Seluruh riwayat", icon=":material/arrow_back:")
    found = provenance_of(office, indicator, period)
    st.html(provenance.figure(found, office))
    st.html(provenance.working(found, office))
    st.html(provenance.sources(found))
    rows = session.runtime().store.history(HistoryQuery(row_ids=found.row_ids, limit=SCANNED)) if found.row_ids else ()
    lines = history_lines(office, rows)
    st.html(heading("Perubahan nilai ini", f"{len(lines)} perubahan, terbaru di atas"))
    if lines:
        _table(office, lines)
    st.html(_dictionary_link(indicator))


def _dictionary_link(indicator: Indicator) -> str:
    address = esc(dictionary_address(indicator.id))
    return f'<a class="mv-link" href="{address}">Definisi, rumus, dan target di kamus indikator</a>'


# --- the log -----------------------------------------------------------------------------------------------------


def _log(office: Office, actor: Actor) -> None:
    frame.header("Riwayat", ("Setiap perubahan data, terbaru di atas",))
    wanted = _filters(office)
    if wanted.since and wanted.until and wanted.since > wanted.until:
        st.warning("Tanggal mulai sesudah tanggal sampai. Tukar keduanya.", icon=":material/date_range:")
        return
    page = _page(office, actor, wanted, _page_number(wanted))
    if not page.lines:
        frame.empty_state("Tidak ada perubahan yang cocok", "Longgarkan saringan, atau kosongkan kata yang dicari.")
    else:
        _table(office, page.lines)
    _turn(page)
    if wanted.words:
        looked = format_number(Decimal(SCANNED))
        st.caption(f"Pencarian kata melihat {looked} perubahan terbaru yang cocok dengan saringan lain.")


def _filters(office: Office) -> Wanted:
    names = {i.id: i.name for i in office.all_indicators}
    people = _people()
    _preset(names)
    with st.grid(3, min_column_width=150, gap="small"):
        words = st.text_input("Cari", key=f"{_KEY}-cari", placeholder="Nama atau nilai", type="search")
        by = st.selectbox("Orang", ["", *people], key=f"{_KEY}-orang", format_func=lambda v: people.get(v, "Semua"))
        table = st.selectbox("Tabel", ["", *_tables()], key=f"{_KEY}-tabel", format_func=lambda v: v or "Semua")
        indicator_id = st.selectbox(
            "Indikator", ["", *names], key=f"{_KEY}-indikator", format_func=lambda v: names.get(v, "Semua")
        )
        since = st.date_input("Mulai tanggal", None, key=f"{_KEY}-mulai", format="DD/MM/YYYY")
        until = st.date_input("Sampai tanggal", None, key=f"{_KEY}-sampai", format="DD/MM/YYYY")
    return Wanted(by, table, indicator_id, since, until, (words or "").strip())


def _preset(names: dict[str, str]) -> None:
    """An address with an indicator alone shows the changes of that indicator."""
    asked = st.query_params.get(INDICATOR, "")
    if asked in names and f"{_KEY}-indikator" not in st.session_state:
        st.session_state[f"{_KEY}-indikator"] = asked


def _people() -> dict[str, str]:
    """Everybody with an account, by username."""
    return {account.username: f"{account.name} ({account.username})" for account in session.runtime().accounts.all()}


def _tables() -> list[str]:
    return [table.name for table in schema.TABLES if table is not schema.HISTORY]


def _page_number(wanted: Wanted) -> int:
    """The page being read; another choice of filters begins at the first again."""
    if st.session_state.get(f"{_KEY}-saringan") != wanted:
        st.session_state[f"{_KEY}-saringan"], st.session_state[f"{_KEY}-halaman"] = wanted, 0
    number: int = st.session_state[f"{_KEY}-halaman"]
    return number


def _page(office: Office, actor: Actor, wanted: Wanted, number: int) -> Page:
    start, end = number * PAGE_SIZE, (number + 1) * PAGE_SIZE
    limit = SCANNED if wanted.words else end + 1
    rows = as_read_by(actor, schema.HISTORY, session.runtime().store.history(wanted.query(office, limit)))
    if wanted.words:
        found = tuple(line for line in history_lines(office, rows) if line.contains(wanted.words))
        return Page(found[start:end], number, len(found[start:end]), len(found) > end)
    return Page(history_lines(office, rows[start:end]), number, len(rows[start:end]), len(rows) > end)


def _turn(page: Page) -> None:
    first = page.number * PAGE_SIZE + 1
    if page.number == 0 and not page.more:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.button("Lebih baru", icon=":material/arrow_back:", disabled=page.number == 0, on_click=_go, args=(-1,))
        st.html(f'<p class="mv-quiet">Perubahan ke-{first} sampai ke-{first + page.count - 1}</p>')
        st.button(
            "Lebih lama",
            icon=":material/arrow_forward:",
            icon_position="right",
            disabled=not page.more,
            on_click=_go,
            args=(1,),
        )


@errors.pressed
def _go(by: int) -> None:
    st.session_state[f"{_KEY}-halaman"] = max(0, st.session_state[f"{_KEY}-halaman"] + by)


# --- lines -------------------------------------------------------------------------------------------------------


def _table(office: Office, lines: tuple[HistoryLine, ...]) -> None:
    """One row for each record and press of a button, with all that it changed."""
    groups = [list(group) for _, group in groupby(lines, key=lambda line: (line.transaction_id, line.subject))]
    rows = (_cells(group, office.indicator_by_id.get(group[0].indicator_id)) for group in groups)
    st.html(listing(_COLUMNS, rows, "Perubahan data, terbaru di atas"))


def _cells(group: list[HistoryLine], indicator: Indicator | None) -> tuple[str, ...]:
    first = group[0]
    return (
        f'{esc(format_date(first.at.date()))}<p class="mv-quiet">{esc(format_time(first.at))}</p>',
        f'{esc(first.by)}<p class="mv-quiet">{esc(first.role)}</p>',
        _subject(first, indicator),
        "".join(map(_change, group)),
    )


def _subject(line: HistoryLine, indicator: Indicator | None) -> str:
    if not line.table:
        return f'<strong>{esc(line.action)}</strong><p class="mv-quiet">lewat {esc(line.source)}</p>'
    detail = f'<p class="mv-quiet">{esc(line.action)} · tabel {esc(line.table)} · lewat {esc(line.source)}</p>'
    address = _address(line, indicator) if indicator else ""
    name = f'<a href="{esc(address)}">{esc(line.subject)}</a>' if address else f"<strong>{esc(line.subject)}</strong>"
    return name + detail


def _address(line: HistoryLine, indicator: Indicator) -> str:
    """Where the figure is explained that a line is about; for an indicator without a quarter, its dictionary entry."""
    return figure_address(indicator, line.period) if line.period else dictionary_address(indicator.id)


def _change(line: HistoryLine) -> str:
    """A column with its old and its new value; a new row has only what it began with."""
    if not line.field:
        return ""
    name = f"<b>{esc(line.field)}</b>"
    if not line.old:
        return f'<p class="mv-change">{name}{_value(line.new)}</p>'
    old = f'<span class="mv-quiet">{BLANK}</span>' if line.old == BLANK else f"<del>{_value(line.old)}</del>"
    return f'<div class="mv-change">{name}{old} → {_value(line.new)}</div>'


def _value(text: str) -> str:
    if len(text) <= _LONG:
        return esc(text)
    return f"<details><summary>{esc(text[:_LONG])}…</summary>{esc(text)}</details>"
