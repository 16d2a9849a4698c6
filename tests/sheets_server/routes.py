"""From method and path to the kind of a request, under the names of Google's own methods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

READS = {
    "get",
    "getByDataFilter",
    "values.get",
    "values.batchGet",
    "values.batchGetByDataFilter",
    "developerMetadata.get",
    "developerMetadata.search",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its kind, the file it is about, what stands behind that in the path, query, body."""

    kind: str
    method: str
    path: str
    file_id: str = ""
    rest: str = ""
    query: dict[str, list[str]] | None = None
    body: bytes = b""
    content_type: str = ""
    token: str = ""

    @property
    def write(self) -> bool | None:
        """None for what the quotas of Sheets do not count."""
        if self.kind.startswith(("drive.", "token", "other")):
            return None
        return self.kind not in READS

    def one(self, name: str) -> str:
        return (self.query or {}).get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        return (self.query or {}).get(name, [])


def call_of(method: str, raw_path: str, raw_query: str, body: bytes, content_type: str, token: str) -> Call:
    kind, file_id, rest = classify(method, raw_path)
    query = parse_qs(raw_query, keep_blank_values=True)
    return Call(kind, method, unquote(raw_path), file_id, rest, query, body, content_type, token)


def classify(method: str, path: str) -> tuple[str, str, str]:
    if method == "POST" and path == "/token":
        return "token", "", ""
    found = re.match(r"^/v4/spreadsheets(?:/([^/:]+)(.*))?$", path)
    if found:
        return ("create", "", "") if found[1] is None else sheets_kind(method, unquote(found[1]), found[2])
    found = re.match(r"^/upload/drive/v[23]/files(?:/([^/]+))?$", path)
    if found:
        return "drive.upload", unquote(found[1] or ""), ""
    found = re.match(r"^/drive/v3/files(?:/([^/]+)(?:/(.*))?)?$", path)
    return drive_kind(method, unquote(found[1] or ""), unquote(found[2] or "")) if found else ("other", "", "")


def sheets_kind(method: str, file_id: str, rest: str) -> tuple[str, str, str]:
    if not rest:
        return ("get" if method == "GET" else "other"), file_id, ""
    if rest.startswith(":"):
        return unquote(rest[1:]), file_id, ""
    if rest.startswith("/values:"):
        return f"values.{rest[8:]}", file_id, ""
    if rest.startswith("/values/"):
        return values_kind(method, file_id, unquote(rest[8:]))
    found = re.match(r"^/sheets/(\d+):copyTo$", rest)
    if found:
        return "sheets.copyTo", file_id, found[1]
    if rest == "/developerMetadata:search":
        return "developerMetadata.search", file_id, ""
    found = re.match(r"^/developerMetadata/(\d+)$", rest)
    return ("developerMetadata.get", file_id, found[1]) if found else ("other", file_id, rest)


def values_kind(method: str, file_id: str, text: str) -> tuple[str, str, str]:
    if method == "GET":
        return "values.get", file_id, text
    if method == "PUT":
        return "values.update", file_id, text
    for verb in ("append", "clear"):
        if method == "POST" and text.endswith(f":{verb}"):
            return f"values.{verb}", file_id, text[: -len(verb) - 1]
    return "other", file_id, text


def drive_kind(method: str, file_id: str, rest: str) -> tuple[str, str, str]:
    if not file_id:
        return ("drive.create" if method == "POST" else "drive.list"), "", ""
    if rest:
        name, _, below = rest.partition("/")
        return f"drive.{name}", file_id, below
    verb = {"GET": "get", "DELETE": "delete", "PATCH": "update"}.get(method, method.lower())
    return f"drive.{verb}", file_id, ""
