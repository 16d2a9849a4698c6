"""The pages, their groups in the menu, and the sidebar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.commands import navigation as streamlit_navigation

from services.domain.numbers import format_date
from services.domain.roles import Actor, Role, needs_section
from services.ui import capacity, conflicts, errors, frame, session
from services.ui.html import esc

ROOT = Path(__file__).parents[2]
LOGO = ROOT / "services" / "assets" / "logo.svg"
APP_NAME = "Monev Silaut"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu. ``roles``: who may open it, empty for everybody; its guard names the same ones.

    ``needed``: whether this person has anything to do there; otherwise the menu does not list it.
    """

    name: str
    title: str
    icon: str
    group: str
    roles: tuple[Role, ...] = ()
    needed: Callable[[Actor], bool] = lambda _: True

    @property
    def file(self) -> Path:
        return ROOT / "pages" / f"{self.name}.py"


START = "tugas"
NO_SUCH_PAGE = "Tidak ada halaman dengan alamat itu. Pilih halaman di menu."
_NOT_FOUND = "send_page_not_found"  # private to Streamlit

ENTRIES = (
    Entry("tugas", "Tugas saya", "task_alt", "Pekerjaan"),
    Entry("isian", "Isian data", "edit_note", "Pekerjaan"),
    Entry("bentrok", "Bentrok", "call_split", "Pekerjaan", needed=conflicts.any_for),
    Entry("dasbor", "Dasbor", "dashboard", "Triwulan"),
    Entry("langkah", "Langkah SOP", "linear_scale", "Triwulan"),
    Entry("buka", "Buka triwulan", "event_available", "Triwulan", needed=lambda actor: actor.role is Role.PKP),
    Entry("pengumpulan", "Pengumpulan data", "assignment_turned_in", "Triwulan"),
    Entry("periksa", "Periksa data", "rule", "Triwulan"),
    Entry("monev", "Monev lapangan", "fact_check", "Triwulan"),
    Entry("analisis", "Analisis", "insights", "Triwulan"),
    Entry("draf", "Draf dan koreksi", "rate_review", "Triwulan"),
    Entry("verifikasi", "Verifikasi", "verified", "Triwulan"),
    Entry("laporan", "Laporan", "description", "Triwulan"),
    Entry("indikator", "Kamus indikator", "menu_book", "Rujukan"),
    Entry("keaslian", "Periksa laporan", "find_in_page", "Rujukan"),
    Entry("teks", "Teks laporan", "edit_document", "Rujukan"),
    Entry("mutu", "Mutu baku", "timer", "Rujukan"),
    Entry("sop", "Dokumen SOP", "account_tree", "Rujukan"),
    Entry("kantor", "Kantor", "apartment", "Rujukan"),
    Entry("data", "Data", "table_view", "Rujukan"),
    Entry("riwayat", "Riwayat", "history", "Rujukan"),
    Entry("mesinwaktu", "Mesin waktu", "hourglass_top", "Rujukan"),
    Entry("hak", "Hak akses", "key", "Akun"),
    Entry("akun", "Akun saya", "account_circle", "Akun"),
    Entry("pengguna", "Pengguna", "group", "Akun", (Role.ADMIN,)),
    Entry("pasang", "Siapkan kantor", "domain_add", "Akun", needed=lambda _: False),
)


def speak_indonesian() -> None:
    """Have an address without a page lead to the first one with a word of ours; without this, a dialog in English comes
    that covers it.
    """
    if hasattr(streamlit_navigation, _NOT_FOUND):
        setattr(streamlit_navigation, _NOT_FOUND, lambda _: frame.warned(NO_SUCH_PAGE))


speak_indonesian()


def choose(actor: Actor | None) -> st.Page:
    """Tell Streamlit all pages, always the same ones, and get the one asked for.

    A page left out would be "not found", in English, for whoever opens its address; so it is only hidden.
    """
    # Off in config.toml, so that a cold server does not show a menu of file names before it gets here.
    st.set_option("client.showSidebarNavigation", True)
    pages = {entry: _page(entry, actor) for entry in ENTRIES}
    groups: dict[str, list[st.Page]] = {"": [_start_page(pages)]}
    for entry, page in pages.items():
        groups.setdefault(entry.group, []).append(page)
    return st.navigation(groups, position="sidebar" if actor else "hidden", expanded=True)


def sidebar(actor: Actor) -> None:
    """Logo above the menu; below it who is signed in, and the way out."""
    st.logo(str(LOGO), size="large")
    with st.sidebar:
        office = session.office()
        role = role_line(actor, office.section(actor.section_id).name)
        day = f"<br>Contoh: {format_date(session.now())}" if office.profile.sample else ""
        st.html(f'<div class="mv-who"><strong>{esc(actor.name)}</strong><br>{esc(role)}{day}</div>')
        capacity.choose(actor)
        st.button(
            "Keluar",
            key="mv-keluar",
            type="tertiary",
            icon=":material/logout:",
            on_click=errors.pressed(session.sign_in().sign_out),
        )


def role_line(actor: Actor, section_name: str) -> str:
    """What stands under the name: the role, or the section where the name says the role already."""
    if actor.stand_in:
        return f"{actor.title}, {section_name}" if section_name and needs_section(actor.role) else actor.title
    says_role = actor.role is Role.KASI or actor.name == actor.role.label
    return section_name if says_role and section_name else actor.role.label


def _start_page(pages: Mapping[Entry, st.Page]) -> st.Page:
    """The bare address leads to what there is to do. Streamlit ignores the name of a default page, so that it cannot be
    that page itself: "/tugas" would be "not found".
    """

    def start() -> None:
        page = next(page for entry, page in pages.items() if entry.name == START)
        st.switch_page(page, query_params=st.query_params.to_dict())

    return st.Page(start, title=APP_NAME, url_path="mulai", default=True, visibility="hidden")


def _page(entry: Entry, actor: Actor | None) -> st.Page:
    return st.Page(
        entry.file,
        title=entry.title,
        icon=f":material/{entry.icon}:",
        url_path=entry.name,
        visibility="visible" if actor is None or _listed(actor, entry) else "hidden",
    )


def _listed(actor: Actor, entry: Entry) -> bool:
    return (not entry.roles or actor.role in entry.roles) and entry.needed(actor)
