"""What a page says about data on their way: how old what it shows is, what waits to be sent, and what is at risk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import streamlit as st

from services.domain.numbers import format_datetime, format_time
from services.store.outbox import Item, State
from services.store.replica import Replica
from services.ui import conflicts, errors, session
from services.ui.html import md

_LOOK_AGAIN = "2s"
PAGE = "pages/bentrok.py"


def waiting() -> tuple[Item, ...]:
    """What was saved here and is not in the shared sheet yet, conflicts left out."""
    replica = session.runtime().replica
    return tuple(item for item in replica.outbox.queue() if item.state is State.WAITING) if replica else ()


def count_text() -> Iterator[str]:
    """For the line under the title; nothing where nothing waits."""
    count = len(waiting())
    if count:
        yield f"{count} menunggu terkirim"


def notices(*, lead_to_conflicts: bool) -> None:
    """Under the head of every page: what is not as usual, since when, and that nothing is lost (or what could be)."""
    replica = session.runtime().replica
    if replica is None:
        _database_away()
        return
    count = len(waiting())
    if replica.stale and replica.away_since:
        st.warning(_away(replica, replica.away_since, count), icon=":material/cloud_off:")
    elif replica.stale:
        _waking()
    if count and not session.runtime().disk_lasts():
        st.warning(
            f"**{count} perubahan belum sampai di Google Sheets.** Aplikasi ini berjalan di layanan tanpa disk tetap: "
            "bila dimulai ulang sekarang, yang menunggu terkirim hilang. Simpan salinan isian Anda.",
            icon=":material/warning:",
        )
    if lead_to_conflicts:
        _conflicts()


def _database_away() -> None:
    if session.runtime().shared.stale:
        st.warning(
            f"**Tidak tersambung ke penyimpanan.** Yang tampil adalah data {_moment(session.data_at())}. "
            "Data yang sudah tersimpan aman; simpan perubahan setelah tersambung lagi.",
            icon=":material/cloud_off:",
        )


def _away(replica: Replica, since: datetime, count: int) -> str:
    queued = f"{count} perubahan aman" if count else "Yang Anda simpan tetap aman"
    return (
        f"**Tidak tersambung ke penyimpanan sejak {_moment(since)}.** Yang tampil adalah data "
        f"{_moment(session.data_at())}. {queued} di antrean dan dikirim sendiri begitu tersambung. "
        f"Penyebab: {md(replica.trouble)}"
    )


@st.fragment(run_every=_LOOK_AGAIN)
@errors.shielded
def _waking() -> None:
    """Nobody looked for a while, so that nothing was read: the page draws itself anew once the new data are there."""
    replica = session.runtime().replica
    if replica is None or not replica.stale or replica.away_since:
        st.rerun()
    at = _moment(session.data_at())
    st.info(f"**Data sedang diperbarui.** Yang tampil adalah data {at}.", icon=":material/sync:")


def _conflicts() -> None:
    actor = session.actor()
    count = len(conflicts.of(actor)) if actor else 0
    if count:
        with st.container(border=True, key="mv-bentrok-ada", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{count} perubahan bentrok** dan menunggu keputusan Anda.", width="stretch")
            st.page_link(PAGE, label="Putuskan", icon=":material/call_split:")


def _moment(moment: datetime) -> str:
    """The time of today, else with its day."""
    today = moment.date() == session.now().date()
    return f"pukul {format_time(moment)}" if today else format_datetime(moment)
