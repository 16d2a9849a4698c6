"""The office as it was at a past moment, made once for everybody who looks at the same data."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from services.ui import session
from services.views import past
from services.views.office import Office


def office_at(office: Office, moment: datetime) -> Office:
    """Raises what reading the log raises."""
    snapshot = office.snapshot
    return _office_at((snapshot.office, snapshot.revision, snapshot.read_at), moment, office)


@st.cache_resource(max_entries=12, show_spinner="Menyusun keadaan lampau dari riwayat.")
def _office_at(version: tuple[object, ...], moment: datetime, _office: Office) -> Office:  # noqa: ARG001  (the cache's key)
    return past.office_at(session.runtime().store, _office, moment)
