"""What the SOP itself says of a step, word for word, as every place of a step shows it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from services.domain.indicators import Period
from services.domain.roles import Role
from services.domain.sop import Step
from services.ui.html import esc
from services.views.office import Office

STYLE = Path(__file__).with_name("sop_says.css")
PROPOSED = "usulan, belum dikonfirmasi"
_NOBODY = "belum ditetapkan"


def draw(office: Office, period: Period, *steps: int) -> None:
    """A quiet line for each of the steps, by number, which opens to the SOP's own words.

    They are those of the version with which the quarter began, or with which it would be opened now.
    """
    st.html(STYLE)
    known = {step.no: step for step in office.steps(period)}
    st.html("".join(lines(known[no]) for no in steps if no in known))


def lines(step: Step) -> str:
    """Number, standard time and holder in one line; procedure, kelengkapan, output and the rest below it."""
    parts = (
        ("Uraian prosedur", esc(step.procedure)),
        ("Kelengkapan", esc(step.requirement)),
        ("Waktu", esc(step.duration)),
        ("Output", esc(step.output)),
        ("Pelaksana", holders(step)),
        ("Terlibat", esc(_names(step.involved) or "–")),
    )
    body = "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in parts)
    return (
        f'<details class="mv-sop"><summary>Langkah {step.no} menurut SOP: {esc(step.duration)}, {holders(step)}'
        f"</summary><dl>{body}</dl></details>"
    )


def holders(step: Step) -> str:
    """Who carries out the step, as HTML; a proposal says that it is one."""
    mark = "" if step.confirmed else f" <em>({PROPOSED})</em>"
    return f"{esc(_names(step.executor) or _NOBODY)}{mark}"


def _names(roles: Iterable[Role]) -> str:
    return " dan ".join(role.label for role in roles)
