"""Officials, sections and the rating scale on the page Kantor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from services.actions import office_tables as actions
from services.actions.base import Context
from services.actions.office_tables import field_of
from services.domain.numbers import format_nip
from services.domain.roles import TITLES, Role
from services.report.texts import scale_bounds
from services.store import schema
from services.store.privacy import NIP, withholds_nip
from services.store.store import Receipt, Row
from services.ui import text_form
from services.ui.effect_notice import Read, effect_notice
from services.ui.html import esc, rating_chip
from services.ui.reference import BLANK_CELL, Column, heading, listing, quiet
from services.ui.text_form import Form
from services.views.office import Office
from services.views.settings_effect import effects, with_values

SOURCE = "Kantor"
_POST = Column("Jabatan")
_REST = (
    Column("Nama", named=True, width="16rem"),
    Column("Pangkat/Golongan", named=True, width="11rem"),
    Column("Seksi", named=True, width="11rem"),
)
_NIP = Column("NIP", named=True, width="12rem")
_SECTIONS = (
    Column("Urutan", numeric=True, named=True, width="5rem"),
    Column("Nama"),
    Column("Singkatan", named=True, width="16rem"),
    Column("Kode", named=True, width="7rem"),
)
_SCALE = (Column("Kategori"), Column("Capaian (%)", numeric=True, named=True, width="14rem"))


# --- officials ---------------------------------------------------------------------------------------------------


def officials(context: Context, editable: bool) -> None:
    """The list; a NIP is for those who keep it. Below, the form of the one that was chosen."""
    office = context.office
    rows = office.snapshot.rows(schema.OFFICIAL)
    columns = (_POST, *_REST, *((_NIP,) if editable else ()))
    shown = [_official_cells(office, row)[: len(columns)] for row in rows]
    st.html(heading("Pejabat", "penanda tangan laporan dan kepala seksi") + listing(columns, shown, "Pejabat"))
    if not editable:
        return
    names = {text_form.NEW: "Pejabat baru", **{str(row["id"]): str(row["post"]) for row in rows}}
    chosen = text_form.choose_row("Ubah pejabat", names, "mv-kantor-pejabat", "Pilih pejabat yang diubah")
    if chosen:
        _official_form(context, "" if chosen == text_form.NEW else chosen, names[chosen])


def _official_cells(office: Office, row: Row) -> tuple[str, ...]:
    section = office.section(str(row["section_id"])).short if row["section_id"] else ""
    nip = format_nip(str(row[NIP] or ""))
    return tuple(esc(text or "") or BLANK_CELL for text in (row["post"], row["name"], row["rank"], section, nip))


def _official_form(context: Context, official_id: str, title: str) -> None:
    office = context.office
    stored = actions.official_texts(office, official_id)
    form = text_form.open_form(f"kantor-pejabat-{official_id or text_form.NEW}", stored)
    labels = {name: schema.OFFICIAL.column(name).header for name in stored}
    with st.container(border=True, key="mv-kantor-pejabat-isian"):
        st.html(heading(title))
        text_form.notices(form, stored, labels)
        grid = st.grid(2, min_column_width=240, gap="small")
        for name in ("post", "name", "rank", NIP):
            with grid.cell():
                text_form.line(form, name, labels[name], "18 angka" if name == NIP else "")
                if name == NIP and withholds_nip(office.snapshot):
                    st.html(quiet("Biarkan kosong: kantor belum mengizinkan NIP di spreadsheet bersama."))
        roles = {"": "belum dipilih", **{role.value: TITLES[role] for role in Role}}
        sections = {"": "tanpa seksi", **{section.id: section.name for section in office.sections}}
        for name, options in (("role", roles), ("section_id", sections)):
            with grid.cell():
                text_form.pick(form, name, labels[name], text_form.with_stored(options, stored[name]))
        st.html(quiet("Kosongkan nama bila jabatan lowong; barisnya tetap ada."))
        text_form.save_row(form, "Simpan pejabat", partial(_save_official, official_id), SOURCE, "Pejabat disimpan.")


def _save_official(
    official_id: str, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return actions.save_official(context, official_id, seen, typed, ticket)


# --- sections ----------------------------------------------------------------------------------------------------


def sections(context: Context, editable: bool) -> None:
    office = context.office
    rows = sorted(office.snapshot.rows(schema.SECTION), key=lambda row: int(str(row["order"])))
    if not editable:
        shown = [tuple(esc(row[name]) for name in ("order", "name", "short", "id")) for row in rows]
        st.html(heading("Seksi dan subbagian") + listing(_SECTIONS, shown, "Seksi dan subbagian"))
        return
    stored = actions.section_texts(office)
    form = text_form.open_form("kantor-seksi", stored)
    names = {str(row["id"]): str(row["name"]) for row in rows}
    headers = {name: schema.SECTION.column(name).header for name in ("name", "short", "order")}
    labels = {field_of(i, name): f"{header} {names[i]}" for i in names for name, header in headers.items()}
    with st.container(border=True, key="mv-kantor-seksi"):
        st.html(heading("Seksi dan subbagian", "nama baru berlaku di semua halaman dan laporan berikutnya"))
        text_form.notices(form, stored, labels)
        for row_id in names:
            _section_row(form, row_id)
        text_form.save_row(form, "Simpan seksi", actions.save_sections, SOURCE, "Seksi disimpan.")
    with st.expander("Tambah seksi", key="mv-kantor-seksi-baru"):
        _new_section()


def _section_row(form: Form, row_id: str) -> None:
    with st.container(horizontal=True, gap="small", key=f"mv-baris-seksi-{row_id}"):
        with st.container(width=480):
            text_form.line(form, field_of(row_id, "name"), "Nama")
        with st.container(width=280):
            text_form.line(form, field_of(row_id, "short"), "Singkatan")
        with st.container(width=88):
            text_form.line(form, field_of(row_id, "order"), "Urutan")


def _new_section() -> None:
    stored = dict.fromkeys(actions.NEW_SECTION, "")
    form = text_form.open_form("kantor-seksi-tambah", stored)
    text_form.notices(form, stored, {})
    for name, label in (("name", "Nama"), ("short", "Singkatan"), ("id", "Kode")):
        text_form.line(form, name, label, "misalnya ekbang" if name == "id" else "")
    st.html(
        quiet(
            "Kode tidak dapat diubah lagi. Setelah itu admin membuat akun kepala seksinya di halaman Pengguna. Di "
            "Google Sheets, jalankan sheet siapkan agar seksi ini mendapat tampilan filter."
        )
    )
    text_form.save_row(form, "Tambah seksi", _add_section, SOURCE, "Seksi ditambahkan.")


def _add_section(context: Context, _seen: Mapping[str, str], typed: Mapping[str, str], ticket: str) -> Receipt:
    return actions.add_section(context, typed, ticket)


# --- rating scale ------------------------------------------------------------------------------------------------


def scale(context: Context, editable: bool) -> None:
    office = context.office
    if not editable:
        st.html(heading("Kategori capaian") + listing(_SCALE, _scale_cells(office), "Kategori capaian"))
        return
    stored = actions.scale_texts(office)
    form = text_form.open_form("kantor-kategori", stored)
    rows = [str(row["id"]) for row in actions.scale_rows(office)]
    headers = {name: schema.RATING.column(name).header for name in ("label", "lower")}
    labels = {field_of(i, name): f"{header} {n}" for n, i in enumerate(rows, 1) for name, header in headers.items()}
    with st.container(border=True, key="mv-kantor-kategori"):
        note = "capaian dibulatkan ke bilangan bulat, lalu dicari kategorinya"
        st.html(heading("Kategori capaian", note))
        text_form.notices(form, stored, labels)
        for number, row_id in enumerate(rows, start=1):
            _rating_row(form, row_id, number, last=number == len(rows))
        read = _scale_effect(context, form)
        text_form.save_row(form, "Simpan kategori", partial(_save_scale, read), SOURCE, "Kategori disimpan.")


def _rating_row(form: Form, row_id: str, number: int, *, last: bool) -> None:
    with st.container(horizontal=True, gap="small", key=f"mv-kantor-kategori-{row_id}"):
        with st.container(width="stretch"):
            text_form.line(form, field_of(row_id, "label"), f"Kategori {number}")
        with st.container(width=160):
            text_form.line(form, field_of(row_id, "lower"), "Batas bawah (%)", "tanpa batas" if last else "")


def _scale_effect(context: Context, form: Form) -> Read:
    """Said as soon as what stands in the form is a scale."""
    if not form.changed or actions.scale_problems(context.office, form.opened.typed):
        return None
    cells = {
        row_id: {name: actions.cell_value(schema.RATING, name, text) for name, text in texts.items()}
        for row_id, texts in actions.changed_cells(form.opened.seen, form.opened.typed).items()
    }
    rows = {str(row["id"]): {**row, **cells.get(str(row["id"]), {})} for row in actions.scale_rows(context.office)}
    return effect_notice(form, effects(context.office, with_values(context.office, schema.RATING, rows)))


def _save_scale(
    read: Read, context: Context, seen: Mapping[str, str], typed: Mapping[str, str], ticket: str
) -> Receipt | None:
    return actions.save_scale(context, seen, typed, ticket, effect_read=read == typed)


def _scale_cells(office: Office) -> list[tuple[str, ...]]:
    cells = [(rating_chip(rating), bounds) for rating, bounds in scale_bounds(office.scale)]
    return [*cells, (rating_chip(None), "tanpa capaian")]
