"""Plan and reality of the 13 steps over the days since the quarter was opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

import altair as alt

from services.charts.marks import overrun_text
from services.charts.palette import Palette
from services.charts.style import Record, Spec, Table, base, layered, specification
from services.domain.clock import WIB
from services.domain.numbers import format_datetime, format_short_date
from services.domain.process import StepState
from services.views.steps import Steps

_ROW = 26
_SHORTEST = 0.35  # days: a shorter bar could not be seen
_AFTER = 2  # days of room to the right of the last bar
_LATE_ROOM = 3


def gantt(steps: Steps, now: datetime, palette: Palette, width: int | None = None, moment: str = "Hari ini") -> Spec:
    """Grey: plan; navy: done; brick: past the due moment; ochre: running; dashed: forecast; bands: days off."""
    opened = _midnight(steps.plan[0].start)
    records = [
        *_bands(steps, opened, now),
        *_plan(steps, opened),
        *_real(steps, opened, now),
    ]
    end = _end(steps, now, opened)
    if _days(opened, now) <= end:  # a quarter that ended long ago has no "today" on its axis
        records += _today(opened, now, moment)
    scales = _scales(steps, opened, end)
    dashed = {"stroke": palette.ochre, "strokeDash": [3, 2]}
    outline: dict[str, Any] = {"fillOpacity": 0, "size": 10, "yOffset": 3, **dashed}
    chart = layered(
        list(records),
        _of("off").mark_rect(color=palette.panel).encode(x=scales.x, x2=scales.x2),
        scales.bars("plan", size=5, yOffset=-7, color=palette.plan),
        scales.bars("real", size=11, yOffset=3, color=palette.navy),
        scales.bars("late", size=11, yOffset=3, color=palette.brick),
        scales.bars("now", size=11, yOffset=3, color=palette.ochre),
        scales.bars("expected", **outline),
        scales.overruns(palette),
        _of("today").mark_rule(color=palette.ochre, strokeWidth=2).encode(x=scales.x),
        scales.name_of_today(palette),
    ).properties(height=_ROW * len(steps.items))
    return specification(chart, palette, gantt_alt(steps, now), width)


@dataclass(frozen=True, slots=True)
class _Scales:
    """Days from the left, from 0 to ``end``, and a row for each step."""

    x: alt.X
    x2: alt.X2
    row: alt.Y
    names: list[str]
    end: int

    def bars(self, kind: str, **look: Any) -> alt.Chart:
        found: alt.Chart = _of(kind).mark_bar(**look).encode(x=self.x, x2=self.x2, y=self.row)
        return found

    def overruns(self, palette: Palette) -> alt.Chart:
        """By how much a step was late, behind its bar."""
        look: dict[str, Any] = {"align": "left", "dx": 5, "yOffset": 3, "color": palette.brick, "fontSize": 12}
        x = alt.X("b:Q", scale=_days_scale(self.end))
        found: alt.Chart = _of("over").mark_text(**look).encode(x=x, y=self.row, text="label:N")
        return found

    def name_of_today(self, palette: Palette) -> alt.Chart:
        """Beside the line of the day, on the side that has more room."""
        right = f"datum.a > {self.end / 2}"
        look: dict[str, Any] = {"align": {"expr": f"{right} ? 'right' : 'left'"}, "dx": {"expr": f"{right} ? -6 : 6"}}
        text = _of("today").mark_text(**look, fontSize=12, fontWeight=700, color=palette.chip_now.text)
        y = alt.YDatum(self.names[-1], type="nominal", scale=alt.Scale(domain=self.names))
        found: alt.Chart = text.encode(x=self.x, y=y, text="label:N")
        return found


def _scales(steps: Steps, opened: datetime, end: int) -> _Scales:
    labels = {n: format_short_date((opened + timedelta(days=n)).date()) for n in _marks(opened, end)}
    words = ", ".join(f"{day}: '{text}'" for day, text in labels.items())
    axis = alt.Axis(
        orient="top", values=list(labels), labelExpr=f"({{{words}}})[datum.value]", grid=True, labelOverlap=True
    )
    names = [f"{p.step.no} {p.step.short}" for p in steps.items]
    row = alt.Y("name:N", sort=names, scale=alt.Scale(domain=names), axis=alt.Axis(labelLimit=112, labelAlign="left",
                labelPadding=104, minExtent=108, maxExtent=112, grid=False))  # fmt: skip
    return _Scales(alt.X("a:Q", scale=_days_scale(end), axis=axis), alt.X2("b:Q"), row, names, end)


def _days_scale(end: int) -> alt.Scale:
    return alt.Scale(domain=[0, end], nice=False, zero=True)


def _of(kind: str) -> alt.Chart:
    """The records of one kind."""
    found: alt.Chart = base().transform_filter(f"datum.kind === '{kind}'")
    return found


def gantt_table(steps: Steps) -> Table:
    """When every step was planned to end, began and ended or will presumably end, and how often it was done again."""
    expected = {e.no: e.end for e in steps.expected}
    rows = tuple(
        (
            f"{item.step.no} {item.step.short}",
            format_datetime(planned.due),
            format_datetime(item.started_at) if item.started_at else "",
            format_datetime(item.done_at) if item.done_at else "belum",
            format_datetime(expected[item.step.no]) if item.step.no in expected else "",
            str(item.rounds) if item.rounds else "",
        )
        for item, planned in zip(steps.items, steps.plan, strict=True)
    )
    return ("Langkah", "Rencana selesai", "Mulai", "Selesai", "Perkiraan", "Diulang"), rows


def gantt_alt(steps: Steps, now: datetime) -> str:
    done = f"{steps.done} dari {len(steps.items)} langkah selesai"
    end = f", laporan diperkirakan selesai {format_datetime(steps.forecast)}" if steps.forecast else ""
    return f"Rencana dan kenyataan per {format_short_date(now.astimezone(WIB).date())}: {done}{end}."


def _plan(steps: Steps, opened: datetime) -> Iterator[Record]:
    for planned in steps.plan:
        yield _bar("plan", planned.step.no, planned.step.short, planned.start, planned.due, opened)


def _real(steps: Steps, opened: datetime, now: datetime) -> Iterator[Record]:
    """Done and running steps; what went past the due moment apart, so that the overrun can be seen."""
    for item in steps.items:
        if item.started_at is None or item.due_at is None:
            continue
        no, short, end = item.step.no, item.step.short, item.done_at or now
        kind = "real" if item.state is StepState.DONE else "now"
        yield _bar(kind, no, short, item.started_at, min(end, item.due_at) if item.overrun else end, opened)
        if item.overrun:
            yield _bar("late", no, short, item.due_at, end, opened)
            yield _bar("over", no, short, item.due_at, end, opened) | {"label": f"+{overrun_text(item.overrun, steps)}"}
    for expected in steps.expected:
        step = steps.items[expected.no - 1].step
        yield _bar("expected", step.no, step.short, max(expected.start, now), expected.end, opened)


def _bar(kind: str, no: int, short: str, start: datetime, end: datetime, opened: datetime) -> Record:
    a = _days(opened, start)
    return {"kind": kind, "name": f"{no} {short}", "a": a, "b": max(_days(opened, end), a + _SHORTEST), "label": ""}


def _bands(steps: Steps, opened: datetime, now: datetime) -> Iterator[Record]:
    for day in range(_end(steps, now, opened)):
        if not steps.calendar.is_working_day((opened + timedelta(days=day)).date()):
            yield {"kind": "off", "name": "", "a": day, "b": day + 1, "label": ""}


def _today(opened: datetime, now: datetime, moment: str) -> Iterator[Record]:
    at = _days(opened, now)
    said = f"{moment}, {format_short_date(now.astimezone(WIB).date())}"
    yield {"kind": "today", "name": "", "a": at, "b": at, "label": said}


def _end(steps: Steps, now: datetime, opened: datetime) -> int:
    """Days on the axis: to the last bar, and to today while the quarter runs."""
    moments = [p.due for p in steps.plan] + [p.done_at or now for p in steps.items if p.started_at]
    moments += [e.end for e in steps.expected]
    return ceil(_days(opened, max(moments))) + _AFTER


def _marks(opened: datetime, end: int) -> list[int]:
    """The first day, and every Monday that leaves room for its label."""
    mondays = [n for n in range(_LATE_ROOM, end) if (opened + timedelta(days=n)).weekday() == 0]
    every = max(1, ceil(len(mondays) / 8))
    return [0, *mondays[::every]]


def _days(opened: datetime, moment: datetime) -> float:
    return (moment.astimezone(WIB) - opened).total_seconds() / 86_400


def _midnight(moment: datetime) -> datetime:
    day: date = moment.astimezone(WIB).date()
    return datetime.combine(day, time(), WIB)
