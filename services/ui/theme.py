"""The style of our own HTML and what the theme settings of Streamlit cannot say, for the theme in use."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from services.charts.palette import DARK, EDGE, LIGHT, Palette

_RULES = Path(__file__).with_name("style.css")


def palette() -> Palette:
    """Colours of the theme that this person sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def apply() -> None:
    """Put the style on the page; takes no room."""
    st.html(f"<style>{variables(palette())}{_rules()}</style>")


def variables(colours: Palette) -> str:
    """The palette as CSS variables ``--mv-…``."""
    plain = {
        name: getattr(colours, name)
        for name in ("page", "text", "muted", "navy", "primary", "ochre", "brick", "panel", "border", "grid", "plan")
    }
    plain |= {"pending": colours.pending, "unrated": colours.unrated, "edge": EDGE, "cover": LIGHT.sidebar}
    chips = {
        "done": colours.chip_done,
        "now": colours.chip_now,
        "late": colours.chip_late,
        "open": colours.chip_open,
        "doubt": colours.chip_now,
    } | {f"r{rank}": fill for rank, fill in enumerate(colours.ratings)}
    for name, fill in chips.items():
        plain |= {f"{name}-bg": fill.background, f"{name}-fg": fill.text}
    body = "".join(f"--mv-{name}:{value};" for name, value in plain.items())
    return f":root{{{body}}}"


@cache
def _rules() -> str:
    return _RULES.read_text("utf-8")
