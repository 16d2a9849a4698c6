"""What a person sees when something went wrong: what happened, what is safe, what to do. Never a trace.

Each message names a reference, under which galat.log has the technical side.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

import streamlit as st

from services.config import ConfigError
from services.store.store import InvalidChange, StoreError, StoreUnavailable
from services.ui.failure import AGAIN, SAFE, TITLE, noted
from services.ui.html import md

P = ParamSpec("P")
_KEPT = "mv-galat"


@dataclass(frozen=True, slots=True)
class _Message:
    title: str
    text: str
    icon: str = "error"

    def draw(self) -> None:
        show = st.warning if self.icon == "cloud_off" else st.error
        show(self.text, title=self.title, icon=f":material/{self.icon}:")


def shielded(run: Callable[P, None]) -> Callable[P, None]:
    """Run a page or a fragment; an unexpected error becomes a message with a reference, the trace goes to the log.

    Streamlit's own ways to stop or rerun are no errors and pass.
    """

    @functools.wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        _say_kept()
        try:
            run(*args, **kwargs)
        except Exception as exc:
            _of_page(exc).draw()

    return wrapped


def pressed(act: Callable[P, object]) -> Callable[P, None]:
    """What a press of a button or a change of a field calls. Where it fails, the page is drawn all the same, with a
    message that says so: Streamlit alone would show nothing but an error in English.
    """

    @functools.wraps(act)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except Exception as exc:
            st.session_state[_KEPT] = _of_press(exc)

    return wrapped


def configuration(exc: ConfigError) -> None:
    """The application cannot start: the line to correct."""
    st.title("Monev Silaut belum dapat dijalankan")
    st.error(f"{md(exc)} {_code(exc)}", title="Pengaturan perlu diperbaiki.", icon=":material/build:")
    st.caption("Setelah diperbaiki, muat ulang halaman ini.")


def _say_kept() -> None:
    """What went wrong at the press before this run."""
    message: _Message | None = st.session_state.pop(_KEPT, None)
    if message:
        message.draw()


def _of_page(exc: Exception) -> _Message:
    if isinstance(exc, StoreUnavailable):
        return _away(f"{md(exc)} Muat ulang halaman ini beberapa saat lagi. {_code(exc)}")
    said = md(exc) if _says_what(exc) else SAFE
    return _Message(TITLE, f"{said} {AGAIN} {_code(exc)}")


def _of_press(exc: Exception) -> _Message:
    if isinstance(exc, StoreUnavailable):
        return _away(f"{md(exc)} Tindakan terakhir tidak dijalankan; ulangi beberapa saat lagi. {_code(exc)}")
    said = md(exc) if _says_what(exc) else SAFE
    again = "Periksa hasilnya di halaman ini, lalu ulangi; bila gagal lagi, beri tahu admin."
    return _Message("Tindakan terakhir tidak selesai.", f"{said} {again} {_code(exc)}")


def _away(text: str) -> _Message:
    return _Message("Penyimpanan data tidak dapat dihubungi.", text, "cloud_off")


def _says_what(exc: Exception) -> bool:
    """Whether the message is for people. A change that no store would take is a defect of ours."""
    return isinstance(exc, StoreError) and not isinstance(exc, InvalidChange)


def _code(exc: Exception) -> str:
    return f"Kode **{noted(exc)}**."
