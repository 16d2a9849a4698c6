"""XLSX files, written so that the same cells give the same bytes on every machine and day.

What a text holds stays a text: it is a string cell with the mark "text" (quotePrefix), so that a spreadsheet neither
runs it nor makes a number of it, also after somebody has edited another part of the row.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from services.tabular.grids import BadFile, Line, TypedCell

LONGEST_TEXT = 32_767  # UTF-16 units in one cell, a limit of Excel's
NARROWEST, WIDEST = 8, 60  # characters

_TITLE_LENGTH = 31
_GENERAL, _HEADER = "General", "\0judul"
_FIRST_FORMAT = 164  # numbers below are formats that Excel knows by itself
_MEASURED = 200  # lines that decide how wide a column is
_UNWRITABLE = "\x00-\x08\x0b-\x1f\ufffe\uffff"
_ESCAPE = re.compile(f"([{_UNWRITABLE}])|_(?=x[0-9A-Fa-f]{{4}}[_{_UNWRITABLE}])")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, and its lines, the first of which is the header."""

    title: str
    lines: Sequence[Line]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets, each with a bold header that stays in view, a filter and fitting widths. Raises BadFile."""
    styles = _Styles()
    parts = {f"xl/worksheets/sheet{n}.xml": _sheet(sheet, styles) for n, sheet in enumerate(sheets, 1)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_frame(sheets), **parts, "xl/styles.xml": styles.xml()}.items():
            part = zipfile.ZipInfo(name, _FIXED_TIME)
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            archive.writestr(part, _DECLARATION + content)
    return buffer.getvalue()


# --- cells -------------------------------------------------------------------------------------------------------


@dataclass
class _Styles:
    """Number of each look of a cell: 0 plain, then as they come."""

    _numbers: dict[tuple[str, bool], int] = field(default_factory=lambda: {(_GENERAL, False): 0, (_HEADER, True): 1})

    def number(self, number_format: str, text: bool = False) -> int:
        return self._numbers.setdefault((number_format, text), len(self._numbers))

    def xml(self) -> str:
        own = [f for f, _ in self._numbers if f not in (_GENERAL, _HEADER)]
        ids = {name: n for n, name in enumerate(dict.fromkeys(own), _FIRST_FORMAT)}
        formats = "".join(f'<numFmt numFmtId="{n}" formatCode={quoteattr(name)}/>' for name, n in ids.items())
        looks = "".join(_look(name, text, ids) for name, text in self._numbers)
        fonts = "".join(f'<font>{bold}<sz val="11"/><name val="Calibri"/></font>' for bold in ("", "<b/>"))
        return (
            f'<styleSheet xmlns="{_MAIN}">{f"<numFmts>{formats}</numFmts>" if formats else ""}'
            f'<fonts count="2">{fonts}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
            f'<cellStyleXfs><xf/></cellStyleXfs><cellXfs count="{len(self._numbers)}">{looks}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        )


def _look(number_format: str, text: bool, ids: dict[str, int]) -> str:
    font = 1 if number_format == _HEADER else 0
    prefix = ' quotePrefix="1"' if text else ""
    wrap = '<alignment vertical="top" wrapText="1"/>' if text else '<alignment vertical="top"/>'
    return (
        f'<xf numFmtId="{ids.get(number_format, 0)}" fontId="{font}" fillId="0" borderId="0" xfId="0"{prefix} '
        f'applyNumberFormat="1" applyFont="1" applyAlignment="1">{wrap}</xf>'
    )


def _cell(place: str, cell: TypedCell, styles: _Styles, *, header: bool) -> str:
    value: Any = cell.value
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        style = 1 if header else styles.number(_GENERAL, text=True)
        text = f'<is><t xml:space="preserve">{escape(_escaped(value))}</t></is>'
        return f'<c r="{place}" s="{style}" t="inlineStr">{text}</c>'
    style = styles.number(cell.number_format)
    if isinstance(value, bool):
        return f'<c r="{place}" s="{style}" t="b"><v>{int(value)}</v></c>'
    return f'<c r="{place}" s="{style}"><v>{_number(value)}</v></c>'


def _number(value: Any) -> str:
    if isinstance(value, date | datetime | time | timedelta):
        return repr(to_excel(value))  # type: ignore[no-untyped-call]
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def _escaped(text: str) -> str:
    """The text with what XML cannot hold as ``_x000D_``, which every spreadsheet reads back as it was."""
    if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT:
        raise BadFile("Ada isian yang lebih panjang dari batas sel XLSX. Tulis hasilnya ke berkas .csv.")
    return _ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


# --- sheets ------------------------------------------------------------------------------------------------------


def _sheet(sheet: Sheet, styles: _Styles) -> str:
    width = max((len(line) for line in sheet.lines), default=1)
    last = f"{get_column_letter(width)}{max(len(sheet.lines), 1)}"
    rows = "".join(_rows(sheet.lines, styles))
    return (
        f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:{last}"/><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{''.join(_widths(sheet.lines, width))}</cols><sheetData>{rows}</sheetData>"
        f'<autoFilter ref="A1:{last}"/></worksheet>'
    )


def _rows(lines: Sequence[Line], styles: _Styles) -> Iterator[str]:
    for n, line in enumerate(lines, 1):
        cells = (_cell(f"{get_column_letter(c)}{n}", cell, styles, header=n == 1) for c, cell in enumerate(line, 1))
        yield f'<row r="{n}">{"".join(cells)}</row>'


def _widths(lines: Sequence[Line], width: int) -> Iterator[str]:
    for n in range(width):
        shown = (_shown_width(line[n]) for line in lines[:_MEASURED] if n < len(line))
        wide = min(max(NARROWEST, max(shown, default=0) + 2), WIDEST)
        yield f'<col min="{n + 1}" max="{n + 1}" width="{wide}" customWidth="1"/>'


def _shown_width(cell: TypedCell) -> int:
    if isinstance(cell.value, date):
        return len(cell.number_format)
    return max(map(len, str(cell.value).splitlines()), default=0) if cell.value is not None else 0


# --- the rest of the package -------------------------------------------------------------------------------------


def _frame(sheets: Sequence[Sheet]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    return {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([(1, f"{_OFFICE}/officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *((n, f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
                (len(sheets) + 1, f"{_OFFICE}/styles", "styles.xml"),
            ]
        ),
    }


def _content_types(numbers: range) -> str:
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[int, str, str]]) -> str:
    items = "".join(f'<Relationship Id="rId{n}" Type="{kind}" Target="{to}"/>' for n, kind, to in targets)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _book(sheets: Sequence[Sheet]) -> str:
    titles = [sheet.title[:_TITLE_LENGTH] for sheet in sheets]
    entries = "".join(f'<sheet name={quoteattr(t)} sheetId="{n}" r:id="rId{n}"/>' for n, t in enumerate(titles, 1))
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n}" hidden="1">{_filter(sheet)}</definedName>'
        for n, sheet in enumerate(sheets)
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{entries}</sheets><definedNames>{filters}</definedNames></workbook>"
    )


def _filter(sheet: Sheet) -> str:
    width = max((len(line) for line in sheet.lines), default=1)
    title = sheet.title[:_TITLE_LENGTH].replace("'", "''")
    return escape(f"'{title}'!$A$1:${get_column_letter(width)}${max(len(sheet.lines), 1)}")
