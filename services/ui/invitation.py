"""Whether this visitor came with the address of the set-up, and the making of that address.

The address holds a key that stands on the terminal alone. What such a visitor has entered is kept in the memory of the
process, so that a lost connection loses no more than the step he was at; nothing of it is on the disk.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass, field

import streamlit as st

from services.auth.sessions import Visitor
from services.log import LOGGER
from services.setup.beginning import NewOffice, NewSection, usual_sections
from services.setup.checks import Step
from services.setup.door import SetupDoor
from services.setup.installation import Administrator, Installed, Place, Site
from services.setup.keys import SetupKeys, fingerprint
from services.setup.notice import KEY, PAGE, notice
from services.setup.state import waits_for_office
from services.store.store import StoreError
from services.ui import session

_LET_IN, _REFUSED, _DONE = "mv-pasang-kunci", "mv-pasang-ditolak", "mv-pasang-selesai"


@dataclass(slots=True)
class Draft:
    """What was entered so far. ``passed``: the place whose checks all succeeded, with ``steps`` as their result."""

    step: int = 0
    settings: dict[str, str] = field(default_factory=dict)
    code: str = ""
    sections: tuple[NewSection, ...] = field(default_factory=usual_sections)
    leaders: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    address: str = ""
    key_text: str = field(default="", repr=False)
    passed: Place | None = None
    steps: tuple[Step, ...] = ()
    person: Administrator | None = None

    @property
    def office(self) -> NewOffice:
        return NewOffice(self.settings, self.sections, self.leaders)


@st.cache_resource(show_spinner=False)
def door() -> SetupDoor:
    """The one door of this process; it asks the running store each time."""
    opened = session.runtime()
    keys = SetupKeys(opened.settings.data_folder, opened.accounts.now)
    return SetupDoor(keys, opened.accounts, lambda: waits_for_office(session.runtime().store.read()))


def announce() -> None:
    """See to it that the address has been printed on the terminal, where no office is there yet.

    Streamlit runs nothing of ours before the first visit.
    """
    try:
        _announced()
    except StoreError as error:
        logging.getLogger(LOGGER).warning("Alamat penyiapan tidak dapat dicetak: %s", error)


@st.cache_resource(show_spinner=False)
def _announced() -> None:
    """Once in a process, and not where ``make run`` has just done so."""
    if not waits_for_office(session.runtime().shared.current()) or door().keys.made_lately():
        return
    base = f"http://localhost:{st.get_option('server.port')}/{str(st.get_option('server.baseUrlPath')).strip('/')}"
    # Not by way of the log, which is kept.
    sys.stdout.write(notice(door().keys.make(), base) + "\n")
    sys.stdout.flush()


def key() -> str:
    """The key with which this visitor came, if it is good now; else ""."""
    asked = str(st.query_params.get(KEY, ""))
    if not asked or st.session_state.get(_REFUSED) == asked:
        return ""
    try:
        if st.session_state.get(_LET_IN) == asked:
            return asked if door().still_lets_in(asked) else ""
        if door().lets_in(asked, visitor()):
            st.session_state[_LET_IN] = asked
            return asked
    except StoreError as error:
        logging.getLogger(LOGGER).warning("Kunci penyiapan tidak dapat diperiksa: %s", error)
        return ""
    st.session_state[_REFUSED] = asked  # asked once, however often this page is drawn
    return ""


def visitor() -> Visitor:
    return Visitor(session.sign_in().address())


def site() -> Site:
    opened = session.runtime()
    return Site(opened.settings, opened.store, opened.accounts, door(), os.environ)


def draft() -> Draft:
    """What was entered with this key, in whatever browser."""
    return _drafts().setdefault(fingerprint(key()), Draft())


def opens(page: st.Page) -> bool:
    """Whether this page is the set-up and this visitor may see it."""
    return page.url_path == PAGE and (done() is not None or bool(key()))


def done() -> Installed | None:
    """What this visitor has just made; it is shown until he goes on, although the key is void by then."""
    found: Installed | None = st.session_state.get(_DONE)
    return found


def finish(installed: Installed) -> None:
    """The office is there: nothing of the draft is kept, and everybody goes on with the new office."""
    st.session_state[_DONE] = installed
    _drafts().clear()
    reopen(installed)


def leave() -> None:
    """What was made has been seen."""
    st.session_state.pop(_DONE, None)


def reopen(installed: Installed | None = None) -> None:
    """Open everything anew, without a restart."""
    session.go_on_with(installed.settings if installed and installed.lines else None)
    door.clear()


@st.cache_resource(show_spinner=False)
def _drafts() -> dict[str, Draft]:
    return {}
