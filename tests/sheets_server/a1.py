"""A1 notation: text to boxes of cells and back."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIMPLE_TITLE = re.compile(r"^[^\W\d]\w*$")
LIKE_A_CELL = re.compile(r"^(?:[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[Rr]|[Cc])$")
CORNER = r"(?:\$?([A-Za-z]{1,3}))?(?:\$?([1-9]\d*))?"
CELLS = re.compile(rf"^{CORNER}(?:(:){CORNER})?$")


@dataclass(frozen=True, slots=True)
class Box:
    """Cells of a sheet, half open: rows top <= r < bottom, columns left <= c < right."""

    top: int
    left: int
    bottom: int
    right: int

    def has(self, row: int, column: int) -> bool:
        return self.top <= row < self.bottom and self.left <= column < self.right

    def meets(self, other: Box) -> bool:
        return (
            self.top < other.bottom and other.top < self.bottom and self.left < other.right and other.left < self.right
        )

    def covers(self, other: Box) -> bool:
        return (
            self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands behind the `!`: corners, None where the text leaves one open."""

    top: int | None
    left: int | None
    bottom: int | None
    right: int | None
    single: bool

    def within(self, rows: int, columns: int) -> Box:
        """The box filled out to a grid of that size; corners that were written are kept, even outside the grid."""
        top, left = self.top or 0, self.left or 0
        bottom = rows if self.bottom is None else self.bottom
        right = columns if self.right is None else self.right
        return Box(top, left, max(bottom, top + 1), max(right, left + 1))


def column_name(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    index = 0
    for letter in name.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def quoted(title: str) -> str:
    if SIMPLE_TITLE.match(title) and not LIKE_A_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def address(row: int, column: int) -> str:
    return f"{column_name(column)}{row + 1}"


def range_name(title: str, box: Box) -> str:
    first, last = address(box.top, box.left), address(box.bottom - 1, box.right - 1)
    return f"{quoted(title)}!{first}" if first == last else f"{quoted(title)}!{first}:{last}"


def split_title(text: str) -> tuple[str | None, str | None]:
    """Title and the rest; the rest is None where the text names a whole sheet in quotes."""
    if text.startswith("'"):
        found = re.match(r"^'((?:[^']|'')*)'(?:!(.*))?$", text, re.S)
        if found:
            return found[1].replace("''", "'"), found[2]
    title, mark, rest = text.rpartition("!")
    return (title, rest) if mark else (None, text)


def parse_cells(text: str) -> Cells | None:
    """None where the text is no range of cells (it may name a sheet or a range)."""
    found = CELLS.match(text)
    if not found or not text:
        return None
    left, top, colon, right, bottom = found.groups()
    if not colon:
        if not (left and top):
            return None
        row, column = int(top) - 1, column_index(left)
        return Cells(row, column, row + 1, column + 1, single=True)
    if not (left or top) or not (right or bottom):
        return None
    return ordered(left, top, right, bottom)


def ordered(left: str | None, top: str | None, right: str | None, bottom: str | None) -> Cells:
    rows = [int(row) - 1 for row in (top, bottom) if row]
    columns = [column_index(column) for column in (left, right) if column]
    return Cells(
        min(rows, default=None),
        min(columns, default=None),
        max(rows) + 1 if len(rows) == 2 else None,
        max(columns) + 1 if len(columns) == 2 else None,
        single=False,
    )
