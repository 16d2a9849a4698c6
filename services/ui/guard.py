"""First statement of every page: nothing of a page is shown to whoever may not see it.

On a cold server Streamlit runs a file of ``pages/`` alone, without app.py and so without its sign-in. The guard sends
such a run through app.py first.
"""

from __future__ import annotations

from typing import NoReturn

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from services.domain.roles import Actor, Role
from services.ui import invitation, session

_FLAG = "uses_pages_directory"  # private to Streamlit
WRONG_ROLE = "Halaman ini bukan untuk peran Anda"
NOTHING_HERE = "Halaman ini tidak tersedia"


def require(*roles: Role) -> Actor:
    """The signed-in person, when the role is one of ``roles`` (none given: any); otherwise the page ends here."""
    if _runs_alone():
        _through_app()
    actor = session.actor()
    if actor is None:
        _through_app()
    if roles and actor.role not in roles:
        _refuse(actor, roles)
    return actor


def require_invitation() -> None:
    """For the page that sets an office up: it is there only for whoever came with the key to it."""
    if _runs_alone():
        _through_app()
    if invitation.done() is None and not invitation.key():
        if session.actor() is None:
            _through_app()
        st.html(f'<h1 class="mv-h1">{NOTHING_HERE}</h1>')
        st.info("Pilih halaman lain di menu.", icon=":material/block:")
        st.stop()


def _runs_alone() -> bool:
    """Whether Streamlit still takes the files of ``pages/`` for the whole application."""
    return bool(getattr(PagesManager, _FLAG, False))


def _through_app() -> NoReturn:
    if hasattr(PagesManager, _FLAG):
        setattr(PagesManager, _FLAG, False)
        st.rerun()  # keeps the address, so that the person arrives here after signing in
    st.switch_page("app.py")  # loses the address, but needs nothing private to Streamlit


def _refuse(actor: Actor, roles: tuple[Role, ...]) -> NoReturn:
    title = st.context.url or ""
    session.note_denial(f"halaman {title.rpartition('/')[2].partition('?')[0]}", title)
    *others, last = (role.label for role in roles)
    allowed = f"{', '.join(others)} dan {last}" if others else last
    st.html(f'<h1 class="mv-h1">{WRONG_ROLE}</h1>')
    st.info(
        f"Halaman ini untuk {allowed}. Anda masuk sebagai {actor.title}. Pilih halaman lain di menu.",
        icon=":material/block:",
    )
    st.stop()
