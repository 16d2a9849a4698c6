"""Kamus indikator: what is measured, how, and against which targets; the Kasubag PKP keeps it."""

from __future__ import annotations

import streamlit as st

from services.domain.indicators import Indicator
from services.domain.roles import RIGHTS, Action
from services.ui import frame, indicator_form, indicator_list, session
from services.ui.guard import require
from services.ui.reference import INDICATOR, STYLE
from services.views.office import Office

actor = require()
keeps = actor.role in RIGHTS[Action.EDIT_INDICATOR][1]


def one(office: Office, indicator: Indicator) -> None:
    frame.header("Kamus indikator")
    st.page_link("pages/indikator.py", label="Semua indikator", icon=":material/arrow_back:")
    st.html(indicator_list.title(office, indicator))
    if keeps:
        indicator_form.buttons(office, indicator)
        work = indicator_form.work_on(indicator.id)
        if work:
            indicator_form.draw(office, work)
    st.html(indicator_list.details(indicator))
    st.html(indicator_list.targets(office, indicator))
    st.html(indicator_list.results(office, indicator))


def everything(office: Office) -> None:
    frame.header("Kamus indikator", (f"{len(office.indicators)} indikator aktif", f"{len(office.sections)} seksi"))
    if keeps:
        work = indicator_form.work_on("")
        if work:
            indicator_form.draw(office, work)
        else:
            indicator_form.new_button()
    if not office.all_indicators:
        frame.empty_state(
            "Kamus indikator masih kosong", "Kasubag PKP menambahkan indikator beserta targetnya di sini."
        )
        return
    found = indicator_list.listed(office, indicator_list.choose(office), session.now().year)
    if found:
        st.html(found)
    else:
        frame.empty_state("Tidak ada indikator yang cocok", "Longgarkan saringan, atau kosongkan kata yang dicari.")


st.html(STYLE)
current = session.office()
asked = current.indicator_by_id.get(st.query_params.get(INDICATOR, ""))
if asked:
    one(current, asked)
else:
    everything(current)
