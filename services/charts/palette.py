"""Colours of the identity, once for screen, charts and paper.

Navy carries facts, ochre means "now / uncertain", brick means "late / wrong". There is no green: blue, sand, ochre and
brick stay apart for red-green blind readers, and a symbol always stands beside a colour.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled mark and the text on it."""

    background: str
    text: str


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. Contrast of text on its ground is at least 4.5 in both."""

    page: str
    text: str
    muted: str
    navy: str
    primary: str
    ochre: str
    brick: str
    panel: str
    border: str
    grid: str
    plan: str
    pending: str
    sidebar: str
    chip_done: Fill
    chip_now: Fill
    chip_late: Fill
    chip_open: Fill
    ratings: tuple[Fill, Fill, Fill, Fill, Fill]
    unrated: str


LIGHT = Palette(
    page="#FFFFFF",
    text="#1B2733",
    muted="#55616F",
    navy="#1F3A5F",
    primary="#1F3A5F",
    ochre="#B7791F",
    brick="#A83A2C",
    panel="#F1F4F8",
    border="#CDD6E0",
    grid="#E6EBF1",
    plan="#94A3B3",
    pending="#CDD6E0",
    sidebar="#1F3A5F",
    chip_done=Fill("#E6ECF4", "#1F3A5F"),
    chip_now=Fill("#FBF1DC", "#7A4A06"),
    chip_late=Fill("#FBE9E5", "#8C2A1E"),
    chip_open=Fill("#F1F4F8", "#55616F"),
    ratings=(
        Fill("#1F5F8B", "#FFFFFF"),
        Fill("#A9CBE2", "#12283B"),
        Fill("#F3E8C8", "#3D3415"),
        Fill("#E3A857", "#33210A"),
        Fill("#A83A2C", "#FFFFFF"),
    ),
    unrated="#4F5B69",
)

DARK = Palette(
    page="#0F1620",
    text="#E4EAF2",
    muted="#A9B6C5",
    navy="#9CC3EC",
    primary="#3B76B6",
    ochre="#E0B04A",
    brick="#E58A78",
    panel="#182230",
    border="#34445A",
    grid="#243041",
    plan="#5C6F86",
    pending="#34445A",
    sidebar="#14253D",
    chip_done=Fill("#1E3250", "#9CC3EC"),
    chip_now=Fill("#3A2E14", "#F0CE85"),
    chip_late=Fill("#43211C", "#F4B5A8"),
    chip_open=Fill("#182230", "#A9B6C5"),
    ratings=(
        Fill("#7DBCE4", "#0A1824"),
        Fill("#2C5F86", "#EAF3FA"),
        Fill("#4B4631", "#F3EBCF"),
        Fill("#875A1A", "#FFF4E0"),
        Fill("#EE9C8C", "#2E0B06"),
    ),
    unrated="#B7C3D1",
)

EDGE = "#C0922F"
"""Ochre edge of the sidebar and of the report's cover, in both themes."""

RATING_SYMBOLS = ("▲", "△", "●", "▽", "▼")
UNRATED_SYMBOL = "○"


def rating_symbol(rank: int | None) -> str:
    return UNRATED_SYMBOL if rank is None else RATING_SYMBOLS[rank]
