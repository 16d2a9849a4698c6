"""The SOP's steps as a flow chart, one lane for each executor: what is drawn where, and the drawing for the screen.

The symbols are the five of PermenPAN-RB 35/2012: capsule (begins or ends), box (process), rhombus (decision), arrow,
and pentagon (goes on on another page; paper only, ``services.report.forms.flow``). The screen gets HTML and not SVG,
since Streamlit strips SVG from HTML; the colours are those of the page, ``--mv-…``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html import escape
from pathlib import Path

from services.domain.roles import Role
from services.domain.sop import CORRECTING, VERIFYING, Step

PROPOSED = "usulan, belum dikonfirmasi"
NOBODY = "Pelaksana belum ditetapkan"
YES, NO = "Ya", "Tidak"
LANE_ORDER = (Role.CAMAT, Role.SEKRETARIS, Role.PKP, Role.UMUM, Role.KASI, Role.PIMPINAN, Role.ADMIN)


class Shape(StrEnum):
    """Symbols that stand for a step; the value is the word of the legend."""

    TERMINATOR = "mulai atau selesai"
    PROCESS = "kegiatan"
    DECISION = "keputusan"


@dataclass(frozen=True, slots=True)
class Mark:
    """One symbol: the executor in this lane does the step."""

    lane: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One step. ``marks`` stand in the order of the work; the flow comes in at ``enters`` and goes on at ``leaves``.

    ``returns_to``: place among the rows of the step to which a refusal leads back. A row without marks has no executor
    yet: the flow only runs through it.
    """

    step: Step
    marks: tuple[Mark, ...]
    enters: int
    leaves: int
    returns_to: int | None = None

    @property
    def who(self) -> str:
        """The executors in words, for those who cannot see the lanes."""
        if not self.marks:
            return NOBODY
        return ", lalu ".join(role.label for role in self.step.executor)


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole chart: lanes from left to right, rows from top to bottom."""

    lanes: tuple[Role, ...]
    rows: tuple[FlowRow, ...]

    @property
    def confirmed(self) -> bool:
        return all(row.step.confirmed for row in self.rows)

    def remark(self, row: FlowRow) -> str:
        """What the official form writes under Keterangan; a proposal is marked by row only beside confirmed ones."""
        involved = ", ".join(role.label for role in row.step.involved)
        parts = [f"Terlibat: {involved}"] if involved else []
        if not row.marks:
            parts.append(NOBODY)
        elif not row.step.confirmed and any(each.step.confirmed for each in self.rows):
            parts.append("Pelaksana usulan")
        return ". ".join(parts)

    def side(self, row: FlowRow) -> int:
        """On which side of its symbol a refusal leaves: -1 left or +1 right, away from the way that led there."""
        return 1 if row.returns_to is not None and self.rows[row.returns_to].leaves < row.leaves else -1


def flow_of(steps: Sequence[Step]) -> Flow:
    """Place the symbols of the steps, in their order."""
    lanes = tuple(role for role in LANE_ORDER if any(role in step.executor for step in steps))
    places = {step.no: n for n, step in enumerate(steps)}
    rows: list[FlowRow] = []
    for n, step in enumerate(steps):
        marks = _marks(step, lanes, at_end=n in (0, len(steps) - 1))
        before = rows[-1].leaves if rows else 0
        back = places.get(CORRECTING) if step.no == VERIFYING and marks else None
        enters, leaves = (marks[0].lane, marks[-1].lane) if marks else (before, before)
        rows.append(FlowRow(step, marks, enters, leaves, back if back is not None and back < n else None))
    return Flow(lanes, tuple(rows))


def _marks(step: Step, lanes: Sequence[Role], *, at_end: bool) -> tuple[Mark, ...]:
    shape = Shape.TERMINATOR if at_end else Shape.DECISION if step.no == VERIFYING else Shape.PROCESS
    found = [lanes.index(role) for role in dict.fromkeys(step.executor)]
    # From one lane to the next and never back, so that no line runs through a symbol.
    ordered = sorted(found, reverse=found[0] > found[-1]) if found else []
    return tuple(Mark(lane, shape) for lane in ordered)


# Screen

_JOG = 10
"""Pixels below the upper edge of a row at which the way changes the lane."""
_EDGE = "-1px"
"""Lines run over the border between two rows."""
_HALF_WIDTH, _HALF_HEIGHT = 22, 14
_DECISION_WIDTH, _DECISION_HEIGHT = 26, 20

_STYLE = Path(__file__).with_suffix(".css")


def flowchart_html(steps: Sequence[Step], caption: str = "Bagan alir SOP") -> str:
    """The chart as a table for ``st.html``: wide tables scroll inside their own box, all texts are text."""
    flow = flow_of(steps)
    rows = "".join(_row_html(flow, n) for n in range(len(flow.rows)))
    return (
        f"<style>{_rules()}</style>"
        f'<div class="mv-flow" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f'<caption class="mv-sr">{escape(caption)}</caption><thead>{_head_html(flow)}</thead><tbody>{rows}</tbody>'
        f"</table></div>{_legend_html(flow)}"
    )


@cache
def _rules() -> str:
    return _STYLE.read_text("utf-8")


def _head_html(flow: Flow) -> str:
    def tall(text: str) -> str:
        return f'<th scope="col" rowspan="2">{text}</th>'

    lanes = "".join(f'<th scope="col" class="mv-flow-lane">{escape(role.label)}</th>' for role in flow.lanes)
    standard = "".join(f'<th scope="col">{text}</th>' for text in ("Kelengkapan", "Waktu", "Output"))
    over = f'<th scope="colgroup" colspan="{len(flow.lanes)}">Pelaksana</th>' if flow.lanes else tall("Pelaksana")
    return (
        f'<tr>{tall("No")}{tall("Uraian prosedur")}{over}<th scope="colgroup" colspan="3">Mutu baku</th>'
        f"{tall('Keterangan')}</tr><tr>{lanes}{standard}</tr>"
    )


def _row_html(flow: Flow, n: int) -> str:
    row, count = flow.rows[n], max(len(flow.lanes), 1)
    step = row.step
    cells = (escape(text) for text in (step.requirement, step.output, flow.remark(row)))
    requirement, output, remark = (f"<td>{text}</td>" for text in cells)
    time = f'<td class="mv-flow-time">{step.duration}</td>'
    return (
        f'<tr><th scope="row">{step.no}</th><td>{escape(step.procedure)}</td>'
        f'<td class="mv-flow-way" colspan="{count}" style="background-size:{100 / count:.4f}% 100%">'
        f'<span class="mv-sr">{escape(row.who)}</span>{"".join(_way_html(flow, n))}</td>'
        f"{requirement}{time}{output}{remark}</tr>"
    )


def _way_html(flow: Flow, n: int) -> Iterator[str]:
    """Lines first, so that the symbols lie over them."""
    row = flow.rows[n]
    if not flow.lanes:
        return
    if n:
        yield from _arrival_html(flow, flow.rows[n - 1].leaves, row)
    if n < len(flow.rows) - 1:
        yield _vertical(_centre(flow, row.leaves), "50%", _EDGE)
    yield from _return_html(flow, n)
    for before, after in zip(row.marks, row.marks[1:], strict=False):
        yield from _handing_over_html(flow, before, after)
    for mark in row.marks:
        yield _mark_html(_centre(flow, mark.lane), mark.shape, str(row.step.no), proposed=not row.step.confirmed)


def _arrival_html(flow: Flow, before: int, row: FlowRow) -> Iterator[str]:
    start, end = _centre(flow, before), _centre(flow, row.enters)
    if start != end:
        yield f'<i class="v" style="left:{start:.3f}%;top:-1px;height:{_JOG + 1}px"></i>'
        yield _horizontal(min(start, end), max(start, end), f"{_JOG}px")
    yield _vertical(end, _EDGE if start == end else f"{_JOG}px", "50%")
    if row.marks:
        half = _half_height(row.marks[0].shape)
        yield f'<i class="a down" style="left:{end:.3f}%;top:calc(50% - {half + 7}px)"></i>'


def _handing_over_html(flow: Flow, before: Mark, after: Mark) -> Iterator[str]:
    start, end = _centre(flow, before.lane), _centre(flow, after.lane)
    yield _horizontal(min(start, end), max(start, end), "50%")
    yield _arrowhead(end, _half_width(after.shape), rightwards=end > start)


def _return_html(flow: Flow, n: int) -> Iterator[str]:
    """The parts of refusals that run through this row."""
    for source, row in enumerate(flow.rows):
        if row.returns_to is None or not row.returns_to <= n <= source:
            continue
        centre, side = _centre(flow, row.leaves), flow.side(row)
        turn = centre + side * 44 / len(flow.lanes)
        if n == source:
            yield _horizontal(min(turn, centre), max(turn, centre), "50%")
            yield _vertical(turn, _EDGE, "50%")
            yield f'<small style="left:calc({centre:.3f}% + 5px);top:calc(50% + {_DECISION_HEIGHT}px)">{YES}</small>'
        elif n > row.returns_to:
            yield _vertical(turn, _EDGE, _EDGE)
        else:
            target = flow.rows[n]
            end = _centre(flow, target.leaves)
            yield _vertical(turn, "50%", _EDGE)
            yield _horizontal(min(turn, end), max(turn, end), "50%")
            move = "0" if side < 0 else "-100%"
            yield (
                f'<small style="left:calc({turn:.3f}% {"+" if side < 0 else "-"} 5px);top:calc(50% - 1.4rem);'
                f'transform:translateX({move})">{NO}</small>'
            )
            if target.marks:
                yield _arrowhead(end, _half_width(target.marks[-1].shape), rightwards=side < 0)


def _mark_html(left: float, shape: Shape, text: str, *, proposed: bool) -> str:
    width, height = 2 * _half_width(shape), 2 * _half_height(shape)
    kind = shape.name.lower() + (" proposed" if proposed else "")
    place = f"left:{left:.3f}%;top:50%;width:{width}px;height:{height}px"
    return f'<span class="mv-flow-mark {kind}" aria-hidden="true" style="{place}"><b>{text}</b></span>'


def _legend_html(flow: Flow) -> str:
    shapes = "".join(
        f'<span><span class="mv-flow-mark {shape.name.lower()}" aria-hidden="true"></span>{shape.value}</span>'
        for shape in Shape
    )
    dashed = f"<span>Garis putus-putus: pelaksana {PROPOSED}</span>" if not flow.confirmed else ""
    page = '<span><span class="mv-flow-mark page" aria-hidden="true"></span>sambungan halaman (pada PDF)</span>'
    return f'<div class="mv-flow-legend">{shapes}<span>↓ arah alir</span>{page}{dashed}</div>'


def _centre(flow: Flow, lane: int) -> float:
    """Middle of a lane in percent of all lanes."""
    return (lane + 0.5) * 100 / len(flow.lanes)


def _half_width(shape: Shape) -> int:
    return _DECISION_WIDTH if shape is Shape.DECISION else _HALF_WIDTH


def _half_height(shape: Shape) -> int:
    return _DECISION_HEIGHT if shape is Shape.DECISION else _HALF_HEIGHT


def _vertical(left: float, top: str, bottom: str) -> str:
    return f'<i class="v" style="left:{left:.3f}%;top:{top};bottom:{bottom}"></i>'


def _horizontal(start: float, end: float, top: str) -> str:
    return f'<i class="h" style="left:{start:.3f}%;width:{end - start:.3f}%;top:{top}"></i>'


def _arrowhead(centre: float, half: int, *, rightwards: bool) -> str:
    """Beside a symbol, pointing at it."""
    shift = f"- {half + 7}px" if rightwards else f"+ {half}px"
    return f'<i class="a {"right" if rightwards else "left"}" style="left:calc({centre:.3f}% {shift});top:50%"></i>'
