"""How many indicators have which rating."""

from __future__ import annotations

from services.charts.matrix import PAPER_WIDTH, box_record, in_pixels, text_record
from services.charts.palette import Fill, Palette, rating_symbol
from services.charts.style import Record, Spec, Table
from services.domain.attainment import UNRATED
from services.domain.numbers import format_period
from services.views.board import Board, Share

_ROW, _BAR = 26, 16
_NAMES, _COUNTS = 150, 40


def rating_shares(board: Board, palette: Palette, width: int = PAPER_WIDTH) -> Spec:
    """One bar per class, best first, and one for the indicators that have none; for paper."""
    longest = max((share.count for share in board.shares), default=0) or 1
    records: list[Record] = []
    for n, share in enumerate(board.shares):
        end = _NAMES + (width - _NAMES - _COUNTS) * share.count / longest
        records += _bar(share, (n + 0.5) * _ROW, end, palette)
    return in_pixels(records, palette, rating_shares_alt(board), width, len(board.shares) * _ROW)


def rating_shares_table(board: Board) -> Table:
    return ("Kategori", "Jumlah indikator"), tuple((_label(share), str(share.count)) for share in board.shares)


def rating_shares_alt(board: Board) -> str:
    parts = [f"{_label(share)} {share.count}" for share in board.shares]
    return f"Sebaran kategori {format_period(board.period)}: {', '.join(parts)}, diukur tahunan {board.annual_only}."


def _label(share: Share) -> str:
    return share.rating.label if share.rating else UNRATED


def _bar(share: Share, middle: float, end: float, palette: Palette) -> list[Record]:
    rank = share.rating.rank if share.rating else None
    fill = Fill("transparent", palette.unrated) if rank is None else palette.ratings[rank]
    name = text_record(0, middle, f"{rating_symbol(rank)} {_label(share)}", palette.text)
    count = text_record(end + 8, middle, str(share.count), palette.text, bold=True)
    top, bottom = middle - _BAR / 2, middle + _BAR / 2
    bar = box_record(_NAMES, end, top, bottom, fill.background, dashed=rank is None)
    return [name, count, bar] if share.count else [name, count]
