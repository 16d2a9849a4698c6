"""The tables of a finished PDF, cell by cell, as its structure says: what a screen reader reads out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

Marks = dict[tuple[int, int], str]
_CODE = r"<([0-9A-Fa-f]+)>\s*"


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """``head`` is the last of the rows of header cells above the first row of data."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(pdf: bytes) -> list[PrintedTable]:
    with pikepdf.open(BytesIO(pdf)) as document:
        marks = _marks(document)
        pages = {page.objgen: number for number, page in enumerate(document.pages)}
        return [_table(node, marks, pages) for node in _below(document.Root.StructTreeRoot) if node.S == "/Table"]


def _table(node: Any, marks: Marks, pages: dict[Any, int]) -> PrintedTable:
    head: tuple[str, ...] = ()
    rows = []
    for row in (each for each in _below(node) if each.S == "/TR"):
        cells = [each for each in _kids(row) if isinstance(each, pikepdf.Dictionary) and "/S" in each]
        texts = tuple(_text(cell, marks, pages) for cell in cells)
        if any(cell.S == "/TD" for cell in cells):
            rows.append(texts)
        elif not rows and len(texts) > 1:
            head = texts  # later ones are names of groups
    return PrintedTable(head, tuple(rows))


def _text(cell: Any, marks: Marks, pages: dict[Any, int]) -> str:
    """Lines of a cell are pieces of content of their own."""
    found = []
    for node in (cell, *_below(cell)):
        for kid in _kids(node):
            if isinstance(kid, pikepdf.Dictionary):
                found += [marks[pages[kid.Pg.objgen], int(kid.MCID)]] if "/MCID" in kid else []
            else:
                found.append(marks[pages[node.Pg.objgen], int(kid)])
    return " ".join(" ".join(found).replace("\u00a0", " ").split())


def _kids(node: Any) -> list[Any]:
    if "/K" not in node:
        return []
    return list(node.K) if isinstance(node.K, pikepdf.Array) else [node.K]


def _below(node: Any) -> Iterator[Any]:
    for kid in _kids(node):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid)


def _marks(document: pikepdf.Pdf) -> Marks:
    """The text of every piece of marked content, by page and number."""
    letters: dict[Any, dict[int, str]] = {}
    found: Marks = defaultdict(str)
    for number, page in enumerate(document.pages):
        fonts = dict(page.Resources.get("/Font", {}).items())
        mark, font = -1, dict[int, str]()
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC":
                    mark = int(operands[1].get("/MCID", -1)) if isinstance(operands[1], pikepdf.Dictionary) else -1
                case "EMC":
                    mark = -1
                case "Tf":
                    used = fonts[str(operands[0])]
                    if used.objgen not in letters:
                        letters[used.objgen] = _letters(used)
                    font = letters[used.objgen]
                case "Tj" if mark >= 0:
                    found[number, mark] += _said(bytes(operands[0]), font) + " "
    return found


def _said(codes: bytes, font: dict[int, str]) -> str:
    return "".join(font[int.from_bytes(codes[n : n + 2], "big")] for n in range(0, len(codes), 2))


def _letters(font: Any) -> dict[int, str]:
    text = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        found |= {int(code, 16): _unicode(to) for code, to in re.findall(_CODE + _CODE, block)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, to in re.findall(_CODE * 3, block):
            found |= {
                code: chr(int(to, 16) + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)
            }
    return found


def _unicode(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")
