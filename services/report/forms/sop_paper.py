"""The SOP as the office's document: its head and its flow chart, in the form of Permendagri 52/2011."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from services.charts.flowchart import flow_of
from services.charts.palette import LIGHT
from services.domain.clock import WIB
from services.domain.numbers import format_date, format_nip
from services.domain.roles import Role
from services.domain.sop import SopHead, Step
from services.report import fonts
from services.report.forms.base import paper_info
from services.report.forms.flow import FlowTable, draw_legend
from services.report.paper import Paper, build
from services.views.office import Office

SIZE, LINE = 9.5, 4.35
PAD = 1.7
INDENT = 5.0
LABEL = 38.0
LEFT_SHARE = 0.56
EMBLEM = 20.0
NOT_YET = "belum ditetapkan"
_STROKE = 0.25


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: float = 0.0
    mark: str = ""
    style: str = ""


def sop_pdf(office: Office, head: SopHead, steps: Sequence[Step], now: datetime) -> bytes:
    """One version of the SOP. ``now`` counts only for a version that was not ratified yet."""
    day = head.ratified_on
    created = datetime.combine(day, time(), WIB) if day else now
    footer = f"Nomor {head.number}" + ("" if head.in_force_from else " · rancangan, belum berlaku")
    info = paper_info(office, f"SOP {head.title}", created, footer)
    return build(info, lambda paper: _render(paper, office, head, steps)).pdf


def _render(paper: Paper, office: Office, head: SopHead, steps: Sequence[Step]) -> None:
    paper.new_page("landscape")
    _identity(paper, office, head)
    _pair(paper, _listed("Dasar hukum", head.legal_bases), _listed("Kualifikasi pelaksana", head.qualifications))
    _pair(paper, _listed("Keterkaitan", head.related), _listed("Peralatan/perlengkapan", head.equipment))
    _pair(paper, _said("Peringatan", head.warning), _said("Pencatatan dan pendataan", head.recording))
    paper.new_page("landscape")
    paper.heading(1, "Bagan alir")
    paper.space(0.0)
    flow = flow_of(steps)
    draw_legend(paper, flow)
    FlowTable(paper, flow).draw()


# Identity: whose SOP at the left, which one at the right


def _identity(paper: Paper, office: Office, head: SopHead) -> None:
    canvas, top = paper.canvas, float(paper.canvas.y)
    middle = canvas.left + LEFT_SHARE * canvas.inner_width
    values = [
        ("Nomor SOP", [head.number]),
        ("Tanggal pengesahan", [format_date(head.ratified_on) if head.ratified_on else NOT_YET]),
        ("Berlaku mulai", [format_date(head.in_force_from) if head.in_force_from else NOT_YET]),
        ("Disahkan oleh", _ratified_by(office, head)),
        ("Nama SOP", [head.title]),
    ]
    y = top
    for label, texts in values:
        y = _value(paper, label, texts, middle, y)
        canvas.rule(middle, y, canvas.right, LIGHT.text, _STROKE)
    y = max(y, _whose(paper, office, canvas.left, middle, top))
    _box(paper, canvas.left, middle, top, y)
    _box(paper, middle, canvas.right, top, y)
    canvas.y = y


def _ratified_by(office: Office, head: SopHead) -> list[str]:
    official = next((o for o in office.officials if o.name == head.ratified_by), None)
    nip = [f"NIP {format_nip(official.nip)}"] if official and official.nip else []
    return [f"{Role.CAMAT.label} {office.profile.district}", head.ratified_by or NOT_YET, *nip]


def _value(paper: Paper, label: str, texts: Sequence[str], left: float, top: float) -> float:
    canvas = paper.canvas
    x = left + PAD + LABEL
    width = canvas.right - PAD - x
    lines = [line for text in texts for line in fonts.wrap(canvas.seen(text), width, SIZE)]
    with canvas.tagged("P"):
        canvas.put(left + PAD, top + PAD + LINE * 0.75, label, size=SIZE, style="B", color=LIGHT.navy)
        for n, line in enumerate(lines):
            canvas.put(x, top + PAD + LINE * (n + 0.75), line, size=SIZE)
    return top + 2 * PAD + LINE * len(lines)


def _whose(paper: Paper, office: Office, left: float, right: float, top: float) -> float:
    """Emblem and office, centred; returns where it ends."""
    canvas, width = paper.canvas, right - left - 2 * PAD
    y = top + PAD + 1 + canvas.emblem((left + right) / 2, top + PAD + 1, EMBLEM)
    names = ((f"Pemerintah Kabupaten {office.profile.regency}", 11.0), (office.profile.title, 13.0))
    for text, size in names:
        with canvas.tagged("P"):
            for line in fonts.wrap(canvas.seen(text.upper()), width, size, "B"):
                y += size * 0.48
                canvas.put_line(left + PAD, y, line, width + 0.1, size=size, style="B", align="C")
    return y + PAD + 1


# Pairs of boxes


def _listed(title: str, items: Sequence[str]) -> list[_Line]:
    numbered = [_Line(item, INDENT, f"{n}.") for n, item in enumerate(items, start=1)]
    return [_Line(title, style="B"), *(numbered or [_Line(NOT_YET)])]


def _said(title: str, text: str) -> list[_Line]:
    return [_Line(title, style="B"), _Line(text or NOT_YET)]


def _pair(paper: Paper, left: Sequence[_Line], right: Sequence[_Line]) -> None:
    """Two boxes side by side; what does not fit on the page goes on on the next one."""
    canvas = paper.canvas
    widths = (LEFT_SHARE * canvas.inner_width, (1 - LEFT_SHARE) * canvas.inner_width)
    columns = [_broken(paper, lines, width) for lines, width in zip((left, right), widths, strict=True)]
    rows = max(map(len, columns))
    height = rows * LINE + 2 * PAD
    if canvas.room < height <= canvas.bottom - canvas.t_margin:
        paper.new_page("landscape")
    done = 0
    while done < rows:
        fitting = int((canvas.room - 2 * PAD + 0.01) / LINE)
        if fitting < 1:
            paper.new_page("landscape")
            continue
        _draw_pair(paper, [column[done : done + fitting] for column in columns], widths, min(fitting, rows - done))
        done += fitting


def _broken(paper: Paper, lines: Sequence[_Line], width: float) -> list[_Line]:
    found = []
    for line in lines:
        parts = fonts.wrap(paper.canvas.seen(line.text), width - 2 * PAD - line.indent, SIZE, line.style)
        found += [_Line(part, line.indent, line.mark if n == 0 else "", line.style) for n, part in enumerate(parts)]
    return found


def _draw_pair(paper: Paper, columns: Sequence[Sequence[_Line]], widths: tuple[float, float], rows: int) -> None:
    canvas, top = paper.canvas, float(paper.canvas.y)
    x = canvas.left
    for column, width in zip(columns, widths, strict=True):
        for k, line in enumerate(column):
            y = top + PAD + LINE * (k + 0.75)
            color = LIGHT.navy if line.style else LIGHT.text
            with canvas.tagged("P"):
                canvas.put(x + PAD, y, line.mark, size=SIZE)
                canvas.put(x + PAD + line.indent, y, line.text, size=SIZE, style=line.style, color=color)
        _box(paper, x, x + width, top, top + rows * LINE + 2 * PAD)
        x += width
    canvas.y = top + rows * LINE + 2 * PAD


def _box(paper: Paper, left: float, right: float, top: float, bottom: float) -> None:
    for x in (left, right):
        paper.canvas.rule(x, top, x, LIGHT.text, _STROKE, bottom)
    for y in (top, bottom):
        paper.canvas.rule(left, y, right, LIGHT.text, _STROKE)
