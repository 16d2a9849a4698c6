"""Text of people and values of the domain as safe HTML and Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from services.charts.palette import rating_symbol
from services.domain.attainment import UNRATED, Rating
from services.domain.process import StepState

ProcessKind = Literal["done", "now", "late", "open", "doubt"]

PROCESS_SYMBOLS: dict[ProcessKind, str] = {"done": "✓", "now": "●", "late": "!", "open": "○", "doubt": "?"}
STEP_KINDS: dict[StepState, ProcessKind] = {
    StepState.DONE: "done",
    StepState.RUNNING: "now",
    StepState.LATE: "late",
    StepState.PAUSED: "now",
    StepState.PENDING: "open",
}

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&=^])")
_SHORTCODE_OR_LINK = re.compile(r"(?<!\d):(?=\S)|:(?=[^\s\d])|www(?=\\?\.)|@", re.IGNORECASE)
_JOINER = "\u2060"


def esc(text: object) -> str:
    """Text for HTML, between tags as well as in quoted attributes."""
    return html.escape(str(text), quote=True)


def md(text: object) -> str:
    """Text for st.markdown and labels: shown as typed, whatever Markdown, LaTeX, HTML or shortcodes stand in it."""
    escaped = _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
    # No backslash helps against shortcodes and bare links; an invisible joiner inside keeps them from being ones.
    return _SHORTCODE_OR_LINK.sub(rf"\g<0>{_JOINER}", escaped)


def process_chip(kind: ProcessKind, text: str) -> str:
    """State of work: tinted, with a symbol, so that colour is never alone."""
    return f'<span class="mv-chip mv-{kind}">{_symbol(PROCESS_SYMBOLS[kind])}{esc(text)}</span>'


def step_chip(state: StepState) -> str:
    return process_chip(STEP_KINDS[state], state.value)


def rating_chip(rating: Rating | None) -> str:
    """Class of a capaian: filled, with its symbol."""
    rank, label = (rating.rank, rating.label) if rating else (None, UNRATED)
    return f'<span class="mv-chip mv-{_rating_class(rank)}">{_symbol(rating_symbol(rank))}{esc(label)}</span>'


def chip(state: StepState | Rating | None) -> str:
    return step_chip(state) if isinstance(state, StepState) else rating_chip(state)


def sample_chip() -> str:
    return '<span class="mv-chip mv-contoh">CONTOH</span>'


def table(
    headers: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", numeric: Iterable[int] = ()
) -> str:
    """A table for reading. Cells are HTML already (use ``esc``); ``numeric`` columns are set right."""
    right = set(numeric)
    head = "".join(f'<th scope="col"{_right(n in right)}>{esc(text)}</th>' for n, text in enumerate(headers))
    body = "".join(
        "<tr>" + "".join(f"<td{_right(n in right)}>{cell}</td>" for n, cell in enumerate(row)) + "</tr>" for row in rows
    )
    title = f'<caption class="mv-sr">{esc(caption)}</caption>' if caption else ""
    return (
        f'<div class="mv-scroll"><table class="mv-table">{title}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _symbol(symbol: str) -> str:
    return f'<span class="mv-sym" aria-hidden="true">{symbol}</span>'


def _rating_class(rank: int | None) -> str:
    return "unrated" if rank is None else f"r{rank}"


def _right(numeric: bool) -> str:
    return ' class="mv-num"' if numeric else ""
