"""Damage that people did to tabs and headers: what can be put right without touching what they typed, is planned; the
rest is named with its place and what to do.

A header is written again only where the columns on both sides of it show which one it was. A tab is deleted only where
it is empty and another one has its rows.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from services.store.schema import HISTORY, TABLES, Column, Table
from services.store.sheets_cells import shown
from services.store.sheets_reading import letter, normal_header
from services.store.sheets_state import (
    GUIDE,
    NEW_ROWS,
    Book,
    Draft,
    Request,
    TabState,
    header_cells,
    headers_of,
)

_NEAR = 0.7
_HEADER_WITHIN = 10  # rows in which a header row that was pushed down is looked for
_VERSIONS = "File > Riwayat versi"
_RECORD = "monev_kolom"


def repair(book: Book, draft: Draft) -> dict[str, TabState]:
    """The tabs by table, as they will be after the planned repairs; a tab that stays damaged is not among them."""
    tabs: dict[str, TabState] = {}
    for table in TABLES:
        tab = _tab_of(table, book, draft)
        if tab is not None and _repair_layout(table, tab, draft):
            tabs[table.name] = tab
    return tabs


def record(table: Table, tab: TabState) -> list[Request]:
    """Remember which columns the tab has, so that a later loss is told from an upgrade."""
    wanted = ",".join(table.names)
    known = [one for one in tab.meta.get("developerMetadata", ()) if one["metadataKey"] == _RECORD]
    if [one.get("metadataValue") for one in known] == [wanted]:
        return []
    old = [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": one["metadataId"]}}}}
        for one in known
    ]
    new = {
        "metadataKey": _RECORD,
        "metadataValue": wanted,
        "visibility": "DOCUMENT",
        "location": {"sheetId": tab.gid},
    }
    return [*old, {"createDeveloperMetadata": {"developerMetadata": new}}]


# --- tabs ---------------------------------------------------------------------------------------------------------


def _tab_of(table: Table, book: Book, draft: Draft) -> TabState | None:
    own, others = book.tabs.get(table.name), _lookalikes(table, book)
    full = [tab for tab in others if tab.has_rows]
    if own is None and not others:
        return _new_tab(table, book, draft)
    if own is not None and own.has_rows:
        _without_empty(others, table, draft)
        draft.left += [_two_full(table, tab) for tab in full]
        return own
    if len(full) > 1:
        names = ", ".join(f"“{tab.title}”" for tab in full)
        draft.left.append(f"Tab {table.name}: beberapa tab memuat datanya ({names}). Sisakan satu, lalu jalankan lagi.")
        return None
    return _renamed_back(table, own, full or others, draft)


def _lookalikes(table: Table, book: Book) -> list[TabState]:
    """Tabs under another name that have all the headers of the table."""
    known = {each.name for each in TABLES} | {GUIDE}
    wanted = set(headers_of(table))
    return [tab for title, tab in book.tabs.items() if title not in known and wanted <= set(tab.header)]


def _new_tab(table: Table, book: Book, draft: Draft) -> TabState:
    gid, width = book.free_gid(table.name), len(table.columns)
    grid = {"rowCount": NEW_ROWS, "columnCount": width}
    is_new = not any(each.name in book.tabs for each in TABLES)
    lost = f" Bila tab ini pernah ada dan terhapus, pulihkan isinya lewat {_VERSIONS}."
    draft.do(
        f"Tab {table.name} dibuat.{'' if is_new else lost}",
        {"addSheet": {"properties": {"sheetId": gid, "title": table.name, "gridProperties": grid}}},
        _headers(gid, 0, table.columns),
    )
    return TabState(gid, table.name, NEW_ROWS, width, [[column.header for column in table.columns]])


def _without_empty(others: Sequence[TabState], table: Table, draft: Draft) -> None:
    for tab in others:
        if not tab.has_rows:
            _delete(tab, table, draft)


def _delete(tab: TabState, table: Table, draft: Draft) -> None:
    said = f"Tab “{tab.title}” dihapus: salinan kosong dari tab {table.name}."
    draft.do(said, {"deleteSheet": {"sheetId": tab.gid}})


def _two_full(table: Table, tab: TabState) -> str:
    return (
        f"Tab “{tab.title}” berjudul kolom seperti tab {table.name} dan berisi data. Aplikasi hanya membaca tab "
        f"{table.name}; pindahkan isi yang masih diperlukan, lalu hapus atau ganti judul kolom tab “{tab.title}”."
    )


def _renamed_back(table: Table, own: TabState | None, others: Sequence[TabState], draft: Draft) -> TabState | None:
    """The tab that has the rows gets the table's name; an empty one of that name makes room."""
    if not others or (own is not None and not others[0].has_rows):
        _without_empty(others, table, draft)
        return own
    if own is not None:
        if table is HISTORY or not set(own.header) <= {*headers_of(table), ""}:
            draft.left.append(_two_full(table, others[0]))
            return own
        _delete(own, table, draft)
    tab = others[0]
    named = {"properties": {"sheetId": tab.gid, "title": table.name}, "fields": "title"}
    draft.do(f"Tab “{tab.title}” dinamai {table.name} kembali.", {"updateSheetProperties": named})
    tab.title = table.name
    return tab


# --- headers ------------------------------------------------------------------------------------------------------


def _repair_layout(table: Table, tab: TabState, draft: Draft) -> bool:
    """Whether every column of the table has its place afterwards."""
    _lift_header(table, tab, draft)
    _unmerge(table, tab, draft)
    if tab.is_blank:
        _write_headers(table, tab, draft)
    if 2 * len(set(headers_of(table)) & set(tab.header)) < len(table.columns):
        draft.left.append(f"Tab {tab.title}: baris 1 bukan baris judul. Pulihkan baris judul lewat {_VERSIONS}.")
        return False
    for column, place in list(_slots(table, tab)):
        _fill_slot(column, place, tab, draft)
    missing = [column for column in table.columns if normal_header(column.header) not in tab.header]
    for column in missing:
        _add_or_name(table, column, tab, draft)
    doubled = list(_doubled(table, tab))
    draft.left += doubled
    return not doubled and set(headers_of(table)) <= set(tab.header)


def _lift_header(table: Table, tab: TabState, draft: Draft) -> None:
    wanted = set(headers_of(table))
    rows = tab.grid[1:_HEADER_WITHIN]
    below = next((at for at, row in enumerate(rows, 1) if wanted <= {normal_header(cell) for cell in row}), 0)
    if below and not wanted <= set(tab.header):
        source = {"sheetId": tab.gid, "dimension": "ROWS", "startIndex": below, "endIndex": below + 1}
        said = f"{tab.title}: baris judul dipindahkan kembali dari baris {below + 1} ke baris 1."
        draft.do(said, {"moveDimension": {"source": source, "destinationIndex": 0}})
        tab.grid.insert(0, tab.grid.pop(below))


def _unmerge(table: Table, tab: TabState, draft: Draft) -> None:
    """Only the first cell of a merge has a value, so nothing is lost."""
    width = max(len(tab.header), len(table.columns))
    for merge in [one for one in tab.merges if one.get("startColumnIndex", 0) < width]:
        first = f"{letter(merge.get('startColumnIndex', 0))}{merge.get('startRowIndex', 0) + 1}"
        last = f"{letter(merge.get('endColumnIndex', 1) - 1)}{merge.get('endRowIndex', 1)}"
        draft.do(
            f"{tab.title}!{first}:{last}: gabungan sel dipisahkan.",
            {"unmergeCells": {"range": {**merge, "sheetId": tab.gid}}},
        )
        tab.merges.remove(merge)


def _write_headers(table: Table, tab: TabState, draft: Draft) -> None:
    wider = _wider(tab, len(table.columns))
    draft.do(f"{tab.title}: baris judul ditulis.", *wider, _headers(tab.gid, 0, table.columns))
    for place, column in enumerate(table.columns):
        tab.put_header(place, column.header)


def _slots(table: Table, tab: TabState) -> Iterator[tuple[Column, int]]:
    """Missing columns whose place is certain: as many columns without a known header stand between their neighbours."""
    header, names = tab.header, headers_of(table)
    places = {name: header.index(name) for name in names if name in header}
    at = 0
    while at < len(names):
        if names[at] in places:
            at += 1
            continue
        end = next((k for k in range(at, len(names)) if names[k] in places), len(names))
        left = places[names[at - 1]] if at else -1
        right = places[names[end]] if end < len(names) else left + 1 + end - at
        if right - left - 1 == end - at:
            yield from zip(table.columns[at:end], range(left + 1, right), strict=True)
        at = end


def _fill_slot(column: Column, place: int, tab: TabState, draft: Draft) -> None:
    """Write the header where it was removed or misspelled; anything else that stands there is left alone."""
    there = tab.header[place] if place < len(tab.header) else ""
    if there and not difflib.get_close_matches(normal_header(column.header), [there], 1, _NEAR):
        return
    if not there and place >= max(tab.used_columns, 1) and tab.has_rows:
        return  # beyond the last column: nothing shows that there was one
    cell = f"{tab.title}!{letter(place)}1"
    instead = f" (tertulis “{shown(tab.grid[0][place])}”)" if there else ""
    said = f"{cell}: judul “{column.header}” ditulis kembali{instead}."
    draft.do(said, *_wider(tab, place + 1), _headers(tab.gid, place, [column]))
    tab.put_header(place, column.header)


def _add_or_name(table: Table, column: Column, tab: TabState, draft: Draft) -> None:
    """A column that is new in this version goes to the end; one that was there before and is gone is a loss."""
    strange = dict(_slots(table, tab)).get(column)
    if strange is not None and strange < len(tab.header) and tab.header[strange]:
        typed = shown(tab.grid[0][strange])
        draft.left.append(
            f"{tab.title}!{letter(strange)}1: tertulis “{typed}”, mungkin kolom “{column.header}”. Bila benar, tulis "
            f"“{column.header}” di sel itu; bila bukan, tulis judul itu di atas kolom yang benar."
        )
    elif column.name in _recorded(tab) and tab.has_rows:
        draft.left.append(
            f"Tab {tab.title}: kolom “{column.header}” hilang beserta isinya. Pulihkan lewat {_VERSIONS}; bila isinya "
            f"memang tidak diperlukan lagi, tulis “{column.header}” di {letter(tab.used_columns)}1."
        )
    else:
        place = tab.used_columns
        said = f"{tab.title}!{letter(place)}1: kolom “{column.header}” ditambahkan di ujung; data lama tetap."
        draft.do(said, *_wider(tab, place + 1), _headers(tab.gid, place, [column]))
        tab.put_header(place, column.header)


def _recorded(tab: TabState) -> set[str]:
    values = [o.get("metadataValue", "") for o in tab.meta.get("developerMetadata", ()) if o["metadataKey"] == _RECORD]
    return {name for value in values for name in value.split(",")}


def _doubled(table: Table, tab: TabState) -> Iterator[str]:
    for column in table.columns:
        places = [at for at, text in enumerate(tab.header) if text == normal_header(column.header)]
        for place in places[1:]:
            yield (
                f"{tab.title}!{letter(place)}1: judul “{column.header}” sudah dipakai kolom {letter(places[0])}. Ganti "
                "judul kolom yang bukan milik aplikasi, atau hapus kolom itu."
            )


def _wider(tab: TabState, columns: int) -> list[Request]:
    lacking = columns - tab.columns
    if lacking <= 0:
        return []
    tab.columns = columns
    return [{"appendDimension": {"sheetId": tab.gid, "dimension": "COLUMNS", "length": lacking}}]


def _headers(gid: int, place: int, columns: Sequence[Column]) -> Request:
    start = {"sheetId": gid, "rowIndex": 0, "columnIndex": place}
    return {"updateCells": {"start": start, "rows": [{"values": header_cells(columns)}], "fields": "userEnteredValue"}}
