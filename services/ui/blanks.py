"""Blangko isian to download: the paper form of one section, or those of all sections in one ZIP file."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import partial

import streamlit as st

from services.domain.filenames import name_part
from services.domain.indicators import Period
from services.report.forms.entry_form import entry_form_pdf
from services.ui import downloads, session
from services.views.office import Office

_ALL = ""
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that ZIP can write; a real one would make other bytes of the same forms."""


def draw(office: Office, period: Period) -> None:
    """The choice of section and the button; the forms are made when it is pressed."""
    names = {_ALL: "Semua seksi (ZIP)"} | {s.id: s.name for s in office.sections if office.indicators_of(s.id)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen: str = st.selectbox(
            "Blangko untuk", tuple(names), format_func=names.__getitem__, key="mv-blangko", width=380
        )
        one, now = chosen != _ALL, session.now()
        st.download_button(
            "Unduh blangko",
            downloads.later(
                partial(entry_form_pdf, office, period, chosen, now) if one else partial(all_forms, office, period, now)
            ),
            file_name=form_name(period, chosen) if one else f"blangko-{period.key}.zip",
            mime="application/pdf" if one else "application/zip",
            icon=":material/print:",
            on_click="ignore",
            key="mv-blangko-unduh",
        )


def all_forms(office: Office, period: Period, now: datetime) -> bytes:
    """The forms of all sections with indicators; the same forms make the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in office.sections:
            if office.indicators_of(section.id):
                entry = zipfile.ZipInfo(form_name(period, section.id), _OLDEST)
                archive.writestr(entry, entry_form_pdf(office, period, section.id, now))
    return packed.getvalue()


def form_name(period: Period, section_id: str) -> str:
    return f"blangko-{period.key}-{name_part(section_id)}.pdf"
