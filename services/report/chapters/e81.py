"""Annex 2: Formulir E.81 with the columns that Permendagri 86/2017 prescribes.

Twenty-five narrow columns do not fit on A4 in legible print, so the form has the size on which offices print it: A3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from services.domain.indicators import ROMAN, Bounds
from services.domain.numbers import NBSP, NONE_MARK, NOT_MEASURED_MARK, format_bounds, format_number, official_period
from services.report.forms.base import Signatory, signatures, signatures_height
from services.report.issue import Issue
from services.report.paper import BLOCK_SPACE, Paper
from services.report.tables import Cell, Column, Row, Table
from services.report.texts import brief, number, rating_label
from services.views.e81 import E81, E81Row, Pair
from services.views.office import Office

PRINT_SIZES, PAD = (9.0, 8.5, 8.0, 7.5), 0.7
"""As large as the figures of the office allow without a broken word."""
NOTHING_WRITTEN = "Belum ditulis."
TITLE = "Evaluasi Terhadap Hasil Renja Perangkat Daerah"
LABEL_COLUMNS = 4
"""Columns over which the names of the footer's texts stand."""
NOTE_HEIGHT = 26.0
_SUM = "kolom 13 = kolom 6 + kolom 12".replace(" ", NBSP)
_SHARE = "kolom 14 = kolom 13 / kolom 5 × 100".replace(" ", NBSP)
SHORT_DOTS = "…" * 6


def e81(paper: Paper, office: Office, form: E81, issue: Issue, *, draft: bool) -> None:
    """The form, its footer rows and both signatures."""
    profile = office.profile
    paper.new_page("landscape", paper_size="A3")
    paper.chapter("LAMPIRAN 2", "Formulir E.81", new_page=False)
    paper.title(f"{TITLE} Lingkup Kabupaten/Kota", outline=False)
    paper.centred(
        [
            f"Renja Perangkat Daerah {profile.title} Kabupaten {profile.regency}",
            f"Periode Pelaksanaan {official_period(form.period)}",
        ]
    )
    paper.paragraph(
        "Indikator dan target kinerja Perangkat Daerah Kabupaten/Kota yang mengacu pada sasaran RKPD: "
        f"{'; '.join(_objectives(form)) or NOTHING_WRITTEN}"
    )
    people = _people(office, issue, draft)
    table = replace(_form(office, form), below=NOTE_HEIGHT + signatures_height(paper, people))
    paper.table(f"Formulir E.81 {official_period(form.period)}", table)
    paper.reserve(table.below - BLOCK_SPACE)
    paper.note(
        "K: kinerja. Rp: anggaran dalam rupiah penuh. NA: belum diketahui, tidak dihitung sebagai nol. Kolom 12 "
        f"menggabungkan triwulan menurut tipe indikator; {_SUM} untuk indikator bertipe jumlah, selain itu keadaan "
        f"terakhir; {_SHARE}.",
        tone="navy",
    )
    signatures(paper, "landscape", people)


def _objectives(form: E81) -> list[str]:
    return list(dict.fromkeys(row.indicator.objective for row in form.rows if row.indicator.objective))


def _form(office: Office, form: E81) -> Table:
    last, year = form.last_year, form.period.year
    end = str(last) if last else SHORT_DOTS
    starred = (
        f"Target Renstra Perangkat Daerah pada Tahun {end} (akhir periode)",
        f"Realisasi Capaian Kinerja Renstra s.d. Renja Tahun Lalu ({year - 1})",
        f"Target Kinerja dan Anggaran Renja Tahun Berjalan ({year}) yang Dievaluasi",
        *(f"Realisasi Kinerja pada Triwulan {ROMAN[q]}" for q in (1, 2, 3, 4)),
        "Realisasi Capaian Kinerja dan Anggaran Renja yang Dievaluasi",
        f"Realisasi Kinerja dan Anggaran Renstra s.d. Tahun {year}",
        f"Tingkat Capaian Kinerja dan Realisasi Anggaran Renstra s.d. Tahun {year} (%)",
    )
    columns = [
        Column("No", 6.5, "C"),
        Column("Sasaran", 25),
        Column("Program/ Kegiatan", 27),
        Column("Indikator Kinerja Program (outcome)/ Kegiatan (output)", 33),
        *(column for title in starred[:-1] for column in (Column("K", 8, "R", title), Column("Rp", 13, "R", title))),
        Column("K", 10, "R", starred[-1]),
        Column("Rp", 10, "R", starred[-1]),
        Column("Unit Perangkat Daerah Penanggung Jawab", 20),
    ]
    rows = [_row(n, row, before, form.period.quarter) for n, (before, row) in enumerate(_with_before(form.rows), 1)]
    footer = list(_footer(office, form, len(columns)))
    empty = "Belum ada indikator yang dievaluasi."
    return Table(columns, rows, footer, sizes=PRINT_SIZES, pad=PAD, numbered=True, empty=empty, top=True)


def _with_before(rows: Sequence[E81Row]) -> Iterable[tuple[E81Row | None, E81Row]]:
    return zip((None, *rows), rows, strict=False)


def _row(n: int, row: E81Row, before: E81Row | None, quarter: int) -> Row:
    """Quarters after the one reported are not due, all else that is not there is not known.

    As usual on this form, a sasaran and a program stand at the first of their indicators only.
    """
    i, above = row.indicator, before.indicator if before else None
    same_objective = above is not None and above.objective == i.objective
    same_programme = above is not None and same_objective and above.programme == i.programme
    objective = "" if same_objective else i.objective or NONE_MARK
    programme = "" if same_programme else i.programme or NONE_MARK
    return Row([str(n), objective, programme, i.name, *figures_of(row, quarter), row.section.short])


def figures_of(row: E81Row, quarter: int) -> list[str]:
    """Columns 5 to 14 as text, K and Rp of each; also for the page that shows the form."""
    quarters = [_pair(p) if q <= quarter else (NONE_MARK, NONE_MARK) for q, p in enumerate(row.quarters, start=1)]
    known = [*map(_pair, (row.renstra, row.before, row.target)), *quarters, *map(_pair, (row.year, row.total))]
    return [*chain(*known), number(row.attainment.value, 2), number(row.absorption, 2)]


def result_of(office: Office, form: E81) -> list[tuple[str, str, str]]:
    """The first two rows of the footer: what it is, and what stands under K and Rp of column 14."""
    mean = form.mean
    measured = f"({mean.measured} dari {mean.expected} indikator terukur)"
    money_rating = office.scale.rate(form.absorption)
    return [
        (f"Rata-rata capaian kinerja (%) {measured}", number(mean.value, 2), number(form.absorption, 2)),
        ("Predikat kinerja", rating_label(form.rating), rating_label(money_rating)),
    ]


def _pair(pair: Pair) -> tuple[str, str]:
    return _performance(pair.performance), _money(pair.money)


def _performance(value: Decimal | Bounds | None) -> str:
    return format_bounds(value) if isinstance(value, Bounds) else brief(value)


def _money(value: Decimal | None) -> str:
    return NOT_MEASURED_MARK if value is None else format_number(value, 0)


def _footer(office: Office, form: E81, count: int) -> Iterator[Row]:
    """The footer rows of the form, in its order: two figures under column 14, then four texts over its width."""
    yield from (_figures(*row, count) for row in result_of(office, form))
    for label, written in (
        ("Faktor pendorong keberhasilan kinerja", form.drivers),
        ("Faktor penghambat pencapaian kinerja", form.obstacles),
        ("Tindak lanjut yang diperlukan dalam triwulan berikutnya", form.next_quarter),
        ("Tindak lanjut yang diperlukan dalam Renja Perangkat Daerah kabupaten/kota berikutnya", form.next_plan),
    ):
        text = Cell("\n".join(written) or NOTHING_WRITTEN, span=count - LABEL_COLUMNS, align="L")
        label_cell = Cell(label, span=LABEL_COLUMNS, align="L", bold=True)
        yield Row([label_cell, *_covered(LABEL_COLUMNS), text, *_covered(count - LABEL_COLUMNS)])


def _figures(label: str, performance: str, money: str, count: int) -> Row:
    """A row whose figures stand under K and Rp of column 14, before the last column."""
    first = Cell(label, span=count - 3, align="R")
    return Row([first, *_covered(count - 3), performance, money, ""], total=True)


def _covered(span: int) -> list[str]:
    return [""] * (span - 1)


def _people(office: Office, issue: Issue, draft: bool) -> list[Signatory]:
    name, nip = ("", "") if draft else (issue.signatory_name, issue.signatory_nip)
    made = Signatory(issue.signatory_post, name, nip, f"Disusun, {issue.place}, tanggal {SHORT_DOTS}")
    judged = Signatory(
        f"Kepala Bappeda Kabupaten {office.profile.regency}", above=f"Dievaluasi, {SHORT_DOTS}, tanggal {SHORT_DOTS}"
    )
    return [made, judged]
