"""spreadsheets.batchUpdate: every kind of request that is known here, applied to a draft of the spreadsheet."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.sheets_server.a1 import Box
from tests.sheets_server.discovery import mask
from tests.sheets_server.errors import CELL_TOO_LONG, PROTECTED, ApiError, invalid, unimplemented
from tests.sheets_server.fields import BadMask, Tree, merge
from tests.sheets_server.formulas import Problem
from tests.sheets_server.model import (
    GRID_KEYS,
    MAX_TEXT,
    Cell,
    Json,
    Sheet,
    Spreadsheet,
    copied,
    has_value,
    new_sheet_props,
    shifted,
)
from tests.sheets_server.protection import may_edit
from tests.sheets_server.reading import Eyes, box_of, properties_json, without_sheet_zero
from tests.sheets_server.values import Author

Handler = Callable[["Draft", Json], Json]
KEPT = {"rowCount", "columnCount", "sheetId", "title", "sheetType", "gridProperties"}
COMPUTED = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")


@dataclass(slots=True)
class Draft:
    """The copy on which a request works; it becomes the spreadsheet only when all requests have succeeded."""

    book: Spreadsheet
    author: Author

    def sheet(self, sheet_id: int) -> Sheet:
        found = self.book.by_id(sheet_id)
        if found is None:
            raise Refused(f"No grid with id: {sheet_id}")
        return found

    def area(self, grid_range: Json) -> tuple[Sheet, Box]:
        sheet = self.sheet(grid_range.get("sheetId", 0))
        box = box_of(grid_range, sheet)
        check_range(sheet, grid_range, box)
        return sheet, box

    def edit(self, sheet: Sheet, box: Box) -> None:
        if not may_edit(self.book, sheet, box, self.author.user):
            raise Refused(PROTECTED)

    def new_id(self) -> int:
        used = {one.id for one in self.book.sheets}
        while (number := random.randrange(1, 2**31 - 1)) in used:
            pass
        return number


class Refused(Exception):
    """400 with the place of the request before the message."""


def apply(book: Spreadsheet, requests: list[Json], author: Author) -> list[Json]:
    """The replies; the draft may be left half changed where an error is raised, so that it must be thrown away."""
    if not requests:
        raise invalid("Must specify at least one request.")
    draft = Draft(book, author)
    return [one_reply(draft, at, request) for at, request in enumerate(requests)]


def one_reply(draft: Draft, at: int, request: Json) -> Json:
    if len(request) != 1:
        raise invalid(f"Invalid requests[{at}]: No request set.")
    (kind, body), *_ = request.items()
    handler = HANDLERS.get(kind)
    if handler is None:
        raise unimplemented(f"batchUpdate {kind}")
    try:
        reply = handler(draft, body)
        draft.book.check_size()
    except Refused as refused:
        raise invalid(f"Invalid requests[{at}].{kind}: {refused}") from None
    except BadMask as bad:
        raise invalid(f"Invalid requests[{at}].{kind}: Invalid field: {bad}") from None
    except ApiError as error:
        error.message = f"Invalid requests[{at}].{kind}: {error.message}"
        raise
    return {kind: without_sheet_zero(reply) if kind != "addSheet" else reply} if reply else {}


def check_range(sheet: Sheet, grid_range: Json, box: Box) -> None:
    for dimension, count in (("row", sheet.row_count), ("column", sheet.column_count)):
        name = dimension.capitalize()
        start, end = grid_range.get(f"start{name}Index", 0), grid_range.get(f"end{name}Index", count)
        if start < 0 or end < start:
            raise Refused(f"range.end{name}Index[{end}] must not be before range.start{name}Index[{start}]")
        if start >= count:
            raise Refused(f"GridCoordinate.{dimension}Index[{start}] is after last {dimension} in grid[{count - 1}]")
        if end > count:
            raise Refused(f"range.end{name}Index[{end}] is after last {dimension} in grid[{count}]")


def mask_of(schema: str, body: Json) -> Tree:
    text = body.get("fields", "")
    if not text:
        raise Refused("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return with_style_fields(mask(schema, text))


def with_style_fields(tree: Tree) -> Tree:
    """Whoever writes a colour writes its style too, and the other way round."""
    result = {name: with_style_fields(below) for name, below in tree.items()}
    for name in tree:
        if name.endswith("Color"):
            result[f"{name}Style"] = {}
        elif name.endswith("ColorStyle"):
            result[name.removesuffix("Style")] = {}
    return result


# ---------------------------------------------------------------- cells


def update_cells(draft: Draft, body: Json) -> Json:
    tree = mask_of("CellData", body)
    rows = body.get("rows", [])
    if "start" in body:
        start = body["start"]
        sheet = draft.sheet(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        width = max((len(row.get("values", [])) for row in rows), default=0)
        box = Box(top, left, top + max(len(rows), 1), left + max(width, 1))
        check_inside(sheet, box)
    else:
        sheet, box = draft.area(body.get("range", {}))
        check_fits(rows, box)
    draft.edit(sheet, box)
    fill(sheet, box, rows, tree, clear="start" not in body)
    return {}


def places_of(box: Box) -> list[tuple[int, int]]:
    return [(row, column) for row in range(box.top, box.bottom) for column in range(box.left, box.right)]


def check_inside(sheet: Sheet, box: Box) -> None:
    for name, start, end, count in (
        ("row", box.top, box.bottom, sheet.row_count),
        ("column", box.left, box.right, sheet.column_count),
    ):
        if start >= count:
            raise Refused(f"GridCoordinate.{name}Index[{start}] is after last {name} in grid[{count - 1}]")
        if end > count:
            raise Refused(f"Attempting to write {name}: {count}, beyond the last requested {name} of: {count - 1}")


def check_fits(rows: list[Json], box: Box) -> None:
    if len(rows) > box.bottom - box.top:
        last = box.bottom - 1
        raise Refused(f"Attempting to write row: {last + 1}, beyond the last requested row of: {last}")
    if any(len(row.get("values", [])) > box.right - box.left for row in rows):
        last = box.right - 1
        raise Refused(f"Attempting to write column: {last + 1}, beyond the last requested column of: {last}")


def fill(sheet: Sheet, box: Box, rows: list[Json], tree: Tree, clear: bool) -> None:
    """Cells of the box that the rows do not reach lose the masked fields where `clear` is set."""
    given = {
        (box.top + at, box.left + column): cell
        for at, row in enumerate(rows)
        for column, cell in enumerate(row.get("values", []))
    }
    rest = [place for place in sheet.cells(box) if place not in given] if clear else []
    for (row, column), cell in [*given.items(), *((place, {}) for place in rest)]:
        sheet.put(row, column, written(sheet.cell(row, column), cell, tree))


def written(old: Cell, new: Cell, tree: Tree) -> Cell:
    cell = merge(old, checked(new), tree)
    for name in COMPUTED:
        cell.pop(name, None)
    return {key: value for key, value in cell.items() if value not in ("", {}, [])}


def checked(cell: Cell) -> Cell:
    cell = dict(cell)
    if "userEnteredValue" in cell:
        cell["userEnteredValue"] = checked_value(cell["userEnteredValue"])
    if "userEnteredFormat" in cell:
        cell["userEnteredFormat"] = with_styles(cell["userEnteredFormat"])
    return cell


def checked_value(value: Json) -> Json:
    if len(value) > 1:
        raise Refused("Only one of the fields of ExtendedValue may be set.")
    text = str(value.get("stringValue", value.get("formulaValue", "")))
    if len(text) > MAX_TEXT:
        raise Refused(CELL_TOO_LONG)
    if "errorValue" in value:
        raise Refused("errorValue cannot be written.")
    if "formulaValue" in value and not text.startswith("="):
        raise Refused(f"Invalid formula: {text}")
    return {} if value == {"stringValue": ""} else value


def with_styles(value: Any) -> Any:
    """Every colour stands beside its style, whichever of the two was written."""
    if isinstance(value, list):
        return [with_styles(one) for one in value]
    if not isinstance(value, dict):
        return value
    result = {key: with_styles(one) for key, one in value.items()}
    for key, one in value.items():
        if key.endswith("Color") and isinstance(one, dict):
            result.setdefault(f"{key}Style", {"rgbColor": one})
        elif key.endswith("ColorStyle") and "rgbColor" in one:
            result[key[: -len("Style")]] = one["rgbColor"]
    return result


def append_cells(draft: Draft, body: Json) -> Json:
    tree = mask_of("CellData", body)
    sheet, rows = draft.sheet(body.get("sheetId", 0)), body.get("rows", [])
    top = sheet.last_data_row() + 1
    width = max((len(row.get("values", [])) for row in rows), default=0)
    box = Box(top, 0, top + len(rows), width)
    sheet.resize(max(sheet.row_count, box.bottom), max(sheet.column_count, box.right))
    draft.edit(sheet, box)
    fill(sheet, box, rows, tree, clear=False)
    return {}


def repeat_cell(draft: Draft, body: Json) -> Json:
    tree = mask_of("CellData", body)
    sheet, box = draft.area(body.get("range", {}))
    draft.edit(sheet, box)
    new = body.get("cell", {})
    empty = not written({}, new, tree)
    places = sheet.cells(box) if empty else places_of(box)
    for row, column in places:
        sheet.put(row, column, written(sheet.cell(row, column), new, tree))
    return {}


def set_data_validation(draft: Draft, body: Json) -> Json:
    sheet, box = draft.area(body.get("range", {}))
    draft.edit(sheet, box)
    rule = body.get("rule")
    places = places_of(box) if rule else sheet.cells(box)
    for row, column in places:
        cell = {key: value for key, value in sheet.cell(row, column).items() if key != "dataValidation"}
        sheet.put(row, column, {**cell, "dataValidation": rule} if rule else cell)
    return {}


def update_borders(draft: Draft, body: Json) -> Json:
    sheet, box = draft.area(body.get("range", {}))
    draft.edit(sheet, box)
    for place in places_of(box):
        cell = dict(sheet.cell(*place))
        look = dict(cell.get("userEnteredFormat", {}))
        look["borders"] = {**look.get("borders", {}), **borders_at(body, box, *place)}
        sheet.put(*place, {**cell, "userEnteredFormat": look})
    return {}


def borders_at(body: Json, box: Box, row: int, column: int) -> Json:
    """The borders that a cell gets: an outer one where it lies at the edge, otherwise the inner one."""
    edges = {
        "top": (row == box.top, "innerHorizontal"),
        "bottom": (row == box.bottom - 1, "innerHorizontal"),
        "left": (column == box.left, "innerVertical"),
        "right": (column == box.right - 1, "innerVertical"),
    }
    names = {side: side if outer else inner for side, (outer, inner) in edges.items()}
    return {side: with_styles(body[name]) for side, name in names.items() if name in body}


def find_replace(draft: Draft, body: Json) -> Json:
    find, new = body.get("find", ""), body.get("replacement", "")
    if body.get("searchByRegex") or body.get("includeFormulas"):
        raise unimplemented("findReplace by regular expression or in formulas")
    places = areas_of(draft, body)
    changed = []
    for sheet, box in places:
        for row, column in sheet.cells(box, lambda cell: "stringValue" in cell.get("userEnteredValue", {})):
            text = sheet.cell(row, column)["userEnteredValue"]["stringValue"]
            result, count = replaced(text, find, new, body)
            if count:
                draft.edit(sheet, Box(row, column, row + 1, column + 1))
                sheet.put_value(row, column, {"stringValue": result} if result else {})
                changed.append((sheet.id, row, column, count))
    return {
        key: count
        for key, count in {
            "valuesChanged": len(changed),
            "rowsChanged": len({one[:2] for one in changed}),
            "sheetsChanged": len({one[0] for one in changed}),
            "occurrencesChanged": sum(one[3] for one in changed),
        }.items()
        if count
    }


def areas_of(draft: Draft, body: Json) -> list[tuple[Sheet, Box]]:
    if body.get("allSheets"):
        return [(sheet, sheet.whole) for sheet in draft.book.sheets]
    return [draft.area(body["range"] if "range" in body else {"sheetId": body.get("sheetId", 0)})]


def replaced(text: str, find: str, new: str, body: Json) -> tuple[str, int]:
    if body.get("matchEntireCell"):
        same = text == find if body.get("matchCase") else text.lower() == find.lower()
        return (new, 1) if same else (text, 0)
    if body.get("matchCase"):
        return text.replace(find, new), text.count(find)
    low, at, out, count = text.lower(), 0, "", 0
    while find and (hit := low.find(find.lower(), at)) >= 0:
        out, at, count = out + text[at:hit] + new, hit + len(find), count + 1
    return out + text[at:], count


def sort_range(draft: Draft, body: Json) -> Json:
    sheet, box = draft.area(body.get("range", {}))
    draft.edit(sheet, box)
    if any(box_of(one, sheet).meets(box) for one in sheet.extras["merges"]):
        raise Refused("You can't sort a range with vertical merges. Unmerge the cells and try again.")
    eyes = Eyes(draft.book)
    order = list(range(box.top, min(box.bottom, len(sheet.rows))))
    for spec in reversed(body.get("sortSpecs", [])):
        column, down = spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING"
        keys = {at: sort_key(eyes.value(sheet, at, column)) for at in order}
        order.sort(key=lambda at, keys=keys: keys[at], reverse=down)  # type: ignore[misc]
        order.sort(key=lambda at, keys=keys: keys[at][0] == 9)  # type: ignore[misc]
    old = list(sheet.rows)
    for target, source in enumerate(order, box.top):
        kept = {c: cell for c, cell in old[target].items() if not box.left <= c < box.right}
        moved = {c: cell for c, cell in old[source].items() if box.left <= c < box.right}
        sheet.rows[target] = {**kept, **moved}
    return {}


def sort_key(value: Any) -> tuple[int, float, str]:
    if value is None or isinstance(value, Problem):
        return 9, 0, ""
    if isinstance(value, bool):
        return 2, value, ""
    if isinstance(value, int | float):
        return 0, value, ""
    return 1, 0, str(value).lower()


def copy_paste(draft: Draft, body: Json) -> Json:
    source, box = draft.area(body.get("source", {}))
    sheet, target = draft.area(body.get("destination", {}))
    draft.edit(sheet, target)
    cells = {(r - box.top, c - box.left): source.cell(r, c) for r, c in places_of(box)}
    height, width = box.bottom - box.top, box.right - box.left
    tall = max(height, (target.bottom - target.top) // height * height)
    wide = max(width, (target.right - target.left) // width * width)
    tree = PASTED.get(body.get("pasteType", "PASTE_NORMAL"))
    if tree is None or body.get("pasteOrientation", "NORMAL") != "NORMAL":
        raise unimplemented("copyPaste of this type")
    for row in range(tall):
        for column in range(wide):
            place = target.top + row, target.left + column
            if place[0] < sheet.row_count and place[1] < sheet.column_count:
                sheet.put(*place, written(sheet.cell(*place), cells[row % height, column % width], tree))
    return {}


PASTED: dict[str, Tree] = {
    "PASTE_NORMAL": {"*": {}},
    "PASTE_VALUES": {"userEnteredValue": {}},
    "PASTE_FORMULA": {"userEnteredValue": {}},
    "PASTE_FORMAT": {"userEnteredFormat": {}},
    "PASTE_DATA_VALIDATION": {"dataValidation": {}},
}


def cut_paste(draft: Draft, body: Json) -> Json:
    source, box = draft.area(body.get("source", {}))
    at = body.get("destination", {})
    sheet = draft.sheet(at.get("sheetId", 0))
    top, left = at.get("rowIndex", 0), at.get("columnIndex", 0)
    target = Box(top, left, top + box.bottom - box.top, left + box.right - box.left)
    check_inside(sheet, target)
    draft.edit(source, box)
    draft.edit(sheet, target)
    tree = PASTED.get(body.get("pasteType", "PASTE_NORMAL"))
    if tree is None:
        raise unimplemented("cutPaste of this type")
    taken = {place: source.cell(*place) for place in places_of(box)}
    for row, column in taken:
        source.put(row, column, {})
    for (row, column), cell in taken.items():
        place = row - box.top + top, column - box.left + left
        sheet.put(*place, written(sheet.cell(*place), cell, tree))
    return {}


# ---------------------------------------------------------------- rows and columns


def span(draft: Draft, given: Json, count_of: bool = True) -> tuple[Sheet, str, int, int]:
    sheet, dimension = draft.sheet(given.get("sheetId", 0)), given.get("dimension", "ROWS")
    count = sheet.row_count if dimension == "ROWS" else sheet.column_count
    start, end = given.get("startIndex", 0), given.get("endIndex", count)
    if end <= start or start < 0:
        raise Refused(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    if count_of and end > count:
        raise Refused(f"range.endIndex[{end}] is after last {dimension.lower()[:-1]} in grid[{count}]")
    return sheet, dimension, start, end


def strip(sheet: Sheet, dimension: str, start: int, end: int) -> Box:
    rows = dimension == "ROWS"
    return Box(start, 0, end, sheet.column_count) if rows else Box(0, start, sheet.row_count, end)


def append_dimension(draft: Draft, body: Json) -> Json:
    sheet, length = draft.sheet(body.get("sheetId", 0)), body.get("length", 0)
    if length < 1:
        raise Refused("length must be greater than 0")
    rows = body.get("dimension", "ROWS") == "ROWS"
    sheet.resize(sheet.row_count + length * rows, sheet.column_count + length * (not rows))
    return {}


def insert_dimension(draft: Draft, body: Json) -> Json:
    sheet, dimension, start, end = span(draft, body.get("range", {}), count_of=False)
    count = sheet.row_count if dimension == "ROWS" else sheet.column_count
    before = body.get("inheritFromBefore", False)
    if start > count or (start == 0 and before):
        raise Refused(f"range.startIndex[{start}] is after last {dimension.lower()[:-1]} in grid[{count - 1}]")
    sheet.insert(dimension, start, end - start, start - 1 if before else start)
    shift_named(draft.book, sheet, dimension, start, end - start)
    return {}


def shift_named(book: Spreadsheet, sheet: Sheet, dimension: str, at: int, count: int) -> None:
    def move(start: int, end: int) -> tuple[int, int]:
        if count > 0:
            return start + count * (start >= at), end + count * (end > at)
        return tuple(place if place <= at else max(at, place + count) for place in (start, end))  # type: ignore[return-value]

    on_sheet = [one["range"].get("sheetId", 0) == sheet.id for one in book.named_ranges]
    moved = [
        shifted(one, dimension, move) if own else one for one, own in zip(book.named_ranges, on_sheet, strict=True)
    ]
    book.named_ranges = [one for one in moved if one]


def delete_dimension(draft: Draft, body: Json) -> Json:
    sheet, dimension, start, end = span(draft, body.get("range", {}))
    rows = dimension == "ROWS"
    count = sheet.row_count if rows else sheet.column_count
    word = "rows" if rows else "columns"
    if end - start >= count:
        raise Refused(f"You can't delete all the {word} on the sheet.")
    frozen = sheet.grid.get("frozenRowCount" if rows else "frozenColumnCount", 0)
    if start <= frozen and end >= count and frozen:
        raise Refused(f"Sorry, it is not possible to delete all non-frozen {word}.")
    draft.edit(sheet, strip(sheet, dimension, start, end))
    sheet.delete(dimension, start, end)
    shift_named(draft.book, sheet, dimension, start, start - end)
    return {}


def move_dimension(draft: Draft, body: Json) -> Json:
    sheet, dimension, start, end = span(draft, body.get("source", {}))
    to = body.get("destinationIndex", 0)
    draft.edit(sheet, strip(sheet, dimension, start, end))
    count = sheet.row_count if dimension == "ROWS" else sheet.column_count
    order = [at for at in range(count) if not start <= at < end]
    place = to if to <= start else max(to - (end - start), 0)
    order[place:place] = range(start, end)
    if dimension == "ROWS":
        rows = [sheet.rows[at] if at < len(sheet.rows) else {} for at in order]
        sheet.rows = rows
    else:
        new = {old: at for at, old in enumerate(order)}
        sheet.rows = [{new[column]: cell for column, cell in row.items()} for row in sheet.rows]
    return {}


def update_dimension_properties(draft: Draft, body: Json) -> Json:
    tree = mask_of("DimensionProperties", body)
    sheet, dimension, start, end = span(draft, body.get("range", {}))
    sizes = sheet.sizes[dimension]
    for at in range(start, end):
        new = merge(sizes.get(at, {}), body.get("properties", {}), tree)
        size = {key: value for key, value in new.items() if value}
        sizes.pop(at, None)
        if size:
            sizes[at] = size
    return {}


def auto_resize(draft: Draft, body: Json) -> Json:
    sheet, dimension, start, end = span(draft, body.get("dimensions", {}))
    if dimension == "ROWS":
        return {}
    eyes = Eyes(draft.book)
    for column in range(start, end):
        box = Box(0, column, sheet.row_count, column + 1)
        texts = [eyes.formatted(sheet.cell(*place), eyes.value(sheet, *place)) for place in sheet.cells(box, has_value)]
        if texts:
            longest = max(len(line) for text in texts for line in text.split("\n"))
            sheet.sizes[dimension][column] = {"pixelSize": max(21, 10 + 7 * longest)}
    return {}


def add_group(draft: Draft, body: Json) -> Json:
    sheet, dimension, start, end = span(draft, body.get("range", {}))
    sheet.grid["rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"] = True
    return {"dimensionGroups": regroup(sheet, dimension, start, end, 1)}


def delete_group(draft: Draft, body: Json) -> Json:
    sheet, dimension, start, end = span(draft, body.get("range", {}))
    left = regroup(sheet, dimension, start, end, -1)
    return {"dimensionGroups": left} if left else {}


def regroup(sheet: Sheet, dimension: str, start: int, end: int, change: int) -> list[Json]:
    """A group of depth n is a run of rows or columns that at least n groups cover."""
    name = "rowGroups" if dimension == "ROWS" else "columnGroups"
    depths: dict[int, int] = {}
    for group in sheet.extras[name]:
        for at in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[at] = max(depths.get(at, 0), group["depth"])
    if change < 0 and not any(start <= at < end for at in depths):
        raise Refused("The range does not contain any group.")
    for at in range(start, end):
        depths[at] = max(depths.get(at, 0) + change, 0)
    groups = [
        {"range": {"sheetId": sheet.id, "dimension": dimension, "startIndex": first, "endIndex": last}, "depth": depth}
        for depth in range(1, max(depths.values(), default=0) + 1)
        for first, last in runs(at for at, deep in depths.items() if deep >= depth)
    ]
    sheet.extras[name] = groups
    return copied(groups)  # type: ignore[no-any-return]


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at in sorted(places):
        if found and found[-1][1] == at:
            found[-1] = found[-1][0], at + 1
        else:
            found.append((at, at + 1))
    return found


# ---------------------------------------------------------------- sheets


def add_sheet(draft: Draft, body: Json) -> Json:
    given = body.get("properties", {})
    book = draft.book
    title = given.get("title") or free_title(book)
    check_title(book, title)
    sheet_id = given.get("sheetId", draft.new_id())
    if book.by_id(sheet_id) is not None or sheet_id < 0:
        raise Refused(f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    if given.get("sheetType", "GRID") != "GRID":
        raise unimplemented("addSheet of this type")
    props = new_sheet_props(sheet_id, title)
    props["gridProperties"].update(given.get("gridProperties", {}))
    rest = {key: value for key, value in given.items() if key not in KEPT and key != "index" and value}
    sheet = Sheet({**props, **with_styles(rest)})
    check_grid(sheet)
    index = min(given.get("index", len(book.sheets)), len(book.sheets))
    book.sheets.insert(index, sheet)
    return {"properties": copied(properties_json(sheet, index))}


def free_title(book: Spreadsheet) -> str:
    number = len(book.sheets) + 1
    while book.by_title(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def check_title(book: Spreadsheet, title: str, own: Sheet | None = None) -> None:
    if not title:
        raise Refused("Sheet name cannot be empty.")
    if len(title) > 100:
        raise Refused("Sheet name cannot be longer than 100 characters.")
    same = book.by_title(title)
    if same is not None and same is not own:
        raise Refused(f'A sheet with the name "{title}" already exists. Please enter another name.')


def check_grid(sheet: Sheet) -> None:
    if sheet.row_count < 1 or sheet.column_count < 1:
        raise Refused("You can't delete all the rows or columns on the sheet.")
    if sheet.column_count > 18278:
        raise Refused("This action would exceed the maximum of 18278 columns.")
    for name, count in (("Row", sheet.row_count), ("Column", sheet.column_count)):
        if sheet.grid.get(f"frozen{name}Count", 0) >= count:
            raise Refused(f"You can't freeze all visible {name.lower()}s on the sheet.")


def delete_sheet(draft: Draft, body: Json) -> Json:
    sheet = draft.sheet(body.get("sheetId", 0))
    rest = [one for one in draft.book.sheets if one is not sheet]
    if not any(not one.props.get("hidden") for one in rest):
        raise Refused("You can't remove all the visible sheets in a document.")
    draft.edit(sheet, sheet.whole)
    draft.book.sheets = rest
    draft.book.named_ranges = [one for one in draft.book.named_ranges if one["range"].get("sheetId", 0) != sheet.id]
    return {}


def update_sheet_properties(draft: Draft, body: Json) -> Json:
    tree = mask_of("SheetProperties", body)
    given = body.get("properties", {})
    sheet = draft.sheet(given.get("sheetId", 0))
    old = sheet.row_count, sheet.column_count
    props = merge(sheet.props, with_styles(given), {name: below for name, below in tree.items() if name != "index"})
    props = {**props, "sheetId": sheet.id, "sheetType": "GRID", "title": props.get("title", "")}
    props["gridProperties"] = {"rowCount": old[0], "columnCount": old[1], **props.get("gridProperties", {})}
    if props["title"] != sheet.title:
        check_title(draft.book, props["title"], sheet)
    sheet.props = without_defaults(props)
    check_grid(sheet)
    if (sheet.row_count, sheet.column_count) != old:
        shrink(draft, sheet, old)
    if all(one.props.get("hidden") for one in draft.book.sheets):
        raise Refused("You can't hide all the sheets in a document.")
    if "index" in tree or ("*" in tree and "index" in given):
        move_sheet(draft.book, sheet, given.get("index", 0))
    return {}


def without_defaults(props: Json) -> Json:
    grid = {key: value for key, value in props["gridProperties"].items() if value or key in KEPT}
    return {**{key: value for key, value in props.items() if value or key in KEPT}, "gridProperties": grid}


def shrink(draft: Draft, sheet: Sheet, old: tuple[int, int]) -> None:
    """The new size; rows and columns beyond it go with what stands in them."""
    rows, columns = sheet.row_count, sheet.column_count
    sheet.grid["rowCount"], sheet.grid["columnCount"] = old
    if rows < old[0]:
        sheet.delete("ROWS", rows, old[0])
        shift_named(draft.book, sheet, "ROWS", rows, rows - old[0])
    if columns < old[1]:
        sheet.delete("COLUMNS", columns, old[1])
        shift_named(draft.book, sheet, "COLUMNS", columns, columns - old[1])
    sheet.resize(rows, columns)


def move_sheet(book: Spreadsheet, sheet: Sheet, index: int) -> None:
    """The index counts as before the move."""
    at = book.sheets.index(sheet)
    if index in (at, at + 1):
        return
    if index > len(book.sheets) or index < 0:
        raise Refused(f"Invalid index: {index}")
    book.sheets.remove(sheet)
    book.sheets.insert(index - (index > at), sheet)


def duplicate_sheet(draft: Draft, body: Json) -> Json:
    source, book = draft.sheet(body.get("sourceSheetId", 0)), draft.book
    title = body.get("newSheetName") or copy_title(book, source.title)
    check_title(book, title)
    copy = copied_sheet(draft, source, body.get("newSheetId", draft.new_id()), title)
    index = min(body.get("insertSheetIndex", 0), len(book.sheets))
    book.sheets.insert(index, copy)
    return {"properties": copied(properties_json(copy, index))}


def copy_title(book: Spreadsheet, title: str) -> str:
    new, number = f"Copy of {title}", 1
    while book.by_title(new):
        number += 1
        new = f"Copy of {title} {number}"
    return new


def copied_sheet(draft: Draft, source: Sheet, sheet_id: int, title: str) -> Sheet:
    if draft.book.by_id(sheet_id) is not None:
        raise Refused(f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    copy = source.copy()
    copy.props = {**copy.props, "sheetId": sheet_id, "title": title}
    copy.extras = {name: [on_sheet(one, sheet_id) for one in found] for name, found in copy.extras.items()}
    copy.extras["developerMetadata"] = []
    copy.basic_filter = on_sheet(copy.basic_filter, sheet_id) if copy.basic_filter else None
    for key in ("protectedRangeId", "filterViewId", "bandedRangeId"):
        for found in copy.extras.values():
            for one in found:
                if key in one:
                    one[key] = draft.new_id()
    return copy


def on_sheet(value: Any, sheet_id: int) -> Any:
    if isinstance(value, list):
        return [on_sheet(one, sheet_id) for one in value]
    if not isinstance(value, dict):
        return value
    result = {key: on_sheet(one, sheet_id) for key, one in value.items()}
    if GRID_KEYS & set(value) or "dimension" in value:
        result["sheetId"] = sheet_id
    return result


def update_spreadsheet_properties(draft: Draft, body: Json) -> Json:
    tree = mask_of("SpreadsheetProperties", body)
    new = merge(draft.book.props, body.get("properties", {}), tree)
    if not new.get("title") or not new.get("locale") or not new.get("timeZone"):
        raise Refused("title, locale and timeZone cannot be empty.")
    draft.book.props = new
    return {}


# ---------------------------------------------------------------- merges


def merge_cells(draft: Draft, body: Json) -> Json:
    sheet, box = draft.area(body.get("range", {}))
    draft.edit(sheet, box)
    unmerge_inside(sheet, box)
    for one in merged_boxes(box, body.get("mergeType", "MERGE_ALL")):
        if (one.bottom - one.top) * (one.right - one.left) > 1:
            sheet.extras["merges"].append(grid_range(sheet, one))
            for place in sheet.cells(one, has_value):
                if place != (one.top, one.left):
                    sheet.put_value(*place, {})
    return {}


def unmerge_inside(sheet: Sheet, box: Box) -> None:
    met = [one for one in sheet.extras["merges"] if box_of(one, sheet).meets(box)]
    if not all(box.covers(box_of(one, sheet)) for one in met):
        raise Refused("You must select all cells in a merged range to merge or unmerge them.")
    sheet.extras["merges"] = [one for one in sheet.extras["merges"] if one not in met]


def merged_boxes(box: Box, kind: str) -> list[Box]:
    if kind == "MERGE_ROWS":
        return [Box(row, box.left, row + 1, box.right) for row in range(box.top, box.bottom)]
    if kind == "MERGE_COLUMNS":
        return [Box(box.top, column, box.bottom, column + 1) for column in range(box.left, box.right)]
    return [box]


def grid_range(sheet: Sheet, box: Box) -> Json:
    rows = {"startRowIndex": box.top, "endRowIndex": box.bottom}
    return {"sheetId": sheet.id, **rows, "startColumnIndex": box.left, "endColumnIndex": box.right}


def unmerge_cells(draft: Draft, body: Json) -> Json:
    sheet, box = draft.area(body.get("range", {}))
    draft.edit(sheet, box)
    unmerge_inside(sheet, box)
    return {}


# ---------------------------------------------------------------- things with an id: protections, filter views, bands


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that belongs to a sheet and has an id."""

    member: str
    id_key: str
    extra: str
    schema: str
    noun: str
    reply: bool = True

    def add(self, draft: Draft, body: Json) -> Json:
        new = self.ready(draft, with_styles(copied(body.get(self.member, {}))))
        if self.find(draft, new.setdefault(self.id_key, draft.new_id())):
            raise Refused(f"{self.noun} with ID: {new[self.id_key]} already exists.")
        sheet, _ = draft.area(new.get("range", {}))
        if "range" in new:
            new["range"]["sheetId"] = sheet.id
        sheet.extras[self.extra].append(new)
        return {self.member: copied(new)}

    def ready(self, draft: Draft, new: Json) -> Json:
        """Fills in what Google fills in."""
        if "namedRangeId" in new and "range" not in new:
            new["range"] = copied(named(draft, new["namedRangeId"])["range"])
        if self.extra == "protectedRanges":
            new["requestingUserCanEdit"] = True
            editors = new.setdefault("editors", {})
            editors["users"] = list(dict.fromkeys([*editors.get("users", []), draft.author.user]))
        return new

    def find(self, draft: Draft, wanted: int | None) -> tuple[Sheet, Json] | None:
        for sheet in draft.book.sheets:
            for one in sheet.extras[self.extra]:
                if one[self.id_key] == wanted:
                    return sheet, one
        return None

    def found(self, draft: Draft, wanted: int | None) -> tuple[Sheet, Json]:
        place = self.find(draft, wanted)
        if place is None:
            raise Refused(f"No {self.noun.lower()} with ID: {wanted}")
        return place

    def update(self, draft: Draft, body: Json) -> Json:
        tree = mask_of(self.schema, body)
        given = with_styles(body.get(self.member, {}))
        sheet, old = self.found(draft, given.get(self.id_key))
        new = {**merge(old, given, tree), self.id_key: old[self.id_key]}
        target, _ = draft.area(new.get("range", {}))
        sheet.extras[self.extra].remove(old)
        target.extras[self.extra].append(self.ready(draft, new))
        return {}

    def delete(self, draft: Draft, body: Json) -> Json:
        wanted = body.get(self.id_key, body.get("filterId"))
        sheet, old = self.found(draft, wanted)
        sheet.extras[self.extra].remove(old)
        return {}


PROTECTION = Kind("protectedRange", "protectedRangeId", "protectedRanges", "ProtectedRange", "Protected range")
FILTER_VIEW = Kind("filter", "filterViewId", "filterViews", "FilterView", "Filter view")
BANDING = Kind("bandedRange", "bandedRangeId", "bandedRanges", "BandedRange", "Banded range")


def set_basic_filter(draft: Draft, body: Json) -> Json:
    given = copied(body.get("filter", {}))
    sheet, box = draft.area(given.get("range", {}))
    given["range"] = grid_range(sheet, box)
    sheet.basic_filter = given
    return {}


def clear_basic_filter(draft: Draft, body: Json) -> Json:
    draft.sheet(body.get("sheetId", 0)).basic_filter = None
    return {}


# ---------------------------------------------------------------- conditional formats


def rule_ready(draft: Draft, rule: Json) -> tuple[Sheet, Json]:
    rule = with_styles(copied(rule))
    places = [draft.area(one) for one in rule.get("ranges", [])]
    if not places:
        raise Refused("ranges must not be empty.")
    for one, (sheet, _) in zip(rule["ranges"], places, strict=True):
        one["sheetId"] = sheet.id
    if len({sheet.id for sheet, _ in places}) > 1:
        raise Refused("All ranges of a rule must be on one sheet.")
    return places[0][0], rule


def add_rule(draft: Draft, body: Json) -> Json:
    sheet, rule = rule_ready(draft, body.get("rule", {}))
    sheet.extras["conditionalFormats"].insert(body.get("index", 0), rule)
    return {}


def rule_at(sheet: Sheet, index: int) -> Json:
    rules = sheet.extras["conditionalFormats"]
    if not 0 <= index < len(rules):
        raise Refused(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return rules[index]


def update_rule(draft: Draft, body: Json) -> Json:
    index = body.get("index", 0)
    if "rule" in body:
        sheet, rule = rule_ready(draft, body["rule"])
        old = rule_at(sheet, index)
        sheet.extras["conditionalFormats"][index] = rule
        return {"oldRule": old, "newRule": rule, "newIndex": index}
    sheet = draft.sheet(body.get("sheetId", 0))
    rule = rule_at(sheet, index)
    sheet.extras["conditionalFormats"].remove(rule)
    sheet.extras["conditionalFormats"].insert(body.get("newIndex", 0), rule)
    return {"newRule": rule, "oldIndex": index, "newIndex": body.get("newIndex", 0)}


def delete_rule(draft: Draft, body: Json) -> Json:
    sheet = draft.sheet(body.get("sheetId", 0))
    rule = rule_at(sheet, body.get("index", 0))
    del sheet.extras["conditionalFormats"][body.get("index", 0)]
    return {"rule": rule}


# ---------------------------------------------------------------- named ranges


def named(draft: Draft, wanted: str | None) -> Json:
    for one in draft.book.named_ranges:
        if one["namedRangeId"] == wanted:
            return one
    raise Refused(f"Cannot find a named range with ID: {wanted}")


def check_name(draft: Draft, name: str, own: Json | None = None) -> None:
    if any(one["name"].lower() == name.lower() and one is not own for one in draft.book.named_ranges):
        raise Refused(f"A named range with name: {name} already exists.")


def add_named(draft: Draft, body: Json) -> Json:
    new = copied(body.get("namedRange", {}))
    check_name(draft, new.get("name", ""))
    sheet, _ = draft.area(new.get("range", {}))
    new = {"namedRangeId": new.get("namedRangeId", str(draft.new_id())), **new}
    new["range"]["sheetId"] = sheet.id
    draft.book.named_ranges.append(new)
    return {"namedRange": copied(new)}


def update_named(draft: Draft, body: Json) -> Json:
    tree = mask_of("NamedRange", body)
    given = body.get("namedRange", {})
    old = named(draft, given.get("namedRangeId"))
    new = {**merge(old, given, tree), "namedRangeId": old["namedRangeId"]}
    check_name(draft, new.get("name", ""), old)
    draft.area(new.get("range", {}))
    draft.book.named_ranges[draft.book.named_ranges.index(old)] = new
    return {}


def delete_named(draft: Draft, body: Json) -> Json:
    draft.book.named_ranges.remove(named(draft, body.get("namedRangeId")))
    return {}


# ---------------------------------------------------------------- developer metadata


def metadata_lists(book: Spreadsheet) -> list[list[Json]]:
    return [book.developer_metadata, *(sheet.extras["developerMetadata"] for sheet in book.sheets)]


def create_metadata(draft: Draft, body: Json) -> Json:
    new = copied(body.get("developerMetadata", {}))
    if not new.get("metadataKey") or not new.get("visibility") or not new.get("location"):
        raise Refused("developerMetadata must have metadataKey, visibility and location.")
    new.setdefault("metadataId", draft.new_id())
    if any(one["metadataId"] == new["metadataId"] for found in metadata_lists(draft.book) for one in found):
        raise Refused(f"Developer metadata with ID: {new['metadataId']} already exists.")
    place = new["location"]
    if "dimensionRange" in place:
        sheet, dimension, start, end = span(draft, place["dimensionRange"])
        if end - start != 1:
            raise Refused("dimensionRange must span exactly one row or column.")
        place["locationType"] = dimension[:-1]
        place["dimensionRange"]["sheetId"] = sheet.id
        sheet.extras["developerMetadata"].append(new)
    elif "sheetId" in place:
        place["locationType"] = "SHEET"
        draft.sheet(place["sheetId"]).extras["developerMetadata"].append(new)
    else:
        place["locationType"] = "SPREADSHEET"
        draft.book.developer_metadata.append(new)
    return {"developerMetadata": copied(new)}


def metadata_found(book: Spreadsheet, filters: list[Json]) -> list[tuple[list[Json], Json]]:
    """The metadata that any of the data filters' lookups matches, each with the list that holds it."""
    lookups = [one.get("developerMetadataLookup") for one in filters]
    if None in lookups or not lookups:
        raise unimplemented("a DataFilter other than developerMetadataLookup")
    return [
        (found, one)
        for found in metadata_lists(book)
        for one in found
        if any(matches(one, lookup or {}) for lookup in lookups)
    ]


def matches(one: Json, lookup: Json) -> bool:
    keys = ("metadataId", "metadataKey", "metadataValue", "visibility")
    if any(key in lookup and lookup[key] != one.get(key) for key in keys):
        return False
    kind = lookup.get("locationType")
    return kind is None or kind == one["location"]["locationType"]


def update_metadata(draft: Draft, body: Json) -> Json:
    tree = mask_of("DeveloperMetadata", body)
    if "location" in tree:
        raise unimplemented("moving developer metadata")
    hits = metadata_found(draft.book, body.get("dataFilters", []))
    for _, one in hits:
        new = merge(one, body.get("developerMetadata", {}), tree)
        one.clear()
        one.update(new)
    return {"developerMetadata": [copied(one) for _, one in hits]} if hits else {}


def delete_metadata(draft: Draft, body: Json) -> Json:
    hits = metadata_found(draft.book, [body.get("dataFilter", {})])
    for found, one in hits:
        found.remove(one)
    return {"deletedDeveloperMetadata": [copied(one) for _, one in hits]} if hits else {}


HANDLERS: dict[str, Handler] = {
    "updateCells": update_cells,
    "appendCells": append_cells,
    "repeatCell": repeat_cell,
    "setDataValidation": set_data_validation,
    "updateBorders": update_borders,
    "findReplace": find_replace,
    "sortRange": sort_range,
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
    "appendDimension": append_dimension,
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize,
    "addDimensionGroup": add_group,
    "deleteDimensionGroup": delete_group,
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "updateSheetProperties": update_sheet_properties,
    "duplicateSheet": duplicate_sheet,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "addProtectedRange": PROTECTION.add,
    "updateProtectedRange": PROTECTION.update,
    "deleteProtectedRange": PROTECTION.delete,
    "addFilterView": FILTER_VIEW.add,
    "updateFilterView": FILTER_VIEW.update,
    "deleteFilterView": FILTER_VIEW.delete,
    "addBanding": BANDING.add,
    "updateBanding": BANDING.update,
    "deleteBanding": BANDING.delete,
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addConditionalFormatRule": add_rule,
    "updateConditionalFormatRule": update_rule,
    "deleteConditionalFormatRule": delete_rule,
    "addNamedRange": add_named,
    "updateNamedRange": update_named,
    "deleteNamedRange": delete_named,
    "createDeveloperMetadata": create_metadata,
    "updateDeveloperMetadata": update_metadata,
    "deleteDeveloperMetadata": delete_metadata,
}
