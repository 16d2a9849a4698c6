"""What goes back over the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.sheets_server.errors import ApiError


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=UTF-8"


def json_answer(value: Any, status: int = 200) -> Answer:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Answer(status, text.encode("utf-8", "replace"))


def error_answer(error: ApiError) -> Answer:
    return json_answer(error.body(), error.code)
