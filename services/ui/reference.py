"""What the pages for looking things up share: their style, lists that become blocks on a telephone, lists of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from services.ui.html import esc

INDICATOR = "indikator"
"""Name of the indicator in an address."""
STYLE = Path(__file__).with_name("reference.css")
BLANK_CELL = '<span class="mv-blank">–</span>'
"""Of a list: nothing is known, or nothing belongs here. A telephone leaves it out, with its name."""


@dataclass(frozen=True, slots=True)
class Column:
    """``named``: on a telephone, where there is no head row, the name stands before the value.

    ``width`` in CSS, so that lists below each other line up; without one the column takes what is left.
    """

    name: str
    numeric: bool = False
    named: bool = False
    fixed: bool = False
    width: str = ""


def listing(columns: Sequence[Column], rows: Iterable[Sequence[str]], caption: str, marks: Sequence[str] = ()) -> str:
    """A list for reading. Cells are HTML already (use ``esc``); ``marks`` holds a class for each row, "" for none."""
    head = "".join(f'<th scope="col"{_classes(c)}{_width(c)}>{esc(c.name)}</th>' for c in columns)
    body = "".join(_row(columns, row, marks[n] if marks else "") for n, row in enumerate(rows))
    return (
        f'<div class="mv-scroll"><table class="mv-table mv-list"><caption class="mv-sr">{esc(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def facts(items: Iterable[tuple[str, str]]) -> str:
    """Names with their values (plain text); a blank value is said to be one."""
    cells = "".join(f"<div><dt>{esc(name)}</dt>{_fact(value)}</div>" for name, value in items)
    return f'<dl class="mv-facts">{cells}</dl>'


def dictionary_address(indicator_id: str) -> str:
    """Where the dictionary shows this indicator."""
    return f"indikator?{urlencode({INDICATOR: indicator_id})}"


def heading(text: str, note: str = "") -> str:
    small = f"<small>{esc(note)}</small>" if note else ""
    return f'<h2 class="mv-head2">{esc(text)}{small}</h2>'


def quiet(text: str) -> str:
    """A sentence beside a field or under a list."""
    return f'<p class="mv-quiet">{esc(text)}</p>'


def _row(columns: Sequence[Column], cells: Sequence[str], mark: str) -> str:
    body = "".join(
        f"<td{_classes(column)}{_name(column, cell)}>{cell}</td>" for column, cell in zip(columns, cells, strict=True)
    )
    return f'<tr class="{mark}">{body}</tr>' if mark else f"<tr>{body}</tr>"


def _classes(column: Column) -> str:
    names = " ".join(["mv-num"] * column.numeric + ["mv-fix"] * column.fixed)
    return f' class="{names}"' if names else ""


def _width(column: Column) -> str:
    return f' style="width:{column.width}"' if column.width else ""


def _name(column: Column, cell: str) -> str:
    return f' data-name="{esc(column.name)}"' if column.named and cell else ""


def _fact(value: str) -> str:
    return f"<dd>{esc(value)}</dd>" if value else '<dd class="mv-none">belum diisi</dd>'
