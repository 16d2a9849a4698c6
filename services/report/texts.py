"""Sentences of the report, built from the figures: none, one, many, and what is missing is always said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from services.domain.attainment import UNRATED, DownFormula, Mean, Rating, Scale
from services.domain.indicators import Period
from services.domain.monev import FollowUpStatus
from services.domain.numbers import (
    NBSP,
    NONE_MARK,
    NOT_MEASURED_MARK,
    format_date,
    format_money,
    format_number,
    format_percent,
    format_short_date,
    official_period,
    period_range,
    round_half_up,
    short_period,
)
from services.domain.process import StepState
from services.views.analysis import SECTION, FollowUp, analyses, follow_ups_from
from services.views.board import Board, MissingGroup
from services.views.measures import Measure
from services.views.monev import visits
from services.views.office import Office

NAMED = 3
"""So many sections are named where data are missing."""


def title_of(period: Period) -> str:
    return f"Laporan Monitoring dan Evaluasi Kinerja {official_period(period)}"


def rating_label(rating: Rating | None) -> str:
    return rating.label if rating else UNRATED


def percent(value: Decimal | None, places: int = 1) -> str:
    return NOT_MEASURED_MARK if value is None else format_percent(value, places)


def number(value: Decimal | None, places: int | None = None) -> str:
    return NOT_MEASURED_MARK if value is None else format_number(value, places)


def brief(value: Decimal | None) -> str:
    """At most two decimals, none where there are none."""
    return number(value if value is None else round_half_up(value, 2))


def possible_range(mean: Mean) -> str:
    """``64,0–91,2 %`` while data are missing, else ""."""
    if mean.complete or mean.low is None or mean.high is None:
        return ""
    return f"{format_number(mean.low, 1)}–{format_percent(mean.high, 1)}"


def measured(mean: Mean) -> str:
    return f"{mean.measured} dari {mean.expected} indikator terukur"


def summary(office: Office, board: Board) -> str:
    """The opening paragraph of the summary."""
    until = f"Sampai dengan {official_period(board.period)} ({period_range(board.period)})"
    opening = f"{until}, {office.profile.title} memantau {len(board.measures)} indikator kinerja"
    if not board.measures:
        return (
            f"{until}, {office.profile.title} belum memiliki indikator kinerja yang dipantau sehingga rata-rata "
            "capaian belum dapat dihitung."
        )
    if board.mean.value is None:
        return f"{opening}. Belum ada indikator yang terukur sehingga rata-rata capaian belum dapat dihitung."
    level = f"dengan kategori {rating_label(board.rating)}"
    text = f"{opening}. Rata-rata capaiannya {percent(board.mean.value, 2)} {level} ({measured(board.mean)})."
    between = possible_range(board.mean)
    if between:
        text += f" Selama data belum lengkap, rata-rata akhirnya masih mungkin berada pada rentang {between}."
    return f"{text} {_change(board)}".rstrip()


def _change(board: Board) -> str:
    if board.change is None:
        return "Belum ada triwulan sebelumnya sebagai pembanding."
    before = official_period(board.trend[-2].period)
    if board.change == 0:
        return f"Nilai ini sama dengan {before}."
    direction = "naik" if board.change > 0 else "turun"
    return f"Dibandingkan dengan {before}, nilai ini {direction} {format_number(abs(board.change), 2)} poin."


def reached(board: Board) -> str:
    """How many indicators reached their target."""
    values = [m.to_date.value for m in board.measures if m.to_date.value is not None]
    full = sum(v >= 100 for v in values)
    below = len(values) - full
    if not values:
        return "Belum ada indikator yang dapat dibandingkan dengan targetnya." if board.measures else ""
    if full and below:
        return f"Sebanyak {full} indikator mencapai atau melampaui target, sedangkan {below} indikator lainnya belum."
    if len(values) == 1:
        return f"Satu-satunya indikator terukur {'mencapai atau melampaui' if full else 'belum mencapai'} target."
    if full:
        return f"Seluruh {full} indikator terukur mencapai atau melampaui target."
    return f"Belum satu pun dari {below} indikator terukur mencapai target."


def decisions(board: Board) -> list[str]:
    """Up to three things that leadership is asked to decide, from the figures."""
    items = [] if board.measures else ["Penetapan indikator kinerja beserta targetnya."]
    if board.worst:
        first = board.worst[0]
        count = sum(m.to_date.value is not None and m.to_date.value < 100 for m in board.measures)
        of_many = (
            f"{count} indikator di bawah target, terutama" if count > 1 else "satu indikator di bawah target, yaitu"
        )
        items.append(
            f"Tindak lanjut {of_many} {quoted(shortened(first.indicator.name))} dengan capaian "
            f"{percent(first.to_date.value, 2)}."
        )
    if board.missing:
        items.append(f"Penyelesaian data yang belum lengkap: {missing_list(board.missing)}.")
    late = [p for p in board.steps.items if p.state is StepState.LATE]
    if late:
        procedure = shortened(late[0].step.procedure)
        items.append(f"Percepatan langkah {late[0].step.no} SOP ({procedure}) yang melewati waktu baku.")
    low = [
        s
        for s in board.sections
        if s.absorption.percent is not None and s.absorption.percent < _even_pace(board.period)
    ]
    if low and len(items) < 3:
        worst = min(low, key=lambda s: s.absorption.percent or Decimal(0))
        name, absorbed = shortened(worst.section.name), percent(worst.absorption.percent, 2)
        items.append(f"Percepatan serapan anggaran {name} yang baru {absorbed} dari pagu.")
    return items[:3]


def _even_pace(period: Period) -> Decimal:
    """Absorption at an even pace through the year, in percent."""
    return Decimal(25 * period.quarter)


def missing_list(groups: Sequence[MissingGroup]) -> str:
    """The first sections by name, the others as a number."""
    named = "; ".join(_missing_phrase(g) for g in groups[:NAMED])
    others = len(groups) - NAMED
    return f"{named}; serta {others} seksi atau subbagian lain" if others > 0 else named


def _missing_phrase(group: MissingGroup) -> str:
    name = shortened(group.section.name)
    if not group.missing:
        return f"{name} (lengkap, belum dikirim)"
    return f"{name} ({len(group.missing)} dari {group.due} indikator belum ada)"


def shortened(text: str, length: int = 90) -> str:
    """At most so many characters, cut between two words where there are any; for sentences in tight places."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    whole = line[: length - 1].rsplit(" ", 1)[0] if " " in line[: length - 1] else line[: length - 1]
    return f"{whole.rstrip(' ,;.')}…"


def day(d: date) -> str:
    """``18 Agu 2026``, for the cell of a table, where it stays on one line."""
    return f"{format_short_date(d)} {d.year}".replace(" ", NBSP)


def quarter(p: Period) -> str:
    """``TW II 2026``, for the cell of a table, where it stays on one line."""
    return f"{short_period(p)} {p.year}".replace(" ", NBSP)


def part_of(count: int, total: int) -> str:
    """``36 dari 41``, for the cell of a table, where it stays on one line."""
    return f"{count} dari {total}".replace(" ", NBSP)


def written(m: Measure, column: str) -> str:
    """What the section wrote about an indicator, else a dash."""
    return (m.entry.text(column) if m.entry else "") or NONE_MARK


def findings_sentence(office: Office, board: Board) -> str:
    """How far the monev has come and how much was written and agreed on."""
    found, written_down = visits(office, board.period), analyses(office, board.period)
    held, agreed = sum(v.held_on is not None for v in found), len(follow_ups_from(office, board.period))
    of_sections = [a for a in written_down if a.scope == SECTION]
    analysed = sum(a.is_written for a in of_sections)
    visited = (
        f"Monitoring telah dilaksanakan pada {_sections_of(held, len(found))}"
        if held
        else "Monitoring ke seksi belum dilaksanakan"
    )
    analysis = (
        f"analisis telah ditulis untuk {_sections_of(analysed, len(of_sections))}"
        if analysed
        else "analisis belum ditulis"
    )
    return (
        f"{visited} dan {analysis}. {_below_target(board)} "
        f"{_counted(agreed, 'tindak lanjut', 'disepakati pada triwulan ini')}"
    )


def _sections_of(count: int, total: int) -> str:
    if count < total:
        return f"{count} dari {total} seksi dan subbagian"
    return f"seluruh {total} seksi dan subbagian" if total > 1 else "satu-satunya seksi yang dipantau"


def _below_target(board: Board) -> str:
    values = [m.to_date.value for m in board.measures if m.to_date.value is not None]
    if not values:
        return "Belum ada indikator yang terukur."
    return _counted(sum(v < 100 for v in values), "indikator terukur", "berada di bawah target")


def carried_sentence(office: Office, items: Sequence[FollowUp], period: Period, today: date) -> str:
    """What became of the follow-ups of earlier quarters; the first quarter has none before it."""
    if not any(earlier < period for earlier in office.cycles):
        return "Ini triwulan pertama yang dipantau sehingga belum ada tindak lanjut triwulan sebelumnya."
    if not items:
        return "Tidak ada tindak lanjut triwulan sebelumnya yang masih terbuka."
    counts = {
        "sudah selesai": sum(item.status is FollowUpStatus.DONE for item in items),
        "dibatalkan": sum(item.status is FollowUpStatus.DROPPED for item in items),
        "melewati batas waktunya": sum(item.is_late(today) for item in items),
    }
    counts["belum selesai dan masih dalam batas waktunya"] = len(items) - sum(counts.values())
    states = [(state, count) for state, count in counts.items() if count]
    if len(states) == 1:
        whole = f"Seluruh {len(items)} tindak" if len(items) > 1 else "Satu-satunya tindak"
        return f"{whole} lanjut triwulan sebelumnya {states[0][0]}."
    parts = _enumerated([f"{count} {state}" for state, count in states])
    return f"Dari {len(items)} tindak lanjut triwulan sebelumnya, {parts}."


def _enumerated(parts: Sequence[str]) -> str:
    """``a``, ``a dan b``, ``a, b, dan c``."""
    return " dan ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])}, dan {parts[-1]}"


def _counted(count: int, what: str, state: str) -> str:
    """``Sebanyak 3 indikator terukur berada di bawah target.``, or that there is none."""
    return f"Sebanyak {count} {what} {state}." if count else f"Tidak ada {what} yang {state}."


def evidence_sentence(board: Board) -> str:
    """How many indicators have evidence; those without it are counted too."""
    given = sum(bool(m.entry and m.entry.text("evidence").strip()) for m in board.measures)
    total = len(board.measures)
    if not given:
        return "Belum ada bukti dukung yang dicatat."
    if given == total:
        return f"Bukti dukung telah dicatat untuk {f'seluruh {total} indikator' if total > 1 else '1 indikator'}."
    return (
        f"Bukti dukung telah dicatat untuk {given} dari {total} indikator; {total - given} indikator belum memilikinya."
    )


def quoted(text: str) -> str:
    return f"“{text}”"


def sections_sentence(board: Board) -> str:
    """Which sections stand highest and lowest."""
    rated = [s for s in board.sections if s.mean.value is not None]
    if not rated:
        return "Belum ada seksi yang capaiannya dapat dihitung."
    best, last = (f(s.mean.value or Decimal(0) for s in rated) for f in (max, min))
    highest, lowest = ([s.section.name for s in rated if s.mean.value == value] for value in (best, last))
    if len(rated) == 1:
        text = f"Rata-rata capaian {rated[0].section.name} adalah {percent(best, 2)}."
    elif best == last:
        text = f"Rata-rata capaian {len(rated)} seksi dan subbagian sama, yaitu {percent(best, 2)}."
    else:
        text = (
            f"Rata-rata capaian tertinggi ada pada {_first_of(highest, _SECTIONS)} ({percent(best, 2)}) dan terendah "
            f"pada {_first_of(lowest, _SECTIONS)} ({percent(last, 2)})."
        )
    open_ones = [s.section.name for s in rated if not s.mean.complete]
    return f"{text} Data yang belum lengkap ada pada {_several(open_ones)}." if open_ones else text


_SECTIONS = "seksi atau subbagian"


def _first_of(names: Sequence[str], what: str) -> str:
    """The first of those that share a place, and how many share it with it."""
    return f"{names[0]} dan {len(names) - 1} {what} lain" if len(names) > 1 else names[0]


def _several(names: Sequence[str]) -> str:
    """The first sections by name, the others as a number; the names may have commas and "dan" in them."""
    shown = list(names[:NAMED])
    others = len(names) - NAMED
    shown += [f"{others} {_SECTIONS} lain"] if others > 0 else []
    last = shown.pop()
    return f"{'; '.join(shown)}{';' if len(shown) > 1 else ''} serta {last}" if shown else last


def budget_sentence(board: Board) -> str:
    """Budget and absorption in words, as far as they were reported."""
    a = board.absorption
    if not a.total:
        return "Pagu anggaran belum dicatat sehingga serapan belum dapat dihitung."
    budget = f"Pagu {a.total} indikator yang memiliki anggaran berjumlah {format_money(a.budget)}."
    if a.percent is None:
        return f"{budget} Realisasi anggaran belum dilaporkan sehingga serapan belum dapat dihitung."
    text = (
        f"{budget} Sampai dengan {official_period(board.period)} telah terealisasi {format_money(a.spent)} sehingga "
        f"serapannya {percent(a.percent, 2)} dari pagu yang sudah terlapor."
    )
    known = [s for s in board.sections if s.absorption.percent is not None]
    best, last = (f(s.absorption.percent or Decimal(0) for s in known) for f in (max, min))
    highest, lowest = ([s.section.name for s in known if s.absorption.percent == value] for value in (best, last))
    if best != last:
        text += (
            f" Serapan tertinggi ada pada {_first_of(highest, _SECTIONS)} ({percent(best, 2)}) dan terendah pada "
            f"{_first_of(lowest, _SECTIONS)} ({percent(last, 2)})."
        )
    return text


def missing_sentence(board: Board) -> str:
    """How much is not there yet at the moment of the report."""
    count = sum(len(group.missing) for group in board.missing)
    if not count:
        return "Seluruh indikator sudah terisi, tetapi ada seksi atau subbagian yang belum mengirimkan datanya."
    return (
        f"Sebanyak {count} indikator dari {sum(bool(g.missing) for g in board.missing)} seksi atau subbagian belum "
        "memiliki data sehingga belum diikutkan dalam rata-rata."
    )


def section_sentence(name: str, items: Sequence[Measure], mean: Mean, rating: Rating | None) -> str:
    """One paragraph over a section's table."""
    if not items:
        return f"{name} belum memiliki indikator."
    text = f"{name} memantau {len(items)} indikator"
    if mean.value is None:
        return f"{text}. Belum ada indikator yang terukur pada triwulan ini."
    text += f" dengan rata-rata capaian {percent(mean.value, 2)} ({rating_label(rating)}; {measured(mean)})."
    values = [m for m in items if m.to_date.value is not None]
    best, last = (f(m.to_date.value or Decimal(0) for m in values) for f in (max, min))
    if best != last:
        highest, lowest = (
            _first_of([quoted(m.indicator.name) for m in values if m.to_date.value == value], "indikator")
            for value in (best, last)
        )
        text += (
            f" Capaian tertinggi ada pada {highest} ({percent(best, 2)}) dan terendah pada {lowest} "
            f"({percent(last, 2)})."
        )
    return text


_UP = "realisasi / target × 100".replace(" ", NBSP)
_DOWN = {
    DownFormula.TWICE_TARGET_MINUS_ACTUAL: "(2 × target − realisasi) / target × 100".replace(" ", NBSP),
    DownFormula.TARGET_OVER_ACTUAL: "target / realisasi × 100".replace(" ", NBSP),
}
ROUNDING_RULE = "Capaian dibulatkan ke bilangan bulat lebih dahulu, setengah ke atas (90,5 menjadi 91)."


def formula_note(office: Office) -> str:
    """The formulas and rules in force, as they stand above the tables of capaian."""
    down = _DOWN[office.profile.down_formula]
    cap = office.profile.mean_cap
    limit = f" Dalam rata-rata, capaian dibatasi {format_number(cap)} %." if cap is not None else ""
    return (
        f"Capaian dihitung sampai dengan triwulan laporan: arah naik {_UP}; arah turun "
        f"{down}. NA: belum terukur, tidak dihitung sebagai nol.{limit} Rata-rata tidak ditimbang menurut anggaran."
    )


def scale_note(scale: Scale) -> str:
    """The rating scale in one sentence, with the rounding rule."""
    parts = [f"{rating.label} ({bounds})" for rating, bounds in scale_bounds(scale)]
    return f"Kategori: {', '.join(parts)}. {ROUNDING_RULE}"


def scale_bounds(scale: Scale) -> Iterator[tuple[Rating, str]]:
    """Each rating, best first, with its bounds: ``91 ke atas``, ``76 sampai 90``, ``50 ke bawah``."""
    upper = None
    for rating in scale.ratings:
        if rating.lower is None:
            yield rating, "semua capaian" if upper is None else f"{upper} ke bawah"
        else:
            yield rating, f"{rating.lower} ke atas" if upper is None else f"{rating.lower} sampai {upper}"
            upper = rating.lower - 1


def formulas(office: Office) -> list[str]:
    """How capaian is computed, by the settings of the office; one item for each case."""
    cap = office.profile.mean_cap
    limit = f" Dalam rata-rata, capaian satu indikator dibatasi {format_number(cap)} %." if cap is not None else ""
    return [
        f"Arah naik (makin besar makin baik): {_UP}.",
        f"Arah turun (makin kecil makin baik): {_DOWN[office.profile.down_formula]}.",
        "Target berupa rentang: 100 % bila realisasi di dalamnya, selain itu dibandingkan dengan batas terdekat.",
        "Target 0: arah turun dinyatakan tercapai atau tidak tercapai tanpa persentase; arah naik berarti tidak "
        "ditargetkan pada triwulan itu.",
        "Sampai dengan triwulan laporan, nilai triwulan digabungkan menurut tipe indikator: jumlah dijumlahkan, "
        "rata-rata dirata-ratakan, posisi akhir memakai nilai terakhir, dan tahunan baru diukur pada Triwulan IV. "
        "Persentase dan indeks tidak dijumlahkan.",
        f"Capaian tidak dibatasi 100 % dan dapat bernilai negatif.{limit} Rata-rata tidak ditimbang menurut anggaran.",
    ]


def missing_rules() -> list[str]:
    """How missing data are treated."""
    return [
        "Data yang belum ada ditulis NA, tidak dihitung sebagai nol, dan tidak menjadi pembagi rata-rata; realisasi 0 "
        "yang dilaporkan tetap dihitung.",
        "Rata-rata selalu disertai banyaknya indikator yang terukur. Selama data belum lengkap, disebutkan pula "
        "rentang yang masih mungkin: indikator yang belum ada dianggap dapat berakhir antara 0 % dan 100 %, atau "
        "sejauh capaian terendah dan tertinggi yang sudah ada.",
        "Indikator tanpa target, tidak ditargetkan, atau diukur tahunan tidak diikutkan dalam rata-rata triwulan ini.",
        "Serapan dihitung dari pagu indikator yang realisasi anggarannya sudah dilaporkan.",
    ]


def steps_sentence(board: Board) -> str:
    """State of the 13 steps in words."""
    steps = board.steps
    if steps.finished and steps.forecast:
        text = f"Seluruh {len(steps.items)} langkah SOP telah selesai pada {format_date(steps.forecast)}."
    elif steps.current is None:
        return "Triwulan ini belum dibuka sehingga langkah SOP belum berjalan."
    else:
        done = f"Sebanyak {steps.done} dari {len(steps.items)} langkah SOP telah selesai."
        text = (
            f"{done if steps.done else 'Belum ada langkah SOP yang selesai.'} Langkah yang sedang berjalan adalah "
            f"langkah {steps.current.step.no}, {quoted(steps.current.step.procedure)}."
        )
    return f"{text} Langkah yang melewati waktu baku berjumlah {steps.late}." if steps.late else text


def executors_note(board: Board) -> str:
    """That the executors are a proposal, as long as the office has not confirmed all of them."""
    if all(item.step.confirmed for item in board.steps.items):
        return ""
    return "Pelaksana adalah usulan, belum dikonfirmasi."


def conclusions(office: Office, board: Board) -> list[str]:
    """The conclusions of the closing chapter."""
    mean = board.mean
    first = (
        f"Rata-rata capaian kinerja {office.profile.title} sampai dengan {official_period(board.period)} adalah "
        f"{percent(mean.value, 2)} dengan kategori {rating_label(board.rating)} ({measured(mean)})."
        if mean.value is not None
        else "Rata-rata capaian kinerja belum dapat dihitung karena belum ada indikator yang terukur."
    )
    absorption = board.absorption
    third = (
        f"Serapan anggaran mencapai {percent(absorption.percent, 2)} dari pagu, dihitung dari "
        f"{_budgets_of(absorption.known, absorption.total)}."
        if absorption.percent is not None
        else "Serapan anggaran belum dapat dihitung karena realisasi anggaran belum dilaporkan."
        if absorption.total
        else "Serapan anggaran belum dapat dihitung karena pagu belum dicatat."
    )
    return [text for text in (first, reached(board), third, steps_sentence(board)) if text]


def _budgets_of(known: int, total: int) -> str:
    if known < total:
        return f"{known} di antara {total} indikator yang memiliki pagu"
    return f"seluruh {total} indikator yang memiliki pagu" if total > 1 else "satu-satunya indikator yang memiliki pagu"


def measured_note(board: Board) -> str:
    """What stands under the number of measured indicators: what is missing, or what is not due."""
    missing = board.mean.expected - board.mean.measured
    if not board.measures:
        return "belum ada indikator"
    if missing:
        return f"{missing} belum ada data"
    return f"{board.annual_only} diukur tahunan" if board.annual_only else "semua sudah terukur"


def absorption_note(board: Board) -> str:
    """What stands under the absorption: of how many budgets it is known."""
    a = board.absorption
    return f"{a.known} dari {a.total} pagu terlapor" if a.total else "belum ada pagu"


def advice(board: Board) -> list[str]:
    """What follows from the figures for the next quarter."""
    items = []
    if board.worst:
        items.append(
            "Penanggung jawab indikator di bawah target melaksanakan tindak lanjut yang dicatat pada laporan ini dan "
            "melaporkan kemajuannya pada triwulan berikutnya."
        )
    if board.missing:
        items.append("Seksi yang datanya belum lengkap segera melengkapi dan mengirimkannya.")
    if board.steps.late:
        items.append("Pelaksanaan langkah SOP yang melewati waktu baku dibahas agar tidak terulang.")
    if items:
        return items
    if not board.measures:
        return ["Indikator kinerja beserta targetnya dicatat agar capaian dapat diukur pada triwulan berikutnya."]
    if board.mean.value is None:
        return ["Target dan realisasi dilengkapi agar capaian dapat diukur pada triwulan berikutnya."]
    return ["Capaian yang sudah baik dipertahankan pada triwulan berikutnya."]
