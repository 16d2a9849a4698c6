"""What changed in a quarter's report between two states of the office: its figures, and its texts word by word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from services.domain.attainment import Mean
from services.domain.indicators import Bounds, Indicator, Period
from services.domain.numbers import format_bounds
from services.store import schema
from services.store.schema import Column, Kind, Table
from services.store.store import Row, Value
from services.views.history import BLANK, shown
from services.views.measures import Measure, mean_of, measures
from services.views.office import Office

OTHER_DATA = "Capaian, karena data lain berubah"
_WORDS = re.compile(r"\s+|[^\s]+")


class Mark(StrEnum):
    SAME = "tetap"
    GONE = "dihapus"
    NEW = "ditambah"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text, blanks included."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One changed value behind a figure, as people read it, and the capaian up to the quarter in both states."""

    indicator: Indicator
    field: str
    old: str
    new: str
    capaian_before: Decimal | None
    capaian_after: Decimal | None


@dataclass(frozen=True, slots=True)
class TextChange:
    """One changed text: whose, in which column, and what became of its words."""

    subject: str
    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    figures: tuple[FigureChange, ...]
    texts: tuple[TextChange, ...]
    mean_before: Mean
    mean_after: Mean

    @property
    def nothing(self) -> bool:
        return not self.figures and not self.texts


def compare(before: Office, after: Office, period: Period) -> Comparison:
    """What the report of a quarter says otherwise in ``after`` than in ``before``."""
    old = {m.indicator.id: m for m in measures(before, period)}
    new = {m.indicator.id: m for m in measures(after, period)}
    figures = (change for name in {**new, **old} for change in _figure_changes(old.get(name), new.get(name)))
    return Comparison(
        figures=tuple(figures),
        texts=tuple(_text_changes(before, after, period)),
        mean_before=mean_of(before, old.values()),
        mean_after=mean_of(after, new.values()),
    )


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """The words of both texts in order, each kept, gone or new."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Mark.SAME, "".join(before[a:b])))
        else:
            pieces += [Piece(Mark.GONE, "".join(before[a:b]))] if b > a else []
            pieces += [Piece(Mark.NEW, "".join(after[c:d]))] if d > c else []
    return tuple(pieces)


# --- figures -----------------------------------------------------------------------------------------------------


def _figure_changes(before: Measure | None, after: Measure | None) -> Iterator[FigureChange]:
    one = after or before
    assert one is not None
    old, new = _shown_figures(before), _shown_figures(after)
    capaian = (before.to_date.value if before else None, after.to_date.value if after else None)
    changed = [name for name in _FIGURES if old[name] != new[name]]
    for name in changed:
        yield FigureChange(one.indicator, name, old[name], new[name], *capaian)
    if not changed and capaian[0] != capaian[1]:
        yield FigureChange(one.indicator, OTHER_DATA, "", "", *capaian)


def _entry_value(column: str) -> Callable[[Measure], str]:
    of = schema.ENTRY.column(column)
    return lambda m: shown(m.entry.counted(column), of) if m.entry else BLANK


def _target(goal: Bounds | None, unit: str) -> str:
    return format_bounds(goal, unit) if goal else BLANK


_FIGURES: Mapping[str, Callable[[Measure], str]] = {
    "Realisasi": _entry_value("actual"),
    "Target": lambda m: _target(m.target, m.indicator.unit),
    "Target tahunan": lambda m: _target(m.in_force.annual if m.in_force else None, m.indicator.unit),
    "Realisasi anggaran": _entry_value("spent"),
    "Pagu": lambda m: shown(m.budget, schema.TARGET.column("budget")),
}


def _shown_figures(m: Measure | None) -> dict[str, str]:
    return {name: read(m) if m else BLANK for name, read in _FIGURES.items()}


# --- texts -------------------------------------------------------------------------------------------------------

_TextKey = tuple[str, str, str]
"""Table, row id, column."""


def _text_changes(before: Office, after: Office, period: Period) -> Iterator[TextChange]:
    old, new = _texts(before, period), _texts(after, period)
    for key in {**new, **old}:
        texts = [found[key][1] if key in found else "" for found in (old, new)]
        if texts[0] != texts[1]:
            subject = (new.get(key) or old[key])[0]
            field = schema.BY_NAME[key[0]].column(key[2]).header
            yield TextChange(subject, field, words_changed(*texts))


def _texts(office: Office, period: Period) -> dict[_TextKey, tuple[str, str]]:
    """Subject and text of everything that the report takes from people's writing."""
    found: dict[_TextKey, tuple[str, str]] = {}
    for source in _SOURCES:
        for row in source.rows(office, period):
            for name in source.columns:
                said = _said(source.table.column(name), row[name])
                found[source.table.name, str(row["id"]), name] = source.subject(office, row), said
    return found


def _said(column: Column, value: Value) -> str:
    if value in (None, ""):
        return ""
    return str(value) if column.kind is Kind.TEXT else shown(value, column)


@dataclass(frozen=True, slots=True)
class _Source:
    table: Table
    columns: tuple[str, ...]
    subject: Callable[[Office, Row], str]

    def rows(self, office: Office, period: Period) -> tuple[Row, ...]:
        if self.table is schema.REPORT_TEXT:  # a text without a quarter is in the report of every quarter
            always = (row for row in office.snapshot.rows(self.table) if row["year"] is None)
            return (*always, *office.rows_of(self.table, period))
        return office.rows_of(self.table, period)


def _indicator_name(office: Office, row: Row) -> str:
    found = office.indicator_by_id.get(str(row["indicator_id"]))
    return found.name if found else str(row["indicator_id"])


def _analysed(office: Office, row: Row) -> str:
    subject = str(row["subject"])
    return f"Analisis {office.section(subject).name if row['scope'] == 'seksi' else subject}"


_SOURCES = (
    _Source(schema.ENTRY, ("driver", "obstacle", "follow_up", "evidence"), _indicator_name),
    _Source(
        schema.MONEV,
        ("held_on", "attendees", "findings", "evidence", "recommendation"),
        lambda office, row: f"Monev {office.section(str(row['section_id'])).name}",
    ),
    _Source(schema.ANALYSIS, ("drivers", "obstacles", "comparison", "recommendation"), _analysed),
    _Source(
        schema.FOLLOW_UP,
        ("what", "who", "due_on", "status", "note"),
        lambda office, row: f"Tindak lanjut {office.section(str(row['section_id'])).name}".strip(),
    ),
    _Source(
        schema.MEETING,
        ("held_on", "place", "attendees", "minutes", "decisions"),
        lambda _office, _row: "Pembahasan draf",
    ),
    _Source(schema.REPORT_TEXT, ("text",), lambda _office, row: f"Teks {row['name']}"),
)
