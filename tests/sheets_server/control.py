"""The other side of the server for tests: faults, people's edits, counts, quota, access; and a server to start."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sheets_server.a1 import column_index
from tests.sheets_server.app import address_of, listener_on, server_of
from tests.sheets_server.faults import Effect
from tests.sheets_server.google import ROBOT

__all__ = ["Control", "Edit", "Effect", "Refused", "Server", "running_sheets_server", "service_account"]

Json = dict[str, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """The server could not do what the control asked for."""


class Edit:
    """Edits of people in their browser; rows count from 1 and columns are letters, as they see them."""

    @staticmethod
    def type(tab: str, cell: str, *texts: Any) -> Json:
        """Types into the cell and those to its right, read as the spreadsheet's locale reads typing."""
        return {"edit": "type", "tab": tab, "cell": cell, "rows": [list(texts)]}

    @staticmethod
    def sort(tab: str, column: str, descending: bool = False, header_rows: int = 1) -> Json:
        return {"edit": "sort", "tab": tab, "column": column, "descending": descending, "header_rows": header_rows}

    @staticmethod
    def insert_rows(tab: str, before: int, count: int = 1) -> Json:
        return {"edit": "insert", "tab": tab, "dimension": "ROWS", "at": before - 1, "count": count}

    @staticmethod
    def delete_rows(tab: str, first: int, count: int = 1) -> Json:
        return {"edit": "delete", "tab": tab, "dimension": "ROWS", "at": first - 1, "count": count}

    @staticmethod
    def insert_columns(tab: str, before: str, count: int = 1) -> Json:
        return {"edit": "insert", "tab": tab, "dimension": "COLUMNS", "at": column_index(before), "count": count}

    @staticmethod
    def delete_columns(tab: str, first: str, count: int = 1) -> Json:
        return {"edit": "delete", "tab": tab, "dimension": "COLUMNS", "at": column_index(first), "count": count}

    @staticmethod
    def move_columns(tab: str, first: str, before: str, count: int = 1) -> Json:
        moved = {"edit": "move", "tab": tab, "dimension": "COLUMNS", "at": column_index(first), "count": count}
        return {**moved, "to": column_index(before)}

    @staticmethod
    def move_rows(tab: str, first: int, before: int, count: int = 1) -> Json:
        return {"edit": "move", "tab": tab, "dimension": "ROWS", "at": first - 1, "count": count, "to": before - 1}

    @staticmethod
    def rename_tab(tab: str, title: str) -> Json:
        return {"edit": "rename", "tab": tab, "title": title}

    @staticmethod
    def delete_tab(tab: str) -> Json:
        return {"edit": "remove_tab", "tab": tab}

    @staticmethod
    def merge(tab: str, cells: str) -> Json:
        return {"edit": "merge", "tab": tab, "cells": cells}

    @staticmethod
    def duplicate_row(tab: str, row: int) -> Json:
        """Copies the row into a new one directly below."""
        return {"edit": "duplicate", "tab": tab, "at": row - 1}

    @staticmethod
    def requests(*requests: Json) -> Json:
        """Anything else, as requests of batchUpdate."""
        return {"edit": "requests", "requests": list(requests)}


class Control:
    """Commands to a running server.

    A kind of request is named as Google names its method: "get", "batchUpdate", "values.get", "values.batchGet",
    "values.append", "drive.get", "token" and so on.
    """

    def __init__(self, base: str) -> None:
        self.base = base

    def do(self, command: str, **arguments: Any) -> Json:
        body = json.dumps({"do": command, **arguments}).encode()
        request = urllib.request.Request(f"{self.base}/__control", body, {"Content-Type": "application/json"})
        try:
            with LOCAL.open(request, timeout=30) as answer:
                found: Json = json.loads(answer.read())
        except HTTPError as error:
            raise Refused(f"{command}: {error.read().decode('utf-8', 'replace')}") from None
        return found

    def create(self, title: str = "Monev", *, file_id: str = "", locale: str = "id_ID") -> str:
        """A spreadsheet that a person made and shared with everybody; its id."""
        return str(self.do("create", title=title, file_id=file_id, locale=locale)["id"])

    def fault(
        self,
        kinds: str,
        *effects: Effect | str,
        times: int | None = 1,
        probability: float = 1.0,
        skip: int = 0,
        seconds: float = 1.0,
        seed: int = 0,
    ) -> None:
        """From now on, requests of these kinds ("batchUpdate", "read", "write", "*", "values.*") suffer one of the
        effects: at most `times` of them (None: for ever), after `skip` that pass, each with the probability.
        """
        rule = {"times": times, "probability": probability, "skip": skip, "seconds": seconds, "seed": seed}
        self.do("fault", kinds=kinds, effects=[str(Effect(one)) for one in effects], **rule)

    def reset(self) -> None:
        """No faults, no waiting edits, no quota, the machine's clock, API on, nothing counted; spreadsheets stay."""
        self.do("reset")

    def heal(self) -> None:
        """Ends all faults."""
        self.do("heal")

    def counts(self) -> dict[str, int]:
        """How many requests of each kind have arrived, faults included; also "reads" and "writes"."""
        return self.do("counts")

    def reads(self) -> int:
        return self.counts().get("reads", 0)

    def writes(self) -> int:
        return self.counts().get("writes", 0)

    def log(self) -> list[Json]:
        """The last requests: kind, method, path, effect of a fault, status that was or would have been answered."""
        found: list[Json] = self.do("log")["log"]
        return found

    def forget(self) -> None:
        """Counts and log begin anew."""
        self.do("forget")

    def quota(self, limit: int | None = 60) -> None:
        """Reads and writes a minute and user; None switches the quota off (as it is at first)."""
        self.do("quota", limit=limit)

    def advance(self, seconds: float) -> float:
        """Moves the server's clock, which stands still from then on; the new time."""
        return float(self.do("advance", seconds=seconds)["now"])

    def expire_tokens(self) -> None:
        """All tokens given out so far answer 401."""
        self.do("expire_tokens")

    def share(self, file_id: str, role: str, user: str = "*") -> None:
        """`role`: writer, reader or none; for one e-mail address or for all."""
        self.do("role", file_id=file_id, role=role, user=user)

    def make_xlsx(self, file_id: str) -> None:
        """The file is an .xlsx in Drive from now on."""
        self.do("mime_type", file_id=file_id, mime_type=XLSX)

    def disable_api(self, disabled: bool = True) -> None:
        self.do("api", disabled=disabled)

    def human(self, file_id: str, *edits: Json) -> None:
        """People's edits (see `Edit`), now."""
        self.do("human", file_id=file_id, edits=list(edits))

    def human_before(self, kind: str, file_id: str, *edits: Json) -> None:
        """People's edits directly before the next request of that kind is applied, once."""
        self.do("human", file_id=file_id, edits=list(edits), before=kind)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, its control, and a key with which google-auth gets its tokens there."""

    base: str
    control: Control

    @property
    def key(self) -> Json:
        return service_account(self.base)


@cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return encoded.decode("ascii")


def service_account(base: str, email: str = ROBOT) -> Json:
    """The JSON key of a service account that exists only on this server."""
    return {
        "type": "service_account",
        "project_id": "proyek-uji",
        "private_key_id": "0" * 40,
        "private_key": private_key(),
        "client_email": email,
        "client_id": "100000000000000000001",
        "auth_uri": f"{base}/auth",
        "token_uri": f"{base}/token",
        "universe_domain": "googleapis.com",
    }


@contextmanager
def running_sheets_server(data: Path | None = None) -> Iterator[Server]:
    """A server in a thread of this process, ready when the block begins."""
    listener = listener_on(0)
    server = server_of(data)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    base = address_of(listener)
    try:
        wait_until_started(server)
        yield Server(base, Control(base))
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)
        listener.close()


def wait_until_started(server: uvicorn.Server) -> None:
    end = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > end:
            raise RuntimeError("the stand-in server has not started within 10 seconds")
        time.sleep(0.005)
