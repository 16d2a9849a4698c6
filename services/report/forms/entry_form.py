"""Blangko isian: one section's indicators of a quarter on paper, to be filled in by hand (step 1 of the SOP)."""

from __future__ import annotations

from datetime import datetime

from services.domain.indicators import ROMAN, Aggregation, Indicator, Period
from services.domain.numbers import NONE_MARK, format_bounds, format_date
from services.report.forms.base import (
    about,
    built_with_signatures,
    head,
    head_of,
    moment_of,
    not_to_write,
    paper_info,
    place_to_date,
    running_title,
    signatory,
    signed_table,
    to_write,
)
from services.report.paper import Paper
from services.report.tables import Column, Row, Table
from services.views.office import Office

TITLE = "Blangko isian data kinerja"


def entry_form_pdf(office: Office, period: Period, section_id: str, now: datetime) -> bytes:
    """The form of one section; also for a quarter that is not open yet."""
    info = paper_info(
        office,
        running_title("Blangko isian", office, section_id, period),
        moment_of(office, period, now),
        "Langkah 2 SOP",
    )
    return built_with_signatures(info, lambda paper, along: _render(paper, office, period, section_id, along))


def _render(paper: Paper, office: Office, period: Period, section_id: str, take_along: bool) -> bool:
    section = office.section(section_id)
    head(paper, office, "landscape", TITLE, about(period, section.name))
    paper.note(_how(office, period))
    person = signatory(head_of(office, section_id), f"Kepala {section.name}", place_to_date(office))
    return signed_table(paper, _table(office, period, section_id), "landscape", [person], take_along)


def _how(office: Office, period: Period) -> str:
    cycle = office.cycles.get(period)
    due = f" Kembalikan kepada Kasubag PKP paling lambat {format_date(cycle.due_on)}." if cycle else ""
    return (
        "Tulis realisasi triwulan ini dengan angka, misalnya 83,33; tulis NA bila belum terukur, bukan 0. Realisasi "
        "anggaran adalah jumlah sejak awal tahun sampai dengan akhir triwulan, dalam rupiah." + due
    )


def _table(office: Office, period: Period, section_id: str) -> Table:
    short = f"TW {ROMAN[period.quarter]}"
    columns = [
        Column("No", 8, "C"),
        Column("Indikator kinerja", 47),
        Column("Satuan", 23, "C"),
        Column(f"Target {short}", 18, "R"),
        Column(f"Realisasi {short}", 20, "C"),
        Column("Realisasi anggaran s.d. triwulan (Rp)", 27, "C"),
        Column("Faktor pendorong", 26),
        Column("Faktor penghambat", 26),
        Column("Tindak lanjut", 26),
        Column("Bukti dukung", 22),
    ]
    rows = [_row(office, period, n, i) for n, i in enumerate(office.indicators_of(section_id), start=1)]
    return Table(columns, rows, empty="Belum ada indikator aktif di seksi ini.")


def _row(office: Office, period: Period, number: int, indicator: Indicator) -> Row:
    target = office.quarterly_targets(indicator.id, period.year)[period.quarter - 1]
    in_force = office.target(indicator.id, period)
    budgeted = in_force is not None and bool(in_force.budget)
    yearly = indicator.aggregation is Aggregation.ANNUAL and period.quarter < 4
    return Row(
        [
            str(number),
            indicator.name,
            indicator.unit,
            format_bounds(target) if target else NONE_MARK,
            not_to_write("diukur pada TW IV") if yearly else to_write(),
            to_write() if budgeted else not_to_write("tanpa pagu"),
            *(to_write() for _ in range(4)),
        ]
    )
