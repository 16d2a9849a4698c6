"""What a change does to the figures of each quarter, said before it is saved, and the sign that it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import streamlit as st

from services.domain.attainment import Mean
from services.domain.numbers import format_percent, format_period
from services.ui.html import esc
from services.ui.reference import Column, heading, listing, quiet
from services.ui.text_form import Form
from services.views.settings_effect import Effect

Read: TypeAlias = Mapping[str, str] | None
"""The texts whose effect the person says to have read; None: no such sign."""

_COLUMNS = (
    Column("Triwulan"),
    Column("Capaian berubah", numeric=True, named=True, width="9rem"),
    Column("Kategori berubah", numeric=True, named=True, width="9rem"),
    Column("Rata-rata sekarang", numeric=True, named=True, width="9rem"),
    Column("Menjadi", numeric=True, named=True, width="9rem"),
)


def effect_notice(form: Form, found: Sequence[Effect]) -> Read:
    """The effect of what stands in the form; what the person has read of it, which another text makes void."""
    typed = dict(form.opened.typed)
    st.html(heading("Akibat perubahan ini"))
    if found:
        st.html(listing(_COLUMNS, [_row(effect) for effect in found], "Akibat perubahan ini"))
    else:
        st.html(quiet("Tidak ada angka yang berubah pada triwulan yang sudah dibuka."))
    st.html(
        quiet(
            "Angka dan kategori di semua halaman dan di laporan berikutnya dihitung ulang, juga untuk triwulan yang "
            "lalu. Laporan yang sudah diterbitkan dan diarsipkan tidak berubah."
        )
    )
    mark = hashlib.sha256(repr(sorted(typed.items())).encode()).hexdigest()[:12]
    read = st.checkbox("Saya sudah membaca akibatnya", key=f"{form.key}-akibat-{form.generation}-{mark}")
    return typed if read else None


def _row(effect: Effect) -> tuple[str, ...]:
    return (
        esc(format_period(effect.period)),
        str(effect.figures),
        str(effect.ratings),
        _percent(effect.before),
        f"<strong>{_percent(effect.after)}</strong>",
    )


def _percent(mean: Mean) -> str:
    return "–" if mean.value is None else esc(format_percent(mean.value))
