"""Annex 2: Formulir E.81 with the columns that Permendagri 86/2017 prescribes.

Twenty-five narrow columns do not fit on A4 in legible print, so the form has the size on which offices print it: A3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

from services.domain.indicators import ROMAN, Bounds
from services.domain.numbers import NONE_MARK, NOT_MEASURED_MARK, format_bounds, format_number, official_period
from services.report.forms.base import DOTS, Signatory, signatures
from services.report.issue import Issue
from services.report.paper import Paper
from services.report.tables import Column, GroupRow, Row, Table
from services.report.texts import brief, number, rating_label
from services.views.e81 import E81, E81Row, Pair
from services.views.office import Office

PRINT_SIZE = 7.5
NOTHING_WRITTEN = "Belum ditulis."


def e81(paper: Paper, office: Office, form: E81, issue: Issue, *, draft: bool) -> None:
    """The form, its footer rows and both signatures."""
    profile = office.profile
    paper.new_page("landscape", paper_size="A3")
    paper.chapter("LAMPIRAN 2", "Formulir E.81 Evaluasi Terhadap Hasil Renja Perangkat Daerah", new_page=False)
    paper.definitions(
        [
            ("Renja", f"Perangkat Daerah {profile.title} Kabupaten {profile.regency}"),
            ("Periode pelaksanaan", official_period(form.period)),
            ("Mengacu pada sasaran RKPD", "; ".join(_objectives(form)) or NOTHING_WRITTEN),
        ],
        label_width=60,
    )
    paper.table(f"Formulir E.81 {official_period(form.period)}", _form(form))
    paper.table("Simpulan Formulir E.81", _footer(office, form))
    paper.note(
        "K: kinerja. Rp: anggaran dalam rupiah penuh. NA: belum diketahui, tidak dihitung sebagai nol. Kolom 12 "
        "menggabungkan triwulan menurut tipe indikator; kolom 13 = kolom 6 + kolom 12 untuk indikator bertipe jumlah, "
        "selain itu keadaan terakhir; kolom 14 = kolom 13 / kolom 5 × 100.",
        tone="navy",
    )
    _signatures(paper, office, issue, draft)


def _objectives(form: E81) -> list[str]:
    return list(dict.fromkeys(row.indicator.objective for row in form.rows if row.indicator.objective))


def _form(form: E81) -> Table:
    last, year = form.last_year, form.period.year
    end = str(last) if last else DOTS
    starred = (
        f"Target Renstra Perangkat Daerah pada Tahun {end} (akhir periode)",
        f"Realisasi Capaian Kinerja Renstra s.d. Renja Tahun Lalu ({year - 1})",
        f"Target Kinerja dan Anggaran Renja Tahun {year} yang Dievaluasi",
        *(f"Realisasi Kinerja pada Triwulan {ROMAN[q]}" for q in (1, 2, 3, 4)),
        "Realisasi Capaian Kinerja dan Anggaran Renja yang Dievaluasi",
        f"Realisasi Kinerja dan Anggaran Renstra s.d. Tahun {year}",
        f"Tingkat Capaian Kinerja dan Realisasi Anggaran Renstra s.d. Tahun {year} (%)",
    )
    columns = [
        Column("No", 6.5, "C"),
        Column("Sasaran", 22),
        Column("Program/ Kegiatan", 23),
        Column("Indikator Kinerja Program (outcome)/ Kegiatan (output)", 28),
        *(column for title in starred[:-1] for column in (Column("K", 10, "R", title), Column("Rp", 17.6, "R", title))),
        Column("K", 10, "R", starred[-1]),
        Column("Rp", 10, "R", starred[-1]),
        Column("Unit Perangkat Daerah Penanggung Jawab", 20),
    ]
    rows = [_row(n, row, before, form.period.quarter) for n, (before, row) in enumerate(_with_before(form.rows), 1)]
    return Table(columns, rows, size=PRINT_SIZE, numbered=True, empty="Belum ada indikator yang dievaluasi.")


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
    quarters = [_pair(p) if q <= quarter else (NONE_MARK, NONE_MARK) for q, p in enumerate(row.quarters, start=1)]
    known = [*map(_pair, (row.renstra, row.before, row.target)), *quarters, *map(_pair, (row.year, row.total))]
    share = (number(row.attainment.value, 2), number(row.absorption, 2))
    return Row([str(n), objective, programme, i.name, *chain(*known, share), row.section.short])


def _pair(pair: Pair) -> tuple[str, str]:
    return _performance(pair.performance), _money(pair.money)


def _performance(value: Decimal | Bounds | None) -> str:
    return format_bounds(value) if isinstance(value, Bounds) else brief(value)


def _money(value: Decimal | None) -> str:
    return NOT_MEASURED_MARK if value is None else format_number(value, 0)


def _footer(office: Office, form: E81) -> Table:
    """The footer rows of the form, in its order."""
    money_rating = office.scale.rate(form.absorption)
    rows = [
        (
            "Rata-rata capaian kinerja (%)",
            f"K: {number(form.mean.value, 2)} ({form.mean.measured} dari {form.mean.expected} indikator); "
            f"Rp: {number(form.absorption, 2)}",
        ),
        ("Predikat kinerja", f"K: {rating_label(form.rating)}; Rp: {rating_label(money_rating)}"),
        ("Faktor pendorong keberhasilan kinerja", _written(form.drivers)),
        ("Faktor penghambat pencapaian kinerja", _written(form.obstacles)),
        ("Tindak lanjut yang diperlukan dalam triwulan berikutnya", _written(form.next_quarter)),
        (
            "Tindak lanjut yang diperlukan dalam Renja Perangkat Daerah kabupaten/kota berikutnya",
            _written(form.next_plan),
        ),
    ]
    body: list[Row | GroupRow] = [Row(row) for row in rows]
    return Table([Column("Uraian", 2.6), Column("Isi", 8.0)], body)


def _written(texts: tuple[str, ...]) -> str:
    return "\n".join(texts) or NOTHING_WRITTEN


def _signatures(paper: Paper, office: Office, issue: Issue, draft: bool) -> None:
    name, nip = ("", "") if draft else (issue.signatory_name, issue.signatory_nip)
    made = Signatory(issue.signatory_post, name, nip, f"Disusun, {issue.place}, tanggal {DOTS}")
    judged = Signatory(
        f"Kepala Bappeda Kabupaten {office.profile.regency}", above=f"Dievaluasi, {DOTS}, tanggal {DOTS}"
    )
    signatures(paper, "landscape", [made, judged])
