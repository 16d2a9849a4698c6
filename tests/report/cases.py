"""Reports of offices of every kind, each built once a run: few and many indicators, long texts, missing data …

All grow out of the sample office, whose second quarter of 2026 has gone through all 13 steps.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from services.domain.indicators import Period
from services.domain.passages import Part
from services.report import emblem
from services.report.document import Report, build_report
from services.report.issue import Issue
from services.store import schema
from services.store.store import Row, Snapshot
from services.views.office import EMBLEM_SETTING, Office
from tests.report.test_document import sample_snapshot

DONE, FIRST, RUNNING = Period(2026, 2), Period(2025, 1), Period(2026, 3)
LONG = 10_000
ISSUE = Issue(
    "800/12/Silaut/2026",
    date(2026, 8, 14),
    "Silaut",
    "Camat Silaut",
    "AFLIZEN, S. Sos.",
    "197206051993031005",
    "Penata Tingkat I",
)
Tables = dict[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """What a report is made of. ``version`` is that of a draft; without one the report is issued."""

    office: Callable[[], Office]
    period: Period = DONE
    version: str = ""
    pages: tuple[int, int] = (20, 60)


@cache
def report_of(name: str) -> Report:
    case = CASES[name]
    issue = None if case.version else ISSUE
    return build_report(office_of(name), case.period, draft=bool(case.version), version=case.version, issue=issue)


@cache
def office_of(name: str) -> Office:
    return CASES[name].office()


# --- how an office comes to be -----------------------------------------------------------------------------------


def real_tables() -> Tables:
    """The sample without the mark of a sample."""
    return changed(
        dict(sample_snapshot().tables), schema.PROFILE, lambda r: {"value": ""} if r["id"] == "contoh" else {}
    )


def office(tables: Mapping[str, tuple[Row, ...]]) -> Office:
    old = sample_snapshot()
    return Office(Snapshot(old.office, old.revision, old.read_at, dict(tables)))


def changed(tables: Tables, table: schema.Table, change: Callable[[Row], Row]) -> Tables:
    return tables | {table.name: tuple({**row, **change(row)} for row in tables[table.name])}


def setting(tables: Tables, name: str, value: str) -> Tables:
    rows = [row for row in tables[schema.PROFILE.name] if row["id"] != name]
    return tables | {schema.PROFILE.name: (*rows, {"id": name, "value": value, "note": ""})}


def with_indicators(count: int) -> Tables:
    """The first indicators of the sample, and as many copies of all of them as are needed."""
    tables = real_tables()
    ids = [str(row["id"]) for row in tables[schema.INDICATOR.name]]
    copies = {
        f"{ids[n % len(ids)]}{'' if n < len(ids) else f'-{n // len(ids)}'}": ids[n % len(ids)] for n in range(count)
    }
    for table in schema.SNAPSHOT_TABLES:
        if table is schema.INDICATOR:
            own = {str(row["id"]): row for row in tables[table.name]}
            found = tuple({**own[old], "id": new, "order": n} for n, (new, old) in enumerate(copies.items()))
            tables[table.name] = found
        elif any(column.name == "indicator_id" for column in table.columns):
            tables[table.name] = tuple(_copied(tables[table.name], copies))
    return tables


def _copied(rows: Iterable[Row], copies: Mapping[str, str]) -> Iterable[Row]:
    by_indicator: dict[str, list[Row]] = {}
    for row in rows:
        by_indicator.setdefault(str(row["indicator_id"]), []).append(row)
    yield from by_indicator.get("", [])
    for new, old in copies.items():
        for row in by_indicator.get(old, []):
            yield {**row, "id": row["id"] if new == old else f"{row['id']}@{new}", "indicator_id": new}


def ending(table: schema.Table, column: str) -> str:
    """The last word of a long text."""
    return f"tamat.{table.name}.{column}".lower()


def long_text(table: schema.Table, column: str) -> str:
    end = ending(table, column)
    return ("nagari memperbarui data kependudukan " * 300)[: LONG - len(end) - 1] + " " + end


LONG_TEXTS: Mapping[schema.Table, tuple[str, ...]] = {
    schema.ENTRY: ("driver", "obstacle", "follow_up", "evidence"),
    schema.MONEV: ("officer", "findings", "evidence", "recommendation"),
    schema.ANALYSIS: ("drivers", "obstacles", "comparison", "recommendation"),
    schema.FOLLOW_UP: ("what", "who", "note"),
    schema.MEETING: ("place", "attendees", "minutes", "decisions"),
    schema.CORRECTION: ("text", "answer"),
    schema.VERIFICATION: ("reason",),
}
"""Free texts that the report prints, by table."""


def long_office() -> Office:
    """Two indicators; every text of the quarter as long as a person may make it, but only once in each table."""
    tables = with_indicators(2)
    section = str(tables[schema.INDICATOR.name][0]["section_id"])
    for table, columns in LONG_TEXTS.items():
        everywhere = sample_snapshot().rows(table)
        rows = [row for row in everywhere if (row["year"], row["quarter"]) == (DONE.year, DONE.quarter)]
        first = next((row for row in rows if row.get("section_id", section) == section), rows[0])
        texts = {column: long_text(table, column) for column in columns}
        place = {"indicator_id": str(tables[schema.INDICATOR.name][0]["id"])} if "indicator_id" in first else {}
        tables[table.name] = ({**first, **place, **texts},)
    return office(
        setting(tables, "alamat", long_text(schema.PROFILE, "value")) | {schema.REPORT_TEXT.name: _own_words()}
    )


def _own_words() -> tuple[Row, ...]:
    def row(part: Part) -> Row:
        place = {"year": None, "quarter": None} if part.is_standard else {"year": DONE.year, "quarter": DONE.quarter}
        text = f"{'Kantor camat melayani nagari ' * 340} tamat.{part.value}"
        return {"id": part.value, "name": part.value, **place, "text": text, "entered_by": "pkp", "entered_at": None}

    return tuple(map(row, Part))


def named_office(name: Callable[[str, str], str]) -> Office:
    """Every name of a person, section, indicator, objective, programme and unit made long by ``name(old, what)``."""
    tables = with_indicators(14)
    for table, columns in {
        schema.SECTION: ("name", "short"),
        schema.OFFICIAL: ("post", "name"),
        schema.INDICATOR: ("name", "objective", "programme", "unit"),
        schema.FOLLOW_UP: ("who",),
        schema.RATING: ("label",),
    }.items():
        kept = columns if table is not schema.RATING else ()
        tables = changed(tables, table, lambda row, kept=kept: {c: name(str(row[c]), c) for c in kept})  # type: ignore[misc]
    return office(tables)


def endless(old: str, _what: str) -> str:
    return "".join(old.split()) + "yangtidakadaspasinya" * 8


def wordy(old: str, _what: str) -> str:
    return (
        f"{old} beserta seluruh unit pelaksana teknis, nagari, kampung, dan lembaga kemasyarakatan di wilayahnya " * 2
    )


def missing_office() -> Office:
    tables = real_tables()
    blank = {"actual": None, "spent": None, "driver": "", "obstacle": "", "follow_up": "", "evidence": ""}
    for table in (schema.MONEV, schema.ANALYSIS, schema.FOLLOW_UP, schema.MEETING, schema.CORRECTION, schema.OFFICIAL):
        tables[table.name] = ()
    tables[schema.GIVEN.name] = ()
    return office(changed(tables, schema.ENTRY, lambda _row: blank))


def many_sections(count: int = 40) -> Office:
    """One indicator in each of many sections."""
    tables = with_indicators(count)
    usual = tables[schema.SECTION.name][0]
    tables[schema.SECTION.name] = tuple(
        {**usual, "id": f"s{n}", "name": f"Seksi Urusan Pemerintahan Nomor {n}", "short": f"Urusan {n}", "order": n}
        for n in range(count)
    )
    place = {str(row["id"]): f"s{n}" for n, row in enumerate(tables[schema.INDICATOR.name])}
    for table in (schema.MONEV, schema.ANALYSIS, schema.OFFICIAL, schema.FOLLOW_UP):
        tables[table.name] = ()
    tables = changed(tables, schema.INDICATOR, lambda row: {"section_id": place[str(row["id"])]})
    return office(changed(tables, schema.ENTRY, lambda row: {"section_id": place[str(row["indicator_id"])]}))


def with_emblem(picture: bytes) -> Office:
    tables = setting(real_tables(), EMBLEM_SETTING, base64.b64encode(emblem.prepared(picture)).decode())
    return office(setting(tables, "alamat", "Jalan Raya Silaut Nomor 1, Silaut, Pesisir Selatan 25674"))


def _picture(width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height), "#1F3A5F")
    ImageDraw.Draw(image).ellipse((width // 8, height // 8, width * 7 // 8, height * 7 // 8), fill="#C0922F")
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 80"><path d="M4 6L30 2 56 6V48L30 78 4 48Z" '
    b'fill="#1F3A5F"/><circle cx="30" cy="32" r="14" fill="#C0922F"/></svg>'
)

CASES: Mapping[str, Case] = {
    "kosong": Case(lambda: office(with_indicators(0)), pages=(15, 30)),
    "satu": Case(lambda: office(with_indicators(1)), pages=(18, 34)),
    "duapuluh": Case(lambda: office(with_indicators(20)), pages=(25, 45)),
    "enampuluh": Case(lambda: office(with_indicators(60)), pages=(35, 70)),
    "enamratus": Case(lambda: office(with_indicators(600)), pages=(150, 420)),
    "panjang": Case(long_office, pages=(60, 300)),
    "tanpa-spasi": Case(lambda: named_office(endless), pages=(25, 90)),
    "banyak-kata": Case(lambda: named_office(wordy), pages=(30, 120)),
    "data-hilang": Case(missing_office, pages=(20, 50)),
    "triwulan-pertama": Case(lambda: office(real_tables()), FIRST, pages=(25, 60)),
    "banyak-seksi": Case(many_sections, pages=(30, 90)),
    "draf": Case(lambda: office(real_tables()), RUNNING, "v0.2", pages=(25, 60)),
    "contoh": Case(lambda: office(sample_snapshot().tables), RUNNING, "v0.3", pages=(25, 60)),
    "lambang-tinggi": Case(lambda: with_emblem(_picture(200, 900)), pages=(25, 60)),
    "lambang-lebar": Case(lambda: with_emblem(_picture(900, 200)), pages=(25, 60)),
    "lambang-svg": Case(lambda: with_emblem(_SVG), pages=(25, 60)),
}
