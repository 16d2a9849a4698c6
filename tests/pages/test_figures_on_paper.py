"""Every figure in the tables of the report is the figure that the pages show: read from the PDF, compared one by one.

What is compared is text: cells of the finished PDF against what the pages draw, or what the functions that draw them
say of one indicator. A page may show fewer decimal places than the paper, and the whole name of a month.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.charts.gantt import gantt_table
from services.charts.sections import performance_and_budget_alt, performance_and_budget_table, section_bars_alt
from services.domain.indicators import ROMAN, Period
from services.domain.numbers import MONTHS, NOT_MEASURED_MARK
from services.domain.sop import SHORT_NAMES
from services.report.document import build_report
from services.store import schema
from services.ui import charts, dashboard, e81_part, indicator_list, provenance, session, steps_page
from services.views.board import Board, board_of
from services.views.e81 import e81_of
from services.views.history import provenance as provenance_of
from services.views.office import Office
from tests.pages.conftest import Opener
from tests.pages.looking import markup
from tests.report.tables_in import PrintedTable, tables
from tests.unit import offices

_MONTH = re.compile("|".join(MONTHS))
_DATE = rf"\d{{1,2}} (?:{'|'.join(month[:3] for month in MONTHS)})\b(?: \d{{4}})?(?: \d\d\.\d\d)?"
_YEAR = re.compile(r"(?<=[A-Z][a-z]{2}) \d{4}(?= \d\d\.\d\d)")
"""The year of a moment, which the paper leaves out."""
_COUNT = r"\d+ dari \d+"
_NUMBER = r"(?<![\d,.])-?\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d,.])|(?<![\d,.])-?\d+(?:,\d+)?(?![\d,])"
_FIGURE = re.compile(rf"{_DATE}|{_COUNT}|{_NUMBER}")
_MARKS = "▲△●▽▼○"

WITHOUT_FIGURES = ("Jabatan", "Bagian", "Faktor pendorong", "Bukti dukung", "Keterangan")
"""A column of each table that has names and texts only."""


@dataclass(frozen=True)
class Shown:
    """What the pages say of a quarter. ``row``: rows of lists and tables that hold these words.

    ``cells``: those of the table behind the chart of Langkah SOP, by the name of the step.
    """

    office: Office
    board: Board
    rows: Sequence[str] = ()
    cells: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        return self.board.period

    def row(self, *words: str) -> str:
        return " ".join(row for row in self.rows if all(word in row for word in words))


def plain(markup: str) -> str:
    """As a person reads it: without tags, months by three letters, one kind of space."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL)
    text = " ".join(html.unescape(text).replace("\u00a0", " ").split())
    return _MONTH.sub(lambda month: month[0][:3], text)


def value_of(figure: str) -> tuple[Decimal, int] | None:
    """A number and its decimal places; None for a date or a count."""
    if not re.fullmatch(_NUMBER, figure):
        return None
    number = figure.replace(".", "").replace(",", ".")
    return Decimal(number), len(number.partition(".")[2])


def is_said(printed: str, said: str) -> bool:
    """Whether the page says the same figure, with as many decimal places or with fewer."""
    wanted = value_of(printed)
    if wanted is None:
        return printed in said
    others = (value for figure in _FIGURE.findall(said) if (value := value_of(figure)) is not None)
    return any(same(wanted, other) for other in others)


def same(paper: tuple[Decimal, int], page: tuple[Decimal, int]) -> bool:
    """Both rounded from one value: to as many decimal places the same, else as near as the coarser one allows."""
    (printed, places), (said, others) = paper, page
    if places == others:
        return printed == said
    return abs(printed - said) <= (Decimal(10) ** -places + Decimal(10) ** -others) / 2


def faults(where: str, cell: str, said: str) -> Iterator[str]:
    """Each figure of a cell, or else its rating or state in words, that the page does not say."""
    found = _FIGURE.findall(cell) or ([cell[2:]] if cell[:1] in _MARKS and cell else [])
    if found == [NOT_MEASURED_MARK] and not _FIGURE.findall(said):
        return  # the page says in words why there is no figure
    yield from (f"{where}: “{one}” di kertas; halaman: {said[:300]}" for one in found if not is_said(one, said))


# --- indicators --------------------------------------------------------------------------------------------------


def of_result(shown: Shown, name: str, period: Period) -> str:
    """The row of Kamus indikator with what was realised in a quarter."""
    indicator = next(i for i in shown.office.indicators if plain(i.name) == name)
    rows = re.findall(r"<tr.*?</tr>", indicator_list.results(shown.office, indicator), re.DOTALL)
    label = f"Triwulan {ROMAN[period.quarter]} {period.year} "
    return " ".join(row for row in map(plain, rows) if row.startswith(label)).removeprefix(label)


def of_year(shown: Shown, name: str) -> str:
    """The table of Kamus indikator with the year's targets."""
    indicator = next(i for i in shown.office.indicators if plain(i.name) == name)
    found = re.search(
        rf"Target {shown.period.year}.*?</table>", indicator_list.targets(shown.office, indicator), re.DOTALL
    )
    rows = re.findall(r"<tr.*?</tr>", found[0], re.DOTALL) if found else []
    return " ".join(map(plain, rows[1:]))


def of_way(shown: Shown, name: str, line: str) -> str:
    """One line of the way from the values to the class, which the page of each figure shows."""
    indicator = next(i for i in shown.office.indicators if plain(i.name) == name)
    items = provenance.working(provenance_of(shown.office, indicator, shown.period), shown.office)
    return next((plain(item) for item in re.findall(r"<li>.*?</li>", items) if plain(item).startswith(line)), "")


def indicator_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """Chapter 3.2: targets of the year and up to the quarter, realisasi of each quarter, capaian and rating."""
    quarter = shown.period.quarter
    for _, titled, annual, target, *more in table.rows[:-1]:
        name = titled.rpartition(" (")[0]
        yield from faults(name, annual, of_year(shown, name))
        yield from faults(name, target, of_way(shown, name, "Target s.d. triwulan"))
        for number in range(quarter):
            period = Period(shown.period.year, number + 1)
            yield from faults(name, more[number], of_result(shown, name, period))
        to_date, attained, rating = more[quarter : quarter + 3]
        yield from faults(name, to_date, of_way(shown, name, "Realisasi s.d. triwulan"))
        for cell in (attained, rating):
            yield from faults(name, cell, of_result(shown, name, shown.period))
    yield from faults("Rata-rata", table.rows[-1][-4], of_section(shown, table))


def of_section(shown: Shown, table: PrintedTable) -> str:
    """The bar of the section whose indicators these are."""
    name = table.rows[0][1].rpartition(" (")[0]
    indicator = next(i for i in shown.office.indicators if plain(i.name) == name)
    return section_said(shown, shown.office.section(indicator.section_id).name, shown.board)


def heat_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """Annex 1: the heat map of the dashboard, whose cells say the figure when they are pointed at."""
    markup = dashboard.heat_table(shown.board, only_attention=False)
    by_name = {}
    for row in re.findall(r'<tr role="row"><th scope="row".*?</tr>', markup, re.DOTALL):
        cells = re.findall(r'<td[^>]*title="([^"]*)"', row)
        by_name[plain(row.partition("<td")[0])] = [plain(cell).partition(":")[2] for cell in cells]
    for name, *cells in table.rows:
        for head, cell, said in zip(table.head[1:], cells, by_name[name], strict=True):
            yield from faults(f"{name}, {head}", cell, said)


def attained_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """Recommendations: the capaian of those below their target."""
    for name, attained, *_ in table.rows:
        yield from faults(name, attained, of_result(shown, name, shown.period))


def e81_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """Annex 2 on the page Laporan, cell by cell; target and quarters on the pages of the indicators as well."""
    markup = e81_part.form_table(shown.office, e81_of(shown.office, shown.period))
    said = cells_by_name(markup)
    for row in table.rows:
        if len(row) > 20 and row[3]:
            name = row[3]
            for place, (cell, other) in enumerate(zip(row[4:], said[name], strict=True), start=5):
                if plain(cell) != other:
                    yield f"E.81 {name}, sel {place}: “{cell}” di kertas; halaman: {other}"
            yield from faults(f"E.81 {name}", row[8], of_year(shown, name))
            for number in range(shown.period.quarter):
                period = Period(shown.period.year, number + 1)
                yield from faults(f"E.81 {name}", row[10 + 2 * number], of_result(shown, name, period))
        elif row[0] in said:
            yield from (f"E.81 {row[0]}: {cell}" for cell in row[1:] if cell and cell not in said[row[0]])


def cells_by_name(markup: str) -> dict[str, list[str]]:
    """The cells of each row of a table on a page, by its first."""
    rows = (re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>.*?</tr>", markup))
    return {plain(cells[0]): [plain(cell) for cell in cells[1:]] for cells in rows if cells}


# --- sections and the office -------------------------------------------------------------------------------------


def section_said(shown: Shown, name: str, board: Board) -> str:
    """The two charts of the dashboard, as they are read out; the whole office by its key figures."""
    short = next((s.short for s in shown.office.sections if plain(s.name) == name), None)
    if short is None:
        return plain(dashboard.key_figures(board))
    charts = plain(f"{section_bars_alt(board)}; {performance_and_budget_alt(board)}")
    return " ".join(part for part in re.split(r"[;:]", charts) if part.strip().startswith(short))


def section_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    for name, measured, mean, possible, _rating, absorbed in table.rows:
        said = section_said(shown, name, shown.board).replace("tidak diukur pada triwulan ini", "0 dari 0")
        for cell in (measured, mean, possible if name != "Seluruh indikator" else "", absorbed):
            yield from faults(name, cell, said)


def trend_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """A quarter of the past stands on the dashboard of that quarter."""
    boards = [board_of(shown.office, point.period, offices.NOW) for point in shown.board.trend]
    for name, *cells in table.rows:
        for board, cell in zip(boards, cells, strict=True):
            number = " ".join(_FIGURE.findall(cell))
            yield from faults(f"{name}, {board.period.key}", number, section_said(shown, name, board))


def budget_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """The table behind the dashboard's chart of capaian and budget."""
    said = cells_by_name(charts.figures(performance_and_budget_table(shown.board), ""))
    short = {plain(s.name): plain(s.short) for s in shown.office.sections}
    for name, budget, spent, reported, share in table.rows:
        _, absorbed, filled, all_budget, all_spent = said[short.get(name, name)]
        for cell, other in ((budget, all_budget), (spent, all_spent), (reported, filled), (share, absorbed)):
            yield from faults(name, cell, other)


def scale_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    said = plain(dashboard.legend(shown.board, shown.office.scale))
    for row in table.rows:
        yield from faults("Skala", row[0], said)


def missing_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """What the page Laporan and the dashboard say is missing, section by section."""
    chips = plain(dashboard.missing_list(shown.board))
    short = {plain(s.name): plain(s.short) for s in shown.office.sections}
    for name, lacking, what in table.rows:
        said = re.search(rf"{re.escape(short[name])}: (\d+ dari \d+|lengkap, belum dikirim)", chips)
        complete = lacking.startswith("0 dari") and what.startswith("Lengkap")
        if not said or said[1] != ("lengkap, belum dikirim" if complete else lacking):
            yield f"{name}: {lacking} di kertas; halaman: {chips}"


# --- dates -------------------------------------------------------------------------------------------------------


def step_faults(table: PrintedTable, shown: Shown) -> Iterator[str]:
    """Langkah SOP shows duration, due moment, end and state; its chart's table plan, begin and rounds."""
    for row, short in zip(table.rows, SHORT_NAMES, strict=True):
        said, timed = shown.row(row[1]), shown.cells.get(f"{row[0]} {short}", [""] * 5)
        for cell in (row[3], row[6], row[7]):
            yield from faults(row[1], cell, said)
        planned, begun, _, _, rounds = timed
        for cell, other in ((row[4], planned), (row[5], begun), (row[8], rounds)):
            yield from faults(row[1], cell, _YEAR.sub("", other))


def dated_faults(key: str, *columns: str) -> Callable[[PrintedTable, Shown], Iterator[str]]:
    """Tables whose rows stand on a page as well, found there by one column."""

    def found(table: PrintedTable, shown: Shown) -> Iterator[str]:
        places = [table.head.index(column) for column in columns]
        for row in table.rows:
            words = plain(row[table.head.index(key)])
            for place in places:
                yield from faults(words, plain(row[place]), shown.row(words))

    return found


CHECKS: dict[str, Callable[[PrintedTable, Shown], Iterator[str]]] = {
    "(1)": e81_faults,
    "Indikator kinerja|TW ": heat_faults,
    "Indikator kinerja|Capaian": attained_faults,
    "Seksi/subbagian|Terukur": section_faults,
    "Seksi/subbagian|TW ": trend_faults,
    "Seksi/subbagian|Pagu": budget_faults,
    "Seksi/subbagian|Kurang": missing_faults,
    "Capaian (%)|Kategori": scale_faults,
    "No|Uraian prosedur": step_faults,
    "Seksi/subbagian|Petugas": dated_faults("Seksi/subbagian", "Rencana", "Terlaksana"),
    "Seksi/subbagian|Dilaksanakan": dated_faults("Seksi/subbagian", "Dilaksanakan"),
    "Seksi/subbagian|Tindak lanjut": dated_faults("Tindak lanjut", "Batas waktu"),
    "Triwulan|Seksi/subbagian": dated_faults("Tindak lanjut", "Batas waktu"),
    "Waktu|Putaran": dated_faults("Waktu", "Waktu", "Putaran"),
}


def check_of(table: PrintedTable) -> Callable[[PrintedTable, Shown], Iterator[str]] | None:
    if table.rows and len(table.rows[0]) > 8 and re.search(r" \(.+, (naik|turun|arah.*)\)$", table.rows[0][1]):
        return indicator_faults
    begins = "|".join(table.head[:2])
    return next((check for name, check in CHECKS.items() if begins.startswith(name)), None)


def all_faults(pdf: bytes, shown: Shown) -> tuple[list[str], int]:
    """What differs, and how many tables were compared. A table that nobody compares must have no figures."""
    found, compared = list[str](), 0
    for table in tables(pdf):
        if check := check_of(table):
            found += check(table, shown)
            compared += 1
        else:
            assert set(WITHOUT_FIGURES) & set(table.head), table.head
    return found, compared


# --- what must be so ---------------------------------------------------------------------------------------------

QUARTERS = (Period(2026, 3), Period(2026, 2), Period(2026, 1))
PAGES = (
    ("langkah", {}),
    ("monev", {"bagian": "rencana"}),
    ("monev", {"bagian": "hasil"}),
    ("analisis", {"bagian": "tindaklanjut"}),
    ("verifikasi", {}),
)


def drawn_pages(open_page: Opener, period: Period) -> str:
    """The pages of a quarter, as the Kasubag PKP sees them."""
    found = []
    for page, address in PAGES:
        app = open_page(page, "pkp", tahun=str(period.year), triwulan=str(period.quarter), **address)
        assert not app.exception
        found.append(markup(app))
    return "".join(found)


def rows_in(markup: str) -> list[str]:
    """Rows of tables and lists."""
    found = re.findall(r'<tr.*?</tr>|<p class="mv-an-todo".*?</p>', markup, re.DOTALL)
    return [plain(row) for row in found]


@pytest.mark.parametrize("period", QUARTERS, ids=lambda p: p.key)
def test_every_figure_of_the_samples_report_stands_on_the_pages(open_page: Opener, period: Period) -> None:
    pages = drawn_pages(open_page, period)
    office, now = session.office(), session.now()
    pdf = build_report(office, period, now, draft=True).pdf
    found, compared = all_faults(
        pdf, Shown(office, board_of(office, period, now), rows_in(pages), cells_by_name(pages))
    )
    assert found == []
    assert compared >= 15


def some_office(chance: random.Random) -> Office:
    """Sections and indicators of every kind, with figures, gaps and ranges by chance."""
    placed = [offices.section(name, order=n) for n, name in enumerate("abc")]
    quarters = [Period(2026, q) for q in range(1, 4)]
    placed += [offices.cycle(p) for p in quarters]
    for n in range(12):
        name = f"i{n:02}"
        kinds = {
            "polarity": chance.choice(["naik", "turun"]),
            "aggregation": chance.choice(["jumlah", "rata-rata", "posisi akhir", "tahunan"]),
        }
        goal = chance.choice([100, Decimal("72.5"), "80 - 90", chance.randrange(1, 5000)])
        placed.append(offices.indicator(name, chance.choice("abc"), order=n, **kinds))
        budget = Decimal(chance.randrange(1, 10**9)) if chance.random() < 0.7 else None
        placed.append(offices.target(name, goal, budget=budget))
        for period in quarters:
            actual = None if chance.random() < 0.15 else Decimal(chance.randrange(0, 10**6)) / 100
            spent = None if budget is None or chance.random() < 0.2 else budget / 7
            placed.append(offices.entry(name, actual, spent and spent.quantize(Decimal(1)), period=period))
    return offices.office(*placed)


def shown_of(office: Office, period: Period) -> Shown:
    """With the rows of Langkah SOP."""
    board = board_of(office, period, offices.NOW)
    cells = cells_by_name(charts.figures(gantt_table(board.steps), ""))
    return Shown(office, board, rows_in(steps_page.all_steps(board.steps)), cells)


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_of_a_random_office_stands_on_the_pages(seed: int) -> None:
    office, period = some_office(random.Random(seed)), Period(2026, 3)
    pdf = build_report(office, period, offices.NOW, draft=True).pdf
    found, compared = all_faults(pdf, shown_of(office, period))
    assert found == []
    assert compared >= 8


def test_one_figure_or_day_that_is_off_is_found() -> None:
    """The pages show an office in which one value is another one than in the report."""
    office, period = some_office(random.Random(1)), Period(2026, 3)
    pdf = build_report(office, period, offices.NOW, draft=True).pdf
    for table, column in ((schema.ENTRY, "actual"), (schema.ENTRY, "spent"), (schema.TARGET, "budget"),
                          (schema.CYCLE, "opened_at")):  # fmt: skip
        rows = office.snapshot.rows(table)
        row = next(r for r in rows if r.get("quarter", 3) == 3 and r[column] is not None)
        more = timedelta(days=1) if column == "opened_at" else 1
        other = {**row, column: row[column] + more}  # type: ignore[operator]
        changed = {**office.snapshot.tables, table.name: tuple(other if r is row else r for r in rows)}
        found, _ = all_faults(pdf, shown_of(Office(replace(office.snapshot, tables=changed)), period))
        assert found, column
