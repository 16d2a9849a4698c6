"""What a person sees when something went wrong: what happened, what is safe, what to do. Never a trace."""

from __future__ import annotations

import functools
import logging
import secrets
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from services.config import ConfigError
from services.runtime import LOGGER
from services.store.store import StoreError
from services.ui.html import md

P = ParamSpec("P")


def shielded(run: Callable[P, None]) -> Callable[P, None]:
    """Run a page or a fragment; an unexpected error becomes a message with a reference, the trace goes to the log.

    Streamlit's own ways to stop or rerun are no errors and pass.
    """

    @functools.wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            run(*args, **kwargs)
        except StoreError as exc:
            store_away(exc)
        except Exception:
            unexpected()

    return wrapped


def unexpected() -> None:
    """Log the error being handled and show its reference."""
    reference = secrets.token_hex(3).upper()
    logging.getLogger(LOGGER).exception("Galat %s", reference)
    st.error(
        f"Data yang sudah tersimpan aman. Muat ulang halaman ini; bila terulang, beri tahu admin kode **{reference}**.",
        title="Halaman ini tidak dapat ditampilkan.",
        icon=":material/error:",
    )


def configuration(exc: ConfigError) -> None:
    """The application cannot start: the line to correct."""
    st.title("Monev Silaut belum dapat dijalankan")
    st.error(md(exc), title="Pengaturan perlu diperbaiki.", icon=":material/build:")
    st.caption("Setelah diperbaiki, muat ulang halaman ini.")


def store_away(exc: StoreError) -> None:
    """The store cannot be reached and there is nothing older to show."""
    logging.getLogger(LOGGER).error("Penyimpanan: %s", exc)
    st.warning(
        f"{md(exc)} Muat ulang halaman ini beberapa saat lagi.",
        title="Penyimpanan data tidak dapat dihubungi.",
        icon=":material/cloud_off:",
    )
