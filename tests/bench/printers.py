"""The same table printed by this application and by other means: same rows, columns, widths, font, size, page.

    python -m tests.bench.printers kita|tabel|reportlab|weasyprint ROWS.json

``ROWS.json`` holds the rows as lists of texts. Prints processor seconds, peak in MB and bytes as JSON. Each one
wraps its texts and repeats the header on every page; ours does so in two passes, and its file is tagged (PDF/UA) and
fit for the archive (PDF/A) besides.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from html import escape
from io import BytesIO
from pathlib import Path

from services.report import fonts
from tests.bench import process

Rows = Sequence[Sequence[str]]

COLUMNS = (
    ("No", 10.0),
    ("Indikator kinerja", 50.0),
    ("Satuan", 19.0),
    ("Target", 19.0),
    ("Realisasi", 21.0),
    ("Capaian", 19.0),
    ("Kategori", 24.0),
    ("Faktor pendorong", 27.0),
    ("Faktor penghambat", 27.0),
    ("Tindak lanjut", 27.0),
)
TITLES = [title for title, _ in COLUMNS]
WIDTHS = [width for _, width in COLUMNS]
SIZE, LINE_MM, MARGIN_MM = 9.0, 3.95, 27.0


def ours(rows: Rows) -> bytes:
    from datetime import UTC, datetime

    from services.report.paper import DocumentInfo, Paper, build
    from services.report.tables import Column, Row, Table

    table = Table([Column(title, width) for title, width in COLUMNS], [Row(row) for row in rows], sizes=(SIZE,))

    def render(paper: Paper) -> None:
        paper.new_page("landscape")
        paper.table("Capaian", table)

    return build(DocumentInfo("Laporan", "Kantor", "Nomor", datetime(2026, 1, 1, tzinfo=UTC)), render).pdf


def fpdf_table(rows: Rows) -> bytes:
    from fpdf import FPDF
    from fpdf.fonts import FontFace

    pdf = FPDF("landscape", "mm", "A4")
    pdf.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
    pdf.set_auto_page_break(True, MARGIN_MM)
    for style in ("", "B"):
        pdf.add_font(fonts.FAMILY, style, fonts.FONT_DIR / fonts.FILES[style])
    pdf.set_font(fonts.FAMILY, "", SIZE)
    pdf.add_page()
    with pdf.table(
        col_widths=tuple(WIDTHS),
        width=sum(WIDTHS),
        line_height=LINE_MM,
        headings_style=FontFace(emphasis="BOLD"),
        text_align="LEFT",
    ) as table:
        for line in (TITLES, *rows):
            table.row(line)
    return bytes(pdf.output())


def reportlab(rows: Rows) -> bytes:
    from reportlab.lib.colors import black
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

    for style in ("", "B"):
        registerFont(TTFont(f"Liberation{style}", fonts.FONT_DIR / fonts.FILES[style]))
    plain, bold = (
        ParagraphStyle(name, fontName=f"Liberation{style}", fontSize=SIZE, leading=LINE_MM * mm)
        for name, style in (("plain", ""), ("bold", "B"))
    )
    lines = [[Paragraph(escape(text), bold) for text in TITLES]]
    lines += [[Paragraph(escape(text), plain) for text in row] for row in rows]
    table = Table(lines, colWidths=[width * mm for width in WIDTHS], repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.4, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    target, margin = BytesIO(), MARGIN_MM * mm
    page = SimpleDocTemplate(
        target,
        pagesize=landscape(A4),
        leftMargin=margin - 6,  # its frame is padded by so much
        rightMargin=margin - 6,
        topMargin=margin,
        bottomMargin=margin,
    )
    page.build([table])
    return target.getvalue()


def weasyprint(rows: Rows) -> bytes:
    from weasyprint import HTML

    faces = "".join(
        f"@font-face {{ font-family: Liberation; font-weight: {weight}; "
        f"src: url('{(fonts.FONT_DIR / fonts.FILES[style]).as_uri()}') }}"
        for style, weight in (("", "normal"), ("B", "bold"))
    )
    widths = "".join(f"<col style='width: {width}mm'>" for width in WIDTHS)
    head = "".join(f"<th>{escape(title)}</th>" for title in TITLES)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    style = (
        f"@page {{ size: A4 landscape; margin: {MARGIN_MM}mm }} "
        f"table {{ font: {SIZE}pt/{LINE_MM}mm Liberation; width: {sum(WIDTHS)}mm; table-layout: fixed; "
        "border-collapse: collapse } tr { break-inside: avoid } "
        "td, th { border: 0.4pt solid; padding: 1.25mm 1.4mm; overflow-wrap: anywhere }"
    )
    table = f"<table>{widths}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    page = f"<style>{faces} {style}</style>{table}"
    return bytes(HTML(string=page).write_pdf())


PRINTERS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "kita": ("services/report/tables.py", ours),
    "tabel": ("pdf.table() of fpdf2", fpdf_table),
    "reportlab": ("reportlab", reportlab),
    "weasyprint": ("weasyprint", weasyprint),
}
"""By their names on the command line: what they are called in the table of results, and what prints."""


def measured(name: str, rows: Rows) -> dict[str, float]:
    """The import and a first line do not count."""
    printer = PRINTERS[name][1]
    printer(rows[:1])
    used = time.process_time()
    pdf = printer(rows)
    used = time.process_time() - used
    return {"processor": used, "peak": process.peak_mb(), "size": len(pdf)}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], json.loads(Path(sys.argv[2]).read_text("utf-8")))))
