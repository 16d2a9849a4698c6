"""Making the tabs that an office's spreadsheet lacks, with their headers."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from services.store.schema import TABLES, Table
from services.store.sheets import SheetsStore
from services.store.sheets_errors import Refused, Unclear
from services.store.store import StoreUnavailable

_ROWS = 200


def create_tabs(store: SheetsStore) -> tuple[str, ...]:
    """Make the missing tabs, each with its row of headers; the names of those made. Tabs that are there stay.

    Raises StoreUnavailable.
    """
    client = store.client
    for number in range(client.tries):
        lacking = _lacking(store)
        if not lacking:
            return ()
        try:
            client.write({"requests": [request for table in lacking for request in _requests(table)]}, "spreadsheetId")
        except Unclear:
            client.pause(number + 1)
        except Refused as refused:
            raise client.explained(refused) from None
        else:
            return tuple(table.name for table in lacking)
    raise StoreUnavailable("Google Sheets belum memastikan bahwa tab sudah dibuat. Coba lagi nanti.")


def _lacking(store: SheetsStore) -> Sequence[Table]:
    there = store.tabs()
    return [table for table in TABLES if table.name not in there]


def _requests(table: Table) -> list[dict[str, Any]]:
    gid = zlib.crc32(table.name.encode()) >> 1  # chosen here, so that the same request can write the headers
    grid = {"rowCount": _ROWS, "columnCount": len(table.columns), "frozenRowCount": 1}
    header = [{"userEnteredValue": {"stringValue": column.header}} for column in table.columns]
    start = {"sheetId": gid, "rowIndex": 0, "columnIndex": 0}
    return [
        {"addSheet": {"properties": {"sheetId": gid, "title": table.name, "gridProperties": grid}}},
        {"updateCells": {"start": start, "rows": [{"values": header}], "fields": "userEnteredValue"}},
    ]
