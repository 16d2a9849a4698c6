"""Our part of the server, beside the pages: one address for the browser's cookies, and what is shown where a run fails.

Imported once, when the server starts; the rest is looked up at each call, since Streamlit imports anew what changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GUARDS = {
    "X-Frame-Options": "SAMEORIGIN",  # nobody lays our buttons unseen under his own
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # an address may hold the key of the set-up
}


def routes() -> list[Route]:
    """What is served beside the pages."""
    from services.auth.handover import PATH

    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return [Route(f"/{base}/{PATH}".replace("//", "/"), hand_over, methods=["POST"])]


class Guarded:
    """Tells browsers, with each answer, what no other site may do with our pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(GUARDS)
            await send(message)

        await self._app(scope, receive, guarded)


def middleware() -> list[Middleware]:
    """What every answer of the server passes."""
    return [Middleware(Guarded)]


@asynccontextmanager
async def serving(_: st.App) -> AsyncIterator[None]:
    """From the start of the server to its end."""
    from services.auth.cookies import handover

    handover().served = True
    yield


async def hand_over(request: Request) -> Response:
    """The cookies for which the browser comes; whoever brings no good code gets the same answer without any."""
    from services.auth.cookies import handover
    from services.auth.handover import HEADER

    answer = Response(status_code=204, headers={"Cache-Control": "no-store"})
    for cookie in handover().take(request.headers.get(HEADER, "")):
        answer.set_cookie(
            cookie.name,
            cookie.value,
            expires=cookie.expires.astimezone(UTC),
            max_age=None if cookie.value else 0,
            path="/",
            secure=cookie.secure,
            httponly=True,
            samesite="strict",
        )
    return answer


def failed(exc: Exception) -> bool:
    """What Streamlit calls where a run fails and nothing of ours caught it."""
    from services.ui import failure

    return failure.show(exc)
