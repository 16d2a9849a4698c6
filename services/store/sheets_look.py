"""How a tab should look and behave for people, and the requests for what differs from that.

Typed values are never part of it. The number format of entry cells stays what it is, too: with a fixed format Google
would keep "83%" as 0.83 without a trace of the percent sign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.domain.indicators import Aggregation, Level, Polarity
from services.domain.roles import Role
from services.domain.settings import MAIL_PREFIX
from services.store.schema import (
    CYCLE,
    ENTRY,
    HISTORY,
    INDICATOR,
    OFFICIAL,
    PROFILE,
    SECTION,
    TARGET,
    Column,
    Kind,
    Table,
)
from services.store.sheets_reading import Sheet, letter
from services.store.sheets_repair import record
from services.store.sheets_state import Json, Request, TabState, area, grid_range, runs
from services.store.store import Row, Value

INPUTS = ("actual", "spent", "driver", "obstacle", "follow_up", "evidence")
EVERYWHERE = f"{MAIL_PREFIX}admin"
OURS = "Monev: "
"""How the description of each protected range that the application made begins."""
_VIEW = "Seksi: "

_NAVY, _WHITE, _OCHRE, _PALE_RED, _PALE_OCHRE, _GREY = "1F3A5F", "FFFFFF", "7A4A06", "FBE9E5", "FBF1DC", "E6EBF1"
_KEYS = {ENTRY: 4, INDICATOR: 3, TARGET: 4}
"""Columns that stay in sight when somebody scrolls to the right."""
_FORMATS: Mapping[Kind, tuple[str, str]] = {
    Kind.TEXT: ("TEXT", "@"),  # a code such as 7.01.02.2.01.0001 must not become a number or a date
    Kind.MOMENT: ("TEXT", "@"),
    Kind.INTEGER: ("NUMBER", "0"),
    Kind.DATE: ("DATE", "dd/mm/yyyy"),
}
_HINTS = {
    Kind.INTEGER: "Bilangan bulat.",
    Kind.DATE: "Tanggal, misalnya 09/10/2026.",
    Kind.MOMENT: "Waktu (WIB), ditulis oleh aplikasi.",
    Kind.FLAG: "ya atau tidak.",
    Kind.ENTRY: "Angka seperti yang diketik.",
}
_WIDTHS = {Kind.INTEGER: 80, Kind.DATE: 110, Kind.MOMENT: 190, Kind.FLAG: 90, Kind.ENTRY: 140}
_TEXT_WIDTHS = {"id": 90, "indicator_id": 130, "section_id": 110, "code": 150, "unit": 90}
_LONG_TEXTS = frozenset({"driver", "obstacle", "follow_up", "evidence", "definition", "formula", "procedure", "note"})
_QUARTERS = ("1", "2", "3", "4")
_CHOICES: Mapping[tuple[str, str], Sequence[str]] = {
    (INDICATOR.name, "level"): tuple(Level),
    (INDICATOR.name, "polarity"): tuple(Polarity),
    (INDICATOR.name, "aggregation"): tuple(Aggregation),
    (OFFICIAL.name, "role"): tuple(Role),
    (TARGET.name, "valid_from"): _QUARTERS,
}
_CELL = "SEL"
# An error value, or a text that is neither a number to the sheet nor a mark for "not measured".
_UNREADABLE = f"=ISERROR({_CELL})+ISTEXT({_CELL})*ISERROR(VALUE({_CELL}))" + "".join(
    f'*(UPPER(TRIM(IFERROR({_CELL})))<>"{mark}")' for mark in ("NA", "N/A", "-")
)
_YES_NO = ("ya", "tidak", "TRUE", "FALSE")  # the application writes TRUE and FALSE, and reads all four


@dataclass(frozen=True, slots=True)
class Office:
    """What the tabs of an office depend on besides the schema; ``account``: the service account's address."""

    sheets: Mapping[str, Sheet]
    account: str

    def rows(self, table: Table) -> tuple[Row, ...]:
        return self.sheets[table.name].rows if table.name in self.sheets else ()

    def mails(self, key: str) -> list[str]:
        texts = [str(row["value"]) for row in self.rows(PROFILE) if row["id"] == key]
        return [mail for text in texts for mail in text.replace(",", " ").replace(";", " ").split()]

    @property
    def editors(self) -> list[str]:
        """Who may edit every protected range."""
        return [self.account, *self.mails(EVERYWHERE)]


@dataclass(frozen=True, slots=True)
class Change:
    """Requests for one kind of difference in a tab, and the words for it."""

    said: str
    requests: list[Request]


def changes(table: Table, tab: TabState, office: Office) -> list[Change]:
    """What differs in this tab, whose columns are all there."""
    sheet = office.sheets[table.name]
    columns = [(column, sheet.columns[column.name]) for column in table.columns]
    found = [
        Change("judul dan kolom kunci dibekukan", _frozen(table, tab, sheet)),
        Change("judul dan keterangannya", _headers(table, tab, columns)),
        Change("lebar kolom", _widths(tab, columns)),
        Change("format kolom", _formats(tab, columns)),
        Change("daftar pilihan", _choices(table, tab, columns, office)),
        Change("nama indikator sebagai catatan selnya", _names(table, tab, sheet, office)),
        Change("perlindungan sel", protection(tab, _protected(table, tab, sheet, office))),
        Change("tampilan filter per seksi", _views(table, tab, sheet, office)),
        Change("warna penanda", _colours(tab, _rules(table, tab, sheet, office))),
        Change("catatan susunan kolom", record(table, tab)),
    ]
    return [change for change in found if change.requests]


def rgb(colour: str) -> dict[str, float]:
    return {name: int(colour[at : at + 2], 16) / 255 for name, at in (("red", 0), ("green", 2), ("blue", 4))}


def same_colour(one: Json | None, other: Json) -> bool:
    """Google keeps colours with less precision than a double."""
    return one is not None and all(abs(one.get(n, 0) - other.get(n, 0)) < 0.004 for n in ("red", "green", "blue"))


# --- header, widths, formats --------------------------------------------------------------------------------------


def _frozen(table: Table, tab: TabState, sheet: Sheet) -> list[Request]:
    """Key columns are frozen only where they are still the first ones."""
    keys = table.names[: _KEYS.get(table, 1)]
    columns = len(keys) if [sheet.columns[name] for name in keys] == list(range(len(keys))) else 0
    return freeze(tab, 1, min(columns, tab.columns - 1))


def freeze(tab: TabState, rows: int, columns: int) -> list[Request]:
    grid = tab.meta.get("properties", {}).get("gridProperties", {})
    if (grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0)) == (rows, columns):
        return []
    wanted = {"frozenRowCount": rows, "frozenColumnCount": columns}
    fields = "gridProperties.frozenRowCount,gridProperties.frozenColumnCount"
    return [{"updateSheetProperties": {"properties": {"sheetId": tab.gid, "gridProperties": wanted}, "fields": fields}}]


def _headers(table: Table, tab: TabState, columns: Sequence[tuple[Column, int]]) -> list[Request]:
    requests = []
    for column, place in columns:
        wanted, there = _header_look(table, column), tab.cell(0, place)
        style = there.get("userEnteredFormat", {})
        fits = there.get("note") == wanted["note"] and style.get("textFormat", {}).get("bold") is True
        if not fits or not same_colour(style.get("backgroundColor"), wanted["userEnteredFormat"]["backgroundColor"]):
            cells = grid_range(tab.gid, 0, 1, place, place + 1)
            fields = "note,userEnteredFormat(backgroundColor,textFormat,wrapStrategy)"
            requests.append({"repeatCell": {"range": cells, "cell": wanted, "fields": fields}})
    return requests


def _header_look(table: Table, column: Column) -> Request:
    is_input = table is ENTRY and column.name in INPUTS
    style = {
        "backgroundColor": rgb(_PALE_OCHRE if is_input else _NAVY),
        "textFormat": {"bold": True, "foregroundColor": rgb(_OCHRE if is_input else _WHITE)},
        "wrapStrategy": "WRAP",
    }
    return {"note": note(table, column), "userEnteredFormat": style}


def note(table: Table, column: Column) -> str:
    """What the note on a header explains."""
    parts = [column.note or _HINTS.get(column.kind, "")]
    if column.references:
        parts.append(f"ID dari tab {column.references}.")
    if table is ENTRY and column.name in INPUTS:
        parts.append("Diisi oleh seksi.")
    elif column.name != "id":
        parts.append("Diubah lewat aplikasi atau oleh admin.")
    return " ".join(["Wajib diisi." if column.required and column.name != "id" else "", *parts]).strip()


def _widths(tab: TabState, columns: Sequence[tuple[Column, int]]) -> list[Request]:
    """A width that somebody has chosen stays."""
    return [width(tab, place, _pixels(column)) for column, place in columns if not tab.has_own_width(place)]


def width(tab: TabState, place: int, pixels: int) -> Request:
    span = {"sheetId": tab.gid, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    return {"updateDimensionProperties": {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}}


def _pixels(column: Column) -> int:
    if column.name in _LONG_TEXTS:
        return 300
    return _TEXT_WIDTHS.get(column.name, _WIDTHS.get(column.kind, 180))


def _formats(tab: TabState, columns: Sequence[tuple[Column, int]]) -> list[Request]:
    requests = []
    for column, place in columns:
        if column.kind in _FORMATS and any(not _has_format(tab, row, place, column) for row in _body(tab)):
            kind, pattern = _FORMATS[column.kind]
            cell = {"userEnteredFormat": {"numberFormat": {"type": kind, "pattern": pattern}}}
            cells = grid_range(tab.gid, 1, None, place, place + 1)
            fields = "userEnteredFormat.numberFormat"
            requests.append({"repeatCell": {"range": cells, "cell": cell, "fields": fields}})
    return requests


def _has_format(tab: TabState, row: int, place: int, column: Column) -> bool:
    found = tab.cell(row, place).get("userEnteredFormat", {}).get("numberFormat", {})
    kind, pattern = _FORMATS[column.kind]
    return bool(found.get("type") == kind and (kind == "TEXT" or found.get("pattern") == pattern))


def _body(tab: TabState) -> tuple[int, ...]:
    """The rows by which the look of all rows is judged."""
    return tuple(sorted({row for row in (1, tab.rows - 1) if row > 0}))


def _names(table: Table, tab: TabState, sheet: Sheet, office: Office) -> list[Request]:
    """An entry names its indicator by an id; the note on that cell says which it is, and travels with the row.

    The note repeats the id, so that one that was left behind by its row shows it. Notes of people stay.
    """
    if table is not ENTRY:
        return []
    names = {str(row["id"]): f"{row['id']}: {row['name']} ({row['unit']})" for row in office.rows(INDICATOR)}
    wanted = {found.index: names.get(str(found.row["indicator_id"]), "") for found in sheet.found.values()}
    ours = {row for row, text in tab.names.items() if row and text.partition(": ")[0] in names}
    rows = {row for row in {*wanted, *ours} if tab.names.get(row, "") != wanted.get(row, "")}
    free = [row for row in rows if row in ours or not tab.names.get(row)]
    place = sheet.columns["indicator_id"]
    return [_noted(tab.gid, place, top, [wanted.get(row, "") for row in range(top, end)]) for top, end in runs(free)]


def _noted(gid: int, column: int, top: int, texts: Sequence[str]) -> Request:
    start = {"sheetId": gid, "rowIndex": top, "columnIndex": column}
    rows = [{"values": [{"note": text} if text else {}]} for text in texts]
    return {"updateCells": {"start": start, "rows": rows, "fields": "note"}}


# --- choices ------------------------------------------------------------------------------------------------------


def _choices(table: Table, tab: TabState, columns: Sequence[tuple[Column, int]], office: Office) -> list[Request]:
    requests = []
    for column, place in columns:
        rule = _choice(table, column, office)
        if rule and any(not _same_rule(tab.cell(row, place).get("dataValidation"), rule) for row in _body(tab)):
            cells = grid_range(tab.gid, 1, None, place, place + 1)
            requests.append({"setDataValidation": {"range": cells, "rule": rule}})
    return requests


def _choice(table: Table, column: Column, office: Office) -> Request | None:
    if table is HISTORY:
        return None
    if column.references and column.references in office.sheets:
        at = letter(office.sheets[column.references].columns["id"])
        return _rule(
            "ONE_OF_RANGE", [f"='{column.references}'!${at}$2:${at}"], f"Pilih ID dari tab {column.references}."
        )
    if column.kind is Kind.FLAG:
        return _rule("ONE_OF_LIST", _YES_NO, "Pilih ya atau tidak.")
    allowed = _QUARTERS if column.name == "quarter" else _CHOICES.get((table.name, column.name))
    return _rule("ONE_OF_LIST", allowed, f"Pilih salah satu: {', '.join(allowed)}.") if allowed else None


def _rule(kind: str, values: Sequence[str], message: str) -> Request:
    condition = {"type": kind, "values": [{"userEnteredValue": str(value)} for value in values]}
    return {"condition": condition, "inputMessage": message, "strict": True, "showCustomUi": True}


def _same_rule(found: Json | None, wanted: Json) -> bool:
    return found is not None and _condition(found) == _condition(wanted)


def _condition(rule: Json) -> tuple[str, list[str]]:
    condition = rule.get("condition", {})
    values = [str(value.get("userEnteredValue", "")).replace("'", "") for value in condition.get("values", ())]
    return condition.get("type", ""), values


# --- protection ---------------------------------------------------------------------------------------------------


def protection(tab: TabState, wanted: Sequence[Request]) -> list[Request]:
    """Protected ranges that people made stay; of ours, those that differ are made anew."""
    ours = [one for one in tab.meta.get("protectedRanges", ()) if one.get("description", "").startswith(OURS)]
    kept: list[str] = []
    requests: list[Request] = []
    for one in ours:
        match = next((w for w in wanted if w["description"] == one["description"]), None)
        if match is None or match["description"] in kept or not _same_protection(tab, one, match):
            requests.append({"deleteProtectedRange": {"protectedRangeId": one["protectedRangeId"]}})
        else:
            kept.append(match["description"])
    new = [one for one in wanted if one["description"] not in kept]
    return [*requests, *({"addProtectedRange": {"protectedRange": one}} for one in new)]


def whole_tab(tab: TabState, office: Office, unprotected: Sequence[Request] = ()) -> Request:
    free = {"unprotectedRanges": list(unprotected)} if unprotected else {}
    return {**_locked(f"tab {tab.title} diisi lewat aplikasi", {"sheetId": tab.gid}, office.editors), **free}


def _protected(table: Table, tab: TabState, sheet: Sheet, office: Office) -> list[Request]:
    if table is not ENTRY:
        return [whole_tab(tab, office)]
    inputs = list(runs(sheet.columns[name] for name in INPUTS))
    free = [grid_range(tab.gid, 1, None, left, right) for left, right in inputs]
    return [whole_tab(tab, office, free), *_by_section(tab, sheet, office, inputs)]


def _by_section(tab: TabState, sheet: Sheet, office: Office, inputs: Sequence[tuple[int, int]]) -> Iterator[Request]:
    """The input cells of a section whose addresses are known belong to these alone."""
    for section in office.rows(SECTION):
        mails = office.mails(f"{MAIL_PREFIX}{section['id']}")
        rows = [found.index for found in sheet.found.values() if found.row["section_id"] == section["id"]]
        for number, (top, bottom) in enumerate(runs(rows) if mails else (), 1):
            for left, right in inputs:
                text = f"isian {section['short']}, bagian {number} kolom {letter(left)}"
                yield _locked(text, grid_range(tab.gid, top, bottom, left, right), [*office.editors, *mails])


def _locked(text: str, cells: Json, editors: Sequence[str]) -> Request:
    """The mark tells who the editors should be: Google adds the owner to those that it lists."""
    users = sorted(set(editors))
    mark = hashlib.sha256(" ".join(users).encode()).hexdigest()[:6]
    return {"description": f"{OURS}{text} ({mark})", "range": dict(cells), "editors": {"users": users}}


def _same_protection(tab: TabState, found: Json, wanted: Json) -> bool:
    free = [area(one, tab) for one in found.get("unprotectedRanges", ())]
    return (
        area(found.get("range", {}), tab) == area(wanted["range"], tab)
        and sorted(free) == sorted(area(one, tab) for one in wanted.get("unprotectedRanges", ()))
        and set(wanted["editors"]["users"]) <= set(found.get("editors", {}).get("users", ()))
        and not found.get("warningOnly", False)
    )


# --- filter views -------------------------------------------------------------------------------------------------


def _views(table: Table, tab: TabState, sheet: Sheet, office: Office) -> list[Request]:
    if table is not ENTRY:
        return []
    requests: list[Request] = []
    there = {view.get("title", ""): view for view in tab.meta.get("filterViews", ())}
    for section in office.rows(SECTION):
        wanted = _view(tab, sheet, section)
        found = there.get(wanted["title"])
        if found is None:
            requests.append({"addFilterView": {"filter": wanted}})
        elif not _same_view(found, wanted, sheet):
            filter_ = {**wanted, "filterViewId": found["filterViewId"]}
            requests.append({"updateFilterView": {"filter": filter_, "fields": "range,filterSpecs"}})
    return requests


def _view(tab: TabState, sheet: Sheet, section: Row) -> Request:
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": str(section["id"])}]}
    spec = {"columnIndex": sheet.columns["section_id"], "filterCriteria": {"condition": condition}}
    cells = grid_range(tab.gid, 0, tab.rows, 0, sheet.width)
    return {"title": f"{_VIEW}{section['short']}", "range": cells, "filterSpecs": [spec]}


def _same_view(found: Json, wanted: Json, sheet: Sheet) -> bool:
    """Filters that a person added to the view stay as long as it still shows this section and all rows."""
    columns = (found["range"].get("startColumnIndex", 0), found["range"].get("endColumnIndex", 0))
    if columns[0] != 0 or columns[1] < sheet.width or found["range"].get("endRowIndex", 10**9) < len(sheet.grid):
        return False
    return set(_specs(wanted)) <= set(_specs(found))


def _specs(view: Json) -> Iterator[tuple[int, str, str]]:
    for spec in view.get("filterSpecs", ()):
        kind, values = _condition(spec.get("filterCriteria", {}))
        yield spec.get("columnIndex", 0), kind, " ".join(values)


# --- colours ------------------------------------------------------------------------------------------------------


def _rules(table: Table, tab: TabState, sheet: Sheet, office: Office) -> list[Request]:
    """Problems before blanks before locked quarters: the first that fits colours the cell.

    The formulas use no separator between arguments, since that depends on the spreadsheet's locale.
    """
    own, at = letter(sheet.columns["id"]), sheet.columns
    entries = [at[column.name] for column in table.columns if column.kind is Kind.ENTRY]
    required = [at[column.name] for column in table.columns if column.required and column.name != "id"]
    if table is ENTRY:
        required.append(at["actual"])
    blank = f'=(${own}2<>"")*(LEN({_CELL})=0)'
    found = [
        _coloured(tab, entries if table in (ENTRY, TARGET) else [], _PALE_RED, _UNREADABLE),
        _coloured(tab, required, _PALE_OCHRE, blank),
    ]
    locked = [(row["year"], row["quarter"]) for row in office.rows(CYCLE) if row["locked_at"] is not None]
    if table is ENTRY and locked:
        found.append(_coloured(tab, [at[name] for name in INPUTS], _GREY, _locked_quarters(sheet, locked)))
    return [rule for rule in found if rule]


def _locked_quarters(sheet: Sheet, locked: Sequence[tuple[Value, Value]]) -> str:
    year, quarter = (letter(sheet.columns[name]) for name in ("year", "quarter"))
    return "=" + "+".join(f"(${year}2={y})*(${quarter}2={q})" for y, q in sorted(locked, key=str))


def _coloured(tab: TabState, places: Sequence[int], colour: str, formula: str) -> Request:
    """``_CELL`` in the formula stands for the first cell of the first range."""
    if not places:
        return {}
    ranges = [grid_range(tab.gid, 1, None, left, right) for left, right in runs(places)]
    text = formula.replace(_CELL, f"{letter(min(places))}2")
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text}]}
    return {"ranges": ranges, "booleanRule": {"condition": condition, "format": {"backgroundColor": rgb(colour)}}}


def _colours(tab: TabState, wanted: Sequence[Request]) -> list[Request]:
    """Rules that people made stay; ours are known by their colour and made anew where one differs."""
    there = list(enumerate(tab.meta.get("conditionalFormats", ())))
    ours = [(index, rule) for index, rule in there if _is_ours(rule)]
    if [_identity(rule, tab) for _, rule in ours] == [_identity(rule, tab) for rule in wanted]:
        return []
    gone = [{"deleteConditionalFormatRule": {"sheetId": tab.gid, "index": index}} for index, _ in reversed(ours)]
    new = [{"addConditionalFormatRule": {"rule": rule, "index": index}} for index, rule in enumerate(wanted)]
    return [*gone, *new]


def _is_ours(rule: Json) -> bool:
    boolean = rule.get("booleanRule", {})
    colour = boolean.get("format", {}).get("backgroundColor")
    is_formula = boolean.get("condition", {}).get("type") == "CUSTOM_FORMULA"
    return is_formula and any(same_colour(colour, rgb(own)) for own in (_PALE_RED, _PALE_OCHRE, _GREY))


def _identity(rule: Json, tab: TabState) -> tuple[object, ...]:
    boolean = rule["booleanRule"]
    return _condition(boolean), sorted(area(one, tab) for one in rule["ranges"])
