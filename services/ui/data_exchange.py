"""Data: a table as a file, and a file into a table; what each row would do is shown before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from services.actions.base import ActionError, Context
from services.actions.imports import Verdict
from services.actions.table_imports import Preview, TableRow, authorise_import, carry_out, preview
from services.domain.numbers import clean, format_number
from services.domain.roles import Actor
from services.store import schema
from services.store.privacy import as_read_by
from services.store.schema import Table
from services.store.store import Row, StoreError, new_id
from services.tabular.export import export_table
from services.tabular.grids import BadFile
from services.tabular.upload import Upload, read_upload
from services.tabular.values import Form
from services.tabular.workbook import LONGEST_TEXT
from services.ui import downloads, errors, frame, session
from services.ui.html import ProcessKind, esc, md, process_chip
from services.ui.reference import STYLE, Column, heading, listing, quiet

SOURCE = "Halaman Data"
MOST_ROWS = 200
"""How many rows of a preview are drawn."""

_TABLE, _UPLOADS, _PARSED, _SEEN, _FAILURE = (f"mv-data-{name}" for name in ("tabel", "ke", "baca", "lihat", "galat"))
_NAME_LENGTH = 80
_MIME = {Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Form.CSV: "text/csv"}
_LABELS = {Form.XLSX: "Unduh XLSX", Form.CSV: "Unduh CSV"}
_CHIPS: dict[Verdict, ProcessKind] = {
    Verdict.NEW: "now",
    Verdict.CHANGED: "doubt",
    Verdict.SAME: "done",
    Verdict.REFUSED: "late",
}
_COLUMNS = (
    Column("Baris", numeric=True, named=True, width="4.5rem"),
    Column("Hasil", width="7.5rem"),
    Column("Isi", width="30%"),
    Column("Keterangan"),
)


def draw(actor: Actor) -> None:
    """The whole page."""
    st.html(STYLE)
    st.html(Path(__file__).with_name("data_exchange.css"))
    frame.header("Data", ("Tabel ke berkas, dan berkas ke tabel",))
    names = [table.name for table in schema.TABLES]
    chosen = st.selectbox("Tabel", names, index=names.index(schema.HOLIDAY.name), key=_TABLE, width=480)
    table = schema.BY_NAME[chosen]
    _out(actor, table)
    _in(actor, table)


# --- out ---------------------------------------------------------------------------------------------------------


def _out(actor: Actor, table: Table) -> None:
    rows = () if table.on_demand else session.office().snapshot.rows(table)
    count = "" if table.on_demand else f"{format_number(Decimal(len(rows)))} baris"
    st.html(heading("Unduh", count))
    if table.note:
        st.html(quiet(table.note))
    with st.container(horizontal=True, gap="small"):
        for form in Form:
            st.download_button(
                _LABELS[form],
                downloads.later(_content(actor, table, rows, form)),
                file_name=f"{table.name}.{form.value}",
                mime=_MIME[form],
                icon=":material/download:",
                on_click="ignore",
                disabled=form is Form.XLSX and not _fits(table, rows),
                key=f"mv-data-unduh-{table.name}-{form.value}",
            )
    st.caption("CSV memakai titik koma dan koma desimal, seperti Excel Indonesia.")


def _content(actor: Actor, table: Table, rows: Sequence[Row], form: Form) -> Callable[[], bytes]:
    """Makes the file when it is downloaded; a table that grows without end is read only then."""
    store = session.runtime().store

    def content() -> bytes:
        dumped = dict(store.dump()) if table.on_demand else {table: tuple(rows)}
        return export_table(table, as_read_by(actor, table, dumped[table]), form)

    return content


def _fits(table: Table, rows: Sequence[Row]) -> bool:
    """Whether every text fits into a cell of XLSX; for a table that is not read yet nobody knows."""
    longest = max((len(v) for row in rows for v in row.values() if isinstance(v, str)), default=0)
    return not table.on_demand and longest <= LONGEST_TEXT // 2


# --- in ----------------------------------------------------------------------------------------------------------


def _in(actor: Actor, table: Table) -> None:
    st.html(heading("Unggah"))
    try:
        authorise_import(actor, table)
    except ActionError as error:
        st.info(md(error), icon=":material/block:")
        return
    _tell_failure()
    file = st.file_uploader(
        "Berkas XLSX atau CSV dengan judul kolom seperti hasil unduhan, paling besar 10 MB",
        type=[form.value for form in Form],
        key=f"mv-data-unggah-{table.name}-{st.session_state.get(_UPLOADS, 0)}",
    )
    if file is None:
        return
    try:
        found = preview(_context(actor, file.name), _parsed(file, table))
    except (BadFile, ActionError) as error:
        st.error(md(error), icon=":material/error:")
        return
    _show(found)


def _parsed(file: UploadedFile, table: Table) -> Upload:
    """The file as it was read in an earlier run of the page, if it is still the same one. Raises BadFile."""
    known: tuple[str, Upload] | None = st.session_state.get(_PARSED)
    if known is None or known[0] != file.file_id or known[1].table is not table:
        known = (file.file_id, read_upload(clean(file.name)[:_NAME_LENGTH], file.getvalue(), table))
        st.session_state[_PARSED] = known
    return known[1]


def _context(actor: Actor, file_name: str) -> Context:
    return Context(session.runtime().store, session.office(), actor, session.now(), _source(file_name))


def _source(file_name: str) -> str:
    return f"{SOURCE}: {clean(file_name)[:_NAME_LENGTH]}"


def _show(found: Preview) -> None:
    for note in found.upload.notes:
        st.warning(md(note), icon=":material/info:")
    st.html(heading("Pratinjau", _summary(found)))
    shown = [row for row in found.rows if row.verdict is not Verdict.SAME]
    if shown:
        st.html(listing(_COLUMNS, map(_cells, shown[:MOST_ROWS]), "Yang akan dilakukan setiap baris"))
    st.html("".join(map(quiet, _remarks(found, len(shown)))))
    if refused := found.counts[Verdict.REFUSED]:
        st.warning(
            f"Belum dapat diterapkan: perbaiki {refused} baris yang ditolak, lalu unggah lagi berkasnya.",
            icon=":material/block:",
        )
    st.session_state[_SEEN] = (found, new_id())
    if found.writes:
        st.button("Terapkan", type="primary", icon=":material/done_all:", on_click=_apply, key="mv-data-terapkan")


def _summary(found: Preview) -> str:
    parts = [f"{format_number(Decimal(n))} {verdict.value}" for verdict, n in found.counts.items() if n]
    return ", ".join(parts) or "tidak ada baris di bawah judul kolom"


def _remarks(found: Preview, shown: int) -> Iterator[str]:
    if shown > MOST_ROWS:
        yield f"{shown - MOST_ROWS} baris lagi tidak ditampilkan."
    if same := found.counts[Verdict.SAME]:
        yield f"{same} baris yang sama tidak ditampilkan."
    if found.untouched:
        yield f"{found.untouched} baris lain di tabel ini tidak ada di berkas dan tetap."
    yield from found.effects


def _cells(row: TableRow) -> tuple[str, ...]:
    identifier = quiet(row.row_id) if row.row_id else ""
    chip = process_chip(_CHIPS[row.verdict], row.verdict.value.capitalize())
    return str(row.line), chip, esc(row.name) + identifier, esc(row.detail)


# --- writing it --------------------------------------------------------------------------------------------------


@errors.pressed
def _apply() -> None:
    """Write what was seen; the right is checked anew, and data changed meanwhile are not overwritten."""
    seen: tuple[Preview, str] = st.session_state.pop(_SEEN)
    found, transaction_id = seen
    try:
        carry_out(session.context(_source(found.upload.name)), found, transaction_id)
    except (ActionError, StoreError) as error:
        st.session_state[_FAILURE] = error
        return
    written = sum(row.verdict.writes for row in found.rows)
    frame.saved(f"Tabel {found.upload.table.name}: {written} baris disimpan.", later=True)
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1  # an empty place for the next file


def _tell_failure() -> None:
    failure: ActionError | StoreError | None = st.session_state.pop(_FAILURE, None)
    if failure is not None:
        frame.error(failure)
