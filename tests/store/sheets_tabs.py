"""A spreadsheet with bare tabs and headers, quicker than ``sheet siapkan`` makes it."""

from __future__ import annotations

import zlib
from typing import Any

from services.store.schema import TABLES, Table
from services.store.sheets import SheetsStore

_ROWS = 200


def create_tabs(store: SheetsStore) -> None:
    """Make every tab with its row of headers in a spreadsheet that has none of them."""
    store.client.write({"requests": [request for table in TABLES for request in _requests(table)]}, "spreadsheetId")


def _requests(table: Table) -> list[dict[str, Any]]:
    gid = zlib.crc32(table.name.encode()) >> 1  # chosen here, so that the same request can write the headers
    grid = {"rowCount": _ROWS, "columnCount": len(table.columns), "frozenRowCount": 1}
    header = [{"userEnteredValue": {"stringValue": column.header}} for column in table.columns]
    start = {"sheetId": gid, "rowIndex": 0, "columnIndex": 0}
    return [
        {"addSheet": {"properties": {"sheetId": gid, "title": table.name, "gridProperties": grid}}},
        {"updateCells": {"start": start, "rows": [{"values": header}], "fields": "userEnteredValue"}},
    ]
