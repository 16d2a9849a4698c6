"""Periksa data: everything doubtful in one quarter and in the dictionary, where it stands, and what was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import cast

from services.domain import findings as rules
from services.domain import settings
from services.domain.attainment import Mean, disorder
from services.domain.findings import BLANK, Finding, FindingKind, Remark, Severity
from services.domain.indicators import Aggregation, Indicator, Level, Period, Polarity
from services.domain.numbers import format_datetime, read_money, read_target
from services.store import schema
from services.store.privacy import HIDDEN, NIP, withholds_nip
from services.store.schema import Table
from services.store.store import Row, SheetProblem, Value
from services.views.entries import GapKind, changes_since_given, gap_kinds
from services.views.history import shown
from services.views.measures import Measure, mean_of, measure, measures
from services.views.office import Entry, Office, stored_settings

TARGET_COLUMNS = ("annual", "q1", "q2", "q3", "q4")
_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a finding: ``dibetulkan``, ``diterima`` or ``dikembalikan``, by whom and when."""

    answer: str
    reason: str
    by: str
    at: datetime


ACCEPTED, RETURNED, CORRECTED = "diterima", "dikembalikan", "dibetulkan"


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding with its place: ``Isian!G12`` in a sheet, else the table and column by name.

    ``gid`` is the tab of a sheet and ``cell`` the address in it, for a link; None and "" elsewhere. ``answer`` is the
    last one given while the same stood there.
    """

    finding: Finding
    place: str
    gid: int | None
    cell: str
    indicator: Indicator | None
    answer: Answer | None

    @property
    def open(self) -> bool:
        return self.answer is None or self.answer.answer != ACCEPTED

    @property
    def key(self) -> str:
        """The same as long as the same finding stands at the same place; no two findings share it."""
        f = self.finding
        return "|".join((f.kind, f.table, f.row_id, self.cell, f.column, f.typed, f.why, f.suggestion))


@lru_cache(maxsize=8)
def findings_of(office: Office, period: Period) -> tuple[Checked, ...]:
    """All findings of a quarter and of the dictionary, the grave ones first; those that were accepted included."""
    found = (
        *_of_office(office),
        *_structure(office),
        *_of_entries(office, period),
        *_of_indicators(office),
        *_of_targets(office, period),
    )
    answers = _answers(office)
    checked = [_placed(office, finding, answers) for finding in found] + _of_sheet(office)
    sections = {section.id: n for n, section in enumerate(office.sections)}
    return tuple(sorted(dict.fromkeys(checked), key=lambda c: (_ORDER.index(c.finding.severity), _rank(c, sections))))


def open_findings(office: Office, period: Period) -> tuple[Checked, ...]:
    """Those that nobody has accepted."""
    return tuple(c for c in findings_of(office, period) if c.open)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a correction would change: the indicator's figures, and the mean of its section before and after."""

    measure: Measure
    before: Mean
    after: Mean


def effect(office: Office, entry: Entry, column: str, text: str) -> Effect | None:
    """Figures as they would count with this text in the cell; None for an indicator that is gone."""
    indicator = office.indicator_by_id.get(entry.indicator_id)
    if indicator is None:
        return None
    figures = {name: entry.counted(name) for name in ("actual", "spent")}
    changed, section_id = office.with_typed(entry, {**figures, column: text}), indicator.section_id
    before = mean_of(office, measures(office, entry.period, section_id))
    after = mean_of(changed, measures(changed, entry.period, section_id))
    return Effect(measure(changed, indicator, entry.period), before, after)


# --- entries -----------------------------------------------------------------------------------------------------


def _of_entries(office: Office, period: Period) -> Iterator[Finding]:
    """Cells of the quarter as they stand there now."""
    if period not in office.cycles:
        return
    working, submitted = office.working(period), office.submissions(period)
    for row in working.entries_of(period):
        indicator = working.indicator_by_id.get(str(row["indicator_id"]))
        entry = working.entry(str(row["indicator_id"]), period)
        if indicator is None or entry is None:
            yield _lost(schema.ENTRY, row)
            continue
        m = measure(working, indicator, period)
        yield from _of_entry(working, m, entry, sent=entry.section_id in submitted)
    yield from _changed(office, period)
    yield from _without_row(working, period)


def _of_entry(office: Office, m: Measure, entry: Entry, *, sent: bool) -> Iterator[Finding]:
    for column, reading in (("actual", entry.actual), ("spent", entry.spent)):
        if reading.problem:
            yield _at(entry, column, rules.unreadable(reading.problem))
    for column, remark in (("actual", _leap(office, m)), ("actual", _swapped(office, m))):
        if remark:
            yield _at(entry, column, remark)
    over = rules.against_budget(entry.spent.value, m.budget)
    if over:
        yield _at(entry, "spent", over)
    yield from _gaps(m, entry, sent=sent)


def _gaps(m: Measure, entry: Entry, *, sent: bool) -> Iterator[Finding]:
    kinds = gap_kinds(m)
    if GapKind.NO_EVIDENCE in kinds:
        why = "realisasi sudah diisi, tetapi belum ada bukti yang dapat dibuka."
        yield _at(entry, "evidence", Remark(FindingKind.NO_EVIDENCE, why, "Tempel tautan bukti dukung."))
    columns = {GapKind.ACTUAL_EMPTY: "actual", GapKind.ACTUAL_ABSENT: "actual", GapKind.SPENT_EMPTY: "spent"}
    for kind in kinds if sent else ():
        if kind in columns:
            why = f"data seksi sudah dikirim dengan {kind.value}."
            suggestion = "Tulis nilainya, atau terima dengan alasan bila memang tidak ada."
            yield _at(entry, columns[kind], Remark(FindingKind.SENT_WITH_GAPS, why, suggestion))


def _leap(office: Office, m: Measure) -> Remark | None:
    annual = m.indicator.aggregation is Aggregation.ANNUAL
    before = Period(m.period.year - 1, m.period.quarter) if annual else m.period.previous()
    earlier = office.entry(m.indicator.id, before)
    return rules.leap(m.actual, earlier.actual.value if earlier else None, before)


def _swapped(office: Office, m: Measure) -> Remark | None:
    before = m.period.previous()
    earlier = office.entry(m.indicator.id, before)
    last = office.quarterly_targets(m.indicator.id, before.year)[before.quarter - 1]
    targets = office.quarterly_targets(m.indicator.id, m.period.year)
    return rules.swapped(m.actual, targets, m.period.quarter, (last, earlier.actual.value if earlier else None))


def _changed(office: Office, period: Period) -> Iterator[Finding]:
    submitted = office.submissions(period)
    for change in changes_since_given(office, period):
        column = schema.ENTRY.column(change.column)
        old, given = shown(change.old, column), format_datetime(change.given_at)
        since = (
            f"diubah {format_datetime(change.since)} oleh {change.by}"
            if change.since
            else "diubah sesudahnya di luar aplikasi; siapa dan jam berapa tidak tercatat"
        )
        sent = change.entry.section_id in submitted
        was = f"yang dikirim {given} adalah {old}" if sent else f"saat dikunci {given} tertulis {old}"
        why = f"{was}; {since}. Laporan tetap memakai {old}."
        ask = "terima nilai baru dengan alasan" if sent else "kirim data seksi ini agar nilai baru dihitung"
        suggestion = f"Kembalikan menjadi {old}, atau {ask}."
        yield _at(change.entry, change.column, Remark(FindingKind.CHANGED, why, suggestion))


def _without_row(office: Office, period: Period) -> Iterator[Finding]:
    if not office.cycles[period].locked_at:
        for indicator in office.indicators:
            if office.entry(indicator.id, period) is None:
                why = "triwulan ini sudah dibuka, tetapi baris isian indikator ini tidak ada; mungkin terhapus."
                suggestion = "Kembalikan barisnya dari riwayat versi lembar, atau aktifkan ulang indikatornya."
                remark = Remark(FindingKind.NO_ROW, why, suggestion)
                yield _finding(schema.ENTRY, indicator.id, "", remark, BLANK, indicator.id, indicator.section_id)


def _lost(table: Table, row: Row) -> Finding:
    why = "baris ini menunjuk indikator yang tidak ada di kamus."
    remark = Remark(FindingKind.LOST_INDICATOR, why, "Kembalikan indikatornya, atau hapus baris ini.")
    section = str(row.get("section_id", ""))
    return _finding(table, str(row["id"]), "indicator_id", remark, str(row["indicator_id"]), "", section)


def _at(entry: Entry, column: str, remark: Remark) -> Finding:
    typed = typed_text(entry.row[column])
    return _finding(schema.ENTRY, entry.id, column, remark, typed, entry.indicator_id, entry.section_id)


# --- dictionary and targets --------------------------------------------------------------------------------------


def _of_indicators(office: Office) -> Iterator[Finding]:
    by_name: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in office.indicators:
        by_name[rules.name_key(indicator.name)].append(indicator)
    for indicator in office.indicators:
        twin = next((i for i in by_name[rules.name_key(indicator.name)] if i.id != indicator.id), None)
        if twin:
            yield _of(indicator, "name", rules.duplicate(twin.code), indicator.name)
        if code := rules.broken_code(indicator.code):
            yield _of(indicator, "code", code, indicator.code)
    active = {i.id: i for i in office.indicators}
    for row in office.snapshot.rows(schema.INDICATOR):
        if str(row["id"]) in active:
            yield from _words(active[str(row["id"])], row)


def _words(indicator: Indicator, row: Row) -> Iterator[Finding]:
    if not row["polarity"]:
        why = "tanpa arah, capaian belum dapat dihitung."
        yield _of(indicator, "polarity", Remark(FindingKind.NO_POLARITY, why, "Tulis naik atau turun."), BLANK)
    for column, known in (("polarity", Polarity), ("aggregation", Aggregation), ("level", Level)):
        text, allowed = str(row[column] or ""), [str(word) for word in known]
        if text and text not in allowed:
            why, suggestion = "kata ini tidak dikenal.", f"Tulis salah satu dari: {', '.join(allowed)}."
            yield _of(indicator, column, Remark(FindingKind.UNKNOWN_WORD, why, suggestion), text)


def _of_targets(office: Office, period: Period) -> Iterator[Finding]:
    """Targets of the year; and whoever has none in this quarter."""
    rows = {str(row["id"]): row for row in office.snapshot.rows(schema.TARGET) if row["year"] == period.year}
    for row in rows.values():
        yield from _of_target(office, row)
    for indicator in office.indicators:
        target = office.target(indicator.id, period)
        if target is None or all(rows[target.id][name] in (None, "") for name in ("annual", f"q{period.quarter}")):
            why = "tanpa target, capaian tidak dihitung dan indikator ini tidak ikut dalam rata-rata."
            remark = Remark(FindingKind.NO_TARGET, why, "Tulis targetnya di Kamus indikator.")
            yield _finding(schema.TARGET, indicator.id, "", remark, BLANK, indicator.id, indicator.section_id)


def _of_target(office: Office, row: Row) -> Iterator[Finding]:
    indicator = office.indicator_by_id.get(str(row["indicator_id"]))
    if indicator is None:
        yield _lost(schema.TARGET, row)
        return
    for column in TARGET_COLUMNS:
        problem = read_target(row[column], indicator.unit).problem
        if problem:
            yield _of_row(row, column, rules.unreadable(problem), indicator)
    budget = read_money(row["budget"])
    remark = rules.unreadable(budget.problem) if budget.problem else rules.empty_budget(budget.value)
    if remark:
        yield _of_row(row, "budget", remark, indicator)


def _of_row(row: Row, column: str, remark: Remark, indicator: Indicator) -> Finding:
    typed = typed_text(row[column])
    return _finding(schema.TARGET, str(row["id"]), column, remark, typed, indicator.id, indicator.section_id)


def _of(indicator: Indicator, column: str, remark: Remark, typed: str) -> Finding:
    return _finding(schema.INDICATOR, indicator.id, column, remark, typed, indicator.id, indicator.section_id)


def _of_office(office: Office) -> Iterator[Finding]:
    """Settings that cannot be understood, and a NIP where the office does not want one."""
    stored = stored_settings(office.snapshot)
    used = settings.in_force(stored)
    for key, suggestion in settings.problems(settings.known(stored)).items():
        why = f"setelan {settings.BY_KEY[key].label} tidak sesuai; {_instead(key, stored, used)}."
        remark = Remark(FindingKind.SETTING, why, suggestion)
        yield _finding(schema.PROFILE, key, "value", remark, stored[key] or BLANK, "", "")
    yield from _of_scale(office)
    if withholds_nip(office.snapshot):
        for row in office.snapshot.rows(schema.OFFICIAL):
            if row[NIP]:
                yield _finding(schema.OFFICIAL, str(row["id"]), NIP, rules.unwanted_nip(), HIDDEN, "", "")


def _instead(key: str, stored: Mapping[str, str], used: Mapping[str, str]) -> str:
    """With what the office works meanwhile; of hours that do not fit together neither counts."""
    if key in (settings.OPENS, settings.CLOSES):
        return f"dipakai {used[settings.OPENS]} sampai {used[settings.CLOSES]}"
    return "ini dipakai apa adanya" if used[key] == stored[key] else f"dipakai {used[key] or 'tanpa batas'}"


def _of_scale(office: Office) -> Iterator[Finding]:
    rows = sorted(office.snapshot.rows(schema.RATING), key=lambda row: cast("int", row["rank"]))
    bounds = [(cast("int", row["rank"]), cast("int | None", row["lower"])) for row in rows]
    if rows and (suggestion := disorder(bounds)):
        typed = "; ".join(BLANK if lower is None else str(lower) for _, lower in bounds)
        remark = Remark(FindingKind.SETTING, "skala ini tidak berurutan, jadi kategori dapat keliru.", suggestion)
        yield _finding(schema.RATING, "", "", remark, typed, "", "")


def _structure(office: Office) -> Iterator[Finding]:
    """Indicators whose section is not there."""
    known = {section.id for section in office.sections}
    for indicator in office.indicators:
        if indicator.section_id not in known:
            why, suggestion = "seksi ini tidak ada di tab Seksi.", "Tulis ID salah satu seksi yang ada."
            remark = Remark(FindingKind.UNKNOWN_WORD, why, suggestion)
            yield _of(indicator, "section_id", remark, indicator.section_id or BLANK)


# --- places and answers ------------------------------------------------------------------------------------------


def _of_sheet(office: Office) -> list[Checked]:
    return [_structural(office, problem) for problem in office.snapshot.problems]


def _structural(office: Office, problem: SheetProblem) -> Checked:
    finding = Finding(
        FindingKind.SHEET, problem.tab, "", "", "", "", problem.typed or BLANK, problem.why, problem.suggestion
    )
    if _holds_nip(office, problem):
        finding = _finding(schema.OFFICIAL, "", "", rules.unwanted_nip(), HIDDEN, "", "")
    places = office.snapshot.places.get(problem.tab)
    place = f"{problem.tab}!{problem.cell}" if problem.cell else f"Tab {problem.tab}"
    return Checked(finding, place, places.gid if places else None, problem.cell, None, None)


def _holds_nip(office: Office, problem: SheetProblem) -> bool:
    """A NIP that the spreadsheet took for a number is not to be typed again as a text."""
    places = office.snapshot.places.get(schema.OFFICIAL.name)
    if places is None or problem.tab != schema.OFFICIAL.name or not withholds_nip(office.snapshot):
        return False
    return problem.cell.rstrip("0123456789") == places.columns.get(NIP)


def _placed(office: Office, finding: Finding, answers: dict[tuple[str, ...], Answer]) -> Checked:
    table = schema.BY_NAME[finding.table]
    places = office.snapshot.places.get(finding.table)
    cell = places.cell(finding.row_id, finding.column) if places and finding.column else ""
    place = office.snapshot.place(table, finding.row_id, finding.column) if finding.column else f"Tab {finding.table}"
    indicator = office.indicator_by_id.get(finding.indicator_id)
    gid = places.gid if places else None
    return Checked(finding, place, gid, cell, indicator, answers.get(_answer_key(finding)))


def _answers(office: Office) -> dict[tuple[str, ...], Answer]:
    """The latest answer by what it was about; a finding whose cell has changed finds none."""
    rows = sorted(office.snapshot.rows(schema.ANSWER), key=lambda r: cast("datetime", r["at"]))
    return {
        tuple(str(r[name]) for name in ("kind", "table", "row_id", "column", "typed")): Answer(
            str(r["answer"]), str(r["reason"]), str(r["by"]), cast("datetime", r["at"])
        )
        for r in rows
    }


def _answer_key(finding: Finding) -> tuple[str, ...]:
    return finding.kind.value, finding.table, finding.row_id, finding.column, stored_typed(finding)


def stored_typed(finding: Finding) -> str:
    """What an answer remembers of the cell: cut where the cell is huge, and free of what no store keeps."""
    return finding.typed[:1000].replace("\0", "").encode("utf-8", "replace").decode()


def typed_text(value: Value) -> str:
    """A cell as it stands there: a number in full, a blank as such."""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",") if value.is_finite() else str(value)
    return str(value) if value not in (None, "") else BLANK


def _finding(
    table: Table, row_id: str, column: str, remark: Remark, typed: str, indicator_id: str, section_id: str
) -> Finding:
    return Finding(
        remark.kind, table.name, row_id, column, indicator_id, section_id, typed, remark.why, remark.suggestion
    )


def _rank(checked: Checked, sections: dict[str, int]) -> tuple[int, int]:
    order = checked.indicator.order if checked.indicator else 0
    return sections.get(checked.finding.section_id, len(sections)), order


def kinds_of(found: Iterable[Checked]) -> tuple[FindingKind, ...]:
    """The kinds that occur, in their fixed order."""
    there = {c.finding.kind for c in found}
    return tuple(kind for kind in FindingKind if kind in there)
