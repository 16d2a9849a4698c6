"""Formulir E.81 on the page Laporan: the figures of annex 2, to look something up without making the PDF."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from services.domain.indicators import QUARTERS, ROMAN, Period
from services.report.chapters.e81 import figures_of, result_of
from services.ui.html import esc, table
from services.ui.reference import heading
from services.views.e81 import E81, e81_of
from services.views.office import Office


def draw(office: Office, period: Period) -> None:
    st.html(heading("Formulir E.81", "lampiran 2 laporan"))
    if st.toggle("Tampilkan angkanya", key="laporan-e81"):
        st.html(f'<div class="mv-e81">{form_table(office, e81_of(office, period))}</div>')


def form_table(office: Office, form: E81) -> str:
    """Columns 4 to 15 of the form, and its mean and predikat."""
    headers = ("Indikator", *_headers(form), "Unit")
    rows = [
        (esc(row.indicator.name), *map(esc, figures_of(row, form.period.quarter)), esc(row.section.short))
        for row in form.rows
    ]
    blank = [""] * (len(headers) - 4)
    rows += [(esc(label), *blank, *map(esc, shares), "") for label, *shares in result_of(office, form)]
    return table(headers, rows, caption=f"Formulir E.81 {form.period.key}", numeric=range(1, len(headers) - 1))


def _headers(form: E81) -> Iterator[str]:
    year, quarter = form.period.year, ROMAN[form.period.quarter]
    columns = (
        "Target Renstra",
        f"Realisasi s.d. {year - 1}",
        f"Target {year}",
        *(f"TW {ROMAN[q]}" for q in QUARTERS),
        f"Realisasi s.d. TW {quarter}",
        f"Renstra s.d. {year}",
    )
    for name in columns:
        yield f"{name} (K)"
        yield f"{name} (Rp)"
    yield "Tingkat capaian K (%)"
    yield "Tingkat capaian Rp (%)"
