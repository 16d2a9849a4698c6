"""What the small papers share: what they say about themselves, their head, tables without number, signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.charts.palette import LIGHT
from services.domain.indicators import Period
from services.domain.numbers import format_nip, format_period, official_period, period_range
from services.report import fonts
from services.report.canvas import Orientation
from services.report.paper import DocumentInfo, Paper, build
from services.report.tables import Cell, Table, TableWriter
from services.views.office import Office, Official

SUBTITLE_SIZE, SUBTITLE_LINE = 11.0, 5.6
_PART = " · "
"""Between the parts of a subtitle."""
HEADING_ROOM = 12.0
SIGNATURE_HEIGHT = 44.0
"""Of a signature whose post takes two lines, in mm."""
SIGNATURE_SIZE, SIGNATURE_LINE, SIGNATURE_SPACE = 10.5, 5.4, 13.0
DOTS = "…" * 14
"""Where a name, a date or a word is written by hand."""
WRITING_LINES = 4
"""Text lines that a hand-written cell is high: some 18 mm, at least 14 mm."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """``post`` as it stands over the signature; an empty name is left to be written by hand."""

    post: str
    name: str = ""
    nip: str = ""
    above: str = ""


def paper_info(office: Office, title: str, created: datetime, footer: str) -> DocumentInfo:
    """``created`` comes from the data where they have a moment, so that the same data give the same bytes."""
    sample = office.profile.sample
    return DocumentInfo(
        title=title,
        office=office.profile.title,
        footer=" · ".join(["CONTOH, bukan angka resmi"] * sample + [footer]),
        created=created,
        author=office.profile.title,
        subject=f"SOP Nomor {office.profile.sop_number}",
        watermark="CONTOH" if sample else "",
        emblem=office.profile.emblem,
        sample_emblem=sample,
    )


def moment_of(office: Office, period: Period, now: datetime) -> datetime:
    """When a paper about a quarter came to be: with the quarter; before that, at the day on which somebody asks."""
    cycle = office.cycles.get(period)
    return cycle.opened_at if cycle else now.replace(hour=0, minute=0, second=0, microsecond=0)


def head(paper: Paper, office: Office, orientation: Orientation, title: str, subtitle: str) -> None:
    """First page with letterhead, title and what it is about."""
    profile = office.profile
    paper.new_page(orientation)
    paper.letterhead([f"Pemerintah Kabupaten {profile.regency}", profile.title], profile.address)
    paper.title(title)
    paper.space(-3.0)
    canvas = paper.canvas
    width = canvas.inner_width
    with canvas.tagged("P"):
        for line in _subtitle_lines(canvas.seen(subtitle), width):
            canvas.put_line(canvas.left, float(canvas.y) + 4.0, line, width + 0.1, size=SUBTITLE_SIZE, align="C")
            canvas.y += SUBTITLE_LINE
    canvas.y += 2.5


def _subtitle_lines(subtitle: str, width: float) -> list[str]:
    """One line, or where that is too narrow each part of the subtitle on lines of its own."""
    parts = [subtitle] if fonts.width_mm(subtitle, SUBTITLE_SIZE) <= width else subtitle.split(_PART)
    return [line for part in parts for line in fonts.wrap(part, width, SUBTITLE_SIZE)]


def running_title(title: str, office: Office, section_id: str, period: Period) -> str:
    """What the head of every page says, short enough for one line."""
    return f"{title} {office.section(section_id).short}, {format_period(period)}"


def about(period: Period, subject: str) -> str:
    """Second line of a title: what the paper is about, in which quarter."""
    return _PART.join(filter(None, (subject, f"{official_period(period)} ({period_range(period)})")))


def plain_table(
    paper: Paper, table: Table, heading: str = "", orientation: Orientation = "portrait", below: float = 0.0
) -> None:
    """A table without caption and number; its heading and ``below`` (mm) stay with the first row."""
    paper.space(0.0)
    writer = TableWriter(paper.canvas, table)
    if paper.canvas.room < writer.first_height() + (HEADING_ROOM if heading else 0.0) + below:
        paper.new_page(orientation)
        writer = TableWriter(paper.canvas, table)
    if heading:
        paper.heading(2, heading)
        paper.space(0.0)
    element = paper.canvas.element("Table")
    paper.canvas.add(element)
    writer.draw(element)
    paper.space(3.5)


def built_with_signatures(info: DocumentInfo, render: Callable[[Paper, bool], bool]) -> bytes:
    """The file of a paper that ends in a table and signatures, which never stand alone on a page.

    ``render`` says whether they would; then it is called again, with True, to take the last row along.
    """
    alone = False

    def first(paper: Paper) -> None:
        nonlocal alone
        alone = render(paper, False)

    built = build(info, first)
    return build(info, lambda paper: render(paper, True)).pdf if alone else built.pdf


def signed_table(
    paper: Paper, table: Table, orientation: Orientation, people: Sequence[Signatory], take_along: bool
) -> bool:
    """Table and signatures. Returns whether the signatures came to stand alone on a page."""
    if take_along and len(table.rows) > 1:
        plain_table(paper, replace(table, rows=table.rows[:-1]), orientation=orientation)
        paper.new_page(orientation)
        plain_table(paper, replace(table, rows=table.rows[-1:]), orientation=orientation)
    else:
        plain_table(paper, table, orientation=orientation)
    return signatures(paper, orientation, people)


def to_write(lines: int = WRITING_LINES) -> Cell:
    """An empty cell with room for a hand."""
    return Cell("\n" * (lines - 1))


def place_to_date(office: Office) -> str:
    """Place of a signature, its day to be written by hand."""
    return f"{office.profile.district}, {DOTS}" if office.profile.district else DOTS


def not_to_write(text: str) -> Cell:
    """A cell in which nothing is to be written, and why."""
    return Cell(text, fill=LIGHT.chip_open, align="C")


def signatory(official: Official | None, post: str, above: str = "") -> Signatory:
    if official is None:
        return Signatory(post, above=above)
    return Signatory(official.post or post, official.name, official.nip, above)


def head_of(office: Office, section_id: str) -> Official | None:
    """Who signs for a section."""
    return next((o for o in office.officials if o.section_id == section_id), None)


def signatures(paper: Paper, orientation: Orientation, people: Sequence[Signatory]) -> bool:
    """Signatures side by side, names in one line, the last one at the right; returns whether that took a new page."""
    paper.space(0.0)
    canvas = paper.canvas
    width, upper, height = _signature_room(paper, people)
    turned = canvas.room < height
    if turned:
        paper.new_page(orientation)
    top = float(canvas.y) + 1.0
    for n, person in enumerate(people):
        share = (canvas.inner_width - width) / max(len(people) - 1, 1)
        x = canvas.right - width if n == len(people) - 1 else canvas.left + n * share
        _signature(paper, person, x, top, width, top + upper * SIGNATURE_LINE + SIGNATURE_SPACE)
    canvas.y = min(top + height, canvas.bottom)
    return turned


def signatures_height(paper: Paper, people: Sequence[Signatory]) -> float:
    """mm that ``signatures`` takes on one page."""
    return _signature_room(paper, people)[2]


def _signature_room(paper: Paper, people: Sequence[Signatory]) -> tuple[float, int, float]:
    """Width of each in mm, lines over the names, and height of all in mm."""
    width = min(85.0, paper.canvas.inner_width / len(people) - 4.0)
    upper = max(
        max(_lines(paper, person.above, width, ""), 1) + _lines(paper, f"{person.post},", width, "B")
        for person in people
    )
    lower = max(_lines(paper, person.name, width, "B") for person in people) + 1
    return width, upper, (upper + lower) * SIGNATURE_LINE + SIGNATURE_SPACE + 1.0


def _lines(paper: Paper, text: str, width: float, style: str) -> int:
    return len(fonts.wrap(paper.canvas.seen(text), width, SIGNATURE_SIZE, style))


def _signature(paper: Paper, person: Signatory, x: float, top: float, width: float, names: float) -> None:
    y = _centred(paper, person.above, x, top, width, "") if person.above else top + SIGNATURE_LINE
    _centred(paper, f"{person.post},", x, y, width, "B")
    y = _centred(paper, person.name or f"({DOTS})", x, names, width, "B")
    _centred(paper, f"NIP {format_nip(person.nip) if person.nip else DOTS}", x, y, width, "")


def _centred(paper: Paper, text: str, x: float, y: float, width: float, style: str) -> float:
    """Draw the text and say where the next line stands."""
    with paper.canvas.tagged("P"):
        for line in fonts.wrap(paper.canvas.seen(text), width, SIGNATURE_SIZE, style):
            paper.canvas.put_line(x, y + 4.0, line, width + 0.1, size=SIGNATURE_SIZE, style=style, align="C")
            y += SIGNATURE_LINE
    return y
