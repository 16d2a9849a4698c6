"""Files that are made when somebody asks for them. Streamlit makes them outside his session and tells him nothing but
"Failed to generate file for download"; here he is told what happened, in Indonesian, with a reference.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from streamlit.runtime import backend_operation_handler as streamlit_handlers

from services.store.store import StoreUnavailable
from services.ui import session
from services.ui.failure import noted

SIGNED_OUT = "Sesi masuk sudah berakhir. Muat ulang halaman ini, lalu masuk lagi."
GONE = "Berkas tidak dapat dibuat. Muat ulang halaman ini, lalu unduh lagi."
_HANDLER, _HANDLE = "DeferredFileHandler", "handle"  # private to Streamlit
_said: ContextVar[list[str] | None] = ContextVar("said", default=None)


class NotMade(Exception):
    """There is no file; the message says why and what to do, in Indonesian."""


def later(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button takes for a file that is made at the press, for whoever is signed in here and still is."""
    door = session.sign_in()
    ticket = door.ticket()

    @functools.wraps(make)
    def made() -> bytes:
        try:
            if not door.holds(ticket):
                raise NotMade(SIGNED_OUT)
            return make()
        except Exception as exc:
            reason = _reason(exc)
        said = _said.get()
        if said is not None:
            said.append(reason)
        raise NotMade(reason)

    return made


def _reason(exc: Exception) -> str:
    if isinstance(exc, NotMade):
        return str(exc)
    why = f"{exc} " if isinstance(exc, StoreUnavailable) else ""
    return f"{why}Berkas tidak dapat dibuat. Coba lagi; bila terulang, beri tahu admin. Kode {noted(exc)}."


def _saying_why(handle: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(handle)
    async def handled(*args: Any, **kwargs: Any) -> Any:
        said: list[str] = []
        token = _said.set(said)
        try:
            answer = await handle(*args, **kwargs)
        finally:
            _said.reset(token)
        if answer.error_msg:
            answer.error_msg = said[-1] if said else GONE
        return answer

    return handled


def speak_indonesian() -> None:
    """Have the browser shown our reason instead of Streamlit's; without it the message is English, with no trace."""
    handler = getattr(streamlit_handlers, _HANDLER, None)
    if handler is not None and not hasattr(getattr(handler, _HANDLE, None), "__wrapped__"):
        setattr(handler, _HANDLE, _saying_why(getattr(handler, _HANDLE)))


speak_indonesian()
