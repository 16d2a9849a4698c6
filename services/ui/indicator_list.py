"""The dictionary of indicators for reading: the list with its filters, and one indicator with its targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from services.domain.indicators import QUARTERS, ROMAN, Aggregation, Indicator, Level, Period, Polarity, Target
from services.domain.numbers import format_bounds, format_money, format_number, format_percent, format_period
from services.ui.dashboard import figure_address
from services.ui.html import esc, process_chip, rating_chip
from services.ui.provenance import HOW
from services.ui.reference import Column, dictionary_address, facts, heading, listing
from services.views.measures import Measure, measure
from services.views.office import Office

DIRECTIONS = {Polarity.UP: "naik: makin besar makin baik", Polarity.DOWN: "turun: makin kecil makin baik"}

_KEY = "kamus"
_COLUMNS = (
    Column("Indikator"),
    Column("Tingkat", named=True, width="7.5rem"),
    Column("Satuan", named=True, width="7.5rem"),
    Column("Arah", named=True, width="5.5rem"),
    Column("Tipe", named=True, width="7rem"),
    Column("Target tahunan", numeric=True, named=True, width="8rem"),
)
_TARGETS = (
    Column("Berlaku mulai", width="7.5rem"),
    *(Column(f"TW {ROMAN[q]}", numeric=True, named=True, width="4.75rem") for q in QUARTERS),
    Column("Tahunan", numeric=True, named=True, width="5.5rem"),
    Column("Pagu", numeric=True, named=True, width="9rem"),
    Column("Dasar hukum", named=True),
)
_RESULTS = (
    Column("Triwulan", width="11rem"),
    Column("Realisasi", numeric=True, named=True, width="8rem"),
    Column("Capaian s.d. triwulan", numeric=True, named=True, width="11rem"),
    Column("Kategori"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the filters ask for; "" does not restrict."""

    words: str = ""
    section_id: str = ""
    level: str = ""
    polarity: str = ""
    aggregation: str = ""
    retired: bool = False

    def fits(self, indicator: Indicator) -> bool:
        same = (
            (self.section_id, indicator.section_id),
            (self.level, indicator.level.value),
            (self.polarity, indicator.polarity.value if indicator.polarity else ""),
            (self.aggregation, indicator.aggregation.value),
        )
        return (
            (indicator.active or self.retired)
            and all(not wanted or wanted == found for wanted, found in same)
            and _contains(indicator, self.words)
        )


def _contains(indicator: Indicator, words: str) -> bool:
    texts = (indicator.name, indicator.code, indicator.programme, indicator.objective, indicator.unit)
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())


# --- the list ----------------------------------------------------------------------------------------------------


def choose(office: Office) -> Choice:
    """The filters above the list."""
    sections = {s.id: s.short for s in office.sections}
    with st.grid(5, min_column_width=150, gap="small"):
        words = st.text_input("Cari", key=f"{_KEY}-cari", placeholder="Nama, kode, program", type="search")
        section = _box("Seksi", list(sections), sections)
        level = _box("Tingkat", [item.value for item in Level])
        polarity = _box("Arah", [item.value for item in Polarity])
        aggregation = _box("Tipe", [item.value for item in Aggregation])
    retired = sum(not i.active for i in office.all_indicators)
    shown = bool(retired) and st.toggle(f"Tampilkan {retired} indikator nonaktif", key=f"{_KEY}-nonaktif")
    return Choice((words or "").strip(), section, level, polarity, aggregation, shown)


def _box(label: str, options: list[str], names: dict[str, str] | None = None) -> str:
    shown = {"": "Semua"} | (names or {})
    chosen: str = st.selectbox(
        label, ["", *options], key=f"{_KEY}-{label}", format_func=lambda option: shown.get(option, option)
    )
    return chosen


def listed(office: Office, choice: Choice, year: int) -> str:
    """The indicators that fit, by section; "" when there is none."""
    found = [i for i in office.all_indicators if choice.fits(i)]
    return "".join(_section(office, s.id, s.name, found, year) for s in office.sections)


def _section(office: Office, section_id: str, name: str, found: list[Indicator], year: int) -> str:
    own = [i for i in found if i.section_id == section_id]
    if not own:
        return ""
    rows = [_row(office, indicator, year) for indicator in own]
    marks = ["" if indicator.active else "mv-off" for indicator in own]
    return heading(name, f"{len(own)} indikator") + listing(_COLUMNS, rows, f"Indikator {name}", marks)


def _row(office: Office, indicator: Indicator, year: int) -> tuple[str, ...]:
    target = office.target(indicator.id, Period(year, QUARTERS[-1]))
    off = "" if indicator.active else " " + process_chip("open", "Nonaktif")
    detail = " · ".join(filter(None, (indicator.code, indicator.programme)))
    return (
        f'<a href="{esc(dictionary_address(indicator.id))}">{esc(indicator.name)}</a>{off}'
        f'<p class="mv-quiet">{esc(detail)}</p>',
        esc(indicator.level.value),
        esc(indicator.unit),
        esc(indicator.polarity.value if indicator.polarity else "belum diisi"),
        esc(indicator.aggregation.value),
        esc(_goal(target)),
    )


def _goal(target: Target | None) -> str:
    return format_bounds(target.annual) if target and target.annual else "belum ada"


# --- one indicator -----------------------------------------------------------------------------------------------


def title(office: Office, indicator: Indicator) -> str:
    """Name, section, level and code, and whether it is still measured."""
    line = " · ".join(
        filter(None, (office.section(indicator.section_id).name, indicator.level.value, indicator.code, indicator.unit))
    )
    state = process_chip("done", "Aktif") if indicator.active else process_chip("open", "Nonaktif")
    return f'{state}<h2 class="mv-title">{esc(indicator.name)}</h2><p class="mv-sub">{esc(line)}</p>'


def details(indicator: Indicator) -> str:
    """What is measured, and how."""
    return facts(
        (
            ("Definisi operasional", indicator.definition),
            ("Rumus perhitungan", indicator.formula),
            ("Sumber data", indicator.source),
            ("Satuan", indicator.unit),
            ("Arah", DIRECTIONS[indicator.polarity] if indicator.polarity else ""),
            ("Tipe", HOW[indicator.aggregation]),
            ("Sasaran", indicator.objective),
            ("Program/Kegiatan", " · ".join(filter(None, (indicator.code, indicator.programme)))),
        )
    )


def targets(office: Office, indicator: Indicator) -> str:
    """Targets of each year with their revisions, newest year first; values not in force are struck through."""
    found = sorted(office.targets.get(indicator.id, ()), key=lambda t: (-t.year, t.valid_from))
    if not found:
        return heading("Target") + '<p class="mv-quiet">Target belum ditetapkan.</p>'
    years = sorted({t.year for t in found}, reverse=True)
    return "".join(_year(year, [t for t in found if t.year == year], indicator) for year in years)


def _year(year: int, found: list[Target], indicator: Indicator) -> str:
    revisions = len([t for t in found if t.valid_from > 1])
    note = f"{revisions} revisi, nilai yang tidak berlaku dicoret" if revisions and len(found) > 1 else ""
    rows = [_target_row(target, found[n + 1].valid_from if n + 1 < len(found) else 5) for n, target in enumerate(found)]
    name = f"Target {year}"
    return heading(name, note) + listing(_TARGETS, rows, f"{name}, {indicator.name}")


def _target_row(target: Target, next_from: int) -> tuple[str, ...]:
    cells = [_quarter(target, q, in_force=target.valid_from <= q < next_from) for q in QUARTERS]
    over = next_from <= QUARTERS[-1]
    annual = format_bounds(target.annual) if target.annual else "belum ada"
    budget = format_money(target.budget) if target.budget is not None else "tanpa pagu"
    return (
        f"<strong>TW {ROMAN[target.valid_from]}</strong>",
        *cells,
        _struck(annual) if over else f"<strong>{esc(annual)}</strong>",
        _struck(budget) if over else esc(budget),
        esc(target.legal_basis or "belum diisi"),
    )


def _quarter(target: Target, quarter: int, *, in_force: bool) -> str:
    if quarter < target.valid_from:
        return ""
    bounds = target.quarterly[quarter - 1]
    text = format_bounds(bounds) if bounds else "belum ada"
    return esc(text) if in_force else _struck(text)


def _struck(text: str) -> str:
    return f"<del>{esc(text)}</del>"


def results(office: Office, indicator: Indicator) -> str:
    """Realisasi and capaian of the quarters that were opened, newest first; each leads to where it comes from."""
    periods = sorted((p for p in office.cycles if office.entry(indicator.id, p)), reverse=True)
    if not periods:
        return ""
    rows = [_result(measure(office, indicator, period)) for period in periods]
    return heading("Realisasi dan capaian", "pilih triwulan untuk melihat asal angkanya") + listing(
        _RESULTS, rows, f"Realisasi dan capaian, {indicator.name}"
    )


def _result(m: Measure) -> tuple[str, ...]:
    link = f'<a href="{esc(figure_address(m.indicator, m.period))}">{esc(format_period(m.period))}</a>'
    actual = esc(format_number(m.actual) if m.actual is not None else _typed(m))
    if m.to_date.value is None:
        return link, actual, "", f'<span class="mv-quiet">{esc(m.to_date.outcome.value)}</span>'
    return link, actual, esc(format_percent(m.to_date.value, 2)), rating_chip(m.rating)


def _typed(m: Measure) -> str:
    """What stands there although it is no number."""
    return (m.entry.text("actual") if m.entry else "") or "kosong"


def open_quarters(office: Office, now_year: int) -> Iterator[Period]:
    """Quarters whose targets may be revised, never none: of this year and the next two, those that are not locked."""
    locked = {p for p, cycle in office.cycles.items() if cycle.locked_at is not None}
    years = range(now_year, now_year + 3)
    return (p for year in years for q in QUARTERS if (p := Period(year, q)) not in locked)
