"""One transaction as the body of one ``spreadsheets.batchUpdate``, and the proof that it hit the right cells.

The API has no preconditions, so a person who sorts or inserts between the read and the write can make a write land in
another row. The answer of the same request brings the headers and the ids of the rows written: see ``in_place``. Where
they are not the expected ones, ``undo`` puts back what stood there, and the transaction is written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeAlias

from services.store.schema import Column
from services.store.seals import Head, chained
from services.store.sheets_cells import Extended, Raw, decode, encode, number_format, raw, settled
from services.store.sheets_changes import Applied
from services.store.sheets_reading import Found, Sheet, letter, normal_header, quoted
from services.store.sheets_token import keep_log_head
from services.store.store import Row, SheetProblem, Value

Request: TypeAlias = dict[str, Any]

ANSWER_FIELDS = (
    "spreadsheetId,replies(addNamedRange(namedRange(namedRangeId))),updatedSpreadsheet.sheets(properties(sheetId),merges,"
    "data(startRow,startColumn,rowData(values(effectiveValue))))"
)
_VALUE, _FORMATTED = "userEnteredValue", "userEnteredValue,userEnteredFormat.numberFormat"


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One cell of a row that was there: where it is written, what stood there, and what is written."""

    table: str
    row_id: str
    column: str
    row: int
    index: int
    before: Raw
    new: Extended


@dataclass(frozen=True, slots=True)
class Plan:
    """What one transaction writes into the sheets as they were read.

    ``log``: the sheet of the log; ``base``: what its ``lines`` are sealed upon; ``keeps_head``: that is written down.
    """

    sheets: Mapping[str, Sheet]
    log: Sheet
    writes: tuple[CellWrite, ...]
    inserts: Mapping[str, Sequence[Row]]
    lines: Sequence[Row]
    base: Head
    keeps_head: bool

    @property
    def head(self) -> str:
        """Seal of the newest line of the log once this has landed."""
        return str(self.lines[-1]["seal"]) if self.lines else str(self.base)

    def body(self, first: Sequence[Request] = ()) -> Request:
        """The whole transaction, atomic, with an answer that shows the headers and the ids of the rows written."""
        requests = [*first, *_updates(self.writes, self.sheets)]
        requests += [append(self.sheets[name], rows) for name, rows in self.inserts.items()]
        requests += [append(self.log, self.lines), keep_log_head(self.head, self.keeps_head)] if self.lines else []
        return {
            "requests": requests,
            "includeSpreadsheetInResponse": True,
            "responseIncludeGridData": True,
            "responseRanges": [*self._proof_ranges()],
        }

    @property
    def touched(self) -> list[Sheet]:
        names = {write.table for write in self.writes} | set(self.inserts)
        return [*(self.sheets[name] for name in self.sheets if name in names), self.log]

    def after(self) -> dict[str, Sheet]:
        """The sheets as they will be read when this has landed."""
        return {name: _after(sheet, self) for name, sheet in self.sheets.items()}

    def _proof_ranges(self) -> Iterator[str]:
        for sheet in self.touched:
            title, rows = quoted(sheet.tab.title), [w.row for w in self.writes if w.table == sheet.table.name]
            yield f"{title}!1:1"
            if rows:
                column = letter(sheet.columns["id"])
                yield f"{title}!{column}{min(rows) + 1}:{column}{max(rows) + 1}"


def plan(
    sheets: Mapping[str, Sheet], log: Sheet, applied: Applied, lines: Sequence[Row], base: Head, keeps: bool
) -> Plan:
    """``lines`` come unsealed; the other parameters are those of ``Plan``."""
    writes = [
        CellWrite(
            name,
            row_id,
            column,
            found.index,
            sheets[name].columns[column],
            sheets[name].raw(found.index, sheets[name].columns[column]),
            encode(sheets[name].table.column(column), value),
        )
        for (name, row_id), values in applied.updates.items()
        for found in [sheets[name].found[row_id]]
        for column, value in values.items()
    ]
    return Plan(sheets, log, tuple(writes), applied.inserts, chained(lines, base)[0], base, keeps)


def in_place(made: Plan, answer: Mapping[str, Any]) -> bool | None:
    """Whether the answer proves that every cell landed where it belongs; None where it proves nothing."""
    if "updatedSpreadsheet" not in answer:
        return None
    seen = {_gid(sheet): sheet for sheet in answer["updatedSpreadsheet"].get("sheets", ())}
    return all(sheet.tab.gid in seen and _proven(made, sheet, seen[sheet.tab.gid]) for sheet in made.touched)


def append(sheet: Sheet, rows: Sequence[Row]) -> Request:
    """New rows after the last one with data, each value under its own header wherever that stands."""
    cells = [{"values": _row_cells(sheet, row)} for row in rows]
    formatted = any("userEnteredFormat" in cell for row in cells for cell in row["values"])
    return {"appendCells": {"sheetId": sheet.tab.gid, "rows": cells, "fields": _FORMATTED if formatted else _VALUE}}


def empty(gid: int, row: int, index: int, count: int = 1) -> Request:
    """Neighbouring cells of one row that are to hold nothing."""
    return _put(gid, row, index, [{} for _ in range(count)], _VALUE)


def replace_rows(sheet: Sheet, rows: Sequence[Row]) -> list[Request]:
    """Empty the table's columns and write these rows from row 2 on; columns of people stay."""
    gid, requests = sheet.tab.gid, list[Request]()
    lacking = len(rows) + 1 - sheet.tab.rows
    if lacking > 0:
        requests.append({"appendDimension": {"sheetId": gid, "dimension": "ROWS", "length": lacking}})
    for name, index in sheet.columns.items():
        place = {"sheetId": gid, "startRowIndex": 1, "startColumnIndex": index, "endColumnIndex": index + 1}
        requests.append({"updateCells": {"range": place, "fields": _VALUE}})
        if rows:
            start = {"sheetId": gid, "rowIndex": 1, "columnIndex": index}
            cells = [{"values": [_cell(sheet.table.column(name), row[name])]} for row in rows]
            fields = _FORMATTED if any("userEnteredFormat" in cell["values"][0] for cell in cells) else _VALUE
            requests.append({"updateCells": {"start": start, "rows": cells, "fields": fields}})
    return requests


def from_raw(cell: Raw) -> Extended:
    """The cell that reads as this, to put back what stood there."""
    if cell is None or cell == "":
        return {}
    if isinstance(cell, bool):
        return {"boolValue": cell}
    return {"stringValue": cell} if isinstance(cell, str) else {"numberValue": cell}


# --- putting right ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Repair:
    """Requests that take a transaction back, and the cells whose former content nobody knows."""

    requests: list[Request]
    unknown: tuple[SheetProblem, ...]


def strayed(made: Plan, now: Mapping[str, Sheet]) -> bool:
    """Whether a row still holds the old value, though the transaction has landed: it was written somewhere else."""
    return any(_still_old(write, now[write.table]) for write in made.writes)


def undo(made: Plan, now: Mapping[str, Sheet]) -> Repair:
    """Take back what a plan wrote, as the sheets (the log among them) are now."""
    requests: list[Request] = []
    unknown: list[SheetProblem] = []
    for write in made.writes:
        before, after = made.sheets[write.table], now[write.table]
        if after.raw(write.row, write.index) != raw(write.new):
            continue  # the write is not here: a row was inserted or deleted in one go, and it moved along
        found, cell = _former(write, before, after)
        requests.append(_put(after.tab.gid, write.row, write.index, [_value_cell(from_raw(cell))], _VALUE))
        if not found:
            place = f"{letter(write.index)}{write.row + 1}"
            why = "sel ini tertimpa karena susunan tab diubah pada saat yang sama; isi sebelumnya tidak diketahui"
            suggestion = "Periksa lewat File > Riwayat versi, lalu isi kembali."
            unknown.append(SheetProblem(write.table, place, "", why, suggestion))
    for sheet in made.touched:
        rows = made.lines if sheet is made.log else made.inserts.get(sheet.table.name, ())
        requests += _erase(now[sheet.table.name], {str(row["id"]) for row in rows})
    return Repair(requests, tuple(unknown))


def _former(write: CellWrite, before: Sheet, after: Sheet) -> tuple[bool, Raw]:
    """What stood in the cell before, by the id of its row and the header of its column as they are now."""
    row_id = next((name for name, found in after.found.items() if found.index == write.row), "")
    header = normal_header(after.raw(0, write.index))
    columns = [normal_header(cell) for cell in before.grid[0]]
    if (not row_id and not after.raw(write.row, after.columns["id"])) or not header:
        return True, None  # a row or a column that was just inserted is empty
    if row_id not in before.found or header not in columns:
        return False, None
    return True, before.raw(before.found[row_id].index, columns.index(header))


def _erase(sheet: Sheet, ids: set[str]) -> Iterator[Request]:
    """Empty the rows that were appended: those with one of these ids, in whatever column it stands now."""
    for index, cells in enumerate(sheet.grid):
        if ids and any(isinstance(cell, str) and cell in ids for cell in cells[: sheet.width + 1]):
            own = str(cells[sheet.columns["id"]] if sheet.columns["id"] < len(cells) else "")
            if own in ids or own == "":
                yield empty(sheet.tab.gid, index, 0, len(cells))


def _still_old(write: CellWrite, now: Sheet) -> bool:
    found = now.found.get(write.row_id)
    if found is None or write.column not in now.columns:
        return False
    cell = now.raw(found.index, now.columns[write.column])
    return cell != raw(write.new) and (cell or None) == (write.before or None)


# --- parts --------------------------------------------------------------------------------------------------------


def _updates(writes: Sequence[CellWrite], sheets: Mapping[str, Sheet]) -> Iterator[Request]:
    """One request for each run of neighbouring cells in a row."""
    ordered = sorted(writes, key=lambda w: (w.table, w.row, w.index))
    cells = [_formatted(sheets[w.table].table.column(w.column), w.new) for w in ordered]
    for _, run in groupby(range(len(ordered)), key=lambda i: _run_key(i, ordered[i], cells[i])):
        places = list(run)
        first, fields = ordered[places[0]], _FORMATTED if "userEnteredFormat" in cells[places[0]] else _VALUE
        yield _put(sheets[first.table].tab.gid, first.row, first.index, [cells[i] for i in places], fields)


def _run_key(position: int, write: CellWrite, cell: Request) -> tuple[object, ...]:
    return write.table, write.row, write.index - position, "userEnteredFormat" in cell


def _put(gid: int, row: int, index: int, cells: Sequence[Request], fields: str) -> Request:
    start = {"sheetId": gid, "rowIndex": row, "columnIndex": index}
    return {"updateCells": {"start": start, "rows": [{"values": list(cells)}], "fields": fields}}


def _row_cells(sheet: Sheet, row: Row) -> list[Request]:
    cells: list[Request] = [{} for _ in range(sheet.width)]
    for name, index in sheet.columns.items():
        cells[index] = _cell(sheet.table.column(name), row[name])
    return cells


def _cell(column: Column, value: Value) -> Request:
    return _formatted(column, encode(column, value))


def _formatted(column: Column, typed: Extended) -> Request:
    wanted = number_format(column, typed)
    return {**_value_cell(typed), **({"userEnteredFormat": {"numberFormat": dict(wanted)}} if wanted else {})}


def _value_cell(typed: Extended) -> Request:
    return {_VALUE: dict(typed)} if typed else {}


def _proven(made: Plan, sheet: Sheet, seen: Mapping[str, Any]) -> bool:
    cells = {place: value for data in seen.get("data", ()) for place, value in _cells(data)}
    headers = {name: normal_header(cells.get((0, index))) for name, index in sheet.columns.items()}
    written = [write for write in made.writes if write.table == sheet.table.name]
    return (
        all(headers[name] == normal_header(sheet.table.column(name).header) for name in headers)
        and all(str(cells.get((write.row, sheet.columns["id"]), "")) == write.row_id for write in written)
        and not any(_covers(merge, sheet) for merge in seen.get("merges", ()))
    )


def _cells(data: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], Raw]]:
    for row, content in enumerate(data.get("rowData", ()), data.get("startRow", 0)):
        for column, cell in enumerate(content.get("values", ()), data.get("startColumn", 0)):
            yield (row, column), raw(cell.get("effectiveValue", {}))


def _covers(merge: Mapping[str, int], sheet: Sheet) -> bool:
    first, end = merge.get("startColumnIndex", 0), merge.get("endColumnIndex", sheet.width)
    return any(first <= index < end for index in sheet.columns.values())


def _gid(sheet: Mapping[str, Any]) -> int:
    return int(sheet.get("properties", {}).get("sheetId", 0))


def _after(sheet: Sheet, made: Plan) -> Sheet:
    found, table = dict(sheet.found), sheet.table
    for write in made.writes:
        if write.table == table.name:
            old = found[write.row_id]
            row: Row = {**old.row, write.column: decode(table.column(write.column), raw(write.new))}
            found[write.row_id] = replace(old, row=row, unusable=old.unusable - {write.column})
    for index, row in enumerate(made.inserts.get(table.name, ()), len(sheet.grid)):
        kept = {name: settled(table.column(name), row[name]) for name in table.names}
        found[str(row["id"])] = Found(index, kept)
    return replace(sheet, found=found)
