"""Days off on the page Kantor: the list, and the form of the one that is added or corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import cast

import streamlit as st

from services.actions import holidays as actions
from services.actions.base import Context
from services.domain.holidays import HOLIDAY_KINDS, is_off
from services.domain.numbers import format_date, format_datetime, format_period
from services.store import schema
from services.store.store import Receipt, Row
from services.ui import text_form
from services.ui.html import esc
from services.ui.reference import BLANK_CELL, Column, facts, heading, listing, quiet
from services.ui.text_form import Form
from services.views.holiday_effect import Shift, shifts
from services.views.settings_effect import with_values

SOURCE = "Kantor"
_COLUMNS = (
    Column("Tanggal", width="13rem"),
    Column("Jenis", named=True, width="9rem"),
    Column("Keterangan", named=True),
    Column("Dasar hukum", named=True, width="18rem"),
)
_SHIFTS = (
    Column("Triwulan"),
    Column("Langkah yang bergeser", numeric=True, named=True, width="11rem"),
    Column("Rencana selesai sekarang", named=True, width="14rem"),
    Column("Menjadi", named=True, width="14rem"),
)


def draw(context: Context, editable: bool) -> None:
    calendar = context.office.calendar
    rows = sorted(context.office.snapshot.rows(schema.HOLIDAY), key=_day, reverse=True)
    years = ", ".join(map(str, sorted(calendar.known_years))) or "belum ada"
    known = [("Tahun yang tercatat", years), ("Jumlah hari", str(len(calendar.holidays)))]
    st.html(heading("Hari libur", "libur nasional dan cuti bersama") + facts(known))
    with st.expander("Daftar hari libur", icon=":material/event:"):
        st.html(listing(_COLUMNS, [_cells(row) for row in rows], "Hari libur"))
    if not editable:
        return
    names = {text_form.NEW: "Hari libur baru", **{str(row["id"]): _named(row) for row in rows}}
    chosen = text_form.choose_row("Ubah hari libur", names, "mv-kantor-libur", "Tambah, atau pilih yang diubah")
    if chosen:
        _form(context, "" if chosen == text_form.NEW else chosen, names[chosen])
    st.page_link("pages/data.py", label="Banyak sekaligus: halaman Data", icon=":material/table_view:")


def _form(context: Context, holiday_id: str, title: str) -> None:
    stored = actions.holiday_texts(context.office, holiday_id)
    form = text_form.open_form(f"kantor-libur-{holiday_id or text_form.NEW}", stored)
    labels = {name: schema.HOLIDAY.column(name).header for name in stored}
    with st.container(border=True, key="mv-kantor-libur-isian"):
        st.html(heading(title))
        text_form.notices(form, stored, labels)
        grid = st.grid(2, min_column_width=240, gap="small")
        with grid.cell():
            text_form.day(form, "day", labels["day"])
        with grid.cell():
            kinds = text_form.with_stored({kind: kind for kind in HOLIDAY_KINDS}, stored["kind"])
            text_form.pick(form, "kind", labels["kind"], kinds)
        for name, hint in (("name", "misalnya Hari Raya Nyepi"), ("basis", "misalnya SKB 3 Menteri Nomor … Tahun …")):
            with grid.cell():
                text_form.line(form, name, labels[name], hint)
        st.html(quiet("Hari libur tidak dihapus. Yang dibatalkan diberi jenis “dicabut” dan menjadi hari kerja."))
        _effect(context, form, holiday_id)
        text_form.save_row(form, "Simpan hari libur", partial(_save, holiday_id), SOURCE, "Hari libur disimpan.")


def _effect(context: Context, form: Form, holiday_id: str) -> None:
    """Said as soon as what stands in the form is a day off."""
    wanted = form.wanted
    if not form.changed or actions.holiday_problems(context.office, holiday_id, wanted):
        return
    values = {holiday_id or text_form.NEW: actions.holiday_values(wanted)}
    found = shifts(context.office, with_values(context.office, schema.HOLIDAY, values))
    st.html(heading("Akibat perubahan ini"))
    if found:
        st.html(listing(_SHIFTS, [_moved(shift) for shift in found], "Akibat perubahan ini"))
        st.html(quiet("Lama pengerjaan dan keterlambatan langkah dihitung ulang; tenggat dan kunci data tetap."))
    else:
        st.html(quiet("Tidak ada rencana langkah triwulan yang sudah dibuka yang bergeser."))


def _save(
    holiday_id: str, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return actions.save_holiday(context, holiday_id, seen, typed, ticket)


def _day(row: Row) -> date:
    return cast("date", row["day"])


def _named(row: Row) -> str:
    kind = str(row["kind"])
    said = f"{row['name'] or kind} ({kind})" if not is_off(kind) else str(row["name"] or kind)
    return f"{format_date(_day(row))}: {said}"


def _cells(row: Row) -> tuple[str, ...]:
    texts = (format_date(_day(row)), row["kind"], row["name"], row["basis"])
    return tuple(esc(text or "") or BLANK_CELL for text in texts)


def _moved(shift: Shift) -> tuple[str, ...]:
    before, after = format_datetime(shift.before), format_datetime(shift.after)
    return esc(format_period(shift.period)), str(shift.steps), esc(before), f"<strong>{esc(after)}</strong>"
