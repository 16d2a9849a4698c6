"""The pages, their groups in the menu, and the sidebar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from services.domain.roles import RIGHTS, Action, Actor, Role
from services.ui import session
from services.ui.html import esc

ROOT = Path(__file__).parents[2]
LOGO = ROOT / "services" / "assets" / "logo.svg"
APP_NAME = "Monev Silaut"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu. ``roles``: who may open it, empty for everybody; its guard names the same ones."""

    name: str
    title: str
    icon: str
    group: str
    roles: tuple[Role, ...] = ()

    @property
    def file(self) -> Path:
        return ROOT / "pages" / f"{self.name}.py"


FILLERS = tuple(RIGHTS[Action.SAVE_ENTRY][1])
START = "dasbor"

ENTRIES = (
    Entry("isian", "Isian data", "edit_note", "Pekerjaan", FILLERS),
    Entry("dasbor", "Dasbor", "dashboard", "Triwulan"),
    Entry("laporan", "Laporan", "description", "Triwulan"),
    Entry("indikator", "Kamus indikator", "menu_book", "Rujukan"),
    Entry("riwayat", "Riwayat", "history", "Rujukan"),
)


def choose(actor: Actor | None) -> st.Page:
    """Tell Streamlit all pages, always the same ones, and get the one asked for.

    A page left out would be "not found", in English, for whoever opens its address; so it is only hidden.
    """
    # Off in config.toml, so that a cold server does not show a menu of file names before it gets here.
    st.set_option("client.showSidebarNavigation", True)
    groups: dict[str, list[st.Page]] = {}
    for entry in (e for e in ENTRIES if e.file.exists()):
        groups.setdefault(entry.group, []).append(_page(entry, actor))
    return st.navigation(groups, position="sidebar" if actor else "hidden", expanded=True)


def sidebar(actor: Actor) -> None:
    """Logo above the menu; below it who is signed in, and the way out."""
    st.logo(str(LOGO), size="large")
    with st.sidebar:
        role = role_line(actor, session.office().section(actor.section_id).name)
        st.html(f'<div class="mv-who"><strong>{esc(actor.name)}</strong><br>{esc(role)}</div>')
        st.button(
            "Keluar", key="mv-keluar", type="tertiary", icon=":material/logout:", on_click=session.sign_in().sign_out
        )


def role_line(actor: Actor, section_name: str) -> str:
    """What stands under the name: the role, and for a kasi of which section."""
    return section_name if actor.role is Role.KASI and section_name else actor.role.label


def _page(entry: Entry, actor: Actor | None) -> st.Page:
    return st.Page(
        entry.file,
        title=entry.title,
        icon=f":material/{entry.icon}:",
        url_path=entry.name,
        default=entry.name == START,
        visibility="visible" if actor is None or _may(actor, entry.roles) else "hidden",
    )


def _may(actor: Actor, roles: Iterable[Role]) -> bool:
    allowed = tuple(roles)
    return not allowed or actor.role in allowed
