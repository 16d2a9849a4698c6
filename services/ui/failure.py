"""What a person sees where a run failed and nothing else of ours could say so, since it could not even be imported.

Needs next to nothing of ours: whatever it needed could be what fails.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets

import streamlit as st

from services import log

TITLE = "Halaman ini tidak dapat ditampilkan."
SAFE = "Data yang sudah tersimpan aman."
AGAIN = "Muat ulang halaman ini; bila terulang, beri tahu admin."


def noted(exc: Exception) -> str:
    """Put an error into the log; the reference under which it stands there."""
    reference = secrets.token_hex(3).upper()
    logging.getLogger(log.LOGGER).error("Galat %s: %s", reference, exc, exc_info=exc)
    return reference


def show(exc: Exception) -> bool:
    """Say that the page cannot be shown, with a reference; always True, for Streamlit: it need not say more."""
    if not logging.getLogger(log.LOGGER).handlers:
        _open_log()
    st.title("Monev Silaut")
    st.error(f"{SAFE} {AGAIN} Kode **{noted(exc)}**.", title=TITLE, icon=":material/error:")
    return True


def _open_log() -> None:
    """The start that opens galat.log may not have got so far. Where even this fails, standard error has the entry."""
    with contextlib.suppress(Exception):
        from services.config import ERROR_LOG, load, secrets_of

        settings = load(os.environ)
        log.write_to(settings.data_folder / ERROR_LOG, secrets_of(settings, ""))
