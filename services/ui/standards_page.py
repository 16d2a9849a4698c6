"""The page Mutu baku: real against standard time of every step, who is in time, ready for the SOP's revision."""

from __future__ import annotations

import streamlit as st

from services.domain.clock import Calendar, say_minutes
from services.domain.indicators import Period
from services.domain.numbers import short_period
from services.domain.roles import Actor
from services.ui import dashboard, frame, session
from services.ui.html import esc, process_chip, table
from services.ui.reference import STYLE
from services.views.standards import SectionTimes, Standards, StepTimes, standards_of

SHOWN = 4
"""Quarters in the table; the typical time and the rate take in all of them."""


def draw(_: Actor) -> None:
    st.html(dashboard.STYLE)
    st.html(STYLE)
    office = session.office()
    frame.header("Mutu baku", ("Waktu nyata terhadap waktu baku SOP", f"{len(office.cycles)} triwulan"))
    if not office.cycles:
        frame.empty_state("Belum ada triwulan", "Waktu nyata tercatat sejak triwulan pertama dibuka (langkah 1).")
        return
    found = standards_of(office)
    st.html(dashboard.heading("Langkah") + steps_table(found, office.calendar))
    st.html(
        '<p class="mv-quiet">Waktu kerja semua putaran, tanpa jeda. Lazimnya adalah nilai tengah seluruh triwulan. '
        "Usulan dipakai sebagai bahan revisi SOP: waktu baku tetap bila lazimnya tidak lebih dari waktu baku, "
        "selebihnya dibulatkan ke atas ke satuan waktu SOP.</p>"
    )
    st.html(dashboard.heading("Ketepatan mengirim data") + sections_table(found))
    st.download_button(
        "Unduh tabel (CSV)",
        csv_text(found).encode("utf-8-sig"),
        file_name="mutu-baku.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _name(period: Period) -> str:
    return f"{short_period(period)} {period.year}"


def steps_table(found: Standards, calendar: Calendar) -> str:
    periods = found.periods[-SHOWN:]
    headers = ("No", "Langkah", "Waktu baku", *map(_name, periods), "Lazimnya", "Tepat waktu", "Usulan")
    rows = (_step_row(s, len(periods), calendar) for s in found.steps)
    return table(headers, rows, caption="Waktu nyata setiap langkah", numeric=range(3, len(headers)))


def _step_row(item: StepTimes, shown: int, calendar: Calendar) -> tuple[str, ...]:
    over = item.typical is not None and item.typical > item.standard
    typical = "belum ada" if item.typical is None else say_minutes(item.typical, calendar)
    return (
        str(item.step.no),
        esc(item.step.short),
        esc(item.step.duration),
        *(_taken(minutes, item.standard, calendar) for minutes in item.taken[-shown:]),
        f"<strong>{esc(typical)}</strong>" if over else esc(typical),
        f"{item.in_time} dari {item.measured}",
        esc(proposal(item)),
    )


def _taken(minutes: int | None, standard: int, calendar: Calendar) -> str:
    if minutes is None:
        return '<span class="mv-quiet">belum</span>'
    text = esc(say_minutes(minutes, calendar))
    return f"{process_chip('late', say_minutes(minutes, calendar))}" if minutes > standard else text


def proposal(item: StepTimes) -> str:
    """The standard time for the SOP's next version, in the unit that it has now."""
    if item.typical is None or item.typical <= item.standard:
        return str(item.step.duration)
    unit = item.standard // item.step.duration.amount
    return f"{-(-item.typical // unit)} {item.step.duration.unit.value}"


def sections_table(found: Standards) -> str:
    periods = found.periods[-SHOWN:]
    headers = ("Seksi", *map(_name, periods), "Tepat waktu")
    rows = (_section_row(s, len(periods)) for s in found.sections)
    return table(headers, rows, caption="Ketepatan setiap seksi mengirim data")


def _section_row(item: SectionTimes, shown: int) -> tuple[str, ...]:
    return (
        esc(item.section.short),
        *(_gave(kept) for kept in item.in_time[-shown:]),
        f"{item.kept} dari {len(item.in_time)}",
    )


def _gave(in_time: bool | None) -> str:
    if in_time is None:
        return process_chip("open", "Belum mengirim")
    return process_chip("done", "Tepat") if in_time else process_chip("late", "Terlambat")


def csv_text(found: Standards) -> str:
    """The first table with all quarters, minutes as whole numbers: semicolons, so that an Indonesian Excel opens it."""
    periods: tuple[Period, ...] = found.periods
    lines = [("No", "Langkah", "Waktu baku", "Waktu baku (menit kerja)", *map(_name, periods), "Usulan")]
    for item in found.steps:
        taken = ("" if minutes is None else str(minutes) for minutes in item.taken)
        standard = (str(item.step.duration), str(item.standard))
        lines.append((str(item.step.no), item.step.short, *standard, *taken, proposal(item)))
    return "\r\n".join(";".join(line) for line in lines) + "\r\n"
