"""Where the work of each step is done: the page of the step, for menus, links and buttons."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from services.domain.sop import (
    ANALYSING,
    ARCHIVING,
    COLLECTING,
    CORRECTING,
    DISCUSSING,
    DRAFTING,
    FORM,
    GATHERING,
    ISSUING,
    PLANNING,
    PROCESSING,
    VERIFYING,
    VISITING,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page of ``pages/`` by name, and the part of it that this step uses ("": the page as a whole)."""

    page: str
    part: str = ""

    @property
    def file(self) -> str:
        return f"pages/{self.page}.py"


PLACES: dict[int, Place] = {
    FORM: Place("buka"),
    COLLECTING: Place("pengumpulan"),
    PROCESSING: Place("periksa"),
    PLANNING: Place("monev", "rencana"),
    VISITING: Place("monev", "pelaksanaan"),
    GATHERING: Place("monev", "hasil"),
    ANALYSING: Place("analisis"),
    DRAFTING: Place("draf", "versi"),
    DISCUSSING: Place("draf", "pembahasan"),
    CORRECTING: Place("draf", "koreksi"),
    VERIFYING: Place("verifikasi"),
    ISSUING: Place("laporan"),
    ARCHIVING: Place("laporan"),
}


def link(step: int, label: str) -> None:
    """A link to the place of a step that looks like a button."""
    place = PLACES[step]
    params = {"bagian": place.part} if place.part else None
    st.page_link(place.file, label=label, icon=":material/arrow_forward:", query_params=params)
