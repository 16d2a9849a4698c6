"""A bare client of one spreadsheet: each method is one HTTP request, each answer is status and JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tests.sheets_server.control import Control

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Json:
        found: Json = self.json["error"]
        return found

    @property
    def message(self) -> str:
        return str(self.error["message"])


def send(base: str, method: str, path: str, body: Any = None, token: str = "", **query: Any) -> Reply:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    text = urlencode(query, doseq=True)
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        connection.request(method, f"{path}?{text}" if text else path, data, headers)
        answer = connection.getresponse()
        return Reply(answer.status, answer.read().decode("utf-8"))
    finally:
        connection.close()


def token_of(base: str) -> str:
    return str(send(base, "POST", "/token", b"grant_type=x&assertion=e30.e30.e30").json["access_token"])


@dataclass(frozen=True, slots=True)
class Book:
    base: str
    control: Control
    id: str
    token: str

    def send(self, method: str, rest: str = "", body: Any = None, **query: Any) -> Reply:
        return send(self.base, method, f"/v4/spreadsheets/{self.id}{rest}", body, self.token, **query)

    def get(self, **query: Any) -> Json:
        found: Json = self.send("GET", **query).json
        return found

    def sheet(self, at: int = 0) -> Json:
        found: Json = self.get()["sheets"][at]
        return found

    def values(self, cells: str, option: str = "UNFORMATTED_VALUE", **query: Any) -> list[list[Any]]:
        reply = self.send("GET", f"/values/{quote(cells, safe='')}", valueRenderOption=option, **query)
        found: list[list[Any]] = reply.json.get("values", [])
        return found

    def update(self, cells: str, rows: list[list[Any]], option: str = "RAW", **query: Any) -> Reply:
        path = f"/values/{quote(cells, safe='')}"
        return self.send("PUT", path, {"values": rows}, valueInputOption=option, **query)

    def append(self, cells: str, rows: list[list[Any]], **query: Any) -> Reply:
        path = f"/values/{quote(cells, safe='')}:append"
        return self.send("POST", path, {"values": rows}, valueInputOption="RAW", **query)

    def batch(self, *requests: Json, **more: Any) -> Reply:
        return self.send("POST", ":batchUpdate", {"requests": list(requests), **more})


def cells(*values: Any) -> Json:
    """RowData of typed values."""
    return {"values": [{"userEnteredValue": typed(value)} for value in values]}


def typed(value: Any) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"numberValue": value} if isinstance(value, int | float) else {"stringValue": value}


def area(top: int, left: int, bottom: int, right: int, sheet: int = 0) -> Json:
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return {"sheetId": sheet, **rows, "startColumnIndex": left, "endColumnIndex": right}


def span(dimension: str, start: int, end: int, sheet: int = 0) -> Json:
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def write(top: int, left: int, *rows: Json, fields: str = "userEnteredValue", sheet: int = 0) -> Json:
    start = {"sheetId": sheet, "rowIndex": top, "columnIndex": left}
    return {"updateCells": {"start": start, "rows": list(rows), "fields": fields}}


def append(*rows: Json, sheet: int = 0) -> Json:
    return {"appendCells": {"sheetId": sheet, "rows": list(rows), "fields": "userEnteredValue"}}


def add_sheet(title: str, rows: int = 10, columns: int = 5, **more: Any) -> Json:
    grid = {"rowCount": rows, "columnCount": columns}
    return {"addSheet": {"properties": {"title": title, "gridProperties": grid, **more}}}
