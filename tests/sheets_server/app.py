"""HTTP around the service: reads requests, lets faults strike, answers; and the control path for tests."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import uvicorn

from tests.sheets_server import human
from tests.sheets_server.answers import Answer, error_answer, json_answer
from tests.sheets_server.errors import ApiError
from tests.sheets_server.faults import AFTER, BEFORE, HTML_500, Effect, Fault
from tests.sheets_server.google import Google
from tests.sheets_server.model import Json
from tests.sheets_server.routes import Call, call_of

CONTROL = "/__control"
PERSON = "orang@contoh.go.id"


class App:
    """An ASGI application around one Google."""

    def __init__(self, google: Google) -> None:
        self.google = google

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = await read_body(receive)
        path = scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        if path == CONTROL:
            await respond(send, self.controlled(body))
            return
        headers = {key.decode().lower(): value.decode("latin-1") for key, value in scope["headers"]}
        token = headers.get("authorization", "").removeprefix("Bearer ").strip()
        query = scope["query_string"].decode("ascii", "replace")
        call = call_of(scope["method"], path, query, body, headers.get("content-type", ""), token)
        await self.serve(call, send)

    async def serve(self, call: Call, send: Any) -> None:
        google = self.google
        fault, effect = self.struck(call)
        entry = noted(google, call, effect)
        if effect is Effect.DELAY:
            await asyncio.sleep(fault.seconds if fault else 0)
        applied = effect in AFTER or effect in (None, Effect.DELAY)
        answer = google.answer(call) if applied else Answer(0)
        if effect is Effect.SLOW_ANSWER:
            await asyncio.sleep(fault.seconds if fault else 0)
        entry["status"] = answer.status
        if effect in (Effect.RESET, Effect.RESET_AFTER):
            send.__self__.transport.abort()
        elif effect is Effect.HALF_ANSWER:
            await half(send, answer)
        elif effect is Effect.HTML_500:
            await respond(send, Answer(500, HTML_500.encode(), "text/html; charset=UTF-8"))
        elif effect in BEFORE:
            await respond(send, error_answer(BEFORE[effect](bool(call.write))))
        else:
            await respond(send, answer)

    def struck(self, call: Call) -> tuple[Fault | None, Effect | None]:
        for fault in self.google.faults:
            effect = fault.strikes(call.kind, call.write)
            if effect is not None:
                return fault, effect
        return None, None

    # ---- control

    def controlled(self, body: bytes) -> Answer:
        given = json.loads(body)
        try:
            return json_answer(getattr(self, "do_" + given.pop("do"))(**given) or {})
        except ApiError as error:
            return error_answer(error)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return error_answer(ApiError(400, f"{type(error).__name__}: {error}"))

    def do_create(self, title: str, file_id: str = "", locale: str = "en_US", owner: str = PERSON) -> Json:
        book = self.google.new_book(title, owner, file_id)
        book.props["locale"] = locale
        self.google.keep(book)
        return {"id": book.id}

    def do_fault(self, **given: Any) -> None:
        self.google.faults.append(Fault(**given))

    def do_reset(self) -> None:
        google = self.google
        google.faults.clear()
        google.hooks.clear()
        google.counts.clear()
        google.log.clear()
        google.quota.limit, google.clock.fixed, google.api_disabled = None, None, False

    def do_heal(self) -> None:
        self.google.faults.clear()

    def do_counts(self) -> Json:
        return dict(self.google.counts)

    def do_log(self) -> Json:
        return {"log": list(self.google.log)}

    def do_forget(self) -> None:
        self.google.counts.clear()
        self.google.log.clear()

    def do_quota(self, limit: int | None) -> None:
        self.google.quota.limit = limit
        self.google.quota.used.clear()

    def do_advance(self, seconds: float) -> Json:
        self.google.clock.advance(seconds)
        return {"now": self.google.clock.now()}

    def do_expire_tokens(self) -> None:
        self.google.tokens.clear()

    def do_role(self, file_id: str, role: str, user: str = "*") -> None:
        book = self.google.books[file_id].copy()
        book.roles[user] = role
        self.google.keep(book)

    def do_mime_type(self, file_id: str, mime_type: str) -> None:
        book = self.google.books[file_id].copy()
        book.mime_type = mime_type
        self.google.keep(book)

    def do_api(self, disabled: bool) -> None:
        self.google.api_disabled = disabled

    def do_human(self, file_id: str, edits: list[Json], before: str = "") -> None:
        if before:
            self.google.hooks.append((before, lambda: self.edited(file_id, edits)))
        else:
            self.edited(file_id, edits)

    def edited(self, file_id: str, edits: list[Json]) -> None:
        google = self.google
        draft = google.books[file_id].copy()
        for edit in edits:
            human.apply(draft, edit, google.author(draft.owner))
        google.keep(draft)


def noted(google: Google, call: Call, effect: Effect | None) -> Json:
    """Counts the request; its entry in the log, still without a status."""
    google.counts[call.kind] += 1
    if call.write is not None:
        google.counts["writes" if call.write else "reads"] += 1
    entry = {"kind": call.kind, "method": call.method, "path": call.path, "effect": effect, "status": 0}
    google.log.append(entry)
    return entry


async def read_body(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def respond(send: Any, answer: Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": headers_of(answer)})
    await send({"type": "http.response.body", "body": answer.body})


async def half(send: Any, answer: Answer) -> None:
    """All headers, half of the body, then the connection is closed."""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers_of(answer)})
    await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
    send.__self__.transport.close()


def headers_of(answer: Answer) -> list[tuple[bytes, bytes]]:
    if answer.status == 204:
        return []
    return [(b"content-type", answer.content_type.encode()), (b"content-length", str(len(answer.body)).encode())]


def listener_on(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1; 0 takes a free port.

    asyncio sets TCP_NODELAY only on connections that name their protocol; without it each answer takes 40 ms.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def address_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def server_of(data: Path | None = None) -> uvicorn.Server:
    """A server that only needs a socket. Broken answers are wanted here, so uvicorn does not log them."""
    config = uvicorn.Config(
        App(Google(data)),
        http="h11",
        loop="asyncio",
        lifespan="off",
        log_level="critical",
        access_log=False,
        timeout_keep_alive=3600,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
