"""One run: theme, sign-in, menu, then the page asked for."""

from __future__ import annotations

import streamlit as st

from services.config import ConfigError
from services.domain.roles import Actor
from services.ui import capacity, errors, invitation, navigation, session, signin, theme


@errors.shielded
def main() -> None:
    st.set_page_config(
        page_title=navigation.APP_NAME, page_icon=str(navigation.LOGO), layout="wide", initial_sidebar_state=256
    )
    theme.apply()
    try:
        session.runtime()
    except ConfigError as exc:
        errors.configuration(exc)
        return
    capacity.leave_if_over()
    with session.checked_actor() as actor:
        draw(actor)


def draw(actor: Actor | None) -> None:
    page = navigation.choose(actor)
    session.draw_cookie_job()
    invitation.announce()
    if actor is None and not invitation.opens(page):
        signin.draw()
        return
    if actor:
        navigation.sidebar(actor)
    errors.shielded(page.run)()
